"""`breach roster …` on one person or many: correct, erase, outcomes of letters and calls, returned mail, export."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click
import msgspec

from incident.errors import InvalidInput, OutOfOrder
from incident.roster.contact import ENDORSEMENTS, KINDS, Kind, read_endorsement
from incident.roster.export import WARNING
from incident.service import Receipt, Service
from incident.views.mailings import person_entries
from notices.mailed import letters_of
from tui import correcting, persons
from tui.cli.common import case_options, json_option, print_json, print_receipt, reads
from tui.cli.people import incident_of, list_option, pairs, roster_of
from tui.compose import Workspace
from tui.presenters import moment
from tui.session import Session

_because_option = click.option("--because", required=True, help="The reason, which stays in the log.")
_set_option = click.option(
    "--set", "typed", multiple=True, metavar="FIELD=VALUE", help="What is right; nothing after = clears the field."
)
_on_option = click.option(
    "--on", "on", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="The day. Default: today."
)
FOUND = "address_found"


@click.command()
@click.argument("reference")
@click.argument("row", type=int)
@_set_option
@_because_option
@click.option("--accept-doubts", is_flag=True, help="Record it although doubt remains.")
@list_option
@json_option
@case_options
def correct(
    workspace: Workspace,
    *,
    reference: str,
    row: int,
    typed: tuple[str, ...],
    because: str,
    accept_doubts: bool,
    chosen: str | None,
    as_json: bool,
) -> None:
    """Correct the accepted person on line ROW; the counts follow. `residence` is the State of residence."""
    del as_json
    receipt = _correct(workspace, (reference, chosen, row), typed, because, sure=accept_doubts, moved=False)
    print_receipt(workspace, receipt)


def _correct(
    workspace: Workspace,
    where: tuple[str, str | None, int],
    typed: tuple[str, ...],
    because: str,
    *,
    sure: bool,
    moved: bool,
) -> Receipt:
    reference, chosen, row = where
    session = Session(workspace)
    roster = roster_of(workspace.service.queries, reference, chosen)
    held = workspace.vault.person(roster.id, row)
    if held.person is None:
        raise OutOfOrder(f"row {row}: there is no person to correct ({held.status})")
    if not typed:
        raise InvalidInput("--set: say which field is wrong, FIELD=VALUE")
    today = session.now().astimezone(session.zone(roster.incident)).date()
    given = pairs(typed, "--set", correcting.CORRECTED)
    person, doubts = correcting.corrected(held.person, given, row, today, moved=moved)
    if doubts and not sure:
        raise InvalidInput(*doubts, "doubt remains: correct more with --set, or add --accept-doubts")

    def command(service: Service) -> Receipt:
        record = service.people.found if moved else service.people.correct
        return record(roster.id, row, person, because)

    _, receipt = session.run(command)
    return receipt


@click.command()
@click.argument("reference")
@click.argument("row", type=int)
@_because_option
@click.option("--yes", "sure", is_flag=True, help="Do not ask: it cannot be undone.")
@list_option
@json_option
@case_options
def erase(
    workspace: Workspace, *, reference: str, row: int, because: str, sure: bool, chosen: str | None, as_json: bool
) -> None:
    """Destroy what is known of the person on line ROW, for good. Counts, the log and files outside stay."""
    del as_json
    roster = roster_of(workspace.service.queries, reference, chosen)
    held = workspace.vault.person(roster.id, row)
    if not sure:
        for each in persons.erasure_lines(held):
            click.echo(str(each), err=True)
        typed = click.prompt(f"Type the row number {row} to erase it", err=True)
        if typed.strip() != str(row):
            raise InvalidInput("not confirmed: nothing was erased")
    _, receipt = Session(workspace).run(lambda service: service.people.erase(roster.id, row, because))
    print_receipt(workspace, receipt)


@click.command()
@click.argument("reference")
@click.argument("row", type=int)
@click.argument("outcome", type=click.Choice([*KINDS, FOUND]))
@_on_option
@click.option("--reason", default="", help=f"Endorsement on returned mail: {', '.join(filter(None, ENDORSEMENTS))}.")
@click.option("--reached/--not-reached", "reached", default=None, help="Whether a call reached the person.")
@click.option("--by", "caller", default="", help="Who called. Default: you.")
@_set_option
@click.option("--because", default="", help="A remark; for address_found: where the address comes from.")
@list_option
@json_option
@case_options
def outcome(
    workspace: Workspace,
    *,
    reference: str,
    row: int,
    outcome: str,
    on: datetime | None,
    reason: str,
    reached: bool | None,
    caller: str,
    typed: tuple[str, ...],
    because: str,
    chosen: str | None,
    as_json: bool,
) -> None:
    """Record what became of reaching the person on line ROW. address_found takes the address with --set."""
    del as_json
    if outcome == FOUND:
        receipt = _correct(workspace, (reference, chosen, row), typed, because, sure=True, moved=True)
        print_receipt(workspace, receipt)
        return
    if typed:
        raise InvalidInput(f"--set: an address is typed for {FOUND}; {outcome} takes none")
    code = read_endorsement(reason)
    if code is None:
        raise InvalidInput(f"--reason: {reason!r} is none of {', '.join(filter(None, ENDORSEMENTS))}")
    session = Session(workspace)
    roster = roster_of(workspace.service.queries, reference, chosen)
    day = on.date() if on else session.now().astimezone(session.zone(roster.incident)).date()
    by = (caller or workspace.service.user) if outcome == Kind.CALLED else ""
    _, receipt = session.run(
        lambda service: service.people.outcome(
            roster.id, row, outcome, day, reason=code, reached=reached, caller=by, because=because or None
        )
    )
    print_receipt(workspace, receipt)


@click.command()
@click.argument("reference")
@click.argument("file", type=click.Path(path_type=Path))
@_on_option
@click.option("--try", "only_try", is_flag=True, help="Say what the file would do, and record nothing.")
@json_option
@case_options
def returned(
    workspace: Workspace, *, reference: str, file: Path, on: datetime | None, only_try: bool, as_json: bool
) -> None:
    """Take in FILE of returned mail: the codes printed on the letters, or names with ZIP codes.

    in = matched + ambiguous + unknown + already. Columns: code, reason, date, new_address, new_city, new_state,
    new_zip; or name and zip.
    """
    day: date | None = on.date() if on else None
    incident_id = incident_of(workspace.service.queries, reference)
    if only_try:
        done = workspace.service.returned_mail.look(incident_id, file, day)
        if as_json:
            print_json(done)
            return
    else:
        (done, receipt) = workspace.service.returned_mail.record(incident_id, file, day)
        if as_json:
            print_receipt(workspace, receipt, returned=msgspec.to_builtins(done))
            return
    for each in persons.returned_words(done):
        click.echo(str(each))
    if not only_try:
        print_receipt(workspace, receipt)


@click.command()
@click.argument("reference")
@click.option("--to", "to", required=True, type=click.Path(path_type=Path), help="The CSV file to write.")
@_because_option
@click.option("--yes", "sure", is_flag=True, help="Do not ask: the addresses leave in clear text.")
@json_option
@case_options
def export(workspace: Workspace, *, reference: str, to: Path, because: str, sure: bool, as_json: bool) -> None:
    """Write everybody's address to a CSV file for a mail house, in CLEAR TEXT, with a manifest beside it."""
    incident_id = incident_of(workspace.service.queries, reference)
    if not sure:
        click.echo(WARNING, err=True)
        click.confirm("Write it", abort=True, err=True)
    manifest, receipt = workspace.service.exports.addresses(incident_id, to, because)
    if as_json:
        print_receipt(workspace, receipt, manifest=msgspec.to_builtins(manifest))
        return
    left_out = sum(manifest.left_out.values())
    click.echo(f"{manifest.people:,} people = {manifest.exported:,} lines + {left_out:,} left out")
    for why, count in manifest.left_out.items():
        click.echo(f"{count:>8,}  {why}")
    click.echo(f"{to} (SHA-256 {manifest.sha256})")
    click.echo(WARNING)
    print_receipt(workspace, receipt)


@click.command()
@click.argument("reference")
@click.argument("row", type=int)
@list_option
@json_option
@reads
def history(session: Session, *, reference: str, row: int, chosen: str | None, as_json: bool) -> None:
    """What the log has of the person on line ROW: import, decisions, corrections, letters, outcomes. No names."""
    roster = roster_of(session.queries, reference, chosen)
    session.workspace.vault.person(roster.id, row)
    found = person_entries(session.queries, roster.id, row)
    letters = letters_of(session.queries, session.workspace.service.blobs.get, roster.id, [row])
    if as_json:
        print_json({"history": msgspec.to_builtins(found), "letters": msgspec.to_builtins(letters)})
        return
    for each in found:
        words = f"#{each.position}  {moment(each.recorded_at, session.zone(roster.incident))}  {each.by}  {each.text}"
        click.echo(words + (f" ({each.because})" if each.because else ""))
    for line in persons.letter_lines(letters, session.zone(roster.incident)):
        click.echo(str(line))

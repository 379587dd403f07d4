"""`breach roster …` on rows that may be one person: list them, merge, keep apart, take back."""

from __future__ import annotations

import click
import msgspec

from incident.errors import InvalidInput
from incident.roster.across import Key
from incident.roster.matching.reasons import WORDS
from incident.roster.told import IMPORTED
from notices.mailed import letters_of
from tui import duplicates
from tui.cli.common import case_options, json_option, plain_option, print_json, print_receipt, print_rows
from tui.cli.people import incident_of, list_option, roster_of
from tui.compose import Workspace
from tui.session import Session

_other_list_option = click.option(
    "--other-list", "other", metavar="FILE", help="The other row stands on this list of the incident."
)
_because_option = click.option("--because", required=True, help="The reason, which stays in the log.")


@click.command()
@click.argument("reference")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--across", is_flag=True, help="Instead of one list: people who may stand on two.")
@list_option
@json_option
@plain_option
@case_options
def pairs(workspace: Workspace, *, reference: str, limit: int, across: bool, chosen: str | None, **flags: bool) -> None:
    """Rows of the incident REFERENCE that may be one person, likeliest first. As text it names people.

    In JSON: `waiting` counts all pairs; each of `pairs` has the rows, the probability that they are one person, and
    why.
    """
    if across:
        _pairs_across(workspace, reference, limit, **flags)
        return
    roster = roster_of(workspace.service.queries, reference, chosen)
    found = workspace.service.duplicates.waiting(roster.id)
    shown = found[:limit]
    if flags["as_json"]:
        told = [
            {"rows": pair.rows, "score": pair.score, "reasons": [WORDS[reason] for reason in pair.reasons]}
            for pair in shown
        ]
        apart = workspace.service.duplicates.apart(roster.id)
        print_json({"waiting": len(found), "pairs": told, "apart": apart})
        return
    cells = [
        [cell.plain for cell in duplicates.pair_cells(pair, workspace.service.duplicates.rows_of(roster.id, pair))]
        for pair in shown
    ]
    print_rows(["SCORE", "ROWS", "WHO", "WHY"], cells, plain=flags["plain"])
    if len(found) > limit:
        click.echo(f"{len(found) - limit:,} more; --limit shows them")


def _pairs_across(workspace: Workspace, reference: str, limit: int, **flags: bool) -> None:
    service = workspace.service
    incident_id = incident_of(service.queries, reference)
    names = {row.id: row.source_name for row in service.queries.rosters(incident_id)}
    found = service.across.waiting(incident_id)

    def told(keys: tuple[Key, Key]) -> list[dict[str, object]]:
        return [{"list": names[roster], "row": row} for roster, row in keys]

    if flags["as_json"]:
        shown = [
            {"rows": told(pair.people), "score": pair.score, "reasons": [WORDS[reason] for reason in pair.reasons]}
            for pair in found[:limit]
        ]
        apart = sorted(service.across.apart(incident_id))
        print_json({"waiting": len(found), "pairs": shown, "apart": [told(keys) for keys in apart]})
        return
    cells = [
        [
            *(cell.plain for cell in duplicates.pair_cells(pair, service.across.rows_of(pair))),
            " · ".join(names[roster] for roster, _ in pair.people),
        ]
        for pair in found[:limit]
    ]
    print_rows(["SCORE", "ROWS", "WHO", "WHY", "LISTS"], cells, plain=flags["plain"])
    if len(found) > limit:
        click.echo(f"{len(found) - limit:,} more; --limit shows them")


@click.command()
@click.argument("reference")
@click.argument("row", type=int)
@click.option("--into", required=True, type=int, metavar="ROW", help="The row that stays: its name, its address.")
@click.option("--take-address", is_flag=True, help="The row that stays takes the address of the other.")
@_because_option
@list_option
@_other_list_option
@json_option
@case_options
def merge(
    workspace: Workspace,
    *,
    reference: str,
    row: int,
    into: int,
    take_address: bool,
    because: str,
    chosen: str | None,
    other: str | None,
    as_json: bool,
) -> None:
    """ROW is the person of another row: one person, one letter. `roster unmerge` takes it back."""
    del as_json
    roster = roster_of(workspace.service.queries, reference, chosen)
    if other is not None:
        if take_address:
            raise InvalidInput("--take-address: of another list no address is taken; correct the one that stays first")
        to = roster_of(workspace.service.queries, reference, other).id, into
        _, receipt = Session(workspace).run(lambda service: service.across.link((roster.id, row), to, because))
        print_receipt(workspace, receipt)
        return
    letters = letters_of(workspace.service.queries, workspace.service.blobs.get, roster.id, (row, into))
    _, receipt = Session(workspace).run(
        lambda service: service.duplicates.merge(roster.id, row, into, because, take_address=take_address)
    )
    for words in duplicates.letters_of_both(letters):
        click.echo(f"! {words}", err=True)
    print_receipt(workspace, receipt, letters=msgspec.to_builtins([each for each in letters if not each.why_none]))


@click.command()
@click.argument("reference")
@_because_option
@json_option
@case_options
def link(workspace: Workspace, *, reference: str, because: str, as_json: bool) -> None:
    """Whoever stands on two lists with the same name, date of birth and address is one person: one letter each.

    The row of the older list stays. `roster unmerge ROW --list FILE` takes one of them back.
    """
    incident_id = incident_of(workspace.service.queries, reference)
    linked, receipt = Session(workspace).run(lambda service: service.across.link_identical(incident_id, because))
    if not as_json:
        click.echo(f"{linked:,} linked")
    print_receipt(workspace, receipt, linked=linked)


@click.command()
@click.argument("reference")
@click.argument("row", type=int)
@_because_option
@list_option
@json_option
@case_options
def unmerge(workspace: Workspace, *, reference: str, row: int, because: str, chosen: str | None, as_json: bool) -> None:
    """ROW is a person of its own after all, whether it was merged by hand or at the import."""
    roster = roster_of(workspace.service.queries, reference, chosen)
    linked = workspace.service.people.told(roster.id).get(row, IMPORTED).elsewhere is not None
    left, receipt = Session(workspace).run(
        lambda service: (
            service.across.unlink((roster.id, row), because)
            if linked
            else service.duplicates.unmerge(roster.id, row, because)
        )
    )
    if not as_json:
        for words in left:
            click.echo(f"! {words}")
    print_receipt(workspace, receipt, left_to_do=list(left))


@click.command()
@click.argument("reference")
@click.argument("rows", nargs=-1, type=int)
@click.option("--below", type=float, metavar="SCORE", help="Instead of rows: every pair that scores below this.")
@click.option("--reopen", is_flag=True, help="Take it back: the rows wait for a decision again.")
@_because_option
@list_option
@_other_list_option
@json_option
@case_options
def apart(
    workspace: Workspace,
    *,
    reference: str,
    rows: tuple[int, ...],
    below: float | None,
    reopen: bool,
    because: str,
    chosen: str | None,
    other: str | None,
    as_json: bool,
) -> None:
    """The two ROWS are two people."""
    del as_json
    if (len(rows) != 2) == (below is None) or (below is not None and (rows or reopen)):
        raise InvalidInput("rows: give two rows, or --below SCORE for all pairs under it")
    roster = roster_of(workspace.service.queries, reference, chosen)
    if other is not None:
        if below is not None:
            raise InvalidInput("--below: give two rows, where they are of two lists")
        to = roster_of(workspace.service.queries, reference, other)
        keys = [((roster.id, rows[0]), (to.id, rows[1]))]
        _, receipt = Session(workspace).run(
            lambda service: (service.across.reopen if reopen else service.across.keep_apart)(
                roster.incident, keys, because
            )
        )
        print_receipt(workspace, receipt)
        return

    def command(service):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        if below is not None:
            return service.duplicates.keep_apart_below(roster.id, below, because)
        pair = [(rows[0], rows[1])]
        decide = service.duplicates.reopen if reopen else service.duplicates.keep_apart
        return decide(roster.id, pair, because)

    _, receipt = Session(workspace).run(command)
    print_receipt(workspace, receipt)

"""`breach roster …` on a case: look at lists of people, decide on quarantined rows."""

from __future__ import annotations

from uuid import UUID

import click
import msgspec

from incident.errors import InvalidInput, NotFound, OutOfOrder
from incident.roster.contact import UNREACHABLE
from incident.roster.counts import MUST_NOTIFY
from incident.roster.mapping import FIELDS
from incident.roster.past import PastRows
from incident.roster.reasons import Flag, line
from incident.roster.record import Row, Status
from incident.views.queries import Queries, RosterRow
from tui import mending, persons, rosters
from tui.cli.common import case_options, json_option, plain_option, print_json, print_receipt, print_rows, reads
from tui.compose import Workspace
from tui.session import Session

_FLAGS = {"unreachable": UNREACHABLE} | {str(flag.name).lower().replace("_", "-"): flag for flag in Flag}
list_option = click.option("--list", "chosen", metavar="FILE", help="Of which list, by its file name; where several.")


def pairs(values: tuple[str, ...], option: str, known: tuple[str, ...] = FIELDS) -> dict[str, str]:
    """Field -> value, of options that are written FIELD=VALUE."""
    found = {}
    for each in values:
        name, equals, value = each.partition("=")
        if not equals or name.strip() not in known:
            raise InvalidInput(f"{option}: {each!r}: write FIELD=VALUE; the fields are {', '.join(known)}")
        found[name.strip()] = value.strip()
    return found


def incident_of(queries: Queries, reference: str) -> UUID:
    """The incident that people call by this reference."""
    return queries.incident_by_reference(reference).id


def _past(session: Session, roster_id: UUID) -> PastRows:
    """What to change in rows of the vault to have them as of the moment in view; nothing as of now."""
    past = session.past
    if past is None:
        return PastRows(())
    click.echo("People are shown as they are known now; rows decided since, as they waited.", err=True)
    return PastRows(past.changes_since(roster_id))


def _matching(
    session: Session,
    roster_id: UUID,
    page: tuple[int, int],
    *,
    state: str | None = None,
    status: Status | None = None,
    flag: Flag | None = None,
) -> list[Row]:
    """The rows that match, as of the moment in view; `page` is the row they stand behind, and how many."""
    after, limit = page
    vault, past = session.workspace.vault, _past(session, roster_id)
    more = limit + len(past.changed)
    found = [
        *past.unchanged(vault.people(roster_id, after_row=after, limit=more, state=state, status=status, flag=flag))
    ]
    decided = (past.then(vault.person(roster_id, row)) for row in past.changed if row > after)
    found += [
        row
        for row in decided
        if status in {None, row.status} and state in {None, row.state} and (flag is None or flag in row.flags)
    ]
    return sorted(found, key=lambda row: row.row)[:limit]


def roster_of(queries: Queries, reference: str, chosen: str | None) -> RosterRow:
    """The list of an incident, by its file name where there are several."""
    found = queries.rosters(incident_of(queries, reference))
    if chosen is not None:
        found = tuple(row for row in found if row.source_name == chosen)
    if not found:
        raise NotFound(
            f"--list: {reference} has no list {chosen!r}" if chosen else f"{reference} has no list of people"
        )
    if len(found) > 1:
        raise InvalidInput(f"--list: which of {', '.join(row.source_name for row in found)}?")
    return found[0]


@click.command()
@click.argument("reference")
@json_option
@plain_option
@reads
def stats(session: Session, *, reference: str, **flags: bool) -> None:
    """The lists of people of the incident REFERENCE: in = accepted + quarantined + merged."""
    incident_id = incident_of(session.queries, reference)
    found = session.queries.rosters(incident_id)
    facts = session.queries.facts(incident_id)
    # The vault holds pairs as they wait now.
    waiting = {
        row.id: len(session.service.duplicates.waiting(row.id)) for row in (found if session.viewpoint is None else ())
    }
    across = len(session.service.across.waiting(incident_id)) if session.viewpoint is None else None
    if flags["as_json"]:
        by_flag = {
            # The vault holds people as they are now.
            row.id: {str(flag.name).lower(): count for flag, count in session.workspace.vault.by_flag(row.id).items()}
            for row in (found if session.viewpoint is None else ())
        }
        told = {path: row.value for path, row in facts.items() if path.startswith("affected.")}
        print_json(
            {
                "rosters": [
                    msgspec.to_builtins(row)
                    | rosters.by_status(row)
                    | {"by_flag": by_flag.get(row.id), "pairs_waiting": waiting.get(row.id)}
                    for row in found
                ],
                "facts": told,
                "must_notify": {
                    path.rpartition(".")[2]: value for path, value in told.items() if path.startswith(MUST_NOTIFY)
                },
                "pairs_across_waiting": across,
                "unreachable": told.get("affected.insufficient_contact"),
                "unreachable_next_of_kin": told.get("affected.next_of_kin_insufficient_contact"),
            }
        )
        return
    headings = ["FILE", "IN", "ACCEPTED", "QUARANTINE", "MERGED", "MINORS", "DECEASED", "NO ADDRESS"]
    print_rows(headings, [[cell.plain for cell in rosters.roster_cells(row)] for row in found], plain=flags["plain"])
    for row in found:
        click.echo(f"{row.source_name}: {rosters.by_state_words(row.by_state)}")
        for words in rosters.pairs_words(waiting.get(row.id, 0), "`breach roster pairs` shows them."):
            click.echo(f"{row.source_name}: {words}")
    for words in rosters.across_words(across or 0, "`breach roster pairs --across` shows them."):
        click.echo(words)
    for each in rosters.law_lines(facts):
        click.echo(str(each))


@click.command()
@click.argument("reference")
@click.option(
    "--name", help="Words of the name or their beginnings (kowal*), the e-mail address, or number and street."
)
@click.option("--status", type=click.Choice([str(status) for status in Status]))
@click.option("--flag", type=click.Choice(list(_FLAGS)))
@click.option("--state", metavar="XX", help='State of residence by USPS code; "" where it is not known.')
@click.option("--after", default=0, help="Only rows behind this one.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 100_000))
@list_option
@json_option
@plain_option
@reads
def find(
    session: Session,
    *,
    reference: str,
    name: str | None,
    status: str | None,
    flag: str | None,
    state: str | None,
    after: int,
    limit: int,
    chosen: str | None,
    **flags: bool,
) -> None:
    """People of the incident REFERENCE in the order of the file. The output names people: mind where it goes."""
    roster = roster_of(session.queries, reference, chosen)
    if name is not None:
        if status or flag or state is not None:
            raise InvalidInput("--name: a search by name takes no --status, --flag or --state")
        past = _past(session, roster.id)
        more = session.service.people.find(roster.id, name, after_row=after, limit=limit + len(past.changed))
        found = [*past.unchanged(more)][:limit]
    else:
        found = _matching(
            session,
            roster.id,
            (after, limit),
            state=state.upper() if state is not None else None,
            status=Status(status) if status else None,
            flag=_FLAGS[flag] if flag else None,
        )
    if flags["as_json"]:
        print_json({"people": [_told(row) for row in found]})
        return
    headings = ["ROW", "NAME", "PLACE", "ST", "BORN", "NOTES"]
    print_rows(headings, [[cell.plain for cell in persons.person_cells(row)] for row in found], plain=flags["plain"])


@click.command()
@click.argument("reference")
@click.argument("row", type=int)
@list_option
@json_option
@reads
def show(session: Session, *, reference: str, row: int, chosen: str | None, as_json: bool) -> None:
    """The person on line ROW of the list: who it is, who gets the letter, what was found."""
    roster = roster_of(session.queries, reference, chosen)
    held = _past(session, roster.id).then(session.workspace.vault.person(roster.id, row))
    if as_json:
        print_json(_told(held))
        return
    today = session.now().astimezone(session.zone(roster.incident)).date()
    for each in persons.person_lines(held, today):
        click.echo(str(each))


@click.command()
@click.argument("reference")
@json_option
@plain_option
@reads
def quarantine(session: Session, *, reference: str, **flags: bool) -> None:
    """The rows of the incident REFERENCE that wait for a decision, with the reasons."""
    lists = session.queries.rosters(incident_of(session.queries, reference))
    held = [
        (roster, row)
        for roster in lists
        for row in _matching(session, roster.id, (0, roster.rows_in), status=Status.QUARANTINED)
    ]
    if flags["as_json"]:
        print_json({"rows": [{"list": roster.source_name} | _told(row) for roster, row in held]})
        return
    cells = [[roster.source_name, *(cell.plain for cell in persons.quarantine_cells(row))] for roster, row in held]
    print_rows(["FILE", "ROW", "WHO", "WHY"], cells, plain=flags["plain"])


@click.command()
@click.argument("reference")
@click.argument("row", type=int)
@click.option("--set", "typed", multiple=True, metavar="FIELD=VALUE", help="The right value of a field; repeat it.")
@click.option("--because", required=True, help="Where the right value comes from.")
@click.option("--anyway", is_flag=True, help="Accept it although doubt remains.")
@list_option
@json_option
@case_options
def accept(
    workspace: Workspace,
    *,
    reference: str,
    row: int,
    typed: tuple[str, ...],
    because: str,
    anyway: bool,
    chosen: str | None,
    as_json: bool,
) -> None:
    """Accept a quarantined row. What was read and what is set go through the same checks as an import."""
    del as_json
    roster = roster_of(workspace.service.queries, reference, chosen)
    session, rosters_of = Session(workspace), workspace.service.rosters
    held = workspace.vault.person(roster.id, row)
    values = mending.start_values(held, rosters_of.mapping(roster.id)) | pairs(typed, "--set")
    today = session.now().astimezone(session.zone(roster.incident)).date()
    checked = mending.mended(values, row, today)
    if (doubts := mending.still_doubtful(checked)) and not anyway:
        raise OutOfOrder(f"doubt remains: {'; '.join(doubts)}; --anyway accepts it so")
    _, receipt = session.run(
        lambda service: service.rosters.resolve_quarantine(
            roster.id, row, accept=True, because=because, person=checked.person
        )
    )
    print_receipt(workspace, receipt)


@click.command()
@click.argument("reference")
@click.argument("row", type=int)
@click.option("--because", required=True, help="Why it gets no letter.")
@list_option
@json_option
@case_options
def exclude(workspace: Workspace, *, reference: str, row: int, because: str, chosen: str | None, as_json: bool) -> None:
    """Exclude a quarantined row for good; it stays on record with the reason."""
    del as_json
    roster = roster_of(workspace.service.queries, reference, chosen)
    _, receipt = Session(workspace).run(
        lambda service: service.rosters.resolve_quarantine(roster.id, row, accept=False, because=because)
    )
    print_receipt(workspace, receipt)


def _told(row: Row) -> dict[str, object]:
    """A row as JSON: the person by field names, findings in words."""
    person = msgspec.structs.asdict(row.person) if row.person is not None else None
    return {
        "row": row.row,
        "status": str(row.status),
        "state": row.state,
        "flags": row.flags.words,
        "merged_into": row.merged_into,
        "audience": row.audience,
        "elements": list(row.elements),
        "person": msgspec.to_builtins(person),
        "findings": [line(code) for code in row.findings],
        "original": row.original,
    }

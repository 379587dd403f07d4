"""`breach incident …`: everything that the screens of an incident do, by command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from incident.errors import InvalidInput, NotFound
from incident.events import FactorFinding, JsonValue
from incident.facts import contract_json
from incident.incident import FACTORS, OUTCOMES, suggested_outcome
from tui.board import state_words
from tui.cli.board import print_log
from tui.cli.common import (
    case_options,
    json_option,
    plain_option,
    print_json,
    print_plain_json,
    print_receipt,
    print_rows,
    reads,
)
from tui.cli.facts import read_assignments
from tui.compose import Workspace
from tui.entry import read_affected, read_moment
from tui.home import home_cells, home_incident, next_duty
from tui.presenters import moment
from tui.questions import question
from tui.record import fact_cells
from tui.risk import recorded_risk
from tui.session import Session


@click.group()
def incident() -> None:
    """List, open and work on the incidents of a case. Each command takes --case, --user and --passphrase-file."""


@incident.command("list")
@json_option
@plain_option
@reads
def list_incidents(session: Session, **flags: bool) -> None:
    """The incidents with the next date to plan by."""
    queries, now = session.queries, session.now()
    lines = [home_incident(queries.board(row.id, now), session.zone(row.id)) for row in queries.incidents()]
    if flags["as_json"]:
        print_json(
            {
                "incidents": [
                    msgspec.to_builtins(line.row)
                    | {"next": msgspec.to_builtins(line.next), "open_duties": line.open_duties}
                    for line in lines
                ]
            }
        )
        return
    cells = [[cell.plain for cell in home_cells(line, now)] for line in lines]
    print_rows(["REF", "INCIDENT", "NEXT", "LEFT", "TO WHOM", "OPEN"], cells, plain=flags["plain"])


@incident.command()
@click.option("--title", required=True, help="What happened, in a few words.")
@click.option("--discovered", required=True, metavar="WHEN", help="-2d 16:10, today 9:15, 2026-11-20 16:10.")
@click.option("--first-known", metavar="WHEN", help="When anybody there first knew; the same forms, or 'same'.")
@click.option("--affected", default="", help='By State: "il 1000-1300 ca ~60 in ?", or "all 1231".')
@click.option("--set", "assignments", multiple=True, metavar="PATH=VALUE", help="Any other fact; may be repeated.")
@json_option
@case_options
def new(
    workspace: Workspace,
    *,
    title: str,
    discovered: str,
    first_known: str | None,
    affected: str,
    assignments: tuple[str, ...],
    as_json: bool,
) -> None:
    """Take up a new incident; what is not given stays unknown."""
    session = Session(workspace)
    now, zone = session.now(), session.zone()
    found = read_moment(discovered, now, zone)
    facts: dict[str, Any] = {"incident.discovered_at": found.isoformat()}
    if first_known is not None:
        first = found if first_known == "same" else read_moment(first_known, now, zone)
        if first > found:
            raise InvalidInput("--first-known: lies after --discovered")
        facts["discovery.workforce_knew_at"] = first.isoformat()
    people = read_affected(affected)
    facts |= {path: value for path, value in people.values.items() if path not in people.estimates}
    facts |= read_assignments(assignments, now, zone).values
    incidents = workspace.service.incidents
    incident_id, receipt = incidents.open(title, facts)
    for path, typed in people.estimates.items():
        receipt = incidents.record_facts(incident_id, {path: people.values[path]}, source=f"estimate {typed}")
    reference = workspace.service.queries.incident(incident_id).reference
    print_receipt(workspace, receipt, reference=reference, id=str(incident_id))


@incident.command()
@click.argument("reference")
@json_option
@reads
def show(session: Session, reference: str, *, as_json: bool) -> None:
    """One incident in a few lines."""
    queries, now = session.queries, session.now()
    row = queries.incident_by_reference(reference)
    board = queries.board(row.id, now)
    duties = board.assessment.obligations if board.assessment is not None else ()
    if as_json:
        states = {duty.id: {"status": duty.status, "due": duty.due, "safest": duty.safest} for duty in duties}
        print_json(msgspec.to_builtins(row) | {"problems": board.problems, "duties": msgspec.to_builtins(states)})
        return
    zone = session.zone(row.id)
    upcoming = next_duty(duties)
    click.echo(f"{row.reference} {row.title}" + (" (closed)" if row.closed else ""))
    click.echo(f"Opened: {moment(row.opened_at, zone)}")
    click.echo(f"Decision: {(row.decision or 'not decided').replace('_', ' ')}")
    for problem in board.problems:
        click.echo(f"Board: {problem}")
    if upcoming is not None:
        when = upcoming.safest or "no date"
        click.echo(f"Next: {when}, {upcoming.recipient} ({state_words(upcoming)})")


@incident.command()
@click.argument("reference")
@click.option("--set", "assignments", multiple=True, metavar="PATH=VALUE", help="Record or correct; may be repeated.")
@click.option("--source", help="Who says so, or where it is written.")
@click.option("--because", help="The reason; needed where a value is corrected.")
@json_option
@plain_option
@reads
def facts(
    session: Session,
    *,
    reference: str,
    assignments: tuple[str, ...],
    source: str | None,
    because: str | None,
    **flags: bool,
) -> None:
    """What is known, with event numbers; --set records. --json prints a facts file for `breach deadlines`."""
    queries, now = session.queries, session.now()
    row = queries.incident_by_reference(reference)
    zone = session.zone(row.id)
    known = queries.facts(row.id)
    if assignments:
        answer = read_assignments(assignments, now, zone)
        corrected = [path for path, value in answer.values.items() if path in known and known[path].value != value]
        if corrected and not (because or "").strip():
            raise InvalidInput(*(f"{path}: corrected, so --because is needed" for path in corrected))
        _, receipt = session.run(
            lambda service: service.incidents.record_facts(
                row.id, answer.values, source=source or answer.source, because=because
            )
        )
        print_receipt(session.workspace, receipt)
    elif flags["as_json"]:
        print_plain_json(contract_json(queries.fact_sheet(row.id)))
    else:
        cells = [[cell.plain for cell in fact_cells(path, known[path], zone)] for path in sorted(known)]
        print_rows(["FACT", "VALUE", "EVENT", "SOURCE"], cells, plain=flags["plain"])


@incident.command("log")
@click.argument("reference")
@click.option("--add", metavar="TEXT", help="Add an entry.")
@click.option("--when", metavar="WHEN", help="When it happened, if not now: 16:40, -2d 9:15.")
@click.option("--correct", type=int, metavar="EVENT", help="Correct the wording of this entry, with --text, --because.")
@click.option("--text", help="The corrected wording.")
@click.option("--because", help="Why it is corrected.")
@click.option("--attach", type=click.Path(path_type=Path), metavar="FILE", help="Attach a file as evidence.")
@json_option
@plain_option
@reads
def log_entries(
    session: Session,
    *,
    reference: str,
    add: str | None,
    when: str | None,
    correct: int | None,
    text: str | None,
    because: str | None,
    attach: Path | None,
    **flags: bool,
) -> None:
    """The log; --add, --correct and --attach write to it."""
    queries, now = session.queries, session.now()
    row = queries.incident_by_reference(reference)
    if sum(each is not None for each in (add, correct, attach)) > 1:
        raise InvalidInput("--add, --correct and --attach: one at a time")
    if add is not None:
        happened = read_moment(when, now, session.zone(row.id)) if when else None
        _, receipt = session.run(lambda service: service.incidents.log_action(row.id, add, happened))
        print_receipt(session.workspace, receipt)
    elif correct is not None:
        entry = next((each for each in queries.timeline(row.id) if each.position == correct), None)
        if entry is None:
            raise NotFound(f"--correct: this incident has no event #{correct}")
        _, receipt = session.run(
            lambda service: service.incidents.correct_action(row.id, entry.version, text or "", because or "")
        )
        print_receipt(session.workspace, receipt)
    elif attach is not None:
        content = attach.read_bytes()
        sha256, receipt = session.run(lambda service: service.incidents.attach_evidence(row.id, attach.name, content))
        print_receipt(session.workspace, receipt, sha256=sha256)
        if not flags["as_json"]:
            click.echo(f"SHA-256 {sha256}")
    else:
        print_log(session, reference, **flags)


@incident.command()
@click.argument("reference")
@click.option(
    "--factor",
    "factors",
    nargs=2,
    multiple=True,
    metavar="RATING REASON",
    help="The four factors in statutory order: rating 1 (low) to 4 (high), and why.",
)
@click.option(
    "--outcome", type=click.Choice([outcome for outcome, _ in OUTCOMES]), help="Default: as the ratings suggest."
)
@click.option("--because", help="Needed where the outcome is not what the ratings suggest.")
@json_option
@reads
def assess(
    session: Session,
    *,
    reference: str,
    factors: tuple[tuple[str, str], ...],
    outcome: str | None,
    because: str | None,
    as_json: bool,
) -> None:
    """The four-factor risk assessment of 45 CFR 164.402(2); without --factor, what is recorded.

    An exception of 164.402(1) takes no factors: --outcome exception_... --because "...".
    """
    row = session.queries.incident_by_reference(reference)
    if not factors and outcome is not None:
        _, receipt = session.run(lambda service: service.incidents.assess_risk(row.id, (), outcome, because=because))
        print_receipt(session.workspace, receipt, outcome=outcome)
        return
    if not factors:
        _print_risk(recorded_risk(session, row.id), as_json=as_json)
        return
    if len(factors) != len(FACTORS):
        raise InvalidInput(f"--factor: all four are needed, in this order: {'; '.join(words for _, words in FACTORS)}")
    if odd := [rating for rating, _ in factors if not (rating.isascii() and rating.isdigit())]:
        raise InvalidInput(f"--factor: {odd[0]!r} is not a rating from 1 to 4")
    findings = tuple(
        FactorFinding(factor=factor, rating=int(rating), reason=reason)
        for (factor, _), (rating, reason) in zip(FACTORS, factors, strict=True)
    )
    suggestion = suggested_outcome(findings)
    if outcome not in {None, suggestion} and not (because or "").strip():
        raise InvalidInput(f"--because: the ratings suggest {suggestion}; say why it is {outcome}")
    _, receipt = session.run(
        lambda service: service.incidents.assess_risk(row.id, findings, outcome or suggestion, because=because)
    )
    print_receipt(session.workspace, receipt, outcome=outcome or suggestion)


def _print_risk(risk: Any, *, as_json: bool) -> None:  # noqa: ANN401
    if as_json:
        print_json({"assessment": msgspec.to_builtins(risk)})
    elif risk is None:
        click.echo("Nothing is recorded: a breach is presumed (45 CFR 164.402(2)).")
    else:
        for (_, words), finding in zip(FACTORS, risk.factors, strict=True):
            click.echo(f"{finding.rating}  {words}: {finding.reason}")
        click.echo(f"Outcome: {dict(OUTCOMES)[risk.outcome]}")


@incident.command()
@click.argument("reference")
@click.argument("decision", type=click.Choice(["notify", "do_not_notify"]))
@click.option("--reason", required=True, help="The burden of proof asks for it (45 CFR 164.414(b)).")
@json_option
@case_options
def decide(workspace: Workspace, reference: str, decision: str, reason: str, *, as_json: bool) -> None:
    """Decide to notify or not."""
    row = workspace.service.queries.incident_by_reference(reference)
    print_receipt(workspace, workspace.service.incidents.decide(row.id, decision, reason))


@incident.command()
@click.argument("reference")
@click.option("--reason", required=True, help="Why nothing is left to do.")
@json_option
@case_options
def close(workspace: Workspace, reference: str, *, reason: str, as_json: bool) -> None:
    """End the work on an incident; refused while a duty is open."""
    row = workspace.service.queries.incident_by_reference(reference)
    print_receipt(workspace, workspace.service.incidents.close(row.id, reason))


@incident.command()
@click.argument("reference")
@click.argument("duty")
@click.argument("reading")
@click.option("--because", required=True, help="Why this reading is adopted.")
@json_option
@case_options
def adopt(
    workspace: Workspace,
    *,
    reference: str,
    duty: str,
    reading: str,
    because: str,
    as_json: bool,
) -> None:
    """Adopt one of the readings of a duty (ids: `breach board REF --why DUTY --json`)."""
    row = workspace.service.queries.incident_by_reference(reference)
    print_receipt(workspace, workspace.service.incidents.adopt_reading(row.id, duty, reading, because))


@incident.command()
@click.argument("reference")
@click.argument("duty")
@click.option("--on", "on", required=True, metavar="YYYY-MM-DD", help="The day on which it was done.")
@click.option("--because", required=True, help="How, and by whom.")
@json_option
@case_options
def done(
    workspace: Workspace,
    *,
    reference: str,
    duty: str,
    on: str,
    because: str,
    as_json: bool,
) -> None:
    """Record that a duty was done, outside this program."""
    session, queries = Session(workspace), workspace.service.queries
    now = session.now()
    row = queries.incident_by_reference(reference)
    path = f"given.{duty}"
    values: dict[str, JsonValue] = question(path).read(on, now, session.zone(row.id)).values
    if values[path] > now.astimezone(session.zone(row.id)).date().isoformat():
        raise InvalidInput("--on: lies in the future; record it when it is done")
    receipt = workspace.service.incidents.record_facts(row.id, values, source="recorded by hand", because=because)
    print_receipt(workspace, receipt)


@incident.command()
@click.argument("reference")
@click.option("--agency", required=True)
@click.option("--kind", type=click.Choice(["oral", "written"]), required=True)
@click.option("--stated-on", required=True, metavar="YYYY-MM-DD")
@click.option("--until", metavar="YYYY-MM-DD", help="The day stated in writing.")
@click.option("--because", required=True, help="Name and office of the official.")
@json_option
@case_options
def hold(workspace: Workspace, reference: str, because: str, *, as_json: bool, **parts: str | None) -> None:
    """Record that a law-enforcement official asked for delay."""
    row = workspace.service.queries.incident_by_reference(reference)
    fact = workspace.service.queries.facts(row.id).get("law_enforcement_holds")
    holds = [*((fact.value if fact is not None else None) or []), {**parts, "scope": None}]
    receipt = workspace.service.incidents.record_facts(
        row.id, {"law_enforcement_holds": holds}, source=parts["agency"], because=because
    )
    print_receipt(workspace, receipt)

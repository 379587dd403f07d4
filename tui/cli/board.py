"""`breach board REF` and `breach log REF`: what is due and what was recorded, as of now or of then."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click
import msgspec

from incident.errors import InvalidInput, NotFound
from incident.views.delivery import delivery_lines, delivery_of
from incident.views.queries import Queries
from incident.views.shifts import news
from jurisdictions.obligations import Assessment, assessment_to_json, diff_assessments
from tui.board import NOTE, board_rows, change_lines, effect_lines, explain, explain_gap
from tui.cli.common import json_option, plain_option, print_json, print_rows, reads
from tui.cli.facts import read_assignments
from tui.hypothesis import gaps, suppose
from tui.presenters import moment
from tui.record import entry_cells
from tui.session import Session


@click.command()
@click.argument("reference")
@click.option("--why", metavar="DUTY", help="Explain one duty, by its id.")
@click.option("--gaps", "show_gaps", is_flag=True, help="The questions that could move a date.")
@click.option(
    "--suppose", "supposed", multiple=True, metavar="PATH=VALUE", help="What would change? Nothing is recorded."
)
@click.option("--fold", is_flag=True, help="Leave out the duties that do not arise.")
@json_option
@plain_option
@reads
def board(
    session: Session,
    *,
    reference: str,
    why: str | None,
    supposed: tuple[str, ...],
    **flags: bool,
) -> None:
    """The deadline board of the incident REFERENCE, sorted by the date to plan by."""
    queries, now = session.queries, session.now()
    incident = queries.incident_by_reference(reference)
    zone = session.zone(incident.id)
    found = queries.board(incident.id, now)
    if found.assessment is None:
        raise InvalidInput(*found.problems)
    if flags["show_gaps"]:
        _print_gaps(queries, incident.id, now, as_json=flags["as_json"])
    elif supposed:
        values = read_assignments(supposed, now, zone).values
        changes = diff_assessments(found.assessment, suppose(queries, incident.id, values, now))
        if flags["as_json"]:
            print_json({"supposed": values, "changes": changes})
        else:
            lines = [line.plain for line in change_lines(changes)] or ["Nothing on the board would change."]
            click.echo("\n".join(lines))
    elif why is not None:
        _print_why(found.assessment, why, queries.facts(incident.id), (now, zone), as_json=flags["as_json"])
    elif flags["as_json"]:
        stands = delivery_lines(delivery_of(queries, incident.id), now.astimezone(zone).date())
        told = assessment_to_json(found.assessment)
        print_json({"reference": reference, "as_of_event": queries.position, "delivery": stands, **told})
    else:
        rows = board_rows(found.assessment, queries.facts(incident.id), now, zone, folded=flags["fold"])
        click.echo(f"{incident.reference} {incident.title} · as of #{queries.position}, {moment(now, zone)}")
        click.echo()
        cells = [[row.key, *(cell.plain for cell in row.cells)] for row in rows]
        print_rows(["DUTY", "DUE", "LEFT", "TO WHOM", "WHY", "STATE"], cells, plain=flags["plain"])
        click.echo()
        click.echo(NOTE)
        for line in delivery_lines(delivery_of(queries, incident.id), now.astimezone(zone).date()):
            click.echo(line)


def _print_why(assessment: Assessment, duty_id: str, facts: Any, when: Any, *, as_json: bool) -> None:  # noqa: ANN401
    now, zone = when
    duty = assessment.get(duty_id)
    gap = next((each for each in assessment.not_modelled if each.id == duty_id), None)
    if duty is None and gap is None:
        raise NotFound(f"no duty {duty_id!r} on this board")
    if as_json:
        print_json(msgspec.to_builtins(duty or gap))
        return
    lines = explain(duty, facts, now, zone) if duty is not None else explain_gap(gap) if gap is not None else ()
    click.echo("\n".join(line.plain for line in lines))


def _print_gaps(queries: Queries, incident_id: Any, now: datetime, *, as_json: bool) -> None:  # noqa: ANN401
    found = gaps(queries, incident_id, now)
    if as_json:
        print_json({"gaps": msgspec.to_builtins(found)})
        return
    for number, gap in enumerate(found, start=1):
        click.echo(f"{number}. {gap.words}  [{gap.path}]")
        for line in effect_lines(gap.effects):
            click.echo(f"   {line.plain}")
    if not found:
        click.echo("No open question.")


@click.command()
@click.argument("reference")
@json_option
@plain_option
@reads
def log(session: Session, reference: str, **flags: bool) -> None:
    """The log of the incident REFERENCE: when things happened, when they were recorded, by whom."""
    print_log(session, reference, **flags)


def print_log(session: Session, reference: str, *, as_json: bool, plain: bool) -> None:
    """Print the timeline of an incident."""
    queries = session.queries
    incident = queries.incident_by_reference(reference)
    rows = queries.timeline(incident.id)
    new = news(queries, incident.id, session.person.user)
    if as_json:
        entries = [{**msgspec.to_builtins(row), "new": row.position in new} for row in rows]
        print_json({"reference": reference, "as_of_event": queries.position, "entries": entries})
        return
    zone = session.zone(incident.id)
    cells = [[cell.plain for cell in entry_cells(row, zone, new=row.position in new)] for row in rows]
    print_rows(["EVENT", "HAPPENED", "RECORDED", "BY", "WHAT"], cells, plain=plain)

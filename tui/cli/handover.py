"""`breach handover`: what is new since you read, what is due and waits; giving a shift and taking it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from incident.views.shifts import handovers, shift_of
from tui.cli.common import case_options, json_option, print_json, print_receipt, reads
from tui.session import Session
from tui.shifts import shift_lines

if TYPE_CHECKING:
    from tui.compose import Workspace


@click.group()
def handover() -> None:
    """Shifts: what somebody needs to know who goes on."""


@handover.command()
@click.argument("reference")
@json_option
@reads
def show(session: Session, *, reference: str, as_json: bool) -> None:
    """What is new in the incident REFERENCE since you read it, due within 72 hours, waiting, promised, unanswered."""
    incident = session.queries.incident_by_reference(reference)
    now, zone = session.now(), session.zone(incident.id)
    shift = shift_of(session.queries, incident.id, session.person.user, now=now, zone=zone)
    if not as_json:
        for line in shift_lines(shift, now, zone):
            click.echo(str(line))
        return
    print_json(
        {
            "since": shift.since,
            "position": shift.position,
            "unread": [
                {"event": row.position, "recorded_at": row.recorded_at, "by": row.by, "text": row.text}
                for row in shift.unread
            ],
            "due": [
                {"id": duty.id, "recipient": duty.recipient, "safest": duty.safest, "status": str(duty.status)}
                for duty in shift.due
            ],
            "waiting": shift.waiting,
            "gaps": shift.gaps,
            "promises": shift.promises,
            "delivery": shift.delivery,
            "problems": shift.problems,
            "handovers": handovers(session.queries, incident.id),
        }
    )


@handover.command()
@click.argument("reference")
@click.option("--to", required=True, help="Their user name.")
@click.option("--note", required=True, help="What they need to know first; readable to all who work on the case.")
@json_option
@case_options
def give(workspace: Workspace, *, reference: str, to: str, note: str, as_json: bool) -> None:
    """Hand the shift over to another user, who takes it with `handover take`."""
    del as_json
    incident = workspace.service.queries.incident_by_reference(reference)
    handover_id, receipt = workspace.service.shifts.give(incident.id, to, note)
    print_receipt(workspace, receipt, id=str(handover_id))


@handover.command()
@click.argument("reference")
@json_option
@case_options
def take(workspace: Workspace, *, reference: str, as_json: bool) -> None:
    """Take the hand-over that is addressed to you; what came before it counts as read."""
    del as_json
    incident = workspace.service.queries.incident_by_reference(reference)
    print_receipt(workspace, workspace.service.shifts.take(incident.id))


@handover.command()
@click.argument("reference")
@click.option("--upto", type=int, metavar="N", help="Up to this event number; without it, all.")
@json_option
@case_options
def read(workspace: Workspace, *, reference: str, upto: int | None, as_json: bool) -> None:
    """Say that you have read the log of the incident REFERENCE."""
    del as_json
    incident = workspace.service.queries.incident_by_reference(reference)
    print_receipt(workspace, workspace.service.shifts.mark_read(incident.id, upto))

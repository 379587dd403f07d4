"""`breach calls`: the telephone log of an incident."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import msgspec

from incident.calls import DIRECTIONS, TOPICS, Words, counts
from incident.commands.calls import HeardCall, call_named
from tui import calls as words_of
from tui.cli.common import case_options, json_option, plain_option, print_json, print_receipt, print_rows, reads
from tui.cli.documents import today_of
from tui.entry import read_moment
from tui.session import Session

if TYPE_CHECKING:
    from tui.compose import Workspace


@click.group()
def calls() -> None:
    """Calls received and made: words sealed, found again, followed up, counted."""


@calls.command("list")
@click.argument("reference")
@click.option("--find", default="", help="Only calls in which all of these words occur.")
@click.option("--open", "open_only", is_flag=True, help="Only calls that wait to be followed up.")
@json_option
@plain_option
@reads
def list_calls(session: Session, *, reference: str, find: str, open_only: bool, as_json: bool, plain: bool) -> None:
    """The calls about the incident REFERENCE, newest first, with their words."""
    incident = session.queries.incident_by_reference(reference)
    zone = session.zone(incident.id)
    today = session.now().astimezone(zone).date()
    heard = session.service.calls.heard(incident.id, find, session.queries)
    shown = [each for each in heard if not open_only or each.call.open_follow_up is not None]
    told = counts((each.call for each in shown), zone, today)
    if as_json:
        print_json({"counts": told, "calls": [_json(each) for each in shown]})
        return
    cells = [[str(cell) for cell in words_of.call_cells(each, zone, today)] for each in shown]
    print_rows(["#", "WHEN", "WAY", "WHO", "ABOUT", "ASKED", "FOLLOW UP"], cells, plain=plain)
    click.echo(words_of.count_line(told, today), err=True)


@calls.command()
@click.argument("reference")
@click.option("--asked", required=True, help="What it was about. Sealed.")
@click.option("--answered", default="", help="What was said. Sealed.")
@click.option("--who", default="", help="Row, or code on the letter; or a name, sealed. Without it: unknown.")
@click.option("--direction", type=click.Choice(DIRECTIONS), default="received", show_default=True)
@click.option("--topic", type=click.Choice(list(TOPICS)), default="other", show_default=True)
@click.option("--follow-up", metavar="YYYY-MM-DD|+N", help="By when something was promised.")
@click.option("--at", metavar="MOMENT", help="When it was; without it, now.")
@json_option
@case_options
def log(
    workspace: Workspace,
    *,
    reference: str,
    asked: str,
    answered: str,
    who: str,
    direction: str,
    topic: str,
    follow_up: str | None,
    at: str | None,
    as_json: bool,
) -> None:
    """Record a call about the incident REFERENCE."""
    del as_json
    service = workspace.service
    incident = service.queries.incident_by_reference(reference)
    session = Session(workspace)
    row = words_of.read_row(who, reference)
    call_id, receipt = service.calls.log(
        incident.id,
        Words(caller="" if row is not None else who, asked=asked, answered=answered),
        direction=direction,
        topic=topic,
        person=words_of.person_named(service.queries, incident.id, row) if row is not None else None,
        follow_up=words_of.read_follow_up(follow_up, today_of(workspace, incident.id)) if follow_up else None,
        at=read_moment(at, session.now(), session.zone(incident.id)) if at else None,
    )
    print_receipt(workspace, receipt, id=str(call_id))


@calls.command("follow-up")
@click.argument("reference")
@click.argument("call", metavar="#N")
@click.option("--done", required=True, help="What was done. Sealed.")
@json_option
@case_options
def follow_up(workspace: Workspace, *, reference: str, call: str, done: str, as_json: bool) -> None:
    """Record that what was promised in the call with that event number was done."""
    del as_json
    queries = workspace.service.queries
    found = call_named(queries, queries.incident_by_reference(reference).id, call)
    print_receipt(workspace, workspace.service.calls.follow_up(found.id, done), id=str(found.id))


@calls.command()
@click.argument("reference")
@click.argument("call", metavar="#N")
@click.option("--because", required=True, help="The ground.")
@json_option
@case_options
def erase(workspace: Workspace, *, reference: str, call: str, because: str, as_json: bool) -> None:
    """Destroy the key of the words of a call, beyond recovery. That there was a call stays."""
    del as_json
    queries = workspace.service.queries
    found = call_named(queries, queries.incident_by_reference(reference).id, call)
    print_receipt(workspace, workspace.service.calls.erase(found.id, because), id=str(found.id))


def _json(heard: HeardCall) -> dict[str, Any]:
    call = heard.call
    return {
        "event": call.position,
        "at": call.at,
        "by": call.by,
        "direction": call.logged.direction,
        "topic": call.logged.topic,
        "roster": call.logged.roster,
        "row": call.logged.row,
        "words": msgspec.to_builtins(heard.words) if heard.words is not None else None,
        "erased": heard.words is None,
        "follow_up": call.logged.follow_up,
        "followed_up": call.followed_up,
        "follow_up_words": heard.follow_up_words,
    }

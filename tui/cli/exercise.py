"""`breach exercise …`: play a past incident; without screens the clock moves from inject to inject."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click
import msgspec

from incident.errors import InvalidInput, NotFound, OutOfOrder
from incident.events import InjectDelivered
from incident.exercise.replay import Replay
from incident.service import Receipt, Service
from incident.stores.naming import Place
from tui import exercises
from tui.board import short_recipient
from tui.cli.common import (
    case_options,
    json_option,
    plain_option,
    print_json,
    print_receipt,
    print_rows,
    read_passphrase,
    reads,
    refusals,
)
from tui.cli.place import PLACE
from tui.compose import Workspace, scenario_packs, start_exercise
from tui.logins import Person
from tui.session import Session


@click.group()
def exercise() -> None:
    """Play a past incident on a watermarked case and a clock of its own, its future hidden."""


@exercise.command()
@click.argument("pack", type=click.Path(path_type=Path), required=False)
@click.argument("folder", type=PLACE, required=False)
@click.option("--user", help="The player's user name.")
@click.option("--name", help="The player's name.")
@click.option("--passphrase-file", type=click.Path(path_type=Path), help="The exercise's passphrase; else asked for.")
@json_option
@refusals
def start(
    *,
    pack: Path | None,
    folder: Place | None,
    user: str | None,
    name: str | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Begin an exercise from the scenario PACK in a new FOLDER. Without PACK: the packs that ship with the program."""
    if pack is None:
        found = [str(path) for path in scenario_packs()]
        click.echo("\n".join(found)) if not as_json else print_json({"packs": found})
        return
    if folder is None:
        raise InvalidInput("FOLDER: say where the case of the exercise is to be made")
    try:
        text = pack.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InvalidInput(f"PACK: {pack} is not text") from None
    user = user or click.prompt("User", err=True)
    passphrase = read_passphrase(passphrase_file, "Passphrase of the exercise")
    player = Person(user=user, name=name or user, role="incident_lead", passphrase=passphrase)
    with start_exercise(folder, text, [player]) as workspace:
        replay = _replay(workspace)
        replay.deliver_due()
        _print_state(workspace, replay, Session(workspace), as_json=as_json)


@exercise.command()
@json_option
@reads
def status(session: Session, *, as_json: bool) -> None:
    """The clock and what the players were told so far."""
    _print_state(session.workspace, _replay(session.workspace), session, as_json=as_json)


@exercise.command("next")
@json_option
@case_options
def next_inject(workspace: Workspace, *, as_json: bool) -> None:
    """Let time pass until the next inject, and tell it."""
    replay, clock = _replay(workspace), workspace.clock
    at = replay.next_at()
    if at is None or clock is None:
        raise OutOfOrder("there are no more injects")
    if at > clock.now():
        clock.jump(at)
    delivered = Session(workspace).one_at_a_time(replay.deliver_due)
    zone = Session(workspace).zone()
    if as_json:
        print_json({"now": clock.now(), "delivered": msgspec.to_builtins(delivered)})
        return
    for each in delivered:
        for line in exercises.inject_panel(each, zone):
            click.echo(str(line))


@exercise.command("facts")
@click.argument("number", type=int)
@click.argument("reference")
@json_option
@case_options
def record_facts(workspace: Workspace, *, number: int, reference: str, as_json: bool) -> None:
    """Record what inject NUMBER tells as facts of the incident REFERENCE."""
    del as_json
    told = next((each for each in _replay(workspace).delivered() if each.number == number), None)
    if told is None:
        raise NotFound(f"NUMBER: inject {number} was not told yet")
    incident_id = workspace.service.queries.incident_by_reference(reference).id

    def command(service: Service) -> Receipt:
        source = f"inject {number}: {told.inject.title}"
        return service.incidents.record_facts(incident_id, told.inject.facts, source=source)

    _, receipt = Session(workspace).run(command)
    print_receipt(workspace, receipt)


@exercise.command()
@click.argument("reference")
@click.option("--yes", "sure", is_flag=True, help="The exercise is over; show what really happened.")
@json_option
@plain_option
@case_options
def reveal(workspace: Workspace, *, reference: str, sure: bool, **flags: bool) -> None:
    """Law, past and players side by side, for the incident REFERENCE."""
    replay = _replay(workspace)
    incident_id: UUID = workspace.service.queries.incident_by_reference(reference).id
    if not sure:
        raise OutOfOrder("the players would see what really happened: --yes reveals it")
    if not any(row.text == exercises.REVEALED for row in workspace.service.queries.timeline(incident_id)):
        workspace.service.incidents.log_action(incident_id, exercises.REVEALED)
    rows = replay.comparison(incident_id)
    if flags["as_json"]:
        print_json({"comparison": msgspec.to_builtins(rows), "sources": replay.scenario.sources})
        return
    cells = [[cell.plain for cell in exercises.comparison_cells(row)] for row in rows]
    print_rows(["TO WHOM", "LAW", "THEN", "YOU"], cells, plain=flags["plain"])
    for row in rows:
        if row.real is not None:
            click.echo(f"{short_recipient(row.obligation_id, row.recipient)}: {row.real.text}")


def _replay(workspace: Workspace) -> Replay:
    if workspace.replay is None:
        raise OutOfOrder("this is a real case, not an exercise")
    return workspace.replay


def _print_state(workspace: Workspace, replay: Replay, session: Session, *, as_json: bool) -> None:
    now, zone = session.now(), session.zone()
    told = sum(row.topic == InjectDelivered.TOPIC for row in session.queries.timeline())
    delivered = replay.delivered()[:told]
    if as_json:
        print_json(
            {
                "folder": str(workspace.place),
                "scenario": replay.scenario.title,
                "now": now,
                "speed": replay.scenario.speed,
                "delivered": msgspec.to_builtins(delivered),
            }
        )
        return
    click.echo(f"EXERCISE: {replay.scenario.title}, {now.astimezone(zone):%a %Y-%m-%d %H:%M %Z}, {workspace.place}")
    for each in delivered:
        click.echo("  ".join(cell.plain for cell in exercises.inject_cells(each, zone)))

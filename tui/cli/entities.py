"""`breach filing entity …`: the covered entities of a business associate's incident."""

from __future__ import annotations

import click
import msgspec

from incident.entities import DETAILS
from incident.errors import InvalidInput
from incident.views.entity_duties import entity_duties
from tui import filings
from tui.cli.common import case_options, json_option, plain_option, print_json, print_receipt, print_rows, reads
from tui.cli.documents import day_given, today_of
from tui.compose import Workspace
from tui.dialogs.entity import read_people, read_said
from tui.session import Session


@click.group()
def entity() -> None:
    """The covered entities of an incident, where the organization is their business associate."""


@entity.command("list")
@click.argument("reference")
@json_option
@plain_option
@reads
def list_entities(session: Session, *, reference: str, **flags: bool) -> None:
    """The covered entities of the incident REFERENCE, with who was told and who files."""
    queries = session.queries
    incident_id = queries.incident_by_reference(reference).id
    if flags["as_json"]:
        print_json(
            {
                "covered_entities": msgspec.to_builtins(queries.covered_entities(incident_id)),
                "duties": msgspec.to_builtins(entity_duties(queries, incident_id, session.now())),
            }
        )
        return
    cells = [[cell.plain for cell in filings.entity_cells(row)] for row in queries.covered_entities(incident_id)]
    print_rows(["NO", "COVERED ENTITY", "INDIVIDUALS", "AGENT", "FILES", "TOLD"], cells, plain=flags["plain"])


@entity.command("record")
@click.argument("reference")
@click.option("--number", type=click.IntRange(min=1), help="Correct the one with this number; else a new one is named.")
@click.option("--name", help="As it is called in law, without abbreviations.")
@click.option("--individuals", metavar="N|N-M|?", help="How many of its individuals; ? is unknown.")
@click.option("--agent", metavar="y|n|?", help="Whether the organization is its agent (federal common law of agency).")
@click.option("--files", "delegated", metavar="y|n|?", help="Whether the organization files with HHS on its behalf.")
@click.option("--set", "typed", multiple=True, metavar="NAME=WORDS", help=f"What forms print: {', '.join(DETAILS)}.")
@click.option("--because", help="Why it is corrected.")
@json_option
@case_options
def record_entity(
    workspace: Workspace,
    *,
    reference: str,
    number: int | None,
    name: str | None,
    individuals: str | None,
    agent: str | None,
    delegated: str | None,
    typed: tuple[str, ...],
    because: str | None,
    as_json: bool,
) -> None:
    """Name a covered entity of the incident REFERENCE, or correct what is known of one."""
    del as_json
    queries = workspace.service.queries
    incident_id = queries.incident_by_reference(reference).id
    row = next((each for each in queries.covered_entities(incident_id) if each.number == number), None)
    if row is not None and not (because or "").strip():
        raise InvalidInput("--because: a correction is recorded with its reason")
    if row is None and name is None:
        raise InvalidInput("--name: which covered entity?")
    details = dict(row.details) if row is not None else {}
    for each in typed:
        key, equals, words = each.partition("=")
        if not equals:
            raise InvalidInput(f"--set: {each!r}: write NAME=WORDS")
        details[key.strip()] = words
    receipt = workspace.service.entities.record(
        incident_id,
        name if name is not None else row.name if row is not None else "",
        individuals=read_people(individuals) if individuals is not None else row.individuals if row else None,
        agent=read_said("--agent", agent) if agent is not None else row.agent if row else None,
        delegated=read_said("--files", delegated) if delegated is not None else row.delegated if row else None,
        details=details,
        number=number,
        because=because,
    )
    print_receipt(workspace, receipt)


@entity.command("told")
@click.argument("reference")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--on", required=True, metavar="YYYY-MM-DD", help="The day on which it was told.")
@click.option("--how", required=True, help="letter, e-mail, telephone.")
@json_option
@case_options
def told(workspace: Workspace, *, reference: str, number: int, on: str, how: str, as_json: bool) -> None:
    """Record that covered entity NUMBER was told (45 CFR 164.410); the duty is met when each has been."""
    del as_json
    incident_id = workspace.service.queries.incident_by_reference(reference).id
    day = day_given(on, today_of(workspace, incident_id))
    print_receipt(workspace, workspace.service.entities.record_told(incident_id, number, day, how))

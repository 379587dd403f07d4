"""`breach evidence …`: an incident as something that others can check."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from incident.errors import InvalidInput, NotAllowed
from incident.evidence.burden import as_paper
from incident.evidence.pack import Choices
from incident.evidence.paper import to_text
from notices.engines import DEFAULT, NAMES
from tui.cli.common import json_option, looks_back, print_json
from tui.cli.opening import case_first
from tui.compose import Workspace
from tui.safekeeping import burden_file, export_evidence, pack_lines, write_burden
from tui.session import Session


@click.group()
def evidence() -> None:
    """Evidence packs and the burden-of-proof file of an incident."""


_engine = click.option(
    "--engine", "engine_name", type=click.Choice(NAMES), default=DEFAULT, show_default=True, help="PDF engine."
)


@evidence.command("export")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new folder for the pack.")
@click.option(
    "--withhold",
    multiple=True,
    metavar="N=GROUND",
    help='Withhold event N as privileged: "57=work product". What counsel advised is withheld without being named.',
)
@click.option(
    "--disclose", multiple=True, type=int, metavar="N", help="Show a privileged event all the same; for counsel only."
)
@click.option("--letters", is_flag=True, help="Put the letters to individuals in: they name the people affected.")
@click.option("--bates-prefix", default="", help="In front of the page numbers; else the reference of the incident.")
@_engine
@json_option
@case_first("reference")
def export(
    workspace: Workspace,
    *,
    reference: str,
    out: Path,
    withhold: tuple[str, ...],
    disclose: tuple[int, ...],
    letters: bool,
    bates_prefix: str,
    engine_name: str,
    as_json: bool,
) -> None:
    """Write the evidence pack of the incident REFERENCE, with a verifier that needs none of our software.

    The folder is readable by whoever has it. That it was made is recorded in the incident, with its hash.

    Exit codes: 0 done; 1 refused; 2 bad input.
    """
    incident = workspace.service.queries.incident_by_reference(reference)
    choices = Choices(
        withhold=_grounds(withhold), disclose=_waived(workspace, disclose), letters=letters, prefix=bates_prefix
    )
    report, recorded = export_evidence(workspace, incident.id, out, choices=choices, engine_name=engine_name)
    if as_json:
        print_json(msgspec.to_builtins(report) | {"recorded_as": recorded if isinstance(recorded, int) else None})
        return
    for line in pack_lines(report, recorded):
        click.echo(line)


@evidence.command()
@click.option("--out", type=click.Path(path_type=Path), help="A .pdf, .txt or .json file; else it is printed.")
@_engine
@json_option
@case_first("reference")
@looks_back
def burden(session: Session, *, reference: str, out: Path | None, engine_name: str, as_json: bool) -> None:
    """The burden-of-proof file of 45 CFR 164.414(b): what the record shows for each duty, and what it does not.

    Exit codes: 0 done; 2 bad input.
    """
    file = burden_file(session, session.queries.incident_by_reference(reference).id)
    if out is not None:
        write_burden(file, out, engine_name)
        click.echo(f"{out}: {file.in_words}")
    elif as_json:
        print_json(file)
    else:
        click.echo(to_text(as_paper(file)))


def _grounds(given: Sequence[str]) -> dict[int, str]:
    found = {}
    for each in given:
        number, equals, ground = each.partition("=")
        if not equals or not number.strip().lstrip("#").isdecimal() or not ground.strip():
            raise InvalidInput(f'--withhold: {each!r}; write N=GROUND, such as "57=work product"')
        found[int(number.strip().lstrip("#"))] = ground.strip()
    return found


def _waived(workspace: Workspace, disclose: Sequence[int]) -> frozenset[int]:
    if disclose and workspace.service.desk.role != "counsel":
        raise NotAllowed("to show what is privileged is for counsel to decide: export the pack as counsel")
    return frozenset(disclose)

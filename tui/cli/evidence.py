"""`breach evidence …`: an incident as something that others can check."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from uuid import UUID

import click
import msgspec

from incident.errors import InvalidInput, NotAllowed, Refusal
from incident.evidence.burden import BurdenOfProof, as_paper, burden_of_proof, read_record
from incident.evidence.pack import Choices, PackReport, export_pack
from incident.evidence.paper import to_html, to_text
from incident.evidence.privilege import privilege
from incident.files import write_durably
from notices.catalog import KINDS
from notices.engines import DEFAULT, NAMES, engine
from tui.cli.common import json_option, looks_back, print_json
from tui.cli.opening import case_first, now
from tui.compose import Workspace
from tui.session import Session

_TO_INDIVIDUALS = ("individuals", "patients")


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
    report = export_pack(
        workspace.case,
        workspace.service.queries.rulebook,
        incident.id,
        out,
        at=now(workspace),
        choices=choices,
        personal=_names_people,
        to_pdf=engine(engine_name).render,
        specimens=lambda notice: _specimens(workspace, notice, engine_name),
    )
    recorded, why_not = _record(workspace, incident.id, report)
    if as_json:
        print_json(msgspec.to_builtins(report) | {"recorded_as": recorded})
        return
    click.echo(f"{out}: {report.disclosed} events disclosed, {report.privileged} withheld as privileged, "
               f"{report.other} of other matters")  # fmt: skip
    click.echo(f"{report.documents} documents, {report.documents_withheld} of them withheld; {report.pages} pages")
    click.echo(f"Checkpoint code: {report.code}")
    click.echo(f"Keep until {report.keep_until} (45 CFR 164.530(j)(2)); a later event moves this day")
    click.echo(f"To check it: python3 {out / 'verify_evidence.py'} {out} --checkpoint CODE --key KEY (see README.txt)")
    click.echo(f"#{recorded}: recorded in the incident" if recorded else f"Not recorded in the incident: {why_not}")


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
    queries = session.queries
    incident = queries.incident_by_reference(reference)
    log = list(islice(session.workspace.case.log.read(), queries.position))
    withheld = [position for position, entry in log if privilege(entry.event)]
    file = burden_of_proof(read_record(queries, (entry for _, entry in log), incident.id, session.now(), withheld))
    if out is not None:
        if out.exists():
            raise InvalidInput(f"--out: {out} is there already")
        write_durably(out, _in_form(file, out.suffix.lower(), engine_name))
        click.echo(f"{out}: {file.in_words}")
    elif as_json:
        print_json(file)
    else:
        click.echo(to_text(as_paper(file)))


def _in_form(file: BurdenOfProof, suffix: str, engine_name: str) -> bytes:
    match suffix:
        case ".pdf":
            return engine(engine_name).render(to_html(as_paper(file)))
        case ".txt":
            return to_text(as_paper(file)).encode()
        case ".json":
            return msgspec.json.format(msgspec.json.encode(file), indent=2)
        case _:
            raise InvalidInput("--out: the name ends in .pdf, .txt or .json")


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


def _names_people(kind: str) -> bool:
    """Whether the rendered files of a kind of notice name the people affected; an unknown kind is taken to."""
    known = KINDS.get(kind)
    return known is None or any(obligation.endswith(_TO_INDIVIDUALS) for obligation in known.obligations)


def _specimens(workspace: Workspace, notice_id: UUID, engine_name: str) -> list[tuple[str, bytes]]:
    """The text of the letters with merge fields for persons, where it is still word for word what was approved."""
    row = workspace.service.queries.notice(notice_id)
    rendered = workspace.service.desk.notice(notice_id).rendered
    if rendered is None or not _names_people(row.kind):
        return []
    try:
        look = workspace.documents.preview(notice_id)
    except Refusal:
        return []  # the facts have moved on so far that the letter cannot be written from them any more
    if look.content_sha256 != rendered.content_sha256:
        return []
    press = engine(engine_name)
    return [
        (f"{row.last_position:06}-{checked.document.name}.pdf", press.render(checked.document.html))
        for checked in look.documents
    ]


def _record(workspace: Workspace, incident_id: UUID, report: PackReport) -> tuple[int | None, str]:
    """Say in the log that the pack was made; or why not: the incident is closed, an examiner only reads."""
    words = (
        f"Evidence pack exported: {report.disclosed} events disclosed, {report.privileged} withheld as privileged, "
        f"{report.documents - report.documents_withheld} documents; SHA-256 of its manifest {report.manifest_sha256}"
    )
    try:
        return workspace.service.incidents.log_action(incident_id, words).position, ""
    except Refusal as refusal:
        return None, str(refusal)

"""`breach advice …`: counsel's advice, sealed under a key of its own, and the privilege log that tells of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import click
import msgspec

from incident.advice import BASES
from incident.errors import InvalidInput, NotFound
from incident.evidence.paper import to_html, to_text
from incident.evidence.privilege import called, privilege_csv, privilege_log, privilege_paper
from incident.files import write_durably
from incident.views.queries import AdviceRow, Queries
from notices.engines import DEFAULT, NAMES, engine
from tui import advice as words
from tui.cli.common import (
    case_options,
    json_option,
    plain_option,
    print_json,
    print_receipt,
    print_rows,
    reads,
)
from tui.cli.documents import named_row
from tui.compose import Workspace
from tui.session import Session

_FORMULA_SAFE = "A cell that a spreadsheet would take for a formula begins with an apostrophe."


@click.group()
def advice() -> None:
    """Counsel's advice: the words under a key of their own, and the log that tells of them without revealing them.

    That something is listed here as privileged makes it nothing of the kind; that is for a court to say.
    """


@advice.command("list")
@click.argument("reference")
@json_option
@plain_option
@reads
def list_advice(session: Session, *, reference: str, as_json: bool, plain: bool) -> None:
    """The advice given in the incident REFERENCE: who, when, to whom, about what; never the words."""
    queries = session.queries
    incident_id = queries.incident_by_reference(reference).id
    rows = queries.advice(incident_id)
    readable = session.service.advice.can_read
    if as_json:
        print_json({"can_read": readable, "advice": [msgspec.to_builtins(row) for row in rows]})
        return
    names, kinds = called(queries.users()), words.kinds_of(queries.notices(incident_id))
    zone = session.zone(incident_id)
    cells = [[cell.plain for cell in words.advice_cells(row, names, kinds, zone)] for row in rows]
    print_rows(["EVENT", "DATE", "BY", "TO", "ABOUT", "DESCRIPTION"], cells, plain=plain)
    if rows and not readable:
        click.echo(words.SEALED, err=True)


@advice.command()
@click.argument("number", type=int)
@json_option
@reads
def read(session: Session, *, number: int, as_json: bool) -> None:
    """The words of the advice with the event NUMBER, for whoever holds the advice key."""
    row = _row(session.queries, number)
    text = session.service.advice.read(row.id, row.version)
    if as_json:
        print_json(msgspec.to_builtins(row) | {"text": text})
        return
    click.echo(_shown(text))


_to = click.option("--to", "recipients", multiple=True, metavar="NAME", help="To whom it is given; may be repeated.")
_basis = click.option("--basis", type=click.Choice(list(BASES)), help="What the privilege log claims.")
_described = click.option("--description", help="What kind of communication it is, for the privilege log.")
_file = click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path),
    required=True,
    help="The words (UTF-8); - reads them from standard input. They never stand on the command line, where others see.",
)


@advice.command()
@click.argument("reference")
@_file
@_to
@_basis
@_described
@click.option("--notice", help="The notice it is about.")
@click.option("--duty", help="The duty it is about, such as us.hipaa.hhs.")
@click.option("--entry", type=int, metavar="N", help="The entry of the log it is about.")
@json_option
@case_options
def add(
    workspace: Workspace,
    *,
    reference: str,
    file: Path,
    recipients: tuple[str, ...],
    basis: str | None,
    description: str | None,
    notice: str | None,
    duty: str | None,
    entry: int | None,
    as_json: bool,
) -> None:
    """Record advice in the incident REFERENCE, as counsel. The words are sealed before they are recorded."""
    del as_json
    queries = workspace.service.queries
    incident_id = queries.incident_by_reference(reference).id
    given = [
        *([f"notice:{named_row(queries.notices(incident_id), notice, 'notice').id}"] if notice else []),
        *([f"duty:{duty}"] if duty else []),
        *([f"entry:{entry}"] if entry is not None else []),
    ]
    if len(given) > 1:
        raise InvalidInput("--notice, --duty, --entry: advice is about one of them")
    _, receipt = workspace.service.advice.give(
        incident_id,
        _text(file),
        recipients=recipients,
        basis=basis or "attorney_client",
        subject="".join(given),
        description=description or "",
    )
    print_receipt(workspace, receipt)


@advice.command()
@click.argument("number", type=int)
@_file
@_to
@_basis
@_described
@json_option
@case_options
def correct(
    workspace: Workspace,
    *,
    number: int,
    file: Path,
    recipients: tuple[str, ...],
    basis: str | None,
    description: str | None,
    as_json: bool,
) -> None:
    """Put other words in the place of those of the advice with the event NUMBER; the earlier ones stay, sealed."""
    del as_json
    row = _row(workspace.service.queries, number)
    receipt = workspace.service.advice.correct(
        row.id, _text(file), recipients=recipients or None, basis=basis, description=description
    )
    print_receipt(workspace, receipt)


@advice.command("log")
@click.argument("reference")
@click.option("--csv", "as_csv", is_flag=True, help=f"Print a table for a spreadsheet. {_FORMULA_SAFE}")
@click.option("--out", type=click.Path(path_type=Path), help="A .csv, .pdf, .txt or .json file; else it is printed.")
@click.option(
    "--engine", "engine_name", type=click.Choice(NAMES), default=DEFAULT, show_default=True, help="PDF engine."
)
@json_option
@reads
def privilege(
    session: Session, *, reference: str, as_csv: bool, out: Path | None, engine_name: str, **flags: bool
) -> None:
    """The privilege log of the incident REFERENCE: what is withheld, described without revealing it.

    Fed. R. Civ. P. 26(b)(5)(A). Exit codes: 0 done; 2 bad input.
    """
    queries = session.queries
    incident = queries.incident_by_reference(reference)
    rows = privilege_log(queries, session.workspace.case.log.read(), incident.id, session.zone(incident.id))
    title = f"Privilege log. {queries.case().name}, {incident.reference}: {incident.title}"
    paper = privilege_paper(title, rows, queries.position)
    told = {"as_of_event": queries.position, "rows": msgspec.to_builtins(rows)}
    if out is not None:
        if out.exists():
            raise InvalidInput(f"--out: {out} is there already")
        match out.suffix.lower():
            case ".csv":
                content = privilege_csv(rows)
            case ".pdf":
                content = engine(engine_name).render(to_html(paper))
            case ".txt":
                content = to_text(paper).encode()
            case ".json":
                content = msgspec.json.format(msgspec.json.encode(told), indent=2)
            case _:
                raise InvalidInput("--out: the name ends in .csv, .pdf, .txt or .json")
        write_durably(out, content)
        click.echo(f"{out}: {len(rows)} entries, complete up to #{queries.position}")
    elif as_csv:
        click.echo(privilege_csv(rows).decode("utf-8-sig"), nl=False)
    elif flags["as_json"]:
        print_json(told)
    else:
        click.echo(to_text(paper))


def _row(queries: Queries, number: int) -> AdviceRow:
    rows = queries.advice()
    found: UUID | None = words.named(rows, number)
    if found is None:
        numbers = ", ".join(f"#{row.position}" for row in rows) or "none yet"
        raise NotFound(f"#{number} is not an entry that gives advice (there are: {numbers})")
    return next(row for row in rows if row.id == found)


def _text(file: Path) -> str:
    try:
        raw: Any = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return str(raw.decode("utf-8-sig")).strip()
    except UnicodeDecodeError:
        raise InvalidInput(f"--file: {file} is not text (UTF-8)") from None


def _shown(text: str) -> str:
    """The words without what a terminal would take for commands."""
    return "".join(each if each.isprintable() or each in "\n\t" else f"\\x{ord(each):02x}" for each in text)

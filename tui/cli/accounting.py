"""`breach accounting`: what the incidents of a case add to an accounting of disclosures (45 CFR 164.528)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from incident.accounting import CITATION, NOT_VERIFIED, AccountingLine, since
from incident.errors import InvalidInput
from tui import accounting as words_of
from tui.briefing import write_new
from tui.cli.common import case_options, json_option, plain_option, print_json, print_receipt, print_rows, reads
from tui.session import Session

if TYPE_CHECKING:
    from tui.compose import Workspace

_OUTSIDE = {"yes": True, "no": False, "unknown": None}


@click.group()
def accounting() -> None:
    """Accounting of disclosures: date, recipient, what, and on what basis, by person. Not verified: ask counsel."""


@accounting.command("list")
@click.argument("reference", required=False)
@click.option("--person", "code", metavar="CODE", help="The reference on their letter, such as 2026-001-1-000012.")
@click.option("--all", "everybody", is_flag=True, help="Everybody of the incident REFERENCE, or of all incidents.")
@click.option("--requested-on", metavar="YYYY-MM-DD", help="The day of the request; without it, today.")
@click.option("--csv", "csv_file", type=click.Path(path_type=Path), help="Write a new CSV file.")
@json_option
@plain_option
@reads
def list_lines(
    session: Session,
    *,
    reference: str | None,
    code: str | None,
    everybody: bool,
    requested_on: str | None,
    csv_file: Path | None,
    as_json: bool,
    plain: bool,
) -> None:
    """The lines of one person or of everybody: by code, without names."""
    if (code is None) == (not everybody):
        raise InvalidInput("--person: give the code of a person, or --all")
    on = _day(requested_on) if requested_on else session.now().astimezone(session.zone()).date()
    commands, queries = session.service.accounting, session.queries
    lines: list[AccountingLine] = []
    if code is not None:
        lines.append(commands.of_person(code, on, queries))
    else:
        chosen = [queries.incident_by_reference(reference)] if reference else queries.incidents()
        for incident in chosen:
            lines.extend(commands.everybody(incident, on, queries))
    if csv_file is not None:
        written = write_new(csv_file, words_of.as_csv(lines).encode())
        click.echo(f"{written}: {len(lines):,} lines", err=as_json)
    if as_json:
        told = [msgspec.to_builtins(line.disclosure) | {"code": line.code} for line in lines]
        print_json({"citation": CITATION, "verified": False, "since": since(on), "requested_on": on, "lines": told})
    elif csv_file is None:
        print_rows([each.upper() for each in words_of.HEADINGS], [words_of.cells(each) for each in lines], plain=plain)
    click.echo(NOT_VERIFIED, err=True)


@accounting.command()
@click.argument("reference")
@click.option("--outside", type=click.Choice(list(_OUTSIDE)), required=True, help="Did it leave the organization?")
@click.option("--recipient", default="", help="Who received it, as far as known.")
@click.option("--address", default="", help="Their address, if known.")
@click.option("--described", default="", help="What was disclosed; without it, the kinds of data of the record.")
@click.option("--purpose", default="", help="For what purpose or on what basis, in a sentence.")
@json_option
@case_options
def describe(
    workspace: Workspace,
    *,
    reference: str,
    outside: str,
    recipient: str,
    address: str,
    described: str,
    purpose: str,
    as_json: bool,
) -> None:
    """Say who received the information of the incident REFERENCE. It goes into the log: name no affected person."""
    del as_json
    incident = workspace.service.queries.incident_by_reference(reference)
    receipt = workspace.service.accounting.describe(
        incident.id,
        outside=_OUTSIDE[outside],
        recipient=recipient,
        address=address,
        described=described,
        purpose=purpose,
    )
    print_receipt(workspace, receipt)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"--requested-on: {text!r} is not a day; write 2026-11-20") from None

"""`breach filing …` on a case: from prepared to filed, and addenda."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import click
import msgspec

from incident.errors import ApprovalVoid, InvalidInput
from incident.service import Receipt
from tui import filings
from tui.board import short_recipient
from tui.cli.common import case_options, json_option, plain_option, print_json, print_receipt, print_rows, reads
from tui.cli.documents import day_given, named_row, today_of
from tui.compose import Workspace
from tui.session import Session


@click.group()
def filing() -> None:
    """Reports to regulators. Each command takes --case, --user and --passphrase-file."""


@filing.command("list")
@click.argument("reference")
@json_option
@plain_option
@reads
def list_filings(session: Session, *, reference: str, **flags: bool) -> None:
    """The duties to report of the incident REFERENCE, with what was filed."""
    queries = session.queries
    incident_id = queries.incident_by_reference(reference).id
    now, zone = session.now(), session.zone(incident_id)
    board = queries.board(incident_id, now)
    found = filings.reports(board.assessment, queries.filings(incident_id), queries.facts(incident_id))
    if flags["as_json"]:
        print_json(
            {
                "reports": [
                    {
                        "obligation": each.obligation_id,
                        "status": each.duty.status if each.duty is not None else None,
                        "due": each.duty.due if each.duty is not None else None,
                        "filing": msgspec.to_builtins(each.filing),
                        "known_now": each.known,
                        "addendum_due": each.addendum_due,
                    }
                    for each in found
                ]
            }
        )
        return
    cells = [
        [str(each.filing.id)[:8] if each.filing else "", *(c.plain for c in filings.report_cells(each, now, zone))]
        for each in found
    ]
    print_rows(["ID", "DUE", "LEFT", "TO WHOM", "STATE", "FILED", "NUMBER"], cells, plain=flags["plain"])


@filing.command()
@click.argument("notice")
@click.option("--for", "obligation", metavar="DUTY", help="The duty it fulfils, where the notice serves several.")
@json_option
@case_options
def prepare(workspace: Workspace, *, notice: str, obligation: str | None, as_json: bool) -> None:
    """Prepare the report to a regulator from an approved NOTICE."""
    del as_json
    queries = workspace.service.queries
    row = named_row(queries.notices(), notice, "notice")
    served = [each for each in row.obligations if filings.to_regulator(each)]
    chosen = obligation or (served[0] if len(served) == 1 else None)
    if chosen is None or chosen not in served:
        raise InvalidInput(f"--for: this notice serves {', '.join(served) or 'no regulator'}")
    if row.status not in filings.APPROVED:
        raise ApprovalVoid(f"the notice is {row.status}; it has to be approved first")
    board = queries.board(row.incident, workspace.service.clock.now())
    duty = board.assessment.get(chosen) if board.assessment is not None else None
    recipient = duty.recipient if duty is not None else chosen
    filing_id, receipt = workspace.service.filings.prepare(row.id, chosen, recipient)
    _print_filing(workspace, filing_id, receipt)


@filing.command()
@click.argument("filing_id", metavar="FILING")
@json_option
@reads
def worksheet(session: Session, *, filing_id: str, as_json: bool) -> None:
    """The form of FILING screen by screen, each value as it is typed."""
    row = named_row(session.queries.filings(), filing_id, "filing")
    screens = filings.worksheet_screens(session.documents.preview(row.notice))
    if as_json:
        print_json({"screens": [msgspec.to_builtins(screen) for screen in screens]})
        return
    for place, screen in enumerate(screens):
        click.echo(filings.screen_words(screens, place).plain)
        for entry in screen.entries:
            name, value, _ = filings.entry_cells(entry, copied=False)
            click.echo(f"  {name.plain}: {value.plain}")


_on = click.option("--on", required=True, metavar="YYYY-MM-DD", help="The day on which it was filed.")
_count = click.option("--count", type=click.IntRange(min=0), help="How many people were reported.")
_estimated = click.option(
    "--estimated/--counted", default=None, help="Whether that number was an estimate or placeholder; else not said."
)
_receipt = click.option("--receipt", "receipt_file", type=click.Path(path_type=Path), help="A file to keep, encrypted.")


@filing.command("submit")
@click.argument("filing_id", metavar="FILING")
@_on
@click.option("--channel", required=True, help="portal, e-mail, mail.")
@click.option("--tracking", help="The regulator's number.")
@_count
@_estimated
@_receipt
@json_option
@case_options
def submit_filing(
    workspace: Workspace,
    *,
    filing_id: str,
    on: str,
    channel: str,
    as_json: bool,
    receipt_file: Path | None,
    **told: Any,  # noqa: ANN401
) -> None:
    """Record that FILING was filed; what waits on it starts."""
    del as_json
    row = named_row(workspace.service.queries.filings(), filing_id, "filing")
    day = day_given(on, today_of(workspace, row.incident))
    receipt = workspace.documents.submit_filing(row.id, on=day, channel=channel, receipt=_content(receipt_file), **told)
    _print_filing(workspace, row.id, receipt)


@filing.command("receipt")
@click.argument("filing_id", metavar="FILING")
@click.option("--tracking", help="The regulator's number.")
@_receipt
@json_option
@case_options
def record_receipt(
    workspace: Workspace, *, filing_id: str, tracking: str | None, receipt_file: Path | None, as_json: bool
) -> None:
    """Record the number or the receipt that the regulator gave after FILING was filed."""
    del as_json
    row = named_row(workspace.service.queries.filings(), filing_id, "filing")
    receipt = workspace.service.filings.record_receipt(row.id, tracking, _content(receipt_file))
    _print_filing(workspace, row.id, receipt)


@filing.command()
@click.argument("filing_id", metavar="FILING")
@_on
@click.option("--channel", help="portal, e-mail, mail.")
@click.option("--tracking", help="The number of the addendum, where it has one of its own.")
@_count
@_estimated
@_receipt
@json_option
@case_options
def addendum(
    workspace: Workspace,
    *,
    filing_id: str,
    on: str,
    as_json: bool,
    receipt_file: Path | None,
    **told: Any,  # noqa: ANN401
) -> None:
    """Record that an addendum to FILING was filed, from its approved document."""
    del as_json
    row = named_row(workspace.service.queries.filings(), filing_id, "filing")
    day = day_given(on, today_of(workspace, row.incident))
    receipt = workspace.documents.file_addendum(row.id, on=day, receipt=_content(receipt_file), **told)
    _print_filing(workspace, row.id, receipt)


def _content(path: Path | None) -> bytes | None:
    return path.read_bytes() if path is not None else None


def _print_filing(workspace: Workspace, filing_id: UUID, receipt: Receipt) -> None:
    row = workspace.service.queries.filing(filing_id)
    state = f"filed on {row.filed_on}" if row.filed_on is not None else "prepared"
    if not click.get_current_context().params["as_json"]:
        click.echo(f"{str(row.id)[:8]} {short_recipient(row.obligation_id)}: {state}")
    print_receipt(workspace, receipt, id=str(filing_id), state=state)

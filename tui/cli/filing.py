"""`breach filing …` on a case: from prepared to filed, and addenda."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

import click
import msgspec

from incident.errors import ApprovalVoid, InvalidInput
from incident.service import Receipt
from incident.views.ledger import ledger
from incident.views.queries import NoticeRow
from tui import filings, worksheets
from tui.board import short_recipient
from tui.briefing import write_new
from tui.cli.common import case_options, json_option, plain_option, print_json, print_receipt, print_rows, reads
from tui.cli.documents import day_given, named_row, today_of
from tui.cli.lazy import LazyGroup
from tui.compose import Workspace
from tui.session import Session

_ELSEWHERE = {
    "entity": ("tui.cli.entities:entity", "The covered entities of a business associate's incident."),
    "yearly": ("tui.cli.yearly:yearly", "The log of breaches of fewer than 500 of a calendar year."),
}


@click.group(cls=LazyGroup, elsewhere=_ELSEWHERE)
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
    found = filings.reports(queries, incident_id, now)
    if flags["as_json"]:
        print_json({"reports": [_report_json(session, each) for each in found]})
        return
    cells = [
        [str(each.filing.id)[:8] if each.filing else "", *(c.plain for c in filings.report_cells(each, now, zone))]
        for each in found
    ]
    print_rows(["ID", "DUE", "LEFT", "TO WHOM", "STATE", "FILED", "NUMBER"], cells, plain=flags["plain"])


def _report_json(session: Session, report: filings.Report) -> dict[str, Any]:
    filing = report.filing
    return {
        "obligation": report.obligation_id,
        "covered_entity": report.entity.number if report.entity is not None else None,
        "status": report.duty.status if report.duty is not None else None,
        "due": report.duty.due if report.duty is not None else None,
        "filing": msgspec.to_builtins(filing),
        "history": msgspec.to_builtins(session.queries.filing_steps(filing.id)) if filing is not None else [],
        "ledger": msgspec.to_builtins(report.line),
        "known_now": report.line.known if report.line is not None else report.known,
        "addendum_due": report.addendum_due,
    }


@filing.command("history")
@click.argument("filing_id", metavar="FILING")
@json_option
@reads
def history(session: Session, *, filing_id: str, as_json: bool) -> None:
    """Every step of FILING: prepared, filed, receipts, addenda; by whom, and with which event number."""
    row = named_row(session.queries.filings(), filing_id, "filing")
    steps = session.queries.filing_steps(row.id)
    if as_json:
        print_json({"filing": msgspec.to_builtins(row), "history": msgspec.to_builtins(steps)})
        return
    click.echo(f"{str(row.id)[:8]} {short_recipient(row.obligation_id, row.recipient)}")
    for line in filings.history_lines(steps, session.zone(row.incident)):
        click.echo(f"  {line.plain}")


@filing.command("ledger")
@click.argument("reference", required=False)
@json_option
@reads
def print_ledger(session: Session, *, reference: str | None, as_json: bool) -> None:
    """What each regulator was last told of the number of people, and what is known now; of REFERENCE or of all."""
    queries = session.queries
    found = ledger(queries, queries.incident_by_reference(reference).id if reference is not None else None)
    if as_json:
        print_json({"ledger": msgspec.to_builtins(found)})
        return
    for incident, lines in groupby(found, key=lambda line: line.reference):
        click.echo(incident)
        for line in filings.ledger_lines(tuple(lines)):
            click.echo(f"  {line.plain}")
    if not found:
        click.echo("No report was filed yet.")


@filing.command()
@click.argument("notice")
@click.option("--for", "obligation", metavar="DUTY", help="The duty it fulfils, where the notice serves several.")
@json_option
@case_options
def prepare(workspace: Workspace, *, notice: str, obligation: str | None, as_json: bool) -> None:
    """Prepare the report to a regulator from an approved NOTICE."""
    del as_json
    queries = workspace.service.queries
    row = _approved(workspace, notice)
    served = [each for each in row.obligations if filings.to_regulator(each)]
    chosen = obligation or (served[0] if len(served) == 1 else None)
    if chosen is None or chosen not in served:
        raise InvalidInput(f"--for: this notice serves {', '.join(served) or 'no regulator'}")
    board = queries.board(row.incident, workspace.service.clock.now())
    duty = board.assessment.get(chosen) if board.assessment is not None else None
    recipient = duty.recipient if duty is not None else chosen
    filing_id, receipt = workspace.documents.prepare_filing(row.id, chosen, recipient)
    _print_filing(workspace, filing_id, receipt)


@filing.command("prepare-addendum")
@click.argument("filing_id", metavar="FILING")
@click.argument("notice")
@json_option
@case_options
def prepare_addendum(workspace: Workspace, *, filing_id: str, notice: str, as_json: bool) -> None:
    """Prepare an addendum to FILING, which was filed, from an approved NOTICE."""
    del as_json
    row = named_row(workspace.service.queries.filings(), filing_id, "filing")
    source = _approved(workspace, notice)
    if row.obligation_id not in source.obligations:
        raise InvalidInput(f"notice: it does not serve {row.obligation_id}")
    _print_filing(workspace, row.id, workspace.service.filings.prepare_addendum(row.id, source.id))


def _approved(workspace: Workspace, notice: str) -> NoticeRow:
    row: NoticeRow = named_row(workspace.service.queries.notices(), notice, "notice")
    if row.status not in filings.APPROVED:
        raise ApprovalVoid(f"the notice is {row.status}; it has to be approved first")
    return row


@filing.command()
@click.argument("filing_id", metavar="FILING")
@click.option("--out", type=click.Path(path_type=Path), help="A new .pdf or .json file; else it is printed.")
@json_option
@reads
def worksheet(session: Session, *, filing_id: str, out: Path | None, as_json: bool) -> None:
    """The form of FILING screen by screen, each value as it is typed, and whether it may be filed now."""
    row = named_row(session.queries.filings(), filing_id, "filing")
    look = session.documents.preview(row.notice)
    screens = worksheets.worksheet_screens(look)
    problems = look.problems if session.past else session.documents.approval_problems(row.notice)
    if out is not None:
        written = write_new(out, worksheets.worksheet_file(look, problems, out.name))
        click.echo(f"{written}: {look.documents[0].document.title}", err=as_json)
    if as_json:
        print_json(worksheets.worksheet_json(look, problems))
    if as_json or out is not None:
        return
    for place, screen in enumerate(screens):
        click.echo(worksheets.screen_words(screens, place).plain)
        for entry in screen.entries:
            name, value, _ = worksheets.entry_cells(entry, copied=False)
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

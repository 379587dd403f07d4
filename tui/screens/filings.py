"""Filings: the duties to report to regulators, what was prepared and filed for each, and what was told."""

from typing import Any, ClassVar
from uuid import UUID

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from incident.service import Receipt
from incident.views.ledger import ledger
from incident.views.queries import NoticeRow, Queries
from tui import documents
from tui.dialogs.filing import addendum_form, filing_form, receipt_form
from tui.dialogs.lines import LinesDialog
from tui.dialogs.pick import PickDialog
from tui.filings import (
    Report,
    entities_hint,
    history_lines,
    ledger_lines,
    no_source,
    report_cells,
    report_panel,
    reports,
    sources,
)
from tui.screens.base import SectionScreen
from tui.screens.worksheet import WorksheetScreen
from tui.session import Command
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable

_EMPTY = (
    "No duty to report to a regulator on these facts.",
    "",
    "The board (1) says why each report is not due, and which missing fact could change that.",
)


class FilingsScreen(SectionScreen):
    """Section 6."""

    SECTION = "filings"
    HELP = "Reports to regulators. Filing one starts the clocks that wait on it."
    BINDINGS: ClassVar = [
        Binding("enter", "open", "Worksheet", tooltip="The form screen by screen, each value to be copied"),
        Binding("n", "prepare", "Prepare", tooltip="Prepare the report, or an addendum to it, from an approved notice"),
        Binding("f", "file", "Filed", tooltip="Record that it was filed"),
        Binding("a", "addendum", "Addendum", tooltip="Record that an addendum was filed"),
        Binding("r", "receipt", "Receipt", tooltip="Record the number or the receipt that came later"),
        Binding("h", "history", "History", tooltip="Every step of this filing, with its event number"),
        Binding("l", "ledger", "Ledger", tooltip="What each regulator was told, beside what is known now"),
        Binding("e", "entities", "Entities", show=False, tooltip="The covered entities of a business associate"),
        Binding("y", "yearly", "Year", show=False, tooltip="The yearly log of breaches of fewer than 500"),
    ]

    def __init__(self, incident_id: UUID) -> None:
        super().__init__(incident_id)
        self._reports: dict[str, Report] = {}
        self._notices: tuple[NoticeRow, ...] = ()
        self._hint = ""

    def compose_body(self) -> ComposeResult:
        """The reports, and the one under the cursor in full."""
        columns = [
            Column("DUE", 16),
            Column("LEFT", 8),
            Column("TO WHOM", 24, 2),
            Column("STATE", 14),
            Column("FILED", 11),
            Column("NUMBER", 6, 1),
        ]
        yield RecordTable(columns, id="reports")
        yield Panel(id="about")
        yield Panel(id="empty")

    def load(self) -> None:
        """Read the duties and what was filed, as of the moment in view."""
        now = self.session.now()

        def query(queries: Queries) -> tuple[tuple[Report, ...], tuple[NoticeRow, ...], str]:
            hint = entities_hint(queries, self.incident_id)
            return reports(queries, self.incident_id, now), queries.notices(self.incident_id), hint

        self.read("reports", query)

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The reports."""
        found, self._notices, self._hint = value
        self._reports = {report.key: report for report in found}
        self._show_reports()
        about, empty = self.query_one("#about", Panel), self.query_one("#empty", Panel)
        about.display, empty.display = bool(found), not found
        if not found:
            empty.show(*_EMPTY, "", self._hint)
        self._show_about()

    def tick(self) -> None:
        """The clocks run."""
        self._show_reports()

    def _show_reports(self) -> None:
        now, zone = self.session.now(), self.session.zone(self.incident_id)
        table = self.query_one(RecordTable)
        table.show_rows({key: report_cells(report, now, zone) for key, report in self._reports.items()})
        table.display = bool(self._reports)
        if self._reports and self.focused is None:
            table.focus()

    @on(RecordTable.RowHighlighted)
    def _show_about(self) -> None:
        report = self._current
        if report is not None:
            self.query_one("#about", Panel).show(*report_panel(report), *filter(None, [self._hint]))

    @property
    def _current(self) -> Report | None:
        return self._reports.get(self.query_one(RecordTable).current_key or "")

    # --- Keys

    def action_open(self) -> None:
        """Enter: the worksheet; where nothing is prepared, prepare it."""
        report = self._current
        if report is not None and report.filing is not None:
            self.app.push_screen(WorksheetScreen(self.incident_id, report.filing.id))
        else:
            self.action_prepare()

    def action_prepare(self) -> None:
        """n: choose the approved notice that the report, or the addendum to it, is made of."""
        report = self._current
        if report is None:
            return
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
            return
        filing = report.filing
        if filing is not None and (filing.filed_on is None or filing.addendum_ready):
            self.status.say("It is prepared already: Enter opens the worksheet.")
            return
        offered = sources(self._notices, report)
        if not offered:
            self.status.refuse(no_source(self._notices, report))
            return

        def chosen(key: str | None) -> None:
            if key is not None:
                self.perform("prepare", self._preparing(report, UUID(key)))

        if len(offered) == 1:
            chosen(str(offered[0].id))
        else:
            options: dict[str, str | Text] = {
                str(row.id): f"{documents.kind_title(row.kind)}, {row.status}, #{row.last_position}" for row in offered
            }
            self.app.push_screen(PickDialog("Made of which notice?", options), chosen)

    def _preparing(self, report: Report, notice_id: UUID) -> Command:
        """Prepare the report; where it was filed, the addendum to it."""
        desk, filing = self.session.documents, report.filing
        if filing is not None:
            filing_id = filing.id
            return lambda service: (filing_id, service.filings.prepare_addendum(filing_id, notice_id))
        recipient = report.duty.recipient if report.duty is not None else report.obligation_id
        entity = report.entity.number if report.entity is not None else None
        return lambda _service: desk.prepare_filing(notice_id, report.obligation_id, recipient, entity)

    def performed(self, act: str, receipt: Receipt, result: Any) -> None:  # noqa: ANN401
        """To the worksheet after preparing; what changed after filing."""
        if act == "prepare":
            self.app.push_screen(WorksheetScreen(self.incident_id, result))
        elif receipt.changes:
            self.app.push_screen(LinesDialog("Changed on the board", documents.change_lines(receipt)))

    def action_file(self) -> None:
        """f: record that it was filed."""
        report = self._current
        if report is None:
            return
        if report.filing is None:
            self.status.refuse("Nothing is prepared yet: n prepares the report.")
        elif report.filing.filed_on is not None:
            self.status.refuse(f"Filed on {report.filing.filed_on} already; a records an addendum.")
        else:
            self.ask_form("file", filing_form(self.session, self.incident_id, report.filing, report.known))

    def action_addendum(self) -> None:
        """a: record that the addendum that was prepared was filed."""
        report = self._current
        if report is None:
            return
        if report.filing is None or report.filing.filed_on is None:
            self.status.refuse("An addendum corrects a filed report; this one was not filed yet.")
        elif not report.filing.addendum_ready:
            self.status.refuse("No addendum is prepared: 5 and n draft it, counsel approves it, n here prepares it.")
        else:
            self.ask_form("addendum", addendum_form(self.session, self.incident_id, report.filing, report.known))

    def action_receipt(self) -> None:
        """r: record what the regulator gave after the filing."""
        report = self._current
        if report is None:
            return
        if report.filing is None or report.filing.filed_on is None:
            self.status.refuse("A receipt belongs to a filed report; this one was not filed yet.")
        else:
            self.ask_form("receipt", receipt_form(report.filing))

    def action_history(self) -> None:
        """h: every step of the filing under the cursor."""
        report = self._current
        if report is None or report.filing is None:
            self.status.say("Nothing was prepared or filed here yet.")
            return
        steps = self.session.queries.filing_steps(report.filing.id)
        self.app.push_screen(LinesDialog(report.whom, history_lines(steps, self.session.zone(self.incident_id))))

    def action_ledger(self) -> None:
        """l: what each regulator of this incident was told."""
        found = ledger(self.session.queries, self.incident_id)
        lines = ledger_lines(found) or (Text("No report of this incident was filed yet."),)
        self.app.push_screen(LinesDialog("What regulators were told, and what is known now", lines))

    def action_entities(self) -> None:
        """e: the covered entities, where the organization is a business associate."""
        from tui.screens.entities import EntitiesScreen  # noqa: PLC0415 - loaded when first needed

        self.app.push_screen(EntitiesScreen(self.incident_id))

    def action_yearly(self) -> None:
        """y: the log of small breaches of all incidents, by calendar year of discovery."""
        from tui.screens.yearly import YearlyScreen  # noqa: PLC0415 - loaded when first needed

        self.app.push_screen(YearlyScreen())

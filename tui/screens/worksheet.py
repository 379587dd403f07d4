"""The worksheet of a report: the regulator's form screen by screen, each value copied with one key."""

from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container

from incident.service import Receipt
from incident.views.queries import FilingRow
from notices.worksheet import Entry, Screen
from tui import documents
from tui.board import short_recipient
from tui.briefing import write_new
from tui.dialogs.filing import addendum_form, filing_form
from tui.dialogs.form import Field, Values
from tui.dialogs.lines import LinesDialog
from tui.dialogs.paths import PathFormDialog
from tui.filings import Report, reports
from tui.screens.base import IncidentScreen
from tui.widgets.frame import Line
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable
from tui.worksheets import (
    entry_cells,
    entry_panel,
    entry_text,
    missing_words,
    screen_words,
    worksheet_file,
    worksheet_screens,
)


class WorksheetScreen(IncidentScreen):
    """One prepared report."""

    HELP = "c copies the value under the cursor to the clipboard of your terminal and goes on to the next field."
    BINDINGS: ClassVar = [
        Binding("c", "copy", "Copy", tooltip="Copy the value and go on to the next field"),
        Binding("right_square_bracket", "turn(1)", "Next screen", tooltip="Next screen of the form", key_display="]"),
        Binding(
            "left_square_bracket", "turn(-1)", "Screen before", show=False, tooltip="Screen before", key_display="["
        ),
        Binding("enter", "open", "Read", tooltip="The whole value"),
        Binding("f", "file", "Filed", tooltip="Record that it was filed"),
        Binding("x", "export", "Export", tooltip="Write the form as .pdf or .json"),
    ]

    def __init__(self, incident_id: UUID, filing_id: UUID) -> None:
        super().__init__(incident_id)
        self._filing_id = filing_id
        self._screens: tuple[Screen, ...] = ()
        self._place = 0
        self._copied: set[str] = set()

    def title_words(self) -> str:
        """The incident and the recipient."""
        return f"{self.incident.reference} · Report to {short_recipient(self._filing.obligation_id)}"

    @property
    def _filing(self) -> FilingRow:
        return self.session.queries.filing(self._filing_id)

    def compose_head(self) -> ComposeResult:
        """Sections, and which screen of the form this is."""
        yield from super().compose_head()
        yield Line(id="screen")
        yield Line(id="standing")

    def compose_body(self) -> ComposeResult:
        """The fields, and the one under the cursor as the form shows it."""
        with Container(id="split"):
            yield RecordTable([Column("FIELD", 30, 1), Column("VALUE", 30, 2), Column("", 7)], id="entries")
            yield Panel(id="entry")

    def load(self) -> None:
        """Fill in the form from the notice as it would leave now."""
        session, notice_id = self.session, self._filing.notice
        desk, past = session.documents, session.viewpoint is not None

        def job() -> tuple[tuple[Screen, ...], tuple[str, ...]]:
            look = desk.preview(notice_id)
            return worksheet_screens(look), () if past else desk.approval_problems(notice_id)

        self.background("worksheet", job)

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The form."""
        self._screens, problems = value
        filing = self._filing
        standing = f"Filed on {filing.filed_on}." if filing.filed_on else "Prepared, not filed yet."
        if filing.addendum_ready:
            standing += " This is the addendum to it, not filed yet."
        if problems and (filing.filed_on is None or filing.addendum_ready):
            standing = f"✗ May not be filed now: {'; '.join(problems)}"
        elif missing := missing_words(self._screens):
            standing = f"✗ {missing}"
        self.query_one("#standing", Line).show(standing)
        self._place = min(self._place, len(self._screens) - 1)
        self._show_screen()
        if self.focused is None:
            self.query_one(RecordTable).focus()

    def _show_screen(self) -> None:
        if not self._screens:
            return
        self.query_one("#screen", Line).show(screen_words(self._screens, self._place))
        self.query_one(RecordTable).show_rows(
            {entry.name: entry_cells(entry, copied=entry.name in self._copied) for entry in self._entries}
        )
        self._show_entry()

    @property
    def _entries(self) -> tuple[Entry, ...]:
        return self._screens[self._place].entries if self._screens else ()

    @property
    def _current(self) -> Entry | None:
        key = self.query_one(RecordTable).current_key
        return next((entry for entry in self._entries if entry.name == key), None)

    @on(RecordTable.RowHighlighted)
    def _show_entry(self) -> None:
        entry = self._current
        if entry is not None:
            self.query_one("#entry", Panel).show(*entry_panel(entry))

    # --- Keys

    def action_copy(self) -> None:
        """c: by OSC 52, which works over SSH; then the next field, and after the last the next screen."""
        entry = self._current
        if entry is None:
            return
        text = entry_text(entry)
        if text:
            self.app.copy_to_clipboard(text)
            self._copied.add(entry.name)
            self.status.confirm(f"Copied {len(text):,} characters: {entry.label}")
        else:
            self.status.say(f"{entry.label}: nothing to copy.")
        table = self.query_one(RecordTable)
        if table.cursor_row + 1 < len(self._entries):
            self._show_screen()
            table.move_cursor(row=table.cursor_row + 1)
        elif self._place + 1 < len(self._screens):
            self.action_turn(1)

    def action_turn(self, by: int) -> None:
        """] and [: the screens of the form in the regulator's order."""
        if 0 <= self._place + by < len(self._screens):
            self._place += by
            self._show_screen()
            self.query_one(RecordTable).move_cursor(row=0)
        elif self._screens:
            self.status.say(
                "That was the last screen: f records the report as filed." if by > 0 else "The first screen."
            )

    def action_open(self) -> None:
        """Enter: the whole value."""
        entry = self._current
        if entry is not None:
            self.app.push_screen(LinesDialog(entry.label, entry_panel(entry)[1:]))

    def action_file(self) -> None:
        """f: record that it, or the addendum that was prepared, was filed."""
        filing = self._filing
        if filing.filed_on is not None and not filing.addendum_ready:
            self.status.refuse(f"Filed on {filing.filed_on} already; a change is filed as an addendum.")
            return
        ask = addendum_form if filing.addendum_ready else filing_form
        known = self._report.known if self._report is not None else None
        self.ask_form("file", ask(self.session, self.incident_id, filing, known))

    def action_export(self) -> None:
        """x: write the form into a file."""
        session, notice_id = self.session, self._filing.notice
        desk, past = session.documents, session.viewpoint is not None

        def job(values: Values) -> object:
            look = desk.preview(notice_id)
            problems = look.problems if past else desk.approval_problems(notice_id)
            return write_new(Path(values["file"]), worksheet_file(look, problems, values["file"]))

        def written(path: object) -> None:
            if path is not None:
                self.status.confirm(f"Written: {path}")

        fields = [Field("file", "File", "worksheet.pdf", required=True, hint=".pdf .json")]
        note = "It leaves the protection of the case."
        self.app.push_screen(
            PathFormDialog("Export the form", fields, paths=["file"], note=note, job=job, commit="write"), written
        )

    @property
    def _report(self) -> Report | None:
        found = reports(self.session.queries, self.incident_id, self.session.now())
        return next((each for each in found if each.filing is not None and each.filing.id == self._filing_id), None)

    def performed(self, act: str, receipt: Receipt, result: Any) -> None:  # noqa: ANN401
        """What the filing changed on the board."""
        if receipt.changes:
            self.app.push_screen(LinesDialog("Changed on the board", documents.change_lines(receipt)))

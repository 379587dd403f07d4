"""The yearly log of small breaches: one calendar year of discovery, all incidents, how far each report is."""

from pathlib import Path
from typing import Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from incident.views.small_breaches import Place, YearlyLog, year_in_work, yearly_log
from notices.yearly import Line as YearlyLine
from notices.yearly import lines_of
from tui.dialogs.form import Field, Values
from tui.dialogs.lines import LinesDialog
from tui.dialogs.paths import PathFormDialog
from tui.screens.base import CaseScreen
from tui.widgets.frame import Line
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable
from tui.work import program
from tui.yearly import entry_cells, entry_panel, year_summary, yearly_file


class YearlyScreen(CaseScreen):
    """One year; [ and ] turn to the others."""

    TITLE_WORDS = "Log of small breaches"
    HELP = "Every incident by its calendar year of discovery. Nothing is dropped: what is open is shown as open."
    BINDINGS: ClassVar = [
        Binding("left_square_bracket", "turn(-1)", "Year before", tooltip="The year before", key_display="["),
        Binding("right_square_bracket", "turn(1)", "Next year", tooltip="The year after", key_display="]"),
        Binding("enter", "open", "Filings", tooltip="The filings of the incident under the cursor"),
        Binding("space", "read_entry", "Read", tooltip="The entry in full: reason, packet, missing fields"),
        Binding("x", "export", "Export", tooltip="Write the log as .pdf, .csv, .txt or .json"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._year: int | None = None
        self._log: YearlyLog | None = None
        self._lines: dict[str, YearlyLine] = {}

    def title_words(self) -> str:
        """Which year."""
        return f"{self.session.case.name} · {self.TITLE_WORDS} {self._year or ''}".rstrip()

    def compose_head(self) -> ComposeResult:
        """When it is due, and how far it is."""
        yield Line(id="summary")

    def compose_body(self) -> ComposeResult:
        """The entries, and the one under the cursor."""
        columns = [
            Column("REF", 9),
            Column("DISCOVERED", 11),
            Column("PEOPLE", 11, 1),
            Column("STANDS", 15),
            Column("REPORT", 18, 1),
            Column("INCIDENT", 14, 2),
        ]
        yield RecordTable(columns, id="entries")
        yield Panel(id="about")

    def load(self) -> None:
        """Read the year as of the moment in view."""
        session, now = self.session, self.session.now().astimezone(self.session.zone())
        if self._year is None:
            self._year = year_in_work(session.queries, now.date())
        year, desk = self._year, session.documents

        def job() -> tuple[YearlyLog, tuple[YearlyLine, ...]]:
            log = yearly_log(session.queries, year, now)
            return log, lines_of(desk, log)

        self.background("year", job)

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The year."""
        self._log, lines = value
        self._lines = {line.entry.key: line for line in lines}
        self.query_one("#summary", Line).show(Text(year_summary(self._log, lines)))
        table = self.query_one(RecordTable)
        table.show_rows({key: entry_cells(line) for key, line in self._lines.items()})
        table.display = bool(self._lines)
        if not self._lines:
            self.query_one("#about", Panel).show(
                "No incident of this case was discovered in this year.", "", "[ and ] turn to other years."
            )
        elif self.focused is None:
            table.focus()
        self._show_about()

    @on(RecordTable.RowHighlighted)
    def _show_about(self) -> None:
        if self._current is not None:
            self.query_one("#about", Panel).show(*entry_panel(self._current))

    @property
    def _current(self) -> YearlyLine | None:
        return self._lines.get(self.query_one(RecordTable).current_key or "")

    # --- Keys

    def action_turn(self, by: int) -> None:
        """[ and ]: the years."""
        if self._year is not None:
            self._year += by
            self._show_frame()
            self.load()

    def action_open(self) -> None:
        """Enter: the filings of the incident."""
        line = self._current
        if line is not None:
            name = "board" if line.entry.place is Place.NO_DATE else "filings"
            program(self).open_section(name, line.entry.incident)

    def action_read_entry(self) -> None:
        """Space: the entry in full."""
        line = self._current
        if line is not None:
            self.app.push_screen(LinesDialog(line.entry.reference, entry_panel(line)))

    def action_export(self) -> None:
        """x: write the log into a file."""
        log = self._log
        if log is None:
            return
        lines = tuple(self._lines.values())

        def job(values: Values) -> object:
            return yearly_file(log, lines, Path(values["file"]))

        def written(path: object) -> None:
            if path is not None:
                self.status.confirm(f"Written: {path}")

        fields = [Field("file", "File", f"small-breaches-{log.year}.pdf", required=True, hint=".pdf .csv .txt .json")]
        note = "It names incidents and no people affected. It leaves the protection of the case."
        self.app.push_screen(
            PathFormDialog("Export the log", fields, paths=["file"], note=note, job=job, commit="write"), written
        )

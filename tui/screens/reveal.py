"""The reveal: what the law asked for, what was really done, and what the players did, duty by duty."""

from typing import Any, ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from incident.exercise.replay import Comparison
from tui import exercises
from tui.dialogs.lines import LinesDialog
from tui.screens.base import IncidentScreen
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable


class RevealScreen(IncidentScreen):
    """Only reached after a confirmation; the log keeps that the players saw it."""

    TITLE_WORDS = "Reveal"
    HELP = "LAW is the last lawful day on the players' facts, THEN what was really done, YOU what the players did."
    BINDINGS: ClassVar = [Binding("s", "sources", "Sources", tooltip="What the exercise was made of")]

    def __init__(self, incident_id: UUID) -> None:
        super().__init__(incident_id)
        self._rows: dict[str, Comparison] = {}

    def compose_body(self) -> ComposeResult:
        """The duties, and the one under the cursor in full."""
        columns = [Column("TO WHOM", 20, 1), Column("LAW", 15), Column("THEN", 22), Column("YOU", 22)]
        yield RecordTable(columns, id="duties")
        yield Panel(id="about")

    def on_mount(self) -> None:
        """Whoever reads the log later knows from when on the players knew."""
        known = self.session.service.queries.timeline(self.incident_id)
        if not any(row.text == exercises.REVEALED for row in known):
            self.perform("reveal", lambda service: service.incidents.log_action(self.incident_id, exercises.REVEALED))

    def load(self) -> None:
        """Compare."""
        replay = self.session.workspace.replay
        assert replay is not None
        self.background("comparison", lambda: replay.comparison(self.incident_id))

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """Duty by duty."""
        self._rows = {row.obligation_id: row for row in value}
        table = self.query_one(RecordTable)
        table.show_rows({key: exercises.comparison_cells(row) for key, row in self._rows.items()})
        if self.focused is None:
            table.focus()
        self._show_about()

    @on(RecordTable.RowHighlighted)
    def _show_about(self) -> None:
        row = self._rows.get(self.query_one(RecordTable).current_key or "")
        if row is not None:
            self.query_one("#about", Panel).show(*exercises.comparison_panel(row))

    def action_sources(self) -> None:
        """s: what is on public record, and what was made up."""
        replay = self.session.workspace.replay
        assert replay is not None
        self.app.push_screen(LinesDialog("What this exercise was made of", exercises.sources_lines(replay.scenario)))

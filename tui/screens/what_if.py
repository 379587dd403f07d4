"""What if: facts changed in memory only, and what would move on the board. Nothing here is recorded."""

from typing import Any, ClassVar
from uuid import UUID

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from incident.views.queries import FactRow, Queries
from jurisdictions.obligations import diff_assessments
from tui.board import change_lines, heading
from tui.dialogs.answer import suppose_form
from tui.hypothesis import suppose
from tui.questions import Answer, answerable_paths, askable, question, shown
from tui.record import supposed_cells
from tui.screens.base import IncidentScreen
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable


class WhatIfScreen(IncidentScreen):
    """Pushed from the board by w."""

    TITLE_WORDS = "WHAT IF - nothing here is recorded"
    HELP = "Suppose other facts, as many as you like; the list below shows what would change."
    BINDINGS: ClassVar = [
        Binding("enter", "suppose", "Suppose"),
        Binding("x", "clear", "Clear", tooltip="Clear all suppositions"),
    ]

    def __init__(self, incident_id: UUID) -> None:
        super().__init__(incident_id)
        self._facts: dict[str, FactRow] = {}
        self._supposed: dict[str, Any] = {}
        self._changes: tuple[str, ...] = ()

    def compose_body(self) -> ComposeResult:
        """Facts with their supposed values, and the differences."""
        yield RecordTable([Column("FACT", 28, 2), Column("NOW", 20, 2), Column("SUPPOSED", 20, 2)], id="facts")
        yield Panel(id="changes")

    def load(self) -> None:
        """Read the facts, and what would change under the suppositions."""
        now = self.session.now()
        supposed = dict(self._supposed)

        def query(queries: Queries) -> tuple[dict[str, FactRow], tuple[str, ...]]:
            present = queries.board(self.incident_id, now).assessment
            other = suppose(queries, self.incident_id, supposed, now)
            changes = diff_assessments(present, other) if present is not None else ()
            return queries.facts(self.incident_id), changes

        self.read("what-if", query)

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The answer of the law, or a supposition that was just made."""
        if what == "suppose":
            answer: Answer = value
            self._supposed |= answer.values
            self.load()
            return
        self._facts, self._changes = value
        zone = self.session.zone(self.incident_id)
        paths = dict.fromkeys((*self._supposed, *sorted(self._facts), *answerable_paths()))
        table = self.query_one("#facts", RecordTable)
        table.show_rows(
            {path: supposed_cells(path, self._facts.get(path), self._supposed, zone) for path in paths if askable(path)}
        )
        if self.focused is None:
            table.focus()
        panel = self.query_one("#changes", Panel)
        if not self._supposed:
            panel.show("Enter supposes another value for the fact under the cursor.")
        elif self._changes:
            panel.show(heading(f"{len(self._changes)} changes on the board"), *change_lines(self._changes))
        else:
            panel.show(Text("Nothing on the board would change.", style="bold"))

    def refused(self, act: str) -> None:
        """A supposition that contradicts the facts is taken back."""
        if self._supposed:
            self._supposed.popitem()
            self.load()

    @on(RecordTable.RowHighlighted)
    def _nothing(self, message: RecordTable.RowHighlighted) -> None:
        message.stop()

    def action_suppose(self) -> None:
        """Suppose another value for the fact under the cursor."""
        path = self.query_one("#facts", RecordTable).current_key
        if path is None:
            return
        zone = self.session.zone(self.incident_id)
        fact = self._facts.get(path)
        present = shown(path, fact.value, zone, fact.source) if fact is not None else "unknown"

        def answered(answer: object) -> None:
            if isinstance(answer, Answer):
                self.show("suppose", answer)

        self.app.push_screen(suppose_form(question(path), self.session, self.incident_id, present), answered)

    def action_clear(self) -> None:
        """Back to what is known."""
        self._supposed.clear()
        self.load()

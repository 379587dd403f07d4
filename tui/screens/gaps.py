"""Gaps: the questions whose answers could move a date, the biggest mover first; answered in place."""

from typing import Any, ClassVar
from uuid import UUID

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding

from tui.board import effect_lines, heading, short_recipient
from tui.dialogs.answer import answer_form
from tui.hypothesis import Gap, gaps
from tui.questions import askable, question
from tui.screens.base import IncidentScreen
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable


class GapsScreen(IncidentScreen):
    """Pushed from the board by g."""

    TITLE_WORDS = "Gaps"
    HELP = "What an answer would do is worked out by asking the law with each answer. Nothing is recorded by looking."
    BINDINGS: ClassVar = [Binding("enter", "answer", "Answer")]

    def __init__(self, incident_id: UUID) -> None:
        super().__init__(incident_id)
        self._gaps: tuple[Gap, ...] = ()

    def compose_body(self) -> ComposeResult:
        """Questions, and what the answers to the one under the cursor would do."""
        yield RecordTable([Column("", 3), Column("QUESTION", 30, 3), Column("DUTIES", 16, 2)], id="gaps")
        yield Panel(id="effects")

    def load(self) -> None:
        """Work out the questions and their effects."""
        now = self.session.now()
        self.read("gaps", lambda queries: gaps(queries, self.incident_id, now))

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The questions, biggest mover first."""
        self._gaps = value
        if not self.status.has_class("-receipt"):
            self.status.say(f"{len(value)} questions could move a date." if value else "")
        table = self.query_one("#gaps", RecordTable)
        table.show_rows({gap.path: _cells(number, gap) for number, gap in enumerate(value, start=1)})
        table.display = bool(value)
        if value and self.focused is None:
            table.focus()
        self._show_effects()

    @on(RecordTable.RowHighlighted)
    def _show_effects(self) -> None:
        panel = self.query_one("#effects", Panel)
        gap = self._current
        if gap is None:
            panel.show("No open question: every duty on the board is settled by what is known.")
            return
        lines: list[str | Text] = [heading(gap.words), Text(gap.path, style="dim")]
        lines.extend(effect_lines(gap.effects))
        if not gap.effects:
            lines.append("Its answer settles: " + ", ".join(short_recipient(duty) for duty in gap.duties))
        panel.show(*lines)

    @property
    def _current(self) -> Gap | None:
        key = self.query_one("#gaps", RecordTable).current_key
        return next((gap for gap in self._gaps if gap.path == key), None)

    def action_answer(self) -> None:
        """Answer the question under the cursor."""
        gap = self._current
        if gap is None:
            return
        if not askable(gap.path):
            self.status.say(f"{gap.path}: record it on the facts list (f on the board).")
            return
        self.ask_form("answer", answer_form(question(gap.path), self.session, self.incident_id))

    def on_key(self, event: events.Key) -> None:
        """Inside the gaps a digit chooses a question; Esc first to switch sections."""
        if event.character and event.character in "123456789" and int(event.character) <= len(self._gaps):
            event.stop()
            event.prevent_default()
            self.query_one("#gaps", RecordTable).move_cursor(row=int(event.character) - 1)
            self.action_answer()


def _cells(number: int, gap: Gap) -> tuple[Text, ...]:
    return (
        Text(str(number), style="bold"),
        Text(gap.words),
        Text(", ".join(short_recipient(each) for each in gap.duties)),
    )

"""Facts: everything known, with the event that says so; an edit is a correction with its reason."""

from typing import Any, ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from incident.views.queries import FactRow, Queries
from tui.dialogs.answer import answer_form
from tui.dialogs.hold import hold_form
from tui.questions import answerable_paths, askable, question, shown
from tui.record import fact_cells, fact_panel
from tui.screens.base import IncidentScreen
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable


class FactsScreen(IncidentScreen):
    """Known facts first, then what may still be answered."""

    TITLE_WORDS = "Facts"
    HELP = "A correction keeps the old value in the log. ? as an answer takes a value back to unknown."
    BINDINGS: ClassVar = [
        Binding("enter", "answer", "Answer or correct"),
        Binding("c", "answer", "Correct", show=False),
        Binding("h", "hold", "Hold", tooltip="A law-enforcement official asked for delay"),
    ]

    def __init__(self, incident_id: UUID) -> None:
        super().__init__(incident_id)
        self._facts: dict[str, FactRow] = {}

    def compose_body(self) -> ComposeResult:
        """The list, and all about the fact under the cursor."""
        yield RecordTable(
            [Column("FACT", 26, 2), Column("VALUE", 22, 3), Column("EVENT", 7), Column("SOURCE", 10, 1)], id="facts"
        )
        yield Panel(id="about")

    def load(self) -> None:
        """Read what is known as of the moment in view."""

        def query(queries: Queries) -> dict[str, FactRow]:
            return queries.facts(self.incident_id)

        self.read("facts", query)

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """Known ones by path, then the open ones."""
        self._facts = value
        zone = self.session.zone(self.incident_id)
        open_paths = [path for path in answerable_paths() if path not in value]
        table = self.query_one("#facts", RecordTable)
        table.show_rows(
            {path: fact_cells(path, value.get(path), zone) for path in (*sorted(value, key=_in_order), *open_paths)}
        )
        if self.focused is None:
            table.focus()
        self._show_about()

    @on(RecordTable.RowHighlighted)
    def _show_about(self) -> None:
        path = self.query_one("#facts", RecordTable).current_key
        if path is not None:
            zone = self.session.zone(self.incident_id)
            self.query_one("#about", Panel).show(*fact_panel(path, self._facts.get(path), zone))

    def action_answer(self) -> None:
        """Answer or correct the fact under the cursor."""
        path = self.query_one("#facts", RecordTable).current_key
        if path is None:
            return
        if path == "law_enforcement_holds":
            self.action_hold()
            return
        if not askable(path):
            self.status.say(f"{path} holds several parts; each part is a line of its own.")
            return
        fact = self._facts.get(path)
        zone = self.session.zone(self.incident_id)
        present = shown(path, fact.value, zone, fact.source) if fact is not None else ""
        form = answer_form(question(path), self.session, self.incident_id, present=present, correcting=fact is not None)
        self.ask_form("answer", form)

    def action_hold(self) -> None:
        """Record a law-enforcement delay."""
        self.ask_form("hold", hold_form(self.session, self.incident_id))


_SECTIONS = ("incident", "discovery", "affected", "organization", "law_enforcement_holds", "given")


def _in_order(path: str) -> tuple[int, str]:
    section = path.partition(".")[0]
    return (_SECTIONS.index(section) if section in _SECTIONS else len(_SECTIONS), path)

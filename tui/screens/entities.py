"""The covered entities of a business associate's incident: how many people each, who was told, who files for whom."""

from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from incident.views.entities import EntityRow
from incident.views.queries import Queries
from tui.dialogs.entity import entity_form, told_form
from tui.filings import entity_cells, entity_words
from tui.screens.base import IncidentScreen
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable

_EMPTY = (
    "No covered entity is named in this incident.",
    "",
    "Where your organization is a business associate, n names each covered entity whose information was involved.",
    "Each has to be told (45 CFR 164.410), and its own number of individuals decides its report to HHS.",
)


class EntitiesScreen(IncidentScreen):
    """All covered entities of one incident."""

    TITLE_WORDS = "Covered entities"
    HELP = "Told: the notice of 45 CFR 164.410. Files: who reports to HHS, the covered entity itself or you for it."
    BINDINGS: ClassVar = [
        Binding("n", "new", "Name one", tooltip="Name a covered entity"),
        Binding("enter", "edit", "Correct", tooltip="Correct what is known of it"),
        Binding("t", "told", "Told", tooltip="Record that it was told"),
    ]

    def __init__(self, incident_id: Any) -> None:  # noqa: ANN401
        super().__init__(incident_id)
        self._rows: dict[str, EntityRow] = {}

    def compose_body(self) -> ComposeResult:
        """The entities, and the one under the cursor in full."""
        columns = [
            Column("NO", 4),
            Column("COVERED ENTITY", 22, 2),
            Column("INDIVIDUALS", 16),
            Column("AGENT", 6),
            Column("FILES", 8),
            Column("TOLD", 11),
        ]
        yield RecordTable(columns, id="entities")
        yield Panel(id="about")
        yield Panel(id="empty")

    def load(self) -> None:
        """Read them as of the moment in view."""

        def query(queries: Queries) -> tuple[EntityRow, ...]:
            return queries.covered_entities(self.incident_id)

        self.read("entities", query)

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The entities."""
        self._rows = {str(row.number): row for row in value}
        table, about, empty = (
            self.query_one(RecordTable),
            self.query_one("#about", Panel),
            self.query_one("#empty", Panel),
        )
        table.show_rows({key: entity_cells(row) for key, row in self._rows.items()})
        table.display = about.display = bool(self._rows)
        empty.display = not self._rows
        if not self._rows:
            empty.show(*_EMPTY)
        elif self.focused is None:
            table.focus()
        self._show_about()

    @on(RecordTable.RowHighlighted)
    def _show_about(self) -> None:
        row = self._current
        if row is not None:
            details = "; ".join(f"{name.replace('_', ' ')}: {words}" for name, words in row.details.items())
            self.query_one("#about", Panel).show(entity_words(row), details or "No details for the form yet: Enter.")

    @property
    def _current(self) -> EntityRow | None:
        return self._rows.get(self.query_one(RecordTable).current_key or "")

    # --- Keys

    def action_new(self) -> None:
        """n: name a covered entity."""
        self.ask_form("new", entity_form(self.incident_id, None))

    def action_edit(self) -> None:
        """Enter: correct what is known of it."""
        if self._current is not None:
            self.ask_form("edit", entity_form(self.incident_id, self._current))

    def action_told(self) -> None:
        """t: record that it was told."""
        row = self._current
        if row is None:
            return
        if row.told_on is not None:
            self.status.refuse(f"{row.name} was told on {row.told_on} already.")
        else:
            self.ask_form("told", told_form(self.session, self.incident_id, row))

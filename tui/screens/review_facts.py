"""The facts a notice rests on, each with the event that says so."""

from typing import Any, ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from incident.views.queries import FactRow
from notices.dependence import Use
from tui import documents, review
from tui.dialogs.lines import LinesDialog
from tui.record import entry_panel
from tui.reviewing import uses
from tui.screens.base import IncidentScreen
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable

_ORDER = (Use.TEXT, Use.NEEDED, Use.COVERED)


class ReviewFactsScreen(IncidentScreen):
    """Read-only: what the notice says first, then what its approval covers besides."""

    TITLE_WORDS = "Facts of the notice"
    HELP = "In the text: without this fact the notice would read otherwise. An approval covers every fact listed."
    BINDINGS: ClassVar = [Binding("enter", "source", "Source", tooltip="The entry of the log that says so")]

    def __init__(self, incident_id: UUID, notice_id: UUID) -> None:
        super().__init__(incident_id)
        self._notice_id = notice_id
        self._facts: dict[str, FactRow] = {}
        self._uses: dict[str, Use] = {}

    def title_words(self) -> str:
        """The incident, this screen, and the kind of notice."""
        kind = self.session.service.queries.notice(self._notice_id).kind
        return f"{self.incident.reference} · {self.TITLE_WORDS} · {documents.kind_title(kind)}"

    def compose_body(self) -> ComposeResult:
        """The list, and the fact under the cursor."""
        columns = [
            Column("EVENT", 7),
            Column("FACT", 24, 2),
            Column("VALUE", 20, 3),
            Column("NOTICE", 15),
            Column("SOURCE", 10, 1),
        ]
        yield RecordTable(columns, id="uses")
        yield Panel(id="about")

    def load(self) -> None:
        """Show the facts; what rests on them takes a moment, because the notice is written once without each."""
        if not self._facts:
            self.status.say("Looking at which facts the notice rests on…")
        session, incident_id, notice_id = self.session, self.incident_id, self._notice_id
        self.read("facts", lambda queries: queries.facts(incident_id))
        self.background("uses", lambda: uses(session, incident_id, notice_id))

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """Those in the text first, once that is known."""
        if what == "facts":
            self._facts = {path: row for path, row in value.items() if not path.startswith("given.")}
        else:
            self._uses = value
            resting = sum(use is not Use.COVERED for use in self._uses.values())
            self.status.say(f"It rests on {resting} of {len(self._uses)} facts; an approval covers all of them.")
        ordered = sorted(self._facts, key=lambda path: (_ORDER.index(self._uses.get(path, Use.COVERED)), path))
        table = self.query_one("#uses", RecordTable)
        table.show_rows({path: review.use_cells(self._facts[path], self._uses.get(path)) for path in ordered})
        if self.focused is None:
            table.focus()
        self._show_about()

    @on(RecordTable.RowHighlighted)
    def _show_about(self) -> None:
        path = self.query_one("#uses", RecordTable).current_key
        if path in self._facts:
            zone = self.session.zone(self.incident_id)
            self.query_one("#about", Panel).show(*review.use_panel(self._facts[path], self._uses.get(path), zone))

    def action_source(self) -> None:
        """Enter: the entry."""
        path = self.query_one("#uses", RecordTable).current_key
        if path in self._facts:
            position = self._facts[path].position
            self.read_entry(position)

    def read_entry(self, position: int) -> None:
        """Show an entry of the log."""
        row = self.session.queries.timeline(self.incident_id, after=position - 1)[0]
        lines = entry_panel(row, self.session.zone(self.incident_id))
        self.app.push_screen(LinesDialog(f"Event #{row.position}", lines))

"""Notices: the list of an incident, and a new one of a kind that a duty asks for."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from incident.views.queries import NoticeRow, Queries
from notices.desk import Suggestion
from tui import documents
from tui.dialogs.pick import PickDialog
from tui.screens.base import SectionScreen
from tui.screens.delivery import DeliveryScreen
from tui.screens.notice import NoticeScreen
from tui.screens.notice_form import NoticeFormScreen
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable

Voids = Mapping[UUID, tuple[str, ...]]
"""Notice -> why its approval no longer covers it."""
_EMPTY = (
    "No notice yet.",
    "",
    "Press n to draft one: the kinds that a duty of this incident asks for come first.",
    "Dates, numbers and kinds of data come from the facts; only words are typed.",
    "Each required element is then looked for in the text itself, with its citation.",
    "Counsel, who did not draft it, approves one exact text; nothing is rendered or sent without that.",
)


class NoticesScreen(SectionScreen):
    """Section 5."""

    SECTION = "notices"
    HELP = "Every notice of this incident, from draft to sent."
    BINDINGS: ClassVar = [
        Binding("enter", "open", "Open", tooltip="Read, submit, approve, render, record as sent"),
        Binding("n", "new", "New", tooltip="Draft a new notice"),
        Binding("t", "templates", "Templates", show=False, tooltip="Own templates: letterhead, signature, sections"),
        Binding("d", "delivery", "Delivery", tooltip="Delivery: batches, mailing again, postings, each person"),
    ]

    def __init__(self, incident_id: UUID) -> None:
        super().__init__(incident_id)
        self._notices: dict[str, NoticeRow] = {}
        self._void: Voids = {}

    def compose_body(self) -> ComposeResult:
        """The notices, and the one under the cursor in full."""
        yield RecordTable(
            [
                Column("NOTICE", 20, 3),
                Column("STATUS", 18),
                Column("SERVES", 16, 2),
                Column("APPROVED", 9),
                Column("DOCS", 6),
                Column("SENT", 11),
            ],
            id="notices",
        )
        yield Panel(id="about")
        yield Panel(id="empty")

    def load(self) -> None:
        """Read the notices as of the moment in view."""
        session, incident_id = self.session, self.incident_id

        def query(queries: Queries) -> tuple[tuple[NoticeRow, ...], Voids]:
            live = session.viewpoint is None
            return queries.notices(incident_id), session.service.reviews.voided(incident_id) if live else {}

        self.read("notices", query)

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The notices, or the kinds that may be drafted."""
        if what == "kinds":
            self._ask_kind(value)
            return
        if what.startswith("form "):
            self.app.push_screen(NoticeFormScreen(self.incident_id, what.removeprefix("form "), value))
            return
        rows, self._void = value
        self._notices = {str(row.id): row for row in rows}
        table = self.query_one(RecordTable)
        table.show_rows(
            {key: documents.notice_cells(row, void=row.id in self._void) for key, row in self._notices.items()}
        )
        table.display = bool(self._notices)
        about, empty = self.query_one("#about", Panel), self.query_one("#empty", Panel)
        about.display, empty.display = bool(self._notices), not self._notices
        if not self._notices:
            empty.show(*_EMPTY)
        elif self.focused is None:
            table.focus()
        self._show_about()

    @on(RecordTable.RowHighlighted)
    def _show_about(self) -> None:
        row = self._current
        if row is not None:
            lines = list(documents.notice_panel(row))
            if row.id in self._void:
                lines.append(
                    f"VOID: {'; '.join(self._void[row.id])}. Enter, then m: what that touches; s submits again."
                )
            self.query_one("#about", Panel).show(*lines)

    @property
    def _current(self) -> NoticeRow | None:
        return self._notices.get(self.query_one(RecordTable).current_key or "")

    def action_open(self) -> None:
        """The notice under the cursor."""
        row = self._current
        if row is None:
            self.status.say("No notice yet: n drafts one.")
        else:
            self.app.push_screen(NoticeScreen(self.incident_id, row.id))

    def action_delivery(self) -> None:
        """d: what went out, and what has to stay."""
        self.app.push_screen(DeliveryScreen(self.incident_id))

    def action_new(self) -> None:
        """Choose a kind; the form starts with what the record says."""
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
            return
        workspace = self.session.workspace
        self.background("kinds", lambda: workspace.documents.suggestions(self.incident_id))

    def action_templates(self) -> None:
        """t: what letters are written with."""
        from tui.screens.templates import TemplatesScreen  # noqa: PLC0415 - reads pictures, which few need

        self.app.push_screen(TemplatesScreen())

    def _ask_kind(self, suggestions: tuple[Suggestion, ...]) -> None:
        options: dict[str, str | Text] = {
            each.kind.name: Text.assemble(
                (each.kind.title, "" if each.obligations else "dim"),
                (f"\n    {documents.serves(each.obligations)}", "dim"),
            )
            for each in suggestions
        }
        workspace = self.session.workspace

        def chosen(kind: str | None) -> None:
            if kind is not None:
                self.background(f"form {kind}", lambda: workspace.documents.defaults(self.incident_id, kind))

        self.app.push_screen(PickDialog("Draft which notice?", options), chosen)

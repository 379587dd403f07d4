"""Review: counsel's queue, every notice of the case that waits to be read, the longest waiting first."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from incident.views.queries import IncidentRow, NoticeRow, Queries
from tui import documents
from tui.screens.base import SectionScreen
from tui.screens.notice import NoticeScreen
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable

_SUBMITTED = "notice.submitted"
_EMPTY = (
    "Nothing waits for review.",
    "",
    "A drafter submits a notice with s (5 Notices, Enter). It then waits here, whichever incident it belongs to.",
)


class Waiting(msgspec.Struct, frozen=True):
    """A notice in the queue. `since` is when it was submitted last."""

    notice: NoticeRow
    incident: IncidentRow
    since: datetime | None


class ReviewScreen(SectionScreen):
    """Section 7; the queue is that of the whole case."""

    SECTION = "review"
    HELP = "Notices that wait for counsel. Enter reads one; A approves exactly that text, c asks for changes."
    BINDINGS: ClassVar = [Binding("enter", "open", "Read", tooltip="Read the notice, then approve it or send it back")]

    def __init__(self, incident_id: UUID) -> None:
        super().__init__(incident_id)
        self._queue: dict[str, Waiting] = {}

    def compose_body(self) -> ComposeResult:
        """The queue."""
        columns = [
            Column("INCIDENT", 10),
            Column("NOTICE", 20, 3),
            Column("SERVES", 14, 2),
            Column("DRAFTED BY", 11),
            Column("WAITS SINCE", 20),
        ]
        yield RecordTable(columns, id="queue")
        yield Panel(id="about")
        yield Panel(id="empty")

    def load(self) -> None:
        """Read the queue as of the moment in view."""
        self.read("queue", _queue)

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The queue."""
        self._queue = {str(each.notice.id): each for each in value}
        zone = self.session.zone(self.incident_id)
        table = self.query_one(RecordTable)
        table.show_rows(
            {
                key: documents.review_cells(each.notice, each.incident.reference, each.since, zone)
                for key, each in self._queue.items()
            }
        )
        table.display = bool(self._queue)
        about, empty = self.query_one("#about", Panel), self.query_one("#empty", Panel)
        about.display, empty.display = bool(self._queue), not self._queue
        if not self._queue:
            empty.show(*_EMPTY)
        elif self.focused is None:
            table.focus()
        self._show_about()

    @on(RecordTable.RowHighlighted)
    def _show_about(self) -> None:
        each = self._queue.get(self.query_one(RecordTable).current_key or "")
        if each is not None:
            person = self.session.person
            lines = [f"{each.incident.reference} {each.incident.title}", *documents.notice_panel(each.notice)]
            if person.role != "counsel":
                lines.append(f"You work as {person.role.replace('_', ' ')}; U goes on as counsel.")
            elif each.notice.drafted_by == person.user:
                lines.append("You drafted it; another person must review it.")
            self.query_one("#about", Panel).show(*lines)

    def action_open(self) -> None:
        """Read the notice under the cursor."""
        each = self._queue.get(self.query_one(RecordTable).current_key or "")
        if each is not None:
            self.app.push_screen(NoticeScreen(each.notice.incident, each.notice.id))


def _queue(queries: Queries) -> tuple[Waiting, ...]:
    incidents = {row.id: row for row in queries.incidents()}
    submitted = {row.stream: row.recorded_at for row in queries.timeline() if row.topic == _SUBMITTED}
    waiting = [
        Waiting(row, incidents[row.incident], submitted.get(row.id))
        for row in queries.notices()
        if row.status == "in review"
    ]
    return tuple(sorted(waiting, key=lambda each: each.notice.last_position))

"""Review: counsel's queue, every notice of the case that waits to be read, the longest waiting first."""

from datetime import datetime
from typing import Any, ClassVar

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical

from incident.views.queries import IncidentRow, NoticeRow, Queries
from jurisdictions.obligations import Obligation
from tui import documents, review
from tui.screens.advice import AdviceScreen
from tui.screens.base import CaseScreen, SectionScreen
from tui.screens.review_notice import ReviewNoticeScreen
from tui.session import Session
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable

_SUBMITTED = "notice.submitted"
_EMPTY = (
    "Nothing waits for review.",
    "",
    "A drafter submits a notice with s (5 Notices, Enter). It then waits here, whichever incident it belongs to.",
)


class Waiting(msgspec.Struct, frozen=True):
    """A notice in the queue. `since` is when it was submitted last; `duties` are those that it serves."""

    notice: NoticeRow
    incident: IncidentRow
    since: datetime | None
    duties: tuple[Obligation, ...]


class QueueBody(Vertical):
    """The queue, and the notice under the cursor in short."""

    def __init__(self) -> None:
        super().__init__()
        self._queue: dict[str, Waiting] = {}

    def compose(self) -> ComposeResult:
        """The queue."""
        columns = [
            Column("INCIDENT", 10),
            Column("NOTICE", 18, 3),
            Column("DUE", 20, 2),
            Column("DRAFTED BY", 11),
            Column("SINCE", 12),
        ]
        yield RecordTable(columns, id="queue")
        yield Panel(id="about")
        yield Panel(id="empty")

    @property
    def current(self) -> Waiting | None:
        """The notice under the cursor."""
        return self._queue.get(self.query_one(RecordTable).current_key or "")

    def show(self, session: Session, found: tuple[Waiting, ...]) -> None:
        """Put the queue into the table."""
        self._queue = {str(each.notice.id): each for each in found}
        table = self.query_one(RecordTable)
        table.show_rows(
            {
                key: review.queue_cells(
                    each.notice, each.incident.reference, each.duties, each.since, session.zone(each.incident.id)
                )
                for key, each in self._queue.items()
            }
        )
        table.display = bool(self._queue)
        about, empty = self.query_one("#about", Panel), self.query_one("#empty", Panel)
        about.display, empty.display = bool(self._queue), not self._queue
        if not self._queue:
            empty.show(*_EMPTY)
        elif self.screen.focused is None:
            table.focus()
        self.show_about(session)

    def show_about(self, session: Session) -> None:
        """The notice under the cursor, and whether the person at work may decide on it."""
        each = self.current
        if each is None:
            return
        person = session.person
        lines = [f"{each.incident.reference} {each.incident.title}", *documents.notice_panel(each.notice)]
        if person.role != "counsel":
            lines.append(f"You work as {person.role.replace('_', ' ')}; U goes on as counsel.")
        elif each.notice.drafted_by == person.user:
            lines.append("You drafted it; another person must review it.")
        self.query_one("#about", Panel).show(*lines)


class ReviewScreen(SectionScreen):
    """Section 7; the queue is that of the whole case."""

    SECTION = "review"
    HELP = "Notices that wait for counsel. Enter reads one; there A approves exactly that text, c asks for changes."
    BINDINGS: ClassVar = [Binding("enter", "open", "Read", tooltip="Read the notice, then approve it or send it back")]

    def compose_body(self) -> ComposeResult:
        """The queue."""
        yield QueueBody()

    def load(self) -> None:
        """Read the queue as of the moment in view."""
        now = self.session.now()
        self.read("queue", lambda queries: waiting(queries, now))

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The queue."""
        del what
        self.query_one(QueueBody).show(self.session, value)

    @on(RecordTable.RowHighlighted)
    def _show_about(self) -> None:
        self.query_one(QueueBody).show_about(self.session)

    def action_open(self) -> None:
        """Read the notice under the cursor."""
        _open(self, self.query_one(QueueBody).current)


class QueueScreen(CaseScreen):
    """Only the queue: what `breach review` opens on, for whoever comes to review and nothing else."""

    TITLE_WORDS = "Review"
    HELP = "Notices that wait for counsel. Enter reads one; there A approves exactly that text, c asks for changes."
    BINDINGS: ClassVar = [
        Binding("enter", "open", "Read", tooltip="Read the notice, then approve it or send it back"),
        Binding("P", "advice", "Advice", tooltip="Advice of counsel in this incident, and the privilege log"),
        Binding("h", "home", "Incidents", tooltip="All incidents of the case"),
        Binding("q", "quit", "Quit"),
    ]

    def title_words(self) -> str:
        """Whose notices."""
        return f"{self.session.case.name} · Review"

    def compose_body(self) -> ComposeResult:
        """The queue."""
        yield QueueBody()

    def load(self) -> None:
        """Read the queue."""
        now = self.session.now()
        self.read("queue", lambda queries: waiting(queries, now))

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The queue."""
        del what
        self.query_one(QueueBody).show(self.session, value)

    @on(RecordTable.RowHighlighted)
    def _show_about(self) -> None:
        self.query_one(QueueBody).show_about(self.session)

    def action_open(self) -> None:
        """Read the notice under the cursor."""
        _open(self, self.query_one(QueueBody).current)

    def action_advice(self) -> None:
        """P: the advice of the incident whose notice is under the cursor."""
        each = self.query_one(QueueBody).current
        if each is None:
            self.status.say("No notice is under the cursor; the incidents (h) have their advice under P.")
        else:
            self.app.push_screen(AdviceScreen(each.incident.id, f"notice:{each.notice.id}"))

    def action_home(self) -> None:
        """h: the incidents, above the queue."""
        from tui.screens.home import HomeScreen  # noqa: PLC0415 - whoever reviews may never ask for it

        self.app.push_screen(HomeScreen())

    def action_quit(self) -> None:
        """q: leave the program."""
        self.app.exit()

    def go_back(self) -> None:
        """Nothing is below."""
        self.status.say("q leaves.")


def _open(screen: CaseScreen, each: Waiting | None) -> None:
    if each is not None:
        screen.app.push_screen(ReviewNoticeScreen(each.notice.incident, each.notice.id))


def waiting(queries: Queries, now: datetime) -> tuple[Waiting, ...]:
    """What waits for counsel in the whole case, the longest waiting first."""
    incidents = {row.id: row for row in queries.incidents()}
    submitted = {row.stream: row.recorded_at for row in queries.timeline() if row.topic == _SUBMITTED}
    rows = [row for row in queries.notices() if row.status == "in review"]
    boards = {incident: queries.board(incident, now).assessment for incident in {row.incident for row in rows}}
    found = []
    for row in rows:
        assessment = boards[row.incident]
        duties = assessment.obligations if assessment is not None else ()
        served = tuple(duty for duty in duties if duty.id in row.obligations)
        found.append(Waiting(row, incidents[row.incident], submitted.get(row.id), served))
    return tuple(sorted(found, key=lambda each: each.since or now))

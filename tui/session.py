"""One person's view of an open case: what is read, as of when, and who records."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from incident.errors import NotFound, OutOfOrder
from tui.presenters import moment

if TYPE_CHECKING:
    from incident.access.roles import Standing
    from incident.own_templates import OwnTemplates
    from incident.past import PastRecord
    from incident.service import Receipt, Service
    from incident.views.queries import CaseRow, Queries, TimelineRow, UserRow
    from notices.desk import DocumentDesk
    from tui.compose import Workspace

T = TypeVar("T")

Command = Callable[["Service"], "Receipt | tuple[Any, Receipt]"]
"""A command to carry out: it answers with a receipt, or with what it made and a receipt."""


class Viewpoint(msgspec.Struct, frozen=True):
    """A past moment of the record that every screen shows: the event number, when it was recorded, and the reads."""

    position: int
    moment: datetime
    queries: Queries


class Session:
    """An open case in front of a person. Reads follow the viewpoint; commands are refused while one is set."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.viewpoint: Viewpoint | None = None
        self.changes: tuple[int, tuple[str, ...]] | None = None
        """What the last recording changed on a board: its event number, and the lines."""
        self._recording = threading.Lock()
        self._standing: tuple[int, Standing] | None = None

    @property
    def service(self) -> Service:
        """The service of the open case."""
        return self.workspace.service

    @property
    def queries(self) -> Queries:
        """Reads as of the viewpoint, or as of now."""
        return self.viewpoint.queries if self.viewpoint is not None else self.service.queries

    @property
    def case(self) -> CaseRow:
        """The organization whose case this is."""
        return self.queries.case()

    @property
    def person(self) -> UserRow:
        """Who is at the keyboard."""
        return self.service.queries.user(self.service.user)

    @property
    def past(self) -> PastRecord | None:
        """The record of the viewpoint, as far as documents are written from it; None while now is in view."""
        if self.viewpoint is None:
            return None
        from incident.past import PastRecord  # noqa: PLC0415 - loaded when somebody looks back

        return PastRecord(self.service.desk.log, self.viewpoint.queries, self.viewpoint.moment, self.service.blobs)

    @property
    def own_templates(self) -> tuple[OwnTemplates, ...]:
        """The organization's own templates as of the viewpoint or of now: every set, the newest last."""
        from incident.own_templates import history  # noqa: PLC0415 - few cases have any

        queries = self.queries
        case = queries.case().stream
        return history(self.service.desk.log.stream(case)[: queries.version(case)])

    @property
    def documents(self) -> DocumentDesk:
        """The desk for notices, as of the viewpoint or of now; that of a past moment only reads."""
        past = self.past
        if past is None:
            return self.workspace.documents
        from notices.desk import DocumentDesk  # noqa: PLC0415 - templates load when they are first needed

        return DocumentDesk(cast("Service", past), exercise=self.case.exercise_of is not None)

    @property
    def standing(self) -> Standing:
        """What that person may record, as of the newest entry that was read."""
        position = self.service.queries.position
        if self._standing is None or self._standing[0] != position:
            self._standing = position, self.service.desk.standing
        return self._standing[1]

    def now(self) -> datetime:
        """The moment that screens show: the viewpoint's, or the clock's (virtual in an exercise)."""
        return self.viewpoint.moment if self.viewpoint is not None else self.service.clock.now()

    def clock_words(self) -> str:
        """How the clock of an exercise stands; empty in a real case."""
        clock = self.workspace.clock
        if clock is None:
            return ""
        from tui.exercises import clock_words  # noqa: PLC0415 - loaded only where there is an exercise

        return clock_words(running=clock.running, speed=clock.speed)

    def zone(self, incident_id: UUID | None = None) -> ZoneInfo:
        """Where dates are kept: the incident's time zone, else the organization's, else UTC."""
        if incident_id is not None:
            fact = self.queries.facts(incident_id).get("organization.time_zone")
            if fact is not None and fact.value:
                return ZoneInfo(fact.value)
        return ZoneInfo(self.case.facts.get("organization.time_zone") or "UTC")

    def run(self, command: Command) -> tuple[Any, Receipt]:
        """Carry out a command, one at a time; answers with what it made (None where nothing) and the receipt.

        Raises:
            OutOfOrder: the screens show a past moment.
            Refusal: whatever the command refuses.
        """
        if self.viewpoint is not None:
            raise OutOfOrder(f"this is the record as of #{self.viewpoint.position}, and the past takes no entries")
        outcome = self.one_at_a_time(lambda: command(self.service))
        return outcome if isinstance(outcome, tuple) else (None, outcome)

    def one_at_a_time(self, act: Callable[[], T]) -> T:
        """Do something that records, after whatever records now."""
        with self._recording:
            return act()

    def newer(self) -> tuple[TimelineRow, ...]:
        """Take in what others recorded since the last look; it is on the screens from now on.

        Raises:
            CaseUnusable: the store cannot be reached.
        """
        if not self._recording.acquire(blocking=False):
            return ()  # whoever records takes it in
        try:
            seen = self.service.queries.position
            self.service.refresh()
            return self.service.queries.timeline(after=seen)
        finally:
            self._recording.release()

    def close(self) -> None:
        """Close the case, once what is being recorded is done."""
        self.one_at_a_time(self.workspace.close)

    def look_back(self, asked: str) -> Viewpoint:
        """The record as it stood after an event number or at a moment (`tui.as_of`), which the caller may take up.

        Raises:
            InvalidInput: it cannot be read.
            NotFound: there is no such event, or nothing was recorded by then.
        """
        from tui.as_of import read_as_of  # noqa: PLC0415 - loaded when somebody looks back

        live = self.service.queries
        when = read_as_of(asked, self.service.clock.now(), self.zone())
        position = when if isinstance(when, int) else live.recorded_by(when)
        if not 1 <= position <= live.position:
            if isinstance(when, int):
                raise NotFound(f"there is no event #{position}; the record holds #1 to #{live.position}")
            raise NotFound(f"nothing was recorded by {moment(when, self.zone())}; the record begins later")
        queries = self.service.as_of(position)
        queries.case()
        recorded_at = queries.timeline(after=position - 1)[-1].recorded_at
        return Viewpoint(position, recorded_at if isinstance(when, int) else when, queries)

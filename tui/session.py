"""One person's view of an open case: what is read, as of when, and who records."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from incident.errors import NotFound, OutOfOrder

if TYPE_CHECKING:
    from incident.service import Receipt, Service
    from incident.views.queries import CaseRow, Queries, UserRow
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
            raise OutOfOrder(f"this is the record as of #{self.viewpoint.position}: Esc returns to now, then record")
        outcome = self.one_at_a_time(lambda: command(self.service))
        return outcome if isinstance(outcome, tuple) else (None, outcome)

    def one_at_a_time(self, act: Callable[[], T]) -> T:
        """Do something that records, after whatever records now."""
        with self._recording:
            return act()

    def close(self) -> None:
        """Close the case, once what is being recorded is done."""
        self.one_at_a_time(self.workspace.close)

    def look_back(self, position: int) -> Viewpoint:
        """The record as it stood after an event number. It does not become the viewpoint by itself.

        Raises:
            NotFound: there is no such event, or the case did not exist yet.
        """
        last = self.service.queries.position
        if not 1 <= position <= last:
            raise NotFound(f"there is no event #{position}; the record holds #1 to #{last}")
        queries = self.service.as_of(position)
        queries.case()
        moment = queries.timeline(after=position - 1)[-1].recorded_at
        return Viewpoint(position, moment, queries)

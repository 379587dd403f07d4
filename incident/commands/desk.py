"""What every command needs: loading a state, writing entries, assessing the duties, catching up the views."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from incident import filing as filings
from incident import incident as incidents
from incident import notice as notices
from incident.access import roles
from incident.access.roles import Role, Standing
from incident.errors import InvalidInput, NotAllowed, NotFound, RecordedMeanwhile
from incident.events import Entry, Event, UserEnrolled, UserRemoved
from incident.facts import breach_facts
from incident.filing import Filing
from incident.incident import Incident
from incident.notice import Notice
from incident.ports import BlobStore, Clock, EventLog, IdSource
from incident.views.projector import Projection
from incident.views.queries import ANCHOR_FACTS, Queries
from jurisdictions.assess import assess
from jurisdictions.obligations import Assessment
from jurisdictions.rulebook import Rulebook

P = ParamSpec("P")
R = TypeVar("R")

_TRIES = 8


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """Proof that a command was recorded.

    `position` is the event number of its last entry, `events` how many entries it made (0 where nothing changed),
    `changes` what it changed on the deadline board, in words.
    """

    position: int
    recorded_at: datetime
    events: int
    changes: tuple[str, ...] = ()


class Desk:
    """One person at work on one open case."""

    def __init__(
        self, *, log: EventLog, blobs: BlobStore, clock: Clock, ids: IdSource, rulebook: Rulebook, user: str
    ) -> None:
        self.log = log
        self.blobs = blobs
        self.clock = clock
        self.ids = ids
        self.rulebook = rulebook
        self.user = user
        self.projection = Projection()
        self.projection.catch_up(log)

    @property
    def queries(self) -> Queries:
        """Reads as of now."""
        return Queries(self.projection, self.rulebook)

    @property
    def role(self) -> str:
        """The role of the person at work."""
        return self.queries.user(self.user).role

    @property
    def standing(self) -> Standing:
        """What the person at work may do here, as the log has it."""
        users = {row.user: row for row in self.queries.everybody()}
        row = users.get(self.user)
        return Standing(
            user=self.user,
            role=Role(row.role) if row is not None and row.role in {*Role} else None,
            exercise=bool(users) and self.queries.case().exercise_of is not None,
            founded=bool(users),
            removed=row is not None and row.removed,
        )

    def require(self, *topics: str) -> None:
        """Refuse what the role of the person at work forbids, before anything but the log is touched.

        Every entry is checked again when it is recorded; a command that first changes the vault, the documents or the
        keys asks here, so that its refusal leaves them as they were.

        Raises:
            NotAllowed: they may not record an entry of these topics; the sentence says who may.
        """
        standing = self._standing_now()
        for topic in topics:
            why = roles.refusal(standing, topic)
            if why is not None:
                raise NotAllowed(why)

    def _standing_now(self) -> Standing:
        """The standing with what others recorded of users since; the views stay what the person looked at."""
        standing = self.standing
        for _, entry in self.log.read(after=self.projection.position):
            match entry.event:
                case UserEnrolled(user=self.user, role=role):
                    known = Role(role) if role in {*Role} else None
                    standing = msgspec.structs.replace(standing, role=known, removed=False, founded=True)
                case UserRemoved(user=self.user):
                    standing = msgspec.structs.replace(standing, removed=True)
        return standing

    def incident(self, incident_id: UUID) -> Incident:
        """The present state of an incident."""
        return incidents.replay(incident_id, self._stream(incident_id, "incident"))

    def notice(self, notice_id: UUID) -> Notice:
        """The present state of a notice."""
        return notices.replay(notice_id, self._stream(notice_id, "notice"))

    def filing(self, filing_id: UUID) -> Filing:
        """The present state of a filing."""
        return filings.replay(filing_id, self._stream(filing_id, "filing"))

    def version(self, stream: UUID) -> int:
        """How many entries a stream has."""
        return len(self.log.stream(stream))

    def today(self, state: Incident) -> date:
        """The civil date now, where the organization of the incident keeps its time."""
        zone = state.facts.get("organization.time_zone")
        return self.clock.now().astimezone(ZoneInfo(zone.value) if zone is not None and zone.value else None).date()

    def entries(
        self,
        stream: UUID,
        version: int,
        events: Sequence[Event],
        *,
        occurred_at: datetime | None = None,
        because: str | None = None,
    ) -> list[Entry]:
        """The events as the next entries of a stream that has `version` entries.

        Raises:
            InvalidInput: `occurred_at` has no offset, or lies in the future.
        """
        now = self.clock.now()
        if occurred_at is not None and occurred_at.tzinfo is None:
            raise InvalidInput("occurred_at: a time without its zone cannot be placed; give the offset")
        if occurred_at is not None and occurred_at > now:
            raise InvalidInput(f"occurred_at: {occurred_at.isoformat()} lies in the future")
        return [
            Entry(
                originator_id=stream,
                originator_version=version + number,
                event=event,
                occurred_at=occurred_at or now,
                recorded_at=now,
                by=self.user,
                because=because.strip() or None if because is not None else None,
            )
            for number, event in enumerate(events, start=1)
        ]

    def append(self, entries: Sequence[Entry], changes: tuple[str, ...] = ()) -> Receipt:
        """Record durably, then bring the views up to date. No entries: nothing is recorded and the receipt says so.

        Raises:
            NotAllowed: the role of the person at work forbids one of the entries; none is recorded.
            RecordedMeanwhile: somebody else recorded what this was decided without; the views have it now.
        """
        if not entries:
            return Receipt(position=self.projection.position, recorded_at=self.clock.now(), events=0)
        self._refuse_unseen(entries)
        roles.check(self.standing, [entry.event for entry in entries])
        try:
            position = self.log.append(entries)
        except RecordedMeanwhile as refusal:
            self.projection.catch_up(self.log)
            if refusal.number is None:
                raise
            raise self._meanwhile(refusal.number - 1, {entry.originator_id for entry in entries}) from None
        self.projection.catch_up(self.log)
        return Receipt(position=position, recorded_at=entries[-1].recorded_at, events=len(entries), changes=changes)

    def insist(self, act: Callable[[], R]) -> R:
        """Do what is right whatever others recorded meanwhile: where they were first, decide again on what is there.

        `act` loads what it needs each time, and may be repeated.
        """
        for _ in range(_TRIES - 1):
            self.projection.catch_up(self.log)
            with suppress(RecordedMeanwhile):
                return act()
        self.projection.catch_up(self.log)
        return act()

    def _refuse_unseen(self, entries: Sequence[Entry]) -> None:
        """Bring the views up to date, and refuse a decision on what they did not show until now.

        A state that was loaded for it is as new as the log; what the person looked at may be older.
        """
        first = {entry.originator_id: entry.originator_version for entry in reversed(entries)}
        seen = self.projection.position
        unseen = {stream for stream, version in first.items() if self.queries.version(stream) < version - 1}
        self.projection.catch_up(self.log)
        if unseen:
            raise self._meanwhile(seen, unseen)

    def _meanwhile(self, seen: int, streams: Collection[UUID]) -> RecordedMeanwhile:
        newer = [row for row in self.queries.timeline(after=seen) if row.stream in streams]
        return RecordedMeanwhile(newer[-1].position, newer[-1].by, newer[-1].text) if newer else RecordedMeanwhile()

    def record(self, stream: UUID, version: int, events: Sequence[Event], because: str | None = None) -> Receipt:
        """Record events of one stream that is not an incident."""
        return self.append(self.entries(stream, version, events, because=because))

    def record_on_incident(
        self,
        state: Incident,
        events: Sequence[Event],
        *,
        because: str | None = None,
        occurred_at: datetime | None = None,
        also: Sequence[Entry] = (),
    ) -> Receipt:
        """Record events of an incident, and what the law asks for after them where that changed, in one transaction.

        `also` are entries of other streams that belong to the same act.
        """
        entries = self.entries(state.id, state.version, events, because=because, occurred_at=occurred_at)
        after = state
        for entry in entries:
            after = incidents.evolve(after, entry)
        pinned: list[Event] = []
        changes: tuple[str, ...] = ()
        assessment = self.assessment(after)
        if entries and assessment is not None:
            before = self.assessment(state) if state.assessed is not None else None
            pinned = incidents.decide_assessment(after, before, assessment)
            changes = tuple(line for event in pinned for line in getattr(event, "changes", ()))
        return self.append([*also, *entries, *self.entries(state.id, after.version, pinned)], changes)

    def assessment(self, state: Incident) -> Assessment | None:
        """What the law asks for in this state now; None while the anchor facts are missing."""
        if any(state.facts.get(path) is None or state.facts[path].value is None for path in ANCHOR_FACTS):
            return None
        return assess(breach_facts(state.facts), self.rulebook, as_of=self.clock.now(), adopted=state.adopted)

    def _stream(self, stream: UUID, what: str) -> tuple[Entry, ...]:
        entries = self.log.stream(stream)
        if not entries:
            raise NotFound(f"no {what} {stream}")
        return entries


class AtDesk(Protocol):
    """Commands that are given at a desk."""

    _desk: Desk


C = TypeVar("C", bound=AtDesk)


def insistent(command: Callable[Concatenate[C, P], R]) -> Callable[Concatenate[C, P], R]:
    """A command that is right whatever others recorded meanwhile; see `Desk.insist`."""

    @wraps(command)
    def run(self: C, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._desk.insist(lambda: command(self, *args, **kwargs))

    return run

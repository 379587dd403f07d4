"""Who has read what, who handed over to whom, and what a person who takes over needs to know first."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from incident.events import EntriesRead, HandoverAcknowledged, HandoverGiven
from incident.views.calls import calls_of
from incident.views.delivery import delivery_lines, delivery_of
from incident.views.kept import event_of
from incident.views.queries import Queries, TimelineRow
from jurisdictions.obligations import Obligation, Status

HOURS = 72
"""How far ahead a hand-over looks."""
_SETTLED = frozenset({Status.MET, Status.MET_LATE, Status.NOT_REQUIRED})
_NOT_NEWS = frozenset({"reading.marked"})


class HandoverRow(msgspec.Struct, frozen=True, kw_only=True):
    """One hand-over; `taken_at` is None until the user it was given to took it."""

    id: UUID
    version: int
    position: int
    at: datetime
    by: str
    to: str
    since: int
    upto: int
    note: str
    taken_at: datetime | None = None


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """A call that waits to be followed up: its event number, what it was about, and by when."""

    position: int
    topic: str
    by: str
    late: bool


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody needs to know who goes on. `since` is the event number up to which they have read; 0: nothing.

    `due` are duties to plan for within `HOURS`, late ones among them; `waiting` says for whom or what something waits.
    """

    since: int
    position: int
    unread: tuple[TimelineRow, ...]
    due: tuple[Obligation, ...]
    waiting: tuple[str, ...]
    gaps: tuple[str, ...]
    promises: tuple[Promise, ...]
    delivery: tuple[str, ...]
    problems: tuple[str, ...]
    last: HandoverRow | None


def handovers(queries: Queries, incident_id: UUID) -> tuple[HandoverRow, ...]:
    """The hand-overs of an incident, oldest first."""
    rows = []
    for stream, kept in queries.kept.streams(incident_id, HandoverGiven, HandoverAcknowledged).items():
        first, event = kept[0].entry, event_of(kept[0], HandoverGiven)
        rows.append(
            HandoverRow(
                id=stream,
                version=kept[-1].entry.originator_version,
                position=kept[0].position,
                at=first.recorded_at,
                by=first.by,
                to=event.to,
                since=event.since,
                upto=event.upto,
                note=event.note,
                taken_at=kept[1].entry.recorded_at if len(kept) > 1 else None,
            )
        )
    return tuple(rows)


def read_upto(queries: Queries, incident_id: UUID, user: str) -> int:
    """The event number up to which a user has read the log of an incident; 0 where they never said so."""
    marked = [
        event_of(each, EntriesRead).upto for each in queries.kept.of(incident_id, EntriesRead) if each.entry.by == user
    ]
    taken = [row.upto for row in handovers(queries, incident_id) if row.to == user and row.taken_at is not None]
    return max([0, *marked, *taken])


def unread(queries: Queries, incident_id: UUID, user: str) -> tuple[TimelineRow, ...]:
    """What others recorded since a user has read the log; their own entries are no news to them."""
    rows = queries.timeline(incident_id, after=read_upto(queries, incident_id, user))
    return tuple(row for row in rows if row.by != user and row.topic not in _NOT_NEWS)


def news(queries: Queries, incident_id: UUID, user: str) -> frozenset[int]:
    """The event numbers that are new to a user, for a mark beside them; none where they never said what they read."""
    if not read_upto(queries, incident_id, user):
        return frozenset()
    return frozenset(row.position for row in unread(queries, incident_id, user))


def shift_of(queries: Queries, incident_id: UUID, user: str, *, now: datetime, zone: ZoneInfo) -> Shift:
    """What a user needs to know to go on with an incident."""
    board = queries.board(incident_id, now)
    duties = board.assessment.obligations if board.assessment is not None else ()
    still = [duty for duty in duties if duty.status not in _SETTLED and duty.given is None]
    until, today = (now + timedelta(hours=HOURS)).astimezone(zone).date(), now.astimezone(zone).date()
    given = [row for row in handovers(queries, incident_id) if user in {row.to, row.by}]
    return Shift(
        since=read_upto(queries, incident_id, user),
        position=queries.position,
        unread=unread(queries, incident_id, user),
        due=tuple(duty for duty in still if duty.safest is not None and duty.safest <= until),
        waiting=(*_waiting_documents(queries, incident_id), *_waiting_duties(still)),
        gaps=tuple(dict.fromkeys(path for duty in still for path in duty.needs)),
        promises=tuple(
            Promise(position=call.position, topic=call.logged.topic, by=str(day), late=day < today)
            for call in calls_of(queries, incident_id)
            if (day := call.open_follow_up) is not None
        ),
        delivery=delivery_lines(delivery_of(queries, incident_id), today),
        problems=board.problems,
        last=given[-1] if given else None,
    )


def _waiting_documents(queries: Queries, incident_id: UUID) -> Iterable[str]:
    waits = {
        "in review": "counsel: to approve or send back",
        "changes requested": "the drafter: changes were requested",
        "approved": "the incident lead: to render",
        "rendered": "the incident lead: to send",
        "partly sent": "the incident lead: the rest is not sent yet",
    }
    for row in queries.notices(incident_id):
        if row.status in waits:
            yield f"{row.kind.replace('_', ' ')} waits for {waits[row.status]}"
    for filing in queries.filings(incident_id):
        if filing.filed_on is None:
            yield f"report to {filing.recipient} waits to be filed"
    for row_ in handovers(queries, incident_id):
        if row_.taken_at is None:
            yield f"hand-over #{row_.position} waits for {row_.to} to take it"


def _waiting_duties(duties: Iterable[Obligation]) -> Iterable[str]:
    for duty in duties:
        if duty.status is Status.WAITS:
            yield f"{duty.recipient} waits on {duty.waits_on}"

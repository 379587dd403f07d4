"""Calls about an incident, received and made: a few fields in the log, the words sealed, counts for who asks. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from incident.errors import InvalidInput, OutOfOrder
from incident.events import CallErased, CallFollowedUp, CallLogged, Entry, Event

TOPICS: MappingProxyType[str, str] = MappingProxyType(
    {
        "affected": "Am I affected?",
        "letter": "The letter: not received, not understood, sent twice",
        "protection": "What can I do? Protection services",
        "address": "A newer address or another way to be reached",
        "complaint": "A complaint or a request",
        "press": "Press",
        "authority": "An authority or a court",
        "other": "Something else",
    }
)
"""What calls are about, by name. The first letter of each tells them apart, but for two: `a` affected, `d` address."""

LETTERS: MappingProxyType[str, str] = MappingProxyType(
    {
        "a": "affected", "l": "letter", "p": "protection", "d": "address", "c": "complaint", "r": "press",
        "u": "authority", "o": "other",
    }
)  # fmt: skip
"""The key of each topic."""

DIRECTIONS = ("received", "made")


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What is sealed of a call: who says they called, what was asked, what was answered."""

    caller: str = ""
    asked: str = ""
    answered: str = ""


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call after its entries. `at` is when it was; `followed_up` when what was promised was done."""

    id: UUID
    version: int = 0
    position: int = 0
    logged: CallLogged
    at: datetime
    by: str
    followed_up: datetime | None = None
    follow_up_words: str = ""
    erased: bool = False

    @property
    def open_follow_up(self) -> date | None:
        """The day by which something is still to be done."""
        return self.logged.follow_up if self.followed_up is None else None


def replay(call_id: UUID, entries: Sequence[Entry], position: int = 0) -> Call:
    """The call after all entries of its stream."""
    first = entries[0]
    assert isinstance(first.event, CallLogged)
    call = Call(id=call_id, version=1, position=position, logged=first.event, at=first.occurred_at, by=first.by)
    for entry in entries[1:]:
        changes: dict[str, object] = {"version": entry.originator_version}
        match entry.event:
            case CallFollowedUp(sealed=sealed):
                changes |= {"followed_up": entry.recorded_at, "follow_up_words": sealed}
            case CallErased():
                changes |= {"erased": True}
        call = msgspec.structs.replace(call, **changes)
    return call


def check(direction: str, topic: str, words: Words, follow_up: date | None, today: date) -> None:
    """See that a call can be recorded.

    Raises:
        InvalidInput: naming each field that cannot be used.
    """
    faults = []
    if direction not in DIRECTIONS:
        faults.append(f"direction: {direction!r} is neither received nor made")
    if topic not in TOPICS:
        faults.append(f"topic: {topic!r} is not one of {', '.join(TOPICS)}")
    if not words.asked.strip():
        faults.append("asked: say what it was about")
    if follow_up is not None and follow_up < today:
        faults.append(f"follow_up: {follow_up} has passed; give a day to come")
    if faults:
        raise InvalidInput(*faults)


def decide_follow_up(call: Call, sealed: str) -> list[Event]:
    """Record that what was promised was done."""
    if call.logged.follow_up is None:
        raise OutOfOrder("nothing was promised in this call")
    if call.followed_up is not None:
        raise OutOfOrder("this call was followed up already")
    return [CallFollowedUp(sealed=sealed)]


class CallCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many calls: in all, by day (where the incident keeps its time) and by topic; and what is still promised."""

    total: int
    received: int
    by_day: dict[str, int]
    by_topic: dict[str, int]
    follow_ups_open: int
    follow_ups_late: int


def counts(calls: Iterable[Call], zone: ZoneInfo, today: date) -> CallCounts:
    """The counts of some calls."""
    found = list(calls)
    days = Counter(call.at.astimezone(zone).date().isoformat() for call in found)
    topics = Counter(call.logged.topic for call in found)
    promised = [day for call in found if (day := call.open_follow_up) is not None]
    return CallCounts(
        total=len(found),
        received=sum(call.logged.direction == "received" for call in found),
        by_day=dict(sorted(days.items())),
        by_topic={topic: topics[topic] for topic in TOPICS if topics[topic]},
        follow_ups_open=len(promised),
        follow_ups_late=sum(day < today for day in promised),
    )

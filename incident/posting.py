"""Substitute notice that stands for a time: until when it has to stay, and whether it did. Pure.

The period is the one the law sets, in days. The day of posting is day 0, so that the notice stands through the whole of
day 90 and of 90 full days: of two ways to count it is the longer one.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, assert_never
from uuid import UUID

import msgspec

from incident.errors import InvalidInput, OutOfOrder
from incident.events import Entry, Event, PostingBegun, PostingEnded


class Law(msgspec.Struct, frozen=True):
    """How long a law wants a notice to stay, in days; `phone_days`: the toll-free number, None where none is asked."""

    words: str
    citation: str
    days: int
    phone_days: int | None


LAWS: Final = MappingProxyType(
    {
        "hipaa": Law("HIPAA", "45 CFR 164.404(d)(2)(ii)", 90, 90),
        "ftc": Law("FTC Health Breach Notification Rule", "16 CFR 318.5", 90, 90),
        "california": Law("California", "Cal. Civ. Code 1798.82(j)(3), read in a second source: ask counsel", 30, None),
    }
)
"""Laws that set a time, by name. Others that ask for a posting (Illinois, 815 ILCS 530/10(c)) name none here."""

FORMS: Final = MappingProxyType(
    {
        "web": "Conspicuous posting on the home page",
        "media": "Major print or broadcast media",
    }
)
"""What a substitute notice can be. Only a posting stays; media have run once they ran, and the number stays."""

TOLL_FREE: Final = ("800", "833", "844", "855", "866", "877", "888")
"""Toll-free area codes in use in the United States (not verified against the North American Numbering Plan)."""


class Posting(msgspec.Struct, frozen=True, kw_only=True):
    """One posting after `version` entries. `ended` and `phone_ended` are None while it stands and answers."""

    id: UUID
    version: int = 0
    begun: PostingBegun | None = None
    ended: date | None = None
    phone_ended: date | None = None


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that has to stay: a posting or a number. `until` is the last day on which it has to."""

    posting: UUID
    what: str
    place: str
    since: date
    until: date
    citation: str
    ended: date | None

    @property
    def early(self) -> bool:
        """Whether it ended before it might."""
        return self.ended is not None and self.ended <= self.until

    def state(self, today: date) -> str:
        """Where it stands on a day, in words."""
        day, days = (today - self.since).days, (self.until - self.since).days
        if self.early:
            assert self.ended is not None
            lacks = (self.until - self.ended).days + 1
            return f"TAKEN DOWN EARLY on {self.ended}: {lacks} day{'s' if lacks != 1 else ''} short"
        if self.ended is not None:
            return f"stood its time; ended {self.ended}"
        if today > self.until:
            return f"may end: the last day was {self.until}"
        return f"keep until {self.until} (day {day} of {days})"


def evolve(state: Posting, entry: Entry) -> Posting:
    """The state after one more entry."""
    event: PostingBegun | PostingEnded = entry.event  # type: ignore[assignment]  # the stream holds only these
    match event:
        case PostingBegun():
            changes: dict[str, object] = {"begun": event}
        case PostingEnded(what="phone"):
            changes = {"phone_ended": event.on}
        case PostingEnded():
            changes = {"ended": event.on}
        case _:
            assert_never(event)
    return msgspec.structs.replace(state, version=entry.originator_version, **changes)


def replay(posting_id: UUID, entries: Iterable[Entry]) -> Posting:
    """The state after all entries of the stream."""
    state = Posting(id=posting_id)
    for entry in entries:
        state = evolve(state, entry)
    return state


def decide_begin(event: PostingBegun, today: date) -> list[Event]:
    """Record that a substitute notice was posted or published.

    Raises:
        InvalidInput: naming each field that cannot be used.
    """
    faults = []
    if event.form not in FORMS:
        faults.append(f"form: {event.form!r} is not one of {', '.join(FORMS)}")
    if not event.place.strip():
        faults.append("place: say where it stands: the address of the page, or the outlets")
    if event.on > today:
        faults.append(f"on: {event.on} lies in the future; record it when it stands")
    unknown = [law for law in event.laws if law not in LAWS]
    if unknown or not event.laws:
        faults.append(f"laws: {', '.join(unknown) or 'none'}; name those that ask for it: {', '.join(LAWS)}")
    if bool(event.phone.strip()) != (event.phone_on is not None):
        faults.append("phone: give the number and the day since which it answers, or neither")
    if event.phone_on is not None and event.phone_on > today:
        faults.append(f"phone_on: {event.phone_on} lies in the future; record it when it answers")
    if event.phone and not is_toll_free(event.phone):
        faults.append(f"phone: {event.phone!r} is not a toll-free number ({', '.join(TOLL_FREE)})")
    if faults:
        raise InvalidInput(*faults)
    return [event]


def decide_end(state: Posting, what: str, on: date, today: date, reason: str) -> list[Event]:
    """Record that a posting was taken down, or that its number answers no longer.

    That it is too early is no reason not to record it: it is what happened, and the watch says so.
    """
    begun = state.begun
    assert begun is not None
    if what not in {"posting", "phone"}:
        raise InvalidInput("what: posting or phone")
    if what == "phone" and not begun.phone:
        raise OutOfOrder("no number was given with this posting")
    if (state.phone_ended if what == "phone" else state.ended) is not None:
        raise OutOfOrder(f"the end of the {what} is recorded already")
    since = begun.phone_on if what == "phone" else begun.on
    assert since is not None
    if not since <= on <= today:
        raise InvalidInput(f"on: {on} is not between {since}, when it began, and today")
    if not reason.strip():
        raise InvalidInput("because: say why it ended")
    return [PostingEnded(what=what, on=on)]


def watches(state: Posting) -> tuple[Watch, ...]:
    """What has to stay, and until when: the longest that any of its laws asks for."""
    begun = state.begun
    assert begun is not None
    laws = [LAWS[name] for name in begun.laws if name in LAWS]
    found = []
    if begun.form == "web" and laws:
        longest = max(laws, key=lambda law: law.days)
        found.append(
            Watch(
                posting=state.id, what="posting", place=begun.place, since=begun.on,
                until=begun.on + timedelta(days=longest.days), citation=longest.citation, ended=state.ended,
            )
        )  # fmt: skip
    wanting = [law for law in laws if law.phone_days is not None]
    if begun.phone_on is not None and wanting:
        longest = max(wanting, key=lambda law: law.phone_days or 0)
        found.append(
            Watch(
                posting=state.id, what="phone", place=begun.phone, since=begun.phone_on,
                until=begun.phone_on + timedelta(days=longest.phone_days or 0), citation=longest.citation,
                ended=state.phone_ended,
            )
        )  # fmt: skip
    return tuple(found)


def warnings(states: Sequence[Posting]) -> tuple[str, ...]:
    """What a posting lacks that its law asks for."""
    lines = []
    for state in states:
        begun = state.begun
        assert begun is not None
        for law in (LAWS[name] for name in begun.laws if name in LAWS):
            if law.phone_days is not None and begun.phone_on is None:
                lines.append(
                    f"{begun.place}: {law.citation} asks for a toll-free number for at least {law.phone_days} days; "
                    "none is recorded"
                )
        lines += [
            f"{each.place}: {each.state(each.ended or each.since)} ({each.citation})"
            for each in watches(state)
            if each.early
        ]
    return tuple(lines)


def is_toll_free(phone: str) -> bool:
    """Whether a number is a toll-free one of the United States."""
    digits = "".join(each for each in phone if each.isdecimal())
    return len(digits.removeprefix("1")) == 10 and digits.removeprefix("1").startswith(TOLL_FREE)

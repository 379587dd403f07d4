"""What a law-enforcement request does to a last day. Each statute has its own rule; these are the shared steps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from jurisdictions.conditions import after, before, earlier_of, later_of
from jurisdictions.counting import shown
from jurisdictions.facts import Hold


class Span(msgspec.Struct, frozen=True):
    """A request that a statute honours: from the day it was stated to the day it ends (None: no end is known)."""

    start: date
    end: date | None
    line: str


class Delayed(msgspec.Struct, frozen=True):
    """A last day after holds. ``controls`` is the end of the hold that set it; ``tolled`` adds the days of hold.

    ``open`` marks a hold without an end, which leaves no day to name.
    """

    day: date
    controls: date | None
    tolled: date
    open: bool
    lines: tuple[str, ...]


def delayed(base: date, anchor: date, spans: Iterable[Span]) -> Delayed:
    """The later of a last day and the end of the holds.

    A request made after the last day has passed does not reach back: the duty was already late.
    """
    day, controls, running, tolled_days = base, None, False, set[date]()
    lines: list[str] = []
    for span in spans:
        lines.append(span.line)
        if after(span.start, day):
            lines.append(f"Made on {shown(span.start)}, after the last day {shown(day)}: it does not reach back.")
            continue
        if span.end is None:
            running = True
            continue
        cursor = later_of(span.start, anchor)
        while before(cursor, span.end):
            tolled_days.add(cursor)
            cursor += timedelta(days=1)
        if after(span.end, day):
            day, controls = span.end, span.end
    tolled = base + timedelta(days=len(tolled_days))
    if controls is not None:
        lines.append(f"The later of {shown(base)} and the end of the hold {shown(controls)} = {shown(day)}.")
    elif lines and not running:
        lines.append(f"The hold ends before the last day, which stays {shown(day)}.")
    return Delayed(day, controls, tolled, running, tuple(lines))


def described(hold: Hold) -> str:
    """A hold as recorded."""
    until = f"until {hold.until}" if hold.until else "with no end date"
    return (
        f"{hold.kind.capitalize()} request of {hold.agency or 'a law-enforcement agency'} on {hold.stated_on}, {until}"
    )


def capped(hold: Hold, days: int) -> date:
    """The end of a hold that lasts at most ``days`` from the request."""
    cap = hold.stated_on + timedelta(days=days)
    return cap if hold.until is None else earlier_of(cap, hold.until)

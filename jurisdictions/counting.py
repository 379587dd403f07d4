"""Counting days, explicitly: the anchor is day 0, and nothing rolls unless a rule says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

import msgspec

from jurisdictions.calendars import Calendar

_ONE_DAY: Final = timedelta(days=1)


class Counted(msgspec.Struct, frozen=True):
    """The last day of a period and the lines by which a person recomputes it."""

    day: date
    lines: tuple[str, ...]


def shown(day: date) -> str:
    """A date with its weekday: ``2026-06-13 (Sat)``."""
    return f"{day.isoformat()} ({day:%a})"


def calendar_days(anchor: date, days: int) -> Counted:
    """``days`` calendar days after ``anchor``; the anchor is day 0."""
    last = anchor + timedelta(days=days)
    return Counted(last, (f"{shown(anchor)} is day 0; + {days} calendar days = {shown(last)}.",))


def business_days(anchor: date, days: int, calendar: Calendar | None) -> Counted:
    """``days`` business days after ``anchor`` (day 0). ``calendar`` None: Monday to Friday, no holidays."""
    name = f"business days of {calendar.head.citation}" if calendar else "weekdays, no holidays left out"
    day, left, skipped = anchor, days, []
    while left:
        day += _ONE_DAY
        reason = calendar.not_business(day) if calendar else (f"{day:%A}" if day.weekday() >= 5 else None)
        if reason is None:
            left -= 1
        elif day.weekday() < 5:
            skipped.append(f"{shown(day)} {reason}")
    lines = [f"{shown(anchor)} is day 0; + {days} {name} = {shown(day)}."]
    if calendar:
        lines.append(f"Weekdays left out: {'; '.join(skipped)}." if skipped else "No holiday falls in the period.")
    return Counted(day, tuple(lines))


def end_of_year_plus(anchor: date, days: int) -> Counted:
    """``days`` calendar days after 31 December of the anchor's year."""
    year_end = date(anchor.year, 12, 31)
    last = year_end + timedelta(days=days)
    return Counted(
        last,
        (
            f"Discovered in {anchor.year}; the year ends on {shown(year_end)} = day 0; "
            f"+ {days} calendar days = {shown(last)}.",
        ),
    )


def rolled_forward(day: date, closed: Callable[[date], str | None]) -> Counted:
    """The first day from ``day`` on for which ``closed`` gives no reason; ``day`` itself if it is open."""
    lines = []
    while (reason := closed(day)) is not None:
        lines.append(f"{shown(day)} is excluded: {reason}.")
        day += _ONE_DAY
    return Counted(day, (*lines, f"Last day: {shown(day)}."))

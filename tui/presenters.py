"""From typed rows to words and `Text`. Pure: no widget, no clock, no case. What users typed is Text, never markup."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
from rich.text import Text

from jurisdictions.obligations import Status

if TYPE_CHECKING:
    from pathlib import Path

    from incident.service import Receipt
    from incident.stores.naming import Place
    from incident.views.queries import TimelineRow, UserRow
    from tui.logins import Person
    from tui.session import Viewpoint

WIDE = 120
"""Columns from which a screen shows two panes side by side."""

OPEN = frozenset({Status.DUE, Status.ASAP, Status.WAITS, Status.NEEDS_FACT, Status.OVERDUE})
"""Duties that are not settled."""


def moment(when: datetime, zone: ZoneInfo) -> str:
    """Fri 2026-11-20 16:10 CST."""
    return f"{when.astimezone(zone):%a %Y-%m-%d %H:%M %Z}"


def day(when: date) -> str:
    """Fri 2026-11-20."""
    return f"{when:%a %Y-%m-%d}"


def end_of(when: date, zone: ZoneInfo) -> datetime:
    """The moment at which a civil date ends."""
    following = when + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=zone)


def left(due: date | None, now: datetime, zone: ZoneInfo) -> str:
    """How long until the end of a civil date: 28d, then 1d 07h, then 07h 12m; 3d late once it is over."""
    if due is None:
        return ""
    today = now.astimezone(zone).date()
    days = (due - today).days
    if days < 0:
        return f"{-days}d late"
    if days > 1:
        return f"{days}d"
    # Elapsed time, not wall time: the last day may have 23 or 25 hours.
    minutes = int((end_of(due, zone).timestamp() - now.timestamp()) // 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= 24:
        return f"{hours // 24}d {hours % 24:02}h"
    return f"{hours:02}h {minutes:02}m"


def idle_words(seconds: float) -> str:
    """10 minutes; 30 seconds."""
    whole = round(seconds)
    return f"{whole // 60} minutes" if whole >= 60 else f"{whole} seconds"


def age(checked_on: date, today: date) -> str:
    """12 days; 1 day; today."""
    days = (today - checked_on).days
    return "today" if days == 0 else f"{days} day{'' if days == 1 else 's'} ago"


# --- The frame of every screen


def corner(person: UserRow, now: datetime, zone: ZoneInfo) -> str:
    """Who works, as what, and what time it is."""
    return f"{person.user}, {person.role.replace('incident_', '')} · {now.astimezone(zone):%a %Y-%m-%d %H:%M:%S %Z}"


def watermark(
    exercise_of: str | None, viewpoint: Viewpoint | None, zone: ZoneInfo, clock: str = "virtual clock"
) -> str:
    """The line that says this is not the real thing, or not the present; empty where it is both."""
    marks = []
    if exercise_of is not None:
        marks.append(f" EXERCISE, nothing here is real · {clock} · replays {exercise_of} ")
    if viewpoint is not None:
        marks.append(
            f" PAST · AS OF #{viewpoint.position} · {moment(viewpoint.moment, zone)} · read-only · Esc returns to now "
        )
    return " ".join(marks)


def receipt_words(receipt: Receipt, zone: ZoneInfo) -> str:
    """#42 recorded 16:24:07 · 2 changes on the board."""
    if receipt.events == 0:
        return "Nothing changed; nothing was recorded."
    words = f"#{receipt.position} recorded {receipt.recorded_at.astimezone(zone):%H:%M:%S}"
    if receipt.changes:
        words += f" · {len(receipt.changes)} change{'' if len(receipt.changes) == 1 else 's'} on the board"
    return words


def newer_words(rows: Sequence[TimelineRow]) -> str:
    """Counsel recorded #57 (Notice approved), and 2 entries before it."""
    newest = rows[-1]
    more = {1: "", 2: ", and 1 entry before it"}.get(len(rows), f", and {len(rows) - 1} entries before it")
    return f"{newest.by} recorded #{newest.position} ({newest.text}){more}."


# --- Start


class StartCase(msgspec.Struct, frozen=True):
    """A case that may be opened; `people` and `roster` (the list of people to import) are given for samples only."""

    name: str
    path: Place
    people: tuple[Person, ...] = ()
    roster: Path | None = None


def start_cells(case: StartCase) -> Sequence[Text]:
    """CASE, WHERE."""
    return Text(case.name + (" (sample)" if case.people else "")), Text(str(case.path), style="dim")


def login_lines(case: StartCase) -> tuple[Text, ...]:
    """User, passphrase, name and role of those who may open a sample; nothing for a real case."""
    width = max((len(person.user) for person in case.people), default=0)
    return tuple(
        Text.assemble(
            (f"  {person.user:<{width}}  ", "bold"),
            (person.passphrase, "bold"),
            f"  {person.name}, {person.role.replace('_', ' ')}",
        )
        for person in case.people
    )


def start_panel(case: StartCase | None) -> tuple[str | Text, ...]:
    """What to do with the case under the cursor."""
    if case is None:
        return (
            "No case on this machine yet.",
            "",
            "n makes a case file for your organization: one folder, encrypted with your passphrase.",
            "o opens a case by its path, or by its URL on a server.",
        )
    if not case.people:
        where = Text(str(case.path), style="dim")
        return (Text(case.name, style="bold"), where, "", "Enter opens it with your user name and passphrase.")
    lines: list[str | Text] = [
        Text(case.name, style="bold"),
        "A sample: fictional organization, fictional people. Enter opens it as user, passphrase:",
        "",
    ]
    lines += login_lines(case)
    if case.roster is not None:
        lines += ["", "Its list of people, to import under 4 People:", Text(f"  {case.roster}")]
    return tuple(lines)

"""The home screen in words: what is next in each incident, and whether log, law and queue are in order. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
from rich.text import Text

from jurisdictions.obligations import Obligation
from tui.board import short_recipient
from tui.presenters import OPEN, age, day, left

if TYPE_CHECKING:
    from incident.views.queries import Board, IncidentRow


class HomeIncident(msgspec.Struct, frozen=True):
    """An incident with what is next in it."""

    row: IncidentRow
    next: Obligation | None
    open_duties: int
    problems: tuple[str, ...]
    zone: ZoneInfo
    new: int = 0


class HomeState(msgspec.Struct, frozen=True):
    """What the home screen shows."""

    incidents: tuple[HomeIncident, ...]
    law_checked_on: date
    review_queue: int


def next_duty(obligations: Iterable[Obligation]) -> Obligation | None:
    """The open duty with the earliest date to plan by; one without a date only where none has one."""
    unsettled = [each for each in obligations if each.status in OPEN]
    dated = [each for each in unsettled if each.safest is not None]
    if dated:
        return min(dated, key=lambda each: (each.safest or date.max, each.id))
    return unsettled[0] if unsettled else None


def home_incident(board: Board, zone: ZoneInfo, new: int = 0) -> HomeIncident:
    """One incident from its board; `new` counts what the person at work has not read."""
    obligations = board.assessment.obligations if board.assessment is not None else ()
    return HomeIncident(
        board.incident,
        None if board.incident.closed else next_duty(obligations),
        sum(each.status in OPEN for each in obligations),
        board.problems,
        zone,
        new,
    )


def home_cells(line: HomeIncident, now: datetime) -> Sequence[Text]:
    """REF, TITLE, NEXT, LEFT, TO WHOM, OPEN."""
    duty = line.next
    if line.row.closed:
        due, remaining, whom = "closed", "", ""
    elif line.problems:
        due, remaining, whom = "no board yet", "", line.problems[0]
    elif duty is None:
        due, remaining, whom = "nothing open", "", ""
    elif duty.safest is None:
        due, remaining, whom = "no date", "", short_recipient(duty.id, duty.recipient)
    else:
        due, remaining, whom = (
            day(duty.safest),
            left(duty.safest, now, line.zone),
            short_recipient(duty.id, duty.recipient),
        )
    return (
        Text(line.row.reference, style="bold"),
        Text.assemble((f"•{line.new:,} ", "bold") if line.new else "", line.row.title),
        Text(due),
        Text(remaining, style="bold" if remaining.endswith(("late", "m", "h")) else ""),
        Text(whom),
        Text(str(line.open_duties), justify="right"),
    )


def home_summary(state: HomeState, verified: tuple[bool, str] | None, today: date) -> str:
    """Log verified OK · law checked 12 days ago · 1 notice waits for counsel."""
    match verified:
        case None:
            log = "Log: verifying…"
        case (True, words):
            log = f"Log {words}"
        case (_, words):
            log = f"LOG NOT INTACT: {words}"
    queue = {0: "nothing waits for counsel", 1: "1 notice waits for counsel"}.get(
        state.review_queue, f"{state.review_queue} notices wait for counsel"
    )
    return f"{log} · law checked {age(state.law_checked_on, today)} · {queue}"

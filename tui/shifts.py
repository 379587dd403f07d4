"""A hand-over in words. Pure."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.text import Text

from incident.views.shifts import HOURS, HandoverRow, Shift
from tui.presenters import day, left, moment
from tui.questions import question

_NEWS, _GAPS = 30, 6


def shift_lines(shift: Shift, now: datetime, zone: ZoneInfo) -> tuple[str | Text, ...]:
    """What somebody reads who goes on: the note, what is due, what waits, what is new."""
    lines: list[str | Text] = []
    if shift.last is not None:
        lines += [*handover_lines(shift.last, zone), ""]
    lines.append(Text(f"Due within {HOURS} hours, or late", style="bold"))
    lines += (
        [
            f"  {day(duty.safest)} ({left(duty.safest, now, zone)})  {duty.recipient}"
            for duty in shift.due
            if duty.safest
        ]
        or [*(f"  {line}" for line in shift.problems)]
        or ["  nothing"]
    )
    lines += _section("Waiting", shift.waiting)
    lines += _section(
        "To call back",
        [f"#{each.position} {each.topic} by {each.by}{' LATE' if each.late else ''}" for each in shift.promises],
    )
    lines += _section("Delivery", shift.delivery)
    gaps = [question(path).words for path in shift.gaps[:_GAPS]]
    if len(shift.gaps) > _GAPS:
        gaps.append(f"and {len(shift.gaps) - _GAPS:,} more: g on the board")
    lines += _section("Not answered yet", gaps)
    since = f"since #{shift.since}" if shift.since else "since the beginning"
    lines += ["", Text(f"New {since}: {len(shift.unread):,}", style="bold")]
    lines += [
        f"  #{row.position} {moment(row.recorded_at, zone)} {row.by}: {row.text}" for row in shift.unread[-_NEWS:]
    ]
    if len(shift.unread) > _NEWS:
        lines.append(f"  and {len(shift.unread) - _NEWS:,} earlier: the log marks them with •")
    return tuple(lines)


def handover_lines(row: HandoverRow, zone: ZoneInfo) -> tuple[str | Text, ...]:
    """One hand-over: from whom to whom, and whether it was taken."""
    taken = f"taken {moment(row.taken_at, zone)}" if row.taken_at is not None else "NOT TAKEN YET"
    return (
        Text(f"#{row.position} {moment(row.at, zone)}: {row.by} to {row.to}, {taken}", style="bold"),
        f"  {row.note}",
    )


def _section(title: str, lines: Sequence[str]) -> list[str | Text]:
    found = [f"  {line}" for line in lines]
    return ["", Text(title, style="bold"), *found] if found else []

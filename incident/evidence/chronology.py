"""The chronology of an incident: what happened when, in the order of the record, with what is withheld in its place."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from incident.evidence.paper import Paper, Section
from incident.views.queries import TimelineRow

_APART = 60
"""Seconds between happening and recording from which both are shown."""


def chronology(title: str, rows: Sequence[TimelineRow], withheld: Mapping[int, str], zone: ZoneInfo) -> Paper:
    """The rows of one incident; those in `withheld` show the ground in place of their words."""
    lines = (
        f"Times are those of {zone.key}. #n is the place of an entry in the log; the order is that of recording.",
        "Where an entry says when a thing happened, and it was recorded later, both times are given.",
    )
    table = tuple(_cells(row, withheld.get(row.position), zone) for row in rows)
    return Paper(
        title=title,
        sections=(Section(lines=lines, headings=("#", "When", "Recorded by", "What"), rows=table),),
    )


def _cells(row: TimelineRow, ground: str | None, zone: ZoneInfo) -> tuple[str, ...]:
    recorded = _moment(row.recorded_at, zone)
    if ground is not None:
        return f"#{row.position}", recorded, row.by, f"[withheld: {ground}]"
    when = recorded
    if abs((row.recorded_at - row.occurred_at).total_seconds()) >= _APART:
        when = f"{_moment(row.occurred_at, zone)} (recorded {recorded})"
    what = row.text + (f" (reason: {row.because})" if row.because else "")
    if row.corrected_at_position is not None:
        what += f" [corrected by #{row.corrected_at_position}]"
    return f"#{row.position}", when, row.by, what


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"

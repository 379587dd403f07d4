"""The deadlines of an incident as a calendar file (iCalendar, RFC 5545), with alarms as each period runs out.

An event stands on the date to plan by, the earliest under any defensible reading. A duty to which the law sets no
number of days is not a date and never becomes one: it is told beside the calendar. No personal data goes into a
calendar: it ends up on telephones.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from icalendar import Alarm, Calendar, Event

from incident.posting import Watch
from incident.views.queries import IncidentRow
from jurisdictions.obligations import Assessment, Obligation, Status, in_words

ALARMS: Final = (50, 80, 95)
"""Percent of a period after which somebody is reminded that it runs out."""

_SETTLED: Final = frozenset({Status.MET, Status.MET_LATE})
_PRODUCT: Final = "-//breach response toolkit//deadlines//EN"


class Reminders(msgspec.Struct, frozen=True):
    """A calendar file, how many deadlines are in it, and the duties without a date that are not."""

    content: bytes
    dated: int
    undated: tuple[str, ...]


def reminders(
    incident: IncidentRow,
    assessment: Assessment,
    *,
    began_on: date,
    zone: ZoneInfo,
    now: datetime,
    position: int,
    exercise: bool = False,
    watches: Sequence[Watch] = (),
) -> Reminders:
    """The calendar of an incident.

    `began_on` is the day of discovery, from which the alarms measure each period; `position` is the event number these
    dates are as of: imported again, a newer file takes the place of an older one. `watches` are postings and numbers
    that have to stay; those that ended are left out.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add(
        "x-wr-calname", f"{'EXERCISE ' if exercise else ''}Breach {incident.reference}: notification deadlines"
    )
    dated, undated = 0, []
    for duty in assessment.obligations:
        day = duty.given if duty.status in _SETTLED else duty.safest
        if day is None or duty.status is Status.NOT_REQUIRED:
            if duty.status not in _SETTLED | {Status.NOT_REQUIRED} and duty.given is None:
                undated.append(f"{duty.id}: {in_words(duty)}")
            continue
        dated += 1
        event = _event(incident, duty, day, exercise=exercise)
        event.add("uid", f"{incident.id}-{duty.id}@breach-response-toolkit")
        event.add("dtstamp", now)
        event.add("sequence", position)
        if duty.status not in _SETTLED:
            words = f"{duty.recipient} ({duty.id}), plan by {day}"
            for alarm in _alarms(words, began_on, day, zone, now):
                event.add_component(alarm)
        calendar.add_component(event)
    for watch in watches:
        if watch.ended is None:
            dated += 1
            calendar.add_component(_watched(incident, watch, zone, now, position, exercise=exercise))
    return Reminders(calendar.to_ical(), dated, tuple(undated))


def _event(incident: IncidentRow, duty: Obligation, day: date, *, exercise: bool) -> Event:
    event = Event()
    mark = "EXERCISE " if exercise else ""
    what = "Done" if duty.status in _SETTLED else "Plan by"
    event.add("summary", f"{mark}{what}: {duty.recipient} ({duty.id}), breach {incident.reference}")
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    lines = [duty.standard, f"State: {in_words(duty)}."]
    lines += [
        f"Reading {reading.id}: {reading.due or reading.outcome} ({reading.citation})" for reading in duty.readings
    ]
    lines += [f"Law: {'; '.join(duty.citations)}", *duty.caveats]
    lines.append("The day named is the last one on which the duty can be done. Not legal advice; counsel decides.")
    event.add("description", "\n".join(line for line in lines if line))
    return event


def _watched(
    incident: IncidentRow, watch: Watch, zone: ZoneInfo, now: datetime, position: int, *, exercise: bool
) -> Event:
    """The last day on which something posted has to stay."""
    event = Event()
    mark = "EXERCISE " if exercise else ""
    what = "Toll-free number" if watch.what == "phone" else "Posting"
    event.add("summary", f"{mark}Last day to stay: {what} {watch.place}, breach {incident.reference}")
    event.add("dtstart", watch.until)
    event.add("dtend", watch.until + timedelta(days=1))
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add(
        "description", f"Since {watch.since}. Law: {watch.citation}. It may end on the day after, at the earliest."
    )
    event.add("uid", f"{watch.posting}-{watch.what}@breach-response-toolkit")
    event.add("dtstamp", now)
    event.add("sequence", position)
    for alarm in _alarms(f"{what} {watch.place}, last day {watch.until}", watch.since, watch.until, zone, now):
        event.add_component(alarm)
    return event


def _alarms(words: str, began_on: date, day: date, zone: ZoneInfo, now: datetime) -> list[Alarm]:
    """Reminders at the parts of the period that are still to come."""
    begin, end = _midnight(began_on, zone), _midnight(day + timedelta(days=1), zone)
    alarms = []
    for percent in ALARMS if end > begin else ():
        at = begin + (end - begin) * percent // 100
        if at <= now:
            continue
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"{percent} % of the time is over: {words}")
        # From the start of the day, in whole minutes: calendars are at odds over alarms at a fixed moment.
        alarm.add("trigger", timedelta(minutes=(at - _midnight(day, zone)) // timedelta(minutes=1)))
        alarms.append(alarm)
    return alarms


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)

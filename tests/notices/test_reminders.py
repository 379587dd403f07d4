"""The calendar of deadlines, read back with the icalendar library as a common calendar would."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import icalendar
import pytest

from incident.posting import Watch
from incident.views.queries import IncidentRow
from jurisdictions.obligations import Assessment, Obligation, Reading, Status
from notices.reminders import ALARMS, reminders

CHICAGO = ZoneInfo("America/Chicago")
INCIDENT = IncidentRow(
    id=UUID(int=7),
    reference="2026-014",
    title="Mail account of Maria Doe",
    opened_at=datetime(2026, 11, 20, tzinfo=UTC),
    closed=False,
    decision=None,
    last_position=9,
)
NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


def duty(name="us.hipaa.individual", status=Status.DUE, safest=date(2027, 1, 19), **changes):
    fields = {
        "id": name,
        "recipient": "Affected individuals",
        "jurisdiction": "US",
        "status": status,
        "due": safest,
        "safest": safest,
        "latest_possible": None,
        "waits_on": None,
        "standard": "without unreasonable delay and in no case later than 60 calendar days",
        "readings": (Reading("discovery", safest, "60 days after discovery", "45 CFR 164.404(b)"),),
        "needs": (),
        "rule_version": date(2013, 9, 23),
        "citations": ("45 CFR 164.404",),
        "why": (),
    }
    return Obligation(**(fields | changes))


def made(*duties, **changes):
    assessment = Assessment(obligations=duties, not_modelled=(), as_of=NOW, law_as_of=None, rulebook_hash="0" * 64)
    given = {"began_on": date(2026, 11, 20), "zone": CHICAGO, "now": NOW, "position": 42} | changes
    found = reminders(INCIDENT, assessment, **given)
    return found, icalendar.Calendar.from_ical(found.content)


def moments(event, zone=CHICAGO):
    """When the alarms of an all-day event go off."""
    day = event.decoded("dtstart")
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    return [start + alarm.decoded("trigger") for alarm in event.walk("VALARM")]


def test_each_deadline_is_a_day_with_alarms_at_half_four_fifths_and_nineteen_twentieths_of_its_period():
    found, calendar = made(duty())
    (event,) = calendar.walk("VEVENT")
    assert found.dated == 1
    assert event.decoded("dtstart") == date(2027, 1, 19)
    assert event.decoded("dtend") == date(2027, 1, 20)
    begin = datetime(2026, 11, 20, tzinfo=CHICAGO)
    period = datetime(2027, 1, 20, tzinfo=CHICAGO) - begin
    expected = [begin + period * percent / 100 for percent in ALARMS]
    assert [abs(at - should) <= timedelta(minutes=1) for at, should in zip(moments(event), expected, strict=True)] == [
        True,
        True,
        True,
    ]


def test_an_alarm_whose_time_is_over_is_left_out():
    _, calendar = made(duty(), now=datetime(2027, 1, 10, 12, tzinfo=UTC))
    (event,) = calendar.walk("VEVENT")
    assert len(list(event.walk("VALARM"))) == 1


def test_a_duty_without_a_number_of_days_is_told_beside_the_calendar():
    found, calendar = made(duty("us.il.ag", Status.ASAP, None), duty("us.ca.ag", Status.WAITS, None, waits_on="x"))
    assert calendar.walk("VEVENT") == []
    assert found.undated == ("us.il.ag: as soon as possible", "us.ca.ag: waits on x")


@pytest.mark.parametrize("status", [Status.NOT_REQUIRED])
def test_what_is_not_owed_is_nowhere(status):
    found, calendar = made(duty(status=status))
    assert (found.dated, found.undated, calendar.walk("VEVENT")) == (0, (), [])


def test_what_is_done_stands_on_the_day_it_was_done_and_rings_no_more():
    _, calendar = made(duty(status=Status.MET, given=date(2026, 12, 1)))
    (event,) = calendar.walk("VEVENT")
    assert event.decoded("dtstart") == date(2026, 12, 1)
    assert str(event["summary"]).startswith("Done: ")
    assert list(event.walk("VALARM")) == []


def test_a_newer_file_takes_the_place_of_an_older_one():
    (_, first), (_, second) = made(duty()), made(duty(safest=date(2027, 1, 10)), position=57)
    one, two = first.walk("VEVENT")[0], second.walk("VEVENT")[0]
    assert one["uid"] == two["uid"]
    assert (one["sequence"], two["sequence"]) == (42, 57)


def test_nothing_that_people_typed_goes_into_a_calendar():
    found, _ = made(duty())
    assert b"Maria" not in found.content


def test_an_exercise_says_so_in_every_line_that_shows():
    _, calendar = made(duty(), exercise=True)
    assert str(calendar["x-wr-calname"]).startswith("EXERCISE")
    assert all(str(event["summary"]).startswith("EXERCISE") for event in calendar.walk("VEVENT"))


def test_lines_are_folded_and_ended_as_the_standard_asks():
    found, _ = made(duty(caveats=("ü" * 300,)))
    lines = found.content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in found.content.replace(b"\r\n", b"")


def watch(what="posting", ended=None):
    return Watch(
        posting=UUID(int=8), what=what, place="https://lakeshore.example", since=date(2026, 11, 20),
        until=date(2027, 2, 18), citation="45 CFR 164.404(d)(2)(ii)", ended=ended,
    )  # fmt: skip


def test_what_has_to_stay_stands_on_its_last_day_with_its_own_alarms():
    found, calendar = made(duty(), watches=[watch(), watch("phone")])
    assert found.dated == 3
    posting, phone = calendar.walk("VEVENT")[1:]
    assert posting["uid"] != phone["uid"]
    assert "Last day to stay: Posting https://lakeshore.example" in posting["summary"]
    assert posting.decoded("dtstart") == date(2027, 2, 18)
    begin = datetime(2026, 11, 20, tzinfo=CHICAGO)
    period = datetime(2027, 2, 19, tzinfo=CHICAGO) - begin
    for at, percent in zip(moments(posting), ALARMS, strict=True):
        assert abs(at - (begin + period * percent / 100)) <= timedelta(minutes=1)


def test_what_ended_is_not_in_the_calendar():
    found, calendar = made(duty(), watches=[watch(ended=date(2027, 2, 19))])
    assert (found.dated, len(calendar.walk("VEVENT"))) == (1, 1)

"""Counting, against an oracle that walks the calendar one day at a time."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jurisdictions.counting import business_days, calendar_days, end_of_year_plus, rolled_forward
from jurisdictions.rulebook import load_rulebook

CALENDARS = [*sorted(load_rulebook().calendars), None]
days = st.dates(date(2003, 1, 1), date(2040, 11, 1))


def walk(start: date, steps: int, counts: object) -> date:
    """Take a day at a time; only days that count use up a step."""
    day = start
    while steps > 0:
        day = date.fromordinal(day.toordinal() + 1)
        if counts(day):  # type: ignore[operator]
            steps -= 1
    return day


@given(days, st.integers(0, 400))
def test_calendar_days(start: date, steps: int) -> None:
    assert calendar_days(start, steps).day == walk(start, steps, lambda day: True)


@given(days, st.integers(0, 30), st.sampled_from(CALENDARS))
@settings(max_examples=300)
def test_business_days(start: date, steps: int, name: str | None) -> None:
    calendar = load_rulebook().calendars[name] if name else None
    holidays = {day for year in range(start.year, start.year + 2) for day in (calendar.year(year) if calendar else ())}

    def counts(day: date) -> bool:
        return day.isoweekday() <= 5 and day not in holidays

    counted = business_days(start, steps, calendar)
    assert counted.day == walk(start, steps, counts)
    if steps:
        assert counts(counted.day)
    for day in holidays:
        if start < day < counted.day and day.isoweekday() <= 5:
            assert any(day.isoformat() in line for line in counted.lines), "every weekday left out is named"


@given(days, days, st.integers(0, 60), st.sampled_from(CALENDARS))
def test_a_later_start_never_ends_earlier(one: date, other: date, steps: int, name: str | None) -> None:
    calendar = load_rulebook().calendars[name] if name else None
    first, last = sorted([one, other])
    assert business_days(first, steps, calendar).day <= business_days(last, steps, calendar).day
    assert calendar_days(first, steps).day <= calendar_days(last, steps).day


@given(days, st.integers(1, 60), st.sampled_from(CALENDARS))
def test_no_calendar_ends_before_plain_weekdays(start: date, steps: int, name: str | None) -> None:
    calendar = load_rulebook().calendars[name] if name else None
    assert business_days(start, steps, None).day <= business_days(start, steps, calendar).day


@pytest.mark.parametrize(
    ("discovered", "due"),
    [
        (2022, "2023-03-01"),
        (2023, "2024-02-29"),
        (2024, "2025-03-01"),
        (2025, "2026-03-01"),
        (2026, "2027-03-01"),
        (2027, "2028-02-29"),
        (2028, "2029-03-01"),
        (2099, "2100-03-01"),
    ],
)
def test_sixty_days_after_the_year(discovered: int, due: str) -> None:
    for day in (date(discovered, 1, 1), date(discovered, 12, 31)):
        assert end_of_year_plus(day, 60).day == date.fromisoformat(due)


def test_ocr_counted_101_days_in_2014() -> None:
    assert (date(2014, 1, 31) - date(2013, 10, 22)).days == 101
    assert calendar_days(date(2013, 10, 22), 101).day == date(2014, 1, 31)


def test_rolling_stops_on_the_first_open_day() -> None:
    courts = load_rulebook().calendars["ca.ccp_135"]
    assert rolled_forward(date(2026, 6, 20), courts.not_business).day == date(2026, 6, 22)
    assert rolled_forward(date(2026, 11, 26), courts.not_business).day == date(2026, 11, 30)
    open_day = date(2026, 6, 22)
    assert rolled_forward(open_day, courts.not_business).day == open_day
    assert rolled_forward(open_day, courts.not_business).lines == ("Last day: 2026-06-22 (Mon).",)


def test_lines_carry_the_arithmetic() -> None:
    federal = load_rulebook().calendars["us.federal"]
    counted = business_days(date(2026, 11, 20), 5, federal)
    assert counted.day == date(2026, 11, 30)
    assert counted.lines == (
        "2026-11-20 (Fri) is day 0; + 5 business days of 5 U.S.C. 6103 = 2026-11-30 (Mon).",
        "Weekdays left out: 2026-11-26 (Thu) Thanksgiving Day.",
    )
    assert timedelta(days=10) == counted.day - date(2026, 11, 20)

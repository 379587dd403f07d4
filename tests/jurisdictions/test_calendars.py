"""The business-day calendars, day by day against the statutes' own lists."""

from datetime import date, timedelta

import pytest

from jurisdictions.calendars import Calendar
from jurisdictions.rulebook import load_rulebook


def calendar(name: str) -> Calendar:
    return load_rulebook().calendars[name]


def days(name: str, year: int) -> list[str]:
    return [day.isoformat()[5:] for day in calendar(name).year(year)]


@pytest.mark.parametrize(
    ("name", "year", "expected"),
    [
        # CCP 135, full-day list; 4 July 2026 is a Saturday and stays, 4 July 2027 a Sunday and moves.
        (
            "ca.ccp_135",
            2026,
            "01-01 01-19 02-12 02-16 03-31 05-25 06-19 07-04 09-07 09-25 11-11 11-26 11-27 12-25",
        ),
        (
            "ca.ccp_135",
            2027,
            "01-01 01-18 02-12 02-15 03-31 05-31 06-19 07-05 09-06 09-24 11-11 11-25 11-26 12-25",
        ),
        # Gov. 19853: no Lincoln, no Columbus, no Juneteenth, no Native American Day; the day after Thanksgiving.
        ("ca.gov_19853", 2026, "01-01 01-19 02-16 03-31 05-25 07-04 09-07 11-11 11-26 11-27 12-25"),
        # Gov. 6700: no day after Thanksgiving; Diwali has no published date.
        (
            "ca.gov_6700",
            2026,
            "01-01 01-19 02-12 02-16 02-17 03-31 04-24 05-25 06-19 07-04 09-07 09-09 09-25 10-12 11-11 11-26 12-25",
        ),
        # 205 ILCS 630/17: Pulaski, Good Friday and the general election; no day after Thanksgiving.
        (
            "il.205_ilcs_630_17",
            2026,
            "01-01 01-19 02-12 02-16 03-02 04-03 05-25 06-19 07-04 09-07 10-12 11-03 11-11 11-26 12-25",
        ),
        (
            "il.205_ilcs_630_17",
            2027,
            "01-01 01-18 02-12 02-15 03-01 03-26 05-31 06-19 07-04 09-06 10-11 11-11 11-25 12-25",
        ),
        # Like 30 ILCS 500/15-45: neither Pulaski nor Good Friday.
        (
            "il.state_offices",
            2026,
            "01-01 01-19 02-12 02-16 05-25 06-19 07-04 09-07 10-12 11-03 11-11 11-26 11-27 12-25",
        ),
        # 5 U.S.C. 6103 with Saturday to Friday.
        ("us.federal", 2026, "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25"),
        ("us.federal", 2024, "01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25"),
    ],
)
def test_the_year_is_the_statutes_list(name: str, year: int, expected: str) -> None:
    assert days(name, year) == expected.split()


def test_california_moves_sundays_to_monday_and_only_11_november_from_saturday() -> None:
    assert date(2023, 1, 2) in calendar("ca.gov_19853").year(2023)  # 1 January 2023 was a Sunday
    assert date(2022, 12, 26) in calendar("ca.gov_19853").year(2022)  # Christmas 2022 was a Sunday
    assert date(2028, 11, 10) in calendar("ca.gov_19853").year(2028)  # 11 November 2028 is a Saturday
    assert date(2026, 7, 3) not in calendar("ca.gov_19853").year(2026)  # no general Saturday to Friday
    assert date(2033, 6, 20) not in calendar("ca.gov_6700").year(2033)  # Juneteenth does not move
    assert date(2033, 4, 25) not in calendar("ca.gov_6700").year(2033)  # nor does 24 April


def test_illinois_moves_nothing_but_juneteenth() -> None:
    assert date(2022, 6, 20) in calendar("il.205_ilcs_630_17").year(2022)
    assert date(2023, 1, 2) not in calendar("il.205_ilcs_630_17").year(2023)
    assert date(2021, 6, 18) not in calendar("il.205_ilcs_630_17").year(2021)


def test_federal_new_year_can_fall_in_the_old_year() -> None:
    assert date(2021, 12, 31) in calendar("us.federal").year(2021)
    assert date(2022, 1, 1) not in calendar("us.federal").year(2022)
    assert date(2021, 6, 18) not in calendar("us.federal").year(2020)
    assert date(2020, 6, 19) not in calendar("us.federal").year(2020)


def test_holidays_begin_with_their_statutes() -> None:
    gov_6700 = calendar("ca.gov_6700")
    assert date(2022, 6, 19) not in gov_6700.year(2022)
    assert date(2023, 6, 19) in gov_6700.year(2023)
    assert date(2022, 4, 24) not in gov_6700.year(2022)
    assert date(2023, 4, 24) in gov_6700.year(2023)
    assert date(2009, 2, 12) in calendar("ca.gov_19853").year(2009)
    assert date(2010, 2, 12) not in calendar("ca.gov_19853").year(2010)
    assert date(2008, 10, 13) in calendar("ca.gov_19853").year(2008)
    assert date(2009, 10, 12) not in calendar("ca.gov_19853").year(2009)


@pytest.mark.parametrize("name", sorted(load_rulebook().calendars))
def test_every_calendar_is_reviewed_from_2003_to_2040_and_sourced(name: str) -> None:
    head = calendar(name).head
    assert (head.first_year, head.last_year) == (2003, 2040)
    for holiday in calendar(name).holidays:
        assert holiday.sources or holiday.mark == "knowledge", holiday.name
    for year in range(2003, 2041):
        found = calendar(name).year(year)
        assert list(found) == sorted(found)
        assert 9 <= len(found) <= 18, (name, year)
        assert all(day.year == year for day in found)


@pytest.mark.parametrize("year", range(2023, 2041))
def test_lunar_new_year_has_a_date_each_year_near_the_second_new_moon(year: int) -> None:
    found = [day for day, what in calendar("ca.gov_6700").year(year).items() if what == "Lunar New Year"]
    assert len(found) == 1
    assert date(year, 1, 21) <= found[0] <= date(year, 2, 20)
    # A new moon: whole lunations (29.530588 days) from the one of 6 January 2000.
    age = (found[0] - date(2000, 1, 6)).days % 29.530588
    assert min(age, 29.530588 - age) < 1.6


def test_an_unpublished_date_is_told_and_not_guessed() -> None:
    gov_6700 = calendar("ca.gov_6700")
    told = gov_6700.caveats(date(2026, 10, 5), date(2026, 10, 26))
    assert any("Diwali" in line for line in told)
    assert not any("Diwali" in line for line in gov_6700.caveats(date(2026, 9, 1), date(2026, 9, 22)))
    assert not any("Diwali" in line for line in gov_6700.caveats(date(2025, 10, 5), date(2025, 10, 26)))


def test_a_count_beyond_the_reviewed_years_says_so() -> None:
    told = calendar("il.205_ilcs_630_17").caveats(date(2040, 12, 28), date(2041, 1, 4))
    assert any("2003 to 2040" in line for line in told)


@pytest.mark.parametrize("name", sorted(load_rulebook().calendars))
def test_weekends_are_never_business_days(name: str) -> None:
    day = date(2026, 1, 1)
    while day.year == 2026:
        if day.weekday() >= 5:
            assert calendar(name).not_business(day) in ("Saturday", "Sunday")
        day += timedelta(days=1)

"""45 CFR 164.408(c): the year of discovery, and its last day by counting days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from jurisdictions.facts import parse_facts
from jurisdictions.rulebook import load_rulebook
from jurisdictions.yearly import discovery_days, due_of_year

RULEBOOK = load_rulebook()
NOW = datetime(2027, 1, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("year", "due"),
    [
        (2022, date(2023, 3, 1)),
        (2023, date(2024, 2, 29)),
        (2024, date(2025, 3, 1)),
        (2025, date(2026, 3, 1)),
        (2026, date(2027, 3, 1)),
        (2027, date(2028, 2, 29)),
        (2028, date(2029, 3, 1)),
    ],
)
def test_the_reports_of_a_year_are_due_sixty_days_after_its_end_and_no_weekend_moves_that(year: int, due: date) -> None:
    found = due_of_year(year, RULEBOOK)
    assert found is not None
    assert found.due == due
    day, last = 0, date(year, 12, 31)
    while day < 60:  # day by day, by hand
        day, last = day + 1, last + timedelta(days=1)
    assert last == due
    assert (found.fewer_than, found.citation) == (500, "45 CFR 164.408(c)")
    assert f"= {due:%a %Y-%m-%d}" in " ".join(found.why) or str(due) in " ".join(found.why)


def test_a_year_before_the_rule_has_no_day() -> None:
    assert due_of_year(2008, RULEBOOK) is None
    assert due_of_year(2009, RULEBOOK) is not None


def facts(discovered_at: str, zone: str = "America/Los_Angeles", **discovery: object):
    return parse_facts(
        {
            "organization": {"time_zone": zone, "hipaa_role": "covered_entity"},
            "incident": {"discovered_at": discovered_at},
            "discovery": discovery,
        }
    )


def test_the_year_is_that_of_the_civil_date_where_the_organization_is() -> None:
    late = facts("2026-12-31T23:00:00-08:00")
    assert [each.day for each in discovery_days(late, RULEBOOK, NOW)] == [date(2026, 12, 31)], "2027 already in UTC"


def test_a_day_on_which_it_should_have_been_known_may_lie_in_the_year_before() -> None:
    found = discovery_days(
        facts("2027-01-04T09:00:00-08:00", should_have_known_at="2026-12-20T09:00:00-08:00"), RULEBOOK, NOW
    )
    assert [each.day for each in found] == [date(2026, 12, 20), date(2027, 1, 4)]

"""Quick typing is read exactly or refused; nothing is guessed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from incident.errors import InvalidInput
from jurisdictions.facts import check_fact
from tui.entry import affected_words, read_affected, read_count, read_moment

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 22, 22, 24, tzinfo=UTC)  # Sunday 16:24 in Chicago


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("-2d 16:10", "2026-11-20T16:10:00-06:00"),
        ("2026-11-20 16:10", "2026-11-20T16:10:00-06:00"),
        ("2026-11-20T16:10", "2026-11-20T16:10:00-06:00"),
        ("today 9:15", "2026-11-22T09:15:00-06:00"),
        ("TODAY 9:15am", "2026-11-22T09:15:00-06:00"),
        ("yesterday 4:10 pm", "2026-11-21T16:10:00-06:00"),
        ("16:10", "2026-11-22T16:10:00-06:00"),
        ("12:05am", "2026-11-22T00:05:00-06:00"),
        ("-3h", "2026-11-22T13:24:00-06:00"),
        ("-45m", "2026-11-22T15:39:00-06:00"),
        ("now", "2026-11-22T16:24:00-06:00"),
        ("2026-11-20 16:10-05:00", "2026-11-20T15:10:00-06:00"),
        ("2026-07-04 16:10", "2026-07-04T16:10:00-05:00"),
        ("2026-11-01 01:30-05:00", "2026-11-01T01:30:00-05:00"),
    ],
)
def test_a_moment_is_read_in_the_zone_of_the_organization(typed: str, read: str) -> None:
    assert read_moment(typed, NOW, CHICAGO).isoformat() == read


@pytest.mark.parametrize(
    ("typed", "because"),
    [
        ("-2d", "time of day"),
        ("2026-11-20", "time of day"),
        ("today", "time of day"),
        ("2026-02-30 10:00", "no day"),
        ("-2d 25:10", "not a time of day"),
        ("-2h 16:10", "days"),
        ("13:10pm", "not a time of day"),
        ("23:59", "future"),
        ("2027-01-01 10:00", "future"),
        ("11/20 16:10", "cannot be read"),
        ("May 5", "cannot be read"),
        ("", "cannot be read"),
        ("2026-03-08 02:30", "does not exist"),
        ("2026-11-01 01:30", "happened twice"),
    ],
)
def test_a_moment_that_cannot_be_placed_is_refused_with_its_reason(typed: str, because: str) -> None:
    with pytest.raises(InvalidInput, match=because):
        read_moment(typed, NOW, CHICAGO)


@pytest.mark.parametrize(
    ("typed", "value", "estimate"),
    [
        ("1231", 1231, None),
        ("1,231", 1231, None),
        ("0", 0, None),
        ("1000-1300", {"min": 1000, "max": 1300}, None),
        ("1000..1300", {"min": 1000, "max": 1300}, None),
        ("60-60", 60, None),
        ("~60", {"min": 48, "max": 72}, "~60"),
        ("~7", {"min": 5, "max": 9}, "~7"),
        ("~1", {"min": 1, "max": 2}, "~1"),
        ("?", None, None),
    ],
)
def test_a_count_is_exact_a_range_an_estimate_or_unknown(typed: str, value: object, estimate: str | None) -> None:
    count = read_count(typed)
    assert (count.value, count.estimate) == (value, estimate)
    assert check_fact("affected.total", value) == ()


@pytest.mark.parametrize("typed", ["", "about 60", "-5", "1300-1000", "~10-20", "1.5", "500+", "1e3", "-"])
def test_a_count_that_is_none_of_these_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        read_count(typed)


def test_states_with_their_counts_are_read_in_one_line() -> None:
    affected = read_affected("il 1000-1300, ca ~60 in:?  all=1,400")
    assert affected.values == {
        "affected.by_state.IL": {"min": 1000, "max": 1300},
        "affected.by_state.CA": {"min": 48, "max": 72},
        "affected.by_state.IN": None,
        "affected.total": 1400,
    }
    assert affected.estimates == {"affected.by_state.CA": "~60"}
    assert affected_words(affected) == "IL 1,000 to 1,300 · CA ~60 (48 to 72) · IN unknown · all 1,400"


def test_a_lone_number_is_everybody_and_nothing_is_nothing_known() -> None:
    assert read_affected("1231").values == {"affected.total": 1231}
    assert read_affected("?").values == {"affected.total": None}
    assert read_affected("  ").values == {}


@pytest.mark.parametrize(
    ("typed", "named"),
    [("il", "il"), ("il 5 ca", "ca"), ("zz 5", "zz"), ("il five", "five"), ("il 5 il 6", "il"), ("il 5 6", "6")],
)
def test_a_part_that_cannot_be_read_is_named(typed: str, named: str) -> None:
    with pytest.raises(InvalidInput, match=named):
        read_affected(typed)

"""The past incident to replay: told as it came, with facts that can be recorded, and judged by the law of its day."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from incident.exercise.scenario import Scenario, parse_scenario
from jurisdictions.assess import assess
from jurisdictions.facts import BreachFacts, check_fact, parse_facts
from jurisdictions.obligations import Status
from jurisdictions.rulebook import load_rulebook
from notices.drafting import organization_from_contact
from notices.elements.prose import Prose
from notices.elements.readability import readability
from samples.library import FOLDER, scenario_paths

REAL_TIME = timedelta(minutes=90)
DISCOVERED = date(2013, 10, 22)
DAY_60 = date(2013, 12, 21)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return parse_scenario((FOLDER / "replay_missing_schedules.toml").read_text("utf-8"))


def _facts(scenario: Scenario, told: int, given: dict[str, str]) -> BreachFacts:
    """What players know who recorded everything that the first so many injects let them record."""
    known: dict[str, Any] = dict(scenario.organization_facts)
    for inject in scenario.injects[:told]:
        known |= inject.facts
    facts: dict[str, Any] = {"given": given}
    for path, value in known.items():
        *sections, last = path.split(".")
        node = facts
        for section in sections:
            node = node.setdefault(section, {})
        node[last] = value
    return parse_facts(facts)


def test_it_is_among_the_scenarios() -> None:
    assert "replay_missing_schedules.toml" in [path.name for path in scenario_paths()]


def test_every_scenario_can_be_read_and_notices_can_be_written_for_it() -> None:
    for path in scenario_paths():
        read = parse_scenario(path.read_text("utf-8"))
        assert organization_from_contact(read.organization, read.contact).address.state
        assert read.sources
        for path_, value in itertools.chain(
            read.organization_facts.items(), *(inject.facts.items() for inject in read.injects)
        ):
            assert check_fact(path_, value) == (), path_


def test_it_says_what_is_real_in_it(scenario: Scenario) -> None:
    assert "public settlement" in scenario.summary
    assert "fictional name" in scenario.summary
    assert "made up" in scenario.summary
    assert "Presence" not in scenario.summary + scenario.organization


def test_it_takes_ninety_minutes(scenario: Scenario) -> None:
    real = (scenario.ends_at - scenario.starts_at) / scenario.speed
    assert REAL_TIME * 0.95 <= real <= REAL_TIME


def test_the_injects_come_while_something_can_still_be_done(scenario: Scenario) -> None:
    assert 9 <= len(scenario.injects) <= 12
    assert len({inject.title for inject in scenario.injects}) == len(scenario.injects)
    moments = [inject.at for inject in scenario.injects]
    assert moments == sorted(moments)
    assert moments[-1].date() < min(act.on for act in scenario.record)
    assert max(act.on for act in scenario.record) <= scenario.ends_at.date()


def test_the_offsets_are_those_of_chicago(scenario: Scenario) -> None:
    for moment in (scenario.starts_at, scenario.ends_at, *(inject.at for inject in scenario.injects)):
        assert moment.utcoffset() == timedelta(hours=-5 if moment.date() < date(2013, 11, 3) else -6)


def test_after_every_inject_there_is_a_board(scenario: Scenario) -> None:
    rulebook = load_rulebook()
    for told, inject in enumerate(scenario.injects, start=1):
        board = assess(_facts(scenario, told, {}), rulebook, as_of=inject.at)
        individuals = board.get("us.hipaa.individuals")
        assert individuals is not None
        assert individuals.status is Status.NEEDS_FACT or individuals.due == DAY_60
    assert not [duty.id for duty in board.obligations if duty.status is Status.NEEDS_FACT]


@pytest.mark.parametrize(
    ("duty", "days"), [("us.hipaa.hhs", 101), ("us.hipaa.individuals", 104), ("us.hipaa.media:IL", 106)]
)
def test_what_was_really_done_came_late_by_the_law_of_its_day(scenario: Scenario, duty: str, days: int) -> None:
    done = {act.obligation_id: act.on for act in scenario.record}
    assert (done[duty] - DISCOVERED).days == days
    assert f"day {days}" in next(act.text for act in scenario.record if act.obligation_id == duty)
    given = {name: day.isoformat() for name, day in done.items()}
    facts = _facts(scenario, len(scenario.injects), given)
    board = assess(facts, load_rulebook(), as_of=datetime(2014, 2, 7, 23, tzinfo=UTC))
    found = board.get(duty)
    assert found is not None
    assert (found.status, found.due) == (Status.MET_LATE, DAY_60)


def test_no_duty_of_a_later_law_is_on_the_board(scenario: Scenario) -> None:
    board = assess(_facts(scenario, len(scenario.injects), {}), load_rulebook(), as_of=scenario.ends_at)
    owed = {duty.id for duty in board.obligations if duty.status is not Status.NOT_REQUIRED}
    # 815 ILCS 530/50 is of 2017, and the Personal Information Protection Act speaks of computerized data.
    assert owed == {"us.hipaa.individuals", "us.hipaa.hhs", "us.hipaa.media:IL", "us.hipaa.substitute"}


def test_the_injects_are_plain(scenario: Scenario) -> None:
    for text in (scenario.summary, *(inject.text for inject in scenario.injects)):
        grade = readability(Prose(text)).grade
        assert grade is not None
        assert grade <= 8, text
        assert "—" not in text

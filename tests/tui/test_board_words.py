"""The board in words, on real assessments of the law."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from incident.facts import contract_json
from incident.views.queries import FactRow
from jurisdictions.assess import assess
from jurisdictions.facts import parse_facts
from jurisdictions.obligation_ids import FIXED
from jurisdictions.obligations import Assessment, Status
from jurisdictions.rulebook import load_rulebook
from tui.board import board_rows, change_lines, effect_lines, explain, law_of, people_in, short_recipient, state_words
from tui.presenters import OPEN

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 22, 22, 24, 7, tzinfo=UTC)
FACTS: dict[str, Any] = {
    "organization.time_zone": "America/Chicago",
    "organization.state": "IL",
    "organization.hipaa_role": "covered_entity",
    "organization.entity_type": "healthcare_provider",
    "incident.discovered_at": "2026-11-20T16:10:00-06:00",
    "incident.data_elements": ["name", "medical_information"],
    "incident.medium": "electronic",
    "incident.encrypted": False,
    "affected.by_state.IL": {"min": 1000, "max": 1300},
    "affected.by_state.CA": {"min": 48, "max": 72},
    "affected.by_state.IN": None,
}


def known(facts: dict[str, Any]) -> dict[str, FactRow]:
    return {
        path: FactRow(
            incident=UUID(int=1),
            version=number,
            position=number + 10,
            path=path,
            value=value,
            occurred_at=NOW,
            recorded_at=NOW,
            by="dana",
            source="estimate ~60" if path.endswith(".CA") else None,
        )
        for number, (path, value) in enumerate(facts.items(), start=1)
    }


def assessed(now: datetime = NOW, **changes: Any) -> tuple[Assessment, dict[str, FactRow]]:
    facts = known({**FACTS, **{path.replace("__", "."): value for path, value in changes.items()}})
    return assess(parse_facts(contract_json(facts)), load_rulebook(), as_of=now), facts  # type: ignore[arg-type]


def rows(now: datetime = NOW, *, folded: bool = False, wide: bool = True, **changes: Any) -> dict[str, list[str]]:
    assessment, facts = assessed(now, **changes)
    found = board_rows(assessment, facts, now, CHICAGO, folded=folded, wide=wide)
    return {row.key: [cell.plain for cell in row.cells] for row in found}


def test_a_firm_row_reads_like_the_board_on_the_wall() -> None:
    assert rows()["us.hipaa.individuals"] == [
        "Tue 2027-01-19",
        "58d",
        "All individuals",
        "60 cal. days, HIPAA",
        "outer limit*",
    ]


def test_estimates_ranges_and_unknown_counts_stay_what_they_are() -> None:
    found = rows()
    assert found["ca.civ1798_82.individuals"][2] == "California residents (~60)"
    assert found["us.hipaa.media:IL"][2] == "Media, Illinois (1000-1300)"
    assert found["us.hipaa.media:IN"][2:] == ["Media, Indiana (?)", "60 cal. days, HIPAA", "needs a count"]


def test_a_dependent_duty_says_what_it_waits_for_and_the_latest_it_could_become() -> None:
    due, left, _, why, state = rows()["il.pipa.hipaa_attorney_general"]
    assert (due, left, state) == ("waits on HHS", "", "dependent")
    assert "2027-01-26 at the latest" in why


def test_what_is_open_comes_first_by_its_safest_date_and_what_is_not_due_last_with_its_reason() -> None:
    assessment, facts = assessed()
    found = board_rows(assessment, facts, NOW, CHICAGO)
    duties = [row.duty for row in found if row.duty is not None]
    opened = [duty for duty in duties if duty.status in OPEN]
    assert duties[: len(opened)] == opened
    dates = [duty.safest for duty in opened if duty.safest is not None]
    assert dates == sorted(dates)
    assert [duty for duty in duties if duty.status is Status.NOT_REQUIRED] == duties[len(opened) :]
    assert all(row.cells[3].plain for row in found), "every row says why"


def test_law_that_is_not_modelled_is_a_row_before_what_is_not_due() -> None:
    keys = list(rows())
    assert "ask counsel" in rows()["in.breach.*"]
    assert rows()["in.breach.*"][4] == "NOT MODELLED"
    assert keys.index("in.breach.*") < keys.index("us.hipaa.covered_entity")


def test_folding_hides_what_does_not_arise_and_nothing_else() -> None:
    shown, folded = rows(), rows(folded=True)
    assert set(folded) < set(shown)
    assert all(shown[key][4] == "not due" for key in set(shown) - set(folded))


def test_overdue_and_met_are_words() -> None:
    late = rows(datetime(2027, 1, 21, 18, 0, tzinfo=UTC))["us.hipaa.individuals"]
    assert late[1:2] + late[4:] == ["2d late", "OVERDUE"]
    met = rows(**{"given.us.hipaa.individuals": "2026-12-01"})["us.hipaa.individuals"]
    assert met[0] == "on 2026-12-01"
    assert met[4] == "met"
    after = datetime(2027, 2, 2, 18, 0, tzinfo=UTC)
    tardy = rows(after, **{"given.us.hipaa.individuals": "2027-02-01"})["us.hipaa.individuals"]
    assert tardy[4] == "MET LATE"


def test_a_narrow_board_keeps_the_period() -> None:
    assert rows(wide=False)["us.hipaa.hhs"][3] == "60 cal. days"


def test_an_explanation_lets_a_stranger_recompute_the_date() -> None:
    assessment, facts = assessed()
    duty = assessment.get("us.hipaa.individuals")
    assert duty is not None
    words = "\n".join(line.plain for line in explain(duty, facts, NOW, CHICAGO))
    for needed in (
        "45 CFR 164.404",
        "Rule version in force from 2009-09-23",
        "Friday 2026-11-20 in America/Chicago",
        "+ 60 calendar days = 2027-01-19 (Tue)",
        "Due Tue 2027-01-19 (58d)",
        "actual knowledge on 2026-11-20",
        "#15 incident.discovered_at = Fri 2026-11-20 16:10 CST",
    ):
        assert needed in words, needed


def test_an_explanation_names_what_would_settle_an_open_question_and_every_caveat() -> None:
    assessment, facts = assessed()
    for duty in assessment.obligations:
        words = "\n".join(line.plain for line in explain(duty, facts, NOW, CHICAGO))
        assert all(path in words for path in duty.needs)
        assert all(caveat in words for caveat in duty.caveats)
        assert all(reading.reading in words for reading in duty.readings)
        assert all(line in words for line in duty.why)


@pytest.mark.parametrize("obligation_id", sorted(FIXED))
def test_every_fixed_duty_has_a_short_recipient_and_a_law(obligation_id: str) -> None:
    assert short_recipient(obligation_id) != obligation_id
    assert law_of(obligation_id)
    assert "law" not in law_of(obligation_id)


@pytest.mark.parametrize(
    ("obligation_id", "words"),
    [
        ("us.hipaa.media:TX", "Media, Texas"),
        ("tx.breach.individuals", "Texas residents"),
        ("tx.breach.regulator:attorney_general", "Texas AG"),
        ("fl.breach.regulator:department_of_legal_affairs", "Florida department of legal affairs"),
        ("tx.breach.consumer_reporting_agencies", "Credit bureaus (Texas)"),
        ("tx.breach.data_owner", "Data owner (Texas)"),
    ],
)
def test_duties_of_any_state_read_in_few_words(obligation_id: str, words: str) -> None:
    assert short_recipient(obligation_id) == words


def test_changes_name_recipients_instead_of_ids() -> None:
    (line,) = change_lines(
        ["il.pipa.hipaa_attorney_general: due 2026-11-30 (was waits on us.hipaa.hhs, 2027-01-26 at the latest)"]
    )
    assert line.plain == ("± Illinois AG (after HHS) due 2026-11-30 (was waits on HHS, 2027-01-26 at the latest)")
    (effect,) = effect_lines([("none", ["ca.hsc1280_15.cdph: not required (was due 2026-12-15)"])])
    assert effect.plain == "If none: California CDPH not required"


def test_a_duty_with_several_dates_says_how_many_readings_there_are() -> None:
    many = [
        duty
        for changes in ({}, {"organization.licenses": ["ca_hsc_1204"]})
        for duty in assessed(**changes)[0].obligations
        if len({reading.due for reading in duty.readings}) > 1 and duty.status is Status.DUE
    ]
    assert many, "the rulebook holds a duty with several readings on these facts"
    assert {state_words(duty) for duty in many} == {f"{len(duty.readings)} readings" for duty in many}
    assert all(duty.safest == min(reading.due for reading in duty.readings if reading.due) for duty in many)
    assert min(duty.safest for duty in many if duty.safest) <= date(2026, 12, 15)


def test_the_number_of_everybody_is_not_passed_off_as_that_of_part_2_patients() -> None:
    facts = FACTS | {"organization.part2_program": True, "affected.total": 1231}
    board = assess(parse_facts(contract_json(known(facts))), load_rulebook(), as_of=NOW)
    shown = {duty.id: people_in(duty, known(facts)) for duty in board.obligations}
    assert (shown["us.hipaa.hhs"], shown["us.part2.hhs"]) == ("1231", "of 1231")

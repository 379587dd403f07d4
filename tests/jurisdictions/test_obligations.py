"""Adopted readings, the law of another day, and the difference between two assessments."""

from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any

import pytest

from jurisdictions.assess import assess
from jurisdictions.facts import parse_facts
from jurisdictions.obligations import Assessment, Status, assessment_to_json, diff_assessments
from jurisdictions.rulebook import load_rulebook
from tests.jurisdictions.worked_cases import all_cases

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)


def facts(case_id: str) -> dict[str, Any]:
    return deepcopy(next(case.facts for case in all_cases() if case.id == case_id))


def judged(tree: dict[str, Any], **how: Any) -> Assessment:
    return assess(parse_facts(tree), load_rulebook(), **{"as_of": NOW, **how})


def test_the_adopted_reading_comes_first_and_sets_due_while_safest_stays() -> None:
    own = judged(facts("E19")).get("us.hipaa.individuals")
    tolled = judged(facts("E19"), adopted={"us.hipaa.individuals": "hold.tolling"}).get("us.hipaa.individuals")
    assert own is not None
    assert tolled is not None
    assert own.due == date(2026, 6, 12)
    assert tolled.due == date(2026, 8, 2)
    assert tolled.safest == own.safest == date(2026, 6, 12)
    assert tolled.readings[0].id == "hold.tolling"
    assert {each.id for each in tolled.readings} == {each.id for each in own.readings}
    assert any("recorded decision" in line for line in tolled.why)


def test_a_reading_can_put_a_date_aside_or_bring_one() -> None:
    early = judged(facts("F06"), adopted={"us.hipaa.individuals": "discovery.recorded"}).get("us.hipaa.individuals")
    assert early is not None
    assert (early.status, early.due) == (Status.OVERDUE, date(2013, 7, 5))
    old_law = judged(facts("E05"), adopted={"ca.civ1798_82.individuals": "law-at-discovery"})
    row = old_law.get("ca.civ1798_82.individuals")
    assert row is not None
    assert row.status is Status.ASAP
    assert row.safest == date(2026, 1, 19)


def test_a_reading_that_does_not_arise_is_said_and_changes_nothing() -> None:
    row = judged(facts("A05"), adopted={"us.hipaa.individuals": "hold.tolling"}).get("us.hipaa.individuals")
    assert row is not None
    assert row.due == date(2026, 6, 13)
    assert any("does not arise" in line for line in row.caveats)


def test_a_dependent_duty_follows_the_adopted_reading() -> None:
    tree = facts("A05")
    tree["law_enforcement_holds"] = [{"kind": "written", "stated_on": "2026-06-01", "until": "2026-08-01"}]
    own = judged(tree).get("il.pipa.hipaa_attorney_general")
    tolled = judged(tree, adopted={"us.hipaa.hhs": "hold.tolling"}).get("il.pipa.hipaa_attorney_general")
    assert own is not None
    assert tolled is not None
    assert own.latest_possible == date(2026, 8, 7)
    assert tolled.latest_possible == date(2026, 8, 20)


def test_a_recorded_decision_can_fix_the_law_of_one_duty() -> None:
    tree = facts("A23")
    row = judged(tree, adopted={"ca.civ1798_82.individuals": "law-as-of:2025-12-31"}).get("ca.civ1798_82.individuals")
    other = judged(tree, adopted={"ca.civ1798_82.individuals": "law-as-of:2025-12-31"}).get("us.hipaa.individuals")
    assert row is not None
    assert other is not None
    assert row.status is Status.ASAP
    assert other.due == date(2026, 7, 3)
    assert any("2025-12-31, by a recorded decision" in line for line in row.why)
    nonsense = judged(tree, adopted={"ca.civ1798_82.individuals": "law-as-of:yesterday"})
    kept = nonsense.get("ca.civ1798_82.individuals")
    assert kept is not None
    assert kept.due == date(2026, 6, 3)


def test_todays_law_can_be_put_to_an_old_breach_and_the_old_law_to_a_new_one() -> None:
    old = facts("E24")
    assert judged(old).get("ca.civ1798_82.individuals").status is Status.ASAP  # type: ignore[union-attr]
    today = judged(old, law_as_of=date(2026, 11, 22))
    assert today.get("ca.civ1798_82.individuals").due == date(2015, 1, 28)  # type: ignore[union-attr]
    assert today.get("ca.hsc1280_15.cdph").due == date(2015, 1, 21)  # type: ignore[union-attr]
    assert today.law_as_of == date(2026, 11, 22)
    before = judged(facts("A23"), law_as_of=date(2003, 6, 30))
    assert {each.status for each in before.obligations} == {Status.NOT_REQUIRED}


def test_the_difference_is_told_line_by_line() -> None:
    tree = facts("A05")
    unknown = deepcopy(tree)
    unknown["affected"]["total"] = None
    unknown["affected"]["by_state"] = {"IL": {"min": 100, "max": 700}}
    lines = diff_assessments(judged(unknown), judged(tree))
    assert "us.hipaa.hhs: overdue 2026-06-13 (was needs affected.total, plan by 2026-06-13)" in lines
    assert "us.hipaa.media:IL: overdue 2026-06-13 (was needs affected.by_state.IL, plan by 2026-06-13)" in lines
    assert not any("us.hipaa.media:WI" in line for line in lines), "a duty that does not arise is no news"
    back = diff_assessments(judged(tree), judged(unknown))
    assert not any("us.hipaa.media:WI" in line for line in back)
    told = deepcopy(tree)
    told["given"] = {"us.hipaa.hhs": "2026-06-10"}
    lines = diff_assessments(judged(tree), judged(told))
    assert "us.hipaa.hhs: met on 2026-06-10 (due 2026-06-13) (was overdue 2026-06-13)" in lines
    assert any(line.startswith("il.pipa.hipaa_attorney_general: overdue 2026-06-17 (was waits on") for line in lines)
    assert diff_assessments(judged(tree), judged(tree)) == ()


def test_a_report_after_the_individuals_were_told_is_late_from_that_day() -> None:
    tree = facts("A05")
    tree["given"] = {"us.hipaa.individuals": "2026-06-01", "us.hipaa.hhs": "2026-06-02"}
    row = judged(tree).get("us.hipaa.hhs")
    assert row is not None
    assert (row.status, row.due) == (Status.MET_LATE, date(2026, 6, 1))
    assert date(2026, 6, 13) in {each.due for each in row.readings}


def test_done_before_any_answer_could_ask_is_met_though_a_count_is_missing() -> None:
    tree = facts("A05")
    tree["affected"] = {"total": None, "by_state": {"TX": None}}
    tree["given"] = {"us.hipaa.hhs": "2026-05-01"}
    row = judged(tree).get("us.hipaa.hhs")
    assert row is not None
    assert (row.status, row.due) == (Status.MET, date(2026, 6, 13))


def test_a_range_across_a_threshold_is_likely() -> None:
    tree = facts("A05")
    tree["affected"] = {"total": {"min": 400, "max": 600}, "by_state": {"TX": {"min": 400, "max": 600}}}
    assert judged(tree).get("us.hipaa.hhs").likely  # type: ignore[union-attr]
    tree["affected"] = {"total": None, "by_state": {"TX": None}}
    assert not judged(tree).get("us.hipaa.hhs").likely  # type: ignore[union-attr]


def test_a_moment_without_its_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="needs its offset"):
        judged(facts("A05"), as_of=datetime(2026, 11, 22))  # noqa: DTZ001


def test_states_without_rules_are_named() -> None:
    tree = facts("A05")
    tree["affected"] = {"total": 900, "by_state": {"TX": 400, "PR": None, "NY": 0}}
    gaps = {gap.id: gap for gap in judged(tree).not_modelled}
    assert {"tx.breach.*", "pr.breach.*"} <= set(gaps)
    assert "ny.breach.*" not in gaps
    assert "not modelled" in gaps["tx.breach.*"].why[0]
    tree["affected"] = {"total": 900, "by_state": {"TX": 400}}
    assert any("500" in gap.why[0] for gap in judged(tree).not_modelled if gap.id == "*.breach.*")


def test_json_has_every_key_of_the_contract() -> None:
    tree = assessment_to_json(judged(facts("A05"), law_as_of=date(2026, 1, 1)))
    assert {"law_as_of", "as_of", "obligations", "not_modelled", "rulebook_hash"} <= set(tree)
    assert tree["law_as_of"] == "2026-01-01"
    row = next(each for each in tree["obligations"] if each["id"] == "il.pipa.hipaa_attorney_general")
    assert {
        "id", "recipient", "jurisdiction", "status", "due", "safest", "latest_possible", "waits_on", "standard",
        "readings", "needs", "rule_version", "citations", "why",
    } <= set(row)  # fmt: skip
    assert row["status"] == "waits"
    assert row["latest_possible"] == "2026-06-22"
    assert {"due", "reading", "citation"} <= set(row["readings"][0])


@pytest.mark.parametrize("case_id", ["A05", "D19", "E21", "F09"])
def test_information_is_of_the_law_in_force_and_never_on_what_is_not_required(case_id: str) -> None:
    for row in judged(facts(case_id)).obligations:
        if row.status is Status.NOT_REQUIRED:
            assert row.information == ()
        if row.id == "ca.civ1798_82.individuals" and row.status is not Status.NOT_REQUIRED:
            assert any("$107" in line for line in row.information)
            assert not any("$100 to $750" in line for line in row.information)

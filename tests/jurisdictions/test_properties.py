"""What must hold for any facts whatever."""

import json
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from jurisdictions.assess import assess
from jurisdictions.content import content_requirements
from jurisdictions.facts import FactsError, facts_to_json, parse_facts
from jurisdictions.obligation_ids import FIXED
from jurisdictions.obligations import Assessment, Obligation, Status, assessment_to_json, diff_assessments
from jurisdictions.rulebook import load_rulebook
from jurisdictions.vocabulary import DATA_ELEMENTS, HarmAssessment, HipaaRole, Medium, RiskAssessment
from tests.jurisdictions import generated

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
RULEBOOK = load_rulebook()
DATED = {Status.DUE, Status.MET, Status.MET_LATE, Status.OVERDUE}
many = settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def judged(tree: dict[str, Any], **how: Any) -> Assessment:
    return assess(parse_facts(tree), RULEBOOK, **{"as_of": NOW, **how})


def by_id(assessment: Assessment) -> dict[str, Obligation]:
    return {each.id: each for each in assessment.obligations}


@given(generated.facts())
@many
def test_total_and_well_formed(tree: dict[str, Any]) -> None:
    assessment = judged(tree)
    ids = [each.id for each in assessment.obligations]
    assert len(ids) == len(set(ids))
    assert FIXED - {"us.part2.individuals"} <= set(ids), "no row is missing"
    for state in tree["affected"]["by_state"] or ():
        assert {f"us.hipaa.media:{state}", f"us.ftc_hbnr.media:{state}"} <= set(ids)
    for each in assessment.obligations:
        assert each.why, each.id
        assert each.citations, each.id
        assert (each.due is not None) == (each.status in DATED), each
        assert (each.waits_on is not None) == (each.status is Status.WAITS), each
        assert bool(each.needs) == (each.status is Status.NEEDS_FACT), each
        dates = [reading.due for reading in each.readings if reading.due]
        assert each.safest == min(dates, default=None), each
        if each.status in DATED:
            assert each.readings[0].due == each.due or each.status is Status.MET, each
        if each.status in (Status.MET, Status.MET_LATE):
            assert each.given is not None
            assert (each.given <= each.due) == (each.status is Status.MET)
        assert len({(r.due, r.outcome, r.latest_possible) for r in each.readings}) == len(each.readings)
        assert set(each.caveats) <= set(each.why), "every caveat is part of the explanation"
    keys = [(each.safest or date.max, each.id) for each in assessment.obligations]
    assert keys == sorted(keys)
    for state in set(tree["affected"]["by_state"] or ()) - {"IL", "CA"}:
        if tree["affected"]["by_state"][state] != 0:
            assert any(gap.jurisdiction == state for gap in assessment.not_modelled) or judged_zero(tree, state)
    json.dumps(assessment_to_json(assessment))
    content_requirements(parse_facts(tree), RULEBOOK)


def judged_zero(tree: dict[str, Any], state: str) -> bool:
    count = tree["affected"]["by_state"][state]
    return count == {"min": 0, "max": 0}


@given(generated.facts(), st.dates(date(2003, 1, 1), date(2027, 12, 31)))
@many
def test_pure(tree: dict[str, Any], law: date) -> None:
    facts = parse_facts(tree)
    before = facts_to_json(facts)
    first = assess(facts, RULEBOOK, as_of=NOW, law_as_of=law)
    second = assess(facts, RULEBOOK, as_of=NOW, law_as_of=law)
    assert first == second
    assert facts_to_json(facts) == before
    assert diff_assessments(first, second) == ()


@given(generated.facts(), st.randoms(use_true_random=False))
@many
def test_the_order_of_states_and_keys_changes_nothing(tree: dict[str, Any], random: Any) -> None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            items = list(value.items())
            random.shuffle(items)
            return {key: shuffled(item) for key, item in items}
        return value

    assert judged(shuffled(tree)) == judged(tree)


@given(generated.facts())
@many
def test_the_present_moment_only_makes_open_duties_overdue(tree: dict[str, Any]) -> None:
    early, late = by_id(judged(tree, as_of=datetime(2026, 6, 1, tzinfo=UTC))), by_id(judged(tree))
    assert early.keys() == late.keys()
    for name, each in early.items():
        other = late[name]
        assert each.due == other.due
        assert each.status == other.status or (each.status, other.status) == (Status.DUE, Status.OVERDUE)


LATER = {
    "organization.hipaa_role": st.sampled_from(list(map(str, HipaaRole))),
    "organization.licenses": st.sampled_from([[], ["ca_hsc_1204"]]),
    "organization.data_owner": st.booleans(),
    "organization.phr_vendor": st.booleans(),
    "organization.part2_program": st.booleans(),
    "organization.state_agency": st.booleans(),
    "incident.medium": st.sampled_from(list(map(str, Medium))),
    "incident.data_elements": st.lists(st.sampled_from(list(DATA_ELEMENTS)), max_size=4, unique=True),
    "incident.encrypted": st.booleans(),
    "incident.key_compromised": st.booleans(),
    "incident.risk_assessment": st.sampled_from(list(map(str, RiskAssessment))),
    "incident.harm_assessment": st.sampled_from(list(map(str, HarmAssessment))),
    "affected.total": st.integers(0, 1200),
    "affected.by_state": st.dictionaries(st.sampled_from(generated.STATES), st.integers(0, 900), max_size=3),
    "affected.insufficient_contact": st.integers(0, 20),
    "scope_determination_ongoing": st.booleans(),
}
"""Facts that may come later, and what they may be. The law is the same throughout: see the dates drawn below."""


def put(tree: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    grown = deepcopy(tree)
    section, _, field = path.rpartition(".")
    (grown[section] if section else grown)[field] = value
    return grown


def at(tree: dict[str, Any], path: str) -> Any:
    section, _, field = path.rpartition(".")
    return (tree[section] if section else tree)[field]


def adds_up(tree: dict[str, Any]) -> bool:
    """The States do not add up to more than the total: the new fact does not contradict an old one."""

    def least(count: Any) -> int:
        return 1 if count is None else count["min"] if isinstance(count, dict) else count

    total = tree["affected"]["total"]
    most = total["max"] if isinstance(total, dict) else total
    return most is None or sum(map(least, (tree["affected"]["by_state"] or {}).values())) <= most


@given(generated.facts(since=date(2026, 3, 1)), st.sampled_from(sorted(LATER)), st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_adding_a_fact_never_makes_a_known_duty_unknown(tree: dict[str, Any], path: str, data: st.DataObject) -> None:
    tree = put(tree, path, None)
    occurred = tree["incident"]["occurred_from"]
    if occurred is not None and occurred < "2013-09-23":
        tree = put(tree, "incident.occurred_from", None)
    grown = put(tree, path, data.draw(LATER[path]))
    assume(adds_up(grown))
    before, after = by_id(judged(tree)), by_id(judged(grown))
    for name, each in before.items():
        if each.status is not Status.NEEDS_FACT and name in after:
            assert after[name].status is not Status.NEEDS_FACT, (name, path, each.why, after[name].why)


@given(generated.facts(), st.integers(1, 400))
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_later_discovery_never_brings_a_date_forward(tree: dict[str, Any], days: int) -> None:
    tree = put(tree, "discovery", None)
    tree["given"] = {}
    tree["incident"]["occurred_to"] = tree["incident"]["occurred_to"] or tree["incident"]["occurred_from"]
    moved = deepcopy(tree)
    moment = datetime.fromisoformat(tree["incident"]["discovered_at"]) + timedelta(days=days)
    moved["incident"]["discovered_at"] = moment.isoformat()
    before, after = by_id(judged(tree)), by_id(judged(moved))
    for name, each in before.items():
        if each.due is not None and after[name].due is not None:
            assert each.due <= after[name].due, (name, each.due, after[name].due)


@given(generated.facts(since=date(2026, 3, 1)))
@many
def test_the_earliest_possible_date_is_never_later_than_the_date_it_becomes(tree: dict[str, Any]) -> None:
    """A needs_fact row shows a date that no answer can undercut."""
    rows = [each for each in judged(tree).obligations if each.status is Status.NEEDS_FACT]
    for row in rows:
        known = deepcopy(tree)
        for path in row.needs:
            answer = ANSWERS.get(path)
            assume(answer is not None or path.startswith("affected."))
            if answer is not None:
                known = put(known, path, answer)
        try:
            settled = by_id(judged(known)).get(row.id)
        except FactsError:
            continue
        if settled is not None and settled.due is not None and row.safest is not None:
            assert row.safest <= settled.due, (row.id, row.needs)


ANSWERS = {
    "organization.hipaa_role": "covered_entity",
    "organization.licenses": ["ca_hsc_1204"],
    "organization.data_owner": True,
    "organization.phr_vendor": True,
    "organization.part2_program": True,
    "incident.medium": "electronic",
    "incident.data_elements": ["name", "medical_information", "ssn"],
    "incident.encrypted": False,
    "incident.key_compromised": True,
    "incident.harm_assessment": "significant_risk",
    "affected.total": 900,
    "affected.insufficient_contact": 12,
}

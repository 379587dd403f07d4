"""Given entries, when a wish, then events: the decisions taken in an incident."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from incident import incident as incidents
from incident.errors import InvalidInput, NotFound, OutOfOrder
from incident.events import (
    ActionCorrected,
    ActionLogged,
    DecisionMade,
    Entry,
    Event,
    FactCorrected,
    FactorFinding,
    FactRecorded,
    IncidentClosed,
    IncidentOpened,
    ReadingAdopted,
    RiskAssessed,
)
from incident.incident import FACTORS, Incident

ID = UUID(int=7)
AT = datetime(2026, 11, 22, 16, 24, tzinfo=UTC)


def given(*events: Event) -> Incident:
    entries = [
        Entry(originator_id=ID, originator_version=n, event=event, occurred_at=AT, recorded_at=AT, by="lead")
        for n, event in enumerate((IncidentOpened(reference="2026-001", title="Phished mailbox"), *events), start=1)
    ]
    return incidents.replay(ID, entries)


def findings(*ratings: int) -> list[FactorFinding]:
    return [
        FactorFinding(factor=factor, rating=rating, reason="seen in the access log")
        for (factor, _), rating in zip(FACTORS, ratings, strict=True)
    ]


def test_an_incident_without_a_title_is_not_taken_up() -> None:
    with pytest.raises(InvalidInput, match="title"):
        incidents.decide_open("2026-001", "  ", {})


def test_a_wrong_fact_is_refused_with_its_path_and_the_right_ones_beside_it_are_not_recorded() -> None:
    with pytest.raises(InvalidInput) as refusal:
        incidents.decide_facts(given(), {"incident.encrypted": False, "affected.by_state.ZZ": 3})
    assert any(fault.startswith("affected.by_state.ZZ: ") for fault in refusal.value.faults)


def test_a_new_fact_is_recorded() -> None:
    assert incidents.decide_facts(given(), {"affected.by_state.IL": 612}) == [
        FactRecorded(path="affected.by_state.IL", value=612)
    ]


def test_a_changed_fact_points_at_the_entry_it_corrects() -> None:
    state = given(FactRecorded(path="affected.by_state.IL", value=612))
    assert incidents.decide_facts(state, {"affected.by_state.IL": 640}) == [
        FactCorrected(path="affected.by_state.IL", value=640, corrects=2)
    ]


def test_the_same_fact_again_records_nothing() -> None:
    state = given(FactRecorded(path="affected.by_state.IL", value=612))
    assert incidents.decide_facts(state, {"affected.by_state.IL": 612}) == []


def test_unknown_is_a_value_that_can_be_recorded() -> None:
    assert incidents.decide_facts(given(), {"affected.by_state.IN": None}) == [
        FactRecorded(path="affected.by_state.IN", value=None)
    ]


def test_zero_and_false_are_not_the_same_fact() -> None:
    state = given(FactRecorded(path="affected.insufficient_contact", value=0))
    assert incidents.decide_facts(state, {"affected.insufficient_contact": None}) != []


def test_a_log_entry_is_corrected_by_another_entry() -> None:
    state = given(ActionLogged(text="tokens revoked at 16:40"))
    assert incidents.decide_action_correction(state, 2, "tokens revoked at 16:50") == [
        ActionCorrected(text="tokens revoked at 16:50", corrects=2)
    ]


def test_only_log_entries_are_corrected_as_log_entries() -> None:
    with pytest.raises(NotFound):
        incidents.decide_action_correction(given(), 1, "no")


def test_the_risk_assessment_records_the_fact_that_follows_from_it() -> None:
    factors = findings(3, 4, 3, 2)
    assert incidents.decide_risk(given(), factors, "breach") == [
        RiskAssessed(factors=tuple(factors), outcome="breach"),
        FactRecorded(path="incident.risk_assessment", value="breach", source="risk assessment"),
    ]


@pytest.mark.parametrize("rating", [0, 5])
def test_a_rating_outside_one_to_four_is_refused(rating: int) -> None:
    with pytest.raises(InvalidInput, match="rating"):
        incidents.decide_risk(given(), findings(rating, 1, 1, 1), "breach")


def test_all_four_factors_are_needed() -> None:
    with pytest.raises(InvalidInput, match="all four"):
        incidents.decide_risk(given(), findings(1, 1, 1, 1)[:3], "breach")


@pytest.mark.parametrize(
    ("ratings", "outcome"), [((1, 1, 1, 1), "low_probability"), ((1, 1, 1, 2), "breach"), ((4, 4, 4, 4), "breach")]
)
def test_a_breach_is_presumed_unless_every_factor_is_low(ratings: tuple[int, ...], outcome: str) -> None:
    assert incidents.suggested_outcome(findings(*ratings)) == outcome


def test_not_notifying_needs_a_shown_low_probability() -> None:
    with pytest.raises(OutOfOrder, match="presumed"):
        incidents.decide_decision(given(), "do_not_notify", "looks harmless")
    state = given(FactRecorded(path="incident.risk_assessment", value="low_probability"))
    assert incidents.decide_decision(state, "do_not_notify", "returned unopened") == [
        DecisionMade(decision="do_not_notify")
    ]


def test_a_decision_needs_its_reason() -> None:
    with pytest.raises(InvalidInput, match="reason"):
        incidents.decide_decision(given(), "notify", " ")


def test_an_incident_with_open_duties_is_not_closed() -> None:
    with pytest.raises(OutOfOrder, match=r"us\.hipaa\.hhs"):
        incidents.decide_close(given(), ["us.hipaa.hhs"], "all done")
    assert incidents.decide_close(given(), [], "all done") == [IncidentClosed()]


def test_nothing_is_recorded_in_a_closed_incident() -> None:
    with pytest.raises(OutOfOrder, match="closed"):
        incidents.decide_action(given(IncidentClosed()), "one more thing")


def test_a_reading_that_the_law_does_not_offer_is_not_adopted() -> None:
    with pytest.raises(NotFound, match="there are a, b"):
        incidents.decide_reading(given(), "ca.civ1798_82.individuals", "c", ["a", "b"])
    assert incidents.decide_reading(given(), "ca.civ1798_82.individuals", "b", ["a", "b"]) == [
        ReadingAdopted(obligation_id="ca.civ1798_82.individuals", reading_id="b")
    ]


def test_counsel_may_fix_the_law_of_a_date_for_one_duty() -> None:
    assert incidents.decide_reading(given(), "ca.civ1798_82.individuals", "law-as-of:2025-12-20", []) == [
        ReadingAdopted(obligation_id="ca.civ1798_82.individuals", reading_id="law-as-of:2025-12-20")
    ]
    with pytest.raises(InvalidInput, match="YYYY-MM-DD"):
        incidents.decide_reading(given(), "ca.civ1798_82.individuals", "law-as-of:tomorrow", [])


def test_an_exception_needs_its_reason_and_no_factors() -> None:
    with pytest.raises(InvalidInput, match="because"):
        incidents.decide_risk(given(), [], "exception_workforce")
    events = incidents.decide_risk(given(), [], "exception_workforce", "the nurse opened the wrong chart and closed it")
    assert events[0] == RiskAssessed(factors=(), outcome="exception_workforce")
    with pytest.raises(InvalidInput, match="all four"):
        incidents.decide_risk(given(), [], "low_probability", "surely harmless")


def test_an_estimate_is_recorded_with_its_source() -> None:
    events = incidents.decide_open(
        "2026-001",
        "Lost laptop",
        {"affected.by_state.CA": {"min": 48, "max": 72}},
        {"affected.by_state.CA": "estimate ~60"},
    )
    assert events[1] == FactRecorded(path="affected.by_state.CA", value={"min": 48, "max": 72}, source="estimate ~60")

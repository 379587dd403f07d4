"""Every fact of the contract can be asked for, read and shown; unknown stays unknown."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from incident.errors import InvalidInput
from jurisdictions.facts import FACT_PATHS, check_fact
from tui.questions import answerable_paths, askable, estimate_of, question, shown

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 22, 22, 24, 7, tzinfo=UTC)
PARTS = {"law_enforcement_holds", "discovery.business_associate", "given"}


def test_every_fact_of_the_contract_is_asked_for_in_one_line_or_by_its_parts() -> None:
    single = {path for path in FACT_PATHS if not path.endswith(".XX")}
    assert set(answerable_paths()) == single - PARTS
    assert all(not askable(path) for path in PARTS)
    assert askable("affected.by_state.CA")
    assert askable("given.us.hipaa.media:IL")
    assert not askable("no.such.fact")


@pytest.mark.parametrize(
    ("path", "typed", "value", "words"),
    [
        ("incident.encrypted", "y", True, "yes"),
        ("incident.encrypted", "N", False, "no"),
        ("organization.hipaa_role", "b", "business_associate", "business associate"),
        ("incident.medium", "p", "paper", "paper"),
        ("incident.risk_assessment", "2", "low_probability", "low probability"),
        ("incident.discovered_at", "-2d 16:10", "2026-11-20T16:10:00-06:00", "Fri 2026-11-20 16:10 CST"),
        ("incident.occurred_from", "2026-11-02", "2026-11-02", "Mon 2026-11-02"),
        ("given.us.hipaa.media:IL", "2026-11-22", "2026-11-22", "Sun 2026-11-22"),
        ("affected.total", "1,231", 1231, "1,231"),
        ("affected.by_state.IL", "1000-1300", {"min": 1000, "max": 1300}, "1,000 to 1,300"),
        ("organization.licenses", "none", [], "none"),
        ("organization.licenses", "1204 1250", ["ca_hsc_1204", "ca_hsc_1250"], "ca_hsc_1204, ca_hsc_1250"),
        ("incident.data_elements", "n d, s", ["name", "date_of_birth", "ssn"], "name · birth date · SSN"),
        ("organization.state", "ca", "CA", "CA"),
        ("organization.time_zone", "America/Los_Angeles", "America/Los_Angeles", "America/Los_Angeles"),
    ],
)
def test_an_answer_is_read_as_the_contract_wants_it_and_shown_in_words(
    path: str, typed: str, value: Any, words: str
) -> None:
    answer = question(path).read(typed, NOW, CHICAGO)
    assert answer.values == {path: value}
    assert check_fact(path, value) == ()
    assert shown(path, value, CHICAGO, answer.source) == words


def test_an_estimate_keeps_its_words_in_the_source() -> None:
    answer = question("affected.by_state.CA").read("~60", NOW, CHICAGO)
    assert answer.values == {"affected.by_state.CA": {"min": 48, "max": 72}}
    assert answer.source == "estimate ~60"
    assert estimate_of(answer.source) == "~60"
    assert shown("affected.by_state.CA", {"min": 48, "max": 72}, CHICAGO, answer.source) == "~60 (48 to 72)"
    assert estimate_of("estimate of the vendor") is None


def test_states_are_answered_together_and_recorded_one_by_one() -> None:
    answer = question("affected.by_state").read("il 40 in ? ca ~60", NOW, CHICAGO)
    assert answer.values == {
        "affected.by_state.IL": 40,
        "affected.by_state.IN": None,
        "affected.by_state.CA": {"min": 48, "max": 72},
    }
    narrower = question("affected.must_notify_by_state").read("tx 12", NOW, CHICAGO)
    assert narrower.values == {"affected.must_notify_by_state.TX": 12}


@pytest.mark.parametrize("path", [path for path in answerable_paths() if not path.startswith("organization.time")])
def test_a_question_mark_is_unknown_for_every_fact_that_may_be_unknown(path: str) -> None:
    if check_fact(path, None):
        with pytest.raises(InvalidInput):
            question(path).read("?", NOW, CHICAGO)
    else:
        assert question(path).read("?", NOW, CHICAGO).values == {path: None}
        assert shown(path, None, CHICAGO) == "unknown"


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("incident.encrypted", "maybe"),
        ("incident.discovered_at", "yesterday"),
        ("incident.occurred_from", "2026-02-30"),
        ("incident.occurred_from", "20261102"),
        ("affected.total", "many"),
        ("organization.licenses", "1203"),
        ("organization.state", "ZZ"),
        ("organization.time_zone", "Chicago"),
        ("incident.data_elements", "n !"),
        ("affected.by_state", ""),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_would_do(path: str, typed: str) -> None:
    with pytest.raises(InvalidInput):
        question(path).read(typed, NOW, CHICAGO)

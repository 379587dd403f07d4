"""Facts in and out: every fault at its path, all of them at once, and nothing lost on the way."""

import json
from datetime import date
from typing import Any

import pytest

from jurisdictions.facts import (
    FACT_PATHS,
    CountRange,
    FactsError,
    check_fact,
    decode_facts,
    facts_to_json,
    parse_facts,
    question_for,
)
from jurisdictions.facts.parse import _AT_PATH
from tests.jurisdictions.worked_cases import all_cases

LEAST = {
    "organization": {"time_zone": "America/Chicago"},
    "incident": {"discovered_at": "2026-10-03T09:15:00-05:00"},
}


def faults(**sections: Any) -> list[str]:
    """The faults of the least facts with these sections put in."""
    with pytest.raises(FactsError) as caught:
        parse_facts({**LEAST, **sections})
    return [str(fault) for fault in caught.value.faults]


def test_the_least_facts_are_facts_and_everything_else_is_unknown() -> None:
    facts = parse_facts(LEAST)
    assert facts.affected.total is None
    assert facts.affected.by_state is None
    assert facts.incident.encrypted is None
    assert facts.law_enforcement_holds == ()


def test_every_case_survives_the_round_trip() -> None:
    for case in all_cases():
        facts = parse_facts(case.facts)
        again = parse_facts(json.loads(json.dumps(facts_to_json(facts))))
        assert again == facts, case.id


def test_every_fault_is_collected_with_its_path() -> None:
    with pytest.raises(FactsError) as caught:
        parse_facts(
            {
                "organization": {"time_zone": "Mars/Olympus", "state": "ZZ", "hippa_role": "covered_entity"},
                "incident": {"discovered_at": "2026-10-03T09:15:00", "encrypted": "no", "data_elements": ["shoe_size"]},
                "affected": {"total": -1, "by_state": {"ZZ": 5, "IL": "many", "CA": {"min": 9, "max": 3}}},
                "given": {"us.hipaa.hss": "2026-11-20", "us.hipaa.hhs": "2026-02-30"},
            }
        )
    found = {fault.path: fault.message for fault in caught.value.faults}
    assert found["affected.by_state.ZZ"] == "not a US state or territory"
    assert set(found) == {
        "organization.hippa_role",
        "organization.state",
        "organization.time_zone",
        "incident.discovered_at",
        "incident.encrypted",
        "incident.data_elements.0",
        "affected.total",
        "affected.by_state.ZZ",
        "affected.by_state.IL",
        "affected.by_state.CA",
        "given.us.hipaa.hss",
        "given.us.hipaa.hhs",
    }


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ({"incident": {}}, "incident.discovered_at: required"),
        ({"incident": None}, "incident.discovered_at: required"),
        ({"organization": {"name": "Lakeshore"}}, "organization.time_zone: required"),
        ({"incident": {"discovered_at": "2026-10-03"}}, "incident.discovered_at: expected a time with its offset"),
        ({"incident": {"discovered_at": "2026-13-03T09:15:00-05:00"}}, "incident.discovered_at: there is no such time"),
        ({"incident": {"discovered_at": "1066-10-14T09:00:00+00:00"}}, "incident.discovered_at: 1066"),
        ({"affected": {"total": 12.0}}, "affected.total: expected a whole number"),
        ({"affected": {"total": True}}, "affected.total: expected a whole number"),
        ({"affected": {"total": 10**15}}, "affected.total: expected a number of people"),
        ({"affected": {"total": {"min": 1}}}, "affected.total.max: a range needs both min and max"),
        ({"affected": {"total": {"min": 1, "max": 2, "mean": 1}}}, "affected.total.mean: unknown key"),
        ({"affected": {"by_state": ["IL"]}}, "affected.by_state: expected an object"),
        ({"affected": {"by_state": {"il": 3}}}, "affected.by_state.il: not a US state or territory"),
        ({"law_enforcement_holds": {}}, "law_enforcement_holds: expected a list of holds"),
        ({"law_enforcement_holds": [{"kind": "oral"}]}, "law_enforcement_holds.0.stated_on: required"),
        ({"law_enforcement_holds": [None]}, "law_enforcement_holds.0: expected an object, not null"),
        (
            {"law_enforcement_holds": [{"kind": "shouted", "stated_on": "2026-10-04"}]},
            "law_enforcement_holds.0.kind: expected one of oral, written",
        ),
        (
            {"law_enforcement_holds": [{"kind": "oral", "stated_on": "2026-10-04", "until": "2026-10-03"}]},
            "law_enforcement_holds.0.until: 2026-10-03 is before the request of 2026-10-04",
        ),
        (
            {"law_enforcement_holds": [{"kind": "oral", "stated_on": "2026-10-04", "scope": ["us.hipa.*"]}]},
            "law_enforcement_holds.0.scope.0: not an obligation id",
        ),
        ({"given": {"us.hipaa.media:ZZ": "2026-10-04"}}, "given.us.hipaa.media:ZZ: no such obligation"),
        ({"given": {"us.hipaa.hhs": 20261004}}, "given.us.hipaa.hhs: expected a date"),
        ({"discovery": {"business_associate": True}}, "discovery.business_associate: expected an object"),
        ({"typo": 1}, "typo: unknown key"),
        (
            {"incident": {**LEAST["incident"], "occurred_from": "2026-10-02", "occurred_to": "2026-10-01"}},
            "incident.occurred_to: 2026-10-01 is before incident.occurred_from 2026-10-02",
        ),
        (
            {"incident": {**LEAST["incident"], "occurred_from": "2026-10-04"}},
            "incident.discovered_at: 2026-10-03 is before incident.occurred_from 2026-10-04",
        ),
    ],
)
def test_a_fault_names_its_field(sections: dict[str, Any], expected: str) -> None:
    assert any(line.startswith(expected) for line in faults(**sections)), faults(**sections)


@pytest.mark.parametrize("value", [None, [], "facts", 7, True])
def test_what_is_not_an_object_is_refused_in_one_line(value: object) -> None:
    with pytest.raises(FactsError) as caught:
        parse_facts(value)
    assert len(caught.value.faults) == 1


def test_numbers_are_exact_ranges_or_unknown() -> None:
    facts = parse_facts({**LEAST, "affected": {"total": {"min": 1000, "max": 1300}, "by_state": {"IL": None, "CA": 0}}})
    assert facts.affected.total == CountRange(1000, 1300)
    assert facts.affected.by_state == {"CA": 0, "IL": None}
    pinned = parse_facts({**LEAST, "affected": {"total": {"min": 7, "max": 7}}})
    assert pinned.affected.total == 7


def test_aliases_become_canonical_words_once() -> None:
    words = ["passport_number", "passport", "genetic_data", "email_address", "password", "name"]
    facts = parse_facts({**LEAST, "incident": {**LEAST["incident"], "data_elements": words}})
    assert facts.incident.data_elements == ("passport", "genetic", "email", "password", "name")


def test_every_readable_path_has_a_question_and_every_question_a_path() -> None:
    asked = {path.removesuffix(".XX") for path in FACT_PATHS}
    assert asked == set(_AT_PATH)
    assert all(question.endswith("?") for question in FACT_PATHS.values())
    assert question_for("affected.by_state.IL") == "How many residents of Illinois are affected?"
    assert "us.hipaa.hhs" in question_for("given.us.hipaa.hhs")
    with pytest.raises(KeyError):
        question_for("affected.by_country")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("incident.encrypted", True),
        ("incident.encrypted", None),
        ("incident.data_elements", ["name", "ssn"]),
        ("affected.by_state.IL", 612),
        ("affected.by_state.PR", None),
        ("affected.by_state", {"IL": {"min": 1, "max": 2}}),
        ("affected.total", 0),
        ("given.us.hipaa.hhs", "2026-11-20"),
        ("given.tx.breach.regulator:attorney_general", "2026-11-20"),
        ("law_enforcement_holds", [{"kind": "oral", "stated_on": "2026-10-10", "scope": ["us.hipaa.*"]}]),
        ("law_enforcement_holds.0", {"kind": "written", "stated_on": "2026-10-10", "until": "2026-10-20"}),
        ("discovery.business_associate.is_agent", False),
        ("organization.licenses", []),
    ],
)
def test_a_good_value_has_no_fault(path: str, value: object) -> None:
    assert check_fact(path, value) == ()


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("incident.encrypted", "yes", "incident.encrypted"),
        ("affected.by_state.ZZ", 3, "affected.by_state.ZZ"),
        ("affected.by_state.IL", -3, "affected.by_state.IL"),
        ("given.us.hipaa.nobody", "2026-11-20", "given.us.hipaa.nobody"),
        ("given.us.hipaa.hhs", "20 Nov", "given.us.hipaa.hhs"),
        ("incident.colour", "red", "incident.colour"),
        ("incident.discovered_at", None, "incident.discovered_at"),
        ("law_enforcement_holds.0", {"kind": "oral"}, "law_enforcement_holds.0.stated_on"),
        ("", 1, ""),
    ],
)
def test_a_bad_value_is_told_where(path: str, value: object, where: str) -> None:
    assert [fault.path for fault in check_fact(path, value)] == [where]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "not JSON: Expecting value at line 1 column 1"),
        (b"{", "not JSON: "),
        (b"\xff\xfe{}", "not UTF-8 text: byte 0 is 0xff"),
        (b"[]", "expected a JSON object of facts, not a list"),
        (b'{"a": 1, "a": 2}', 'the key "a" appears twice in one object'),
        (b'{"affected": {"total": NaN}}', "not JSON that can be read: NaN is not a JSON number"),
        (b'{"affected": {"total": -Infinity}}', "not JSON that can be read: -Infinity is not a JSON number"),
        (b'{"affected": {"total": ' + b"9" * 5000 + b"}}", "not JSON that can be read: "),
        (b"[" * 100_000, "not JSON that can be read: nested too deeply"),
        (b'{"organization": {"name": "\\ud800", "time_zone": "UTC"}}', "organization.name: contains half a character"),
    ],
)
def test_a_broken_file_is_told_plainly(data: bytes, expected: str) -> None:
    with pytest.raises(FactsError) as caught:
        decode_facts(data)
    lines = [str(fault) for fault in caught.value.faults]
    assert any(line.startswith(expected) for line in lines), lines


def test_a_byte_order_mark_is_no_fault() -> None:
    assert decode_facts(b"\xef\xbb\xbf" + json.dumps(LEAST).encode()) == parse_facts(LEAST)


def test_dates_are_days_and_not_moments() -> None:
    facts = parse_facts({**LEAST, "given": {"us.hipaa.hhs": "2026-11-20"}})
    assert facts.given == {"us.hipaa.hhs": date(2026, 11, 20)}

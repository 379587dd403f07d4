"""What each notice must say, and must not, on which facts."""

from copy import deepcopy
from typing import Any

import pytest

from jurisdictions.content import ContentRequirement, content_requirements
from jurisdictions.facts import parse_facts
from jurisdictions.rulebook import load_rulebook

CONTRACT = {
    "hipaa.description", "hipaa.date_of_breach", "hipaa.date_of_discovery", "hipaa.phi_types", "hipaa.protective_steps",
    "hipaa.entity_actions", "hipaa.contact", "il.cra_contacts", "il.ftc_contact", "il.fraud_alert_statement",
    "il.credentials_direction", "ca.title", "ca.heading.what_happened", "ca.heading.what_information",
    "ca.heading.what_we_are_doing", "ca.heading.what_you_can_do", "ca.heading.more_information", "ca.entity_contact",
    "ca.pi_types", "ca.breach_date", "ca.notice_date", "ca.description", "ca.law_enforcement_delay", "ca.cra_contacts",
    "ca.identity_services", "il.resident_count",
}  # fmt: skip
BASE: dict[str, Any] = {
    "organization": {"time_zone": "America/Chicago", "hipaa_role": "none", "data_owner": True, "phr_vendor": False},
    "incident": {
        "occurred_from": "2026-04-10",
        "discovered_at": "2026-04-14T09:00:00-05:00",
        "medium": "electronic",
        "data_elements": ["name", "ssn"],
        "encrypted": False,
    },
    "affected": {"total": 900, "by_state": {"IL": 450, "CA": 450}},
}


def asked(*, for_ids: list[str] | None = None, **changes: Any) -> dict[str, ContentRequirement]:
    tree = deepcopy(BASE)
    for path, value in changes.items():
        section, _, field = path.partition("__")
        if field:
            tree[section][field] = value
        else:
            tree[section] = value
    found = content_requirements(parse_facts(tree), load_rulebook(), for_ids=for_ids)
    return {each.id: each for each in found}


def required(**changes: Any) -> set[str]:
    return {name for name, each in asked(**changes).items() if each.required}


def test_the_ids_are_those_of_the_contract() -> None:
    ids = {each.id for each in load_rulebook().elements}
    assert ids >= CONTRACT
    for name in ids - CONTRACT:
        assert name.split(".")[0] in ("ftc", "ba", "cdph") or name.startswith(("il.ag.", "ca.ag.")), name


def test_what_must_appear_word_for_word() -> None:
    verbatim = {each.id: each.verbatim for each in load_rulebook().elements if each.verbatim}
    assert verbatim == {
        "ca.title": "Notice of Data Breach",
        "ca.heading.what_happened": "What Happened",
        "ca.heading.what_information": "What Information Was Involved",
        "ca.heading.what_we_are_doing": "What We Are Doing",
        "ca.heading.what_you_can_do": "What You Can Do",
        "ca.heading.more_information": "For More Information",
    }


def test_a_business_outside_hipaa_owes_illinois_and_california_content_in_full() -> None:
    found = required()
    assert {name for name in found if name.startswith("hipaa.")} == set()
    assert {"il.cra_contacts", "il.ftc_contact", "il.fraud_alert_statement", "ca.title", "ca.cra_contacts"} <= found
    assert "il.credentials_direction" not in found
    assert "ca.law_enforcement_delay" not in found
    assert asked()["il.resident_count"].forbidden


def test_a_covered_entity_owes_hipaa_content_and_the_others_stay_listed() -> None:
    found = asked(organization__hipaa_role="covered_entity")
    assert {name for name, each in found.items() if each.required} == {
        name for name in CONTRACT if name.startswith("hipaa.")
    }
    assert "1798.82(e)" in found["ca.title"].why
    assert "deemed compliant" in found["il.cra_contacts"].why
    assert found["il.resident_count"].forbidden


@pytest.mark.parametrize(
    ("elements", "agencies", "services"),
    [
        (["name", "ssn"], True, True),
        (["name", "drivers_license"], True, True),
        (["name", "state_id"], True, True),
        (["name", "passport"], False, True),
        (["name", "medical_information"], False, False),
        (["name", "payment_card_with_code"], False, False),
    ],
)
def test_credit_agencies_and_services_follow_the_numbers_exposed(
    elements: list[str], agencies: bool, services: bool
) -> None:
    found = required(incident__data_elements=elements)
    assert ("ca.cra_contacts" in found) is agencies
    assert ("ca.identity_services" in found) is services


def test_services_are_owed_by_the_source_of_the_breach_only() -> None:
    vendor = {"business_associate": {"is_agent": False, "notified_us_at": "2026-04-14T09:00:00-05:00"}}
    assert "ca.identity_services" not in required(discovery=vendor)


def test_credentials_alone_ask_for_a_change_of_password_and_nothing_about_credit() -> None:
    found = required(incident__data_elements=["email_address", "password"])
    assert "il.credentials_direction" in found
    assert "il.cra_contacts" not in found


def test_a_delay_for_the_police_must_be_told_in_california() -> None:
    holds = [{"kind": "oral", "stated_on": "2026-04-20"}]
    assert "ca.law_enforcement_delay" in required(law_enforcement_holds=holds)


def test_an_unknown_date_of_breach_is_not_asked_for() -> None:
    found = required(incident__occurred_from=None, organization__hipaa_role="covered_entity")
    assert "hipaa.date_of_breach" not in found
    assert "hipaa.date_of_discovery" in found


def test_unknown_data_keeps_what_may_be_owed() -> None:
    found = required(incident__data_elements=None)
    assert {"ca.cra_contacts", "ca.identity_services", "il.cra_contacts", "il.credentials_direction"} <= found


@pytest.mark.parametrize(
    ("told", "present", "absent"),
    [
        ("2011-12-31", set(), {"il.cra_contacts", "il.resident_count", "ca.pi_types", "ca.title"}),
        ("2012-01-01", {"il.cra_contacts", "il.resident_count", "ca.pi_types"}, {"ca.title", "ca.identity_services"}),
        ("2014-12-31", {"ca.pi_types"}, {"ca.identity_services", "ca.title"}),
        ("2015-01-01", {"ca.pi_types", "ca.identity_services"}, {"ca.title"}),
        ("2016-01-01", {"ca.identity_services", "ca.title"}, {"il.credentials_direction"}),
        ("2017-01-01", {"ca.title", "il.credentials_direction"}, set()),
    ],
)
def test_content_is_that_of_the_day_of_the_notice(told: str, present: set[str], absent: set[str]) -> None:
    found = asked(
        incident__occurred_from=None,
        incident__discovered_at=f"{told}T09:00:00-06:00",
        given={"il.pipa.individuals": told, "ca.civ1798_82.individuals": told},
    )
    assert present <= set(found)
    assert not absent & set(found)


def test_named_notices_are_judged_as_if_given() -> None:
    found = asked(for_ids=["us.hipaa.media:IL"])
    assert set(found) == {name for name in CONTRACT if name.startswith("hipaa.")}
    assert all(each.required for each in found.values())
    packet = asked(for_ids=["il.pipa.attorney_general"])
    assert {"il.ag.nature", "il.ag.residents", "il.ag.steps"} <= {n for n, each in packet.items() if each.required}
    assert set(asked(for_ids=["ca.hsc1280_15.cdph"])) >= {"cdph.facility", "cdph.patients"}
    assert asked(for_ids=["us.hipaa.hhs"]) == {}


def test_the_ftc_rule_has_content_of_its_own() -> None:
    found = required(organization__phr_vendor=True)
    assert {"ftc.description", "ftc.third_parties", "ftc.contact"} <= found
    earlier = required(
        organization__phr_vendor=True,
        incident__occurred_from=None,
        incident__discovered_at="2024-03-04T09:00:00-06:00",
        given={"us.ftc_hbnr.individuals": "2024-04-01"},
    )
    assert "ftc.description" in earlier
    assert "ftc.third_parties" not in earlier


def test_nothing_is_asked_where_no_rule_applies() -> None:
    assert asked(affected={"total": 900, "by_state": {"TX": 900}}) == {}


def test_every_requirement_cites_and_says_why_it_is_not_asked() -> None:
    for each in asked().values():
        assert each.citation
        assert each.required or each.forbidden or each.why

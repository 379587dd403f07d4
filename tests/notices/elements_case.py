"""Facts and requirements that the tests on elements share."""

from functools import cache

from jurisdictions.content import ContentRequirement, content_requirements
from jurisdictions.facts import BreachFacts, parse_facts
from jurisdictions.rulebook import load_rulebook
from notices.elements import ElementFinding, ElementReport, check_text

EVERY = ("us.hipaa.individuals", "il.pipa.individuals", "ca.civ1798_82.individuals")


def facts(**changes):
    """A HIPAA med spa in Chicago; `changes` are `section__key=value`."""
    tree = {
        "organization": {
            "name": "Lakeshore Aesthetics",
            "state": "IL",
            "time_zone": "America/Chicago",
            "hipaa_role": "covered_entity",
            "entity_type": "healthcare_provider",
        },
        "incident": {
            "occurred_from": "2026-09-30",
            "occurred_to": "2026-10-02",
            "discovered_at": "2026-10-03T09:15:00-05:00",
            "medium": "electronic",
            "data_elements": ["name", "date_of_birth", "medical_information"],
            "encrypted": False,
            "risk_assessment": "breach",
        },
        "affected": {"total": 1204, "by_state": {"IL": 1143, "CA": 61}},
    }
    for path, value in changes.items():
        section, _, key = path.partition("__")
        if key:
            tree[section][key] = value
        else:
            tree[section] = value
    return parse_facts(tree)


@cache
def rulebook():
    return load_rulebook()


def requirements(of: BreachFacts, for_ids=EVERY) -> tuple[ContentRequirement, ...]:
    return content_requirements(of, rulebook(), for_ids=for_ids)


def check(text: str, of: BreachFacts | None = None, for_ids=EVERY) -> ElementReport:
    of = of or facts()
    return check_text(text, requirements(of, for_ids), of)


def element(text: str, name: str, of: BreachFacts | None = None) -> ElementFinding:
    return next(each for each in check(text, of).elements if each.id == name)


def says(text: str, name: str, of: BreachFacts | None = None) -> bool:
    return element(text, name, of).found

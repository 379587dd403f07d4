"""For every threshold in the rulebook: one below, the number itself, one above, decided as its own words say."""

from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any

import pytest

from jurisdictions.assess import assess
from jurisdictions.facts import parse_facts
from jurisdictions.obligations import Obligation
from jurisdictions.rulebook import load_rulebook

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
BASE: dict[str, Any] = {
    "organization": {
        "time_zone": "America/Chicago",
        "hipaa_role": "none",
        "licenses": [],
        "data_owner": True,
        "phr_vendor": True,
        "part2_program": False,
        "state_agency": False,
    },
    "incident": {
        "occurred_from": "2026-04-10",
        "discovered_at": "2026-04-14T09:00:00-05:00",
        "medium": "electronic",
        "data_elements": ["name", "ssn", "medical_information"],
        "encrypted": False,
        "risk_assessment": "breach",
    },
    "affected": {"total": 2000, "by_state": {"TX": 2000}, "insufficient_contact": 0},
}


def judged(**changes: Any) -> dict[str, Obligation]:
    tree = deepcopy(BASE)
    for path, value in changes.items():
        section, _, field = path.partition("__")
        tree[section][field] = value
    return {each.id: each for each in assess(parse_facts(tree), load_rulebook(), as_of=NOW).obligations}


def media(people: int) -> bool:
    rows = judged(organization__hipaa_role="covered_entity", affected__by_state={"TX": people})
    return rows["us.hipaa.media:TX"].due == date(2026, 6, 13)


def secretary(people: int) -> bool:
    rows = judged(organization__hipaa_role="covered_entity", affected__total=people, affected__by_state={"TX": people})
    assert rows["us.hipaa.hhs"].due in (date(2026, 6, 13), date(2027, 3, 1))
    return rows["us.hipaa.hhs"].due == date(2026, 6, 13)


def conspicuous(people: int) -> bool:
    rows = judged(organization__hipaa_role="covered_entity", affected__insufficient_contact=people)
    return any(line.startswith("10 or more:") for line in rows["us.hipaa.substitute"].why)


def ftc_media(people: int) -> bool:
    return judged(affected__by_state={"TX": people})["us.ftc_hbnr.media:TX"].due is not None


def ftc(people: int) -> bool:
    rows = judged(affected__total=people, affected__by_state={"TX": people})
    assert rows["us.ftc_hbnr.ftc"].due in (date(2026, 6, 13), date(2027, 3, 1))
    return rows["us.ftc_hbnr.ftc"].due == date(2026, 6, 13)


def illinois(people: int) -> bool:
    return judged(affected__by_state={"IL": people})["il.pipa.attorney_general"].waits_on == "il.pipa.individuals"


def illinois_agency(people: int) -> bool:
    rows = judged(affected__by_state={"IL": people}, organization__state_agency=True)
    return rows["il.pipa.attorney_general"].due == date(2026, 5, 29)


def california(people: int) -> bool:
    rows = judged(affected__by_state={"CA": people})
    return rows["ca.civ1798_82.attorney_general"].waits_on == "ca.civ1798_82.individuals"


DECIDES = {
    "us.hipaa.media.threshold": media,
    "us.hipaa.hhs.threshold": secretary,
    "us.hipaa.substitute.threshold": conspicuous,
    "us.ftc_hbnr.media.threshold": ftc_media,
    "us.ftc_hbnr.ftc.threshold": ftc,
    "il.pipa.attorney_general.threshold": illinois,
    "il.pipa.agency.attorney_general.threshold": illinois_agency,
    "ca.civ1798_82.attorney_general.threshold": california,
}
THRESHOLDS = {
    provision.id: provision.version[-1]
    for provision in load_rulebook().provisions.values()
    if provision.version[-1].more_than is not None or provision.version[-1].at_least is not None
}


def test_every_threshold_of_the_rulebook_is_tried() -> None:
    assert set(DECIDES) == set(THRESHOLDS)


@pytest.mark.parametrize("name", sorted(THRESHOLDS))
@pytest.mark.parametrize("step", [-1, 0, 1])
def test_threshold(name: str, step: int) -> None:
    version = THRESHOLDS[name]
    number = version.more_than if version.more_than is not None else version.at_least
    assert number is not None
    expected = step > 0 if version.more_than is not None else step >= 0
    assert DECIDES[name](number + step) is expected


@pytest.mark.parametrize("name", sorted(set(THRESHOLDS) - {"us.hipaa.substitute.threshold"}))
def test_the_line_tells_the_number_and_the_comparison(name: str) -> None:
    version = THRESHOLDS[name]
    number = version.more_than or version.at_least
    words = f"more than {number}" if version.more_than else f"{number} or more"
    rows = judged(
        organization__hipaa_role="covered_entity" if name.startswith("us.hipaa") else "none",
        organization__state_agency="agency" in name,
        affected__by_state={"TX": 900, "IL": 900, "CA": 900},
        affected__total=2700,
    )
    duty = load_rulebook().provisions[name].obligation
    row = next(each for key, each in rows.items() if key == duty or key.startswith(f"{duty}:"))
    assert any(words in line and "900" in line for line in row.why) or any(
        words in line and "2,700" in line for line in row.why
    ), row.why

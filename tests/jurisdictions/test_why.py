"""The explanation of each rule, word for word, in ``golden/why``.

A stranger must be able to recompute the date from these lines. After a deliberate change of wording, run
``UPDATE_GOLDEN=1 pytest tests/jurisdictions/test_why.py`` and read the difference.
"""

import os
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from jurisdictions.obligation_ids import FIXED, PER_STATE
from jurisdictions.obligations import Obligation
from tests.jurisdictions.worked_cases import all_cases, assessed

FOLDER = Path(__file__).parent / "golden" / "why"
SHOWN = {
    "us.hipaa.individuals": ["A05", "A17", "E19", "F03", "F06"],
    "us.hipaa.substitute": ["B01", "B02"],
    "us.hipaa.media": ["A05"],
    "us.hipaa.hhs": ["A10", "D19", "F04"],
    "us.hipaa.covered_entity": ["A18", "E12"],
    "us.part2.hhs": ["F07"],
    "us.part2.individuals": ["FU-P1"],
    "us.part2.media": ["FU-P1"],
    "us.ftc_hbnr.individuals": ["F09"],
    "us.ftc_hbnr.ftc": ["F09"],
    "us.ftc_hbnr.media": ["F09"],
    "il.pipa.individuals": ["D12", "D13", "D14", "D15"],
    "il.pipa.data_owner": ["D12"],
    "il.pipa.attorney_general": ["D13", "D18", "D19"],
    "il.pipa.hipaa_attorney_general": ["A05", "D06", "D08"],
    "ca.civ1798_82.individuals": ["A23", "E05", "E08", "E09", "E10", "E30"],
    "ca.civ1798_82.data_owner": ["E12"],
    "ca.civ1798_82.attorney_general": ["A23", "E04", "E08"],
    "ca.hsc1280_15.cdph": ["E17", "E19", "E24"],
    "ca.hsc1280_15.patients": ["E19", "E21"],
}


def rows(stem: str, case_id: str) -> list[Obligation]:
    return [each for each in assessed(case_id).obligations if each.id.partition(":")[0] == stem]


def told(stem: str) -> Iterator[str]:
    for case_id in SHOWN[stem]:
        case = next(each for each in all_cases() if each.id == case_id)
        for row in rows(stem, case_id):
            yield f"{row.id} in {case.id}: {case.title}"
            cited = ", ".join(row.citations)
            yield f"{row.status}; due {row.due}; plan by {row.safest}; {cited}; since {row.rule_version}"
            yield from (f"  {line}" for line in row.why)
            for each in row.readings:
                answer = each.due or (
                    f"waits, {each.latest_possible} at the latest" if each.latest_possible else each.outcome
                )
                yield f"  = {answer}: {each.reading} ({each.citation}) [{each.id}]"
            yield ""


def test_every_rule_has_its_golden_file() -> None:
    assert set(SHOWN) == FIXED | set(PER_STATE)
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(SHOWN)


@pytest.mark.parametrize("stem", sorted(SHOWN))
def test_why(stem: str) -> None:
    text = "\n".join(told(stem))
    path = FOLDER / f"{stem}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


CALENDAR_STEP = re.compile(
    r"(\d{4}-\d\d-\d\d) \(\w{3}\) is day 0; \+ (\d+) calendar days = (\d{4}-\d\d-\d\d) \((\w{3})\)"
)
BUSINESS_STEP = re.compile(
    r"(\d{4}-\d\d-\d\d) \(\w{3}\) is day 0; \+ (\d+) (?:business days|weekdays).* = (\d{4}-\d\d-\d\d)"
)


def test_a_stranger_gets_the_same_dates_from_the_lines_of_every_case() -> None:
    """Recompute each step from the printed line alone, and reach the date that is shown."""
    steps = 0
    for case in all_cases():
        for row in assessed(case.id).obligations:
            if row.due is None:
                continue
            assert any(row.due.isoformat() in line for line in row.why), (case.id, row.id)
            for number, line in enumerate(row.why):
                if found := CALENDAR_STEP.search(line):
                    start, days, end, weekday = found.groups()
                    reached = date.fromisoformat(start) + timedelta(days=int(days))
                    assert reached.isoformat() == end
                    assert f"{reached:%a}" == weekday
                    steps += 1
                elif found := BUSINESS_STEP.search(line):
                    start, days, end = found.groups()
                    skipped = (
                        set(re.findall(r"(\d{4}-\d\d-\d\d) \(", row.why[number + 1])) if "business" in line else set()
                    )
                    day, left = date.fromisoformat(start), int(days)
                    while left:
                        day += timedelta(days=1)
                        left -= day.weekday() < 5 and day.isoformat() not in skipped
                    assert day.isoformat() == end, (case.id, row.id, line)
                    steps += 1
    assert steps > 1000

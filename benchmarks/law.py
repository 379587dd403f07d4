"""The law on reality: every large breach reported to HHS, and public incidents whose regulators spoke.

The rows are not part of the project. Point ``BREACH_REAL_DATA`` at a folder with the portal's rows
(``hhs_ocr_merged_2009-10_2025-12.csv``) and ``known_cases.json``; ``BREACH_REAL_REPORT`` names the file to write the
comparison to (``docs/law-on-reality.md``).
Without them only the worked cases are timed, and that is said.
"""

import csv
import json
import os
import textwrap
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from dateutil.rrule import DAILY, FR, MO, TH, TU, WE, rrule, rruleset

from jurisdictions.assess import assess
from jurisdictions.counting import business_days
from jurisdictions.facts import BreachFacts, parse_facts
from jurisdictions.obligations import Assessment, Status
from jurisdictions.rulebook import load_rulebook

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
CASES = Path(__file__).parents[1] / "tests" / "jurisdictions" / "cases"
ZONES = {"CA": "America/Los_Angeles", "WA": "America/Los_Angeles", "PR": "America/Puerto_Rico"}
DAY_60 = timedelta(days=60)
RULE_BEGAN = date(2009, 9, 23)
TIMED = ("us.hipaa.individuals", "us.hipaa.hhs", "us.hipaa.media", "us.hipaa.covered_entity", "ca.hsc1280_15.cdph")


def main() -> None:
    speed()
    folder = os.environ.get("BREACH_REAL_DATA")
    if not folder:
        print("real rows: not judged, BREACH_REAL_DATA is not set")
        return
    rows = reported(Path(folder) / "hhs_ocr_merged_2009-10_2025-12.csv")
    known = json.loads((Path(folder) / "known_cases.json").read_text(encoding="utf-8"))
    lines = [*report_rows(rows), *report_known(known)]
    print("\n".join(lines))
    if report := os.environ.get("BREACH_REAL_REPORT"):
        Path(report).write_text("\n".join([*HEAD, *lines]) + "\n", encoding="utf-8")


# ---- speed


def speed() -> None:
    rulebook = load_rulebook()
    trees = [case["facts"] for path in sorted(CASES.rglob("*.json")) for case in json.loads(path.read_text())]
    facts = [parse_facts(tree) for tree in trees]
    start = time.perf_counter()
    for each in facts:
        assess(each, rulebook, as_of=NOW)
    per_case = (time.perf_counter() - start) / len(facts)
    print(f"one assessment, every rule: {per_case * 1000:.2f} ms (mean of {len(facts)} cases; target 5 ms)")
    calendar = rulebook.calendars["us.federal"]
    ours = _microseconds(lambda: business_days(date(2026, 11, 2), 15, calendar))
    holidays = [day for year in (2026, 2027) for day in calendar.year(year)]
    theirs = _microseconds(lambda: _with_rruleset(date(2026, 11, 2), 15, holidays))
    print(f"15 business days with their explanation: {ours:.0f} µs; dateutil rruleset, date only: {theirs:.0f} µs "
          f"({theirs / ours:.1f}x)")  # fmt: skip


def _microseconds(work: Any, rounds: int = 500) -> float:
    start = time.perf_counter()
    for _ in range(rounds):
        work()
    return (time.perf_counter() - start) / rounds * 1_000_000


def _with_rruleset(start: date, days: int, holidays: list[date]) -> date:
    rules = rruleset()
    rules.rrule(
        rrule(
            DAILY,
            byweekday=(MO, TU, WE, TH, FR),
            dtstart=datetime.combine(start + timedelta(days=1), datetime.min.time()),
        )
    )
    for day in holidays:
        rules.exdate(datetime.combine(day, datetime.min.time()))
    return rules[days - 1].date()


# ---- every breach of 500 people or more that was reported to HHS


def reported(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def row_facts(row: dict[str, str]) -> BreachFacts:
    """The facts of a row, discovered on the last day on which the report was in time: the portal tells no other."""
    submitted = date.fromisoformat(row["submitted"])
    state = row["state"] or "PR"
    people = int(row["individuals"]) if row["individuals"] else None
    day = max(submitted - DAY_60, RULE_BEGAN)
    discovered = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=18)
    return parse_facts(
        {
            "organization": {
                "time_zone": ZONES.get(state, "America/Chicago"),
                "hipaa_role": "covered_entity",
                "state": state,
            },
            "incident": {
                "discovered_at": discovered.isoformat(),
                "medium": "paper" if row["location"] == "Paper/Films" else "electronic",
                "encrypted": False,
                "risk_assessment": "breach",
            },
            "affected": {"total": people, "by_state": {state: people}},
            "given": {"us.hipaa.hhs": row["submitted"]},
        }
    )


def report_rows(rows: list[dict[str, str]]) -> Iterator[str]:
    rulebook = load_rulebook()
    start = time.perf_counter()
    count: Counter[str] = Counter()
    for row in rows:
        found = assess(row_facts(row), rulebook, as_of=NOW)
        secretary = found.get("us.hipaa.hhs")
        media = next(each for each in found.obligations if each.id.startswith("us.hipaa.media:"))
        assert secretary is not None
        count[f"HHS {secretary.status}"] += 1
        count[f"media {media.status}"] += 1
        count["exactly 500"] += row["individuals"] == "500"
        illinois = found.get("il.pipa.hipaa_attorney_general")
        if row["state"] == "IL" and illinois is not None:
            count[f"Illinois section 50 {illinois.status}"] += 1
    seconds = time.perf_counter() - start
    yield f"## {len(rows):,} reports of large breaches"
    yield ""
    yield from wrapped(
        f"All judged in {seconds:.1f} s on one core, none refused. The portal does not publish the day of discovery, "
        "so each row is given the last day on which its report was in time, and no day before the rule began. What is "
        "compared is which duties arise; media notice and the Illinois notice are not in the portal's data and show as "
        "overdue."
    )
    yield "| answer | rows |"
    yield "| --- | ---: |"
    for name, number in sorted(count.items()):
        yield f"| {name.replace('_', ' ')} | {number:,} |"
    yield ""
    yield from wrapped(
        "Every report is met, as it must be; the row without a number too, because it was filed before any answer "
        'could ask for it. Reports of exactly 500 people call for the Secretary and not for the media: "500 or more" '
        'and "more than 500" part company there. The Illinois rows split at 2017, when section 50 came.'
    )


# ---- incidents whose regulators spoke


def known_facts(case: dict[str, Any]) -> BreachFacts:
    state = next((each for each in case["states"] if each != "US"), "IL")
    associate = case["kind"].startswith("business_associate")
    hospital = case["finding_by"] == "California CDPH"
    given: dict[str, str] = {}
    names = {
        "individual_notice": "us.hipaa.individuals",
        "hhs_notice": "us.hipaa.hhs",
        "media_notice": f"us.hipaa.media:{state}",
    }
    if associate:
        names = {"individual_notice": "us.hipaa.covered_entity"}
    elif not case["hipaa"]:
        names = {"individual_notice": "ca.civ1798_82.individuals"}
    for key, name in names.items():
        if case[key]:
            given[name] = case[key]
    if hospital:
        given["ca.hsc1280_15.cdph"] = case["individual_notice"]
    total = case["affected"]
    return parse_facts(
        {
            "organization": {
                "time_zone": ZONES.get(state, "America/Chicago"),
                "state": state,
                "hipaa_role": "none" if not case["hipaa"] else "business_associate" if associate else "covered_entity",
                "licenses": ["ca_hsc_1250"] if hospital else [],
                "data_owner": not associate,
                "phr_vendor": False,
                "part2_program": False,
            },
            "incident": {
                "occurred_from": case["breach_start"]
                if len(case["breach_start"] or "") == 10 and not associate
                else None,
                "discovered_at": f"{case['discovered']}T12:00:00-06:00",
                "medium": "electronic",
                "data_elements": ["name", "drivers_license", "ssn", "medical_information"],
                "encrypted": False,
                "risk_assessment": "breach",
            },
            "affected": {"total": total, "by_state": {state: total}},
            "given": given,
        }
    )


def late(found: Assessment) -> list[str]:
    """Which timed duties were done late, with the days past the last day."""
    lines = []
    for each in found.obligations:
        if each.status is Status.MET_LATE and each.id.partition(":")[0] in TIMED:
            assert each.given is not None
            assert each.due is not None
            lines.append(f"{each.id.rpartition('.')[2].partition(':')[0]} by {(each.given - each.due).days}")
    return lines


def report_known(known: list[dict[str, Any]]) -> Iterator[str]:
    yield f"## {len(known)} public incidents"
    yield ""
    yield '"Late" is by a numbered limit that the engine holds. Days are days past the last day.'
    yield ""
    yield "| incident | regulator on timing | engine | same |"
    yield "| --- | --- | --- | --- |"
    agreed = 0
    notes = []
    for case in sorted(known, key=lambda each: str(each["discovered"])):
        found = assess(known_facts(case), load_rulebook(), as_of=NOW)
        days = late(found)
        regulator = {"late": f"late ({case['finding_by']})"}.get(case["regulator_finding"], "no finding")
        same = (case["regulator_finding"] == "late") == bool(days)
        agreed += same
        label = f"{case['kind'].replace('_', ' ')}, {case['states'][0]}, discovered {case['discovered']}"
        answer = f"late: {', '.join(days)}" if days else "not late by a number"
        yield f"| {label} | {regulator} | {answer} | {'yes' if same else 'no'} |"
        if not same:
            notes.append(f"- **{label}**: {WHY[case['discovered']]}")
    yield ""
    yield from wrapped(
        "The hospital of 2010 is a measure of the counting itself: the Department first posted a penalty of $250,000 "
        "and corrected it to $100 for each of 11 days, the number of days in this table."
    )
    yield f"{agreed} of {len(known)} agree. Each disagreement:"
    yield ""
    for note in notes:
        yield from textwrap.wrap(note, 118, subsequent_indent="  ")


def wrapped(text: str) -> Iterator[str]:
    yield from textwrap.wrap(text, 118)
    yield ""


HEAD = [
    "# The law on reality",
    "",
    "Written by `python -m benchmarks law` from public data that is not part of the project. No organization is named.",
    "",
]
_UNSPOKEN = (
    "no regulator is known to have spoken on timing. On the dates given the 60 days had passed; silence is not a "
    "finding that notice was in time."
)
WHY = {
    "2011-09-24": (
        "the California statute of 2012 set no number of days; the Attorney General argued that the first people could "
        "have been told months earlier. Under the 30 days of 2026 the same dates would be late."
    ),
    "2015-05-05": _UNSPOKEN,
    "2016-11-15": (
        "the States found delay under statutes without a number of days; the engine shows as soon as possible and "
        "calls no day too late."
    ),
    "2019-08-24": f"{_UNSPOKEN} The organization told one State a later day of discovery.",
    "2024-01-31": f"{_UNSPOKEN} The organization counted from a later day of discovery.",
    "2024-02-21": (
        "what is compared is a business associate's own 60 days to the covered entities; no regulator has spoken."
    ),
    "2024-05-03": _UNSPOKEN,
}

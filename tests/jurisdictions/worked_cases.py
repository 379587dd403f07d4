"""Worked cases on disk: how they are found, judged and described."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from jurisdictions.assess import assess
from jurisdictions.facts import parse_facts
from jurisdictions.obligations import Assessment, Obligation
from jurisdictions.rulebook import load_rulebook

FOLDERS = [Path(__file__).parent / name for name in ("cases", "further_cases")]
"""The statutory cases, written before any program answered them; and those that were added beside the rules."""
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One case; ``expect`` as the contract describes it."""

    id: str
    title: str
    tags: tuple[str, ...]
    facts: dict[str, Any]
    expect: tuple[dict[str, Any], ...]
    notes: str = ""
    file: str = ""


@cache
def all_cases() -> tuple[Case, ...]:
    """Every case under the folders, in the order of files and of the cases in them."""
    return tuple(_read())


def _read() -> Iterator[Case]:
    for folder in FOLDERS:
        for path in sorted(folder.rglob("*.json")):
            name = path.relative_to(folder).as_posix()
            for tree in json.loads(path.read_text(encoding="utf-8")):
                yield msgspec.structs.replace(msgspec.convert(tree, Case), file=name)


@cache
def assessed(case_id: str) -> Assessment:
    """The assessment of a case, today."""
    case = next(each for each in all_cases() if each.id == case_id)
    return assess(parse_facts(case.facts), load_rulebook(), as_of=NOW)


def named(assessment: Assessment, pattern: str) -> list[Obligation]:
    """The obligations with an id, or with its beginning (and end) around a ``*``."""
    if "*" not in pattern:
        return [each for each in assessment.obligations if each.id == pattern]
    start, end = pattern.split("*")
    return [each for each in assessment.obligations if each.id.startswith(start) and each.id.endswith(end)]


_KEYS = {"id", "citation", "reasoning", "due", "status", "safest", "other_readings", "needs", "latest_possible"}


def complaints(case: Case) -> list[str]:
    """What the engine answers differently, one line each; empty when the case passes."""
    assessment = assessed(case.id)
    found = []
    for expected in case.expect:
        assert set(expected) <= _KEYS, f"{case.id}: unknown keys {set(expected) - _KEYS}"
        assert ("due" in expected) != ("status" in expected), f"{case.id}: one of due and status"
        obligations = named(assessment, expected["id"])
        none_is_fine = "*" in expected["id"] and expected.get("status") == "not_required"
        if not obligations and not none_is_fine:
            found.append(f"{expected['id']}: no such row")
        for each in obligations:
            found.extend(f"{each.id}: {line}" for line in _differences(each, expected))
    return found


def _differences(got: Obligation, expected: dict[str, Any]) -> Iterator[str]:
    dates = {reading.due.isoformat() for reading in got.readings if reading.due}
    outcomes = {reading.outcome for reading in got.readings}
    due = got.due.isoformat() if got.due else None
    if "due" in expected and expected["due"] != due and expected["due"] not in dates:
        yield f"due {due} ({got.status}), readings {sorted(dates)}; expected {expected['due']}"
    if "status" in expected and expected["status"] != got.status:
        yield f"status {got.status}; expected {expected['status']}"
    if "safest" in expected and expected["safest"] != str(got.safest):
        yield f"safest {got.safest}; expected {expected['safest']}"
    if "latest_possible" in expected and expected["latest_possible"] != str(got.latest_possible):
        yield f"latest possible {got.latest_possible}; expected {expected['latest_possible']}"
    if "needs" in expected and list(expected["needs"]) != list(got.needs):
        yield f"needs {got.needs}; expected {expected['needs']}"
    for other in expected.get("other_readings", ()):
        wanted = other["due"]
        outcome = {"asap": "asap", "none": "not_required"}.get(wanted)
        if (outcome is None and wanted not in dates) or (outcome is not None and outcome not in outcomes):
            yield f"no reading {wanted} ({other['reading']}); readings {sorted(dates)} {sorted(outcomes)}"

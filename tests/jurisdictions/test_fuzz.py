"""Ten thousand spoilt facts files: facts or faults, never a traceback."""

import json
import random
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from jurisdictions.assess import assess
from jurisdictions.facts import BreachFacts, FactsError, Fault, decode_facts
from jurisdictions.obligations import assessment_to_json
from jurisdictions.rulebook import load_rulebook
from tests.jurisdictions.worked_cases import all_cases

HOW_MANY = 10_000
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
ODD: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1,
    1.5,
    10**9,
    10**12,
    10**30,
    -(10**30),
    "",
    " ",
    "IL",
    "ZZ",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "2026-10-03T09:15:00",
    "2026-10-03T09:15:00+99:00",
    "2026-10-03T24:00:00-05:00",
    "\ud800",
    "\x00",
    "é" * 10_000,
    [],
    {},
    [None],
    [[]],
    {"": None},
    {"min": 1},
    {"min": 5, "max": 1},
    {"min": None, "max": 2},
    ["ssn", "ssn"],
    "us.hipaa.hhs",
    "America/Chicago",
    "../../etc/passwd",
    "localtime",
    [{}],
    {"IL": {"min": 0, "max": 0}},
]


def spots(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        found.extend(spots(value, (*path, key)))
    return found


def spoil(tree: Any, dice: random.Random) -> Any:
    *way, last = dice.choice(spots(tree))
    target = tree
    for key in way:
        target = target[key]
    match dice.randrange(5):
        case 0:
            del target[last]
        case 1 if isinstance(target, dict):
            target[dice.choice(["typo", "", "state", "us.hipaa.hhs", "\ud800"])] = target.pop(last)
        case 2 if isinstance(target, list):
            target.append(deepcopy(dice.choice(ODD)))
        case _:
            target[last] = deepcopy(dice.choice(ODD))
    return tree


def spoil_bytes(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data))
    match dice.randrange(4):
        case 0:
            return data[:at]
        case 1:
            return data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :]
        case 2:
            return data[:at] + data[at // 2 : at] + data[at:]
        case _:
            return data[:at] + dice.choice([b"NaN", b"{", b"]", b'"', b"\\u0000", b"1e999", b"9" * 5000]) + data[at:]


def opened(data: bytes) -> tuple[BreachFacts | None, tuple[Fault, ...]]:
    try:
        return decode_facts(data), ()
    except FactsError as error:
        return None, error.faults


def test_ten_thousand_spoilt_files_end_in_facts_or_faults() -> None:
    dice = random.Random(20261122)
    cases = all_cases()
    accepted = refused = 0
    for _ in range(HOW_MANY):
        tree = json.loads(json.dumps(dice.choice(cases).facts))
        for _ in range(dice.choice([1, 1, 2, 3])):
            tree = spoil(tree, dice) if spots(tree) else tree
        data = json.dumps(tree).encode()
        if dice.random() < 0.3:
            data = spoil_bytes(data, dice)
        facts, faults = opened(data)
        if facts is None:
            refused += 1
            assert faults
            for fault in map(str, faults):
                assert fault.isprintable(), ascii(fault)
                assert len(fault) < 600, fault
        else:
            accepted += 1
            json.dumps(assessment_to_json(assess(facts, load_rulebook(), as_of=NOW)))
    assert accepted > HOW_MANY // 20
    assert refused > HOW_MANY // 3

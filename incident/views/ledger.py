"""What each regulator was last told of the number of people, beside the number that the record has now.

A report may be filed with a placeholder ("501") while rows still wait; whether another number has to follow is a
question of the regulator's own rules, of which this ledger says what is known and what is not.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from incident.events import JsonValue
from incident.views.entities import EntityRow
from incident.views.queries import FactRow, FilingRow, Queries
from incident.views.wording import value_words
from jurisdictions.conditions import Bounds, at_least, fewer_than
from jurisdictions.vocabulary import USPS

HHS = "us.hipaa.hhs"
PART2 = "us.part2.hhs"
_THRESHOLD = "us.hipaa.hhs.threshold"
"""45 CFR 164.408(b): "500 or more"; (c): "less than 500"."""

_OF_ALL = ("us.", "ca.hsc1280_15.")
"""Duties that count everybody: H&S 1280.15 speaks of the patients of a facility, wherever they live."""

_ADDENDUM = (
    "HHS's portal asks for an addendum when an estimate changes; 45 CFR 164.408 sets no day for it, so none is counted."
)
_AT_THE_TIME = (
    "815 ILCS 530/10(e) asks for the number at the time of the notice; no rule on a later one was found: ask counsel."
)
_NO_RULE = "No rule on correcting this report is held here: ask counsel whether to send another number."
_CROSSED = (
    "It was filed as fewer than 500. From 500 on, the 60 days of 164.408(b) run from the original discovery "
    "(from the logic of the text, not verified): see the board."
)
_NO_PART2_COUNT = "The record keeps no count of patients with Part 2 records apart from the number of all."


class Standing(StrEnum):
    """How the number told compares with the number known."""

    AGREES = "agrees"
    DIFFERS = "differs"
    OPEN = "open"
    NOT_TOLD = "not_told"


class LedgerLine(msgspec.Struct, frozen=True, kw_only=True):
    """One filed report. `told` is the last number told, on `told_on`; `known` is a number, a range, or None (unknown).

    `addendum_due` only where the regulator is known to ask for one; no date stands beside it, for the law sets none.
    """

    incident: UUID
    reference: str
    filing: UUID
    obligation_id: str
    recipient: str
    entities: tuple[str, ...]
    filed_on: date
    told: int | None
    told_on: date
    estimated: bool | None
    tracking: str | None
    addenda: int
    known: JsonValue
    standing: Standing
    addendum_due: bool
    words: str
    rule: str


def ledger(queries: Queries, incident_id: UUID | None = None) -> tuple[LedgerLine, ...]:
    """A line for each filed report, of one incident or of all, oldest first."""
    found = []
    for filing in queries.filings(incident_id):
        if filing.filed_on is not None:
            facts = queries.facts(filing.incident)
            entities = queries.covered_entities(filing.incident) if filing.entities else ()
            found.append(_line(queries, filing, facts, entities))
    return tuple(found)


def known_people(
    obligation_id: str, facts: Mapping[str, FactRow], entities: Sequence[EntityRow] = (), of: Sequence[int] = ()
) -> JsonValue:
    """How many people a report is about, as known now: an integer, a range {"min", "max"}, or None.

    A State's regulator is told of its residents, everybody else (CDPH: of patients) of all; a report for covered
    entities (`of`) is about theirs. A report on Part 2 records is about some of all, and how many is not in the record.
    """
    if of:
        return _sum([row.individuals for row in entities if row.number in of])
    place = obligation_id.partition(".")[0].upper()
    in_state = place in USPS and not obligation_id.startswith(_OF_ALL)
    path = f"affected.by_state.{place}" if in_state else "affected.total"
    value = facts[path].value if path in facts else None
    if obligation_id == PART2 and value is not None:
        most = value["max"] if isinstance(value, dict) else value
        return {"min": min(1, most), "max": most}
    return value


def compare(told: int | None, known: JsonValue) -> Standing:
    """A range agrees with nothing and differs from what lies outside of it."""
    if told is None:
        return Standing.NOT_TOLD
    match known:
        case {"min": low, "max": high}:
            return Standing.OPEN if low <= told <= high else Standing.DIFFERS
        case int():
            return Standing.AGREES if told == known else Standing.DIFFERS
        case _:
            return Standing.OPEN


def _line(
    queries: Queries, filing: FilingRow, facts: Mapping[str, FactRow], entities: Sequence[EntityRow]
) -> LedgerLine:
    assert filing.filed_on is not None
    steps = queries.filing_steps(filing.id)
    last = next((step for step in reversed(steps) if step.count is not None), None)
    known = known_people(filing.obligation_id, facts, entities, filing.entities)
    standing = compare(filing.count, known)
    to_hhs = filing.obligation_id in {HHS, PART2}
    return LedgerLine(
        incident=filing.incident,
        reference=queries.incident(filing.incident).reference,
        filing=filing.id,
        obligation_id=filing.obligation_id,
        recipient=filing.recipient,
        entities=tuple(row.name for row in entities if row.number in filing.entities),
        filed_on=filing.filed_on,
        told=filing.count,
        told_on=last.on if last is not None and last.on is not None else filing.filed_on,
        estimated=filing.estimated,
        tracking=filing.tracking,
        addenda=sum(step.act == "addendum_filed" for step in steps),
        known=known,
        standing=standing,
        addendum_due=to_hhs and standing is Standing.DIFFERS,
        words=_words(filing, known, standing, crossed=to_hhs and _crossed(queries, filing, known)),
        rule=_ADDENDUM if to_hhs else _AT_THE_TIME if filing.obligation_id == "il.pipa.attorney_general" else _NO_RULE,
    )


def _crossed(queries: Queries, filing: FilingRow, known: JsonValue) -> bool:
    """Whether fewer were reported than 164.408(b) is about, and it is known by now that there are as many or more."""
    assert filing.filed_on is not None
    threshold = queries.rulebook.version(_THRESHOLD, filing.filed_on)
    if threshold is None or threshold.at_least is None or filing.count is None:
        return False
    limit = threshold.at_least
    few = fewer_than(limit, Bounds(filing.count, filing.count))
    match known:
        case {"min": int(low), "max": int(high)}:
            return few is True and at_least(limit, Bounds(low, high)) is True
        case int():
            return few is True and at_least(limit, Bounds(known, known)) is True
        case _:
            return False


def _words(filing: FilingRow, known: JsonValue, standing: Standing, *, crossed: bool) -> str:
    """Told 501 (an estimate), known now 1,240: addendum due."""
    to_hhs = filing.obligation_id in {HHS, PART2}
    told = "no number told" if filing.count is None else f"told {filing.count:,}"
    told += {True: " (an estimate)", False: "", None: ""}[filing.estimated]
    now = "not known now" if known is None else f"known now {value_words(known)}"
    verdict = {
        Standing.AGREES: "agrees",
        Standing.DIFFERS: "addendum due" if to_hhs else "another number than was told",
        Standing.OPEN: "the count is not settled",
        Standing.NOT_TOLD: "nothing to compare",
    }[standing]
    words = f"{told}, {now}: {verdict}."
    if filing.obligation_id == PART2:
        words += f" {_NO_PART2_COUNT}"
    if crossed:
        words += f" {_CROSSED}"
    return words[0].upper() + words[1:]


def _sum(numbers: Sequence[JsonValue]) -> JsonValue:
    """The sum of numbers and ranges; None where one of them is unknown."""
    low = high = 0
    for number in numbers:
        match number:
            case {"min": least, "max": most}:
                low, high = low + least, high + most
            case int():
                low, high = low + number, high + number
            case _:
                return None
    return low if low == high else {"min": low, "max": high}

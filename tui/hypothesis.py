"""What the law would ask if the facts were otherwise: in memory only, never recorded. Pure over one set of reads."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from incident.errors import InvalidInput
from incident.facts import KnownFact, breach_facts
from incident.views.queries import Queries
from jurisdictions.assess import assess
from jurisdictions.facts import question_for
from jurisdictions.obligations import Assessment, diff_assessments, in_words
from tui.questions import question

_COUNTS = (1, 9, 10, 499, 500, 501, 999, 1000, 1001)
"""Around every threshold of the rules: 10 unreachable people, 500, more than 500, 1,000, more than 1,000."""


class Gap(msgspec.Struct, frozen=True):
    """A question that could move a date, and what its answers would do: the answer in words, and the changes."""

    path: str
    words: str
    duties: tuple[str, ...]
    effects: tuple[tuple[str, tuple[str, ...]], ...]


def suppose(queries: Queries, incident_id: UUID, values: Mapping[str, Any], now: datetime) -> Assessment:
    """The assessment with some facts changed.

    Raises:
        InvalidInput: the facts contradict each other, or the anchor is missing.
    """
    sheet = queries.fact_sheet(incident_id)
    for path, value in values.items():
        sheet[path] = KnownFact(
            path=path, value=value, version=0, occurred_at=now, recorded_at=now, by="what-if", source=None
        )
    return assess(breach_facts(sheet), queries.rulebook, as_of=now, adopted=queries.adopted_readings(incident_id))


def gaps(queries: Queries, incident_id: UUID, now: datetime) -> tuple[Gap, ...]:
    """The open questions, the biggest mover first: by how many duties its answers change, then by how soon they are."""
    present = queries.board(incident_id, now).assessment
    if present is None:
        return ()
    sheet = queries.fact_sheet(incident_id)
    paths = dict.fromkeys(path for duty in present.obligations for path in duty.needs)
    ranked = []
    for order, path in enumerate(paths):
        known = sheet[path].value if path in sheet else None
        tried = [(words, _try(queries, incident_id, {path: value}, now)) for words, value in _candidates(path, known)]
        effects, moved = _effects(present, tried)
        asked = tuple(duty.id for duty in present.obligations if path in duty.needs)
        dates = [duty.safest for duty in present.obligations if duty.id in moved and duty.safest is not None]
        gap = Gap(path, question_for(path), asked, effects)
        ranked.append((-len(moved | set(asked)), min(dates, default=date.max), order, gap))
    return tuple(gap for *_, gap in sorted(ranked, key=lambda each: each[:3]))


def _try(queries: Queries, incident_id: UUID, values: Mapping[str, Any], now: datetime) -> Assessment | None:
    """As `suppose`; None where the answer contradicts what is known."""
    try:
        return suppose(queries, incident_id, values, now)
    except InvalidInput:
        return None


def _effects(
    present: Assessment, tried: Sequence[tuple[str, Assessment | None]]
) -> tuple[tuple[tuple[str, tuple[str, ...]], ...], set[str]]:
    """One entry for each effect that some answers have, and the duties that any answer changes."""
    answers: dict[tuple[str, ...], list[str]] = {}
    moved: set[str] = set()
    for words, supposed in tried:
        changes = diff_assessments(present, supposed) if supposed is not None else ()
        if supposed is not None and changes:
            answers.setdefault(changes, []).append(words)
            moved |= _changed(present, supposed)
    return tuple((_span(words), changes) for changes, words in answers.items()), moved


def _span(words: Sequence[str]) -> str:
    """Answers with the same effect: yes; 1 to 500; 501 or more."""
    if len(words) == 1 or not words[0].replace(",", "").isdigit():
        return " or ".join(words)
    return f"{words[0]} or more" if words[-1] == f"{_COUNTS[-1]:,}" else f"{words[0]} to {words[-1]}"


def _changed(present: Assessment, supposed: Assessment) -> set[str]:
    before = {duty.id: (in_words(duty), duty.safest) for duty in present.obligations}
    after = {duty.id: (in_words(duty), duty.safest) for duty in supposed.obligations}
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def _candidates(path: str, known: Any) -> list[tuple[str, Any]]:  # noqa: ANN401 - a JSON value of the contract
    """Answers to try: every choice; for counts the numbers around the thresholds that are still possible."""
    if path == "organization.licenses":
        return [("none", []), ("a licensed clinic", ["ca_hsc_1204"])]
    if path.startswith("affected.") and path not in {"affected.by_state", "affected.must_notify_by_state"}:
        low, high = (known["min"], known["max"]) if isinstance(known, dict) else (0, _COUNTS[-1])
        return [(f"{number:,}", number) for number in _COUNTS if low <= number <= high]
    try:
        choices = question(path).choices
    except KeyError:
        return []
    return [] if choices is None else list(choices.by_letter.values())

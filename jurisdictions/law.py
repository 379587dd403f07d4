"""The rulebook as a person reads it: values by date, citations, how well checked; and what changed between two days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import msgspec

from jurisdictions.assess import assess
from jurisdictions.facts import BreachFacts
from jurisdictions.obligations import diff_assessments
from jurisdictions.rulebook import Rulebook
from jurisdictions.schema import Element, Holiday, InstrumentFile, Provision, Version


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One value that began or ended. ``before`` None: it was not law; ``after`` None: it stopped being law."""

    on: date
    id: str
    summary: str
    before: str | None
    after: str | None
    citation: str
    law: str | None


def law_to_json(rulebook: Rulebook, *, only: str = "") -> dict[str, Any]:
    """The rulebook as JSON values; ``only`` keeps the instruments and calendars whose id begins so."""
    return {
        "rulebook_hash": rulebook.hash,
        "checked_on": rulebook.checked_on.isoformat(),
        "instruments": [_instrument(each) for each in rulebook.files if each.instrument.id.startswith(only)],
        "calendars": [
            msgspec.to_builtins({"calendar": each.head, "holidays": each.holidays})
            for name, each in rulebook.calendars.items()
            if name.startswith(only)
        ],
        "sources": {each.id: each.address for each in rulebook.sources.values()},
    }


def _instrument(file: InstrumentFile) -> dict[str, Any]:
    tree: dict[str, Any] = msgspec.to_builtins(file)
    for kind in ("provision", "element"):
        for entry, values in zip(getattr(file, kind), tree[kind], strict=True):
            for version, shown in zip(entry.version, values["version"], strict=True):
                shown["value"] = version.value
    return tree


def changes(rulebook: Rulebook, start: date, end: date) -> tuple[Change, ...]:
    """Every value that began or ended after ``start`` and not after ``end``, by day and id."""
    return tuple(sorted(_changes(rulebook, start, end), key=lambda each: (each.on, each.id)))


def _changes(rulebook: Rulebook, start: date, end: date) -> Iterator[Change]:
    for file in rulebook.files:
        entries: tuple[Provision | Element, ...] = (*file.provision, *file.element)
        for entry in entries:
            for index, version in enumerate(entry.version):
                if start < version.since <= end:
                    previous = entry.version[index - 1] if index else None
                    continued = previous if previous is not None and previous.until == version.since else None
                    yield _change(version.since, entry.id, entry.summary, *_both(continued, version), version)
                ends_for_good = version.until is not None and version.until not in {v.since for v in entry.version}
                if version.until is not None and ends_for_good and start < version.until <= end:
                    yield _change(version.until, entry.id, entry.summary, version.value, None, version)
        for info in file.information:
            for on, before, after in ((info.since, None, info.text), (info.until, info.text, None)):
                if on is not None and start < on <= end:
                    yield Change(
                        on=on,
                        id=info.id,
                        summary=info.kind,
                        before=before,
                        after=after,
                        citation=info.citation,
                        law=None,
                    )
    for name, calendar in rulebook.calendars.items():
        for holiday in calendar.holidays:
            yield from _holiday(name, calendar.head.citation, holiday, start, end)


def _both(before: Version | None, after: Version) -> tuple[str | None, str]:
    """The value before and after; of a list only what came and went."""
    if before is None or before.elements is None or after.elements is None:
        return (before.value if before is not None else None), after.value
    gone = [f"without {each}" for each in before.elements if each not in after.elements]
    new = [f"and {each}" for each in after.elements if each not in before.elements]
    return f"{len(before.elements)} kinds of data", ", ".join(["the same", *gone, *new])


def _change(  # noqa: PLR0917 - one line of a table
    on: date, name: str, summary: str, before: str | None, after: str | None, version: Version
) -> Change:
    return Change(
        on=on,
        id=name,
        summary=summary,
        before=before,
        after=after,
        citation=version.citation,
        law=version.law,
    )


def _holiday(calendar: str, citation: str, holiday: Holiday, start: date, end: date) -> Iterator[Change]:
    for on, before, after in ((holiday.since, None, holiday.name), (holiday.until, holiday.name, None)):
        if on is not None and start < on <= end:
            yield Change(
                on=on,
                id=calendar,
                summary="holiday left out of business days",
                before=before,
                after=after,
                citation=holiday.citation or citation,
                law=None,
            )


def touched(facts: BreachFacts, rulebook: Rulebook, *, as_of: datetime, start: date, end: date) -> tuple[str, ...]:
    """What one breach's duties would be under the law of ``end`` instead of that of ``start``, line by line."""
    then = assess(facts, rulebook, as_of=as_of, law_as_of=start)
    now = assess(facts, rulebook, as_of=as_of, law_as_of=end)
    return diff_assessments(then, now)

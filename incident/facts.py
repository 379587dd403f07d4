"""From the log of an incident to the facts that the law is applied to, as of any entry.

Facts are kept by path, exactly the paths of the facts contract (`affected.by_state.IL`). A path that was never
recorded, or whose value is null, is unknown; unknown is never 0 and never false.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from incident.errors import InvalidInput
from incident.events import Entry, FactCorrected, FactRecorded, JsonValue
from jurisdictions.facts import BreachFacts, FactsError, parse_facts

_KEYED_SECTIONS = ("affected.by_state", "affected.must_notify_by_state", "given")
"""Sections whose last key is free (a state, an obligation id) and may itself hold dots."""


class KnownFact(msgspec.Struct, frozen=True, kw_only=True):
    """The value a path has now, with the entry (version in the stream) that says so."""

    path: str
    value: JsonValue
    version: int
    occurred_at: datetime
    recorded_at: datetime
    by: str
    source: str | None


FactSheet = Mapping[str, KnownFact]
"""Path -> what is known of it."""


def fold(entries: Iterable[Entry]) -> dict[str, KnownFact]:
    """The fact sheet after these entries of one incident's stream."""
    sheet: dict[str, KnownFact] = {}
    for entry in entries:
        match entry.event:
            case (
                FactRecorded(path=path, value=value, source=source)
                | FactCorrected(path=path, value=value, source=source)
            ):
                sheet[path] = KnownFact(
                    path=path,
                    value=value,
                    version=entry.originator_version,
                    occurred_at=entry.occurred_at,
                    recorded_at=entry.recorded_at,
                    by=entry.by,
                    source=source,
                )
            case _:
                pass
    return sheet


def contract_json(sheet: FactSheet) -> dict[str, JsonValue]:
    """The facts as one object of the facts contract."""
    facts: dict[str, JsonValue] = {}
    for path, fact in sheet.items():
        section = next((s for s in _KEYED_SECTIONS if path.startswith(s + ".")), None)
        keys = [*section.split("."), path[len(section) + 1 :]] if section else path.split(".")
        node = facts
        for key in keys[:-1]:
            node = node.setdefault(key, {})
        node[keys[-1]] = fact.value
    return facts


def breach_facts(sheet: FactSheet) -> BreachFacts:
    """The facts in the engine's types.

    Raises:
        InvalidInput: with one `path: message` line per fault; the anchor facts may be missing.
    """
    try:
        return parse_facts(contract_json(sheet))
    except FactsError as error:
        raise InvalidInput(*(f"{fault.path}: {fault.message}" for fault in error.faults)) from None


def facts_sha256(sheet: FactSheet) -> str:
    """Hash of everything that notices and filings rely on.

    What has been done (`given.*`) is left out: filing one report must not void the approval of another.
    """
    relied_on = {path: fact.value for path, fact in sheet.items() if not path.startswith("given.")}
    return hashlib.sha256(msgspec.json.encode(relied_on, order="deterministic")).hexdigest()

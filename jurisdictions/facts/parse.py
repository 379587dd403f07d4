"""From a JSON value to facts, collecting every fault with the path of its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from jurisdictions.facts.model import (
    Affected,
    BreachFacts,
    BusinessAssociate,
    CountRange,
    Discovery,
    FactsError,
    Fault,
    Hold,
    Incident,
    Organization,
)
from jurisdictions.obligation_ids import is_obligation_id, is_obligation_pattern
from jurisdictions.vocabulary import (
    DATA_ELEMENTS,
    ELEMENT_ALIASES,
    USPS,
    EntityType,
    HarmAssessment,
    HipaaRole,
    HoldKind,
    License,
    Medium,
    RiskAssessment,
)

EARLIEST: Final = date(1950, 1, 1)
LATEST: Final = date(2150, 12, 31)
MOST_PEOPLE: Final = 10_000_000_000
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)


class _BadValue(Exception):  # noqa: N818 - carries a message, never leaves this module
    """The value does not fit its field."""


Reader = Callable[[Any, str, list[Fault]], Any]
"""Reads one JSON value at a path; returns the typed value, or records a fault and returns None."""


def _reader(read: Callable[[Any], Any]) -> Reader:
    def run(value: Any, path: str, faults: list[Fault]) -> Any:  # noqa: ANN401
        if value is None:
            return None
        try:
            return read(value)
        except _BadValue as error:
            faults.append(Fault(path, str(error)))
            return None

    return run


def _shown(value: Any) -> str:  # noqa: ANN401
    """The value as a person would recognise it, short and printable on any terminal."""
    shown = ascii(value) if not isinstance(value, dict | list) else type(value).__name__.replace("dict", "object")
    return shown if len(shown) <= 40 else shown[:37] + "..."


def _text(value: Any) -> str:  # noqa: ANN401
    if not isinstance(value, str) or not value.strip():
        raise _BadValue(f"expected text, not {_shown(value)}")
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise _BadValue("contains half a character (an unpaired surrogate)")
    return value


def _flag(value: Any) -> bool:  # noqa: ANN401
    if not isinstance(value, bool):
        raise _BadValue(f"expected true or false, not {_shown(value)}")
    return value


def _choice(kind: type[StrEnum]) -> Callable[[Any], Any]:
    def read(value: Any) -> StrEnum:  # noqa: ANN401
        if isinstance(value, str) and value in set(kind):
            return kind(value)
        raise _BadValue(f"expected one of {', '.join(kind)}, not {_shown(value)}")

    return read


def _civil_date(value: Any) -> date:  # noqa: ANN401
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise _BadValue(f"expected a date YYYY-MM-DD, not {_shown(value)}")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise _BadValue(f"there is no such day as {value}") from None
    if not EARLIEST <= day <= LATEST:
        raise _BadValue(f"{value} is outside {EARLIEST.year} to {LATEST.year}")
    return day


def _instant(value: Any) -> datetime:  # noqa: ANN401
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise _BadValue(f"expected a time with its offset, YYYY-MM-DDTHH:MM±HH:MM, not {_shown(value)}")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise _BadValue(f"there is no such time as {value}") from None
    if not EARLIEST < moment.date() < LATEST:
        raise _BadValue(f"{value} is outside {EARLIEST.year} to {LATEST.year}")
    return moment


def _zone(value: Any) -> str:  # noqa: ANN401
    if not isinstance(value, str) or value not in available_timezones():
        raise _BadValue(f"not an IANA time zone: {_shown(value)}")
    ZoneInfo(value)
    return value


def _state(value: Any) -> str:  # noqa: ANN401
    if not isinstance(value, str) or value not in USPS:
        raise _BadValue("not a US state or territory")
    return value


def _whole(value: Any) -> int:  # noqa: ANN401
    if isinstance(value, bool) or not isinstance(value, int):
        raise _BadValue(f"expected a whole number, not {_shown(value)}")
    if not 0 <= value < MOST_PEOPLE:
        raise _BadValue(f"expected a number of people from 0 to {MOST_PEOPLE - 1:,}")
    return value


def _count(value: Any, path: str, faults: list[Fault]) -> int | CountRange | None:  # noqa: ANN401
    if not isinstance(value, dict):
        return _reader(_whole_or_range)(value, path, faults)  # type: ignore[no-any-return]
    _refuse_unknown(value, ("min", "max"), path, faults)
    ends: list[int] = []
    for end in ("min", "max"):
        if value.get(end) is None:
            faults.append(Fault(f"{path}.{end}", "a range needs both min and max"))
            continue
        read = _reader(_whole)(value[end], f"{path}.{end}", faults)
        if read is not None:
            ends.append(read)
    if len(ends) < 2:
        return None
    low, high = ends
    if low > high:
        faults.append(Fault(path, f"min {low:,} is more than max {high:,}"))
        return None
    return low if low == high else CountRange(low, high)


def _whole_or_range(value: Any) -> int:  # noqa: ANN401
    if isinstance(value, str | list | float):
        raise _BadValue(f'expected a whole number, {{"min": n, "max": m}} or null, not {_shown(value)}')
    return _whole(value)


def _list_of(read: Callable[[Any], Any], what: str) -> Reader:
    def run(value: Any, path: str, faults: list[Fault]) -> tuple[Any, ...] | None:  # noqa: ANN401
        if value is None:
            return None
        if not isinstance(value, list):
            faults.append(Fault(path, f"expected a list of {what}, not {_shown(value)}"))
            return None
        found: list[Any] = []
        for index, item in enumerate(value):
            if item is None:
                faults.append(Fault(f"{path}.{index}", f"expected {what}, not null"))
                continue
            got = _reader(read)(item, f"{path}.{index}", faults)
            if got is not None and got not in found:
                found.append(got)
        return tuple(found)

    return run


def _element(value: Any) -> str:  # noqa: ANN401
    word = ELEMENT_ALIASES.get(value, value) if isinstance(value, str) else value
    if not isinstance(word, str) or word not in DATA_ELEMENTS:
        raise _BadValue(f"not a data element: {_shown(value)}")
    return word


def _pattern(value: Any) -> str:  # noqa: ANN401
    if not isinstance(value, str) or not is_obligation_pattern(value):
        raise _BadValue(f"not an obligation id: {_shown(value)}")
    return value


def _by_state(value: Any, path: str, faults: list[Fault]) -> Mapping[str, Any] | None:  # noqa: ANN401
    if value is None:
        return None
    if not isinstance(value, dict):
        faults.append(Fault(path, f"expected an object of State code to count, not {_shown(value)}"))
        return None
    found = {}
    for code, count in value.items():
        where = f"{path}.{_printable(code)}"
        if code not in USPS:
            faults.append(Fault(where, "not a US state or territory"))
        else:
            found[code] = _count(count, where, faults)
    return MappingProxyType(dict(sorted(found.items())))


def _given(value: Any, path: str, faults: list[Fault]) -> Mapping[str, date]:  # noqa: ANN401
    found: dict[str, date] = {}
    if value is None:
        return MappingProxyType(found)
    if not isinstance(value, dict):
        faults.append(Fault(path, f"expected an object of obligation id to date, not {_shown(value)}"))
        return MappingProxyType(found)
    for name, day in value.items():
        where = f"{path}.{_printable(name)}"
        if not is_obligation_id(name):
            faults.append(Fault(where, "no such obligation"))
            continue
        got = _reader(_civil_date)(day, where, faults)
        if got is not None:
            found[name] = got
    return MappingProxyType(dict(sorted(found.items())))


def _struct(build: Callable[..., Any], fields: Mapping[str, Reader], required: tuple[str, ...] = ()) -> Reader:
    def run(value: Any, path: str, faults: list[Fault]) -> Any:  # noqa: ANN401
        if value is None and not required:
            return None
        if not isinstance(value, dict):
            shown = "missing" if value is None else f"expected an object, not {_shown(value)}"
            if value is None:
                faults.extend(Fault(f"{path}.{name}".lstrip("."), "required") for name in required)
            else:
                faults.append(Fault(path, shown))
            return None
        before = len(faults)
        _refuse_unknown(value, tuple(fields), path, faults)
        got: dict[str, Any] = {}
        for name, read in fields.items():
            where = f"{path}.{name}" if path else name
            if name in required and value.get(name) is None and name not in _SECTIONS:
                faults.append(Fault(where, "required"))
                continue
            item = read(value.get(name), where, faults)
            if item is not None:
                got[name] = item
        return build(**got) if len(faults) == before else None

    return run


def _printable(key: str) -> str:
    shown = key.encode("ascii", "backslashreplace").decode()
    return shown if shown.isprintable() and len(shown) <= 60 else ascii(shown)[1:41]


def _refuse_unknown(value: Mapping[str, Any], known: tuple[str, ...], path: str, faults: list[Fault]) -> None:
    for key in value:
        if key not in known:
            where = f"{path}.{_printable(key)}" if path else _printable(key)
            faults.append(Fault(where, f"unknown key; expected one of {', '.join(known)}"))


_SECTIONS: Final = frozenset({"organization", "incident"})

_ORGANIZATION: Final[dict[str, Reader]] = {
    "name": _reader(_text),
    "state": _reader(_state),
    "time_zone": _reader(_zone),
    "hipaa_role": _reader(_choice(HipaaRole)),
    "entity_type": _reader(_choice(EntityType)),
    "licenses": _list_of(_choice(License), "licences"),
    "data_owner": _reader(_flag),
    "phr_vendor": _reader(_flag),
    "part2_program": _reader(_flag),
    "state_agency": _reader(_flag),
}
_INCIDENT: Final[dict[str, Reader]] = {
    "occurred_from": _reader(_civil_date),
    "occurred_to": _reader(_civil_date),
    "discovered_at": _reader(_instant),
    "medium": _reader(_choice(Medium)),
    "data_elements": _list_of(_element, "data elements"),
    "encrypted": _reader(_flag),
    "key_compromised": _reader(_flag),
    "risk_assessment": _reader(_choice(RiskAssessment)),
    "harm_assessment": _reader(_choice(HarmAssessment)),
    "misuse_likely": _reader(_flag),
}
_ASSOCIATE: Final[dict[str, Reader]] = {
    "is_agent": _reader(_flag),
    "discovered_at": _reader(_instant),
    "notified_us_at": _reader(_instant),
}
_DISCOVERY: Final[dict[str, Reader]] = {
    "workforce_knew_at": _reader(_instant),
    "should_have_known_at": _reader(_instant),
    "determined_at": _reader(_instant),
    "scope_identified_at": _reader(_instant),
    "business_associate": _struct(BusinessAssociate, _ASSOCIATE),
}
_AFFECTED: Final[dict[str, Reader]] = {
    "total": _count,
    "by_state": _by_state,
    "must_notify_by_state": _by_state,
    "insufficient_contact": _count,
    "next_of_kin_insufficient_contact": _count,
}
_HOLD: Final[dict[str, Reader]] = {
    "agency": _reader(_text),
    "kind": _reader(_choice(HoldKind)),
    "stated_on": _reader(_civil_date),
    "until": _reader(_civil_date),
    "scope": _list_of(_pattern, "obligation ids"),
}
_read_hold: Final = _struct(Hold, _HOLD, ("kind", "stated_on"))


def _holds(value: Any, path: str, faults: list[Fault]) -> tuple[Hold, ...] | None:  # noqa: ANN401
    if value is None:
        return None
    if not isinstance(value, list):
        faults.append(Fault(path, f"expected a list of holds, not {_shown(value)}"))
        return None
    found = []
    for index, item in enumerate(value):
        where = f"{path}.{index}"
        if item is None:
            faults.append(Fault(where, "expected an object, not null"))
            continue
        hold = _read_hold(item, where, faults)
        if hold is None:
            continue
        if hold.until is not None and hold.until < hold.stated_on:
            faults.append(Fault(f"{where}.until", f"{hold.until} is before the request of {hold.stated_on}"))
        found.append(hold)
    return tuple(found)


_TOP: Final[dict[str, Reader]] = {
    "organization": _struct(Organization, _ORGANIZATION, ("time_zone",)),
    "incident": _struct(Incident, _INCIDENT, ("discovered_at",)),
    "discovery": _struct(Discovery, _DISCOVERY),
    "affected": _struct(Affected, _AFFECTED),
    "law_enforcement_holds": _holds,
    "given": _given,
    "scope_determination_ongoing": _reader(_flag),
}
_read_facts: Final = _struct(BreachFacts, _TOP, ("organization", "incident"))

_AT_PATH: Final[dict[str, Reader]] = {
    **{f"organization.{name}": read for name, read in _ORGANIZATION.items()},
    **{f"incident.{name}": read for name, read in _INCIDENT.items()},
    **{f"discovery.{name}": read for name, read in _DISCOVERY.items()},
    **{f"discovery.business_associate.{name}": read for name, read in _ASSOCIATE.items()},
    **{f"affected.{name}": read for name, read in _AFFECTED.items()},
    **{name: _TOP[name] for name in ("law_enforcement_holds", "given", "scope_determination_ongoing")},
}
_REQUIRED_PATHS: Final = frozenset({"organization.time_zone", "incident.discovered_at"})


def parse_facts(obj: object) -> BreachFacts:
    """Facts from a decoded JSON object.

    Raises:
        FactsError: with every fault found, each at the path of its field.
    """
    faults: list[Fault] = []
    if not isinstance(obj, dict):
        raise FactsError((Fault("", f"expected a JSON object of facts, not {_shown(obj)}"),))
    facts = _read_facts(obj, "", faults)
    if faults:
        raise FactsError(tuple(faults))
    assert isinstance(facts, BreachFacts)
    if faults := _contradictions(facts):
        raise FactsError(tuple(faults))
    return facts


def parse_date(text: str, path: str) -> date:
    """A civil date YYYY-MM-DD.

    Raises:
        FactsError: naming ``path``.
    """
    faults: list[Fault] = []
    day = _reader(_civil_date)(text, path, faults)
    if faults:
        raise FactsError(tuple(faults))
    assert isinstance(day, date)
    return day


def parse_instant(text: str, path: str) -> datetime:
    """A moment with its offset, YYYY-MM-DDTHH:MM±HH:MM.

    Raises:
        FactsError: naming ``path``.
    """
    faults: list[Fault] = []
    moment = _reader(_instant)(text, path, faults)
    if faults:
        raise FactsError(tuple(faults))
    assert isinstance(moment, datetime)
    return moment


def check_fact(path: str, value: object) -> tuple[Fault, ...]:
    """The faults of one JSON value at one contract path; empty when it fits. ``None`` (unknown) fits where allowed."""
    faults: list[Fault] = []
    stem, _, last = path.rpartition(".")
    if path in _AT_PATH:
        if value is None and path in _REQUIRED_PATHS:
            return (Fault(path, "required"),)
        _AT_PATH[path](value, path, faults)
    elif stem in ("affected.by_state", "affected.must_notify_by_state"):
        _by_state({last: value}, stem, faults)
    elif path.startswith("given."):
        _given({path.removeprefix("given."): value}, "given", faults)
    elif stem == "law_enforcement_holds" and last.isascii() and last.isdigit():
        _read_hold(value, path, faults)
    else:
        faults.append(Fault(path, "no such fact"))
    return tuple(faults)


def _contradictions(facts: BreachFacts) -> list[Fault]:
    """Facts that cannot be true together, whatever the law says of them."""
    found = []
    incident = facts.incident
    began, ended = incident.occurred_from, incident.occurred_to
    known = incident.discovered_at.astimezone(ZoneInfo(facts.organization.time_zone)).date()
    if began and ended and ended < began:
        found.append(Fault("incident.occurred_to", f"{ended} is before incident.occurred_from {began}"))
    elif began and known < began:
        found.append(Fault("incident.discovered_at", f"{known} is before incident.occurred_from {began}"))
    return found

"""From a JSON value to facts, collecting every fault with the path of its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from jurisdictions.facts.model import (
    Affected,
    BreachFacts,
    BusinessAssociate,
    Discovery,
    FactsError,
    Fault,
    Hold,
    Incident,
    Organization,
)
from jurisdictions.facts.readers import (
    Reader,
    choice,
    civil_date,
    count,
    element,
    flag,
    instant,
    list_of,
    pattern,
    printable,
    reader,
    refuse_unknown,
    shown,
    state,
    text,
    zone,
)
from jurisdictions.obligation_ids import is_obligation_id
from jurisdictions.vocabulary import (
    USPS,
    EntityType,
    HarmAssessment,
    HipaaRole,
    HoldKind,
    License,
    Medium,
    RiskAssessment,
)


def _by_state(value: Any, path: str, faults: list[Fault]) -> Mapping[str, Any] | None:  # noqa: ANN401
    if value is None:
        return None
    if not isinstance(value, dict):
        faults.append(Fault(path, f"expected an object of State code to count, not {shown(value)}"))
        return None
    found = {}
    for code, people in value.items():
        where = f"{path}.{printable(code)}"
        if code not in USPS:
            faults.append(Fault(where, "not a US state or territory"))
        else:
            found[code] = count(people, where, faults)
    return MappingProxyType(dict(sorted(found.items())))


def _given(value: Any, path: str, faults: list[Fault]) -> Mapping[str, date]:  # noqa: ANN401
    found: dict[str, date] = {}
    if value is None:
        return MappingProxyType(found)
    if not isinstance(value, dict):
        faults.append(Fault(path, f"expected an object of obligation id to date, not {shown(value)}"))
        return MappingProxyType(found)
    for name, day in value.items():
        where = f"{path}.{printable(name)}"
        if not is_obligation_id(name):
            faults.append(Fault(where, "no such obligation"))
            continue
        got = reader(civil_date)(day, where, faults)
        if got is not None:
            found[name] = got
    return MappingProxyType(dict(sorted(found.items())))


def _struct(build: Callable[..., Any], fields: Mapping[str, Reader], required: tuple[str, ...] = ()) -> Reader:
    def run(value: Any, path: str, faults: list[Fault]) -> Any:  # noqa: ANN401
        if value is None and not required:
            return None
        if not isinstance(value, dict):
            if value is None:
                faults.extend(Fault(f"{path}.{name}".lstrip("."), "required") for name in required)
            else:
                faults.append(Fault(path, f"expected an object, not {shown(value)}"))
            return None
        before = len(faults)
        refuse_unknown(value, tuple(fields), path, faults)
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


_SECTIONS: Final = frozenset({"organization", "incident"})

_ORGANIZATION: Final[dict[str, Reader]] = {
    "name": reader(text),
    "state": reader(state),
    "time_zone": reader(zone),
    "hipaa_role": reader(choice(HipaaRole)),
    "entity_type": reader(choice(EntityType)),
    "licenses": list_of(choice(License), "licences"),
    "data_owner": reader(flag),
    "phr_vendor": reader(flag),
    "part2_program": reader(flag),
    "state_agency": reader(flag),
}
_INCIDENT: Final[dict[str, Reader]] = {
    "occurred_from": reader(civil_date),
    "occurred_to": reader(civil_date),
    "discovered_at": reader(instant),
    "medium": reader(choice(Medium)),
    "data_elements": list_of(element, "data elements"),
    "encrypted": reader(flag),
    "key_compromised": reader(flag),
    "risk_assessment": reader(choice(RiskAssessment)),
    "harm_assessment": reader(choice(HarmAssessment)),
    "misuse_likely": reader(flag),
}
_ASSOCIATE: Final[dict[str, Reader]] = {
    "is_agent": reader(flag),
    "discovered_at": reader(instant),
    "notified_us_at": reader(instant),
}
_DISCOVERY: Final[dict[str, Reader]] = {
    "workforce_knew_at": reader(instant),
    "should_have_known_at": reader(instant),
    "determined_at": reader(instant),
    "scope_identified_at": reader(instant),
    "business_associate": _struct(BusinessAssociate, _ASSOCIATE),
}
_AFFECTED: Final[dict[str, Reader]] = {
    "total": count,
    "by_state": _by_state,
    "must_notify_by_state": _by_state,
    "insufficient_contact": count,
    "next_of_kin_insufficient_contact": count,
}
_HOLD: Final[dict[str, Reader]] = {
    "agency": reader(text),
    "kind": reader(choice(HoldKind)),
    "stated_on": reader(civil_date),
    "until": reader(civil_date),
    "scope": list_of(pattern, "obligation ids"),
}
_read_hold: Final = _struct(Hold, _HOLD, ("kind", "stated_on"))


def _holds(value: Any, path: str, faults: list[Fault]) -> tuple[Hold, ...] | None:  # noqa: ANN401
    if value is None:
        return None
    if not isinstance(value, list):
        faults.append(Fault(path, f"expected a list of holds, not {shown(value)}"))
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
    "scope_determination_ongoing": reader(flag),
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
        raise FactsError((Fault("", f"expected a JSON object of facts, not {shown(obj)}"),))
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
    day = reader(civil_date)(text, path, faults)
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
    moment = reader(instant)(text, path, faults)
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

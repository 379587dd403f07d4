"""The shape of the facts. Every field is a value, or ``None`` for unknown; unknown is never 0 or False."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

import msgspec

from jurisdictions.vocabulary import (
    EntityType,
    HarmAssessment,
    HipaaRole,
    HoldKind,
    License,
    Medium,
    RiskAssessment,
)


class CountRange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An estimate: at least ``min`` and at most ``max`` people."""

    min: int
    max: int


Count = int | CountRange | None
"""A number of people: exact, a range, or unknown."""

_EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})


class Organization(msgspec.Struct, frozen=True, kw_only=True):
    """Who had the breach. ``time_zone`` is an IANA name; every civil date below is a date there."""

    time_zone: str
    name: str | None = None
    state: str | None = None
    hipaa_role: HipaaRole | None = None
    entity_type: EntityType | None = None
    licenses: tuple[License, ...] | None = None
    data_owner: bool | None = None
    phr_vendor: bool | None = None
    part2_program: bool | None = None
    state_agency: bool | None = None


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """What happened. ``discovered_at`` carries its offset."""

    discovered_at: datetime
    occurred_from: date | None = None
    occurred_to: date | None = None
    medium: Medium | None = None
    data_elements: tuple[str, ...] | None = None
    encrypted: bool | None = None
    key_compromised: bool | None = None
    risk_assessment: RiskAssessment | None = None
    harm_assessment: HarmAssessment | None = None
    misuse_likely: bool | None = None


class BusinessAssociate(msgspec.Struct, frozen=True, kw_only=True):
    """A business associate through whom the breach came, from the covered entity's side."""

    is_agent: bool | None = None
    discovered_at: datetime | None = None
    notified_us_at: datetime | None = None


class Discovery(msgspec.Struct, frozen=True, kw_only=True):
    """Who knew first; refines ``incident.discovered_at``."""

    workforce_knew_at: datetime | None = None
    should_have_known_at: datetime | None = None
    determined_at: datetime | None = None
    scope_identified_at: datetime | None = None
    business_associate: BusinessAssociate | None = None


class Affected(msgspec.Struct, frozen=True, kw_only=True):
    """How many people, and where they live. ``by_state`` None: States unknown; a State with None: some people."""

    total: Count = None
    by_state: Mapping[str, Count] | None = None
    must_notify_by_state: Mapping[str, Count] | None = None
    insufficient_contact: Count = None
    next_of_kin_insufficient_contact: Count = None


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """A law-enforcement request for delay. ``scope`` None: all notices; else obligation ids (``prefix*`` allowed)."""

    kind: HoldKind
    stated_on: date
    agency: str | None = None
    until: date | None = None
    scope: tuple[str, ...] | None = None


class BreachFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the engine is told about one breach."""

    organization: Organization
    incident: Incident
    discovery: Discovery = Discovery()
    affected: Affected = Affected()
    law_enforcement_holds: tuple[Hold, ...] = ()
    given: Mapping[str, date] = _EMPTY
    scope_determination_ongoing: bool | None = None


class Fault(msgspec.Struct, frozen=True):
    """One thing wrong with the input, at the path of its field."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class FactsError(ValueError):
    """The input is not facts; ``faults`` lists everything that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


def facts_to_json(facts: BreachFacts) -> dict[str, Any]:
    """The facts as JSON values; ``parse_facts`` of the result gives equal facts back."""
    return _plain(facts)  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:  # noqa: ANN401 - walks every JSON shape
    if isinstance(value, msgspec.Struct):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):  # datetime included
        return value.isoformat()
    return str(value) if isinstance(value, str) else value

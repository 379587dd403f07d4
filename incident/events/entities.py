"""Events of an incident of a business associate: the covered entities whose information it kept."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from incident.events.base import Event, JsonValue


class CoveredEntityRecorded(Event, frozen=True, kw_only=True):
    """A covered entity that the breach reached, as known now; `number`, counted from 1, names it in the incident.

    `individuals` is an integer, a range or None (unknown), as in the facts contract; `agent` whether the organization
    is its agent, whose discovery is its own (45 CFR 164.404(a)(2)); `delegated` whether it has the organization file
    with HHS on its behalf. None is "not settled". `details` is what forms print of it (`incident.entities.DETAILS`).
    `corrects` is the version of the entry that this one takes the place of.
    """

    TOPIC: ClassVar[str] = "incident.covered_entity_recorded"
    number: int
    name: str
    individuals: JsonValue = None
    agent: bool | None = None
    delegated: bool | None = None
    details: dict[str, str] = {}  # noqa: RUF012 - msgspec copies it
    corrects: int | None = None


class CoveredEntityTold(Event, frozen=True, kw_only=True):
    """A covered entity was told of the breach (45 CFR 164.410). `how` is in words; `notice_id` the letter, if any."""

    TOPIC: ClassVar[str] = "incident.covered_entity_told"
    number: int
    on: date
    how: str
    notice_id: UUID | None = None

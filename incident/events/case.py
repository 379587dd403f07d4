"""Events of the case: the organization whose record this is, and who may work on it."""

from datetime import datetime
from typing import ClassVar

from incident.events.base import Event, JsonValue


class CaseOpened(Event, frozen=True, kw_only=True):
    """The case file was made. `exercise_of` names the past incident a watermarked exercise replays."""

    TOPIC: ClassVar[str] = "case.opened"
    name: str
    exercise_of: str | None = None


class OrganizationDescribed(Event, frozen=True, kw_only=True):
    """The organization's standing facts (contract paths under `organization.`), copied into each new incident.

    `contact` holds what notices print: street, city, state, zip, phone, email, website, privacy officer.
    """

    TOPIC: ClassVar[str] = "case.organization_described"
    facts: dict[str, JsonValue]
    contact: dict[str, str]


class UserEnrolled(Event, frozen=True, kw_only=True):
    """A person may open the case. Roles: incident_lead, counsel, facilitator, examiner."""

    TOPIC: ClassVar[str] = "case.user_enrolled"
    user: str
    name: str
    role: str


class ExerciseStarted(Event, frozen=True, kw_only=True):
    """A replay began on this case. `starts_at` is the virtual moment, `speed` virtual seconds to a real one."""

    TOPIC: ClassVar[str] = "case.exercise_started"
    scenario: str
    scenario_sha256: str
    starts_at: datetime
    speed: int


class InjectDelivered(Event, frozen=True, kw_only=True):
    """The players were told something; `number` is its place in the scenario, counted from 1."""

    TOPIC: ClassVar[str] = "case.inject_delivered"
    number: int
    title: str
    text: str

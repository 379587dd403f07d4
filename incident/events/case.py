"""Events of the case: the organization whose record this is, and who may work on it."""

from datetime import datetime
from typing import ClassVar

import msgspec

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


class UserRemoved(Event, frozen=True, kw_only=True):
    """A person may open the case no longer."""

    TOPIC: ClassVar[str] = "case.user_removed"
    user: str


class PassphraseChanged(Event, frozen=True, kw_only=True):
    """A user set another passphrase; `recovered` where the recovery code was used for it."""

    TOPIC: ClassVar[str] = "case.passphrase_changed"
    user: str
    recovered: bool


class RecoveryCodeMade(Event, frozen=True, kw_only=True):
    """A recovery code was made for a user; an earlier one opens nothing any more."""

    TOPIC: ClassVar[str] = "case.recovery_code_made"
    user: str


class SecondFactorChanged(Event, frozen=True, kw_only=True):
    """A user gives a code of an authenticator as well from now on, or no longer."""

    TOPIC: ClassVar[str] = "case.second_factor_changed"
    user: str
    on: bool


class KeysRotated(Event, frozen=True, kw_only=True):
    """New epochs of keys, by their names, in which everything is sealed that comes after."""

    TOPIC: ClassVar[str] = "case.keys_rotated"
    epochs: dict[str, int]


class AdviceShared(Event, frozen=True, kw_only=True):
    """A user holds the key of counsel's advice from now on; `epoch` is the newest one."""

    TOPIC: ClassVar[str] = "case.advice_shared"
    user: str
    epoch: int


class AdviceUnshared(Event, frozen=True, kw_only=True):
    """A user does not get the key of the advice that comes after, which has this epoch."""

    TOPIC: ClassVar[str] = "case.advice_unshared"
    user: str
    epoch: int


class AccessRefused(Event, frozen=True, kw_only=True):
    """Attempts to open the case failed, counted from opening to opening. `user` is None for a name that nobody has."""

    TOPIC: ClassVar[str] = "case.access_refused"
    user: str | None
    attempts: int
    first_at: datetime
    last_at: datetime


class ListProfileSaved(Event, frozen=True, kw_only=True):
    """How the lists of a sender are read was kept under a name; `mapping` is field -> column heading.

    What is None is guessed anew for each list. A later one of the same name takes the place of this one.
    """

    TOPIC: ClassVar[str] = "case.list_profile_saved"
    name: str
    mapping: dict[str, str]
    encoding: str | None
    delimiter: str | None
    sheet: str | None


class TemplateFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of the organization's own templates in the blob store; `size` in bytes."""

    name: str
    sha256: str
    size: int


class OwnTemplatesTakenIn(Event, frozen=True, kw_only=True):
    """Letters are written with these templates of the organization's own from now on."""

    TOPIC: ClassVar[str] = "case.own_templates_taken_in"
    title: str
    files: tuple[TemplateFile, ...]


class OwnTemplatesRemoved(Event, frozen=True, kw_only=True):
    """Letters are written with the shipped templates alone again; the reason stands in the entry's `because`."""

    TOPIC: ClassVar[str] = "case.own_templates_removed"
    title: str


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

"""Every event of the log, and nothing else.

An event is a frozen struct with a `TOPIC` that never changes and a `SCHEMA` number that grows when its
fields do. An `Entry` is what the log holds: an event with its place in a stream, two times, a person and a
reason. Nothing here names an affected person: personal data lives in the roster vault.

Corrections never overwrite: they carry in `corrects` the version, within the same stream, of the entry they correct.
"""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import msgspec

JsonValue = Any
"""A JSON value as the facts contract defines it for a path."""


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all events."""

    TOPIC: ClassVar[str]
    SCHEMA: ClassVar[int] = 1


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log.

    `originator_id` and `originator_version` are the stream and the place in it, counted from 1.
    `occurred_at` is when it happened in the world, `recorded_at` when it was written down; both aware.
    """

    originator_id: UUID
    originator_version: int
    event: Event
    occurred_at: datetime
    recorded_at: datetime
    by: str
    because: str | None = None


# --- Case: the organization whose record this is, and who may work on it ---


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


# --- Incident ---


class IncidentOpened(Event, frozen=True, kw_only=True):
    """An incident was taken up. `reference` is the short number people use, such as 2026-014."""

    TOPIC: ClassVar[str] = "incident.opened"
    reference: str
    title: str


class FactRecorded(Event, frozen=True, kw_only=True):
    """A fact became known. `path` and `value` are those of the facts contract; null states that it is unknown."""

    TOPIC: ClassVar[str] = "incident.fact_recorded"
    path: str
    value: JsonValue
    source: str | None = None


class FactCorrected(Event, frozen=True, kw_only=True):
    """An earlier fact was wrong; this value stands in its place."""

    TOPIC: ClassVar[str] = "incident.fact_corrected"
    path: str
    value: JsonValue
    corrects: int
    source: str | None = None


class ActionLogged(Event, frozen=True, kw_only=True):
    """Something was done or observed, in the responder's words."""

    TOPIC: ClassVar[str] = "incident.action_logged"
    text: str


class ActionCorrected(Event, frozen=True, kw_only=True):
    """An earlier log entry was wrong; this wording stands in its place."""

    TOPIC: ClassVar[str] = "incident.action_corrected"
    text: str
    corrects: int


class EvidenceAttached(Event, frozen=True, kw_only=True):
    """A file was taken into the blob store. `size` in bytes."""

    TOPIC: ClassVar[str] = "incident.evidence_attached"
    name: str
    size: int
    sha256: str


class FactorFinding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the four factors of 45 CFR 164.402(2): rating 1 (low probability of compromise) to 4 (high)."""

    factor: str
    rating: int
    reason: str


class RiskAssessed(Event, frozen=True, kw_only=True):
    """The four-factor risk assessment of 45 CFR 164.402(2). `outcome` is a contract `risk_assessment` value."""

    TOPIC: ClassVar[str] = "incident.risk_assessed"
    factors: tuple[FactorFinding, ...]
    outcome: str


class DecisionMade(Event, frozen=True, kw_only=True):
    """A person decided: `notify` or `do_not_notify`; the reason stands in the entry's `because`."""

    TOPIC: ClassVar[str] = "incident.decision_made"
    decision: str


class ReadingAdopted(Event, frozen=True, kw_only=True):
    """Counsel adopted one of several defensible readings of a rule for this incident."""

    TOPIC: ClassVar[str] = "incident.reading_adopted"
    obligation_id: str
    reading_id: str


class AssessedDuty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an assessment concluded on one duty."""

    id: str
    status: str
    due: date | None = None
    safest: date | None = None
    latest_possible: date | None = None


class AssessmentMade(Event, frozen=True, kw_only=True):
    """What the law, as the rulebook of that hash states it, asked for on the facts of that hash."""

    TOPIC: ClassVar[str] = "incident.assessment_made"
    rulebook_hash: str
    facts_sha256: str
    duties: tuple[AssessedDuty, ...]
    changes: tuple[str, ...]


class IncidentClosed(Event, frozen=True, kw_only=True):
    """Work on the incident ended; retention runs from the last event (45 CFR 164.530(j))."""

    TOPIC: ClassVar[str] = "incident.closed"


# --- Notice: a document that leaves the organization ---


class NoticeDrafted(Event, frozen=True, kw_only=True):
    """A notice was begun. `kind` is a catalog kind; `fields` the drafter's words by field name."""

    TOPIC: ClassVar[str] = "notice.drafted"
    incident_id: UUID
    kind: str
    obligations: tuple[str, ...]
    fields: dict[str, str]
    content_sha256: str


class NoticeRevised(Event, frozen=True, kw_only=True):
    """The text of a notice changed; any approval of the earlier text is void."""

    TOPIC: ClassVar[str] = "notice.revised"
    fields: dict[str, str]
    content_sha256: str


class NoticeSubmitted(Event, frozen=True, kw_only=True):
    """The notice was handed to counsel for review."""

    TOPIC: ClassVar[str] = "notice.submitted"


class ChangesRequested(Event, frozen=True, kw_only=True):
    """The reviewer sent the notice back."""

    TOPIC: ClassVar[str] = "notice.changes_requested"
    comment: str


class NoticeApproved(Event, frozen=True, kw_only=True):
    """The reviewer approved exactly this text on exactly these facts under exactly this rulebook."""

    TOPIC: ClassVar[str] = "notice.approved"
    content_sha256: str
    facts_sha256: str
    rulebook_hash: str


class ExcludedRows(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many roster rows got no letter, and why."""

    reason: str
    count: int


class RenderedFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rendered file in the blob store; `size` in bytes."""

    name: str
    sha256: str
    size: int


class NoticeRendered(Event, frozen=True, kw_only=True):
    """Approved text became documents. For letters: rows = documents + sum of excluded."""

    TOPIC: ClassVar[str] = "notice.rendered"
    content_sha256: str
    engine: str
    rows: int
    documents: int
    excluded: tuple[ExcludedRows, ...]
    files: tuple[RenderedFile, ...]


class NoticeDispatched(Event, frozen=True, kw_only=True):
    """The documents went out. `on` is the civil date, `method` such as first_class_mail."""

    TOPIC: ClassVar[str] = "notice.dispatched"
    on: date
    method: str
    count: int


class NoticeWithdrawn(Event, frozen=True, kw_only=True):
    """The notice is not to be used; the reason stands in the entry's `because`."""

    TOPIC: ClassVar[str] = "notice.withdrawn"


# --- Filing: a report to a regulator ---


class FilingPrepared(Event, frozen=True, kw_only=True):
    """A report to a regulator was made ready from an approved notice document."""

    TOPIC: ClassVar[str] = "filing.prepared"
    incident_id: UUID
    notice_id: UUID
    obligation_id: str
    recipient: str


class FilingSubmitted(Event, frozen=True, kw_only=True):
    """The report was filed. `tracking` is the regulator's number where it gave one; `count` the people reported."""

    TOPIC: ClassVar[str] = "filing.submitted"
    on: date
    channel: str
    tracking: str | None = None
    count: int | None = None
    receipt_sha256: str | None = None


class AddendumFiled(Event, frozen=True, kw_only=True):
    """A correction of an earlier report was filed."""

    TOPIC: ClassVar[str] = "filing.addendum_filed"
    on: date
    tracking: str | None = None
    count: int | None = None


# --- Roster: the list of affected people, by numbers only ---


class RosterOpened(Event, frozen=True, kw_only=True):
    """An import began. `mapping` is field -> column heading; `size` of the source in bytes."""

    TOPIC: ClassVar[str] = "roster.opened"
    incident_id: UUID
    source_name: str
    source_sha256: str
    size: int
    encoding: str
    delimiter: str
    mapping: dict[str, str]


class SegmentSealed(Event, frozen=True, kw_only=True):
    """A run of people was sealed into the vault, committed to by a Merkle root over their envelopes (hex)."""

    TOPIC: ClassVar[str] = "roster.segment_sealed"
    number: int
    count: int
    merkle_root: str


class RosterClosed(Event, frozen=True, kw_only=True):
    """The import ended. rows_in = accepted + quarantined + merged, always.

    `by_state` counts accepted people by USPS code, `""` where the state is not known.
    """

    TOPIC: ClassVar[str] = "roster.closed"
    rows_in: int
    accepted: int
    quarantined: int
    merged: int
    by_state: dict[str, int]
    minors: int
    deceased: int
    insufficient_contact: int
    next_of_kin_insufficient_contact: int


class QuarantineResolved(Event, frozen=True, kw_only=True):
    """A quarantined row was fixed and accepted (`state` given) or excluded for good (the reason in `because`)."""

    TOPIC: ClassVar[str] = "roster.quarantine_resolved"
    row: int
    outcome: str
    state: str | None = None


class RecipientErased(Event, frozen=True, kw_only=True):
    """One person's key and envelope were destroyed; the commitments stay valid."""

    TOPIC: ClassVar[str] = "roster.recipient_erased"
    row: int


ALL_EVENTS: tuple[type[Event], ...] = tuple(sorted(Event.__subclasses__(), key=lambda event_type: event_type.TOPIC))
"""Every event type, by topic."""

"""Events of an incident."""

from datetime import date
from typing import ClassVar

import msgspec

from incident.events.base import Event, JsonValue


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

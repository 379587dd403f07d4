"""Every event of the log, and nothing else; a module for each kind of stream."""

from incident.events.base import Entry, Event, JsonValue
from incident.events.case import (
    CaseOpened,
    ExerciseStarted,
    InjectDelivered,
    OrganizationDescribed,
    UserEnrolled,
)
from incident.events.filing import (
    AddendumFiled,
    FilingPrepared,
    FilingSubmitted,
)
from incident.events.incident import (
    ActionCorrected,
    ActionLogged,
    AssessedDuty,
    AssessmentMade,
    DecisionMade,
    EvidenceAttached,
    FactCorrected,
    FactorFinding,
    FactRecorded,
    IncidentClosed,
    IncidentOpened,
    ReadingAdopted,
    RiskAssessed,
)
from incident.events.notice import (
    ChangesRequested,
    ExcludedRows,
    NoticeApproved,
    NoticeDispatched,
    NoticeDrafted,
    NoticeRendered,
    NoticeRevised,
    NoticeSubmitted,
    NoticeWithdrawn,
    RenderedFile,
)
from incident.events.roster import (
    QuarantineResolved,
    RecipientErased,
    RosterClosed,
    RosterOpened,
    SegmentSealed,
)

ALL_EVENTS: tuple[type[Event], ...] = tuple(sorted(Event.__subclasses__(), key=lambda event_type: event_type.TOPIC))
"""Every event type, by topic."""

__all__ = [
    "ALL_EVENTS",
    "ActionCorrected",
    "ActionLogged",
    "AddendumFiled",
    "AssessedDuty",
    "AssessmentMade",
    "CaseOpened",
    "ChangesRequested",
    "DecisionMade",
    "Entry",
    "Event",
    "EvidenceAttached",
    "ExcludedRows",
    "ExerciseStarted",
    "FactCorrected",
    "FactRecorded",
    "FactorFinding",
    "FilingPrepared",
    "FilingSubmitted",
    "IncidentClosed",
    "IncidentOpened",
    "InjectDelivered",
    "JsonValue",
    "NoticeApproved",
    "NoticeDispatched",
    "NoticeDrafted",
    "NoticeRendered",
    "NoticeRevised",
    "NoticeSubmitted",
    "NoticeWithdrawn",
    "OrganizationDescribed",
    "QuarantineResolved",
    "ReadingAdopted",
    "RecipientErased",
    "RenderedFile",
    "RiskAssessed",
    "RosterClosed",
    "RosterOpened",
    "SegmentSealed",
    "UserEnrolled",
]

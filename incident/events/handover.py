"""Events of people who take turns: what somebody has read, and who handed over to whom."""

from typing import ClassVar
from uuid import UUID

from incident.events.base import Event


class EntriesRead(Event, frozen=True, kw_only=True):
    """Somebody has read the log of an incident up to an event number. Their stream for it holds only these."""

    TOPIC: ClassVar[str] = "reading.marked"
    incident_id: UUID
    upto: int


class HandoverGiven(Event, frozen=True, kw_only=True):
    """A shift was handed over to a user, with what the log says after `since` up to `upto`; all may read `note`."""

    TOPIC: ClassVar[str] = "handover.given"
    incident_id: UUID
    to: str
    since: int
    upto: int
    note: str


class HandoverAcknowledged(Event, frozen=True, kw_only=True):
    """The user it was handed over to took it over, and has read the log up to there."""

    TOPIC: ClassVar[str] = "handover.acknowledged"

"""Events of a filing: a report to a regulator."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from incident.events.base import Event


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

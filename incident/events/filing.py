"""Events of a filing: a report to a regulator."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from incident.events.base import Event


class FilingPrepared(Event, frozen=True, kw_only=True):
    """A report to a regulator was made ready from an approved notice document.

    `entities` are the numbers of the covered entities on whose behalf it is filed (`CoveredEntityRecorded`); none: the
    organization files for itself. Schema 1 knew no other.
    """

    TOPIC: ClassVar[str] = "filing.prepared"
    SCHEMA: ClassVar[int] = 2
    incident_id: UUID
    notice_id: UUID
    obligation_id: str
    recipient: str
    entities: tuple[int, ...] = ()


class FilingSubmitted(Event, frozen=True, kw_only=True):
    """The report was filed. `tracking` is the regulator's number where it gave one; `count` the people reported.

    `estimated` tells whether that number was an estimate or a placeholder; schema 1 did not ask.
    """

    TOPIC: ClassVar[str] = "filing.submitted"
    SCHEMA: ClassVar[int] = 2
    on: date
    channel: str
    tracking: str | None = None
    count: int | None = None
    estimated: bool | None = None
    receipt_sha256: str | None = None


class ReceiptRecorded(Event, frozen=True, kw_only=True):
    """What the regulator gave back later: its number, or a receipt that is kept as a document, or both."""

    TOPIC: ClassVar[str] = "filing.receipt_recorded"
    tracking: str | None = None
    receipt_sha256: str | None = None


class AddendumPrepared(Event, frozen=True, kw_only=True):
    """A correction of a filed report was made ready from an approved notice document."""

    TOPIC: ClassVar[str] = "filing.addendum_prepared"
    notice_id: UUID


class AddendumFiled(Event, frozen=True, kw_only=True):
    """A correction of an earlier report was filed. What it asks beyond schema 1 stays unsaid for older entries."""

    TOPIC: ClassVar[str] = "filing.addendum_filed"
    SCHEMA: ClassVar[int] = 2
    on: date
    channel: str | None = None
    tracking: str | None = None
    count: int | None = None
    estimated: bool | None = None
    receipt_sha256: str | None = None

"""What was done to each filing, step by step: the read model behind its history and the ledger of reported numbers."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from sqlalchemy import JSON, Boolean, Column, Connection, Date, Integer, Table, Text, Uuid, insert, select

from incident.events import (
    AddendumFiled,
    AddendumPrepared,
    Entry,
    Event,
    FilingPrepared,
    FilingSubmitted,
    ReceiptRecorded,
)
from incident.views import schema
from incident.views.wording import sentence

if TYPE_CHECKING:
    from incident.views.projector import Projection

steps = Table(
    "filing_steps",
    schema.metadata,
    Column("position", Integer, primary_key=True),
    Column("filing", Uuid, nullable=False, index=True),
    Column("act", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("told", JSON, nullable=False),
    Column("on", Date),
    Column("estimated", Boolean),
)


class FilingStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step in the life of a filing; `act` is prepared, filed, receipt, addendum_prepared or addendum_filed.

    `on` is the civil date on which it was done outside, `by` the person who recorded it, `count` the people that the
    regulator was told, `estimated` whether that was an estimate or placeholder (None: not said).
    """

    position: int
    filing: UUID
    act: str
    recorded_at: datetime
    by: str
    words: str
    on: date | None = None
    channel: str | None = None
    tracking: str | None = None
    count: int | None = None
    estimated: bool | None = None
    receipt_sha256: str | None = None


_ACTS: dict[type[Event], str] = {
    FilingPrepared: "prepared",
    FilingSubmitted: "filed",
    ReceiptRecorded: "receipt",
    AddendumPrepared: "addendum_prepared",
    AddendumFiled: "addendum_filed",
}
_TOLD = ("channel", "tracking", "count", "receipt_sha256")


def add_step(connection: Connection, position: int, entry: Entry) -> None:
    """Take in an entry of the log; those of other streams pass."""
    event: Any = entry.event
    act = _ACTS.get(type(event))
    if act is None:
        return
    connection.execute(
        insert(steps).values(
            position=position,
            filing=entry.originator_id,
            act=act,
            recorded_at=entry.recorded_at.isoformat(),
            by=entry.by,
            words=sentence(event),
            told={name: getattr(event, name, None) for name in _TOLD},
            on=getattr(event, "on", None),
            estimated=getattr(event, "estimated", None),
        )
    )


def filing_steps(projection: "Projection", filing_id: UUID) -> tuple[FilingStep, ...]:
    """The steps of one filing in their order."""
    rows = projection.rows(select(steps).where(steps.c.filing == filing_id).order_by(steps.c.position))
    return tuple(_step({str(name): value for name, value in row._mapping.items()}) for row in rows)


def _step(row: dict[str, Any]) -> FilingStep:
    return msgspec.convert(row.pop("told") | row, FilingStep)

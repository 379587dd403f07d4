"""The covered entities of a business associate's incident, as read models."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from sqlalchemy import JSON, Boolean, Column, Connection, Date, Integer, Table, Text, Uuid, select, update
from sqlalchemy.dialects.sqlite import insert

from incident.events import CoveredEntityRecorded, CoveredEntityTold, Entry, JsonValue
from incident.views import schema

if TYPE_CHECKING:
    from incident.views.projector import Projection

covered_entities = Table(
    "covered_entities",
    schema.metadata,
    Column("incident", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("individuals", JSON),
    Column("agent", Boolean),
    Column("delegated", Boolean),
    Column("details", JSON, nullable=False),
    Column("told_on", Date),
    Column("told_how", Text),
    Column("told_notice", Uuid),
)


class EntityRow(msgspec.Struct, frozen=True, kw_only=True):
    """A covered entity with the day on which it was first told, None while it was not; see `CoveredEntityRecorded`."""

    incident: UUID
    number: int
    version: int
    name: str
    individuals: JsonValue
    agent: bool | None
    delegated: bool | None
    details: dict[str, str]
    told_on: date | None = None
    told_how: str | None = None
    told_notice: UUID | None = None


def add_entity(connection: Connection, entry: Entry) -> None:
    """Take in an entry of the log; others pass."""
    table, event = covered_entities, entry.event
    match event:
        case CoveredEntityRecorded():
            values = {
                "version": entry.originator_version,
                "name": event.name,
                "individuals": event.individuals,
                "agent": event.agent,
                "delegated": event.delegated,
                "details": event.details,
            }
            row = insert(table).values(incident=entry.originator_id, number=event.number, **values)
            connection.execute(row.on_conflict_do_update(index_elements=["incident", "number"], set_=values))
        case CoveredEntityTold():
            of = (table.c.incident == entry.originator_id) & (table.c.number == event.number)
            first = table.c.told_on.is_(None) | (table.c.told_on > event.on)
            told = {"told_on": event.on, "told_how": event.how, "told_notice": event.notice_id}
            connection.execute(update(table).where(of & first).values(**told))
        case _:
            pass


def entities_of(projection: "Projection", incident_id: UUID) -> tuple[EntityRow, ...]:
    """Those of an incident, by number."""
    table = covered_entities
    rows = projection.rows(select(table).where(table.c.incident == incident_id).order_by(table.c.number))
    return tuple(msgspec.convert({str(name): value for name, value in row._mapping.items()}, EntityRow) for row in rows)

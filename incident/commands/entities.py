"""Commands on the covered entities of a business associate's incident."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from incident import entities
from incident import incident as incidents
from incident.commands.desk import Desk, Receipt
from incident.entities import COVERED_ENTITY, CoveredEntity, all_told_on
from incident.events import CoveredEntityTold, Entry, Event, JsonValue, NoticeDispatched
from incident.incident import Incident


class EntityCommands:
    """Who they are, and that they were told."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def record(
        self,
        incident_id: UUID,
        name: str,
        *,
        individuals: JsonValue = None,
        agent: bool | None = None,
        delegated: bool | None = None,
        details: Mapping[str, str] | None = None,
        number: int | None = None,
        because: str | None = None,
    ) -> Receipt:
        """Name a covered entity, or correct what is known of the one with `number`.

        Raises:
            InvalidInput: one `field: message` line per fault.
            OutOfOrder: the organization is no business associate.
        """
        state = self._desk.incident(incident_id)
        role = state.facts.get("organization.hipaa_role")
        events = entities.decide_entity(
            state.entities,
            role.value if role is not None else None,
            name=name,
            individuals=individuals,
            agent=agent,
            delegated=delegated,
            details=details or {},
            number=number,
        )
        return self._desk.record_on_incident(state, [*events, *given_after(self._desk, state, events)], because=because)

    def record_told(self, incident_id: UUID, number: int, on: date, how: str) -> Receipt:
        """Record that a covered entity was told; the duty is met once each has been."""
        state = self._desk.incident(incident_id)
        told = CoveredEntityTold(number=number, on=on, how=how)
        events = entities.decide_told(state.entities, told, self._desk.today(state))
        return self._desk.record_on_incident(state, [*events, *given_after(self._desk, state, events)])


def told_by(desk: Desk, state: Incident, on: date, entries: Sequence[Entry]) -> list[Event]:
    """Which covered entity a letter that went out told, by the name in it, and what follows for the duty."""
    events: list[Event] = []
    for notice_id in dict.fromkeys(
        entry.originator_id for entry in entries if isinstance(entry.event, NoticeDispatched)
    ):
        entity = entities.entity_named(state.entities, desk.notice(notice_id).fields.get(entities.NAMED_IN, ""))
        if entity is not None:
            told = CoveredEntityTold(number=entity.number, on=on, how="letter", notice_id=notice_id)
            events += entities.decide_told(state.entities, told, desk.today(state))
    return [*events, *given_after(desk, state, events)]


def given_after(desk: Desk, state: Incident, events: list[Event]) -> list[Event]:
    """What these events make of the date on which the duty to the covered entities was fulfilled.

    It is the day on which the last of them was told, and unknown again while there is one that was not.
    """
    known: Mapping[int, CoveredEntity] = state.entities
    for entry in desk.entries(state.id, state.version, events):
        known = entities.evolve_entities(known, entry)
    day = all_told_on(known)
    path = f"given.{COVERED_ENTITY}"
    value = day.isoformat() if day is not None else None
    fact = state.facts.get(path)
    if not events or value == (fact.value if fact is not None else None):
        return []
    return incidents.decide_facts(state, {path: value}, "covered entities told")

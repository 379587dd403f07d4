"""Commands on an incident."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

from incident import incident as incidents
from incident.commands.desk import Desk, Receipt, insistent
from incident.errors import InvalidInput, NotFound
from incident.events import EvidenceAttached, FactorFinding, JsonValue
from incident.incident import Incident

_SETTLED = frozenset({"met", "met_late", "not_required"})


class IncidentCommands:
    """What can be done in an incident."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def open(
        self,
        title: str,
        values: Mapping[str, JsonValue],
        *,
        sources: Mapping[str, str] = MappingProxyType({}),
        occurred_at: datetime | None = None,
    ) -> tuple[UUID, Receipt]:
        """Take up an incident; the organization's standing facts come with it, `values` win over them.

        `sources` tell where the value of a path comes from, such as "estimate ~60".
        """
        incident_id = self._desk.ids.new()
        facts = {**self._desk.queries.case().facts, **values}
        events = incidents.decide_open(self._next_reference(facts), title, facts, sources)
        receipt = self._desk.record_on_incident(Incident(id=incident_id), events, occurred_at=occurred_at)
        return incident_id, receipt

    def record_facts(
        self,
        incident_id: UUID,
        values: Mapping[str, JsonValue],
        *,
        source: str | None = None,
        because: str | None = None,
        occurred_at: datetime | None = None,
    ) -> Receipt:
        """Record or correct facts; the receipt carries what changed on the board."""
        state = self._desk.incident(incident_id)
        events = incidents.decide_facts(state, values, source)
        return self._desk.record_on_incident(state, events, because=because, occurred_at=occurred_at)

    @insistent
    def log_action(self, incident_id: UUID, text: str, occurred_at: datetime | None = None) -> Receipt:
        """Write a line into the log; `occurred_at` where it happened earlier."""
        state = self._desk.incident(incident_id)
        events = incidents.decide_action(state, text)
        return self._desk.record_on_incident(state, events, occurred_at=occurred_at)

    def correct_action(self, incident_id: UUID, version: int, text: str, because: str) -> Receipt:
        """Correct the wording of a log line, with the reason."""
        if not because.strip():
            raise InvalidInput("because: a correction is recorded with its reason")
        state = self._desk.incident(incident_id)
        events = incidents.decide_action_correction(state, version, text)
        return self._desk.record_on_incident(state, events, because=because)

    @insistent
    def attach_evidence(self, incident_id: UUID, name: str, content: bytes) -> tuple[str, Receipt]:
        """Keep a file, encrypted, and record its SHA-256 (hex)."""
        self._desk.require(EvidenceAttached.TOPIC)
        state = self._desk.incident(incident_id)
        sha256 = self._desk.blobs.put(content)
        event = EvidenceAttached(name=name, size=len(content), sha256=sha256)
        return sha256, self._desk.record_on_incident(state, [event])

    def assess_risk(
        self, incident_id: UUID, factors: Sequence[FactorFinding], outcome: str, because: str | None = None
    ) -> Receipt:
        """Record the four-factor assessment of 45 CFR 164.402(2), or an exception of 164.402(1) with its reason."""
        state = self._desk.incident(incident_id)
        events = incidents.decide_risk(state, factors, outcome, because)
        return self._desk.record_on_incident(state, events, because=because)

    def decide(self, incident_id: UUID, decision: str, reason: str) -> Receipt:
        """Decide to `notify` or `do_not_notify`."""
        state = self._desk.incident(incident_id)
        events = incidents.decide_decision(state, decision, reason)
        return self._desk.record_on_incident(state, events, because=reason)

    def adopt_reading(self, incident_id: UUID, obligation_id: str, reading_id: str, because: str) -> Receipt:
        """Record counsel's choice between defensible readings of a rule."""
        if not because.strip():
            raise InvalidInput("because: say why this reading is adopted")
        state = self._desk.incident(incident_id)
        assessment = self._desk.assessment(state)
        duties = {duty.id: duty for duty in assessment.obligations} if assessment is not None else {}
        if obligation_id not in duties:
            raise NotFound(f"no duty {obligation_id!r} on this board")
        offered = [reading.id for reading in duties[obligation_id].readings]
        events = incidents.decide_reading(state, obligation_id, reading_id, offered)
        return self._desk.record_on_incident(state, events, because=because)

    def close(self, incident_id: UUID, reason: str) -> Receipt:
        """End the work once no duty is open."""
        state = self._desk.incident(incident_id)
        assessment = self._desk.assessment(state)
        if assessment is None:
            raise InvalidInput("the board cannot be computed yet: say when the breach was discovered, and where")
        # A duty without a number of days stays `asap` for good; once it was performed it is not open any more.
        still_open = [
            duty.id for duty in assessment.obligations if str(duty.status) not in _SETTLED and duty.given is None
        ]
        events = incidents.decide_close(state, still_open, reason)
        return self._desk.record_on_incident(state, events, because=reason)

    def _next_reference(self, facts: Mapping[str, JsonValue]) -> str:
        """The next free YYYY-NNN of the civil year in which the incident is taken up."""
        zone = facts.get("organization.time_zone")
        year = self._desk.clock.now().astimezone(ZoneInfo(zone) if isinstance(zone, str) else None).year
        taken = {row.reference for row in self._desk.queries.incidents()}
        number = 1 + sum(reference.startswith(f"{year}-") for reference in taken)
        while f"{year}-{number:03}" in taken:
            number += 1
        return f"{year}-{number:03}"

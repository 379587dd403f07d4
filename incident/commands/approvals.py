"""What an approval has to cover when a document leaves, and the duties that its leaving fulfils."""

from collections.abc import Sequence
from datetime import date

from incident import incident as incidents
from incident import notice as notices
from incident.commands.desk import Desk, Receipt
from incident.events import Entry
from incident.facts import facts_sha256
from incident.incident import Incident
from incident.notice import Notice


class Approvals:
    """What an approval has to cover at this moment."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def incident_of(self, state: Notice) -> Incident:
        """The incident that the notice is about."""
        assert state.incident_id is not None
        return self._desk.incident(state.incident_id)

    def problems(self, state: Notice, content_sha256: str) -> tuple[str, ...]:
        """Why the document may not leave now; empty where its approval covers it."""
        return notices.approval_problems(
            state,
            content_sha256=content_sha256,
            facts_sha256=facts_sha256(self.incident_of(state).facts),
            rulebook_hash=self._desk.rulebook.hash,
        )

    def record_performed(
        self, incident: Incident, obligations: Sequence[str], on: date, source: str, entries: Sequence[Entry]
    ) -> Receipt:
        """Record the act with the duties it fulfils; the first date of a duty stands."""
        given = {
            f"given.{obligation}": on.isoformat()
            for obligation in obligations
            if f"given.{obligation}" not in incident.facts
        }
        events = incidents.decide_facts(incident, given, source)
        if not events:
            return self._desk.append(entries)
        return self._desk.record_on_incident(incident, events, also=entries)

"""What an approval has to cover when a document leaves, and the duties that its leaving fulfils."""

from collections.abc import Mapping, Sequence
from datetime import date

from incident import approval as approvals
from incident import incident as incidents
from incident.commands.desk import Desk, Receipt
from incident.commands.entities import told_by
from incident.entities import COVERED_ENTITY
from incident.events import Entry
from incident.facts import KnownFact, facts_sha256, fold
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
        return approvals.approval_problems(
            state,
            content_sha256=content_sha256,
            facts_sha256=facts_sha256(self.incident_of(state).facts),
            rulebook_hash=self._desk.rulebook.hash,
        )

    def problems_of_more(self, state: Notice, content_sha256: str) -> tuple[str, ...]:
        """Why more of a notice that went out in part may not leave; empty where its approval covers it.

        What comes back changes how many people are counted, and voids no approval for the rest of the letters as long
        as not a word of them changes.
        """
        assert state.approval is not None
        facts = facts_sha256(self.incident_of(state).facts)
        then = self._facts_when_approved(state)
        if _but_counts(then) == _but_counts(self.incident_of(state).facts):
            facts = state.approval.facts_sha256
        return approvals.approval_problems(
            state, content_sha256=content_sha256, facts_sha256=facts, rulebook_hash=self._desk.rulebook.hash
        )

    def _facts_when_approved(self, state: Notice) -> dict[str, KnownFact]:
        """The facts of the incident as they stood when the approval that holds was recorded."""
        assert state.incident_id is not None
        approved = [entry for entry in self._desk.log.stream(state.id) if entry.event == state.approval][-1]
        position = self._desk.queries.position_of(state.id, approved.originator_version)
        then = {
            row.version
            for row in self._desk.queries.timeline(state.incident_id)
            if row.stream == state.incident_id and row.position < position
        }
        stream = self._desk.log.stream(state.incident_id)
        return fold(entry for entry in stream if entry.originator_version in then)

    def record_performed(
        self, incident: Incident, obligations: Sequence[str], on: date, source: str, entries: Sequence[Entry]
    ) -> Receipt:
        """Record the act with the duties it fulfils; the first date of a duty stands."""
        given = {
            f"given.{obligation}": on.isoformat()
            for obligation in obligations
            if not _has_value(incident, f"given.{obligation}")
            and not (obligation == COVERED_ENTITY and incident.entities)
        }
        told = told_by(self._desk, incident, on, entries) if COVERED_ENTITY in obligations else []
        events = [*told, *incidents.decide_facts(incident, given, source)]
        if not events:
            return self._desk.append(entries)
        return self._desk.record_on_incident(incident, events, also=entries)


def _has_value(incident: Incident, path: str) -> bool:
    return path in incident.facts and incident.facts[path].value is not None


def _but_counts(facts: Mapping[str, KnownFact]) -> str:
    """A hash of the facts that are not numbers of people."""
    return facts_sha256({path: known for path, known in facts.items() if not path.startswith("affected.")})

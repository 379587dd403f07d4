"""From the tallies of the lists to the facts of their incident: the one way that people become numbers of the law."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from incident import incident as incidents
from incident.commands.desk import Desk, Receipt
from incident.errors import OutOfOrder
from incident.events import Entry, Event, JsonValue
from incident.facts import breach_facts
from incident.incident import Incident
from incident.roster.counts import (
    BY_STATE,
    MUST_NOTIFY,
    Doubles,
    Tally,
    affected_facts,
    must_notify_facts,
    shifted,
    tally_after,
)
from incident.roster.duplicates import Duplicates
from incident.roster.record import Status
from incident.roster.vault import Vault
from incident.views.queries import ANCHOR_FACTS, RosterRow
from jurisdictions.coverage import Coverage


class Headcount:
    """Counts the people of the lists of an incident."""

    def __init__(self, desk: Desk, vault: Vault) -> None:
        self._desk = desk
        self._vault = vault
        self._duplicates = Duplicates(vault)

    def open_incident(self, incident_id: UUID) -> Incident:
        """The incident, which must be open: what is decided about its people changes its facts.

        Raises:
            OutOfOrder: it is closed.
        """
        state = self._desk.incident(incident_id)
        if state.closed:
            raise OutOfOrder(f"incident {state.reference} is closed")
        return state

    def record(
        self,
        state: Incident,
        decided: Mapping[UUID, Sequence[Entry]],
        source: str,
        *,
        more: Sequence[Event] = (),
        beside: Sequence[Entry] = (),
        because: str | None = None,
    ) -> Receipt:
        """Record entries of lists, and what they make of the facts, in one transaction; `more` on the incident.

        `beside` are entries of other streams that belong to the same act.
        """
        rows = self._desk.queries.rosters(state.id)
        before = {row.id: tally_of(row) for row in rows}
        after = dict(before)
        for roster_id, entries in decided.items():
            tally = after.get(roster_id, Tally())
            for entry in entries:
                tally = tally_after(tally, entry.event)
            after[roster_id] = tally
        facts = self.facts(state, before, after)
        narrower = self._must_notify(state, after)
        events = [
            *more,
            *incidents.decide_facts(state, facts, source),
            *(
                event
                for path, (value, reason) in narrower.items()
                for event in incidents.decide_facts(state, {path: value}, f"{reason} ({source})")
            ),
        ]
        also = [*beside, *(entry for entries in decided.values() for entry in entries)]
        return self._desk.record_on_incident(state, events, because=because, also=also)

    def facts(self, state: Incident, before: Mapping[UUID, Tally], after: Mapping[UUID, Tally]) -> dict[str, JsonValue]:
        """The facts `affected.*` that follow from the lists, but for how many a State's own definition covers."""
        accepted = Counter[str]()
        for tally in after.values():
            accepted.update(tally.by_state)
        known = [path.removeprefix(BY_STATE) for path in state.facts if path.startswith(BY_STATE)]
        facts = affected_facts(known, accepted, self._waiting(after), self._doubles(after))
        for path, numbers in (
            ("affected.insufficient_contact", _unreachable),
            ("affected.next_of_kin_insufficient_contact", _unreachable_kin),
        ):
            then, now = (_sum(map(numbers, tallies)) for tallies in (before.values(), after.values()))
            if not before:
                facts[path] = shifted(0, (0, 0), now)
            elif path in state.facts:
                facts[path] = shifted(state.facts[path].value, then, now)
        return facts

    def _must_notify(self, state: Incident, tallies: Mapping[UUID, Tally]) -> dict[str, tuple[JsonValue, str]]:
        """Path -> how many a State's own definition covers, and by which definition."""
        if any(state.facts.get(path) is None or state.facts[path].value is None for path in ANCHOR_FACTS):
            return {}
        covers = Coverage(breach_facts(state.facts), self._desk.rulebook, as_of=self._desk.clock.now())
        found = must_notify_facts(
            [tally.kinds for tally in tallies.values()], self._waiting(tallies), covers, self._doubles(tallies)
        )
        return {
            path: (value, f"each person's own kinds of data by {covers.reason(path.removeprefix(MUST_NOTIFY))}")
            for path, value in found.items()
        }

    def _doubles(self, tallies: Iterable[UUID]) -> Doubles:
        """How many fewer there could be of all lists, because pairs of rows wait that may be one person."""
        total, by_state = 0, Counter[str]()
        for roster_id in tallies:
            doubles = self._duplicates.doubles(roster_id)
            total += doubles.total
            by_state.update(doubles.by_state)
        return Doubles(total, dict(by_state))

    def _waiting(self, tallies: Iterable[UUID]) -> Counter[str]:
        """Rows in quarantine by State; the vault alone knows where they would count."""
        waiting = Counter[str]()
        for roster_id in tallies:
            waiting.update(self._vault.by_state(roster_id, status=Status.QUARANTINED))
        return waiting


def tally_of(row: RosterRow) -> Tally:
    """The tally that a list has in the read model."""
    return Tally(**{name: getattr(row, name) for name in Tally.__struct_fields__})


def _unreachable(tally: Tally) -> tuple[int, int]:
    """Living people who cannot be reached in writing, and those of whom it is open: a row in quarantine may be one.

    A pair that may be one person is not taken off: that could only lead to the lesser form of substitute notice.
    """
    return tally.insufficient_contact, tally.contact_open + tally.quarantined - tally.excluded


def _unreachable_kin(tally: Tally) -> tuple[int, int]:
    return tally.next_of_kin_insufficient_contact, tally.next_of_kin_open


def _sum(numbers: Iterable[tuple[int, int]]) -> tuple[int, int]:
    sure, possible = 0, 0
    for one, other in numbers:
        sure, possible = sure + one, possible + other
    return sure, possible

"""From the tallies of the lists to the facts of their incident: the one way that people become numbers of the law."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

from incident import incident as incidents
from incident.commands.desk import Desk, Receipt
from incident.errors import OutOfOrder
from incident.events import Counted, Entry, Event, JsonValue
from incident.facts import KnownFact, breach_facts
from incident.incident import Incident
from incident.roster.across import Across, AcrossWaiting, Key
from incident.roster.contact import counted
from incident.roster.counts import (
    BY_STATE,
    MUST_NOTIFY,
    Tally,
    affected_facts,
    counted_range,
    must_notify_facts,
    shifted,
    tally_after,
)
from incident.roster.doubling import Doubles, doubles_of
from incident.roster.duplicates import Duplicates
from incident.roster.record import Status
from incident.roster.told import IMPORTED, rows_told
from incident.roster.vault import Vault
from incident.views.queries import ANCHOR_FACTS, RosterRow
from jurisdictions.coverage import Coverage


class Headcount:
    """Counts the people of the lists of an incident."""

    def __init__(self, desk: Desk, vault: Vault) -> None:
        self._desk = desk
        self._vault = vault
        self._duplicates = Duplicates(vault)
        self._across = Across(vault)

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
        doubles = self._doubles(after, decided)
        facts = self._facts(state, before, after, doubles)
        narrower = self._must_notify(state, after, doubles)
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

    def _facts(
        self, state: Incident, before: Mapping[UUID, Tally], after: Mapping[UUID, Tally], doubles: Doubles
    ) -> dict[str, JsonValue]:
        """The facts `affected.*` that follow from the lists, but for how many a State's own definition covers."""
        accepted = Counter[str]()
        for tally in after.values():
            accepted.update(tally.by_state)
        known = [path.removeprefix(BY_STATE) for path in state.facts if path.startswith(BY_STATE)]
        facts = affected_facts(known, accepted, self._waiting(after), doubles)
        for path, numbers, fewer in (
            ("affected.insufficient_contact", _unreachable, doubles.insufficient_contact),
            (
                "affected.next_of_kin_insufficient_contact",
                _unreachable_kin,
                doubles.next_of_kin_insufficient_contact,
            ),
        ):
            then, now = (_sum(map(numbers, tallies)) for tallies in (before.values(), after.values()))
            if not before or (path in state.facts and _of_lists(state.facts[path], then)):
                facts[path] = counted_range(*now, fewer=fewer)
            elif path in state.facts:
                facts[path] = shifted(state.facts[path].value, then, now)
        return facts

    def _must_notify(
        self, state: Incident, tallies: Mapping[UUID, Tally], doubles: Doubles
    ) -> dict[str, tuple[JsonValue, str]]:
        """Path -> how many a State's own definition covers, and by which definition."""
        if any(state.facts.get(path) is None or state.facts[path].value is None for path in ANCHOR_FACTS):
            return {}
        covers = Coverage(breach_facts(state.facts), self._desk.rulebook, as_of=self._desk.clock.now())
        found = must_notify_facts([tally.kinds for tally in tallies.values()], self._waiting(tallies), covers, doubles)
        return {
            path: (value, f"each person's own kinds of data by {covers.reason(path.removeprefix(MUST_NOTIFY))}")
            for path, value in found.items()
        }

    def _doubles(self, rosters: Iterable[UUID], decided: Mapping[UUID, Sequence[Entry]]) -> Doubles:
        """How many fewer there could be of all lists, because pairs of rows wait that may be one person."""
        lists = list(rosters)
        pairs = [each.people for each in self.waiting_across(lists, decided)]
        for roster_id in lists:
            found = [pair.rows for pair in self._duplicates.waiting(roster_id)]
            pairs += [((roster_id, one), (roster_id, other)) for one, other in found]
        standing: dict[Key, Counted] = {}
        for roster_id in {roster for pair in pairs for roster, _ in pair}:
            told = rows_told((*self._desk.log.stream(roster_id), *decided.get(roster_id, ())))
            wanted = {row for pair in pairs for roster, row in pair if roster == roster_id}
            for row, held in self._duplicates.standing(roster_id, wanted).items():
                if (counts := counted(held, told.get(row, IMPORTED).reach)) is not None:
                    standing[roster_id, row] = counts
        return doubles_of(pairs, standing)

    def waiting_across(
        self, lists: Sequence[UUID], decided: Mapping[UUID, Sequence[Entry]] = MappingProxyType({})
    ) -> tuple[AcrossWaiting, ...]:
        """The pairs across these lists that wait for a decision; `decided` are entries that the log gets with them."""
        if len(lists) < 2:
            return ()
        linked = {
            (roster, row): told.elsewhere
            for roster in lists
            for row, told in rows_told((*self._desk.log.stream(roster), *decided.get(roster, ()))).items()
            if told.elsewhere is not None
        }
        return self._across.waiting(lists, linked)

    def _waiting(self, tallies: Iterable[UUID]) -> Counter[str]:
        """Rows in quarantine by State; the vault alone knows where they would count."""
        waiting = Counter[str]()
        for roster_id in tallies:
            waiting.update(self._vault.by_state(roster_id, status=Status.QUARANTINED))
        return waiting


def tally_of(row: RosterRow) -> Tally:
    """The tally that a list has in the read model."""
    return Tally(**{name: getattr(row, name) for name in Tally.__struct_fields__})


def _of_lists(known: KnownFact, then: tuple[int, int]) -> bool:
    """Whether a number is what the lists came to, and nobody has put it right by hand since.

    The upper end tells: pairs that wait only lower the other one.
    """
    low, high = (known.value["min"], known.value["max"]) if isinstance(known.value, dict) else (known.value,) * 2
    said = (known.source or "").startswith(("roster ", "returned mail, ", "mailed again on "))
    return said and low is not None and high == sum(then) and low <= then[0]


def _unreachable(tally: Tally) -> tuple[int, int]:
    """Living people who cannot be reached in writing, and those of whom it is open: a row in quarantine may be one."""
    return tally.insufficient_contact, tally.contact_open + tally.quarantined - tally.excluded


def _unreachable_kin(tally: Tally) -> tuple[int, int]:
    return tally.next_of_kin_insufficient_contact, tally.next_of_kin_open


def _sum(numbers: Iterable[tuple[int, int]]) -> tuple[int, int]:
    sure, possible = 0, 0
    for one, other in numbers:
        sure, possible = sure + one, possible + other
    return sure, possible

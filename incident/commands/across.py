"""Commands on people who may stand on two lists of an incident: one person, two people, or open again."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from functools import partial
from typing import TypeVar
from uuid import UUID

import msgspec

from incident.commands.desk import Desk, Receipt
from incident.commands.headcount import Headcount
from incident.commands.people import PeopleCommands
from incident.errors import InvalidInput, OutOfOrder, RecordedMeanwhile
from incident.events import Entry, Event, PairsAcrossDecided, PersonCorrected, RowLinked, RowUnlinked
from incident.roster.across import Across, AcrossWaiting, Key
from incident.roster.contact import counted
from incident.roster.elements import bits_of, elements_of
from incident.roster.merging import status_before
from incident.roster.outcomes import decide_correction
from incident.roster.record import Row, Status
from incident.roster.told import IMPORTED
from incident.roster.vault import Vault

R = TypeVar("R")
Pairs = Collection[tuple[Key, Key]]


class AcrossCommands:
    """What can be decided about people who may stand on two lists."""

    def __init__(self, desk: Desk, vault: Vault) -> None:
        self._desk = desk
        self._vault = vault
        self._headcount = Headcount(desk, vault)
        self._people = PeopleCommands(desk, vault)
        self._across = Across(vault)

    def waiting(self, incident_id: UUID) -> tuple[AcrossWaiting, ...]:
        """The pairs across the lists of an incident that wait for a decision, likeliest first."""
        return self._headcount.waiting_across(self._lists(incident_id))

    def apart(self, incident_id: UUID) -> frozenset[tuple[Key, Key]]:
        """The pairs across its lists that were found to be two people each."""
        return self._across.apart(self._lists(incident_id))

    def rows_of(self, pair: AcrossWaiting) -> tuple[Row, Row]:
        """The two rows of a pair in full."""
        return self._across.rows_of(pair.people)

    def _lists(self, incident_id: UUID) -> list[UUID]:
        return [row.id for row in self._desk.queries.rosters(incident_id)]

    # --- two people

    def keep_apart(self, incident_id: UUID, pairs: Pairs, because: str) -> Receipt:
        """These are two people each; they may be given as they are listed or as they stand now.

        Raises:
            InvalidInput: no reason, or a pair that is not among those that wait.
        """
        _require_reason(because, "say why they are two people")
        return self._decide_apart(incident_id, pairs, because, apart=True)

    def reopen(self, incident_id: UUID, pairs: Pairs, because: str) -> Receipt:
        """Whether these are one person each is open again.

        Raises:
            InvalidInput: no reason, or a pair that was not kept apart.
        """
        _require_reason(because, "say why the decision is taken back")
        return self._decide_apart(incident_id, pairs, because, apart=False)

    def _decide_apart(self, incident_id: UUID, pairs: Pairs, because: str, *, apart: bool) -> Receipt:
        self._desk.require(PairsAcrossDecided.TOPIC)

        def decide() -> Receipt:
            if apart:
                waiting = self.waiting(incident_id)
                known = {frozenset(each.people): each.listed for each in waiting}
                known |= {frozenset(each.listed): each.listed for each in waiting}
            else:
                known = {frozenset(pair): pair for pair in self.apart(incident_id)}
            listed = []
            for pair in pairs:
                if frozenset(pair) not in known:
                    rows = " and ".join(str(row) for _, row in pair)
                    raise InvalidInput(
                        f"rows {rows} of two lists: "
                        + ("not a pair that waits for a decision" if apart else "they were not kept apart")
                    )
                listed.append(known[frozenset(pair)])
            self._across.set_apart(listed, apart=apart)
            entries: dict[UUID, list[tuple[int, UUID, int]]] = {}
            for old, new in listed:
                entries.setdefault(new[0], []).append((new[1], *old))
            return self._record(
                incident_id,
                {
                    roster: [PairsAcrossDecided(pairs=tuple(sorted(some)), apart=apart)]
                    for roster, some in entries.items()
                },
                because,
            )

        return self._unless_decided({key for pair in pairs for key in pair}, decide)

    # --- one person

    def link(self, row: Key, to: Key, because: str) -> Receipt:
        """A row is a person of another list: that one stays, with its name, address and the kinds of data of both.

        Given again after it broke off between vault and log, it records what the vault has.

        Raises:
            InvalidInput: no reason; one is deceased or a minor and the other is not; two rows of one list.
            OutOfOrder: one of the rows has no person of its own, or the one that stays is not accepted.
        """
        _require_reason(because, "say why they are one person")
        self._desk.require(RowLinked.TOPIC, PersonCorrected.TOPIC)
        incident_id = self._desk.queries.roster(row[0]).incident
        if row[0] == to[0] or self._desk.queries.roster(to[0]).incident != incident_id:
            raise InvalidInput("rows: of two lists of one incident; rows of one list are merged")
        return self._unless_decided({row, to}, lambda: self._link_one(incident_id, row, to, because))

    def _link_one(self, incident_id: UUID, row: Key, to: Key, because: str) -> Receipt:
        on = self._desk.today(self._headcount.open_incident(incident_id))
        receipt = self._record(incident_id, self._link(row, to, on), because)
        for roster, each in (row, to):
            self._people.done(roster, {each: self._people.told(roster).get(each, IMPORTED)})
        return receipt

    def _link_many(self, incident_id: UUID, pairs: Sequence[tuple[Key, Key]], because: str) -> Receipt:
        """Link rows to people in one step for all: there may be thousands. Those that are begun are completed."""
        on = self._desk.today(self._headcount.open_incident(incident_id))
        keys = {key for pair in pairs for key in pair}
        told = {roster: self._people.told(roster) for roster in {roster for roster, _ in keys}}
        before = {(roster, row): was for roster in told for row, was in self._vault.unrecorded_rows(roster).items()}
        held = self._across.held(keys)
        begun = [
            pair
            for pair in pairs
            if pair[0] in before and held[pair[0]].status is Status.MERGED and held[pair[0]].merged_into is None
        ]
        settled = [pair for pair in pairs if before.keys().isdisjoint(pair)]
        pairs = [*begun, *settled]
        if not pairs:
            raise OutOfOrder("a change of these rows broke off before it was recorded; give that command again first")
        self._across.link(settled, on)
        events: dict[UUID, list[Event]] = {}
        for row, to in pairs:
            said, gone = told[row[0]].get(row[1], IMPORTED), before.get(row, held[row])
            counts = said.counted if said.said else counted(gone, said.reach)
            linked = RowLinked(row=row[1], roster=to[0], other=to[1], was=gone.status.value, counted=counts)
            events.setdefault(row[0], []).append(linked)
            if to in before or bits_of(gone.elements) & ~bits_of(held[to].elements):
                events.setdefault(to[0], []).extend(self._with_data_of(gone, to, on))
        receipt = self._record(incident_id, events, because)
        for roster in told:
            now = self._people.told(roster)
            rows = {row for pair in pairs for key, row in pair if key == roster}
            self._people.done(roster, {row: now.get(row, IMPORTED) for row in rows})
        return receipt

    def _link(self, row: Key, to: Key, on: date) -> dict[UUID, list[Event]]:
        told = self._people.told(row[0]).get(row[1], IMPORTED)
        other = self._people.told(to[0]).get(to[1], IMPORTED)
        if told.elsewhere is not None:
            raise OutOfOrder(f"row {row[1]}: it is a person of another list already")
        change = self._vault.unrecorded(*row)
        if change is None or change.after.status is not Status.MERGED or change.after.merged_into is not None:
            for key, said in ((row, told), (to, other)):
                self._people.require_settled(*key, said)
            self._across.link([(row, to)], on)
            change = self._vault.unrecorded(*row)
        assert change is not None
        events: dict[UUID, list[Event]] = {
            row[0]: [
                RowLinked(
                    row=row[1], roster=to[0], other=to[1], was=change.before.status.value,
                    counted=told.counted if told.said else counted(change.before, told.reach),
                )
            ]
        }  # fmt: skip
        events[to[0]] = self._with_data_of(change.after, to, on)
        return events

    def _with_data_of(self, gone: Row, to: Key, on: date) -> list[Event]:
        """The correction that gives a person the kinds of data of a row that is theirs, where they lack some."""
        held = self._vault.person(*to)
        change = self._vault.unrecorded(*to)
        assert held.person is not None
        together = bits_of(held.elements) | bits_of(gone.elements)
        if change is None and together != bits_of(held.elements):
            person = msgspec.structs.replace(held.person, data_elements=elements_of(together))
            self._vault.correct(*to, person, on=on)
            change = self._vault.unrecorded(*to)
        if change is None:
            return []
        event, _ = decide_correction(change, self._people.told(to[0]).get(to[1], IMPORTED))
        return [event]

    def identical(self, incident_id: UUID) -> tuple[AcrossWaiting, ...]:
        """The pairs that wait of which both rows say the same: name, date of birth, address, who reads the letter."""
        return self._across.identical(self.waiting(incident_id))

    def link_identical(self, incident_id: UUID, because: str) -> tuple[int, Receipt]:
        """Whoever stands on two lists and says the same on both is one person, on the older list; how many were linked.

        Raises:
            InvalidInput: no reason, or there is nobody.
        """
        _require_reason(because, "say why they are one person each")
        self._desk.require(RowLinked.TOPIC, PersonCorrected.TOPIC)
        linked, receipt = 0, None
        while pairs := self.identical(incident_id):
            some = [(pair.people[1], pair.people[0]) for pair in pairs]
            keys = {key for pair in some for key in pair}
            receipt = self._unless_decided(keys, partial(self._link_many, incident_id, some, because))
            linked += len(some)
        if receipt is None:
            raise InvalidInput("people: nobody stands on two lists with the same name, date of birth and address")
        return linked, receipt

    def unlink(self, row: Key, because: str) -> tuple[tuple[str, ...], Receipt]:
        """Take it back that a row is a person of another list; the first part says what that leaves to do.

        Raises:
            InvalidInput: no reason.
            OutOfOrder: the row is not linked.
        """
        _require_reason(because, "say why they are two people after all")
        self._desk.require(RowUnlinked.TOPIC)
        return self._unless_decided({row}, lambda: self._unlink(row, because))

    def _unlink(self, row: Key, because: str) -> tuple[tuple[str, ...], Receipt]:
        roster = self._desk.queries.roster(row[0])
        state = self._headcount.open_incident(roster.incident)
        told = self._people.told(row[0]).get(row[1], IMPORTED)
        if told.elsewhere is None:
            raise OutOfOrder(f"row {row[1]}: not the person of another list")
        change = self._vault.unrecorded(*row)
        if change is None or change.before.status is not Status.MERGED:
            self._people.require_settled(*row, told)
            self._across.unlink(row, status_before(told), self._desk.today(state))
            change = self._vault.unrecorded(*row)
        assert change is not None
        event = RowUnlinked(
            row=row[1], roster=told.elsewhere[0], other=told.elsewhere[1], becomes=change.after.status.value,
            counted=counted(change.after, told.reach),
        )  # fmt: skip
        receipt = self._record(roster.incident, {row[0]: [event]}, because)
        self._people.done(row[0], {row[1]: self._people.told(row[0])[row[1]]})
        return self._left(row, told.elsewhere), receipt

    def _left(self, row: Key, other: Key) -> tuple[str, ...]:
        elements = self._vault.person(*row).elements
        name = self._desk.queries.roster(other[0]).source_name
        left = []
        if elements:
            left.append(
                f"row {other[1]} of {name} keeps the kinds of data that came with the link: correct them where they "
                "are not theirs"
            )
        return tuple(left)

    # --- both

    def _unless_decided(self, keys: Collection[Key], decide: Callable[[], R]) -> R:
        """Decide whatever others recorded meanwhile, but for a decision of theirs on one of these people.

        Raises:
            RecordedMeanwhile: there is one.
        """
        seen = self._desk.projection.position

        def unless() -> R:
            lists = {roster for roster, _ in keys}
            for line in self._desk.queries.timeline(after=seen):
                if line.stream in lists or line.topic in _ACROSS:
                    event = self._desk.log.stream(line.stream)[line.version - 1].event
                    if not _decided(line.stream, event).isdisjoint(keys):
                        raise RecordedMeanwhile(line.position, line.by, line.text)
            return decide()

        return self._desk.insist(unless)

    def _record(self, incident_id: UUID, events: dict[UUID, list[Event]], because: str) -> Receipt:
        state = self._headcount.open_incident(incident_id)
        entries: dict[UUID, Sequence[Entry]] = {
            roster: self._desk.entries(roster, self._desk.version(roster), some, because=because)
            for roster, some in events.items()
            if some
        }
        return self._headcount.record(state, entries, "roster lists, people on two lists")


_ACROSS = frozenset({PairsAcrossDecided.TOPIC, RowLinked.TOPIC, RowUnlinked.TOPIC})
"""Decisions that stand in the stream of one list and are about a person of another, too."""


def _decided(roster: UUID, event: Event) -> set[Key]:
    """The people that an event of a list decides on."""
    found = {(roster, getattr(event, name)) for name in ("row", "into", "out_of") if getattr(event, name, None)}
    if isinstance(event, RowLinked | RowUnlinked):
        found.add((event.roster, event.other))
    if isinstance(event, PairsAcrossDecided):
        for row, other_list, other in event.pairs:
            found |= {(roster, row), (other_list, other)}
    return found


def _require_reason(because: str, what: str) -> None:
    if not because.strip():
        raise InvalidInput(f"because: {what}")

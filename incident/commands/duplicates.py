"""Commands on possible duplicates: two rows are one person, or two people, or it is open again."""

from collections.abc import Callable, Collection, Sequence
from typing import TypeVar
from uuid import UUID

import msgspec

from incident.commands.desk import Desk, Receipt
from incident.commands.headcount import Headcount
from incident.commands.people import PeopleCommands
from incident.errors import InvalidInput, NotFound, OutOfOrder, RecordedMeanwhile
from incident.events import Event, PairsKeptApart, PairsReopened, RowMerged, RowUnmerged
from incident.roster.changing import Change
from incident.roster.duplicates import Duplicates, Waiting
from incident.roster.merging import ADDRESS, decide_merge, decide_unmerge, status_before
from incident.roster.outcomes import decide_correction
from incident.roster.record import Row, Status
from incident.roster.told import IMPORTED, NO_PAIRS, RowTold, pairs_told
from incident.roster.vault import Vault
from incident.views.queries import RosterRow

LETTER = "individual_letter"
"""The kind of notice that has a letter for each person."""

Pairs = Collection[tuple[int, int]]
R = TypeVar("R")


class DuplicateCommands:
    """What can be decided about rows that may be one person."""

    def __init__(self, desk: Desk, vault: Vault) -> None:
        self._desk = desk
        self._vault = vault
        self._headcount = Headcount(desk, vault)
        self._people = PeopleCommands(desk, vault)
        self._duplicates = Duplicates(vault)

    def waiting(self, roster_id: UUID) -> tuple[Waiting, ...]:
        """The pairs of a list that wait for a decision, likeliest first."""
        return self._duplicates.waiting(roster_id)

    def apart(self, roster_id: UUID) -> tuple[tuple[int, int], ...]:
        """The pairs of a list that were found to be two people each."""
        return self._duplicates.apart(roster_id)

    def rows_of(self, roster_id: UUID, pair: Waiting) -> tuple[Row, Row]:
        """The two rows of a pair in full."""
        one, other = pair.rows
        return self._vault.person(roster_id, one), self._vault.person(roster_id, other)

    # --- two people

    def keep_apart(self, roster_id: UUID, pairs: Pairs, because: str, *, below: float | None = None) -> Receipt:
        """These rows are two people each; rows may be given as they are listed or as they stand now.

        Raises:
            InvalidInput: no reason, or a pair that is not among those that wait.
        """
        _require_reason(because, "say why the rows are two people")
        self._desk.require(PairsKeptApart.TOPIC)
        roster = self._desk.queries.roster(roster_id)

        def decide() -> Receipt:
            listed = self._listed(roster_id, pairs)
            self._duplicates.set_apart(roster_id, listed, apart=True)
            return self._record(roster, [PairsKeptApart(pairs=listed, below=below)], because)

        return self._unless_decided(roster_id, {row for pair in pairs for row in pair}, decide)

    def keep_apart_below(self, roster_id: UUID, score: float, because: str) -> Receipt:
        """All pairs that score below this are two people each."""
        pairs = [pair.listed for pair in self.waiting(roster_id) if pair.score < score]
        if not pairs:
            raise InvalidInput(f"below: no pair that waits scores below {score:.2f}")
        return self.keep_apart(roster_id, pairs, because, below=score)

    def reopen(self, roster_id: UUID, pairs: Pairs, because: str) -> Receipt:
        """Whether these rows are one person is open again.

        Raises:
            InvalidInput: no reason, or a pair that was not kept apart.
        """
        _require_reason(because, "say why the decision is taken back")
        self._desk.require(PairsReopened.TOPIC)
        roster = self._desk.queries.roster(roster_id)
        listed = tuple(sorted((min(pair), max(pair)) for pair in pairs))

        def decide() -> Receipt:
            strange = set(listed) - self._kept_apart_in_log(roster_id)
            if strange or not listed:
                one, other = min(strange) if strange else (0, 0)
                raise InvalidInput(f"rows {one} and {other}: they were not kept apart")
            self._duplicates.set_apart(roster_id, listed, apart=False)
            return self._record(roster, [PairsReopened(pairs=listed)], because)

        return self._unless_decided(roster_id, {row for pair in listed for row in pair}, decide)

    def _listed(self, roster_id: UUID, pairs: Pairs) -> tuple[tuple[int, int], ...]:
        """The pairs as they are listed. One that the vault has apart and the log has not broke off: it counts too."""
        waiting = self.waiting(roster_id)
        known = {pair.rows: pair.listed for pair in waiting} | {pair.listed: pair.listed for pair in waiting}
        unrecorded = set(self.apart(roster_id)) - self._kept_apart_in_log(roster_id)
        known |= {pair: pair for pair in unrecorded}
        found = []
        for pair in pairs:
            one, other = min(pair), max(pair)
            if (one, other) not in known:
                raise InvalidInput(f"rows {one} and {other}: they are not a pair that waits for a decision")
            found.append(known[one, other])
        if not found:
            raise InvalidInput("pairs: none is given")
        return tuple(sorted(set(found)))

    def _kept_apart_in_log(self, roster_id: UUID) -> frozenset[tuple[int, int]]:
        told = NO_PAIRS
        for entry in self._desk.log.stream(roster_id):
            told = pairs_told(told, entry.event)
        return told.apart

    # --- one person

    def merge(self, roster_id: UUID, row: int, into: int, because: str, *, take_address: bool = False) -> Receipt:
        """A row is the person of another: that one stays, with its name and address, and gets the one letter.

        With `take_address` it gets the address and State of residence of the row that goes into it.

        Given again after it broke off between vault and log, it records what the vault has.

        Raises:
            InvalidInput: no reason; one is deceased or a minor and the other is not; one row given twice.
            OutOfOrder: one of the rows has no person of its own, or the row that stays is not accepted.
        """
        _require_reason(because, "say why the rows are one person")
        self._desk.require(RowMerged.TOPIC)
        return self._unless_decided(
            roster_id, {row, into}, lambda: self._merge(roster_id, row, into, because, take_address=take_address)
        )

    def _merge(self, roster_id: UUID, row: int, into: int, because: str, *, take_address: bool) -> Receipt:
        roster = self._desk.queries.roster(roster_id)
        state = self._headcount.open_incident(roster.incident)
        told, other = self._told(roster_id, row, into)
        if told.status == Status.MERGED and told.into == into:
            raise OutOfOrder(f"row {row}: it is merged into row {into} already")
        change = self._vault.unrecorded(roster_id, row)
        if not (change is not None and change.after.status is Status.MERGED and change.after.merged_into == into):
            for each, said in ((row, told), (into, other)):
                self._people.require_settled(roster_id, each, said)
            self._duplicates.merge(roster_id, row, into, self._desk.today(state), take_address=take_address)
        first, second = self._changes(roster_id, row, into)
        corrections, other = _address_changed(second, other)
        return self._record(roster, [*corrections, decide_merge(first, second, told, other)], because, rows=(row, into))

    def unmerge(self, roster_id: UUID, row: int, because: str) -> tuple[tuple[str, ...], Receipt]:
        """Take a merge back, made by hand or at the import; the first part says what that leaves to do.

        Given again after it broke off between vault and log, it records what the vault has.

        Raises:
            InvalidInput: no reason.
            OutOfOrder: the row is not merged, or the row it went into was merged itself.
        """
        _require_reason(because, "say why the rows are two people after all")
        self._desk.require(RowUnmerged.TOPIC)
        return self._unless_decided(roster_id, {row}, lambda: self._unmerge(roster_id, row, because))

    def _unmerge(self, roster_id: UUID, row: int, because: str) -> tuple[tuple[str, ...], Receipt]:
        roster = self._desk.queries.roster(roster_id)
        state = self._headcount.open_incident(roster.incident)
        told = self._people.told(roster_id).get(row, IMPORTED)
        change = self._vault.unrecorded(roster_id, row)
        broke_off = (
            change is not None and change.before.status is Status.MERGED and change.after.status is not Status.MERGED
        )
        if broke_off and change is not None and change.before.merged_into is not None:
            out_of = change.before.merged_into
        else:
            held = self._vault.person(roster_id, row)
            if held.merged_into is None:
                raise OutOfOrder(f"row {row}: not merged but {held.status}")
            out_of = held.merged_into
            _, other = self._told(roster_id, row, out_of)
            for each, said in ((row, told), (out_of, other)):
                self._people.require_settled(roster_id, each, said)
            self._duplicates.unmerge(roster_id, row, status_before(told), self._desk.today(state))
        _, other = self._told(roster_id, row, out_of)
        first, second = self._changes(roster_id, row, out_of)
        corrections, other = _address_changed(second, other)
        event = decide_unmerge(first, second, told, other)
        receipt = self._record(roster, [*corrections, event], because, rows=(row, out_of))
        return self._without_letter(roster, row) if event.becomes == Status.ACCEPTED else (), receipt

    def _unless_decided(self, roster_id: UUID, rows: Collection[int], decide: Callable[[], R]) -> R:
        """Decide whatever others recorded meanwhile, but for a decision of theirs on one of these rows.

        Raises:
            RecordedMeanwhile: there is one.
        """
        seen = self._desk.projection.position

        def unless() -> R:
            for line in self._desk.queries.timeline(after=seen):
                if line.stream == roster_id:
                    event = self._desk.log.stream(roster_id)[line.version - 1].event
                    if _decided(event) & set(rows):
                        raise RecordedMeanwhile(line.position, line.by, line.text)
            return decide()

        return self._desk.insist(unless)

    def _without_letter(self, roster: RosterRow, row: int) -> tuple[str, ...]:
        """Letters that were printed while the person was taken for another: there is none for them."""
        return tuple(
            f"{notice.documents:,} letters were printed while row {row} was merged: this person has none; render the "
            "letters again"
            for notice in self._desk.queries.notices(roster.incident)
            if notice.kind == LETTER and notice.documents
        )

    def _told(self, roster_id: UUID, row: int, other: int) -> tuple[RowTold, RowTold]:
        told = self._people.told(roster_id)
        return told.get(row, IMPORTED), told.get(other, IMPORTED)

    def _changes(self, roster_id: UUID, row: int, other: int) -> tuple[Change, Change]:
        first, second = self._vault.unrecorded(roster_id, row), self._vault.unrecorded(roster_id, other)
        if first is None or second is None:
            raise NotFound(f"rows {row} and {other}: the vault does not know what they were before")
        return first, second

    def _record(
        self,
        roster: RosterRow,
        events: Sequence[Event],
        because: str,
        *,
        rows: Sequence[int] = (),
    ) -> Receipt:
        incident = self._headcount.open_incident(roster.incident)
        entries = self._desk.entries(roster.id, self._desk.version(roster.id), events, because=because)
        source = f"roster {roster.source_name}, possible duplicates"
        receipt = self._headcount.record(incident, {roster.id: entries}, source)
        if rows:
            told = self._people.told(roster.id)
            self._people.done(roster.id, {row: told[row] for row in rows})
        return receipt


def _address_changed(target: Change, told: RowTold) -> tuple[list[Event], RowTold]:
    """The correction of an address that comes with a merge or goes with it, and what is told of the row after it."""
    if target.fields and not set(target.fields) - ADDRESS:
        event, after = decide_correction(target, told)
        return [event], msgspec.structs.replace(after, counted=event.after, said=True)
    return [], told


def _decided(event: Event) -> frozenset[int]:
    """The rows that somebody decided on."""
    pairs = event.pairs if isinstance(event, PairsKeptApart | PairsReopened) else ()
    named = (getattr(event, name, None) for name in ("row", "into", "out_of"))
    return frozenset((*(row for pair in pairs for row in pair), *(row for row in named if row is not None)))


def _require_reason(because: str, what: str) -> None:
    if not because.strip():
        raise InvalidInput(f"because: {what}")

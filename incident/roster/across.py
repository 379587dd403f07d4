"""Rows of two lists of one incident that may be one person, kept in the vault until a person decides.

The newer list is compared with the older ones when it is imported, by what lists are compared with themselves. Nobody
is merged without asking: the lists come from different places. A row that is linked to a person of another list counts
for nobody and gets no letter; its envelope stays, so that it can be taken back.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from uuid import UUID

import msgspec
from sqlalchemy import Connection, delete, select, update

from incident.errors import InvalidInput, OutOfOrder
from incident.roster.changing import remember, set_columns
from incident.roster.checks import judge
from incident.roster.dedupe import ExactDuplicates, Verdict, fingerprint
from incident.roster.duplicates import obstacle
from incident.roster.matching.likeness import Likeness, Suggestions
from incident.roster.matching.profile import QUARANTINED, profile
from incident.roster.record import Row, Status
from incident.roster.rows import one
from incident.roster.tables import ROW_BITS, Place, insert_many, pairs_across, people, rosters
from incident.roster.vault import Vault
from incident.roster.words import folded

Key = tuple[UUID, int]
"""A person of the incident: the list and the row there."""

MOST_PEOPLE = 600_000
"""People of all lists that are compared at once: the memory of an import is bounded (150 bytes each, twice)."""
_LIVE = frozenset({Status.ACCEPTED, Status.QUARANTINED})
_SCALE = 1_000
_AT_ONCE = 500
"""Rows asked for by number in one query."""


class AcrossWaiting(msgspec.Struct, frozen=True):
    """Two people of two lists who may be one and wait for a decision; see `duplicates.Waiting`.

    `people` are those who stand for the two rows now, `listed` the rows that were found alike, the older list first.
    """

    people: tuple[Key, Key]
    listed: tuple[Key, Key]
    score: float
    reasons: tuple[str, ...]


def digest(found: Iterable[tuple[Key, Key]]) -> str:
    """What the log keeps of the pairs of a list with older ones; see `PairsAcrossSuggested`."""
    told = sorted(old[0].bytes + old[1].to_bytes(8, "big") + new[1].to_bytes(8, "big") for old, new in found)
    return sha256(b"".join(told)).hexdigest()


class Across:
    """The pairs across the lists of a vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def compare(
        self, roster_id: UUID, older: Sequence[UUID], tell: Callable[[], None] = lambda: None
    ) -> tuple[tuple[tuple[Key, Key], ...], tuple[str, ...]]:
        """Find and keep the pairs of a list with older ones; them, and sentences about what was not compared.

        `tell` is called again and again meanwhile; what it raises ends it.
        """
        lists = {roster: self._place(roster) for roster in (*older, roster_id)}
        count = sum(self._vault.count(roster, status=status) for roster in lists for status in _LIVE)
        if count > MOST_PEOPLE:
            return (), (
                f"{count:,} people of all lists are too many to compare the lists with each other: who stands on two "
                "of them is not found",
            )
        suggestions = Suggestions()
        for roster, place in lists.items():
            for number, row in enumerate(self._vault.iterate(roster, status=None)):
                if number % 1_000 == 0:
                    tell()
                if row.person is not None and row.status in _LIVE:
                    waits = QUARANTINED if row.status is Status.QUARANTINED else 0
                    suggestions.add(profile(place.id(row.row), row.person, int(row.flags) | waits))
        found, told = suggestions.find()
        newest = lists[roster_id]
        across = [each for each in found if (max(each.rows) >= newest.first) != (min(each.rows) >= newest.first)]
        self._keep(newest, across)
        named = {place.number: roster for roster, place in lists.items()}
        return tuple(_named(each, named) for each in across), told

    def _place(self, roster_id: UUID) -> Place:
        with self._vault._reading() as connection:
            return self._vault._place(connection, roster_id)

    def _keep(self, newest: Place, found: Sequence[Likeness]) -> None:
        with self._vault._writing() as connection:
            connection.execute(delete(pairs_across).where(newest.holds(pairs_across.c.high)))
            rows = [(*sorted(each.rows), round(each.score * _SCALE), ",".join(each.reasons), 0) for each in found]
            insert_many(connection, pairs_across, rows)

    def waiting(self, lists: Sequence[UUID], linked: Mapping[Key, Key]) -> tuple[AcrossWaiting, ...]:
        """The pairs across these lists that wait for a decision, likeliest first; `linked` are the links of the log."""
        with self._vault._reading() as connection:
            named = _numbers(connection, lists)
            found = connection.execute(
                select(pairs_across).order_by(pairs_across.c.score.desc(), pairs_across.c.low, pairs_across.c.high)
            ).all()
            found = [each for each in found if {each.low >> ROW_BITS, each.high >> ROW_BITS} <= named.keys()]
            if not found:
                return ()
            ends = _ends(connection, {end for each in found for end in (each.low, each.high)}, named, linked)
        apart = {_standing(each, ends) for each in found if each.apart}
        waiting: dict[frozenset[Key], AcrossWaiting] = {}
        for each in found:
            both = _standing(each, ends)
            if each.apart or len(both) < 2 or both in apart:
                continue
            listed = _key(each.low, named), _key(each.high, named)
            people_ = ends[each.low], ends[each.high]
            assert people_[0] is not None
            assert people_[1] is not None
            reasons = tuple(filter(None, each.reasons.split(",")))
            waiting.setdefault(both, AcrossWaiting((people_[0], people_[1]), listed, each.score / _SCALE, reasons))
        return tuple(waiting.values())

    def apart(self, lists: Sequence[UUID]) -> frozenset[tuple[Key, Key]]:
        """The pairs across these lists that were found to be two people each, as they are listed."""
        with self._vault._reading() as connection:
            named = _numbers(connection, lists)
            query = select(pairs_across.c.low, pairs_across.c.high).where(pairs_across.c.apart != 0)
            return frozenset(
                (_key(low, named), _key(high, named))
                for low, high in connection.execute(query)
                if {low >> ROW_BITS, high >> ROW_BITS} <= named.keys()
            )

    def set_apart(self, listed: Collection[tuple[Key, Key]], *, apart: bool) -> None:
        """Say of pairs, as they are listed, that they are two people each, or that it is open again."""
        with self._vault._writing() as connection:
            for old, new in listed:
                low, high = (self._vault._place(connection, roster).id(row) for roster, row in (old, new))
                connection.execute(
                    update(pairs_across)
                    .where(pairs_across.c.low == low, pairs_across.c.high == high)
                    .values(apart=int(apart))
                )

    def identical(self, waiting: Iterable[AcrossWaiting]) -> tuple[AcrossWaiting, ...]:
        """Those pairs of which both rows say the same, as an import merges them within a list, each person once."""
        found: list[AcrossWaiting] = []
        used: set[Key] = set()
        pairs = list(waiting)
        held = self.held({key for pair in pairs for key in pair.people})
        for pair in pairs:
            one_row, other = (held[key] for key in pair.people)
            if used.isdisjoint(pair.people) and _says_the_same(one_row, other):
                found.append(pair)
                used.update(pair.people)
        return tuple(found)

    def held(self, keys: Collection[Key]) -> dict[Key, Row]:
        """These rows in full, a list at a time."""
        return {
            (roster, number): row
            for roster in {roster for roster, _ in keys}
            for number, row in self._vault.some(roster, [row for owner, row in keys if owner == roster]).items()
        }

    # --- rows

    def link(self, pairs: Iterable[tuple[Key, Key]], on: date) -> None:
        """Let each row count as a person of another list, who must be accepted; all of them or none.

        Raises:
            OutOfOrder: one of them has no person of its own any more, or the other is not accepted.
            InvalidInput: the two must not be one person (see `duplicates.obstacle`).
        """
        with self._vault._writing() as connection:
            place_of = cache(lambda roster: self._vault._place(connection, roster))
            for row, to in pairs:
                _link(connection, (place_of(row[0]), row[1]), (place_of(to[0]), to[1]), on)

    def unlink(self, row: Key, becomes: Status, on: date) -> None:
        """Let a linked row stand on its own again.

        Raises:
            OutOfOrder: it is not linked.
        """
        with self._vault._writing() as connection:
            place = self._vault._place(connection, row[0])
            held = one(connection, place, row[1])
            if held.status is not Status.MERGED or held.merged_into is not None or held.person is None:
                raise OutOfOrder(f"row {held.row}: not the person of another list but {held.status}")
            remember(connection, place, held)
            audience = judge(held.person, on)[1] if becomes is Status.ACCEPTED else None
            set_columns(
                connection, place, held.row, status=becomes.value, audience=audience.value if audience else None
            )

    def rows_of(self, pair: tuple[Key, Key]) -> tuple[Row, Row]:
        """The two rows of a pair in full."""
        (one_list, one_row), (other_list, other_row) = pair
        return self._vault.person(one_list, one_row), self._vault.person(other_list, other_row)


def _link(connection: Connection, row: tuple[Place, int], to: tuple[Place, int], on: date) -> None:
    held, kept = one(connection, *row), one(connection, *to)
    if held.status not in _LIVE:
        raise OutOfOrder(f"row {held.row}: not accepted or in quarantine but {held.status}")
    if kept.status is not Status.ACCEPTED:
        raise OutOfOrder(
            f"row {kept.row} of the other list: to be the one person it must be accepted, and is {kept.status}"
        )
    if reason := obstacle(held, kept, on):
        raise InvalidInput(f"rows {held.row} and {kept.row} of the other list: {reason}")
    remember(connection, row[0], held)
    set_columns(connection, row[0], held.row, status=Status.MERGED.value, merged_into=None, audience=None)


def _says_the_same(one_row: Row, other: Row) -> bool:
    """Whether two accepted rows would be merged without asking if they stood on one list."""
    seen = ExactDuplicates()
    verdict = Verdict.NEW
    for number, row in enumerate((one_row, other)):
        if row.person is None or row.status is not Status.ACCEPTED:
            return False
        verdict, _ = seen.look(number, fingerprint(row.person, folded(row.person), b""))
    return verdict is Verdict.SAME


def _numbers(connection: Connection, lists: Collection[UUID]) -> dict[int, UUID]:
    found = connection.execute(select(rosters.c.number, rosters.c.roster).where(rosters.c.roster.in_(lists)))
    return {row.number: row.roster for row in found}


def _key(person: int, named: Mapping[int, UUID]) -> Key:
    return named[person >> ROW_BITS], person & ((1 << ROW_BITS) - 1)


def _named(likeness: Likeness, named: Mapping[int, UUID]) -> tuple[Key, Key]:
    low, high = sorted(likeness.rows)
    return _key(low, named), _key(high, named)


def _standing(found: object, ends: Mapping[int, Key | None]) -> frozenset[Key]:
    """The people a pair is about now; fewer than two where one is gone, or both are one already."""
    both = {ends[found.low], ends[found.high]}  # type: ignore[attr-defined]
    return frozenset(each for each in both if each is not None)


def _ends(
    connection: Connection, wanted: Collection[int], named: Mapping[int, UUID], linked: Mapping[Key, Key]
) -> dict[int, Key | None]:
    """Each row's person now, as merges and links have it; None where they are excluded or erased."""
    numbers = {roster: number for number, roster in named.items()}
    known: dict[int, tuple[str, int | None]] = {}

    def look(ids: Collection[int]) -> None:
        missing = sorted(set(ids) - known.keys())
        for at in range(0, len(missing), _AT_ONCE):
            some = missing[at : at + _AT_ONCE]
            query = select(people.c.id, people.c.status, people.c.merged_into).where(people.c.id.in_(some))
            known.update(dict.fromkeys(some, (Status.ERASED.value, None)))
            known.update({found.id: (found.status, found.merged_into) for found in connection.execute(query)})

    def end(person: int) -> Key | None:
        seen: set[int] = set()
        while person not in seen:
            seen.add(person)
            look([person])
            status, into = known[person]
            if status in {Status.EXCLUDED.value, Status.ERASED.value}:
                return None
            if into is not None:
                person = (person >> ROW_BITS << ROW_BITS) | into
            elif status == Status.MERGED.value:
                to = linked.get(_key(person, named))
                if to is None or to[0] not in numbers:
                    return None  # linked, and the log does not have it yet
                person = (numbers[to[0]] << ROW_BITS) | to[1]
            else:
                return _key(person, named)
        return None

    look(wanted)
    return {person: end(person) for person in wanted}

"""Pairs of rows that may be one person, kept in the vault until a person decides, and what deciding does to the rows.

A pair is two row numbers, a score and reason codes: nothing of it names anybody. Merging leaves the row and its
envelope as they are and lets it count for nobody; so it can be taken back at any time. A row that others were merged
into can be merged itself: each row knows the row it went into, and the one at the end is the person.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from uuid import UUID

import msgspec
from sqlalchemy import Connection, bindparam, delete, select, update

from incident.errors import InvalidInput, OutOfOrder
from incident.roster.changing import changed_fields, elements_of_merged, remember, reseal, set_columns
from incident.roster.checks import judge
from incident.roster.elements import bits_of, elements_of
from incident.roster.matching.likeness import Likeness
from incident.roster.person import Address, Audience, is_deceased, is_minor
from incident.roster.reasons import Flag
from incident.roster.record import Row, Status
from incident.roster.rows import one
from incident.roster.tables import Place, flags, insert_many, matching, pairs, people, set_aside
from incident.roster.vault import Vault

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[Address, str]).decode
_LIVE = frozenset({Status.ACCEPTED.value, Status.QUARANTINED.value})
_SCALE = 1_000
_MARK = int(Flag.POSSIBLE_DUPLICATE)


class Waiting(msgspec.Struct, frozen=True):
    """A pair that waits for a decision.

    `rows` are the rows that stand for the two people now, `listed` the rows that were found alike: another row may
    have been merged since. `score` is the probability that they are one person, `reasons` say why, by code.
    """

    rows: tuple[int, int]
    listed: tuple[int, int]
    score: float
    reasons: tuple[str, ...]


def digest(found: Iterable[tuple[int, int]]) -> str:
    """What the log keeps of the pairs of a list; see `PairsSuggested`."""
    return sha256(b"".join(a.to_bytes(8, "big") + b.to_bytes(8, "big") for a, b in sorted(found))).hexdigest()


def obstacle(one_row: Row, other: Row, on: date) -> str:
    """Why two rows must not become one person; empty where nothing forbids it.

    A merge across the line between the living and the dead tells somebody's family that they died, or writes to the
    dead; across the line of majority it writes to a parent about an adult. Whoever is sure corrects the wrong row
    first.
    """
    if one_row.person is None or other.person is None:
        return "no person could be read from one of them: exclude that row instead"
    a, b = one_row.person, other.person
    if is_deceased(a) != is_deceased(b):
        return "one is deceased and the other is not: correct the one that is wrong first"
    minors = (is_minor(a, on), is_minor(b, on))
    if True in minors and None in minors:
        return "one is a minor and the age of the other is not known: put in the date of birth first"
    if True in minors and False in minors:
        return "one is a minor and the other is not: correct the date of birth that is wrong first"
    return ""


class Duplicates:
    """The pairs of the lists of a vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    # --- pairs

    def keep(self, roster_id: UUID, found: Sequence[Likeness]) -> None:
        """Keep the pairs of a list that is being imported, in the place of any that were kept before."""
        with self._vault._writing() as connection:
            place = self._vault._place(connection, roster_id)
            connection.execute(delete(pairs).where(pairs.c.roster == place.number))
            insert_many(
                connection,
                pairs,
                [
                    (place.number, *sorted(each.rows), round(each.score * _SCALE), ",".join(each.reasons), 0)
                    for each in found
                ],
            )
            _mark(connection, place)

    def waiting(self, roster_id: UUID) -> tuple[Waiting, ...]:
        """The pairs that wait for a decision, likeliest first."""
        with self._vault._reading() as connection:
            return _waiting(connection, self._vault._place(connection, roster_id))

    def apart(self, roster_id: UUID) -> tuple[tuple[int, int], ...]:
        """The pairs that were found to be two people each."""
        with self._vault._reading() as connection:
            place = self._vault._place(connection, roster_id)
            query = select(pairs.c.low, pairs.c.high).where(pairs.c.roster == place.number, pairs.c.apart != 0)
            return tuple((low, high) for low, high in connection.execute(query.order_by(pairs.c.low, pairs.c.high)))

    def set_apart(self, roster_id: UUID, decided: Iterable[tuple[int, int]], *, apart: bool) -> None:
        """Say of pairs, as they are listed, that they are two people each, or that it is open again."""
        with self._vault._writing() as connection:
            place = self._vault._place(connection, roster_id)
            rows = [{"one": low, "other": high} for low, high in decided]
            if rows:
                connection.execute(
                    update(pairs)
                    .where(
                        pairs.c.roster == place.number,
                        pairs.c.low == bindparam("one"),
                        pairs.c.high == bindparam("other"),
                    )
                    .values(apart=int(apart)),
                    rows,
                )
            _mark(connection, place)

    def standing(self, roster_id: UUID, rows: Iterable[int]) -> dict[int, Row]:
        """These rows as they stand beside their envelopes, without the people: nothing is opened."""
        with self._vault._reading() as connection:
            place = self._vault._place(connection, roster_id)
            ids = sorted({place.id(row) for row in rows})
            found: dict[int, Row] = {}
            for at in range(0, len(ids), 500):
                query = select(people).where(people.c.id.in_(ids[at : at + 500]))
                for held in connection.execute(query):
                    found[place.row(held.id)] = Row(
                        row=place.row(held.id), status=Status(held.status), state=held.state, flags=Flag(held.flags),
                        audience=Audience(held.audience) if held.audience else None,
                        elements=elements_of(held.elements), merged_into=held.merged_into, person=None, findings=(),
                        original={}, revision=held.revision,
                    )  # fmt: skip
        return found

    # --- rows

    def merge(self, roster_id: UUID, row: int, into: int, on: date, *, take_address: bool = False) -> None:
        """Let a row count as the person of another one, which must be accepted, and which may take its address.

        Raises:
            OutOfOrder: one of them has no person of its own any more, or the other is not accepted.
            InvalidInput: the two must not be one person (see `obstacle`), or are one row.
        """
        if row == into:
            raise InvalidInput(f"row {row}: a row is not merged into itself")
        with self._vault._writing() as connection:
            place = self._vault._place(connection, roster_id)
            held, other = one(connection, place, row), one(connection, place, into)
            if held.status not in _LIVE:
                raise OutOfOrder(f"row {row}: not accepted or in quarantine but {held.status}")
            if other.status is not Status.ACCEPTED:
                raise OutOfOrder(f"row {into}: it is to be the one person, and is not accepted but {other.status}")
            if reason := obstacle(held, other, on):
                raise InvalidInput(f"rows {row} and {into}: {reason}")
            remember(connection, place, held)
            if take_address:
                _take_address(connection, place, held, other, on)
            else:
                remember(connection, place, other)
            set_columns(connection, place, row, status=Status.MERGED.value, merged_into=into, audience=None)
            set_columns(connection, place, into, elements=bits_of(other.elements) | bits_of(held.elements))
            _mark(connection, place)

    def unmerge(self, roster_id: UUID, row: int, becomes: Status, on: date) -> None:
        """Let a merged row stand on its own again.

        Raises:
            OutOfOrder: it is not merged, or the row it went into was merged itself.
        """
        with self._vault._writing() as connection:
            place = self._vault._place(connection, roster_id)
            held = one(connection, place, row)
            if held.status is not Status.MERGED or held.merged_into is None or held.person is None:
                raise OutOfOrder(f"row {row}: not merged but {held.status}")
            other = one(connection, place, held.merged_into)
            if other.status is not Status.ACCEPTED or other.person is None:
                raise OutOfOrder(
                    f"row {row}: row {other.row}, which it went into, was merged into row {other.merged_into}; "
                    "take that back first"
                )
            remember(connection, place, held)
            _give_back_address(connection, place, held, other, on)
            audience = judge(held.person, on)[1] if becomes is Status.ACCEPTED else None
            set_columns(
                connection, place, row, status=becomes.value, merged_into=None,
                audience=audience.value if audience else None,
            )  # fmt: skip
            own = bits_of(other.person.data_elements)
            set_columns(connection, place, other.row, elements=own | elements_of_merged(connection, place, other.row))
            _mark(connection, place)


def _take_address(connection: Connection, place: Place, held: Row, other: Row, on: date) -> None:
    """Let a person have the address and State of residence of a row that goes into them; what they had is set aside."""
    assert held.person is not None
    assert other.person is not None
    if not held.person.address.given:
        raise InvalidInput(f"row {held.row}: it has no address to take")
    person = msgspec.structs.replace(other.person, address=held.person.address, state=held.person.state)
    remember(connection, place, other, changed_fields(other.person, person))
    if person == other.person:
        return
    had = _encode((other.person.address, other.person.state))
    envelope, wrapped_key = place.sealer.seal(place.roster, held.row, had)
    connection.execute(delete(set_aside).where(set_aside.c.id == place.id(held.row)))
    insert_many(connection, set_aside, [(place.id(held.row), envelope, wrapped_key)])
    reseal(connection, place, other, person, on)


def _give_back_address(connection: Connection, place: Place, held: Row, other: Row, on: date) -> None:
    """Let a person have again what was set aside; an address that was corrected since stays."""
    assert held.person is not None
    assert other.person is not None
    kept = connection.execute(select(set_aside).where(set_aside.c.id == place.id(held.row))).one_or_none()
    person = other.person
    if kept is not None:
        connection.execute(delete(set_aside).where(set_aside.c.id == place.id(held.row)))
        if person.address == held.person.address:
            had = _decode(place.sealer.open(place.roster, held.row, kept.envelope, kept.wrapped_key))
            person = msgspec.structs.replace(person, address=had[0], state=had[1])
    remember(connection, place, other, changed_fields(other.person, person))
    if person != other.person:
        reseal(connection, place, other, person, on)


def _waiting(connection: Connection, place: Place) -> tuple[Waiting, ...]:
    found = connection.execute(
        select(pairs.c.low, pairs.c.high, pairs.c.score, pairs.c.reasons)
        .where(pairs.c.roster == place.number, pairs.c.apart == 0)
        .order_by(pairs.c.score.desc(), pairs.c.low, pairs.c.high)
    ).all()
    if not found:
        return ()
    # By status there is an index; a list may have a million rows.
    merged = matching(select(people.c.id, people.c.merged_into), place, status=Status.MERGED)
    into, linked = {}, set()
    for each in connection.execute(merged):
        if each.merged_into is None:
            linked.add(place.row(each.id))  # it is a person of another list, and pairs across tell of it
        else:
            into[place.row(each.id)] = each.merged_into
    gone = linked | {
        place.row(person_id)
        for status in (Status.EXCLUDED, Status.ERASED)
        for person_id in connection.execute(matching(select(people.c.id), place, status=status)).scalars()
    }
    decided = select(pairs.c.low, pairs.c.high).where(pairs.c.roster == place.number, pairs.c.apart != 0)
    apart = {(low, high) for low, high in connection.execute(decided)}
    waiting: dict[tuple[int, int], Waiting] = {}
    for low, high, score, reasons in found:
        one_row, other = sorted((_end(low, into), _end(high, into)))
        if one_row == other or {one_row, other} & gone or (one_row, other) in apart:
            continue
        pair = Waiting((one_row, other), (low, high), score / _SCALE, tuple(filter(None, reasons.split(","))))
        waiting.setdefault(pair.rows, pair)
    return tuple(waiting.values())


def _end(row: int, into: Mapping[int, int]) -> int:
    """The row that stands for the person."""
    while row in into:
        row = into[row]
    return row


def _mark(connection: Connection, place: Place) -> None:
    """Let the flag say of exactly those rows that wait with another that they are possible duplicates."""
    rows = {place.id(row) for pair in _waiting(connection, place) for row in pair.rows}
    query = select(flags.c.id).where(flags.c.flag == _MARK, place.holds(flags.c.id))
    marked = set(connection.execute(query).scalars())
    raised, lowered = sorted(rows - marked), sorted(marked - rows)
    if raised:
        connection.execute(
            update(people).where(people.c.id == bindparam("person")).values(flags=people.c.flags.bitwise_or(_MARK)),
            [{"person": each} for each in raised],
        )
        insert_many(connection, flags, [(_MARK, each) for each in raised])
    if lowered:
        connection.execute(
            update(people).where(people.c.id == bindparam("person")).values(flags=people.c.flags.bitwise_and(~_MARK)),
            [{"person": each} for each in lowered],
        )
        connection.execute(
            delete(flags).where(flags.c.flag == _MARK, flags.c.id == bindparam("person")),
            [{"person": each} for each in lowered],
        )

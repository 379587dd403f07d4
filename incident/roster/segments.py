"""Segments of a roster: runs of rows sealed together, and the proof that nobody in them was changed.

The vault keeps the leaf hashes of a segment, the log its Merkle root: a row that was corrected or erased since is still
under the root, though its first envelope is gone.
"""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import Connection, func, insert, select

from incident.errors import NotFound
from incident.roster import blind_index, tables
from incident.roster.commitments import HASH_SIZE, InclusionProof, leaf_hash, merkle_root, prove
from incident.roster.preparing import Prepared
from incident.roster.reasons import bits_of_flags
from incident.roster.record import Status
from incident.roster.tables import Place, insert_many


class Segment(msgspec.Struct, frozen=True):
    """A run of rows and the Merkle root over their envelopes, in hex."""

    number: int
    count: int
    merkle_root: str


def write_segment(connection: Connection, place: Place, number: int, rows: Sequence[Prepared]) -> Segment:
    """Insert a run of prepared rows, in ascending order, and everything there is about them."""
    base, words_of = place.first, {status: status.value for status in Status}
    people = [
        (base | row.row, words_of[row.status], row.state, row.flags, row.elements, row.audience, row.merged_into, 0)
        for row in rows
    ]
    flags = [(bit, base | row.row) for row in rows if row.flags for bit in bits_of_flags(row.flags)]
    sealed = [(base | row.row, row.envelope, row.wrapped_key) for row in rows]
    leaves = [leaf_hash(row.envelope) for row in rows]
    root = merkle_root(leaves)
    connection.execute(
        insert(tables.segments).values(
            roster=place.number, number=number, first=people[0][0], last=people[-1][0], count=len(rows), root=root,
            leaves=b"".join(leaves),
        )
    )  # fmt: skip
    flags.sort()  # neighbours in the index are written together
    insert_many(connection, tables.people, people)
    insert_many(connection, tables.flags, flags)
    insert_many(connection, tables.sealed, sealed)
    blind_index.write_segment(connection, place, number, b"".join([row.index for row in rows]))
    return Segment(number, len(rows), root.hex())


def segments_of(connection: Connection, place: Place) -> tuple[Segment, ...]:
    """The segments of a roster in order."""
    table = tables.segments
    query = select(table.c.number, table.c.count, table.c.root).where(table.c.roster == place.number)
    found = connection.execute(query.order_by(table.c.number))
    return tuple(Segment(number, count, root.hex()) for number, count, root in found)


def segment_of(connection: Connection, place: Place, row: int) -> int:
    """The number of the segment that a row was sealed in."""
    table, person_id = tables.segments, place.id(row)
    query = select(table.c.number).where(
        table.c.roster == place.number, table.c.first <= person_id, table.c.last >= person_id
    )
    return int(connection.execute(query).scalar_one())


def prove_row(connection: Connection, place: Place, row: int) -> tuple[int, InclusionProof]:
    """The segment of a row, and the proof that its envelope, as imported, is under the segment's root."""
    person_id, people, table = place.id(row), tables.people, tables.segments
    segment = connection.execute(
        select(table).where(table.c.roster == place.number, table.c.first <= person_id, table.c.last >= person_id)
    ).one_or_none()
    exists = connection.execute(select(people.c.id).where(people.c.id == person_id)).one_or_none()
    if segment is None or exists is None:
        raise NotFound(f"row {row}: the roster has no person on that line")
    before = select(func.count()).select_from(people).where(people.c.id >= segment.first, people.c.id < person_id)
    return segment.number, prove(_split(segment.leaves), connection.execute(before).scalar_one())


def faults(connection: Connection, place: Place, roots: Mapping[int, str]) -> tuple[str, ...]:
    """Compare the vault with the Merkle roots of the log (segment number -> hex); a line for each fault.

    Rows that were corrected or erased since are covered by the root, but no longer by an envelope to compare.
    """
    table = tables.segments
    kept = {found.number: found for found in connection.execute(select(table).where(table.c.roster == place.number))}
    lines: list[str] = []
    for number in sorted(kept.keys() | roots.keys()):
        if number not in kept or number not in roots:
            lines.append(f"segment {number}: in the {'log' if number in roots else 'vault'} only")
            continue
        leaves = _split(kept[number].leaves)
        if merkle_root(leaves).hex() != roots[number]:
            lines.append(f"segment {number}: the commitment does not match the log")
            continue
        lines += _segment_faults(connection, place, number, (kept[number].first, kept[number].last), leaves)
    return tuple(lines)


def _segment_faults(
    connection: Connection, place: Place, number: int, span: tuple[int, int], leaves: list[bytes]
) -> list[str]:
    people, sealed = tables.people, tables.sealed
    rows = connection.execute(
        select(people.c.id, people.c.status, people.c.revision, sealed.c.envelope)
        .select_from(people.outerjoin(sealed, sealed.c.id == people.c.id))
        .where(people.c.id.between(*span))
        .order_by(people.c.id)
    ).all()
    if len(rows) != len(leaves):
        return [f"segment {number}: {len(rows)} rows where {len(leaves)} were sealed"]
    return [
        f"row {place.row(person_id)}: the envelope is not the one that was sealed"
        for leaf, (person_id, status, revision, envelope) in zip(leaves, rows, strict=True)
        if not revision and status != Status.ERASED and (envelope is None or leaf_hash(envelope) != leaf)
    ]


def _split(leaves: bytes) -> list[bytes]:
    return [leaves[start : start + HASH_SIZE] for start in range(0, len(leaves), HASH_SIZE)]

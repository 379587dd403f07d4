"""Changing one person of a roster: deciding on a quarantined row, correcting, erasing. Nothing else changes a row.

A changed row is sealed anew under a fresh key; its old envelope and key are gone from the file.
"""

import functools
import operator
from collections.abc import Iterable
from datetime import date

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from incident.errors import InvalidInput, OutOfOrder
from incident.roster import blind_index, call_keys
from incident.roster import segments as sealed_segments
from incident.roster.checks import judge
from incident.roster.commitments import leaf_hash
from incident.roster.elements import bits_of, elements_of
from incident.roster.person import Audience, Person
from incident.roster.preparing import Envelope, encode
from incident.roster.reasons import Flag, bits_of_flags, flags_of
from incident.roster.record import Row, Status
from incident.roster.rows import COLUMNS, one, read
from incident.roster.tables import (
    Place,
    flags,
    insert_many,
    matching,
    pairs,
    pairs_across,
    people,
    sealed,
    set_aside,
    unrecorded,
)
from incident.roster.words import words_of

KEPT = Flag.POSSIBLE_DUPLICATE | Flag.OUT_OF_DATE
"""Flags that do not come from the findings of a row and stay when it is sealed anew."""


class Change(msgspec.Struct, frozen=True):
    """A change of one row: the row as the log has it (without the person), as the vault has it now, and what changed.

    `commitment` is the leaf hash (hex) of the envelope now; `fields` are the fields of the person that changed.
    """

    before: Row
    after: Row
    commitment: str
    fields: tuple[str, ...]


def resolve_quarantine(
    connection: Connection, place: Place, row: int, *, accept: bool, person: Person | None, on: date | None
) -> Row:
    """Accept a quarantined row, as it is or with the person corrected, or exclude it for good."""
    held = one(connection, place, row)
    if held.status is not Status.QUARANTINED:
        raise OutOfOrder(f"row {row}: not in quarantine but {held.status}")
    remember(connection, place, held)
    if not accept:
        set_columns(connection, place, row, status=Status.EXCLUDED.value)
    else:
        person = person or held.person
        if person is None or on is None:
            raise InvalidInput(f"row {row}: give the person and the date to accept this row")
        reseal(connection, place, held, person, on)
    return one(connection, place, row)


def correct(connection: Connection, place: Place, row: int, person: Person, on: date) -> Row:
    """Replace what is known of an accepted person."""
    held = one(connection, place, row)
    if held.status is not Status.ACCEPTED:
        raise OutOfOrder(f"row {row}: not accepted but {held.status}")
    remember(connection, place, held, changed_fields(held.person, person))
    reseal(connection, place, held, person, on)
    return one(connection, place, row)


def erase(connection: Connection, place: Place, row: int) -> tuple[int, ...]:
    """Destroy the key, envelope and index entries of a person and of the rows merged with it; return the rows."""
    root = row
    while (above := one(connection, place, root).merged_into) is not None:
        root = above
    doomed = [one(connection, place, root)]
    for each in doomed:  # grows while it is gone through: rows can be merged into merged rows
        merged = matching(select(*COLUMNS), place, status=Status.MERGED).where(people.c.merged_into == each.row)
        doomed += read(connection, place, merged)
    family = {each.row for each in doomed}
    for each in doomed:
        remember(connection, place, each)
        reindex(connection, place, each, None)
        reflag(connection, place, each, Flag(0))
    # Those that an erasure which broke off took along.
    before = {place.id(one) for one, was in unrecorded_rows(connection, place).items() if was.merged_into in family}
    ids = sorted({place.id(each.row) for each in doomed} | before)
    for table in (sealed, set_aside):
        connection.execute(delete(table).where(table.c.id.in_(ids)))
    call_keys.destroy_of(connection, ids)
    # That there was a pair is what the log commits to; what the two had in common goes.
    gone = [place.row(person_id) for person_id in ids]
    connection.execute(
        update(pairs)
        .where(pairs.c.roster == place.number, pairs.c.low.in_(gone) | pairs.c.high.in_(gone))
        .values(score=0, reasons="")
    )
    connection.execute(
        update(pairs_across)
        .where(pairs_across.c.low.in_(ids) | pairs_across.c.high.in_(ids))
        .values(score=0, reasons="")
    )
    connection.execute(
        update(people)
        .where(people.c.id.in_(ids))
        .values(status=Status.ERASED.value, flags=0, elements=0, audience=None, merged_into=None)
    )
    return tuple(place.row(person_id) for person_id in ids)


def changed_fields(before: Person | None, after: Person) -> tuple[str, ...]:
    """The fields of a person that differ, by name."""
    return tuple(
        name for name in Person.__struct_fields__ if before is None or getattr(before, name) != getattr(after, name)
    )


# --- what the log does not have yet


def remember(connection: Connection, place: Place, held: Row, fields: tuple[str, ...] = ()) -> None:
    """Keep what a row is before it changes; what it was before an earlier change that was not recorded stays."""
    if held.status is Status.ERASED:
        return
    known = connection.execute(select(unrecorded.c.fields).where(unrecorded.c.id == place.id(held.row))).scalar()
    if known is not None:
        together = ",".join(dict.fromkeys(filter(None, (*known.split(","), *fields))))
        connection.execute(update(unrecorded).where(unrecorded.c.id == place.id(held.row)).values(fields=together))
        return
    connection.execute(
        insert(unrecorded).values(
            id=place.id(held.row), status=held.status.value, state=held.state, flags=int(held.flags),
            elements=bits_of(held.elements), audience=held.audience.value if held.audience else None,
            merged_into=held.merged_into, revision=held.revision, fields=",".join(fields),
        )
    )  # fmt: skip


def unrecorded_rows(connection: Connection, place: Place, row: int | None = None) -> dict[int, Row]:
    """Rows (None: all) as they were before changes that the log does not have yet, without the people."""
    wanted = place.holds(unrecorded.c.id) if row is None else unrecorded.c.id == place.id(row)
    found = connection.execute(select(unrecorded).where(wanted))
    return {
        place.row(was.id): Row(
            row=place.row(was.id), status=Status(was.status), state=was.state, flags=Flag(was.flags),
            audience=Audience(was.audience) if was.audience else None, elements=elements_of(was.elements),
            merged_into=was.merged_into, person=None, findings=(), original={}, revision=was.revision,
        )
        for was in found
    }  # fmt: skip


def change_of(connection: Connection, place: Place, row: int) -> Change | None:
    """The change of a row that the log does not have yet; None where there is none."""
    before = unrecorded_rows(connection, place, row).get(row)
    if before is None:
        return None
    person_id = place.id(row)
    fields = connection.execute(select(unrecorded.c.fields).where(unrecorded.c.id == person_id)).scalar_one()
    envelope = connection.execute(select(sealed.c.envelope).where(sealed.c.id == person_id)).scalar_one_or_none()
    return Change(
        before,
        one(connection, place, row),
        leaf_hash(envelope).hex() if envelope is not None else "",
        tuple(filter(None, fields.split(","))),
    )


def forget_unrecorded(connection: Connection, place: Place, rows: Iterable[int]) -> None:
    """The log has the changes of these rows."""
    connection.execute(delete(unrecorded).where(unrecorded.c.id.in_([place.id(row) for row in rows])))


# --- the parts of a change


def reseal(connection: Connection, place: Place, held: Row, person: Person, on: date) -> None:
    """Accept this person on the row, in a new envelope; everything beside the envelope follows."""
    if not person.name.strip():
        raise InvalidInput(f"row {held.row}: name: a person cannot be addressed without a name")
    found, audience = judge(person, on)
    findings = tuple(found)
    raised, person_id = flags_of(findings) | (held.flags & KEPT), place.id(held.row)
    content = encode(Envelope(person, findings, held.original))
    envelope, wrapped_key = place.sealer.seal(place.roster, held.row, content)
    connection.execute(
        update(sealed).where(sealed.c.id == person_id).values(envelope=envelope, wrapped_key=wrapped_key)
    )
    reindex(connection, place, held, person)
    reflag(connection, place, held, raised)
    set_columns(
        connection, place, held.row, status=Status.ACCEPTED.value, state=person.state, flags=int(raised),
        elements=elements_of_merged(connection, place, held.row) | bits_of(person.data_elements),
        audience=audience.value if audience else None, revision=people.c.revision + 1,
    )  # fmt: skip


def elements_of_merged(connection: Connection, place: Place, row: int) -> int:
    """The kinds of data, as bits, of the rows that were merged into a row."""
    merged = select(people.c.elements).where(place.holds(people.c.id), people.c.merged_into == row)
    return functools.reduce(operator.or_, connection.execute(merged).scalars(), 0)


def mark(connection: Connection, place: Place, row: int, flag: Flag, *, on: bool) -> None:
    """Raise or lower a flag that does not come from the findings of the row."""
    held = one(connection, place, row)
    raised = held.flags | flag if on else held.flags & ~flag
    if raised != held.flags:
        reflag(connection, place, held, raised)
        set_columns(connection, place, row, flags=int(raised))


def reindex(connection: Connection, place: Place, held: Row, person: Person | None) -> None:
    """Let the index find the row by what the person is now (None: not at all)."""
    old, new = (
        [place.sealer.token(word) for word in words_of(someone)] if someone else [] for someone in (held.person, person)
    )
    number = sealed_segments.segment_of(connection, place, held.row)
    blind_index.replace(connection, place, number, held.row, old=old, new=new)


def reflag(connection: Connection, place: Place, held: Row, raised: Flag) -> None:
    """Let the list of flags name the row under these, and under none of those it had."""
    person_id = place.id(held.row)
    connection.execute(delete(flags).where(flags.c.flag.in_(bits_of_flags(held.flags)), flags.c.id == person_id))
    insert_many(connection, flags, [(bit, person_id) for bit in bits_of_flags(raised)])


def set_columns(connection: Connection, place: Place, row: int, **values: object) -> None:
    """Set columns of a row that stand beside its envelope."""
    connection.execute(update(people).where(people.c.id == place.id(row)).values(**values))

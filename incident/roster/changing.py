"""Changing one person of a roster: deciding on a quarantined row, correcting, erasing. Nothing else changes a row.

A changed row is sealed anew under a fresh key; its old envelope and key are gone from the file.
"""

from datetime import date

from sqlalchemy import Connection, delete, select, update

from incident.errors import InvalidInput, OutOfOrder
from incident.roster import blind_index
from incident.roster import segments as sealed_segments
from incident.roster.checks import judge
from incident.roster.elements import bits_of
from incident.roster.person import Person
from incident.roster.preparing import Envelope, encode
from incident.roster.reasons import Flag, bits_of_flags, flags_of
from incident.roster.record import Row, Status
from incident.roster.rows import COLUMNS, one, read
from incident.roster.tables import Place, flags, insert_many, matching, people, sealed
from incident.roster.words import words_of


def resolve_quarantine(
    connection: Connection, place: Place, row: int, *, accept: bool, person: Person | None, on: date | None
) -> Row:
    """Accept a quarantined row, as it is or with the person corrected, or exclude it for good."""
    held = one(connection, place, row)
    if held.status is not Status.QUARANTINED:
        raise OutOfOrder(f"row {row}: not in quarantine but {held.status}")
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
    reseal(connection, place, held, person, on)
    return one(connection, place, row)


def erase(connection: Connection, place: Place, row: int) -> tuple[int, ...]:
    """Destroy the key, envelope and index entries of a person and of the rows merged with it; return the rows."""
    root = one(connection, place, row).merged_into or row
    merged = matching(select(*COLUMNS), place, status=Status.MERGED).where(people.c.merged_into == root)
    doomed = (one(connection, place, root), *read(connection, place, merged))
    for each in doomed:
        reindex(connection, place, each, None)
        reflag(connection, place, each, Flag(0))
    ids = sorted(place.id(each.row) for each in doomed)
    connection.execute(delete(sealed).where(sealed.c.id.in_(ids)))
    connection.execute(
        update(people)
        .where(people.c.id.in_(ids))
        .values(status=Status.ERASED.value, flags=0, elements=0, audience=None, merged_into=None)
    )
    return tuple(place.row(person_id) for person_id in ids)


def reseal(connection: Connection, place: Place, held: Row, person: Person, on: date) -> None:
    """Accept this person on the row, in a new envelope; everything beside the envelope follows."""
    if not person.name.strip():
        raise InvalidInput(f"row {held.row}: name: a person cannot be addressed without a name")
    found, audience = judge(person, on)
    findings = tuple(found)
    raised, person_id = flags_of(findings), place.id(held.row)
    content = encode(Envelope(person, findings, held.original))
    envelope, wrapped_key = place.sealer.seal(place.roster, held.row, content)
    connection.execute(
        update(sealed).where(sealed.c.id == person_id).values(envelope=envelope, wrapped_key=wrapped_key)
    )
    reindex(connection, place, held, person)
    reflag(connection, place, held, raised)
    set_columns(
        connection, place, held.row, status=Status.ACCEPTED.value, state=person.state, flags=int(raised),
        elements=bits_of(held.elements) | bits_of(person.data_elements),
        audience=audience.value if audience else None, revision=people.c.revision + 1,
    )  # fmt: skip


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

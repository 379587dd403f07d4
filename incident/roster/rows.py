"""Reading rows of a roster: pages, places and counts from the clear columns, people by opening their envelopes."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, select

from incident.errors import CaseUnusable, NotFound
from incident.roster import blind_index
from incident.roster.elements import elements_of
from incident.roster.person import Audience
from incident.roster.preparing import Envelope
from incident.roster.reasons import Flag
from incident.roster.record import Row, Status
from incident.roster.tables import Place, matching, people, sealed, segments
from incident.roster.words import words_of, words_sought

_AT_ONCE = 500
"""Rows asked for by number in one query: a database takes only so many parameters."""
_decode = msgspec.msgpack.Decoder(Envelope).decode

COLUMNS = (
    people.c.id,
    people.c.status,
    people.c.state,
    people.c.flags,
    people.c.elements,
    people.c.audience,
    people.c.merged_into,
    people.c.revision,
    sealed.c.envelope,
    sealed.c.wrapped_key,
)


class Selection(msgspec.Struct, frozen=True):
    """Which rows are meant: by State (`""`: not known), status and one flag; None: any."""

    state: str | None = None
    status: Status | None = None
    flag: Flag | None = None

    def narrow(self, query: Select[Any], place: Place) -> Select[Any]:
        """The query narrowed to these rows of a roster."""
        return matching(query, place, state=self.state, status=self.status, flag=self.flag)


def page(connection: Connection, place: Place, chosen: Selection, *, after_row: int, limit: int) -> tuple[Row, ...]:
    """A page of rows in file order after a row; the cost does not depend on the size of the roster."""
    query = chosen.narrow(select(*COLUMNS), place)
    return read(connection, place, query.where(people.c.id > place.id(after_row)).order_by(people.c.id).limit(limit))


def count(connection: Connection, place: Place, chosen: Selection) -> int:
    """How many rows match."""
    return int(connection.execute(chosen.narrow(select(func.count()).select_from(people), place)).scalar_one())


def row_at(connection: Connection, place: Place, chosen: Selection, index: int) -> int | None:
    """The row at a place, counted from 0, among those that match; None past the end. Opens no envelope."""
    if chosen == Selection():
        return _row_of_all(connection, place, index)
    query = chosen.narrow(select(people.c.id), place).order_by(people.c.id).offset(index).limit(1)
    found = connection.execute(query).scalar_one_or_none()
    return place.row(found) if found is not None else None


def _row_of_all(connection: Connection, place: Place, index: int) -> int | None:
    """The row at a place among all: the segments know how many rows they hold, so that few are passed over."""
    spans = select(segments.c.first, segments.c.last, segments.c.count).where(segments.c.roster == place.number)
    for first, last, count in connection.execute(spans.order_by(segments.c.number)):
        if index < count:
            query = select(people.c.id).where(people.c.id.between(first, last)).order_by(people.c.id).offset(index)
            found = connection.execute(query.limit(1)).scalar_one_or_none()
            return place.row(found) if found is not None else None
        index -= count
    return None


def place_of(connection: Connection, place: Place, chosen: Selection, row: int) -> int:
    """How many of the rows that match stand before a row: its place, counted from 0."""
    query = chosen.narrow(select(func.count()).select_from(people), place)
    return int(connection.execute(query.where(people.c.id < place.id(row))).scalar_one())


def one(connection: Connection, place: Place, row: int) -> Row:
    """One row. Raises NotFound where the roster has none on that line."""
    found = read(connection, place, select(*COLUMNS).where(people.c.id == place.id(row)))
    if not found:
        raise NotFound(f"row {row}: the roster has no person on that line")
    return found[0]


def some(connection: Connection, place: Place, wanted: Iterable[int]) -> dict[int, Row]:
    """These rows, as far as the roster has them."""
    ids = sorted({place.id(row) for row in wanted})
    found: dict[int, Row] = {}
    for at in range(0, len(ids), _AT_ONCE):
        query = select(*COLUMNS).where(people.c.id.in_(ids[at : at + _AT_ONCE]))
        found |= {row.row: row for row in read(connection, place, query)}
    return found


def search(connection: Connection, place: Place, text: str, *, after_row: int, limit: int) -> tuple[Row, ...]:
    """Rows whose name words, e-mail address or number and street match all of the text, in file order."""
    sought = words_sought(text)
    if not sought:
        return ()
    holding = (blind_index.rows_with(connection, place, place.sealer.token(word)) for word in sorted(sought))
    rows = sorted(row for row in set.intersection(*holding) if row > after_row)[:limit]
    ids = [place.id(row) for row in rows]
    found = read(connection, place, select(*COLUMNS).where(people.c.id.in_(ids)).order_by(people.c.id))
    # A token is cut short: what only seems to match is told apart here.
    return tuple(row for row in found if row.person is not None and sought <= words_of(row.person))


def read(connection: Connection, place: Place, query: Select[Any]) -> tuple[Row, ...]:
    """The rows of a query over `COLUMNS`, opened.

    Raises:
        CaseUnusable: an envelope is missing or does not open.
    """
    query = query.select_from(people.outerjoin(sealed, sealed.c.id == people.c.id))
    return tuple(_row(place, found) for found in connection.execute(query))


def _row(place: Place, found: Sequence[Any]) -> Row:
    person_id, status, state, set_flags, elements, audience, merged_into, revision, envelope, wrapped_key = found
    row = place.row(person_id)
    if envelope is not None and wrapped_key is not None:
        content = _decode(place.sealer.open(place.roster, row, envelope, wrapped_key))
    elif status == Status.ERASED:
        content = Envelope(None, (), {})
    else:
        raise CaseUnusable(f"row {row} of the roster is damaged: what was sealed is missing")
    return Row(
        row=row,
        status=Status(status),
        state=state,
        flags=Flag(set_flags),
        audience=Audience(audience) if audience else None,
        elements=elements_of(elements),
        merged_into=merged_into,
        person=content.person,
        findings=(*content.findings, "duplicate") if merged_into is not None else content.findings,
        original=content.original,
        revision=revision,
    )

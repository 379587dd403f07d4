"""The tables of the vault, and a roster's place in them.

Columns that are searched hold nothing about who somebody is: row, status, State, flags, kinds of data, who reads the
letter. Every person has one number, `roster << 40 | row`, so that a page of a roster is a range of the primary key.
"""

from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    Uuid,
    insert,
    select,
)

from incident.roster.reasons import Flag, bits_of_flags
from incident.roster.record import Status
from incident.roster.sealing import Sealer

ROW_BITS = 40

metadata = MetaData()
# SQLite numbers rows by this type only.
_number = BigInteger().with_variant(Integer, "sqlite")

rosters = Table(
    "rosters",
    metadata,
    Column("number", _number, primary_key=True, autoincrement=False),
    Column("roster", Uuid, nullable=False, unique=True),
    Column("incident", Uuid, nullable=False),
    Column("import_sha256", Text, nullable=False),
)

# A run of rows: `first` and `last` are people, `leaves` the hashes of their envelopes, 32 bytes each, in row order.
segments = Table(
    "segments",
    metadata,
    Column("roster", _number, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("first", _number, nullable=False),
    Column("last", _number, nullable=False),
    Column("count", Integer, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("leaves", LargeBinary, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", _number, primary_key=True, autoincrement=False),
    Column("status", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("flags", Integer, nullable=False),
    Column("elements", Integer, nullable=False),
    Column("audience", Text),
    Column("merged_into", _number),
    # Grows whenever the row is sealed anew; 0 is the envelope that the segment's root commits to.
    Column("revision", Integer, nullable=False),
    Index("people_by_status", "status", "id"),
    Index("people_by_state_and_status", "state", "status", "id"),
)

# One row a flag that is set, so that a page of flagged people is found without reading the others.
flags = Table(
    "flags",
    metadata,
    Column("flag", Integer, primary_key=True, autoincrement=False),
    Column("id", _number, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# Gone once the person is erased.
sealed = Table(
    "sealed",
    metadata,
    Column("id", _number, primary_key=True, autoincrement=False),
    Column("envelope", LargeBinary, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
)

# What a row was before a change that the log does not have yet: a command that broke off between vault and log is given
# again, and says from this what the person counted as. Gone once the log has the change. It names nobody.
unrecorded = Table(
    "unrecorded",
    metadata,
    Column("id", _number, primary_key=True, autoincrement=False),
    Column("status", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("flags", Integer, nullable=False),
    Column("elements", Integer, nullable=False),
    Column("audience", Text),
    Column("merged_into", _number),
    Column("revision", Integer, nullable=False),
    # The fields of the person that were changed, parted by commas.
    Column("fields", Text, nullable=False),
)

# Two rows of a roster that may be one person; see `duplicates`. `score` in thousandths, `reasons` codes parted by
# commas, `apart` once a person said that they are two.
pairs = Table(
    "pairs",
    metadata,
    Column("roster", _number, primary_key=True),
    Column("low", _number, primary_key=True),
    Column("high", _number, primary_key=True),
    Column("score", Integer, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("apart", Integer, nullable=False),
)

# Two rows of two lists of an incident that may be one person; see `across`. `low` is a person of the older list.
pairs_across = Table(
    "pairs_across",
    metadata,
    Column("low", _number, primary_key=True),
    Column("high", _number, primary_key=True),
    Column("score", Integer, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("apart", Integer, nullable=False),
)

# What a person's address was before a merge gave them that of the merged row (`id`): sealed, and put back when the
# merge is taken back.
set_aside = Table(
    "set_aside",
    metadata,
    Column("id", _number, primary_key=True, autoincrement=False),
    Column("envelope", LargeBinary, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
)

# The keys of what was said in calls, wrapped; see `call_keys`. `person` is empty where it is not known who it was.
calls = Table(
    "call_keys",
    metadata,
    Column("call", Uuid, primary_key=True),
    Column("incident", Uuid, nullable=False),
    Column("person", BigInteger, index=True),
    Column("wrapped_key", LargeBinary, nullable=False),
)

# The blind index; see `blind_index`.
index = Table(
    "word_index",
    metadata,
    Column("roster", _number, primary_key=True),
    Column("bucket", Integer, primary_key=True),
    Column("segment", Integer, primary_key=True),
    Column("entries", LargeBinary, nullable=False),
)


class Place:
    """A roster's place in the tables, with what opens its envelopes."""

    __slots__ = ("first", "last", "number", "roster", "sealer")

    def __init__(self, number: int, roster: UUID, sealer: Sealer) -> None:
        self.number = number
        self.roster = roster
        self.sealer = sealer
        self.first = number << ROW_BITS
        self.last = self.first | ((1 << ROW_BITS) - 1)

    def id(self, row: int) -> int:
        """The number of the person on a row."""
        return self.first | row

    def row(self, person_id: int) -> int:
        """The row of a person."""
        return person_id - self.first

    def holds(self, column: Column[int]) -> ColumnElement[bool]:
        """That a column names a person of this roster."""
        return column.between(self.first, self.last)


def insert_many(connection: Connection, table: Table, rows: list[tuple[Any, ...]]) -> None:
    """Insert rows given as tuples in column order.

    The statement is compiled by hand because SQLAlchemy's handling of each row's parameters costs more than the
    insert itself when a roster has a million of them.
    """
    if not rows:
        return
    compiled = insert(table).compile(dialect=connection.dialect)
    if compiled.positional:
        _insert_together(connection, str(compiled), rows)
    else:
        names = [column.name for column in table.columns]
        connection.exec_driver_sql(str(compiled), [dict(zip(names, row, strict=True)) for row in rows])


_TOGETHER = 100
"""Rows of one statement: each statement costs as much as a third of a row. A database takes only so many parameters."""


def _insert_together(connection: Connection, statement: str, rows: list[tuple[Any, ...]]) -> None:
    before, _, values = statement.rpartition("VALUES ")
    several = f"{before}VALUES {', '.join([values] * _TOGETHER)}"
    whole = len(rows) // _TOGETHER * _TOGETHER
    for at in range(0, whole, _TOGETHER):
        connection.exec_driver_sql(several, tuple(chain.from_iterable(rows[at : at + _TOGETHER])))
    if whole < len(rows):
        connection.exec_driver_sql(statement, rows[whole:])


def matching(
    query: Select[Any],
    place: Place,
    *,
    state: str | None = None,
    status: Status | None = None,
    flag: Flag | None = None,
) -> Select[Any]:
    """The query narrowed to people of a roster, by State, status and flag (of several: any)."""
    query = query.where(place.holds(people.c.id))
    if state is not None:
        query = query.where(people.c.state == state)
    if status is not None:
        query = query.where(people.c.status == status.value)
    if flag is not None:
        marked = select(flags.c.id).where(flags.c.flag.in_(bits_of_flags(flag)), place.holds(flags.c.id))
        query = query.where(people.c.id.in_(marked))
    return query

"""The vault: everything the toolkit knows about affected people, one sealed envelope and one wrapped key each.

Columns that are searched hold nothing about who somebody is: row, status, State, flags, kinds of data, who reads the
letter. Names are found through a keyed index of whole words. Deleting a person's key and envelope makes the person
unreadable for good while the commitments in the log stay valid.

Every person has one number: `roster << 40 | row`, so that a page of a roster is a range of the primary key.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
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
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from incident.errors import CaseUnusable, InvalidInput, NotFound, OutOfOrder
from incident.log.database import open_engine, refusals, sqlite_url, writing
from incident.ports import KeyRing
from incident.roster.checks import judge
from incident.roster.commitments import HASH_SIZE, InclusionProof, leaf_hash, merkle_root, prove
from incident.roster.elements import bits_of, elements_of
from incident.roster.person import Audience, Person
from incident.roster.reasons import Flag, flags_of
from incident.roster.record import Checked, Row, Status
from incident.roster.sealing import Sealer
from incident.roster.words import words_of, words_sought

_ROW_BITS = 40
_PAGE = 2_000

_metadata = MetaData()
# SQLite numbers rows by this type only.
_number = BigInteger().with_variant(Integer, "sqlite")

_rosters = Table(
    "rosters",
    _metadata,
    Column("number", _number, primary_key=True),
    Column("roster", Uuid, nullable=False, unique=True),
    Column("incident", Uuid, nullable=False),
    Column("source_sha256", Text, nullable=False),
)
_segments = Table(
    "segments",
    _metadata,
    Column("roster", _number, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("first", _number, nullable=False),
    Column("last", _number, nullable=False),
    Column("count", Integer, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("leaves", LargeBinary, nullable=False),
)
_people = Table(
    "people",
    _metadata,
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
    Index("people_by_state", "state", "id"),
)
_flags = Table(
    "flags",
    _metadata,
    Column("flag", Integer, primary_key=True, autoincrement=False),
    Column("id", _number, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
_envelopes = Table(
    "envelopes",
    _metadata,
    Column("id", _number, primary_key=True, autoincrement=False),
    Column("envelope", LargeBinary, nullable=False),
)
_keys = Table(
    "keys",
    _metadata,
    Column("id", _number, primary_key=True, autoincrement=False),
    Column("wrapped", LargeBinary, nullable=False),
)
_tokens = Table(
    "tokens",
    _metadata,
    Column("token", LargeBinary, primary_key=True),
    Column("id", _number, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)


class _Sealed(msgspec.Struct, array_like=True, frozen=True):
    """What an envelope holds."""

    person: Person | None
    findings: tuple[str, ...]
    original: dict[str, str]


class Segment(msgspec.Struct, frozen=True):
    """A run of rows and the Merkle root over their envelopes, in hex."""

    number: int
    count: int
    merkle_root: str


class _Roster(msgspec.Struct, frozen=True):
    number: int
    roster: UUID
    sealer: Sealer

    @property
    def first(self) -> int:
        return self.number << _ROW_BITS

    def id(self, row: int) -> int:
        return self.first | row

    def holds(self, column: Column[int]) -> ColumnElement[bool]:
        return column.between(self.first, self.first | ((1 << _ROW_BITS) - 1))


class Vault:
    """The vault of one case. `store` is a path to a SQLite file or an SQLAlchemy URL; the key ring gives the keys.

    Methods raise NotFound for a roster, row or incident key that does not exist (any more), and CaseUnusable where the
    store cannot be used or a person's data were altered.
    """

    def __init__(self, store: Path | str, keyring: KeyRing) -> None:
        url = store if isinstance(store, str) and "://" in store else sqlite_url(str(store))
        self._keyring = keyring
        self._engine = open_engine(url, secure_delete=True)
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(_Sealed).decode
        with refusals():
            _metadata.create_all(self._engine)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with refusals(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with refusals(), writing(self._engine) as connection:
            yield connection

    def _roster(self, connection: Connection, roster_id: UUID) -> _Roster:
        found = connection.execute(
            select(_rosters.c.number, _rosters.c.incident).where(_rosters.c.roster == roster_id)
        ).one_or_none()
        if found is None:
            raise NotFound(f"the vault holds no roster {roster_id}")
        return _Roster(found.number, roster_id, Sealer(self._keyring.incident_key(found.incident)))

    # --- importing ---

    def begin(self, roster_id: UUID, incident_id: UUID, source_sha256: str) -> int:
        """Make room for a roster and return how many segments of it are there already (0 unless an import broke off).

        Raises:
            OutOfOrder: rows of another file are kept under this identifier.
        """
        with self._writing() as connection:
            found = connection.execute(select(_rosters).where(_rosters.c.roster == roster_id)).one_or_none()
            if found is None:
                connection.execute(
                    insert(_rosters).values(roster=roster_id, incident=incident_id, source_sha256=source_sha256)
                )
                return 0
            if (found.incident, found.source_sha256) != (incident_id, source_sha256):
                raise OutOfOrder("the roster that was begun came from another file or belongs to another incident")
            count = connection.execute(
                select(func.count()).select_from(_segments).where(_segments.c.roster == found.number)
            )
            return int(count.scalar_one())

    def digest_key(self, incident_id: UUID) -> bytes:
        """The key for digests that an import keeps in memory."""
        return Sealer(self._keyring.incident_key(incident_id)).digest_key()

    def write_segment(self, roster_id: UUID, number: int, rows: Sequence[Checked]) -> Segment:
        """Seal a run of rows, in one durable transaction; rows must come in ascending order."""
        with self._writing() as connection:
            roster = self._roster(connection, roster_id)
            encode, sealer = self._encode, roster.sealer
            plain = ((row.row, encode(_Sealed(row.person, row.findings, row.original))) for row in rows)
            people, flags, envelopes, keys, leaves, tokens = [], [], [], [], [], []
            index: dict[str, bytes] = {}
            for row, (envelope, wrapped) in zip(rows, sealer.seal(roster_id, plain), strict=True):
                person_id = roster.id(row.row)
                people.append(self._columns(roster, row))
                flags += [{"flag": int(flag), "id": person_id} for flag in row.flags]
                envelopes.append({"id": person_id, "envelope": envelope})
                keys.append({"id": person_id, "wrapped": wrapped})
                leaves.append(leaf_hash(envelope))
                if row.person is not None:
                    for word in words_of(row.person):
                        token = index.get(word)
                        if token is None:
                            token = index[word] = sealer.token(word)
                        tokens.append({"token": token, "id": person_id})
            tokens.sort(key=lambda entry: entry["token"])  # neighbours in the index are written together
            root = merkle_root(leaves)
            connection.execute(
                insert(_segments).values(
                    roster=roster.number, number=number, first=roster.id(rows[0].row), last=roster.id(rows[-1].row),
                    count=len(rows), root=root, leaves=b"".join(leaves),
                )
            )  # fmt: skip
            for table, values in (
                (_people, people),
                (_flags, flags),
                (_envelopes, envelopes),
                (_keys, keys),
                (_tokens, tokens),
            ):
                if values:
                    connection.execute(insert(table), values)
        return Segment(number, len(rows), root.hex())

    @staticmethod
    def _columns(roster: _Roster, row: Checked) -> dict[str, Any]:
        return {
            "id": roster.id(row.row),
            "status": row.status.value,
            "state": row.state,
            "flags": int(row.flags),
            "elements": bits_of(row.person.data_elements) if row.person else 0,
            "audience": row.audience.value if row.audience else None,
            "merged_into": row.merged_into,
            "revision": 0,
        }

    def add_elements(self, roster_id: UUID, elements: Mapping[int, int]) -> None:
        """Add kinds of data, as bits, to rows that others were merged into."""
        if not elements:
            return
        with self._writing() as connection:
            roster = self._roster(connection, roster_id)
            connection.execute(
                update(_people)
                .where(_people.c.id == bindparam("person"))
                .values(elements=_people.c.elements.bitwise_or(bindparam("bits"))),
                [{"person": roster.id(row), "bits": bits} for row, bits in elements.items()],
            )

    def segments(self, roster_id: UUID) -> tuple[Segment, ...]:
        """The segments of a roster in order."""
        with self._reading() as connection:
            roster = self._roster(connection, roster_id)
            table = _segments
            found = connection.execute(
                select(table.c.number, table.c.count, table.c.root)
                .where(table.c.roster == roster.number)
                .order_by(table.c.number)
            )
            return tuple(Segment(number, count, root.hex()) for number, count, root in found)

    def discard(self, roster_id: UUID) -> None:
        """Delete a roster that never came into the log. One that is not there is no error."""
        with self._writing() as connection:
            number = connection.execute(
                select(_rosters.c.number).where(_rosters.c.roster == roster_id)
            ).scalar_one_or_none()
            if number is None:
                return
            first, last = number << _ROW_BITS, ((number + 1) << _ROW_BITS) - 1
            for table in (_keys, _envelopes, _tokens, _flags, _people):
                connection.execute(delete(table).where(table.c.id.between(first, last)))
            connection.execute(delete(_segments).where(_segments.c.roster == number))
            connection.execute(delete(_rosters).where(_rosters.c.number == number))
        self._forget()

    def keep_only(self, roster_ids: Collection[UUID]) -> int:
        """Delete every roster the log does not know (an import that broke off); return how many there were."""
        with self._reading() as connection:
            held = connection.execute(select(_rosters.c.roster)).scalars().all()
        strays = [roster for roster in held if roster not in roster_ids]
        for roster in strays:
            self.discard(roster)
        return len(strays)

    # --- reading ---

    def people(
        self,
        roster_id: UUID,
        *,
        after_row: int = 0,
        limit: int = 100,
        state: str | None = None,
        status: Status | None = None,
        flag: Flag | None = None,
    ) -> tuple[Row, ...]:
        """A page of rows in file order after a row; the cost does not depend on the size of the roster."""
        with self._reading() as connection:
            roster = self._roster(connection, roster_id)
            query = _filtered(select(*_ROW_COLUMNS), roster, state, status, flag)
            query = query.where(_people.c.id > roster.id(after_row)).order_by(_people.c.id).limit(limit)
            return self._rows(connection, roster, query)

    def iterate(self, roster_id: UUID, *, status: Status | None = Status.ACCEPTED) -> Iterator[Row]:
        """Every row of a status in file order, a page at a time."""
        after = 0
        while page := self.people(roster_id, after_row=after, limit=_PAGE, status=status):
            yield from page
            after = page[-1].row

    def count(
        self, roster_id: UUID, *, state: str | None = None, status: Status | None = None, flag: Flag | None = None
    ) -> int:
        """How many rows match."""
        with self._reading() as connection:
            roster = self._roster(connection, roster_id)
            query = _filtered(select(func.count()).select_from(_people), roster, state, status, flag)
            return int(connection.execute(query).scalar_one())

    def by_state(self, roster_id: UUID, *, status: Status = Status.ACCEPTED) -> dict[str, int]:
        """Rows of a status by State, `""` where it is not known."""
        with self._reading() as connection:
            roster = self._roster(connection, roster_id)
            query = _filtered(select(_people.c.state, func.count()), roster, None, status, None)
            found = connection.execute(query.group_by(_people.c.state).order_by(_people.c.state))
            return {state: count for state, count in found}

    def person(self, roster_id: UUID, row: int) -> Row:
        """One row. Raises NotFound where the roster has none on that line."""
        with self._reading() as connection:
            return self._one(connection, self._roster(connection, roster_id), row)

    def search(self, roster_id: UUID, text: str, *, after_row: int = 0, limit: int = 100) -> tuple[Row, ...]:
        """Rows whose name words, e-mail address or number and street match all of the text, in file order."""
        sought = words_sought(text)
        if not sought:
            return ()
        with self._reading() as connection:
            roster = self._roster(connection, roster_id)
            query = select(*_ROW_COLUMNS).where(_people.c.id > roster.id(after_row), roster.holds(_people.c.id))
            for word in sorted(sought):
                ids = select(_tokens.c.id).where(_tokens.c.token == roster.sealer.token(word), roster.holds(_tokens.c.id))
                query = query.where(_people.c.id.in_(ids))
            rows = self._rows(connection, roster, query.order_by(_people.c.id).limit(limit))
        # A token is cut short: what only seems to match is told apart here.
        return tuple(row for row in rows if row.person is not None and sought <= words_of(row.person))

    def quarantine(self, roster_id: UUID, *, after_row: int = 0, limit: int = 100) -> tuple[Row, ...]:
        """A page of the rows that wait for a decision."""
        return self.people(roster_id, after_row=after_row, limit=limit, status=Status.QUARANTINED)

    def _one(self, connection: Connection, roster: _Roster, row: int) -> Row:
        found = self._rows(connection, roster, select(*_ROW_COLUMNS).where(_people.c.id == roster.id(row)))
        if not found:
            raise NotFound(f"row {row}: the roster has no person on that line")
        return found[0]

    def _rows(self, connection: Connection, roster: _Roster, query: Select[Any]) -> tuple[Row, ...]:
        rows = []
        for person_id, status, state, flags, elements, audience, merged_into, envelope, wrapped in connection.execute(
            query.select_from(
                _people.outerjoin(_envelopes, _envelopes.c.id == _people.c.id).outerjoin(_keys, _keys.c.id == _people.c.id)
            )
        ):
            row = person_id - roster.first
            if envelope is not None and wrapped is not None:
                sealed = self._decode(roster.sealer.open(roster.roster, row, envelope, wrapped))
            elif status == Status.ERASED:
                sealed = _Sealed(None, (), {})
            else:
                raise CaseUnusable(f"row {row} of the roster is damaged: its key or envelope is missing")
            rows.append(
                Row(
                    row=row,
                    status=Status(status),
                    state=state,
                    flags=Flag(flags),
                    audience=Audience(audience) if audience else None,
                    elements=elements_of(elements),
                    merged_into=merged_into,
                    person=sealed.person,
                    findings=sealed.findings,
                    original=sealed.original,
                )
            )
        return tuple(rows)

    # --- changing one person ---

    def resolve_quarantine(
        self, roster_id: UUID, row: int, *, accept: bool, person: Person | None = None, on: date | None = None
    ) -> Row:
        """Accept a quarantined row, as it is or with the person corrected, or exclude it for good.

        `on` is the date that decides who is a minor; it is needed to accept.

        Raises:
            OutOfOrder: the row is not in quarantine.
            InvalidInput: accepting a row that never made a person without giving one, or without a date or name.
        """
        with self._writing() as connection:
            roster = self._roster(connection, roster_id)
            held = self._one(connection, roster, row)
            if held.status is not Status.QUARANTINED:
                raise OutOfOrder(f"row {row}: not in quarantine but {held.status}")
            if not accept:
                self._set(connection, roster, row, status=Status.EXCLUDED.value)
            else:
                person = person or held.person
                if person is None or on is None:
                    raise InvalidInput(f"row {row}: give the person and the date to accept this row")
                self._reseal(connection, roster, held, person, on, Status.ACCEPTED)
            return self._one(connection, roster, row)

    def correct(self, roster_id: UUID, row: int, person: Person, *, on: date) -> Row:
        """Replace what is known of an accepted person; the new envelope has a new key, the old ones are gone."""
        with self._writing() as connection:
            roster = self._roster(connection, roster_id)
            held = self._one(connection, roster, row)
            if held.status is not Status.ACCEPTED:
                raise OutOfOrder(f"row {row}: not accepted but {held.status}")
            self._reseal(connection, roster, held, person, on, Status.ACCEPTED)
            return self._one(connection, roster, row)

    def erase(self, roster_id: UUID, row: int) -> tuple[int, ...]:
        """Destroy a person's key, envelope and index entries, and those of rows merged with it; return the rows.

        Repeating it is harmless. Copies in backups are not reached: destroy those, or the incident key.

        Raises:
            CaseUnusable: another connection still reads an older state, so the bytes may be left in the
                write-ahead file; nothing is lost by repeating it.
        """
        with self._writing() as connection:
            roster = self._roster(connection, roster_id)
            held = self._one(connection, roster, row)
            root = held.merged_into or row
            merged = connection.execute(
                select(_people.c.id).where(
                    _people.c.status == Status.MERGED.value, roster.holds(_people.c.id), _people.c.merged_into == root
                )
            ).scalars()
            rows = sorted({root, row, *(person_id - roster.first for person_id in merged)})
            ids = [roster.id(other) for other in rows]
            for table in (_keys, _envelopes, _tokens, _flags):
                connection.execute(delete(table).where(table.c.id.in_(ids)))
            connection.execute(
                update(_people)
                .where(_people.c.id.in_(ids))
                .values(status=Status.ERASED.value, flags=0, elements=0, audience=None, merged_into=None)
            )
        self._forget()
        return tuple(rows)

    def _reseal(
        self, connection: Connection, roster: _Roster, held: Row, person: Person, on: date, status: Status
    ) -> None:
        if not person.name.strip():
            raise InvalidInput(f"row {held.row}: name: a person cannot be addressed without a name")
        found, audience = judge(person, on)
        findings = tuple(found)
        flags, person_id = flags_of(findings), roster.id(held.row)
        sealed = self._encode(_Sealed(person, findings, held.original))
        ((envelope, wrapped),) = roster.sealer.seal(roster.roster, [(held.row, sealed)])
        connection.execute(update(_envelopes).where(_envelopes.c.id == person_id).values(envelope=envelope))
        connection.execute(update(_keys).where(_keys.c.id == person_id).values(wrapped=wrapped))
        for table in (_tokens, _flags):
            connection.execute(delete(table).where(table.c.id == person_id))
        if flags:
            connection.execute(insert(_flags), [{"flag": int(flag), "id": person_id} for flag in flags])
        tokens = {roster.sealer.token(word) for word in words_of(person)}
        connection.execute(insert(_tokens), [{"token": token, "id": person_id} for token in sorted(tokens)])
        self._set(
            connection, roster, held.row, status=status.value, state=person.state, flags=int(flags),
            elements=bits_of(person.data_elements), audience=audience.value if audience else None,
            revision=_people.c.revision + 1,
        )  # fmt: skip

    @staticmethod
    def _set(connection: Connection, roster: _Roster, row: int, **values: object) -> None:
        connection.execute(update(_people).where(_people.c.id == roster.id(row)).values(**values))

    def _forget(self) -> None:
        """Take what was deleted out of the write-ahead file too: until then the old bytes can still be read there."""
        if self._engine.dialect.name != "sqlite":
            return
        with refusals(), self._engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise CaseUnusable("the data are deleted, but another reader holds an older state of the file; repeat this")

    # --- proof ---

    def prove(self, roster_id: UUID, row: int) -> tuple[int, InclusionProof]:
        """The segment of a row and the proof that its envelope, as imported, is under the segment's root."""
        with self._reading() as connection:
            roster = self._roster(connection, roster_id)
            person_id = roster.id(row)
            table = _segments
            found = connection.execute(
                select(table).where(table.c.first <= person_id, table.c.last >= person_id)
            ).one_or_none()
            before = select(func.count()).select_from(_people).where(_people.c.id.between(bindparam("first"), person_id))
            count = 0 if found is None else connection.execute(before, {"first": found.first}).scalar_one()
            exists = connection.execute(select(_people.c.id).where(_people.c.id == person_id)).one_or_none()
            if found is None or exists is None:
                raise NotFound(f"row {row}: the roster has no person on that line")
            return found.number, prove(_split(found.leaves), count - 1)

    def check(self, roster_id: UUID, roots: Mapping[int, str]) -> tuple[str, ...]:
        """Compare the vault with the Merkle roots of the log (segment number -> hex); a line for each fault.

        Rows that were corrected or erased since are covered by the root, but no longer by an envelope to compare.
        """
        faults = []
        with self._reading() as connection:
            roster = self._roster(connection, roster_id)
            table = _segments
            found = {
                segment.number: segment
                for segment in connection.execute(select(table).where(table.c.roster == roster.number))
            }
            for number in sorted(found.keys() | roots.keys()):
                if number not in found or number not in roots:
                    faults.append(f"segment {number}: in the {'log' if number in roots else 'vault'} only")
                    continue
                segment = found[number]
                leaves = _split(segment.leaves)
                if merkle_root(leaves).hex() != roots[number]:
                    faults.append(f"segment {number}: the commitment does not match the log")
                    continue
                rows = connection.execute(
                    select(_people.c.id, _people.c.status, _people.c.revision, _envelopes.c.envelope)
                    .select_from(_people.outerjoin(_envelopes, _envelopes.c.id == _people.c.id))
                    .where(_people.c.id.between(segment.first, segment.last))
                    .order_by(_people.c.id)
                ).all()
                if len(rows) != len(leaves):
                    faults.append(f"segment {number}: {len(rows)} rows where {len(leaves)} were sealed")
                    continue
                for leaf, (person_id, status, revision, envelope) in zip(leaves, rows, strict=True):
                    if revision or status == Status.ERASED:
                        continue
                    if envelope is None or leaf_hash(envelope) != leaf:
                        faults.append(f"row {person_id - roster.first}: the envelope is not the one that was sealed")
        return tuple(faults)


def _split(leaves: bytes) -> list[bytes]:
    return [leaves[place : place + HASH_SIZE] for place in range(0, len(leaves), HASH_SIZE)]


_ROW_COLUMNS = (
    _people.c.id,
    _people.c.status,
    _people.c.state,
    _people.c.flags,
    _people.c.elements,
    _people.c.audience,
    _people.c.merged_into,
    _envelopes.c.envelope,
    _keys.c.wrapped,
)


def _filtered(
    query: Select[Any], roster: _Roster, state: str | None, status: Status | None, flag: Flag | None
) -> Select[Any]:
    query = query.where(roster.holds(_people.c.id))
    if state is not None:
        query = query.where(_people.c.state == state)
    if status is not None:
        query = query.where(_people.c.status == status.value)
    if flag is not None:
        marked = select(_flags.c.id).where(_flags.c.flag == int(flag), roster.holds(_flags.c.id))
        query = query.where(_people.c.id.in_(marked))
    return query

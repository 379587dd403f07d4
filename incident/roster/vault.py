"""The vault: everything the toolkit knows about affected people, one sealed envelope with its own key each.

Names are found through a keyed index of whole words; what the index shows without the key is which rows share a word.
Deleting a person's key and envelope makes the person unreadable for good, while the commitments in the log stay valid.
"""

import fcntl
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select, update

from incident.errors import CaseUnusable, InvalidInput, NotFound, OutOfOrder
from incident.log.database import open_engine, refusals, sqlite_url, writing
from incident.ports import KeyRing
from incident.roster import blind_index
from incident.roster import segments as sealed_segments
from incident.roster.checks import judge
from incident.roster.commitments import InclusionProof
from incident.roster.elements import bits_of, elements_of
from incident.roster.person import Audience, Person
from incident.roster.preparing import Envelope, Prepared, encode
from incident.roster.reasons import Flag, bits_of_flags, flags_of
from incident.roster.record import Row, Status
from incident.roster.sealing import Sealer
from incident.roster.segments import Segment
from incident.roster.tables import (
    ROW_BITS,
    Place,
    flags,
    index,
    insert_many,
    matching,
    metadata,
    people,
    rosters,
    sealed,
)
from incident.roster.tables import segments as segment_table
from incident.roster.words import words_of, words_sought

_PAGE = 2_000
_decode = msgspec.msgpack.Decoder(Envelope).decode

_ROW_COLUMNS = (
    people.c.id,
    people.c.status,
    people.c.state,
    people.c.flags,
    people.c.elements,
    people.c.audience,
    people.c.merged_into,
    sealed.c.envelope,
    sealed.c.wrapped_key,
)


class Vault:
    """The vault of one case. `store` is a path to a SQLite file or an SQLAlchemy URL; the key ring gives the keys.

    Methods raise NotFound for a roster, row or incident key that does not exist (any more), and CaseUnusable where the
    store cannot be used or a person's data were altered.
    """

    def __init__(self, store: Path | str, keyring: KeyRing) -> None:
        url = store if isinstance(store, str) and "://" in store else sqlite_url(str(store))
        self._keyring = keyring
        self._engine = open_engine(url, secure_delete=True)
        with refusals():
            metadata.create_all(self._engine)

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

    def _place(self, connection: Connection, roster_id: UUID) -> Place:
        query = select(rosters.c.number, rosters.c.incident).where(rosters.c.roster == roster_id)
        found = connection.execute(query).one_or_none()
        if found is None:
            raise NotFound(f"the vault holds no roster {roster_id}")
        return Place(found.number, roster_id, Sealer(self._keyring.incident_key(found.incident)))

    # --- importing ---

    @contextmanager
    def importing(self) -> Iterator[None]:
        """Hold the vault for one import; what an earlier one left unfinished may be collected meanwhile.

        Raises:
            CaseUnusable: another process is importing into this vault.
        """
        file = self._engine.url.database if self._engine.dialect.name == "sqlite" else None
        if not file:
            yield
            return
        with open(f"{file}.importing", "ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CaseUnusable("another import into this case is under way; try again when it is done") from None
            yield

    def begin(self, roster_id: UUID, incident_id: UUID, import_sha256: str) -> None:
        """Make room for a roster, or go on with one whose import broke off; the hash tells one import from another.

        Raises:
            OutOfOrder: rows of another import or incident are kept under this identifier.
        """
        with self._writing() as connection:
            found = connection.execute(select(rosters).where(rosters.c.roster == roster_id)).one_or_none()
            if found is None:
                values = {"roster": roster_id, "incident": incident_id, "import_sha256": import_sha256}
                connection.execute(insert(rosters).values(values))
            elif (found.incident, found.import_sha256) != (incident_id, import_sha256):
                raise OutOfOrder(
                    "a roster was begun under this identifier from another file, in another way or for another incident"
                )

    def incident_key(self, incident_id: UUID) -> bytes:
        """The key that an import seals under."""
        return self._keyring.incident_key(incident_id)

    def write_segment(self, roster_id: UUID, number: int, rows: Sequence[Prepared]) -> Segment:
        """Seal a run of rows, in ascending order, in one durable transaction."""
        with self._writing() as connection:
            return sealed_segments.write_segment(connection, self._place(connection, roster_id), number, rows)

    def segments(self, roster_id: UUID) -> tuple[Segment, ...]:
        """The segments of a roster in order."""
        with self._reading() as connection:
            return sealed_segments.segments_of(connection, self._place(connection, roster_id))

    def add_elements(self, roster_id: UUID, elements: Mapping[int, int]) -> None:
        """Add kinds of data, as bits, to rows that others were merged into."""
        if not elements:
            return
        with self._writing() as connection:
            place = self._place(connection, roster_id)
            connection.execute(
                update(people)
                .where(people.c.id == bindparam("person"))
                .values(elements=people.c.elements.bitwise_or(bindparam("bits"))),
                [{"person": place.id(row), "bits": bits} for row, bits in elements.items()],
            )

    def discard(self, roster_id: UUID) -> None:
        """Delete a roster that never came into the log. One that is not there is no error."""
        with self._writing() as connection:
            number = connection.execute(
                select(rosters.c.number).where(rosters.c.roster == roster_id)
            ).scalar_one_or_none()
            if number is None:
                return
            first, last = number << ROW_BITS, ((number + 1) << ROW_BITS) - 1
            for table in (sealed, flags, people):
                connection.execute(delete(table).where(table.c.id.between(first, last)))
            for table in (segment_table, index):
                connection.execute(delete(table).where(table.c.roster == number))
            connection.execute(delete(rosters).where(rosters.c.number == number))
        self._forget()

    def keep_only(self, roster_ids: Collection[UUID]) -> int:
        """Delete every roster the log does not know (an import that broke off); return how many there were."""
        with self._reading() as connection:
            held = connection.execute(select(rosters.c.roster)).scalars().all()
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
            place = self._place(connection, roster_id)
            query = matching(select(*_ROW_COLUMNS), place, state=state, status=status, flag=flag)
            query = query.where(people.c.id > place.id(after_row)).order_by(people.c.id).limit(limit)
            return self._rows(connection, place, query)

    def iterate(self, roster_id: UUID, *, status: Status | None = Status.ACCEPTED) -> Iterator[Row]:
        """Every row of a status (None: of any) in file order, a page at a time."""
        after = 0
        while page := self.people(roster_id, after_row=after, limit=_PAGE, status=status):
            yield from page
            after = page[-1].row

    def count(
        self, roster_id: UUID, *, state: str | None = None, status: Status | None = None, flag: Flag | None = None
    ) -> int:
        """How many rows match."""
        with self._reading() as connection:
            place = self._place(connection, roster_id)
            query = select(func.count()).select_from(people)
            return int(connection.execute(matching(query, place, state=state, status=status, flag=flag)).scalar_one())

    def row_at(
        self,
        roster_id: UUID,
        index: int,
        *,
        state: str | None = None,
        status: Status | None = None,
        flag: Flag | None = None,
    ) -> int | None:
        """The row at a place, counted from 0, among those that match; None past the end. Opens no envelope."""
        with self._reading() as connection:
            place = self._place(connection, roster_id)
            query = matching(select(people.c.id), place, state=state, status=status, flag=flag)
            found = connection.execute(query.order_by(people.c.id).offset(index).limit(1)).scalar_one_or_none()
        return place.row(found) if found is not None else None

    def place_of(
        self,
        roster_id: UUID,
        row: int,
        *,
        state: str | None = None,
        status: Status | None = None,
        flag: Flag | None = None,
    ) -> int:
        """How many of the rows that match stand before a row: its place, counted from 0."""
        with self._reading() as connection:
            place = self._place(connection, roster_id)
            query = matching(select(func.count()).select_from(people), place, state=state, status=status, flag=flag)
            return int(connection.execute(query.where(people.c.id < place.id(row))).scalar_one())

    def by_state(self, roster_id: UUID, *, status: Status = Status.ACCEPTED) -> dict[str, int]:
        """Rows of a status by State, `""` where it is not known."""
        with self._reading() as connection:
            query = matching(select(people.c.state, func.count()), self._place(connection, roster_id), status=status)
            found = connection.execute(query.group_by(people.c.state).order_by(people.c.state))
            return {str(state): int(count) for state, count in found}

    def person(self, roster_id: UUID, row: int) -> Row:
        """One row. Raises NotFound where the roster has none on that line."""
        with self._reading() as connection:
            return self._one(connection, self._place(connection, roster_id), row)

    def search(self, roster_id: UUID, text: str, *, after_row: int = 0, limit: int = 100) -> tuple[Row, ...]:
        """Rows whose name words, e-mail address or number and street match all of the text, in file order."""
        sought = words_sought(text)
        if not sought:
            return ()
        with self._reading() as connection:
            place = self._place(connection, roster_id)
            holding = (blind_index.rows_with(connection, place, place.sealer.token(word)) for word in sorted(sought))
            rows = sorted(row for row in set.intersection(*holding) if row > after_row)[:limit]
            ids = [place.id(row) for row in rows]
            found = self._rows(
                connection, place, select(*_ROW_COLUMNS).where(people.c.id.in_(ids)).order_by(people.c.id)
            )
        # A token is cut short: what only seems to match is told apart here.
        return tuple(row for row in found if row.person is not None and sought <= words_of(row.person))

    def quarantine(self, roster_id: UUID, *, after_row: int = 0, limit: int = 100) -> tuple[Row, ...]:
        """A page of the rows that wait for a decision."""
        return self.people(roster_id, after_row=after_row, limit=limit, status=Status.QUARANTINED)

    def _one(self, connection: Connection, place: Place, row: int) -> Row:
        found = self._rows(connection, place, select(*_ROW_COLUMNS).where(people.c.id == place.id(row)))
        if not found:
            raise NotFound(f"row {row}: the roster has no person on that line")
        return found[0]

    def _rows(self, connection: Connection, place: Place, query: Select[Any]) -> tuple[Row, ...]:
        query = query.select_from(people.outerjoin(sealed, sealed.c.id == people.c.id))
        return tuple(self._row(place, found) for found in connection.execute(query))

    @staticmethod
    def _row(place: Place, found: Sequence[Any]) -> Row:
        person_id, status, state, set_flags, elements, audience, merged_into, envelope, wrapped_key = found
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
        )

    # --- changing one person ---

    def resolve_quarantine(
        self, roster_id: UUID, row: int, *, accept: bool, person: Person | None = None, on: date | None = None
    ) -> Row:
        """Accept a quarantined row, as it is or with the person corrected, or exclude it for good.

        `on` is the date that decides who is a minor; it is needed to accept.

        Raises:
            OutOfOrder: the row is not in quarantine.
            InvalidInput: accepting without a date or a name, or a row that made no person without giving one.
        """
        with self._writing() as connection:
            place = self._place(connection, roster_id)
            held = self._one(connection, place, row)
            if held.status is not Status.QUARANTINED:
                raise OutOfOrder(f"row {row}: not in quarantine but {held.status}")
            if not accept:
                self._set(connection, place, row, status=Status.EXCLUDED.value)
            else:
                person = person or held.person
                if person is None or on is None:
                    raise InvalidInput(f"row {row}: give the person and the date to accept this row")
                self._reseal(connection, place, held, person, on)
            return self._one(connection, place, row)

    def correct(self, roster_id: UUID, row: int, person: Person, *, on: date) -> Row:
        """Replace what is known of an accepted person; the new envelope has a new key, the old ones are gone."""
        with self._writing() as connection:
            place = self._place(connection, roster_id)
            held = self._one(connection, place, row)
            if held.status is not Status.ACCEPTED:
                raise OutOfOrder(f"row {row}: not accepted but {held.status}")
            self._reseal(connection, place, held, person, on)
            return self._one(connection, place, row)

    def erase(self, roster_id: UUID, row: int) -> tuple[int, ...]:
        """Destroy the key, envelope and index entries of a person and of the rows merged with it; return the rows.

        Repeating it is harmless. Copies in backups are not reached: destroy those, or the incident key.

        Raises:
            CaseUnusable: another reader holds an older state of the file, so the bytes may be left in the
                write-ahead file; repeat it.
        """
        with self._writing() as connection:
            place = self._place(connection, roster_id)
            root = self._one(connection, place, row).merged_into or row
            merged = matching(select(*_ROW_COLUMNS), place, status=Status.MERGED).where(people.c.merged_into == root)
            doomed = (self._one(connection, place, root), *self._rows(connection, place, merged))
            for one in doomed:
                self._reindex(connection, place, one, None)
                self._reflag(connection, place, one, Flag(0))
            ids = sorted(place.id(one.row) for one in doomed)
            connection.execute(delete(sealed).where(sealed.c.id.in_(ids)))
            connection.execute(
                update(people)
                .where(people.c.id.in_(ids))
                .values(status=Status.ERASED.value, flags=0, elements=0, audience=None, merged_into=None)
            )
        self._forget()
        return tuple(place.row(person_id) for person_id in ids)

    @staticmethod
    def _reindex(connection: Connection, place: Place, held: Row, person: Person | None) -> None:
        """Let the index find the row by what the person is now (None: not at all)."""
        old, new = (
            [place.sealer.token(word) for word in words_of(someone)] if someone else []
            for someone in (held.person, person)
        )
        number = sealed_segments.segment_of(connection, place, held.row)
        blind_index.replace(connection, place, number, held.row, old=old, new=new)

    @staticmethod
    def _reflag(connection: Connection, place: Place, held: Row, raised: Flag) -> None:
        person_id = place.id(held.row)
        connection.execute(delete(flags).where(flags.c.flag.in_(bits_of_flags(held.flags)), flags.c.id == person_id))
        insert_many(connection, flags, [(bit, person_id) for bit in bits_of_flags(raised)])

    def _reseal(self, connection: Connection, place: Place, held: Row, person: Person, on: date) -> None:
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
        self._reindex(connection, place, held, person)
        self._reflag(connection, place, held, raised)
        self._set(
            connection, place, held.row, status=Status.ACCEPTED.value, state=person.state, flags=int(raised),
            elements=bits_of(held.elements) | bits_of(person.data_elements),
            audience=audience.value if audience else None, revision=people.c.revision + 1,
        )  # fmt: skip

    @staticmethod
    def _set(connection: Connection, place: Place, row: int, **values: object) -> None:
        connection.execute(update(people).where(people.c.id == place.id(row)).values(**values))

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
        """The segment of a row, and the proof that its envelope, as imported, is under the segment's root."""
        with self._reading() as connection:
            return sealed_segments.prove_row(connection, self._place(connection, roster_id), row)

    def check(self, roster_id: UUID, roots: Mapping[int, str]) -> tuple[str, ...]:
        """Compare the vault with the Merkle roots of the log (segment number -> hex); a line for each fault."""
        with self._reading() as connection:
            return sealed_segments.faults(connection, self._place(connection, roster_id), roots)

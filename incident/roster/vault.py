"""The vault: everything the toolkit knows about affected people, one sealed envelope with its own key each.

Names are found through a keyed index of whole words; what the index shows without the key is which rows share a word.
Deleting a person's key and envelope makes the person unreadable for good, while the commitments in the log stay valid.
"""

import fcntl
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select, update

from incident.errors import CaseUnusable, NotFound, OutOfOrder
from incident.log.database import advisory_lock, open_engine, refusals, snapshot, sqlite_url, writing
from incident.ports import KeyRing
from incident.roster import call_keys, changing, rows
from incident.roster import segments as sealed_segments
from incident.roster.changing import Change
from incident.roster.commitments import InclusionProof
from incident.roster.elements import elements_of
from incident.roster.person import Person
from incident.roster.preparing import Prepared
from incident.roster.reasons import Flag, bits_of_flags
from incident.roster.record import Row, Status
from incident.roster.rows import Selection
from incident.roster.sealing import Sealer
from incident.roster.segments import Segment
from incident.roster.tables import (
    ROW_BITS,
    Place,
    flags,
    index,
    matching,
    metadata,
    pairs,
    pairs_across,
    people,
    rosters,
    sealed,
    set_aside,
    unrecorded,
)
from incident.roster.tables import segments as segment_table

_PAGE = 2_000
_IMPORT_UNDER_WAY = "another import into this case is under way; try again when it is done"


class Vault:
    """The vault of one case.

    `store` is an engine, a path to a SQLite file or an SQLAlchemy URL; the key ring gives the keys.
    Methods raise NotFound for a roster, row or incident key that does not exist (any more), and CaseUnusable where the
    store cannot be used or a person's data were altered.
    """

    def __init__(self, store: Engine | Path | str, keyring: KeyRing) -> None:
        self._keyring = keyring
        if isinstance(store, Engine):
            self._engine = store
        else:
            url = store if isinstance(store, str) and "://" in store else sqlite_url(str(store))
            self._engine = open_engine(url, secure_delete=True)
        with refusals():
            metadata.create_all(self._engine)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with refusals(), snapshot(self._engine) as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with refusals(), writing(self._engine, rosters) as connection:
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
        if self._engine.dialect.name == "postgresql":
            with advisory_lock(self._engine, "import") as held:
                if not held:
                    raise CaseUnusable(_IMPORT_UNDER_WAY)
                yield
            return
        file = self._engine.url.database
        if not file:
            yield
            return
        with open(f"{file}.importing", "ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CaseUnusable(_IMPORT_UNDER_WAY) from None
            yield

    def begin(self, roster_id: UUID, incident_id: UUID, import_sha256: str) -> None:
        """Make room for a roster, or go on with one whose import broke off; the hash tells one import from another.

        Raises:
            OutOfOrder: rows of another import or incident are kept under this identifier.
        """
        with self._writing() as connection:
            found = connection.execute(select(rosters).where(rosters.c.roster == roster_id)).one_or_none()
            if found is None:
                last = connection.execute(select(func.max(rosters.c.number))).scalar() or 0
                values = {"roster": roster_id, "incident": incident_id, "import_sha256": import_sha256}
                connection.execute(insert(rosters).values(number=last + 1, **values))
            elif (found.incident, found.import_sha256) != (incident_id, import_sha256):
                raise OutOfOrder(
                    "a roster was begun under this identifier from another file, in another way or for another incident"
                )

    def begun(self, incident_id: UUID, import_sha256: str, *, but: Collection[UUID]) -> UUID | None:
        """The roster of that import which is none of `but`: it broke off before the log had it."""
        query = select(rosters.c.roster).where(
            rosters.c.incident == incident_id, rosters.c.import_sha256 == import_sha256, rosters.c.roster.not_in(but)
        )
        with self._reading() as connection:
            return connection.execute(query.order_by(rosters.c.number.desc())).scalars().first()

    def incident_key(self, incident_id: UUID) -> bytes:
        """The key that an import seals under."""
        return self._keyring.incident_key(incident_id)

    def write_segment(self, roster_id: UUID, number: int, batch: Sequence[Prepared]) -> Segment:
        """Seal a run of rows, in ascending order, in one durable transaction."""
        with self._writing() as connection:
            return sealed_segments.write_segment(connection, self._place(connection, roster_id), number, batch)

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
            for table in (sealed, set_aside, flags, unrecorded, people):
                connection.execute(delete(table).where(table.c.id.between(first, last)))
            for table in (segment_table, index, pairs):
                connection.execute(delete(table).where(table.c.roster == number))
            for end in (pairs_across.c.low, pairs_across.c.high):
                connection.execute(delete(pairs_across).where(end.between(first, last)))
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
        chosen = Selection(state, status, flag)
        with self._reading() as connection:
            place = self._place(connection, roster_id)
            return rows.page(connection, place, chosen, after_row=after_row, limit=limit)

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
            return rows.count(connection, self._place(connection, roster_id), Selection(state, status, flag))

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
            return rows.row_at(connection, self._place(connection, roster_id), Selection(state, status, flag), index)

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
            return rows.place_of(connection, self._place(connection, roster_id), Selection(state, status, flag), row)

    def by_state(self, roster_id: UUID, *, status: Status = Status.ACCEPTED) -> dict[str, int]:
        """Rows of a status by State, `""` where it is not known."""
        with self._reading() as connection:
            query = matching(select(people.c.state, func.count()), self._place(connection, roster_id), status=status)
            found = connection.execute(query.group_by(people.c.state).order_by(people.c.state))
            return {str(state): int(count) for state, count in found}

    def person(self, roster_id: UUID, row: int) -> Row:
        """One row. Raises NotFound where the roster has none on that line."""
        with self._reading() as connection:
            return rows.one(connection, self._place(connection, roster_id), row)

    def some(self, roster_id: UUID, wanted: Iterable[int]) -> dict[int, Row]:
        """These rows, as far as the roster has them."""
        with self._reading() as connection:
            return rows.some(connection, self._place(connection, roster_id), wanted)

    def search(self, roster_id: UUID, text: str, *, after_row: int = 0, limit: int = 100) -> tuple[Row, ...]:
        """Rows whose name words, e-mail address or number and street match all of the text, in file order."""
        with self._reading() as connection:
            place = self._place(connection, roster_id)
            return rows.search(connection, place, text, after_row=after_row, limit=limit)

    def quarantine(self, roster_id: UUID, *, after_row: int = 0, limit: int = 100) -> tuple[Row, ...]:
        """A page of the rows that wait for a decision."""
        return self.people(roster_id, after_row=after_row, limit=limit, status=Status.QUARANTINED)

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
            return changing.resolve_quarantine(connection, place, row, accept=accept, person=person, on=on)

    def correct(self, roster_id: UUID, row: int, person: Person, *, on: date) -> Row:
        """Replace what is known of an accepted person; the new envelope has a new key, the old ones are gone."""
        with self._writing() as connection:
            return changing.correct(connection, self._place(connection, roster_id), row, person, on)

    def erase(self, roster_id: UUID, row: int) -> tuple[int, ...]:
        """Destroy the key, envelope and index entries of a person and of the rows merged with it; return the rows.

        Repeating it is harmless. Copies in backups are not reached: destroy those, or the incident key.

        Raises:
            CaseUnusable: another reader holds an older state of the file, so the bytes may be left in the
                write-ahead file; repeat it.
        """
        with self._writing() as connection:
            erased = changing.erase(connection, self._place(connection, roster_id), row)
        self._forget()
        return erased

    # --- words about people that stand in the log ---

    def new_call_key(self, incident_id: UUID, call: UUID, person: tuple[UUID, int] | None) -> bytes:
        """Make the key of the words of a call; it is destroyed with the person it is about, given as (list, row)."""
        with self._writing() as connection:
            number = self._place(connection, person[0]).id(person[1]) if person is not None else None
            return call_keys.keep(connection, self._keyring.incident_key(incident_id), incident_id, call, number)

    def call_keys(self, incident_id: UUID, calls: Collection[UUID]) -> dict[UUID, bytes]:
        """The keys of the words of calls; those that were destroyed are not among them."""
        with self._reading() as connection:
            return call_keys.find(connection, self._keyring.incident_key(incident_id), calls)

    def destroy_call_key(self, call: UUID) -> None:
        """Destroy the key of the words of a call. Copies in backups are not reached."""
        with self._writing() as connection:
            call_keys.destroy(connection, call)
        self._forget()

    def mark_out_of_date(self, roster_id: UUID, rows_: Mapping[int, bool]) -> None:
        """Say of rows whether what is known of where to write to them came back as out of date."""
        with self._writing() as connection:
            place = self._place(connection, roster_id)
            for row, out_of_date in rows_.items():
                changing.mark(connection, place, row, Flag.OUT_OF_DATE, on=out_of_date)

    def unrecorded(self, roster_id: UUID, row: int) -> Change | None:
        """The change of a row that the log does not have yet; None where there is none."""
        with self._reading() as connection:
            return changing.change_of(connection, self._place(connection, roster_id), row)

    def is_unsettled(self) -> bool:
        """Whether there is a change of any row that the log does not have yet."""
        with self._reading() as connection:
            return connection.execute(select(unrecorded.c.id).limit(1)).first() is not None

    def unrecorded_rows(self, roster_id: UUID) -> dict[int, Row]:
        """Rows as they were before changes that the log does not have yet, without the people."""
        with self._reading() as connection:
            return changing.unrecorded_rows(connection, self._place(connection, roster_id))

    def recorded(self, roster_id: UUID, rows_: Collection[int]) -> None:
        """The log has the changes of these rows: what they were before need not be kept any more."""
        with self._writing() as connection:
            changing.forget_unrecorded(connection, self._place(connection, roster_id), rows_)

    def by_flag(self, roster_id: UUID) -> dict[Flag, int]:
        """Accepted people by each flag that some of them have."""
        with self._reading() as connection:
            place = self._place(connection, roster_id)
            query = matching(select(people.c.flags, func.count()), place, status=Status.ACCEPTED)
            found = Counter[Flag]()
            for bits, count in connection.execute(query.group_by(people.c.flags)):
                found.update({Flag(bit): count for bit in bits_of_flags(Flag(bits))})
        return dict(found)

    def kinds(self, roster_id: UUID) -> dict[str, dict[str, int]]:
        """Accepted people by State and kinds of data, as `KindsCounted` has them."""
        found: dict[str, dict[str, int]] = {}
        with self._reading() as connection:
            place = self._place(connection, roster_id)
            query = matching(select(people.c.state, people.c.elements, func.count()), place, status=Status.ACCEPTED)
            for state, elements, count in connection.execute(query.group_by(people.c.state, people.c.elements)):
                found.setdefault(state, {})[",".join(elements_of(elements))] = count
        return {state: dict(sorted(counts.items())) for state, counts in sorted(found.items())}

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

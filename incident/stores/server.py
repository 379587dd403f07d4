"""A case in a PostgreSQL database: one schema, `case_` and its name, holds all of it.

    documents                   case.json and other small documents
    entries, links              the sealed log
    incident_key, destroyed_key the wrapped keys of incidents
    rosters … word_index        the people affected
    blobs                       sealed evidence and documents

Everything stands there sealed exactly as in a folder; the server never gets a key. Who may see a schema is for whoever
runs the server to say.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Self

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    Table,
    Text,
    delete,
    exists,
    inspect,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, ProgrammingError

from incident.access import keystore
from incident.access.keystore import KeyStore
from incident.errors import CaseUnusable
from incident.log import recorder
from incident.log.database import BUSY_TIMEOUT, open_engine, refusals
from incident.roster import tables as people
from incident.stores.naming import ServerUrl

_SCHEMA = "case_"
_PARTIAL = "partial_case_"

metadata = MetaData()
_documents = Table(
    "documents",
    metadata,
    Column("name", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
_blobs = Table(
    "blobs",
    metadata,
    Column("name", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
_NO_TABLE, _NO_SCHEMA = "42P01", "3F000"


class ServerShelf:
    """`Shelf` in a table."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, name: str, sealed: bytes) -> None:
        """Keep a document durably."""
        new = insert(_blobs)
        keep = new.on_conflict_do_update(index_elements=[_blobs.c.name], set_={"sealed": new.excluded.sealed})
        with refusals(), self._engine.begin() as connection:
            connection.execute(keep, [{"name": name, "sealed": sealed}])

    def get(self, name: str) -> bytes | None:
        """The document, or None where there is none."""
        with refusals(), self._engine.connect() as connection:
            return connection.execute(select(_blobs.c.sealed).where(_blobs.c.name == name)).scalar()

    def __contains__(self, name: str) -> bool:
        with refusals(), self._engine.connect() as connection:
            return bool(connection.execute(select(exists().where(_blobs.c.name == name))).scalar())

    def remove(self, name: str) -> None:
        """Take a document away."""
        with refusals(), self._engine.begin() as connection:
            connection.execute(delete(_blobs).where(_blobs.c.name == name))

    def names(self) -> Iterator[str]:
        """The name of everything that is there."""
        with refusals(), self._engine.connect() as connection:
            found = connection.execute(select(_blobs.c.name).order_by(_blobs.c.name)).scalars().all()
        yield from found


class ServerStore:
    """`CaseStore` in a schema of a PostgreSQL database. One engine serves all parts."""

    def __init__(self, url: ServerUrl, *, schema: str | None = None, busy_timeout: float = BUSY_TIMEOUT) -> None:
        self.place = url
        self.where = str(url)
        self._schema = schema or _SCHEMA + url.case
        self._busy_timeout = busy_timeout

    def __repr__(self) -> str:
        return f"ServerStore({self.where!r})"

    @classmethod
    @contextmanager
    def new(cls, url: ServerUrl, *, busy_timeout: float = BUSY_TIMEOUT) -> Iterator[Self]:
        """A store to fill, that is at `url` when the block ends, whole; else nothing is left.

        It is filled in a schema of another name, which gets its own at the end. If the program is killed meanwhile, a
        schema `partial_case_…` may be left; it may be dropped.

        Raises:
            CaseUnusable: there is a case at `url`, or the database cannot be written.
        """
        final, partial = _SCHEMA + url.case, _PARTIAL + secrets.token_hex(6)
        store = cls(url, schema=partial, busy_timeout=busy_timeout)
        engine = open_engine(url.engine_url(), busy_timeout=busy_timeout)
        try:
            with refusals(), engine.begin() as connection:
                _refuse_taken(connection, url, final)
                connection.execute(text(f"CREATE SCHEMA {partial}"))
            try:
                store._fill()
                yield store
                store.close()
                with refusals(), engine.begin() as connection:
                    _refuse_taken(connection, url, final)
                    connection.execute(text(f"DROP SCHEMA IF EXISTS {final} RESTRICT"))
                    connection.execute(text(f"ALTER SCHEMA {partial} RENAME TO {final}"))
            except BaseException:
                store.close()
                with suppress(DBAPIError), engine.begin() as connection:
                    connection.execute(text(f"DROP SCHEMA IF EXISTS {partial} CASCADE"))
                raise
        finally:
            engine.dispose()

    @cached_property
    def _engine(self) -> Engine:
        return open_engine(self.place.engine_url(), busy_timeout=self._busy_timeout, schema=self._schema)

    @cached_property
    def keys(self) -> KeyStore:
        """The wrapped keys of incidents."""
        return KeyStore(self._engine)

    @cached_property
    def shelf(self) -> ServerShelf:
        """The sealed documents."""
        return ServerShelf(self._engine)

    def read(self, name: str) -> bytes | None:
        """A small document, or None where there is none."""
        wanted = select(_documents.c.content).where(_documents.c.name == name)
        with refusals(), self._engine.connect() as connection:
            try:
                return connection.execute(wanted).scalar()
            except ProgrammingError as error:
                if getattr(error.orig, "sqlstate", None) not in (_NO_TABLE, _NO_SCHEMA):
                    raise
                raise CaseUnusable(
                    f"There is no case at {self.where} that this user of the database may see."
                ) from error

    def write(self, name: str, content: bytes) -> None:
        """Put a small document in place durably."""
        new = insert(_documents)
        keep = new.on_conflict_do_update(index_elements=[_documents.c.name], set_={"content": new.excluded.content})
        with refusals(), self._engine.begin() as connection:
            connection.execute(keep, [{"name": name, "content": content}])

    def documents(self) -> Sequence[str]:
        """The names of the small documents."""
        with refusals(), self._engine.connect() as connection:
            return connection.execute(select(_documents.c.name).order_by(_documents.c.name)).scalars().all()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the lock of the table of keys."""
        with self.keys.exclusive():
            yield

    def check(self) -> None:
        """See that no table is missing, but for those of the people: what they lack, the log knows."""
        there = self._tables()
        for part in (metadata, keystore.metadata, recorder.metadata):
            for name in part.tables:
                if name not in there:
                    raise CaseUnusable(f"The table {name} is missing from {self.where}; restore it from a backup.")

    def log(self) -> Engine:
        """The engine of the log."""
        return self._engine

    def holds_people(self) -> bool:
        """Whether there is a vault."""
        return people.rosters.name in self._tables()

    def vault(self) -> Engine:
        """The engine of the people affected."""
        return self._engine

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Hold off changes of people and keys; reading goes on."""
        with refusals(), self._engine.begin() as connection:
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            connection.execute(text(f"LOCK TABLE {people.rosters.name} IN EXCLUSIVE MODE"))
            with self.exclusive():
                yield

    def remove(self) -> None:
        """Drop the schema."""
        with refusals(), self._engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA IF EXISTS {self._schema} CASCADE"))
        self.close()

    def close(self) -> None:
        """Give back the connections."""
        if "_engine" in self.__dict__:
            self._engine.dispose()

    def _tables(self) -> set[str]:
        with refusals(), self._engine.connect() as connection:
            return set(inspect(connection).get_table_names())

    def _fill(self) -> None:
        """Make the tables, but for those of the log, which belongs to a case."""
        with refusals(), self._engine.begin() as connection:
            for part in (metadata, people.metadata):
                part.create_all(connection, checkfirst=False)
            # Sealed bytes cannot be compressed: the server need not try.
            connection.execute(text(f"ALTER TABLE {_blobs.name} ALTER COLUMN sealed SET STORAGE EXTERNAL"))
        self.keys.create()


def _refuse_taken(connection: Connection, url: ServerUrl, schema: str) -> None:
    held = text("SELECT 1 FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE n.nspname = :schema LIMIT 1")
    if connection.execute(held, {"schema": schema}).first() is not None:
        raise CaseUnusable(f"{url} exists already; choose another name for the new case (?case=…).")

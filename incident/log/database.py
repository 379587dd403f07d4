"""Database engines as a case needs them: durable commits, one writer at a time, and failures told in one sentence."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine, QueuePool, Table, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from incident.errors import CaseUnusable

BUSY_TIMEOUT = 5.0
"""Seconds to wait for another writer before the command is refused."""

_SQLITE_CODE = 0xFF
_SQLITE_SENTENCES = {
    sqlite3.SQLITE_BUSY: "Another process is writing to this case; nothing was recorded. Wait a moment and try again.",
    sqlite3.SQLITE_LOCKED: "Another part of the program is writing to this case; nothing was recorded. Try again.",
    sqlite3.SQLITE_FULL: "The disk is full; nothing was recorded. Free some space and try again.",
    sqlite3.SQLITE_READONLY: "The case can only be read (read-only disk or file); nothing was recorded.",
    sqlite3.SQLITE_CANTOPEN: "A file of the case cannot be opened; it is missing, or the folder can only be read.",
    sqlite3.SQLITE_PERM: "The operating system does not permit access to a file of the case.",
    sqlite3.SQLITE_IOERR: "The disk reports an error; nothing was recorded. Check the disk and its free space.",
    sqlite3.SQLITE_CORRUPT: "A file of the case is damaged; nothing was recorded. Verify the case, restore a backup.",
    sqlite3.SQLITE_NOTADB: "A file of the case is not what it should be: it is damaged or was replaced.",
}
_POSTGRES_SENTENCES = {
    "55P03": _SQLITE_SENTENCES[sqlite3.SQLITE_BUSY],  # lock_not_available
    "53100": "The disk of the database server is full; nothing was recorded.",  # disk_full
    "25006": "The database server permits reading only; nothing was recorded.",  # read_only_sql_transaction
    "42501": "The database user may not do this in the case; ask who runs the server.",  # insufficient_privilege
    "40P01": "Somebody else was writing to this case; nothing was recorded. Try again.",  # deadlock_detected
    "25P03": "The case was held for too long without an answer; nothing was recorded. Try again.",
}
_BROKEN = "The connection to the database server broke; look at the log before you try again."


def sqlite_url(path: str) -> str:
    """The engine URL of a SQLite file."""
    return URL.create("sqlite", database=path).render_as_string(hide_password=False)


def open_engine(
    url: str, *, busy_timeout: float = BUSY_TIMEOUT, secure_delete: bool = False, schema: str | None = None
) -> Engine:
    """An engine whose commits are on the disk when they return.

    `sqlite://` is a store in memory, for tests and exercises, with one connection that threads take in turns.
    `secure_delete` overwrites what is deleted (SQLite only). `schema` is where PostgreSQL looks for tables.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed, busy_timeout, secure_delete=secure_delete)
    return _postgres_engine(parsed, busy_timeout, schema)


_POSTGRES_SETTINGS = {
    "synchronous_commit": "on",
    # A machine that sleeps or is cut off while it holds a lock must not hold everybody else up.
    "idle_in_transaction_session_timeout": "60s",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
_POSTGRES_CONNECTION = {"connect_timeout": "10", "tcp_user_timeout": "15000", "application_name": "breach"}


def _postgres_engine(url: URL, busy_timeout: float, schema: str | None) -> Engine:
    settings = _POSTGRES_SETTINGS | {"lock_timeout": str(int(busy_timeout * 1000))}
    if schema is not None:
        settings["search_path"] = schema
    given = url.query.get("options", "")
    options = [given if isinstance(given, str) else " ".join(given)]
    options += [f"-c {name}={value}" for name, value in settings.items()]
    connection = {name: value for name, value in _POSTGRES_CONNECTION.items() if name not in url.query}
    try:
        return create_engine(
            url,
            isolation_level="READ COMMITTED",
            # A connection that broke while nobody used it is replaced before the next use.
            pool_pre_ping=True,
            connect_args=connection | {"options": " ".join(options).strip()},
        )
    except ModuleNotFoundError:
        raise CaseUnusable(
            "A case on a server needs the driver: pip install 'breach-response-toolkit[postgresql]'."
        ) from None


def _sqlite_engine(url: URL, busy_timeout: float, *, secure_delete: bool) -> Engine:
    in_memory = url.database in (None, "", ":memory:")
    # A second connection to ":memory:" would be a second, empty database.
    pool: dict[str, Any] = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 30} if in_memory else {}
    engine = create_engine(
        url, poolclass=QueuePool, connect_args={"timeout": busy_timeout, "check_same_thread": False}, **pool
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions by itself
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "trusted_schema=OFF",
            "temp_store=MEMORY",
            f"secure_delete={'ON' if secure_delete else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def writing(engine: Engine, turn: Table | None = None) -> Iterator[Connection]:
    """A transaction that has the write lock from its beginning, so that it cannot fail half way for want of it.

    SQLite locks the file. On PostgreSQL those who write take turns by the lock of the table `turn`; reading goes on.
    """
    with engine.connect() as connection:
        connection.execution_options(writes=True)
        with connection.begin():
            if turn is not None and connection.dialect.name == "postgresql":
                connection.execute(text(f"LOCK TABLE {turn.name} IN EXCLUSIVE MODE"))
            yield connection


@contextmanager
def advisory_lock(engine: Engine, purpose: str) -> Iterator[bool]:
    """Try for a lock of PostgreSQL that lasts over many transactions; gives whether it was free.

    It is held by a connection of its own: a program that is killed lets go of it.
    """
    named = "hashtextextended(current_schema() || :purpose, 0)"
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        held = bool(connection.scalar(text(f"SELECT pg_try_advisory_lock({named})"), {"purpose": f"|{purpose}"}))
        try:
            yield held
        finally:
            if held:
                # Where the connection broke, the server let go of the lock itself.
                with suppress(SQLAlchemyError):
                    connection.execute(text(f"SELECT pg_advisory_unlock({named})"), {"purpose": f"|{purpose}"})


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A transaction whose queries all see the same state of the store."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def file_faults(connection: Connection) -> list[str]:
    """What SQLite's own check finds, such as an index that disagrees with its table and would hide rows."""
    if connection.dialect.name != "sqlite":
        return []
    findings = (finding for (finding,) in connection.exec_driver_sql("PRAGMA integrity_check(10)"))
    return [str(finding) for finding in findings if finding != "ok"]


def connection_broke(error: object) -> bool:
    """Whether the connection to a server was lost under a statement, so that its answer is not known."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def explain(error: SQLAlchemyError) -> str:
    """One sentence for the person at the keyboard about a failure of the store."""
    if isinstance(error, PoolTimeoutError):
        return _SQLITE_SENTENCES[sqlite3.SQLITE_LOCKED]
    cause = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", None)
        if code is not None and code & _SQLITE_CODE in _SQLITE_SENTENCES:
            return _SQLITE_SENTENCES[code & _SQLITE_CODE]
    sentence = _POSTGRES_SENTENCES.get(str(getattr(cause, "sqlstate", None)))
    if sentence is not None:
        return sentence
    if connection_broke(error):
        return _BROKEN
    if isinstance(error, OperationalError) and error.statement is None:
        return f"The database server cannot be reached, or refuses; nothing was recorded. {_one_line(cause)}"
    return f"The store of the case cannot be used: {_one_line(cause or error)}"


def _one_line(error: object) -> str:
    return " ".join(str(error).split())


@contextmanager
def refusals() -> Iterator[None]:
    """Turn failures of a store into `CaseUnusable`."""
    try:
        yield
    except SQLAlchemyError as error:
        raise CaseUnusable(explain(error)) from error

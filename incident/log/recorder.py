"""The recorder: stored entries and the chain over them, in one transaction, on SQLite and PostgreSQL alike."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from uuid import UUID

from eventsourcing import persistence
from eventsourcing.persistence import ApplicationRecorder, Notification, StoredEvent, Subscription
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from incident.log import chain
from incident.log.database import writing

Within = Callable[[Connection, Sequence[int]], None]
"""What else belongs in the transaction; given the connection and the positions of the new entries."""

_Position = BigInteger().with_variant(Integer, "sqlite")  # SQLite's key column must be INTEGER to the letter
metadata = MetaData()

entries = Table(
    "entries",
    metadata,
    Column("position", _Position, primary_key=True, autoincrement=False),
    Column("originator_id", LargeBinary(16), nullable=False),
    Column("originator_version", _Position, nullable=False),
    Column("topic", Text, nullable=False),
    Column("state", LargeBinary, nullable=False),
    UniqueConstraint("originator_id", "originator_version"),
    sqlite_strict=True,
)
links = Table(
    "links",
    metadata,
    Column("sequence", _Position, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
    sqlite_strict=True,
)

_newest = select(func.max(entries.c.position)).scalar_subquery()
_head = select(links.c.sequence, links.c.hash, _newest).order_by(links.c.sequence.desc()).limit(1)
_place = select(entries.c.position).where(
    entries.c.originator_id == bindparam("stream"), entries.c.originator_version == bindparam("version")
)
_insert_entries, _insert_links = insert(entries), insert(links)
_stored = (entries.c.originator_id, entries.c.originator_version, entries.c.topic, entries.c.state)


@lru_cache(maxsize=4096)
def _stream(raw: bytes) -> UUID:
    """The id of a stream; most entries are of few streams."""
    return UUID(bytes=raw)


class DamagedLogError(persistence.DatabaseError):
    """Entries and chain do not belong together; nothing is added to such a log."""


class ChainedRecorder(ApplicationRecorder):
    """Records entries with explicit positions, contiguous from 1, and one link of the chain for each.

    The link table begins with link 0, which ties the log to its case. The next position comes from the link table, and
    every writer holds the write lock of the store while it looks there: chain order is position order, and a position
    is never given twice.
    """

    def __init__(self, engine: Engine, *, case_id: UUID) -> None:
        self.engine = engine
        self.start = chain.start(case_id)
        # Threads of one process queue fairly here instead of polling for the lock of the store.
        self._turn = threading.Lock()

    def create(self) -> None:
        """Make the tables of an empty log."""
        with _library_errors(), writing(self.engine) as connection:
            metadata.create_all(connection, checkfirst=False)
            connection.execute(_insert_links, [{"sequence": 0, "hash": self.start}])

    def check(self) -> None:
        """See that this is the log of the case.

        Raises:
            DamagedLogError: it is missing, or it belongs to another case.
        """
        with _library_errors(), self.engine.begin() as connection:
            if not inspect(connection).has_table(links.name):
                raise DamagedLogError("there is no log in its store")
            first = connection.execute(select(links.c.hash).where(links.c.sequence == 0)).scalar()
        if first != self.start:
            raise DamagedLogError("it belongs to another case, or its beginning was changed")

    def insert_events(
        self, stored_events: Sequence[StoredEvent], *, within: Within | None = None, **_kwargs: object
    ) -> Sequence[int] | None:
        """Record all or none, durably; return their positions.

        Raises:
            IntegrityError: a version is already taken in its stream.
            DamagedLogError: the chain does not end where the entries do.
        """
        if not stored_events:
            return None
        with self._turn, _library_errors(), writing(self.engine, links) as connection:
            sequence, head, newest = connection.execute(_head).one_or_none() or (None, b"", None)
            if sequence is None or sequence != (newest or 0):
                raise DamagedLogError(f"it has {newest or 0} entries, but a chain of {sequence or 0}")
            rows, chained = [], []
            for position, stored in enumerate(stored_events, start=sequence + 1):
                stream = _raw_id(stored.originator_id)
                version = stored.originator_version
                content = chain.content_hash(stored.topic.encode(), stored.state)
                head = chain.link(head, position, stream=stream, version=version, content=content)
                rows.append(
                    {
                        "position": position,
                        "originator_id": stream,
                        "originator_version": version,
                        "topic": stored.topic,
                        "state": stored.state,
                    }
                )
                chained.append({"sequence": position, "hash": head})
            connection.execute(_insert_entries, rows)
            connection.execute(_insert_links, chained)
            positions = range(sequence + 1, sequence + 1 + len(rows))
            if within is not None:
                within(connection, positions)
        return list(positions)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The entries of one stream, by version."""
        version = entries.c.originator_version
        query = select(*_stored).where(entries.c.originator_id == _raw_id(originator_id))
        if gt is not None:
            query = query.where(version > gt)
        if lte is not None:
            query = query.where(version <= lte)
        query = query.order_by(version.desc() if desc else version).limit(limit)
        with _library_errors(), self.engine.begin() as connection:
            found = connection.execute(query).all()
        return [StoredEvent(_stream(row[0]), row[1], row[2], row[3]) for row in found]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Entries of all streams, by position."""
        position = entries.c.position
        query = select(*_stored, position)
        if start is not None:
            query = query.where(position >= start if inclusive_of_start else position > start)
        if stop is not None:
            query = query.where(position <= stop)
        if topics:
            query = query.where(entries.c.topic.in_(topics))
        query = query.order_by(position).limit(limit)
        with _library_errors(), self.engine.begin() as connection:
            found = connection.execute(query).all()
        return [Notification(_stream(row[0]), row[1], row[2], row[3], row[4]) for row in found]

    def max_notification_id(self) -> int | None:
        """The position of the newest entry, or None."""
        with _library_errors(), self.engine.begin() as connection:
            return connection.execute(select(_newest)).scalar()

    def position_of(self, originator_id: UUID, version: int) -> int | None:
        """Where the log holds a version of a stream, or None."""
        with _library_errors(), self.engine.begin() as connection:
            return find_version(connection, originator_id, version)

    def links(self, until: int) -> Sequence[bytes]:
        """The links of the chain from 1 to `until`."""
        query = select(links.c.hash).where(links.c.sequence.between(1, until)).order_by(links.c.sequence)
        with _library_errors(), self.engine.begin() as connection:
            return connection.execute(query).scalars().all()

    def head(self) -> chain.Checkpoint:
        """How long the chain is, and its last link."""
        with _library_errors(), self.engine.begin() as connection:
            sequence, head, _ = connection.execute(_head).one()
        return chain.Checkpoint(sequence, head)

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """Not offered, as by the library's own SQLite recorder: readers ask for what follows a position."""
        raise persistence.NotSupportedError("this log is read by position; it has no subscriptions")


def find_version(connection: Connection, originator_id: UUID, version: int) -> int | None:
    """The position of a version of a stream, seen from within a transaction; None where it is not there."""
    return connection.execute(_place, {"stream": originator_id.bytes, "version": version}).scalar()


def _raw_id(originator_id: UUID | str) -> bytes:
    return (originator_id if isinstance(originator_id, UUID) else UUID(originator_id)).bytes


@contextmanager
def _library_errors() -> Iterator[None]:
    """Raise the library's error of the same name; the original stays as the cause."""
    try:
        yield
    except DBAPIError as error:
        named: type[persistence.PersistenceError] = getattr(
            persistence, type(error).__name__, persistence.DatabaseError
        )
        raise named(str(error.orig)) from error
    except SQLAlchemyError as error:
        raise persistence.OperationalError(str(error)) from error

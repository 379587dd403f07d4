"""The log of a case: `incident.ports.EventLog` on the eventsourcing library."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from types import TracebackType
from typing import Self
from uuid import UUID

import msgspec
from eventsourcing import persistence
from eventsourcing.application import Application
from eventsourcing.utils import Environment, EnvType
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from incident.errors import CaseUnusable, RecordedMeanwhile
from incident.events import Entry
from incident.log import chain
from incident.log.chain import Checkpoint
from incident.log.database import BUSY_TIMEOUT, connection_broke, explain, open_engine
from incident.log.mapper import Disclosure, LogKeys, SealedMapper, UnreadableEntryError
from incident.log.recorder import ChainedRecorder, DamagedLogError, find_version

_PAGE = 1000


class _LogApplication(Application[UUID]):
    """The library's application around our mapper and recorder."""

    def __init__(self, mapper: SealedMapper, recorder: ChainedRecorder) -> None:
        self._given = mapper, recorder
        super().__init__()

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """A fixed configuration: a stray variable of the shell must not change how a case is read or written."""
        # The library wants some persistence module; its mapper and recorder give way to ours below.
        return Environment(name, {"PERSISTENCE_MODULE": "eventsourcing.popo"})

    def construct_mapper(self) -> SealedMapper:
        return self._given[0]

    def construct_recorder(self) -> ChainedRecorder:
        return self._given[1]


class StoredEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it is stored, with the hash of its content and its link in the chain."""

    position: int
    stream: UUID
    version: int
    topic: str
    state: bytes
    content: bytes
    link: bytes


class CaseLog:
    """The append-only log of one case, sealed and chained.

    `store` is an engine, or an SQLAlchemy URL (SQLite, or PostgreSQL through psycopg; `sqlite://` keeps the log in
    memory), `key` the 32 bytes the entries are sealed with. `create` makes the tables of a new log.

    Raises:
        CaseUnusable: there is no log of this case, or the store cannot be used.
    """

    def __init__(
        self,
        store: Engine | str,
        *,
        key: bytes | LogKeys,
        case_id: UUID,
        create: bool = False,
        busy_timeout: float = BUSY_TIMEOUT,
    ) -> None:
        self.case_id = case_id
        self.mapper = SealedMapper(key)
        engine = open_engine(store, busy_timeout=busy_timeout) if isinstance(store, str) else store
        self.recorder = ChainedRecorder(engine, case_id=case_id)
        self._events = _LogApplication(self.mapper, self.recorder).events
        try:
            with _refusals():
                if create:
                    self.recorder.create()
                self.recorder.check()
        except CaseUnusable:
            self.close()
            raise

    def append(self, entries: Sequence[Entry]) -> int:
        """Record the entries in one transaction, all or none, durably; return the position of the last.

        Raises:
            RecordedMeanwhile: an entry's version is already taken in its stream.
            CaseUnusable: the store cannot be written (full or read-only disk, another process).
            ValueError: the versions of a stream leave a gap; nothing was recorded.
        """
        if not entries:
            return self.position()
        first = _first_versions(entries)

        def refuse_gaps(connection: Connection, _positions: Sequence[int]) -> None:
            for stream, version in first.items():
                if version != 1 and find_version(connection, stream, version - 1) is None:
                    raise ValueError(
                        f"stream {stream} has no version {version - 1} that version {version} could follow"
                    )

        with _refusals():
            try:
                recordings = self._events.put(entries, within=refuse_gaps)
            except persistence.IntegrityError:
                raise self._meanwhile(first) from None
            except persistence.PersistenceError as error:
                if not connection_broke(error.__cause__):
                    raise
                # Whether the answer was lost or the question, the log knows: a version of a stream is there once.
                if (position := self._position_if_recorded(entries)) is not None:
                    return position
                recordings = self._events.put(entries, within=refuse_gaps)
        return recordings[-1].notification.id

    def stream(self, originator_id: UUID) -> tuple[Entry, ...]:
        """All entries of one stream, oldest first; empty where there is none."""
        with _refusals():
            stored = self.recorder.select_events(originator_id)
        return tuple(self._open(event) for event in stored)

    def read(self, after: int = 0) -> Iterator[tuple[int, Entry]]:
        """Position and entry of everything recorded after a position, in order.

        It is read in pages, and holds no lock in between: what is recorded meanwhile is seen.
        """
        while True:
            with _refusals():
                page = self.recorder.select_notifications(after, _PAGE, inclusive_of_start=False)
            for notification in page:
                yield notification.id, self._open(notification, number=notification.id)
            if len(page) < _PAGE:
                return
            after = page[-1].id

    def position(self) -> int:
        """The position of the newest entry; 0 for an empty log."""
        with _refusals():
            return self.recorder.max_notification_id() or 0

    def checkpoint(self) -> Checkpoint:
        """How long the log is, and its head: what somebody outside should keep."""
        with _refusals():
            return self.recorder.head()

    def stored(self, until: int) -> Iterator[StoredEntry]:
        """The entries from the first to position `until`, sealed as they are."""
        with _refusals():
            links = self.recorder.links(until)
        for start in range(1, until + 1, _PAGE):
            with _refusals():
                page = self.recorder.select_notifications(start, _PAGE, min(start + _PAGE - 1, until))
            for found in page:
                assert isinstance(found.originator_id, UUID)
                yield StoredEntry(
                    position=found.id,
                    stream=found.originator_id,
                    version=found.originator_version,
                    topic=found.topic,
                    state=found.state,
                    content=chain.content_hash(found.topic.encode(), found.state),
                    link=links[found.id - 1],
                )

    def copy_to(self, store: Engine, until: int) -> Checkpoint:
        """Copy the entries up to a position, sealed as they are, into a new log; return how it ends.

        The copy is chained anew from the stored bytes: it ends in the same link only if the chain here was whole.
        """
        target = ChainedRecorder(store, case_id=self.case_id)
        try:
            with _refusals():
                target.create()
                for start in range(1, until + 1, _PAGE):
                    target.insert_events(
                        self.recorder.select_notifications(start, _PAGE, min(start + _PAGE - 1, until))
                    )
                return target.head()
        finally:
            target.engine.dispose()

    def disclose(self, stored: StoredEntry) -> Disclosure:
        """What somebody needs to read this one entry without our keys.

        Raises:
            CaseUnusable: it cannot be read.
        """
        found = persistence.StoredEvent(stored.stream, stored.version, stored.topic, stored.state)
        try:
            return self.mapper.disclose(found)
        except UnreadableEntryError as error:
            raise CaseUnusable(f"Entry #{stored.position} of the log cannot be read: {error}.") from error

    def close(self) -> None:
        """Give back the files or connections of the store."""
        self.recorder.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _meanwhile(self, versions: Mapping[UUID, int]) -> RecordedMeanwhile:
        """What stands where the entries should have gone."""
        taken = [self.recorder.position_of(stream, version) for stream, version in versions.items()]
        number = max((position for position in taken if position is not None), default=None)
        if number is None:
            return RecordedMeanwhile()
        (found,) = self.recorder.select_notifications(number, 1)
        return RecordedMeanwhile(number, self._open(found, number=number).by)

    def _position_if_recorded(self, entries: Sequence[Entry]) -> int | None:
        """The position of the last entry, where exactly these entries are in the log; None where none of them is."""
        last = entries[-1]
        found = self.stream(last.originator_id)[last.originator_version - 1 : last.originator_version]
        if found != (last,):
            return None
        return self.recorder.position_of(last.originator_id, last.originator_version)

    def _open(self, stored: persistence.StoredEvent, number: int | None = None) -> Entry:
        try:
            return self.mapper.to_domain_event(stored)
        except UnreadableEntryError as error:
            where = f"#{number}" if number is not None else f"{stored.originator_version} of {stored.originator_id}"
            raise CaseUnusable(f"Entry {where} of the log cannot be read: {error}.") from error


def _first_versions(entries: Sequence[Entry]) -> dict[UUID, int]:
    """The first version of each stream among the entries; those after it must follow one by one."""
    by_stream: dict[UUID, list[int]] = {}
    for entry in entries:
        by_stream.setdefault(entry.originator_id, []).append(entry.originator_version)
    for stream, versions in by_stream.items():
        if versions[0] < 1 or any(later != earlier + 1 for earlier, later in pairwise(versions)):
            raise ValueError(f"the versions of stream {stream} do not count up one by one from 1: {versions}")
    return {stream: versions[0] for stream, versions in by_stream.items()}


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except DamagedLogError as error:
        raise CaseUnusable(f"The log of the case is damaged: {error}. Verify the case; restore a backup.") from error
    except persistence.PersistenceError as error:
        cause = error.__cause__
        raise CaseUnusable(explain(cause) if isinstance(cause, SQLAlchemyError) else str(error)) from error

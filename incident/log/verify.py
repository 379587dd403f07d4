"""Whether a log is whole: every fault is named, and nothing is loaded at once.

`check_chain` needs no key: it recomputes the hash chain over the stored bytes. `verify` opens every entry as well,
checks that each stream counts up without a gap, and that every document an event speaks of is in the blob store.

What is worth a look but is no fault, such as a clock that was set back, becomes a note.
"""

import sqlite3
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from sqlalchemy import ColumnElement, Connection, LargeBinary, Select, cast, func, select
from sqlalchemy.exc import DBAPIError

from incident.errors import CaseUnusable, NotFound
from incident.events import Entry
from incident.events.documents import documents
from incident.log import chain
from incident.log.database import file_faults, refusals, snapshot
from incident.log.mapper import SealedMapper, UnreadableEntryError
from incident.log.merkle import Frontier
from incident.log.problems import Problems
from incident.log.recorder import ChainedRecorder, entries, links
from incident.ports import BlobStore

_PAGE = 500
_SKEW = timedelta(minutes=10)
"""How far the clocks of people who work on one case may differ without being worth a note."""
_StoredRow = tuple[int, bytes, int, bytes, bytes, bytes | None]
Observer = Callable[[int, Entry], None]


@dataclass(frozen=True)
class Verification:
    """What a verification found. `count` and `head` (hex) describe the log as it is, `code` is its checkpoint code.

    `notes` are worth a look but are no fault; `checked` says in words what was looked at.
    """

    problems: tuple[str, ...]
    count: int
    head: str
    code: str
    notes: tuple[str, ...] = ()
    checked: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is no problem."""
        return not self.problems


def check_chain(recorder: ChainedRecorder, *, checkpoint: chain.Anchor | None = None) -> Verification:
    """Recompute the chain over the stored bytes. No key is needed.

    Raises:
        CaseUnusable: the store cannot be read.
    """
    problems = Problems()
    with refusals(), snapshot(recorder.engine) as connection:
        head = _walk(connection, problems, recorder.start, checkpoint, None)
    return _verification(problems, head)


def verify(
    recorder: ChainedRecorder,
    *,
    mapper: SealedMapper,
    blobs: BlobStore,
    checkpoint: chain.Anchor | None = None,
    observe: Observer | None = None,
) -> Verification:
    """Recompute the chain, open every entry, and look for every document that an event speaks of.

    `observe` is shown every entry that could be read, with its position.

    Raises:
        CaseUnusable: the store cannot be read.
    """
    problems, clocks = Problems(), _Clocks()
    versions: dict[bytes, int] = {}
    checked: set[str] = set()

    def check_entry(row: _StoredRow) -> None:
        position, stream, version, topic, state, _ = row
        expected = versions.get(stream, 0) + 1
        if version != expected:
            problems.at(position, f"version {version} stands where version {expected} of its stream belongs")
        versions[stream] = version
        try:
            entry = mapper.to_domain_event(
                StoredEvent(UUID(bytes=stream), version, topic.decode(errors="replace"), state)
            )
        except UnreadableEntryError as error:
            problems.at(position, f"cannot be read: {error}")
            return
        clocks.see(position, entry.recorded_at)
        if observe is not None:
            observe(position, entry)
        for sha256 in documents(entry.event):
            if sha256 not in checked:
                checked.add(sha256)
                fault = _document_fault(blobs, sha256)
                if fault:
                    problems.at(position, fault)

    with refusals(), snapshot(recorder.engine) as connection:
        for finding in file_faults(connection):
            problems.add(f"the file of the log is damaged: {finding}")
        head = _walk(connection, problems, recorder.start, checkpoint, check_entry)
    looked_at = (f"{head.count:,} entries", f"{len(checked):,} documents")
    return replace(_verification(problems, head), notes=clocks.notes(), checked=looked_at)


class _Clocks:
    """Notices where an entry was recorded, by its own word, well before the one before it."""

    def __init__(self) -> None:
        self._last: tuple[int, datetime] | None = None
        self._notes: list[str] = []

    def see(self, position: int, recorded_at: datetime) -> None:
        if self._last is not None and recorded_at < self._last[1] - _SKEW:
            before, moment = self._last
            self._notes.append(
                f"#{position} says it was recorded at {_utc(recorded_at)}, before #{before} at {_utc(moment)}: "
                "a clock was set back, or ran ahead before; the order is that of the numbers"
            )
        self._last = position, recorded_at

    def notes(self) -> tuple[str, ...]:
        return tuple(self._notes)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _verification(problems: Problems, head: chain.Checkpoint) -> Verification:
    return Verification(problems.all(), head.count, head.head.hex(), head.code)


def _document_fault(blobs: BlobStore, sha256: str) -> str | None:
    try:
        blobs.get(sha256)
    except NotFound:
        return f"its document with SHA-256 {sha256} is missing"
    except CaseUnusable as error:
        return f"its document cannot be used. {error}"
    return None


def _walk(
    connection: Connection,
    problems: Problems,
    start: bytes,
    checkpoint: chain.Anchor | None,
    check_entry: Callable[[_StoredRow], None] | None,
) -> chain.Checkpoint:
    """Go along entries and chain side by side; return where they end."""
    head, count = start, 0
    if connection.execute(select(links.c.hash).where(links.c.sequence == 0)).scalar() != head:
        problems.add("the chain does not begin with this case: the log was replaced or its beginning was changed")
    doubted: bytes | None = None
    kept = _Kept(checkpoint, start) if checkpoint is not None else None
    for row in stored_rows(connection, problems):
        position, stream, version, topic, state, stored_link = row
        try:
            following = chain.following(head, position, stream, version, topic, state)
        except (TypeError, ValueError, struct.error):
            problems.at(position, "is not stored in the form of an entry")
            continue
        if stored_link == following and position == count + 1:
            doubted, head = None, following
        elif position <= count:
            problems.at(position, "stands before the beginning of the log")
            continue
        else:
            if position > count + 1:
                problems.at(count + 1, "missing", position - 1)
            if doubted is not None:
                # Was it the link before that was changed, not its entry? Then the chain goes on from what it was.
                from_doubted = chain.following(doubted, position, stream, version, topic, state)
                following = from_doubted if stored_link == from_doubted else following
            doubted = following if stored_link != following else None
            if doubted is not None:
                what = "the entry or its link was changed" if stored_link else "it has no link"
                problems.at(position, f"the chain is broken here: {what}")
            head = stored_link or following  # so that a further break shows as one of its own
        count = position
        if kept is not None:
            kept.see(count, head)
        if check_entry is not None:
            check_entry(row)
    _check_tail(connection, problems, count)
    if kept is not None:
        kept.compare(problems, count)
    return chain.Checkpoint(count, head)


def stored_rows(connection: Connection, problems: Problems) -> Iterator[_StoredRow]:
    """Position, stream, version, topic, state and link of each entry, in order, as they are stored."""
    # The bytes of the topic, not its text: a text that is no UTF-8 would stop the query.
    topic: ColumnElement[bytes] = (
        cast(entries.c.topic, LargeBinary)
        if connection.dialect.name == "sqlite"
        else func.convert_to(entries.c.topic, "UTF8", type_=LargeBinary)
    )
    query = (
        select(entries.c.position, entries.c.originator_id, entries.c.originator_version, topic, entries.c.state)
        .add_columns(links.c.hash)
        .join_from(entries, links, links.c.sequence == entries.c.position, isouter=True)
        .order_by(entries.c.position)
    )
    # The rows of the driver: SQLAlchemy's cost more than the hashing. That of SQLite fetches as it is asked to; that of
    # PostgreSQL would fetch the whole log at once.
    pages = _streamed if connection.dialect.name == "sqlite" else _paged
    last = 0
    try:
        for page in pages(connection, query):
            last = page[-1][0]
            yield from page
    except (DBAPIError, sqlite3.Error) as error:
        problems.add(f"the store cannot be read after #{last}: {getattr(error, 'orig', error)}")


def _streamed(connection: Connection, query: Select[Any]) -> Iterator[Sequence[Any]]:
    found = connection.execute(query)
    while page := found.cursor.fetchmany(_PAGE):
        yield page


def _paged(connection: Connection, query: Select[Any]) -> Iterator[Sequence[Any]]:
    query, last = query.limit(_PAGE), None
    while page := connection.execute(
        query if last is None else query.where(entries.c.position > last)
    ).cursor.fetchall():
        yield page
        last = page[-1][0]


def _check_tail(connection: Connection, problems: Problems, count: int) -> None:
    last = connection.execute(select(func.max(links.c.sequence))).scalar()
    if last is not None and last > count:
        problems.at(count + 1, "missing: the chain goes on, but the entries do not", last)
    stray = connection.execute(select(func.count()).where(links.c.sequence < 0)).scalar()
    if stray:
        problems.add(f"the chain has {stray} links before its beginning")


class _Kept:
    """The checkpoint that somebody kept, held beside a log as it is gone along."""

    def __init__(self, checkpoint: chain.Anchor, start: bytes) -> None:
        self._checkpoint = checkpoint
        self._head = start
        self._tree = Frontier() if checkpoint.root is not None else None

    def see(self, count: int, link: bytes) -> None:
        """Take in the link of an entry."""
        if self._tree is not None and self._tree.size < self._checkpoint.count:
            self._tree.add(link)
        if count == self._checkpoint.count:
            self._head = link

    def compare(self, problems: Problems, count: int) -> None:
        """Whether the log, which has `count` entries, is the one the checkpoint was taken of."""
        kept = self._checkpoint
        if kept.count > count:
            problems.add(
                f"the checkpoint was taken at #{kept.count}, but the log ends at #{count}: "
                "its end was cut off, or this is an older copy"
            )
        elif not kept.confirms(self._head) or (self._tree is not None and self._tree.root != kept.root):
            problems.add(
                f"the log is not the one the checkpoint was taken of: "
                f"something up to #{kept.count} was rewritten and chained anew, or it is the log of another case"
            )

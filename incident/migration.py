"""Copying a whole case from one store to another: a backup begins so, and a move between folder and server is that.

Everything is copied sealed as it is. The log is chained anew from its stored bytes and must end in the same link; so
checkpoints, packs and passphrases stay valid, and a broken chain is refused rather than healed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Engine, MetaData, Uuid, func, insert, inspect, select

from incident.access import keystore
from incident.casefile import OpenCase
from incident.errors import CaseUnusable
from incident.log.chain import Checkpoint
from incident.log.database import refusals, snapshot, writing
from incident.roster import tables as people
from incident.stores.base import CaseStore
from incident.stores.naming import read_place
from incident.stores.places import Place, new_store

MOVED = "moved.json"
"""Stands in a store whose case has gone on elsewhere."""

_PAGE = 2_000
Progress = Callable[[str, int, int], None]
"""Told what is copied, how much of it is done, and how much there is."""


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """Where a case went, when, and how long its log was then. `origin` and `to` have no password."""

    case_id: UUID
    origin: str
    to: str
    at: datetime
    count: int
    code: str
    documents: int


def migrate(case: OpenCase, place: Place, at: datetime, progress: Progress | None = None) -> Moved:
    """Copy an open case to a new place, where it is whole or not at all; then mark the source as moved.

    Nothing else is changed in the source. People and keys hold still meanwhile; whoever records something else makes
    the move fail.

    Raises:
        InvalidInput: the place is a URL, and not one of a case.
        CaseUnusable: something is at the place, the chain is broken, somebody recorded something meanwhile, or
            something cannot be read or written.
    """
    tell = progress or _silent
    source = case.store
    with new_store(place) as target, source.quiet():
        newest = copy_records(case, target, tell)
        names = tuple(source.shelf.names())
        for done, name in enumerate(names, start=1):
            target.shelf.put(name, source.shelf.get(name) or b"")
            tell("documents", done, len(names))
        if case.log.position() != newest.count:
            raise CaseUnusable("Somebody recorded something meanwhile; nothing was moved. Try again.")
    moved = Moved(
        case_id=case.case_id,
        origin=source.where,
        to=str(read_place(place)),
        at=at,
        count=newest.count,
        code=newest.code,
        documents=len(names),
    )
    source.write(MOVED, msgspec.json.encode(moved))
    return moved


def moved_from(store: CaseStore) -> Moved | None:
    """Where the case of a store went; None where it is still here.

    Raises:
        CaseUnusable: the store cannot be read.
    """
    content = store.read(MOVED)
    try:
        return msgspec.json.decode(content, type=Moved) if content is not None else None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise CaseUnusable(f"{MOVED} is damaged in {store.where}: {error}.") from error


def copy_records(case: OpenCase, target: CaseStore, progress: Progress | None = None) -> Checkpoint:
    """Copy log, keys, people and small documents into a new store, but not its shelf; return how the log ends.

    The source has to be quiet. The log comes first: people, keys and documents are stored before the log says so.

    Raises:
        CaseUnusable: the chain of the log is broken, or something cannot be read or written.
    """
    tell, source = progress or _silent, case.store
    newest = case.log.checkpoint()
    tell("entries", 0, newest.count)
    if case.log.copy_to(target.log(), newest.count) != newest:
        raise CaseUnusable("The chain of the log is broken; nothing was copied. Verify the case.")
    tell("entries", newest.count, newest.count)
    _copy_tables(source.keys.engine, target.keys.engine, keystore.metadata, tell)
    if source.holds_people():
        with _engine(source.vault()) as here, _engine(target.vault()) as there:
            _copy_tables(here, there, people.metadata, tell)
    case.check_file()
    for name in source.documents():
        if name != MOVED:
            target.write(name, source.read(name) or b"")
    return newest


@contextmanager
def _engine(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.dispose()


def _copy_tables(source: Engine, target: Engine, tables: MetaData, tell: Progress) -> None:
    with refusals(), snapshot(source) as reading, writing(target) as kept:
        there = set(inspect(reading).get_table_names())
        tables.create_all(kept)
        for table in tables.sorted_tables:
            if table.name not in there:  # made by an older version, which had nothing to put there
                continue
            done, count = 0, reading.execute(select(func.count()).select_from(table)).scalar_one()
            # Identifiers are written differently by each kind of database; everything else is the same value in both.
            converted = any(isinstance(column.type, Uuid) for column in table.columns)
            for page in reading.execute(select(table).execution_options(yield_per=_PAGE)).partitions():
                if converted:
                    kept.execute(insert(table), [row._asdict() for row in page])
                else:
                    people.insert_many(kept, table, [tuple(row) for row in page])
                done += len(page)
                if table is people.people:
                    tell("people", done, count)


def _silent(_what: str, _done: int, _whole: int) -> None:
    pass

"""From records to rows ready for the vault: checked, fingerprinted, sealed and indexed.

This is nearly all of the work of an import, and every row is independent of the others, so a large file is prepared by
worker processes. What compares rows with each other (duplicates, the tally) stays with the caller, in file order.
"""

import gc
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from functools import lru_cache
from itertools import islice
from multiprocessing import get_context
from uuid import UUID

import msgspec

from incident.errors import CaseUnusable
from incident.roster.checks import Checker
from incident.roster.dedupe import Fingerprint, fingerprint
from incident.roster.elements import bits_of
from incident.roster.matching.profile import QUARANTINED, profile
from incident.roster.person import Person
from incident.roster.record import Checked, Record, Status
from incident.roster.sealing import Sealer, index_entries
from incident.roster.words import name_words, other_words

BATCH = 1_000
SMALL_BATCH = 100
"""Rows prepared together where a person waits for the first of them."""
PARALLEL_FROM = 4 << 20
"""Bytes of a file from which starting worker processes (half a second) pays."""
MOST_WORKERS = 4
AHEAD = 12
"""Batches under way for each of them: enough to be busy while ten thousand rows are written durably."""


class Envelope(msgspec.Struct, array_like=True, frozen=True):
    """What is sealed for one row. Stored as an array: fields are only ever appended, each with a default."""

    person: Person | None
    findings: tuple[str, ...]
    original: dict[str, str]


class Prepared(msgspec.Struct, array_like=True, gc=False):
    """One row ready for the vault. `flags` and `elements` are bits, `audience` is None where no letter goes out.

    `envelope`, `wrapped_key` and `index` (entries of the blind index, one behind the other) are empty in a dry run.
    `profile` is what the row is compared with others by; it is empty where there is no person.
    """

    row: int
    status: Status
    state: str
    flags: int
    elements: int
    audience: str | None
    findings: tuple[str, ...]
    print: Fingerprint | None
    envelope: bytes = b""
    wrapped_key: bytes = b""
    index: bytes = b""
    merged_into: int | None = None
    profile: bytes = b""


class Job(msgspec.Struct, frozen=True):
    """How the rows of one file are prepared; `day_0` is where it counts days from.

    Without `roster` and `incident_key` it is a dry run: nothing is sealed.
    """

    headings: tuple[str, ...]
    mapping: Mapping[str, str]
    on: date
    digest_key: bytes
    day_0: date
    roster: UUID | None = None
    incident_key: bytes | None = None


encode = msgspec.msgpack.Encoder().encode


class Preparer:
    """Prepares the records of one file."""

    def __init__(self, job: Job) -> None:
        self._checker = Checker(job.headings, job.mapping, job.on, job.day_0)
        self._digest_key = job.digest_key
        self._roster = job.roster
        self._sealer = sealer = Sealer(job.incident_key) if job.incident_key is not None else None
        if sealer is not None:
            # Words of names recur; e-mail addresses and streets hardly do.
            of_names = lru_cache(maxsize=1 << 15)(sealer.token)
            self._token_of_name, self._token = of_names, sealer.token

    def _index(self, row: Checked) -> bytes:
        """The entries of the blind index for a row."""
        if row.person is None:
            return b""
        name, lines, town = row.folded
        names = map(self._token_of_name, name_words(name))
        return index_entries((*names, *map(self._token, other_words(lines, town, row.person.email))), row.row)

    def prepare(self, records: Sequence[Record], *, seal: bool = True) -> list[Prepared]:
        """A run of rows, one step after the other: a processor is a third faster at one thing at a time.

        Without `seal` nothing is sealed or indexed: the rows are in the vault from an import that broke off.
        """
        run = self._checker.check_run(records)
        key, accepted = self._digest_key, Status.ACCEPTED
        prints = [
            fingerprint(row.person, row.folded, key) if row.person is not None and row.status is accepted else None
            for row in run
        ]
        profiles = [
            b""
            if row.person is None
            else profile(
                row.row, row.person, int(row.flags) | (0 if row.status is accepted else QUARANTINED), row.folded[1]
            )
            for row in run
        ]
        if not seal or self._sealer is None or self._roster is None:
            sealed, entries = [(b"", b"")] * len(run), [b""] * len(run)
        else:
            plain = [encode(Envelope(row.person, row.findings, row.original)) for row in run]
            sealed = self._sealer.seal_run(self._roster, [row.row for row in run], plain)
            entries = [self._index(row) for row in run]
        return [
            Prepared(
                row.row, row.status, row.state, int(row.flags), bits_of(row.person.data_elements) if row.person else 0,
                row.audience, row.findings, print_, envelope, wrapped_key, index, None, profile_,
            )
            for row, print_, profile_, (envelope, wrapped_key), index in zip(
                run, prints, profiles, sealed, entries, strict=True
            )
        ]  # fmt: skip


def prepare_all(
    records: Iterable[Record], job: Job, *, size: int, workers: int | None = None, sealed: int = 0
) -> Iterator[Prepared]:
    """Every record of a file of `size` bytes, prepared, in order.

    `workers` is how many processes help; None decides by the size of the file, 0 does all of it here. `sealed` is how
    many of the first records are in the vault already.
    """
    if workers is None:
        workers = min(os.cpu_count() or 1, MOST_WORKERS) if size >= PARALLEL_FROM else 0
    if workers:
        yield from _in_parallel(records, job, workers, sealed)
    else:
        preparer = Preparer(job)
        for number, batch in enumerate(_batches(records, SMALL_BATCH), start=1):
            yield from preparer.prepare(batch, seal=number * SMALL_BATCH > sealed)


_decode_records = msgspec.msgpack.Decoder(list[Record]).decode
_decode_prepared = msgspec.msgpack.Decoder(list[Prepared]).decode
_preparer: Preparer | None = None


def _start(job: Job) -> None:
    global _preparer  # noqa: PLW0603 - a worker process has one job, handed to it as it starts
    _preparer = Preparer(job)
    gc.disable()  # nothing in here refers to itself, and looking for what does takes a quarter of the time


def _work(records: bytes, seal: bool) -> bytes:  # noqa: FBT001 - a pool passes arguments by position
    assert _preparer is not None
    return encode(_preparer.prepare(_decode_records(records), seal=seal))


def _in_parallel(records: Iterable[Record], job: Job, workers: int, sealed: int) -> Iterator[Prepared]:
    # Forking a program with threads is unsafe; a spawned process starts clean.
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_start, initargs=(job,))
    waiting: deque[Future[bytes]] = deque()
    try:
        for number, batch in enumerate(_batches(records, BATCH), start=1):
            waiting.append(pool.submit(_work, encode(batch), number * BATCH > sealed))
            if len(waiting) > AHEAD * workers:
                yield from _decode_prepared(waiting.popleft().result())
        while waiting:
            yield from _decode_prepared(waiting.popleft().result())
    except BrokenProcessPool:
        raise CaseUnusable("a helper process of the import was ended from outside; nothing was kept") from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _batches(records: Iterable[Record], size: int) -> Iterator[Sequence[Record]]:
    records = iter(records)
    while batch := list(islice(records, size)):
        yield batch

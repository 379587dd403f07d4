"""From records to rows ready for the vault: checked, fingerprinted, sealed and indexed.

This is nearly all of the work of an import, and every row is independent of the others, so a large file is prepared by
worker processes. What compares rows with each other (duplicates, the tally) stays with the caller, in file order.
"""

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
from incident.roster.record import Record, Status
from incident.roster.sealing import Sealer, index_entry
from incident.roster.words import index_words

BATCH = 2_000
PARALLEL_FROM = 4 << 20
"""Bytes of a file from which starting worker processes (half a second) pays."""
MOST_WORKERS = 4


class Envelope(msgspec.Struct, array_like=True, frozen=True):
    """What is sealed for one row. Stored as an array: fields are only ever appended, each with a default."""

    person: Person | None
    findings: tuple[str, ...]
    original: dict[str, str]


class Prepared(msgspec.Struct, array_like=True):
    """One row ready for the vault. `flags` and `elements` are bits, `audience` is None where no letter goes out.

    `envelope`, `wrapped_key` and `index` (entries of the blind index) are empty in a dry run. `profile` is what the row
    is compared with others by; it is empty where there is no person.
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
    index: list[bytes] = []
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
        self._sealer = Sealer(job.incident_key) if job.incident_key is not None else None
        # Names recur; e-mail and street addresses hardly do, but cost little to keep.
        self._token = lru_cache(maxsize=1 << 16)(self._sealer.token) if self._sealer is not None else None

    def prepare(self, record: Record) -> Prepared:
        """One row."""
        checked = self._checker.check(record)
        person, row = checked.person, checked.row
        prepared = Prepared(
            row,
            checked.status,
            checked.state,
            int(checked.flags),
            bits_of(person.data_elements) if person else 0,
            checked.audience,
            checked.findings,
            fingerprint(person, checked.folded, self._digest_key)
            if person is not None and checked.status is Status.ACCEPTED
            else None,
        )
        if person is not None:
            waits = QUARANTINED if checked.status is Status.QUARANTINED else 0
            prepared.profile = profile(row, person, prepared.flags | waits)
        if self._sealer is not None and self._token is not None and self._roster is not None:
            plain = encode(Envelope(person, checked.findings, checked.original))
            prepared.envelope, prepared.wrapped_key = self._sealer.seal(self._roster, row, plain)
            if person is not None:
                words = index_words(*checked.folded, person.email)
                prepared.index = [index_entry(token, row) for token in map(self._token, words)]
        return prepared


def prepare_all(records: Iterable[Record], job: Job, *, size: int, workers: int | None = None) -> Iterator[Prepared]:
    """Every record of a file of `size` bytes, prepared, in order.

    `workers` is how many processes help; None decides by the size of the file, 0 does all of it here.
    """
    if workers is None:
        workers = min(os.cpu_count() or 1, MOST_WORKERS) if size >= PARALLEL_FROM else 0
    if workers:
        yield from _in_parallel(records, job, workers)
    else:
        yield from map(Preparer(job).prepare, records)


_decode_records = msgspec.msgpack.Decoder(list[Record]).decode
_decode_prepared = msgspec.msgpack.Decoder(list[Prepared]).decode
_preparer: Preparer | None = None


def _start(job: Job) -> None:
    global _preparer  # noqa: PLW0603 - a worker process has one job, handed to it as it starts
    _preparer = Preparer(job)


def _work(records: bytes) -> bytes:
    assert _preparer is not None
    return encode([_preparer.prepare(record) for record in _decode_records(records)])


def _in_parallel(records: Iterable[Record], job: Job, workers: int) -> Iterator[Prepared]:
    # Forking a program with threads is unsafe; a spawned process starts clean.
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_start, initargs=(job,))
    waiting: deque[Future[bytes]] = deque()
    try:
        for batch in _batches(records, BATCH):
            waiting.append(pool.submit(_work, encode(batch)))
            if len(waiting) > 2 * workers:
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

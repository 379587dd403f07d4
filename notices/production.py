"""From an approved notice to files: letters for every person of the rosters, or the documents of a report.

The rows stream by in units of some files. What a unit made is kept, listed, and noted as finished before the next
is; so memory does not grow with the number of people, and whoever goes on after a crash finds every finished unit by
what it was made of. Nothing here decides whether a notice may leave.
"""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import groupby
from typing import Final

import msgspec

from incident.unfinished import Part
from incident.views.queries import LetterRow
from notices.bulk import BATCH, Tally, addressed_batches, print_batches
from notices.context import Audience, LetterContext, Recipient
from notices.engines.base import BATCHES, PdfEngine
from notices.errors import NoticeError
from notices.journal import Journal, NoJournal
from notices.manifest import SEGMENT, ExcludedRow, FileRecord, Manifest, Segment, SegmentRecord
from notices.paper import Document
from notices.preflight import Exclusion
from notices.press import Addressed
from notices.printer import PrintedFile
from notices.proof import page_texts
from notices.words import greeting
from notices.workshop import made_with, templates_sha256

NO_LETTER: Final = "no_letter"
UNIT_FILES: Final = 10
UNIT_LETTERS: Final = 50
UNIT_ROWS: Final = 5_000
"""A unit is complete with so many files of many letters, or of one letter each, or with so many rows: seconds of work,
which is what a crash can cost."""

Keep = Callable[[bytes], str]
"""Stores content durably and answers with its SHA-256 in hex."""


class ProductionCancelled(NoticeError):  # noqa: N818 - a person's wish, not a malfunction
    """The rendering was stopped by the person who started it; nothing of it was recorded."""


class ProductionProgress(msgspec.Struct, frozen=True):
    """How far a rendering has come. `resumed` of the rows were finished before this run."""

    rows: int
    documents: int
    excluded: int
    resumed: int = 0


class _Unit:
    """Batches that become files together; `numbers` are the rosters they are of."""

    def __init__(self, shape: str, most: int) -> None:
        self._most = most
        self.batches: list[list[Addressed] | Exclusion] = []
        self.numbers: list[int] = []
        self.made: list[PrintedFile | Exclusion] = []
        self.part: Part | None = None
        self.files = self.rows = 0
        self._hash = hashlib.sha256(shape.encode())

    def add(self, number: int, batch: list[Addressed] | Exclusion) -> None:
        self.batches.append(batch)
        self.numbers.append(number)
        self.files += not isinstance(batch, Exclusion)
        self.rows += 1 if isinstance(batch, Exclusion) else len(batch)
        self._hash.update(msgspec.msgpack.encode((number, batch)))

    @property
    def complete(self) -> bool:
        return self.files >= self._most or self.rows >= UNIT_ROWS

    @property
    def key(self) -> str:
        """A hash of everything that its files are made of."""
        return self._hash.hexdigest()


class _Production:
    """One run: what is waiting to be printed, and what has been made of it so far."""

    def __init__(self, keep: Keep, journal: Journal, advance: Callable[[ProductionProgress], None]) -> None:
        self.tally = Tally()
        self.rows_in = self.resumed = 0
        self.segments: list[SegmentRecord] = []
        self.tail = Segment()
        self._waiting: deque[_Unit] = deque()
        self._keep = keep
        self._journal = journal
        self._advance = advance

    def to_print(self, units: Iterable[_Unit]) -> Iterator[list[Addressed] | Exclusion]:
        """The batches of those units that are not finished already; taken a few ahead of what is printed."""
        for unit in units:
            self.rows_in += unit.rows
            unit.part = self._journal.finished(unit.key) if unit.complete else None
            self._waiting.append(unit)
            if unit.part is None:
                yield from unit.batches
            unit.batches.clear()

    def take(self, printed: PrintedFile | Exclusion) -> None:
        """What was printed next."""
        self.pass_finished()
        unit = self._waiting[0]
        unit.made.append(printed)
        self.tally.add(printed)
        self._report()
        if len(unit.made) == len(unit.numbers):
            self._finish(self._waiting.popleft())

    def pass_finished(self) -> None:
        """Units in front that an earlier run has finished."""
        while self._waiting and (part := self._waiting[0].part) is not None:
            self._waiting.popleft()
            self.tally.rows += part.rows
            self.tally.letters += part.letters
            self.tally.pages += part.pages
            self.tally.excluded.update(part.excluded)
            self.resumed += part.rows
            self._list(part)
            self._report()

    def _finish(self, unit: _Unit) -> None:
        files = [printed for printed in unit.made if isinstance(printed, PrintedFile)]
        listed = _listed(unit)
        told = msgspec.json.encode(listed, order="deterministic") if unit.complete else b""
        hashes = [file.sha256 for file in files]
        self._journal.begin([*hashes, hashlib.sha256(told).hexdigest()] if told else hashes)
        for file in files:
            self._keep(file.pdf)
        if not told:  # the last: it stands in the manifest itself
            self.tail = listed
            return
        part = Part(
            key=unit.key,
            sha256=self._keep(told),
            size=len(told),
            files=len(files),
            letters=sum(len(file.letters) for file in files),
            pages=sum(file.pages for file in files),
            excluded=dict(Counter(each.group for each in unit.made if isinstance(each, Exclusion))),
        )
        self._journal.finish(part)
        self._list(part)

    def _list(self, part: Part) -> None:
        name = SEGMENT.format(number=len(self.segments) + 1)
        self.segments.append(
            SegmentRecord(
                name=name,
                sha256=part.sha256,
                size=part.size,
                files=part.files,
                letters=part.letters,
                pages=part.pages,
                excluded=part.excluded,
            )
        )

    def _report(self) -> None:
        tally = self.tally
        self._advance(ProductionProgress(tally.rows, tally.letters, tally.excluded.total(), self.resumed))


def produce_letters(
    context: LetterContext,
    content_sha256: str,
    people: Iterable[LetterRow],
    engine: PdfEngine,
    keep: Keep,
    *,
    journal: Journal | None = None,
    progress: Callable[[ProductionProgress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    workers: int | None = None,
) -> Manifest:
    """Print a letter for everybody who gets one, roster by roster, each proved against its row.

    `journal` knows which units an earlier run has finished; they are not printed again. `workers` is as in
    `notices.bulk.print_letters`.

    Raises:
        NoticeError: a printed letter differs from its row, or rows were lost.
        ProductionCancelled: `cancelled` said so.
    """

    def advance(reached: ProductionProgress) -> None:
        if progress is not None:
            progress(reached)
        if cancelled is not None and cancelled():
            raise ProductionCancelled("the rendering was stopped; nothing of it was recorded")

    per_file = BATCH if BATCHES in engine.capabilities else 1
    run = _Production(keep, journal or NoJournal(), advance)
    units = _units(context, people, per_file, _shape(context, content_sha256, engine, per_file))
    for printed in print_batches(context, run.to_print(units), engine, per_file, workers=workers):
        run.take(printed)
    run.pass_finished()
    if not run.rows_in:
        raise NoticeError("people: no roster was imported for this incident, so there is nobody to write to")
    tally = run.tally
    tally.refuse_loss(run.rows_in)
    return Manifest(
        kind="individual_letter",
        content_sha256=content_sha256,
        engine=f"{engine.name} {engine.version}",
        rows=tally.rows,
        documents=tally.letters,
        files=run.tail.files,
        excluded=run.tail.excluded,
        segments=tuple(run.segments),
        pages=tally.pages,
        left_out=dict(sorted(tally.excluded.items())),
    )


def _shape(context: LetterContext, content_sha256: str, engine: PdfEngine, per_file: int) -> str:
    """Everything but the people that decides what the files look like, byte for byte."""
    parts = (content_sha256, context, engine.name, engine.version, templates_sha256(), made_with(), per_file)
    return hashlib.sha256(msgspec.msgpack.encode(parts)).hexdigest()


def _units(context: LetterContext, people: Iterable[LetterRow], per_file: int, shape: str) -> Iterator[_Unit]:
    languages = {variant.language for variant in context.variants}
    most = UNIT_FILES if per_file > 1 else UNIT_LETTERS
    unit = _Unit(shape, most)
    for number, (_, rows) in enumerate(groupby(people, key=lambda row: row.roster), start=1):
        for batch in addressed_batches(context, (recipient_of(row, languages) for row in rows), per_file):
            unit.add(number, batch)
            if unit.complete:
                yield unit
                unit = _Unit(shape, most)
    if unit.rows:
        yield unit


def _listed(unit: _Unit) -> Segment:
    files, excluded = [], []
    for number, printed in zip(unit.numbers, unit.made, strict=True):
        if isinstance(printed, Exclusion):
            excluded.append(ExcludedRow(code=printed.reference, reason=printed.reason))
            continue
        files.append(
            FileRecord(
                name=f"{number}-{printed.name}",
                sha256=printed.sha256,
                size=len(printed.pdf),
                pages=printed.pages,
                letters=printed.letters,
            )
        )
    return Segment(files=tuple(files), excluded=tuple(excluded))


def produce_report(
    kind: str, content_sha256: str, documents: Iterable[Document], engine: PdfEngine, keep: Keep
) -> Manifest:
    """Render each document of a report as one PDF, with the page and the text of what goes on a screen."""
    files = []
    count = 0
    for document in documents:
        count += 1
        pdf = engine.render(document.html)
        files.append(FileRecord(name=f"{document.name}.pdf", sha256=keep(pdf), size=len(pdf), pages=_pages(pdf)))
        if document.on_screen:
            for form, words in (("html", document.html), ("txt", document.text)):
                kept = words.encode()
                files.append(FileRecord(name=f"{document.name}.{form}", sha256=keep(kept), size=len(kept), pages=0))
    return Manifest(
        kind=kind,
        content_sha256=content_sha256,
        engine=f"{engine.name} {engine.version}",
        rows=count,
        documents=count,
        files=tuple(files),
        pages=sum(file.pages for file in files),
        left_out={},
    )


def recipient_of(row: LetterRow, languages: Collection[str]) -> Recipient | Exclusion:
    """A person as a letter in one of these languages addresses them, or why there is none."""
    if row.excluded is not None:
        return Exclusion(row=row.row, code=NO_LETTER, reason=row.excluded, reference=row.code)
    language = row.language if row.language in languages else "en"
    return Recipient(
        row=row.row,
        name_lines=row.name_lines,
        address_lines=row.address_lines,
        salutation=greeting(row.salutation, language),
        code=row.code,
        audience=Audience(row.audience),
        state=row.state or None,
        language=language,
        large_print=row.large_print,
    )


def _pages(pdf: bytes) -> int:
    return sum(1 for _ in page_texts(pdf))

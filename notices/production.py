"""From an approved notice to files: letters for every person of the rosters, or the documents of a report.

Every file is handed to `keep` before the next is made, and a manifest tells what each holds. Nothing here decides
whether a notice may leave.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import groupby
from typing import Final

import msgspec

from incident.views.queries import LetterRow
from notices.bulk import BATCH, Tally, print_letters
from notices.context import Audience, LetterContext, Recipient
from notices.engines.base import BATCHES, PdfEngine
from notices.errors import NoticeError
from notices.manifest import ExcludedRow, FileRecord, Manifest
from notices.paper import Document
from notices.preflight import Exclusion
from notices.proof import page_texts
from notices.words import greeting

NO_LETTER: Final = "no_letter"

Keep = Callable[[bytes], str]
"""Stores content durably and answers with its SHA-256 in hex."""


class ProductionCancelled(NoticeError):  # noqa: N818 - a person's wish, not a malfunction
    """The rendering was stopped by the person who started it; nothing of it was recorded."""


class ProductionProgress(msgspec.Struct, frozen=True):
    """How far a rendering has come."""

    rows: int
    documents: int
    excluded: int


def produce_letters(
    context: LetterContext,
    content_sha256: str,
    people: Iterable[LetterRow],
    engine: PdfEngine,
    keep: Keep,
    *,
    progress: Callable[[ProductionProgress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Manifest:
    """Print a letter for everybody who gets one, roster by roster, each proved against its row.

    Raises:
        NoticeError: a printed letter differs from its row, or rows were lost.
        ProductionCancelled: `cancelled` said so.
    """
    tally = Tally()
    files: list[FileRecord] = []
    excluded: list[ExcludedRow] = []
    rows_in = 0
    per_file = BATCH if BATCHES in engine.capabilities else 1
    for number, (_, rows) in enumerate(groupby(people, key=lambda row: row.roster), start=1):
        codes: dict[int, str] = {}
        for printed in print_letters(
            context,
            _recipients(rows, codes, {variant.language for variant in context.variants}),
            engine,
            letters_per_file=per_file,
        ):
            if cancelled is not None and cancelled():
                raise ProductionCancelled("the rendering was stopped; nothing of it was recorded")
            tally.add(printed)
            if isinstance(printed, Exclusion):
                excluded.append(ExcludedRow(code=codes[printed.row], reason=printed.reason))
            else:
                files.append(
                    FileRecord(
                        name=f"{number}-{printed.name}",
                        sha256=keep(printed.pdf),
                        size=len(printed.pdf),
                        pages=printed.pages,
                        letters=printed.letters,
                    )
                )
            if progress is not None:
                progress(ProductionProgress(tally.rows, tally.letters, tally.excluded.total()))
        rows_in += len(codes)
    if not rows_in:
        raise NoticeError("people: no roster was imported for this incident, so there is nobody to write to")
    tally.refuse_loss(rows_in)
    return Manifest(
        kind="individual_letter",
        content_sha256=content_sha256,
        engine=f"{engine.name} {engine.version}",
        rows=tally.rows,
        documents=tally.letters,
        files=tuple(files),
        excluded=tuple(excluded),
    )


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
    )


def _recipients(
    rows: Iterable[LetterRow], codes: dict[int, str], languages: Collection[str]
) -> Iterator[Recipient | Exclusion]:
    """The rows as they are printed; `codes` is filled with what went in, to be counted against what comes out."""
    for row in rows:
        codes[row.row] = row.code
        yield recipient_of(row, languages)


def recipient_of(row: LetterRow, languages: Collection[str]) -> Recipient | Exclusion:
    """A person as a letter in one of these languages addresses them, or why there is none."""
    if row.excluded is not None:
        return Exclusion(row=row.row, code=NO_LETTER, reason=row.excluded)
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
    )


def _pages(pdf: bytes) -> int:
    return sum(1 for _ in page_texts(pdf))

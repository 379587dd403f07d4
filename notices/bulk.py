"""Letters for a whole roster: streamed, each read back from its PDF and compared with its row.

Memory does not grow with the roster: a few files' worth of letters are held at a time, and the caller stores each file
before it asks for the next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

import msgspec

from notices.context import LetterContext, Recipient
from notices.engines import NAMES
from notices.engines.base import BATCHES, PdfEngine
from notices.errors import NoticeError
from notices.manifest import LetterRecord
from notices.preflight import Exclusion, Variants, why_not
from notices.press import Addressed, Press
from notices.printer import PrintedFile, Printer
from notices.workers import print_in_parallel

__all__ = ["BATCH", "LetterRecord", "PrintedFile", "Tally", "print_letters"]

BATCH: Final = 100
"""Letters in one file for an engine that can number them; more gains little and holds more in memory."""
PARALLEL_FROM: Final = 2_000
"""Rows from which starting worker processes (two seconds) pays."""


class Tally(msgspec.Struct, kw_only=True):
    """What a run came to: rows = letters + excluded, always."""

    rows: int = 0
    letters: int = 0
    pages: int = 0
    excluded: Counter[str] = msgspec.field(default_factory=Counter)

    def add(self, printed: PrintedFile | Exclusion) -> None:
        """Count a file or an exclusion."""
        if isinstance(printed, Exclusion):
            self.rows += 1
            self.excluded[printed.group] += 1
        else:
            self.rows += len(printed.letters)
            self.letters += len(printed.letters)
            self.pages += printed.pages

    def refuse_loss(self, rows: int) -> None:
        """Stop unless every row that went in came out as a letter or an exclusion.

        Raises:
            NoticeError: with the numbers.
        """
        if rows != self.letters + self.excluded.total():
            excluded = self.excluded.total()
            raise NoticeError(f"{rows:,} rows went in, {self.letters:,} letters + {excluded:,} exclusions came out")


def print_letters(
    context: LetterContext,
    rows: Iterable[Recipient | Exclusion],
    engine: PdfEngine,
    *,
    letters_per_file: int = 1,
    press: Press | None = None,
    workers: int | None = None,
) -> Iterator[PrintedFile | Exclusion]:
    """Print a letter for every recipient, in the order of the rows, and prove each against its row.

    Exclusions pass through; a row that cannot become a letter becomes one, with its reason. The words that come out
    are `context` as it stands: the caller makes sure that they are the approved ones. `press` is the quickest that the
    engine can serve, unless another is given. `workers` is how many processes help: None decides by the length of the
    roster, 0 does all of it here.

    Raises:
        NoticeError: if a row comes twice or out of order, or a printed letter differs from its row.
        EngineError: if the engine fails.
    """
    if letters_per_file > 1 and BATCHES not in engine.capabilities:
        raise NoticeError(f"{engine.name} prints one letter per file")
    batches = addressed_batches(context, rows, letters_per_file)
    yield from print_batches(context, batches, engine, letters_per_file, press=press, workers=workers)


def print_batches(
    context: LetterContext,
    batches: Iterable[list[Addressed] | Exclusion],
    engine: PdfEngine,
    letters_per_file: int,
    *,
    press: Press | None = None,
    workers: int | None = None,
) -> Iterator[PrintedFile | Exclusion]:
    """Each batch as a file, in order; see `print_letters`. Batches are taken a few ahead of what is handed back."""
    batches = iter(batches)
    printer = Printer(context, engine, press)
    # A process of its own can only make an engine that it finds by name, and the press that goes with it.
    alone = workers == 0 or press is not None or engine.name not in NAMES
    here = None if alone else PARALLEL_FROM // letters_per_file if workers is None else 0
    for batch in islice(batches, here):
        yield batch if isinstance(batch, Exclusion) else printer.file(batch)
    yield from print_in_parallel(context, engine.name, batches, workers)


def addressed_batches(
    context: LetterContext, rows: Iterable[Recipient | Exclusion], size: int
) -> Iterator[list[Addressed] | Exclusion]:
    """The letters of each file, and the rows without one, in order."""
    variants = Variants(context)
    waiting: list[Addressed] = []
    last_row = 0
    for row in rows:
        if row.row <= last_row:
            raise NoticeError(f"row {row.row} comes after row {last_row}: a row is repeated or the roster not in order")
        last_row = row.row
        excluded = row if isinstance(row, Exclusion) else why_not(row, variants)
        if excluded is not None:
            yield excluded
            continue
        assert isinstance(row, Recipient)
        variant = variants.for_recipient(row)
        assert variant is not None
        # The page around the text is written in the language of the text, not in the one that was asked for.
        if waiting and waiting[-1].recipient.large_print != row.large_print:
            yield waiting  # a file is in one size
            waiting = []
        waiting.append(Addressed(msgspec.structs.replace(row, language=variant.language), variant))
        if len(waiting) >= size:
            yield waiting
            waiting = []
    if waiting:
        yield waiting

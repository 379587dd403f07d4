"""Letters for a whole roster: streamed, each read back from its PDF and compared with its row.

Memory does not grow with the roster: one file's worth of letters is held at a time, and the caller stores each
file before the next is made.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from notices.context import LetterContext, LetterVariant, Recipient
from notices.document import Numbering, build_document
from notices.engines.base import BATCHES, PdfEngine
from notices.errors import NoticeError
from notices.letters import placeholder_recipient, render_body, render_letter
from notices.preflight import Exclusion, Variants, why_not
from notices.proof import footer_label, page_texts, read_back

BATCH: Final = 100
"""Letters laid out in one go by an engine that can number them; more gains little and holds more in memory."""


class LetterRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One letter in a file: row and reference, text variant, pages (from 1), and a hash of the words read back."""

    row: int
    code: str
    variant: str
    first_page: int
    pages: int
    text_sha256: str


class PrintedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One PDF of one letter or many. `name` is a file name without personal data."""

    name: str
    pdf: bytes
    sha256: str
    pages: int
    letters: tuple[LetterRecord, ...]


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
            self.excluded[printed.code] += 1
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


class _Job(msgspec.Struct, frozen=True):
    """A recipient with the text that is theirs."""

    recipient: Recipient
    variant: LetterVariant


class _Specimen(msgspec.Struct, frozen=True):
    """What every letter of a variant has in common."""

    pages: int
    body_sha256: str


def print_letters(
    context: LetterContext,
    rows: Iterable[Recipient | Exclusion],
    engine: PdfEngine,
    *,
    letters_per_file: int = 1,
) -> Iterator[PrintedFile | Exclusion]:
    """Print a letter for every recipient, in the order of the rows, and prove each against its row.

    Exclusions pass through; a row that cannot become a letter becomes one, with its reason. The words that come out
    are `context` as it stands: the caller makes sure that they are the approved ones.

    Raises:
        NoticeError: if a row comes twice or out of order, or a printed letter differs from its row.
        EngineError: if the engine fails.
    """
    if letters_per_file > 1 and BATCHES not in engine.capabilities:
        raise NoticeError(f"{engine.name} prints one letter per file")
    printer = _Printer(context, engine)
    variants = Variants(context)
    waiting: list[_Job] = []
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
        waiting.append(_Job(msgspec.structs.replace(row, language=variant.language), variant))
        if len(waiting) >= letters_per_file:
            yield printer.file(waiting)
            waiting = []
    if waiting:
        yield printer.file(waiting)


class _Printer:
    """Prints files of letters with one engine, remembering what is the same for everybody."""

    def __init__(self, context: LetterContext, engine: PdfEngine) -> None:
        self._context = context
        self._engine = engine
        self._title = f"Notice of Data Breach - {context.organization.name}"
        self._bodies: dict[str, str] = {}
        self._specimens: dict[str, _Specimen] = {}

    def file(self, jobs: Sequence[_Job]) -> PrintedFile:
        """One file of these letters, each proved against its row.

        Raises:
            NoticeError: naming each row whose letter differs, and how.
        """
        counts = [self._specimen(job.variant).pages for job in jobs]
        pdf, faults, read = self._attempt(jobs, counts)
        if faults and len(jobs) > 1:
            # A long name can push a line onto a further page: number the sheets by what each letter really takes.
            counts = [sum(1 for _ in page_texts(self._render([job], [0]))) for job in jobs]
            pdf, faults, read = self._attempt(jobs, counts)
        if faults:
            raise NoticeError(*faults)
        sha256 = hashlib.sha256(pdf).hexdigest()
        first, last = jobs[0].recipient, jobs[-1].recipient
        name = f"letter-{first.row:07d}.pdf" if len(jobs) == 1 else f"letters-{first.row:07d}-{last.row:07d}.pdf"
        return PrintedFile(name=name, pdf=pdf, sha256=sha256, pages=sum(each.pages for each in read), letters=read)

    def _attempt(
        self, jobs: Sequence[_Job], counts: Sequence[int]
    ) -> tuple[bytes, list[str], tuple[LetterRecord, ...]]:
        """Render and read back. `counts` are the pages that each letter is expected to take."""
        pdf = self._render(jobs, counts)
        pages = list(page_texts(pdf))
        if len(jobs) == 1:
            counts = [len(pages)]
        if len(pages) != sum(counts):
            return pdf, [f"{len(pages)} pages were printed where {sum(counts)} were expected"], ()
        faults: list[str] = []
        read = []
        first = 1
        for job, count in zip(jobs, counts, strict=True):
            back = read_back(pages[first - 1 : first - 1 + count], job.recipient, self._context.notice_date)
            faults += [f"row {job.recipient.row}: in the printed letter {fault}" for fault in back.faults]
            if not back.faults and back.body_sha256 != self._specimen(job.variant).body_sha256:
                faults.append(f"row {job.recipient.row}: the printed text is not that of {job.variant.key}")
            read.append(
                LetterRecord(
                    row=job.recipient.row,
                    code=job.recipient.code,
                    variant=job.variant.key,
                    first_page=first,
                    pages=count,
                    text_sha256=back.text_sha256,
                )
            )
            first += count
        return pdf, faults, tuple(read)

    def _render(self, jobs: Sequence[_Job], counts: Sequence[int]) -> bytes:
        labels = [footer_label(job.recipient) for job in jobs]
        numbered = [Numbering(label, count) for label, count in zip(labels, counts, strict=True)]
        html = build_document(
            self._title,
            [self._page(job) for job in jobs],
            stylesheet="css/letter.css",
            label=labels[0] if len(jobs) == 1 else numbered,
            language=jobs[0].variant.language,
        )
        return self._engine.render(html)

    def _page(self, job: _Job) -> str:
        key = job.variant.key
        if key not in self._bodies:
            self._bodies[key] = render_body(self._context, job.variant, "html")
        return render_letter(self._context, job.recipient, self._bodies[key], "html")

    def _specimen(self, variant: LetterVariant) -> _Specimen:
        """The letter of a variant without a person, printed once to know its pages and its words."""
        if variant.key not in self._specimens:
            recipient = placeholder_recipient(variant)
            pages = list(page_texts(self._render([_Job(recipient, variant)], [0])))
            back = read_back(pages, recipient, self._context.notice_date)
            if back.faults:
                raise NoticeError(*(f"specimen {variant.key}: {fault}" for fault in back.faults))
            self._specimens[variant.key] = _Specimen(len(pages), back.body_sha256)
        return self._specimens[variant.key]

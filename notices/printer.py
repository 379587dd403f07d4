"""Printing files of letters with one press, and proving each letter against its row."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property

import msgspec

from notices.context import LetterContext, LetterVariant
from notices.engines.base import BATCHES, PdfEngine
from notices.errors import NoticeError
from notices.large import small_words
from notices.manifest import LetterRecord
from notices.press import Addressed, EnginePress, Press
from notices.proof import read_back
from notices.stamping.press import StampingPress


class PrintedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One PDF of one letter or many. `name` is a file name without personal data."""

    name: str
    pdf: bytes
    sha256: str
    pages: int
    letters: tuple[LetterRecord, ...]


def press_for(context: LetterContext, engine: PdfEngine) -> Press:
    """The quickest press that the engine can serve."""
    title = f"Notice of Data Breach - {context.organization.name}"
    whole = EnginePress(context, engine, title)
    return (
        StampingPress(context, engine, title, whole)
        if BATCHES in engine.capabilities and not context.large_print
        else whole
    )


class Printer:
    """Prints files of letters with one press, and proves each letter against its row."""

    def __init__(self, context: LetterContext, engine: PdfEngine, press: Press | None = None) -> None:
        self._context = context
        self._press = press or press_for(context, engine)
        # What is the same for everybody is known from a specimen that the engine laid out whole.
        self._specimens = EnginePress(context, engine, "Specimen")
        self._body_sha256: dict[str, str] = {}
        self._engine = engine

    @cached_property
    def _enlarged(self) -> Printer:
        """For the people who asked for large print."""
        return Printer(msgspec.structs.replace(self._context, large_print=True), self._engine)

    def file(self, letters: Sequence[Addressed]) -> PrintedFile:
        """One file of these letters, all of one size of print, each proved against its row.

        Raises:
            NoticeError: naming each row whose letter differs, and how.
        """
        if letters[0].recipient.large_print and not self._context.large_print:
            return self._enlarged.file(letters)
        pdf, faults, records = self._attempt(letters, exact=False)
        if faults and len(letters) > 1:
            pdf, faults, records = self._attempt(letters, exact=True)
        if faults:
            raise NoticeError(*faults)
        first, last = letters[0].recipient, letters[-1].recipient
        name = f"letter-{first.row:07d}.pdf" if len(letters) == 1 else f"letters-{first.row:07d}-{last.row:07d}.pdf"
        sha256, pages = hashlib.sha256(pdf).hexdigest(), sum(each.pages for each in records)
        return PrintedFile(name=name, pdf=pdf, sha256=sha256, pages=pages, letters=records)

    def _attempt(
        self, letters: Sequence[Addressed], *, exact: bool
    ) -> tuple[bytes, list[str], tuple[LetterRecord, ...]]:
        pressed = self._press.file(letters, exact=exact)
        pages = self._press.read(pressed.pdf)
        if len(pages) != sum(pressed.pages):
            first, last = letters[0].recipient.row, letters[-1].recipient.row
            which = f"row {first}" if first == last else f"rows {first} to {last}"
            wrong = f"{which}: {len(pages)} pages were printed where {sum(pressed.pages)} were expected"
            return pressed.pdf, [wrong], ()
        faults: list[str] = []
        records = []
        first = 1
        for letter, count in zip(letters, pressed.pages, strict=True):
            person, key = letter.recipient, self._key(letter.variant)
            back = read_back(pages[first - 1 : first - 1 + count], person, self._context.notice_date)
            faults += [f"row {person.row}: in the printed letter {fault}" for fault in back.faults]
            if not back.faults and back.body_sha256 != self._body_of(letter.variant):
                faults.append(f"row {person.row}: the printed text is not that of {key}")
            if self._context.large_print and (small := small_words(pressed.pdf, first, count)):
                faults.append(f"row {person.row}: in large print these words are smaller than 18 points: {small}")
            records.append(
                LetterRecord(
                    row=person.row,
                    code=person.code,
                    variant=key,
                    first_page=first,
                    pages=count,
                    text_sha256=back.text_sha256,
                )
            )
            first += count
        return pressed.pdf, faults, tuple(records)

    def _key(self, variant: LetterVariant) -> str:
        """What the manifest calls a letter of this variant in this print."""
        return f"{variant.key}.large" if self._context.large_print else variant.key

    def _body_of(self, variant: LetterVariant) -> str:
        """A hash of the words that everybody who gets this variant reads."""
        if variant.key not in self._body_sha256:
            specimen = self._specimens.specimen(variant)
            pages = self._specimens.read(self._specimens.file([specimen]).pdf)
            back = read_back(pages, specimen.recipient, self._context.notice_date)
            if back.faults:
                raise NoticeError(*(f"specimen {variant.key}: {fault}" for fault in back.faults))
            self._body_sha256[variant.key] = back.body_sha256
        return self._body_sha256[variant.key]

"""Making files of letters: one PDF of one letter or many, each sheet with its reference and number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from notices.context import LetterContext, LetterVariant, Recipient
from notices.document import Numbering, build_document
from notices.engines.base import PdfEngine
from notices.letters import placeholder_recipient, render_body, render_letter
from notices.proof import PageText, footer_label, page_texts


class Addressed(msgspec.Struct, frozen=True):
    """A letter to print: who it is for, and the variant that is theirs."""

    recipient: Recipient
    variant: LetterVariant


class Pressed(msgspec.Struct, frozen=True):
    """A PDF, and the number of pages of each letter in it."""

    pdf: bytes
    pages: tuple[int, ...]


class Press(Protocol):
    """One way to make a file of letters. What comes out is read back and compared by whoever asked for it."""

    def file(self, letters: Sequence[Addressed], *, exact: bool = False) -> Pressed:
        """One PDF of these letters, in order. `exact` takes the trouble to count each letter's pages before."""

    def read(self, pdf: bytes) -> list[PageText]:
        """The text of each page of a file that this press made, as a reader finds it there."""


class EnginePress:
    """Lays out each letter whole, with one engine."""

    def __init__(self, context: LetterContext, engine: PdfEngine, title: str) -> None:
        self._context = context
        self._engine = engine
        self._title = title
        self._bodies: dict[str, str] = {}
        self._lengths: dict[str, int] = {}

    def file(self, letters: Sequence[Addressed], *, exact: bool = False) -> Pressed:
        """See `Press.file`. A long name can push a line onto a further page; `exact` finds out whose."""
        if len(letters) == 1:
            pdf = self._render(letters, (0,))
            return Pressed(pdf, (_pages(pdf),))
        pages = tuple(_pages(self._render([letter], (0,))) if exact else self._length(letter) for letter in letters)
        return Pressed(self._render(letters, pages), pages)

    def read(self, pdf: bytes) -> list[PageText]:
        """See `Press.read`."""
        return list(page_texts(pdf))

    def specimen(self, variant: LetterVariant) -> Addressed:
        """The letter of a variant with merge fields in the place of a person."""
        return Addressed(placeholder_recipient(variant), variant)

    def _length(self, letter: Addressed) -> int:
        key = letter.variant.key
        if key not in self._lengths:
            self._lengths[key] = _pages(self._render([self.specimen(letter.variant)], (0,)))
        return self._lengths[key]

    def _render(self, letters: Sequence[Addressed], pages: Sequence[int]) -> bytes:
        labels = [footer_label(letter.recipient) for letter in letters]
        numbered = [Numbering(label, count) for label, count in zip(labels, pages, strict=True)]
        html = build_document(
            self._title,
            [self._page(letter) for letter in letters],
            stylesheet=self._context.stylesheet,
            label=labels[0] if len(letters) == 1 else numbered,
            language=letters[0].variant.language,
            own_style=self._context.own_style,
        )
        return self._engine.render(html)

    def _page(self, letter: Addressed) -> str:
        key = letter.variant.key
        if key not in self._bodies:
            self._bodies[key] = render_body(self._context, letter.variant, "html")
        return render_letter(self._context, letter.recipient, self._bodies[key], "html")


def _pages(pdf: bytes) -> int:
    return sum(1 for _ in page_texts(pdf))

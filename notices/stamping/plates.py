"""The sheets of a letter as they are for everybody, and where on them the person goes.

The engine lays out a specimen twice: once with merge fields, which tell where the personal parts stand, and once with
these hidden, which is what is stamped on. Both break lines at the same places, since what is hidden keeps its room.
"""

from __future__ import annotations

import ctypes
from typing import Final

import msgspec
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from notices.context import LetterContext, LetterVariant, Recipient
from notices.document import build_document
from notices.engines.base import PdfEngine
from notices.errors import NoticeError
from notices.letters import placeholder_recipient, render_body, render_letter

ADDRESS_LEADING: Final = 12.5
SIZE: Final = 10.5
FOOTER_SIZE: Final = 10.0
"""Points, as in css/letter.css and in the footer of `notices.document`."""
_HIDDEN: Final = (
    "<style>.personal { visibility: hidden; } @page { @bottom-center { content: none !important; } }</style></head>"
)
_FOOTER_MARK: Final = "Reference SPECIMEN"


class Spot(msgspec.Struct, frozen=True):
    """Where a line of text begins: left end and base line, in points from the lower left corner of the sheet."""

    x: float
    y: float


class Plate(msgspec.Struct, frozen=True):
    """The sheets of one variant without a person.

    `pdf` holds them; address and salutation begin at their spots on the first sheet, `code` is where the reference
    ends there (it is set flush right); the footer's base line is the same on every sheet.
    """

    pdf: bytes
    pages: int
    address: Spot
    salutation: Spot
    code: Spot
    footer_y: float
    width: float


def make_plate(context: LetterContext, variant: LetterVariant, engine: PdfEngine, title: str) -> Plate:
    """Lay out the specimen of a variant and find the places for a person.

    Raises:
        NoticeError: a merge field cannot be found on the first sheet, or is still there where it should be hidden.
    """
    person = msgspec.structs.replace(placeholder_recipient(variant), name_lines=("«first line»",))
    page = render_letter(context, person, render_body(context, variant, "html"), "html")
    html = build_document(
        title,
        [page],
        stylesheet="css/letter.css",
        label=_FOOTER_MARK,
        language=variant.language,
        own_style=context.own_style,
    )
    shown = engine.render(html)
    hidden = engine.render(html.replace("</head>", _HIDDEN, 1))
    return _located(variant, person, shown, hidden)


def _located(variant: LetterVariant, person: Recipient, shown: bytes, hidden: bytes) -> Plate:
    with pdfium.PdfDocument(hidden) as document:
        pages = len(document)
        left_over = any("«" in text or _FOOTER_MARK in text for text in map(_text, document))
    with pdfium.PdfDocument(shown) as document:
        sheets = [_Sheet(page) for page in document]
        if left_over or pages != len(sheets):
            raise NoticeError(f"specimen {variant.key}: the personal parts cannot be taken off the sheet")
        try:
            address = sheets[0].begin_of(person.name_lines[0])
            salutation = sheets[0].begin_of(person.salutation)
            code = sheets[0].end_of(person.code)
            footers = {sheet.begin_of(_FOOTER_MARK).y for sheet in sheets}
        except LookupError as missing:
            raise NoticeError(f"specimen {variant.key}: {missing} does not stand where it belongs") from None
        width = document[0].get_width()
    if len(footers) != 1:
        raise NoticeError(f"specimen {variant.key}: the footers stand at different heights")
    return Plate(hidden, pages, address, salutation, code, footers.pop(), width)


def _text(page: pdfium.PdfPage) -> str:
    return str(page.get_textpage().get_text_range())


class _Sheet:
    """Finds text on one sheet."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._text = page.get_textpage()
        self._said = str(self._text.get_text_range())

    def begin_of(self, said: str) -> Spot:
        return self._origin(self._find(said))

    def end_of(self, said: str) -> Spot:
        last = self._find(said) + len(said) - 1
        return Spot(self._text.get_charbox(last, loose=True)[2], self._origin(last).y)

    def _find(self, said: str) -> int:
        if self._said.count(said) != 1:
            raise LookupError(repr(said))
        return self._said.index(said)

    def _origin(self, index: int) -> Spot:
        x, y = ctypes.c_double(), ctypes.c_double()
        if not pdfium_c.FPDFText_GetCharOrigin(self._text.raw, index, x, y):
            raise LookupError(f"character {index}")
        return Spot(round(x.value, 3), round(y.value, 3))

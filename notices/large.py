"""Large print, read back: whether what a person reads is set at 18 points, not only whether the style sheet says so.

18 points is what the American Council of the Blind and APH ask for. The address is for the post and has to fit the
envelope window, the letterhead is who writes and the footer numbers the sheets: these are as in every letter.
"""

from __future__ import annotations

import ctypes
import math
from typing import Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

LARGE: Final = 18.0
_ROUNDED: Final = 0.35
"""Points by which QtWebKit rounds a size to its own pixels."""
_FOOTER: Final = 60.0
_LETTERHEAD_END: Final = 792 - 2.1 * 72
_WINDOW_END: Final = 792 - 3.4 * 72
_WINDOW_RIGHT: Final = 72 + 3.42 * 72
"""Points from the foot and the left edge of the sheet (css/letter.css)."""
_SHOWN: Final = 60


def small_words(pdf: bytes, first: int, count: int) -> str:
    """The first words of a large-print letter that are set smaller; empty where none are.

    The letter begins on page `first`, counted from 1, and has `count` pages.
    """
    with pdfium.PdfDocument(pdf) as document:
        for number in range(first - 1, first - 1 + count):
            found = _small_on(document[number], opening=number == first - 1)
            if found:
                return found[:_SHOWN]
    return ""


def _small_on(page: pdfium.PdfPage, *, opening: bool) -> str:
    text = page.get_textpage()
    said = str(text.get_text_range())
    return "".join(
        char
        for index, char in enumerate(said[: text.count_chars()])
        if not char.isspace() and _size(text, index) < LARGE - _ROUNDED and not _apart(text, index, opening=opening)
    )


def _size(text: pdfium.PdfTextPage, index: int) -> float:
    """The size at which a character is printed, in points; the page may be scaled as a whole."""
    matrix = pdfium_c.FS_MATRIX()
    if not pdfium_c.FPDFText_GetMatrix(text.raw, index, ctypes.byref(matrix)):
        return LARGE  # a character that the reader made up, such as the hyphen of a line end
    return float(pdfium_c.FPDFText_GetFontSize(text.raw, index)) * math.hypot(matrix.c, matrix.d)


def _apart(text: pdfium.PdfTextPage, index: int, *, opening: bool) -> bool:
    left, bottom, _, _ = text.get_charbox(index, loose=True)
    if bottom < _FOOTER:
        return True
    return opening and (bottom > _LETTERHEAD_END or (bottom > _WINDOW_END and left < _WINDOW_RIGHT))

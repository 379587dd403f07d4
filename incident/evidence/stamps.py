"""Bates numbers: a running number on each page that is produced, so that everybody speaks of the same page."""

import io

import msgspec
import pikepdf
from pikepdf import Dictionary, Name, Page, Pdf, Rectangle

DIGITS = 6
_SIZE, _MARGIN = 8, 18  # points
_COURIER_WIDTH = 0.6
"""Of the size; the face needs no measuring, and every PDF reader has it."""


class Bates(msgspec.Struct):
    """Gives out numbers under one prefix. `next` is the next to be given."""

    prefix: str
    next: int = 1

    def label(self, number: int) -> str:
        """The number as it is printed."""
        return f"{self.prefix}-{number:0{DIGITS}}"

    def take(self, count: int) -> tuple[int, int]:
        """The first and the last of the next numbers."""
        first, self.next = self.next, self.next + count
        return first, self.next - 1


def stamp(pdf: bytes, bates: Bates) -> tuple[bytes, int, int] | None:
    """The PDF with a number on each page, and the first and last of them; None where it cannot be opened or written.

    The original is left as it is: its hash is in the log, and a signature in it would not survive.
    """
    try:
        with Pdf.open(io.BytesIO(pdf)) as document:
            if not len(document.pages):
                return None
            first, last = bates.next, bates.next + len(document.pages) - 1
            for number, page in enumerate(document.pages, start=first):
                _print(page, bates.label(number))
            stamped = io.BytesIO()
            document.save(stamped, deterministic_id=True)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, TypeError, KeyError):
        return None
    bates.take(last - first + 1)
    return stamped.getvalue(), first, last


def _print(page: Page, label: str) -> None:
    """Lay the label over the lower right corner, whichever way the page is turned."""
    box = Rectangle(page.cropbox)
    turned = int(page.obj.get(Name.Rotate, 0)) % 180 != 0
    width, height = (float(box.height), float(box.width)) if turned else (float(box.width), float(box.height))
    with Pdf.new() as blank:
        blank.add_blank_page(page_size=(width, height))
        overlay = blank.pages[0]
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier)
        overlay.obj.Resources = Dictionary(Font=Dictionary(Bates=font))
        left = width - _MARGIN - len(label) * _SIZE * _COURIER_WIDTH
        text = f"BT /Bates {_SIZE} Tf {left:.2f} {_MARGIN / 2:.2f} Td ({label}) Tj ET"
        overlay.obj.Contents = blank.make_stream(text.encode("ascii"))
        page.add_overlay(overlay, box)

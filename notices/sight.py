"""The text of a page as a reader sees it: line under line, whatever the order in which it was put on the page.

What is stamped on a sheet stands in the file after the sheet; a person who reads a letter begins at the top.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

import pypdfium2 as pdfium

from notices.proof import hyphens

_SAME_LINE: Final = 4.0
"""Points by which the middles of two pieces on one line may differ."""
_APART: Final = 24.0
"""Points between two pieces of a line from which they stand in columns."""
_EMPTY_LINE: Final = 1.2
"""Of the usual distance between two lines, from which there is an empty one between them."""
_INSET: Final = 0.5
"""Points that a line is cut in at top and bottom, so that none reaches into the next."""

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""


def page_words(pdf: bytes, numbers: Sequence[int] | None = None) -> str:
    """Pages (all, or those with these numbers from 0) as they read, a form feed between them.

    Raises:
        ValueError: if the bytes are no readable PDF.
        IndexError: it has no such page.
    """
    try:
        document = pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError as error:
        raise ValueError(f"not a readable PDF: {error}") from None
    with document:
        wanted = range(len(document)) if numbers is None else numbers
        if any(not 0 <= number < len(document) for number in wanted):
            raise IndexError(f"the file has {len(document)} pages")
        return "\n\f\n".join("\n".join(_lines(document[number])) for number in wanted)


def _lines(page: pdfium.PdfPage) -> Iterator[str]:
    """Each line from the left, its columns apart; an empty one where there is room for it."""
    text = page.get_textpage()
    rows = _rows([text.get_rect(number) for number in range(text.count_rects())])
    middles = [median(map(_middle, row)) for row in rows]
    steps = [above - below for above, below in pairwise(middles)]
    usual = median(steps) if steps else 0.0
    for row, step in zip(rows, [0.0, *steps], strict=True):
        if step > _EMPTY_LINE * usual:
            yield ""
        bottom, top = min(box[1] for box in row) + _INSET, max(box[3] for box in row) - _INSET
        columns = [hyphens(text.get_text_bounded(left, bottom, right, top)) for left, right in _columns(row)]
        yield "    ".join(" ".join(words.split()) for words in columns)


def _rows(boxes: Sequence[Box]) -> list[list[Box]]:
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=_middle, reverse=True):
        if rows and _middle(rows[-1][0]) - _middle(box) <= _SAME_LINE:
            rows[-1].append(box)
        else:
            rows.append([box])
    return rows


def _columns(row: Sequence[Box]) -> list[tuple[float, float]]:
    """Left and right of what stands together."""
    found: list[tuple[float, float]] = []
    for left, _, right, _ in sorted(row):
        if found and left - found[-1][1] <= _APART:
            found[-1] = found[-1][0], max(found[-1][1], right)
        else:
            found.append((left, right))
    return found


def _middle(box: Box) -> float:
    return (box[1] + box[3]) / 2

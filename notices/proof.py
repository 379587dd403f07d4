"""Reading a printed letter back and comparing it with the row it was made from."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import permutations
from typing import Final

import msgspec
import pypdfium2 as pdfium

from notices.context import Recipient
from notices.document import page_label
from notices.words import date_line, reference_line


class ReadBack(msgspec.Struct, frozen=True):
    """One letter as it was read from its PDF. `faults` says how it differs from its row.

    `body_sha256` covers the words that are the same for everybody: all but address, salutation,
    reference and date, which layout may set anywhere among them.
    """

    text_sha256: str
    body_sha256: str
    faults: tuple[str, ...]


_CONTENT_BOTTOM: Final = 60.0
"""Points from the foot of the sheet down to which its text runs (css/letter.css: 0.85 inch). Below it QtWebKit leaves
clipped copies of lines that it moved to the next page."""
_FOOTER_TOP: Final = 36.0
"""Below this no such copy reaches, not even the tail of a g: one line is at most 24.3 points high, in large print."""
_RIGHT: Final = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_FROM_THE_RIGHT: Final = re.compile(f"[{_RIGHT}]")
_BRACKETS: Final = re.compile(r"\\[()]")
_FEW_RUNS: Final = 5
_WORDS_FROM_THE_RIGHT: Final = re.compile(rf"[{_RIGHT}]+(?:\s+[{_RIGHT}]+)+")
_RUNS: Final = re.compile(f"[{_RIGHT}]+|[^{_RIGHT}]+")
"""Hebrew and Arabic letters, which are written from the right, and whatever stands between them."""


def squeezed(text: str) -> str:
    """Text without spaces, line ends and ligatures, for comparing what layout may have broken differently."""
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("\u00ad", "")


class PageText(msgspec.Struct, frozen=True):
    """What stands on one page: its text, and the footer below it."""

    content: str
    footer: str


def page_texts(pdf: bytes, numbers: Sequence[int] | None = None) -> Iterator[PageText]:
    """The text of each page, or of those with these numbers, counted from 0.

    Raises:
        ValueError: if the bytes are no readable PDF.
    """
    try:
        document = pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError as error:
        raise ValueError(f"not a readable PDF: {error}") from None
    with document:
        for number in range(len(document)) if numbers is None else numbers:
            page = document[number]
            text = page.get_textpage()
            content = text.get_text_bounded(bottom=_CONTENT_BOTTOM)
            yield PageText(hyphens(content), hyphens(text.get_text_bounded(top=_FOOTER_TOP)))
            text.close()
            page.close()


def hyphens(text: str) -> str:
    """PDFium marks a hyphen at the end of a line by a character of its own; our letters hyphenate nothing."""
    return text.replace("\x02", "-").replace("\ufffe", "-")


def footer_label(recipient: Recipient) -> str:
    """What the footer of each sheet of this letter begins with."""
    return f"Reference {recipient.code}"


def read_back(pages: Sequence[PageText], recipient: Recipient, notice_date: date | None) -> ReadBack:
    """Compare the pages of one letter with its row: address block, salutation, reference, date, numbered sheets."""
    faults = [
        f"page {number} does not carry the footer {footer!r}"
        for number, page in enumerate(pages, start=1)
        if squeezed(footer := page_label(footer_label(recipient), number, len(pages))) != squeezed(page.footer)
    ]
    whole = rest = squeezed("".join(page.content for page in pages))
    block = (*recipient.name_lines, *recipient.address_lines)
    told = [
        ("address block", block),
        ("salutation", (f"{recipient.salutation}:",)),
        ("reference", (reference_line(recipient.code, recipient.language),)),
    ]
    if notice_date is not None:
        told.append(("date", (date_line(notice_date, recipient.language),)))
    for what, said in told:
        before, found, after = _cut(rest, said)
        if not found:
            faults.append(f"the {what} is not {' / '.join(block) if what == 'address block' else repr(said[0])}")
        rest = before + after
    return ReadBack(_sha256(whole), _sha256(rest), tuple(faults))


def _cut(text: str, lines: Sequence[str]) -> tuple[str, str, str]:
    """The text before, at and after what was said, line by line."""
    said = squeezed("".join(lines))
    found = text.partition(said)
    if found[1] or not _FROM_THE_RIGHT.search(said):
        return found
    pattern = "".join(f"(?:{'|'.join(_readings(line))})" for line in lines)
    match = re.search(pattern, text)
    return (text[: match.start()], match.group(), text[match.end() :]) if match is not None else found


def _readings(line: str) -> tuple[str, ...]:
    """How a reader may give a line with words that are written from the right, as patterns.

    Where these prevail it begins at the right, run by run; where others prevail it may take the words of each run from
    the left, and turn brackets round. Readers differ in it, so any order of a few runs will do: the words are the same.
    """
    turned = _WORDS_FROM_THE_RIGHT.sub(lambda run: " ".join(reversed(run.group().split())), line)
    found: dict[str, None] = {}
    for each in (squeezed(line), squeezed(turned)):
        runs = [_BRACKETS.sub("[()]", re.escape(run.group())) for run in _RUNS.finditer(each)]
        orders = permutations(runs) if len(runs) <= _FEW_RUNS else (runs, runs[::-1])
        found.update(dict.fromkeys("".join(order) for order in orders))
    return tuple(found)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

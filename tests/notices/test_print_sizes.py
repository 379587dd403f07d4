"""How large letters are printed: 10 points at least (Cal. Civ. Code 1798.82(d)(1)(C)), or 18 in large print."""

import math

import pypdfium2 as pdfium
import pytest

from notices.bulk import print_letters
from notices.engines import engine
from notices.papers import PAPERS
from notices.service import compose
from tests.notices.elements_case import facts
from tests.notices.samples import SERVICES, SSN_FACTS, context, recipient


def sized(pdf: bytes) -> list[tuple[float, str]]:
    """Each run of text of one size: points and words."""
    runs: list[tuple[float, str]] = []
    with pdfium.PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage()
            for index in range(text.count_chars()):
                matrix = pdfium.raw.FS_MATRIX()
                char = chr(pdfium.raw.FPDFText_GetUnicode(text, index))
                if not char.strip() or not pdfium.raw.FPDFText_GetMatrix(text, index, matrix):
                    continue
                size = round(pdfium.raw.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d), 1)
                if runs and runs[-1][0] == size:
                    runs[-1] = (size, runs[-1][1] + char)
                else:
                    runs.append((size, char))
    return runs


@pytest.mark.parametrize("kind", PAPERS)
def test_no_document_has_text_below_ten_points(kind):
    for document in compose(kind, context(kind)).documents:
        smallest = min(sized(engine("plutoprint").render(document.html)))
        assert smallest[0] >= 10, (document.name, smallest)


def test_large_print_is_eighteen_points_but_for_what_is_for_the_post():
    large = context("individual_letter", facts(**SSN_FACTS), **SERVICES, print_size="large")
    assert large.stylesheet == "css/letter_large.css"
    (printed,) = print_letters(large, [recipient()], engine("plutoprint"))
    small = "".join(words for size, words in sized(printed.pdf) if size < 18)
    assert "AnaDíaz12WestOakStreet" in small
    for read in ("WhatHappened", "Dear", "Equifax", "Sincerely", "November20"):
        assert read not in small
    assert max(size for size, _ in sized(printed.pdf)) <= 30


def test_standard_print_is_as_it_was():
    assert context("individual_letter").stylesheet == "css/letter.css"
    assert context("individual_letter", print_size="standard").large_print is False

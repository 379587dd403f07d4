"""Reading files of stamped letters back, quickly.

Reading a sheet takes a reader a thousand times longer than stamping it, and nearly all of that goes into the words that
are the same for everybody. So each distinct sheet of a file is read in full once; for the others the reader is shown
the file without the sheets, and reads what is stamped. `sheet_texts` says the same as `notices.proof.page_texts`, for
it does not go by what was meant to be printed: which sheet a page shows, and what is on it, are taken from the file.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import pikepdf

from notices.proof import PageText, page_texts, squeezed
from notices.stamping.sheets import SHEET, updated

_NOTHING = "<</Type/XObject/Subtype/Form/BBox[0 0 1 1]/Length 0>>\nstream\n\nendstream"


def sheet_texts(pdf: bytes) -> list[PageText]:
    """The text of each page, but for spaces and line ends; of a file without stamped letters it is read as usual.

    Raises:
        ValueError: if the bytes are no readable PDF.
    """
    found = _without_sheets(pdf)
    if found is None:
        return list(page_texts(pdf))
    sheets, blank = found
    firsts = {sheet: number for number, sheet in reversed(list(enumerate(sheets)))}
    stamps = list(page_texts(blank))
    read = dict(zip(sorted(firsts.values()), page_texts(pdf, sorted(firsts.values())), strict=True))
    below: dict[int, str] = {}
    for sheet, number in firsts.items():
        whole, stamped = squeezed(read[number].content), squeezed(stamps[number].content)
        if not whole.endswith(stamped) or squeezed(read[number].footer) != squeezed(stamps[number].footer):
            # The sheet has words among or under the stamped ones; nothing can be concluded for the other pages.
            return list(page_texts(pdf))
        below[sheet] = whole.removesuffix(stamped)
    return [PageText(below[sheet] + stamp.content, stamp.footer) for sheet, stamp in zip(sheets, stamps, strict=True)]


def _without_sheets(pdf: bytes) -> tuple[Sequence[int], bytes] | None:
    """Which sheet each page shows, by object number, and the same file with all of them empty.

    None where the file is not put together like that.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            shown: dict[int, int] = {}
            sheets = []
            for page in document.pages:
                resources = page.obj.Resources
                number = resources.objgen[0]
                if number not in shown:
                    shown[number] = resources.XObject[SHEET].objgen[0]
                sheets.append(shown[number])
            root, size = document.Root.objgen[0], len(document.objects) + 1
    except (pikepdf.PdfError, AttributeError, KeyError, ValueError):
        return None
    return sheets, updated(pdf, [(number, _NOTHING) for number in sorted(set(sheets))], root=root, size=size)

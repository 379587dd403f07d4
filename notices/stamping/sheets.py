"""Files of letters put together from plates: each sheet shows the sheet of a plate and what is stamped on it.

A base holds the plates as form XObjects and the fonts. It is written by pikepdf once; a file of letters is the base
with one incremental update (ISO 32000-1, 7.5.6) that adds pages. So the cost of a letter is its own few lines.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence
from typing import Final

import msgspec
import pikepdf

from notices.stamping.fonts import SANS, SERIF, stamp_font

SHEET: Final = "/S"
SANS_NAME: Final = "/A"
SERIF_NAME: Final = "/E"
_STARTXREF: Final = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")


class Base(msgspec.Struct, frozen=True):
    """What files are made from. `resources` are object numbers, one for each sheet of each plate."""

    content: bytes
    resources: tuple[tuple[int, ...], ...]
    pages: int
    root: int
    objects: int
    startxref: int
    media: str


def make_base(plates: Sequence[bytes], blocks: frozenset[str]) -> Base:
    """A base of some PDFs, whose pages become sheets, with the fonts for some blocks of characters."""
    with pikepdf.new() as document:
        fonts = pikepdf.Dictionary(
            {
                SANS_NAME: stamp_font(SANS, blocks).embed(document),
                SERIF_NAME: stamp_font(SERIF, blocks).embed(document),
            }
        )
        fonts = document.make_indirect(fonts)
        counts = []
        for plate in plates:
            with pikepdf.open(io.BytesIO(plate)) as source:
                counts.append(len(source.pages))
                for page in source.pages:
                    form = document.copy_foreign(page.as_form_xobject())
                    sheet = document.add_blank_page(page_size=(float(page.mediabox[2]), float(page.mediabox[3])))
                    sheet.obj.Resources = document.make_indirect(
                        pikepdf.Dictionary(XObject=pikepdf.Dictionary({SHEET: form}), Font=fonts)
                    )
        out = io.BytesIO()
        document.save(
            out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=True
        )
    content = out.getvalue()
    with pikepdf.open(io.BytesIO(content)) as written:
        numbers = [page.obj.Resources.objgen[0] for page in written.pages]
        box = " ".join(f"{float(edge):g}" for edge in written.pages[0].mediabox)
        found = _STARTXREF.search(content)
        assert found is not None
        return Base(
            content=content,
            resources=tuple(tuple(numbers[sum(counts[:at]) : sum(counts[: at + 1])]) for at in range(len(counts))),
            pages=written.Root.Pages.objgen[0],
            root=written.Root.objgen[0],
            objects=len(written.objects) + 1,
            startxref=int(found.group(1)),
            media=box,
        )


class Sheet(msgspec.Struct, frozen=True):
    """One page: the object number of its resources, and the operators that stamp it."""

    resources: int
    stamps: str


def assemble(base: Base, sheets: Sequence[Sheet]) -> bytes:
    """A PDF of these pages, in order. The same sheets give the same bytes."""
    parts: list[bytes] = [base.content]
    offset, number = len(base.content), base.objects
    places: list[int] = []

    def add(text: str) -> None:
        nonlocal offset
        content = text.encode("ascii")
        places.append(offset)
        parts.append(content)
        offset += len(content)

    kids = []
    for sheet in sheets:
        # What stands below leaves the graphics state as it pleases.
        stream = f"q {SHEET} Do Q\n{sheet.stamps}"
        add(f"{number} 0 obj\n<</Length {len(stream)}>>\nstream\n{stream}\nendstream\nendobj\n")
        add(
            f"{number + 1} 0 obj\n<</Type/Page/Parent {base.pages} 0 R/MediaBox[{base.media}]"
            f"/Resources {sheet.resources} 0 R/Contents {number} 0 R>>\nendobj\n"
        )
        kids.append(f"{number + 1} 0 R")
        number += 2
    pages_at = offset
    add(f"{base.pages} 0 obj\n<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>\nendobj\n")
    places.pop()
    table = "".join([f"{place:010d} 00000 n \n" for place in places])
    digest = hashlib.sha256(b"".join(parts[1:])).hexdigest()[:32]
    add(
        f"xref\n{base.pages} 1\n{pages_at:010d} 00000 n \n{base.objects} {len(places)}\n{table}"
        f"trailer\n<</Size {number}/Root {base.root} 0 R/Prev {base.startxref}/ID[<{digest}><{digest}>]>>\n"
        f"startxref\n{offset}\n%%EOF\n"
    )
    return b"".join(parts)

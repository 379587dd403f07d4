"""Files of letters put together from plates: each sheet shows the sheet of a plate and what is stamped on it.

A base holds the plates as form XObjects and the fonts. It is written by pikepdf once; a file of letters is the base
with one incremental update (ISO 32000-1, 7.5.6) that adds pages. So the cost of a letter is its own few lines.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

import msgspec
import pikepdf

from notices.stamping.fonts import SANS, SERIF, stamp_font

SHEET: Final = "/S"
SANS_NAME: Final = "/A"
SERIF_NAME: Final = "/E"
_STARTXREF: Final = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_TAIL: Final = 64
"""Bytes at the end of a file of ours within which it says where its table of objects begins."""


class Base(msgspec.Struct, frozen=True):
    """What files are made from. `resources` are object numbers, one for each sheet of each plate."""

    content: bytes
    resources: tuple[tuple[int, ...], ...]
    pages: int
    root: int
    objects: int
    media: str


def make_base(plates: Sequence[bytes], blocks: frozenset[str]) -> Base:
    """A base of some PDFs, whose pages become sheets, with the fonts for these blocks of characters."""
    with pikepdf.new() as document:
        faces = {SANS_NAME: SANS, SERIF_NAME: SERIF} if blocks else {}
        fonts = pikepdf.Dictionary({name: stamp_font(face, blocks).embed(document) for name, face in faces.items()})
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
        return Base(
            content=content,
            resources=tuple(tuple(numbers[sum(counts[:at]) : sum(counts[: at + 1])]) for at in range(len(counts))),
            pages=written.Root.Pages.objgen[0],
            root=written.Root.objgen[0],
            objects=len(written.objects) + 1,
            media=box,
        )


class Sheet(msgspec.Struct, frozen=True):
    """One page: the object number of its resources, and the operators that stamp it."""

    resources: int
    stamps: str


def assemble(base: Base, sheets: Sequence[Sheet]) -> bytes:
    """A PDF of these pages, in order. The same sheets give the same bytes."""
    objects: list[tuple[int, str]] = []
    number = base.objects
    kids = []
    for sheet in sheets:
        # What stands on the sheet leaves the graphics state as it pleases.
        stream = f"q {SHEET} Do Q\n{sheet.stamps}"
        page = (
            f"<</Type/Page/Parent {base.pages} 0 R/MediaBox[{base.media}]"
            f"/Resources {sheet.resources} 0 R/Contents {number} 0 R>>"
        )
        objects += [(number, f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream"), (number + 1, page)]
        kids.append(f"{number + 1} 0 R")
        number += 2
    objects.append((base.pages, f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>"))
    return updated(base.content, objects, root=base.root, size=number)


def updated(content: bytes, objects: Sequence[tuple[int, str]], *, root: int, size: int) -> bytes:
    """A PDF with some objects added or replaced by an incremental update; `objects` are numbers and bodies."""
    last = _STARTXREF.search(content, max(0, len(content) - _TAIL))
    assert last is not None
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    offset = len(content)
    for number, body in objects:
        places.append((number, offset))
        parts.append(f"{number} 0 obj\n{body}\nendobj\n")
        offset += len(parts[-1])
    added = "".join(parts)
    sections = []
    for _, run in groupby(enumerate(sorted(places)), key=lambda each: each[1][0] - each[0]):
        entries = [place for _, place in run]
        rows = "".join([f"{at:010d} 00000 n \n" for _, at in entries])
        sections.append(f"{entries[0][0]} {len(entries)}\n{rows}")
    digest = hashlib.sha256(added.encode("ascii")).hexdigest()[:32]
    end = (
        f"xref\n{''.join(sections)}trailer\n<</Size {size}/Root {root} 0 R/Prev {last.group(1).decode()}"
        f"/ID[<{digest}><{digest}>]>>\nstartxref\n{offset}\n%%EOF\n"
    )
    return content + (added + end).encode("ascii")

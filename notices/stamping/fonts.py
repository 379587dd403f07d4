"""The shipped faces cut down to the letters that a file needs, as PDF fonts that text can be stamped with.

Text is written as glyph numbers (ISO 32000-1, 9.7: Type 0 font, Identity-H), with the map back to characters that a
reader needs to copy the text, or to prove it.
"""

from __future__ import annotations

import io
import unicodedata
from functools import lru_cache
from typing import Final

import pikepdf
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from notices.engines.base import FONTS

SANS: Final = "NotoSans-Regular.ttf"
SERIF: Final = "NotoSerif-Regular.ttf"

_BLOCKS: Final = (
    ("latin", 0x0020, 0x017F),
    ("latin more", 0x0180, 0x024F),
    ("greek", 0x0370, 0x03FF),
    ("cyrillic", 0x0400, 0x04FF),
    ("vietnamese", 0x1E00, 0x1EFF),
    ("punctuation", 0x2010, 0x2044),
)
"""Runs of characters that one glyph after the other sets right. Whatever else a name holds is set by the engine."""
_ALWAYS: Final = frozenset(["latin"])
_CONTROL: Final = range(0x7F, 0xA1)
_MAPPED_AT_ONCE: Final = 100


def blocks_of(text: str) -> frozenset[str] | None:
    """The blocks that a text needs, or None where it cannot be stamped."""
    if text.isascii() and text.isprintable():
        return _ALWAYS
    found = set(_ALWAYS)
    for char in text:
        block = _block(char)
        if not block:
            return None
        found.add(block)
    return frozenset(found)


@lru_cache(maxsize=4096)
def _block(char: str) -> str:
    """The block of a character; empty where it cannot be stamped."""
    point = ord(char)
    if point in _CONTROL or unicodedata.combining(char):
        return ""
    for name, first, last in _BLOCKS:
        if first <= point <= last:
            return name if all(point in _cmap(face) for face in (SANS, SERIF)) else ""
    return ""


@lru_cache(maxsize=4)
def _cmap(face: str) -> frozenset[int]:
    with TTFont(FONTS / face, lazy=True) as font:
        return frozenset(font.getBestCmap())


class StampFont:
    """One face cut down to some blocks. Sizes and widths in points."""

    def __init__(self, face: str, blocks: frozenset[str]) -> None:
        points = sorted(
            point
            for name, first, last in _BLOCKS
            if name in blocks
            for point in range(first, last + 1)
            if point not in _CONTROL and point in _cmap(face)
        )
        # Without kerning and ligatures: each character is one glyph of its own width.
        options = Options(layout_features=[], hinting=False, name_IDs=[], notdef_outline=True, glyph_names=False)
        cutter = Subsetter(options)
        cutter.populate(unicodes=points)
        with TTFont(FONTS / face, recalcTimestamp=False) as font:
            cutter.subset(font)
            cut = io.BytesIO()
            font.save(cut)
            self._file = cut.getvalue()
            glyphs = {point: font.getGlyphID(name) for point, name in font.getBestCmap().items()}
            scale = 1000 / font["head"].unitsPerEm
            metrics = font["hmtx"].metrics
            self._advances: list[int] = [round(metrics[name][0] * scale) for name in font.getGlyphOrder()]
            head, tops = font["head"], font["hhea"]
            self._box = [round(edge * scale) for edge in (head.xMin, head.yMin, head.xMax, head.yMax)]
            self._ascent, self._descent = round(tops.ascent * scale), round(tops.descent * scale)
        self._name = f"{_tag(face, blocks)}+{face.removesuffix('.ttf')}"
        self._codes = {chr(point): f"{glyph:04x}" for point, glyph in glyphs.items()}
        self._glyphs: dict[str, int] = {chr(point): glyph for point, glyph in glyphs.items()}

    def encode(self, text: str) -> str:
        """The text as the hexadecimal string of a Tj operator.

        Raises:
            KeyError: it holds a character of another block.
        """
        return "".join([self._codes[char] for char in text])

    def width(self, text: str, size: float) -> float:
        """How wide the text is."""
        return sum([self._advances[self._glyphs[char]] for char in text]) * size / 1000

    def embed(self, document: pikepdf.Pdf) -> pikepdf.Object:
        """The font as an indirect object of a document."""
        program = document.make_stream(self._file)
        descriptor = pikepdf.Dictionary(
            Type=pikepdf.Name.FontDescriptor,
            FontName=pikepdf.Name(f"/{self._name}"),
            Flags=4,  # symbolic: the text is written as glyph numbers
            FontBBox=self._box,
            ItalicAngle=0,
            Ascent=self._ascent,
            Descent=self._descent,
            CapHeight=self._ascent,
            StemV=80,
            FontFile2=program,
        )
        descendant = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.CIDFontType2,
            BaseFont=pikepdf.Name(f"/{self._name}"),
            CIDSystemInfo=pikepdf.Dictionary(
                Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
            ),
            CIDToGIDMap=pikepdf.Name.Identity,
            FontDescriptor=document.make_indirect(descriptor),
            W=pikepdf.Array([0, pikepdf.Array(self._advances)]),
        )
        return document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type0,
                BaseFont=pikepdf.Name(f"/{self._name}"),
                Encoding=pikepdf.Name("/Identity-H"),
                DescendantFonts=pikepdf.Array([document.make_indirect(descendant)]),
                ToUnicode=document.make_stream(self._back_to_characters()),
            )
        )

    def _back_to_characters(self) -> bytes:
        pairs = sorted((glyph, char) for char, glyph in self._glyphs.items())
        lines = [f"<{glyph:04x}> <{char.encode('utf-16-be').hex()}>" for glyph, char in pairs]
        sections = [
            "\n".join([f"{len(some)} beginbfchar", *some, "endbfchar"])
            for some in (lines[start : start + _MAPPED_AT_ONCE] for start in range(0, len(lines), _MAPPED_AT_ONCE))
        ]
        return _CMAP.format(sections="\n".join(sections)).encode("ascii")


@lru_cache(maxsize=64)
def stamp_font(face: str, blocks: frozenset[str]) -> StampFont:
    """The cut face, made once."""
    return StampFont(face, blocks)


def _tag(face: str, blocks: frozenset[str]) -> str:
    """Six capitals that tell one cut from another (ISO 32000-1, 9.6.4)."""
    bits = sum(1 << number for number, (name, _, _) in enumerate(_BLOCKS) if name in blocks)
    return f"ST{'A' if face == SANS else 'E'}{'ABCDEFGH'[bits >> 4 & 7]}{chr(ord('A') + (bits & 15))}X"


_CMAP: Final = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
{sections}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""

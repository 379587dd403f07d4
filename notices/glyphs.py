"""Which characters the shipped fonts can print, and how wide a line of them is."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

_FONTS: Final = Path(__file__).parent / "fonts"
_FACES: Final = ("NotoSans-Regular.ttf", "NotoSerif-Regular.ttf")
"""The faces that print what varies by person. A character counts as printable if both have it, or one of the others."""
_OTHERS: Final = (
    "NotoSansArabic-Regular.ttf", "NotoSansHebrew-Regular.ttf", "DroidSansFallbackFull.ttf", "NanumGothic.ttf",
)  # fmt: skip
"""Arabic, Hebrew, Chinese and Japanese, Korean; in the order in which fonts.conf gives them."""


_WIDEST: Final = 1000.0
"""For a character that no face has: an ideograph is as wide as it is high."""


class Face(msgspec.Struct, frozen=True):
    """A font's advance widths in thousandths of its size, by code point."""

    widths: dict[int, float]


@cache
def _face(name: str) -> Face:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - slow to import, and only printing needs it

    with TTFont(_FONTS / name, lazy=True) as font:
        scale = 1000 / font["head"].unitsPerEm
        metrics = font["hmtx"].metrics
        return Face({point: metrics[glyph][0] * scale for point, glyph in font.getBestCmap().items()})


@cache
def printable() -> frozenset[int]:
    """Every code point that a letter can show."""
    both = frozenset.intersection(*(frozenset(_face(name).widths) for name in _FACES))
    return both.union(*(_face(name).widths for name in _OTHERS))


def missing_glyphs(text: str) -> str:
    """The characters of `text` that would print as empty boxes, each once, in order."""
    return "".join(dict.fromkeys(char for char in text if char not in "\n\r\t" and ord(char) not in printable()))


def unprintable(text: str) -> str:
    """Control and direction characters: they print as nothing and can hide or reorder what stands beside them."""
    return "".join(dict.fromkeys(char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co")))


def described(characters: str) -> str:
    """Characters for a message: each with its code point and name."""
    return ", ".join(
        f"U+{ord(char):04X} {unicodedata.name(char, 'unnamed')}" + (f" ({char})" if char.isprintable() else "")
        for char in characters
    )


def width_in_points(text: str, size: float) -> float:
    """The width of a line in Noto Sans, or the face that stands in for it, at `size` points, without kerning."""
    widths = _widths()
    return sum([widths.get(char, _WIDEST) for char in text]) * size / 1000


@cache
def _widths() -> dict[str, float]:
    widths: dict[str, float] = {}
    for name in (_FACES[0], *_OTHERS):
        for point, width in _face(name).widths.items():
            widths.setdefault(chr(point), width)
    return widths

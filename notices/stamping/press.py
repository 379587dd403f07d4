"""Letters by stamping: where the text is the same for everybody, it is laid out once and each person is stamped on it.

A person whose name or address needs more than one glyph after the other (or more room than a line) is laid out by the
engine as before, and those sheets take their place among the others. Whoever prints with this reads every letter back
and compares it with its row, exactly as with letters that an engine laid out whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import chain
from typing import Final

from notices.context import LetterContext, Recipient
from notices.document import page_label
from notices.engines.base import PdfEngine
from notices.glyphs import width_in_points
from notices.press import Addressed, Press, Pressed
from notices.proof import PageText, footer_label
from notices.stamping.fonts import SANS, SERIF, StampFont, blocks_of, stamp_font
from notices.stamping.plates import ADDRESS_LEADING, FOOTER_SIZE, SIZE, Plate, make_plate
from notices.stamping.reading import sheet_texts
from notices.stamping.sheets import SANS_NAME, SERIF_NAME, Base, Sheet, assemble, make_base

_ADDRESS_WIDTH: Final = 3.4 * 72
_LINE_WIDTH: Final = 6.5 * 72
_SAFE: Final = 0.97
"""Of a line's room, what a text may take to be stamped: the engine sets pairs a little closer, and decides the rest."""
_BASES: Final = 8


class StampingPress:
    """A `notices.press.Press`. `whole` makes the letters that cannot be stamped."""

    def __init__(self, context: LetterContext, engine: PdfEngine, title: str, whole: Press) -> None:
        self._context = context
        self._engine = engine
        self._title = title
        self._whole = whole
        self._plates: dict[str, Plate] = {}
        self._base = lru_cache(maxsize=_BASES)(self._make_base)

    def file(self, letters: Sequence[Addressed], *, exact: bool = False) -> Pressed:
        """See `Press.file`. A stamped letter is as long as its specimen, so `exact` is left to `whole`."""
        if exact:
            return self._whole.file(letters, exact=True)
        blocks = [self._blocks(letter) for letter in letters]
        others = [self._whole.file([letter]) for letter, own in zip(letters, blocks, strict=True) if own is None]
        keys = self._laid_out(letter for letter, own in zip(letters, blocks, strict=True) if own is not None)
        needed = frozenset[str]().union(*(own for own in blocks if own is not None))
        if others:
            base = make_base([*(self._plates[key].pdf for key in keys), *(other.pdf for other in others)], needed)
        else:
            base = self._base(keys, needed)
        by_key = dict(zip(keys, base.resources, strict=False))
        rest = iter(base.resources[len(keys) :])
        stamp = _Stamp(needed)
        sheets = [
            [Sheet(resources, "") for resources in next(rest)]
            if own is None
            else stamp.letter(letter.recipient, self._plates[letter.variant.key], by_key[letter.variant.key])
            for letter, own in zip(letters, blocks, strict=True)
        ]
        return Pressed(assemble(base, list(chain.from_iterable(sheets))), tuple(map(len, sheets)))

    def read(self, pdf: bytes) -> list[PageText]:
        """See `Press.read`."""
        return sheet_texts(pdf)

    def _laid_out(self, letters: Iterable[Addressed]) -> tuple[str, ...]:
        """The keys of the variants of these letters, each with its plate made."""
        variants = {letter.variant.key: letter.variant for letter in letters}
        for key, variant in variants.items():
            if key not in self._plates:
                self._plates[key] = make_plate(self._context, variant, self._engine, self._title)
        return tuple(sorted(variants))

    def _make_base(self, keys: tuple[str, ...], blocks: frozenset[str]) -> Base:
        return make_base([self._plates[key].pdf for key in keys], blocks)

    @staticmethod
    def _blocks(letter: Addressed) -> frozenset[str] | None:
        """The blocks of characters the letter needs, or None where it cannot be stamped."""
        person = letter.recipient
        lines = (*person.name_lines, *person.address_lines)
        if any(width_in_points(line, SIZE) > _ADDRESS_WIDTH * _SAFE for line in lines):
            return None
        if width_in_points(f"{person.salutation}:", SIZE) > _LINE_WIDTH * _SAFE:
            return None
        return blocks_of("".join((*lines, person.salutation, person.code)))


class _Stamp:
    """Writes what is personal on the sheets of one letter."""

    def __init__(self, blocks: frozenset[str]) -> None:
        self._blocks = blocks

    @cached_property
    def _sans(self) -> StampFont:
        return stamp_font(SANS, self._blocks)

    @cached_property
    def _serif(self) -> StampFont:
        return stamp_font(SERIF, self._blocks)

    def letter(self, person: Recipient, plate: Plate, resources: Sequence[int]) -> list[Sheet]:
        label = footer_label(person)
        footers = [page_label(label, number, plate.pages) for number in range(1, plate.pages + 1)]
        stamps = [self._footer(footer, plate) for footer in footers]
        stamps[0] = self._person(person, plate) + stamps[0]
        return [Sheet(each, stamp) for each, stamp in zip(resources, stamps, strict=True)]

    def _person(self, person: Recipient, plate: Plate) -> str:
        at, salutation, code = plate.address, plate.salutation, plate.code
        lines = " T* ".join([f"<{self._sans.encode(line)}> Tj" for line in (*person.name_lines, *person.address_lines)])
        code_x = code.x - self._serif.width(person.code, SIZE)
        return (
            f"BT {SANS_NAME} {SIZE} Tf {ADDRESS_LEADING} TL {at.x:.3f} {at.y:.3f} Td {lines} ET\n"
            f"BT {SERIF_NAME} {SIZE} Tf {code_x:.3f} {code.y:.3f} Td <{self._serif.encode(person.code)}> Tj ET\n"
            f"BT {SERIF_NAME} {SIZE} Tf {salutation.x:.3f} {salutation.y:.3f} Td "
            f"<{self._serif.encode(person.salutation + ':')}> Tj ET\n"
        )

    def _footer(self, footer: str, plate: Plate) -> str:
        x = (plate.width - self._sans.width(footer, FOOTER_SIZE)) / 2
        return f"BT {SANS_NAME} {FOOTER_SIZE} Tf {x:.3f} {plate.footer_y:.3f} Td <{self._sans.encode(footer)}> Tj ET"

"""What is looked at before a letter is printed: whether this row can become a letter that arrives and reads right.

A row that fails gets no letter and stands in the manifest with its reason, so that rows = letters + exclusions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from notices.context import LetterContext, LetterVariant, Recipient
from notices.glyphs import described, missing_glyphs, unprintable, width_in_points

WINDOW_LINES: Final = 6
"""Lines of 12.5 points, from 2.1 inches down the sheet, that the window of a #10 envelope is sure to show.

It spans 2.04 to 3.17 inches of a sheet that is folded in three and rests on the bottom edge (css/letter.css).
"""
WINDOW_WIDTH: Final = 3.4 * 72
ADDRESS_SIZE: Final = 10.5
_BREAKS: Final = re.compile(r"[^\s-]*-+|[^\s-]+\s*|\s+")
"""The pieces of a line between which it may be broken: words with the space after them, and after a hyphen."""
_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{1,23}")


class Exclusion(msgspec.Struct, frozen=True, kw_only=True):
    """A row that gets no letter. `code` names the kind of reason, `reason` is for people and names the row.

    `reference` is what the letter would have borne.
    """

    row: int
    code: str
    reason: str
    reference: str = ""

    @property
    def group(self) -> str:
        """The reason as it is counted: the same for all rows of a kind, and without anything of the person."""
        return _GROUPS.get(self.code, self.reason)


_GROUPS: Final = {
    "no_name": "there is no name to address",
    "no_address": "there is no address",
    "bad_reference": "the reference cannot be printed",
    "no_variant": "no text is written for the audience",
    "control_character": "name or address holds characters that do not print",
    "missing_glyph": "the fonts cannot print name or address",
    "window_overflow": "the address does not fit the envelope window",
}


class Variants:
    """The variants of a letter, found by recipient."""

    def __init__(self, context: LetterContext) -> None:
        self._by_key = {variant.key: variant for variant in context.variants}

    def for_recipient(self, recipient: Recipient) -> LetterVariant | None:
        """The text for this recipient: of the own State if it has one, in the own language or else in English."""
        for state in (recipient.state, None):
            for language in (recipient.language, "en"):
                wanted = LetterVariant(audience=recipient.audience, elements=(), state=state, language=language)
                if wanted.key in self._by_key:
                    return self._by_key[wanted.key]
        return None


def why_not(recipient: Recipient, variants: Variants) -> Exclusion | None:
    """The first reason why no letter can be printed for this row, or None."""
    lines = (*recipient.name_lines, *recipient.address_lines)
    text = "".join((*lines, recipient.salutation))
    # Plain ASCII has its glyphs, and nothing in it is hidden.
    strange = "" if text.isascii() and text.isprintable() else text
    checks = (
        ("no_name", not any(line.strip() for line in recipient.name_lines) and "there is no name to address"),
        ("no_address", not any(line.strip() for line in recipient.address_lines) and "there is no address"),
        ("bad_reference", _CODE.fullmatch(recipient.code) is None and f"{recipient.code!r} cannot be a reference code"),
        ("no_variant", variants.for_recipient(recipient) is None and f"no text is written for {recipient.audience}"),
        ("control_character", _named("holds characters that do not print", unprintable(strange))),
        ("missing_glyph", _named("the fonts cannot print", missing_glyphs(strange))),
        ("window_overflow", _overflow(lines)),
    )
    for code, reason in checks:
        if reason:
            why = f"row {recipient.row}: {reason}"
            return Exclusion(row=recipient.row, code=code, reason=why, reference=recipient.code)
    return None


def _named(complaint: str, characters: str) -> str:
    return f"{complaint}: {described(characters)}" if characters else ""


def _overflow(lines: tuple[str, ...]) -> str:
    """Whether the address block, with its long lines wrapped, is taller than the window or wider than a word fits."""
    long = [line for line in lines if width_in_points(line, ADDRESS_SIZE) > WINDOW_WIDTH]
    for line in long:
        pieces = _BREAKS.findall(line)
        widest = max((width_in_points(piece.strip(), ADDRESS_SIZE) for piece in pieces), default=0.0)
        if widest > WINDOW_WIDTH:
            return f"a line of {len(line)} characters is wider than the envelope window"
    needed = lines_needed(long) + len(lines) - len(long)
    too_tall = f"the address block needs {needed} lines; the envelope window shows {WINDOW_LINES}"
    return too_tall if needed > WINDOW_LINES else ""


def lines_needed(lines: Sequence[str]) -> int:
    """How many lines of the window an address block takes, with those that are too long wrapped."""
    return sum(_wrapped(_BREAKS.findall(line)) for line in lines)


def _wrapped(pieces: list[str]) -> int:
    rows, used = 1, 0.0
    for piece in pieces:
        if used and used + width_in_points(piece.rstrip(), ADDRESS_SIZE) > WINDOW_WIDTH:
            rows, used = rows + 1, 0.0
        used += width_in_points(piece, ADDRESS_SIZE)
    return rows

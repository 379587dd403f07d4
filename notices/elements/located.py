"""What a locator answers: where the text says it, or why it was not found."""

from __future__ import annotations

import msgspec

from notices.elements.prose import Span


class Located(msgspec.Struct, frozen=True, kw_only=True):
    """The answer for one element. `contradicts` marks words that are there but say something else than the facts."""

    span: Span | None
    why: str
    contradicts: bool = False


def found(span: Span, why: str = "") -> Located:
    """The text says it here."""
    return Located(span=span, why=why)


def missing(why: str) -> Located:
    """The text does not say it."""
    return Located(span=None, why=why)

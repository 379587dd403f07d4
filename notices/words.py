"""How a letter speaks of the person whose data it is, by audience and language."""

from __future__ import annotations

from typing import Final

from notices.context import Audience, Context


class Words(Context, frozen=True, kw_only=True):
    """`whose` fits before a noun ("your child's"); `opening` follows the salutation where someone acts for another."""

    whose: str
    opening: str | None = None


_ENGLISH: Final[dict[Audience, Words]] = {
    Audience.ADULT: Words(whose="your"),
    Audience.PARENT_OF_MINOR: Words(
        whose="your child's",
        opening="We are writing to you as the parent or guardian of the person named above.",
    ),
    Audience.NEXT_OF_KIN: Words(
        whose="your family member's",
        opening="We are writing to you as the next of kin of the person named above. We are sorry for your loss.",
    ),
    Audience.PERSONAL_REPRESENTATIVE: Words(
        whose="that person's",
        opening="We are writing to you because you act for the person named above.",
    ),
}

LANGUAGES: Final[dict[str, dict[Audience, Words]]] = {"en": _ENGLISH}
"""The languages in which letters can be written, each with its words."""


def words_for(audience: Audience, language: str) -> Words:
    """The words of a variant.

    Raises:
        KeyError: if there is no letter in that language.
    """
    return LANGUAGES[language][audience]

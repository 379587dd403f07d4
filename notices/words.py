"""How a letter speaks of the person whose data it is, by audience and language."""

from __future__ import annotations

from datetime import date
from typing import Final

from notices.context import Audience, Context
from notices.environment import long_date, long_date_es


class Words(Context, frozen=True, kw_only=True):
    """`whose` fits before a noun in English ("your child's"), after it in Spanish ("sobre su hijo o hija").

    `opening` follows the salutation where someone acts for another.
    """

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

_SPANISH: Final[dict[Audience, Words]] = {
    Audience.ADULT: Words(whose="sobre usted"),
    Audience.PARENT_OF_MINOR: Words(
        whose="sobre su hijo o hija",
        opening="Le escribimos como padre, madre o tutor de la persona nombrada arriba.",
    ),
    Audience.NEXT_OF_KIN: Words(
        whose="sobre su familiar",
        opening="Le escribimos como pariente más cercano de la persona nombrada arriba. Sentimos mucho su pérdida.",
    ),
    Audience.PERSONAL_REPRESENTATIVE: Words(
        whose="sobre esa persona",
        opening="Le escribimos porque usted actúa en nombre de la persona nombrada arriba.",
    ),
}

LANGUAGES: Final[dict[str, dict[Audience, Words]]] = {"en": _ENGLISH, "es": _SPANISH}
"""The languages in which letters can be written, each with its words."""

_LABELS: Final = {"en": ("Reference", "Date", long_date), "es": ("Referencia", "Fecha", long_date_es)}


def reference_line(code: str, language: str) -> str:
    """The line with the reference, as a letter prints it."""
    return f"{_LABELS[language][0]}: {code}"


def date_line(day: date, language: str) -> str:
    """The line with the date, as a letter prints it."""
    _, label, printed = _LABELS[language]
    return f"{label}: {printed(day)}"


_GREETINGS: Final = {"en": "Dear", "es": "Estimado/a"}


def greeting(name: str, language: str) -> str:
    """The salutation without its closing colon: "Dear Ana Díaz"."""
    return f"{_GREETINGS.get(language, _GREETINGS['en'])} {name}"


def words_for(audience: Audience, language: str) -> Words:
    """The words of a variant.

    Raises:
        KeyError: if there is no letter in that language.
    """
    return LANGUAGES[language][audience]

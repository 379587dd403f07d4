"""Which texts of a letter there are: for each audience and language, and each State whose law asks for its own."""

from __future__ import annotations

from collections.abc import Iterable

from jurisdictions.content import ContentRequirement
from notices.context import Audience, LetterContext, LetterVariant
from notices.fields import Fields
from notices.paper import Ground
from notices.reference import agencies
from notices.telling import IF_ANY, LARGE, incident_text, spanish_text
from notices.words import LANGUAGES


def letter_variants(
    requirements: Iterable[ContentRequirement], *, no_services: bool = False, languages: Iterable[str] = ("en",)
) -> tuple[LetterVariant, ...]:
    """Every text that a letter may need: each audience and language, for each State that asks for something of its own.

    `no_services`: the drafter states that there are none, where a law asks for them "if any".

    The requirements of `us.…` obligations go into every letter, those of `xx.…` into the letters of that State.
    """
    by_place: dict[str, list[str]] = {"us": []}
    for requirement in requirements:
        if requirement.required and not requirement.forbidden and not (no_services and requirement.id == IF_ANY):
            by_place.setdefault(requirement.obligation.split(".", 1)[0], []).append(requirement.id)
    return tuple(
        LetterVariant(
            audience=audience,
            state=None if place == "us" else place.upper(),
            language=language,
            elements=tuple(dict.fromkeys([*by_place["us"], *(elements if place != "us" else [])])),
        )
        for place, elements in sorted(by_place.items(), key=lambda item: (item[0] != "us", item[0]))
        for audience in Audience
        for language in languages
    )


def letter_context(read: Fields, ground: Ground) -> LetterContext:
    """The letter of these words in all its variants."""
    contacts = agencies()
    incident = incident_text(read, ground.facts)
    spanish = spanish_text(read, incident)
    languages = LANGUAGES if spanish is not None else ("en",)
    without = read.line("services_none")
    return LetterContext(
        organization=ground.organization,
        incident=incident,
        spanish=spanish,
        bureaus=contacts.bureau,
        ftc=contacts.ftc,
        variants=letter_variants(ground.requirements, no_services=without is not None, languages=languages),
        notice_date=read.date("notice_date"),
        without_services=without,
        large_print=read.line("print_size") == LARGE,
        exercise=ground.exercise,
        house=ground.house,
    )

"""Letters made with the organization's own templates on an invented incident, so that what they lack is known at once.

Each text of a letter is written for every audience and language, with all that the facts can hold and with as little as
they may, and held to what federal law, Illinois and California want said. What the shipped templates would lack on the
same facts is not held against the own ones.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from typing import Any, Final

import msgspec
from jinja2 import TemplateError

from jurisdictions.content import ContentRequirement
from jurisdictions.facts import BreachFacts, parse_facts
from jurisdictions.rulebook import Rulebook
from notices.context import House, LetterContext, LetterVariant, Organization, PostalAddress
from notices.drafting import build_context, letter_requirements
from notices.elements import check_text
from notices.errors import NoticeError
from notices.house.sections import NAME
from notices.service import letter_document

_ORGANIZATION: Final = Organization(
    name="Example Clinic",
    address=PostalAddress(street1="1 Example Street", street2="Suite 2", city="Chicago", state="IL", zip="60601"),
    phone="312-555-0100",
    toll_free="1-800-555-0100",
    email="privacy@example.org",
    website="www.example.org",
    privacy_officer="Robin Example, Privacy Officer",
    signatory_name="Robin Example",
    signatory_title="Privacy Officer",
)
_LEAST: Final = msgspec.structs.replace(
    _ORGANIZATION, phone=None, website=None, privacy_officer=None, signatory_name=None, signatory_title=None
)
_FACTS: Final[dict[str, Any]] = {
    "organization": {
        "name": "Example Clinic",
        "state": "IL",
        "time_zone": "America/Chicago",
        "hipaa_role": "covered_entity",
        "entity_type": "healthcare_provider",
    },
    "incident": {
        "occurred_from": "2026-09-30",
        "occurred_to": "2026-10-02",
        "discovered_at": "2026-10-03T09:15:00-05:00",
        "medium": "electronic",
        "data_elements": ["name", "ssn", "medical_information", "online_credentials"],
        "encrypted": False,
        "risk_assessment": "breach",
    },
    "affected": {"total": 1204, "by_state": {"IL": 1143, "CA": 61}},
    "law_enforcement_holds": [{"agency": "FBI", "kind": "written", "stated_on": "2026-10-10", "until": "2026-11-10"}],
}
_WORDS: Final = {
    "what_happened": "Someone who was not allowed to do so signed in to the email account of our billing office.\n\n"
    "Emails and files in that account could be read.",
    "data_types": "Social Security number\nmedical information\nuser name and password",
    "what_we_are_doing": "We closed the account to the intruder. We hired experts to find out what was seen.",
    "what_you_can_do": "Look closely at each statement that you get. Change your password today.",
    "notice_date": "2026-11-20",
}
_SPANISH: Final = {
    "what_happened_es": "Una persona que no tenía permiso inició sesión en la cuenta de correo de nuestra oficina.",
    "data_types_es": "número de Seguro Social\ninformación médica\nnombre de usuario y contraseña",
    "what_we_are_doing_es": "Cerramos la cuenta al intruso. Contratamos a expertos para saber qué se vio.",
    "what_you_can_do_es": "Revise bien cada estado de cuenta. Cambie su contraseña hoy mismo.",
}
_SERVICES: Final = {
    "services_provider": "Example Identity Guard",
    "services_months": "12",
    "services_how_to_enroll": "To enroll, go to www.example.org or call 1-800-555-0199, and give the code EXAMPLE.",
    "services_how_to_enroll_es": "Para inscribirse, visite www.example.org o llame al 1-800-555-0199, y dé el código "
    "EXAMPLE.",
}


class _Trial(msgspec.Struct, frozen=True):
    """One invented incident."""

    facts: BreachFacts
    requirements: tuple[ContentRequirement, ...]
    context: LetterContext


def _trials(rulebook: Rulebook) -> Iterator[_Trial]:
    full = parse_facts(_FACTS)
    unknown = {"occurred_from": None, "occurred_to": None}
    bare = parse_facts(
        {**_FACTS, "incident": _FACTS["incident"] | unknown | {"data_elements": ["name", "medical_information"]}}
        | {"law_enforcement_holds": []}
    )
    for facts, organization, words in (
        (full, _ORGANIZATION, _WORDS | _SPANISH | _SERVICES),
        (bare, _LEAST, _WORDS | _SPANISH | {"notice_date": ""}),
    ):
        requirements = letter_requirements(facts, rulebook)
        context = build_context(
            "individual_letter", facts=facts, organization=organization, fields=words, requirements=requirements
        )
        assert isinstance(context, LetterContext)
        yield _Trial(facts, requirements, context)


def trial_faults(house: House, rulebook: Rulebook) -> tuple[str, ...]:
    """What letters with these templates would lack or say wrongly, as `file: message` lines; empty: nothing."""
    found: dict[str, list[str]] = {}
    for trial in _trials(rulebook):
        own = msgspec.structs.replace(trial.context, house=house)
        for variant in trial.context.variants:
            try:
                wrong = _problems(trial, own, variant)
            except (TemplateError, NoticeError) as error:
                found.setdefault(_where(error), []).append(variant.key)
                continue
            shipped = _problems(trial, trial.context, variant)
            for element, why in wrong.items():
                if element not in shipped:
                    place = _section_of(house, element, variant.language)
                    found.setdefault(f"{place}: {element}: {why}", []).append(variant.key)
    return tuple(f"{fault} [{_letters(keys)}]" for fault, keys in found.items())


def _letters(keys: list[str]) -> str:
    """Which letters: the first, and how many more."""
    keys = list(dict.fromkeys(keys))
    more = f" and {len(keys) - 1} more" if len(keys) > 1 else ""
    return f"letter {keys[0]}{more}"


def _problems(trial: _Trial, context: LetterContext, variant: LetterVariant) -> dict[str, str]:
    """Element id -> what is wrong with it in the text of this variant."""
    document = letter_document(context, variant)
    asked = tuple(each for each in trial.requirements if each.id in document.required or each.forbidden)
    report = check_text(document.text, asked, trial.facts, variant.language)
    found = {}
    for problem in report.problems:
        element, _, why = problem.partition(": ")
        found[element] = why
    return found


def _section_of(house: House, element: str, language: str) -> str:
    """The own section that is to blame: the one of that element, or the only one of that language."""
    from notices.layout import LETTER  # noqa: PLC0415 - beside its only use

    said = {name: slot.section for part in LETTER for slot in part.slots for name in slot.says}
    names = [name for name, _ in house.sections if f"/{language}/" in name]
    blamed = f"sections/{language}/{said.get(element, element)}.html.j2"
    return blamed if blamed in names else names[0] if len(names) == 1 else "sections"


def _where(error: Exception) -> str:
    """The innermost place in a section that an error came from."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        place = frame.filename[frame.filename.find("sections/") :] if "sections/" in frame.filename else ""
        if NAME.fullmatch(place):
            return f"{place}:{frame.lineno}: {error}"
    return f"sections: {error}"

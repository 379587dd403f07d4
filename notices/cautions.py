"""What a drafter and a reviewer must be told about a notice that no check of its text can find."""

from __future__ import annotations

from datetime import date
from typing import Final

from jurisdictions.facts import BreachFacts
from jurisdictions.rulebook import Rulebook
from jurisdictions.vocabulary import USPS
from notices.catalog import kind_named
from notices.context import CaliforniaAgContext, DocumentContext, LetterContext
from notices.papers import PAPERS
from notices.papers.electronic import EmailContext
from notices.reference import agencies, stale_warnings

_LETTERS = ("individual_letter", "ca_ag_submission")


_SPANISH: Final = (
    "The Spanish text was written for this program by hand, not by a machine, and no certified translator has reviewed "
    "it: have one do so before it is sent. California's title and headings stand in English above their Spanish, "
    "because Civ. Code 1798.82(d)(1) gives their words; the part of that section that was read says nothing of "
    "other languages. Whether civil-rights law asks for Spanish was not verified."
)


def cautions(
    kind: str, facts: BreachFacts, rulebook: Rulebook, on: date, context: DocumentContext | None = None
) -> tuple[str, ...]:
    """Sentences for the person at the keyboard: what is not verified, not modelled, or grown old by `on`.

    `context` is the notice as it is written, where it is: some cautions depend on its words.

    Raises:
        NoticeError: if there is no such kind.
    """
    entry = kind_named(kind)
    found = list(entry.cautions)
    if entry.name in _LETTERS or (entry.name in PAPERS and PAPERS[entry.name].prints_agencies):
        contacts = agencies()
        found += stale_warnings((*contacts.bureau, contacts.ftc), on)
        unmodelled = _without_contents(facts, rulebook)
        if unmodelled:
            found.append(
                "What a letter must say under the law of " + ", ".join(USPS[state] for state in unmodelled) + " is not "
                "modelled: residents there get the common text, and counsel must add what their law asks for."
            )
    letter = _letter_of(context)
    if letter is not None and letter.spanish is not None:
        found.append(_SPANISH)
    if letter is not None and letter.without_services is not None:
        found.append(
            f"The drafter states that no identity theft services are offered: {letter.without_services} Cal. Civ. Code "
            '1798.82(d)(2)(G) asks for an offer of services "if any"; whether that binds is debated, and most offer.'
        )
    return tuple(found)


def _letter_of(context: DocumentContext | None) -> LetterContext | None:
    match context:
        case LetterContext():
            return context
        case CaliforniaAgContext():
            return context.sample
        case EmailContext():
            return context.letter
        case _:
            return None


def _without_contents(facts: BreachFacts, rulebook: Rulebook) -> tuple[str, ...]:
    """States with affected residents for whose letters the rulebook holds no contents."""
    known = {element.obligation.split(".", 1)[0].upper() for element in rulebook.elements}
    return tuple(sorted(state for state in facts.affected.by_state or () if state not in known))

"""What a drafter and a reviewer must be told about a notice that no check of its text can find."""

from __future__ import annotations

from datetime import date

from jurisdictions.facts import BreachFacts
from jurisdictions.rulebook import Rulebook
from jurisdictions.vocabulary import USPS
from notices.catalog import kind_named
from notices.papers import PAPERS
from notices.reference import agencies, stale_warnings

_LETTERS = ("individual_letter", "ca_ag_submission")


def cautions(kind: str, facts: BreachFacts, rulebook: Rulebook, on: date) -> tuple[str, ...]:
    """Sentences for the person at the keyboard: what is not verified, not modelled, or grown old by `on`.

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
    return tuple(found)


def _without_contents(facts: BreachFacts, rulebook: Rulebook) -> tuple[str, ...]:
    """States with affected residents for whose letters the rulebook holds no contents."""
    known = {element.obligation.split(".", 1)[0].upper() for element in rulebook.elements}
    return tuple(sorted(state for state in facts.affected.by_state or () if state not in known))

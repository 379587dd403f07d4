"""Which people a State's own definition of personal information covers, from the kinds of data exposed of each.

A statute that counts "residents to be notified" counts those alone (815 ILCS 530/10(e); Cal. Civ. Code 1798.82(f)).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from msgspec.structs import replace

from jurisdictions.case import Case
from jurisdictions.elements import personal_information
from jurisdictions.facts import BreachFacts
from jurisdictions.rulebook import Rulebook
from jurisdictions.rules import california, illinois

_DEFINITIONS = {
    "IL": ("il.pipa", illinois.basis_of_individuals),
    "CA": ("ca.civ1798_82", california.basis_of_individuals),
}
"""State -> its definition, and the date whose version of it applies."""


class Coverage:
    """The definitions of the States as they apply to one breach; remembers what it worked out.

    `discovered_at` and `organization.time_zone` must be known, so facts are given in the engine's types.
    """

    def __init__(self, facts: BreachFacts, rulebook: Rulebook, *, as_of: datetime) -> None:
        self._facts = facts
        self._rulebook = rulebook
        self._as_of = as_of
        self._known: dict[tuple[str, frozenset[str]], bool | None] = {}

    def __call__(self, state: str, elements: tuple[str, ...]) -> bool | None:
        """Whether a resident of whom these kinds of data were exposed is covered; None where that is not known.

        Lists of people name what was exposed beside the name. So a name counts as exposed where the breach exposed
        names; where it is not recorded which data was involved at all, and the answer turns on the name, it is open.
        """
        if state not in _DEFINITIONS:
            return None
        key = (state, frozenset(elements))
        if key not in self._known:
            self._known[key] = self._covers(state, elements)
        return self._known[key]

    def _covers(self, state: str, elements: tuple[str, ...]) -> bool | None:
        of_breach = self._facts.incident.data_elements
        alone = self._judged(state, elements)
        if "name" in elements or (of_breach is not None and "name" not in of_breach):
            return alone
        named = self._judged(state, ("name", *elements))
        return named if of_breach is not None or named is alone else None

    def _judged(self, state: str, elements: tuple[str, ...]) -> bool | None:
        law, basis = _DEFINITIONS[state]
        facts = replace(self._facts, incident=replace(self._facts.incident, data_elements=elements))
        case = Case(facts, self._rulebook, as_of=self._as_of, law_as_of=None)
        return personal_information(case, law, basis(case)).truth

    def reason(self, state: str) -> str:
        """By which definition, with its citation and the day from which it applies."""
        law, basis = _DEFINITIONS[state]
        case = Case(self._facts, self._rulebook, as_of=self._as_of, law_as_of=None)
        version = case.law(f"{law}.elements", basis(case))
        if version is None:
            return "not yet law"
        since: date = version.since
        return f"{version.citation}, as defined from {since}"


STATES: Mapping[str, str] = {state: law for state, (law, _) in _DEFINITIONS.items()}
"""States for which a definition is held -> its place in the rulebook."""

"""The pure function from facts to obligations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from jurisdictions.case import Case
from jurisdictions.duties import Duty, settle
from jurisdictions.facts import BreachFacts
from jurisdictions.not_modelled import not_modelled
from jurisdictions.obligations import Assessment, Obligation, Status
from jurisdictions.rulebook import Rulebook
from jurisdictions.rules import california, california_ag, cdph, ftc, hipaa, illinois, illinois_50

RULES: Final = (
    *hipaa.RULES,
    *ftc.RULES,
    *illinois_50.RULES,
    *illinois.RULES,
    *california.RULES,
    *california_ag.RULES,
    *cdph.RULES,
)
"""In the order in which duties wait on each other."""

LAW_AS_OF: Final = "law-as-of:"
"""A recorded decision may name a date instead of a reading: ``law-as-of:2025-12-20`` fixes the law for one duty."""

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


def assess(
    facts: BreachFacts,
    rulebook: Rulebook,
    *,
    as_of: datetime,
    law_as_of: date | None = None,
    adopted: Mapping[str, str] = _NOTHING,
) -> Assessment:
    """Every duty that the rulebook holds, judged on the facts.

    Args:
        facts: what is known; unknown stays unknown.
        rulebook: the law.
        as_of: now, with its offset; decides only what is open and what is overdue, and whether a later law has come.
        law_as_of: fixes the versions of the law; by default each rule uses its own basis date.
        adopted: obligation id to the id of the reading that counsel chose, or ``law-as-of:YYYY-MM-DD``.

    Raises:
        ValueError: if ``as_of`` has no offset.
    """
    if as_of.tzinfo is None:
        raise ValueError("as_of needs its offset: a moment without one belongs to no day")
    case = Case(facts, rulebook, as_of=as_of, law_as_of=law_as_of)
    judge(case, adopted)
    return Assessment(
        obligations=tuple(sorted(case.settled.values(), key=_order)),
        not_modelled=not_modelled(case),
        as_of=as_of,
        law_as_of=law_as_of,
        rulebook_hash=rulebook.hash,
    )


def judge(case: Case, adopted: Mapping[str, str] = _NOTHING) -> None:
    """Settle every duty of a case, each rule after those that it waits on."""
    for rule in RULES:
        for duty in rule(case):
            choice = adopted.get(duty.id)
            fixed = _law_as_of(choice)
            found = settle(duty, case, choice) if fixed is None else _under_law_of(case, rule, duty.id, fixed)
            case.settled[duty.id] = replace(found, information=_information(case, found))


def _law_as_of(choice: str | None) -> date | None:
    """The date in a recorded decision that names one; a decision that cannot be read is treated as a reading."""
    if choice is None or not choice.startswith(LAW_AS_OF):
        return None
    try:
        return date.fromisoformat(choice.removeprefix(LAW_AS_OF))
    except ValueError:
        return None


def _under_law_of(case: Case, rule: Callable[[Case], Iterable[Duty]], name: str, day: date) -> Obligation:
    """One duty under the law of a day that a recorded decision fixed for it alone."""
    everywhere = case.law_as_of
    case.law_as_of = day
    try:
        found = settle(next(each for each in rule(case) if each.id == name), case)
    finally:
        case.law_as_of = everywhere
    line = f"Law as of {day}, by a recorded decision."
    return replace(found, why=(*found.why, line), caveats=(*found.caveats, line))


def _information(case: Case, obligation: Obligation) -> tuple[str, ...]:
    """Method, substitute notice, penalty and burden of proof, as information and never as advice."""
    if obligation.status is Status.NOT_REQUIRED:
        return ()
    stem = obligation.id.partition(":")[0]
    on = case.law_as_of or obligation.given or obligation.due or case.discovered
    return tuple(
        f"{each.text} ({each.citation}){'' if each.mark == 'verified' else ' Not verified: ask counsel.'}"
        for each in case.rulebook.information_of(stem)
        if (each.since is None or each.since <= on) and (each.until is None or on < each.until)
    )


def _order(obligation: Obligation) -> tuple[date, str]:
    return (obligation.safest or date.max, obligation.id)

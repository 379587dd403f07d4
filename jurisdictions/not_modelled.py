"""Law that may apply and that the rulebook does not hold. Said plainly, never left out in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jurisdictions.case import Case
from jurisdictions.obligations import NotModelled
from jurisdictions.vocabulary import USPS, Medium

MODELLED_STATES: Final = frozenset({"IL", "CA"})


def not_modelled(case: Case) -> tuple[NotModelled, ...]:
    """States without rules here, and neighbouring regimes that the facts make conceivable."""
    return (*_states(case), *_agencies(case), *_adjacent(case))


def _states(case: Case) -> Iterator[NotModelled]:
    for state in case.states:
        if state in MODELLED_STATES or case.residents(state).high == 0:
            continue
        line = (
            f"The law of {USPS[state]} is not modelled: its own notices to residents, regulators and consumer "
            f"reporting agencies, and their dates, are not in this list. Residents affected: {case.residents(state)}."
        )
        yield NotModelled(
            f"{state.lower()}.breach.*", state, (line, "Ask counsel before treating this list as complete.")
        )
    if case.facts.affected.by_state is None:
        line = "Not recorded where the affected people live: the law of each of their States may apply."
        yield NotModelled("*.breach.*", "US", (line,))
    elif case.unplaced.low or case.unplaced.high:
        line = f"Some of the affected are in no recorded State ({case.unplaced}): the law of theirs may apply."
        yield NotModelled("*.breach.*", "US", (line,))


def _agencies(case: Case) -> Iterator[NotModelled]:
    organization = case.facts.organization
    if organization.state_agency and organization.state in ("CA", None):
        yield NotModelled("ca.civ1798_29", "CA", ("Civ. Code 1798.29, for California agencies, is not modelled.",))


def _adjacent(case: Case) -> Iterator[NotModelled]:
    elements = set(case.facts.incident.data_elements or ())
    if elements & {"payment_card", "payment_card_with_code"}:
        why = "Card brands and the acquirer set their own hours by contract (PCI): read the acquirer agreement."
        yield NotModelled("contract.card_brands", "US", (why,))
    if elements & {"ssn", "financial_account", "financial_account_with_code"}:
        why = "The FTC Safeguards Rule (16 CFR 314) applies if the organization is a financial institution."
        yield NotModelled("us.safeguards", "US", (why,))
    if case.facts.organization.state_agency is not True and case.facts.incident.medium in (None, Medium.ELECTRONIC):
        why = (
            "SEC Form 8-K Item 1.05 applies to public companies; CIRCIA's final rule was not verified; insurance and "
            "other contracts set their own times."
        )
        yield NotModelled("us.other", "US", (why,))

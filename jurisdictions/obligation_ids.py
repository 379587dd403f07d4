"""The ids of obligations: which exist, so that a mistyped one is refused instead of being ignored."""

from __future__ import annotations

import re
from typing import Final

from jurisdictions.vocabulary import USPS

FIXED: Final = frozenset(
    {
        "us.hipaa.individuals",
        "us.hipaa.hhs",
        "us.hipaa.substitute",
        "us.hipaa.covered_entity",
        "us.part2.hhs",
        "us.part2.individuals",
        "us.ftc_hbnr.individuals",
        "us.ftc_hbnr.ftc",
        "il.pipa.individuals",
        "il.pipa.attorney_general",
        "il.pipa.hipaa_attorney_general",
        "il.pipa.data_owner",
        "ca.civ1798_82.individuals",
        "ca.civ1798_82.attorney_general",
        "ca.civ1798_82.data_owner",
        "ca.hsc1280_15.cdph",
        "ca.hsc1280_15.patients",
    }
)
PER_STATE: Final = ("us.hipaa.media", "us.part2.media", "us.ftc_hbnr.media")
"""One duty per State with affected residents, id ``stem:XX``."""

_STATES: Final = "|".join(USPS).lower()
_STATE_DUTY: Final = re.compile(
    rf"({_STATES})\.breach\."
    r"(individuals|consumer_reporting_agencies|data_owner|regulator:[a-z][a-z0-9_]*)"
)


def is_obligation_id(text: str) -> bool:
    """Whether ``text`` names a duty of the contract."""
    stem, colon, state = text.partition(":")
    return (
        text in FIXED
        or (colon == ":" and stem in PER_STATE and state in USPS)
        or _STATE_DUTY.fullmatch(text) is not None
    )


def is_obligation_pattern(text: str) -> bool:
    """Whether ``text`` is an obligation id, or the beginning of one followed by ``*``."""
    if not text.endswith("*"):
        return is_obligation_id(text)
    stem = text[:-1]
    if any(name.startswith(stem) for name in (*FIXED, *(f"{each}:" for each in PER_STATE))):
        return True
    return is_obligation_id(stem) or re.fullmatch(rf"({_STATES})\.breach\.[a-z_]*:?", stem) is not None


def matches(pattern: str, name: str) -> bool:
    """Whether an obligation id falls under an id or ``prefix*``."""
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern

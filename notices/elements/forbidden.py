"""What a letter must not say: the number of Illinois residents affected (815 ILCS 530/10(a))."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jurisdictions.facts import BreachFacts
from notices.elements.located import Located, found, missing
from notices.elements.prose import Prose, Span

_ONES: Final = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES: Final = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
_WORD: Final = "|".join([*_TENS, *sorted(_ONES, key=len, reverse=True), *_SCALES, "dozen"])
_FIGURES: Final = r"(?<![\d.,/-])\d{1,3}(?:,\d{3})+(?![\d-])|(?<![\d.,/-])\d+(?![\d,/-]*\d|-)"
_NUMBER: Final = rf"(?:{_FIGURES}|\b(?:(?:{_WORD})(?:[\s-]+(?:and[\s-]+)?(?=(?:{_WORD})\b))?){{1,12}}\b)"
_PEOPLE: Final = (
    r"(?:residents?|individuals?|people|persons?|patients?|consumers?|customers?|clients?|citizens?|members?|"
    r"employees?|"
    r"children|minors|adults|households?|guests?|users?|students?|households|Illinoisans?)"
)
_STATE: Final = r"(?:the\s+)?(?:State\s+of\s+)?Illinois"
_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<n>{_NUMBER})(?:\s*\([\d,]+\))?\s+(?:[\w'-]+\s+){{0,3}}?Illinois(?:-based)?\s+(?:[\w'-]+\s+){{0,2}}?{_PEOPLE}\b",
        rf"(?P<n>{_NUMBER})(?:\s*\([\d,]+\))?\s+Illinoisans\b",
        rf"(?P<n>{_NUMBER})(?:\s*\([\d,]+\))?\s+(?:[\w'-]+\s+){{0,3}}?{_PEOPLE}\b[^.;\n\d]{{0,60}}?\b(?:in|of|"
        rf"from|throughout|across|within)\s+{_STATE}\b",
        rf"\bIllinois\s+{_PEOPLE}\s+(?:affected|notified|impacted|involved)\s+(?P<n>{_NUMBER})",
        rf"\bIllinois\s+(?:[\w'-]+\s+){{0,2}}?{_PEOPLE}\b[^.;\n\d]{{0,60}}?(?:[:=(]|\b(?:is|was|are|were|"
        rf"total(?:s|ed|ing)?|number(?:s|ed|ing)?|of|to|at)\b)\s*"
        rf"(?:approximately|about|around|roughly|some|nearly|over|more\s+than|"
        rf"at\s+least)?\s*(?P<n>{_NUMBER})(?!\s*(?:days?|months?|years?|hours?|weeks?|ILCS|a\.m|p\.m|%))",
        rf"\b{_PEOPLE}\s+(?:in|of|from)\s+{_STATE}\b[^.;\n\d]{{0,40}}?(?:[:=(]|\b(?:is|was|were|total(?:s|"
        rf"ed)?)\b)\s*(?P<n>{_NUMBER})(?!\s*(?:days?|months?|years?|hours?|ILCS|%))",
        rf"^[^\w\n]*Illinois\s*[:=|-]\s*(?P<n>{_NUMBER})(?:\s+{_PEOPLE})?[^\w\n]*$",
    )
)
_ANY_PEOPLE: Final = re.compile(
    rf"(?P<n>{_NUMBER})(?:\s*\([\d,]+\))?\s+(?:(?!days?\b|months?\b|years?\b|hours?\b|"
    rf"minutes?\b)[\w'-]+\s+){{0,3}}?{_PEOPLE}\b",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_YEAR_LEAD: Final = re.compile(
    r"(?:\b(?:in|since|during|of|by|until|from|for|as\s+of|through|effective|january|february|march|april|may|"
    r"june|july|august|september|"
    r"october|november|december)|,)\s*(?:\d{1,2},?\s*)?$",
    re.IGNORECASE,
)


def resident_counts(prose: Prose, facts: BreachFacts) -> Iterator[Span]:
    """Where the text gives the number of Illinois residents affected, in figures or words.

    A number of people that equals the recorded number of Illinois residents is one too, whatever it is called.
    """
    recorded = (facts.affected.by_state or {}).get("IL")
    seen: list[Span] = []
    for pattern in _PATTERNS:
        multiline = re.compile(pattern.pattern, pattern.flags | re.MULTILINE)
        for match in multiline.finditer(prose.plain):
            if not _is_year(prose, match, recorded) and not _overlaps(match, seen):
                seen.append(Span(match.start(), match.end()))
    for match in _ANY_PEOPLE.finditer(prose.plain):
        told = number_in(match.group("n"))
        if isinstance(recorded, int) and told == recorded and recorded > 1 and not _overlaps(match, seen):
            seen.append(Span(match.start(), match.end()))
    yield from sorted(seen)


def residents_told(prose: Prose, facts: BreachFacts) -> Located:
    """815 ILCS 530/10(e): the number of Illinois residents, where it has to be told: to the Attorney General."""
    recorded = (facts.affected.by_state or {}).get("IL")
    told = tuple(resident_counts(prose, facts))
    if not told:
        return missing("the number of Illinois residents affected is not given")
    for span in told:
        numbers = [number_in(match.group()) for match in re.finditer(_NUMBER, prose.of(span), re.IGNORECASE)]
        if not isinstance(recorded, int) or recorded in numbers:
            return found(span)
    return Located(span=told[0], why=f"the facts say {recorded:,} Illinois residents", contradicts=True)


def number_in(text: str) -> int:
    """The number that figures or English words say: "1,143", "one thousand one hundred and forty-three"."""
    if text[0].isdigit():
        return int(text.replace(",", ""))
    total = part = 0
    for word in text.lower().replace("-", " ").split():
        if word in _ONES:
            part += _ONES[word]
        elif word in _TENS:
            part += _TENS[word]
        elif word == "dozen":
            part = max(part, 1) * 12
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word in _SCALES:
            total += max(part, 1) * _SCALES[word]
            part = 0
    return total + part


def _is_year(prose: Prose, match: re.Match[str], recorded: object) -> bool:
    """Whether the "number" is a year: four figures without a comma, after the words that lead a year in."""
    digits = match.group("n")
    if not _YEAR.fullmatch(digits) or recorded == int(digits):
        return False
    before = prose.plain[max(0, match.start("n") - 25) : match.start("n")]
    return _YEAR_LEAD.search(before) is not None


def _overlaps(match: re.Match[str], seen: list[Span]) -> bool:
    return any(match.start() < span.end and span.start < match.end() for span in seen)

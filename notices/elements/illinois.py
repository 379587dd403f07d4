"""The elements of 815 ILCS 530/10(a)."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from jurisdictions.facts import BreachFacts
from notices.elements.contacts import BUREAU, BUREAUS, FTC, POSTAL, SITE, STREET, TOLL_FREE
from notices.elements.located import Located, found, missing
from notices.elements.prose import Prose, Span

_REACH: Final = 900
"""How far, in characters, the details of an agency may stand from its name; three bureaus in a table take some 600."""
_FTC_REACH: Final = 350
_FTC_SITE: Final = re.compile(r"(?:[\w.]*\bftc\.gov|identitytheft\.gov|consumer\.gov)\S*", re.IGNORECASE)
_MOST_NAMES: Final = 100
"""How often an agency is looked for by its name; no notice names one so often."""
_FREEZE: Final = re.compile(r"\b(?:security|credit)\s+freezes?\b", re.IGNORECASE)
_ALERT: Final = re.compile(r"\bfraud\s+alerts?\b", re.IGNORECASE)
_LEARN: Final = re.compile(r"\b(?:information|learn|find\s+out|details|guidance)\b", re.IGNORECASE)
_SOURCES: Final = re.compile(
    r"\b(?:credit|consumer)\s+(?:reporting\s+)?(?:agenc\w+|bureaus?|compan\w+)\b|"
    r"\bFederal\s+Trade\s+Commission\b|\bFTC\b|\bthese\s+(?:sources|agencies)\b|"
    r"\bEquifax\b|\bExperian\b|\bTransUnion\b|\bthe\s+(?:above|following|sources|agencies)\b|\bfrom\s+(?:them|"
    r"each)\b|\bcontact\w*\b",
    re.IGNORECASE,
)
_CHANGE: Final = re.compile(r"\b(?:change|reset|update|create\s+a\s+new)\b", re.IGNORECASE)
_USER_OR_PASSWORD: Final = re.compile(r"\bpasswords?\b", re.IGNORECASE)
_QUESTION: Final = re.compile(r"\bsecurity\s+(?:questions?|answers?)\b", re.IGNORECASE)
_ELSEWHERE: Final = re.compile(
    r"\b(?:other|all|any|every|each)\b[^.]{0,60}\baccounts?\b|\baccounts?\b[^.]{0,60}\bsame\b|\belsewhere\b|"
    r"\bother\s+(?:sites|websites|services)\b",
    re.IGNORECASE,
)


def bureau_contacts(prose: Prose, facts: BreachFacts) -> Located:
    """10(a)(i), Cal. Civ. Code 1798.82(d)(2)(F): toll-free numbers and addresses of the consumer reporting agencies.

    Each of the three must be named, with as many toll-free numbers and postal addresses as agencies beside them.
    """
    del facts
    best = missing("the consumer reporting agencies are not named")
    names = list(islice(prose.find(BUREAU), _MOST_NAMES))
    for index, first in enumerate(names):
        block = [span for span in names[index:] if span.start - first.start <= _REACH]
        named = {re.sub(r"\s", "", prose.of(span)).lower() for span in block}
        absent = [name for name in BUREAUS if name.lower() not in named]
        if absent:
            best = best if best.why.startswith("not all") else missing(f"not named: {', '.join(absent)}")
            continue
        area = Span(first.start, min(len(prose.plain), block[-1].end + 300))
        around = Span(max(0, first.start - 40), area.end)
        ftc = [Span(span.start, span.end + _FTC_REACH) for span in prose.find(FTC, around)]
        numbers = {
            re.sub(r"\D", "", prose.of(span))[-10:] for span in prose.find(TOLL_FREE, around) if not _in(span, ftc)
        }
        addresses = [span for span in prose.find(POSTAL, around) if not _in(span, ftc)]
        if len(numbers) >= len(BUREAUS) and len(addresses) >= len(BUREAUS):
            return found(Span(first.start, max(addresses[-1].end, block[-1].end)))
        best = missing(
            f"not all details: {len(numbers)} toll-free numbers and {len(addresses)} addresses for "
            f"{len(BUREAUS)} agencies"
        )
    return best


def _in(span: Span, areas: list[Span]) -> bool:
    return any(area.start <= span.start < area.end for area in areas)


def ftc_contact(prose: Prose, facts: BreachFacts) -> Located:
    """10(a)(ii): toll-free number, address and website address of the Federal Trade Commission."""
    del facts
    lacking = "the Federal Trade Commission is not named"
    for name in islice(prose.find(FTC), _MOST_NAMES):
        area = Span(name.start, min(len(prose.plain), name.end + _FTC_REACH))
        stop = next(prose.find(BUREAU, area), None)
        area = Span(area.start, stop.start) if stop else area
        parts = {
            "toll-free number": next(prose.find(TOLL_FREE, area), None),
            "address": next(prose.find(POSTAL, area), None) or next(prose.find(STREET, area), None),
            "website": next(prose.find(_FTC_SITE, area), None) or next(prose.find(SITE, area), None),
        }
        absent = [what for what, span in parts.items() if span is None]
        if not absent:
            return found(Span(name.start, max(span.end for span in parts.values() if span is not None)))
        lacking = f"the Federal Trade Commission is named without its {', '.join(absent)}"
    return missing(lacking)


def fraud_alert_statement(prose: Prose, facts: BreachFacts) -> Located:
    """10(a)(iii): that information about fraud alerts and security freezes can be had from these sources."""
    del facts
    sentences = prose.sentences
    for index, sentence in enumerate(sentences):
        for last in sentences[index : index + 2]:
            both = Span(sentence.start, last.end)
            text = prose.of(both)
            if _ALERT.search(text) and _FREEZE.search(text) and _LEARN.search(text) and _SOURCES.search(text):
                return found(both)
    return missing("no statement that these sources give information about fraud alerts and security freezes")


def credentials_direction(prose: Prose, facts: BreachFacts) -> Located:
    """10(a), user name or email address with a password: change them and the security question, here and elsewhere."""
    del facts
    sentences = prose.sentences
    lacking = "no direction to change the user name, password and security question"
    for index, sentence in enumerate(sentences):
        if not (_CHANGE.search(prose.of(sentence)) and _USER_OR_PASSWORD.search(prose.of(sentence))):
            continue
        area = Span(sentence.start, sentences[min(index + 2, len(sentences) - 1)].end)
        text = prose.of(area)
        absent = [
            what
            for what, pattern in (("the security question or answer", _QUESTION), ("other accounts", _ELSEWHERE))
            if not pattern.search(text)
        ]
        if not absent:
            return found(area)
        lacking = f"the direction to change the password says nothing of {' and '.join(absent)}"
    return missing(lacking)

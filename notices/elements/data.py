"""Whether a text names the kinds of information that were involved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from jurisdictions.facts import BreachFacts
from notices.elements.located import Located, missing
from notices.elements.prose import Prose, Span

_TERMS: Final[dict[str, str]] = {
    "name": r"\b(?:first|last|full|middle|maiden|patient|your|individual|"
    r"account\s+holder)?\s*names?\b(?!\s+of\s+(?:the|our))",
    "ssn": r"\bsocial\s+security\b|\bSSNs?\b",
    "drivers_license": r"\bdriver'?s?'?\s+licen[cs]e|\bdriving\s+licen[cs]e",
    "state_id": r"\b(?:state|california|illinois|government)[\s-]+(?:issued\s+)?(?:id\b|ids\b|identification)|"
    r"\bidentification\s+cards?\b",
    "tax_id": r"\btax(?:payer)?\s+(?:identification|id\b)|\b[ie]tins?\b|\btax\s+identification",
    "passport": r"\bpassport",
    "military_id": r"\bmilitary\s+(?:id\b|identification)",
    "other_government_id": r"\bgovernment[\s-]+(?:issued\s+)?(?:id\b|ids\b|identification|identifier)|"
    r"\bidentification\s+numbers?\b",
    "financial_account": r"\b(?:bank|financial|checking|savings|"
    r"deposit)\s+(?:or\s+other\s+financial\s+)?(?:account|information)|\baccount\s+(?:and\s+routing\s+)?numbers?\b",
    "payment_card": r"\b(?:credit|debit|payment)(?:\s*(?:and|or|/)\s*(?:credit|debit))?\s+cards?\b|"
    r"\bcard\s+numbers?\b",
    "payment_card_with_code": r"\b(?:credit|debit|payment)(?:\s*(?:and|or|/)\s*(?:credit|debit))?\s+cards?\b|"
    r"\bcard\s+numbers?\b|\bCVV",
    "financial_account_with_code": r"\b(?:bank|financial|checking|"
    r"savings)\s+(?:or\s+other\s+financial\s+)?account|\baccount\s+numbers?\b",
    "online_credentials": r"\bpasswords?\b(?!\s*-?\s*protected)|\b(?:log-?in|sign-?in|account|online)\s+credentials|"
    r"\bsecurity\s+(?:questions?|answers?)",
    "email_credentials_issued_by_us": r"\bpasswords?\b(?!\s*-?\s*protected)|\bcredentials\b",
    "password": r"\bpasswords?\b(?!\s*-?\s*protected)",
    "date_of_birth": r"\b(?:dates?\s+of\s+birth|birth\s?-?dates?|birthdays?|DOBs?)\b",
    "address": r"(?<!e-mail\s)(?<!email\s)(?<!mail\s)(?<!IP\s)(?<!wrong\s)(?<!incorrect\s)"
    r"\baddress(?:es)?\b|\bcontact\s+information\b|"
    r"\bdemographic",
    # An account or a message that was broken into is not an address that was lost.
    "email": r"\be-?mail\s+address(?:es)?\b|\bcontact\s+information\b|"
    r"(?:[,:*]|\band|\bor|\byour)\s+(?:your\s+|their\s+)?e-?mails?\s*(?=[,.;)\n]|$|\band\b|\bor\b)",
    "phone": r"\b(?:tele)?phone\b|\bcontact\s+information\b|\bmobile\s+numbers?\b",
    "medical_information": r"\bmedical\b|\bhealth\s+(?:information|records?|conditions?|data|history)\b|"
    r"\btreatments?\b|\bdiagnos|\bclinical\b|"
    r"\bprescription|\bmedications?\b|\blab(?:oratory)?\s+(?:test\s+)?results?\b|\btest\s+results?\b|"
    r"\bprocedures?\b|\bpatient\s+(?:records?|charts?|information)\b|"
    r"\bprotected\s+health\b|\bdates?\s+of\s+service\b|\bappointments?\b",
    "photos": r"\bphoto|\bpictures?\b|\bimages?\b",
    "health_insurance": r"\b(?:health\s+)?insurance\b|\bhealth\s+plan\b|\bpolicy\s+numbers?\b|"
    r"\bmember\s+(?:id\b|identification|numbers?)|\bMedicare\b|\bMedicaid\b|\bsubscriber",
    "biometric": r"\bbiometric|\bfingerprint|\bface\s+scan|\bretina|\bvoice\s?print",
    "genetic": r"\bgenetic\s+(?:data|information|tests?|testing|material|profiles?|results?)\b|\bDNA\b",
    "license_plate_reader": r"\blicen[cs]e\s+plate",
    "precise_location": r"\b(?:precise\s+|geo)?-?location\b|\bgps\b",
    "mothers_maiden_name": r"\bmaiden\s+name",
    "digital_signature": r"\bsignatures?\b",
    "employment": r"\bemployment\b|\bemployee\s+(?:records?|ids?\b|identification|numbers?|files?|information)|"
    r"\bpayroll\b|\bwages?\b|\bsalar(?:y|ies)\b|\bpersonnel\s+(?:files?|records?|information|numbers?)|\bw-2s?\b",
}  # fmt: skip
_PATTERNS: Final = {element: re.compile(pattern, re.IGNORECASE) for element, pattern in _TERMS.items()}
_HEADING: Final = re.compile(r"^[ ]*what\s+information\s+was\s+involved\b[?.:]?", re.IGNORECASE | re.MULTILINE)
_NEXT_HEADING: Final = re.compile(
    r"^[ ]*(?:what\s+(?:we\s+are|are\s+we)\s+doing|what\s+(?:you\s+can|can\s+you)\s+do|for\s+more\s+information|"
    r"other\s+important)",
    re.IGNORECASE | re.MULTILINE,
)
_INVOLVED: Final = re.compile(
    r"\b(?:information|data|records?|files?|emails?|documents?|report|database|laptop|tapes?|spreadsheet|"
    r"folders?|account|drive|letters?|computer|list)\b"
    r"[^.!?]{0,160}?\b(?:involv\w+|includ\w+|contain\w*|consist\w+|such\s+as|expos\w+|access\w*|acquir\w+|"
    r"obtain\w*|compromis\w+|affect\w+|view\w*|"
    r"impact\w+|disclos\w+|stolen|taken|copied|listed|held|stored|following|these|are|was|were)\b"
    r"|\b(?:involv\w+|includ\w+|contain\w*|expos\w+|access\w*|acquir\w+|obtain\w*|compromis\w+|view\w*|"
    r"disclos\w+|stole|took|stolen|taken)\b",
    re.IGNORECASE,
)
_NOT_INVOLVED: Final = re.compile(
    r"\b(?:(?:was|were|is|are|been)\s+not|not\s+been|(?:did|does|do)\s+not|(?:was|were|did|is|are|do|"
    r"does)n't)\s+(?:\w+\s+){0,2}?"
    r"(?:involv|includ|contain|expos|access|acquir|obtain|compromis|affect|view|impact|disclos|stor|keep|collect)"
    r"|\b(?:chang|reset)\w*\b[^.]{0,40}\bpasswords?\b"
    r"|^\s*(?:no|none\s+of)\b|\bdo(?:es)?\s+not\s+believe\b|\bno\s+(?:social|financial|credit|medical|payment|"
    r"bank)\b",
    re.IGNORECASE,
)
_ADVICE: Final = re.compile(
    r"\b(?:you\s+(?:can|should|may|might)|we\s+(?:recommend|suggest|encourage|advise|urge)|please|to\s+enroll|"
    r"freeze|alert)\b",
    re.IGNORECASE,
)


_ENTRY_WORDS: Final = 12
"""A list entry is short and has no full stop."""


def information_involved(prose: Prose, facts: BreachFacts) -> Located:
    """45 CFR 164.404(c)(1)(B), Cal. Civ. Code 1798.82(d)(2)(B): the types of information involved, each by name."""
    zone = _zone(prose)
    wanted = [element for element in facts.incident.data_elements or () if element in _PATTERNS]
    if not wanted:
        first = _first(prose, zone, tuple(_PATTERNS))
        return first or missing("no kind of information is named as involved")
    spans = []
    unnamed = []
    for element in wanted:
        located = _first(prose, zone, (element,))
        if located is None or located.span is None:
            unnamed.append(element)
        else:
            spans.append(located.span)
    if unnamed:
        return missing(f"not named as involved: {', '.join(unnamed)}")
    return Located(span=Span(min(span.start for span in spans), max(span.end for span in spans)), why="")


def _first(prose: Prose, zone: Sequence[Span], elements: Sequence[str]) -> Located | None:
    for span in zone:
        for element in elements:
            if (hit := next(prose.find(_PATTERNS[element], span), None)) is not None:
                return Located(span=hit, why="")
    return None


def _zone(prose: Prose) -> tuple[Span, ...]:
    """The sentences that say which information was involved: those under the heading, and those that use the words.

    A list after a colon belongs to the sentence that introduces it. What was *not* involved is left out.
    """
    under = _under_heading(prose)
    chosen: list[Span] = []
    introduced = False
    for sentence in prose.sentences:
        text = prose.of(sentence)
        entry = len(text.split()) <= _ENTRY_WORDS and not text.endswith((".", ":"))
        inside = under.start <= sentence.start < under.end
        speaks = inside or (introduced and entry) or (_INVOLVED.search(text) is not None and not _ADVICE.search(text))
        if speaks and not _NOT_INVOLVED.search(text):
            chosen.append(Span(sentence.start, min(sentence.end, under.end)) if inside else sentence)
        if not entry:
            introduced = speaks and text.endswith(":")
    return tuple(chosen)


def _under_heading(prose: Prose) -> Span:
    """The text under "What Information Was Involved"; empty where there is no such heading."""
    heading = _HEADING.search(prose.plain)
    if heading is None:
        return Span(0, 0)
    following = _NEXT_HEADING.search(prose.plain, heading.end())
    return Span(heading.end(), following.start() if following else len(prose.plain))

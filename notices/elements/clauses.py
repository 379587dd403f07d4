"""Which verb a date belongs to: the day of discovery, the day of the breach, or something else.

A date at the beginning of its clause ("On March 3, 2026, our staff noticed ...") goes with the first verb after it;
any other ("someone opened the files on March 3, 2026") with the last verb before it. What the verb says decides what
the date is: a date near the word "discovered" is not a date of discovery.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import Final

import msgspec

from notices.elements.prose import Mention, Prose, Span


class Act(Enum):
    """What a verb says was done."""

    DISCOVERY = "discovery"
    BREACH = "breach"
    OTHER = "other"


_AUX: Final = (
    r"(?:(?:was|were|is|are|be|been|being|had|has|have|having|may|might|could|did|also|first|then|later|recently|"
    r"subsequently|potentially|possibly|initially|immediately|apparently|only|just|inadvertently|mistakenly|"
    r"accidentally|improperly|unlawfully|promptly|newly|likely|either|both|fraudulently|actually|ultimately)\s+)*"
)
_KNEW: Final = (
    r"discovered|learned|learnt|became\s+aware|become\s+aware|noticed|detected|identified|uncovered|realized|"
    r"recognized|observed|spotted|found\s+out|found|(?:became|was|were)\s+(?:first\s+)?(?:made\s+)?known|"
    r"(?:came|come)\s+to\s+(?:our|the|its|their)\s+(?:\w+\s+){0,3}attention|brought\s+to\s+(?:our|the|its|"
    r"their)\s+(?:\w+'?s?\s+){0,3}attention|"
    r"received\s+(?:(?:a|an|the|our|its|some|several|multiple|written|telephone|first|credible|"
    r"word)\s+)*(?:[\w'-]+\s+){0,2}?"
    r"(?:notice|notification|notifications|report|reports|alert|alerts|complaint|complaints|call|calls|tip|"
    r"inquiry|inquiries|"
    r"information|word|letter|email|emails|e-mail|message|communication)"
)
_TOLD: Final = r"(?:made\s+aware|notified|informed|alerted|advised|told|contacted|warned)"
_TOLD_US: Final = (
    r"(?:notified|informed|alerted|advised|told|contacted|warned)\s+"
    r"(?:us|our(?!\s+(?:\w+\s+)?(?:patients|customers|clients|members|employees|users|guests|students|donors)))\b"
)
_NOT_KNEW: Final = r"not\s+(?:\w+\s+)?(?:discover|learn|become\s+aware|notice|detect|identify|find\s+out)"
_HAPPENED: Final = (
    r"occurred|happened|took\s+place|taken\s+place|stole|stolen|accessed|access|acquired|exfiltrated|downloaded|"
    r"copied|obtained|"
    r"viewed|opened|removed|took|taken|gained|gain|obtain|view|download|steal|compromised|infiltrated|intruded|"
    r"breached|hacked|"
    r"infected|encrypted|installed|inserted|injected|exploited|intercepted|captured|skimmed|logged\s+in(?:to)?|"
    r"signed\s+in(?:to)?|"
    r"(?:got|gotten|get)\s+into|broke\s+in(?:to)?|broken\s+into|burglarized|robbed|lost|misplaced|left|missing|mailed|emailed|e-mailed|"
    r"faxed|sent|misdirected|"
    r"posted|uploaded|published|exposed|disclosed|released|shared|forwarded|transmitted|accessible|available|"
    r"visible|viewable|"
    r"impersonated|phished|clicked|responded\s+to|fell\s+(?:victim|for)|used|misused|entered|attacked|targeted|"
    r"victim|"
    r"experienced|suffered|subjected\s+to|began|started|ended|lasted|continued|affected|impacted|disposed|discarded|thrown|"
    r"misconfigured|unsecured|allowed|permitted"
)
_GENERIC: Final = (
    r"was|were|is|are|had|has|have|did|do|does|will|would|may|might|can|could|should|must|shall|"
    r"\w+ed|began|made|gave|came|went|got|ran|wrote|paid|kept|held|met|set|put|told|knew|saw|became|brought|"
    r"sought|undertook|wish|want|write|regret|believe|understand|know|provides?|offers?|serves?"
)
_VERB: Final = re.compile(
    rf"(?P<told>\b(?:was|were|been|be|being)\s+(?:(?:first|then|also|recently|subsequently|initially|"
    rf"later)\s+)*{_TOLD}\b)"
    rf"|(?P<knew>\b{_AUX}(?:{_KNEW}|{_TOLD_US}|{_NOT_KNEW})\b)"
    rf"|(?P<breach>\b{_AUX}(?:to\s+)?(?:{_HAPPENED})\b)"
    rf"|(?P<other>\b(?:{_GENERIC})\b)",
    re.IGNORECASE,
)
_ADJECTIVE_AFTER: Final = re.compile(
    r"\b(?:a|an|the|this|these|those|our|your|their|its|his|her|some|any|all|certain|of|no|such|every|each|"
    r"potentially|other|old|former|previously|by|for|to|from|with|in)\s+$",
    re.IGNORECASE,
)
_ADJECTIVES: Final = frozenset(
    [
        "unauthorized",
        "authorized",
        "affected",
        "related",
        "limited",
        "dedicated",
        "suspected",
        "based",
        "third-party",
        "united",
        "trusted",
        "skilled",
    ]
)
_SUBORDINATE: Final = re.compile(
    r"^\s*,?\s*(?:we|I)\s+(?:now\s+)?(?:believe|understand)\s+that\b|^\s*,?\s*(?:while|when|as|after|during|following|upon|through|in\s+the\s+course\s+of|in\s+response\s+to|"
    r"as\s+a\s+result\s+of|"
    r"as\s+part\s+of|due\s+to|because\s+of|with|using|at)\b[^,;]*,",
    re.IGNORECASE,
)
_CLAUSE_START: Final = re.compile(
    r"(?:^|[;:(]|\b(?:that|because|which|and|but|when|while|where|after|since|then)\b|,)\s*$", re.IGNORECASE
)
_LEAD: Final = re.compile(
    r"(?:\b(?:on|in|about|around|approximately|early|late|mid|the|of|or|evening|morning|afternoon|night|hours?|"
    r"day|date|"
    r"sometime|beginning|starting|by|at|first|wee|week|month|during|until|since|before|after|from|between|"
    r"specifically|recently|however|unfortunately|additionally|later|earlier|then)\b[\s,]*)+$",
    re.IGNORECASE,
)
_NOT_OURS: Final = re.compile(
    r"\b(?:you|your|law\s+enforcement|police|fbi|authorit\w+|regulators?|patients|customers|individuals|people|"
    r"residents|"
    r"attorney\s+general|hhs|bureaus?|attacker|hacker|criminals?|thief|thieves|intruder|actors?|"
    r"unauthorized\s+(?:person|individual|party|parties|user|actor|third\s+part\w+))\b(?:\s+[\w'-]+){0,2}\s*$",
    re.IGNORECASE,
)
_STUDY: Final = re.compile(
    r"\b(?:investigation|review|analysis|examination|forensics?|investigators?)\b(?:\s+\w+){0,3}\s*$", re.IGNORECASE
)


_US: Final = re.compile(r"\b(?:us|our)$", re.IGNORECASE)


class Verb(msgspec.Struct, frozen=True):
    """A verb with its place and what it says."""

    span: Span
    act: Act


@lru_cache(maxsize=64)
def verbs(prose: Prose, sentence: Span) -> tuple[Verb, ...]:
    """The verbs of a sentence; participles that stand before a noun are not verbs."""
    found = []
    for match in _VERB.finditer(prose.plain, sentence.start, sentence.end):
        before = prose.plain[max(sentence.start, match.start() - 80) : match.start()]
        word = match.group()
        if word.lower() in _ADJECTIVES:
            continue
        single = " " not in word
        if single and word.lower().endswith(("ed", "en", "ost")) and _ADJECTIVE_AFTER.search(before):
            continue
        found.append(Verb(Span(match.start(), match.end()), _act(match, before)))
    return tuple(found)


def _act(match: re.Match[str], before: str) -> Act:
    if match.group("told") or match.group("knew"):
        theirs = _NOT_OURS.search(before if match.group("told") else before[-60:])
        # "The police notified us" is how we came to know; "the police discovered" is not.
        if (theirs and not _US.search(match.group())) or _STUDY.search(before):
            return Act.OTHER
        return Act.DISCOVERY
    return Act.BREACH if match.group("breach") else Act.OTHER


def act_of(prose: Prose, sentence: Span, mention: Mention) -> Verb | None:
    """The verb that a date belongs to, or None where the sentence has none for it."""
    found = verbs(prose, sentence)
    before = prose.before(sentence, mention)
    lead = _LEAD.search(before)
    head = before[: lead.start()] if lead else before
    if not head.strip() or _CLAUSE_START.search(head):
        rest_start = mention.span.end
        while subordinate := _SUBORDINATE.match(prose.plain[rest_start : sentence.end]):
            rest_start += subordinate.end()
        after = [verb for verb in found if verb.span.start >= rest_start]
        if after:
            return after[0]
    earlier = [verb for verb in found if verb.span.end <= mention.span.start]
    return earlier[-1] if earlier else None

"""The day of discovery and the days of the breach, as the text itself gives them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from jurisdictions.facts import BreachFacts
from notices.elements.clauses import Act, act_of
from notices.elements.located import Located, found, missing
from notices.elements.prose import Mention, Prose, Span
from notices.facts import discovery_days

_UNTIL: Final = re.compile(r"\buntil\s+(?:about\s+|around\s+|on\s+|or\s+)*$", re.IGNORECASE)
_NOT_YET: Final = re.compile(
    r"\b(?:as\s+of|prior\s+to|before|by|no\s+later\s+than)\s+(?:about\s+|the\s+)*$", re.IGNORECASE
)
_NEGATION: Final = re.compile(r"(?:\bnot|\bnever|n't)\b", re.IGNORECASE)
_DISCOVERY_LABEL: Final = re.compile(
    r"(?:\bdates?\s+of\s+(?:the\s+|our\s+|its\s+)?discovery(?:\s+of\s+(?:the|this)\s+\w+)?|\bdiscovery\s+date|"
    r"\b(?:date|day)\s+(?:on\s+which\s+|that\s+|when\s+)?(?:[\w'-]+\s+){1,4}?(?:discovered|learned|"
    r"became\s+aware|detected)\b[^.;\n]{0,60}?|"
    r"\bupon\s+(?:learning|discovering|discovery|notification|being\s+notified)\b[^.;\n]{0,60}?)"
    r"\s*(?:was|is|:|-)?\s*(?:on\s+(?:or\s+about\s+)?|about\s+)?$",
    re.IGNORECASE,
)
_DAY_WE_KNEW: Final = re.compile(
    r"^,?\s*(?:is|was)\s+(?:the\s+(?:date|day)|when)\b[^.;\n]{0,40}?\b(?:discovered|learned|became\s+aware|"
    r"detected|noticed)\b",
    re.IGNORECASE,
)
_IT_WAS: Final = re.compile(
    r"\bit\s+was\s+(?:(?:not\s+)?until\s+|only\s+)?(?:on\s+)?(?:or\s+about\s+|about\s+)?$", re.IGNORECASE
)
_THAT_KNEW: Final = re.compile(
    r"^,?\s*(?:that|when)\s+[^.;,\n]{0,60}?\b(?:discovered|learned|became\s+aware|detected|noticed|identified|"
    r"were\s+notified)\b",
    re.IGNORECASE,
)
_BREACH_LABEL: Final = re.compile(
    r"\b(?:dates?\s+of\s+(?:the\s+)?(?:\w+\s+)?(?:breach|incident|event|occurrence|theft|loss|disclosure)|"
    r"(?:breach|incident)\s+dates?)\s*(?:was|is|were|:|-)?\s*(?:on\s+(?:or\s+about\s+)?|about\s+|between\s+|"
    r"from\s+)?$",
    re.IGNORECASE,
)
_RANGE_LEAD: Final = re.compile(
    r"\b(?:between|from|dates\s+of|(?:window|period|time\s*frame)\s+of)\s+(?:on\s+or\s+about\s+|on\s+|about\s+|approximately\s+|around\s+|"
    r"the\s+dates\s+of\s+|as\s+early\s+as\s+|at\s+least\s+|"
    r"late\s+|early\s+|mid-?\s*)*$",
    re.IGNORECASE,
)
_RANGE_LINK: Final = re.compile(
    r"^\s*,?\s*(?:and|to|through|until|thru|till|-)\s+(?:on\s+or\s+about\s+|on\s+|about\s+|approximately\s+|"
    r"around\s+|late\s+|early\s+)*"
    r"(?:\d{1,2}\b|(?:19|20)\d\d\b|(?:\w+day,?\s+)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))",
    re.IGNORECASE,
)
_INCIDENT: Final = re.compile(
    r"unauthori|access|breach|incident|occur|compromis|expos|intrus|intrud|malware|malicious|infect|stole|theft|"
    r"took\s+place|taken|available|visible|"
    r"viewable|vulnerab|attack|skimm|disclos|happen|hack|phish|misconfig|exfiltrat|acquir|obtain|fraud|copied|"
    r"download|lost|"
    r"ransom|encrypted|activity|purchase|transaction|intercept|captur",
    re.IGNORECASE,
)
_NOT_THE_BREACH: Final = re.compile(
    r"\b(?:(?<!under\s)investigat\w*|review\w*|notic\w+|notif\w+|letters?\s+to\s+you|call\s+cent\w+|monitoring|"
    r"law\s+enforcement|enroll\w*|"
    r"expir\w*|deadline|report(?:ed)?\s+(?:this|the|it)\b|offer\w*)",
    re.IGNORECASE,
)


_OF_A_COMPANY: Final = re.compile(r"(?:was\s+|were\s+)?acquir", re.IGNORECASE)
"""What is also said of businesses, years later."""


def discovery_mentions(prose: Prose) -> Iterator[tuple[Mention, Span]]:
    """Each date that the text gives as the day of discovery, with the words that say so."""
    for sentence in prose.sentences:
        for mention in prose.dates_in(sentence):
            if mention.day is not None and _is_discovery(prose, sentence, mention):
                yield mention, sentence


def _is_discovery(prose: Prose, sentence: Span, mention: Mention) -> bool:
    before = prose.before(sentence, mention)
    after = prose.plain[mention.span.end : sentence.end]
    if _DISCOVERY_LABEL.search(before) or _DAY_WE_KNEW.match(after):
        return True
    if _IT_WAS.search(before):
        return _THAT_KNEW.match(after) is not None
    if _NOT_YET.search(before):
        return False
    verb = act_of(prose, sentence, mention)
    if verb is None or verb.act is not Act.DISCOVERY:
        return False
    around = prose.plain[max(sentence.start, verb.span.start - 20) : verb.span.end]
    return not _NEGATION.search(around) or _UNTIL.search(before) is not None


def breach_mentions(prose: Prose) -> Iterator[tuple[Mention, Span]]:
    """Each date that the text gives as a day of the breach, or an end of the period in which it took place."""
    for sentence in prose.sentences:
        text = prose.of(sentence)
        mentions = prose.times_in(sentence)
        ranged: set[int] = set()
        for index, mention in enumerate(mentions):
            before = prose.before(sentence, mention)
            after = prose.plain[mention.span.end : sentence.end]
            starts_range = _RANGE_LEAD.search(before) is not None and _RANGE_LINK.match(after) is not None
            if mention.month is None and index not in ranged:
                # A bare year is also that of a record, a tax form, a merger: it has to go with a verb of the breach.
                if _BREACH_LABEL.search(before) or _is_breach(prose, sentence, mention, _OF_A_COMPANY):
                    ranged.add(index + 1) if starts_range else None
                    yield mention, sentence
            elif index in ranged or (starts_range and _INCIDENT.search(text)):
                ranged.add(index + 1) if starts_range else None
                yield mention, sentence
            elif _BREACH_LABEL.search(before) or _is_breach(prose, sentence, mention):
                yield mention, sentence


def _is_breach(prose: Prose, sentence: Span, mention: Mention, but: re.Pattern[str] | None = None) -> bool:
    verb = act_of(prose, sentence, mention)
    if verb is None or verb.act is not Act.BREACH or (but is not None and but.match(prose.of(verb.span))):
        return False
    near = prose.plain[verb.span.start : min(sentence.end, max(mention.span.end, verb.span.end) + 60)]
    return _NOT_THE_BREACH.search(near) is None


def date_of_discovery(prose: Prose, facts: BreachFacts) -> Located:
    """45 CFR 164.404(c)(1)(A): the date of discovery, if known."""
    days = discovery_days(facts)
    return _judged(list(discovery_mentions(prose)), lambda mention: any(map(mention.may_be, days)), days, "discovery")


def date_of_breach(prose: Prose, facts: BreachFacts) -> Located:
    """45 CFR 164.404(c)(1)(A), Cal. Civ. Code 1798.82(d)(2)(C): the date or date range of the breach, exact or not."""
    known = [day for day in (facts.incident.occurred_from, facts.incident.occurred_to) if day is not None]
    return _judged(list(breach_mentions(prose)), lambda mention: any(map(mention.may_be, known)), known, "the breach")


def _judged(
    mentions: list[tuple[Mention, Span]], fits: Callable[[Mention], bool], known: list[date], what: str
) -> Located:
    """The mention that fits the facts; or the first one, as a contradiction; or none."""
    if not mentions:
        return missing(
            f"no date is given as a day of {what}"
            if what != "discovery"
            else "no date is given as the day of discovery"
        )
    for mention, sentence in mentions:
        if not known or fits(mention):
            return found(sentence, "" if known else "the facts do not give this date")
    said = ", ".join(day.isoformat() for day in known)
    return Located(
        span=mentions[0][1],
        why=f"the text gives another day of {what} than the facts, which say {said}",
        contradicts=True,
    )

"""The elements of Cal. Civ. Code 1798.82(d): verbatim title and headings, and what stands under them."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from typing import Final

from jurisdictions.facts import BreachFacts
from notices.elements.contacts import all_contacts
from notices.elements.located import Located, found, missing
from notices.elements.prose import Prose, Span

TITLE: Final = "Notice of Data Breach"
HEADINGS: Final = {
    "ca.heading.what_happened": "What Happened",
    "ca.heading.what_information": "What Information Was Involved",
    "ca.heading.what_we_are_doing": "What We Are Doing",
    "ca.heading.what_you_can_do": "What You Can Do",
    "ca.heading.more_information": "For More Information",
}
_DATED: Final = re.compile(
    r"^(?:(?:date(?:\s+of\s+(?:this\s+)?(?:notice|letter|mailing))?|dated|mailed(?:\s+on)?|sent(?:\s+on)?|"
    r"notice\s+date)\s*:?\s*)?$",
    re.IGNORECASE,
)
_HELD: Final = re.compile(
    r"\b(?:law\s+enforcement|police|sheriff\w*|FBI|federal\s+bureau|secret\s+service|prosecutor\w*|"
    r"district\s+attorney|"
    r"(?:criminal\s+)?investigators?)\b",
    re.IGNORECASE,
)
_WAITED: Final = re.compile(
    r"\b(?:delay\w*|postpon\w*|wait\w*|(?:notification|reporting|notice)\s+hold|hold\s+(?:off|back)|on\s+hold|"
    r"held\s+back|withheld|defer\w*)\b",
    re.IGNORECASE,
)
_NOT_WAITED: Final = re.compile(
    r"\b(?:not|never|n't)\b(?:\s+\w+){0,3}\s+(?:delay|postpon|wait|hold|defer)\w*|\bno\b(?:\s+\w+){0,4}\s+delay|"
    r"\bwithout\s+delay",
    re.IGNORECASE,
)
_SERVICE: Final = re.compile(
    r"\b(?:identity|credit|fraud|theft)[\s-]+(?:\w+[\s-]+){0,2}?(?:protection|monitoring|prevention|mitigation|"
    r"restoration|repair|resolution|services?)\b",
    re.IGNORECASE,
)
_FREE: Final = re.compile(
    r"\b(?:free|no\s+(?:cost|charge)|complimentary|(?:at|without)\s+(?:no\s+)?(?:any\s+)?(?:cost|charge)|"
    r"we\s+will\s+pay|our\s+expense)\b",
    re.IGNORECASE,
)
_NUMBER: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "eighteen": 18, "twenty-four": 24, "thirty-six": 36, "a": 1,
}  # fmt: skip
_TERM: Final = re.compile(
    r"\b(?P<number>\d{1,3}|twenty-four|thirty-six|eighteen|twelve|eleven|ten|nine|eight|seven|six|five|four|"
    r"three|two|one|a)"
    r"(?:\s*\(\d{1,3}\))?[\s-]+(?:full\s+)?(?P<unit>months?|years?)\b",
    re.IGNORECASE,
)
_ENROLL: Final = re.compile(
    r"\b(?:enrol\w*|activat\w+|sign\s+up|register\w*|to\s+(?:use|get|start|claim|take\s+advantage)|redeem)\b",
    re.IGNORECASE,
)
_HOW: Final = re.compile(
    r"\bwww\.|https?://|\b[\w-]+\.(?:com|org|net|gov|example)\b|\d{3}[-. ]\d{4}\b|\bcode\b|\benclosed\s+(?:form|"
    r"instructions)\b|\bcall\b",
    re.IGNORECASE,
)
_MONTHS_PER_YEAR: Final = 12
_LEAST_MONTHS: Final = 12
_SERVICE_REACH: Final = 900
_MOST_OFFERS: Final = 100
"""How often services are looked for; no notice names them so often."""


def _heading(words: str) -> Callable[[Prose, BreachFacts], Located]:
    """Finds words that stand alone at the head of a line, as printed in the statute or in its form's capitals."""
    exact = r"\s+".join(map(re.escape, words.split()))
    capital = r"\s+".join(map(re.escape, words.upper().split()))
    pattern = re.compile(rf"^[ *#>|]*(?:{exact}|{capital})(?:[?.:!]|[ ]*-)?(?=\s|$)", re.MULTILINE)

    def locate(prose: Prose, facts: BreachFacts) -> Located:
        del facts
        for span in prose.find(pattern):
            text = prose.of(span)
            rest = prose.plain[span.end :].split("\n", 1)[0].strip()
            # A heading ends its line, or is set off by a mark from the text that runs on.
            if not rest or text.rstrip()[-1] in "?.:!-":
                return found(Span(span.start + len(text) - len(text.lstrip(" *#>|\n")), span.end))
        return missing(f'"{words}" does not stand as a heading')

    return locate


title = _heading(TITLE)
heading = {element: _heading(words) for element, words in HEADINGS.items()}


def notice_date(prose: Prose, facts: BreachFacts) -> Located:
    """(d)(2)(C): the date of the notice: a date that stands on a line of its own, or after "Date:"."""
    del facts
    for line in prose.lines:
        for mention in prose.dates_in(line):
            before = prose.plain[line.start : mention.span.start].strip()
            after = prose.plain[mention.span.end : line.end].strip()
            complete = mention.day is not None and mention.year is not None
            if complete and _DATED.match(before) and (not after or before):
                return found(mention.span)
    return missing("the notice carries no date")


def entity_contact(prose: Prose, facts: BreachFacts) -> Located:
    """(d)(2)(A): the name and contact information of the reporting person or business."""
    contacts = all_contacts(prose)
    name = facts.organization.name
    if name is not None:
        words = r"\s+".join(map(re.escape, name.translate(str.maketrans("\u2018\u2019", "''")).split()))
        if not re.search(words, prose.plain, re.IGNORECASE):
            return missing(f"the name {name!r} does not stand in the text")
    return found(contacts[0].span) if contacts else missing("no contact information of the organization is given")


def law_enforcement_delay(prose: Prose, facts: BreachFacts) -> Located:
    """(d)(2)(D): that notification was delayed as a result of a law enforcement investigation."""
    del facts
    denied = False
    for index, sentence in enumerate(prose.sentences):
        following = prose.sentences[min(index + 1, len(prose.sentences) - 1)]
        for area in (sentence, Span(sentence.start, following.end)):
            text = prose.of(area)
            if not (_HELD.search(text) and _WAITED.search(text)):
                continue
            if _NOT_WAITED.search(text):
                denied = True
                continue
            return found(area)
    if denied:
        return missing("the text denies a delay, but the facts record a request for one")
    return missing("nothing is said of a delay for law enforcement")


def identity_services(prose: Prose, facts: BreachFacts) -> Located:
    """(d)(2)(G): identity theft prevention and mitigation services, free, for at least 12 months, with how to enrol."""
    del facts
    lacking = "no identity theft prevention or mitigation services are offered"
    for service in islice(prose.find(_SERVICE), _MOST_OFFERS):
        area = Span(max(0, service.start - 250), min(len(prose.plain), service.end + _SERVICE_REACH))
        text = prose.of(area)
        months = max((_months(match) for match in _TERM.finditer(text)), default=0)
        absent = [
            what
            for what, there in (
                ("that they are free", _FREE.search(text)),
                (f"a term of at least {_LEAST_MONTHS} months", months >= _LEAST_MONTHS),
                ("how to enroll", _ENROLL.search(text) and _HOW.search(text)),
            )
            if not there
        ]
        if not absent:
            return found(Span(service.start, min(len(prose.plain), service.end)))
        lacking = f"services are spoken of without {' and '.join(absent)}"
    return missing(lacking)


def _months(match: re.Match[str]) -> int:
    word = match.group("number").lower()
    number = int(word) if word.isdigit() else _NUMBER[word]
    return number * _MONTHS_PER_YEAR if match.group("unit").lower().startswith("year") else number

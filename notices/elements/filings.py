"""What notices to others than people affected have to say: 45 CFR 164.410(c), 22 CCR 79902, Civ. Code 1798.82(f)."""

from __future__ import annotations

import re
from typing import Final

from jurisdictions.facts import BreachFacts
from notices.elements import data, days, hipaa
from notices.elements.california import TITLE
from notices.elements.contacts import POSTAL, STREET
from notices.elements.located import Located, found, missing
from notices.elements.prose import Prose, Span

_PEOPLE: Final = r"(?:individuals?|patients?|people|persons?|members?|beneficiar\w+|enrollees?)"
_IDENTIFIED: Final = re.compile(
    rf"\b(?:list|roster|spreadsheet|file|names?|schedule|attachment|enclosure)\b[^.]{{0,80}}\b{_PEOPLE}\b|"
    rf"\bidentif\w+\b[^.]{{0,60}}\b{_PEOPLE}\b|\b{_PEOPLE}\b[^.]{{0,60}}\b(?:identified|listed|named)\b",
    re.IGNORECASE,
)
_LATER: Final = re.compile(
    r"\b(?:as\s+soon\s+as|promptly|when|once|later)\b[^.]{0,80}\b(?:we|know\w*|learn\w*|identif\w*|available|follow\w*|"
    r"send|supplement\w*)\b|\bwill\s+(?:send|follow|supplement|provide)\b",
    re.IGNORECASE,
)
_TIME: Final = re.compile(
    r"\b\d{1,2}(?::\d\d)?\s*(?:a\.?m\.?|p\.?m\.?)(?=\W|$)|\b\d{1,2}:\d\d\b|\bnoon\b|\bmidnight\b|"
    r"\btimes?\b[^.\n]{0,20}\b(?:not\s+known|unknown|undetermined)\b|\b(?:unknown|undetermined)\s+times?\b",
    re.IGNORECASE,
)
_DETECTED: Final = re.compile(r"\b(?:detect|discover)\w*", re.IGNORECASE)
_BREACH: Final = re.compile(
    r"\b(?:breach|incident|event|access|disclosure|occurred|happened|took\s+place)\w*", re.IGNORECASE
)
_PATIENTS: Final = re.compile(
    r"\bnames?\s+of\s+(?:the\s+|each\s+|all\s+)?(?:affected\s+)?patients?\b|\bpatients?'?s?\s+names?\b|"
    r"\b(?:list|roster)\s+of\s+(?:the\s+)?(?:affected\s+)?patients?\b|\bpatients?\s*(?:affected|involved)?\s*:",
    re.IGNORECASE,
)
_NO_NAMES: Final = re.compile(
    r"\b(?:not|no)\b[^.]{0,40}\b(?:names?|list)\b|\bnames?\b[^.]{0,40}\b(?:withheld|omitted|not\s+included)\b",
    re.IGNORECASE,
)
_EXTENT: Final = re.compile(
    r"\bre-?identif\w*|\bidentifiers?\b|\bidentifiable\b|\bcannot\s+be\s+identified\b|\bidentify\b", re.IGNORECASE
)
_WHO: Final = re.compile(
    r"\b(?:witness\w*|recipients?|employee|staff|nurse|physician|doctor|contractor|intruder|person\w*|"
    r"unauthorized\s+(?:person|part\w+|individual))\b",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(
    r"\b(?:unknown|not\s+known|not\s+identified|unidentified)\b|@|\d{3}[-. ]\d{4}\b|"
    r"\b(?:[A-Z][a-z'-]+\s+){1,2}[A-Z][a-z'-]+\b"
)
_TOLD: Final = re.compile(
    r"\b(?:told|notified|informed|mailed|sent|letters?|notice|notification|attempted|tried|will\s+be)\b", re.IGNORECASE
)
_PERSONAL: Final = re.compile(
    r"\bDear\s+(?:Mr\.|Mrs\.|Ms\.|Dr\.)?\s*[A-Z][\w'-]+\s+[A-Z][\w'-]+|\b\d{3}-\d{2}-\d{4}\b|"
    r"\bDear\s+(?:Mr\.|Mrs\.|Ms\.|Dr\.)\s+[A-Z]"
)
_GENERAL: Final = re.compile(r"\bDear\s+(?:Sir|Madam|Patient|Customer|Client|Valued|Individual|Resident|Member|Friend)")
_NEAR: Final = 200


# ---- 45 CFR 164.410(c): to the covered entity


def individuals_identified(prose: Prose, facts: BreachFacts) -> Located:
    """164.410(c)(1): identification of each individual, to the extent possible: a list, or that it follows."""
    del facts
    for sentence in prose.sentences:
        if _IDENTIFIED.search(prose.of(sentence)):
            return found(sentence)
    return missing("no sentence says who the individuals are, or that a list of them goes with it or follows")


def facts_for_the_owner(prose: Prose, facts: BreachFacts) -> Located:
    """164.410(c)(2): what the covered entity must put in its own notice, as far as available; the rest promptly."""
    parts = {
        "what happened": hipaa.description(prose, facts),
        "the kinds of information": data.information_involved(prose, facts),
        "steps that people should take": hipaa.protective_steps(prose, facts),
        "what is being done": hipaa.entity_actions(prose, facts),
        "the day of discovery": days.date_of_discovery(prose, facts),
    }
    spans = [located.span for located in parts.values() if located.span is not None]
    absent = [what for what, located in parts.items() if located.span is None]
    if not spans or "what happened" in absent:
        return missing(f"nothing is said of {', '.join(absent)}")
    whole = Span(min(span.start for span in spans), max(span.end for span in spans))
    if not absent:
        return found(whole)
    if any(_LATER.search(prose.of(sentence)) for sentence in prose.sentences):
        return found(whole, f"left for later: {', '.join(absent)}")
    return missing(f"nothing is said of {', '.join(absent)}, nor that it follows promptly")


# ---- 22 CCR 79902(a)(1): to the California Department of Public Health


def facility(prose: Prose, facts: BreachFacts) -> Located:
    """(A): name and address of the facility."""
    name = facts.organization.name
    if name is not None:
        at = re.search(r"\s+".join(map(re.escape, name.split())), prose.plain, re.IGNORECASE)
        if at is None:
            return missing(f"the name {name!r} does not stand in the text")
    for address in (*prose.find(POSTAL), *prose.find(STREET)):
        return found(address)
    return missing("no address of the facility is given")


def _timed(prose: Prose, about: re.Pattern[str], never: re.Pattern[str] | None) -> Span | None:
    """A line with a date and a time that speaks of something, or stands shortly under a line that does."""
    for line in prose.lines:
        text = prose.of(line)
        if not prose.dates_in(line) or not _TIME.search(text):
            continue
        before = prose.plain[max(0, line.start - _NEAR) : line.start]
        context = text if about.search(text) or (never and never.search(text)) else f"{before}\n{text}"
        last = [(match.start(), True) for match in about.finditer(context)]
        last += [(match.start(), False) for match in never.finditer(context)] if never else []
        if last and max(last)[1]:
            return line
    return None


def breach_time(prose: Prose, facts: BreachFacts) -> Located:
    """(B): date and time of each breach; that a time is not known is an answer too."""
    del facts
    span = _timed(prose, _BREACH, _DETECTED)
    return found(span) if span else missing("no date with a time (or that it is not known) is given for the breach")


def detection_time(prose: Prose, facts: BreachFacts) -> Located:
    """(C): date and time each breach was detected."""
    del facts
    span = _timed(prose, _DETECTED, None)
    return found(span) if span else missing("no date with a time is given for the detection")


def patient_names(prose: Prose, facts: BreachFacts) -> Located:
    """(D): the names of the patients, in the text or in a list that goes with it."""
    del facts
    for sentence in prose.sentences:
        text = prose.of(sentence)
        if _PATIENTS.search(text) and not _NO_NAMES.search(text):
            return found(sentence)
    return missing("nothing says where the names of the patients are")


def medical_information(prose: Prose, facts: BreachFacts) -> Located:
    """(E): the information involved: nature, extent, identifiers, likelihood of re-identification."""
    named = data.information_involved(prose, facts)
    if named.span is None:
        return named
    for sentence in prose.sentences:
        if _EXTENT.search(prose.of(sentence)):
            return found(Span(min(named.span.start, sentence.start), max(named.span.end, sentence.end)))
    return missing("the kinds of information are named, but nothing is said of identifiers or of re-identification")


def persons(prose: Prose, facts: BreachFacts) -> Located:
    """(G): names and contacts of those who did it, witnesses, unauthorized recipients; or that they are not known."""
    del facts
    for sentence in prose.sentences:
        text = prose.of(sentence)
        if _WHO.search(text) and _NAMED.search(text):
            return found(sentence)
    return missing("nobody is named as having done it, seen it or received the information, or said to be unknown")


def patient_notice(prose: Prose, facts: BreachFacts) -> Located:
    """(H): the date on which each patient was told, was tried to be told, or will be told."""
    del facts
    for sentence in prose.sentences:
        text = prose.of(sentence)
        if prose.dates_in(sentence) and _TOLD.search(text) and re.search(r"\bpatients?\b", text, re.IGNORECASE):
            return found(sentence)
    return missing("no date is given on which patients were or will be told")


# ---- Cal. Civ. Code 1798.82(f): to the Attorney General


def sample_without_personal_data(prose: Prose, facts: BreachFacts) -> Located:
    """One sample copy of the notice, without personal information: it addresses nobody and holds no such number."""
    del facts
    title = next(prose.find(re.compile(rf"^[ *#>|]*{TITLE}", re.IGNORECASE | re.MULTILINE)), None)
    if title is None:
        return missing("this is no copy of the notice: its title does not stand in it")
    for span in prose.find(_PERSONAL):
        if not _GENERAL.match(prose.of(span)):
            return missing(f"it holds personal information: {prose.original(span)!r}")
    return found(title)

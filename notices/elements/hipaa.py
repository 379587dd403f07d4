"""The elements of 45 CFR 164.404(c)(1) that are told in free words: what happened, what to do, what is being done."""

from __future__ import annotations

import re
from typing import Final

from jurisdictions.facts import BreachFacts
from notices.elements.contacts import own_contacts
from notices.elements.located import Located, found, missing
from notices.elements.prose import Prose, Span

_EVENT: Final = re.compile(
    r"\b(?:un-?authori[sz]ed|without\s+(?:authori[sz]ation|permission)|not\s+(?:authori[sz]ed|allowed|"
    r"permitted)\s+to)\b|"
    r"\b(?:stolen|theft|stole|burglar\w*|broke\s+in\w*|broken\s+into|(?:got|get|gotten)\s+(?:in|into|access|hold)\b|robb\w+|went\s+missing|was\s+lost|"
    r"were\s+lost|lost|misplaced|missing)\b|"
    r"\b(?:phish\w*|malware|malicious|ransomware|virus|hack\w*|intrusion|intruder|cyber-?\s?(?:attack\w*|"
    r"incident|security\s+incident)|"
    r"skimm\w+|social\s+engineering|impersonat\w+|false\s+(?:web\s+page|email|website)|spoof\w*|scam)\b|"
    r"\b(?:mis-?directed|wrong\s+(?:person|address|patient|recipient|fax|email|number)|inadvertent\w*|"
    r"by\s+mistake|mistakenly|in\s+error|accidental\w*|"
    r"improperly|unintentional\w*)\b|"
    r"\b(?:accessed|gained\s+access|had\s+access|obtained|acquired|copied|downloaded|exfiltrated|exposed|posted|"
    r"disclosed|viewable|"
    r"publicly\s+(?:available|accessible)|accessible|compromised|signed\s+in|logged\s+in|snoop\w*|looked\s+at|"
    r"misused|"
    r"(?:sent|mailed|emailed|faxed)\s+to\s+(?:the\s+wrong|another|an?\s+(?:unintended|incorrect)|someone)|"
    r"breached|removed\s+(?:\w+\s+){0,2}(?:documents|records|files|data|information)|discarded|thrown\s+away|disposed|exposure\s+of|disclosure\s+of|"
    r"suspicious\s+(?:activity|files?|emails?|sign-?ins?)|newly\s+encrypted|fraudulent\s+(?:\w+\s+){0,2}(?:returns?|charges?|purchases?|transactions?)|extort\w*|vulnerability|unauthenticated)\b",
    re.IGNORECASE,
)
_DOING: Final = re.compile(
    r"^(?:we|our\s+\w+(?:\s+\w+)?)\s+(?:have\s+|has\s+|are\s+|is\s+|then\s+|also\s+|\w+ly\s+)*"
    r"(?:closed|disabled|blocked|secured|hired|engaged|retained|changed|reset|notified|reported|contained|terminated|"
    r"began|started|launched|closing|blocking|securing|investigating|working)\b",
    re.IGNORECASE,
)
_FINDING: Final = re.compile(r"\b(?:that|determin\w+|discover\w+|learn\w+|reveal\w+|confirm\w+)\b", re.IGNORECASE)
_UNDERLINED: Final = re.compile(r"\n[ ]*[-=]{3,}$")
"""A heading in plain text."""
_FORM_HEADING: Final = re.compile(
    r"^[ *#>|]*(?:what\s+happened|what\s+information\s+was\s+involved|what\s+we\s+are\s+doing|what\s+you\s+can\s+do|"
    r"for\s+more\s+information)[?.:!]?[ ]*$",
    re.IGNORECASE | re.MULTILINE,
)
_NO_EVENT: Final = re.compile(
    r"^(?:the|this)\s+(?:data\s+|security\s+)*(?:breach|incident|event)\s+(?:(?:may|might|could)\s+have\s+)?"
    r"(?:exposed|involved|affected|included|compromised)\b|"
    r"\bno\s+(?:evidence|indication|reason|sign)|\bnot\s+aware\s+of|\bif\b|\bin\s+the\s+event\b|\bprevent\b|"
    r"\bprotect\s+(?:yourself|against)\b|\?$",
    re.IGNORECASE,
)
_ACQUIRED: Final = re.compile(
    r"\b(?:acquired|obtained|taken|stolen|received|accessed|viewed|downloaded|copied)\s+by\b|"
    r"\b(?:shared\s+with|disclosed\s+to|sent\s+to|sold\s+to)\b|"
    r"\bnot\s+(?:yet\s+)?known?\s+who\b|\bunknown\s+(?:person|party|individual|actor)",
    re.IGNORECASE,
)
_STEP: Final = (
    r"review|check|monitor|look|watch|place|change|reset|order|request|report|remain|stay|be\s+(?:alert|careful|aware|vigilant|cautious|sure|wary|on)|keep|consider|enroll|ask|"
    r"freeze|obtain|get|follow|update|contact|call|examine|compare|read|notify|file|close|use|set|beware|continue|take"
)
_ADVISING: Final = re.compile(
    r"^(?:to\s+protect\s+(?:yourself|your\s+\w+),?\s+)?(?:please\s+|also,?\s+|always\s+|carefully\s+|promptly\s+|regularly\s+|"
    rf"immediately\s+|in\s+addition,?\s+)*(?:{_STEP}|do\s+not|don't|never)\b|"
    r"(?<!steps\s)(?<!steps\sthat\s)\byou\s+(?:can|could|should|may|might|will|must|need\s+to)\s+(?:also\s+|want\s+to\s+|wish\s+to\s+)?"
    rf"(?:\w+ly\s+)?(?:{_STEP})\b|"
    r"\b(?:recommend|suggest|encourage|urge|ask)(?:s|ed|ing)?\s+(?:that\s+)?(?:you|all|affected|our|each|patients|individuals)\b|"
    r"\badvise\s+(?:that\s+)?you\s+(?:to\s+)?(?!of\b|that\b|about\b)|"
    rf"\bplease\s+(?:\w+ly\s+)?(?:{_STEP})\b|\bit\s+is\s+(?:a\s+good\s+idea|important|always\s+\w+)\s+to\s+(?:\w+ly\s+)?(?:{_STEP})\b",
    re.IGNORECASE,
)
_PROTECTIVE: Final = re.compile(
    r"\b(?:statements?|explanations?\s+of\s+benefits|EOBs?|credit\s+(?:reports?|files?|monitoring|freeze|card)|fraud\s+alerts?|"
    r"(?:security|credit)\s+freezes?|passwords?|identity\s+(?:theft|fraud|protection)|suspicious|vigilan\w*|unusual\s+activity|"
    r"phish\w*|scams?|account\s+activity|bills?|new\s+card|charges?|police\s+report|security\s+questions?|callers?|"
    r"(?:give|share|provide|send)\b[^.]{0,30}\bpersonal\s+(?:information|details))\b",
    re.IGNORECASE,
)
_WE: Final = (
    r"(?:\bwe\b|\bI\b|\bour\s+(?:\w+\s+){1,4}|"
    r"(?<!\bat\s)(?<!\bto\s)(?<!\bin\s)(?<!\bof\s)(?<!\bby\s)(?<!\bfrom\s)(?<!\bwith\s)"
    r"\bthe\s+(?:company|practice|clinic|hospital|center|organization|firm|office|university|district)\b)"
)
_INVESTIGATE: Final = (
    r"investigat\w+|review(?:ed|ing)|(?:hired|hire|engaged|retained|working\s+with)\b|look(?:ed|ing)\s+into|"
    r"(?:notified|reported|contacted|cooperat\w+|coordinat\w+|working)\b[^.]{0,60}\b(?:police|law\s+enforcement|FBI|authorities)|"
    r"find(?:ing)?\s+out|(?:conduct|perform)\w*\b[^.]{0,40}\b(?:investigation|review|analysis|audit|scan)|analy[sz](?:ed|ing)"
)
_MITIGATE: Final = (
    r"secur(?:ed|ing)|contained\s+the|contain\s+(?:the|it|this)|disabl(?:ed|ing)|clos(?:ed|ing)|shut|lock(?:ed|ing)|block(?:ed|ing)|"
    r"terminat(?:ed|ing)|reset(?:ting)?|remov(?:ed|ing)|recover(?:ed|ing)|retriev(?:ed|ing)|delet(?:ed|ing)|destroy(?:ed|ing)|isolat(?:ed|ing)|"
    r"took\b[^.]{0,40}\b(?:offline|down)|took\s+down|restor(?:ed|ing)|stopped|stopping|changed|disconnect(?:ed|ing)|mitigat(?:e|ed|ing)|"
    r"(?:offer|provid|arrang)(?:e|es|ed|ing|s)?\b[^.]{0,60}\b(?:free|complimentary|no\s+cost|credit|identity|monitoring|protection)"
)
_PREVENT: Final = (
    r"(?:re)?train(?:ed|ing)?|strengthen(?:ed|ing)?|enhanc(?:ed|ing|e)|improv(?:ed|ing|e)|implement(?:ed|ing)?|add(?:ed|ing)|"
    r"install(?:ed|ing)?|upgrad(?:ed|ing)|updat(?:ed|ing)|revis(?:ed|ing)|encrypt(?:ed|ing)?|multi-?factor|two-?factor|second\s+step|"
    r"prevent(?:ing)?|happens?\s+again|now\s+(?:ask|use|require|encrypt)\w*|harden(?:ed|ing)|deploy(?:ed|ing)|"
    r"(?:taken|took|taking|take)\b[^.]{0,30}\b(?:steps|measures|action)|disciplin(?:ed|ing)|sanction(?:ed|ing)|increas(?:ed|ing)"
)
_FACETS: Final = {
    name: re.compile(rf"{_WE}[^.;]{{0,160}}?\b(?:{verbs})\b", re.IGNORECASE)
    for name, verbs in (
        ("investigate", _INVESTIGATE),
        ("mitigate harm", _MITIGATE),
        ("prevent further breaches", _PREVENT),
    )
}
_UNSAID_WHO: Final = {
    "investigate": re.compile(
        r"\binvestigation\s+(?:was\s+|has\s+been\s+)?(?:immediately\s+|promptly\s+)?"
        r"(?:started|launched|begun|began|commenced|initiated|opened)\b",
        re.IGNORECASE,
    ),
    "mitigate harm": re.compile(
        r"\b(?:networks?|accounts?|systems?|servers?|access|websites?|passwords?)\s+(?:was|were|has\s+been|have\s+been)\s+"
        r"(?:immediately\s+|promptly\s+)?(?:shut\s+down|disabled|secured|blocked|locked|taken\s+(?:off|down)\w*|changed|reset)\b",
        re.IGNORECASE,
    ),
}
"""What was done in the passive voice: nobody but the organization does these."""
_KNOWING: Final = re.compile(
    r"\b(?:(?:are|am)\s+(?:writing|notifying|contacting|informing)|write\s+to|regret|sorry|apologi[sz]e|want\s+you\s+to\s+know|"
    r"take\s+(?:the|this|your)\s+(?:\w+\s+)*serious\w*|no\s+evidence|not\s+aware|"
    r"(?:were|was|have\s+been|had\s+been)\s+(?:\w+\s+)?(?:notified|informed|told|advised|alerted|made\s+aware))\b",
    re.IGNORECASE,
)


def description(prose: Prose, facts: BreachFacts) -> Located:
    """164.404(c)(1)(A), Cal. Civ. Code 1798.82(d)(2)(E): what happened. "There was a breach" does not say what.

    What stands under the headings for other things (what is being done, what to do) does not tell it.
    """
    del facts
    elsewhere = _under_other_headings(prose)
    for sentence in prose.sentences:
        text = prose.of(sentence)
        if any(area.start <= sentence.start < area.end for area in elsewhere):
            continue
        if _UNDERLINED.search(text) or (_DOING.match(text) and not _FINDING.search(text)):
            continue
        denied = _NO_EVENT.search(text)
        told = text[: denied.start()] if denied else text
        if _EVENT.search(told) and not _ADVISING.search(text):
            return found(sentence)
    return missing("no sentence says what happened")


def _under_other_headings(prose: Prose) -> tuple[Span, ...]:
    """From each heading of California's form but the first to the end of what stands under it."""
    heads = sorted((span.start, "happened" in prose.of(span).lower()) for span in prose.find(_FORM_HEADING))
    bounds = [*(start for start, _ in heads), len(prose.plain)]
    return tuple(Span(start, end) for (start, first), end in zip(heads, bounds[1:], strict=True) if not first)


def third_parties(prose: Prose, facts: BreachFacts) -> Located:
    """16 CFR 318.6(a): who acquired the information, by name or description, if known; or that it is not known."""
    del facts
    for sentence in prose.sentences:
        if _ACQUIRED.search(prose.of(sentence)):
            return found(sentence)
    return missing("no sentence says who acquired the information, or that it is not known")


def protective_steps(prose: Prose, facts: BreachFacts) -> Located:
    """164.404(c)(1)(C): steps that people should take to protect themselves from potential harm."""
    del facts
    for sentence in prose.sentences:
        text = prose.of(sentence)
        if _ADVISING.search(text) and _PROTECTIVE.search(text):
            return found(sentence)
    return missing("no sentence tells the reader which step to take")


def entity_actions(prose: Prose, facts: BreachFacts) -> Located:
    """164.404(c)(1)(D): what the entity does to investigate, to mitigate harm, and to prevent further breaches.

    Found where the text says at least one such act; `why` names those of the three that it does not speak of.
    """
    named = _called(facts.organization.name)
    first = None
    spoken: set[str] = set()
    for sentence in prose.sentences:
        text = prose.of(sentence)
        if _KNOWING.search(text):
            continue
        if named is not None:
            text = named.sub("We", text)
        said = {name for name, pattern in _FACETS.items() if pattern.search(text)}
        said |= {name for name, pattern in _UNSAID_WHO.items() if pattern.search(text)}
        if said:
            first = first or sentence
            spoken |= said
    if first is None:
        return missing("no sentence says what the organization is doing about the breach")
    silent = [name for name in _FACETS if name not in spoken]
    return found(first, f"nothing is said on how it will {' or '.join(silent)}" if silent else "")


_GENERIC: Final = frozenset(
    ["the", "first", "saint", "new", "north", "south", "east", "west", "american", "national", "united", "university",
     "city", "county", "state", "los", "san", "santa", "inc", "llc", "center", "health", "medical", "dr"]
)  # fmt: skip


def _called(name: str | None) -> re.Pattern[str] | None:
    """What a text calls an organization: its name, or the first word of it where that word is a name of its own."""
    if not name:
        return None
    words = name.replace(",", " ").split()
    short = words[0] if words else ""
    own = len(short) >= 3 and short[0].isupper() and short.lower().rstrip(".") not in _GENERIC
    names = [re.escape(name), *([rf"\b{re.escape(short)}(?:'s)?\b(?!\s+(?:County|City|State)\b)"] if own else [])]
    return re.compile("|".join(names))


def contact_procedures(prose: Prose, facts: BreachFacts) -> Located:
    """164.404(c)(1)(E): a toll-free telephone number, an email address, a web site, or a postal address."""
    del facts
    contacts = own_contacts(prose)
    for contact in contacts:
        if contact.kind != "phone":
            return found(contact.span)
    if contacts:
        return missing("a telephone number that is not toll-free is not enough without an email, web or postal address")
    return missing("no way to reach the organization is given")

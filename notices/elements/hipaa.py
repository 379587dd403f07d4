"""The elements of 45 CFR 164.404(c)(1) that are told in free words: what happened, what to do, what is being done."""

from __future__ import annotations

import re
from typing import Final

from jurisdictions.facts import BreachFacts
from notices.elements.contacts import own_contacts
from notices.elements.located import Located, found, missing
from notices.elements.prose import Prose

_EVENT: Final = re.compile(
    r"\b(?:un-?authori[sz]ed|without\s+(?:authori[sz]ation|permission)|not\s+(?:authori[sz]ed|allowed|"
    r"permitted)\s+to)\b|"
    r"\b(?:stolen|theft|stole|burglar\w*|broke\s+in\w*|broken\s+into|robb\w+|went\s+missing|was\s+lost|"
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
    r"discarded|thrown\s+away|disposed)\b",
    re.IGNORECASE,
)
_NO_EVENT: Final = re.compile(
    r"\bno\s+(?:evidence|indication|reason|sign)|\bnot\s+aware\s+of|\bif\b|\bin\s+the\s+event\b|\bprevent\b|"
    r"\bprotect\s+(?:yourself|against)\b|\?$",
    re.IGNORECASE,
)
_ADVISING: Final = re.compile(
    r"^(?:to\s+protect\s+(?:yourself|your\s+\w+),?\s+)?(?:please\s+|also,?\s+|always\s+|carefully\s+|"
    r"promptly\s+|regularly\s+|immediately\s+|in\s+addition,?\s+)*(?:review|check|monitor|look|watch|place|"
    r"change|reset|order|request|"
    r"report|remain|stay|be|keep|consider|enroll|ask|do\s+not|don't|never|freeze|obtain|get|follow|update|"
    r"contact|call|examine|"
    r"compare|read|notify|file|close|use|set|beware|continue|take)\b|"
    r"\byou\s+(?:can|could|should|may|might|will|must|need\s+to)\b|\b(?:recommend|suggest|encourage|advise|urge|"
    r"ask)(?:s|ed|ing)?\s+(?:that\s+)?(?:you|all|affected|our|each|patients|individuals)\b|"
    r"\bwe\s+(?:strongly\s+)?(?:recommend|suggest|encourage|advise|urge)\b|\bplease\b|"
    r"\bit\s+is\s+(?:a\s+good\s+idea|important|always)\b|\bthere\s+are\s+(?:some\s+)?steps\b|\bhow\s+you\s+can\b",
    re.IGNORECASE,
)
_PROTECTIVE: Final = re.compile(
    r"\b(?:statements?|explanations?\s+of\s+benefits|EOBs?|credit\s+(?:reports?|files?|monitoring|freeze|card)|"
    r"fraud\s+alerts?|"
    r"(?:security|credit)\s+freezes?|passwords?|identity\s+(?:theft|fraud|protection)|suspicious|vigilan\w*|"
    r"unusual\s+activity|phish\w*|"
    r"scams?|account\s+(?:activity|statements?)|bills?|new\s+card|charges?|police\s+report|security\s+questions?|"
    r"personal\s+(?:information|details)|caller|callers)\b",
    re.IGNORECASE,
)
_WE: Final = (
    r"(?:\bwe\b|\bour\s+(?:\w+\s+){1,4}|"
    r"\bthe\s+(?:company|practice|clinic|hospital|center|organization|firm|office|university|district)\b)"
)
_INVESTIGATE: Final = re.compile(
    r"\b(?:investigat\w+|review(?:ed|ing)|forensic\w*|hired|engaged|retained|look(?:ed|ing)\s+into|experts?|"
    r"specialists?|"
    r"(?:notified|reported|contacted|working\s+with|cooperat\w+)\b[^.]{0,60}\b(?:police|law\s+enforcement|FBI|"
    r"authorities)|find(?:ing)?\s+out|conduct\w*|analy[sz]\w+)\b",
    re.IGNORECASE,
)
_MITIGATE: Final = re.compile(
    r"\b(?:secur(?:ed|ing)|contain(?:ed|ing)|disabl\w+|clos(?:ed|ing)|shut|lock(?:ed|ing)|block\w+|terminat\w+|"
    r"reset\w*|remov\w+|recover\w*|"
    r"retriev\w+|delet\w+|destroy\w*|isolat\w+|took\b[^.]{0,40}\boffline|offer(?:ed|ing|s)?|provid\w+|restor\w+|"
    r"stopp?\w*|"
    r"changed|disconnect\w+|mitigat\w+|arrang\w+)\b",
    re.IGNORECASE,
)
_PREVENT: Final = re.compile(
    r"\b(?:train\w*|retrain\w*|strengthen\w*|enhanc\w+|improv\w+|implement\w*|add(?:ed|ing)|install\w*|"
    r"upgrad\w+|updat\w+|revis\w+|"
    r"encrypt\w*|multi-?factor|two-?factor|second\s+step|prevent\w*|happen(?:s|ing)?\s+again|policies|"
    r"procedures|safeguards?|measures|"
    r"requir\w+|now\s+(?:ask|use|require)|monitor\w*|harden\w*|deploy\w*|increas\w+|disciplin\w+|sanction\w*)\b",
    re.IGNORECASE,
)
_OWN_ACT: Final = re.compile(
    rf"{_WE}[^.;]{{0,80}}?\b(?:have|has|are|is|was|were|will|took|take|taken|began|begun|started|launched|"
    rf"opened|hired|engaged|retained|"
    r"notified|reported|contacted|secured|reset|changed|closed|shut|locked|disabled|blocked|removed|terminated|"
    r"contained|isolated|"
    r"recovered|retrieved|deleted|restored|disconnected|stopped|implemented|added|installed|upgraded|updated|"
    r"revised|encrypted|"
    r"trained|retrained|train|strengthened|enhanced|improved|increased|deployed|conducted|investigated|reviewed|"
    r"looked|work|"
    r"worked|offer|offered|provide|provided|require|now|asked|instituted|initiated|commenced|immediately|"
    r"promptly|arranged|destroyed|continue|replaced|moved|disciplined|sanctioned)\b",
    re.IGNORECASE,
)
_KNOWING: Final = re.compile(
    r"\b(?:are\s+writing|write\s+to|regret|sorry|apologi[sz]e|want\s+you\s+to\s+know|value|take\s+(?:the|this|"
    r"your)\s+(?:\w+\s+)*serious\w*|no\s+evidence|not\s+aware)\b",
    re.IGNORECASE,
)


def description(prose: Prose, facts: BreachFacts) -> Located:
    """164.404(c)(1)(A), Cal. Civ. Code 1798.82(d)(2)(E): what happened. "There was a breach" does not say what."""
    del facts
    for sentence in prose.sentences:
        text = prose.of(sentence)
        if _EVENT.search(text) and not _NO_EVENT.search(text) and not _ADVISING.search(text):
            return found(sentence)
    return missing("no sentence says what happened")


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
    del facts
    first = None
    facets = {"investigate": _INVESTIGATE, "mitigate harm": _MITIGATE, "prevent further breaches": _PREVENT}
    spoken: set[str] = set()
    for sentence in prose.sentences:
        text = prose.of(sentence)
        if not _OWN_ACT.search(text) or _KNOWING.search(text):
            continue
        said = {name for name, pattern in facets.items() if pattern.search(text)}
        if said:
            first = first or sentence
            spoken |= said
    if first is None:
        return missing("no sentence says what the organization is doing about the breach")
    silent = [name for name in facets if name not in spoken]
    return found(first, f"nothing is said on how it will {' or '.join(silent)}" if silent else "")


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

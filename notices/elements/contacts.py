"""Telephone numbers, addresses and sites in a text, and whose they are."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from notices.elements.prose import Prose, Span

TOLL_FREE: Final = re.compile(
    r"(?<![\d-])(?:\+?1[-. ]?)?\(?8(?:00|33|44|55|66|77|88)\)?[-. ]{0,2}(?:\d{3}[-. ]?\d{4}|"
    r"[A-Z0-9]{2,4}-?[A-Z0-9]{3,7})\b"
)
PHONE: Final = re.compile(r"(?<![\d-])(?:\+?1[-. ]?)?\(?[2-9]\d{2}\)?[-. ]{1,2}\d{3}[-. ]\d{4}\b")
EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
SITE: Final = re.compile(
    r"(?:https?://|www\.)[^\s,;()<>\"]+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|gov|net|edu|health|clinic|example|us|info)\b(?:/[^\s,;()<>\"]*)?",
    re.IGNORECASE,
)
STATES: Final = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|"
    "Illinois|Indiana|Iowa|"
    "Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|"
    "Nebraska|Nevada|"
    "New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|"
    "Rhode Island|"
    "South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|"
    "Wyoming|D\\.?C\\.?"
)
POSTAL: Final = re.compile(
    rf"\b[A-Z][\w.'-]*(?:\s+[A-Z][\w.'-]*){{0,3}},?\s+(?:[A-Z]{{2}}|{STATES}),?\s+\d{{5}}(?:-\d{{4}})?\b"
)
STREET: Final = re.compile(
    r"\bP\.?\s?O\.?\s+Box\s+\d+|\b\d+[A-Z]?\s+(?:[NSEW]\.?\s+)?(?:[A-Z][\w.'-]*\s+){1,4}?(?:St|Street|Ave|"
    r"Avenue|Rd|Road|Blvd|Boulevard|Dr|Drive|"
    r"Ln|Lane|Way|Pkwy|Parkway|Ct|Court|Pl|Place|Plaza|Sq|Square|Hwy|Highway|Ter|Terrace|Cir|Circle|Floor|Row)\b"
)
BUREAUS: Final = ("Equifax", "Experian", "TransUnion")
BUREAU: Final = re.compile(r"\bEquifax\b|\bExperian\b|\bTrans\s?Union\b", re.IGNORECASE)
FTC: Final = re.compile(r"\bFederal\s+Trade\s+Commission\b|\bFTC\b")
_PUBLIC: Final = re.compile(
    r"equifax|experian|transunion|\bftc\b|ftc\.gov|identitytheft\.gov|annualcreditreport|attorney\s+general|"
    r"consumer\.gov|irs\.gov|"
    r"\.gov\b|877-?322-?8228",
    re.IGNORECASE,
)
_ASKING: Final = re.compile(
    r"\b(?:contact|call|calling|questions?|reach|write|writing|e-?mail|visit|website|web\s+site|toll-?free|"
    r"telephone|phone|help\s?line|"
    r"hotline|learn\s+more|(?:more|further|additional)\s+information|assist\w*)\b",
    re.IGNORECASE,
)


_VISITING: Final = re.compile(
    r"\b(?:visit|go\s+to|click|online|available|found|learn\s+more|web\s?site\s*(?:at|:|is))\b[^.!?]{0,60}$",
    re.IGNORECASE,
)
_OURS: Final = re.compile(r"\b(?:us|our|we)\b|\n\s*\n", re.IGNORECASE)
_LEAD: Final = 200
"""A number stands after "If you have questions, call:", by at most so many characters."""


class Contact(msgspec.Struct, frozen=True):
    """A way to reach the organization. `kind` is toll_free, phone, email, site or postal."""

    kind: str
    span: Span


def own_contacts(prose: Prose) -> tuple[Contact, ...]:
    """Ways to reach the organization itself that the text offers for questions; those of agencies are left out."""
    return tuple(contact for contact in all_contacts(prose) if _is_offered(prose, contact))


def all_contacts(prose: Prose) -> tuple[Contact, ...]:
    """Every contact that is not an agency's: none stands in its sentence, or shortly before it without "us"."""
    return tuple(
        contact
        for piece in prose.sentences
        if not _PUBLIC.search(prose.of(piece))
        for contact in _contacts(prose, piece)
        if not _follows_agency(prose, contact)
    )


def _is_offered(prose: Prose, contact: Contact) -> bool:
    """Whether the reader is told to use it. A site is often named for other reasons, so it needs "visit" or so."""
    before = prose.plain[max(0, contact.span.start - _LEAD) : contact.span.start]
    return (_VISITING if contact.kind == "site" else _ASKING).search(before) is not None


def _follows_agency(prose: Prose, contact: Contact) -> bool:
    before = prose.plain[max(0, contact.span.start - _LEAD) : contact.span.start]
    named = [match.end() for match in _PUBLIC.finditer(before)]
    return bool(named) and not _OURS.search(before, named[-1])


def _contacts(prose: Prose, piece: Span) -> list[Contact]:
    found = [Contact("toll_free", span) for span in prose.find(TOLL_FREE, piece)]
    taken = [each.span for each in found]
    found += [Contact("phone", span) for span in prose.find(PHONE, piece) if not _overlaps(span, taken)]
    emails = list(prose.find(EMAIL, piece))
    found += [Contact("email", span) for span in emails]
    found += [Contact("site", span) for span in prose.find(SITE, piece) if not _overlaps(span, emails)]
    found += [Contact("postal", span) for span in prose.find(POSTAL, piece)]
    return found


def _overlaps(span: Span, taken: list[Span]) -> bool:
    return any(span.start < each.end and each.start < span.end for each in taken)

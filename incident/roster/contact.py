"""Whether a person can still be reached in writing, after what became of the attempts to reach them. Pure.

45 CFR 164.404(d)(2) asks for substitute notice where "insufficient or out-of-date contact information" precludes
written notification. From these words alone (commentary of HHS on them was not read):

* Returned mail shows that what is known is out of date, unless the endorsement says something else of the address.
* A found address takes somebody out of the number once a letter was mailed to it; until then it is open whether written
  notice is precluded, and the number is a range.
* A call is a form of substitute notice (164.404(d)(2)(i)): it reaches the person and changes nothing of what is known
  of their address, so the number that decides between (i) and (ii) stays.
* A working e-mail address of somebody who agreed to electronic notice is written notice (164.404(d)(1)(i)).
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import msgspec

from incident.events import ContactOutcome, Counted, PersonCorrected
from incident.roster.reasons import Flag
from incident.roster.record import Row, Status

UNREACHABLE = Flag.INSUFFICIENT_ADDRESS | Flag.NEXT_OF_KIN_INSUFFICIENT | Flag.OUT_OF_DATE
"""The flags of whoever cannot, or may not, be reached in writing; next of kin included."""
SUFFICIENT, INSUFFICIENT, OPEN = "sufficient", "insufficient", "open"
"""What `Counted.contact` says."""


class Kind(StrEnum):
    """Kinds of outcomes."""

    MAIL_RETURNED = "mail_returned"
    ADDRESS_INSUFFICIENT = "address_insufficient"
    MAILED_AGAIN = "mailed_again"
    CALLED = "called"
    EMAIL_BOUNCED = "email_bounced"


KINDS: tuple[str, ...] = tuple(str(kind) for kind in Kind)


class Endorsement(msgspec.Struct, frozen=True):
    """Why the postal service returned a letter, in its words.

    `out_of_date` says whether that shows the address to be insufficient or out of date; None where it leaves it open.
    """

    code: str
    words: str
    out_of_date: bool | None
    short: tuple[str, ...] = ()


_YES, _NO = True, False
_ENDORSEMENTS = (
    Endorsement("attempted_not_known", "Attempted - Not Known", _YES, ("ank",)),
    Endorsement("box_closed", "Box Closed - No Order", _YES, ("bcno",)),
    Endorsement("deceased", "Deceased", None, ("dec",)),
    Endorsement("delivery_suspended", "Delivery Suspended to Commercial Mail Receiving Agency", _YES),
    Endorsement("illegible", "Illegible", None, ("ill",)),
    Endorsement("in_dispute", "In Dispute", None),
    Endorsement("insufficient_address", "Insufficient Address", _YES, ("ia",)),
    Endorsement("moved", "Moved, Left No Address", _YES, ("mlna",)),
    Endorsement("no_mail_receptacle", "No Mail Receptacle", _YES, ("nmr",)),
    Endorsement("no_such_number", "No Such Number", _YES, ("nsn",)),
    Endorsement("no_such_street", "No Such Street", _YES, ("nss",)),
    Endorsement("unable_to_forward", "Not Deliverable as Addressed - Unable to Forward", _YES, ("utf", "nd", "foe")),
    Endorsement("outside_limits", "Outside Delivery Limits", _YES),
    Endorsement("refused", "Refused", _NO, ("ref",)),
    Endorsement("better_address", "Returned for Better Address", _YES),
    Endorsement("postage", "Returned for Postage", _NO),
    Endorsement("temporarily_away", "Temporarily Away", None, ("temp",)),
    Endorsement("unclaimed", "Unclaimed", None, ("unc",)),
    Endorsement("vacant", "Vacant", _YES, ("vac",)),
    Endorsement("", "no endorsement given", _YES),
)
"""Endorsements for mail undeliverable as addressed (USPS Domestic Mail Manual 507.1.4), what each shows being our
reading: who refuses a letter, or whose sender paid too little, has an address; who does not fetch it may have."""

ENDORSEMENTS: Mapping[str, Endorsement] = MappingProxyType({each.code: each for each in _ENDORSEMENTS})


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


_BY_KEY = {
    key: each.code
    for each in _ENDORSEMENTS
    for key in (_key(each.code), _key(each.words), *each.short)
    if each.code
}  # fmt: skip


def read_endorsement(text: str) -> str | None:
    """The code of an endorsement as a person or a mail house writes it (`ANK`, `Moved, Left No Address`).

    Empty for empty; None where it is none that is known.
    """
    key = _key(text)
    return _BY_KEY.get(key) if key else ""


class Reach(msgspec.Struct, frozen=True):
    """What became of the attempts to reach one person.

    `post` is empty (nothing came back, or a letter went to a newer address since), `stands` (what came back leaves the
    address as it is), `failed`, `open` or `found` (a newer address is known and nothing was mailed to it).
    """

    post: str = ""
    email_failed: bool = False


UNTRIED = Reach()
ADDRESSES = frozenset({"address", "confidential_address", "next_of_kin", "representative"})
"""The fields of a person to which a letter can go."""


def reach_after(reach: Reach, event: ContactOutcome | PersonCorrected) -> Reach:
    """What is known of somebody's reach after one more event about them."""
    post, email_failed = reach.post, reach.email_failed
    match event:
        case PersonCorrected(fields=fields):
            post = "found" if post in {"failed", "open"} and ADDRESSES & set(fields) else post
            email_failed = email_failed and "email" not in fields
        case ContactOutcome(kind=Kind.MAIL_RETURNED, reason=reason):
            shows = {True: "failed", None: "open", False: post or "stands"}[ENDORSEMENTS[reason].out_of_date]
            post = "failed" if post == "failed" else shows
        case ContactOutcome(kind=Kind.ADDRESS_INSUFFICIENT):
            post = "failed"
        case ContactOutcome(kind=Kind.MAILED_AGAIN):
            post = ""
        case ContactOutcome(kind=Kind.EMAIL_BOUNCED):
            email_failed = True
    return Reach(post, email_failed)


def contact(row: Row, reach: Reach = UNTRIED) -> str:
    """Whether what is known of where to write to an accepted person precludes written notice."""
    if row.flags & (Flag.INSUFFICIENT_ADDRESS | Flag.NEXT_OF_KIN_INSUFFICIENT):
        return INSUFFICIENT
    by_email = Flag.ELECTRONIC_CONSENT in row.flags and Flag.DECEASED not in row.flags and not reach.email_failed
    if row.audience is None:  # no sufficient postal address: e-mail is the only way
        return SUFFICIENT if by_email else INSUFFICIENT
    if reach.post in {"", "stands"} or by_email:
        return SUFFICIENT
    return INSUFFICIENT if reach.post == "failed" else OPEN


def counted(row: Row, reach: Reach = UNTRIED) -> Counted | None:
    """What a row counts as; None where it is not accepted."""
    if row.status is not Status.ACCEPTED:
        return None
    return Counted(
        state=row.state,
        minor=Flag.MINOR in row.flags,
        deceased=Flag.DECEASED in row.flags,
        contact=contact(row, reach),
        elements=row.elements,
    )


def out_of_date(reach: Reach) -> bool:
    """Whether something came back and nothing has gone to a newer address since."""
    return reach.post not in {"", "stands"} or reach.email_failed


def outcome_words(event: ContactOutcome) -> str:
    """What became of an attempt, in words; nothing of them names the person."""
    match event.kind:
        case Kind.MAIL_RETURNED:
            words = f"letter returned on {event.on}: {ENDORSEMENTS[event.reason].words}"
            return words + ("; a forwarding address is given" if event.forwarding else "")
        case Kind.ADDRESS_INSUFFICIENT:
            return f"address found insufficient on {event.on}"
        case Kind.MAILED_AGAIN:
            return f"mailed again on {event.on} to the address that was found"
        case Kind.CALLED:
            by = f" by {event.caller}" if event.caller else ""
            return f"called on {event.on}{by}: {'reached' if event.reached else 'not reached'}"
        case Kind.EMAIL_BOUNCED:
            return f"e-mail bounced on {event.on}"
        case _:
            return f"{event.kind.replace('_', ' ')} on {event.on}"

"""How letters go out: in batches, what the carrier certifies of each, and what has not gone out yet. Pure.

letters rendered = sent in batches + not yet sent, always. A duty to notify individuals is fulfilled by the last one:
45 CFR 164.404(a)(1) asks for notice to "each individual", and its time limit (b) is one for all of them.

What a certificate proves was read from pages of the Postal Service, not from the Domestic Mail Manual; it is told as
not verified.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from types import MappingProxyType

import msgspec

from incident.errors import InvalidInput
from incident.events import ContactOutcome, Entry, PersonCorrected, RecipientErased
from incident.roster.contact import UNTRIED, Kind, Reach, outcome_words, reach_after
from incident.roster.person import CONFIDENTIAL_INCOMPLETE, INSUFFICIENT_ADDRESS

Run = tuple[int, int]
"""The first and the last letter of a run, counted from 1 in the order of the manifest."""

NOT_VERIFIED = "as the Postal Service describes it; not verified against the Domestic Mail Manual"


class Certificate(msgspec.Struct, frozen=True):
    """What a carrier gives for a batch.

    `proves` is for people. `names_addressees` tells whether it shows who each piece was for; `at_most` is how many
    pieces one of it is for. `methods` are the ways of sending that it goes with.
    """

    words: str
    proves: str
    names_addressees: bool
    methods: frozenset[str]
    at_most: int | None = None
    verified: bool = False


_POST = frozenset({"first_class_mail", "certified_mail", "regulator_mail"})
CERTIFICATES: MappingProxyType[str, Certificate] = MappingProxyType(
    {
        "ps3817": Certificate(
            "Certificate of Mailing (PS Form 3817)",
            "that one piece was presented for mailing on that day to the address shown; not that it was delivered",
            names_addressees=True,
            methods=_POST,
            at_most=1,
        ),
        "ps3665": Certificate(
            "Certificate of Mailing, firm sheet (PS Form 3665)",
            "that each piece listed was presented for mailing on that day to its address; not that it was delivered",
            names_addressees=True,
            methods=_POST,
        ),
        "ps3606": Certificate(
            "Certificate of Bulk Mailing (PS Form 3606-D)",
            "only how many pieces of identical weight were presented on that day; not to whom, nor that they arrived",
            names_addressees=False,
            methods=_POST,
        ),
        "ps3877": Certificate(
            "Firm Mailing Book for Accountable Mail (PS Form 3877)",
            "that each accountable piece listed, with its article number, was accepted on that day for its address",
            names_addressees=True,
            methods=_POST,
        ),
        "certified": Certificate(
            "Certified Mail receipt (PS Form 3800)",
            "that the piece with that number was accepted for mailing; its delivery or the attempt is recorded",
            names_addressees=True,
            methods=_POST,
        ),
        "mail_house": Certificate(
            "Statement of the mail house or its postage statement",
            "what the mail house says of its own work; it is no certificate of the Postal Service",
            names_addressees=False,
            methods=_POST,
            verified=True,
        ),
        "email_log": Certificate(
            "Log of the mail server",
            "to which addresses messages were handed over and which were refused; not that anybody read them",
            names_addressees=True,
            methods=frozenset({"email"}),
            verified=True,
        ),
        "signed_receipt": Certificate(
            "Receipt signed by who took it",
            "that whoever signed received it on that day",
            names_addressees=True,
            methods=frozenset({"by_hand", "regulator_mail"}),
            verified=True,
        ),
    }
)
"""What may be given for a batch, by name; a batch without one is proved by this record alone."""

NO_CERTIFICATE = "nothing but this record shows that it went out"


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a batch besides day and method. `count` None and no `letters`: all that has not gone out yet."""

    count: int | None = None
    letters: tuple[Run, ...] = ()
    carrier: str = ""
    certificate: str = ""
    proof_name: str = ""
    proof_sha256: str | None = None


def proves(certificate: str) -> str:
    """What is proved, in words that say where they are not verified."""
    if not certificate:
        return NO_CERTIFICATE
    found = CERTIFICATES[certificate]
    return found.proves + ("" if found.verified else f" ({NOT_VERIFIED})")


def certificate_faults(certificate: str, method: str, count: int) -> list[str]:
    """Why a certificate does not go with a batch."""
    if not certificate:
        return []
    found = CERTIFICATES.get(certificate)
    if found is None:
        return [f"certificate: {certificate!r} is not one of {', '.join(CERTIFICATES)}"]
    if method not in found.methods:
        ways = " or ".join(sorted(way.replace("_", " ") for way in found.methods))
        return [f"certificate: {found.words} goes with {ways}, not with {method.replace('_', ' ')}"]
    if found.at_most is not None and count > found.at_most:
        return [
            f"certificate: one {found.words} is for one piece; for {count:,} use the firm sheet (ps3665) or the bulk "
            "certificate (ps3606)"
        ]
    return []


def read_runs(text: str) -> tuple[Run, ...]:
    """`1-500, 507, 600-` as runs; an open end is 0 until it is known how many there are.

    Raises:
        InvalidInput: it is none.
    """
    found = []
    for part in text.split(","):
        first, dash, last = (each.strip() for each in part.partition("-"))
        if not first.isdecimal() or (dash and last and not last.isdecimal()):
            raise InvalidInput(f"letters: {part.strip()!r} is not a run of letters; write 1-500, 507, or 600-")
        found.append((int(first), int(last) if last else 0 if dash else int(first)))
    return tuple(found)


def settled_runs(runs: Iterable[Run], documents: int, taken: Iterable[Run]) -> tuple[Run, ...]:
    """The runs of a batch in order, joined where they touch, once they are seen to be of letters that had not gone out.

    Raises:
        InvalidInput: a letter does not exist, is named twice, or went out in an earlier batch.
    """
    found: list[Run] = []
    for first, last in sorted((first, last or documents) for first, last in runs):
        if not 1 <= first <= last <= documents:
            raise InvalidInput(f"letters: {first}-{last} is not within 1-{documents}, which were rendered")
        if found and first <= found[-1][1]:
            raise InvalidInput(f"letters: letter {first} is named twice")
        if found and first == found[-1][1] + 1:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    for first, last in found:
        for begun, ended in taken:
            if first <= ended and begun <= last:
                raise InvalidInput(f"letters: {max(first, begun)}-{min(last, ended)} went out in an earlier batch")
    return tuple(found)


def missing_runs(documents: int, taken: Iterable[Run]) -> tuple[Run, ...]:
    """The runs of letters that no batch names."""
    found, upto = [], 0
    for first, last in sorted(taken):
        if first > upto + 1:
            found.append((upto + 1, first - 1))
        upto = max(upto, last)
    return (*found, (upto + 1, documents)) if upto < documents else tuple(found)


def runs_words(runs: Sequence[Run]) -> str:
    """1-500, 507."""
    return ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in runs)


WANT_SUBSTITUTE = frozenset({INSUFFICIENT_ADDRESS.reason, CONFIDENTIAL_INCOMPLETE.reason})
"""Reasons for no letter that leave substitute notice (45 CFR 164.404(d)(2)); next of kin get none."""


class PersonOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What the log has of one person since their letter. `status` is one of `OUTCOMES`, empty for nothing."""

    status: str = ""
    on: date | None = None
    words: str = ""
    reach: Reach = UNTRIED


NOTHING = PersonOutcome()
OUTCOMES = MappingProxyType(
    {
        "returned": "came back",
        "address_found": "a newer address was found; not mailed to yet",
        "mailed_again": "mailed again to a newer address",
        "called": "reached by telephone",
        "erased": "erased",
    }
)


def outcome_after(before: PersonOutcome, entry: Entry) -> PersonOutcome:
    """How a person stands after one more entry about them. Nothing of it says who they are."""
    event, day = entry.event, entry.recorded_at.date()
    match event:
        case RecipientErased():
            return PersonOutcome(status="erased", on=day, words="erased")
        case PersonCorrected():
            reach = reach_after(before.reach, event)
            found = reach.post == "found" and before.reach.post != "found"
            if not found:
                return msgspec.structs.replace(before, reach=reach)
            return PersonOutcome(status="address_found", on=day, words=OUTCOMES["address_found"], reach=reach)
        case ContactOutcome():
            reach = reach_after(before.reach, event)
            status = before.status
            if event.kind == Kind.MAILED_AGAIN:
                status = "mailed_again"
            elif event.kind == Kind.CALLED and event.reached:
                status = "called"
            elif reach.post in {"failed", "open"} or reach.email_failed:
                status = "returned"
            return PersonOutcome(status=status, on=event.on, words=outcome_words(event), reach=reach)
        case _:
            return before

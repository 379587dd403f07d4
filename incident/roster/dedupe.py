"""Which rows are the same person.

Exact duplicates, found as the rows go by: the same name, date of birth and address once case, accents and punctuation
are put aside. Only these are merged without asking; a false merge costs a person the letter, a missed one a stamp.
Where the date of birth is missing, the same account number must bear it out, for a father and son of one name share
house and e-mail address; where the address is missing, the account number or the e-mail address. A name that is not one
person's alone (Baby Boy Marlowe, A. Marlowe, Marlowe) never merges: twins bear it on one day in one house. What is not
borne out is kept apart and shown for review, and so are rows that disagree on anything that decides who reads the
letter. Rows that are alike without being the same are found by `incident.roster.matching`.

Memory: some 250 bytes a person, whatever the rows hold, and no name.
"""

import hashlib
from datetime import date
from enum import Enum
from functools import lru_cache

import msgspec

from incident.roster.person import NOBODY, Person
from incident.roster.words import Folded


class Verdict(Enum):
    """What comparing a person with those before leads to."""

    NEW = "new"
    SAME = "same"
    POSSIBLE = "possible"
    DIFFERS = "differs"


class Pair(msgspec.Struct, frozen=True, omit_defaults=True):
    """Two rows that are or may be one person, and why, in words.

    `score` is the probability that they are one; 1 means identical. `action` is `merged` or `review`.
    """

    rows: tuple[int, int]
    score: float
    action: str
    reasons: tuple[str, ...] = ()


class Fingerprint(msgspec.Struct, frozen=True, array_like=True):
    """Keyed digests by which a person is compared with others.

    `who`: name, date of birth and address. `letter`: what decides who reads the letter; empty where the roster is
    silent on it. `account`: number or e-mail address, empty where `certain` says that `who` is enough.
    """

    who: bytes
    letter: bytes
    account: bytes
    certain: bool


def fingerprint(person: Person, folded: Folded, key: bytes) -> Fingerprint | None:
    """The fingerprint of a person with that folded name and address; None where too little is known to compare.

    `key` has at most 64 bytes.
    """
    account = person.patient_id or person.email.casefold()
    known_place = bool(person.address.lines)
    if person.date_of_birth is None and not known_place and not account:
        return None
    name, lines, town = folded
    where = " ".join((*filter(None, lines), town))
    born = person.date_of_birth.toordinal() if person.date_of_birth else None
    dated = person.date_of_birth is not None and person.date_of_birth not in _PLACEHOLDERS
    own_name = _is_of_one_person(person, name)
    certain = known_place and dated and own_name
    account = "" if not own_name else account if dated else person.patient_id
    letter = _said_about_the_letter(person)
    return Fingerprint(
        _digest(f"{name}|{born}|{where}".encode(), 16, key),
        _digest(letter, 8, key) if letter else b"",
        _digest(account.encode(), 8, key) if account and not certain else b"",
        certain,
    )


_PLACEHOLDERS = frozenset({date(1900, 1, 1), date(1901, 1, 1)})
"""Dates of birth that systems fill in where none is known."""
_NEWBORN = frozenset(
    {"baby", "babyboy", "babygirl", "boy", "girl", "newborn", "infant", "twin", "triplet", "male", "female", "bb", "bg"}
)


def _is_of_one_person(person: Person, name: str) -> bool:
    """Whether a name tells somebody from a twin: with a given name, no initial, not one newborns are filed under."""
    words = name.split()
    given = person.given_name or person.full_name
    return bool(given) and len(words) > 1 and len(words[0]) > 1 and _NEWBORN.isdisjoint(words)


@lru_cache(maxsize=8)
def _keyed(size: int, key: bytes) -> hashlib.blake2b:
    return hashlib.blake2b(digest_size=size, key=key)


def _digest(text: bytes, size: int, key: bytes) -> bytes:
    hashed = _keyed(size, key).copy()
    hashed.update(text)
    return hashed.digest()


_encode = msgspec.msgpack.Encoder().encode


def _said_about_the_letter(person: Person) -> bytes:
    """What decides who reads the letter, as bytes to compare; nothing where the roster is silent on all of it."""
    if (
        person.deceased is not True
        and person.email_consent is not True
        and person.date_of_death is None
        and not person.guardian_name
        and (person.next_of_kin is NOBODY or person.next_of_kin == NOBODY)
        and (person.representative is NOBODY or person.representative == NOBODY)
        and not person.confidential_address.given
        and not person.format
    ):
        return b""
    return _encode(
        (
            person.deceased is True,
            person.email_consent is True,
            person.date_of_death,
            person.guardian_name,
            person.next_of_kin,
            person.representative,
            person.confidential_address,
            person.format,
        )
    )


class ExactDuplicates:
    """Remembers the people seen so far by their fingerprints."""

    def __init__(self) -> None:
        self._seen: dict[bytes, tuple[int, bytes, bytes]] = {}

    def look(self, row: int, print_: Fingerprint | None) -> tuple[Verdict, int]:
        """What the person is to those before, and the row of the first of them (this row for a new person)."""
        if print_ is None:
            return Verdict.NEW, row
        first, letter, account = self._seen.setdefault(print_.who, (row, print_.letter, print_.account))
        if first == row:
            return Verdict.NEW, row
        if letter != print_.letter:
            return Verdict.DIFFERS, first
        if print_.certain or (account and account == print_.account):
            return Verdict.SAME, first
        return Verdict.POSSIBLE, first

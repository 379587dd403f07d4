"""Which rows are the same person.

Exact duplicates, found as the rows go by: the same name, date of birth and address once case, accents and punctuation
are put aside. Where the date of birth or the address is missing, the same account number or e-mail address must bear
it out, for a father and son of one name, or two tenants of one house, would become one person; without it the rows are
kept apart and shown for review. So are rows that disagree on anything that decides who reads the letter.

Memory: some 250 bytes a person, whatever the rows hold, and no name.
"""

import hashlib
from enum import Enum

import msgspec

from incident.roster.person import NOBODY, Person


class Verdict(Enum):
    """What comparing a person with those before leads to."""

    NEW = "new"
    SAME = "same"
    POSSIBLE = "possible"
    DIFFERS = "differs"


class Pair(msgspec.Struct, frozen=True):
    """Two rows that may be one person. `score` 1 means identical; `action` is `merged` or `review`."""

    rows: tuple[int, int]
    score: float
    action: str


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
        )
    )


class ExactDuplicates:
    """Remembers the people seen so far by keyed digests of `key` (at most 64 bytes are used)."""

    def __init__(self, key: bytes) -> None:
        self._key = key[:64]
        self._seen: dict[bytes, tuple[int, bytes, bytes]] = {}

    def look(self, row: int, person: Person, folded: tuple[str, str]) -> tuple[Verdict, int]:
        """What the person is to those before, and the row of the first of them (this row for a new person).

        `folded` is the name and the address for comparing.
        """
        address, born = person.address, person.date_of_birth
        account = person.patient_id or person.email.casefold()
        certain = born is not None and bool(address.lines)
        if born is None and not address.lines and not account:
            return Verdict.NEW, row
        name, where = folded
        digest = self._digest(f"{name}|{born}|{where}".encode(), 16)
        said = _said_about_the_letter(person)
        letter = self._digest(said, 8) if said else b""
        proof = b"" if certain or not account else self._digest(account.encode(), 8)
        first, first_letter, first_proof = self._seen.setdefault(digest, (row, letter, proof))
        if first == row:
            return Verdict.NEW, row
        if letter != first_letter:
            return Verdict.DIFFERS, first
        if certain or (proof and proof == first_proof):
            return Verdict.SAME, first
        return Verdict.POSSIBLE, first

    def _digest(self, text: bytes, size: int) -> bytes:
        return hashlib.blake2b(text, digest_size=size, key=self._key).digest()

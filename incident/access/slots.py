"""Key slots: the keys of a case, wrapped once for each user under what that user's passphrase gives.

A passphrase goes through Argon2id (RFC 9106); what comes out wraps the keys with AES-256-GCM, with case and user as
associated data. So users come and go, and passphrases change, without touching what is encrypted under the keys.
A slot does not name its user in clear text; it carries a salted hash, which can be guessed at but not read.
"""

import hashlib
import hmac
import os
import unicodedata
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from incident.access.secrets import SecretBytes, SecretText
from incident.errors import CaseUnusable, InvalidInput, WrongPassphrase

MIN_PASSPHRASE = 12
"""Characters. NIST SP 800-63B asks for at least 8 of a memorized secret; the folder can be attacked offline."""

MAX_USER = 64
_NONCE, _KEY, _SALT = 12, 32, 16


class Kdf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Cost of Argon2id: passes, lanes, and memory in KiB."""

    iterations: int = 3
    lanes: int = 4
    memory: int = 64 * 1024

    def check(self) -> None:
        """Refuse what no slot of ours holds, before a forged file takes all memory.

        Raises:
            CaseUnusable: a cost is out of bounds.
        """
        if not (1 <= self.iterations <= 64 and 1 <= self.lanes <= 64 and 8 * self.lanes <= self.memory <= 4 << 20):
            raise CaseUnusable("case.json: the passphrase cost of a key slot is out of bounds; the file is damaged.")


STRONG = Kdf()
"""The second recommended option of RFC 9106, section 4."""


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One user's way to the keys."""

    label: str
    kdf: Kdf
    salt: bytes
    wrapped: bytes


class Unlocked(msgspec.Struct, frozen=True):
    """What a slot held: the user's name as enrolled, and keys by name."""

    user: str
    keys: dict[str, bytes]

    def __repr__(self) -> str:
        return f"Unlocked({self.user!r}, <keys>)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("user", self.user)]  # what msgspec would give to rich's tracebacks holds the keys


def label(case_id: UUID, user: str) -> str:
    """How the slot of a user is found; upper and lower case are the same user."""
    return hmac.new(case_id.bytes, _same(user).encode(), hashlib.sha256).hexdigest()[:32]


def check_user(user: str) -> str:
    """The user's name, tidied.

    Raises:
        InvalidInput: it is empty, too long, or has control characters.
    """
    tidy = unicodedata.normalize("NFC", user).strip()
    if not tidy or len(tidy) > MAX_USER or not tidy.isprintable():
        raise InvalidInput(f"user: a user name has 1 to {MAX_USER} printable characters")
    return tidy


def check_passphrase(passphrase: str) -> None:
    """See that a new passphrase is long enough.

    Raises:
        InvalidInput: it is not.
    """
    length = len(unicodedata.normalize("NFKC", passphrase).strip())
    if length < MIN_PASSPHRASE:
        raise InvalidInput(
            f"passphrase: {length} characters are too few; use at least {MIN_PASSPHRASE}, such as four or five words"
        )


def wrap(case_id: UUID, user: str, passphrase: str, keys: dict[str, bytes], *, kdf: Kdf = STRONG) -> Slot:
    """A new slot.

    Raises:
        InvalidInput: user name or passphrase will not do.
    """
    passphrase = SecretText(passphrase)
    user = check_user(user)
    check_passphrase(passphrase)
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    plain = SecretBytes(msgspec.msgpack.encode(Unlocked(user, {name: bytes(key) for name, key in keys.items()})))
    wrapped = nonce + AESGCM(_derive(passphrase, salt, kdf)).encrypt(nonce, plain, _bound_to(case_id, user))
    return Slot(label(case_id, user), kdf, salt, wrapped)


def unwrap(case_id: UUID, user: str, passphrase: str, slots: list[Slot]) -> Unlocked:
    """What the user's slot holds.

    Raises:
        WrongPassphrase: there is no such user, or this is not the passphrase; which of the two is not told.
        CaseUnusable: the slot cannot be one of ours.
    """
    passphrase = SecretText(passphrase)
    wanted = label(case_id, user)
    slot = next((slot for slot in slots if slot.label == wanted), None)
    # Without a slot the work is done all the same, so that the time taken does not tell who has one.
    kdf, salt, wrapped = (slot.kdf, slot.salt, slot.wrapped) if slot else (STRONG, bytes(_SALT), bytes(_NONCE + 16))
    kdf.check()
    if len(salt) < _SALT or len(wrapped) < _NONCE + 16:
        raise CaseUnusable("case.json: a key slot is cut short; the file is damaged.")
    try:
        plain = AESGCM(_derive(passphrase, salt, kdf)).decrypt(
            wrapped[:_NONCE], wrapped[_NONCE:], _bound_to(case_id, user)
        )
    except InvalidTag:
        raise WrongPassphrase("The user name or the passphrase is wrong.") from None
    unlocked = msgspec.msgpack.decode(plain, type=Unlocked)
    return Unlocked(unlocked.user, {name: SecretBytes(key) for name, key in unlocked.keys.items()})


def _derive(passphrase: str, salt: bytes, kdf: Kdf) -> SecretBytes:
    secret = SecretBytes(str.encode(unicodedata.normalize("NFKC", passphrase).strip()))
    argon2 = Argon2id(salt=salt, length=_KEY, iterations=kdf.iterations, lanes=kdf.lanes, memory_cost=kdf.memory)
    return SecretBytes(argon2.derive(secret))


def _bound_to(case_id: UUID, user: str) -> bytes:
    return case_id.bytes + _same(user).encode()


def _same(user: str) -> str:
    return unicodedata.normalize("NFKC", user).strip().casefold()

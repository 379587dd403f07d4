"""Ways to a user's own key: a passphrase, stretched by Argon2id (RFC 9106), or a recovery code, random enough as it is.

Both wrap the same 32 random bytes with AES-256-GCM, bound to the case, the user and the kind of way, so that either can
be renewed without the other.
"""

import os
import unicodedata
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from incident.access.names import label
from incident.access.recovery import read_code
from incident.access.secrets import SecretBytes, SecretText
from incident.errors import CaseUnusable, InvalidInput, WrongPassphrase

MIN_PASSPHRASE = 12
"""Characters. NIST SP 800-63B asks for at least 8 of a memorized secret; the folder can be attacked offline."""

_NONCE, _KEY, _SALT, _TAG = 12, 32, 16, 16


class Kdf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Cost of Argon2id: passes, lanes, and memory in KiB."""

    iterations: int = 3
    lanes: int = 4
    memory: int = 64 * 1024

    def check(self) -> None:
        """Refuse what no case of ours holds, before a forged file takes all memory.

        Raises:
            CaseUnusable: a cost is out of bounds.
        """
        if not (1 <= self.iterations <= 64 and 1 <= self.lanes <= 64 and 8 * self.lanes <= self.memory <= 4 << 20):
            raise CaseUnusable("case.json: the cost of a passphrase is out of bounds; the file is damaged.")


STRONG = Kdf()
"""The second recommended option of RFC 9106, section 4."""


class PassphraseWay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The key, wrapped under a passphrase."""

    kdf: Kdf
    salt: bytes
    wrapped: bytes


class RecoveryWay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The key, wrapped under a recovery code."""

    salt: bytes
    wrapped: bytes


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


def by_passphrase(case_id: UUID, user: str, passphrase: str, key: bytes, kdf: Kdf = STRONG) -> PassphraseWay:
    """Wrap a user's key under a passphrase.

    Raises:
        InvalidInput: the passphrase is too short.
    """
    passphrase = SecretText(passphrase)
    check_passphrase(passphrase)
    salt = os.urandom(_SALT)
    return PassphraseWay(
        kdf, salt, _wrap(_stretched(passphrase, salt, kdf), key, _bound_to(case_id, user, "passphrase"))
    )


def with_passphrase(case_id: UUID, user: str, passphrase: str, way: PassphraseWay | None) -> SecretBytes:
    """The user's key. Without a way the work is done all the same: the time taken does not tell who has one.

    Raises:
        WrongPassphrase: there is no way, or this is not the passphrase; which of the two is not told.
        CaseUnusable: the way cannot be one of ours.
    """
    passphrase = SecretText(passphrase)
    there = way or PassphraseWay(STRONG, bytes(_SALT), bytes(_NONCE + _KEY + _TAG))
    there.kdf.check()
    _check_size(there.salt, there.wrapped)
    wrapping = _stretched(passphrase, there.salt, there.kdf)
    key = _unwrap(wrapping, there.wrapped, _bound_to(case_id, user, "passphrase"))
    if way is None or key is None:
        raise WrongPassphrase("The user name or the passphrase is wrong.")
    return key


def by_recovery(case_id: UUID, user: str, code: str, key: bytes) -> RecoveryWay:
    """Wrap a user's key under a recovery code."""
    salt = os.urandom(_SALT)
    wrapping = _expanded(read_code(code), salt)
    return RecoveryWay(salt, _wrap(wrapping, key, _bound_to(case_id, user, "recovery")))


def with_recovery(case_id: UUID, user: str, code: str, way: RecoveryWay | None) -> SecretBytes:
    """The user's key.

    Raises:
        InvalidInput: it is no code, or was mistyped.
        WrongPassphrase: it is not the code of this user.
        CaseUnusable: the way cannot be one of ours.
    """
    secret = read_code(code)
    there = way or RecoveryWay(bytes(_SALT), bytes(_NONCE + _KEY + _TAG))
    _check_size(there.salt, there.wrapped)
    wrapping = _expanded(secret, there.salt)
    key = _unwrap(wrapping, there.wrapped, _bound_to(case_id, user, "recovery"))
    if way is None or key is None:
        raise WrongPassphrase("The user name or the recovery code is wrong, or the code was used already.")
    return key


def _stretched(passphrase: str, salt: bytes, kdf: Kdf) -> SecretBytes:
    secret = SecretBytes(str.encode(unicodedata.normalize("NFKC", passphrase).strip(), errors="surrogatepass"))
    argon2 = Argon2id(salt=salt, length=_KEY, iterations=kdf.iterations, lanes=kdf.lanes, memory_cost=kdf.memory)
    return SecretBytes(argon2.derive(secret))


def _expanded(secret: bytes, salt: bytes) -> SecretBytes:
    return SecretBytes(HKDF(SHA256(), _KEY, salt=salt, info=b"breach recovery 1").derive(secret))


def _wrap(wrapping: bytes, key: bytes, bound_to: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(wrapping).encrypt(nonce, key, bound_to)


def _unwrap(wrapping: bytes, wrapped: bytes, bound_to: bytes) -> SecretBytes | None:
    try:
        return SecretBytes(AESGCM(wrapping).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], bound_to))
    except InvalidTag:
        return None


def _check_size(salt: bytes, wrapped: bytes) -> None:
    if len(salt) != _SALT or len(wrapped) != _NONCE + _KEY + _TAG:
        raise CaseUnusable("case.json: a wrapped key is cut short or too long; the file is damaged.")


def _bound_to(case_id: UUID, user: str, way: str) -> bytes:
    return f"breach {way} 1|{case_id.hex}|{label(case_id, user)}".encode()

"""The users of a case as data, and what can be done to them: who may open it, and which keys each one is granted.

Each user has a key pair (X25519). The private half is sealed in `private`, under a key that the user's ways unwrap;
keys of the case are sealed to the public half (HPKE, RFC 9180). So a key can be granted, and rotated, without anybody's
passphrase, and a user can be removed without encrypting anything anew. Nothing here is vouched for by itself: the seal
over the whole case document does that.
"""

import os
import secrets
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from incident.access.held import Keys
from incident.access.names import check_user, label
from incident.access.recovery import new_code
from incident.access.secrets import SecretBytes, SecretText
from incident.access.ways import (
    STRONG,
    Kdf,
    PassphraseWay,
    RecoveryWay,
    by_passphrase,
    by_recovery,
    with_passphrase,
    with_recovery,
)
from incident.errors import CaseUnusable, InvalidInput, NotAllowed, NotFound

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_NONCE, _KEY = 12, 32


class Grant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One epoch of a key, sealed to a user's public key."""

    key: str
    epoch: int
    sealed: bytes


class User(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One user. `private` holds an `Identity` without the key it is sealed with."""

    label: str
    public_key: bytes
    private: bytes
    passphrase: PassphraseWay
    recovery: RecoveryWay | None = None
    grants: tuple[Grant, ...] = ()

    def holds(self, key: str) -> frozenset[int]:
        """The epochs of a key that are granted to this user."""
        return frozenset(grant.epoch for grant in self.grants if grant.key == key)


class Register(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All users of a case, and the newest epoch of each key that was ever made."""

    users: tuple[User, ...] = ()
    epochs: dict[str, int] = {}

    def find(self, wanted: str) -> User | None:
        """The user with a label."""
        return next((user for user in self.users if user.label == wanted), None)

    def holders(self, key: str) -> tuple[User, ...]:
        """The users who hold the newest epoch of a key."""
        return tuple(user for user in self.users if self.epochs.get(key, 0) in user.holds(key))

    def replaced(self, changed: User) -> "Register":
        """The same with one user changed."""
        users = tuple(changed if user.label == changed.label else user for user in self.users)
        return msgspec.structs.replace(self, users=users)


class _Private(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    user: str
    private_key: bytes
    totp: bytes | None

    def __repr__(self) -> str:
        return "<private>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return []  # what msgspec would give to rich's tracebacks holds the keys


class Identity:
    """A user who was let in: the name as enrolled, and what opens the grants. It does not show its secrets."""

    def __init__(self, user: str, own_key: bytes, private_key: bytes, totp: bytes | None) -> None:
        self.user = user
        self.own_key = SecretBytes(own_key)
        self.private_key = SecretBytes(private_key)
        self.totp = SecretBytes(totp) if totp is not None else None

    def __repr__(self) -> str:
        return f"Identity({self.user!r})"


# --- Users, one by one ---


def new_user(case_id: UUID, name: str, passphrase: str, *, kdf: Kdf = STRONG) -> tuple[User, Identity]:
    """A user without grants and without a recovery code.

    Raises:
        InvalidInput: name or passphrase will not do.
    """
    passphrase = SecretText(passphrase)
    name = check_user(name)
    pair = X25519PrivateKey.generate()
    identity = Identity(name, secrets.token_bytes(_KEY), pair.private_bytes_raw(), None)
    user = User(
        label=label(case_id, name),
        public_key=pair.public_key().public_bytes_raw(),
        private=b"",
        passphrase=by_passphrase(case_id, name, passphrase, identity.own_key, kdf),
    )
    return _with_private(case_id, user, identity), identity


def unlock(case_id: UUID, register: Register, name: str, passphrase: str) -> Identity:
    """Let a user in by the passphrase, which is stretched once.

    Raises:
        WrongPassphrase: there is no such user, or this is not the passphrase; which of the two is not told.
        CaseUnusable: what is kept of the user was altered.
    """
    passphrase = SecretText(passphrase)
    user = register.find(label(case_id, name))
    own_key = with_passphrase(case_id, name, passphrase, user.passphrase if user is not None else None)
    assert user is not None
    return _identity(case_id, user, own_key)


def unlock_by_recovery(case_id: UUID, register: Register, name: str, code: str) -> Identity:
    """Let a user in by the recovery code.

    Raises:
        InvalidInput: it is no code, or was mistyped.
        WrongPassphrase: there is no such user, or this is not the code; which of the two is not told.
        CaseUnusable: what is kept of the user was altered.
    """
    code = SecretText(code)
    user = register.find(label(case_id, name))
    own_key = with_recovery(case_id, name, code, user.recovery if user is not None else None)
    assert user is not None
    return _identity(case_id, user, own_key)


def with_new_passphrase(case_id: UUID, user: User, who: Identity, passphrase: str, *, kdf: Kdf = STRONG) -> User:
    """The user with another passphrase.

    Raises:
        InvalidInput: it will not do.
    """
    way = by_passphrase(case_id, who.user, SecretText(passphrase), who.own_key, kdf)
    return msgspec.structs.replace(user, passphrase=way)


def with_new_recovery(case_id: UUID, user: User, who: Identity) -> tuple[User, SecretText]:
    """The user with another recovery code, and the code; the one before is no longer valid."""
    code = new_code()
    return msgspec.structs.replace(user, recovery=by_recovery(case_id, who.user, code, who.own_key)), code


def with_totp(case_id: UUID, user: User, who: Identity, secret: bytes | None) -> tuple[User, Identity]:
    """The user with a second factor, or without."""
    identity = Identity(who.user, who.own_key, who.private_key, secret)
    return _with_private(case_id, user, identity), identity


def granted(case_id: UUID, user: User, who: Identity) -> Keys:
    """The keys that are granted to a user who was let in.

    Raises:
        CaseUnusable: a grant was altered.
    """
    private_key = X25519PrivateKey.from_private_bytes(bytes(who.private_key))
    keys: dict[str, dict[int, bytes]] = {}
    for grant in user.grants:
        info = _grant_info(case_id, user.label, grant.key, grant.epoch)
        try:
            key = SecretBytes(_SUITE.decrypt(grant.sealed, private_key, info))
        except (InvalidTag, ValueError):
            key = SecretBytes()
        if len(key) != _KEY or grant.epoch in keys.setdefault(grant.key, {}):
            raise CaseUnusable(f"case.json: the {grant.key} key of a user was altered; restore it from a backup.")
        keys[grant.key][grant.epoch] = key
    return keys


# --- The register ---


def add(register: Register, user: User, name: str) -> Register:
    """The register with one user more.

    Raises:
        InvalidInput: there is one of this name.
    """
    if register.find(user.label) is not None:
        raise InvalidInput(f"user: {name} can open this case already")
    return msgspec.structs.replace(register, users=(*register.users, user))


def remove(register: Register, user: str, name: str, *, losing: Collection[str] = ()) -> Register:
    """The register without a user. `losing` names keys that may be lost with the last one who holds them.

    Raises:
        NotFound: there is no such user.
        NotAllowed: it is the last user, or the last one who holds a key.
    """
    gone = find(register, user, name)
    if len(register.users) == 1:
        raise NotAllowed(f"{name} is the last one who can open this case; add another user first.")
    for key in sorted(set(register.epochs) - set(losing)):
        if register.holders(key) == (gone,):
            raise NotAllowed(
                f"{name} is the last one who holds the {key} key; what it seals would be lost. Share it first."
            )
    return msgspec.structs.replace(register, users=tuple(each for each in register.users if each.label != user))


def make_key(case_id: UUID, register: Register, key: str, holders: Collection[str]) -> tuple[Register, SecretBytes]:
    """A new key, or a new epoch of one, granted to the users with these labels; the register, and the key."""
    epoch, secret = register.epochs.get(key, 0) + 1, SecretBytes(secrets.token_bytes(_KEY))
    register = msgspec.structs.replace(register, epochs=register.epochs | {key: epoch})
    for user in register.users:
        if user.label in holders:
            register = register.replaced(_granted_too(case_id, user, key, {epoch: secret}))
    return register, secret


def share(case_id: UUID, register: Register, user: str, key: str, epochs: Mapping[int, bytes]) -> Register:
    """Grant a user every epoch of a key that the granting user holds; what the user has already stays as it is."""
    found = find(register, user, "the user")
    missing = {epoch: secret for epoch, secret in epochs.items() if epoch not in found.holds(key)}
    return register.replaced(_granted_too(case_id, found, key, missing))


def revoke(register: Register, user: str, key: str) -> Register:
    """Take away a user's grants of a key. What the user could read before may have been copied: rotate the key."""
    found = find(register, user, "the user")
    grants = tuple(grant for grant in found.grants if grant.key != key)
    return register.replaced(msgspec.structs.replace(found, grants=grants))


def rotate(case_id: UUID, register: Register, key: str) -> tuple[Register, SecretBytes]:
    """A new epoch of a key for all who hold the present one; the register, and the new key."""
    return make_key(case_id, register, key, [user.label for user in register.holders(key)])


def find(register: Register, user: str, name: str) -> User:
    """The user with a label; `name` is for the refusal.

    Raises:
        NotFound: there is none.
    """
    found = register.find(user)
    if found is None:
        raise NotFound(f"{name} cannot open this case.")
    return found


def _granted_too(case_id: UUID, user: User, key: str, epochs: Mapping[int, bytes]) -> User:
    public_key = X25519PublicKey.from_public_bytes(user.public_key)
    grants = [
        Grant(key, epoch, _SUITE.encrypt(bytes(secret), public_key, _grant_info(case_id, user.label, key, epoch)))
        for epoch, secret in sorted(epochs.items())
    ]
    return msgspec.structs.replace(user, grants=(*user.grants, *grants))


def _grant_info(case_id: UUID, user: str, key: str, epoch: int) -> bytes:
    return f"breach grant 1|{case_id.hex}|{user}|{key}|{epoch}".encode()


def _with_private(case_id: UUID, user: User, who: Identity) -> User:
    plain = SecretBytes(
        msgspec.msgpack.encode(_Private(who.user, bytes(who.private_key), bytes(who.totp) if who.totp else None))
    )
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(who.own_key).encrypt(nonce, plain, _private_info(case_id, user))
    return msgspec.structs.replace(user, private=nonce + sealed)


def _identity(case_id: UUID, user: User, own_key: bytes) -> Identity:
    altered = CaseUnusable("case.json: what is kept of a user was altered; restore it from a backup.")
    try:
        plain = AESGCM(own_key).decrypt(user.private[:_NONCE], user.private[_NONCE:], _private_info(case_id, user))
    except (InvalidTag, ValueError):
        raise altered from None
    found = msgspec.msgpack.decode(SecretBytes(plain), type=_Private)
    who = Identity(found.user, own_key, found.private_key, found.totp)
    public_key = X25519PrivateKey.from_private_bytes(bytes(who.private_key)).public_key()
    if public_key.public_bytes_raw() != user.public_key or label(case_id, who.user) != user.label:
        raise altered  # a key sealed to somebody else's public half must not pass for this user's
    return who


def _private_info(case_id: UUID, user: User) -> bytes:
    return f"breach user 1|{case_id.hex}|{user.label}|{user.public_key.hex()}".encode()

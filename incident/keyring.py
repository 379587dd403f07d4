"""The keys of an open case: subkeys by purpose, what signs, and a key for each incident that can be destroyed."""

import os
import struct
from collections.abc import Iterable
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from incident.access.held import CASE, SIGNING, HeldKeys, subkey
from incident.access.keystore import KeyStore
from incident.access.secrets import SecretBytes
from incident.errors import CaseUnusable, NotAllowed, NotFound

_KEY, _NONCE = 32, 12
_EPOCH = struct.Struct(">I")


class CaseKeyRing:
    """`incident.ports.KeyRing` of a user who is in."""

    def __init__(self, held: HeldKeys, case_id: UUID, store: KeyStore) -> None:
        self._held = held
        self._case_id = case_id
        self._store = store
        self._subkeys: dict[tuple[str, int], SecretBytes] = {}

    def __repr__(self) -> str:
        return f"CaseKeyRing({self._case_id})"

    @property
    def epoch(self) -> int:
        """The newest epoch of the case key: what is sealed now is sealed with it."""
        return self._held.newest(CASE)

    def key(self, purpose: str, epoch: int = 1) -> bytes:
        """32 bytes derived from the case key of an epoch for one purpose.

        Raises:
            CaseUnusable: the user does not hold that epoch.
        """
        found = self._subkeys.get((purpose, epoch))
        if found is None:
            found = subkey(self._held.key(CASE, epoch), self._case_id, purpose)
            self._subkeys[purpose, epoch] = found
        return found

    def signing_key(self) -> Ed25519PrivateKey:
        """The key that signs checkpoints and packs of this case (RFC 8032).

        Raises:
            NotAllowed: the user was not granted it.
        """
        if not self._held.newest(SIGNING):
            raise NotAllowed(
                "You may read and verify this case, not sign for it: you were not granted its signing key."
            )
        return Ed25519PrivateKey.from_private_bytes(bytes(self._held.key(SIGNING, self._held.newest(SIGNING))))

    def incident_key(self, incident_id: UUID) -> bytes:
        """32 random bytes kept wrapped for one incident, made at first use.

        Raises:
            NotFound: the key was destroyed.
            CaseUnusable: the key store cannot be used, or the key in it was altered.
        """
        wrapped = self._store.get(incident_id.bytes)
        if wrapped is None:
            if self._store.is_destroyed(incident_id.bytes):
                raise NotFound("The key of this incident was destroyed; its people can no longer be read.")
            wrapped = self._store.add(incident_id.bytes, self._wrap(incident_id.bytes, SecretBytes(os.urandom(_KEY))))
        return self._unwrap(incident_id.bytes, wrapped)

    def destroy_incident_key(self, incident_id: UUID) -> None:
        """Destroy the incident's key beyond recovery: its people can no longer be read.

        Copies of keys.db made before (backups) still hold it.
        """
        self._store.destroy(incident_id.bytes)

    def faults(self, needed: Iterable[UUID] = ()) -> list[str]:
        """What is wrong with the kept keys of incidents, one sentence each; `needed` are those that must be there.

        Raises:
            CaseUnusable: the key store cannot be read.
        """
        kept = self._store.all()
        found = [f"keys.db is damaged: {finding}" for finding in self._store.file_faults()]
        found += [
            f"keys.db: the key of incident {incident_id.hex} "
            f"{'was destroyed' if self._store.is_destroyed(incident_id.bytes) else 'is missing'}: "
            "its people cannot be read"
            for incident_id in needed
            if incident_id.bytes not in kept
        ]
        for raw_id, wrapped in kept.items():
            try:
                self._unwrap(raw_id, wrapped)
            except CaseUnusable:
                found.append(f"keys.db: the key of incident {raw_id.hex()} was altered")
            if self._store.is_destroyed(raw_id):
                found.append(f"keys.db: the key of incident {raw_id.hex()} is marked as destroyed and is there")
        return found

    def wrap_anew(self) -> None:
        """Wrap the keys of all incidents with the newest epoch of the case key.

        Raises:
            CaseUnusable: the key store cannot be used, or a key in it was altered; nothing was changed.
        """
        self._store.replace(lambda raw_id, wrapped: self._wrap(raw_id, self._unwrap(raw_id, wrapped)))

    def _unwrap(self, incident_id: bytes, wrapped: bytes) -> SecretBytes:
        header, body = wrapped[: _EPOCH.size], wrapped[_EPOCH.size :]
        try:
            aead = AESGCM(self.key("incident keys", *_EPOCH.unpack(header)))
            return SecretBytes(aead.decrypt(body[:_NONCE], body[_NONCE:], header + incident_id))
        except (InvalidTag, ValueError, struct.error, CaseUnusable):
            raise CaseUnusable("The key of this incident was altered; restore keys.db from a backup.") from None

    def _wrap(self, incident_id: bytes, key: bytes) -> bytes:
        header, nonce = _EPOCH.pack(self.epoch), os.urandom(_NONCE)
        aead = AESGCM(self.key("incident keys", self.epoch))
        return header + nonce + aead.encrypt(nonce, key, header + incident_id)

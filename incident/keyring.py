"""The keys of an open case: one case key, subkeys by purpose, and a key for each incident that can be destroyed."""

import os
from collections.abc import Iterable
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from incident.access.keystore import KeyStore
from incident.access.secrets import SecretBytes
from incident.errors import CaseUnusable, NotFound

_KEY, _NONCE = 32, 12


class CaseKeyRing:
    """`incident.ports.KeyRing`. Subkeys come from the case key by HKDF-SHA256 (RFC 5869), salted with the case id."""

    def __init__(self, case_key: bytes, case_id: UUID, store: KeyStore) -> None:
        self._case_key = SecretBytes(case_key)
        self._case_id = case_id
        self._store = store

    def __repr__(self) -> str:
        return f"CaseKeyRing({self._case_id})"

    def key(self, purpose: str) -> bytes:
        """32 bytes derived from the case key for one purpose."""
        info = b"breach case key 1|" + purpose.encode()
        return SecretBytes(HKDF(SHA256(), _KEY, salt=self._case_id.bytes, info=info).derive(self._case_key))

    def signing_key(self) -> Ed25519PrivateKey:
        """The key that signs for this case (RFC 8032); whoever has the case key has it too."""
        return Ed25519PrivateKey.from_private_bytes(self.key("signing"))

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
            wrapped = self._store.add(incident_id.bytes, self._wrap(incident_id, SecretBytes(os.urandom(_KEY))))
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

    def _unwrap(self, incident_id: bytes, wrapped: bytes) -> SecretBytes:
        try:
            return SecretBytes(self._aead().decrypt(wrapped[:_NONCE], wrapped[_NONCE:], incident_id))
        except (InvalidTag, ValueError):
            raise CaseUnusable("The key of this incident was altered; restore keys.db from a backup.") from None

    def _wrap(self, incident_id: UUID, key: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._aead().encrypt(nonce, key, incident_id.bytes)

    def _aead(self) -> AESGCM:
        return AESGCM(self.key("incident keys"))

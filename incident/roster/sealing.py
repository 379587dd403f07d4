"""How one person's data are sealed: AES-256-GCM under a key of their own, and that key wrapped by the incident's.

* The incident key is split by HKDF-SHA256 (RFC 5869) into a wrapping key and an index key, so that no key serves two uses.
* A data key (32 random bytes) seals exactly one envelope; a corrected row gets a new one.
* Wrapping is AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D, 8.2.2: at most 2^32 wraps under one key).
* Both bind roster, row and their purpose as associated data: an envelope or key moved to another row does not open.
"""

import hmac
import os
from collections.abc import Iterable, Iterator
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from incident.errors import CaseUnusable

KEY, NONCE, TAG = 32, 12, 16
WRAPPED = NONCE + KEY + TAG
TOKEN = 8
"""Bytes kept of an index token. False matches are rare and are sorted out by opening the envelopes."""

_ENVELOPE, _WRAP = b"breach/roster/1/envelope|", b"breach/roster/1/key|"


class Sealer:
    """Seals and opens the people of one incident. Its keys stay inside it."""

    __slots__ = ("_index_key", "_wrapping")

    def __init__(self, incident_key: bytes) -> None:
        derived = HKDF(SHA256(), 2 * KEY, salt=None, info=b"breach/roster/1").derive(incident_key)
        self._wrapping = AESGCM(derived[:KEY])
        self._index_key = derived[KEY:]

    def seal(self, roster: UUID, rows: Iterable[tuple[int, bytes]]) -> Iterator[tuple[bytes, bytes]]:
        """For each row its envelope and its wrapped data key."""
        wrap = self._wrapping.encrypt
        for row, plain in rows:
            place = roster.bytes + row.to_bytes(8, "big")
            chance = os.urandom(KEY + 2 * NONCE)
            data_key, nonce, wrap_nonce = chance[:KEY], chance[KEY : KEY + NONCE], chance[KEY + NONCE :]
            envelope = nonce + AESGCM(data_key).encrypt(nonce, plain, _ENVELOPE + place)
            yield envelope, wrap_nonce + wrap(wrap_nonce, data_key, _WRAP + place)

    def open(self, roster: UUID, row: int, envelope: bytes, wrapped: bytes) -> bytes:
        """What was sealed.

        Raises:
            CaseUnusable: the envelope or its key was altered, or belongs to another row or incident.
        """
        place = roster.bytes + row.to_bytes(8, "big")
        try:
            data_key = self._wrapping.decrypt(wrapped[:NONCE], wrapped[NONCE:], _WRAP + place)
            return AESGCM(data_key).decrypt(envelope[:NONCE], envelope[NONCE:], _ENVELOPE + place)
        except (InvalidTag, ValueError):
            raise CaseUnusable(
                f"row {row} of the roster does not open: it was altered or sealed under another key"
            ) from None

    def token(self, word: str) -> bytes:
        """The blind-index token of a word: HMAC-SHA256, cut short. Equal words give equal tokens, and only that shows."""
        return hmac.digest(self._index_key, word.encode(), "sha256")[:TOKEN]

    def digest_key(self) -> bytes:
        """A key for digests that leave no trace in the vault."""
        return hmac.digest(self._index_key, b"breach/roster/1/digests", "sha256")

"""How one person's data are sealed: AES-256-GCM under a key of their own, and that key wrapped by the incident's.

* The incident key is split by HKDF-SHA256 (RFC 5869) into a wrapping key and an index key, no key has two uses.
* A data key (32 random bytes) seals exactly one envelope; a corrected row gets a new one.
* Wrapping is AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D, 8.2.2: at most 2^32 wraps under one key).
* Both bind roster, row and their purpose as associated data: an envelope or key moved to another row does not open.
"""

import hashlib
import os
from collections.abc import Iterable, Sequence
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

_ROW = 5
INDEX_ENTRY = TOKEN + _ROW
"""Bytes of an entry of the blind index."""

_ENVELOPE, _WRAP = b"breach/roster/1/envelope|", b"breach/roster/1/key|"


class Sealer:
    """Seals and opens the people of one incident. Its keys stay inside it."""

    __slots__ = ("_index_key", "_tokens", "_wrapping")

    def __init__(self, incident_key: bytes) -> None:
        derived = HKDF(SHA256(), 2 * KEY, salt=None, info=b"breach/roster/1").derive(incident_key)
        self._wrapping = AESGCM(derived[:KEY])
        self._index_key = derived[KEY:]
        self._tokens = hashlib.blake2b(digest_size=TOKEN, key=self._index_key, person=b"index")

    def seal(self, roster: UUID, row: int, plain: bytes) -> tuple[bytes, bytes]:
        """The envelope of a row and its wrapped data key."""
        return self.seal_run(roster, [row], [plain])[0]

    def seal_run(self, roster: UUID, rows: Sequence[int], plains: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
        """The envelopes and wrapped data keys of many rows, each under a key and nonces of its own."""
        size = KEY + 2 * NONCE
        chance, wrap = os.urandom(size * len(rows)), self._wrapping.encrypt
        envelope_place, wrap_place = _ENVELOPE + roster.bytes, _WRAP + roster.bytes
        sealed = []
        for at, row, plain in zip(range(0, len(chance), size), rows, plains, strict=True):
            place = row.to_bytes(8, "big")
            data_key = chance[at : at + KEY]
            nonce, wrap_nonce = chance[at + KEY : at + KEY + NONCE], chance[at + KEY + NONCE : at + size]
            sealed.append(
                (
                    nonce + AESGCM(data_key).encrypt(nonce, plain, envelope_place + place),
                    wrap_nonce + wrap(wrap_nonce, data_key, wrap_place + place),
                )
            )
        return sealed

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
        """The blind-index token of a word: keyed BLAKE2b (RFC 7693, 2.9), cut short.

        Equal words give equal tokens, and only that shows. It is chosen over HMAC-SHA256, of the same strength here,
        because a roster of a million people has four million tokens.
        """
        hashed = self._tokens.copy()
        hashed.update(word.encode())
        return hashed.digest()

    def digest_key(self) -> bytes:
        """A key for digests that leave no trace in the vault."""
        return hashlib.blake2b(digest_size=KEY, key=self._index_key, person=b"digests").digest()


def index_entries(tokens: Iterable[bytes], row: int) -> bytes:
    """The entries of the blind index for a row, one behind the other."""
    place = row.to_bytes(_ROW, "big")
    return place.join((*tokens, b""))


def index_entry(token: bytes, row: int) -> bytes:
    """An entry of the blind index: the token of a word and a row that holds it."""
    return token + row.to_bytes(_ROW, "big")

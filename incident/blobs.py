"""Evidence and rendered documents: sealed, and found by what they contain.

A document is named by a keyed hash of the SHA-256 of its content, so that the store does not tell even to somebody who
has a document whether the case holds it. Its bytes are `format (1) | nonce (12) | AES-256-GCM ciphertext and tag`, with
the SHA-256 as associated data.
"""

import hashlib
import hmac
import os
import re
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from incident.errors import CaseUnusable, NotFound
from incident.ports import KeyRing
from incident.stores.base import Shelf

_FORMAT = b"\x01"
_NONCE = 12
_BODY = len(_FORMAT) + _NONCE


class SealedBlobStore:
    """`incident.ports.BlobStore` on a shelf of a store."""

    def __init__(self, shelf: Shelf, keyring: KeyRing) -> None:
        self._shelf = shelf
        self._names = keyring.key("blob names")
        self._aead = AESGCM(keyring.key("blobs"))

    def put(self, content: bytes) -> str:
        """Keep the content durably and return its SHA-256 in hex. Putting the same content again is harmless.

        Raises:
            CaseUnusable: the store cannot be written; nothing was kept.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        if not self._is_whole(sha256):
            nonce = os.urandom(_NONCE)
            sealed = _FORMAT + nonce + self._aead.encrypt(nonce, content, bytes.fromhex(sha256))
            self._shelf.put(self._name(sha256), sealed)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The content.

        Raises:
            NotFound: it is missing.
            CaseUnusable: it was altered, or cannot be read.
        """
        if not _is_sha256(sha256):
            raise NotFound(f"{sha256!r} is not the SHA-256 of a document.")
        sealed = self._shelf.get(self._name(sha256))
        if sealed is None:
            raise NotFound(f"The document with SHA-256 {sha256} is missing from the case.")
        altered = CaseUnusable(f"The document with SHA-256 {sha256} was altered.")
        if not sealed.startswith(_FORMAT):
            raise altered
        try:
            content = self._aead.decrypt(sealed[len(_FORMAT) : _BODY], sealed[_BODY:], bytes.fromhex(sha256))
        except (InvalidTag, ValueError):
            raise altered from None
        if hashlib.sha256(content).hexdigest() != sha256.lower():
            raise altered
        return content

    def __contains__(self, sha256: str) -> bool:
        return _is_sha256(sha256) and self._name(sha256) in self._shelf

    def strays(self, known: Iterable[str]) -> int:
        """How much there is on the shelf that is not a document of these SHA-256.

        Raises:
            CaseUnusable: the store cannot be read.
        """
        expected = {self._name(sha256) for sha256 in known if _is_sha256(sha256)}
        return sum(1 for name in self._shelf.names() if name not in expected)

    def _is_whole(self, sha256: str) -> bool:
        """A document that was altered does not count: putting its content again repairs it."""
        try:
            self.get(sha256)
        except (NotFound, CaseUnusable):
            return False
        return True

    def _name(self, sha256: str) -> str:
        return hmac.new(self._names, bytes.fromhex(sha256), hashlib.sha256).hexdigest()


def _is_sha256(text: str) -> bool:
    return re.fullmatch(r"[0-9a-fA-F]{64}", text) is not None

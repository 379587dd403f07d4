"""Evidence and rendered documents: sealed, and found by what they contain.

A document is named by a keyed hash of the SHA-256 of its content, so that the store does not tell even to somebody who
has a document whether the case holds it. Its bytes are `format (1) | epoch of the case key (4) | nonce (12) |
AES-256-GCM ciphertext and tag`, with the SHA-256 and everything before the nonce as associated data. Names are made
with the first epoch for ever, so that a document is found after a rotation of the keys.
"""

import hashlib
import hmac
import os
import re
import struct
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from incident.errors import CaseUnusable, NotFound
from incident.ports import KeyRing
from incident.stores.base import Shelf

_FORMAT = 2
_HEADER = struct.Struct(">BI")
_NONCE = 12
_BODY = _HEADER.size + _NONCE
_NOTE = b"note:"
"""Before the name of a note, so that it is never taken for the 32 bytes of a hash."""


class SealedBlobStore:
    """`incident.ports.BlobStore` on a shelf of a store."""

    def __init__(self, shelf: Shelf, keyring: KeyRing) -> None:
        self._shelf = shelf
        self._names = keyring.key("blob names")
        self._keyring = keyring

    def put(self, content: bytes) -> str:
        """Keep the content durably and return its SHA-256 in hex. Putting the same content again is harmless.

        Raises:
            CaseUnusable: the store cannot be written; nothing was kept.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        if not self._is_whole(sha256):
            self._shelf.put(self._name(sha256), self._sealed(content, bytes.fromhex(sha256)))
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
        content = self._opened(sealed, bytes.fromhex(sha256), altered)
        if hashlib.sha256(content).hexdigest() != sha256.lower():
            raise altered
        return content

    def __contains__(self, sha256: str) -> bool:
        return _is_sha256(sha256) and self._name(sha256) in self._shelf

    def discard(self, sha256: str) -> None:
        """Take away content that no entry of the log speaks of; harmless where it is missing."""
        if _is_sha256(sha256):
            self._shelf.remove(self._name(sha256))

    def note(self, name: str) -> bytes | None:
        """What was noted under a name, or None.

        Raises:
            CaseUnusable: it was altered, or cannot be read.
        """
        sealed = self._shelf.get(self._note_name(name))
        if sealed is None:
            return None
        return self._opened(sealed, _NOTE + name.encode(), CaseUnusable(f"The note {name!r} was altered."))

    def write_note(self, name: str, content: bytes) -> None:
        """Note something durably in the place of what was noted before; the store sees neither name nor content."""
        self._shelf.put(self._note_name(name), self._sealed(content, _NOTE + name.encode()))

    def drop_note(self, name: str) -> None:
        """Take a note away; harmless where there is none."""
        self._shelf.remove(self._note_name(name))

    def strays(self, known: Iterable[str], notes: Iterable[str] = ()) -> int:
        """How much there is on the shelf that is neither a document of these SHA-256 nor a note of these names.

        Raises:
            CaseUnusable: the store cannot be read.
        """
        expected = {self._name(sha256) for sha256 in known if _is_sha256(sha256)} | set(map(self._note_name, notes))
        return sum(1 for name in self._shelf.names() if name not in expected)

    def _is_whole(self, sha256: str) -> bool:
        """A document that was altered does not count: putting its content again repairs it."""
        try:
            self.get(sha256)
        except (NotFound, CaseUnusable):
            return False
        return True

    def _sealed(self, content: bytes, bound_to: bytes) -> bytes:
        nonce, epoch = os.urandom(_NONCE), self._keyring.epoch
        header = _HEADER.pack(_FORMAT, epoch)
        return header + nonce + AESGCM(self._keyring.key("blobs", epoch)).encrypt(nonce, content, header + bound_to)

    def _opened(self, sealed: bytes, bound_to: bytes, altered: CaseUnusable) -> bytes:
        header, nonce = sealed[: _HEADER.size], sealed[_HEADER.size : _BODY]
        try:
            layout, epoch = _HEADER.unpack(header)
            if layout != _FORMAT:
                raise altered
            aead = AESGCM(self._keyring.key("blobs", epoch))
            return aead.decrypt(nonce, sealed[_BODY:], header + bound_to)
        except (InvalidTag, ValueError, struct.error, CaseUnusable):
            raise altered from None

    def _note_name(self, name: str) -> str:
        return hmac.new(self._names, _NOTE + name.encode(), hashlib.sha256).hexdigest()

    def _name(self, sha256: str) -> str:
        return hmac.new(self._names, bytes.fromhex(sha256), hashlib.sha256).hexdigest()


def _is_sha256(text: str) -> bool:
    return re.fullmatch(r"[0-9a-fA-F]{64}", text) is not None

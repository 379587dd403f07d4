"""Evidence and rendered documents: sealed files, found by what they contain.

A file is named by a keyed hash of the SHA-256 of its content, so that the folder does not tell even to somebody who has
a document whether the case holds it. Its bytes are `format (1) | nonce (12) | AES-256-GCM ciphertext and tag`, with the
SHA-256 as associated data.
"""

import hashlib
import hmac
import os
import re
from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from incident.errors import CaseUnusable, NotFound
from incident.files import write_durably
from incident.ports import KeyRing

_FORMAT = b"\x01"
_NONCE = 12
_BODY = len(_FORMAT) + _NONCE


class FileBlobStore:
    """`incident.ports.BlobStore` in a folder."""

    def __init__(self, folder: Path, keyring: KeyRing) -> None:
        self._folder = folder
        self._names = keyring.key("blob names")
        self._aead = AESGCM(keyring.key("blobs"))

    def put(self, content: bytes) -> str:
        """Keep the content durably and return its SHA-256 in hex. Putting the same content again is harmless.

        Raises:
            CaseUnusable: the folder cannot be written; nothing was kept.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        if not self._is_whole(sha256):
            nonce = os.urandom(_NONCE)
            sealed = _FORMAT + nonce + self._aead.encrypt(nonce, content, bytes.fromhex(sha256))
            write_durably(self._path(sha256), sealed)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The content.

        Raises:
            NotFound: it is missing.
            CaseUnusable: it was altered, or cannot be read.
        """
        if not _is_sha256(sha256):
            raise NotFound(f"{sha256!r} is not the SHA-256 of a document.")
        try:
            sealed = self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise NotFound(f"The document with SHA-256 {sha256} is missing from the case.") from None
        except OSError as error:
            raise CaseUnusable(f"The document with SHA-256 {sha256} cannot be read: {error.strerror}.") from error
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
        return _is_sha256(sha256) and self._path(sha256).is_file()

    def strays(self, known: Iterable[str]) -> int:
        """How many files of the folder are not a document of these SHA-256.

        Raises:
            CaseUnusable: the folder cannot be read.
        """
        expected = {self._path(sha256) for sha256 in known if _is_sha256(sha256)}
        try:
            return sum(1 for path in self._folder.rglob("*") if not path.is_dir() and path not in expected)
        except OSError as error:
            raise CaseUnusable(f"The folder of documents cannot be read: {error.strerror}.") from error

    def _is_whole(self, sha256: str) -> bool:
        """A file that was altered does not count: putting its content again repairs it."""
        try:
            self.get(sha256)
        except (NotFound, CaseUnusable):
            return False
        return True

    def _path(self, sha256: str) -> Path:
        name = hmac.new(self._names, bytes.fromhex(sha256), hashlib.sha256).hexdigest()
        return self._folder / name[:2] / name


def _is_sha256(text: str) -> bool:
    return re.fullmatch(r"[0-9a-fA-F]{64}", text) is not None

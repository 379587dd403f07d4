"""Counsel's advice under a key of its own: the keys of the case do not open it.

The sealed bytes are `format (1) | epoch (4) | key commitment (32) | nonce (12) | ciphertext and tag`, AES-256-GCM. Each
text has a key of its own, derived from the advice key of its epoch and the place the text is bound to (HKDF-Expand,
RFC 5869), so that one text can be disclosed without the others. The commitment, a hash of that key, is what keeps one
ciphertext from being opened to two texts under two keys.
"""

import hashlib
import hmac
import os
import struct
from collections.abc import Callable, Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from incident.access.secrets import SecretBytes
from incident.errors import CaseUnusable, InvalidInput, NotAllowed

SEALED_FOR_COUNSEL = "This advice is sealed for counsel; ask counsel to share it."

_FORMAT = 1
_HEADER = struct.Struct(">BI")
_COMMITMENT, _NONCE = 32, 12
_BODY = _HEADER.size + _COMMITMENT + _NONCE


class AdviceSeal:
    """Seals advice and opens it again. `keys` are the advice keys that the user was granted, by epoch; or one, or none.

    What is sealed is sealed with the newest epoch that was granted. `again` looks what is granted now, for when counsel
    shared the advice while the case was open.
    """

    def __init__(
        self, keys: Mapping[int, bytes] | bytes | None = None, *, again: Callable[[], Mapping[int, bytes]] | None = None
    ) -> None:
        self._keys = _secret({1: keys} if isinstance(keys, bytes) else keys or {})
        self._again = again

    def __repr__(self) -> str:
        return f"AdviceSeal(epochs={sorted(self._keys)})"

    @property
    def can_read(self) -> bool:
        """Whether the user was granted an advice key."""
        if not self._keys:
            self._look_again()
        return bool(self._keys)

    def seal(self, text: str, *, bound_to: bytes) -> bytes:
        """Seal a text so that it opens only for who holds the key, and only at the place it is bound to.

        Raises:
            NotAllowed: the user was granted no advice key.
            InvalidInput: the text has characters that cannot be stored.
        """
        if not self.can_read:
            raise NotAllowed(
                "Advice is sealed with the key of counsel, which you do not hold; ask counsel to share it."
            )
        try:
            plain = SecretBytes(text.encode())
        except UnicodeEncodeError as error:
            raise InvalidInput(f"text: it has characters that cannot be stored ({error.reason})") from None
        epoch = max(self._keys)
        key, nonce = self._key_of(epoch, bound_to), os.urandom(_NONCE)
        header = _HEADER.pack(_FORMAT, epoch)
        return header + _commitment(key) + nonce + AESGCM(key).encrypt(nonce, plain, header + bound_to)

    def open(self, sealed: bytes, *, bound_to: bytes) -> str:
        """The text.

        Raises:
            NotAllowed: the user was not granted the key it is sealed with.
            CaseUnusable: it was altered or moved, or was sealed by a newer version of the program.
        """
        altered = CaseUnusable("This advice was altered or moved; it cannot be read.")
        if len(sealed) <= _BODY:
            raise altered
        layout, epoch = _HEADER.unpack_from(sealed)
        if layout != _FORMAT:
            raise CaseUnusable(f"This advice was sealed by another version of the program (format {layout}).")
        if epoch not in self._keys:
            self._look_again()
        if epoch not in self._keys:
            raise NotAllowed(SEALED_FOR_COUNSEL)
        key = self._key_of(epoch, bound_to)
        header, commitment = sealed[: _HEADER.size], sealed[_HEADER.size : _HEADER.size + _COMMITMENT]
        if not hmac.compare_digest(commitment, _commitment(key)):
            raise altered
        try:
            return AESGCM(key).decrypt(sealed[_BODY - _NONCE : _BODY], sealed[_BODY:], header + bound_to).decode()
        except (InvalidTag, ValueError):
            raise altered from None

    def _look_again(self) -> None:
        if self._again is not None:
            self._keys = _secret(self._again())

    def _key_of(self, epoch: int, bound_to: bytes) -> SecretBytes:
        return SecretBytes(hmac.digest(self._keys[epoch], b"advice|" + bound_to + b"\x01", "sha256"))


def _secret(keys: Mapping[int, bytes]) -> dict[int, SecretBytes]:
    return {epoch: SecretBytes(key) for epoch, key in keys.items()}


def _commitment(key: bytes) -> bytes:
    return hashlib.sha256(b"breach advice key" + key).digest()

"""The keys that a user holds while a case is open: by name, and by epoch where a key was rotated."""

from collections.abc import Callable, Mapping
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from incident.access.secrets import SecretBytes
from incident.errors import CaseUnusable

CASE, SIGNING, ADVICE = "case", "signing", "advice"
"""What everything of a case is derived from; what signs checkpoints and packs; what seals counsel's advice."""

_KEY = 32

Keys = Mapping[str, Mapping[int, bytes]]
"""Keys of 32 bytes by name and epoch; epochs count from 1."""


class HeldKeys:
    """Keys by name and epoch. `again` looks what the user is granted now, for when another process rotated a key."""

    def __init__(self, keys: Keys, *, again: Callable[[], Keys] | None = None) -> None:
        self._keys = _secret(keys)
        self._again = again

    def __repr__(self) -> str:
        return f"HeldKeys({ {name: sorted(epochs) for name, epochs in self._keys.items()} })"

    @property
    def all(self) -> Mapping[str, Mapping[int, SecretBytes]]:
        """Every key held."""
        return self._keys

    def newest(self, name: str) -> int:
        """The newest epoch held; 0 where none is."""
        return max(self._keys.get(name, ()), default=0)

    def key(self, name: str, epoch: int) -> SecretBytes:
        """One key.

        Raises:
            CaseUnusable: it is not held, even after looking again.
        """
        if epoch > self.newest(name):
            self.refresh()
        try:
            return self._keys[name][epoch]
        except KeyError:
            raise CaseUnusable(f"This needs epoch {epoch} of the {name} key, which you do not hold.") from None

    def refresh(self) -> None:
        """Look again what the user is granted."""
        if self._again is not None:
            self._keys = _secret(self._again())


def subkey(key: bytes, case_id: UUID, purpose: str) -> SecretBytes:
    """32 bytes derived for one purpose (HKDF-SHA256, RFC 5869), salted with the case id."""
    info = b"breach case key 1|" + purpose.encode()
    return SecretBytes(HKDF(SHA256(), _KEY, salt=case_id.bytes, info=info).derive(key))


def _secret(keys: Keys) -> dict[str, dict[int, SecretBytes]]:
    return {name: {epoch: SecretBytes(key) for epoch, key in epochs.items()} for name, epochs in keys.items()}

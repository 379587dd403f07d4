"""Signed checkpoints: what somebody outside keeps, to tell a log that was changed from the one they saw.

A checkpoint is a signed note of the form that transparency logs use (C2SP tlog-checkpoint and signed-note), so that
witnesses of such logs can read it too:

    breach-case/0f0e0d0c-…            the log, which is also the name of the key
    42                                how many entries
    CsUYapGGPo4dkMgIAUqom/Xajj7h…=    root of the Merkle tree over the links (RFC 6962), base64
    head 9f3ac1…                      the last link of the chain, hex
    time 2026-11-22T22:24:07+00:00    when it was taken, by the clock of the machine

    — breach-case/0f0e0d0c-… Az3grlgtzPIC…

The signature is Ed25519 (RFC 8032) over the lines above the empty one. It shows who made the checkpoint; that it is no
younger than it says is shown only by whoever keeps it, or by a time stamp.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from incident.errors import InvalidInput
from incident.log.chain import Anchor, Checkpoint

_ED25519 = b"\x01"
_KEY_ID, _SIGNATURE = 4, 64
_SIGNED_LINE = re.compile(r"\u2014 (\S+) ([A-Za-z0-9+/]+={0,2})")


@dataclass(frozen=True)
class Signature:
    """One signature line of a note."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True)
class SignedNote:
    """A text, with its last newline, and who signed it."""

    text: str
    signatures: tuple[Signature, ...]

    def is_signed_by(self, name: str, public_key: bytes) -> bool:
        """Whether one of the signatures is of this key."""
        key_id = _key_id(name, public_key)
        for found in self.signatures:
            if (found.name, found.key_id) == (name, key_id):
                try:
                    Ed25519PublicKey.from_public_bytes(public_key).verify(found.signature, self.text.encode())
                except (InvalidSignature, ValueError):
                    return False
                return True
        return False


def sign_note(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """The note; `text` ends with a newline."""
    signature = _key_id(name, key.public_key().public_bytes_raw()) + key.sign(text.encode())
    return f"{text}\n\u2014 {name} {base64.b64encode(signature).decode()}\n"


def read_note(content: str) -> SignedNote:
    """Read a note; mail may have changed its line ends, and put empty lines around it.

    Raises:
        InvalidInput: it is not a signed note.
    """
    content = content.replace("\r\n", "\n").strip() + "\n"
    text, gap, lines = content.rpartition("\n\n")
    found = [_SIGNED_LINE.fullmatch(line) for line in lines.splitlines()]
    if not gap or not found:
        raise InvalidInput("checkpoint: a signed checkpoint ends with an empty line and its signature; this does not")
    signatures = []
    for match in found:
        try:
            if match is None:
                raise InvalidInput("checkpoint: a line of signatures is not in the form of one")
            raw = base64.b64decode(match[2], validate=True)
        except binascii.Error:
            raise InvalidInput("checkpoint: a signature is not in base64") from None
        signatures.append(Signature(match[1], raw[:_KEY_ID], raw[_KEY_ID:]))
    return SignedNote(text + "\n", tuple(signatures))


def verifier_key(name: str, public_key: bytes) -> str:
    """The public key as it is given to others: `name+key id+base64`."""
    encoded = base64.b64encode(_ED25519 + public_key).decode()
    return f"{name}+{_key_id(name, public_key).hex()}+{encoded}"


def _key_id(name: str, public_key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public_key).digest()[:_KEY_ID]


# --- Checkpoints ---


@dataclass(frozen=True)
class TreeHead:
    """How long a log was at a moment, its last link, and the root of the tree over its links."""

    case_id: UUID
    count: int
    head: bytes
    root: bytes
    taken_at: datetime

    @property
    def anchor(self) -> Anchor:
        """What a log is held to."""
        return Anchor(self.count, int.from_bytes(self.head), whole=True, root=self.root)

    @property
    def code(self) -> str:
        """The code to read aloud."""
        return Checkpoint(self.count, self.head).code


def origin(case_id: UUID) -> str:
    """The name of a case's log and of the key that signs for it."""
    return f"breach-case/{case_id}"


def sign_checkpoint(tree: TreeHead, key: Ed25519PrivateKey) -> str:
    """The signed checkpoint, to be kept in a file."""
    name = origin(tree.case_id)
    root = base64.b64encode(tree.root).decode()
    text = f"{name}\n{tree.count}\n{root}\nhead {tree.head.hex()}\ntime {tree.taken_at.isoformat()}\n"
    return sign_note(text, name, key)


_CHECKPOINT = re.compile(
    r"breach-case/([0-9a-f-]{36})\n(0|[1-9]\d{0,17})\n([A-Za-z0-9+/]{43}=)\nhead ([0-9a-f]{64})\ntime (\S+)\n"
)


def is_signed(content: str) -> bool:
    """Whether this is meant to be a signed checkpoint rather than a code."""
    return "\n" in content.strip()


def read_signed_checkpoint(content: str) -> tuple[TreeHead, SignedNote]:
    """What a checkpoint says, and the note to check who signed it.

    Raises:
        InvalidInput: it is not a signed checkpoint.
    """
    note = read_note(content)
    match = _CHECKPOINT.fullmatch(note.text)
    if match is None:
        raise InvalidInput("checkpoint: the lines of a checkpoint are case, count, root, head and time; these are not")
    case_id, count, root, head, time = match.groups()
    try:
        taken_at = datetime.fromisoformat(time)
        tree = TreeHead(UUID(case_id), int(count), bytes.fromhex(head), base64.b64decode(root), taken_at)
    except ValueError:
        raise InvalidInput("checkpoint: its case or its time cannot be read") from None
    return tree, note

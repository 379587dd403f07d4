"""The hash chain over the stored bytes of the log, and the checkpoints that anchor it outside.

Each link hashes the link before it, the entry's place, and the hash of what is stored of it. The chain reads ciphertext
only, so it outlives the keys; and whoever has an entry's place and content hash can go along the chain without its
bytes, so that an entry can be withheld and still be accounted for. The first byte separates the domains: 0x00 and 0x01
are the leaves and nodes of the Merkle tree over the links (RFC 6962), 0x02 is a link, 0x03 the start, 0x04 a content.

A chain alone shows neither a cut tail nor an older copy nor a suffix that was rewritten and chained anew. A checkpoint
kept outside, count and head together, shows all three.
"""

import re
import struct
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from incident.errors import InvalidInput

_LINK, _START, _CONTENT = b"\x02", b"\x03breach case log 2", b"\x04"
_FIXED = struct.Struct(">c32sq16sq32s")
_LENGTH = struct.Struct(">I")
_ID_SIZE = 16


def start(case_id: UUID) -> bytes:
    """The link before the first entry: it ties a chain to its case."""
    return sha256(_START + case_id.bytes).digest()


def content_hash(topic: bytes, state: bytes) -> bytes:
    """The hash of what a stored entry holds, apart from its place.

    Raises:
        TypeError: these are not the columns of an entry.
    """
    return sha256(_begin(topic) + state).digest()


@lru_cache(maxsize=256)
def _begin(topic: bytes) -> bytes:
    """What the hash of each entry of a topic begins with."""
    return _CONTENT + _LENGTH.pack(len(topic)) + topic


def link(previous: bytes, position: int, *, stream: bytes, version: int, content: bytes) -> bytes:
    """The link of one stored entry, after the link before it.

    Raises:
        ValueError, struct.error: these are not the columns of an entry.
    """
    if len(stream) != _ID_SIZE:
        raise ValueError("the id of a stream has 16 bytes")
    return sha256(_FIXED.pack(_LINK, previous, position, stream, version, content)).digest()


def following(  # noqa: PLR0917 - called for every entry of a log: names cost time
    previous: bytes, position: int, stream: bytes, version: int, topic: bytes, state: bytes
) -> bytes:
    """`link` over `content_hash` in one step, for a check of a whole log.

    Raises:
        TypeError, ValueError, struct.error: these are not the columns of an entry.
    """
    if len(stream) != _ID_SIZE:
        raise ValueError("the id of a stream has 16 bytes")
    content = sha256(_begin(topic) + state).digest()
    return sha256(_FIXED.pack(_LINK, previous, position, stream, version, content)).digest()


# --- Checkpoints ---

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HEARD_AS = str.maketrans("OIL", "011")
_GROUP, _SYMBOLS, _SYMBOL_BITS = 4, 28, 5
_HEAD_BITS, _COUNT_BITS, _CHECK_BITS = 100, 30, 10


@dataclass(frozen=True)
class Checkpoint:
    """How long the log was, and its head. `str()` gives `count:hex`, to be kept in a file or a letter."""

    count: int
    head: bytes

    def __str__(self) -> str:
        return f"{self.count}:{self.head.hex()}"

    @property
    def code(self) -> str:
        """Seven groups of four characters to read aloud, such as `7Q2K-…`: head (100 bits), count, check bits.

        The check bits tell a slip of the tongue from a log that was changed.
        """
        body = _truncated(self.head) << _COUNT_BITS | self.count
        number = body << _CHECK_BITS | _check_bits(body)
        shifts = range((_SYMBOLS - 1) * _SYMBOL_BITS, -1, -_SYMBOL_BITS)
        symbols = "".join(_CROCKFORD[number >> shift & 31] for shift in shifts)
        return "-".join(symbols[i : i + _GROUP] for i in range(0, _SYMBOLS, _GROUP))


@dataclass(frozen=True)
class Anchor:
    """A checkpoint as somebody gave it back: the whole head, or the part of it that a code holds.

    `root` is the root of the Merkle tree at that length, where a signed checkpoint names it.
    """

    count: int
    head: int
    whole: bool
    root: bytes | None = None

    def confirms(self, head: bytes) -> bool:
        """Whether the log had this head when it was as long as the checkpoint says."""
        return self.head == (int.from_bytes(head) if self.whole else _truncated(head))


def read_checkpoint(text: str) -> Anchor:
    """Read a checkpoint from `count:hex` or from a code; O, I and L are read as 0, 1 and 1.

    Raises:
        InvalidInput: it is neither, or a character of the code is wrong.
    """
    text = "".join(text.split())
    if match := re.fullmatch(r"(\d{1,18}):([0-9a-fA-F]{64})", text):
        return Anchor(int(match[1]), int(match[2], 16), whole=True)
    symbols = text.replace("-", "").upper().translate(_HEARD_AS)
    if len(symbols) != _SYMBOLS or not set(symbols) <= set(_CROCKFORD):
        raise InvalidInput(f"checkpoint: a code has {_SYMBOLS} letters and digits, without U; this one has not")
    number = 0
    for symbol in symbols:
        number = number << _SYMBOL_BITS | _CROCKFORD.index(symbol)
    body, check = number >> _CHECK_BITS, number & (1 << _CHECK_BITS) - 1
    if check != _check_bits(body):
        raise InvalidInput("checkpoint: a character of the code is wrong; have it read out again")
    return Anchor(body & (1 << _COUNT_BITS) - 1, body >> _COUNT_BITS, whole=False)


def _truncated(head: bytes) -> int:
    return int.from_bytes(head) >> len(head) * 8 - _HEAD_BITS


def _check_bits(body: int) -> int:
    size = (_HEAD_BITS + _COUNT_BITS + 7) // 8
    return int.from_bytes(sha256(b"checkpoint" + body.to_bytes(size)).digest()[:2]) >> 16 - _CHECK_BITS

"""Merkle tree over envelopes: one root in the log commits to every person of a segment without naming anybody.

The tree and its proofs are those of RFC 6962, section 2.1 (SHA-256; leaves are hashed behind a zero byte and nodes
behind a one byte, so that a node can never pass for a leaf; an incomplete tree is split at the largest power of two).
"""

import hashlib
from collections.abc import Sequence

import msgspec

from incident.errors import InvalidInput

HASH_SIZE = 32


def leaf_hash(envelope: bytes) -> bytes:
    """The leaf for one sealed envelope."""
    return hashlib.sha256(b"\x00" + envelope).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes in order; the hash of nothing for none.

    Folds a level at a time: a last node without a partner moves up unchanged, which is the same tree as the recursive
    definition of RFC 6962.
    """
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = list(leaves)
    sha256 = hashlib.sha256
    while len(level) > 1:
        paired = [sha256(b"\x01" + level[index] + level[index + 1]).digest() for index in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            paired.append(level[-1])
        level = paired
    return level[0]


class InclusionProof(msgspec.Struct, frozen=True):
    """That the leaf stands at place `index` (from 0) of a tree of `size` leaves; `path` from the leaf upwards."""

    index: int
    size: int
    leaf: bytes
    path: tuple[bytes, ...]


def prove(leaves: Sequence[bytes], index: int) -> InclusionProof:
    """The audit path of one leaf.

    Raises:
        InvalidInput: there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise InvalidInput(f"index: {index} is not one of {len(leaves)} leaves")
    path: list[bytes] = []
    level, place = list(leaves), index
    while len(level) > 1:
        sibling = place ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        paired = [_node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            paired.append(level[-1])
        level, place = paired, place // 2
    return InclusionProof(index, len(leaves), leaves[index], tuple(path))


def verify(proof: InclusionProof, root: bytes) -> bool:
    """Whether the proof leads from its leaf to the root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= proof.index < proof.size or len(proof.leaf) != HASH_SIZE:
        return False
    place, last, current = proof.index, proof.size - 1, proof.leaf
    for sibling in proof.path:
        if last == 0 or len(sibling) != HASH_SIZE:
            return False
        if place & 1 or place == last:
            current = _node(sibling, current)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            current = _node(current, sibling)
        place >>= 1
        last >>= 1
    return last == 0 and current == root

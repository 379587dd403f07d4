"""The Merkle tree over the links of the chain (RFC 6962, section 2.1), grown an entry at a time.

The leaves are the links, so one root commits to every entry, its place, and everything before it. Proofs are those of
`incident.roster.commitments`, which has the same tree.
"""

import hashlib
from collections.abc import Iterable

from incident.roster.commitments import leaf_hash

_NODE = hashlib.sha256(b"\x01")


class Frontier:
    """What must be kept of a growing tree to know its root: one node for each whole subtree."""

    def __init__(self, links: Iterable[bytes] = ()) -> None:
        self.size = 0
        self._peaks: list[bytes] = []
        for link in links:
            self.add(link)

    def add(self, link: bytes) -> None:
        """Append a leaf."""
        node, size = leaf_hash(link), self.size
        while size & 1:  # each one bit of the old size is a whole subtree that the new leaf completes
            node = _join(self._peaks.pop(), node)
            size >>= 1
        self._peaks.append(node)
        self.size += 1

    @property
    def root(self) -> bytes:
        """The root of the tree as it is; the hash of nothing for none."""
        if not self._peaks:
            return hashlib.sha256(b"").digest()
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = _join(peak, root)
        return root


def _join(left: bytes, right: bytes) -> bytes:
    hashed = _NODE.copy()
    hashed.update(left + right)
    return hashed.digest()


class Tree:
    """The whole tree, for as many proofs as are wanted."""

    def __init__(self, links: Iterable[bytes]) -> None:
        level = [leaf_hash(link) for link in links]
        self._levels = [level]
        while len(level) > 1:
            whole = len(level) - len(level) % 2
            level = [_join(level[at], level[at + 1]) for at in range(0, whole, 2)] + level[whole:]
            self._levels.append(level)

    def path(self, index: int) -> tuple[bytes, ...]:
        """The audit path of a leaf, counted from 0, from the leaf upwards."""
        path = []
        for level in self._levels[:-1]:
            if index ^ 1 < len(level):
                path.append(level[index ^ 1])
            index //= 2
        return tuple(path)

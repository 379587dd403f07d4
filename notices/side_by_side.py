"""Two texts of a notice beside each other: line against line, and within a line word against word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

import msgspec

from notices.redline import Mark, differences

Runs = tuple[tuple[Mark, str], ...]
"""A line as runs of words: the same in both texts (=), in the left one only (-), in the right one only (+)."""

_ALIKE: Final = 0.4
"""Of two lines, from which they are two versions of one."""


class Pair(msgspec.Struct, frozen=True):
    """A line of each text; None where one has nothing there."""

    left: Runs | None
    right: Runs | None

    @property
    def same(self) -> bool:
        """Whether both texts say it."""
        return self.left == self.right


def side_by_side(left: str, right: str) -> tuple[Pair, ...]:
    """The lines of both texts in order; every line of each stands in exactly one pair."""
    a, b = left.split("\n"), right.split("\n")
    found: list[Pair] = []
    for act, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if act == "equal":
            found += [Pair((("=", line),), (("=", line),)) for line in a[i:j]]
        else:
            found += _changed(a[i:j], b[k:m])
    return tuple(found)


def _changed(a: Sequence[str], b: Sequence[str]) -> Iterator[Pair]:
    """Lines that differ: those that are versions of one another in pairs, the others alone."""
    waiting = list(b)
    for line in a:
        match = next((place for place, other in enumerate(waiting) if _alike(line, other)), None)
        if match is None:
            yield Pair((("-", line),), None)
            continue
        for other in waiting[:match]:
            yield Pair(None, (("+", other),))
        runs = differences(line, waiting[match])
        del waiting[: match + 1]
        yield Pair(
            tuple(run for run in runs if run[0] != "+"),
            tuple(run for run in runs if run[0] != "-"),
        )
    for other in waiting:
        yield Pair(None, (("+", other),))


def _alike(one: str, other: str) -> bool:
    if not one.strip() or not other.strip():
        return one.strip() == other.strip()
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio() >= _ALIKE


def changes(pairs: Sequence[Pair]) -> tuple[int, ...]:
    """Where each difference begins: the first of every run of pairs that are not the same."""
    before = (None, *pairs)
    return tuple(
        place
        for place, (previous, pair) in enumerate(zip(before, pairs, strict=False))
        if not pair.same and (previous is None or previous.same)
    )

"""Two texts of a notice beside each other or, where there is no room, one above the other. Pure.

What differs has a mark in front of its line and is underlined: nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from notices.side_by_side import Pair, Runs, changes
from tui.margin import wrapped

BESIDE = 140
"""Columns from which two texts have room beside each other."""
_BETWEEN = 5


def lines_of(pairs: Sequence[Pair], width: int) -> tuple[tuple[Text, ...], tuple[int, ...]]:
    """The lines to show in a width, and the numbers of those where a difference begins."""
    lines: list[Text] = []
    starts = []
    begin = set(changes(pairs))
    for place, pair in enumerate(pairs):
        if place in begin:
            starts.append(len(lines))
        lines += _beside(pair, width) if width >= BESIDE else _above(pair, width)
    return tuple(lines), tuple(starts)


def _beside(pair: Pair, width: int) -> list[Text]:
    half = (width - _BETWEEN) // 2
    left, right = _wrapped(pair.left, half), _wrapped(pair.right, half)
    mark = " " if pair.same else "‹" if pair.right is None else "›" if pair.left is None else "≠"
    rows = []
    for number in range(max(len(left), len(right))):
        row = Text(no_wrap=True, end="")
        one = left[number] if number < len(left) else Text()
        row.append_text(one).append(" " * (half - one.cell_len)).append(f"  {mark}  ", style="bold")
        if number < len(right):
            row.append_text(right[number])
        rows.append(row)
    return rows


def _above(pair: Pair, width: int) -> list[Text]:
    sides = [(" ", pair.left)] if pair.same else [("‹", pair.left), ("›", pair.right)]
    return [
        Text(no_wrap=True, end="").append(f"{mark} ", style="bold").append_text(line)
        for mark, runs in sides
        if runs is not None
        for line in _wrapped(runs, width - 2)
    ]


def _wrapped(runs: Runs | None, width: int) -> list[Text]:
    if runs is None:
        return []
    line = Text(end="")
    for mark, words in runs:
        line.append(words, style="" if mark == "=" else "bold underline")
    return [line[start:end] for start, end in wrapped(line.plain, max(width, 10))]


def comparison_words(left: str, right: str, pairs: Sequence[Pair]) -> Text:
    """us.adult.en ‹ › ca.adult.en: 4 differences."""
    count = len(changes(pairs))
    told = "the same text" if not count else f"{count} difference{'' if count == 1 else 's'}"
    return Text.assemble((f"‹ {left}", "bold"), "   ", (f"› {right}", "bold"), f"   {told}")


def plain_lines(pairs: Sequence[Pair]) -> tuple[str, ...]:
    """What differs, for a pipe: lines of the left text with -, of the right one with +; the same lines are left out."""
    found = []
    for pair in pairs:
        if not pair.same:
            found += [
                f"{mark} {''.join(words for _, words in runs)}"
                for mark, runs in (("-", pair.left), ("+", pair.right))
                if runs is not None
            ]
    return tuple(found)

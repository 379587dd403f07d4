"""What changed between two texts, word by word, the way a person marks it: whole words out, whole words in."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Final, Literal

Mark = Literal["=", "-", "+"]

_WORDS: Final = re.compile(r"\n|[^\S\n]+|[\w’'-]+|[^\w\s]")


def differences(before: str, after: str) -> tuple[tuple[Mark, str], ...]:
    """The texts as runs that stayed (=), went (-) and came (+), in reading order; what went stands before what came."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    found: list[tuple[Mark, str]] = []
    for act, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            found.append(("=", "".join(old[i:j])))
            continue
        if j > i:
            found.append(("-", "".join(old[i:j])))
        if m > k:
            found.append(("+", "".join(new[k:m])))
    return tuple(found)

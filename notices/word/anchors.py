"""Where things stand in a Word file of a notice: bookmarks, which every word processor keeps, before boxes of words.

Content controls would say the same in Word; other word processors turn them into something else when they save. A
bookmark name has up to 40 letters, digits and underscores (ECMA-376 part 1, 17.13.6.2, as Word limits it).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Final

from lxml import etree

from notices.word.markup import w

NOTICE: Final = "notice_"
REDLINE: Final = "redline_"
SENT: Final = "sent_"
READING: Final = "reading_"
_FIELD: Final = "f_"
_SHOWN: Final = 10
"""Characters of a fingerprint: it tells other words from these; nobody gains by forging one."""
MERGE_FIELD: Final = re.compile("«[^»\n]*»")


def fingerprint(words: str) -> str:
    """By which a text is known again, however a word processor sets its spaces."""
    return hashlib.sha256(" ".join(words.split()).encode()).hexdigest()[:_SHOWN]


def field_anchor(field: str, words: str) -> str:
    """The bookmark in front of the box of a field."""
    return f"{_FIELD}{field}_{fingerprint(words)}"


def sent_anchor(known: Sequence[str], sent: Sequence[str]) -> str:
    """The bookmark that says which of the fields of a kind stand in the file: one bit each, in hexadecimal digits."""
    return f"{SENT}{sum(1 << number for number, field in enumerate(known) if field in sent):x}"


class Anchors:
    """The bookmarks of a document, and the box that follows each."""

    def __init__(self, body: etree._Element) -> None:
        self._boxes: dict[str, etree._Element] = {}
        waiting: list[str] = []
        for element in body.iter(w("bookmarkStart"), w("tbl")):
            if element.tag == w("bookmarkStart"):
                name = str(element.get(w("name"), ""))
                if name.startswith((_FIELD, READING)):
                    # A box that was taken out must not lend its name to the next one.
                    waiting = [name]
                self._boxes.setdefault(name, element)
            elif waiting:
                self._boxes[waiting.pop()] = element
        self._named = set(self._boxes)

    def __contains__(self, name: str) -> bool:
        return name in self._named

    def sent(self, known: Sequence[str]) -> frozenset[str]:
        """The fields that were sent in the file; all where it does not say."""
        bits = next((name.removeprefix(SENT) for name in self._named if name.startswith(SENT)), "")
        if not re.fullmatch("[0-9a-f]{1,16}", bits):
            return frozenset(known)
        return frozenset(field for number, field in enumerate(known) if int(bits, 16) >> number & 1)

    def field(self, name: str) -> tuple[str, list[etree._Element]] | None:
        """The fingerprint of what was sent of a field, and the paragraphs of its box."""
        return self._box(f"{_FIELD}{name}_")

    def reading(self) -> tuple[str, list[etree._Element]] | None:
        """The fingerprint of the notice as it read, and its paragraphs."""
        return self._box(READING)

    def _box(self, begins: str) -> tuple[str, list[etree._Element]] | None:
        for name, box in self._boxes.items():
            shown = name.removeprefix(begins)
            if name.startswith(begins) and re.fullmatch(f"[0-9a-f]{{{_SHOWN}}}", shown) and box.tag == w("tbl"):
                return shown, list(box.iter(w("p")))
        return None

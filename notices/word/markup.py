"""Tracked changes of a Word document: what was inserted and deleted, by whom, and what the text is without or with it.

WordprocessingML (ECMA-376, part 1): insertions are runs in `w:ins`, deletions runs in `w:del`; moves are both. An
inserted or deleted paragraph mark stands in the properties of its paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final

import msgspec
from lxml import etree

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_INSERTED: Final = frozenset(["ins", "moveTo"])
_DELETED: Final = frozenset(["del", "moveFrom"])


def w(name: str) -> str:
    """A name of WordprocessingML."""
    return f"{{{W}}}{name}"


class Act(StrEnum):
    """What was done to a piece of text."""

    KEPT = "kept"
    INSERTED = "inserted"
    DELETED = "deleted"


class Piece(msgspec.Struct, frozen=True):
    """A run of text with one history; a line end is a character of it.

    `at` is the moment as the word processor wrote it; author and `at` may be empty.
    """

    act: Act
    text: str
    author: str = ""
    at: str = ""


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """What a reviewer wrote beside the text. `about` are the words that it is anchored to, empty where it is not."""

    author: str
    at: str
    text: str
    about: str


def comments(document: etree._Element, part: etree._Element | None) -> tuple[Comment, ...]:
    """The comments of a document, in the order of their part."""
    if part is None:
        return ()
    about = _commented(document)
    return tuple(
        Comment(
            author=str(each.get(w("author"), "")),
            at=str(each.get(w("date"), "")),
            text=text(pieces(list(each.iter(w("p")))), accepted=True).strip(),
            about=about.get(str(each.get(w("id"), "")), ""),
        )
        for each in part.iter(w("comment"))
    )


def _commented(document: etree._Element) -> dict[str, str]:
    """Comment id -> the words between its start and its end."""
    begun: dict[str, list[str]] = {}
    ended: dict[str, str] = {}
    for node in document.iter(w("commentRangeStart"), w("commentRangeEnd"), w("t")):
        if node.tag == w("t"):
            for words in begun.values():
                words.append(node.text or "")
        elif node.tag == w("commentRangeStart"):
            begun[str(node.get(w("id"), ""))] = []
        elif (number := str(node.get(w("id"), ""))) in begun:
            ended[number] = "".join(begun.pop(number))
    return ended


def pieces(paragraphs: Sequence[etree._Element]) -> tuple[Piece, ...]:
    """The text of some paragraphs, neighbours of one history joined; paragraphs are parted by line ends."""
    found: list[Piece] = []
    last = len(paragraphs) - 1
    for number, paragraph in enumerate(paragraphs):
        found += _of_paragraph(paragraph)
        if number != last:
            found.append(_mark(paragraph))
    return _joined(found)


def text(found: Sequence[Piece], *, accepted: Mapping[int, bool] | bool) -> str:
    """The text with changes accepted or rejected: all alike, or each by its place in `found`."""

    def stands(number: int, piece: Piece) -> bool:
        taken = accepted if isinstance(accepted, bool) else accepted.get(number, False)
        return piece.act is Act.KEPT or (piece.act is Act.INSERTED) == taken

    return "".join(piece.text for number, piece in enumerate(found) if stands(number, piece))


def _of_paragraph(paragraph: etree._Element) -> Iterator[Piece]:
    for run in paragraph.iter(w("r")):
        said = "".join(_said(node) for node in run)
        if said:
            yield _piece(run, said)


def _said(node: etree._Element) -> str:
    match etree.QName(node).localname if isinstance(node.tag, str) else "":
        case "t" | "delText":
            return node.text or ""
        case "tab":
            return "\t"
        case "br" | "cr":
            return "\n"
        case "noBreakHyphen":
            return "-"
        case _:
            return ""


def _piece(run: etree._Element, said: str) -> Piece:
    """A run with the change it stands in; what was inserted and deleted again was in neither text."""
    inserted = deleted = None
    for above in run.iterancestors():
        name = etree.QName(above).localname
        if name in _DELETED and deleted is None:
            deleted = above
        if name in _INSERTED and inserted is None:
            inserted = above
        if name == "p":
            break
    if deleted is not None and inserted is not None:
        return Piece(Act.INSERTED, "")
    change = deleted if deleted is not None else inserted
    if change is None:
        return Piece(Act.KEPT, said)
    act = Act.DELETED if deleted is not None else Act.INSERTED
    return Piece(act, said, str(change.get(w("author"), "")), str(change.get(w("date"), "")))


def _mark(paragraph: etree._Element) -> Piece:
    """The end of a paragraph."""
    for name, act in (("ins", Act.INSERTED), ("del", Act.DELETED)):
        change = paragraph.find(f"{w('pPr')}/{w('rPr')}/{w(name)}")
        if change is not None:
            return Piece(act, "\n", str(change.get(w("author"), "")), str(change.get(w("date"), "")))
    return Piece(Act.KEPT, "\n")


def _joined(found: Sequence[Piece]) -> tuple[Piece, ...]:
    joined: list[Piece] = []
    for piece in found:
        if not piece.text:
            continue
        before = joined[-1] if joined else None
        if before is not None and (before.act, before.author) == (piece.act, piece.author):
            joined[-1] = msgspec.structs.replace(before, text=before.text + piece.text)
        else:
            joined.append(piece)
    return tuple(joined)

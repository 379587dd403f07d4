"""Taking a Word file of a notice back: which changes it holds, and which of them cannot be taken.

The words that a drafter gives stand in content controls tagged `field:NAME:FINGERPRINT`; the rest of the file is there
to be read. What was changed outside the controls is refused: the wording there comes from the record or a template.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from lxml import etree

from notices.errors import NoticeError
from notices.kind import Kind
from notices.word.markup import Act, Piece, pieces, text, w
from notices.word.package import main_document

FIELD: Final = "field:"
READING: Final = "reading:"
NOTICE: Final = "notice:"
REDLINE: Final = "redline:"
_AROUND: Final = 40
_SHOWN: Final = 16
"""Characters of a fingerprint: tags are short, and nobody gains by forging one."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One insertion or deletion. `before` and `after` are what stands around it.

    `untracked` changes were made with tracking switched off: the file tells neither who nor when.
    """

    field: str
    place: int
    act: Act
    text: str
    author: str
    at: str
    before: str
    after: str
    untracked: bool = False


class Markup(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds: the pieces of each field, the changes in order, and what was changed but cannot be taken."""

    pieces: dict[str, tuple[Piece, ...]]
    changes: tuple[Change, ...]
    refused: tuple[str, ...]

    def words(self, accepted: Sequence[bool]) -> dict[str, str]:
        """The words of each field once the changes are accepted or rejected, in their order."""
        taken: dict[str, dict[int, bool]] = {name: {} for name in self.pieces}
        for change, yes in zip(self.changes, accepted, strict=True):
            taken[change.field][change.place] = yes
        return {name: text(found, accepted=taken[name]).strip() for name, found in self.pieces.items()}


def fingerprint(words: str) -> str:
    """By which a text is known again, however a word processor sets its spaces."""
    return hashlib.sha256(" ".join(words.split()).encode()).hexdigest()[:_SHOWN]


def read_markup(data: bytes, name: str, *, notice: str, kind: Kind, fields: Mapping[str, str]) -> Markup:
    """The changes in a Word file of a notice. `fields` are its words as they stand now.

    Raises:
        NoticeError: it is not a Word file of this notice, or cannot be read safely.
    """
    body = main_document(data, name)
    controls = {_tag(control): control for control in body.iter(w("sdt"))}
    if f"{REDLINE}{notice}" in controls:
        raise NoticeError(f"{name}: is a redline, made to be read; export the file for review, and change that one")
    if f"{NOTICE}{notice}" not in controls:
        raise NoticeError(f"{name}: is not the Word file of this notice; export it, and send that one for review")
    refused = []
    reading = _found(controls, READING)
    if reading is None or fingerprint(text(pieces(_paragraphs(reading[1])), accepted=True)) != reading[0]:
        refused.append(
            "the notice as it reads, below the words: change the words above; the rest comes from the record or a "
            "template"
        )
    known = {field.name: field for field in kind.fields}
    found: dict[str, tuple[Piece, ...]] = {}
    changes: list[Change] = []
    for field in known:
        box = _found(controls, f"{FIELD}{field}:")
        if box is None:
            refused.append(f"{field}: its place was taken out of the file; the words stay as they are")
            continue
        sent, whole = fields.get(field, ""), pieces(_paragraphs(box[1]))
        if fingerprint(sent) != box[0]:
            if text(whole, accepted=True).split() != text(whole, accepted=False).split():
                refused.append(f"{field}: its words were revised since the file was written; make these changes anew")
            continue
        if fingerprint(text(whole, accepted=False)) != box[0]:
            whole = _untracked(sent, text(whole, accepted=True))
        found[field] = whole
        changes += _changes(field, whole)
    return Markup(pieces=found, changes=tuple(changes), refused=tuple(refused))


def _changes(field: str, whole: Sequence[Piece]) -> list[Change]:
    return [
        Change(
            field=field,
            place=place,
            act=piece.act,
            text=piece.text,
            author=piece.author,
            at=piece.at,
            before=text(whole[:place], accepted=True)[-_AROUND:],
            after=text(whole[place + 1 :], accepted=True)[:_AROUND],
            untracked=not piece.author,
        )
        for place, piece in enumerate(whole)
        if piece.act is not Act.KEPT
    ]


def _untracked(sent: str, now: str) -> tuple[Piece, ...]:
    """What differs between the words as sent and as they came back, where tracking does not tell."""
    from notices.redline import differences  # noqa: PLC0415

    acts = {"=": Act.KEPT, "+": Act.INSERTED, "-": Act.DELETED}
    return tuple(Piece(acts[mark], said) for mark, said in differences(sent, now))


def _tag(control: etree._Element) -> str:
    tag = control.find(f"{w('sdtPr')}/{w('tag')}")
    return str(tag.get(w("val"), "")) if tag is not None else ""


def _paragraphs(control: etree._Element) -> list[etree._Element]:
    content = control.find(w("sdtContent"))
    return list(content.iter(w("p"))) if content is not None else []


def _found(controls: Mapping[str, etree._Element], begins: str) -> tuple[str, etree._Element] | None:
    """The fingerprint of what was sent, and the control, of which the tag begins so."""
    return next(((tag.removeprefix(begins), box) for tag, box in controls.items() if tag.startswith(begins)), None)

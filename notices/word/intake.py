"""Taking a Word file of a notice back: which changes it holds, and which of them cannot be taken.

The words that a drafter gives stand in boxes, each behind a bookmark (`notices.word.anchors`); the rest of the file is
there to be read. What was changed there is shown and blocked: it comes from the record, a template or the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from notices.errors import NoticeError
from notices.kind import Kind
from notices.word.anchors import MERGE_FIELD, NOTICE, REDLINE, Anchors, fingerprint
from notices.word.markup import Act, Comment, Piece, comments, pieces, text
from notices.word.package import COMMENTS, read_package

READS: Final = "the notice as it reads"
_AROUND: Final = 40
_ELSEWHERE: Final = "it comes from the record or a template; change the words in the boxes above"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One insertion or deletion. `before` and `after` are what stands around it; `place` counts pieces of the field.

    `untracked` changes were made with tracking switched off: the file tells neither who nor when. `blocked` says why it
    cannot be taken, empty where it can.
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
    blocked: str = ""


class Markup(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds: the pieces of each field, the changes in order, and what was changed but cannot be taken.

    `blocked` are changes to what is not the drafter's to write; `refused` says what else of the file is not taken.
    """

    pieces: dict[str, tuple[Piece, ...]]
    changes: tuple[Change, ...]
    blocked: tuple[Change, ...]
    refused: tuple[str, ...]
    comments: tuple[Comment, ...] = ()

    def words(self, accepted: Sequence[bool]) -> dict[str, str]:
        """The words of each field once the changes are accepted or rejected, in their order."""
        taken: dict[str, dict[int, bool]] = {name: {} for name in self.pieces}
        for change, yes in zip(self.changes, accepted, strict=True):
            taken[change.field][change.place] = yes
        return {name: text(found, accepted=taken[name]).strip() for name, found in self.pieces.items()}


def read_markup(data: bytes, name: str, *, notice: UUID, kind: Kind, fields: Mapping[str, str], reads: str) -> Markup:
    """The changes in a Word file of a notice. `fields` are its words as they stand now, `reads` how it reads now.

    Raises:
        NoticeError: it is not a Word file of this notice, or cannot be read safely.
    """
    package = read_package(data, name)
    anchors = Anchors(package.document)
    if f"{REDLINE}{notice.hex}" in anchors:
        raise NoticeError(f"{name}: is a redline, made to be read; export the file for review, and change that one")
    if f"{NOTICE}{notice.hex}" not in anchors:
        raise NoticeError(f"{name}: is not the Word file of this notice; export it, and send that one for review")
    blocked, refused = _reading(anchors, reads)
    known = [field.name for field in kind.fields]
    sent_fields = anchors.sent(known)
    found: dict[str, tuple[Piece, ...]] = {}
    changes: list[Change] = []
    for field in known:
        box = anchors.field(field)
        if field not in sent_fields:
            continue
        if box is None:
            refused.append(f"{field}: its place was taken out of the file; the words stay as they are")
            continue
        sent, whole = fields.get(field, ""), pieces(box[1])
        if fingerprint(sent) != box[0]:
            if text(whole, accepted=True).split() != text(whole, accepted=False).split():
                refused.append(f"{field}: its words were revised since the file was written; make these changes anew")
            continue
        if fingerprint(text(whole, accepted=False)) != box[0]:
            whole = _untracked(sent, text(whole, accepted=True))
        found[field] = whole
        changes += _changes(field, whole)
    return Markup(
        pieces=found,
        changes=tuple(changes),
        blocked=tuple(blocked),
        refused=tuple(refused),
        comments=comments(package.document, package.parts.get(COMMENTS)),
    )


def _reading(anchors: Anchors, reads: str) -> tuple[list[Change], list[str]]:
    """What was changed in the notice as it reads: blocked, each change with what it touches."""
    box = anchors.reading()
    if box is None:
        return [], [f"{READS}: it was taken out of the file; it is only there to be read"]
    whole = pieces(box[1])
    if fingerprint(text(whole, accepted=False)) != box[0]:
        if fingerprint(reads) != box[0]:
            return [], [f"{READS}: changed with tracking switched off, and not taken; {_ELSEWHERE}"]
        whole = _untracked(reads, text(whole, accepted=True))
    return _blocked(whole), []


def _blocked(whole: Sequence[Piece]) -> list[Change]:
    """The changes to the reading, each named by the merge field that it touches, where it does."""
    before = text(whole, accepted=False)
    spans = [(match.start(), match.end(), match.group()) for match in MERGE_FIELD.finditer(before)]
    touched: list[str] = []
    place = 0
    for piece in whole:
        begin, place = place, place + (0 if piece.act is Act.INSERTED else len(piece.text))
        inserted = piece.act is Act.INSERTED
        within = (
            name
            for start, stop, name in spans
            if (start < begin < stop if inserted else begin < stop and place > start)
        )
        touched.append(next(within, ""))
    blocked = []
    for number, (change, piece) in enumerate(zip(_changes(READS, whole, kept=True), whole, strict=True)):
        if piece.act is Act.KEPT:
            continue
        name = touched[number] or (_replaced(whole, touched, number) if piece.act is Act.INSERTED else "")
        field = f"merge field {name}" if name else READS
        why = "a merge field: it is filled in from the list of people" if name else _ELSEWHERE
        blocked.append(msgspec.structs.replace(change, field=field, blocked=why))
    return blocked


def _replaced(whole: Sequence[Piece], touched: Sequence[str], number: int) -> str:
    """The merge field in whose place an insertion stands: one that is taken away right beside it, or a new one."""
    beside = (each for each in (number - 1, number + 1) if 0 <= each < len(whole) and whole[each].act is Act.DELETED)
    written = MERGE_FIELD.findall(whole[number].text)
    return next((touched[each] for each in beside if touched[each]), written[0] if written else "")


def _changes(field: str, whole: Sequence[Piece], *, kept: bool = False) -> list[Change]:
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
        if kept or piece.act is not Act.KEPT
    ]


def _untracked(sent: str, now: str) -> tuple[Piece, ...]:
    """What differs between the words as sent and as they came back, where tracking does not tell."""
    from notices.redline import differences  # noqa: PLC0415

    acts = {"=": Act.KEPT, "+": Act.INSERTED, "-": Act.DELETED}
    return tuple(Piece(acts[mark], said) for mark, said in differences(sent, now))

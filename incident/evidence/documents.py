"""The documents that the disclosed entries speak of: evidence, rendered notices, receipts."""

import re
from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

import msgspec

from incident.events import (
    AddendumFiled,
    Event,
    EvidenceAttached,
    FilingSubmitted,
    LettersRemailed,
    MarkupDecided,
    NoticeDispatched,
    NoticeDrafted,
    NoticeRendered,
    OwnTemplatesTakenIn,
    PostingBegun,
    ReceiptRecorded,
    RemailPrinted,
    ReviewSent,
)
from incident.events.documents import documents
from incident.evidence.selection import Fate, Selected

PERSONAL = "personal data of the people affected: letters to individuals are not part of this pack"
_TYPES = {b"%PDF-": ".pdf", b"\x89PNG\r\n": ".png", b"\xff\xd8\xff": ".jpg", b"PK\x03\x04": ".zip"}
_LONGEST = 80


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One document that an entry speaks of. `role` is evidence, notice or receipt; `withheld` says why it is."""

    position: int
    role: str
    name: str
    sha256: str
    withheld: str = ""


def documents_of(selected: Iterable[Selected], *, personal: Callable[[str], bool]) -> Iterator[Document]:
    """Every document of the disclosed entries, in the order of the log.

    `personal` tells of a kind of notice whether its files name the people affected; those are withheld. A list of
    what was printed (JSON) names nobody and is not.
    """
    kinds: dict[UUID, str] = {}
    for each in selected:
        event, stream = each.entry.event, each.entry.originator_id
        if isinstance(event, NoticeDrafted):
            kinds[stream] = event.kind
        if each.fate is not Fate.DISCLOSED:
            continue
        named = _names(event)
        for sha256 in dict.fromkeys(documents(event)):
            role, name = named.get(sha256, ("document", sha256[:12]))
            # Lists of letters hold references only; what a carrier gave for them may hold addresses under any name.
            addressed = role == "proof of mailing" or (role == "notice" and not name.endswith(".json"))
            letters = addressed and personal(kinds.get(stream, ""))
            yield Document(
                position=each.position, role=role, name=name, sha256=sha256, withheld=PERSONAL if letters else ""
            )


def file_name(document: Document, content: bytes) -> str:
    """A name for the document's file that is safe on every system, with its place in the log in front."""
    safe = re.sub(r"[^\w.()-]+", "_", document.name, flags=re.ASCII).strip("._") or "document"
    if "." not in safe:
        safe += next((suffix for start, suffix in _TYPES.items() if content.startswith(start)), ".bin")
    stem, _, suffix = safe.rpartition(".")
    return f"{document.position:06}-{stem[:_LONGEST]}.{suffix[:12]}"


def _names(event: Event) -> dict[str, tuple[str, str]]:  # noqa: PLR0911 - one case an event, read as a table
    """SHA-256 -> role and name."""
    match event:
        case EvidenceAttached():
            return {event.sha256: ("evidence", event.name)}
        case NoticeRendered() | RemailPrinted():
            return {file.sha256: ("notice", file.name) for file in event.files}
        case OwnTemplatesTakenIn():
            return {file.sha256: ("template", file.name) for file in event.files}
        case NoticeDispatched(proof_sha256=str() as sha256) | LettersRemailed(proof_sha256=str() as sha256):
            return {sha256: ("proof of mailing", event.proof_name)}
        case PostingBegun(proof_sha256=str() as sha256):
            return {sha256: ("proof of posting", event.proof_name)}
        case MarkupDecided():
            return {event.document_sha256: ("review", event.name)}
        case ReviewSent():
            return {file.sha256: ("review", file.name) for file in event.files}
        case (
            FilingSubmitted(receipt_sha256=str() as sha256)
            | AddendumFiled(receipt_sha256=str() as sha256)
            | ReceiptRecorded(receipt_sha256=str() as sha256)
        ):
            return {sha256: ("receipt", "receipt")}
        case _:
            return {}

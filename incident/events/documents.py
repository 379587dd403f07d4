"""Which documents of the blob store an event speaks of."""

from incident.events import (
    AddendumFiled,
    Event,
    EvidenceAttached,
    FilingSubmitted,
    LettersRemailed,
    MarkupDecided,
    NoticeDispatched,
    NoticeRendered,
    OwnTemplatesTakenIn,
    PostingBegun,
    ReceiptRecorded,
    RemailPrinted,
    ReviewSent,
)


def documents(event: Event) -> tuple[str, ...]:
    """The SHA-256 of each document in the blob store that an event speaks of."""
    match event:
        case EvidenceAttached():
            return (event.sha256,)
        case NoticeRendered() | RemailPrinted() | ReviewSent() | OwnTemplatesTakenIn():
            return tuple(file.sha256 for file in event.files)
        case NoticeDispatched() | LettersRemailed() | PostingBegun() if event.proof_sha256 is not None:
            return (event.proof_sha256,)
        case MarkupDecided():
            return (event.document_sha256,)
        case FilingSubmitted() | AddendumFiled() | ReceiptRecorded() if event.receipt_sha256 is not None:
            return (event.receipt_sha256,)
        case _:
            return ()

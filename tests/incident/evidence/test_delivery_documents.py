"""Proofs of mailing in an evidence pack: those of letters to people may list addresses, and stay out."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from incident.events import (
    Entry,
    Event,
    LettersRemailed,
    NoticeDispatched,
    NoticeDrafted,
    PostingBegun,
    RemailPrinted,
    RenderedFile,
)
from incident.evidence.documents import documents_of
from incident.evidence.selection import Fate, Selected
from incident.log.verify import documents

SHA256 = "ab" * 32
TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, tzinfo=UTC)
INCIDENT, NOTICE, POSTING = UUID(int=1), UUID(int=2), UUID(int=3)
SCAN = {"proof_name": "scan.pdf", "proof_sha256": SHA256}

BATCH = NoticeDispatched(on=TODAY, method="first_class_mail", count=1, certificate="ps3877", **SCAN)
AGAIN = LettersRemailed(on=TODAY, method="first_class_mail", people=(), **SCAN)
PRINTED = RemailPrinted(engine="x", people=(), files=(RenderedFile(name="1-a.pdf", sha256=SHA256, size=1),))
POSTED = PostingBegun(
    incident_id=INCIDENT, notice_id=None, form="web", place="https://x.example", on=TODAY, laws=("hipaa",), **SCAN
)


def selected(stream: UUID, version: int, event: Event) -> Selected:
    entry = Entry(
        originator_id=stream, originator_version=version, event=event, occurred_at=NOW, recorded_at=NOW, by="dana"
    )
    return Selected(position=version, entry=entry, fate=Fate.DISCLOSED)


@pytest.mark.parametrize(
    ("kind", "event", "role", "withheld"),
    [
        ("individual_letter", BATCH, "proof of mailing", True),
        ("individual_letter", AGAIN, "proof of mailing", True),
        ("individual_letter", PRINTED, "notice", True),
        ("hhs_report", BATCH, "proof of mailing", False),
        ("hhs_report", POSTED, "proof of posting", False),
    ],
)
def test_what_may_list_addresses_stays_out(kind: str, event: Event, role: str, withheld: bool) -> None:
    drafted = NoticeDrafted(incident_id=INCIDENT, kind=kind, obligations=(), fields={}, content_sha256=SHA256)
    stream = POSTING if isinstance(event, PostingBegun) else NOTICE
    entries = [selected(NOTICE, 1, drafted), selected(stream, 2, event)]
    (found,) = documents_of(entries, personal=lambda each: each == "individual_letter")
    assert (found.role, found.sha256, bool(found.withheld)) == (role, SHA256, withheld)


@pytest.mark.parametrize("event", [BATCH, AGAIN, PRINTED, POSTED])
def test_every_document_is_verified(event: Event) -> None:
    assert documents(event) == (SHA256,)


def test_what_has_no_scan_names_no_document() -> None:
    assert documents(NoticeDispatched(on=TODAY, method="email", count=1)) == ()

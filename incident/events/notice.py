"""Events of a notice: a document that leaves the organization."""

from datetime import date
from typing import ClassVar
from uuid import UUID

import msgspec

from incident.events.base import Event


class NoticeDrafted(Event, frozen=True, kw_only=True):
    """A notice was begun. `kind` is a catalog kind; `fields` the drafter's words by field name."""

    TOPIC: ClassVar[str] = "notice.drafted"
    incident_id: UUID
    kind: str
    obligations: tuple[str, ...]
    fields: dict[str, str]
    content_sha256: str


class NoticeRevised(Event, frozen=True, kw_only=True):
    """The text of a notice changed; any approval of the earlier text is void."""

    TOPIC: ClassVar[str] = "notice.revised"
    fields: dict[str, str]
    content_sha256: str


class MarkedChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One tracked change of a reviewed file and what became of it.

    `act` is inserted or deleted; `author` and `at` are as the word processor wrote them, empty where tracking was off.
    `reason` is why it was rejected, where that was said.
    """

    field: str
    act: str
    text: str
    author: str
    at: str
    accepted: bool
    reason: str = ""


class MarkupDecided(Event, frozen=True, kw_only=True):
    """A file came back from review, and each change in it was accepted or rejected. The file is in the blob store.

    `blocked` tells what it changed besides, where the words come from the record or a template; not kept by schema 1.
    """

    TOPIC: ClassVar[str] = "notice.markup_decided"
    SCHEMA: ClassVar[int] = 2
    name: str
    document_sha256: str
    changes: tuple[MarkedChange, ...]
    blocked: tuple[str, ...] = ()


class NoticeSubmitted(Event, frozen=True, kw_only=True):
    """The notice was handed to counsel for review."""

    TOPIC: ClassVar[str] = "notice.submitted"


class ChangesRequested(Event, frozen=True, kw_only=True):
    """The reviewer sent the notice back."""

    TOPIC: ClassVar[str] = "notice.changes_requested"
    comment: str


class NoticeApproved(Event, frozen=True, kw_only=True):
    """The reviewer approved exactly this text on exactly these facts under exactly this rulebook."""

    TOPIC: ClassVar[str] = "notice.approved"
    content_sha256: str
    facts_sha256: str
    rulebook_hash: str


class ExcludedRows(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many roster rows got no letter, and why."""

    reason: str
    count: int


class RenderedFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rendered file in the blob store; `size` in bytes."""

    name: str
    sha256: str
    size: int


class Circumstances(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a rendering came of besides words, facts and people, so that it can be repeated.

    `dated` is the day that the documents bear, None where they bear none; `templates_sha256` covers templates, style
    sheets and fonts; `made_with` names libraries with their versions.
    """

    dated: date | None
    rulebook_hash: str
    templates_sha256: str
    made_with: tuple[str, ...]


class NoticeRendered(Event, frozen=True, kw_only=True):
    """Approved text became documents. For letters: rows = documents + sum of excluded.

    `engine` is name and version; `circumstances` were not recorded under schema 1.
    """

    TOPIC: ClassVar[str] = "notice.rendered"
    SCHEMA: ClassVar[int] = 2
    content_sha256: str
    engine: str
    rows: int
    documents: int
    excluded: tuple[ExcludedRows, ...]
    files: tuple[RenderedFile, ...]
    circumstances: Circumstances | None = None


class SampleSigned(Event, frozen=True, kw_only=True):
    """A random sample of the rendered letters was read and found right; `codes` are their references.

    It was drawn by the hash of the manifest from `letters` letters (`incident.sample`).
    """

    TOPIC: ClassVar[str] = "notice.sample_signed"
    manifest_sha256: str
    letters: int
    codes: tuple[str, ...]


class SampleRefused(Event, frozen=True, kw_only=True):
    """A sample of the rendered letters was read and found wrong: nothing of this rendering may leave.

    `faulty` are the references in which it was seen, where it is a matter of single letters.
    """

    TOPIC: ClassVar[str] = "notice.sample_refused"
    manifest_sha256: str
    letters: int
    codes: tuple[str, ...]
    faulty: tuple[str, ...]
    reason: str


class NoticeDispatched(Event, frozen=True, kw_only=True):
    """A batch of the documents went out. `on` is the civil date, `method` such as first_class_mail.

    `count` of them were in it; `remaining` of those rendered had not gone out after it. `letters` are the runs of
    letters in it, (first, last) counted from 1 in the order of the manifest; empty where only the count is known.
    `certificate` is one of `incident.delivery.CERTIFICATES`. Under schema 1 all documents went out at once.
    """

    TOPIC: ClassVar[str] = "notice.dispatched"
    SCHEMA: ClassVar[int] = 2
    on: date
    method: str
    count: int
    remaining: int = 0
    letters: tuple[tuple[int, int], ...] = ()
    carrier: str = ""
    certificate: str = ""
    proof_name: str = ""
    proof_sha256: str | None = None


class NoticeWithdrawn(Event, frozen=True, kw_only=True):
    """The notice is not to be used; the reason stands in the entry's `because`."""

    TOPIC: ClassVar[str] = "notice.withdrawn"

"""Events of the review of a notice that is not read and signed in the program, and of its rejection."""

from typing import ClassVar

from incident.events.base import Event
from incident.events.notice import RenderedFile


class NoticeRejected(Event, frozen=True, kw_only=True):
    """The reviewer found that the notice is not to be used at all; whoever needs one drafts anew."""

    TOPIC: ClassVar[str] = "notice.rejected"
    comment: str


class ReviewSent(Event, frozen=True, kw_only=True):
    """The notice went to counsel as files, with a code that stands for exactly this text, these facts, this rulebook.

    `counsel` is a name, `counsel_user` the user where they are one. The files are in the blob store.
    """

    TOPIC: ClassVar[str] = "notice.review_sent"
    counsel: str
    counsel_user: str | None
    content_sha256: str
    facts_sha256: str
    rulebook_hash: str
    files: tuple[RenderedFile, ...]


class ApprovalReported(Event, frozen=True, kw_only=True):
    """Somebody reports that counsel approved what `code` stands for, by `channel`; when is the entry's `occurred_at`.

    It ranks below `NoticeApproved`, which counsel records themselves.
    """

    TOPIC: ClassVar[str] = "notice.approval_reported"
    counsel: str
    counsel_user: str | None
    channel: str
    code: str
    content_sha256: str
    facts_sha256: str
    rulebook_hash: str

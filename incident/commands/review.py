"""Commands of review: rejecting a notice, sending it to counsel as files, and taking their approval by a code."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from incident import review as reviews
from incident.approval import changed_since
from incident.commands.approvals import Approvals
from incident.commands.desk import Desk, Receipt
from incident.errors import InvalidInput, NotAllowed
from incident.events import ApprovalReported, NoticeDrafted, NoticeRevised, RenderedFile, ReviewSent
from incident.facts import facts_sha256
from incident.notice import Covered, Notice

_TO_LEAVE = frozenset({"approved", "rendered", "partly sent"})


class ReviewCommands:
    """What counsel decides besides approving, and what is decided for counsel who is not at the keyboard.

    `content_sha256` is the hash of a notice as it would leave now.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._approvals = Approvals(desk)

    def reject(self, notice_id: UUID, comment: str) -> Receipt:
        """Take a notice out of use for good, as reviewer."""
        state = self._desk.notice(notice_id)
        events = reviews.decide_reject(state, self._desk.user, self._desk.role, comment)
        return self._desk.record(notice_id, state.version, events)

    def code(self, notice_id: UUID, content_sha256: str) -> str:
        """The code that stands for the notice as it would leave now."""
        return reviews.approval_code(notice_id, self._covered(self._desk.notice(notice_id), content_sha256))

    def counsel_named(self, counsel: str) -> tuple[str, str | None]:
        """The name of counsel, and their user where they are one.

        Raises:
            NotAllowed: the user who is named is not counsel here.
        """
        user = next((row for row in self._desk.queries.users() if counsel.strip() in {row.user, row.name}), None)
        if user is None:
            return counsel, None
        if user.role != "counsel":
            raise NotAllowed(
                f"{user.name} works here as {user.role.replace('_', ' ')}; a notice is reviewed by counsel"
            )
        return user.name, user.user

    def send(
        self, notice_id: UUID, content_sha256: str, *, counsel: str, files: Sequence[tuple[str, bytes]]
    ) -> Receipt:
        """Record that these files (name, content) went to counsel; they are kept. `counsel` is a user or a name."""
        self._desk.require(ReviewSent.TOPIC)
        state = self._desk.notice(notice_id)
        name, user = self.counsel_named(counsel)
        events = reviews.decide_send(
            state,
            counsel=name,
            counsel_user=user,
            covered=self._covered(state, content_sha256),
            files=[
                RenderedFile(name=name, sha256=hashlib.sha256(content).hexdigest(), size=len(content))
                for name, content in files
            ],
        )
        for _, content in files:
            self._desk.blobs.put(content)
        return self._desk.record(notice_id, state.version, events)

    def report_approval(
        self,
        notice_id: UUID,
        content_sha256: str,
        *,
        code: str,
        channel: str,
        problems: Sequence[str],
        at: datetime | None = None,
    ) -> Receipt:
        """Report that counsel approved what a code stands for. `at` is when they said so, None for now.

        Raises:
            InvalidInput, ApprovalVoid, NotAllowed: as `incident.review.decide_report`.
        """
        self._desk.require(ApprovalReported.TOPIC)
        state = self._desk.notice(notice_id)
        events = reviews.decide_report(
            state,
            code=code,
            channel=channel,
            covered=self._covered(state, content_sha256),
            problems=problems,
            names={row.user: row.name for row in self._desk.queries.everybody()},
        )
        sent_at = self._sent_at(notice_id, events)
        if at is not None and sent_at is not None and at < sent_at:
            made = sent_at.astimezone(at.tzinfo)
            raise InvalidInput(f"at: {at:%Y-%m-%d %H:%M %z} is before the files were made ({made:%Y-%m-%d %H:%M %z})")
        return self._desk.append(self._desk.entries(notice_id, state.version, events, occurred_at=at))

    def voided(self, incident_id: UUID) -> dict[UUID, tuple[str, ...]]:
        """Notices of an incident whose approval facts or rulebook have outrun since, and why; quick to ask.

        What else changes their text, only writing them anew shows (`NoticeCommands.approval_problems`).
        """
        facts = facts_sha256(self._desk.incident(incident_id).facts)
        found = {}
        for row in self._desk.queries.notices(incident_id):
            state = self._desk.notice(row.id) if row.status in _TO_LEAVE else None
            if state is None or state.approval is None:
                continue
            then = Covered.by(state.approval)
            now = msgspec.structs.replace(then, facts_sha256=facts, rulebook_hash=self._desk.rulebook.hash)
            if changes := changed_since(then, now):
                found[row.id] = tuple(f"{change} after approval" for change in changes)
        return found

    def words_so_far(self, notice_id: UUID) -> tuple[dict[str, str], ...]:
        """The words of a notice by field, each time they were changed, oldest first."""
        entries = self._desk.log.stream(notice_id)
        return tuple(entry.event.fields for entry in entries if isinstance(entry.event, NoticeDrafted | NoticeRevised))

    def _sent_at(self, notice_id: UUID, events: Sequence[object]) -> datetime | None:
        """When the files that an approval is of were recorded first, to the minute."""
        (reported,) = events
        assert isinstance(reported, ApprovalReported)
        covered = Covered.by(reported)
        return next(
            (
                entry.recorded_at.replace(second=0, microsecond=0)
                for entry in self._desk.log.stream(notice_id)
                if isinstance(entry.event, ReviewSent) and Covered.by(entry.event) == covered
            ),
            None,
        )

    def _covered(self, state: Notice, content_sha256: str) -> Covered:
        return Covered(
            content_sha256=content_sha256,
            facts_sha256=facts_sha256(self._approvals.incident_of(state).facts),
            rulebook_hash=self._desk.rulebook.hash,
        )

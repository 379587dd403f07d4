"""Commands on notices: nothing leaves without an approval that still covers it."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from uuid import UUID

import msgspec

from incident import approval as approvals
from incident import notice as notices
from incident import sample as samples
from incident.commands.approvals import Approvals
from incident.commands.desk import Desk, Receipt
from incident.delivery import Batch
from incident.errors import NotFound
from incident.events import (
    ApprovalReported,
    Circumstances,
    ExcludedRows,
    MarkedChange,
    NoticeApproved,
    NoticeDispatched,
    NoticeDrafted,
    NoticeRevised,
    RenderedFile,
)
from incident.facts import facts_sha256
from incident.notice import Notice
from incident.ports import BlobStore


def with_proof(blobs: BlobStore, batch: Batch | None, proof: tuple[str, bytes] | None) -> Batch | None:
    """What is said of a batch, with the scan of its proof kept; called once everything else is seen to be right."""
    if proof is None:
        return batch
    name, content = proof
    return msgspec.structs.replace(batch or Batch(), proof_name=name, proof_sha256=blobs.put(content))


class EarlierWords(msgspec.Struct, frozen=True, kw_only=True):
    """The words of a notice at an earlier time, and who changed them last since then, and when."""

    fields: dict[str, str]
    changed_by: str
    changed_at: datetime


class NoticeCommands:
    """What can be done to a notice. `content_sha256` is the hash of its text as it would be sent now."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._approvals = Approvals(desk)

    def draft(
        self, incident_id: UUID, kind: str, obligations: Sequence[str], fields: dict[str, str], content_sha256: str
    ) -> tuple[UUID, Receipt]:
        """Begin a notice of a catalog kind that fulfils these obligations when sent."""
        self._desk.incident(incident_id)
        notice_id = self._desk.ids.new()
        events = notices.decide_draft(incident_id, kind, obligations, fields, content_sha256)
        return notice_id, self._desk.record(notice_id, 0, events)

    def revise(self, notice_id: UUID, fields: dict[str, str], content_sha256: str) -> Receipt:
        """Change its text; an approval of the earlier text is void."""
        state = self._desk.notice(notice_id)
        return self._desk.record(notice_id, state.version, notices.decide_revise(state, fields, content_sha256))

    def take_markup(
        self,
        notice_id: UUID,
        fields: dict[str, str],
        content_sha256: str,
        *,
        name: str,
        file: bytes,
        changes: Sequence[Mapping[str, str | bool]],
        blocked: Sequence[str] = (),
    ) -> Receipt:
        """Take a file that came back from review in: it is kept, and so is what became of each change.

        `blocked` are changes to what is not the drafter's to change, in words. `changes` have the fields of
        `incident.events.MarkedChange`.
        """
        self._desk.require("notice.markup_decided")
        state = self._desk.notice(notice_id)
        events = notices.decide_markup(
            state,
            name=name,
            document_sha256=hashlib.sha256(file).hexdigest(),
            changes=msgspec.convert(changes, list[MarkedChange]),
            blocked=blocked,
            fields=fields,
            content_sha256=content_sha256,
        )
        self._desk.blobs.put(file)
        return self._desk.record(notice_id, state.version, events)

    def earlier_words(self, notice_id: UUID, since: int | None) -> EarlierWords:
        """The words as they stood at an event number; None: as last approved, or else as first drafted.

        Raises:
            NotFound: there were no words of this notice yet.
        """
        entries = self._desk.log.stream(notice_id)
        if since is None:
            kinds = (NoticeApproved, ApprovalReported)
            approved = [entry.originator_version for entry in entries if isinstance(entry.event, kinds)]
            until = approved[-1] if approved else 1
        else:
            rows = self._desk.queries.timeline()
            until = max((row.version for row in rows if row.stream == notice_id and row.position <= since), default=0)
        written = [entry for entry in entries if isinstance(entry.event, NoticeDrafted | NoticeRevised)]
        then = [entry for entry in written if entry.originator_version <= until]
        if not then:
            raise NotFound(f"the notice had no words at #{since} yet")
        words = then[-1].event
        assert isinstance(words, NoticeDrafted | NoticeRevised)
        return EarlierWords(fields=words.fields, changed_by=written[-1].by, changed_at=written[-1].recorded_at)

    def submit(self, notice_id: UUID, content_sha256: str | None = None) -> Receipt:
        """Hand it to counsel. With the hash of its text as it would be sent now: once more, if its approval is void."""
        state = self._desk.notice(notice_id)
        void = self._approvals.problems(state, content_sha256) if content_sha256 is not None else ()
        return self._desk.record(notice_id, state.version, notices.decide_submit(state, void))

    def request_changes(self, notice_id: UUID, comment: str) -> Receipt:
        """Send it back, as reviewer."""
        state = self._desk.notice(notice_id)
        events = approvals.decide_request_changes(state, self._desk.user, self._desk.role, comment)
        return self._desk.record(notice_id, state.version, events)

    def approve(self, notice_id: UUID, content_sha256: str, problems: Sequence[str]) -> Receipt:
        """Approve it, as reviewer, on the facts and the rulebook of this moment.

        `problems` are missing required elements and forbidden content found in the text.
        """
        state = self._desk.notice(notice_id)
        events = approvals.decide_approve(
            state,
            user=self._desk.user,
            role=self._desk.role,
            content_sha256=content_sha256,
            facts_sha256=facts_sha256(self._approvals.incident_of(state).facts),
            rulebook_hash=self._desk.rulebook.hash,
            problems=problems,
        )
        return self._desk.record(notice_id, state.version, events)

    def approval_problems(self, notice_id: UUID, content_sha256: str) -> tuple[str, ...]:
        """Why it, or what is left of it, may not leave now; empty where its approval covers it."""
        return self._release_problems(self._desk.notice(notice_id), content_sha256)

    def _release_problems(self, state: Notice, content_sha256: str) -> tuple[str, ...]:
        check = self._approvals.problems_of_more if state.dispatched else self._approvals.problems
        return check(state, content_sha256)

    def record_rendering(
        self,
        notice_id: UUID,
        *,
        content_sha256: str,
        engine: str,
        rows: int,
        documents: int,
        excluded: Mapping[str, int],
        files: Sequence[tuple[str, str, int]],
        dated: date | None = None,
        templates_sha256: str = "",
        made_with: Sequence[str] = (),
    ) -> Receipt:
        """Record the documents rendered from the approved text.

        `excluded` counts rows without a letter by reason; `files` are (name, SHA-256, size), in the blob store already.
        `dated` is the day that the documents bear, `templates_sha256` and `made_with` what they were made with.
        """
        state = self._desk.notice(notice_id)
        for name, sha256, _ in files:
            if sha256 not in self._desk.blobs:
                raise NotFound(f"{name}: not in the blob store")
        events = notices.decide_render(
            state,
            content_sha256=content_sha256,
            problems=self._approvals.problems(state, content_sha256),
            engine=engine,
            rows=rows,
            documents=documents,
            excluded=[ExcludedRows(reason=reason, count=count) for reason, count in sorted(excluded.items())],
            files=[RenderedFile(name=name, sha256=sha256, size=size) for name, sha256, size in files],
            circumstances=Circumstances(
                dated=dated,
                rulebook_hash=self._desk.rulebook.hash,
                templates_sha256=templates_sha256,
                made_with=tuple(made_with),
            ),
        )
        return self._desk.record(notice_id, state.version, events)

    def record_dispatch(
        self,
        notice_id: UUID,
        content_sha256: str,
        on: date,
        method: str,
        *,
        batch: Batch | None = None,
        proof: tuple[str, bytes] | None = None,
    ) -> Receipt:
        """Record that a batch of the documents went out; without `batch`, all that had not.

        The duties that the notice serves are fulfilled by the last of them, on its day. `proof` is the name and the
        content of a scan of what the carrier gave.
        """
        self._desk.require(NoticeDispatched.TOPIC)
        state = self._desk.notice(notice_id)
        incident = self._approvals.incident_of(state)
        decide = partial(
            notices.decide_dispatch, state, on=on, today=self._desk.today(incident), method=method,
            problems=self._release_problems(state, content_sha256),
        )  # fmt: skip
        decide(batch=batch)
        (event,) = events = decide(batch=with_proof(self._desk.blobs, batch, proof))
        entries = self._desk.entries(notice_id, state.version, events)
        assert isinstance(event, NoticeDispatched)
        if event.remaining:
            return self._desk.append(entries)
        last = max([on, *(each.on for each in state.dispatched)])
        return self._approvals.record_performed(incident, state.obligations, last, f"notice {notice_id}", entries)

    def sample_problems(self, notice_id: UUID) -> tuple[str, ...]:
        """Why rendered letters may not leave yet, as far as their sample goes; empty where nothing bars them."""
        return notices.sample_problems(self._desk.notice(notice_id))

    def sign_sample(self, notice_id: UUID, manifest_sha256: str, codes: Sequence[str]) -> Receipt:
        """Record that the letters of these codes, drawn by the hash of the manifest, were read and are right."""
        state = self._desk.notice(notice_id)
        return self._desk.record(notice_id, state.version, samples.decide_sign(state, manifest_sha256, codes))

    def refuse_sample(
        self, notice_id: UUID, manifest_sha256: str, codes: Sequence[str], *, reason: str, faulty: Sequence[str] = ()
    ) -> Receipt:
        """Record that letters of the sample are wrong: nothing of this rendering may leave."""
        state = self._desk.notice(notice_id)
        events = samples.decide_refuse(state, manifest_sha256, codes, reason=reason, faulty=faulty)
        return self._desk.record(notice_id, state.version, events)

    def withdraw(self, notice_id: UUID, reason: str) -> Receipt:
        """Take it out of use before it was sent."""
        state = self._desk.notice(notice_id)
        return self._desk.record(notice_id, state.version, notices.decide_withdraw(state, reason), because=reason)

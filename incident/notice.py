"""A notice's life: drafted, submitted, changes requested, approved, rendered, dispatched, withdrawn, rejected.

An approval covers exactly one text on exactly one set of facts under exactly one rulebook. Whatever changes
after it voids it; `approval_problems` says what changed.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import assert_never
from uuid import UUID

import msgspec

from incident.delivery import Batch, Run, certificate_faults, settled_runs
from incident.errors import ApprovalVoid, InvalidInput, OutOfOrder
from incident.events import (
    ApprovalReported,
    ChangesRequested,
    Circumstances,
    Entry,
    Event,
    ExcludedRows,
    LettersRemailed,
    MarkedChange,
    MarkupDecided,
    NoticeApproved,
    NoticeDispatched,
    NoticeDrafted,
    NoticeRejected,
    NoticeRendered,
    NoticeRevised,
    NoticeSubmitted,
    NoticeWithdrawn,
    RemailPrinted,
    RenderedFile,
    ReviewSent,
    SampleRefused,
    SampleSigned,
)

NoticeEvent = (
    NoticeDrafted
    | NoticeRevised
    | MarkupDecided
    | NoticeSubmitted
    | ReviewSent
    | ChangesRequested
    | NoticeRejected
    | NoticeApproved
    | ApprovalReported
    | NoticeRendered
    | SampleSigned
    | SampleRefused
    | NoticeDispatched
    | RemailPrinted
    | LettersRemailed
    | NoticeWithdrawn
)

METHODS: tuple[tuple[str, str], ...] = (
    ("first_class_mail", "First-class mail to the last known address (45 CFR 164.404(d)(1)(i))"),
    ("certified_mail", "Certified Mail: first-class mail whose acceptance and delivery are recorded"),
    ("by_hand", "Handed over in person, beside a letter (164.404(d)(1) names mail and e-mail: ask counsel)"),
    ("email", "E-mail to people who agreed to electronic notice (45 CFR 164.404(d)(1)(i))"),
    ("telephone", "Telephone, for urgent cases, in addition to writing (45 CFR 164.404(d)(3))"),
    ("web_posting", "Conspicuous web posting (substitute notice)"),
    ("media", "Notice to media outlets"),
    ("portal", "The regulator's web form"),
    ("regulator_mail", "Letter to the regulator"),
)

LETTERS = frozenset({"individual_letter"})
"""Kinds that are printed for each person by name: nothing of them leaves before a sample was read and signed."""


class Covered(msgspec.Struct, frozen=True, kw_only=True):
    """What an approval covers: one text, on one set of facts, under one rulebook."""

    content_sha256: str
    facts_sha256: str
    rulebook_hash: str

    @classmethod
    def by(cls, event: NoticeApproved | ApprovalReported | ReviewSent) -> "Covered":
        """What an approval, or what was sent out for one, is bound to."""
        return cls(
            content_sha256=event.content_sha256, facts_sha256=event.facts_sha256, rulebook_hash=event.rulebook_hash
        )


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one notice after `version` entries.

    `drafters` gave its words; `amended_by` took words of a reviewed file in, and nobody else has handed it in since.
    `reported_by` is who reported the approval, None where counsel recorded it.
    """

    id: UUID
    version: int = 0
    incident_id: UUID | None = None
    kind: str = ""
    obligations: tuple[str, ...] = ()
    fields: dict[str, str] = {}
    content_sha256: str = ""
    drafters: frozenset[str] = frozenset()
    status: str = "new"
    approval: NoticeApproved | ApprovalReported | None = None
    approved_by: str | None = None
    reported_by: str | None = None
    amended_by: frozenset[str] = frozenset()
    taken_in: tuple[str, datetime] | None = None
    sent_for_review: tuple[ReviewSent, ...] = ()
    rendered: NoticeRendered | None = None
    sample: SampleSigned | SampleRefused | None = None
    dispatched: tuple[NoticeDispatched, ...] = ()
    to_remail: RemailPrinted | None = None
    """Letters that were printed anew and have not gone out yet."""
    remailed: tuple[LettersRemailed, ...] = ()

    @property
    def sent(self) -> int:
        """How many of the rendered documents went out."""
        return sum(batch.count for batch in self.dispatched)

    @property
    def unsent(self) -> int:
        """How many of the rendered documents have not gone out: rendered = sent + unsent.

        Under schema 1 all of them could be recorded as sent more than once.
        """
        return max(0, self.rendered.documents - self.sent) if self.rendered is not None else 0

    @property
    def sent_runs(self) -> tuple[Run, ...]:
        """The runs of letters that batches name; of the others only the count is known."""
        return tuple(run for batch in self.dispatched for run in batch.letters)


def evolve(state: Notice, entry: Entry) -> Notice:  # noqa: PLR0912 - one case an event, read as a table
    """The state after one more entry."""
    event: NoticeEvent = entry.event  # type: ignore[assignment]  # the stream holds only these
    changes: dict[str, object]
    match event:
        case NoticeDrafted():
            changes = {
                "incident_id": event.incident_id,
                "kind": event.kind,
                "obligations": event.obligations,
                "fields": event.fields,
                "content_sha256": event.content_sha256,
                "drafters": frozenset({entry.by}),
                "status": "draft",
            }
        case NoticeRevised():
            changes = {
                "fields": event.fields,
                "content_sha256": event.content_sha256,
                "status": "draft",
                "rendered": None,
                **_by_whom(state, entry),
                **_UNAPPROVED,
            }
        case MarkupDecided():
            changes = {"taken_in": (entry.by, entry.recorded_at)}
        case NoticeSubmitted():
            changes = {
                "status": "in review",
                "amended_by": state.amended_by & {entry.by},
                "rendered": None,
                **_UNAPPROVED,
            }
        case ReviewSent():
            changes = {"sent_for_review": (*state.sent_for_review, event)}
        case ChangesRequested():
            changes = {"status": "changes requested", **_UNAPPROVED}
        case NoticeRejected():
            changes = {"status": "rejected", **_UNAPPROVED}
        case NoticeApproved():
            changes = {"approval": event, "approved_by": entry.by, "reported_by": None}
            if not confirms(state, Covered.by(event)):
                changes |= {"status": "approved", "rendered": None}
        case ApprovalReported():
            changes = {
                "status": "approved",
                "approval": event,
                "approved_by": event.counsel_user or event.counsel,
                "reported_by": entry.by,
                "rendered": None,
            }
        case NoticeRendered():
            changes = {"status": "rendered", "rendered": event, "sample": None}
        case SampleSigned() | SampleRefused():
            changes = {"sample": event}
        case NoticeDispatched():
            status = "partly sent" if event.remaining else "dispatched"
            changes = {"status": status, "dispatched": (*state.dispatched, event)}
        case RemailPrinted():
            changes = {"to_remail": event}
        case LettersRemailed():
            changes = {"to_remail": None, "remailed": (*state.remailed, event)}
        case NoticeWithdrawn():
            changes = {"status": "withdrawn"}
        case _:
            assert_never(event)
    return msgspec.structs.replace(state, version=entry.originator_version, **changes)


_UNAPPROVED: dict[str, object] = {"approval": None, "approved_by": None, "reported_by": None}


def _by_whom(state: Notice, entry: Entry) -> dict[str, object]:
    """Who answers for changed words: a drafter, or a reviewer whose tracked changes were taken in, one by one."""
    if state.taken_in == (entry.by, entry.recorded_at) and entry.by not in state.drafters:
        return {"amended_by": state.amended_by | {entry.by}, "taken_in": None}
    return {"drafters": state.drafters | {entry.by}, "taken_in": None}


def confirms(state: Notice, covered: Covered) -> bool:
    """Whether an approval of this would only put counsel's own in the place of one that was reported."""
    return isinstance(state.approval, ApprovalReported) and Covered.by(state.approval) == covered


def replay(notice_id: UUID, entries: Iterable[Entry]) -> Notice:
    """The state after all entries of the stream."""
    state = Notice(id=notice_id)
    for entry in entries:
        state = evolve(state, entry)
    return state


def decide_draft(
    incident_id: UUID, kind: str, obligations: Sequence[str], fields: dict[str, str], content_sha256: str
) -> list[Event]:
    """Begin a notice."""
    return [
        NoticeDrafted(
            incident_id=incident_id,
            kind=kind,
            obligations=tuple(obligations),
            fields=fields,
            content_sha256=content_sha256,
        )
    ]


def decide_revise(state: Notice, fields: dict[str, str], content_sha256: str) -> list[Event]:
    """Change the text; the same text again records nothing."""
    require_status(state, "revise", {"draft", "in review", "changes requested", "approved", "rendered"})
    if (fields, content_sha256) == (state.fields, state.content_sha256):
        return []
    return [NoticeRevised(fields=fields, content_sha256=content_sha256)]


def decide_markup(
    state: Notice,
    *,
    name: str,
    document_sha256: str,
    changes: Sequence[MarkedChange],
    blocked: Sequence[str] = (),
    fields: dict[str, str],
    content_sha256: str,
) -> list[Event]:
    """Take a reviewed file in: what became of each change, what was `blocked`, and the words that come of it."""
    if not changes:
        raise InvalidInput(f"{name}: holds no change to the words of the notice")
    revised = decide_revise(state, fields, content_sha256)
    decided = MarkupDecided(name=name, document_sha256=document_sha256, changes=tuple(changes), blocked=tuple(blocked))
    return [decided, *revised]


def decide_submit(state: Notice, void: Sequence[str] = ()) -> list[Event]:
    """Hand the draft to counsel; once more, where its approval is `void` (the reasons, from `approval_problems`)."""
    approved = {"approved", "rendered"} if void else set()
    require_status(state, "submit for review", {"draft", "changes requested"} | approved)
    return [NoticeSubmitted()]


def decide_render(
    state: Notice,
    *,
    content_sha256: str,
    problems: Sequence[str],
    engine: str,
    rows: int,
    documents: int,
    excluded: Sequence[ExcludedRows],
    files: Sequence[RenderedFile],
    circumstances: Circumstances | None = None,
) -> list[Event]:
    """Record the rendered documents of an approved notice.

    Raises:
        ApprovalVoid: no approval covers it now (`problems`, from `approval_problems`).
        InvalidInput: rows do not equal documents plus exclusions.
    """
    require_status(state, "render", {"approved", "rendered"})
    if problems:
        raise ApprovalVoid("nothing may be rendered for release: " + "; ".join(problems))
    left_out = sum(row.count for row in excluded)
    if rows != documents + left_out:
        raise InvalidInput(f"rows: {rows} rows are not {documents} documents and {left_out} exclusions")
    return [
        NoticeRendered(
            content_sha256=content_sha256,
            engine=engine,
            rows=rows,
            documents=documents,
            excluded=tuple(excluded),
            files=tuple(files),
            circumstances=circumstances,
        )
    ]


def sample_problems(state: Notice) -> tuple[str, ...]:
    """Why the rendered letters may not leave yet, as far as their sample goes; empty where nothing bars them."""
    if state.kind not in LETTERS or state.rendered is None or not state.rendered.documents:
        return ()
    match state.sample:
        case None:
            return ("a random sample of the letters has to be read and signed first",)
        case SampleRefused(reason=reason):
            return (f"the sample of these letters was refused ({reason}); render them again",)
        case SampleSigned():
            return ()
        case _:
            assert_never(state.sample)


def decide_dispatch(
    state: Notice, *, on: date, today: date, method: str, problems: Sequence[str], batch: Batch | None = None
) -> list[Event]:
    """Record that a batch of the rendered documents went out; without `batch` all that had not gone out yet.

    Raises:
        ApprovalVoid: the approval no longer covers them (`problems`, from `approval_problems`).
        OutOfOrder: a sample of the letters was not signed, or all went out already.
        InvalidInput: the date lies in the future, the method is unknown, or the batch is not one of what is left.
    """
    require_status(state, "record as sent", {"rendered", "partly sent"})
    if problems:
        raise ApprovalVoid("nothing may leave: " + "; ".join(problems))
    if unread := sample_problems(state):
        raise OutOfOrder("nothing may leave: " + "; ".join(unread))
    assert state.rendered is not None
    batch = batch or Batch()
    faults = sending_faults(on, today, method)
    letters = settled_runs(batch.letters, state.rendered.documents, state.sent_runs)
    named = sum(last - first + 1 for first, last in letters)
    count = named or (state.unsent if batch.count is None else batch.count)
    if named and batch.count not in {None, named}:
        faults.append(f"count: {batch.count:,}, but the letters named are {named:,}")
    if not 1 <= count <= state.unsent:
        faults.append(
            f"count: {count:,}; {state.rendered.documents:,} were rendered = {state.sent:,} sent + "
            f"{state.unsent:,} not yet"
        )
    faults += certificate_faults(batch.certificate, method, count)
    if faults:
        raise InvalidInput(*faults)
    return [
        NoticeDispatched(
            on=on, method=method, count=count, remaining=state.unsent - count, letters=letters,
            carrier=batch.carrier.strip(), certificate=batch.certificate, proof_name=batch.proof_name,
            proof_sha256=batch.proof_sha256,
        )
    ]  # fmt: skip


def sending_faults(on: date, today: date, method: str) -> list[str]:
    """Why nothing can have been sent on this day in this way."""
    faults = []
    if on > today:
        faults.append(f"on: {on} lies in the future (today is {today}); record a sending when it happened")
    if method not in {name for name, _ in METHODS}:
        faults.append(f"method: {method!r} is not one of {', '.join(name for name, _ in METHODS)}")
    return faults


def decide_withdraw(state: Notice, reason: str) -> list[Event]:
    """Take a notice out of use before it was sent."""
    require_status(state, "withdraw", {"draft", "in review", "changes requested", "approved", "rendered"})
    if not reason.strip():
        raise InvalidInput("reason: say why the notice is withdrawn")
    return [NoticeWithdrawn()]


def require_status(state: Notice, act: str, statuses: set[str]) -> None:
    """Refuse an act that does not fit where the notice stands."""
    if state.status not in statuses:
        raise OutOfOrder(
            f"cannot {act}: the notice is {state.status}, it would have to be {' or '.join(sorted(statuses))}"
        )

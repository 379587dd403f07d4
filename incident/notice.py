"""A notice's life: drafted, submitted, changes requested, approved, rendered, dispatched, withdrawn.

An approval covers exactly one text on exactly one set of facts under exactly one rulebook. Whatever changes
after it voids it; `approval_problems` says what changed.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import assert_never
from uuid import UUID

import msgspec

from incident.errors import ApprovalVoid, InvalidInput, NotAllowed, OutOfOrder
from incident.events import (
    ChangesRequested,
    Circumstances,
    Entry,
    Event,
    ExcludedRows,
    MarkedChange,
    MarkupDecided,
    NoticeApproved,
    NoticeDispatched,
    NoticeDrafted,
    NoticeRendered,
    NoticeRevised,
    NoticeSubmitted,
    NoticeWithdrawn,
    RenderedFile,
    SampleRefused,
    SampleSigned,
)

NoticeEvent = (
    NoticeDrafted
    | NoticeRevised
    | MarkupDecided
    | NoticeSubmitted
    | ChangesRequested
    | NoticeApproved
    | NoticeRendered
    | SampleSigned
    | SampleRefused
    | NoticeDispatched
    | NoticeWithdrawn
)

METHODS: tuple[tuple[str, str], ...] = (
    ("first_class_mail", "First-class mail to the last known address (45 CFR 164.404(d)(1)(i))"),
    ("email", "E-mail to people who agreed to electronic notice (45 CFR 164.404(d)(1)(i))"),
    ("telephone", "Telephone, for urgent cases, in addition to writing (45 CFR 164.404(d)(3))"),
    ("web_posting", "Conspicuous web posting (substitute notice)"),
    ("media", "Notice to media outlets"),
    ("portal", "The regulator's web form"),
    ("regulator_mail", "Letter to the regulator"),
)

LETTERS = frozenset({"individual_letter"})
"""Kinds that are printed for each person by name: nothing of them leaves before a sample was read and signed."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one notice after `version` entries."""

    id: UUID
    version: int = 0
    incident_id: UUID | None = None
    kind: str = ""
    obligations: tuple[str, ...] = ()
    fields: dict[str, str] = {}
    content_sha256: str = ""
    drafters: frozenset[str] = frozenset()
    status: str = "new"
    approval: NoticeApproved | None = None
    approved_by: str | None = None
    rendered: NoticeRendered | None = None
    sample: SampleSigned | SampleRefused | None = None
    dispatched: tuple[NoticeDispatched, ...] = ()


def evolve(state: Notice, entry: Entry) -> Notice:
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
                "drafters": state.drafters | {entry.by},
                "status": "draft",
                "approval": None,
                "approved_by": None,
                "rendered": None,
            }
        case MarkupDecided():
            changes = {}
        case NoticeSubmitted():
            changes = {"status": "in review"}
        case ChangesRequested():
            changes = {"status": "changes requested", "approval": None, "approved_by": None}
        case NoticeApproved():
            changes = {"status": "approved", "approval": event, "approved_by": entry.by, "rendered": None}
        case NoticeRendered():
            changes = {"status": "rendered", "rendered": event, "sample": None}
        case SampleSigned() | SampleRefused():
            changes = {"sample": event}
        case NoticeDispatched():
            changes = {"status": "dispatched", "dispatched": (*state.dispatched, event)}
        case NoticeWithdrawn():
            changes = {"status": "withdrawn"}
        case _:
            assert_never(event)
    return msgspec.structs.replace(state, version=entry.originator_version, **changes)


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
    _require(state, "revise", {"draft", "in review", "changes requested", "approved", "rendered"})
    if (fields, content_sha256) == (state.fields, state.content_sha256):
        return []
    return [NoticeRevised(fields=fields, content_sha256=content_sha256)]


def decide_markup(
    state: Notice,
    *,
    name: str,
    document_sha256: str,
    changes: Sequence[MarkedChange],
    fields: dict[str, str],
    content_sha256: str,
) -> list[Event]:
    """Take a reviewed file in: what became of each change, and the words that come of it."""
    if not changes:
        raise InvalidInput(f"{name}: holds no change to the words of the notice")
    revised = decide_revise(state, fields, content_sha256)
    return [MarkupDecided(name=name, document_sha256=document_sha256, changes=tuple(changes)), *revised]


def decide_submit(state: Notice) -> list[Event]:
    """Hand the draft to counsel."""
    _require(state, "submit for review", {"draft", "changes requested"})
    return [NoticeSubmitted()]


def decide_request_changes(state: Notice, user: str, role: str, comment: str) -> list[Event]:
    """Send the notice back to its drafter."""
    _require_reviewer(state, user, role)
    _require(state, "send back", {"in review", "approved"})
    if not comment.strip():
        raise InvalidInput("comment: say what has to change")
    return [ChangesRequested(comment=comment.strip())]


def decide_approve(
    state: Notice,
    *,
    user: str,
    role: str,
    content_sha256: str,
    facts_sha256: str,
    rulebook_hash: str,
    problems: Sequence[str],
) -> list[Event]:
    """Approve the text as it would be sent now.

    `problems` are the required elements that are missing and the forbidden content that was found.

    Raises:
        NotAllowed: the approver is not counsel, or drafted or revised the notice.
        OutOfOrder: the notice was not submitted, or is incomplete.
    """
    _require_reviewer(state, user, role)
    _require(state, "approve", {"in review"})
    if problems:
        raise OutOfOrder("the notice cannot be approved: " + "; ".join(problems))
    return [NoticeApproved(content_sha256=content_sha256, facts_sha256=facts_sha256, rulebook_hash=rulebook_hash)]


def approval_problems(state: Notice, *, content_sha256: str, facts_sha256: str, rulebook_hash: str) -> tuple[str, ...]:
    """Why the notice may not leave now; empty where its approval covers it."""
    if state.approval is None:
        return ("counsel has not approved it",)
    covered = (
        ("the text changed after approval", state.approval.content_sha256, content_sha256),
        ("the facts of the incident changed after approval", state.approval.facts_sha256, facts_sha256),
        ("the rulebook changed after approval", state.approval.rulebook_hash, rulebook_hash),
    )
    return tuple(reason for reason, approved, now in covered if approved != now)


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
    _require(state, "render", {"approved", "rendered"})
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


def decide_dispatch(state: Notice, *, on: date, today: date, method: str, problems: Sequence[str]) -> list[Event]:
    """Record that the rendered documents went out.

    Raises:
        ApprovalVoid: the approval no longer covers them (`problems`, from `approval_problems`).
        OutOfOrder: a sample of the letters was not signed.
        InvalidInput: the date lies in the future or the method is unknown.
    """
    _require(state, "record as sent", {"rendered", "dispatched"})
    if problems:
        raise ApprovalVoid("nothing may leave: " + "; ".join(problems))
    if unread := sample_problems(state):
        raise OutOfOrder("nothing may leave: " + "; ".join(unread))
    if on > today:
        raise InvalidInput(f"on: {on} lies in the future (today is {today}); record a sending when it happened")
    if method not in {name for name, _ in METHODS}:
        raise InvalidInput(f"method: {method!r} is not one of {', '.join(name for name, _ in METHODS)}")
    assert state.rendered is not None
    return [NoticeDispatched(on=on, method=method, count=state.rendered.documents)]


def decide_withdraw(state: Notice, reason: str) -> list[Event]:
    """Take a notice out of use before it was sent."""
    _require(state, "withdraw", {"draft", "in review", "changes requested", "approved", "rendered"})
    if not reason.strip():
        raise InvalidInput("reason: say why the notice is withdrawn")
    return [NoticeWithdrawn()]


def _require(state: Notice, act: str, statuses: set[str]) -> None:
    if state.status not in statuses:
        raise OutOfOrder(
            f"cannot {act}: the notice is {state.status}, it would have to be {' or '.join(sorted(statuses))}"
        )


def _require_reviewer(state: Notice, user: str, role: str) -> None:
    if role != "counsel":
        raise NotAllowed(f"{user} works here as {role.replace('_', ' ')}; a notice is reviewed by counsel")
    if user in state.drafters:
        raise NotAllowed(f"{user} drafted this notice; another person must review it")

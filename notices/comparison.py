"""A notice as it reads now beside what it read before, text by text, and the same change in other notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

import msgspec

from incident.errors import NotFound
from incident.past import PastRecord
from notices.desk import DocumentDesk, Preview
from notices.kind import FieldType

if TYPE_CHECKING:
    from incident.service import Receipt, Service
    from incident.views.queries import Queries

APPROVALS: Final = frozenset({"notice.approved", "notice.approval_reported"})
_OPEN: Final = frozenset({"draft", "in review", "changes requested", "approved", "rendered"})
"""A notice that stands so can still be changed."""


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """One text of a notice, before and now; empty where it was, or is, not there."""

    name: str
    before: str
    now: str


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The texts of a notice against earlier ones. `against` says in words which, `position` is their event number."""

    against: str
    position: int | None
    pairs: tuple[Pair, ...]


class SameChange(msgspec.Struct, frozen=True, kw_only=True):
    """A field of another notice of the incident that still has words which this notice has changed."""

    notice: UUID
    kind: str
    status: str
    field: str
    before: str
    after: str


def last_approval(queries: Queries, notice_id: UUID) -> int | None:
    """The event number of the last approval of a notice, of counsel's own or reported."""
    incident_id = queries.notice(notice_id).incident
    rows = [row for row in queries.timeline(incident_id) if row.stream == notice_id and row.topic in APPROVALS]
    return rows[-1].position if rows else None


def as_of(service: Service, notice_id: UUID, position: int) -> Preview:
    """A notice as it would have left after an event number.

    Raises:
        NotFound: there was no such notice then.
        NoticeError: it could not be written then.
    """
    if not 1 <= position <= service.queries.position:
        raise NotFound(f"there is no event #{position}; the record holds #1 to #{service.queries.position}")
    moment = service.queries.timeline(after=position - 1)[0].recorded_at
    queries = service.as_of(position)
    # The desk of then reads and never records; what it reads of a service, the record of then has.
    past = PastRecord(service.desk.log, queries, moment, service.blobs)
    return DocumentDesk(past, exercise=queries.case().exercise_of is not None).preview(notice_id)  # type: ignore[arg-type]


def against_event(service: Service, notice_id: UUID, now: Preview, position: int) -> Comparison:
    """Against the notice as it would have left after an event number: its words, on the facts of then.

    Raises:
        NotFound, NoticeError: as `as_of`.
    """
    then = as_of(service, notice_id, position)
    return Comparison(against=f"as of #{position}", position=position, pairs=_pairs(then, now))


def against_approved(service: Service, queries: Queries, notice_id: UUID, now: Preview) -> Comparison:
    """Against the text that was approved last.

    Raises:
        NotFound: it was never approved.
    """
    position = last_approval(queries, notice_id)
    if position is None:
        raise NotFound("it was never approved; t compares with the default text")
    found = against_event(service, notice_id, now, position)
    return msgspec.structs.replace(found, against=f"last approved, #{position}")


def against_default(documents: DocumentDesk, incident_id: UUID, now: Preview) -> Comparison:
    """Against the default text: the words that a form starts with.

    Words that the drafter found, as the form gives none, show as new: in their place stands an ellipsis. Dates,
    numbers and choices without a default stay as they are.
    """
    start = {name: words for name, words in documents.start(incident_id, now.kind.name).items() if words}
    asked = {
        field.name: "…"
        for field in now.kind.fields
        if field.type is FieldType.TEXT and field.required and now.fields.get(field.name)
    }
    before = documents.look(incident_id, now.kind.name, now.fields | asked | start)
    return Comparison(against="the default text", position=None, pairs=_pairs(before, now))


def same_changes(service: Service, notice_id: UUID) -> tuple[SameChange, ...]:
    """Where else in the incident the earlier words of this notice still stand, field by field."""
    state = service.desk.notice(notice_id)
    assert state.incident_id is not None
    earlier = service.reviews.words_so_far(notice_id)
    found = []
    for row in service.queries.notices(state.incident_id):
        if row.id == notice_id or row.status not in _OPEN:
            continue
        theirs = service.desk.notice(row.id).fields
        for field, words in state.fields.items():
            had = {each[field] for each in earlier if field in each} - {words}
            if theirs.get(field) in had:
                found.append(
                    SameChange(
                        notice=row.id, kind=row.kind, status=row.status, field=field, before=theirs[field], after=words
                    )
                )
    return tuple(found)


def take_same(documents: DocumentDesk, service: Service, changes: tuple[SameChange, ...]) -> Receipt:
    """Put the changed words into the other notices; an approval of their earlier words is void. At least one change.

    Raises:
        NoticeError: a notice cannot be written with them.
    """
    receipts = []
    for notice_id in dict.fromkeys(change.notice for change in changes):
        words = {change.field: change.after for change in changes if change.notice == notice_id}
        receipts.append(documents.revise(notice_id, service.desk.notice(notice_id).fields | words))
    return receipts[-1]


def _pairs(before: Preview, now: Preview) -> tuple[Pair, ...]:
    then = {checked.document.name: checked.document.text for checked in before.documents}
    here = {checked.document.name: checked.document.text for checked in now.documents}
    return tuple(
        Pair(name=name, before=then.get(name, ""), now=here.get(name, "")) for name in dict.fromkeys((*here, *then))
    )

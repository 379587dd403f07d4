"""A regulator filing's life: prepared, filed (tracking number, receipt), addendum prepared, addendum filed."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import assert_never
from uuid import UUID

import msgspec

from incident.errors import ApprovalVoid, InvalidInput, OutOfOrder
from incident.events import (
    AddendumFiled,
    AddendumPrepared,
    Entry,
    Event,
    FilingPrepared,
    FilingSubmitted,
    ReceiptRecorded,
)

FilingEvent = FilingPrepared | FilingSubmitted | ReceiptRecorded | AddendumPrepared | AddendumFiled


class Filing(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one filing after `version` entries.

    `notice_id` is the document that is filed next, or was filed last; `addendum_ready` while one waits to be filed.
    """

    id: UUID
    version: int = 0
    incident_id: UUID | None = None
    notice_id: UUID | None = None
    obligation_id: str = ""
    recipient: str = ""
    entities: tuple[int, ...] = ()
    submitted: FilingSubmitted | None = None
    addendum_ready: bool = False
    addenda: tuple[AddendumFiled, ...] = ()
    receipts: tuple[ReceiptRecorded, ...] = ()

    @property
    def reported_count(self) -> int | None:
        """The number of people the regulator was last told."""
        counts = [addendum.count for addendum in self.addenda if addendum.count is not None]
        if counts:
            return counts[-1]
        return self.submitted.count if self.submitted is not None else None

    @property
    def tracking(self) -> str | None:
        """The regulator's number of the report, by which an addendum names it."""
        later = [receipt.tracking for receipt in self.receipts if receipt.tracking]
        if later:
            return later[-1]
        return self.submitted.tracking if self.submitted is not None else None


def evolve(state: Filing, entry: Entry) -> Filing:
    """The state after one more entry."""
    event: FilingEvent = entry.event  # type: ignore[assignment]  # the stream holds only these
    changes: dict[str, object]
    match event:
        case FilingPrepared():
            changes = {
                "incident_id": event.incident_id,
                "notice_id": event.notice_id,
                "obligation_id": event.obligation_id,
                "recipient": event.recipient,
                "entities": event.entities,
            }
        case FilingSubmitted():
            changes = {"submitted": event}
        case ReceiptRecorded():
            changes = {"receipts": (*state.receipts, event)}
        case AddendumPrepared():
            changes = {"notice_id": event.notice_id, "addendum_ready": True}
        case AddendumFiled():
            changes = {"addenda": (*state.addenda, event), "addendum_ready": False}
        case _:
            assert_never(event)
    return msgspec.structs.replace(state, version=entry.originator_version, **changes)


def replay(filing_id: UUID, entries: Iterable[Entry]) -> Filing:
    """The state after all entries of the stream."""
    state = Filing(id=filing_id)
    for entry in entries:
        state = evolve(state, entry)
    return state


def decide_prepare(
    incident_id: UUID, notice_id: UUID, obligation_id: str, recipient: str, entities: Sequence[int] = ()
) -> list[Event]:
    """Make a filing ready from a notice document, on behalf of these covered entities or of the organization itself."""
    return [
        FilingPrepared(
            incident_id=incident_id,
            notice_id=notice_id,
            obligation_id=obligation_id,
            recipient=recipient,
            entities=tuple(entities),
        )
    ]


def decide_submit(
    state: Filing,
    *,
    on: date,
    today: date,
    channel: str,
    tracking: str | None,
    count: int | None,
    estimated: bool | None,
    receipt_sha256: str | None,
    problems: Sequence[str],
) -> list[Event]:
    """Record that the report was filed.

    Raises:
        ApprovalVoid: the document is not covered by an approval now (`problems`).
        OutOfOrder: it was filed before; a change is an addendum.
    """
    if state.submitted is not None:
        raise OutOfOrder(f"filed on {state.submitted.on} already; a change is filed as an addendum")
    _require_approval(problems)
    _require_past(on, today)
    if not channel.strip():
        raise InvalidInput("channel: say how it was filed (portal, mail, e-mail)")
    _require_number(count, estimated)
    return [
        FilingSubmitted(
            on=on,
            channel=channel.strip(),
            tracking=tracking or None,
            count=count,
            estimated=estimated,
            receipt_sha256=receipt_sha256,
        )
    ]


def decide_receipt(state: Filing, tracking: str | None, receipt_sha256: str | None) -> list[Event]:
    """Record the number or the receipt that came after the filing."""
    if state.submitted is None:
        raise OutOfOrder("a receipt belongs to a filed report; this one was not filed yet")
    number = (tracking or "").strip() or None
    if number is None and receipt_sha256 is None:
        raise InvalidInput("tracking: give the regulator's number, or a receipt")
    return [ReceiptRecorded(tracking=number, receipt_sha256=receipt_sha256)]


def decide_prepare_addendum(state: Filing, notice_id: UUID) -> list[Event]:
    """Make an addendum ready from a notice document."""
    if state.submitted is None:
        raise OutOfOrder("an addendum corrects a filed report; this one was not filed yet")
    return [AddendumPrepared(notice_id=notice_id)]


def decide_addendum(
    state: Filing,
    *,
    on: date,
    today: date,
    channel: str | None,
    tracking: str | None,
    count: int | None,
    estimated: bool | None,
    receipt_sha256: str | None,
    problems: Sequence[str],
) -> list[Event]:
    """Record an addendum to a filed report.

    Raises:
        ApprovalVoid: the document is not covered by an approval now (`problems`).
        OutOfOrder: nothing was filed that it could correct.
    """
    if state.submitted is None:
        raise OutOfOrder("an addendum corrects a filed report; this one was not filed yet")
    _require_approval(problems)
    _require_past(on, today)
    if on < state.submitted.on:
        raise InvalidInput(f"on: {on} is before the report itself was filed ({state.submitted.on})")
    _require_number(count, estimated)
    return [
        AddendumFiled(
            on=on,
            channel=(channel or "").strip() or None,
            tracking=tracking or None,
            count=count,
            estimated=estimated,
            receipt_sha256=receipt_sha256,
        )
    ]


def _require_approval(problems: Sequence[str]) -> None:
    if problems:
        raise ApprovalVoid("nothing may be filed: " + "; ".join(problems))


def _require_number(count: object, estimated: object) -> None:
    """A report names one number; what is known only as a range has to be settled, or estimated, by who files it."""
    if count is not None and (not isinstance(count, int) or isinstance(count, bool) or count < 0):
        raise InvalidInput("count: the number of people that was reported, a whole number")
    if estimated and count is None:
        raise InvalidInput("estimated: there is no number that could be an estimate")


def _require_past(on: date, today: date) -> None:
    if on > today:
        raise InvalidInput(f"on: {on} lies in the future (today is {today}); record a filing when it happened")

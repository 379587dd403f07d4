"""A regulator filing's life: prepared, filed (tracking number), addendum filed."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import assert_never
from uuid import UUID

import msgspec

from incident.errors import ApprovalVoid, InvalidInput, OutOfOrder
from incident.events import AddendumFiled, Entry, Event, FilingPrepared, FilingSubmitted

FilingEvent = FilingPrepared | FilingSubmitted | AddendumFiled


class Filing(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one filing after `version` entries."""

    id: UUID
    version: int = 0
    incident_id: UUID | None = None
    notice_id: UUID | None = None
    obligation_id: str = ""
    recipient: str = ""
    submitted: FilingSubmitted | None = None
    addenda: tuple[AddendumFiled, ...] = ()

    @property
    def reported_count(self) -> int | None:
        """The number of people the regulator was last told."""
        counts = [addendum.count for addendum in self.addenda if addendum.count is not None]
        if counts:
            return counts[-1]
        return self.submitted.count if self.submitted is not None else None


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
            }
        case FilingSubmitted():
            changes = {"submitted": event}
        case AddendumFiled():
            changes = {"addenda": (*state.addenda, event)}
        case _:
            assert_never(event)
    return msgspec.structs.replace(state, version=entry.originator_version, **changes)


def replay(filing_id: UUID, entries: Iterable[Entry]) -> Filing:
    """The state after all entries of the stream."""
    state = Filing(id=filing_id)
    for entry in entries:
        state = evolve(state, entry)
    return state


def decide_prepare(incident_id: UUID, notice_id: UUID, obligation_id: str, recipient: str) -> list[Event]:
    """Make a filing ready from a rendered notice document."""
    return [
        FilingPrepared(incident_id=incident_id, notice_id=notice_id, obligation_id=obligation_id, recipient=recipient)
    ]


def decide_submit(
    state: Filing,
    *,
    on: date,
    today: date,
    channel: str,
    tracking: str | None,
    count: int | None,
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
    if problems:
        raise ApprovalVoid("nothing may be filed: " + "; ".join(problems))
    _require_past(on, today)
    if not channel.strip():
        raise InvalidInput("channel: say how it was filed (portal, mail, e-mail)")
    _require_number(count)
    return [
        FilingSubmitted(
            on=on, channel=channel.strip(), tracking=tracking or None, count=count, receipt_sha256=receipt_sha256
        )
    ]


def decide_addendum(state: Filing, *, on: date, today: date, tracking: str | None, count: int | None) -> list[Event]:
    """Record an addendum to a filed report."""
    if state.submitted is None:
        raise OutOfOrder("an addendum corrects a filed report; this one was not filed yet")
    _require_past(on, today)
    _require_number(count)
    return [AddendumFiled(on=on, tracking=tracking or None, count=count)]


def _require_number(count: object) -> None:
    """A report names one number; what is known only as a range has to be settled, or estimated, by who files it."""
    if count is not None and (not isinstance(count, int) or isinstance(count, bool) or count < 0):
        raise InvalidInput("count: the number of people that was reported, a whole number")


def _require_past(on: date, today: date) -> None:
    if on > today:
        raise InvalidInput(f"on: {on} lies in the future (today is {today}); record a filing when it happened")

"""Deciding on single people: a correction, an erasure, and what became of an attempt to reach them. Pure.

Each event says what the person counted as before and counts as after, so that the counts follow from the log alone.
"""

from datetime import date

from incident.errors import InvalidInput, OutOfOrder
from incident.events import ContactOutcome, Counted, PersonCorrected, RecipientErased
from incident.roster.changing import Change
from incident.roster.contact import ENDORSEMENTS, KINDS, Kind, counted, reach_after
from incident.roster.record import Row, Status
from incident.roster.told import RowTold


def decide_correction(change: Change, told: RowTold) -> tuple[PersonCorrected, RowTold]:
    """The event of a change that the vault has made, and what is told of the row after it."""
    before = told.counted or counted(change.before, told.reach)
    assert before is not None
    draft = PersonCorrected(
        row=change.after.row, revision=change.after.revision, commitment=change.commitment, fields=change.fields,
        before=before, after=before,
    )  # fmt: skip
    reach = reach_after(told.reach, draft)
    after = counted(change.after, reach)
    assert after is not None
    event = PersonCorrected(
        row=draft.row, revision=draft.revision, commitment=draft.commitment, fields=draft.fields, before=before,
        after=after,
    )  # fmt: skip
    return event, RowTold(status="accepted", revision=event.revision, commitment=event.commitment, reach=reach)


def decide_erasure(row: int, before: Row | None, told: RowTold) -> RecipientErased:
    """The event of an erasure; `before` is what the vault remembers of the row."""
    if before is None:  # it was erased by a version that did not keep what it was
        return RecipientErased(row=row)
    return RecipientErased(row=row, was=str(before.status), counted=told.counted or counted(before, told.reach))


def decide_outcome(
    held: Row,
    told: RowTold,
    kind: str,
    on: date,
    today: date,
    *,
    reason: str = "",
    forwarding: bool = False,
    reached: bool | None = None,
    caller: str = "",
) -> tuple[ContactOutcome, RowTold]:
    """The event of an outcome, and what is told of the row after it.

    Raises:
        InvalidInput: the kind, the date or what belongs to the kind is not given rightly.
        OutOfOrder: the row is not accepted, or the outcome cannot follow on what is recorded.
    """
    faults = []
    if kind not in KINDS:
        faults.append(f"outcome: {kind!r} is not one of {', '.join(KINDS)}")
    if on > today:
        faults.append(f"on: {on} lies in the future")
    if reason not in ENDORSEMENTS:
        known = ", ".join(filter(None, ENDORSEMENTS))
        faults.append(f"reason: {reason!r} is not an endorsement of the postal service: {known}")
    if kind == Kind.CALLED and reached is None:
        faults.append("reached: say whether the call reached the person")
    if kind == Kind.CALLED and not caller.strip():
        faults.append("caller: say who called")
    if faults:
        raise InvalidInput(*faults)
    row = held.row
    if held.status is not Status.ACCEPTED:
        raise OutOfOrder(f"row {row}: not accepted but {held.status}")
    if kind == Kind.MAIL_RETURNED and told.reach.post == "failed":
        raise OutOfOrder(f"row {row}: recorded as returned already, and nothing was mailed to a newer address since")
    if kind == Kind.MAILED_AGAIN and told.reach.post not in {"found", "open"}:
        raise OutOfOrder(
            f"row {row}: no newer address is recorded since the letter came back; correct the address first"
            if told.reach.post
            else f"row {row}: nothing came back that would be mailed again"
        )
    if kind == Kind.EMAIL_BOUNCED and (held.person is None or not held.person.email):
        raise OutOfOrder(f"row {row}: no e-mail address is known of the person")
    before = told.counted or _counted(held, told)

    def event(after: Counted) -> ContactOutcome:
        return ContactOutcome(
            row=row, kind=kind, on=on, before=before, after=after, reason=reason if kind == Kind.MAIL_RETURNED else "",
            forwarding=forwarding, reached=reached if kind == Kind.CALLED else None,
            caller=caller.strip() if kind == Kind.CALLED else "",
        )  # fmt: skip

    reach = reach_after(told.reach, event(before))
    after = counted(held, reach)
    assert after is not None
    shown = RowTold(
        status="accepted", revision=told.revision, commitment=told.commitment, counted=after, reach=reach, on=told.on
    )
    return event(after), shown


def _counted(held: Row, told: RowTold) -> Counted:
    found = counted(held, told.reach)
    assert found is not None
    return found

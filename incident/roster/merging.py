"""What a decision about possible duplicates is to the log. Pure: from how rows were and are to the event."""

import msgspec

from incident.errors import OutOfOrder
from incident.events import Counted, RowMerged, RowUnmerged
from incident.roster.changing import Change
from incident.roster.contact import counted
from incident.roster.record import Status
from incident.roster.told import RowTold

ADDRESS = frozenset({"address", "state"})
"""The fields of a person that a merge may take from the row that goes into it."""


def decide_merge(change: Change, target: Change, told: RowTold, told_target: RowTold) -> RowMerged:
    """That a row was merged into another, from what the vault made of both."""
    assert change.after.merged_into == target.after.row
    before, after = _counts(target, told_target)
    return RowMerged(
        row=change.after.row,
        into=target.after.row,
        was=change.before.status.value,
        counted=counted(change.before, told.reach),
        before=before,
        after=after,
    )


def decide_unmerge(change: Change, target: Change, told: RowTold, told_target: RowTold) -> RowUnmerged:
    """That a row stands on its own again, from what the vault made of both."""
    assert change.before.merged_into == target.after.row
    before, after = _counts(target, told_target)
    return RowUnmerged(
        row=change.after.row,
        out_of=target.after.row,
        becomes=change.after.status.value,
        counted=counted(change.after, told.reach),
        before=before,
        after=after,
    )


def status_before(told: RowTold) -> Status:
    """What a merged row becomes once the merge is taken back: a merge at the import took accepted rows only."""
    return Status(told.was) if told.status == Status.MERGED and told.was else Status.ACCEPTED


def _counts(target: Change, told: RowTold) -> tuple[Counted, Counted]:
    if set(target.fields) - ADDRESS:
        raise OutOfOrder(
            f"row {target.after.row}: a correction broke off before it was recorded; give that again first"
        )
    after = counted(target.after, told.reach)
    assert after is not None
    # As far as the log said what it counted as, the entry goes on from there.
    before = told.counted if told.said and told.counted is not None else counted(target.before, told.reach)
    return before or msgspec.structs.replace(after), after

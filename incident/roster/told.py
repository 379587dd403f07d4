"""What the log says of a list and of single rows of it: how they stand, and what vouches for their envelopes. Pure.

Of a row that no entry mentions, the import alone speaks.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import msgspec

from incident.events import (
    ContactOutcome,
    Counted,
    Entry,
    Event,
    PairsAcrossDecided,
    PairsAcrossSuggested,
    PairsKeptApart,
    PairsReopened,
    PairsSuggested,
    PersonCorrected,
    QuarantineResolved,
    RecipientErased,
    RosterClosed,
    RosterOpened,
    RowLinked,
    RowMerged,
    RowUnlinked,
    RowUnmerged,
    SegmentSealed,
)
from incident.roster.contact import UNTRIED, Reach, reach_after
from incident.roster.counts import Tally, counted_as, tally_after


class RowTold(msgspec.Struct, frozen=True):
    """One row after the entries about it.

    `status` is empty while it is as it was imported; `revision` how often it was sealed anew (None: an entry of an
    earlier schema did not say), `commitment` the leaf hash (hex) of its envelope then, `on` the day (UTC) of the entry.
    `counted` is what it counts as, as far as an entry said so. An erased row keeps what it was in `was`.
    `into` is the row that it was merged into by hand, `elsewhere` the list and row there whose person it is.
    `said` is False while `counted` rests on an entry of schema 1, which left it open.
    """

    status: str = ""
    revision: int | None = 0
    commitment: str = ""
    on: date | None = None
    counted: Counted | None = None
    reach: Reach = UNTRIED
    was: str = ""
    said: bool = False
    into: int | None = None
    elsewhere: tuple[UUID, int] | None = None


IMPORTED = RowTold()


def row_after(told: RowTold, entry: Entry) -> RowTold:  # noqa: PLR0911 - a kind of event a line
    """One row after one more entry about it."""
    event, day = entry.event, entry.recorded_at.date()
    match event:
        case QuarantineResolved():
            return msgspec.structs.replace(
                told,
                status=event.outcome,
                revision=event.revision if event.outcome == "accepted" else told.revision,
                commitment=event.commitment,
                on=day,
                counted=counted_as(event),
                said=event.counted is not None,
            )
        case PersonCorrected():
            return msgspec.structs.replace(
                told,
                status="accepted",
                revision=event.revision,
                commitment=event.commitment,
                on=day,
                counted=event.after,
                said=True,
                reach=reach_after(told.reach, event) if told.reach != UNTRIED else UNTRIED,
            )
        case ContactOutcome():
            return msgspec.structs.replace(
                told, status="accepted", counted=event.after, said=True, reach=reach_after(told.reach, event)
            )
        case RowMerged():
            return msgspec.structs.replace(
                told, status="merged", was=event.was, into=event.into, counted=None, said=False, on=day
            )
        case RowUnmerged():
            return msgspec.structs.replace(
                told, status=event.becomes, was="", into=None, counted=event.counted, said=True, on=day
            )
        case RowLinked():
            return msgspec.structs.replace(
                told, status="merged", was=event.was, elsewhere=(event.roster, event.other), counted=None, said=False,
                on=day,
            )  # fmt: skip
        case RowUnlinked():
            return msgspec.structs.replace(
                told, status=event.becomes, was="", elsewhere=None, counted=event.counted, said=True, on=day
            )
        case RecipientErased():
            if told.status == "erased":
                return told
            return msgspec.structs.replace(told, status="erased", counted=event.counted, was=event.was)
        case _:
            return told


class PairsTold(msgspec.Struct, frozen=True):
    """What the log says of the pairs of a list: how many were found, their digest, and which are two people each.

    `across` are those with older lists, each (row here, other list, row there).
    """

    count: int = 0
    sha256: str = ""
    apart: frozenset[tuple[int, int]] = frozenset()
    across: int = 0
    across_digest: str = ""
    across_apart: frozenset[tuple[int, UUID, int]] = frozenset()


NO_PAIRS = PairsTold()


def pairs_told(told: PairsTold, event: Event) -> PairsTold:  # noqa: PLR0911 - a kind of event a line
    """The pairs of a list after one more event of its stream."""
    match event:
        case PairsSuggested(pairs=count, sha256=sha256):
            return msgspec.structs.replace(told, count=count, sha256=sha256)
        case PairsAcrossSuggested(pairs=count, digest=digest):
            return msgspec.structs.replace(told, across=count, across_digest=digest)
        case PairsAcrossDecided(pairs=across, apart=True):
            return msgspec.structs.replace(told, across_apart=told.across_apart | set(across))
        case PairsAcrossDecided(pairs=across):
            return msgspec.structs.replace(told, across_apart=told.across_apart - set(across))
        case PairsKeptApart(pairs=pairs):
            return msgspec.structs.replace(told, apart=told.apart | set(pairs))
        case PairsReopened(pairs=pairs):
            return msgspec.structs.replace(told, apart=told.apart - set(pairs))
        case _:
            return told


def take_in(found: dict[int, RowTold], entry: Entry) -> None:
    """Let the rows that an entry is about be what it makes of them."""
    event = entry.event
    row = getattr(event, "row", None)
    if isinstance(row, int):
        after = row_after(found.get(row, IMPORTED), entry)
        if after is not IMPORTED:
            found[row] = after
    if isinstance(event, RowMerged | RowUnmerged):
        other = event.into if isinstance(event, RowMerged) else event.out_of
        found[other] = msgspec.structs.replace(
            found.get(other, IMPORTED), status="accepted", counted=event.after, said=True
        )


def rows_told(entries: Iterable[Entry]) -> dict[int, RowTold]:
    """Row -> what the stream of its list says of it."""
    found: dict[int, RowTold] = {}
    for entry in entries:
        take_in(found, entry)
    return found


class Told(msgspec.Struct):
    """What the log says of one list of people: its segments, its tally, and of single rows what changed since."""

    opened: RosterOpened
    on: date
    sealed: dict[int, SegmentSealed] = msgspec.field(default_factory=dict)
    closed: bool = False
    tally: Tally = msgspec.field(default_factory=Tally)
    rows: dict[int, RowTold] = msgspec.field(default_factory=dict)
    pairs: PairsTold = NO_PAIRS


class LogOfRosters:
    """Gathers what the log says of the lists as its entries go by."""

    def __init__(self) -> None:
        self.told: dict[UUID, Told] = {}

    def observe(self, _position: int, entry: Entry) -> None:
        """Take in an entry of any stream."""
        event, day = entry.event, entry.recorded_at.date()
        if isinstance(event, RosterOpened):
            self.told[entry.originator_id] = Told(event, day)
            return
        told = self.told.get(entry.originator_id)
        if told is None:
            return
        told.tally = tally_after(told.tally, event)
        match event:
            case SegmentSealed():
                told.sealed[event.number] = event
            case RosterClosed():
                told.closed = True
            case _:
                take_in(told.rows, entry)
                told.pairs = pairs_told(told.pairs, event)

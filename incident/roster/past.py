"""Rows of a roster as of a past event: the vault holds people as they are now, the log tells what was decided since."""

from collections.abc import Iterable, Iterator

import msgspec

from incident.events import Entry, QuarantineResolved, RowLinked, RowMerged, RowUnlinked, RowUnmerged
from incident.roster.reasons import Flag
from incident.roster.record import Row, Status


class PastRows:
    """What the entries of a roster that were recorded since, in order, say of single rows."""

    def __init__(self, since: Iterable[Entry]) -> None:
        self._stood: dict[int, tuple[Status, int | None]] = {}
        self._mended: set[int] = set()
        for entry in since:
            match entry.event:
                case QuarantineResolved(row=row, outcome=outcome):
                    self._stood.setdefault(row, (Status.QUARANTINED, None))
                    if outcome == Status.ACCEPTED:
                        self._mended.add(row)
                case RowMerged(row=row, was=was) | RowLinked(row=row, was=was):
                    self._stood.setdefault(row, (Status(was), None))
                case RowUnmerged(row=row, out_of=out_of):
                    self._stood.setdefault(row, (Status.MERGED, out_of))
                case RowUnlinked(row=row):
                    self._stood.setdefault(row, (Status.MERGED, None))

    @property
    def changed(self) -> frozenset[int]:
        """The rows that were decided on since: out of quarantine, merged, or taken out of a merge."""
        return frozenset(self._stood)

    def then(self, row: Row) -> Row:
        """The row as it stood.

        Of one that was accepted out of quarantine since, only the cells as read are left: what it was mended to was not
        known then. One that was erased since stays erased.
        """
        if row.row not in self._stood or row.status is Status.ERASED:
            return row
        status, merged_into = self._stood[row.row]
        stood = msgspec.structs.replace(row, status=status, merged_into=merged_into)
        if row.row not in self._mended:
            return stood
        return msgspec.structs.replace(stood, person=None, findings=(), flags=Flag(0), audience=None, state="")

    def unchanged(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Those of the rows that stand as they stood."""
        return (row for row in rows if row.row not in self._stood)

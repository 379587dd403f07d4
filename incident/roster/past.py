"""Rows of a roster as of a past event: the vault holds people as they are now, the log tells what was decided since."""

from collections.abc import Iterable, Iterator

import msgspec

from incident.events import Entry, QuarantineResolved
from incident.roster.reasons import Flag
from incident.roster.record import Row, Status


class PastRows:
    """What the entries of a roster that were recorded since say of single rows."""

    def __init__(self, since: Iterable[Entry]) -> None:
        self._waited = {
            entry.event.row: entry.event.outcome for entry in since if isinstance(entry.event, QuarantineResolved)
        }

    @property
    def changed(self) -> frozenset[int]:
        """The rows that waited in quarantine then and wait no more."""
        return frozenset(self._waited)

    def then(self, row: Row) -> Row:
        """The row as it stood: one that was decided since waits in quarantine.

        Of one that was accepted, only the cells as read are left: what it was mended to was not known then. One that
        was erased since stays erased.
        """
        outcome = self._waited.get(row.row)
        if outcome is None or row.status is Status.ERASED:
            return row
        if outcome != Status.ACCEPTED:
            return msgspec.structs.replace(row, status=Status.QUARANTINED)
        return msgspec.structs.replace(
            row, status=Status.QUARANTINED, person=None, findings=(), flags=Flag(0), audience=None, state=""
        )

    def unchanged(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Those of the rows that stand as they stood."""
        return (row for row in rows if row.row not in self._waited)

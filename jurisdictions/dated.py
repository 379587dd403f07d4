"""Values that change on known days: half-open intervals ``[since, until)`` in order, without overlap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol, TypeVar


class Dated(Protocol):
    """Anything that is in force from ``since`` until just before ``until`` (None: until further notice)."""

    @property
    def since(self) -> date:
        """The first day."""
        ...

    @property
    def until(self) -> date | None:
        """The day after the last, if there is one."""
        ...


DatedT = TypeVar("DatedT", bound=Dated)


def in_force(entries: Sequence[DatedT], on: date) -> DatedT | None:
    """The entry in force on a day; None before the first one, in a declared gap, or after the last ended."""
    for entry in reversed(entries):
        if entry.since <= on:
            return entry if entry.until is None or on < entry.until else None
    return None


def chained(entries: Sequence[DatedT], where: str) -> tuple[date | None, ...]:
    """The end of each entry: its own ``until``, or the ``since`` of the next.

    Raises:
        ValueError: if entries are out of order or overlap; ``where`` names them in the message.
    """
    ends: list[date | None] = []
    for index, entry in enumerate(entries):
        following = entries[index + 1].since if index + 1 < len(entries) else None
        if following is not None and following <= entry.since:
            raise ValueError(f"{where}: {following} does not come after {entry.since}")
        if entry.until is not None and entry.until <= entry.since:
            raise ValueError(f"{where}: {entry.until} does not come after {entry.since}")
        if entry.until is not None and following is not None and following < entry.until:
            raise ValueError(f"{where}: the version of {entry.since} overlaps the one of {following}")
        ends.append(entry.until if entry.until is not None else following)
    return tuple(ends)

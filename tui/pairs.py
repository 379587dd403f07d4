"""Pairs of rows that may be one person, of one list or of two, as the screen of doubles goes through them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec

from incident.roster.across import AcrossWaiting, Key
from incident.roster.duplicates import Waiting
from incident.roster.record import Row
from incident.roster.vault import Vault
from incident.service import Service
from incident.views.queries import Queries


class Pair(msgspec.Struct, frozen=True):
    """A pair, its two people by list and row, and their rows; `names` are those of the lists where there are two."""

    keys: tuple[Key, Key]
    waiting: Waiting | AcrossWaiting
    rows: tuple[Row, Row]
    names: tuple[str, str] = ("", "")

    @property
    def key(self) -> str:
        """What names it in the table."""
        return "/".join(f"{roster}/{row}" for roster, row in self.keys)

    @property
    def roster(self) -> UUID:
        """The list of the left row."""
        return self.keys[0][0]

    @property
    def titles(self) -> tuple[str, str]:
        """The rows by number, and by list where there are two."""
        one, other = (
            f"row {row:,}" + (f" of {name}" if name else "")
            for (_, row), name in zip(self.keys, self.names, strict=True)
        )
        return one, other


def apart(incident_id: UUID, pair: Pair) -> tuple[Callable[[Service, str], Any], Callable[[Service, str], Any]]:
    """What keeps a pair apart, and what takes that back, each for a reason."""
    waiting = pair.waiting
    if isinstance(waiting, AcrossWaiting):
        people, listed = waiting.people, waiting.listed
        return (
            lambda service, because: service.across.keep_apart(incident_id, [people], because),
            lambda service, because: service.across.reopen(incident_id, [listed], because),
        )
    rows, listed_rows = waiting.rows, waiting.listed
    return (
        lambda service, because: service.duplicates.keep_apart(pair.roster, [rows], because),
        lambda service, because: service.duplicates.reopen(pair.roster, [listed_rows], because),
    )


def pairs_of(queries: Queries, vault: Vault, service: Service, incident_id: UUID, most: int) -> tuple[list[Pair], int]:
    """The likeliest pairs of all lists and across them with their rows, and how many there are."""
    lists = queries.rosters(incident_id)
    found: list[tuple[tuple[Key, Key], Waiting | AcrossWaiting]] = [
        (((roster.id, waiting.rows[0]), (roster.id, waiting.rows[1])), waiting)
        for roster in lists
        for waiting in service.duplicates.waiting(roster.id)
    ]
    found += [(waiting.people, waiting) for waiting in service.across.waiting(incident_id)]
    shown = sorted(found, key=lambda each: -each[1].score)[:most]
    rows = {
        roster.id: vault.some(roster.id, {row for keys, _ in shown for owner, row in keys if owner == roster.id})
        for roster in lists
    }
    names = {roster.id: roster.source_name for roster in lists}
    return [
        Pair(
            keys,
            waiting,
            (rows[keys[0][0]][keys[0][1]], rows[keys[1][0]][keys[1][1]]),
            (names[keys[0][0]], names[keys[1][0]]) if isinstance(waiting, AcrossWaiting) else ("", ""),
        )
        for keys, waiting in shown
    ], len(found)

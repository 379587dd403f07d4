"""Events of rows of two lists of one incident that may be one person. By numbers only, on the stream of the newer list.

A person of another list is named by that list and the row there.
"""

from typing import ClassVar
from uuid import UUID

from incident.events.base import Event
from incident.events.roster import Counted


class PairsAcrossSuggested(Event, frozen=True, kw_only=True):
    """How many rows of this list may be people of older lists of the incident; the pairs wait in the vault.

    `digest` is SHA-256 (hex) over the pairs in ascending order: list (16 bytes) and row there, row here (8 bytes each).
    """

    TOPIC: ClassVar[str] = "roster.pairs_across_suggested"
    pairs: int
    digest: str


class PairsAcrossDecided(Event, frozen=True, kw_only=True):
    """These pairs are two people each, or (`apart` False) that is open again; the reason in `because`.

    A pair is (row here, other list, row there).
    """

    TOPIC: ClassVar[str] = "roster.pairs_across_decided"
    pairs: tuple[tuple[int, UUID, int], ...]
    apart: bool


class RowLinked(Event, frozen=True, kw_only=True):
    """A row is a person of another list (`roster`, row `other` there), and counts and gets its letter there alone.

    `was` is its status before, `counted` what it counted as if it was accepted.
    """

    TOPIC: ClassVar[str] = "roster.row_linked"
    row: int
    roster: UUID
    other: int
    was: str
    counted: Counted | None


class RowUnlinked(Event, frozen=True, kw_only=True):
    """That a row is a person of another list is taken back: it stands on its own again, with the status `becomes`."""

    TOPIC: ClassVar[str] = "roster.row_unlinked"
    row: int
    roster: UUID
    other: int
    becomes: str
    counted: Counted | None

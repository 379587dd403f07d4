"""Events of a roster: the list of affected people, by numbers only."""

from typing import ClassVar
from uuid import UUID

from incident.events.base import Event


class RosterOpened(Event, frozen=True, kw_only=True):
    """An import began. `mapping` is field -> column heading; `size` of the source in bytes."""

    TOPIC: ClassVar[str] = "roster.opened"
    incident_id: UUID
    source_name: str
    source_sha256: str
    size: int
    encoding: str
    delimiter: str
    mapping: dict[str, str]


class SegmentSealed(Event, frozen=True, kw_only=True):
    """A run of people was sealed into the vault, committed to by a Merkle root over their envelopes (hex)."""

    TOPIC: ClassVar[str] = "roster.segment_sealed"
    number: int
    count: int
    merkle_root: str


class RosterClosed(Event, frozen=True, kw_only=True):
    """The import ended. rows_in = accepted + quarantined + merged, always.

    `by_state` counts accepted people by USPS code, `""` where the state is not known.
    """

    TOPIC: ClassVar[str] = "roster.closed"
    rows_in: int
    accepted: int
    quarantined: int
    merged: int
    by_state: dict[str, int]
    minors: int
    deceased: int
    insufficient_contact: int
    next_of_kin_insufficient_contact: int


class QuarantineResolved(Event, frozen=True, kw_only=True):
    """A quarantined row was fixed and accepted (`state` given) or excluded for good (the reason in `because`)."""

    TOPIC: ClassVar[str] = "roster.quarantine_resolved"
    row: int
    outcome: str
    state: str | None = None


class RecipientErased(Event, frozen=True, kw_only=True):
    """One person's key and envelope were destroyed; the commitments stay valid."""

    TOPIC: ClassVar[str] = "roster.recipient_erased"
    row: int

"""Events of a roster: the list of affected people, by numbers only."""

from datetime import date
from typing import ClassVar
from uuid import UUID

import msgspec

from incident.events.base import Event


class Counted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one accepted person counts as; nothing of it names anybody.

    `state` is the USPS code of residence, `""` where it is not known. `contact` says whether what is known of where to
    write precludes written notice (45 CFR 164.404(d)(2)): `sufficient`, `insufficient`, or `open` where that is not
    settled; of a deceased person it is about next of kin and representative. `elements` are the kinds of data of the
    facts contract, empty where the list does not say.
    """

    state: str
    minor: bool = False
    deceased: bool = False
    contact: str = "sufficient"
    elements: tuple[str, ...] = ()


class RosterOpened(Event, frozen=True, kw_only=True):
    """An import began. `mapping` is field -> column heading; `size` of the source in bytes.

    Of a workbook `sheet` is the one that was read, `encoding` is `xlsx` and `delimiter` empty.
    """

    TOPIC: ClassVar[str] = "roster.opened"
    SCHEMA: ClassVar[int] = 2
    incident_id: UUID
    source_name: str
    source_sha256: str
    size: int
    encoding: str
    delimiter: str
    mapping: dict[str, str]
    sheet: str = ""


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


class KindsCounted(Event, frozen=True, kw_only=True):
    """How many accepted people of each State had which kinds of data exposed, right after the import.

    USPS code (`""`: not known) -> kinds of data, joined by commas in contract order (`""`: the list does not say) ->
    people. There is none where the list says it of nobody.
    """

    TOPIC: ClassVar[str] = "roster.kinds_counted"
    by_state: dict[str, dict[str, int]]


class QuarantineResolved(Event, frozen=True, kw_only=True):
    """A quarantined row was fixed and accepted (`state` given) or excluded for good (the reason in `because`).

    Of an accepted row, `counted` is what it counts as, `revision` how often it has been sealed anew, and `commitment`
    the leaf hash (hex) of its new envelope. Entries of schema 1 did not say.
    """

    TOPIC: ClassVar[str] = "roster.quarantine_resolved"
    SCHEMA: ClassVar[int] = 2
    row: int
    outcome: str
    state: str | None = None
    counted: Counted | None = None
    revision: int | None = None
    commitment: str = ""


class PersonCorrected(Event, frozen=True, kw_only=True):
    """What is known of an accepted person was put right; the row was sealed anew (the reason in `because`).

    `fields` are the fields that changed, by name only; `commitment` is the leaf hash (hex) of the new envelope.
    `before` and `after` are what the person counted as and counts as now.
    """

    TOPIC: ClassVar[str] = "roster.person_corrected"
    row: int
    revision: int
    commitment: str
    fields: tuple[str, ...]
    before: Counted
    after: Counted


class ContactOutcome(Event, frozen=True, kw_only=True):
    """What became of an attempt to reach an accepted person. `kind` is one of `incident.roster.contact.KINDS`.

    `on` is the civil date. `reason` is the ground of the postal service for returned mail, `forwarding` whether it gave
    a newer address (which goes to the vault as a correction). For a call, `reached` and `caller`, a member of staff.
    """

    TOPIC: ClassVar[str] = "roster.contact_outcome"
    row: int
    kind: str
    on: date
    before: Counted
    after: Counted
    reason: str = ""
    forwarding: bool = False
    reached: bool | None = None
    caller: str = ""


class PairsSuggested(Event, frozen=True, kw_only=True):
    """How many pairs of rows may be one person, found when the list was imported; they wait in the vault for a person.

    `sha256` is over the pairs, each as two numbers of eight bytes, lower row first, in ascending order.
    """

    TOPIC: ClassVar[str] = "roster.pairs_suggested"
    pairs: int
    sha256: str


class PairsKeptApart(Event, frozen=True, kw_only=True):
    """Pairs of rows are two people each (the reason in `because`). `below` is the score under which all were taken."""

    TOPIC: ClassVar[str] = "roster.pairs_kept_apart"
    pairs: tuple[tuple[int, int], ...]
    below: float | None = None


class PairsReopened(Event, frozen=True, kw_only=True):
    """That these rows are two people each is taken back; they wait for a decision again."""

    TOPIC: ClassVar[str] = "roster.pairs_reopened"
    pairs: tuple[tuple[int, int], ...]


class RowMerged(Event, frozen=True, kw_only=True):
    """A row is the person of another row, and was merged into it by hand: one person, one letter.

    `was` is its status before and `counted` what it counted as if it was accepted; `before` and `after` are what the
    row it went into counted as and counts as now.
    """

    TOPIC: ClassVar[str] = "roster.row_merged"
    row: int
    into: int
    was: str
    counted: Counted | None
    before: Counted
    after: Counted


class RowUnmerged(Event, frozen=True, kw_only=True):
    """A merge, by hand or at the import, is taken back: the row stands on its own again, with the status `becomes`.

    `counted` is what it counts as if it is accepted now; `before` and `after` are those of the row it had gone into.
    """

    TOPIC: ClassVar[str] = "roster.row_unmerged"
    row: int
    out_of: int
    becomes: str
    counted: Counted | None
    before: Counted
    after: Counted


class RecipientErased(Event, frozen=True, kw_only=True):
    """One person's key and envelope were destroyed; the commitments stay valid, and so do the counts.

    `was` is the status of the row before, `counted` what the person counts as if it was accepted. Entries of schema 1
    did not say.
    """

    TOPIC: ClassVar[str] = "roster.recipient_erased"
    SCHEMA: ClassVar[int] = 2
    row: int
    was: str = ""
    counted: Counted | None = None


class LeftOut(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many people of an export got no line in it, and why."""

    reason: str
    count: int


class RosterExported(Event, frozen=True, kw_only=True):
    """Addresses left the vault in clear text, in a file for a mail house: people = exported + sum of left out."""

    TOPIC: ClassVar[str] = "roster.exported"
    file_name: str
    file_sha256: str
    people: int
    exported: int
    left_out: tuple[LeftOut, ...]

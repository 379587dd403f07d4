"""What looking at, checking and importing a roster say about it. Only a preview holds cells of the file."""

from uuid import UUID

import msgspec

from incident.events import Event
from incident.roster.dedupe import Pair


class Progress(msgspec.Struct, frozen=True):
    """How far an import has come; `bytes_total` is the size of the file."""

    rows_in: int
    accepted: int
    quarantined: int
    merged: int
    bytes_read: int
    bytes_total: int


class PreviewRow(msgspec.Struct, frozen=True):
    """One row of a preview: what was read, by field, and what the checks say about it."""

    row: int
    values: dict[str, str]
    status: str
    findings: tuple[str, ...]


class Preview(msgspec.Struct, frozen=True):
    """What a file looks like under a mapping; `problems` are sentences about the file as a whole.

    `ignored` are the headings that no field takes; what stands under them is not read in. Of a workbook `encoding` is
    `xlsx`, `delimiter` empty, `sheet` the one that is read and `sheets` all of them. `undecided` are fields with the
    columns that could be each of them, until somebody chooses.
    """

    encoding: str
    encoding_certain: bool
    delimiter: str
    sheet: str
    sheets: tuple[str, ...]
    headings: tuple[str, ...]
    mapping: dict[str, str]
    ignored: tuple[str, ...]
    rows: tuple[PreviewRow, ...]
    problems: tuple[str, ...]
    undecided: dict[str, tuple[str, ...]] = {}


class RowReport(msgspec.Struct, frozen=True):
    """What became of one row, without anything that names a person."""

    row: int
    status: str
    merged_into: int | None
    state: str
    flags: list[str]
    reasons: list[str]


class RosterReport(msgspec.Struct, frozen=True, kw_only=True, rename={"rows_in": "in"}):
    """The outcome of a check or an import: `in = accepted + quarantined + merged`.

    `review` counts pairs of rows that may be one person, `across` those with rows of older lists of the incident (None:
    there was nothing to compare with). `by_state`, `minors`, `deceased` and what follows count
    accepted rows; `by_state` has `""` for those whose State of residence is not known. `findings` counts rows by
    finding, in words. `rows` and `pairs` are there only where they were asked for.
    """

    rows_in: int
    accepted: int
    quarantined: int
    merged: int
    review: int
    by_state: dict[str, int]
    minors: int
    deceased: int
    insufficient_contact: int
    next_of_kin_insufficient_contact: int
    birth_date_unknown: int
    mapping: dict[str, str]
    ignored: tuple[str, ...]
    encoding: str
    delimiter: str
    sheet: str
    problems: tuple[str, ...]
    findings: dict[str, int]
    rows: tuple[RowReport, ...] | None = None
    pairs: tuple[Pair, ...] | None = None
    across: int | None = None


class ImportResult(msgspec.Struct, frozen=True):
    """The roster that an import made, the events that vouch for it, in order, and its report."""

    roster_id: UUID
    events: tuple[Event, ...]
    report: RosterReport

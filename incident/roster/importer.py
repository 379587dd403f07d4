"""Bringing a list of people in: look at it, try it, import it. One pass, one record at a time.

`rows_in = accepted + quarantined + merged` holds after every row, because every record takes exactly one of the three
ways. Rows go to the vault in sealed segments; the events that vouch for them are returned, to be appended to the log in
one go once the rows are durable. Until then the vault's rows belong to nobody and are collected as garbage.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from incident.errors import CaseUnusable, InvalidInput
from incident.events import Event, PairsSuggested, RosterClosed, RosterOpened, SegmentSealed
from incident.files import shown_name
from incident.roster.checks import Checker
from incident.roster.mapping import apply_corrections, guess_mapping, names_a_person, undecided, unmapped
from incident.roster.preparing import Job, Prepared
from incident.roster.reading import Reader, Source, inspect
from incident.roster.reasons import line
from incident.roster.report import ImportResult, Preview, PreviewRow, Progress, RosterReport
from incident.roster.sealing import Sealer
from incident.roster.sorting import Sorting, row_report

if TYPE_CHECKING:  # a dry run needs no store
    from incident.roster.segments import Segment
    from incident.roster.vault import Vault

SEGMENT_ROWS = 10_000
PREVIEW_ROWS = 20


class _Opened(msgspec.Struct, frozen=True):
    source: Source
    mapping: dict[str, str]
    undecided: dict[str, tuple[str, ...]]


def preview(
    path: Path,
    mapping: Mapping[str, str | None] | None = None,
    rows: int = PREVIEW_ROWS,
    *,
    on: date,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> Preview:
    """The first rows of a file under the guessed mapping with `mapping` (field -> heading, "" for none) on top.

    A file without a name column is shown too, with that as its problem, so that the mapping can be put right.
    `on` decides who is a minor.

    Raises:
        InvalidInput: the file cannot be read as a table at all.
    """
    opened = _open(path, mapping, encoding=encoding, delimiter=delimiter, sheet=sheet)
    source = opened.source
    problems = list(source.notes)
    problems += _faults(opened)
    checker = Checker(source.headings, opened.mapping, on, source.day_0)
    place = {heading: index for index, heading in enumerate(source.headings)}
    shown = []
    for record in islice(Reader(source), rows):
        checked = checker.check(record)
        values = {
            field: record.cells[place[heading]]
            for field, heading in opened.mapping.items()
            if place[heading] < len(record.cells)
        }
        findings = tuple(line(finding) for finding in checked.findings)
        shown.append(PreviewRow(record.row, values, checked.status.value, findings))
    if not shown:
        problems.append(f"{path.name}: no row below the headings")
    return Preview(
        encoding=source.encoding,
        encoding_certain=source.encoding_certain,
        delimiter=source.delimiter,
        sheet=source.sheet,
        sheets=source.sheets,
        headings=source.headings,
        mapping=opened.mapping,
        ignored=unmapped(source.headings, opened.mapping),
        rows=tuple(shown),
        problems=tuple(problems),
        undecided=opened.undecided,
    )


def check_roster(
    path: Path,
    mapping: Mapping[str, str | None] | None = None,
    *,
    on: date,
    rows: bool = False,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    workers: int | None = None,
) -> RosterReport:
    """Everything an import would do, without a case and without keeping anything.

    Raises:
        InvalidInput: the file cannot be used as a roster; the message names the file and what is missing.
        ImportCancelled: `cancelled` said so.
    """
    opened = _open(path, mapping, encoding=encoding, delimiter=delimiter, sheet=sheet)
    _refuse_doubt(opened)
    source = opened.source
    job = Job(source.headings, opened.mapping, on, bytes.fromhex(source.sha256), source.day_0)
    sorting = Sorting(source, job, workers=workers, progress=progress, cancelled=cancelled)
    details = []
    with _rarely_collecting():
        for prepared in sorting:
            if rows:
                details.append(row_report(prepared))
    return sorting.report(rows=tuple(details) if rows else None)


def import_roster(
    path: Path,
    *,
    mapping: Mapping[str, str | None] | None,
    vault: Vault,
    incident_id: UUID,
    roster_id: UUID,
    on: date,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    segment_rows: int = SEGMENT_ROWS,
    workers: int | None = None,
    unfinished: Callable[[str], UUID | None] = lambda _: None,
) -> ImportResult:
    """Seal every row of the file into the vault and return the events to append for it.

    Called again after a kill, with the same `roster_id` and everything else the same, it goes on behind the last
    segment that was sealed. `unfinished` may give another roster to go on with instead of beginning `roster_id`: it is
    asked with the hash that an import of this file in this way was begun under.

    Raises:
        InvalidInput: the file cannot be used as a roster.
        ImportCancelled: `cancelled` said so.
        CaseUnusable: the vault cannot be written.
        OutOfOrder: something else was begun under this `roster_id`.
        After each of the first three the vault holds nothing of the roster.
    """
    from incident.roster.duplicates import Duplicates, digest  # noqa: PLC0415 - a dry run needs no store

    opened = _open(path, mapping, encoding=encoding, delimiter=delimiter, sheet=sheet)
    _refuse_doubt(opened)
    source = opened.source
    # Only an import of the very same file in the very same way can go on where another broke off.
    way = (source.sha256, source.encoding, source.delimiter, source.sheet, opened.mapping, on, segment_rows)
    import_sha256 = sha256(msgspec.json.encode(way)).hexdigest()
    roster_id = unfinished(import_sha256) or roster_id
    vault.begin(roster_id, incident_id, import_sha256)
    kept = vault.segments(roster_id)
    incident_key = vault.incident_key(incident_id)
    job = Job(
        source.headings,
        opened.mapping,
        on,
        Sealer(incident_key).digest_key(),
        source.day_0,
        roster=roster_id,
        incident_key=incident_key,
    )
    sealed_rows = sum(segment.count for segment in kept)
    sorting = Sorting(source, job, workers=workers, sealed=sealed_rows, progress=progress, cancelled=cancelled)
    segments: list[Segment] = []
    try:
        with _rarely_collecting():
            for number, batch in enumerate(_batches(iter(sorting), segment_rows), start=1):
                if number <= len(kept):
                    segments.append(kept[number - 1])
                else:
                    segments.append(vault.write_segment(roster_id, number, batch))
        vault.add_elements(roster_id, sorting.added_elements)
        report = sorting.report()
        Duplicates(vault).keep(roster_id, sorting.pairs)
    except BaseException:
        # What cannot be deleted now (a full disk) belongs to no roster of the log and is collected later.
        with suppress(CaseUnusable):
            vault.discard(roster_id)
        raise
    opening = RosterOpened(
        incident_id=incident_id,
        source_name=shown_name(path),
        source_sha256=source.sha256,
        size=source.size,
        encoding=source.encoding,
        delimiter=source.delimiter,
        sheet=source.sheet,
        mapping=opened.mapping,
    )
    sealed = (SegmentSealed(number=s.number, count=s.count, merkle_root=s.merkle_root) for s in segments)
    closing = RosterClosed(
        rows_in=report.rows_in,
        accepted=report.accepted,
        quarantined=report.quarantined,
        merged=report.merged,
        by_state=report.by_state,
        minors=report.minors,
        deceased=report.deceased,
        insufficient_contact=report.insufficient_contact,
        next_of_kin_insufficient_contact=report.next_of_kin_insufficient_contact,
    )
    events: list[Event] = [opening, *sealed, closing]
    if sorting.pairs:
        events.append(PairsSuggested(pairs=len(sorting.pairs), sha256=digest(pair.rows for pair in sorting.pairs)))
    return ImportResult(roster_id, tuple(events), report)


def _open(
    path: Path,
    mapping: Mapping[str, str | None] | None,
    *,
    encoding: str | None,
    delimiter: str | None,
    sheet: str | None,
) -> _Opened:
    source = inspect(path, encoding=encoding, delimiter=delimiter, sheet=sheet)
    guess = guess_mapping(source.headings)
    return _Opened(
        source,
        apply_corrections(guess, mapping, source.headings),
        undecided(source.headings, guess, mapping),
    )


def _faults(opened: _Opened) -> list[str]:
    """Why the columns cannot be used so, one line each."""
    source = opened.source
    faults = [
        f"{source.path.name}: {field}: which column is it, {' or '.join(map(repr, columns))}? Map one of them, or none"
        for field, columns in opened.undecided.items()
    ]
    if not names_a_person(opened.mapping) and not opened.undecided.keys() & {"full_name", "family_name"}:
        headings = ", ".join(heading for heading in source.headings if heading)
        faults.append(
            f"{source.path.name}: no column holds the name (full_name, or given_name and family_name); "
            f"the headings are: {headings}. Map one of them"
        )
    return faults


def _refuse_doubt(opened: _Opened) -> None:
    if faults := _faults(opened):
        raise InvalidInput(*faults)


@contextmanager
def _rarely_collecting() -> Iterator[None]:
    """Rows do not refer to each other: looking for such as do takes a tenth of the time and finds nothing."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _batches(rows: Iterator[Prepared], size: int) -> Iterator[list[Prepared]]:
    while batch := list(islice(rows, size)):
        yield batch

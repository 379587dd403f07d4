"""Bringing a list of people in: look at it, try it, import it. One pass, one record at a time.

`rows_in = accepted + quarantined + merged` holds after every row, because every record takes exactly one of the three
ways. Rows go to the vault in sealed segments; the events that vouch for them are returned, to be appended to the log in
one go once the rows are durable. Until then the vault's rows belong to nobody and are collected as garbage.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from itertools import islice
from pathlib import Path
from uuid import UUID

import msgspec

from incident.errors import CaseUnusable, InvalidInput, Refusal
from incident.events import Event, RosterClosed, RosterOpened, SegmentSealed
from incident.roster.checks import Checker
from incident.roster.dedupe import ExactDuplicates, Pair, Verdict
from incident.roster.mapping import apply_corrections, guess_mapping, names_a_person
from incident.roster.preparing import Job, Prepared, prepare_all
from incident.roster.reading import Reader, Source, inspect
from incident.roster.reasons import REASONS, Flag, line
from incident.roster.record import Status
from incident.roster.sealing import Sealer
from incident.roster.segments import Segment
from incident.roster.vault import Vault

SEGMENT_ROWS = 10_000
PROGRESS_ROWS = 1_000
PREVIEW_ROWS = 20


class ImportCancelled(Refusal):
    """The import was stopped by the person who started it; nothing of it was kept."""


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

    `ignored` are the headings that no field takes; what stands under them is not read in.
    """

    encoding: str
    encoding_certain: bool
    delimiter: str
    headings: tuple[str, ...]
    mapping: dict[str, str]
    ignored: tuple[str, ...]
    rows: tuple[PreviewRow, ...]
    problems: tuple[str, ...]


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

    `review` counts pairs of rows that may be one person. `by_state`, `minors`, `deceased` and what follows count
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
    problems: tuple[str, ...]
    findings: dict[str, int]
    rows: tuple[RowReport, ...] | None = None
    pairs: tuple[Pair, ...] | None = None


class ImportResult(msgspec.Struct, frozen=True):
    """The events that vouch for an import, in order, and its report."""

    events: tuple[Event, ...]
    report: RosterReport


class _Opened(msgspec.Struct, frozen=True):
    source: Source
    mapping: dict[str, str]

    @property
    def ignored(self) -> tuple[str, ...]:
        used = set(self.mapping.values())
        return tuple(heading for heading in self.source.headings if heading and heading not in used)


def preview(
    path: Path,
    mapping: Mapping[str, str | None] | None = None,
    rows: int = PREVIEW_ROWS,
    *,
    on: date | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Preview:
    """The first rows of a file under the guessed mapping with `mapping` (field -> heading, "" for none) on top.

    A file without a name column is shown too, with that as its problem, so that the mapping can be put right.
    `on` decides who is a minor; without it nobody's age is judged against a day.

    Raises:
        InvalidInput: the file cannot be read as a table at all.
    """
    opened = _open(path, mapping, encoding=encoding, delimiter=delimiter)
    source = opened.source
    problems = list(source.notes)
    if not names_a_person(opened.mapping):
        problems.append(_no_name(opened))
    checker = Checker(source.headings, opened.mapping, on or date.max)
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
        source.encoding, source.encoding_certain, source.delimiter, source.headings, opened.mapping, opened.ignored,
        tuple(shown), tuple(problems),
    )  # fmt: skip


def check_roster(
    path: Path,
    mapping: Mapping[str, str | None] | None = None,
    *,
    on: date,
    rows: bool = False,
    encoding: str | None = None,
    delimiter: str | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    workers: int | None = None,
) -> RosterReport:
    """Everything an import would do, without a case and without keeping anything.

    Raises:
        InvalidInput: the file cannot be used as a roster; the message names the file and what is missing.
        ImportCancelled: `cancelled` said so.
    """
    opened = _open(path, mapping, encoding=encoding, delimiter=delimiter)
    _require_name(opened)
    source = opened.source
    job = Job(source.headings, opened.mapping, on, digest_key=bytes.fromhex(source.sha256))
    sorting = _Sorting(opened, job, workers=workers, progress=progress, cancelled=cancelled)
    details = []
    for prepared in sorting:
        if rows:
            details.append(_row_report(prepared))
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
    segment_rows: int = SEGMENT_ROWS,
    workers: int | None = None,
) -> ImportResult:
    """Seal every row of the file into the vault and return the events to append for it.

    Calling it again with the same file and `roster_id` after a kill goes on behind the last sealed segment.

    Raises:
        InvalidInput: the file cannot be used as a roster.
        ImportCancelled: `cancelled` said so.
        CaseUnusable: the vault cannot be written.
        After each of these the vault holds nothing of the roster.
    """
    opened = _open(path, mapping, encoding=encoding, delimiter=delimiter)
    _require_name(opened)
    source = opened.source
    done = vault.begin(roster_id, incident_id, source.sha256)
    kept = vault.segments(roster_id) if done else ()
    incident_key = vault.incident_key(incident_id)
    job = Job(
        source.headings,
        opened.mapping,
        on,
        Sealer(incident_key).digest_key(),
        roster=roster_id,
        incident_key=incident_key,
    )
    sorting = _Sorting(opened, job, workers=workers, progress=progress, cancelled=cancelled)
    segments: list[Segment] = []
    try:
        for number, batch in enumerate(_batches(iter(sorting), segment_rows), start=1):
            if number <= len(kept):
                segments.append(kept[number - 1])
            else:
                segments.append(vault.write_segment(roster_id, number, batch))
        vault.add_elements(roster_id, sorting.added_elements)
        report = sorting.report()
    except BaseException:
        # What cannot be deleted now (a full disk) belongs to no roster of the log and is collected later.
        with suppress(CaseUnusable):
            vault.discard(roster_id)
        raise
    opening = RosterOpened(
        incident_id=incident_id,
        source_name=path.name,
        source_sha256=source.sha256,
        size=source.size,
        encoding=source.encoding,
        delimiter=source.delimiter,
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
    return ImportResult((opening, *sealed, closing), report)


def _open(
    path: Path, mapping: Mapping[str, str | None] | None, *, encoding: str | None, delimiter: str | None
) -> _Opened:
    source = inspect(path, encoding=encoding, delimiter=delimiter)
    return _Opened(source, apply_corrections(guess_mapping(source.headings), mapping, source.headings))


def _no_name(opened: _Opened) -> str:
    headings = ", ".join(heading for heading in opened.source.headings if heading)
    return (
        f"{opened.source.path.name}: no column holds the name (full_name, or given_name and family_name); "
        f"the headings are: {headings}. Map one of them"
    )


def _require_name(opened: _Opened) -> None:
    if not names_a_person(opened.mapping):
        raise InvalidInput(_no_name(opened))


def _batches(rows: Iterator[Prepared], size: int) -> Iterator[list[Prepared]]:
    while batch := list(islice(rows, size)):
        yield batch


def _row_report(row: Prepared) -> RowReport:
    return RowReport(
        row.row,
        row.status.value,
        row.merged_into,
        row.state,
        Flag(row.flags).words,
        [line(code) for code in row.findings],
    )


class _Sorting:
    """Sends every record one of three ways and keeps the tally."""

    def __init__(
        self,
        opened: _Opened,
        job: Job,
        *,
        workers: int | None,
        progress: Callable[[Progress], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self._opened = opened
        self._job = job
        self._workers = workers
        self._reader = Reader(opened.source)
        self._seen = ExactDuplicates()
        self._progress = progress
        self._cancelled = cancelled
        self._counts = dict.fromkeys((Status.ACCEPTED, Status.QUARANTINED, Status.MERGED), 0)
        self._rows_in = 0
        self._by_kind: Counter[tuple[str, int]] = Counter()
        self._by_findings: Counter[tuple[str, ...]] = Counter()
        self._pairs: list[Pair] = []
        self.added_elements: dict[int, int] = {}
        """Row -> data elements, as bits, of rows merged into it."""

    def __iter__(self) -> Iterator[Prepared]:
        size = self._opened.source.size
        for row in prepare_all(self._reader, self._job, size=size, workers=self._workers):
            if self._rows_in % PROGRESS_ROWS == 0:
                self._tell()
            if row.status is Status.ACCEPTED:
                self._compare(row)
            self._rows_in += 1
            self._counts[row.status] += 1
            self._by_findings[row.findings] += 1
            if row.status is Status.ACCEPTED:
                self._by_kind[row.state, row.flags] += 1
            yield row
        if not self._rows_in:
            raise InvalidInput(f"{self._opened.source.path.name}: no row below the headings")
        self._tell()

    def _compare(self, row: Prepared) -> None:
        verdict, first = self._seen.look(row.row, row.print)
        if verdict is Verdict.NEW:
            return
        if verdict is Verdict.SAME:
            row.status, row.merged_into, row.audience = Status.MERGED, first, None
            finding = "duplicate"
            if row.elements:
                self.added_elements[first] = self.added_elements.get(first, 0) | row.elements
        else:
            finding = "duplicate_possible" if verdict is Verdict.POSSIBLE else "duplicate_differs"
            row.flags |= REASONS[finding].flag
        row.findings = (*row.findings, finding)
        self._pairs.append(Pair((first, row.row), 1.0, "merged" if verdict is Verdict.SAME else "review"))

    def _tell(self) -> None:
        if self._cancelled is not None and self._cancelled():
            raise ImportCancelled("the import was stopped; nothing of it was kept")
        if self._progress is not None:
            self._progress(
                Progress(
                    self._rows_in,
                    self._counts[Status.ACCEPTED],
                    self._counts[Status.QUARANTINED],
                    self._counts[Status.MERGED],
                    self._reader.position,
                    self._opened.source.size,
                )
            )

    def report(self, *, rows: tuple[RowReport, ...] | None = None) -> RosterReport:
        source, blank = self._opened.source, self._reader.blank
        by_finding: Counter[str] = Counter()
        for findings, count in self._by_findings.items():
            for finding in findings:
                by_finding[finding] += count
        by_state: Counter[str] = Counter()
        for (state, _), count in self._by_kind.items():
            by_state[state] += count

        def flagged(flag: Flag) -> int:
            return sum(count for (_, flags), count in self._by_kind.items() if flags & flag)

        problems = list(source.notes)
        if blank:
            problems.append(f"{blank:,} empty row{'s' if blank > 1 else ''} passed over")
        if day_first := by_finding["dob_unreadable"]:
            problems.append(
                f"{day_first:,} dates of birth could not be read: if the column puts the day first, "
                "those that were read month-first are wrong too"
            )
        return RosterReport(
            rows_in=self._rows_in,
            accepted=self._counts[Status.ACCEPTED],
            quarantined=self._counts[Status.QUARANTINED],
            merged=self._counts[Status.MERGED],
            review=sum(pair.action == "review" for pair in self._pairs),
            by_state=dict(sorted(by_state.items())),
            minors=flagged(Flag.MINOR),
            deceased=flagged(Flag.DECEASED),
            insufficient_contact=flagged(Flag.INSUFFICIENT_ADDRESS),
            next_of_kin_insufficient_contact=flagged(Flag.NEXT_OF_KIN_INSUFFICIENT),
            birth_date_unknown=flagged(Flag.BIRTH_DATE_UNKNOWN),
            mapping=self._opened.mapping,
            ignored=self._opened.ignored,
            encoding=source.encoding,
            delimiter=source.delimiter,
            problems=tuple(problems),
            findings={line(code): count for code, count in sorted(by_finding.items())},
            rows=rows,
            pairs=tuple(self._pairs) if rows is not None else None,
        )

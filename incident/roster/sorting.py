"""Every record goes one of three ways, and the tally of them is the report: `in = accepted + quarantined + merged`."""

from collections import Counter
from collections.abc import Callable, Iterator

from incident.errors import InvalidInput, Refusal
from incident.roster.dedupe import ExactDuplicates, Pair, Verdict
from incident.roster.mapping import unmapped
from incident.roster.preparing import Job, Prepared, prepare_all
from incident.roster.reading import Reader, Source
from incident.roster.reasons import REASONS, Flag, line
from incident.roster.record import Status
from incident.roster.report import Progress, RosterReport, RowReport

PROGRESS_ROWS = 1_000


class ImportCancelled(Refusal):
    """The import was stopped by the person who started it; nothing of it was kept."""


class Sorting:
    """Sends every record one of three ways and keeps the tally."""

    def __init__(
        self,
        source: Source,
        job: Job,
        *,
        workers: int | None,
        progress: Callable[[Progress], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self._source = source
        self._job = job
        self._workers = workers
        self._reader = Reader(source)
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
        size = self._source.size
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
            raise InvalidInput(f"{self._source.path.name}: no row below the headings")
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
                    self._source.size,
                )
            )

    def report(self, *, rows: tuple[RowReport, ...] | None = None) -> RosterReport:
        """The tally, once every record has gone its way; pairs are told along with rows."""
        source, blank = self._source, self._reader.blank
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
            mapping=dict(self._job.mapping),
            ignored=unmapped(source.headings, self._job.mapping),
            encoding=source.encoding,
            delimiter=source.delimiter,
            problems=tuple(problems),
            findings={line(code): count for code, count in sorted(by_finding.items())},
            rows=rows,
            pairs=tuple(self._pairs) if rows is not None else None,
        )


def row_report(row: Prepared) -> RowReport:
    """What became of a row."""
    return RowReport(
        row.row,
        row.status.value,
        row.merged_into,
        row.state,
        Flag(row.flags).words,
        [line(code) for code in row.findings],
    )

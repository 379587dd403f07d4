"""Every record goes one of three ways, and the tally of them is the report: `in = accepted + quarantined + merged`."""

from collections import Counter
from collections.abc import Callable, Iterator

from incident.errors import InvalidInput, Refusal
from incident.roster.dedupe import ExactDuplicates, Pair, Verdict
from incident.roster.mapping import unmapped
from incident.roster.matching.likeness import Likeness, Suggestions
from incident.roster.matching.reasons import WORDS
from incident.roster.preparing import Job, Prepared, prepare_all
from incident.roster.reading import Reader, Source
from incident.roster.reasons import REASONS, Flag, line
from incident.roster.record import Status
from incident.roster.report import Progress, RosterReport, RowReport

PROGRESS_ROWS = 1_000
IDENTICAL = 0.999
"""The score of rows that say the same of a person."""


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
        sealed: int = 0,
        progress: Callable[[Progress], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self._source = source
        self._job = job
        self._workers = workers
        self._sealed = sealed
        self._reader = Reader(source)
        self._seen = ExactDuplicates()
        self._progress = progress
        self._cancelled = cancelled
        self._counts = dict.fromkeys((Status.ACCEPTED, Status.QUARANTINED, Status.MERGED), 0)
        self._rows_in = 0
        self._by_kind: Counter[tuple[Status, str, int, tuple[str, ...]]] = Counter()
        self._merged: list[tuple[int, int]] = []
        self._kept_apart: dict[tuple[int, int], str] = {}
        self._suggestions = Suggestions()
        self._cut_short: tuple[str, ...] = ()
        self.pairs: tuple[Likeness, ...] = ()
        """Rows that may be one person, likeliest first; found once every record has gone its way."""
        self.added_elements: dict[int, int] = {}
        """Row -> data elements, as bits, of rows merged into it."""

    def __iter__(self) -> Iterator[Prepared]:
        size = self._source.size
        counts, by_kind, compare, suggest = self._counts, self._by_kind, self._compare, self._suggestions.add
        for row in prepare_all(self._reader, self._job, size=size, workers=self._workers, sealed=self._sealed):
            if self._rows_in % PROGRESS_ROWS == 0:
                self._tell()
            if row.status is Status.ACCEPTED:
                compare(row)
            self._rows_in += 1
            counts[row.status] += 1
            by_kind[row.status, row.state, row.flags, row.findings] += 1
            if row.profile and row.status is not Status.MERGED:
                suggest(row.profile)
            yield row
        if not self._rows_in:
            raise InvalidInput(f"{self._source.path.name}: no row below the headings")
        self._tell()
        self._suggest()

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
        if verdict is Verdict.SAME:
            self._merged.append((first, row.row))
        else:
            self._kept_apart[first, row.row] = "little_known" if verdict is Verdict.POSSIBLE else "letter_differs"

    def _suggest(self) -> None:
        """Compare all rows; those that were kept apart as they went by are suggested whatever they weigh."""
        self._seen = ExactDuplicates()  # what it remembers would double the memory
        found, self._cut_short = self._suggestions.find()
        pairs = {likeness.rows: likeness for likeness in found}
        for rows, reason in self._kept_apart.items():
            alike = pairs.get(rows) or Likeness(rows, IDENTICAL, ())
            pairs[rows] = Likeness(rows, max(alike.score, IDENTICAL), (*alike.reasons, reason))
        self.pairs = tuple(sorted(pairs.values(), key=lambda pair: (-pair.score, pair.rows)))

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
        by_state: Counter[str] = Counter()
        for (status, state, _, findings), count in self._by_kind.items():
            for finding in findings:
                by_finding[finding] += count
            if status is Status.ACCEPTED:
                by_state[state] += count

        def flagged(flag: Flag) -> int:
            return sum(
                count
                for (status, _, flags, _), count in self._by_kind.items()
                if status is Status.ACCEPTED and flags & flag
            )

        problems = [*source.notes, *self._cut_short]
        if self._sealed:
            problems.append(f"continued behind the first {self._sealed:,} rows of an import that broke off")
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
            review=len(self.pairs),
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
            sheet=source.sheet,
            problems=tuple(problems),
            findings={line(code): count for code, count in sorted(by_finding.items())},
            rows=rows,
            pairs=self._told() if rows is not None else None,
        )

    def _told(self) -> tuple[Pair, ...]:
        merged = (Pair(rows, 1.0, "merged") for rows in self._merged)
        return (
            *merged,
            *(Pair(p.rows, p.score, "review", tuple(WORDS[reason] for reason in p.reasons)) for p in self.pairs),
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

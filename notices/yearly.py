"""The yearly log of small breaches with the packet of each: how far its report is, and what it still lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import msgspec

from incident.evidence.paper import Paper, Section
from incident.evidence.table import csv_table
from incident.views.small_breaches import Place, YearlyEntry, YearlyLog
from incident.views.wording import value_words
from notices.errors import NoticeError
from notices.filings import filed_for
from notices.hhs import PART2_REPORT

if TYPE_CHECKING:
    from notices.desk import DocumentDesk

_REPORTED: Final = (Place.SMALL, Place.COUNT_OPEN)
_APPROVED: Final = frozenset({"approved", "rendered", "dispatched", "prepared"})
PLACES: Final = {
    Place.SMALL: "Fewer than 500: report by the day of the year",
    Place.COUNT_OPEN: "The number decides: not settled whether fewer than 500",
    Place.NO_DATE: "Not placed in any year yet: no day of discovery",
    Place.NOT_A_BREACH: "Documented decisions: not a breach (45 CFR 164.402, 164.414(b))",
    Place.NOT_OWED: "No report to HHS arises on the recorded facts",
    Place.LARGE: "500 or more: reported on their own, not in this log",
}
"""Where an incident stands, in the order in which they are listed."""


class Packet(msgspec.Struct, frozen=True, kw_only=True):
    """How far a report is.

    `stage` is filed, prepared, the status of its notice, not drafted, or none; `missing` are the compulsory fields of
    the form that are empty, by their labels, and `faults` what else bars it.
    """

    stage: str
    missing: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether it can be filed now: approved, and nothing missing on the form."""
        return self.stage in _APPROVED and not self.missing and not self.faults

    @property
    def words(self) -> str:
        """As in: not drafted, 7 fields missing; approved, ready."""
        if self.stage in {"filed", "none"}:
            return {"filed": "filed", "none": ""}[self.stage]
        if count := len(self.missing):
            return f"{self.stage}, {count} field{'' if count == 1 else 's'} missing"
        return f"{self.stage}, {'faults' if self.faults else 'ready' if self.ready else 'complete'}"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the log with its packet."""

    entry: YearlyEntry
    packet: Packet


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far the year is: reports = filed + ready + unready."""

    reports: int
    filed: int
    ready: int
    unready: int


def lines_of(desk: DocumentDesk, log: YearlyLog) -> tuple[Line, ...]:
    """Every entry of the log with its packet, in the order of `PLACES`."""
    ordered = (entry for place in PLACES for entry in log.of(place))
    return tuple(Line(entry=entry, packet=_packet(desk, entry)) for entry in ordered)


def progress(lines: tuple[Line, ...]) -> Progress:
    """How many reports of the year there are, and how far they are; those whose number is open are among them."""
    reports = [line.packet for line in lines if line.entry.place in _REPORTED]
    filed = sum(packet.stage == "filed" for packet in reports)
    ready = sum(packet.ready for packet in reports)
    return Progress(reports=len(reports), filed=filed, ready=ready, unready=len(reports) - filed - ready)


def _packet(desk: DocumentDesk, entry: YearlyEntry) -> Packet:
    if entry.filed_on is not None:
        return Packet(stage="filed")
    if entry.place not in (*_REPORTED, Place.LARGE):
        return Packet(stage="none")
    stage, notice = ("prepared", entry.notice) if entry.filing is not None else _draft(desk, entry)
    try:
        look = (
            desk.preview(notice) if notice is not None else desk.look(entry.incident, entry.kind, _words(desk, entry))
        )
        void = desk.approval_problems(notice) if notice is not None and stage in _APPROVED else ()
    except NoticeError as error:
        return Packet(stage=stage, faults=error.faults)
    missing = tuple(_short(label) for checked in look.documents for label in checked.document.missing)
    return Packet(stage=stage, missing=missing, faults=void)


def _draft(desk: DocumentDesk, entry: YearlyEntry) -> tuple[str, UUID | None]:
    """The newest notice of the report, by its status; for a covered entity one that names it."""
    for notice, status in reversed(entry.drafts):
        try:
            if entry.entity is None or entry.entity in filed_for(desk.preview(notice).context):
                return status, notice
        except NoticeError:
            continue
    return "not drafted", None


def _words(desk: DocumentDesk, entry: YearlyEntry) -> dict[str, str]:
    """What a form for this report would start with."""
    words = desk.defaults(entry.incident, entry.kind)
    return words | {"covered_entities": f"{entry.entity}"} if entry.entity is not None else words


def _short(label: str) -> str:
    """A label of the form without what it explains."""
    return label.partition(" (")[0]


# --- On paper and for a spreadsheet


def as_paper(log: YearlyLog, lines: tuple[Line, ...]) -> Paper:
    """The log to read and to print, per-incident packets included."""
    mark = "EXERCISE. NOTHING HERE IS REAL. " if log.exercise else ""
    done = progress(lines)
    head = [f"{log.organization} · as of #{log.position}, {log.as_of:%Y-%m-%d %H:%M %Z}"]
    if log.rule is None:
        head.append(f"No yearly report to HHS for {log.year}: 45 CFR 164.408(c) was not in force.")
    else:
        head += [f"Due {log.rule.due:%A %Y-%m-%d} ({log.rule.citation}). Each incident is a report of its own."]
        head += log.rule.why
    head.append(f"{done.reports} reports = {done.filed} filed + {done.ready} ready to file + {done.unready} not ready.")
    sections = [Section(lines=tuple(head))]
    sections += [_section(place, lines) for place in PLACES if any(line.entry.place is place for line in lines)]
    if not lines:
        sections.append(Section(lines=("No incident of this case was discovered in the year.",)))
    return Paper(title=f"{mark}Log of small breaches discovered in {log.year}", sections=tuple(sections))


def _section(place: Place, lines: tuple[Line, ...]) -> Section:
    here = [line for line in lines if line.entry.place is place]
    if place in (*_REPORTED, Place.LARGE):
        headings: tuple[str, ...] = ("REF", "DISCOVERED", "INDIVIDUALS", "DUE", "REPORT", "INCIDENT")
        rows = [
            (
                line.entry.reference,
                f"{line.entry.discovered}",
                people_words(line.entry.individuals),
                f"{line.entry.due or ''}",
                report_words(line),
                incident_words(line),
            )
            for line in here
        ]
        return Section(heading=PLACES[place], headings=headings, rows=tuple(rows), unbroken=4)
    rows_of = tuple(
        (line.entry.reference, f"{line.entry.discovered or 'unknown'}", f"{_named(line.entry)}. {line.entry.why}")
        for line in here
    )
    headings = ("REF", "DISCOVERED", "INCIDENT AND REASON")
    return Section(heading=PLACES[place], headings=headings, rows=rows_of, unbroken=2)


def people_words(individuals: Any) -> str:  # noqa: ANN401 - a JSON value of the facts contract
    """42; 480 to 520; unknown."""
    return "unknown" if individuals is None else value_words(individuals)


def report_words(line: Line) -> str:
    """Filed 2027-02-10, T-1; else how far the packet is."""
    entry = line.entry
    if entry.filed_on is not None:
        return f"filed {entry.filed_on}" + (f", {entry.tracking}" if entry.tracking else "")
    return line.packet.words


def incident_words(line: Line) -> str:
    """The incident, which of its reports it is, and what the packet lacks."""
    entry = line.entry
    parts = [_named(entry) + "."]
    if entry.other_reading is not None:
        parts.append(f"By another reading discovered on {entry.other_reading}.")
    if entry.place is Place.COUNT_OPEN:
        parts.append(entry.why)
    if line.packet.missing:
        parts.append(f"Missing: {'; '.join(line.packet.missing)}.")
    if line.packet.faults:
        parts.append(f"Faults: {'; '.join(line.packet.faults)}.")
    return " ".join(parts)


def _named(entry: YearlyEntry) -> str:
    words = entry.title
    if entry.entity_name is not None:
        words += f", for {entry.entity_name}"
    return f"{words} (Part 2 form)" if entry.kind == PART2_REPORT.name else words


_COLUMNS: Final = (
    *("year", "reference", "title", "covered_entity", "form", "discovered", "individuals_min", "individuals_max"),
    *("place", "due", "status", "report", "missing", "filed_on", "tracking", "reason"),
)


def as_csv(log: YearlyLog, lines: tuple[Line, ...]) -> bytes:
    """The log as a table; an unknown number leaves its cells empty, one number stands in both."""
    return csv_table(_COLUMNS, (_cells(log.year, line) for line in lines))


def _cells(year: int, line: Line) -> tuple[str, ...]:
    entry, people = line.entry, line.entry.individuals
    low, high = (people["min"], people["max"]) if isinstance(people, dict) else (people, people)
    cells = (
        *(year, entry.reference, entry.title, entry.entity_name, entry.kind, entry.discovered, low, high),
        *(entry.place, entry.due, entry.status, line.packet.words, "; ".join(line.packet.missing), entry.filed_on),
        *(entry.tracking, entry.why),
    )
    return tuple("" if cell is None else str(cell) for cell in cells)

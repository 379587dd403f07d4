"""The yearly log in words, and as a file. Pure but for writing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.text import Text

from incident.errors import InvalidInput
from incident.evidence.paper import to_html, to_text
from incident.views.small_breaches import Place, YearlyLog
from notices.yearly import Line, as_csv, as_paper, incident_words, people_words, progress, report_words
from tui.briefing import write_new
from tui.presenters import day

_STANDS = {
    Place.SMALL: "fewer than 500",
    Place.COUNT_OPEN: "COUNT DECIDES",
    Place.LARGE: "500 or more",
    Place.NOT_A_BREACH: "no breach",
    Place.NOT_OWED: "not owed",
    Place.NO_DATE: "NO DATE YET",
}


def entry_cells(line: Line) -> Sequence[Text]:
    """REF, DISCOVERED, PEOPLE, STANDS, REPORT, INCIDENT."""
    entry = line.entry
    open_ones = {Place.COUNT_OPEN, Place.NO_DATE}
    dim = "" if entry.place in {Place.SMALL, *open_ones} else "dim"
    title = entry.title + (f" for {entry.entity_name}" if entry.entity_name else "")
    return (
        Text(entry.reference, style=dim),
        Text(f"{entry.discovered or 'unknown'}", style=dim),
        Text(people_words(entry.individuals), style=dim),
        Text(_STANDS[entry.place], style="bold" if entry.place in open_ones else dim),
        Text(_report(line), style=dim),
        Text(title + (" (Part 2)" if entry.kind == "part2_report" else ""), style=dim),
    )


def _report(line: Line) -> str:
    """The state of a report in the width of a column: no draft, 13 open."""
    missing = len(line.packet.missing)
    if line.entry.filed_on is not None or not missing:
        return report_words(line)
    stage = "no draft" if line.packet.stage == "not drafted" else line.packet.stage
    return f"{stage}, {missing} open"


def entry_panel(line: Line) -> tuple[str | Text, ...]:
    """One entry in full."""
    entry = line.entry
    lines: list[str | Text] = [Text(incident_words(line), style="bold")]
    if entry.place is not Place.COUNT_OPEN:
        lines.append(entry.why)
    if entry.due is not None and entry.filed_on is None:
        lines.append(f"Plan by {day(entry.due)}.")
    if entry.needs:
        lines.append(f"Facts that could change it: {', '.join(entry.needs)}.")
    return tuple(lines)


def year_summary(log: YearlyLog, lines: tuple[Line, ...]) -> str:
    """Due Mon 2027-03-01, 45 CFR 164.408(c) · 3 reports: 1 filed, 1 ready, 1 to do."""
    if log.rule is None:
        return f"No yearly report for {log.year}: 45 CFR 164.408(c) was not in force."
    done = progress(lines)
    reports = f"{done.reports} report{'' if done.reports == 1 else 's'}"
    told = f"{done.filed} filed, {done.ready} ready, {done.unready} to do"
    return f"Due {day(log.rule.due)}, {log.rule.citation} · {reports}: {told}"


def yearly_file(log: YearlyLog, lines: tuple[Line, ...], path: Path) -> Path:
    """Write the log in the form that the ending of the name asks for; answers with the whole path.

    Raises:
        InvalidInput: another ending, or something of that name is there.
    """
    match path.suffix.lower():
        case ".pdf":
            from notices.engines import DEFAULT, engine  # noqa: PLC0415 - an engine loads when it is needed

            content = engine(DEFAULT).render(to_html(as_paper(log, lines)))
        case ".csv":
            content = as_csv(log, lines)
        case ".txt":
            content = to_text(as_paper(log, lines)).encode()
        case ".json":
            content = msgspec.json.format(msgspec.json.encode({"log": log, "lines": lines}), indent=2)
        case _:
            raise InvalidInput("file: the name ends in .pdf, .csv, .txt or .json")
    return write_new(path, content)

"""`breach roster`: lists of affected people. `check` needs no case, no passphrase and no network."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.cli.lazy import LazyGroup

if TYPE_CHECKING:
    from datetime import date

    from incident.roster.report import RosterReport

BAD_INPUT = 2


_IN_A_CASE = {
    "import": ("tui.cli.roster_import:import_list", "Import a list of people into an incident."),
    "profiles": ("tui.cli.roster_import:profiles", "The kept ways of reading a list."),
    "stats": ("tui.cli.people:stats", "The lists of an incident by numbers."),
    "find": ("tui.cli.people:find", "People by name, State, status or finding."),
    "show": ("tui.cli.people:show", "One person in full."),
    "quarantine": ("tui.cli.people:quarantine", "The rows that wait for a decision."),
    "accept": ("tui.cli.people:accept", "Put a quarantined row right and accept it."),
    "exclude": ("tui.cli.people:exclude", "Exclude a quarantined row for good."),
    "pairs": ("tui.cli.duplicates:pairs", "Rows that may be one person."),
    "merge": ("tui.cli.duplicates:merge", "Two rows are one person."),
    "apart": ("tui.cli.duplicates:apart", "Two rows are two people."),
    "link": ("tui.cli.duplicates:link", "Whoever says the same on two lists is one person."),
    "unmerge": ("tui.cli.duplicates:unmerge", "Take a merge back."),
    "correct": ("tui.cli.persons:correct", "Correct an accepted person."),
    "erase": ("tui.cli.persons:erase", "Destroy what is known of a person, for good."),
    "history": ("tui.cli.persons:history", "What the log has of a person."),
    "outcome": ("tui.cli.persons:outcome", "Record what became of a letter, an e-mail or a call."),
    "returned": ("tui.cli.persons:returned", "Take in a file of returned mail."),
    "export": ("tui.cli.persons:export", "Addresses for a mail house, in clear text."),
}


@click.group(cls=LazyGroup, elsewhere=_IN_A_CASE)
def roster() -> None:
    """Lists of affected people."""


def _mapping(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    mapping = {}
    for value in values:
        field, equals, heading = value.partition("=")
        if not equals:
            raise click.BadParameter(f"{value!r}: write FIELD=HEADING or FIELD=NUMBER")
        mapping[field.strip()] = heading.strip()
    return mapping


@roster.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--rows", is_flag=True, help="Tell what becomes of every row, and which rows are one person.")
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="FIELD=COLUMN",
    callback=_mapping,
    help="Correct the guess: this field stands in the column of this heading or number; nothing after = leaves it out.",
)
@click.option("--encoding", help="How the letters are encoded, such as utf-8 or cp1252. Default: found out.")
@click.option("--delimiter", help="What separates the cells; tab for a tab. Default: found out.")
@click.option("--sheet", help="Which sheet of a workbook. Default: the first that names people.")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day that decides who is a minor. Default: today.",
)
def check(  # noqa: PLR0917 - one parameter an option, called by click only
    file: Path,
    as_json: bool,  # noqa: FBT001
    rows: bool,  # noqa: FBT001
    mapping: dict[str, str],
    encoding: str | None,
    delimiter: str | None,
    sheet: str | None,
    on: datetime | None,
) -> None:
    """Try a list of people without keeping anything: what would be accepted, set aside or merged, and why.

    Exit codes: 0 the file can be imported; 2 it cannot, with one line that says why.
    """
    from incident.errors import InvalidInput  # noqa: PLC0415 - what needs no case loads none of its stores
    from incident.roster.importer import check_roster  # noqa: PLC0415

    day = on.date() if on else _today()
    try:
        report = check_roster(file, mapping, on=day, rows=rows, encoding=encoding, delimiter=delimiter, sheet=sheet)
    except InvalidInput as refusal:
        for fault in refusal.faults:
            click.echo(f"breach: {fault}", err=True)
        sys.exit(BAD_INPUT)
    click.echo(_as_json(report) if as_json else "\n".join(_lines(report)))


def _today() -> date:
    from incident.system import SystemClock  # noqa: PLC0415

    return SystemClock().now().astimezone().date()


def _as_json(report: RosterReport) -> str:
    import msgspec  # noqa: PLC0415

    # Rows and pairs are there only where they were asked for.
    told = {name: value for name, value in msgspec.to_builtins(report).items() if value is not None}
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode()


def _lines(report: RosterReport) -> list[str]:
    """The report for people. Headings come from the file, so nothing in them may reach the terminal as a control."""
    delimiter = {"\t": "tab"}.get(report.delimiter, report.delimiter)
    lines = [
        f"{report.rows_in:,} in = {report.accepted:,} accepted + {report.quarantined:,} quarantined "
        f"+ {report.merged:,} merged; {report.review:,} pairs to review",
        f"{report.minors:,} minors, {report.deceased:,} deceased, {report.insufficient_contact:,} without a usable "
        f"address (next of kin: {report.next_of_kin_insufficient_contact:,}), "
        f"{report.birth_date_unknown:,} of unknown age",
        "States: " + ", ".join(f"{state or 'unknown'} {count:,}" for state, count in report.by_state.items()),
        f"Read as {report.encoding}, " + (f"sheet {report.sheet}" if report.sheet else f"separated by {delimiter}"),
        "Columns: " + "; ".join(f"{field} = {heading}" for field, heading in report.mapping.items()),
    ]
    if report.ignored:
        lines.append("Not read in: " + ", ".join(report.ignored))
    lines += [f"! {problem}" for problem in report.problems]
    lines += [f"{count:>8,}  {finding}" for finding, count in report.findings.items()]
    for row in report.rows or ():
        into = f" into row {row.merged_into}" if row.merged_into else ""
        reasons = f": {'; '.join(row.reasons)}" if row.reasons else ""
        lines.append(f"row {row.row}  {row.status}{into}  {row.state or '-'}{reasons}")
    lines += [f"rows {pair.rows[0]} and {pair.rows[1]}  {pair.action}" for pair in report.pairs or ()]
    return ["".join(character if character.isprintable() else "\ufffd" for character in line) for line in lines]

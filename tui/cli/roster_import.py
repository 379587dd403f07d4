"""`breach roster import` and `breach roster profiles`: bring a list into a case, and keep how such lists are read."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import msgspec

from incident.errors import InvalidInput
from incident.roster.layout import AS_GUESSED, Layout
from incident.roster.mapping import FIELDS
from incident.roster.report import Progress
from tui import rosters
from tui.cli.common import case_options, json_option, print_json, print_receipt
from tui.compose import Workspace

_EVERY = 0.2
"""Seconds between two lines of progress."""


@click.command("import")
@click.argument("reference")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Correct the guess, by heading or number of the column; empty: leave out.",
)
@click.option("--encoding", help="How the letters are encoded, such as utf-8 or cp1252. Default: found out.")
@click.option("--delimiter", help="What separates the cells; tab for a tab. Default: found out.")
@click.option("--sheet", help="Which sheet of a workbook. Default: the first that names people.")
@click.option("--profile", metavar="NAME", help="Read the file as lists were read before that were kept as NAME.")
@click.option("--save-profile", metavar="NAME", help="Keep how this file is read, for the next list like it.")
@json_option
@case_options
def import_list(workspace: Workspace, *, reference: str, file: Path, as_json: bool, **options: object) -> None:
    """Import FILE into the incident REFERENCE; its counts become facts. `breach roster check` only tries it."""
    service = workspace.service
    incident_id = service.queries.incident_by_reference(reference).id
    layout = _layout(workspace, options)
    report, receipt = service.rosters.import_file(incident_id, file, layout=layout, progress=_teller())
    if sys.stderr.isatty():
        click.echo(err=True)
    if name := options["save_profile"]:
        service.profiles.save(str(name), layout, report.mapping)
    if not as_json:
        click.echo(rosters.equation(report.rows_in, report.accepted, report.quarantined, report.merged))
        for words in (
            *rosters.pairs_words(report.review, "`breach roster pairs` shows them."),
            *rosters.across_words(report.across or 0, "`breach roster pairs --across` shows them."),
        ):
            click.echo(words)
        for problem in report.problems:
            click.echo(f"! {rosters.visible(problem)}")
    shown = {key: value for key, value in msgspec.to_builtins(report).items() if value is not None}
    print_receipt(workspace, receipt, report=shown)


@click.command()
@json_option
@case_options
def profiles(workspace: Workspace, *, as_json: bool) -> None:
    """The kept ways of reading a list: which column is which, encoding, separator, sheet."""
    found = workspace.service.profiles.all()
    if as_json:
        print_json({"profiles": {name: msgspec.to_builtins(layout) for name, layout in found.items()}})
        return
    for name, layout in found.items():
        click.echo(name)
        given = {"encoding": layout.encoding, "delimiter": layout.delimiter, "sheet": layout.sheet}
        for field, value in {**layout.mapping, **given}.items():
            if value:
                click.echo(f"  {field} = {rosters.visible(value)}")
    if not found:
        click.echo("No way of reading a list is kept; --save-profile of an import keeps one.")


def _layout(workspace: Workspace, options: dict[str, object]) -> Layout:
    """The profile, if one is named, with the other options on top."""
    profile = options["profile"]
    layout = workspace.service.profiles.get(str(profile)) if profile else AS_GUESSED
    values = options["mapping"]
    assert isinstance(values, tuple)
    corrections = dict(layout.mapping)
    for value in values:
        field, equals, heading = value.partition("=")
        if not equals or field.strip() not in FIELDS:
            raise InvalidInput(
                f"--map: {value!r}: write FIELD=HEADING or FIELD=NUMBER; the fields are {', '.join(FIELDS)}"
            )
        corrections[field.strip()] = heading.strip()
    given = {name: options[name] for name in ("encoding", "delimiter", "sheet") if options[name] is not None}
    return msgspec.structs.replace(layout, mapping=corrections, **given)


def _teller() -> Callable[[Progress], None] | None:
    """What tells the progress on a terminal; nothing where nobody watches."""
    if not sys.stderr.isatty():
        return None
    began = told = time.monotonic()

    def tell(progress: Progress) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= _EVERY or progress.bytes_read == progress.bytes_total:
            told = now
            words = f"{rosters.progress_counts(progress)} · {rosters.progress_words(progress, now - began)}"
            click.echo(f"\r\x1b[K{words}", nl=False, err=True)

    return tell

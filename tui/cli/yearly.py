"""`breach filing yearly YEAR`: the log of breaches of fewer than 500, over all incidents of the case."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from incident.errors import InvalidInput
from incident.evidence.paper import to_html, to_text
from incident.evidence.table import FORMULA_SAFE
from incident.views.small_breaches import yearly_log
from notices.engines import DEFAULT, NAMES, engine
from notices.yearly import as_csv, as_paper, lines_of, progress
from tui.briefing import write_new
from tui.cli.common import json_option, print_json, reads
from tui.session import Session

_YEARS = range(1900, 10_000)


@click.command()
@click.argument("year", type=int)
@click.option("--csv", "csv_file", type=click.Path(path_type=Path), help=f"Write a new .csv file. {FORMULA_SAFE}")
@click.option("--pdf", "pdf_file", type=click.Path(path_type=Path), help="Write a new .pdf file.")
@click.option(
    "--engine", "engine_name", type=click.Choice(NAMES), default=DEFAULT, show_default=True, help="PDF engine."
)
@json_option
@reads
def yearly(
    session: Session, *, year: int, csv_file: Path | None, pdf_file: Path | None, engine_name: str, as_json: bool
) -> None:
    """The log of breaches of fewer than 500 discovered in the calendar YEAR (45 CFR 164.408(c)).

    Incidents whose number is not known are listed as such; those that were no breach stand apart, with their reasons.
    """
    if year not in _YEARS:
        raise InvalidInput("YEAR: four digits, such as 2026")
    log = yearly_log(session.queries, year, session.now().astimezone(session.zone()))
    lines = lines_of(session.documents, log)
    paper = as_paper(log, lines)
    written = []
    if csv_file is not None:
        written.append(write_new(csv_file, as_csv(log, lines)))
    if pdf_file is not None:
        written.append(write_new(pdf_file, engine(engine_name).render(to_html(paper))))
    if as_json:
        told = msgspec.to_builtins(msgspec.structs.replace(log, entries=()))
        del told["entries"]
        print_json(
            told
            | {
                "progress": msgspec.to_builtins(progress(lines)),
                "entries": [
                    msgspec.to_builtins(line.entry) | {"packet": msgspec.to_builtins(line.packet)} for line in lines
                ],
            }
        )
    elif not written:
        click.echo(to_text(paper))
    for path in written:
        click.echo(f"{path}: as of #{log.position}", err=as_json)

"""`breach brief REF` and `breach calendar REF`: the situation on one page, and the deadlines for a calendar."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from incident.evidence.brief import situation
from notices.engines import NAMES
from tui.briefing import brief_file, brief_text, calendar_of, calendar_words, write_new
from tui.cli.common import json_option, print_json, reads
from tui.session import Session


@click.command()
@click.argument("reference")
@click.option("--out", type=click.Path(path_type=Path), help="A new .pdf, .txt or .json file; else it is printed.")
@click.option("--engine", "engine_name", type=click.Choice(NAMES), help="PDF engine.")
@json_option
@reads
def brief(session: Session, *, reference: str, out: Path | None, engine_name: str | None, as_json: bool) -> None:
    """The situation of the incident REFERENCE on one page: what is known, due next and open.

    It is confidential, but names none of the people affected unless somebody wrote a name into the record.
    """
    incident = session.queries.incident_by_reference(reference)
    page = situation(session.queries, incident, now=session.now(), zone=session.zone(incident.id))
    if out is not None:
        written = write_new(out, brief_file(page, out.name, engine_name))
        click.echo(f"{written}: as of #{page.position}", err=as_json)
    if as_json:
        print_json(page)
    elif out is None:
        click.echo(brief_text(page))


@click.command()
@click.argument("reference")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new .ics file.")
@json_option
@reads
def calendar(session: Session, *, reference: str, out: Path, as_json: bool) -> None:
    """The deadlines of the incident REFERENCE as a calendar file with alarms at 50, 80 and 95 % of each period.

    Import it again after the board has changed: its events take the place of the earlier ones. It holds no personal
    data. A duty without a number of days is not a date; it is told, and not in the calendar.
    """
    incident = session.queries.incident_by_reference(reference)
    found = calendar_of(session.queries, incident.id, session.now(), session.zone(incident.id))
    written = write_new(out, found.content)
    if as_json:
        print_json({"file": str(written), "dated": found.dated, "undated": msgspec.to_builtins(found.undated)})
    else:
        click.echo("\n".join(calendar_words(found, written)))

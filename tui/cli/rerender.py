"""`breach notice rerender NOTICE`: make a past rendering again, and compare it with the hashes in the log."""

from __future__ import annotations

import sys
import time

import click
import msgspec

from notices.rerender import RerenderProgress, rerender
from tui.cli.common import REFUSED, json_option, print_json, reads
from tui.cli.documents import named_row
from tui.rerendering import rerender_lines, rerender_progress
from tui.session import Session


@click.command("rerender")
@click.argument("notice")
@click.option(
    "--sample", type=click.IntRange(min=1), metavar="N", help="Make only N of the files, spread over all of them."
)
@json_option
@reads
def rerender_notice(session: Session, *, notice: str, sample: int | None, as_json: bool) -> None:
    """Make the documents of NOTICE again, on the record of then, and compare them with the SHA-256 in the log.

    Nothing is kept and nothing recorded. Where they differ it is said what changed since: rulebook, templates, the
    engine, a person on the list. The stored files are the record then; `breach notice export` writes those.

    Exit codes: 0 identical, byte for byte; 1 they differ; 2 bad input.
    """
    row = named_row(session.queries.notices(), notice, "notice")
    began, told = time.monotonic(), sys.stderr.isatty()

    def progress(so_far: RerenderProgress) -> None:
        if told:
            words = rerender_progress(so_far, time.monotonic() - began)[1][0]
            click.echo(f"\r{words}", nl=False, err=True)

    found = rerender(session.service, row.id, until=session.queries, sample=sample, progress=progress)
    if told:
        click.echo(err=True)
    if as_json:
        print_json({"identical": found.identical, **msgspec.to_builtins(found)})
    else:
        for line in rerender_lines(found, session.zone(row.incident)):
            click.echo(line.plain)
    sys.exit(0 if found.identical else REFUSED)

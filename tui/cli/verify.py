"""`breach verify CASE`: is the case whole?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from incident.errors import CaseUnusable
from incident.verification import verify_case
from tui.cli.common import REFUSED, opened, print_json, refusals


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--user", envvar="BREACH_USER", help="Your user name; else it is asked for. [env: BREACH_USER]")
@click.option("--passphrase-file", type=click.Path(path_type=Path), help="Else the passphrase is asked for.")
@click.option("--checkpoint", metavar="CODE", help="A head code that was read aloud or mailed: is this that log?")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@refusals
def verify(
    case: Path, user: str | None, passphrase_file: Path | None, checkpoint: str | None, *, as_json: bool
) -> None:
    """Recompute the chain of the case folder CASE, open every entry, look for every document.

    Exit codes: 0 whole; 1 a fault was found; 2 bad input.
    """
    with opened(case, user, passphrase_file) as workspace:
        try:
            found = verify_case(workspace.case, checkpoint)
        except CaseUnusable as refusal:
            # The folder opened, so what cannot be read in it is a finding, not a mistake of the caller.
            click.echo(f"NOT INTACT: {refusal}", err=True)
            sys.exit(REFUSED)
    if as_json:
        print_json(
            {
                "ok": found.ok,
                "events": found.count,
                "head": found.head,
                "code": found.code,
                "problems": list(found.problems),
            }
        )
    elif found.ok:
        click.echo(f"Verified OK: {found.count} events, head {found.head}")
        click.echo(f"Checkpoint code, to read aloud or mail to counsel: {found.code}")
    else:
        click.echo(f"NOT INTACT: {len(found.problems)} faults in {found.count} events")
        for problem in found.problems:
            click.echo(f"  {problem}")
    sys.exit(0 if found.ok else REFUSED)

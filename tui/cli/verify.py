"""`breach verify CASE`: is the case whole?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from incident.casefile import open_case
from incident.errors import CaseUnusable
from incident.verification import verify_case
from tui.cli.common import REFUSED, print_json, read_passphrase, refusals


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
    """Recompute the chain of the case folder CASE; open every entry, document and person.

    Exit codes: 0 whole; 1 a fault was found; 2 bad input.
    """
    who = user or click.prompt("User", err=True)
    passphrase = read_passphrase(passphrase_file, "Passphrase")
    try:
        # The case alone, not the services on it: they would stop at the first entry that cannot be read.
        with open_case(case, who, passphrase) as whole:
            found = verify_case(whole, checkpoint)
    except CaseUnusable as refusal:
        if not (case / "case.json").exists():
            raise
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
                "notes": list(found.notes),
                "checked": list(found.checked),
            }
        )
        sys.exit(0 if found.ok else REFUSED)
    if found.ok:
        click.echo(f"Verified OK: {found.count} events, head {found.head}")
        click.echo(f"Checkpoint code, to read aloud or mail to counsel: {found.code}")
    else:
        click.echo(f"NOT INTACT: {len(found.problems)} faults in {found.count} events")
        for problem in found.problems:
            click.echo(f"  {problem}")
    for line in found.checked:
        click.echo(f"Checked: {line}")
    for line in found.notes:
        click.echo(f"Note: {line}")
    sys.exit(0 if found.ok else REFUSED)

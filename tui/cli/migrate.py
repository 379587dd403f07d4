"""`breach migrate CASE TO`: move a case between a folder and a PostgreSQL server."""

from __future__ import annotations

import sys

import click
import msgspec

from incident.migration import migrate as move
from incident.stores.naming import read_place
from tui.cli.common import json_option, print_json
from tui.cli.opening import case_first
from tui.compose import Workspace
from tui.safekeeping import now


@click.command()
@json_option
@case_first("to")
def migrate(workspace: Workspace, *, to: str, as_json: bool) -> None:
    """Move the case CASE to the new place TO: a folder, or postgresql+psycopg://user@host/database?case=name.

    Everything is copied sealed as it is, and the chain has to end in the same link: passphrases, checkpoints and event
    numbers stay what they were. The old copy is not changed, but for a mark that it was moved, which keeps people from
    working in it by mistake. Let everybody leave the case before. Nothing is at TO unless all of it is.

    Exit codes: 0 done; 2 bad input, or nothing was moved.
    """
    moved = move(workspace.case, read_place(to), now(workspace), _progress if sys.stderr.isatty() else None)
    if as_json:
        print_json(msgspec.to_builtins(moved))
        return
    click.echo(f"{moved.to}: {moved.count:,} events and {moved.documents:,} documents moved there")
    click.echo(f"Checkpoint code: {moved.code}")
    click.echo(f"{moved.origin} is as it was, and marked as moved; delete it when the new place is backed up.")


def _progress(what: str, done: int, whole: int) -> None:
    end = "\n" if done == whole else "\r"
    click.echo(f"{what}: {done:,} of {whole:,}{end}", err=True, nl=False)

"""`breach checkpoint CASE`: what to keep outside, so that a log that was changed can be told from this one."""

from __future__ import annotations

from pathlib import Path

import click

from tui.cli.common import json_option, print_json
from tui.cli.opening import case_first
from tui.compose import Workspace
from tui.safekeeping import keep_checkpoint, kept_lines


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write the signed checkpoint to this file, or into this folder."
)
@click.option(
    "--tsa", metavar="URL", envvar="BREACH_TSA", help="Have it stamped by this server (RFC 3161). [BREACH_TSA]"
)
@click.option(
    "--tsa-root",
    type=click.Path(path_type=Path),
    envvar="BREACH_TSA_ROOT",
    help="The certificate to trust for that, in PEM. [BREACH_TSA_ROOT]",
)
@json_option
@case_first()
def checkpoint(
    workspace: Workspace, *, out: Path | None, tsa: str | None, tsa_root: Path | None, as_json: bool
) -> None:
    """Take a checkpoint of the case folder CASE: a code to read aloud, and a signed file to keep elsewhere.

    Keep it where whoever could change the case cannot: with counsel, on another disk, in a letter. Nothing is sent
    anywhere unless --tsa names a server; that gets a hash of the checkpoint and nothing else.

    Exit codes: 0 done; 2 bad input.
    """
    kept = keep_checkpoint(workspace, out, tsa=tsa, tsa_root=tsa_root)
    if as_json:
        found = {"code": kept.code, "events": kept.count, "head": kept.head.hex(), "root": kept.root.hex()}
        found |= {"key": kept.key, "file": str(kept.file) if kept.file else None}
        print_json(found | {"stamped_at": kept.stamped_at, "checkpoint": kept.note})
        return
    for line in kept_lines(kept, tsa):
        click.echo(line)

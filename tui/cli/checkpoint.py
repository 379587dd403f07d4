"""`breach checkpoint CASE`: what to keep outside, so that a log that was changed can be told from this one."""

from __future__ import annotations

from pathlib import Path

import click

from incident.errors import InvalidInput
from incident.evidence.checkpoints import public_key, take_checkpoint
from incident.evidence.timestamps import time_stamp
from incident.files import write_durably
from tui.cli.common import json_option, print_json
from tui.cli.opening import case_first, now
from tui.compose import Workspace

STAMP = ".tsr"
"""What is added to the name of a checkpoint for the time stamp beside it."""


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
    if tsa is not None and (out is None or tsa_root is None):
        raise InvalidInput("--tsa: give --out, to keep the stamp beside the checkpoint, and --tsa-root, to check it")
    tree, note = take_checkpoint(workspace.case, now(workspace))
    file = stamped = None
    if out is not None:
        file = out / f"checkpoint-{tree.count:06}.txt" if out.is_dir() else out
        if file.exists():
            raise InvalidInput(f"--out: {file} is there already; checkpoints are kept, not replaced")
        if not file.parent.is_dir():
            raise InvalidInput(f"--out: {file.parent} is not a folder")
        if tsa is not None and tsa_root is not None:
            answer, stamped = time_stamp(note.encode(), tsa, tsa_root.read_bytes())
            write_durably(file.with_name(file.name + STAMP), answer)
        write_durably(file, note.encode())
    key = public_key(workspace.case)
    if as_json:
        found = {"code": tree.code, "events": tree.count, "head": tree.head.hex(), "root": tree.root.hex(), "key": key}
        print_json(found | {"file": str(file) if file else None, "stamped_at": stamped, "checkpoint": note})
        return
    click.echo(f"Checkpoint of {tree.count} events: {tree.code}")
    click.echo(f"Public key: {key}")
    if file is not None:
        click.echo(f"Signed checkpoint: {file}")
    if stamped is not None:
        click.echo(f"Time stamp: {stamped:%Y-%m-%d %H:%M:%S} UTC by {tsa}")

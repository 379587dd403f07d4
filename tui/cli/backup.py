"""`breach backup CASE FILE` and `breach restore FILE FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from incident.backup import Backup, back_up
from incident.backup import restore as put_back
from incident.casefile import public_keys_of
from incident.errors import InvalidInput
from incident.log.chain import Anchor, read_checkpoint
from incident.log.checkpoints import is_signed, read_signed_checkpoint
from incident.stores.naming import Place
from tui.cli.common import REFUSED, json_option, print_json, refusals
from tui.cli.opening import case_first
from tui.cli.place import PLACE
from tui.compose import Workspace
from tui.safekeeping import backup_lines, now, read_kept


@click.command()
@json_option
@case_first("file")
def backup(workspace: Workspace, *, file: str, as_json: bool) -> None:
    """Copy the case folder CASE into one FILE while people go on working.

    The file is sealed as the case is: it opens with the same passphrases, and tells nothing without them. It also holds
    whatever is erased from the case later: keep backups no longer than they are needed.

    Exit codes: 0 done; 2 bad input.
    """
    made = back_up(workspace.case, Path(file), now(workspace))
    _tell(made, file, "written", (), as_json=as_json)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("folder", type=PLACE)
@click.option(
    "--checkpoint", metavar="FILE|CODE", help="One that was kept outside: is anything newer than what was restored?"
)
@json_option
@refusals
def restore(*, file: Path, folder: Place, checkpoint: str | None, as_json: bool) -> None:
    """Put the backup FILE back as the case folder FOLDER, and check its chain; no passphrase is needed.

    Exit codes: 0 done; 1 restored, but it is older than the checkpoint or another log; 2 bad input.
    """
    if not isinstance(folder, Path):
        raise InvalidInput("FOLDER: a backup is restored into a folder; `breach migrate` takes that to a server")
    kept = read_kept(checkpoint) if checkpoint is not None else None
    made, problems = put_back(file, folder, _anchor(kept) if kept is not None else None)
    if kept is not None and is_signed(kept):
        problems = (*_signature(kept, folder), *problems)
    _tell(made, str(folder), "restored", problems, as_json=as_json)
    sys.exit(REFUSED if problems else 0)


def _anchor(kept: str) -> Anchor:
    return read_signed_checkpoint(kept)[0].anchor if is_signed(kept) else read_checkpoint(kept)


def _signature(kept: str, folder: Path) -> tuple[str, ...]:
    tree, note = read_signed_checkpoint(kept)
    name = f"breach-case/{tree.case_id}"
    if not any(note.is_signed_by(name, key) for key in public_keys_of(folder)):
        return ("the checkpoint was not signed by this case, or was changed after it was signed",)
    return ()


def _tell(made: Backup, where: str, done: str, problems: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "path": where,
                "events": made.count,
                "code": made.code,
                "taken_at": made.taken_at,
                "files": made.files,
                "size": made.size,
                "problems": problems,
            }
        )
        return
    for line in backup_lines(made, where, done, problems):
        click.echo(line)

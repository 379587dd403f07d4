"""`breach verify CASE`: is the case whole, and the one that a checkpoint was taken of?"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from incident.casefile import begin, entered
from incident.errors import CaseUnusable, InvalidInput
from incident.evidence.timestamps import stamped_at
from incident.stores.naming import Place
from incident.stores.places import is_case
from incident.verification import verify_case
from tui.cli.common import REFUSED, code_for, print_json, read_passphrase, refusals, totp_option
from tui.cli.place import PLACE
from tui.safekeeping import STAMP, read_kept, verification_lines


@click.command()
@click.argument("case", type=PLACE, envvar="BREACH_CASE")
@click.option("--user", envvar="BREACH_USER", help="Your user name; else it is asked for. [env: BREACH_USER]")
@click.option("--passphrase-file", type=click.Path(path_type=Path), help="Else the passphrase is asked for.")
@totp_option
@click.option(
    "--checkpoint",
    metavar="FILE|CODE",
    help="What was kept outside: a signed checkpoint, or a code that was read aloud or mailed. Is this that log?",
)
@click.option(
    "--tsa-root",
    type=click.Path(path_type=Path),
    envvar="BREACH_TSA_ROOT",
    help="Check the time stamp beside the checkpoint under this certificate, in PEM. [BREACH_TSA_ROOT]",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@refusals
def verify(
    case: Place,
    *,
    user: str | None,
    passphrase_file: Path | None,
    checkpoint: str | None,
    tsa_root: Path | None,
    as_json: bool,
) -> None:
    """Recompute the chain of the case CASE; open every entry, document and person.

    Exit codes: 0 whole; 1 a fault was found; 2 bad input.
    """
    kept = read_kept(checkpoint) if checkpoint is not None else None
    stamped = _stamped(checkpoint, tsa_root)
    who = user or click.prompt("User", err=True)
    passphrase = read_passphrase(passphrase_file, "Passphrase")
    try:
        # The case alone, not the services on it: they would stop at the first entry that cannot be read.
        admission = begin(case, who, passphrase)
        with entered(admission, code_for(admission)) as whole:
            found = verify_case(whole, kept)
    except CaseUnusable as refusal:
        if not is_case(case):
            raise
        # The folder is there, so what cannot be read in it is a finding, not a mistake of the caller.
        click.echo(f"NOT INTACT: {refusal}", err=True)
        sys.exit(REFUSED)
    if as_json:
        print_json(
            {
                "ok": found.ok,
                "events": found.count,
                "head": found.head,
                "code": found.code,
                "problems": found.problems,
                "notes": found.notes,
                "checked": found.checked,
                "checkpoint_stamped_at": stamped,
            }
        )
    else:
        for line in verification_lines(found, compared=kept is not None, stamped=stamped):
            click.echo(line)
    sys.exit(0 if found.ok else REFUSED)


def _stamped(checkpoint: str | None, tsa_root: Path | None) -> datetime | None:
    if checkpoint is None or tsa_root is None:
        return None
    file = Path(checkpoint)
    stamp = file.with_name(file.name + STAMP)
    if not file.is_file() or not stamp.is_file():
        raise InvalidInput(f"--tsa-root: there is no time stamp {stamp} beside a checkpoint")
    return stamped_at(file.read_bytes(), stamp.read_bytes(), tsa_root.read_bytes())

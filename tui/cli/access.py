"""`breach access …`: who may open a case, how, and with which keys."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec

from incident.access.held import ADVICE, SIGNING
from incident.access.secrets import SecretText
from incident.access.totp import new_secret, typed, uri
from incident.errors import InvalidInput
from incident.stores.naming import Place
from tui.access import access_rows, qr_lines
from tui.cli.common import (
    case_options,
    json_option,
    plain_option,
    print_json,
    print_receipt,
    print_rows,
    read_passphrase,
    reads,
    refusals,
)
from tui.cli.place import PLACE
from tui.compose import Workspace, recover_workspace
from tui.session import Session

ROTATE = "What this user knew is still known: `breach access rotate` seals with new keys what comes next."


@click.group()
def access() -> None:
    """Who may open a case: passphrases, second factors, recovery codes, keys."""


@access.command()
@json_option
@plain_option
@reads
def users(session: Session, *, as_json: bool, plain: bool) -> None:
    """Everybody who may open the case, and what their keys are for."""
    case, people = session.workspace.case, session.queries.users()
    if as_json:
        keys = {row.user: {key: case.holds(row.user, key) for key in (SIGNING, ADVICE)} for row in people}
        epochs = {key: case.epoch(key) for key in ("case", SIGNING, ADVICE)}
        print_json({"users": [msgspec.to_builtins(row) | {"keys": keys[row.user]} for row in people], "epochs": epochs})
        return
    headings, rows = access_rows(session)
    print_rows(headings, rows, plain=plain)


@access.command()
@click.argument("user_to_remove")
@click.option("--losing-advice", is_flag=True, help="Also where nobody can read counsel's advice any more afterwards.")
@json_option
@case_options
def remove(workspace: Workspace, *, user_to_remove: str, losing_advice: bool, as_json: bool) -> None:
    """Let USER_TO_REMOVE open the case no longer. Nothing is encrypted anew."""
    print_receipt(workspace, workspace.service.access.remove(user_to_remove, losing_advice=losing_advice))
    if not as_json:
        click.echo(ROTATE)


@access.command()
@click.option("--new-passphrase-file", type=click.Path(path_type=Path), help="Its first line; else it is asked for.")
@json_option
@case_options
def passphrase(workspace: Workspace, *, new_passphrase_file: Path | None, as_json: bool) -> None:
    """Set another passphrase of your own."""
    print_receipt(workspace, workspace.service.access.change_passphrase(None, _new_passphrase(new_passphrase_file)))


@access.command("recovery-code")
@json_option
@case_options
def recovery_code(workspace: Workspace, *, as_json: bool) -> None:
    """Another recovery code of your own, printed once; the one before opens nothing any more."""
    code, receipt = workspace.service.access.new_recovery_code()
    show_recovery_code(workspace.case.user, code)
    print_receipt(workspace, receipt)


@access.command()
@click.argument("case", type=PLACE, envvar="BREACH_CASE")
@click.option("--user", envvar="BREACH_USER", help="Your user name; else it is asked for. [env: BREACH_USER]")
@click.option("--recovery-code-file", type=click.Path(path_type=Path), help="Its first line; else it is asked for.")
@click.option("--new-passphrase-file", type=click.Path(path_type=Path), help="Its first line; else it is asked for.")
@json_option
@refusals
def recover(
    *,
    case: Place,
    user: str | None,
    recovery_code_file: Path | None,
    new_passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Open CASE with your recovery code and set a new passphrase. Your second factor is switched off."""
    who = user or click.prompt("User", err=True)
    code = read_passphrase(recovery_code_file, "Recovery code")
    workspace, next_code = recover_workspace(case, who, code, _new_passphrase(new_passphrase_file))
    with workspace:
        show_recovery_code(workspace.case.user, next_code)
        row = workspace.service.queries.user(workspace.case.user)
        if as_json:
            print_json({"user": row.user, "second_factor": row.second_factor, "events": workspace.case.log.position()})
        else:
            click.echo(f"{row.user}: the new passphrase opens the case; the second factor is off.")


@access.command()
@click.argument("state", type=click.Choice(["on", "off"]))
@json_option
@case_options
def totp(workspace: Workspace, *, state: str, as_json: bool) -> None:
    """Ask for a code of your authenticator after the passphrase, or no longer.

    The secret is shown on standard error, as a QR code and as text; then a code is asked for.
    """
    service = workspace.service.access
    if state == "off":
        print_receipt(workspace, service.turn_totp_off())
        return
    secret = new_secret()
    address = uri(secret, workspace.case.user)
    for line in qr_lines(address):
        click.echo(line, err=True)
    click.echo(f"Scan it with your authenticator, or type the secret: {typed(secret)!s}", err=True)
    click.echo(f"{address!s}", err=True)
    print_receipt(workspace, service.turn_totp_on(secret, click.prompt("Code it shows now", err=True)))


@access.command()
@click.argument("user_to_trust")
@json_option
@case_options
def share(workspace: Workspace, *, user_to_trust: str, as_json: bool) -> None:
    """Let USER_TO_TRUST read counsel's advice, what was given and what will be."""
    print_receipt(workspace, workspace.service.access.share_advice(user_to_trust))


@access.command()
@click.argument("user_to_close")
@json_option
@case_options
def unshare(workspace: Workspace, *, user_to_close: str, as_json: bool) -> None:
    """Seal advice from now on so that USER_TO_CLOSE cannot read it; what was readable stays readable."""
    print_receipt(workspace, workspace.service.access.unshare_advice(user_to_close))


@access.command()
@json_option
@case_options
def rotate(workspace: Workspace, *, as_json: bool) -> None:
    """Seal everything from now on with new keys; what is there already stays as it is, and readable."""
    receipt = workspace.service.access.rotate()
    epochs = {key: workspace.case.epoch(key) for key in ("case", SIGNING, ADVICE)}
    print_receipt(workspace, receipt, epochs=epochs)
    if not as_json and epochs[ADVICE] and not workspace.case.holds(workspace.case.user, ADVICE):
        click.echo("The advice key was not rotated: only who holds it can, with `breach access unshare` or this.")


def show_recovery_code(user: str, code: SecretText) -> None:
    """Show a recovery code this once; at a terminal, see that it was written down."""
    click.echo(f"Recovery code of {user}, shown this once. Write it down and keep it away from the machine:", err=True)
    click.echo(f"\n    {code!s}\n", err=True)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return
    last = str(code).rpartition("-")[2]
    while click.prompt("Its last five characters, from the paper", err=True).strip().upper() != last:
        click.echo("That is not what the code ends in.", err=True)


def _new_passphrase(file: Path | None) -> str:
    new = read_passphrase(file, "New passphrase")
    if file is None and click.prompt("Again", hide_input=True, err=True) != new:
        raise InvalidInput("passphrase: the two are not the same")
    return new

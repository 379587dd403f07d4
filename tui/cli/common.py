"""What the commands share: opening a case, one-line errors, exit codes, JSON."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
import msgspec

from incident.errors import CaseUnusable, InvalidInput, NotFound, Refusal, WrongPassphrase
from tui.compose import Workspace, open_workspace

P = ParamSpec("P")
R = TypeVar("R")

REFUSED = 1
BAD_INPUT = 2
_BAD_INPUT = (InvalidInput, NotFound, WrongPassphrase, CaseUnusable)


def fail(message: str, code: int) -> None:
    """One line on standard error, and out."""
    click.echo(f"breach: {message}", err=True)
    sys.exit(code)


def refusals(command: Callable[P, R]) -> Callable[P, R]:
    """Turn a refusal into its line and exit code; a traceback never reaches a person."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except InvalidInput as refusal:
            for fault in refusal.faults:
                click.echo(f"breach: {fault}", err=True)
            sys.exit(BAD_INPUT)
        except Refusal as refusal:
            fail(str(refusal), BAD_INPUT if isinstance(refusal, _BAD_INPUT) else REFUSED)
        except OSError as error:
            fail(f"{error.filename or 'input'}: {error.strerror or error}", BAD_INPUT)
        raise AssertionError("fail() leaves")

    return run


def case_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--case`, `--user`, `--passphrase-file`: a passphrase never stands on the command line, where others see it."""
    for option in (
        click.option(
            "--passphrase-file",
            type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
            help="Read the passphrase from the first line of this file (- for standard input); else it is asked for.",
        ),
        click.option("--user", envvar="BREACH_USER", required=True, help="Your user name. [env: BREACH_USER]"),
        click.option(
            "--case",
            type=click.Path(path_type=Path),
            envvar="BREACH_CASE",
            required=True,
            help="The case folder. [env: BREACH_CASE]",
        ),
    ):
        command = option(command)
    return command


def opened(case: Path, user: str | None, passphrase_file: Path | None) -> Workspace:
    """Open a case; asks for what was not given, one try."""
    user = user or click.prompt("User", err=True)
    if passphrase_file is None:
        passphrase = click.prompt("Passphrase", hide_input=True, err=True)
    elif str(passphrase_file) == "-":
        passphrase = sys.stdin.readline().rstrip("\r\n")
    else:
        lines = passphrase_file.read_text(encoding="utf-8").splitlines()
        passphrase = lines[0] if lines else ""
    return open_workspace(case, user, passphrase)


@refusals
def opened_or_exit(case: Path, user: str | None) -> Workspace:
    """Open a case, or leave with one line."""
    return opened(case, user, None)


def print_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """One JSON document on standard output."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())

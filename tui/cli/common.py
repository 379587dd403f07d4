"""What the commands share: opening a case, one-line errors, exit codes, JSON."""

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

import click
import msgspec

from incident.access.admission import Admission
from incident.errors import CaseUnusable, InvalidInput, NotFound, Refusal, WrongPassphrase
from incident.service import Receipt
from incident.stores.naming import Place
from tui.cli.place import PLACE
from tui.compose import Workspace, begin_workspace, enter_workspace
from tui.presenters import moment, receipt_words
from tui.session import Session

P = ParamSpec("P")
R = TypeVar("R")

REFUSED = 1
BAD_INPUT = 2
_AS_OF = "tui.cli.as_of"
_TOTP = "tui.cli.totp"
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
    """`--case`, `--user`, `--passphrase-file`: a passphrase never stands on the command line, where others see it.

    The command gets the open `Workspace` as its first argument, closed when it ends, and its refusals become one line.
    """

    @click.option(
        "--case",
        "--store",
        "case",
        type=PLACE,
        envvar="BREACH_CASE",
        required=True,
        help="The case: a folder, or postgresql+psycopg://…. [env: BREACH_CASE]",
    )
    @click.option("--user", envvar="BREACH_USER", help="Your user name; else it is asked for. [env: BREACH_USER]")
    @click.option(
        "--passphrase-file",
        type=click.Path(path_type=Path),
        help="Read the passphrase from the first line of this file (- for standard input); else it is asked for.",
    )
    @totp_option
    @wraps(command)
    @refusals
    def run(*args: Any, case: Place, user: str | None, passphrase_file: Path | None, **kwargs: Any) -> Any:  # noqa: ANN401
        with opened(case, user, passphrase_file) as workspace:
            return command(workspace, *args, **kwargs)

    return run


def totp_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--totp`: the code of the second factor, for `opened`; it is asked for where it is needed and not given."""

    def keep(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
        context.meta[_TOTP] = value

    return click.option(
        "--totp",
        metavar="CODE",
        envvar="BREACH_TOTP",
        expose_value=False,
        callback=keep,
        help="The code your authenticator shows, where you have one; else it is asked for. [env: BREACH_TOTP]",
    )(command)


def looks_back(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--as-of`: the command gets the `Session` in place of the workspace, and reads what it shows.

    Stands below what opens the case. That it shows the past, and which event number, is said on standard error, and as
    `as_of_event` in the JSON. What such a command would record is refused.
    """

    @click.option(
        "--as-of",
        "--as-of-event",
        "as_of",
        metavar="N|DAY|MOMENT",
        help="As the record stood after event N, at the end of a day, or at a moment such as 2026-11-20T16:10-06:00.",
    )
    @wraps(command)
    def run(workspace: Workspace, *args: Any, as_of: str | None, **kwargs: Any) -> Any:  # noqa: ANN401
        session = Session(workspace)
        if as_of is not None:
            viewpoint = session.viewpoint = session.look_back(as_of)
            click.get_current_context().meta[_AS_OF] = viewpoint.position
            click.echo(f"PAST: as of #{viewpoint.position}, {moment(viewpoint.moment, session.zone())}", err=True)
        return command(session, *args, **kwargs)

    return run


def reads(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a case, and `--as-of`: for what reads a case. The command gets the `Session`."""
    return case_options(looks_back(command))


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--json`: one JSON document instead of text."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(command)


def plain_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--plain`: a line for each field, for screen readers."""
    return click.option("--plain", is_flag=True, help="One field a line, without columns, for screen readers.")(command)


def print_rows(headings: Sequence[str], rows: Sequence[Sequence[str]], *, plain: bool) -> None:
    """A table with aligned columns, or one field a line with an empty line between records."""
    if plain:
        for row in rows:
            for heading, cell in zip(headings, row, strict=True):
                if cell:
                    click.echo(f"{heading.capitalize()}: {cell}")
            click.echo()
        return
    widths = [max(len(line[column]) for line in (headings, *rows)) for column in range(len(headings))]
    for line in (headings, *rows):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def print_receipt(workspace: Workspace, receipt: Receipt, **more: Any) -> None:  # noqa: ANN401
    """Proof of what was recorded, with what it changed on the board; `more` stands in the JSON beside it."""
    context = click.get_current_context()
    if context.params.get("as_json"):
        print_json(more | msgspec.to_builtins(receipt))
        return
    zone = ZoneInfo(workspace.service.queries.case().facts.get("organization.time_zone") or "UTC")
    click.echo(receipt_words(receipt, zone))
    for line in receipt.changes:
        click.echo(f"  {line}")


def opened(case: Place, user: str | None, passphrase_file: Path | None) -> Workspace:
    """Open a case; asks for what was not given, one try."""
    user = user or click.prompt("User", err=True)
    admission = begin_workspace(case, user, read_passphrase(passphrase_file, "Passphrase"))
    return enter_workspace(admission, code_for(admission))


def code_for(admission: Admission) -> str | None:
    """The code of the second factor, from `--totp` or from the person; None where none is needed."""
    if not admission.needs_code:
        return None
    context = click.get_current_context(silent=True)
    given = context.meta.get(_TOTP) if context is not None else None
    return given or click.prompt("Code of your authenticator", err=True)


def read_passphrase(file: Path | None, asked: str) -> str:
    """A passphrase from the first line of a file (`-`: standard input), or from the person.

    Raises:
        InvalidInput: the file is not text.
    """
    if file is None:
        passphrase: str = click.prompt(asked, hide_input=True, err=True)
        return passphrase
    if str(file) == "-":
        return sys.stdin.readline().rstrip("\r\n")
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        raise InvalidInput(f"--passphrase-file: {file} is not text") from None
    return lines[0] if lines else ""


@refusals
def opened_or_exit(case: Place, user: str | None) -> Workspace:
    """Open a case, or leave with one line."""
    return opened(case, user, None)


def print_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """One JSON document on standard output; an object says as of which event number, where that was asked for."""
    context = click.get_current_context(silent=True)
    if isinstance(value, dict) and context is not None and _AS_OF in context.meta:
        value = {"as_of_event": context.meta[_AS_OF]} | value
    print_plain_json(value)


def print_plain_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """One JSON document whose keys are those of a contract, and no others."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())

"""Commands whose first word is the case: `breach checkpoint CASE`. `--case` or BREACH_CASE can stand for it."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from incident.stores.naming import Place, read_place
from tui.cli.common import opened, refusals, totp_option
from tui.cli.place import PLACE


def case_first(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Takes `[CASE]` and then a word for each name; the command gets the open `Workspace` and the words by name."""
    asked = " ".join(name.upper() for name in names)

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @click.argument("words", nargs=-1, metavar=" ".join(part for part in ("[CASE]", asked) if part))
        @click.option(
            "--case",
            "--store",
            "case",
            type=PLACE,
            envvar="BREACH_CASE",
            help="The case (a folder, or postgresql+psycopg://…), where it is not the first word. [env: BREACH_CASE]",
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
        def run(
            *,
            words: tuple[str, ...],
            case: Place | None,
            user: str | None,
            passphrase_file: Path | None,
            **kwargs: Any,  # noqa: ANN401
        ) -> Any:  # noqa: ANN401
            place, rest = (read_place(words[0]), words[1:]) if len(words) == len(names) + 1 else (case, words)
            if place is None or len(rest) != len(names):
                raise click.UsageError(f"write CASE {asked}".rstrip())
            with opened(place, user, passphrase_file) as workspace:
                return command(workspace, **dict(zip(names, rest, strict=True)), **kwargs)

        return run

    return decorate

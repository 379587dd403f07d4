"""`breach review`: the program on counsel's queue, and what a reviewer does from the command line."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

import click

from tui.cli.lazy import LazyGroup
from tui.cli.place import PLACE

if TYPE_CHECKING:
    from incident.stores.naming import Place

_IN_A_CASE = {
    "list": ("tui.cli.reviewing:list_queue", "The notices that wait for counsel, with the day to plan by."),
    "show": ("tui.cli.reviewing:show", "Where a notice stands, what each rule wants of it, what voids its approval."),
    "facts": ("tui.cli.reviewing:facts", "The facts a notice rests on, with their event numbers."),
    "redline": ("tui.cli.reviewing:redline", "What changed in a notice, against another text of it."),
    "same": ("tui.cli.reviewing:same", "Other notices that still have words which this one has changed."),
    "bundle": ("tui.cli.reviewing:bundle", "Files for counsel without a terminal, with an approval code."),
    "report": ("tui.cli.reviewing:report", "Report an approval of counsel's, by its code."),
    "reject": ("tui.cli.reviewing:reject", "Reject a notice, as counsel: it is not to be used."),
}


@click.group(cls=LazyGroup, elsewhere=_IN_A_CASE, invoke_without_command=True)
@click.option("--case", "--store", "case", type=PLACE, envvar="BREACH_CASE", help="The case. [env: BREACH_CASE]")
@click.option("--user", envvar="BREACH_USER", help="Your user name in the case. [env: BREACH_USER]")
@click.option(
    "--idle-minutes", type=click.FloatRange(min=0.1), default=10.0, show_default=True, help="Lock after this."
)
@click.pass_context
def review(ctx: click.Context, case: Place | None, user: str | None, idle_minutes: float) -> None:
    """Open the program on the queue of notices that wait for counsel, and nothing else.

    `breach review list --json` prints the queue.
    """
    if ctx.invoked_subcommand is None:
        program: Any = importlib.import_module("tui.cli.program")
        sys.exit(program.run(case=case, user=user, samples=None, idle_seconds=idle_minutes * 60, review=True))

"""The command line: `breach` alone opens the program, `breach COMMAND` does one thing and ends.

Exit codes: 0 done; 1 refused, or a negative finding; 2 bad input. Errors are one line on standard error.
Each command is a module of its own, imported only when it is called: `breach --help` loads nothing else.
"""

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.cli.lazy import LazyGroup
from tui.cli.place import PLACE

if TYPE_CHECKING:
    from incident.stores.naming import Place

COMMANDS: dict[str, tuple[str, str]] = {
    "deadlines": ("tui.cli.deadlines:deadlines", "Deadlines of a facts file; needs no case."),
    "law": ("tui.cli.law:law", "The rules this program holds, with citations and dates."),
    "case": ("tui.cli.case:case", "Make a case file; its organization, people, checkpoint."),
    "access": ("tui.cli.access:access", "Who may open a case: users, second factor, recovery, keys."),
    "incident": ("tui.cli.incident:incident", "List, open and work on the incidents of a case."),
    "small-case": ("tui.cli.small:small_case", "A small case from fact to decision in one command."),
    "small-case-sentences": ("tui.cli.small:sentences", "What each rating of a small case says, word for word."),
    "board": ("tui.cli.board:board", "The deadline board of an incident."),
    "brief": ("tui.cli.brief:brief", "The situation of an incident on one page."),
    "calendar": ("tui.cli.brief:calendar", "The deadlines of an incident as a calendar file with alarms."),
    "log": ("tui.cli.board:log", "The log of an incident."),
    "roster": ("tui.cli.roster:roster", "Import and show the people affected."),
    "notice": ("tui.cli.notice:notice", "Check, draft, approve and render notices."),
    "delivery": ("tui.cli.delivery:delivery", "Batches and proof of mailing, mailing again, postings, each person."),
    "templates": ("tui.cli.templates:templates", "Letterhead, signature, style and sections of your own."),
    "calls": ("tui.cli.calls:calls", "The telephone log of an incident, its words sealed."),
    "handover": ("tui.cli.handover:handover", "What is new, due and waiting; give a shift, take it."),
    "review": ("tui.cli.review:review", "Counsel's queue: review, redline, files for counsel, reported approval."),
    "accounting": ("tui.cli.accounting:accounting", "Accounting of disclosures, by person."),
    "filing": ("tui.cli.filing:filing", "Prepare, type off and record reports to regulators."),
    "advice": ("tui.cli.advice:advice", "Counsel's advice, sealed, and the privilege log."),
    "exercise": ("tui.cli.exercise:exercise", "Play a past incident on a case and a clock of its own."),
    "verify": ("tui.cli.verify:verify", "Check that a case is whole, and the one that a checkpoint was taken of."),
    "checkpoint": ("tui.cli.checkpoint:checkpoint", "A signed checkpoint of the log, to keep outside."),
    "evidence": ("tui.cli.evidence:evidence", "Evidence packs, and the burden-of-proof file."),
    "export-evidence": ("tui.cli.evidence:export", "The evidence pack of an incident, with its verifier."),
    "backup": ("tui.cli.backup:backup", "Copy a case into one file while people work."),
    "restore": ("tui.cli.backup:restore", "Put a backup back into a folder."),
    "migrate": ("tui.cli.migrate:migrate", "Move a case between a folder and a PostgreSQL server."),
    "demo": ("tui.cli.demo:demo", "Run both sample incidents from discovery to letters and filings."),
}
"""Command -> where it is, and its line in the help."""


@click.group(
    cls=LazyGroup,
    elsewhere=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--case", "--store", "case", type=PLACE, help="Open this case: a folder, or postgresql+psycopg://….")
@click.option("--user", help="Your user name in the case.")
@click.option(
    "--samples", type=click.Path(path_type=Path), help="Offer the sample cases, made in this folder at first use."
)
@click.option(
    "--idle-minutes", type=click.FloatRange(min=0.1), default=10.0, show_default=True, help="Lock after this."
)
@click.version_option(package_name="breach-response-toolkit")
@click.pass_context
def main(ctx: click.Context, case: "Place | None", user: str | None, samples: Path | None, idle_minutes: float) -> None:
    """Breach incident response and notification. Without a command, the program opens."""
    if ctx.invoked_subcommand is None:
        program: Any = importlib.import_module("tui.cli.program")
        sys.exit(program.run(case=case, user=user, samples=samples, idle_seconds=idle_minutes * 60))

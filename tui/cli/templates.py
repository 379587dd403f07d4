"""`breach templates`: letterhead, signature, style and sections of the organization's own."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec

from incident.own_templates import OwnTemplates
from jurisdictions.rulebook import load_rulebook
from notices.house.intake import Intake, check_folder, take_in
from tui import templates as words
from tui.cli.common import REFUSED, case_options, json_option, print_json, print_receipt, reads, refusals
from tui.compose import Workspace
from tui.session import Session


@click.group()
def templates() -> None:
    """Letterhead, signature, style and sections of your own; docs/own-templates.md tells how to make them."""


_FOLDER = click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))


@templates.command()
@_FOLDER
@json_option
@refusals
def check(*, folder: Path, as_json: bool) -> None:
    """Check FOLDER and write letters with it on trial; needs no case. Exit 1: something is wrong with it."""
    intake = check_folder(folder, load_rulebook())
    if as_json:
        print_json({"ok": intake.house is not None, "faults": intake.faults, "files": _files(intake)})
    else:
        for line in words.check_lines(intake):
            click.echo(str(line))
    if intake.house is None:
        sys.exit(REFUSED)


@templates.command(name="take-in")
@_FOLDER
@json_option
@case_options
def take_in_folder(workspace: Workspace, *, folder: Path, as_json: bool) -> None:
    """Check FOLDER and keep it in the case: letters are written with it from now on, and approvals of them are void."""
    del as_json
    service = workspace.service
    service.require("case.own_templates_taken_in")
    intake = check_folder(folder, service.queries.rulebook)
    receipt = take_in(service, intake)
    print_receipt(workspace, receipt, files=_files(intake))


@templates.command(name="list")
@json_option
@reads
def list_(session: Session, *, as_json: bool) -> None:
    """The templates in force with their files, and those before."""
    sets = session.own_templates
    if as_json:
        print_json([_set(own) for own in sets])
        return
    if not sets:
        click.echo(words.EMPTY[0])
    for line in words.history_lines(sets, session.zone()):
        click.echo(str(line))
    if sets and sets[-1].removed_at is None:
        for name, sha256, size in sets[-1].files:
            click.echo(f"{name}: {words.part_words(name)}, {size:,} bytes, SHA-256 {sha256}")


@templates.command()
@click.option("--reason", required=True, help="Why letters are written without them again.")
@json_option
@case_options
def remove(workspace: Workspace, *, reason: str, as_json: bool) -> None:
    """Go back to the shipped templates; what was taken in stays in the record."""
    del as_json
    print_receipt(workspace, workspace.service.templates.remove(reason))


def _files(intake: Intake) -> list[dict[str, object]]:
    return [{"name": name, "size": len(content)} for name, content in intake.files.items()]


def _set(own: OwnTemplates) -> dict[str, object]:
    found: dict[str, object] = msgspec.to_builtins(own)
    found["files"] = [{"name": name, "sha256": sha256, "size": size} for name, sha256, size in own.files]
    return found

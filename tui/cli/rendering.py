"""`breach notice render` and `drop`: the files of an approved notice, and what a rendering that was stopped leaves."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from uuid import UUID

import click

from incident.notice import LETTERS
from notices.engines import DEFAULT, NAMES
from notices.manifest import kept_files
from notices.production import ProductionProgress
from tui import documents
from tui.cli.common import case_options, json_option, print_json
from tui.cli.documents import _notice, _print_notice
from tui.compose import Workspace

_EVERY = 0.25
"""Seconds between two reports of how far a rendering is."""


@click.command()
@click.argument("notice")
@click.option("--engine", type=click.Choice(NAMES), default=DEFAULT, show_default=True)
@click.option("--anew", is_flag=True, help="Begin from the start, where a rendering was stopped or broke off.")
@json_option
@case_options
def render(workspace: Workspace, *, notice: str, engine: str, anew: bool, as_json: bool) -> None:
    """Render an approved NOTICE; the files stay encrypted in the case, their hashes go to the log.

    One that was stopped, or broke off, goes on from where it was: finished letters are not made again, and the files
    are the same byte for byte. `notice drop` forgets it and takes its files away.
    """
    notice_id = _notice(workspace, notice)
    manifest, receipt = workspace.documents.render(
        notice_id, engine, anew=anew, progress=_reporter(workspace, notice_id)
    )
    if not as_json:
        for line in documents.manifest_lines(manifest)[:-2]:  # what follows names keys of the screen
            if str(line):
                click.echo(str(line))
        if manifest.kind in LETTERS:
            click.echo("Next: `notice sample` shows letters drawn by chance; before they are signed none may leave.")
    files = [
        {"name": name, "sha256": sha256, "size": size}
        for name, sha256, size in kept_files(manifest, workspace.service.blobs.get)
    ]
    _print_notice(
        workspace, notice_id, receipt, rows=manifest.rows, documents=manifest.documents, engine=manifest.engine,
        excluded=manifest.rows - manifest.documents, files=files,
    )  # fmt: skip


def _reporter(workspace: Workspace, notice_id: UUID) -> Callable[[ProductionProgress], None] | None:
    """How far it is, on standard error where somebody watches."""
    if not sys.stderr.isatty():
        return None
    incident_id = workspace.service.queries.notice(notice_id).incident
    people = sum(row.accepted for row in workspace.service.queries.rosters(incident_id))
    began = time.monotonic()
    told = began

    def report(reached: ProductionProgress) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= _EVERY or reached.rows >= people:
            told = now
            part, words = documents.rendering_progress(reached, people, now - began)
            click.echo(f"\r{part:4.0%} {words[0]:<60}", nl=reached.rows >= people, err=True)

    return report


@click.command("drop")
@click.argument("notice")
@json_option
@case_options
def drop_rendering(workspace: Workspace, *, notice: str, as_json: bool) -> None:
    """Forget a rendering of NOTICE that was stopped or broke off, and take its files away. Nothing is recorded.

    What was rendered and recorded before stays.
    """
    notice_id = _notice(workspace, notice)
    left = workspace.documents.drop_unfinished(notice_id)
    if as_json:
        print_json({"id": str(notice_id), "files_taken_away": left})
    else:
        click.echo(f"{left:,} files of the rendering that was not finished were taken away.")

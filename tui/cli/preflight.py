"""`breach notice preflight NOTICE`: what printing would make, and the letters that a person should look at first."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec

from tui import flight
from tui.cli.common import case_options, json_option, print_json
from tui.cli.documents import _notice
from tui.compose import Workspace
from tui.sheets import save_sheet


@click.command("preflight")
@click.argument("notice")
@click.option("--sheet", type=click.Path(path_type=Path), metavar="FILE.pdf", help="Write what stands out to one PDF.")
@json_option
@case_options
def preflight_notice(workspace: Workspace, *, notice: str, sheet: Path | None, as_json: bool) -> None:
    """What printing the letters of NOTICE would make now: rows = letters + exclusions, each with its reason.

    Below it the letters that stand out: the longest names and addresses, minors, next of kin, representatives,
    confidential and foreign addresses, names by script, address blocks that fill the window, extra pages.
    Nothing is printed for release and nothing recorded, but for the log line where --sheet writes names to a file.
    """
    notice_id = _notice(workspace, notice)

    def progress(rows: int) -> None:
        if rows % 1000 == 0:
            click.echo(f"\r{rows:,} rows", nl=False, err=True)

    found = workspace.documents.preflight(notice_id, progress=progress if sys.stderr.isatty() else None)
    position = None
    if sheet is not None:
        pdf = workspace.documents.outlier_sheet(notice_id, found.sheet)
        incident_id, what = (
            workspace.service.queries.notice(notice_id).incident,
            f"Preflight of {len(found.sheet)} letters",
        )
        position = save_sheet(workspace.service, incident_id, sheet, pdf, what).position
    if as_json:
        print_json(
            {
                "rows": found.rows,
                "letters": found.letters,
                "excluded": found.excluded,
                "left_out": [
                    {"reason": left.reason, "count": left.count, "rows": [
                        {"code": code, "why": why or left.reason} for code, why in left.rows
                    ]}
                    for left in found.left_out
                ],
                "texts": found.variants,
                "languages": found.languages,
                "states": found.states,
                "paper": found.paper,
                "outliers": [
                    {"kind": group.kind, "title": group.title, "count": group.count, "letters": [
                        {"code": each.code, "variant": each.letter.variant.key, "why": each.why,
                         "name": msgspec.to_builtins(each.letter.recipient.name_lines)}
                        for each in group.members
                    ]}
                    for group in found.outliers
                ],
                "sheet": [each.code for each in found.sheet],
                "position": position,
            }
        )  # fmt: skip
        return
    for line in flight.lines(found):
        click.echo(line)

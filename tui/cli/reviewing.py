"""`breach review …` on a case: the queue as data, and what a reviewer does with a notice."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click
import msgspec

from incident.errors import InvalidInput
from incident.review import CHANNELS
from notices.comparison import same_changes, take_same
from tui import documents, margin
from tui import review as words
from tui.cli.common import (
    case_options,
    json_option,
    plain_option,
    print_json,
    print_receipt,
    print_rows,
    reads,
)
from tui.cli.documents import named_row
from tui.compose import Workspace
from tui.entry import read_moment
from tui.reviewing import notice_view, send_to_counsel, uses
from tui.screens.review import waiting
from tui.screens.review_redline import APPROVED, DEFAULT, compared
from tui.session import Session


@click.command("list")
@json_option
@plain_option
@reads
def list_queue(session: Session, *, as_json: bool, plain: bool) -> None:
    """The notices of all incidents that wait for counsel, with the day to plan by."""
    found = waiting(session.queries, session.now())
    if as_json:
        print_json(
            {
                "queue": [
                    msgspec.to_builtins(each.notice)
                    | {
                        "reference": each.incident.reference,
                        "since": each.since,
                        "due": [{"id": duty.id, "safest": duty.safest, "due": duty.due} for duty in each.duties],
                    }
                    for each in found
                ]
            }
        )
        return
    cells = [
        [str(each.notice.id)[:8]]
        + [
            cell.plain
            for cell in words.queue_cells(
                each.notice, each.incident.reference, each.duties, each.since, session.zone(each.incident.id)
            )
        ]
        for each in found
    ]
    print_rows(["ID", "INCIDENT", "NOTICE", "DUE", "DRAFTED BY", "SINCE"], cells, plain=plain)


@click.command()
@click.argument("notice")
@click.option("--variant", metavar="NAME", help="Only this text, such as ca.adult.en.")
@json_option
@reads
def show(session: Session, *, notice: str, variant: str | None, as_json: bool) -> None:
    """Where NOTICE stands, what each rule wants of it and the sentence that meets it, and what voids its approval."""
    row = named_row(session.queries.notices(), notice, "notice")
    view = notice_view(session, row.incident, row.id)
    if view.look is None:
        raise InvalidInput(view.fault)
    chosen = [each for each in view.look.documents if variant in (None, each.document.name)]
    if not chosen:
        raise InvalidInput(f"--variant: there are {', '.join(each.document.name for each in view.look.documents)}")
    if as_json:
        print_json(
            {
                "id": str(row.id),
                "status": view.state.status,
                "content_sha256": view.look.content_sha256,
                "approved_by": view.state.approved_by,
                "reported_by": view.state.reported_by,
                "duties": [{"id": duty.id, "safest": duty.safest, "due": duty.due} for duty in view.duties],
                "problems": view.look.problems,
                "void": None if view.voided is None else msgspec.to_builtins(view.voided),
                "same_words_in": view.same,
                "texts": {
                    each.document.name: [
                        {
                            "element": target.name,
                            "citation": target.citation,
                            "state": target.state,
                            "sentence": each.document.text[slice(*target.where)] if target.where else None,
                            "why": target.why,
                        }
                        for target in margin.targets(each)
                    ]
                    for each in chosen
                },
            }
        )
        return
    for line in (words.standing_line(view), words.approval_line(view), words.rule_line(view.look)):
        click.echo(line.plain)
    if view.voided is not None:
        click.echo("\n".join(str(line) for line in words.void_lines(view.voided, view.state, view.people)))
    for each in chosen:
        click.echo(f"\n{margin.variant_words(each, 1, 1).plain}")
        if variant is not None or len(chosen) == 1:
            for line in words.demand_lines(each.document.text, margin.targets(each)):
                click.echo(line.plain)


@click.command()
@click.argument("notice")
@json_option
@plain_option
@reads
def facts(session: Session, *, notice: str, as_json: bool, plain: bool) -> None:
    """The facts that NOTICE rests on, each with its event number; an approval covers all that are listed."""
    row = named_row(session.queries.notices(), notice, "notice")
    known, found = session.queries.facts(row.incident), uses(session, row.incident, row.id)
    if as_json:
        print_json(
            {"facts": [msgspec.to_builtins(known[path]) | {"use": str(use)} for path, use in sorted(found.items())]}
        )
        return
    cells = [[cell.plain for cell in words.use_cells(known[path], use)] for path, use in sorted(found.items())]
    print_rows(["EVENT", "FACT", "VALUE", "NOTICE", "SOURCE"], cells, plain=plain)


@click.command()
@click.argument("notice")
@click.option(
    "--against", metavar="approved|default|N", help="Default: the text last approved, or else the default text."
)
@click.option("--variant", metavar="NAME", help="Only this text.")
@json_option
@reads
def redline(session: Session, *, notice: str, against: str | None, variant: str | None, as_json: bool) -> None:
    """What changed in NOTICE: [+came+] and [-went-], against the text last approved, the default text, or event N."""
    row = named_row(session.queries.notices(), notice, "notice")
    what: str | int | None = against
    if against is not None and against not in {APPROVED, DEFAULT}:
        if not against.lstrip("#").isdigit():
            raise InvalidInput(f"--against: {against!r}: write approved, default, or an event number")
        what = int(against.lstrip("#"))
    found = compared(session, row.incident, row.id, what)
    pairs = [pair for pair in found.pairs if variant in (None, pair.name)]
    if not pairs:
        raise InvalidInput(f"--variant: there are {', '.join(pair.name for pair in found.pairs)}")
    told = {pair.name: words.redline(pair) for pair in pairs}
    if as_json:
        changes = {
            name: [
                {"act": target.state, "text": text[slice(*target.where)][2:-2]} for target in targets if target.where
            ]
            for name, (text, targets) in told.items()
        }
        print_json({"against": found.against, "position": found.position, "changes": changes})
        return
    click.echo(f"Against {found.against}:")
    for name, (text, targets) in told.items():
        click.echo(f"{name}: {len(targets)} change{'' if len(targets) == 1 else 's'}")
        if variant is not None or len(told) == 1:
            click.echo(text)


@click.command()
@click.argument("notice")
@click.option("--to", "folder", type=click.Path(path_type=Path), required=True, help="A new folder.")
@click.option("--counsel", required=True, metavar="WHO", help="A user, or the name of counsel who is none.")
@json_option
@case_options
def bundle(workspace: Workspace, *, notice: str, folder: Path, counsel: str, as_json: bool) -> None:
    """Write the files for counsel without a terminal: NOTICE as a Word file, its facts, its dates, a cover with a code.

    They leave the encrypted case. Exit codes: 0 done; 1 refused; 2 bad input.
    """
    row = named_row(workspace.service.queries.notices(), notice, "notice")
    written, receipt = send_to_counsel(Session(workspace), row.id, folder, counsel)
    if not as_json:
        click.echo("\n".join(str(path) for path in written))
    print_receipt(workspace, receipt, id=str(row.id), files=[str(path) for path in written])


@click.command()
@click.argument("notice")
@click.option("--code", required=True, help="The code of the cover sheet, as counsel read it out.")
@click.option("--by", "channel", required=True, type=click.Choice([name for name, _ in CHANNELS]), help="How it came.")
@click.option(
    "--at", "at", metavar="WHEN", help="When counsel said so: 16:40, -2d 9:15, 2026-11-20 16:10. Default: now."
)
@json_option
@case_options
def report(workspace: Workspace, *, notice: str, code: str, channel: str, at: str | None, as_json: bool) -> None:
    """Report that counsel approved what the code stands for. It ranks below an approval that counsel records.

    Exit codes: 0 done; 1 refused (the code is of an earlier text); 2 bad input (it is no code of this notice).
    """
    row = named_row(workspace.service.queries.notices(), notice, "notice")
    session = Session(workspace)
    when: datetime | None = read_moment(at, session.now(), session.zone(row.incident)) if at else None
    look = workspace.documents.preview(row.id)
    receipt = workspace.service.reviews.report_approval(
        row.id, look.content_sha256, code=code, channel=channel, problems=look.problems, at=when
    )
    if not as_json:
        state = workspace.service.desk.notice(row.id)
        click.echo(words.approved_words(state))
    print_receipt(workspace, receipt, **_standing(workspace, row.id))


@click.command()
@click.argument("notice")
@click.option("--comment", required=True, help="Why it is not to be used. It goes into the log of facts.")
@json_option
@case_options
def reject(workspace: Workspace, *, notice: str, comment: str, as_json: bool) -> None:
    """Reject NOTICE, as counsel: it is not to be used at all; whoever needs one drafts anew."""
    del as_json
    row = named_row(workspace.service.queries.notices(), notice, "notice")
    receipt = workspace.service.reviews.reject(row.id, comment)
    print_receipt(workspace, receipt, **_standing(workspace, row.id))


@click.command()
@click.argument("notice")
@click.option("--take", is_flag=True, help="Put the changed words there; an approval of the earlier ones is void.")
@json_option
@case_options
def same(workspace: Workspace, *, notice: str, take: bool, as_json: bool) -> None:
    """Other notices of the incident that still have words which NOTICE has changed; with --take, change them too."""
    row = named_row(workspace.service.queries.notices(), notice, "notice")
    found = same_changes(workspace.service, row.id)
    told = {"changes": msgspec.to_builtins(found)}
    if not as_json:
        for change in found:
            click.echo(
                f"{str(change.notice)[:8]} {documents.kind_title(change.kind)} ({change.status}): {change.field}"
            )
    if not take or not found:
        if as_json:
            print_json(told)
        elif not found:
            click.echo("None.")
        return
    print_receipt(workspace, take_same(workspace.documents, workspace.service, found), **told)


def _standing(workspace: Workspace, notice_id: UUID) -> dict[str, Any]:
    row = workspace.service.queries.notice(notice_id)
    return {"id": str(notice_id), "status": row.status, "approved_by": row.approved_by}

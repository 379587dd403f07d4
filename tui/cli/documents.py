"""`breach notice …` on a case: from draft to sent."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import click
import msgspec

from incident.errors import ApprovalVoid, InvalidInput, NotFound
from incident.notice import METHODS
from incident.service import Receipt
from notices.catalog import KINDS, kind_named
from notices.errors import NoticeError
from notices.lint import lint_text
from tui import documents, margin, plain_language
from tui.cli.common import case_options, json_option, plain_option, print_json, print_receipt, print_rows, reads
from tui.compose import Workspace
from tui.session import Session

_HASH_SHOWN = 12


def named_row(rows: Any, text: str, what: str) -> Any:  # noqa: ANN401 - rows of one table
    """The row whose id begins so."""
    found = [row for row in rows if str(row.id).startswith(text.lower())]
    if len(found) != 1:
        raise NotFound(f"{what} {text!r}: {'several begin so' if found else 'there is none'}; give more of its id")
    return found[0]


def _notice(read: Workspace | Session, text: str) -> UUID:
    queries = read.queries if isinstance(read, Session) else read.service.queries
    row_id: UUID = named_row(queries.notices(), text, "notice").id
    return row_id


def _words(path: Path | None, typed: tuple[str, ...]) -> dict[str, str]:
    """Field -> words, from a TOML file and NAME=WORDS on top."""
    found: dict[str, str] = {}
    if path is not None:
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InvalidInput(f"--fields: {path}: {error}") from None
        for name, value in raw.items():
            if isinstance(value, list):
                found[name] = "\n".join(str(each) for each in value)
            elif isinstance(value, bool):
                found[name] = "yes" if value else "no"
            else:
                found[name] = str(value)
    for each in typed:
        name, equals, words = each.partition("=")
        if not equals:
            raise InvalidInput(f"--set: {each!r}: write NAME=WORDS")
        found[name.strip()] = words
    return found


def _field_faults(error: NoticeError) -> InvalidInput:
    """Faults of what was typed are bad input, one line each."""
    return InvalidInput(*error.faults)


_fields_option = click.option(
    "--fields", "fields_file", type=click.Path(path_type=Path), help="A TOML file with the words by field name."
)
_set_option = click.option("--set", "typed", multiple=True, metavar="NAME=WORDS", help="One field; may be repeated.")


# --- Notices


@click.command("list")
@click.argument("reference")
@json_option
@plain_option
@reads
def list_notices(session: Session, *, reference: str, **flags: bool) -> None:
    """The notices of the incident REFERENCE."""
    queries = session.queries
    incident_id = queries.incident_by_reference(reference).id
    found = queries.notices(incident_id)
    void = session.service.reviews.voided(incident_id) if session.viewpoint is None else {}
    if flags["as_json"]:
        print_json({"notices": [msgspec.to_builtins(row) | {"void": void.get(row.id, ())} for row in found]})
        return
    cells = [
        [str(row.id)[:8], *(cell.plain for cell in documents.notice_cells(row, void=row.id in void))] for row in found
    ]
    headings = ["ID", "NOTICE", "STATUS", "SERVES", "APPROVED", "DOCS", "SENT"]
    print_rows(headings, cells, plain=flags["plain"])


@click.command()
@json_option
@plain_option
@reads
def queue(session: Session, **flags: bool) -> None:
    """The notices of all incidents that wait for counsel."""
    queries = session.queries
    found = [row for row in queries.notices() if row.status == "in review"]
    if flags["as_json"]:
        print_json({"notices": msgspec.to_builtins(found)})
        return
    references = {row.id: row.reference for row in queries.incidents()}
    cells = [
        [
            str(row.id)[:8],
            references[row.incident],
            documents.kind_title(row.kind),
            documents.serves(row.obligations),
            row.drafted_by,
        ]
        for row in found
    ]
    print_rows(["ID", "INCIDENT", "NOTICE", "SERVES", "DRAFTED BY"], cells, plain=flags["plain"])


@click.command()
@click.argument("reference")
@click.argument("kind", type=click.Choice(list(KINDS)), required=False)
@json_option
@plain_option
@reads
def form(session: Session, *, reference: str, kind: str | None, **flags: bool) -> None:
    """The fields of KIND with the words they start with; without KIND, the kinds with the duties they serve."""
    incident_id = session.queries.incident_by_reference(reference).id
    desk = session.documents
    if kind is None:
        offered = desk.suggestions(incident_id)
        if flags["as_json"]:
            print_json({"kinds": [{"kind": each.kind.name, "obligations": each.obligations} for each in offered]})
        else:
            cells = [[each.kind.name, each.kind.title, documents.serves(each.obligations)] for each in offered]
            print_rows(["KIND", "NOTICE", "SERVES"], cells, plain=flags["plain"])
        return
    start = desk.defaults(incident_id, kind)
    fields = [msgspec.to_builtins(field) | {"value": start.get(field.name, "")} for field in kind_named(kind).fields]
    if flags["as_json"]:
        print_json({"kind": kind, "fields": fields})
    else:
        cells = [[each["name"] + ("*" if each["required"] else ""), each["type"], each["value"]] for each in fields]
        one_line = [[" ".join(cell.split()) for cell in row] for row in cells]
        print_rows(["FIELD", "TYPE", "VALUE"], one_line, plain=flags["plain"])


@click.command()
@click.argument("reference")
@click.argument("kind", type=click.Choice(list(KINDS)))
@_fields_option
@_set_option
@json_option
@case_options
def draft(
    workspace: Workspace, *, reference: str, kind: str, fields_file: Path | None, typed: tuple[str, ...], as_json: bool
) -> None:
    """Draft a notice of KIND; fields that are not given start with the words of the record."""
    del as_json
    incident_id = workspace.service.queries.incident_by_reference(reference).id
    desk = workspace.documents
    words = desk.defaults(incident_id, kind) | _words(fields_file, typed)
    try:
        notice_id, receipt = desk.draft(incident_id, kind, words)
    except NoticeError as error:
        raise _field_faults(error) from None
    _print_notice(workspace, notice_id, receipt)


@click.command()
@click.argument("notice")
@_fields_option
@_set_option
@json_option
@case_options
def revise(
    workspace: Workspace, *, notice: str, fields_file: Path | None, typed: tuple[str, ...], as_json: bool
) -> None:
    """Change the words of NOTICE (an id, or its beginning); fields that are not given stay."""
    del as_json
    notice_id = _notice(workspace, notice)
    words = dict(workspace.service.desk.notice(notice_id).fields) | _words(fields_file, typed)
    try:
        receipt = workspace.documents.revise(notice_id, {name: text for name, text in words.items() if text})
    except NoticeError as error:
        raise _field_faults(error) from None
    _print_notice(workspace, notice_id, receipt)


@click.command()
@click.argument("notice")
@click.option("--variant", metavar="NAME", help="Print the whole of this text, such as ca.adult.en.")
@json_option
@reads
def preview(session: Session, *, notice: str, variant: str | None, as_json: bool) -> None:
    """NOTICE as it would leave now, or would have then: its texts, the required elements in each, what bars it."""
    notice_id = _notice(session, notice)
    desk = session.documents
    look = desk.preview(notice_id)
    void = desk.approval_problems(notice_id) if session.viewpoint is None else ()
    chosen = [each for each in look.documents if variant in (None, each.document.name)]
    if not chosen:
        raise NotFound(f"--variant: there are {', '.join(each.document.name for each in look.documents)}")
    if as_json:
        print_json(
            {
                "kind": look.kind.name,
                "content_sha256": look.content_sha256,
                "problems": look.problems,
                "cautions": look.cautions,
                "approval_problems": void,
                "fields": look.fields,
                "documents": [
                    {
                        "name": each.document.name,
                        "title": each.document.title,
                        "text": each.document.text,
                        "problems": each.problems,
                        "report": each.report.to_json() if each.report is not None else None,
                        "lint": lint_text(each.document.text, each.document.language).to_json()
                        if each.document.to_people
                        else None,
                    }
                    for each in chosen
                ],
            }
        )
        return
    for number, each in enumerate(chosen, start=1):
        click.echo(margin.variant_words(each, number, len(chosen)).plain)
        if variant is not None:
            click.echo(each.document.text)
        for target in margin.targets(each):
            if variant is not None or target.state in margin.AMISS:
                citation = f" ({target.citation})" if target.citation else ""
                click.echo(f"  {margin.MARKS[target.state]} {target.state:<9} {target.name}{citation}")
        if variant is not None and each.document.to_people:
            click.echo(plain_language.lint_line(lint_text(each.document.text, each.document.language)))
    click.echo(f"Hash of what would be approved: {look.content_sha256}")
    for line in (*look.problems, *void):
        click.echo(f"✗ {line}")
    for line in look.cautions:
        click.echo(f"! {line}")


@click.command()
@click.argument("notice")
@json_option
@case_options
def submit(workspace: Workspace, *, notice: str, as_json: bool) -> None:
    """Hand NOTICE to counsel."""
    del as_json
    notice_id = _notice(workspace, notice)
    try:
        shown = workspace.documents.preview(notice_id).content_sha256
    except NoticeError:
        shown = None  # what cannot be written has no approval either
    _print_notice(workspace, notice_id, workspace.service.notices.submit(notice_id, shown))


@click.command()
@click.argument("notice")
@click.option("--hash", "shown", required=True, help=f"The hash that `preview` showed; {_HASH_SHOWN} digits or more.")
@json_option
@case_options
def approve(workspace: Workspace, *, notice: str, shown: str, as_json: bool) -> None:
    """Approve exactly the text with that hash, as counsel who did not draft it."""
    del as_json
    notice_id = _notice(workspace, notice)
    if len(shown) < _HASH_SHOWN:
        raise InvalidInput(f"--hash: give at least {_HASH_SHOWN} digits of the hash that you read")
    look = workspace.documents.preview(notice_id)
    if not look.content_sha256.startswith(shown.lower()):
        raise ApprovalVoid(f"the text has another hash now ({documents.short(look.content_sha256)}…); read it again")
    receipt = workspace.service.notices.approve(notice_id, look.content_sha256, look.problems)
    _print_notice(workspace, notice_id, receipt)


@click.command()
@click.argument("notice")
@click.option("--comment", required=True, help="What has to change. It goes into the log of facts.")
@json_option
@case_options
def request_changes(workspace: Workspace, *, notice: str, comment: str, as_json: bool) -> None:
    """Send NOTICE back to its drafter, as counsel."""
    del as_json
    notice_id = _notice(workspace, notice)
    _print_notice(workspace, notice_id, workspace.service.notices.request_changes(notice_id, comment))


@click.command()
@click.argument("notice")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@json_option
@case_options
def export(workspace: Workspace, *, notice: str, folder: Path, as_json: bool) -> None:
    """Write the PDFs of NOTICE to FOLDER. They name people, and leave the encrypted case: protect and delete them."""
    notice_id = _notice(workspace, notice)
    written = workspace.documents.export(notice_id, folder)
    row = workspace.service.queries.notice(notice_id)
    words = f"Exported {len(written)} files of {documents.kind_title(row.kind)} to {folder.absolute()}"
    receipt = workspace.service.incidents.log_action(row.incident, words)
    if not as_json:
        click.echo(words)
    _print_notice(workspace, notice_id, receipt, files=[str(path) for path in written])


@click.command()
@click.argument("notice")
@click.option("--on", required=True, metavar="YYYY-MM-DD", help="The day on which it went out.")
@click.option("--method", required=True, type=click.Choice([name for name, _ in METHODS]))
@json_option
@case_options
def send(workspace: Workspace, *, notice: str, on: str, method: str, as_json: bool) -> None:
    """Record that the rendered documents of NOTICE went out; the duties it serves are met on that day."""
    del as_json
    notice_id = _notice(workspace, notice)
    today = today_of(workspace, workspace.service.queries.notice(notice_id).incident)
    receipt = workspace.documents.record_dispatch(notice_id, day_given(on, today), method)
    _print_notice(workspace, notice_id, receipt)


@click.command()
@click.argument("notice")
@click.option("--reason", required=True)
@json_option
@case_options
def withdraw(workspace: Workspace, *, notice: str, reason: str, as_json: bool) -> None:
    """Take NOTICE out of use before it was sent."""
    del as_json
    notice_id = _notice(workspace, notice)
    _print_notice(workspace, notice_id, workspace.service.notices.withdraw(notice_id, reason))


def _print_notice(workspace: Workspace, notice_id: UUID, receipt: Receipt, **more: Any) -> None:  # noqa: ANN401
    row = workspace.service.queries.notice(notice_id)
    if not click.get_current_context().params["as_json"]:
        click.echo(f"{str(row.id)[:8]} {documents.kind_title(row.kind)}: {row.status}")
    print_receipt(workspace, receipt, id=str(notice_id), status=row.status, **more)


def today_of(workspace: Workspace, incident_id: UUID) -> date:
    """The civil date now, where the incident keeps its time."""
    session = Session(workspace)
    return session.now().astimezone(session.zone(incident_id)).date()


def day_given(text: str, today: date) -> date:
    """A day that has come, typed for `--on`."""
    try:
        return documents.past_day(text, today)
    except InvalidInput as refusal:
        raise InvalidInput(f"--on: {refusal}") from None

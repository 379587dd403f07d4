"""`breach delivery`: batches, letters mailed again, substitute notices, and how each person stands."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click
import msgspec

from incident.commands.delivery import posting_id_of
from incident.delivery import CERTIFICATES, proves, read_runs
from incident.errors import InvalidInput, NotFound
from incident.notice import METHODS
from incident.posting import FORMS, LAWS
from incident.service import Receipt
from incident.views.delivery import delivery_lines, delivery_of
from notices.engines import DEFAULT, NAMES
from notices.remail import print_anew, write_out
from notices.standing import STATUSES, tally
from tui import deliveries
from tui.cli.common import case_options, json_option, plain_option, print_json, print_receipt, print_rows, reads
from tui.cli.documents import day_given, named_row, today_of
from tui.compose import Workspace
from tui.session import Session
from tui.standing import people_of

if TYPE_CHECKING:
    from collections.abc import Callable

_METHODS = click.Choice([name for name, _ in METHODS])
_SCAN = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def delivery() -> None:
    """What went out, what proves it, what came back, and what has to stay posted."""


def _sending(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--proof", type=_SCAN, help="A scan of what the carrier gave; it is kept, encrypted."),
        click.option(
            "--certificate", type=click.Choice(list(CERTIFICATES)), help="`certificates` says what each proves."
        ),
        click.option("--carrier", default="", help="Who took it."),
        click.option("--method", required=True, type=_METHODS),
        click.option("--on", required=True, metavar="YYYY-MM-DD", help="The day on which it went out."),
    ):
        command = option(command)
    return command


@delivery.command("list")
@click.argument("reference")
@json_option
@reads
def list_delivery(session: Session, *, reference: str, as_json: bool) -> None:
    """Notices with their batches, and postings with the day until which they have to stay."""
    incident = session.queries.incident_by_reference(reference)
    found = delivery_of(session.queries, incident.id)
    today = session.now().astimezone(session.zone(incident.id)).date()
    if as_json:
        told = msgspec.to_builtins(found)
        for notice in told["notices"]:
            for batch in notice["batches"]:
                batch["proves"] = proves(batch["certificate"])
        for watch, row in zip(found.watches, told["watches"], strict=True):
            row |= {"state": watch.state(today), "early": watch.early}
        print_json(told | {"lines": delivery_lines(found, today)})
        return
    for each in found.notices:
        click.echo(f"{str(each.notice.id)[:8]} {each.notice.kind.replace('_', ' ')}")
        for line in deliveries.notice_lines(each):
            click.echo(f"  {line}")
        for batch in each.batches:
            click.echo(f"  {deliveries.batch_words(batch)}\n      {deliveries.proof_words(batch)}")
    for posting in found.postings:
        watches = [watch for watch in found.watches if watch.posting == posting.id]
        first, *more = deliveries.posting_lines(posting, watches, today)
        click.echo(f"{str(posting.id)[:8]} {first}")
        for each_line in more:
            click.echo(f"  {each_line}")
    for line in found.warnings:
        click.echo(f"! {line}")


@delivery.command()
@json_option
def certificates(*, as_json: bool) -> None:
    """What each kind of certificate proves: a count only, or each address."""
    if as_json:
        print_json(
            {
                "certificates": [
                    {"name": name, "words": each.words, "proves": each.proves, "verified": each.verified}
                    | {"names_addressees": each.names_addressees}
                    for name, each in CERTIFICATES.items()
                ]
            }
        )
        return
    for name, each in CERTIFICATES.items():
        click.echo(f"{name:<15} {each.words}\n{'':<15} proves {proves(name)}")


@delivery.command()
@click.argument("notice")
@_sending
@click.option("--count", type=int, help="How many documents were in the batch; without it all that had not gone out.")
@click.option("--letters", metavar="1-500,507", help="Which ones, by their place in the manifest.")
@click.option("--file", "files", multiple=True, metavar="NAME", help="Which rendered files; may be repeated.")
@json_option
@case_options
def batch(
    workspace: Workspace,
    *,
    notice: str,
    on: str,
    method: str,
    carrier: str,
    certificate: str | None,
    proof: Path | None,
    count: int | None,
    letters: str | None,
    files: tuple[str, ...],
    as_json: bool,
) -> None:
    """Record that a batch of the rendered documents of NOTICE went out. The last one fulfils the duty."""
    del as_json
    notice_id = notice_of(workspace, notice)
    given = deliveries.read_batch({"carrier": carrier, "certificate": certificate or ""})
    if letters:
        given = msgspec.structs.replace(given, letters=read_runs(letters))
    if files:
        if letters:
            raise InvalidInput("--file: give files or --letters, not both")
        given = msgspec.structs.replace(given, letters=runs_of_files(workspace, notice_id, files))
    receipt = workspace.documents.record_dispatch(
        notice_id,
        _on(workspace, notice_id, on),
        method,
        batch=msgspec.structs.replace(given, count=count),
        proof=_scan(proof),
    )
    _print_notice(workspace, notice_id, receipt)


@delivery.command()
@click.argument("reference")
@click.option("--status", type=click.Choice(list(STATUSES)), help="Only these.")
@json_option
@plain_option
@reads
def people(session: Session, *, reference: str, status: str | None, as_json: bool, plain: bool) -> None:
    """How each person of the incident REFERENCE stands, by the reference on their letter; no names."""
    incident = session.queries.incident_by_reference(reference)
    everybody = people_of(session, incident.id)
    shown = [each for each in everybody if status in {None, each.status}]
    if as_json:
        print_json({"tally": tally(everybody), "people": shown})
        return
    cells = [[each.code, each.status, each.on.isoformat() if each.on else "", each.words] for each in shown]
    print_rows(["CODE", "STATUS", "ON", "WHAT THE LOG SAYS"], cells, plain=plain)
    for line in deliveries.standing_lines(everybody):
        click.echo(line, err=True)


@delivery.command("again")
@click.argument("notice")
@click.option("--engine", type=click.Choice(NAMES), default=DEFAULT, show_default=True)
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), help="Write the PDFs there as well.")
@json_option
@case_options
def print_again(workspace: Workspace, *, notice: str, engine: str, folder: Path | None, as_json: bool) -> None:
    """Print the letters of NOTICE anew for whoever has a newer address since their letter came back."""
    notice_id = notice_of(workspace, notice)
    manifest, receipt = print_anew(workspace.service, workspace.documents, notice_id, engine)
    written = write_out(workspace.service, notice_id, folder) if folder is not None else ()
    if written:
        words = f"Wrote {len(written)} files of letters printed anew to {folder.absolute() if folder else ''}"
        receipt = workspace.service.incidents.log_action(workspace.service.queries.notice(notice_id).incident, words)
    if not as_json:
        click.echo(
            f"{manifest.documents:,} letters printed anew. Record with `delivery again-sent` when they went out."
        )
    _print_notice(workspace, notice_id, receipt, documents=manifest.documents, files=[str(path) for path in written])


@delivery.command("again-sent")
@click.argument("notice")
@_sending
@json_option
@case_options
def again_sent(
    workspace: Workspace,
    *,
    notice: str,
    on: str,
    method: str,
    carrier: str,
    certificate: str | None,
    proof: Path | None,
    as_json: bool,
) -> None:
    """Record that the letters of NOTICE that were printed anew went out; each person follows by itself."""
    del as_json
    notice_id = notice_of(workspace, notice)
    given = deliveries.read_batch({"carrier": carrier, "certificate": certificate or ""})
    content = workspace.documents.preview(notice_id).content_sha256
    receipt = workspace.service.delivery.record_remail(
        notice_id, content, _on(workspace, notice_id, on), method, batch=given, proof=_scan(proof)
    )
    _print_notice(workspace, notice_id, receipt)


@delivery.command()
@click.argument("reference")
@click.option("--form", type=click.Choice(list(FORMS)), default="web", show_default=True)
@click.option("--place", required=True, help="The address of the page, or the outlets.")
@click.option("--on", required=True, metavar="YYYY-MM-DD", help="Since when it stands, or the day it ran.")
@click.option("--law", "laws", multiple=True, type=click.Choice(list(LAWS)), required=True, help="May be repeated.")
@click.option("--phone", default="", help="The toll-free number that answers.")
@click.option("--phone-on", metavar="YYYY-MM-DD", help="Since when it answers; without it, since --on.")
@click.option("--notice", "notice_text", metavar="NOTICE", help="The notice that was posted.")
@click.option("--proof", type=_SCAN, help="A picture of the page or the page of the paper.")
@json_option
@case_options
def post(
    workspace: Workspace,
    *,
    reference: str,
    form: str,
    place: str,
    on: str,
    laws: tuple[str, ...],
    phone: str,
    phone_on: str | None,
    notice_text: str | None,
    proof: Path | None,
    as_json: bool,
) -> None:
    """Record that a substitute notice stands posted, and until when it has to."""
    incident = workspace.service.queries.incident_by_reference(reference)
    today = today_of(workspace, incident.id)
    since = day_given(on, today)
    posting_id, receipt = workspace.service.delivery.begin_posting(
        incident.id,
        form=form,
        place=place,
        on=since,
        laws=laws,
        phone=phone,
        phone_on=(day_given(phone_on, today) if phone_on else since) if phone else None,
        notice_id=notice_of(workspace, notice_text) if notice_text else None,
        proof=_scan(proof),
    )
    found = delivery_of(workspace.service.queries, incident.id)
    mine = [watch for watch in found.watches if watch.posting == posting_id]
    if not as_json:
        for watch in mine:
            click.echo(f"{watch.place}: {watch.state(today)} ({watch.citation})")
    print_receipt(workspace, receipt, id=str(posting_id), until={watch.what: str(watch.until) for watch in mine})


@delivery.command("end")
@click.argument("reference")
@click.argument("posting")
@click.option("--what", type=click.Choice(["posting", "phone"]), default="posting", show_default=True)
@click.option("--on", required=True, metavar="YYYY-MM-DD", help="The day on which it was taken down.")
@click.option("--because", required=True)
@json_option
@case_options
def end(workspace: Workspace, *, reference: str, posting: str, what: str, on: str, because: str, as_json: bool) -> None:
    """Record that a posting was taken down, or its number answers no longer. Too early is recorded and told."""
    queries = workspace.service.queries
    incident = queries.incident_by_reference(reference)
    posting_id = posting_id_of(queries, incident.id, posting)
    day = day_given(on, today_of(workspace, incident.id))
    receipt = workspace.service.delivery.end_posting(posting_id, what, day, because)
    found = delivery_of(workspace.service.queries, incident.id)
    early = [w for w in found.watches if w.posting == posting_id and w.what == what and w.early]
    if not as_json:
        for watch in early:
            click.echo(f"! {watch.state(day)} ({watch.citation})")
    print_receipt(workspace, receipt, id=str(posting_id), early=bool(early))


def notice_of(workspace: Workspace, text: str) -> UUID:
    """A notice by its id, or the beginning of it."""
    found: UUID = named_row(workspace.service.queries.notices(), text, "notice").id
    return found


def runs_of_files(workspace: Workspace, notice_id: UUID, files: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """The runs of letters in rendered files.

    Raises:
        NotFound: there is no such file, or it holds no letters.
    """
    from notices.manifest import letters, read_manifest  # noqa: PLC0415 - only where files are named

    queries = workspace.service.queries
    incident_id = queries.notice(notice_id).incident
    of = {each.notice.id: each.manifest_sha256 for each in delivery_of(queries, incident_id).notices}
    sha256 = of.get(notice_id)
    if sha256 is None:
        raise NotFound("--file: nothing was rendered yet")
    get = workspace.service.blobs.get
    places: dict[str, list[int]] = {}
    for number, (file, _) in enumerate(letters(read_manifest(get, sha256), get), start=1):
        places.setdefault(file.name, []).append(number)
    unknown = [name for name in files if name not in places]
    if unknown:
        raise NotFound(f"--file: no letters in {', '.join(unknown)}; there are {', '.join(places) or 'none'}")
    return tuple((min(places[name]), max(places[name])) for name in files)


def _on(workspace: Workspace, notice_id: UUID, text: str) -> date:
    return day_given(text, today_of(workspace, workspace.service.queries.notice(notice_id).incident))


def _scan(path: Path | None) -> tuple[str, bytes] | None:
    return (path.name, path.read_bytes()) if path is not None else None


def _print_notice(workspace: Workspace, notice_id: UUID, receipt: Receipt, **more: Any) -> None:  # noqa: ANN401
    found = delivery_of(workspace.service.queries, workspace.service.queries.notice(notice_id).incident)
    (each,) = [each for each in found.notices if each.notice.id == notice_id]
    if not click.get_current_context().params["as_json"]:
        click.echo(deliveries.sum_words(each))
    print_receipt(
        workspace, receipt, id=str(notice_id), rendered=each.rendered, sent=each.sent, unsent=each.unsent, **more
    )

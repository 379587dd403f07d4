"""`breach notice sample`, `sign-sample`, `refuse-sample`: what a person reads before any letter leaves."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click

from incident.errors import InvalidInput
from incident.events import SampleSigned
from notices.sample import sample_sheet
from tui import sampling
from tui.cli.common import case_options, json_option, print_json, reads
from tui.cli.documents import _notice, _print_notice
from tui.compose import Workspace
from tui.session import Session
from tui.sheets import save_sheet

_DIGITS = 12

_manifest_option = click.option(
    "--manifest", required=True, metavar="HASH", help=f"The hash that `sample` showed; {_DIGITS} digits or more."
)


@click.command("sample")
@click.argument("notice")
@click.option("--sheet", type=click.Path(path_type=Path), metavar="FILE.pdf", help="Write the letters to one PDF.")
@json_option
@reads
def show_sample(session: Session, *, notice: str, sheet: Path | None, as_json: bool) -> None:
    """The letters of NOTICE that were drawn by chance, as they were printed.

    Read them; then `sign-sample`, or `refuse-sample` with the reason. Before that no letter may leave. The draw follows
    from the hash of the manifest: the lowest SHA-256 of HASH:CODE, so nobody chooses and anybody can check.
    """
    notice_id = _notice(session, notice)
    state, sample = sampling.drawn(session, notice_id)
    if sheet is not None:
        pdf = sample_sheet(session.service.blobs.get, sample.manifest_sha256, sample.codes)
        incident_id, what = session.queries.notice(notice_id).incident, f"Sample of {len(sample.codes)} letters"
        session.run(lambda service: save_sheet(service, incident_id, sheet, pdf, what))
    if as_json:
        signed = None if state.sample is None else isinstance(state.sample, SampleSigned)
        print_json(
            {
                "manifest_sha256": sample.manifest_sha256,
                "letters": sample.letters,
                "why": sample.why,
                "signed": signed,
                "sampled": sample.sampled,
            }
        )
        return
    for turn in range(sampling.turns(sample)):
        click.echo(sampling.laid_out(sample, turn) + "\n")
    for line in sampling.sample_lines(state, sample):
        click.echo(str(line))


@click.command("sign-sample")
@click.argument("notice")
@_manifest_option
@json_option
@case_options
def sign_sample(workspace: Workspace, *, notice: str, manifest: str, as_json: bool) -> None:
    """Sign that the letters that `sample` shows were read and are right; NOTICE may leave then."""
    del as_json
    notice_id = _notice(workspace, notice)
    receipt = workspace.documents.sign_sample(notice_id, _shown(workspace, notice_id, manifest))
    _print_notice(workspace, notice_id, receipt)


@click.command("refuse-sample")
@click.argument("notice")
@_manifest_option
@click.option("--because", required=True, help="What is wrong with the letters.")
@click.option("--letter", "faulty", multiple=True, metavar="CODE", help="A letter in which it shows; may be repeated.")
@json_option
@case_options
def refuse_sample(
    workspace: Workspace, *, notice: str, manifest: str, because: str, faulty: tuple[str, ...], as_json: bool
) -> None:
    """Say what is wrong with letters that `sample` shows: nothing of this rendering of NOTICE may leave."""
    del as_json
    notice_id = _notice(workspace, notice)
    shown = _shown(workspace, notice_id, manifest)
    receipt = workspace.documents.refuse_sample(notice_id, shown, reason=because, faulty=faulty)
    _print_notice(workspace, notice_id, receipt)


def _shown(workspace: Workspace, notice_id: UUID, typed: str) -> str:
    """The manifest that was read, which is the last one still."""
    if len(typed) < _DIGITS:
        raise InvalidInput(f"--manifest: give at least {_DIGITS} digits of the hash that you read")
    manifest = sampling.drawn(Session(workspace), notice_id)[1].manifest_sha256
    if not manifest.startswith(typed.lower()):
        raise InvalidInput(f"--manifest: the letters were rendered anew ({manifest[:_DIGITS]}…); read the new sample")
    return manifest

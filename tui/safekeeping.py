"""Keeping the record safe and showing it to others: what the command line and the screen do and say alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from incident.errors import InvalidInput, Refusal
from incident.evidence.burden import BurdenOfProof, as_paper, burden_of_proof, read_record
from incident.evidence.checkpoints import public_key, take_checkpoint
from incident.evidence.pack import Choices, PackReport, export_pack
from incident.evidence.paper import to_html, to_text
from incident.evidence.privilege import privilege
from incident.evidence.timestamps import time_stamp
from incident.files import write_durably
from incident.system import SystemClock
from notices.catalog import KINDS
from notices.engines import DEFAULT, engine

if TYPE_CHECKING:
    from incident.backup import Backup
    from incident.log.checkpoints import TreeHead
    from incident.log.verify import Verification
    from tui.compose import Workspace
    from tui.session import Session

STAMP = ".tsr"
"""What is added to the name of a checkpoint for the time stamp beside it."""


def now(workspace: Workspace) -> datetime:
    """The present moment by the clock of the machine, also in an exercise: a checkpoint is taken in the real world."""
    return (SystemClock() if workspace.clock is not None else workspace.service.clock).now()


# --- Checkpoints


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A checkpoint that was taken: what it says, its signed text, the key that checks it, and where it was written."""

    code: str
    count: int
    head: bytes
    root: bytes
    note: str
    key: str
    file: Path | None = None
    stamped_at: datetime | None = None


def keep_checkpoint(
    workspace: Workspace, out: Path | None = None, *, tsa: str | None = None, tsa_root: Path | None = None
) -> Kept:
    """Take a checkpoint; write it signed to the file `out`, or into the folder, and have it stamped by a server.

    Raises:
        InvalidInput: there is a file already, or no folder, or a stamp is asked for without what it needs.
    """
    if tsa is not None and (out is None or tsa_root is None):
        raise InvalidInput("--tsa: give --out, to keep the stamp beside the checkpoint, and --tsa-root, to check it")
    tree: TreeHead
    tree, note = take_checkpoint(workspace.case, now(workspace))
    file = stamped = None
    if out is not None:
        file = out / f"checkpoint-{tree.count:06}.txt" if out.is_dir() else out
        if file.exists():
            raise InvalidInput(f"--out: {file} is there already; checkpoints are kept, not replaced")
        if not file.parent.is_dir():
            raise InvalidInput(f"--out: {file.parent} is not a folder")
        if tsa is not None and tsa_root is not None:
            answer, stamped = time_stamp(note.encode(), tsa, tsa_root.read_bytes())
            write_durably(file.with_name(file.name + STAMP), answer)
        write_durably(file, note.encode())
    return Kept(
        code=tree.code, count=tree.count, head=tree.head, root=tree.root, note=note,
        key=public_key(workspace.case), file=file, stamped_at=stamped,
    )  # fmt: skip


def kept_lines(kept: Kept, tsa: str | None = None) -> Sequence[str]:
    """What was taken, and where it is."""
    lines = [f"Checkpoint of {kept.count} events: {kept.code}", f"Public key: {kept.key}"]
    if kept.file is not None:
        lines.append(f"Signed checkpoint: {kept.file}")
    if kept.stamped_at is not None:
        lines.append(f"Time stamp: {kept.stamped_at:%Y-%m-%d %H:%M:%S} UTC by {tsa}")
    return lines


def read_kept(given: str) -> str:
    """A checkpoint as it was given: the content of the file of that name, or else the code itself."""
    path = Path(given).expanduser()
    try:
        return path.read_text(encoding="utf-8") if path.is_file() else given
    except (UnicodeDecodeError, OSError):
        raise InvalidInput(f"--checkpoint: {path} is not text that can be read") from None


def verification_lines(found: Verification, *, compared: bool, stamped: datetime | None = None) -> Sequence[str]:
    """The verdict, each fault on a line, what was looked at, and what is worth knowing."""
    if found.ok:
        lines = [
            f"Verified OK: {found.count} events, head {found.head}",
            f"Checkpoint code, to read aloud or mail to counsel: {found.code}",
        ]
    else:
        lines = [f"NOT INTACT: {len(found.problems)} faults in {found.count} events"]
        lines += [f"  {problem}" for problem in found.problems]
    lines += [f"Checked: {line}" for line in found.checked]
    if found.ok and compared:
        lines.append("Checked: this is the log that the checkpoint was taken of")
    if stamped is not None:
        lines.append(f"Checked: the checkpoint was stamped at {stamped:%Y-%m-%d %H:%M:%S} UTC")
    if not compared:
        lines.append("Note: nothing kept outside was compared (--checkpoint): a cut end or an older copy does not show")
    return [*lines, *(f"Note: {line}" for line in found.notes)]


# --- Evidence


def export_evidence(
    workspace: Workspace,
    incident_id: UUID,
    out: Path,
    *,
    choices: Choices,
    engine_name: str = DEFAULT,
    progress: Callable[[str], None] | None = None,
) -> tuple[PackReport, int | str]:
    """Write the pack of an incident and say in the log that it was made: its event number, or why it was not recorded.

    Raises:
        Refusal: see `incident.evidence.pack.export_pack`.
    """
    report = export_pack(
        workspace.case,
        workspace.service.queries.rulebook,
        incident_id,
        out,
        at=now(workspace),
        choices=choices,
        personal=_names_people,
        to_pdf=engine(engine_name).render,
        specimens=lambda notice: _specimens(workspace, notice, engine_name),
        progress=progress,
    )
    words = (
        f"Evidence pack exported: {report.disclosed} events disclosed, {report.privileged} withheld as privileged, "
        f"{report.documents - report.documents_withheld} documents; SHA-256 of its manifest {report.manifest_sha256}"
    )
    try:
        return report, workspace.service.incidents.log_action(incident_id, words).position
    except Refusal as refusal:
        return report, str(refusal)


def pack_lines(report: PackReport, recorded: int | str) -> Sequence[str]:
    """What is in the pack, until when to keep it, and how somebody checks it."""
    pack = Path(report.folder)
    return (
        f"{pack}: {report.disclosed} events disclosed, {report.privileged} withheld as privileged, "
        f"{report.other} of other matters",
        f"{report.documents} documents, {report.documents_withheld} of them withheld; {report.pages} pages",
        f"Checkpoint code: {report.code}",
        f"Keep until {report.keep_until} (45 CFR 164.530(j)(2)); a later event moves this day",
        f"To check it: {check_command(report)} (see README.txt)",
        f"#{recorded}: recorded in the incident"
        if isinstance(recorded, int)
        else f"Not recorded in the incident: {recorded}",
    )


def check_command(report: PackReport) -> str:
    """The command by which anybody checks the pack, with what they know from elsewhere left open."""
    pack = Path(report.folder)
    return f"python3 {pack / 'verify_evidence.py'} {pack} --checkpoint CODE --key KEY"


def _names_people(kind: str) -> bool:
    """Whether the rendered files of a kind of notice name the people affected; an unknown kind is taken to."""
    known = KINDS.get(kind)
    return known is None or known.names_people


def _specimens(workspace: Workspace, notice_id: UUID, engine_name: str) -> list[tuple[str, bytes]]:
    """The text of the letters with merge fields for persons, where it is still word for word what was approved."""
    row = workspace.service.queries.notice(notice_id)
    rendered = workspace.service.desk.notice(notice_id).rendered
    if rendered is None or not _names_people(row.kind):
        return []
    try:
        look = workspace.documents.preview(notice_id)
    except Refusal:
        return []  # the facts have moved on so far that the letter cannot be written from them any more
    if look.content_sha256 != rendered.content_sha256:
        return []
    press = engine(engine_name)
    return [
        (f"{row.last_position:06}-{checked.document.name}.pdf", press.render(checked.document.html))
        for checked in look.documents
    ]


def burden_file(session: Session, incident_id: UUID) -> BurdenOfProof:
    """The burden-of-proof file of an incident, as of the moment in view."""
    queries = session.queries
    entries = [
        (position, entry) for position, entry in session.workspace.case.log.read() if position <= queries.position
    ]
    withheld = [position for position, entry in entries if privilege(entry.event)]
    record = read_record(queries, (entry for _, entry in entries), incident_id, session.now(), withheld)
    return burden_of_proof(record)


def write_burden(file: BurdenOfProof, out: Path, engine_name: str = DEFAULT) -> None:
    """Write the file in the form that its name ends in: .pdf, .txt or .json.

    Raises:
        InvalidInput: another ending, or a file is there already.
    """
    if out.exists():
        raise InvalidInput(f"--out: {out} is there already")
    match out.suffix.lower():
        case ".pdf":
            content = engine(engine_name).render(to_html(as_paper(file)))
        case ".txt":
            content = to_text(as_paper(file)).encode()
        case ".json":
            content = msgspec.json.format(msgspec.json.encode(file), indent=2)
        case _:
            raise InvalidInput("--out: the name ends in .pdf, .txt or .json")
    write_durably(out, content)


# --- Backups


def backup_lines(made: Backup, where: str, done: str, problems: Sequence[str] = ()) -> Sequence[str]:
    """What was written or put back, and what to know about it."""
    return (
        f"{where} {done}: {made.count} events, as of {made.taken_at:%Y-%m-%d %H:%M} UTC",
        f"Checkpoint code: {made.code}",
        *(f"CAUTION: {problem}" for problem in problems),
    )

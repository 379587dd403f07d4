"""Letters of a notice that was sent, printed anew for the people of whom a newer address was found since."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from notices.context import LetterContext
from notices.engines import DEFAULT, engine
from notices.errors import NoticeError
from notices.manifest import MANIFEST, Manifest, encoded, kept_files, letters
from notices.production import produce_letters

if TYPE_CHECKING:
    from incident.service import Receipt, Service
    from notices.desk import DocumentDesk


def print_anew(
    service: Service, desk: DocumentDesk, notice_id: UUID, engine_name: str = DEFAULT
) -> tuple[Manifest, Receipt]:
    """Print the letters of whoever has a newer address, in the approved words, keep them encrypted, and record them.

    Raises:
        NoticeError: it is no letter, its approval no longer covers the words, or nobody has a newer address.
        EngineError: the engine is missing or failed.
        NotAllowed: it is not for the person at work to release a notice.
    """
    service.require("notice.remail_printed")
    incident_id = service.queries.notice(notice_id).incident
    look = desk.preview(notice_id)
    if not isinstance(look.context, LetterContext):
        raise NoticeError("only letters to individuals are mailed again")
    problems = service.delivery.remail_problems(notice_id, look.content_sha256)
    if problems:
        raise NoticeError("nothing may be printed anew: " + "; ".join(problems))
    wanted = service.delivery.to_remail(incident_id)
    if not wanted:
        raise NoticeError("of nobody was a newer address found since a letter came back")
    assert look.context.notice_date is not None
    people = service.rosters.letters(incident_id, look.context.notice_date, only=wanted)
    keep = service.blobs.put
    manifest = produce_letters(look.context, look.content_sha256, people, engine(engine_name), keep)
    lists = {number: row.id for number, row in enumerate(service.queries.rosters(incident_id), start=1)}
    told = encoded(manifest)
    printed = [
        (lists[int(letter.code.rsplit("-", 2)[1])], letter.row) for _, letter in letters(manifest, service.blobs.get)
    ]
    receipt = service.delivery.record_remail_printing(
        notice_id,
        look.content_sha256,
        people=printed,
        engine=manifest.engine,
        files=[
            *kept_files(manifest, service.blobs.get),
            (MANIFEST, keep(told), len(told)),
        ],
    )
    return manifest, receipt


def write_out(service: Service, notice_id: UUID, folder: Path) -> tuple[Path, ...]:
    """Write the letters that were printed anew, decrypted, into a folder.

    Raises:
        NoticeError: none wait, or a file of another content is there already.
    """
    service.require("incident.action_logged")
    waiting = service.desk.notice(notice_id).to_remail
    if waiting is None:
        raise NoticeError("no letters were printed anew that have not gone out yet")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = []
    for file in waiting.files:
        path, content = folder / f"again-{file.name}", service.blobs.get(file.sha256)
        if path.exists() and path.read_bytes() != content:
            raise NoticeError(f"{path.name}: a file of that name and other content is in the folder already")
        path.touch(mode=0o600)  # they name people
        path.write_bytes(content)
        written.append(path)
    return tuple(written)

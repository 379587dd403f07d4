"""The evidence pack: one incident as a folder that somebody who distrusts us can check without our software.

`verifier/verify_evidence.py` describes what each file holds and checks it; the tests keep the two in step.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import msgspec

from incident.casefile import OpenCase
from incident.errors import CaseUnusable, InvalidInput
from incident.evidence.burden import read_record
from incident.evidence.checkpoints import public_key, take_checkpoint
from incident.evidence.privilege import called, privilege_rows
from incident.evidence.retention import keep_until
from incident.evidence.selection import Fate, select_entries
from incident.evidence.stamps import Bates
from incident.evidence.writer import PackWriter, ToPdf
from incident.files import whole_folder
from incident.verification import verify_case
from incident.views.projector import Projection
from incident.views.queries import Queries
from jurisdictions.rulebook import Rulebook

_PREFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,23}")

Specimens = Callable[[UUID], Sequence[tuple[str, bytes]]]
"""The text of a notice as PDFs without anybody's name, by name; empty where it cannot be made again as approved."""


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What counsel and the lead decide about a pack.

    `withhold` gives a ground for each entry that is privileged beyond those that always are; `disclose` are privileged
    entries that are shown all the same. `letters` puts the letters to individuals in. `prefix` stands before the page
    numbers; the reference of the incident where it is empty.
    """

    withhold: dict[int, str] = {}
    disclose: frozenset[int] = frozenset()
    letters: bool = False
    prefix: str = ""


class PackReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was put into a pack. `code` is its checkpoint, `manifest_sha256` names the pack itself."""

    folder: str
    disclosed: int
    privileged: int
    other: int
    documents: int
    documents_withheld: int
    pages: int
    keep_until: date
    code: str
    key: str
    manifest_sha256: str


def export_pack(
    case: OpenCase,
    rulebook: Rulebook,
    incident_id: UUID,
    folder: Path,
    *,
    at: datetime,
    choices: Choices,
    personal: Callable[[str], bool],
    to_pdf: ToPdf,
    specimens: Specimens,
    progress: Callable[[str], None] | None = None,
) -> PackReport:
    """Write the pack of one incident into a new folder; it is there whole or not at all.

    `personal` tells of a kind of notice whether its files name the people affected. What is in the folder has left the
    protection of the case. `progress` hears what is being written; an exception of it stops, and leaves no folder.

    Raises:
        InvalidInput: the folder is taken, or a choice cannot be used.
        NotFound: there is no such incident.
        CaseUnusable: the case is not whole (the first faults are named), or the folder cannot be written.
    """
    faults = [] if _PREFIX.fullmatch(choices.prefix or "x") else ["prefix: up to 24 letters, digits, dots and hyphens"]
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        faults.append(f"{folder} is there already; choose another place for the pack")
    if faults:
        raise InvalidInput(*faults)
    say = progress or (lambda _words: None)
    say("verifying the case")
    problems = verify_case(case, people=False).problems
    if problems:
        raise CaseUnusable(f"The case is not whole, so nothing was exported: {'; '.join(problems[:3])}.")
    tree, note = take_checkpoint(case, at)
    projection = Projection()
    projection.catch_up(case.log, until=tree.count)
    queries = Queries(projection, rulebook)
    queries.incident(incident_id)
    entries = [(position, entry) for position, entry in case.log.read() if position <= tree.count]
    selection = select_entries(entries, incident_id, withhold=choices.withhold, disclose=choices.disclose)
    grounds = {each.position: each.ground for each in selection.of(Fate.PRIVILEGED)}
    record = read_record(queries, (entry for _, entry in entries), incident_id, at, list(grounds))
    with whole_folder(folder, "The pack cannot be written to") as partial:
        pack = PackWriter(partial, case, tree, selection, Bates(choices.prefix or record.board.incident.reference))
        pack.write("checkpoint.txt", note.encode())
        say("the log, each entry with its proof")
        pack.write_log()
        pack.write_privilege_log(privilege_rows(entries, grounds, called(queries.users()), record.zone))
        say("chronology and burden of proof")
        pack.write_papers(record, to_pdf)
        say("documents and page numbers")
        pack.write_documents((lambda _: False) if choices.letters else personal)
        for notice in record.notices:
            say(f"specimens of {notice.kind.replace('_', ' ')}")
            for name, pdf in specimens(notice.id):
                pack.write_pdf(f"specimens/{name}", pdf)
        say("verifier and manifest")
        pack.write_verifier()
        letters = choices.letters and any(personal(notice.kind) for notice in record.notices)
        manifest_sha256 = pack.finish(record, at, with_letters=letters)
    return PackReport(
        folder=str(folder),
        disclosed=len(selection.of(Fate.DISCLOSED)),
        privileged=len(grounds),
        other=len(selection.of(Fate.OTHER)),
        documents=pack.documents,
        documents_withheld=pack.documents_withheld,
        pages=pack.bates.next - 1,
        keep_until=keep_until(record.last_event),
        code=tree.code,
        key=public_key(case),
        manifest_sha256=manifest_sha256,
    )

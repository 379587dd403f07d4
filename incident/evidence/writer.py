"""Writes the files of an evidence pack, and the manifest that lists them."""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from incident.casefile import OpenCase
from incident.evidence.burden import Record, as_paper, burden_of_proof
from incident.evidence.checkpoints import public_key
from incident.evidence.chronology import chronology
from incident.evidence.documents import Document, documents_of, file_name
from incident.evidence.paper import to_html, to_text
from incident.evidence.privilege import PrivilegeRow, privilege_csv
from incident.evidence.readme import SPECIMENS, WITH_LETTERS, WITHOUT_LETTERS, readme
from incident.evidence.retention import RULE, keep_until
from incident.evidence.selection import Fate, Selection
from incident.evidence.stamps import Bates, stamp
from incident.log.application import StoredEntry
from incident.log.checkpoints import TreeHead, origin, sign_note
from incident.log.merkle import Tree

FORMAT = "breach evidence 1"
VERIFIER = "verify_evidence.py"
_encode = msgspec.json.Encoder(order="deterministic").encode

ToPdf = Callable[[str], bytes]
"""HTML to PDF, by whichever engine the front end has."""


class PackWriter:
    """A pack on its way; every file that is written is in the manifest."""

    def __init__(self, folder: Path, case: OpenCase, tree: TreeHead, selection: Selection, bates: Bates) -> None:
        self._folder = folder
        self._case = case
        self._tree = tree
        self._selection = selection
        self._files: list[dict[str, Any]] = []
        self._ranges: list[dict[str, Any]] = []
        self.bates = bates
        self.documents = self.documents_withheld = 0
        self._verifier_sha256 = ""

    def write(self, path: str, content: bytes, *, listed: bool = True) -> str:
        """Write a file; return its SHA-256 in hex."""
        target = self._folder / path
        target.parent.mkdir(mode=0o700, exist_ok=True)
        target.write_bytes(content)
        target.chmod(0o600)
        sha256 = hashlib.sha256(content).hexdigest()
        if listed:
            self._files.append({"path": path, "sha256": sha256, "size": len(content)})
        return sha256

    def write_lines(self, path: str, lines: Sequence[Mapping[str, Any]]) -> None:
        """Write JSON Lines."""
        self.write(path, b"".join(_encode(line) + b"\n" for line in lines))

    def write_pdf(self, path: str, pdf: bytes) -> str | None:
        """Write a PDF with a number on each page; None, and nothing written, where it cannot be stamped."""
        found = stamp(pdf, self.bates)
        if found is None:
            return None
        stamped, first, last = found
        self.write(path, stamped)
        self._ranges.append({"file": path, "first": first, "last": last})
        return path

    def write_log(self) -> None:
        """Every position with its fate, and the disclosed entries with what proves them."""
        stored = list(self._case.log.stored(self._tree.count))
        tree = Tree(each.link for each in stored)
        positions, events = [], []
        for entry, selected in zip(stored, self._selection.entries, strict=True):
            positions.append(
                {
                    "position": entry.position,
                    "stream": entry.stream.hex,
                    "version": entry.version,
                    "content": entry.content.hex(),
                    "link": entry.link.hex(),
                    "fate": selected.fate,
                }
            )
            if selected.fate is Fate.DISCLOSED:
                events.append(self._disclosed(entry, tree.path(entry.position - 1)))
        self.write_lines("positions.jsonl", positions)
        self.write_lines("events.jsonl", events)

    def _disclosed(self, entry: StoredEntry, proof: Sequence[bytes]) -> dict[str, Any]:
        shown = self._case.log.disclose(entry)
        return {
            "position": entry.position,
            "stream": entry.stream.hex,
            "version": entry.version,
            "topic": entry.topic,
            "schema": shown.schema,
            "occurred_at": shown.occurred_at,
            "recorded_at": shown.recorded_at,
            "by": shown.by,
            "because": shown.because,
            "event": shown.event,
            "stored": base64.b64encode(entry.state).decode(),
            "key": shown.key.hex(),
            "proof": [node.hex() for node in proof],
        }

    def write_privilege_log(self, rows: Sequence[PrivilegeRow]) -> None:
        """What is withheld as privileged, for programs and as a table."""
        lines = [msgspec.to_builtins(row) | {"stream": row.stream.hex} for row in rows]
        self.write_lines("privilege-log.jsonl", lines)
        self.write("privilege-log.csv", privilege_csv(rows))

    def write_papers(self, record: Record, to_pdf: ToPdf) -> None:
        """Chronology and burden-of-proof file, as text and as PDF."""
        reference = f"{record.organization}, {record.board.incident.reference}: {record.board.incident.title}"
        grounds = {each.position: each.ground for each in self._selection.of(Fate.PRIVILEGED)}
        papers = {"chronology": chronology(f"Chronology. {reference}", record.timeline, grounds, record.zone)}
        if record.board.assessment is not None:  # without the anchor facts no duty can be shown, met or not
            burden = burden_of_proof(record)
            papers["burden-of-proof"] = as_paper(burden)
            self.write("burden-of-proof.json", msgspec.json.format(msgspec.json.encode(burden), indent=1))
        for name, paper in papers.items():
            self.write(f"{name}.txt", to_text(paper).encode())
            pdf = to_pdf(to_html(paper))
            if self.write_pdf(f"{name}.pdf", pdf) is None:
                self.write(f"{name}.pdf", pdf)

    def write_documents(self, personal: Callable[[str], bool]) -> None:
        """The documents byte for byte, the PDFs among them stamped as well; a file that is none takes one number."""
        lines = []
        for document in documents_of(self._selection.entries, personal=personal):
            self.documents += 1
            self.documents_withheld += bool(document.withheld)
            lines.append(self._document(document))
        self.write_lines("documents.jsonl", lines)

    def _document(self, document: Document) -> dict[str, Any]:
        content = self._case.blobs.get(document.sha256)
        line: dict[str, Any] = {
            "position": document.position,
            "role": document.role,
            "name": document.name,
            "sha256": document.sha256,
            "size": len(content),
        }
        if document.withheld:
            return {**line, "file": None, "reason": document.withheld}
        name = file_name(document, content)
        path = self._free(f"documents/{name}")
        self.write(path, content)
        stamped = self.write_pdf(self._free(f"stamped/{name}"), content) if content[:5] == b"%PDF-" else None
        if stamped is None:
            first, last = self.bates.take(1)
            self._ranges.append({"file": path, "first": first, "last": last})
        return {**line, "file": path, "stamped": stamped, "first_page": self.bates.label(self._ranges[-1]["first"])}

    def _free(self, path: str) -> str:
        """The path, with a number behind it where two documents of one entry have the same name."""
        taken = {entry["path"] for entry in self._files}
        stem, dot, suffix = path.rpartition(".")
        candidates = [path, *(f"{stem}-{number}{dot}{suffix}" for number in range(2, len(taken) + 3))]
        return next(candidate for candidate in candidates if candidate not in taken)

    def write_verifier(self) -> None:
        """The verifier goes along, so that it is at hand; who is careful brings their own."""
        self._verifier_sha256 = self.write(VERIFIER, verifier())

    def finish(self, record: Record, at: datetime, *, with_letters: bool) -> str:
        """Write the readme and the signed manifest; return the SHA-256 of the manifest."""
        counts = {str(fate): len(self._selection.of(fate)) for fate in Fate}
        incident = record.board.incident
        key, last_event = public_key(self._case), record.last_event
        text = readme(
            organization=record.organization,
            reference=incident.reference,
            title=incident.title,
            made=f"{at:%Y-%m-%d %H:%M %Z}",
            by=self._case.user,
            count=self._tree.count,
            keep_until=keep_until(last_event),
            rule=RULE,
            last_event=last_event,
            verifier_sha256=self._verifier_sha256,
            code=self._tree.code,
            key=key,
            first_page=self.bates.label(1),
            last_page=self.bates.label(self.bates.next - 1),
            letters=WITH_LETTERS if with_letters else WITHOUT_LETTERS,
            specimens=SPECIMENS if any(each["path"].startswith("specimens/") for each in self._files) else "",
            **counts,
        )
        self.write("README.txt", text.encode())
        manifest = {
            "format": FORMAT,
            "case_id": self._tree.case_id,
            "organization": record.organization,
            "incident": {"id": incident.id, "reference": incident.reference, "title": incident.title},
            "exported_at": at,
            "exported_by": self._case.user,
            "key": key,
            "checkpoint": {"count": self._tree.count, "head": self._tree.head.hex(), "code": self._tree.code},
            "entries": counts,
            "streams": [{"stream": each.id.hex, "kind": each.kind} for each in self._selection.streams],
            "retention": {"last_event": last_event, "keep_until": keep_until(last_event), "rule": RULE},
            "bates": {"prefix": self.bates.prefix, "ranges": self._ranges},
            "files": sorted(self._files, key=lambda entry: str(entry["path"])),
        }
        content = msgspec.json.format(_encode(manifest), indent=1)
        digest = self.write("manifest.json", content, listed=False)
        note = sign_note(
            f"{FORMAT} manifest\n{digest}  manifest.json\n",
            origin(self._tree.case_id),
            self._case.keyring.signing_key(),
        )
        self.write("manifest.txt", note.encode(), listed=False)
        return digest


def verifier() -> bytes:
    """The verifier as a file; it is found like a module and never imported."""
    spec = find_spec("verifier.verify_evidence")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).read_bytes()

"""Letters as print-ready PDF, beside a call per letter of pdfkit, WeasyPrint and docxtpl in the same run.

"engine" is plutoprint laying out each letter, "stamped" the press that lays out each text once; "to the vault" is
everything: rows in, letters read back and compared, hashed, sealed on disk, with a manifest. Figures are the best of
several rounds taken in turns, since the machine may have other work.
"""

import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pdfkit

from incident.blobs import SealedBlobStore
from incident.stores.folder import FolderShelf
from incident.unfinished import Unfinished, write_unfinished
from incident.views.queries import LetterRow
from notices.bulk import BATCH
from notices.context import (
    Audience,
    IncidentText,
    LetterContext,
    LetterVariant,
    Organization,
    PostalAddress,
    Recipient,
)
from notices.document import Numbering, build_document
from notices.engines import engine
from notices.engines.base import EngineError
from notices.engines.pdfkit import find_wkhtmltopdf
from notices.journal import CaseJournal
from notices.layout import ELEMENT_IDS
from notices.letters import render_body, render_letter
from notices.manifest import LetterRecord
from notices.press import Addressed
from notices.printer import PrintedFile, press_for
from notices.production import produce_letters
from notices.reference import agencies

ROUNDS = 3
PEER_LETTERS = 5
LETTERS = 300
MANY = 6_000
KEPT = 20_000
FLAT = (20_000, 100_000)
NAMES = ("Ana Díaz", "Nguyễn Thị Hồng", "Łukasz Żółć", "Юлия Ёлкина", "Ελένη Παπαδοπούλου", "James O'Neil")

CONTEXT = LetterContext(
    organization=Organization(
        name="Lakeshore Aesthetics",
        address=PostalAddress(street1="1420 North Clybourn Avenue", city="Chicago", state="IL", zip="60610"),
        toll_free="1-800-555-0142",
        email="privacy@lakeshore-aesthetics.example",
        signatory_name="Dana Whitfield",
    ),
    incident=IncidentText(
        what_happened="Someone who was not allowed to do so signed in to the email account of our billing office. "
        "Emails and files in that account could be read.",
        data_types=("name", "date of birth", "medical information"),
        what_we_are_doing="We closed the account. We hired experts. We changed all passwords.",
        what_you_can_do="Look closely at each statement that you get from a health plan or a doctor.",
        breach_from=date(2026, 9, 30),
        breach_to=date(2026, 10, 2),
        discovered=date(2026, 10, 3),
    ),
    bureaus=agencies().bureau,
    ftc=agencies().ftc,
    variants=(LetterVariant(audience=Audience.ADULT, elements=tuple(sorted(ELEMENT_IDS)), language="en"),),
    notice_date=date(2026, 11, 20),
)


def people(size: int) -> Iterator[Recipient]:
    for row in range(1, size + 1):
        name = NAMES[row % len(NAMES)]
        yield Recipient(
            row=row,
            name_lines=(name,),
            address_lines=(f"{row} West Oak Street", "Chicago, IL 60614"),
            salutation=f"Dear {name}",
            code=f"K{row:06d}",
        )


def pages(size: int) -> list[str]:
    body = render_body(CONTEXT, CONTEXT.variants[0], "html")
    return [render_letter(CONTEXT, person, body, "html") for person in people(size)]


def single(page: str) -> str:
    return build_document("Letter", [page], stylesheet="css/letter.css", label="Reference K000001")


def batch(some: list[str], sheets: int) -> str:
    numbered = [Numbering(f"Reference K{row:06d}", sheets) for row in range(1, len(some) + 1)]
    return build_document("Letters", some, stylesheet="css/letter.css", label=numbered)


def rate(size: int, work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return size / (time.perf_counter() - start)


def render(documents: list[str]) -> Callable[[], None]:
    pluto = engine()

    def work() -> None:
        for html in documents:
            assert pluto.render(html).startswith(b"%PDF-")

    return work


def stamp(letters: list[Addressed], per_file: int) -> Callable[[], None]:
    press = press_for(CONTEXT, engine())

    def work() -> None:
        for start in range(0, len(letters), per_file):
            assert press.file(letters[start : start + per_file]).pdf.startswith(b"%PDF-")

    return work


class Keys:
    """A key ring for a folder that is thrown away."""

    epoch = 1

    def key(self, purpose: str, epoch: int = 1) -> bytes:
        return purpose.encode().ljust(32, b".")[:32]


def to_the_vault(size: int) -> None:
    rows = (
        LetterRow(
            roster=UUID(int=1),
            row=person.row,
            code=person.code,
            state="IL",
            language="en",
            name_lines=person.name_lines,
            address_lines=person.address_lines,
            salutation=person.salutation,
            audience=Audience.ADULT.value,
        )
        for person in people(size)
    )
    with tempfile.TemporaryDirectory() as folder:
        blobs = SealedBlobStore(FolderShelf(Path(folder)), Keys())
        begun = Unfinished(notice=UUID(int=1), begun_at=datetime(2026, 11, 22, tzinfo=UTC), by="dana", engine="")
        journal = CaseJournal(begun, blobs, lambda unfinished: write_unfinished(blobs, unfinished))
        made = produce_letters(CONTEXT, "0" * 64, rows, engine(), blobs.put, journal=journal)
    assert made.documents == size


def not_printed(_context, batches, *_rest, **_options):
    """Files of the right size that nobody laid out: what is left is rows, lists, journal, sealing."""
    for batch in batches:
        pdf, rows = os.urandom(60_000), [each.recipient for each in batch]
        records = tuple(
            LetterRecord(row=row.row, code=row.code, variant="us.adult.en", first_page=1, pages=2, text_sha256="0" * 64)
            for row in rows
        )
        name = f"letters-{rows[0].row:07d}-{rows[-1].row:07d}.pdf"
        yield PrintedFile(name=name, pdf=pdf, sha256=sha256(pdf).hexdigest(), pages=2 * len(rows), letters=records)


def peak_of(size: int) -> float:
    """MiB that a rendering of so many letters takes at its peak, in a process of its own."""
    code = (
        "import resource, benchmarks.letters as b\nfrom notices import production\n"
        f"production.print_batches = b.not_printed\nb.to_the_vault({size})\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(done.stdout) / 1024


def pdfkit_calls(documents: list[str]) -> None:
    configuration = pdfkit.configuration(wkhtmltopdf=str(find_wkhtmltopdf()))
    options = {"page-size": "Letter", "encoding": "UTF-8", "quiet": "", "disable-local-file-access": ""}
    for html in documents:
        pdf = pdfkit.from_file(io.StringIO(html), False, options=options, configuration=configuration)
        assert pdf.startswith(b"%PDF-")


def weasyprint_calls(documents: list[str]) -> None:
    import weasyprint

    for html in documents:
        assert weasyprint.HTML(string=html).write_pdf().startswith(b"%PDF-")


def docxtpl_calls(documents: list[str]) -> None:
    """A Word file per letter, not a PDF: what it would take to print them comes on top."""
    from docx import Document
    from docxtpl import DocxTemplate

    template = io.BytesIO()
    document = Document()
    for line in ("{{ name }}", "{{ street }}", "{{ city }}", "Dear {{ name }}:", "{{ body }}"):
        document.add_paragraph(line)
    document.save(template)
    for number, html in enumerate(documents):
        letter = DocxTemplate(io.BytesIO(template.getvalue()))
        letter.render({"name": f"Person {number}", "street": "1 Oak", "city": "Chicago", "body": html[-3000:]})
        out = io.BytesIO()
        letter.save(out)
        assert out.getvalue().startswith(b"PK")


def peers(documents: list[str]) -> Iterator[tuple[str, Callable[[], None]]]:
    for name, work in (
        ("pdfkit, a call per letter", pdfkit_calls),
        ("WeasyPrint, a call per letter", weasyprint_calls),
        ("docxtpl, a call per letter", docxtpl_calls),
    ):
        try:
            work(documents[:1])
        except (EngineError, ImportError, OSError) as missing:
            print(f"no peer {name}: {missing}")
        else:
            yield name, lambda work=work: work(documents)


def main() -> None:
    rendered = pages(LETTERS)
    singles = [single(page) for page in rendered]
    batches = [batch(rendered[start : start + BATCH], 2) for start in range(0, LETTERS, BATCH)]
    letters = [Addressed(person, CONTEXT.variants[0]) for person in people(MANY)]
    runs: dict[str, tuple[int, Callable[[], None]]] = {
        "engine, one file each": (100, render(singles[:100])),
        f"engine, files of {BATCH}": (LETTERS, render(batches)),
        "stamped, one file each": (MANY, stamp(letters, 1)),
        f"stamped, files of {BATCH}": (MANY, stamp(letters, BATCH)),
        f"to the vault, files of {BATCH}": (KEPT, lambda: to_the_vault(KEPT)),
    }
    others = dict(peers(singles[:PEER_LETTERS]))
    runs |= {name: (PEER_LETTERS, work) for name, work in others.items()}
    best = dict.fromkeys(runs, 0.0)
    for _ in range(ROUNDS):
        for name, (size, work) in runs.items():
            best[name] = max(best[name], rate(size, work))
    for name, figure in best.items():
        ratios = ", ".join(
            f"{figure / best[other]:,.0f} x {other.split(',')[0]}" for other in others if name not in others
        )
        print(f"{name:<34}{figure:10,.1f} letters/s   {ratios}")
    sizes = ", ".join(f"{size:,} letters {peak_of(size):,.0f} MiB" for size in FLAT)
    print(f"memory of a rendering, but for the printing itself: {sizes}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:,.0f} MiB; letters of 2 pages")


if __name__ == "__main__":
    main()

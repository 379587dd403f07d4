"""Letters as print-ready PDF, beside a pdfkit call per letter on the same HTML in the same run.

Rendering alone is timed as one file each and as batches; the whole press (layout, rendering, reading back, comparing,
hashing) in both ways. Figures are the best of several rounds taken in turns, since the machine may have other work.
"""

import io
import resource
import time
from collections.abc import Callable, Iterator
from datetime import date

import pdfkit

from notices.bulk import BATCH, PrintedFile, Tally, print_letters
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
from notices.layout import ELEMENT_IDS
from notices.letters import render_body, render_letter
from notices.reference import agencies

ROUNDS = 3
PEER_LETTERS = 3
LETTERS = 300
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


def write(size: int) -> None:
    for page in pages(size):
        assert single(page)


def press(size: int, letters_per_file: int) -> None:
    tally = Tally()
    for printed in print_letters(CONTEXT, people(size), engine(), letters_per_file=letters_per_file):
        assert isinstance(printed, PrintedFile)
        tally.add(printed)
    tally.refuse_loss(size)
    assert tally.letters == size


def peer(documents: list[str]) -> None:
    configuration = pdfkit.configuration(wkhtmltopdf=str(find_wkhtmltopdf()))
    options = {"page-size": "Letter", "encoding": "UTF-8", "quiet": "", "disable-local-file-access": ""}
    for html in documents:
        pdf = pdfkit.from_file(io.StringIO(html), False, options=options, configuration=configuration)
        assert pdf.startswith(b"%PDF-")


def main() -> None:
    rendered = pages(LETTERS)
    singles = [single(page) for page in rendered]
    batches = [batch(rendered[start : start + BATCH], 2) for start in range(0, LETTERS, BATCH)]
    runs: dict[str, tuple[int, Callable[[], None]]] = {
        "HTML, one file each": (LETTERS, lambda: write(LETTERS)),
        "plutoprint, one file each": (100, render(singles[:100])),
        f"plutoprint, files of {BATCH}": (LETTERS, render(batches)),
        "press, one file each, proved": (100, lambda: press(100, 1)),
        f"press, files of {BATCH}, proved": (LETTERS, lambda: press(LETTERS, BATCH)),
    }
    peer_name = "pdfkit, a call per letter"
    try:
        find_wkhtmltopdf()
        runs[peer_name] = (PEER_LETTERS, lambda: peer(singles[:PEER_LETTERS]))
    except EngineError as missing:
        print(f"no peer: {missing}")
    best = dict.fromkeys(runs, 0.0)
    for _ in range(ROUNDS):
        for name, (size, work) in runs.items():
            best[name] = max(best[name], rate(size, work))
    against = best.get(peer_name)
    for name, figure in best.items():
        ratio = f"{figure / against:10,.0f} x" if against else ""
        print(f"{name:<34}{figure:10,.1f} letters/s{ratio}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:,.0f} MiB; letters of 2 pages")


if __name__ == "__main__":
    main()

"""Stamped letters say and look like the ones that an engine laid out whole."""

import io
from itertools import product

import pikepdf
import pypdfium2 as pdfium
import pytest

from notices.context import Audience
from notices.engines import engine
from notices.engines.fake import FakeEngine
from notices.preflight import Variants
from notices.press import Addressed, EnginePress
from notices.printer import press_for
from notices.proof import page_texts, squeezed
from notices.stamping.fonts import SANS, SERIF, blocks_of, stamp_font
from notices.stamping.press import StampingPress
from tests.notices.samples import letter, recipient

NAMES = [
    "Ana Díaz",
    "Nguyễn Thị Hồng",
    "Łukasz Żółć",
    "Юлия Ёлкина",
    "Ελένη Παπαδοπούλου",
    "Zoë (Q.) \\ O’Neil & <b>Sons</b>",
]
LONG = "Maria Wolfeschlegelsteinhausenberger-Montalembert y Saavedra Cortés de la Bruère"


def addressed(row, name, **changes):
    person = recipient(row, name, **changes)
    return Addressed(person, Variants(letter()).for_recipient(person))


@pytest.fixture(scope="module")
def stamping():
    return press_for(letter(), engine())


@pytest.fixture(scope="module")
def whole():
    return EnginePress(letter(), engine(), "Letters")


def places(pdf, said):
    """Left, bottom and right of every place on the first sheet where the words stand."""
    with pdfium.PdfDocument(pdf) as document:
        text = document[0].get_textpage()
        whole = text.get_text_range()
        starts = [at for at in range(len(whole)) if whole.startswith(said, at)]
        first = [text.get_charbox(at, loose=True) for at in starts]
        last = [text.get_charbox(at + len(said) - 1, loose=True) for at in starts]
        return sorted((one[0], one[1], other[2]) for one, other in zip(first, last, strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_a_stamped_letter_has_the_words_and_the_places_of_one_that_was_laid_out_whole(stamping, whole, name):
    one = addressed(7, name)
    mine, theirs = stamping.file([one]), whole.file([one])
    assert mine.pdf != theirs.pdf
    assert mine.pages == theirs.pages
    for stamped, laid_out in zip(page_texts(mine.pdf), page_texts(theirs.pdf), strict=True):
        assert sorted(squeezed(stamped.content)) == sorted(squeezed(laid_out.content))
        assert squeezed(stamped.footer) == squeezed(laid_out.footer)
    for said in (name, f"Dear {name}:", one.recipient.code, *one.recipient.address_lines):
        stamped, laid_out = places(mine.pdf, said), places(theirs.pdf, said)
        assert len(stamped) == len(laid_out) > 0
        for mine_at, theirs_at in zip(stamped, laid_out, strict=True):
            # An engine sets some pairs closer together; a line may end a little earlier there.
            assert mine_at[:2] == pytest.approx(theirs_at[:2], abs=0.6)
            assert mine_at[2] == pytest.approx(theirs_at[2], abs=2.5)


def test_letters_that_cannot_be_stamped_stand_among_the_others(stamping, whole):
    people = [addressed(1, "Ann Ray"), addressed(2, LONG), addressed(3, "Bo Li", audience=Audience.PARENT_OF_MINOR)]
    pressed = stamping.file(people)
    pages = list(page_texts(pressed.pdf))
    assert len(pages) == sum(pressed.pages)
    first = 0
    for each, count in zip(people, pressed.pages, strict=True):
        alone = [squeezed(page.footer) for page in page_texts(whole.file([each]).pdf)]
        assert [squeezed(page.footer) for page in pages[first : first + count]] == alone
        assert squeezed(each.recipient.name_lines[0]) in squeezed(pages[first].content)
        first += count


@pytest.mark.parametrize("name", ["محمد", "שרה", "王小明", "Ana\u0323", "Ana\u200dB", "Ana\u0007"])
def test_what_is_more_than_one_glyph_after_the_other_is_left_to_the_engine(name):
    assert blocks_of(name) is None


@pytest.mark.parametrize("name", NAMES)
def test_what_can_be_stamped_has_glyphs_in_both_faces(name):
    blocks = blocks_of(name)
    for face in (SANS, SERIF):
        font = stamp_font(face, blocks)
        assert len(font.encode(name)) == 4 * len(name)
        assert "0000" not in [font.encode(char) for char in name]
        assert font.width(name, 10.5) > 10


def test_reading_the_sheets_once_finds_what_reading_every_page_finds(stamping, whole):
    names = [*NAMES, LONG]
    people = [
        addressed(row, names[row % len(names)], audience=audience, state=state)
        for row, (audience, state) in enumerate(product([Audience.ADULT, Audience.NEXT_OF_KIN], ["IL", "CA", None] * 3))
    ]
    for pdf in (stamping.file(people).pdf, stamping.file(people[6:7]).pdf, whole.file(people[:2]).pdf):
        quick = [(squeezed(page.content), squeezed(page.footer)) for page in stamping.read(pdf)]
        assert quick == [(squeezed(page.content), squeezed(page.footer)) for page in page_texts(pdf)]


def test_reading_goes_by_what_a_page_shows_and_not_by_what_was_meant(stamping):
    people = [addressed(1, "Ann Ray"), addressed(2, "Bo Li", audience=Audience.NEXT_OF_KIN)]
    pdf = stamping.file(people).pdf
    with pikepdf.open(io.BytesIO(pdf)) as document:
        # As if the second letter had been put on the sheets of the first.
        for number in (0, 1):
            document.pages[number + stamping.file(people).pages[0]].obj.Resources = document.pages[number].obj.Resources
        swapped = io.BytesIO()
        document.save(swapped)
    read = stamping.read(swapped.getvalue())
    expected = [squeezed(page.content) for page in page_texts(swapped.getvalue())]
    assert [squeezed(page.content) for page in read] == expected != [squeezed(page.content) for page in page_texts(pdf)]


def test_the_same_letters_give_the_same_bytes(stamping):
    people = [addressed(row, name) for row, name in enumerate(NAMES, start=1)]
    again = press_for(letter(), engine())
    assert stamping.file(people).pdf == again.file(people).pdf


def test_a_file_is_sound_and_embeds_every_font(stamping, tmp_path):
    path = tmp_path / "letters.pdf"
    path.write_bytes(stamping.file([addressed(row, name) for row, name in enumerate(NAMES, start=1)]).pdf)
    with pikepdf.open(path) as document:
        assert document.check_pdf_syntax() == []
        for page in document.pages:
            resources = [page.obj.Resources, page.obj.Resources.XObject["/S"].Resources]
            for each in resources:
                for font in each.Font.values():
                    face = font.DescendantFonts[0] if font.Subtype == "/Type0" else font
                    assert "/FontFile2" in face.FontDescriptor


def test_a_name_cannot_write_operators(stamping):
    pdf = stamping.file([addressed(1, ") Tj ET Q (")]).pdf
    assert b") Tj ET Q (" not in pdf
    assert squeezed(") Tj ET Q (") in squeezed(next(iter(page_texts(pdf))).content)


def test_stamping_is_for_engines_that_set_page_boxes():
    assert isinstance(press_for(letter(), engine()), StampingPress)
    assert isinstance(press_for(letter(), FakeEngine()), EnginePress)

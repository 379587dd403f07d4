"""Printing a roster: rows = letters + exclusions, and no letter that differs from its row leaves the press."""

import hashlib
import tracemalloc

import msgspec
import pypdfium2 as pdfium
import pytest

from notices.bulk import PrintedFile, Tally, print_letters
from notices.context import Audience
from notices.engines import engine
from notices.engines.fake import FakeEngine
from notices.errors import NoticeError
from notices.glyphs import described, missing_glyphs, width_in_points
from notices.preflight import Exclusion, Variants, why_not
from notices.press import EnginePress
from notices.proof import footer_label, page_texts, read_back
from tests.notices.samples import letter, recipient

PEOPLE = [
    ("Ana Díaz", Audience.ADULT, "IL"),
    ("Nguyễn Thị Hồng", Audience.PARENT_OF_MINOR, "CA"),
    ("Łukasz Żółć", Audience.NEXT_OF_KIN, "TX"),
    ("Юлия Ёлкина", Audience.PERSONAL_REPRESENTATIVE, None),
    ("Ελένη Παπαδοπούλου", Audience.ADULT, "CA"),
]


def roster(size):
    for row in range(1, size + 1):
        name, audience, state = PEOPLE[row % len(PEOPLE)]
        if row % 10 == 0:
            yield Exclusion(row=row, code="insufficient_address", reason="no address")
        else:
            yield recipient(
                row, name, audience=audience, state=state, address_lines=(f"{row} Oak Street", "Chicago, IL 60614")
            )


def run(rows, pdf_engine=None, **options):
    results = list(print_letters(letter(), rows, pdf_engine or engine(), **options))
    tally = Tally()
    for each in results:
        tally.add(each)
    return results, tally


def reason(**changes):
    excluded = why_not(recipient(7, **changes), Variants(letter()))
    return excluded.code, excluded.reason


@pytest.mark.parametrize("per_file", [1, 7, 100])
def test_every_row_becomes_a_letter_or_an_exclusion(per_file):
    results, tally = run(roster(43), letters_per_file=per_file)
    tally.refuse_loss(43)
    assert (tally.rows, tally.letters, dict(tally.excluded)) == (43, 39, {"no address": 4})
    rows = [record.row for each in results if isinstance(each, PrintedFile) for record in each.letters]
    assert sorted(rows) == [row for row in range(1, 44) if row % 10]


def test_a_lost_row_is_told():
    tally = Tally(letters=2)
    with pytest.raises(NoticeError, match="3 rows went in, 2 letters \\+ 0 exclusions came out"):
        tally.refuse_loss(3)


@pytest.mark.parametrize("per_file", [1, 13])
def test_each_letter_is_found_on_its_own_pages_with_its_own_person(per_file):
    for printed in run(roster(13), letters_per_file=per_file)[0]:
        if isinstance(printed, Exclusion):
            continue
        assert printed.sha256 == hashlib.sha256(printed.pdf).hexdigest()
        pages = list(page_texts(printed.pdf))
        assert printed.pages == len(pages) == sum(record.pages for record in printed.letters)
        expected = 1
        for record in printed.letters:
            assert record.first_page == expected
            _, audience, state = PEOPLE[record.row % len(PEOPLE)]
            own = pages[record.first_page - 1 : record.first_page - 1 + record.pages]
            text = "".join(page.content for page in own)
            assert f"{record.row} Oak Street" in text
            assert all(record.code in page.footer for page in own)
            place = state.lower() if state in ("IL", "CA") else "us"
            assert record.variant == f"{place}.{audience}.en"
            expected += record.pages


def test_file_names_hold_rows_and_no_names():
    names = [each.name for each in run(roster(5), letters_per_file=3)[0]]
    assert names == ["letters-0000001-0000003.pdf", "letters-0000004-0000005.pdf"]
    assert run([recipient(9)])[0][0].name == "letter-0000009.pdf"


def test_the_same_roster_gives_the_same_files():
    first = [each.sha256 for each in run(roster(9), letters_per_file=4)[0] if isinstance(each, PrintedFile)]
    assert first == [each.sha256 for each in run(roster(9), letters_per_file=4)[0] if isinstance(each, PrintedFile)]


def test_a_repeated_row_is_refused():
    with pytest.raises(NoticeError, match="row 1 comes after row 1"):
        run([recipient(1), recipient(1)])


def test_rows_out_of_order_are_refused():
    with pytest.raises(NoticeError, match="row 1 comes after row 2"):
        run([recipient(2), Exclusion(row=1, code="x", reason="x")])


class Planted:
    """Prints another person than the row's: what a shifted column or a wrong merge would do."""

    def __init__(self, press, change):
        self.press = press
        self.change = change

    def file(self, letters, *, exact=False):
        changed = [msgspec.structs.replace(each, recipient=self.change(each.recipient)) for each in letters]
        return self.press.file(changed, exact=exact)

    def read(self, pdf):
        return self.press.read(pdf)


def whole(pdf_engine=None):
    return EnginePress(letter(), pdf_engine or engine(), "Letters")


def test_a_missing_glyph_is_found_before_printing_and_names_the_characters_and_the_row():
    code, why = reason(name="สมชาย Chai")
    assert code == "missing_glyph"
    assert why.startswith("row 7: the fonts cannot print: U+0E2A")
    assert "U+0E0A" in why
    assert missing_glyphs("Ana Díaz Łukasz Nguyễn Юлия Ελένη محمد יוסף 王小明 さくら 김민수") == ""
    assert described("\u4e00") == "U+4E00 CJK UNIFIED IDEOGRAPH-4E00 (一)"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name_lines": ()}, "no_name"),
        ({"name_lines": (" ",)}, "no_name"),
        ({"address_lines": ()}, "no_address"),
        ({"code": "K 1"}, "bad_reference"),
        ({"code": 'K"; }'}, "bad_reference"),
        ({"name": "Ana\u202eDíaz"}, "control_character"),
        ({"name": "Ana\x00"}, "control_character"),
        ({"name": "Ana\u200bDíaz"}, "control_character"),
        ({"address_lines": tuple(f"line {n}" for n in range(7))}, "window_overflow"),
        ({"name": "W" * 60}, "window_overflow"),
        ({"address_lines": tuple(f"line {n}" for n in range(6))}, "window_overflow"),
        ({"name": "Wolfeschlegelsteinhausenbergerdorff " * 8}, "window_overflow"),
    ],
)
def test_a_row_that_cannot_become_a_right_letter_is_excluded_with_its_reason(changes, code):
    found, why = reason(**changes)
    assert found == code
    assert why.startswith("row 7: ")


def test_the_longest_name_that_fits_the_window_prints_in_full():
    name = "Maria Wolfeschlegelsteinhausenberger-Montalembert y Saavedra Cortés de la Bruère"
    person = recipient(
        1, name, address_lines=("c/o Hildegard Featherstonehaugh", "Apartment 12", "7 Oak", "Chicago, IL 60614")
    )
    assert why_not(person, Variants(letter())) is None
    printed = run([person])[0][0]
    with pdfium.PdfDocument(printed.pdf) as document:
        text = document[0].get_textpage()
        last = text.get_charbox(text.get_text_range().index("Chicago, IL 60614"))
    assert 792 - last[1] <= 3.17 * 72
    assert width_in_points(name, 10.5) > 3.4 * 72


def test_a_letter_with_a_long_name_takes_its_own_number_of_pages_within_a_batch(monkeypatch):
    monkeypatch.setattr(EnginePress, "_length", lambda self, letter: 3)
    printed = run([recipient(1), recipient(2)], letters_per_file=2, press=whole())[0][0]
    assert [record.pages for record in printed.letters] == [2, 2]


def test_a_language_without_a_letter_gets_the_english_one():
    results, _ = run([recipient(1, language="vi")])
    assert results[0].letters[0].variant == "il.adult.en"


def test_an_engine_that_cannot_number_batches_prints_one_letter_per_file():
    with pytest.raises(NoticeError, match="one letter per file"):
        run([recipient(1)], FakeEngine(), letters_per_file=2)


def test_pdfkit_letters_are_proved_like_the_others():
    pdfkit = engine("pdfkit")
    _, tally = run(roster(3), pdfkit)
    assert tally.letters == 3
    wrong = Planted(whole(pdfkit), lambda person: msgspec.structs.replace(person, name_lines=("Bo Li",)))
    with pytest.raises(NoticeError, match="address block"):
        run([recipient(1)], pdfkit, press=wrong)


def test_nothing_is_printed_before_it_is_asked_for():
    def rows():
        yield recipient(1)
        raise AssertionError("read ahead")

    stream = print_letters(letter(), rows(), engine())
    assert isinstance(next(stream), PrintedFile)


def test_memory_does_not_grow_with_the_roster():
    def peak(size):
        tracemalloc.start()
        for _ in print_letters(letter(), roster(size), engine(), letters_per_file=10):
            pass
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    peak(20)
    assert peak(120) < 1.3 * peak(40)


@pytest.mark.parametrize("per_file", [1, 40])
def test_helper_processes_print_the_same_files_in_the_same_order(per_file):
    alone, _ = run(roster(250), letters_per_file=per_file, workers=0)
    helped, tally = run(roster(250), letters_per_file=per_file, workers=2)
    assert helped == alone
    tally.refuse_loss(250)


def test_a_repeated_row_ends_the_helper_processes():
    def twice():
        yield from roster(150)
        yield recipient(7)

    with pytest.raises(NoticeError, match="row 7 comes after row 150"):
        run(twice(), letters_per_file=10, workers=2)


def test_what_is_no_pdf_is_told():
    with pytest.raises(ValueError, match="not a readable PDF"):
        list(page_texts(b"%PDF-nonsense"))


def test_reading_back_finds_a_sheet_that_belongs_to_another_letter():
    first = list(page_texts(run([recipient(1)])[0][0].pdf))
    other = list(page_texts(run([recipient(2)])[0][0].pdf))
    back = read_back([first[0], other[1]], recipient(1), letter().notice_date)
    assert any(footer_label(recipient(1)) in fault for fault in back.faults)
    assert read_back(first, recipient(1), letter().notice_date).faults == ()

"""Large print by person: the same approved words, at 18 points for those who asked, proved from the PDF."""

from datetime import date

import msgspec
import pypdfium2 as pdfium
import pytest

from incident.roster.dedupe import _said_about_the_letter
from incident.roster.formats import LARGE_PRINT, read_format
from incident.roster.mapping import guess_mapping
from incident.roster.person import Address, Contact, Person, email_for
from incident.roster.reasons import Flag
from notices.bulk import addressed_batches, print_letters
from notices.context import House
from notices.engines import engine
from notices.errors import NoticeError
from notices.large import small_words
from notices.preflight import Exclusion
from notices.press import Addressed
from notices.printer import Printer
from tests.incident.roster.test_checks import check
from tests.notices.test_house import letter, person


def reader(row: int, *, large: bool):
    return msgspec.structs.replace(person(row), large_print=large)


def sizes(pdf: bytes) -> set[int]:
    with pdfium.PdfDocument(pdf) as document:
        text = document[0].get_textpage()
        at = text.get_text_range().index("There was a data breach")
        return {round(text.get_charbox(at, loose=True)[3] - text.get_charbox(at, loose=True)[1])}


def test_a_list_prints_each_person_in_the_size_they_asked_for():
    context = letter()
    wanted = [False, False, True, False, True, True]
    rows = [reader(number, large=large) for number, large in enumerate(wanted, start=1)]
    files = list(print_letters(context, rows, engine(), letters_per_file=100, workers=0))
    assert [len(file.letters) for file in files] == [2, 1, 1, 2]
    records = [record for file in files for record in file.letters]
    assert [record.row for record in records] == [1, 2, 3, 4, 5, 6]
    assert [record.variant.endswith(".large") for record in records] == wanted
    assert all(record.pages > records[0].pages for record in records if record.variant.endswith(".large"))
    assert sizes(files[0].pdf) != sizes(files[1].pdf)


@pytest.mark.parametrize("name", ["plutoprint", "pdfkit", "weasyprint"])
def test_every_word_of_large_print_is_large_in_every_engine(name):
    context = letter()
    printed = Printer(context, engine(name)).file([Addressed(reader(1, large=True), context.variants[0])])
    assert small_words(printed.pdf, 1, printed.letters[0].pages) == ""
    small = Printer(context, engine(name)).file([Addressed(reader(1, large=False), context.variants[0])])
    assert small_words(small.pdf, 1, small.letters[0].pages)


def test_words_that_came_out_small_stop_the_letter():
    house = House(title="x", sha256="x", style_large="li { font-size: 12pt; }")
    context = letter(house)
    with pytest.raises(NoticeError, match="row 7: in large print these words are smaller than 18 points: "):
        Printer(context, engine()).file([Addressed(reader(7, large=True), context.variants[0])])


def test_no_row_is_lost_between_the_sizes():
    context = letter()
    rows = [reader(number, large=number % 3 == 0) for number in range(1, 20)]
    rows[4] = Exclusion(row=5, code="no_letter", reason="x")
    batches = list(addressed_batches(context, rows, 4))
    out = [each.row if isinstance(each, Exclusion) else [letter.recipient.row for letter in each] for each in batches]
    assert sorted(row for each in out for row in (each if isinstance(each, list) else [each])) == list(range(1, 20))
    for batch in batches:
        assert isinstance(batch, Exclusion) or len({letter.recipient.large_print for letter in batch}) == 1


@pytest.mark.parametrize(
    ("cell", "read"),
    [("Large Print", LARGE_PRINT), ("18-point", LARGE_PRINT), ("y", LARGE_PRINT), ("", ""), ("Standard", ""),
     ("N/A", ""), ("Braille", "Braille"), ("audio CD", "audio CD")],
)  # fmt: skip
def test_what_a_list_says_of_the_form(cell, read):
    assert read_format(cell) == read


def test_a_column_of_forms_is_found_and_told():
    assert guess_mapping(["Name", "Large Print"])["format"] == "Large Print"
    assert guess_mapping(["Name", "Preferred Format"])["format"] == "Preferred Format"
    large, other, plain = check(format="large print"), check(format="Braille"), check(format="standard")
    assert large.person is not None
    assert (large.person.format, Flag.LARGE_PRINT in large.flags, "large_print" in large.findings) == (
        LARGE_PRINT,
        True,
        True,
    )
    assert ("format_other" in other.findings, Flag.LARGE_PRINT in other.flags) == (True, False)
    assert (plain.findings, Person().format) == (check().findings, "")


def test_two_rows_that_differ_in_the_form_are_not_one_by_themselves():
    assert _said_about_the_letter(Person()) != _said_about_the_letter(Person(format=LARGE_PRINT))


GROWN = Person(
    given_name="Ana", family_name="Díaz", date_of_birth=date(1980, 1, 1), email="ana@example.org", email_consent=True
)


@pytest.mark.parametrize(
    "change",
    [
        {"email_consent": None},
        {"email_consent": False},
        {"email": ""},
        {"deceased": True},
        {"date_of_birth": date(2015, 1, 1)},
        {"representative": Contact("Lee Example")},
        {"confidential_address": Address(("1 Oak St",), "Chicago", "IL", "60601")},
        {"date_of_birth": None, "guardian_name": "Lee Example"},
    ],
)
def test_an_email_goes_to_nobody_but_who_agreed_to_it_for_themselves(change):
    on = date(2026, 11, 20)
    assert email_for(GROWN, on) == "ana@example.org"
    assert email_for(msgspec.structs.replace(GROWN, **change), on) == ""

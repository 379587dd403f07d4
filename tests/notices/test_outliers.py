"""The preflight: every row a letter or an exclusion, and what stands out is laid out for a person to look at."""

import io
from uuid import UUID

import msgspec
import pikepdf
import pytest

from incident.views.queries import LetterRow
from notices import outliers
from notices.engines import engine
from notices.glyphs import missing_glyphs, unprintable
from notices.outliers import KEPT, lay_out, preflight
from notices.sight import page_words
from tests.notices.samples import letter

LONG = "Maria Wolfeschlegelsteinhausenberger-Montalembert y Saavedra Cortés de la Bruère"


def row(number, name="Ann Ray", **changes):
    basis = changes.pop("basis", "45 CFR 164.404(d)(1)(i)")
    whole = {
        "roster": UUID(int=1), "row": number, "code": f"2026-001-1-{number:06}", "state": "IL", "language": "en",
        "name_lines": (name,), "address_lines": (f"{number} Oak St", "Chicago, IL 60614"), "salutation": name,
        "audience": "adult", "basis": basis,
    }  # fmt: skip
    return LetterRow(**(whole | changes))


def excluded(number, reason):
    return row(number, excluded=reason)


ROWS = [
    row(2),
    row(3, LONG),
    row(4, "Юлия Ёлкина"),
    row(5, "Zoë O'Neil", audience="parent_of_minor", name_lines=("Ann O'Neil", "Parent or guardian of Zoë O'Neil")),
    row(6, "Ana Díaz", audience="next_of_kin", state="CA"),
    row(7, audience="personal_representative", basis="45 CFR 164.502(g)(2)"),
    row(8, basis="45 CFR 164.404(d)(1)(i) with 164.522(b)"),
    row(9, address_lines=("1 Rue de Rivoli", "75001 Paris", "FRANCE"), abroad=True, state=""),
    row(10, address_lines=("Unit 1", "Building 2", "The Old Mill", "9 Oak Street", "Chicago, IL 60614")),
    excluded(11, "no sufficient address is known"),
    excluded(12, "no sufficient address is known"),
    row(13, "สมชาย Chai"),
    row(14, "Łukasz Żółć", language="vi"),
]


@pytest.fixture(scope="module")
def found():
    return preflight(letter(), iter(ROWS), engine())


def group(found, kind):
    return next(each for each in found.outliers if each.kind == kind)


def test_every_row_is_a_letter_or_left_out_with_its_reason(found):
    assert (found.rows, found.letters, found.excluded) == (13, 10, 3)
    assert {each.reason: each.count for each in found.left_out} == {
        "no sufficient address is known": 2,
        "the fonts cannot print name or address": 1,
    }
    glyph = next(each for each in found.left_out if "fonts" in each.reason)
    ((code, why),) = glyph.rows
    assert code == "2026-001-1-000013"
    assert why.startswith("row 13: the fonts cannot print: U+0E2A")


def test_the_letters_divide_by_text_language_state_and_paper(found):
    assert sum(found.variants.values()) == sum(found.languages.values()) == sum(found.states.values()) == found.letters
    assert found.variants["ca.next_of_kin.en"] == 1
    assert found.languages == {"en": 10}
    assert found.states == {"IL": 8, "CA": 1, "not known": 1}
    assert found.paper == {"US Letter": 10}


@pytest.mark.parametrize(
    ("kind", "rows", "why"),
    [
        ("parent_of_minor", [5], "45 CFR"),
        ("next_of_kin", [6], "45 CFR"),
        ("personal_representative", [7], "164.502(g)(2)"),
        ("confidential", [8], "164.522(b)"),
        ("abroad", [9], "FRANCE"),
        ("script Cyrillic", [4], ""),
        ("script Latin with accents", [14, 3, 6, 5], ""),
    ],
)
def test_a_kind_of_outlier_has_its_rows(found, kind, rows, why):
    members = group(found, kind).members
    assert sorted(each.letter.recipient.row for each in members) == sorted(rows)
    assert all(why in each.why for each in members)


def test_the_longest_come_first(found):
    assert group(found, "longest_name").members[0].letter.recipient.row == 3
    assert group(found, "longest_name").members[0].why == f"{len(LONG)} characters"
    assert group(found, "window").members[0].letter.recipient.row == 10
    assert group(found, "window").members[0].why == "6 of 6 lines"


def test_a_letter_that_runs_over_its_pages_is_found_by_laying_it_out(monkeypatch):
    usual = preflight(letter(), iter(ROWS), engine())
    assert "extra_page" not in {each.kind for each in usual.outliers}, "that long a name takes no further page here"
    monkeypatch.setattr(outliers, "_pages", lambda press, each: 3 if each.recipient.row == 3 else 2)
    (member,) = group(preflight(letter(), iter(ROWS), engine()), "extra_page").members
    assert (member.letter.recipient.row, member.why) == (3, "3 pages, where il.adult.en has 2")


def test_the_sheet_has_one_of_each_kind_and_nobody_twice(found):
    rows = [each.letter.recipient.row for each in found.sheet]
    assert len(rows) == len(set(rows))
    assert {3, 4, 5, 6, 7, 8, 9, 10} <= set(rows)
    text = page_words(lay_out(letter(), engine(), found.sheet))
    for each in found.sheet:
        assert each.letter.recipient.code in text
    assert "Юлия Ёлкина" in text


def test_an_engine_that_prints_one_letter_a_file_gives_one_sheet_too(found):
    pdfkit = engine("pdfkit")
    text = page_words(lay_out(letter(), pdfkit, found.sheet[:2]))
    assert all(each.letter.recipient.code in text for each in found.sheet[:2])


def test_a_group_counts_everybody_and_keeps_a_few():
    many = (row(number, "Юлия Ёлкина") for number in range(2, 3 * KEPT))
    found = preflight(letter(), many, engine())
    script = group(found, "script Cyrillic")
    assert (script.count, len(script.members)) == (3 * KEPT - 2, KEPT)
    assert len(group(found, "longest_name").members) == group(found, "longest_name").count == 3
    assert msgspec.structs.replace(script, members=()).count == found.letters


def test_a_letter_reads_from_the_top_whatever_the_order_on_the_page(found):
    lines = page_words(lay_out(letter(), engine(), [group(found, "script Cyrillic").members[0]])).splitlines()
    at = {
        said: next(n for n, line in enumerate(lines) if said in line) for said in ("Юлия Ёлкина", "Dear Юлия", "What H")
    }
    assert at["Юлия Ёлкина"] < at["Dear Юлия"] < at["What H"]
    assert any("Page 1 of 2" in line for line in lines)
    with pytest.raises(ValueError, match="not a readable PDF"):
        page_words(b"nothing")


def test_all_of_printable_ascii_has_its_glyphs():
    """What the preflight does not look at one by one."""
    plain = "".join(map(chr, range(0x20, 0x7F)))
    assert plain.isprintable()
    assert missing_glyphs(plain) == unprintable(plain) == ""


def test_a_letter_in_large_print_is_laid_out_in_large_print_among_the_others():
    found = preflight(letter(), iter([*ROWS[:2], row(20, "Ida Lund", large_print=True), row(21, "Bo Li")]), engine())
    assert found.paper == {"US Letter": 3, "large print": 1}
    (large,) = group(found, "large_print").members
    usual = group(found, "longest_name").members[0]
    sheet = lay_out(letter(), engine(), [usual, large])
    with pikepdf.open(io.BytesIO(sheet)) as document:
        count = len(document.pages)
    alone = [lay_out(letter(), engine(), [each]) for each in (usual, large)]
    assert count == sum(len(page_words(pdf).split("\f")) for pdf in alone) > 4
    assert "Ida Lund" in page_words(sheet)

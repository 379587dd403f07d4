"""Files as they come: encodings, separators, quotation marks, titles above the headings, and what is no list."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident.errors import InvalidInput
from incident.roster import delimited, mapping
from incident.roster.mapping import FIELDS, apply_corrections, guess_mapping, names_a_person
from incident.roster.reading import Reader, inspect
from incident.roster.record import Record
from tests.incident.roster.conftest import ALICE, HEADINGS, Write, shared


def read(path: Path, **options: str) -> list[Record]:
    return list(Reader(inspect(path, **options)))


NAMES = "Name,City\nJosé Zúñiga,Chicago\nŁukasz Żuk,Gary\n"


@pytest.mark.parametrize(
    "codec",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"],
)
def test_unicode_is_recognized(write: Write, codec: str) -> None:
    path = write(NAMES.encode(codec))
    assert inspect(path).encoding == codec
    assert [record.cells for record in read(path)] == [["José Zúñiga", "Chicago"], ["Łukasz Żuk", "Gary"]]


def test_windows_letters_are_a_visible_guess(write: Write) -> None:
    path = write("Name,City\r\nJosé Zúñiga,Chicago\r\nRenée O’Dell,Gary\r\n".encode("cp1252"))
    source = inspect(path)
    assert (source.encoding, source.encoding_certain) == ("cp1252", False)
    assert "guess" in source.notes[0]
    assert read(path)[1].cells == ["Renée O’Dell", "Gary"]


def test_the_encoding_can_be_told(write: Write) -> None:
    path = write("Name,City\nŁukasz Żuk,Gary\n".encode("cp1250"))
    assert read(path, encoding="cp1250")[0].cells[0] == "Łukasz Żuk"
    with pytest.raises(InvalidInput, match="encoding: 'klingon'"):
        inspect(path, encoding="klingon")


def test_a_wrong_encoding_is_refused_and_not_mangled(write: Write) -> None:
    path = write("Name,City\nŁukasz Żuk,Gary\n".encode("cp1250"))
    with pytest.raises(InvalidInput, match="not utf-8 text"):
        read(path, encoding="utf-8")


def test_a_late_non_ascii_letter_decides_too(write: Write) -> None:
    path = write(("Name,City\n" + "Anna,Gary\n" * 150_000 + "José,Gary\n").encode("cp1252"))
    assert inspect(path).encoding == "cp1252"


@pytest.mark.parametrize(
    ("codec", "name"), [("cp1250", "Szczepański Świątek"), ("cp1251", "Тарас Шевчук"), ("cp1253", "Ελένη Νικολαΐδη")]
)
def test_other_old_encodings_are_told_by_their_letters(write: Write, codec: str, name: str) -> None:
    path = write(("Name,City\n" + f"{name},Gary\n" * 20).encode(codec))
    assert inspect(path).encoding == codec
    assert read(path)[0].cells[0] == name


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_separator_is_found(write: Write, delimiter: str) -> None:
    rows = [["Last Name", "First Name", "City"], ["Doe, Jr", "Ann; M", "St|Louis"], ["Roe", "Bo", "Gary"]]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    path = write(out.getvalue())
    assert inspect(path).delimiter == delimiter
    assert [record.cells for record in read(path)] == rows[1:]


def test_a_declared_separator_is_believed(write: Write) -> None:
    path = write("sep=;\r\nName;City\r\nAnn, M;Gary\r\n")
    assert inspect(path).delimiter == ";"
    assert [(record.row, record.cells) for record in read(path)] == [(3, ["Ann, M", "Gary"])]


def test_a_title_above_the_headings_is_passed_over_and_told(write: Write) -> None:
    path = write('Patient list "A"\nPrinted 11/1/2026,page 1\n\nLast Name,First Name\nDoe,Ann\n')
    source = inspect(path)
    assert (source.heading_row, source.headings) == (4, ("Last Name", "First Name"))
    assert source.notes == ("3 lines above the headings skipped",)
    assert [(record.row, record.cells) for record in Reader(source)] == [(5, ["Doe", "Ann"])]


def test_rows_are_numbered_by_the_line_they_begin_on(write: Write) -> None:
    path = write('Name,Note\n"Ann","one\ntwo\nthree"\n\nBo,x\r\n,,\nCy,"a ""q"" b"\n')
    reader = Reader(inspect(path))
    assert [(record.row, record.cells) for record in reader] == [
        (2, ["Ann", "one\ntwo\nthree"]), (6, ["Bo", "x"]), (8, ["Cy", 'a "q" b']),
    ]  # fmt: skip
    assert reader.blank == 2


def test_ragged_rows_are_told_apart(write: Write) -> None:
    path = write("Name,City,Zip\nAnn,Gary\nBo,Gary,46402,\nCy,12 A St, Apt 3,Gary\n")
    assert [(record.row, record.fault) for record in read(path)] == [(2, "columns_fewer"), (3, ""), (4, "columns_more")]


def test_bad_quotes_within_a_line_cost_that_row_only(write: Write) -> None:
    path = write('Name,City\n"Ann "Annie" Doe",Gary\nBo,Gary\n')
    assert [(record.row, record.fault) for record in read(path)] == [(2, "bad_quotes"), (3, "")]


@pytest.mark.parametrize(
    "rows", ['Ann,"12 A St\nBo,Gary\nCy,Gary\n', 'Ann,"12 A St\nBo,"Gary"\nCy,Gary\n', 'Ann,"' + "x\n" * 90_000]
)
def test_a_quotation_mark_that_swallows_rows_refuses_the_file(write: Write, rows: str) -> None:
    with pytest.raises(InvalidInput, match=r"list\.csv: row 2: a quotation mark"):
        read(write("Name,City\n" + rows))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "no text"),
        (b"\xef\xbb\xbf", "no text"),
        (b"PK\x03\x04rest", "Excel"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel"),
        (b"%PDF-1.7", "PDF"),
        (bytes(range(256)) * 50, "binary"),
        (b"Name,City\nAnn,\x00Gary\n", "binary"),
    ],
)
def test_what_is_no_list_is_refused_in_one_line(write: Write, content: bytes, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as refusal:
        read(write(content))
    assert len(refusal.value.faults) == 1
    assert refusal.value.faults[0].startswith("list.csv: ")


def test_headings_that_stand_twice_are_told_apart_by_their_columns(write: Write) -> None:
    source = inspect(write("Name,City,name,\u59d3\u540d,Name (column 1)\nAnn,Gary,Ann,x,y\n"))
    assert source.headings == (
        "Name (column 1)",
        "City",
        "name (column 3)",
        "\u59d3\u540d",
        "Name (column 1) (column 5)",
    )
    assert len(set(source.headings)) == len(source.headings)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"nowhere\.csv: cannot be read"):
        inspect(tmp_path / "nowhere.csv")
    with pytest.raises(InvalidInput, match="cannot be read"):
        inspect(tmp_path)


def test_a_line_without_end_is_not_read_into_memory(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "LINE_LIMIT", 1000)
    with pytest.raises(InvalidInput, match="row 3: a line of more than 1,000 characters"):
        read(write("Name,City\nAnn,Gary\n" + "x" * 5000))


def test_a_file_that_changes_while_it_is_read_is_refused(write: Write) -> None:
    path = write("Name,City\nAnn,Gary\n")
    source = inspect(path)
    write("Name,City\nAnn,Evanston\n")
    with pytest.raises(InvalidInput, match="changed"):
        list(Reader(source))


def test_headings_cannot_steer_a_terminal(write: Write) -> None:
    path = write("Name,\x1b[31mred\x1b[0m,City\nAnn,x,Gary\n")
    assert all(heading.isprintable() for heading in inspect(path).headings)


cells = st.lists(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n",;\t'), max_size=12),
        min_size=2, max_size=4,
    ),
    max_size=12,
)  # fmt: skip


@given(cells)
def test_what_a_csv_writer_wrote_is_read_back(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    path = tmp_path_factory.mktemp("written") / "list.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Name", "b", "c", "d"])
        writer.writerows(rows)
    found = [record.cells for record in read(path)]
    blank = " \t\r\n\u00a0\x1a"
    assert found == [[*row, *[""] * (4 - len(row))] for row in rows if any(cell.strip(blank) for cell in row)]


# --- mapping ---


def test_headings_are_known_by_many_spellings() -> None:
    guess = guess_mapping(
        ["Pt. Last Name", "PATIENT FIRST NAME", "D.O.B.", "Street", "ST", "Zip Code", "E-mail", "MRN"]
    )
    assert guess == {
        "patient_id": "MRN", "given_name": "PATIENT FIRST NAME", "family_name": "Pt. Last Name", "address1": "Street",
        "state": "ST", "zip": "Zip Code", "date_of_birth": "D.O.B.", "email": "E-mail",
    }  # fmt: skip


def test_the_mailing_address_is_taken_before_the_home_address() -> None:
    assert guess_mapping(["Home Address", "Mailing Address", "Name"])["address1"] == "Mailing Address"


def test_what_only_contains_a_known_word_is_not_taken() -> None:
    assert guess_mapping(["License State", "Birth City", "Insurance ID", "Email Domain", "Emergency Phone"]) == {}


def test_a_heading_means_one_thing() -> None:
    every = [heading for text in mapping._HEADINGS.values() for heading in text.split()]
    assert len(every) == len(set(every))


def test_a_guess_can_be_corrected() -> None:
    headings = ["Name", "Contact", "Zip", "Old Zip"]
    guess = guess_mapping(headings)
    assert guess == {"full_name": "Name", "zip": "Zip"}
    assert apply_corrections(guess, {"zip": "old zip", "full_name": None, "family_name": "Name"}, headings) == {
        "family_name": "Name",
        "zip": "Old Zip",
    }
    assert apply_corrections(guess, {"city": "Zip"}, headings) == {"full_name": "Name", "city": "Zip"}


def test_a_correction_that_names_nothing_is_refused_by_its_path() -> None:
    with pytest.raises(InvalidInput) as refusal:
        apply_corrections({}, {"shoe_size": "Name", "zip": "Zap"}, ["Name"])
    assert [fault.split(":")[0] for fault in refusal.value.faults] == ["mapping.shoe_size", "mapping.zip"]


def test_a_given_name_alone_does_not_name_a_person() -> None:
    assert not names_a_person({"given_name": "First"})
    assert all(names_a_person({field: "x"}) == (field in {"full_name", "family_name"}) for field in FIELDS)


# --- real data ---


@pytest.mark.parametrize(
    "name",
    ["comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines", "newlines_crlf",
     "quotes_and_newlines", "simple", "simple_crlf", "utf8", "location_coordinates"],
)  # fmt: skip
def test_csv_spectrum_is_read_as_it_says(name: str) -> None:
    path = shared(f"csv-spectrum/csvs/{name}.csv")
    expected = json.loads(shared(f"csv-spectrum/json/{name}.json").read_text("utf-8"))
    source = inspect(path)
    found = [dict(zip(source.headings, record.cells, strict=True)) for record in Reader(source)]
    if name == "location_coordinates":
        # The collection's expected result has another telephone number than its file.
        expected = [expected | {"Contact Phone Number": found[0]["Contact Phone Number"]}]
    assert found == expected


def test_alice_is_read_from_the_usual_list(write: Write) -> None:
    assert read(write([ALICE]))[0].cells == ALICE.split(",")
    assert len(ALICE.split(",")) == len(HEADINGS.split(","))

"""Excel workbooks: what Excel does to a list is shown, and what no spreadsheet program writes is refused unread."""

import random
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from incident.errors import InvalidInput
from incident.roster import workbook
from incident.roster.importer import check_roster, preview
from incident.roster.reading import Reader, inspect
from tests.incident.roster.conftest import ALICE, BRUNO, HEADINGS, ON

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Write a workbook of one sheet; `change` may do to it what it likes."""

    def to(
        rows: list[list[object]], change: Callable[[Workbook, Worksheet], None] | None = None, name: str = "list.xlsx"
    ) -> Path:
        book = Workbook()
        sheet = book.active
        assert isinstance(sheet, Worksheet)
        sheet.title = "Patients"
        for row in rows:
            sheet.append(row)
        if change is not None:
            change(book, sheet)
        path = tmp_path / name
        book.save(path)
        return path

    return to


def repack(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The workbook with its parts changed (None: left out)."""
    with zipfile.ZipFile(path) as archive:
        parts = [(part.filename, archive.read(part)) for part in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            new = change(name, content)
            if new is not None:
                archive.writestr(name, new)
    return path


def with_shared_strings(path: Path) -> Path:
    """The same workbook with its texts in the table of shared strings, where Excel keeps them."""
    texts: list[bytes] = []

    def shared(match: re.Match[bytes]) -> bytes:
        texts.append(match[2])
        return b'<c %s t="s"><v>%d</v></c>' % (match[1], len(texts) - 1)

    def change(name: str, content: bytes) -> bytes:
        if name.startswith("xl/worksheets/"):
            content = re.sub(rb'<c (r="\w+") t="inlineStr">(<is>.*?</is>)</c>', shared, content)
        elif name == "xl/_rels/workbook.xml.rels":
            kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
            link = b'<Relationship Id="rId99" Type="' + kind + b'" Target="/xl/sharedStrings.xml"/>'
            content = content.replace(b"</Relationships>", link + b"</Relationships>")
        elif name == "[Content_Types].xml":
            kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
            part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/>'
            content = content.replace(b"</Types>", part + b"</Types>")
        return content

    repack(path, change)
    table = b"".join(text.replace(b"<is>", b"<si>").replace(b"</is>", b"</si>") for text in texts)
    with zipfile.ZipFile(path, "a") as archive:
        space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        archive.writestr(
            "xl/sharedStrings.xml", b'<?xml version="1.0"?><sst xmlns="' + space + b'">' + table + b"</sst>"
        )
    return path


def in_sheet(old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    def change(name: str, content: bytes) -> bytes:
        if not name.startswith("xl/worksheets/"):
            return content
        assert old in content
        return content.replace(old, new, 1)

    return change


def cells(path: Path) -> list[list[str]]:
    return [record.cells for record in Reader(inspect(path))]


TITLES: list[object] = ["Name", "DOB", "State", "Zip"]


def test_a_workbook_says_the_same_as_the_text_file(make: Make) -> None:
    path = make([HEADINGS.split(","), ALICE.split(","), BRUNO.split(","), ALICE.split(",")])
    report = check_roster(path, on=ON, rows=True)
    assert (report.rows_in, report.accepted, report.merged) == (3, 2, 1)
    assert (report.encoding, report.delimiter, report.sheet) == ("xlsx", "", "Patients")
    assert [row.row for row in report.rows or ()] == [2, 3, 4]
    assert preview(path, on=ON).sheets == ("Patients",)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2108, "2108"),
        (60614.0, "60614"),
        (12.5, "12.5"),
        (123456789012345678.0, "1.23456789012346E+17"),
        (True, "TRUE"),
        (datetime(1984, 3, 2), "1984-03-02"),  # noqa: DTZ001 - a cell has no zone
        (datetime(1984, 3, 2, 13, 5), "1984-03-02 13:05:00"),  # noqa: DTZ001
        (time(7, 30), "07:30:00"),
        (timedelta(hours=30), "1 day, 6:00:00"),
        ("#N/A", "#N/A"),
        ("a_x000D_b", "a\rb"),
        ("_xD800_", "_xD800_"),
        (" x ", " x "),
    ],
)
def test_a_cell_is_read_as_the_text_it_stands_for(make: Make, value: object, text: str) -> None:
    assert cells(make([TITLES, ["Ana Sol", value, "IL", "60614"]]))[0][1] == text


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (2108, "00000", "02108"),
        (21081234, "00000\\-0000", "02108-1234"),
        (2108, "[<=99999]00000;00000\\-0000", "02108"),
        (21081234, "[<=99999]00000;00000\\-0000", "02108-1234"),
        (606140, "00000", "606140"),
        (2108, "#,##0", "2108"),
    ],
)
def test_a_number_shown_with_its_zeros_is_read_with_them(make: Make, value: int, number_format: str, text: str) -> None:
    def change(_book: Workbook, sheet: Worksheet) -> None:
        sheet["D2"].number_format = number_format

    assert cells(make([TITLES, ["Ana Sol", "", "MA", value]], change))[0][3] == text


def test_days_are_counted_from_the_day_that_the_workbook_counts_from(make: Make) -> None:
    def change(book: Workbook, _sheet: Worksheet) -> None:
        book.epoch = CALENDAR_MAC_1904

    path = make([TITLES, ["Ana Sol", 20000, "IL", "60614"]], change)
    assert inspect(path).day_0 + timedelta(20000) == date(1958, 10, 4)
    assert any("1904" in note for note in inspect(path).notes)
    # Day 38000 is in 2008 here and in 2004 in other workbooks: a minor and an adult.
    rows: list[list[object]] = [TITLES, ["Ana Sol", 38000, "IL", "60614"]]
    assert check_roster(make(rows, change, "minor.xlsx"), on=date(2026, 1, 1)).minors == 1
    assert check_roster(make(rows, name="adult.xlsx"), on=date(2026, 1, 1)).minors == 0


def test_the_sheet_that_names_people_is_read_and_the_others_are_told(make: Make) -> None:
    def change(book: Workbook, _sheet: Worksheet) -> None:
        more = book.create_sheet("Archive 2019")
        more.append(["First Name", "Last Name"])
        more.append(["Ona", "Lark"])
        more.sheet_state = "hidden"

    path = make([["Summary of the year"], ["Visits", 12]], change)
    chosen = inspect(path)
    assert chosen.sheet == "Archive 2019"
    assert any("hidden in the workbook" in note for note in chosen.notes)
    path = make([TITLES, ["Ana Sol", "", "IL", "60614"]], change)
    assert inspect(path).sheet == "Patients"
    assert any("'Archive 2019' (hidden) names people too" in note for note in inspect(path).notes)
    assert check_roster(path, on=ON, sheet="archive 2019").rows_in == 1
    with pytest.raises(InvalidInput, match="sheet: no sheet 'Nope'; there are 'Patients', 'Archive 2019'"):
        inspect(path, sheet="Nope")


def test_what_cannot_be_seen_or_stands_once_for_several_rows_is_said(make: Make) -> None:
    def change(_book: Workbook, sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True
        sheet.merge_cells("C2:C3")

    path = make([TITLES, ["Ana Sol", "", "IL", "60614"], ["Bo Tate", "", "", "60614"]], change)
    notes = " | ".join(inspect(path).notes)
    assert "1 hidden or filtered row is read too" in notes
    assert "hidden columns are read too" in notes
    assert "merged cells (row 2)" in notes
    assert check_roster(path, on=ON).rows_in == 2


def test_a_formula_whose_result_was_never_saved_is_an_error_and_not_an_empty_cell(make: Make) -> None:
    path = make([TITLES, ["Ana Sol", "", "IL", "=60600+14"], ["Bo Tate", "", "IL", ""]])
    assert any("1 formula(s) without a saved result" in note for note in inspect(path).notes)
    assert [row[3] for row in cells(path)] == ["#N/A", ""]
    with_result = repack(path, in_sheet(b"<v></v>", b"<v>60614</v>") if b"<v></v>" in sheet_xml(path) else
                         in_sheet(b"<v />", b"<v>60614</v>"))  # fmt: skip
    assert [row[3] for row in cells(with_result)] == ["60614", ""]
    assert inspect(with_result).notes == ()


def sheet_xml(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def test_rows_that_are_left_out_keep_their_numbers(make: Make) -> None:
    def change(_book: Workbook, sheet: Worksheet) -> None:
        sheet["A9"] = "Bo Tate"

    path = make([TITLES, ["Ana Sol"]], change)
    reader = Reader(inspect(path))
    assert [record.row for record in reader] == [2, 9]
    assert reader.blank == 6
    assert reader.position == path.stat().st_size


def test_what_the_sheet_claims_about_its_size_is_not_believed(make: Make) -> None:
    path = make([TITLES, ["Ana Sol", "", "IL", "60614"], ["Bo Tate", "", "IL", "60614"]])
    repack(path, in_sheet(b'ref="A1:D3"', b'ref="A1:B2"'))
    assert [row[3] for row in cells(path)] == ["60614", "60614"]
    repack(path, in_sheet(b'ref="A1:B2"', b'ref="A1:XFD1048576"'))
    assert len(cells(path)) == 2


# --- hostile and damaged files ---

ROWS: list[list[object]] = [TITLES, ["Ana Sol", "", "IL", "60614"], ["Bo Tate", "", "IL", "60614"]]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"<worksheet", b'<!DOCTYPE w [<!ENTITY a "b">]><worksheet', "declares a document type or entities"),
        (b'<row r="3"', b'<row r="2"', "rows are not in order"),
        (b'<row r="3"', b'<row r="99999999999"', "rows are not in order"),
        (b'r="D3"', b'r="ZZZZ3"', "a column that Excel does not have"),
        (b"</sheetData>", b"</sheetDada>", "damaged"),
        (b'<row r="3"', b'<row q="' + b"x" * (9 << 20) + b'" r="3"', "a row of more than"),
    ],
)
def test_a_sheet_that_no_program_writes_is_refused(make: Make, old: bytes, new: bytes, words: str) -> None:
    path = repack(make(ROWS), in_sheet(old, new))
    with pytest.raises(InvalidInput, match=words) as refusal:
        cells(path)
    assert refusal.value.faults[0].startswith("list.xlsx: ")


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "xl/sharedStrings.xml"])
def test_entities_are_refused_in_every_part(make: Make, part: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    attack = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'.encode()
    path = with_shared_strings(make(ROWS))
    assert cells(path) == cells(make(ROWS, name="plain.xlsx"))
    repack(path, lambda name, content: attack + content.partition(b"?>")[2] if name == part else content)
    with pytest.raises(InvalidInput, match="declares a document type or entities"):
        cells(path)


def test_a_bomb_is_refused_before_it_is_unpacked(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    zeros = b" " * (20 << 20)
    path = repack(make(ROWS), in_sheet(b"</sheetData>", zeros + b"</sheetData>"))
    opened: list[str] = []
    monkeypatch.setattr("openpyxl.load_workbook", lambda *_a, **_k: opened.append("opened"))
    with pytest.raises(InvalidInput, match=r"unpacks from [\d,]+ to 2[\d,]+ bytes"):
        inspect(path)
    assert opened == []


def test_a_large_table_of_strings_is_refused(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "STRINGS_LIMIT", 100)
    with pytest.raises(InvalidInput, match=r"'xl/sharedStrings\.xml' unpacks"):
        inspect(with_shared_strings(make(ROWS)))


def test_a_part_that_is_there_twice_is_refused(make: Make) -> None:
    path = make(ROWS)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<worksheet/>")
    with pytest.raises(InvalidInput, match="in the workbook twice"):
        inspect(path)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"xl/workbook.bin": b""}, "binary Excel workbook"),
        ({"word/document.xml": b"<a/>"}, "Word document"),
        ({"content.xml": b"<a/>"}, "OpenDocument"),
        ({"people.csv": b"Name\nAna\n"}, "unpack it first"),
        ({"xl/workbook.xml": b"<a/>"}, "damaged"),
    ],
)
def test_other_zipped_files_are_named(tmp_path: Path, members: dict[str, bytes], words: str) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(InvalidInput, match=words):
        inspect(path)


def test_old_and_encrypted_workbooks_are_named(tmp_path: Path) -> None:
    path = tmp_path / "list.xls"
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
    path.write_bytes(ole)
    with pytest.raises(InvalidInput, match=r"list\.xls: an old Excel \(\.xls\)"):
        inspect(path)
    path.write_bytes(ole + "EncryptedPackage".encode("utf-16-le") + bytes(200))
    with pytest.raises(InvalidInput, match="encrypted Excel workbook: open it with its password"):
        inspect(path)


def test_options_of_the_other_form_are_refused(make: Make, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"encoding: list\.xlsx is an Excel workbook"):
        inspect(make(ROWS), encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"delimiter: list\.xlsx is an Excel workbook"):
        inspect(make(ROWS), delimiter=";")
    text = tmp_path / "list.csv"
    text.write_text("Name,Zip\nAna Sol,60614\n")
    with pytest.raises(InvalidInput, match=r"sheet: list\.csv is no workbook"):
        inspect(text, sheet="Patients")


def test_a_workbook_that_changes_while_it_is_read_is_refused(make: Make) -> None:
    source = inspect(make(ROWS))
    make([*ROWS, ["Cy Marl", "", "IL", "60614"]])
    with pytest.raises(InvalidInput, match="changed since it was looked at"):
        list(Reader(source))


def test_damaged_bytes_are_refused_or_change_nothing(make: Make) -> None:
    path = make([HEADINGS.split(","), *([ALICE.split(","), BRUNO.split(",")] * 20)])
    whole, chance = path.read_bytes(), random.Random(5)
    true = cells(path)
    refused = 0
    for _ in range(60):
        broken = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        path.write_bytes(bytes(broken[: chance.randrange(len(broken))] if chance.random() < 0.2 else broken))
        try:
            assert len(cells(path)) == len(true)
        except InvalidInput:
            refused += 1
    assert refused > 10

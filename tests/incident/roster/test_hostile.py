"""Lists that are meant to do harm: no crash, no wrong count, bounded memory, nothing that a terminal would obey."""

import csv
import io
import json
import tracemalloc
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from incident.errors import InvalidInput
from incident.roster import delimited
from incident.roster.importer import check_roster, preview
from incident.roster.reading import Reader, inspect
from incident.roster.vault import Vault
from tests.incident.roster.conftest import ALICE, HEADINGS, ON, ROSTER, Write, imported
from tui import persons, rosters
from tui.cli.roster import roster as roster_commands

ORDERS = [
    "\x1b[2J\x1b[1;1H", "\x1b]0;title\x07", "\x1b]52;c;ZXZpbA==\x07", "\x1bP$q\x1b\\", "\x9b31m", "\x1b[31mred\x1b[0m",
    "\x07\x08\x7f", "a\rb", "\x0b\x0c", "\u202eevil\u202c", "\u2066x\u2069", "\u200fx\u061c", "\ufffa\U000e0041",
    "\x85", "\u2028\u2029",
]  # fmt: skip
MARKUP = ["[bold red]x[/]", "[@click=app.quit]x[/]", "[/]", "<script>alert(1)</script>", "{{7*7}}", "{%raw%}", "%s%n"]
FORMULAS = ["=cmd|' /C calc'!A0", "@SUM(1)", "+1-1", "-2+3", '=HYPERLINK("http://x","y")']
NUMBERS = ["NaN", "Infinity", "1e309", "-0", "0x10", "1/0", "9" * 400, "١٢٣", "Ⅻ", "½"]
ODD = ["", " ", "\u00a0", "\u00ad", "\ufeff", "Z͑ͫ̓ͪ̂̕ͅALGO", "👩‍👩‍👧", "﷽", "ﬁ", "Ｔｅｓｔ", "null", "../../etc/passwd", "${jndi:ldap://x}",
       "'; DROP TABLE people; --", "a" * 5_000, "\U0001f3f4", "#REF!", "1.0E+15"]  # fmt: skip
NAUGHTY = [*ORDERS, *MARKUP, *FORMULAS, *NUMBERS, *ODD]

_OBEYED = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def harmless(text: str) -> bool:
    """Whether a terminal shows the text, line by line, and does nothing else."""
    return not any(
        character in _OBEYED or (unicodedata.category(character) == "Cc" and character != "\n") for character in text
    )


def in_every_column(texts: list[str]) -> list[list[str]]:
    usual, width = ALICE.split(","), len(HEADINGS.split(","))
    return [
        [text if place == column else cell for place, cell in enumerate(usual)]
        for column in range(width)
        for text in texts
    ]


def as_csv(rows: list[list[str]], headings: list[str] | None = None) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([headings or HEADINGS.split(","), *rows])
    return out.getvalue()


def test_naughty_texts_are_counted_in_every_column_of_text_and_workbook(write: Write, tmp_path: Path) -> None:
    rows = in_every_column(NAUGHTY)
    report = check_roster(write(as_csv(rows)), on=ON, rows=True)
    assert report.rows_in == len(rows) == report.accepted + report.quarantined + report.merged == len(report.rows or ())
    assert sum(report.by_state.values()) == report.accepted
    book = Workbook(write_only=True)
    sheet = book.create_sheet("People")
    for row in [HEADINGS.split(","), *rows]:
        # A text that begins with = would be a formula here; Excel itself cannot hold controls.
        sheet.append(["'" + cell if cell[:1] == "=" else ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in row])
    book.save(tmp_path / "list.xlsx")
    report = check_roster(tmp_path / "list.xlsx", on=ON)
    assert report.rows_in == len(rows) == report.accepted + report.quarantined + report.merged


def test_no_screen_shows_anything_that_a_terminal_obeys(write: Write, vault: Vault) -> None:
    rows = in_every_column([*ORDERS, *MARKUP])
    path = write(as_csv(rows))
    shown = preview(path, rows=len(rows), on=ON)
    words = [rosters.preview_summary(shown)]
    for each in shown.rows:
        words += [cell.plain for cell in rosters.preview_cells(each)]
        words += [str(line) for line in rosters.preview_panel(each)]
    for cells in rosters.mapping_rows(shown).values():
        words += [cell.plain for cell in cells]
    imported(path, vault)
    for row in vault.iterate(ROSTER, status=None):
        words += [cell.plain for cell in persons.person_cells(row)]
        words += [str(line) for line in persons.person_lines(row, ON)]
        words += [str(line) for line in persons.held_lines(row)]
        words += [cell.plain for cell in persons.quarantine_cells(row)]
    assert [text for text in words if not harmless(text)] == []
    assert any("[bold red]x[/]" in text for text in words), "markup is shown as it is written"


def test_the_command_line_prints_nothing_that_a_terminal_obeys(write: Write) -> None:
    headings = ["Name", "State", *(f"Note {place} {text}" for place, text in enumerate(ORDERS))]
    path = write(as_csv([["Ana Sol", "IL", *ORDERS], ["\x1b[2JBo", "IL", *ORDERS]], headings), "li\x1b[2Jst.csv")
    for options in ([], ["--rows"], ["--json"], ["--json", "--rows"]):
        result = CliRunner().invoke(roster_commands, ["check", str(path), *options], catch_exceptions=False)
        assert result.exit_code == 0
        assert harmless(result.output)
    assert json.loads(result.output)["in"] == 2
    refused = CliRunner().invoke(roster_commands, ["check", str(write("\x1b[2J,b\n1,2\n", "a\x1b[2Jb.csv"))])
    assert refused.exit_code == 2
    assert harmless(refused.output)


# --- memory ---


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"x" * (24 << 20), "row 1: a line of more than"),
        (b"Name,Zip\n" + b"a" * (24 << 20), "a line of more than"),
        (b'Name,Zip\n"Ana","6' + b"\n" * (24 << 20), "does not end properly|left open"),
        (b"Name,Zip\n" + b'"a\n",' * (4 << 20), "a record of more than"),
        (b"Name,Zip\n" + b"," * (24 << 20), "a line of more than"),
        ("Name,Zip\n".encode("utf-16") + "é".encode("utf-16-le") * (12 << 20), "a line of more than"),
    ],
    ids=["one line", "one cell", "open quote", "endless record", "endless cells", "wide"],
)
def test_what_has_no_end_is_refused_in_little_memory(write: Write, content: bytes, words: str) -> None:
    path = write(content)
    size = len(content)
    del content
    tracemalloc.start()
    try:
        with pytest.raises(InvalidInput, match=words) as refusal:
            check_roster(path, {"full_name": "Name"} if size != 24 << 20 else None, on=ON)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert refusal.value.faults[0].startswith("list.csv: ")
    assert peak < 64 << 20, "less than three times the line limit in four-byte letters, whatever the file holds"


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"Name,Zip\nAna Sol", "a binary file"),
        (b"Name,Zip" + b"x" * (1 << 21), "holds no headings"),
        (b"", "a binary file"),
    ],
    ids=["text, then zero bytes", "one line", "zero bytes"],
)
def test_of_two_gigabytes_that_are_no_list_only_the_beginning_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, head: bytes, words: str
) -> None:
    path = tmp_path / "list.csv"
    with path.open("wb") as file:
        file.write(head)
        file.truncate(2 << 30)  # sparse: it takes no room

    def whole(*_: object) -> None:
        raise AssertionError("all of it was read")

    monkeypatch.setattr(delimited, "_whole", whole)
    tracemalloc.start()
    try:
        with pytest.raises(InvalidInput, match=words):
            check_roster(path, on=ON)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 32 << 20


def test_a_record_over_many_lines_is_read_up_to_its_limit(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write('Name,Note,Zip\nAna Sol,"' + "line\n" * 50 + '",60614\nBo Tate,,60614\n')
    assert [record.row for record in Reader(inspect(path))] == [2, 53]
    monkeypatch.setattr(delimited, "RECORD_LIMIT", 200)
    with pytest.raises(InvalidInput, match="row 40: a record of more than 200 characters"):
        list(Reader(inspect(path)))


# --- what is no text ---


@pytest.mark.parametrize(
    ("content", "encoding", "words"),
    [
        (b"Name,Zip\nAn\x00a,60614\n", None, "binary"),
        (b"Name,Zip\n" + b"Ana Sol,60614\n" * 30_000 + b"An\x00a,60614\n", None, "zero byte"),
        (b"Name,Zip\nAn\xed\xa0\x80a,60614\n", "utf-8", "not utf-8 text"),
        ("\ufeffName,Zip\n".encode("utf-16-le") + b"A\x00\x00\xd8a\x00,\x001\x00\n\x00", None, "not utf-16 text"),
    ],
    ids=["zero byte", "late zero byte", "surrogate in utf-8", "surrogate in utf-16"],
)
def test_zero_bytes_and_lone_surrogates_refuse_the_file(
    write: Write, content: bytes, encoding: str | None, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        check_roster(write(content), on=ON, encoding=encoding)


@pytest.mark.parametrize(
    "encoding", ["unicode_escape", "raw_unicode_escape", "utf-7", "idna", "punycode", "rot13", "zip"]
)
def test_a_notation_is_no_encoding(write: Write, encoding: str) -> None:
    path = write("Name,Zip\n\\ud800Ana Sol,60614\n")
    with pytest.raises(InvalidInput, match="is no encoding of a list"):
        check_roster(path, on=ON, encoding=encoding)
    assert check_roster(path, on=ON).accepted == 1

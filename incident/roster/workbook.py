"""Excel workbooks: checked before any parser sees them, then read row by row with openpyxl's streaming reader.

A cell becomes the text that a person sees in Excel where that is certain (a ZIP code shown as 02108 by its number
format, a date as year-month-day), and else the number itself, so that the checks of a row can tell what Excel did to
it. Results of formulas are the ones Excel saved; nothing is computed.

Limits: a part that unpacks beyond reason, names an entity or document type, or numbers its rows out of order refuses
the file. Sheets are streamed; the table of shared strings is all that openpyxl holds in memory.
"""

import hashlib
import re
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, LargeZipFile, ZipFile

import msgspec

from incident.errors import InvalidInput
from incident.roster.dates import DAY_0_OF_1900, DAY_0_OF_1904

CHUNK = 1 << 20
PARTS_LIMIT = 10_000
SHEET_LIMIT = 2 << 30
"""Bytes of one unpacked sheet: a million rows of twenty columns take about half of it."""
STRINGS_LIMIT = 256 << 20
PART_LIMIT = 32 << 20
RATIO_FROM, RATIO_LIMIT = 16 << 20, 250
"""A part that unpacks to more than the first must not be packed more tightly than the second; sheets pack 5 to 60."""
ROW_LIMIT = 8 << 20
"""Bytes of one row, or of what follows the rows."""
MOST_ROWS = 1 << 20
"""Rows of a sheet that Excel knows."""

_BROKEN = (
    BadZipFile, LargeZipFile, zlib.error, ParseError, ValueError, LookupError, TypeError,
    AttributeError, ArithmeticError, EOFError, RecursionError, NotImplementedError, RuntimeError, OSError,
    AssertionError,
)  # fmt: skip
"""What openpyxl and zipfile raise on damaged files; neither promises a list."""

_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_ROW_NUMBER = re.compile(rb"\br=[\"'](\d+)[\"']")
_HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']")
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*\bhidden=[\"'](?:1|true)[\"']")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=[\"']([A-Z]+)(\d+):([A-Z]+)(\d+)[\"']")
_FAR_COLUMN = re.compile(rb"\br=[\"'][A-Z]{4,}\d")
_NOT_COMPUTED = re.compile(
    rb"<(?:\w+:)?c\b((?:\s[^>/]*)?)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MASK = re.compile(r"0[0-]*\Z")


def what_old_office_file(path: Path) -> str:
    """What an OLE file is: an encrypted workbook, or one of the format before 2007."""
    marker, before = "EncryptedPackage".encode("utf-16-le"), b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if marker in before + chunk:
                return "an encrypted Excel workbook: open it with its password and save it without one"
            before = chunk[-len(marker) :]
    return "an old Excel (.xls) or Office file: save it as .xlsx or CSV first"


def kind_of_zip(path: Path) -> str:
    """Why a zipped file is no workbook that can be read; empty where it is one."""
    try:
        with ZipFile(path) as archive:
            names = set(archive.namelist())
    except _BROKEN:
        return "a damaged Excel or other zipped file"
    if any(re.fullmatch(r"xl/workbook\w*\.xml", name) for name in names):
        return ""
    if "xl/workbook.bin" in names:
        return "a binary Excel workbook (.xlsb): save it as .xlsx or CSV first"
    if "word/document.xml" in names:
        return "a Word document: export the list as .xlsx or CSV"
    if "content.xml" in names:
        return "an OpenDocument file: save it as .xlsx or CSV first"
    return "a zipped file that is no Excel workbook: unpack it first"


class Scan(msgspec.Struct, frozen=True):
    """What one pass over a sheet's bytes found: its rows, and what a person looking at it would not see or expect.

    `hidden_rows` and `merged` are row numbers (of a merged area: first and last); `not_computed` are cells whose
    formula has no saved result, by reference.
    """

    rows: int
    hidden_rows: tuple[int, ...]
    hidden_columns: bool
    merged: tuple[tuple[int, int], ...]
    not_computed: frozenset[str]

    def said(self, heading_row: int) -> list[str]:
        """The notes about the rows below the headings."""
        notes = []
        if hidden := sum(row > heading_row for row in self.hidden_rows):
            notes.append(f"{hidden:,} hidden or filtered row{'s are' if hidden > 1 else ' is'} read too")
        if self.hidden_columns:
            notes.append("hidden columns are read too")
        merged = sorted({first for first, last in self.merged if last > heading_row})
        if merged:
            rows = ", ".join(map(str, merged[:5])) + (", …" if len(merged) > 5 else "")
            notes.append(
                f"merged cells (row {rows}): only the first cell of each holds its value, the others are empty"
            )
        if self.not_computed:
            notes.append(
                f"{len(self.not_computed):,} formula(s) without a saved result: open and save the file in Excel; "
                "until then those cells count as errors"
            )
        return notes


class Workbook:
    """An open workbook. Made by `open_workbook`."""

    def __init__(self, path: Path, archive: ZipFile, book: Any, sha256: str, size: int) -> None:  # noqa: ANN401
        self._path = path
        self._archive = archive
        self._book = book
        self._scans: dict[str, Scan] = {}
        self.sha256 = sha256
        self.size = size

    @property
    def sheets(self) -> tuple[str, ...]:
        """The worksheets by name, in the order of their tabs."""
        return tuple(sheet.title for sheet in self._book.worksheets)

    @property
    def hidden(self) -> frozenset[str]:
        """The ones that Excel does not show."""
        return frozenset(sheet.title for sheet in self._book.worksheets if sheet.sheet_state != "visible")

    @property
    def day_0(self) -> date:
        """The day from which plain numbers count."""
        from openpyxl.utils.datetime import CALENDAR_MAC_1904  # noqa: PLC0415 - see `open_workbook`

        return DAY_0_OF_1904 if self._book.epoch == CALENDAR_MAC_1904 else DAY_0_OF_1900

    def first_rows(self, sheet: str, limit: int) -> Iterator[tuple[int, list[str]]]:
        """The first rows of a sheet, whatever they hold."""
        return islice(self.rows(sheet), limit)

    def rows(self, sheet: str, scan: Scan | None = None) -> Iterator[tuple[int, list[str]]]:
        """Every row of a sheet with its number, empty cells at the end left out.

        `scan` is what an earlier pass over the same bytes found.
        """
        not_computed = (scan or self.scan(sheet)).not_computed
        worksheet = self._book[sheet]
        # What the sheet says about its size may be wrong, and rows would be cut or padded to it.
        worksheet.reset_dimensions()
        row = 0
        with _refusals(self._path.name, lambda: f"sheet {sheet!r}, row {row + 1}: "):
            for row, cells in enumerate(worksheet.iter_rows(min_row=1), start=1):
                texts = [_text(cell) if cell.value is not None else "" for cell in cells]
                if not_computed:
                    for place, cell in enumerate(cells):
                        if cell.value is None and getattr(cell, "coordinate", "") in not_computed:
                            texts[place] = "#N/A"
                while texts and not texts[-1]:
                    texts.pop()
                yield row, texts

    def scan(self, sheet: str) -> Scan:
        """Look over the bytes of a sheet; needed before any of it is parsed.

        Raises:
            InvalidInput: it is not safe to parse, or its rows cannot be told apart.
        """
        if sheet not in self._scans:
            part = self._book[sheet]._worksheet_path  # openpyxl tells it nowhere else
            where = f"{self._path.name}: sheet {sheet!r}"
            with _refusals(self._path.name, lambda: f"sheet {sheet!r}: "), self._archive.open(part) as file:
                self._scans[sheet] = _scan(file, where)
        return self._scans[sheet]


@contextmanager
def open_workbook(path: Path) -> Iterator[Workbook]:
    """Open a workbook for reading, once every part of it has been found safe to parse.

    Raises:
        InvalidInput: damaged, protected, without sheets, or not safe to parse.
    """
    # It takes a third of a second to load, and most cases are opened without a workbook in sight.
    from openpyxl import load_workbook  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    name = path.name
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of styles and extensions that it leaves out
        with _refusals(name):
            archive = ZipFile(path)
            _check_parts(name, archive)
            try:
                book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
            except InvalidFileException as error:
                raise ValueError(str(error)) from None
        try:
            workbook = Workbook(path, archive, book, digest, path.stat().st_size)
            if not workbook.sheets:
                raise InvalidInput(f"{name}: the workbook has no worksheet")
            yield workbook
        finally:
            book.close()
            archive.close()


class SheetRows:
    """The rows of a sheet as (row number, cells, fault); `position` is the share of the file that the rows make up."""

    def __init__(self, path: Path, sheet: str, scan: Scan, *, sha256: str, size: int) -> None:
        self._path = path
        self._sheet = sheet
        self._sha256 = sha256
        self._size = size
        self._scan = scan
        self._of = max(scan.rows, 1)
        self._done = 0

    @property
    def position(self) -> int:
        """Bytes of the file that stand for the rows read so far."""
        return self._size * min(self._done, self._of) // self._of

    def __iter__(self) -> Iterator[tuple[int, list[str], str]]:
        with open_workbook(self._path) as book:
            if book.sha256 != self._sha256:
                raise InvalidInput(f"{self._path.name}: the file changed since it was looked at; try again")
            for row, cells in book.rows(self._sheet, self._scan):
                self._done = row
                yield row, cells, ""
            self._done = self._of


@contextmanager
def _refusals(name: str, where: Any = lambda: "") -> Iterator[None]:  # noqa: ANN401 - a function without arguments
    try:
        yield
    except InvalidInput:
        raise
    except _BROKEN as error:
        # Messages of parsers may quote the file, so only the kind of fault is told.
        raise InvalidInput(f"{name}: {where()}a damaged Excel workbook ({type(error).__name__})") from None


def _check_parts(name: str, archive: ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > PARTS_LIMIT:
        raise InvalidInput(f"{name}: {len(parts):,} parts are no workbook")
    seen: set[str] = set()
    for part in parts:
        if part.filename.casefold() in seen:
            raise InvalidInput(f"{name}: {part.filename!r} is in the workbook twice")
        seen.add(part.filename.casefold())
        if part.flag_bits & 1:
            raise InvalidInput(f"{name}: an encrypted workbook: save it without a password")
        sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
        strings = part.filename.startswith("xl/sharedStrings")
        limit = SHEET_LIMIT if sheet else STRINGS_LIMIT if strings else PART_LIMIT
        is_xml = part.filename.endswith((".xml", ".rels"))
        too_tight = part.file_size > RATIO_FROM and part.file_size > RATIO_LIMIT * max(part.compress_size, 1)
        if (is_xml and part.file_size > limit) or too_tight:
            raise InvalidInput(
                f"{name}: {part.filename!r} unpacks from {part.compress_size:,} to {part.file_size:,} bytes, which is "
                "no list of people; save the sheet as CSV"
            )
        if is_xml:
            with archive.open(part) as file:
                before = b""
                while chunk := file.read(CHUNK):
                    _refuse_declarations(f"{name}: {part.filename!r}", before + chunk, first=not before)
                    before = chunk[-16:]
                    if sheet:
                        break  # opening the workbook reads no further; the rest is scanned before its rows
        if part.filename == "xl/workbook.xml" and b"purl.oclc.org/ooxml" in archive.read(part):
            raise InvalidInput(f"{name}: saved as Strict Open XML: save it as an ordinary Excel workbook")


def _refuse_declarations(where: str, xml: bytes, *, first: bool) -> None:
    """No part of a workbook has a document type; where one is, somebody wants entities or other files read."""
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise InvalidInput(f"{where} declares a document type or entities; no spreadsheet program writes that")
    if first and xml[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise InvalidInput(f"{where} is not written in UTF-8; save the workbook anew")


def _scan(file: IO[bytes], where: str) -> Scan:
    rows, number = 0, 0
    hidden: list[int] = []
    merged: list[tuple[int, int]] = []
    not_computed: set[str] = set()
    hidden_columns = False
    rest, first = b"", True
    while True:
        chunk = file.read(CHUNK)
        text = rest + chunk
        _refuse_declarations(where, text, first=first)
        first = False
        # Whole rows only, so that nothing is cut in two.
        cut = (text.rfind(b"row>") + 4 if b"row>" in text else 0) if chunk else len(text)
        ready, rest = text[:cut], text[cut:]
        if len(rest) > ROW_LIMIT:
            raise InvalidInput(f"{where}: after row {number:,} comes a row of more than {ROW_LIMIT:,} bytes")
        for match in _ROW.finditer(ready):
            given = _ROW_NUMBER.search(match[1])
            after, number = number, int(given[1]) if given else number + 1
            if number <= after or number > MOST_ROWS:
                raise InvalidInput(f"{where}: row {number:,} after row {after:,}: the rows are not in order")
            rows += 1
            if _HIDDEN.search(match[1]):
                hidden.append(number)
        if _FAR_COLUMN.search(ready):
            raise InvalidInput(f"{where}: near row {number:,}: a column that Excel does not have")
        hidden_columns = hidden_columns or _HIDDEN_COLUMN.search(ready) is not None
        merged += [(int(match[2]), int(match[4])) for match in _MERGED.finditer(ready)]
        if b"<f" in ready or b":f" in ready:
            not_computed |= _not_computed(ready)
        if not chunk:
            return Scan(number, tuple(hidden), hidden_columns, tuple(merged), frozenset(not_computed))


def _not_computed(xml: bytes) -> set[str]:
    found = set()
    for match in _NOT_COMPUTED.finditer(xml):
        # Of a formula that gives text, an empty result is a result.
        if b't="str"' in match[1]:
            continue
        if reference := re.search(rb"\br=[\"']([A-Z]+\d+)", match[1]):
            found.add(reference[1].decode())
    return found


def _text(cell: Any) -> str:  # noqa: ANN401, PLR0911 - openpyxl's cells of several kinds, one return each
    value = cell.value
    if isinstance(value, str):
        return _ESCAPED.sub(_unescaped, value) if "_x" in value else value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if not value.is_integer() or abs(value) >= 1e15:
            # Beyond fifteen digits Excel has rounded; written so, the checks can tell.
            return f"{value:.14E}" if abs(value) >= 1e15 else repr(value)
        value = int(value)
    if isinstance(value, int):
        return _as_shown(value, cell.number_format)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    raise ValueError("a cell of an unknown kind")


def _unescaped(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return match[0] if "\ud800" <= character <= "\udfff" else character


def _as_shown(value: int, number_format: str | None) -> str:
    """A whole number under a format of zeros and dashes, such as Excel's own for ZIP codes and telephone numbers."""
    text = str(value)
    mask = (number_format or "").rpartition(";")[2].replace("\\", "").replace('"', "")
    if value < 0 or not _MASK.match(mask):
        return text
    if ";" in (number_format or "") and len(text) <= 5:
        mask = "00000"  # [<=99999]00000;00000-0000
    zeros = mask.count("0")
    if len(text) > zeros:
        return text
    digits = iter(text.zfill(zeros))
    return "".join(next(digits) if place == "0" else place for place in mask)

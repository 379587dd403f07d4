"""Reading a list of people record by record, whatever form it has, without ever holding more than one of them.

What the file is (a workbook or delimited text, its sheet, encoding and separator, where the headings stand) is found
first; each guess is in the result to be shown, and each can be overruled.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import msgspec

from incident.errors import InvalidInput
from incident.roster.dates import DAY_0_OF_1900
from incident.roster.delimited import TITLE_LINES, TextRows, first_records, survey
from incident.roster.mapping import distinct, guess_mapping, names_a_person
from incident.roster.record import Record
from incident.roster.workbook import Scan, SheetRows, Workbook, kind_of_zip, open_workbook, what_old_office_file

WORKBOOK = "xlsx"
"""Stands for the encoding of a workbook, which has none of its own."""

_BLANK = " \t\r\n\u00a0\x1a"
"""What an empty cell may hold; the last is the end mark of old DOS files."""

_FORMATS = (
    (b"%PDF", "a PDF: export the list as CSV"),
    (b"{\\rtf", "an RTF document: export the list as CSV"),
    (b"\x1f\x8b", "a gzip file: unpack it first"),
    (b"SQLite format 3", "a database: export the table as CSV"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK"


class Source(msgspec.Struct, frozen=True):
    """What a file turned out to be. `heading_row` is the line or sheet row of the headings; `size` in bytes.

    `encoding_certain` is False where nothing in the file proves the encoding. Of a workbook `sheet` is the one that is
    read and `sheets` are all of them; its encoding is `xlsx` and it has no delimiter. `day_0` is the day from which
    the file counts dates that are plain numbers, `scan` what a pass over the bytes of the sheet found.
    """

    path: Path
    sha256: str
    size: int
    encoding: str
    encoding_certain: bool
    delimiter: str
    heading_row: int
    headings: tuple[str, ...]
    notes: tuple[str, ...]
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    scan: Scan | None = None
    day_0: date = DAY_0_OF_1900


def inspect(
    path: Path, *, encoding: str | None = None, delimiter: str | None = None, sheet: str | None = None
) -> Source:
    """Find out what the file is. `encoding`, `delimiter` and `sheet` overrule the guess.

    Raises:
        InvalidInput: missing, empty, binary, undecodable, without headings; or an option that does not fit the file.
    """
    name = path.name
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise InvalidInput(f"{name}: cannot be read: {error.strerror or error}") from None
    for magic, what in _FORMATS:
        if head.startswith(magic):
            raise InvalidInput(f"{name}: {what}")
    if head.startswith(_OLD_OFFICE):
        raise InvalidInput(f"{name}: {what_old_office_file(path)}")
    if head.startswith(_ZIP):
        if what := kind_of_zip(path):
            raise InvalidInput(f"{name}: {what}")
        for option, value in (("encoding", encoding), ("delimiter", delimiter)):
            if value is not None:
                raise InvalidInput(f"{option}: {name} is an Excel workbook, which has none; choose a sheet")
        return _inspect_workbook(path, sheet)
    if sheet is not None:
        raise InvalidInput(f"sheet: {name} is no workbook, so it has no sheet {sheet!r}")
    return _inspect_text(path, encoding, delimiter)


def _inspect_text(path: Path, encoding: str | None, delimiter: str | None) -> Source:
    form = survey(path, encoding=encoding, delimiter=delimiter)
    notes = []
    if not form.encoding_certain:
        notes.append(f"the encoding is a guess: {form.encoding}; look at the names in the preview")
    records = (each for each in first_records(form.beginning, form.delimiter, TITLE_LINES) if each[0] > form.skip)
    heading_row, headings = _headings(path.name, records)
    notes += _skipped(heading_row)
    return Source(
        path, form.sha256, form.size, form.encoding, form.encoding_certain, form.delimiter, heading_row, headings,
        tuple(notes),
    )  # fmt: skip


def _inspect_workbook(path: Path, wanted: str | None) -> Source:
    with open_workbook(path) as book:
        sheet, others = _choose(book, wanted)
        heading_row, headings = _headings(path.name, book.first_rows(sheet, TITLE_LINES))
        notes = [*_said_of_sheets(book, sheet, others), *_skipped(heading_row)]
        scan = book.scan(sheet)
        notes += scan.said(heading_row)
        return Source(
            path, book.sha256, book.size, WORKBOOK, encoding_certain=True, delimiter="", heading_row=heading_row,
            headings=headings, notes=tuple(notes), sheet=sheet, sheets=book.sheets, scan=scan, day_0=book.day_0,
        )  # fmt: skip


def _choose(book: Workbook, wanted: str | None) -> tuple[str, list[str]]:
    """The sheet to read, and which of the others hold names too: the first visible one that names people is taken."""
    if wanted is not None:
        chosen = next((each for each in book.sheets if each.casefold() == wanted.strip().casefold()), None)
        if chosen is None:
            raise InvalidInput(f"sheet: no sheet {wanted!r}; there are {', '.join(map(repr, book.sheets))}")
        return chosen, [each for each in book.sheets if each != chosen and _names_people(book, each)]
    naming = [each for each in book.sheets if _names_people(book, each)]
    visible = [each for each in naming if each not in book.hidden]
    first = (visible or naming or [each for each in book.sheets if each not in book.hidden] or book.sheets)[0]
    return first, [each for each in naming if each != first]


def _names_people(book: Workbook, sheet: str) -> bool:
    return any(names_a_person(guess_mapping(cells)) for _, cells in book.first_rows(sheet, TITLE_LINES))


def _said_of_sheets(book: Workbook, sheet: str, others: list[str]) -> list[str]:
    notes = []
    if len(book.sheets) > 1:
        notes.append(f"sheet {sheet!r} is read, one of {len(book.sheets)}")
    if sheet in book.hidden:
        notes.append(f"sheet {sheet!r} is hidden in the workbook")
    notes += [
        f"sheet {other!r}{' (hidden)' if other in book.hidden else ''} names people too and is not read: import it by "
        "itself if they are affected"
        for other in others
    ]
    if book.day_0 != DAY_0_OF_1900:
        notes.append("the workbook counts days from 1904; dates are read so")
    return notes


def _skipped(heading_row: int) -> list[str]:
    if heading_row == 1:
        return []
    return [f"{heading_row - 1} {'line' if heading_row == 2 else 'lines'} above the headings skipped"]


class Reader:
    """Iterates over the records below the headings.

    `position` is how many bytes have been read, `blank` how many empty records were passed over.

    Raises while iterating:
        InvalidInput: the file changed since it was inspected, or a fault makes the count of records doubtful.
    """

    def __init__(self, source: Source) -> None:
        self.blank = 0
        self._source = source
        self._rows: TextRows | SheetRows
        if source.scan is not None:
            self._rows = SheetRows(source.path, source.sheet, source.scan, sha256=source.sha256, size=source.size)
        else:
            self._rows = TextRows(
                source.path,
                encoding=source.encoding,
                delimiter=source.delimiter,
                sha256=source.sha256,
                heading_row=source.heading_row,
            )

    @property
    def position(self) -> int:
        """Bytes read so far."""
        return self._rows.position

    def __iter__(self) -> Iterator[Record]:
        heading_row, width = self._source.heading_row, len(self._source.headings)
        for row, cells, fault in self._rows:
            if row <= heading_row:
                continue
            form = fault
            if not form:
                if not "".join(cells).strip(_BLANK):
                    self.blank += 1
                    continue
                if len(cells) > width:
                    if "".join(cells[width:]).strip(_BLANK):
                        yield Record(row, cells, "columns_more")
                        continue
                elif len(cells) < width:
                    # A workbook leaves out the empty cells at the end of a row; in text the row may be torn.
                    if not self._source.sheet:
                        form = "columns_fewer"
                    cells.extend([""] * (width - len(cells)))
            yield Record(row, cells, form)


def _headings(name: str, records: Iterable[tuple[int, list[str]]]) -> tuple[int, tuple[str, ...]]:
    first: tuple[int, list[str]] | None = None
    for row, cells in records:
        if not any(map(str.strip, cells)):
            continue
        first = first or (row, cells)
        if names_a_person(guess_mapping(cells)):
            return row, _tidy_headings(cells)
    if first is None:
        raise InvalidInput(f"{name}: no row of headings")
    row, cells = first
    return row, _tidy_headings(cells)


def _tidy_headings(cells: list[str]) -> tuple[str, ...]:
    # Headings are printed in messages and on screens, so nothing in them may be a control character.
    return distinct(["".join(c if c.isprintable() else " " for c in cell).strip() for cell in cells])

"""Reading a delimited file record by record, without ever holding more than one of them.

What the file is (encoding, separator, where the headings stand) is found first, from the whole file for the encoding
and from its beginning for the rest; each guess is in the result to be shown. Anything that makes the count of records
doubtful (a quotation mark that never closes, a line of many megabytes) refuses the file; it never drops lines.
"""

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
from charset_normalizer import from_bytes

from incident.errors import InvalidInput
from incident.roster.mapping import guess_mapping, names_a_person
from incident.roster.record import Record

CHUNK = 1 << 20
SAMPLE = 1 << 18
LINE_LIMIT = 1 << 20
"""Characters in one line; a longer one is no roster, and reading it whole could exhaust the memory."""
HEADING_SEARCH = 20
"""Records looked at for the row of headings, below whatever title a report puts above it."""

_BLANK = " \t\r\n\u00a0\x1a"
"""What an empty cell may hold; the last is the end mark of old DOS files."""

DELIMITERS = (",", "\t", ";", "|")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_OLD_ENCODINGS = (
    "cp1252", "cp1250", "cp1251", "cp1253", "mac_roman", "cp437", "cp850", "shift_jis", "euc_kr", "gb18030", "big5",
)  # fmt: skip
"""What practice-management systems and spreadsheets wrote before Unicode."""

_FORMATS = (
    (b"PK\x03\x04", "an Excel or other zipped file: save the sheet as CSV first"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Office file: save the sheet as CSV first"),
    (b"%PDF", "a PDF: export the list as CSV"),
    (b"{\\rtf", "an RTF document: export the list as CSV"),
    (b"\x1f\x8b", "a gzip file: unpack it first"),
    (b"SQLite format 3", "a database: export the table as CSV"),
)


class Source(msgspec.Struct, frozen=True):
    """What a file turned out to be. `heading_row` is the line number of the headings; `size` in bytes.

    `encoding_certain` is False where nothing in the file proves the encoding.
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


def inspect(path: Path, *, encoding: str | None = None, delimiter: str | None = None) -> Source:
    """Find out what the file is. `encoding` and `delimiter` overrule the guess.

    Raises:
        InvalidInput: missing, empty, binary, undecodable, without headings or with a heading twice.
    """
    name = path.name
    sha256, size, head, is_utf8, sample = _survey(path)
    if size == 0:
        raise InvalidInput(f"{name}: the file is empty")
    for magic, what in _FORMATS:
        if head.startswith(magic):
            raise InvalidInput(f"{name}: {what}")
    encoding, certain = _encoding(name, encoding, head, sample, is_utf8=is_utf8)
    text = _sample_text(name, sample_head=head, encoding=encoding)
    notes = [] if certain else [f"the encoding is a guess: {encoding}; look at the names in the preview"]
    if delimiter is not None:
        delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter)
        if len(delimiter) != 1 or delimiter in '"\r\n ':
            raise InvalidInput(f"delimiter: {delimiter!r} cannot separate cells; give one character, or tab")
    skip, declared = _declared_delimiter(text)
    delimiter = delimiter or declared or _delimiter(text)
    heading_row, headings = _headings(name, text, delimiter, skip)
    if heading_row > 1:
        lines = "line" if heading_row == 2 else "lines"
        notes.append(f"{heading_row - 1} {lines} above the headings skipped")
    return Source(path, sha256, size, encoding, certain, delimiter, heading_row, headings, tuple(notes))


class Reader:
    """Iterates over the records below the headings.

    `position` is how many bytes have been read, `blank` how many empty records were passed over.

    Raises while iterating:
        InvalidInput: the file changed since it was inspected, or a fault makes the count of records doubtful.
    """

    def __init__(self, source: Source) -> None:
        self.blank = 0
        self._source = source
        self._counting: _CountingReader | None = None

    @property
    def position(self) -> int:
        """Bytes read so far."""
        return self._counting.count if self._counting else 0

    def __iter__(self) -> Iterator[Record]:
        source, name = self._source, self._source.path.name
        width = len(source.headings)
        with source.path.open("rb") as file:
            self._counting = counting = _CountingReader(file)
            text = io.TextIOWrapper(io.BufferedReader(counting, CHUNK), encoding=source.encoding, newline="")
            rows = csv.reader(_lines(text, name), delimiter=source.delimiter, strict=True)
            end = 0
            try:
                while True:
                    start = end + 1
                    try:
                        cells = next(rows)
                    except StopIteration:
                        break
                    except csv.Error as error:
                        end = rows.line_num
                        if start <= source.heading_row:
                            continue
                        if end > start or "end of data" in str(error) or "field larger" in str(error):
                            raise InvalidInput(
                                f"{name}: row {start}: a quotation mark opens a cell that does not end properly "
                                f"({error}); the records after it cannot be told apart"
                            ) from None
                        yield Record(start, [], "bad_quotes")
                        continue
                    end = rows.line_num
                    if start <= source.heading_row:
                        continue
                    if not any(cells) or not any(cell.strip(_BLANK) for cell in cells):
                        self.blank += 1
                        continue
                    fault = ""
                    if len(cells) > width:
                        if any(cell.strip(_BLANK) for cell in cells[width:]):
                            fault = "columns_more"
                    elif len(cells) < width:
                        fault = "columns_fewer"
                        cells.extend([""] * (width - len(cells)))
                    yield Record(start, cells, fault)
            except UnicodeDecodeError:
                raise InvalidInput(
                    f"{name}: near row {end + 1}: not {source.encoding} text; name the right encoding"
                ) from None
            if counting.digest() != source.sha256:
                raise InvalidInput(f"{name}: the file changed while it was being read; try again")


class _CountingReader(io.RawIOBase):
    """Passes bytes through, counting and hashing them."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._hash.update(data)
        self.count += len(data)
        return len(data)

    def digest(self) -> str:
        return self._hash.hexdigest()


def _lines(text: io.TextIOBase, name: str) -> Iterator[str]:
    number = 0
    while line := text.readline(LINE_LIMIT):
        number += 1
        if len(line) == LINE_LIMIT and line[-1] not in "\r\n":
            raise InvalidInput(f"{name}: row {number}: a line of more than {LINE_LIMIT:,} characters is no roster")
        if "\0" in line:
            raise InvalidInput(f"{name}: row {number}: a zero byte; the file is binary or damaged")
        yield line


def _survey(path: Path) -> tuple[str, int, bytes, bool, bytes]:
    """SHA-256, size, beginning, whether it is all UTF-8, and a sample of the parts that are not ASCII."""
    digest, size, is_utf8 = hashlib.sha256(), 0, True
    decoder = codecs.getincrementaldecoder("utf-8")()
    head, sample = b"", bytearray()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                head = head or chunk[:SAMPLE]
                if is_utf8:
                    try:
                        decoder.decode(chunk)
                    except UnicodeDecodeError:
                        is_utf8 = False
                if len(sample) < SAMPLE and not chunk.isascii():
                    sample += _around_non_ascii(chunk, SAMPLE - len(sample))
        if is_utf8:
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        is_utf8 = False
    except OSError as error:
        raise InvalidInput(f"{path.name}: cannot be read: {error.strerror or error}") from None
    return digest.hexdigest(), size, head, is_utf8, bytes(sample)


def _around_non_ascii(chunk: bytes, limit: int) -> bytes:
    lines = [line for line in chunk.splitlines(keepends=True) if not line.isascii()]
    return b"".join(lines)[:limit]


def _encoding(name: str, wanted: str | None, head: bytes, sample: bytes, *, is_utf8: bool) -> tuple[str, bool]:
    if wanted is not None:
        try:
            b"text".decode(wanted, "replace")  # finds codecs that are no encodings of text, such as hex
            return codecs.lookup(wanted).name, True
        except (LookupError, UnicodeError):
            raise InvalidInput(f"encoding: {wanted!r} is no encoding; try utf-8 or cp1252") from None
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding, True
    if b"\0" in head:
        wide = _wide_without_bom(head)
        if wide is None:
            raise InvalidInput(f"{name}: a binary file, not a list in text form: export it as CSV")
        return wide, False
    if is_utf8:
        return "utf-8", True
    return codecs.lookup(_likeliest(sample)).name, False


def _likeliest(sample: bytes) -> str:
    """The old encoding that the sample looks most like; windows-1252 where others are no better.

    Short lists of names look alike in many tables, and Windows wrote nearly all of these files in the United States.
    """
    matches = from_bytes(sample, cp_isolation=list(_OLD_ENCODINGS), threshold=0.5)
    best = matches.best()
    if best is None:
        return "cp1252"
    as_good = {
        encoding
        for match in matches
        if (match.chaos, match.coherence) == (best.chaos, best.coherence)
        for encoding in match.could_be_from_charset
    }
    return "cp1252" if "cp1252" in as_good else best.encoding


def _wide_without_bom(head: bytes) -> str | None:
    """UTF-16 of mostly Latin text has a zero in every second byte."""
    even, odd = head[0:4000:2], head[1:4000:2]
    if odd.count(0) > 0.8 * len(odd) and not even.count(0):
        return "utf-16-le"
    if even.count(0) > 0.8 * len(even) and not odd.count(0):
        return "utf-16-be"
    return None


def _sample_text(name: str, *, sample_head: bytes, encoding: str) -> str:
    text = codecs.getincrementaldecoder(encoding)("replace").decode(sample_head)
    if not text.strip("\ufeff \t\r\n,;|"):
        raise InvalidInput(f"{name}: the file holds no text")
    controls = sum(character < " " and character not in "\t\r\n\x1b\x0b\x0c\x1a" for character in text)
    if controls > len(text) // 10:
        raise InvalidInput(f"{name}: a binary file, not a list in text form: export it as CSV")
    return text


def _declared_delimiter(text: str) -> tuple[int, str | None]:
    """The `sep=;` line that some programs write first for Excel."""
    match = re.match(r"sep=(.)\r?\n", text)
    return (1, match[1]) if match else (0, None)


def _records(text: str, delimiter: str, limit: int) -> Iterator[tuple[int, list[str]]]:
    """The first records of the sample with the line each starts on; stops at the first that cannot be parsed."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    start = 1
    try:
        for cells in rows:
            yield start, cells
            start = rows.line_num + 1
            if start > limit:
                return
    except csv.Error:
        return


def _delimiter(text: str) -> str:
    """The separator under which most headings are understood; then the one that gives the most even table."""

    def score(delimiter: str) -> tuple[int, int, int]:
        records = [cells for _, cells in _records(text, delimiter, 60) if any(cells)]
        understood = max((len(guess_mapping(cells)) for cells in records[:HEADING_SEARCH]), default=0)
        widths = [len(cells) for cells in records[:-1] or records]
        usual = max(widths, key=widths.count, default=0)
        return understood, widths.count(usual) * 100 // max(len(widths), 1) if usual > 1 else 0, usual

    return max(DELIMITERS, key=score)


def _headings(name: str, text: str, delimiter: str, skip: int) -> tuple[int, tuple[str, ...]]:
    first: tuple[int, list[str]] | None = None
    for row, cells in _records(text, delimiter, HEADING_SEARCH):
        if row <= skip or not any(map(str.strip, cells)):
            continue
        first = first or (row, cells)
        if names_a_person(guess_mapping(cells)):
            return row, _checked_headings(name, row, cells)
    if first is None:
        raise InvalidInput(f"{name}: no row of headings")
    row, cells = first
    return row, _checked_headings(name, row, cells)


def _checked_headings(name: str, row: int, cells: list[str]) -> tuple[str, ...]:
    # Headings are printed in messages and on screens, so nothing in them may be a control character.
    headings = tuple("".join(c if c.isprintable() else " " for c in cell).strip() for cell in cells)
    seen: set[str] = set()
    twice = []
    for heading in headings:
        key = heading.casefold()
        if key and key in seen and heading not in twice:
            twice.append(heading)
        seen.add(key)
    if twice:
        quoted = ", ".join(repr(heading) for heading in twice)
        raise InvalidInput(f"{name}: row {row}: the heading {quoted} stands more than once; rename one of the columns")
    return headings

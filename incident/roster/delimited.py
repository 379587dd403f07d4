"""Lists as delimited text: encoding, separator, and the cells of each record, line by line with bounded memory.

The encoding is found from the whole file, the separator from its beginning. Anything that makes the count of records
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
from incident.roster.mapping import guess_mapping

CHUNK = 1 << 20
SAMPLE = 1 << 18
LINE_LIMIT = 1 << 20
"""Characters in one line; a longer one is no roster, and reading it whole could exhaust the memory."""
RECORD_LIMIT = 4 << 20
"""Characters in one record, whose quoted cells may go over many lines."""
TITLE_LINES = 20
"""Records looked at for the row of headings, below whatever title a report puts above it."""

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

_NOTATIONS = frozenset({"unicode-escape", "raw-unicode-escape", "utf-7", "idna", "punycode", "undefined"})
"""Codecs that make letters out of a notation within the text, lone surrogates too: nobody exports a list in them."""


class TextForm(msgspec.Struct, frozen=True):
    """How a delimited file is read. `skip` lines come before anything else (the `sep=;` line for Excel)."""

    sha256: str
    size: int
    encoding: str
    encoding_certain: bool
    delimiter: str
    skip: int
    beginning: str


def survey(path: Path, *, encoding: str | None, delimiter: str | None) -> TextForm:
    """Find out how the file is written. `encoding` and `delimiter` overrule the guess.

    Raises:
        InvalidInput: empty, binary or undecodable; or an encoding or delimiter that is none.
    """
    name = path.name
    _refuse_at_once(path, encoding)
    sha256, size, head, is_utf8, sample = _whole(path)
    if size == 0:
        raise InvalidInput(f"{name}: the file is empty")
    encoding, certain = _encoding(name, encoding, head, sample, is_utf8=is_utf8)
    text = _beginning(name, head, encoding)
    if delimiter is not None:
        delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter)
        if len(delimiter) != 1 or delimiter in '"\r\n ' or not (delimiter == "\t" or delimiter.isprintable()):
            raise InvalidInput(f"delimiter: {delimiter!r} cannot separate cells; give one character, or tab")
    match = re.match(r"sep=(.)\r?\n", text)
    delimiter = delimiter or (match[1] if match else _delimiter(text))
    return TextForm(sha256, size, encoding, certain, delimiter, 1 if match else 0, text)


class TextRows:
    """The records of a delimited file as (line it starts on, cells, fault); `position` is in bytes.

    `text` is what `survey` found, or all that is needed of it: path, encoding, delimiter, SHA-256.

    Raises while iterating:
        InvalidInput: the file changed since it was surveyed, or a fault makes the count of records doubtful.
    """

    def __init__(self, path: Path, *, encoding: str, delimiter: str, sha256: str, heading_row: int) -> None:
        self._path = path
        self._encoding = encoding
        self._delimiter = delimiter
        self._sha256 = sha256
        self._heading_row = heading_row
        self._counting: _CountingReader | None = None

    @property
    def position(self) -> int:
        """Bytes read so far."""
        return self._counting.count if self._counting else 0

    def __iter__(self) -> Iterator[tuple[int, list[str], str]]:
        name = self._path.name
        with self._path.open("rb") as file:
            self._counting = counting = _CountingReader(file)
            text = io.TextIOWrapper(io.BufferedReader(counting, CHUNK), encoding=self._encoding, newline="")
            lines = _Lines(text, name)
            rows = csv.reader(lines, delimiter=self._delimiter, strict=True)
            end = 0
            try:
                while True:
                    start = end + 1
                    lines.characters = 0
                    try:
                        cells = next(rows)
                    except StopIteration:
                        break
                    except csv.Error as error:
                        end = rows.line_num
                        if start <= self._heading_row:
                            continue
                        if end > start or "end of data" in str(error) or "field larger" in str(error):
                            raise InvalidInput(
                                f"{name}: row {start}: a quotation mark opens a cell that does not end properly "
                                f"({error}); the records after it cannot be told apart"
                            ) from None
                        yield start, [], "bad_quotes"
                        continue
                    end = rows.line_num
                    yield start, cells, ""
            except UnicodeDecodeError:
                raise InvalidInput(
                    f"{name}: near row {end + 1}: not {self._encoding} text; name the right encoding"
                ) from None
            if counting.digest() != self._sha256:
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


class _Lines:
    """The lines of a text, none longer than it may be; `characters` since the record began, set back by the reader."""

    def __init__(self, text: io.TextIOBase, name: str) -> None:
        self._readline = text.readline
        self._name = name
        self._number = 0
        self.characters = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._readline(LINE_LIMIT)
        if not line:
            raise StopIteration
        self._number += 1
        if len(line) == LINE_LIMIT and line[-1] not in "\r\n":
            raise self._refusal(f"a line of more than {LINE_LIMIT:,} characters is no roster")
        if "\0" in line:
            raise self._refusal("a zero byte; the file is binary or damaged")
        self.characters += len(line)
        if self.characters > RECORD_LIMIT:
            raise self._refusal(f"a record of more than {RECORD_LIMIT:,} characters: a quotation mark is left open")
        return line

    def _refusal(self, what: str) -> InvalidInput:
        return InvalidInput(f"{self._name}: row {self._number}: {what}")


def _whole(path: Path) -> tuple[str, int, bytes, bool, bytes]:
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


def _refuse_at_once(path: Path, encoding: str | None) -> None:
    """Refuse what its first bytes show to be no list, before gigabytes of it are read."""
    try:
        with path.open("rb") as file:
            head = file.read(SAMPLE)
    except OSError as error:
        raise InvalidInput(f"{path.name}: cannot be read: {error.strerror or error}") from None
    if head:
        _beginning(path.name, head, _encoding(path.name, encoding, head, b"", is_utf8=True)[0])


def _around_non_ascii(chunk: bytes, limit: int) -> bytes:
    lines = [line for line in chunk.splitlines(keepends=True) if not line.isascii()]
    return b"".join(lines)[:limit]


def _encoding(name: str, wanted: str | None, head: bytes, sample: bytes, *, is_utf8: bool) -> tuple[str, bool]:
    if wanted is not None:
        try:
            codec = codecs.lookup(wanted).name
            b"text".decode(codec, "replace")  # finds codecs that are no encodings of text, such as hex
        except (LookupError, UnicodeError, ValueError):
            codec = "undefined"
        if codec.replace("_", "-") in _NOTATIONS:
            raise InvalidInput(f"encoding: {wanted!r} is no encoding of a list; try utf-8 or cp1252")
        return codec, True
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


def _beginning(name: str, head: bytes, encoding: str) -> str:
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
    if not text.strip("\ufeff \t\r\n,;|"):
        raise InvalidInput(f"{name}: the file holds no text")
    if len(head) == SAMPLE and not re.search(r"[\r\n]", text):
        raise InvalidInput(f"{name}: row 1: a line of more than {SAMPLE:,} bytes holds no headings")
    controls = sum(character < " " and character not in "\t\r\n\x1b\x0b\x0c\x1a" for character in text)
    if controls > len(text) // 10:
        raise InvalidInput(f"{name}: a binary file, not a list in text form: export it as CSV")
    return text


def first_records(text: str, delimiter: str, limit: int) -> Iterator[tuple[int, list[str]]]:
    """The first records of a text with the line each starts on; stops at the first that cannot be parsed."""
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
        records = [cells for _, cells in first_records(text, delimiter, 60) if any(cells)]
        understood = max((len(guess_mapping(cells)) for cells in records[:TITLE_LINES]), default=0)
        widths = [len(cells) for cells in records[:-1] or records]
        usual = max(widths, key=widths.count, default=0)
        return understood, widths.count(usual) * 100 // max(len(widths), 1) if usual > 1 else 0, usual

    return max(DELIMITERS, key=score)

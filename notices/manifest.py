"""What a rendering made, file by file and letter by letter: the manifest, which is the last file of the rendering.

The list of a long rendering stands in segments, files of their own that the manifest names by their hash, so that
neither who writes it nor who reads it holds all of it. What comes after the last segment, of a short rendering all of
it, stands in the manifest itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from incident.sample import MANIFEST

__all__ = [
    "MANIFEST", "SEGMENT", "EmailRecord", "ExcludedRow", "FileRecord", "LetterRecord", "Manifest", "Segment",
    "SegmentRecord", "encoded", "is_list", "kept_files", "letters", "read_manifest", "segments",
]  # fmt: skip

SEGMENT: Final = "manifest-{number:04d}.json"

_SEGMENT: Final = re.compile(r"manifest-\d{4,}\.json")

Get = Callable[[str], bytes]
"""Content by its SHA-256 in hex."""


class LetterRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One letter in a file: row and reference, text variant, pages (from 1), and a hash of the words read back."""

    row: int
    code: str
    variant: str
    first_page: int
    pages: int
    text_sha256: str


class EmailRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One email in an archive: row and reference, text variant, and the name and hash of its file there."""

    row: int
    code: str
    variant: str
    name: str
    sha256: str


class FileRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One file in the manifest. `size` in bytes; `letters` with their rows and pages, empty for a report.

    `emails` are those in an archive of messages.
    """

    name: str
    sha256: str
    size: int
    pages: int
    letters: tuple[LetterRecord, ...] = ()
    emails: tuple[EmailRecord, ...] = ()


class ExcludedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that got no letter, by its reference."""

    code: str
    reason: str


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the list, in the order of the rows."""

    files: tuple[FileRecord, ...] = ()
    excluded: tuple[ExcludedRow, ...] = ()


class SegmentRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A segment as the manifest names it, with what it adds to the whole."""

    name: str
    sha256: str
    size: int
    files: int
    letters: int
    pages: int
    excluded: dict[str, int]


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a rendering made: rows = documents + excluded.

    `files` and `excluded` are what stands in no segment; `pages` and `left_out` (reason -> rows) count everything,
    and were not written by earlier versions.
    """

    kind: str
    content_sha256: str
    engine: str
    rows: int
    documents: int
    files: tuple[FileRecord, ...]
    excluded: tuple[ExcludedRow, ...] = ()
    segments: tuple[SegmentRecord, ...] = ()
    pages: int | None = None
    left_out: dict[str, int] | None = None


def is_list(name: str) -> bool:
    """Whether a file of a rendering is its manifest or a segment of it, and no document."""
    return name == MANIFEST or _SEGMENT.fullmatch(name) is not None


def encoded(manifest: Manifest) -> bytes:
    """The manifest as it is kept, to be read by people as well."""
    return msgspec.json.format(msgspec.json.encode(manifest, order="deterministic"), indent=1)


def read_manifest(get: Get, sha256: str) -> Manifest:
    """The manifest of a rendering, of this version or an earlier one.

    Raises:
        NotFound: it is missing.
        CaseUnusable: it was altered.
        msgspec.MsgspecError: it is no manifest.
    """
    return msgspec.json.decode(get(sha256), type=Manifest)


def segments(manifest: Manifest, get: Get) -> Iterator[Segment]:
    """The list, part by part; one is held at a time."""
    for record in manifest.segments:
        yield msgspec.json.decode(get(record.sha256), type=Segment)
    yield Segment(files=manifest.files, excluded=manifest.excluded)


def kept_files(manifest: Manifest, get: Get) -> Iterator[tuple[str, str, int]]:
    """Name, SHA-256 and size of every file of a rendering but the manifest: documents, then segments."""
    for segment in segments(manifest, get):
        yield from ((file.name, file.sha256, file.size) for file in segment.files)
    yield from ((record.name, record.sha256, record.size) for record in manifest.segments)


def letters(manifest: Manifest, get: Get) -> Iterator[tuple[FileRecord, LetterRecord]]:
    """Every letter with the file that it is in, in the order in which they were printed."""
    for segment in segments(manifest, get):
        for file in segment.files:
            for letter in file.letters:
                yield file, letter

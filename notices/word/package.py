"""Opening a .docx that comes from outside: nothing in it is run, followed, or unpacked beyond limits.

ECMA-376 part 2: a zip of parts. Read are the main document, its comments, and what says which other parts there are;
nothing is ever written to the disk under a name from the file.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Final

import msgspec
from lxml import etree

from notices.errors import NoticeError
from notices.word.markup import w

LARGEST_FILE: Final = 20 * 1024 * 1024
DOCUMENT: Final = "word/document.xml"
COMMENTS: Final = "word/comments.xml"
_LARGEST_PART: Final = 8 * 1024 * 1024
"""Of XML: a notice has a hundredth of it, and a parsed element takes thirty times its text in memory."""
_MOST_PARTS: Final = 2_000
_READ_AT_ONCE: Final = 1 << 16
_CONTENT_TYPES: Final = "[Content_Types].xml"
_MACROS: Final = ("macroenabled", "vbaproject", "vbadata")
_EMBEDDED: Final = ("word/embeddings/", "word/activex/", "word/afchunk")
_MAY_POINT_OUT: Final = frozenset({"hyperlink"})
"""Kinds of relationships to the outside that no word processor follows before somebody clicks on them."""
_FETCHING: Final = re.compile(r"\b(?:DDE|DDEAUTO|IMPORT|INCLUDE|INCLUDEPICTURE|INCLUDETEXT|LINK|RD)\b", re.IGNORECASE)
"""Field codes by which a word processor fetches another file or starts another program."""


class Package(msgspec.Struct, frozen=True):
    """The main document of a Word file, and other parts of it that are read, by their names."""

    document: etree._Element
    parts: dict[str, etree._Element]


def read_package(data: bytes, name: str) -> Package:
    """The main document of a Word file.

    Raises:
        NoticeError: it is no Word file, is too large, holds macros or other files, or would fetch something.
    """
    if len(data) > LARGEST_FILE:
        raise NoticeError(f"{name}: is larger than {LARGEST_FILE // 1024 // 1024} MiB, which no notice is")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            _refuse_names(names, name)
            types = _part(archive, _CONTENT_TYPES, name)
            if any(mark in part.lower() for part in (*names, types.decode("utf-8", "replace")) for mark in _MACROS):
                raise NoticeError(f"{name}: holds macros; save it as .docx without them")
            for part in names:
                if part.lower().endswith(".rels"):
                    _refuse_fetching(_parsed(_part(archive, part, name), name), name)
            document = _parsed(_part(archive, DOCUMENT, name), name)
            _refuse_fields(document, name)
            read = {part: _parsed(_part(archive, part, name), name) for part in (COMMENTS,) if part in names}
            return Package(document, read)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error) as error:
        raise NoticeError(f"{name}: is not a readable Word document ({type(error).__name__})") from None


def _refuse_names(names: list[str], name: str) -> None:
    if len(names) > _MOST_PARTS:
        raise NoticeError(f"{name}: has {len(names):,} parts, which no notice has")
    if len({each.lower() for each in names}) != len(names):
        raise NoticeError(f"{name}: holds two parts of one name; it was not written by a word processor")
    for each in names:
        if each.startswith("/") or "\\" in each or ":" in each or ".." in each.split("/"):
            raise NoticeError(f"{name}: holds a part whose name leads out of the file; no word processor writes that")
        if each.lower().startswith(_EMBEDDED):
            raise NoticeError(f"{name}: holds another file or program in itself; take it out first")


def _part(archive: zipfile.ZipFile, part: str, name: str) -> bytes:
    """One part, with a limit on what it unpacks to, whatever the zip says of its size."""
    content = bytearray()
    with archive.open(part) as stream:
        while block := stream.read(_READ_AT_ONCE):
            content += block
            if len(content) > _LARGEST_PART:
                raise NoticeError(f"{name}: unpacks to more than {_LARGEST_PART // 1024 // 1024} MiB")
    return bytes(content)


def _parsed(content: bytes, name: str) -> etree._Element:
    # A document type is where entities that expand without end are declared; Word never writes one.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise NoticeError(f"{name}: is not a readable Word document ({error.msg})") from None
    if root.getroottree().docinfo.doctype:
        raise NoticeError(f"{name}: declares a document type, which no word processor writes")
    return root


def _refuse_fetching(relationships: etree._Element, name: str) -> None:
    for each in relationships.iter("{*}Relationship"):
        kind = str(each.get("Type", "")).rpartition("/")[2]
        if str(each.get("TargetMode", "")).lower() == "external" and kind not in _MAY_POINT_OUT:
            raise NoticeError(f"{name}: points to a file outside of it ({kind or 'of no kind'}); take that out first")


def _refuse_fields(document: etree._Element, name: str) -> None:
    """Refuse field codes that fetch; a code may be spread over several runs."""
    if next(document.iter(w("altChunk")), None) is not None:
        raise NoticeError(f"{name}: holds another file or program in itself; take it out first")
    spread = "".join(node.text or "" for node in document.iter(w("instrText"), w("delInstrText")))
    simple = " ".join(str(node.get(w("instr"), "")) for node in document.iter(w("fldSimple")))
    if found := _FETCHING.search(f"{spread} {simple}"):
        raise NoticeError(f"{name}: holds a field that fetches another file ({found.group()}); take it out first")

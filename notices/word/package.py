"""Opening a .docx that comes from outside: nothing in it is run, followed, or unpacked beyond limits.

ECMA-376: a zip of parts. Read are the main document and what says which other parts there are.
"""

from __future__ import annotations

import io
import zipfile
from typing import Final

from lxml import etree

from notices.errors import NoticeError

LARGEST_FILE: Final = 20 * 1024 * 1024
_LARGEST_PART: Final = 50 * 1024 * 1024
_MOST_PARTS: Final = 2_000
_READ_AT_ONCE: Final = 1 << 16
_DOCUMENT: Final = "word/document.xml"
_CONTENT_TYPES: Final = "[Content_Types].xml"
_RELATIONSHIPS: Final = "word/_rels/document.xml.rels"
_MACROS: Final = ("macroenabled", "vbaproject")
_EXTERNAL: Final = ("attachedTemplate", "oleObject", "frame", "subDocument", "image", "video", "audio")
"""Kinds of relationships that make a word processor fetch something by itself."""


def main_document(data: bytes, name: str) -> etree._Element:
    """The main document of a Word file.

    Raises:
        NoticeError: it is no Word file, is too large, holds macros, or would fetch something when it is opened.
    """
    if len(data) > LARGEST_FILE:
        raise NoticeError(f"{name}: is larger than {LARGEST_FILE // 1024 // 1024} MiB, which no notice is")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if len(names) > _MOST_PARTS:
                raise NoticeError(f"{name}: has {len(names):,} parts, which no notice has")
            if len(set(names)) != len(names):
                raise NoticeError(f"{name}: holds two parts of one name; it was not written by a word processor")
            types = _part(archive, _CONTENT_TYPES, name)
            if any(mark in part.lower() for part in (*names, types.decode("utf-8", "replace")) for mark in _MACROS):
                raise NoticeError(f"{name}: holds macros; save it as .docx without them")
            if _RELATIONSHIPS in names:
                _refuse_fetching(_parsed(_part(archive, _RELATIONSHIPS, name), name), name)
            return _parsed(_part(archive, _DOCUMENT, name), name)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise NoticeError(f"{name}: is not a readable Word document ({type(error).__name__})") from None


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
    for each in relationships:
        kind = str(each.get("Type", "")).rpartition("/")[2]
        if each.get("TargetMode") == "External" and kind in _EXTERNAL:
            raise NoticeError(f"{name}: would fetch a {kind} from outside when it is opened; take that out first")

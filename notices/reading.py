"""The text of a notice that somebody else wrote: .txt, .html, .docx or .pdf, with limits on what a file may hold."""

from __future__ import annotations

import io
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from notices.errors import NoticeError

LARGEST_FILE: Final = 50 * 1024 * 1024
LONGEST_TEXT: Final = 500_000
_LARGEST_PART: Final = 100 * 1024 * 1024
_MOST_PAGES: Final = 1_000
_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DOCUMENT: Final = "word/document.xml"


def read_notice(path: Path) -> str:
    """The text of the file, with paragraphs apart.

    Raises:
        NoticeError: if it cannot be read, is too large, or is of another kind.
    """
    readers = {".txt": _plain, ".html": _html, ".htm": _html, ".docx": _docx, ".pdf": _pdf}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise NoticeError(f"{path.name}: {path.suffix or 'no ending'} is not one of {', '.join(readers)}")
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise NoticeError(f"{path.name}: {error.strerror or error}") from None
    if len(data) > LARGEST_FILE:
        raise NoticeError(f"{path.name}: is larger than {LARGEST_FILE // 1024 // 1024} MiB")
    text = reader(data, path.name)
    if len(text) > LONGEST_TEXT:
        raise NoticeError(
            f"{path.name}: holds {len(text):,} characters, which no notice does ({LONGEST_TEXT:,} at most)"
        )
    if not text.strip():
        raise NoticeError(f"{path.name}: holds no text (a scan has to be read by a person)")
    return text


def _plain(data: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NoticeError(f"{name}: is not a text file")


class _PageText(HTMLParser):
    """The text that a browser would show: blocks on lines of their own, scripts and styles left out."""

    _BLOCKS: Final = frozenset(
        ["p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "table", "tr", "section", "header", "main",
         "footer", "article", "body", "blockquote", "address", "dl", "dt", "dd", "aside", "pre", "form"]
    )  # fmt: skip
    _HIDDEN: Final = frozenset(["script", "style", "title", "template", "noscript", "head"])

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0
        self._preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._HIDDEN and tag != "head":
            self._hidden += 1
        self._preformatted += tag == "pre"
        if tag in self._BLOCKS:
            self.parts.append("\n\n")
        elif tag == "br":
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")
        if tag == "li":
            self.parts.append("* ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._HIDDEN and tag != "head":
            self._hidden = max(0, self._hidden - 1)
        self._preformatted = max(0, self._preformatted - (tag == "pre"))
        if tag in self._BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data if self._preformatted else re.sub(r"\s+", " ", data))


def _html(data: bytes, name: str) -> str:
    reader = _PageText()
    reader.feed(_plain(data, name))
    reader.close()
    lines = (line.strip() for line in "".join(reader.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _docx(data: bytes, name: str) -> str:
    """The document as it reads with every tracked change accepted."""
    from defusedxml import DefusedXmlException  # noqa: PLC0415
    from defusedxml.ElementTree import fromstring  # noqa: PLC0415

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            part = archive.getinfo(_DOCUMENT)
            if part.file_size > _LARGEST_PART:
                raise NoticeError(f"{name}: unpacks to more than {_LARGEST_PART // 1024 // 1024} MiB")
            with archive.open(part) as stream:
                xml = stream.read(_LARGEST_PART + 1)
        if len(xml) > _LARGEST_PART:
            raise NoticeError(f"{name}: unpacks to more than {_LARGEST_PART // 1024 // 1024} MiB")
        root = fromstring(xml, forbid_dtd=True)
    except (zipfile.BadZipFile, KeyError, ParseError, DefusedXmlException, NotImplementedError, RuntimeError) as error:
        raise NoticeError(f"{name}: is not a readable Word document ({type(error).__name__})") from None
    return "\n\n".join(_paragraph(each) for each in root.iter(f"{_WORD}p")) + "\n"


def _paragraph(paragraph: Element) -> str:
    parts = []
    for node in paragraph.iter():
        match node.tag.removeprefix(_WORD):
            case "t":
                parts.append(node.text or "")
            case "tab":
                parts.append(" ")
            case "br" | "cr":
                parts.append("\n")
            case "noBreakHyphen":
                parts.append("-")
            case "numPr":
                parts.append("* ")
            case _:
                pass
    return "".join(parts)


def _pdf(data: bytes, name: str) -> str:
    import pypdfium2 as pdfium  # noqa: PLC0415

    try:
        with pdfium.PdfDocument(data) as document:
            if len(document) > _MOST_PAGES:
                raise NoticeError(f"{name}: has {len(document):,} pages; at most {_MOST_PAGES:,} are read")
            pages = [page.get_textpage().get_text_range() for page in document]
    except pdfium.PdfiumError as error:
        raise NoticeError(f"{name}: is not a readable PDF ({error})") from None
    text = "\n".join(pages).replace("\r\n", "\n").replace("\r", "\n")
    # PDFium marks a hyphen at the end of a line by a character of its own.
    return text.replace("\x02", "-").replace("\ufffe", "-")

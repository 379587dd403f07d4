"""A notice as a Word file for review: its words in boxes of their own, and below them the notice as it reads.

Changes are tracked from the start (`w:documentProtection w:edit="trackedChanges"`). Each box stands behind a bookmark
(`notices.word.anchors`). The notice as it reads is in content controls whose content is locked, each merge field in one
of its own; a word processor that does not heed them is caught when the file comes back. A redline carries real
insertions and deletions against earlier words.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import docx
import msgspec
from docx.document import Document as DocxDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Inches, Pt, RGBColor

from notices.kind import Kind
from notices.redline import differences
from notices.word.anchors import MERGE_FIELD, NOTICE, READING, REDLINE, field_anchor, fingerprint, sent_anchor

_FACE: Final = "Calibri"
_WIDTH: Final = 9360
"""Of a box, in twentieths of a point: six and a half inches."""
_TO_BE_READ: Final = (
    "This is a redline, to be read: what changed in the words of the notice. To change them, ask for the file for "
    "review.",
)
_HOW: Final = (
    "How to review: change the words in the boxes; every change is tracked. Send the file back as it is. Behind the "
    "boxes stands the notice as it reads now, to be read only: what is wrong there, change in the boxes. Names and "
    "addresses of people are merge fields between « and », filled in from the list of people.",
    "Comments to the drafter may go anywhere. Advice that is to stay privileged belongs in the advice of the case, not "
    "in this file: a label does not make a text privileged.",
)


class Before(msgspec.Struct, frozen=True, kw_only=True):
    """Earlier words to mark the changes against: who changed them since, and when."""

    fields: Mapping[str, str]
    author: str
    at: datetime


def write_word(
    *,
    notice: UUID,
    title: str,
    reference: str,
    kind: Kind,
    fields: Mapping[str, str],
    reads: str,
    before: Before | None = None,
    only: Sequence[str] = (),
) -> bytes:
    """The Word file of a notice.

    `notice` is its id, `reads` its whole text as it would leave now. With `before` the words are marked against it.
    `only` names fields to send; none sends all.
    """
    document = docx.Document()
    _track(document.settings.element)
    _fit(document)
    document.core_properties.title = f"{title}, {reference}"
    document.core_properties.author = ""
    document.core_properties.comments = ""
    writer = _Writer(before)
    redline = before is not None
    names = [field.name for field in kind.fields]
    sent = [field for field in kind.fields if not only or field.name in only]
    places = [f"{REDLINE if redline else NOTICE}{notice.hex}", sent_anchor(names, [field.name for field in sent])]
    parts = [_paragraph([*writer.bookmarks(places), _run(f"{title} · {reference}")], "Title")]
    parts += [_paragraph([_run(line)]) for line in (_TO_BE_READ if redline else _HOW)]
    for field in sent:
        now = fields.get(field.name, "")
        heading = field.label + (" (needed)" if field.required else "")
        anchor = writer.bookmarks([field_anchor(field.name, now)])
        parts.append(_paragraph([*anchor, _run(heading)], "Heading 2"))
        parts.append(_paragraph([_run(field.help)], italic=True, keep=True))
        parts.append(_box(writer.paragraphs(field.name, now)))
    anchor = writer.bookmarks([READING + fingerprint(reads)])
    parts.append(_paragraph([*anchor, _run("The notice as it reads now")], "Heading 1"))
    parts.append(_box([_paragraph(writer.locked(line)) for line in reads.splitlines()]))
    # A document ends with a paragraph, not with a table.
    parts.append(_paragraph([]))
    for part in parts:
        document.element.body[-1].addprevious(part)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class _Writer:
    """Writes what needs numbers of its own: bookmarks, locked words, and what changed where that is asked for."""

    def __init__(self, before: Before | None) -> None:
        self._before = before
        self._numbers = itertools.count(1)

    def bookmarks(self, names: Iterable[str]) -> list[BaseOxmlElement]:
        """Bookmarks around nothing: what is typed beside them cannot widen them."""
        found = []
        for name in names:
            number = str(next(self._numbers))
            start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
            start.set(qn("w:id"), number)
            start.set(qn("w:name"), name)
            end.set(qn("w:id"), number)
            found += [start, end]
        return found

    def locked(self, line: str) -> list[BaseOxmlElement]:
        """A line to be read only; each merge field is a control of its own."""
        found, place = [], 0
        for match in MERGE_FIELD.finditer(line):
            found += [
                self._control(line[place : match.start()]),
                self._control(match.group(), match.group().strip("«»")),
            ]
            place = match.end()
        return [each for each in (*found, self._control(line[place:])) if each is not None]

    def _control(self, words: str, name: str = "") -> BaseOxmlElement | None:
        if not words:
            return None
        control, properties, content = (OxmlElement(part) for part in ("w:sdt", "w:sdtPr", "w:sdtContent"))
        marks = {"w:alias": f"Merge field: {name}", "w:tag": f"merge:{name}"[:64]} if name else {"w:tag": "reading"}
        for mark, value in {**marks, "w:id": str(next(self._numbers)), "w:lock": "sdtContentLocked"}.items():
            element = OxmlElement(mark)
            element.set(qn("w:val"), value)
            properties.append(element)
        content.append(_run(words, shaded=bool(name)))
        control.extend([properties, content])
        return control

    def paragraphs(self, field: str, now: str) -> list[BaseOxmlElement]:
        """At least one paragraph: a box without one cannot be typed into."""
        if self._before is None:
            return [_paragraph([_run(line)]) for line in now.splitlines() or [""]]
        found: list[BaseOxmlElement] = []
        runs: list[BaseOxmlElement] = []
        for mark, said in differences(self._before.fields.get(field, ""), now):
            for number, line in enumerate(said.split("\n")):
                if number:
                    found.append(_paragraph(runs, ended=self._mark(mark)))
                    runs = []
                if line:
                    runs.append(self._marked(mark, line))
        return [*found, _paragraph(runs)]

    def _marked(self, mark: str, said: str) -> BaseOxmlElement:
        if mark == "=":
            return _run(said)
        change = self._change(mark)
        change.append(_run(said, deleted=mark == "-"))
        return change

    def _mark(self, mark: str) -> BaseOxmlElement | None:
        return None if mark == "=" else self._change(mark)

    def _change(self, mark: str) -> BaseOxmlElement:
        assert self._before is not None
        change = OxmlElement("w:ins" if mark == "+" else "w:del")
        change.set(qn("w:id"), str(next(self._numbers)))
        change.set(qn("w:author"), self._before.author)
        change.set(qn("w:date"), self._before.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        return change


def _track(settings: BaseOxmlElement) -> None:
    """Switch tracking on, and keep it on."""
    tracking = OxmlElement("w:trackRevisions")
    protection = OxmlElement("w:documentProtection")
    protection.set(qn("w:edit"), "trackedChanges")
    protection.set(qn("w:enforcement"), "1")
    # The schema has them in this order, shortly before the tab stops that every settings part of ours has.
    tab_stops = settings.find(qn("w:defaultTabStop"))
    assert tab_stops is not None
    tab_stops.addprevious(tracking)
    tab_stops.addprevious(protection)


def _fit(document: DocxDocument) -> None:
    """Set as letters are: US paper, an inch around, a face that every system has or replaces in the same measures."""
    section = document.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Inches(1)
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = _FACE
        style.font.color.rgb = RGBColor(0, 0, 0)
        # The template names theme fonts, which win over the name of a face.
        fonts = style.element.rPr.find(qn("w:rFonts"))
        for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{attribute}"), None)
    for name, size in (("Normal", 11), ("Title", 20), ("Heading 1", 15), ("Heading 2", 12)):
        document.styles[name].font.size = Pt(size)
    document.styles["Normal"].paragraph_format.space_after = Pt(6)


def _box(paragraphs: Sequence[BaseOxmlElement]) -> BaseOxmlElement:
    """A table of one cell: words cannot leave it, and every word processor keeps it."""
    box, properties, grid = (OxmlElement(part) for part in ("w:tbl", "w:tblPr", "w:tblGrid"))
    for name, values in (
        ("w:tblStyle", {"w:val": "TableGrid"}),
        ("w:tblW", {"w:w": str(_WIDTH), "w:type": "dxa"}),
        ("w:tblLayout", {"w:type": "fixed"}),
    ):
        properties.append(_element(name, values))
    grid.append(_element("w:gridCol", {"w:w": str(_WIDTH)}))
    row, cell, width = OxmlElement("w:tr"), OxmlElement("w:tc"), OxmlElement("w:tcPr")
    width.append(_element("w:tcW", {"w:w": str(_WIDTH), "w:type": "dxa"}))
    cell.extend([width, *(paragraphs or [_paragraph([])])])
    row.append(cell)
    box.extend([properties, grid, row])
    return box


def _element(name: str, values: Mapping[str, str]) -> BaseOxmlElement:
    element = OxmlElement(name)
    for attribute, value in values.items():
        element.set(qn(attribute), value)
    return element


def _paragraph(
    runs: Sequence[BaseOxmlElement],
    style: str | None = None,
    *,
    ended: BaseOxmlElement | None = None,
    italic: bool = False,
    keep: bool = False,
) -> BaseOxmlElement:
    paragraph, properties = OxmlElement("w:p"), OxmlElement("w:pPr")
    if style is not None:
        styled = OxmlElement("w:pStyle")
        styled.set(qn("w:val"), style.replace(" ", ""))
        properties.append(styled)
    if keep:
        properties.append(OxmlElement("w:keepNext"))
    if ended is not None:
        mark = OxmlElement("w:rPr")
        mark.append(ended)
        properties.append(mark)
    if len(properties):
        paragraph.append(properties)
    for run in runs:
        if italic:
            look = OxmlElement("w:rPr")
            look.append(OxmlElement("w:i"))
            run.insert(0, look)
        paragraph.append(run)
    return paragraph


def _run(said: str, *, deleted: bool = False, shaded: bool = False) -> BaseOxmlElement:
    run, words = OxmlElement("w:r"), OxmlElement("w:delText" if deleted else "w:t")
    if shaded:
        look = OxmlElement("w:rPr")
        look.append(_element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": "D9D9D9"}))
        run.append(look)
    words.text = said
    words.set(qn("xml:space"), "preserve")
    run.append(words)
    return run

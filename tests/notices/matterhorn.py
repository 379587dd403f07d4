"""Failure conditions of the Matterhorn Protocol 1.1 (PDF Association) that a machine can judge, for files like ours.

ISO 14289-1 (PDF/UA-1) is what they come from. Each line that comes back begins with the number of its checkpoint. Not
here is what our files never hold: forms, annotations with a meaning, notes, formulas, embedded files, optional content,
scripts; that they hold none is checked. What a person has to judge (reading order, whether the words of a picture are
well chosen) stays with a person.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

_STANDARD = frozenset(
    ["Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct", "Private",
     "P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead",
     "TBody", "TFoot", "Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "RB", "RT",
     "RP", "Warichu", "WT", "WP", "Figure", "Formula", "Form"]
)  # fmt: skip
_PAINTS = frozenset(["Tj", "TJ", "'", '"', "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "EI", "INLINE IMAGE"])
_INSIDE = {
    "LI": {"L"}, "LBody": {"LI"}, "TR": {"Table", "THead", "TBody", "TFoot"}, "TD": {"TR"}, "TH": {"TR"},
    "THead": {"Table"}, "TBody": {"Table"}, "TFoot": {"Table"},
}  # fmt: skip


def failures(pdf: bytes) -> list[str]:
    """What is wrong with a file; empty where a machine finds nothing."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        structure = list(_elements(document))
        return [
            *_document(document),
            *_types(document, structure),
            *_headings(structure),
            *_alternatives(structure),
            *_nesting(structure),
            *_content(document),
            *_references(document, structure),
            *_fonts(document),
        ]


class _Element:
    def __init__(self, value: pikepdf.Dictionary, role: str, parent: str) -> None:
        self.value, self.role, self.parent = value, role, parent


def _elements(document: pikepdf.Pdf) -> Iterator[_Element]:
    """Every element of the structure, in reading order, with the type that its own is mapped to."""
    root = document.Root.get("/StructTreeRoot")
    if root is None:
        return
    roles = {str(key): str(value) for key, value in dict(root.get("/RoleMap", {})).items()}

    def of(value: Any, parent: str) -> Iterator[_Element]:
        if isinstance(value, pikepdf.Array):
            for each in value:
                yield from of(each, parent)
        elif isinstance(value, pikepdf.Dictionary) and "/S" in value:
            own = str(value.S)
            role = roles.get(own, own).removeprefix("/")
            yield _Element(value, role, parent)
            yield from of(value.get("/K"), role)

    yield from of(root.get("/K"), "")


def _document(document: pikepdf.Pdf) -> Iterator[str]:
    root = document.Root
    if "/StructTreeRoot" not in root or not bool(root.get("/MarkInfo", {}).get("/Marked", False)):
        yield "01-001: the file is not tagged"
    if bool(root.get("/MarkInfo", {}).get("/Suspects", False)):
        yield "02-002: the tags are suspect"
    if not str(root.get("/Lang", "")):
        yield "11-006: no language is given"
    if not bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)):
        yield "07-002: the title is not shown"
    if "/Metadata" not in root:
        yield "06-001: no metadata"
    else:
        with document.open_metadata(update_docinfo=False, set_pikepdf_as_editor=False) as metadata:
            if metadata.get("pdfuaid:part") != "1":
                yield "06-002: not marked as PDF/UA-1"
            if not metadata.get("dc:title", "").strip():
                yield "06-003: no title"
    for name, checkpoint in (("/OCProperties", "20-001"), ("/AcroForm", "24-001"), ("/OpenAction", "29-001")):
        if name in root and not (name == "/OpenAction" and isinstance(root[name], pikepdf.Array)):
            yield f"{checkpoint}: {name} has no place in a letter"
    if "/Names" in root and ("/EmbeddedFiles" in root.Names or "/JavaScript" in root.Names):
        yield "21-001: files or scripts are embedded"
    if document.is_encrypted and not document.allow.accessibility:
        yield "26-002: a screen reader may not read it"
    for number, page in enumerate(document.pages, start=1):
        if page.get("/Annots") and str(page.get("/Tabs", "")) != "/S":
            yield f"28-008: page {number}: the tab order is not that of the structure"
        for annotation in page.get("/Annots", []):
            if str(annotation.get("/Subtype")) not in ("/Link",):
                yield f"28-001: page {number}: an annotation that our letters never hold"


def _types(document: pikepdf.Pdf, structure: list[_Element]) -> Iterator[str]:
    del document
    if not structure:
        yield "01-006: there is no structure"
    for each in structure:
        if each.role not in _STANDARD:
            yield f"02-001: {each.role} is no standard type and mapped to none"


def _headings(structure: list[_Element]) -> Iterator[str]:
    last = 0
    for each in structure:
        if len(each.role) == 2 and each.role[0] == "H" and each.role[1].isdigit():
            level = int(each.role[1])
            if not last and level != 1:
                yield f"14-002: the first heading is {each.role}"
            elif level > last + 1:
                yield f"14-003: {each.role} follows H{last}"
            last = level
        elif each.role == "H":
            yield "14-007: headings with and without a level"


def _alternatives(structure: list[_Element]) -> Iterator[str]:
    for each in structure:
        if each.role == "Figure" and not (str(each.value.get("/Alt", "")).strip() or "/ActualText" in each.value):
            yield "13-004: a picture has no words"
        if each.role == "TH" and "/Scope" not in str(each.value.get("/A", "")) and "/Headers" not in each.value:
            yield "15-003: a heading of a table does not say of what"


def _nesting(structure: list[_Element]) -> Iterator[str]:
    for each in structure:
        wanted = _INSIDE.get(each.role)
        if wanted is not None and each.parent not in wanted:
            yield f"09-004: {each.role} stands in {each.parent or 'nothing'}"
    for number, each in enumerate(structure):
        if each.role in {"L", "Table", "TR"} and each.value.get("/K") in (None, pikepdf.Array([])):
            yield f"09-005: element {number}, {each.role}, is empty"


def _content(document: pikepdf.Pdf) -> Iterator[str]:
    """Whatever is painted is either part of the structure or an artifact, never both and never neither."""
    for number, page in enumerate(document.pages, start=1):
        for fault in dict.fromkeys(_stream(page, page.get("/Resources", {}), marked=())):
            yield f"{fault} (page {number})"


def _stream(stream: Any, resources: Any, marked: tuple[str, ...]) -> Iterator[str]:
    marks = list(marked)
    for instruction in pikepdf.parse_content_stream(stream):
        operator = str(instruction.operator)
        if operator in ("BDC", "BMC"):
            tag = str(instruction.operands[0])
            within = instruction.operands[1] if operator == "BDC" else None
            if isinstance(within, pikepdf.Name):
                within = resources.get("/Properties", {}).get(str(within))
            tagged = isinstance(within, pikepdf.Dictionary) and "/MCID" in within
            kind = "artifact" if tag == "/Artifact" else "tagged" if tagged else ""
            if kind == "artifact" and "tagged" in marks:
                yield "01-003: an artifact within tagged content"
            if kind == "tagged" and "artifact" in marks:
                yield "01-004: tagged content within an artifact"
            marks.append(kind)
        elif operator == "EMC":
            if not marks:
                yield "01-005: a mark ends that never began"
            else:
                marks.pop()
        elif operator == "Do":
            shown = resources.get("/XObject", {}).get(str(instruction.operands[0]))
            if shown is not None and str(shown.get("/Subtype")) == "/Form":
                if "/Ref" in shown:
                    yield "30-001: a reference to another file"
                yield from _stream(shown, shown.get("/Resources", resources), tuple(marks))
            elif not any(marks):
                yield "01-005: a picture is neither tagged nor an artifact"
        elif operator in _PAINTS and not any(marks):
            yield f"01-005: {operator} paints what is neither tagged nor an artifact"
    if len(marks) > len(marked):
        yield "01-005: a mark is not ended"


def _references(document: pikepdf.Pdf, structure: list[_Element]) -> Iterator[str]:
    """Each piece of tagged content is claimed by exactly one element, and found from its page."""
    pages = {page.objgen: number for number, page in enumerate(document.pages, start=1)}
    claimed: set[tuple[int, int]] = set()

    def claims(element: pikepdf.Dictionary, value: Any) -> Iterator[tuple[int, int]]:
        if isinstance(value, pikepdf.Array):
            for each in value:
                yield from claims(element, each)
        elif isinstance(value, pikepdf.Dictionary):
            if str(value.get("/Type", "")) == "/MCR":
                yield pages[(value.get("/Pg") or element.Pg).objgen], int(value.MCID)
        elif value is not None:
            yield pages[element.Pg.objgen], int(value)

    for each in structure:
        for claim in claims(each.value, each.value.get("/K")):
            if claim in claimed:
                yield f"01-005: content {claim[1]} of page {claim[0]} belongs to two elements"
            claimed.add(claim)
    for number, page in enumerate(document.pages, start=1):
        if "/StructParents" not in page and any(claim[0] == number for claim in claimed):
            yield f"01-005: page {number} does not lead to the structure"
        for instruction in pikepdf.parse_content_stream(page):
            if str(instruction.operator) == "BDC" and isinstance(instruction.operands[1], pikepdf.Dictionary):
                mark = instruction.operands[1].get("/MCID")
                if mark is not None and (number, int(mark)) not in claimed:
                    yield f"01-005: content {mark} of page {number} belongs to no element"


def _fonts(document: pikepdf.Pdf) -> Iterator[str]:
    for number, page in enumerate(document.pages, start=1):
        for name, font in dict(page.get("/Resources", {}).get("/Font", {})).items():
            place = f"font {name} of page {number}"
            if str(font.Subtype) != "/Type0":
                yield f"31-009: {place}: a simple font, which ours are not"
                continue
            descendant = font.DescendantFonts[0]
            descriptor = descendant.FontDescriptor
            if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys()):
                yield f"31-009: {place} is not embedded"
            if "/ToUnicode" not in font:
                yield f"31-027: {place} cannot be read as words"
            if str(descendant.Subtype) == "/CIDFontType2" and "/CIDToGIDMap" not in descendant:
                yield f"31-015: {place} does not say which glyph is which"
            if str(font.Encoding) not in ("/Identity-H", "/Identity-V") and "/CMapName" not in font.Encoding:
                yield f"31-018: {place} has an encoding that is not known"

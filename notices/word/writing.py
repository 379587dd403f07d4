"""A notice as a Word file for review: its words in places of their own, and below them the notice as it reads.

Changes are tracked from the start (`w:documentProtection w:edit="trackedChanges"`). What may be changed stands in
content controls tagged `field:NAME:…`; everything else is in controls whose content is locked, merge fields included.
A redline carries real insertions and deletions against earlier words.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import docx
import msgspec
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from notices.kind import Kind
from notices.redline import differences
from notices.word.intake import FIELD, NOTICE, READING, REDLINE, fingerprint

_TO_BE_READ: Final = (
    "This is a redline, to be read: what changed in the words of the notice. To change them, ask for the file for "
    "review.",
)
_HOW: Final = (
    "How to review: change the words in the boxes; every change is tracked. Send the file back as it is. The words "
    "below the line are the notice as it reads now, to be read only: change the boxes instead. Names and addresses of "
    "people stand as merge fields between « and » and come from the list of people.",
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
    notice: str,
    title: str,
    reference: str,
    kind: Kind,
    fields: Mapping[str, str],
    reads: str,
    before: Before | None = None,
) -> bytes:
    """The Word file of a notice.

    `notice` is its id, `reads` its whole text as it would leave now. With `before` the words are marked against it.
    """
    document = docx.Document()
    _track(document.settings.element)
    document.core_properties.title = f"{title}, {reference}"
    document.core_properties.author = ""
    body = document.element.body
    writer = _Writer(before)
    redline = before is not None
    tag = f"{REDLINE if redline else NOTICE}{notice}"
    _append(body, [_control(tag, [_paragraph([_run(f"{title} · {reference}")], "Title")], locked=True)])
    _append(body, [_paragraph([_run(line)]) for line in (_TO_BE_READ if redline else _HOW)])
    for field in kind.fields:
        heading = field.label + (" (needed)" if field.required else "")
        _append(body, [_paragraph([_run(heading)], "Heading 2"), _paragraph([_run(field.help)], italic=True)])
        now = fields.get(field.name, "")
        words = writer.paragraphs(field.name, now)
        _append(body, [_control(f"{FIELD}{field.name}:{fingerprint(now)}", words, locked=redline)])
    _append(body, [_paragraph([_run("The notice as it reads now")], "Heading 1")])
    _append(
        body,
        [
            _control(
                READING + fingerprint(reads), [_paragraph([_run(line)]) for line in reads.splitlines()], locked=True
            )
        ],
    )
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class _Writer:
    """Writes the words of a field, with what changed where that is asked for."""

    def __init__(self, before: Before | None) -> None:
        self._before = before
        self._changes = 0

    def paragraphs(self, field: str, now: str) -> list[BaseOxmlElement]:
        """At least one paragraph: a control without one cannot be typed into."""
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
        self._changes += 1
        change = OxmlElement("w:ins" if mark == "+" else "w:del")
        change.set(qn("w:id"), str(self._changes))
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


def _append(body: BaseOxmlElement, elements: Iterable[BaseOxmlElement]) -> None:
    """In front of the section properties, which end every body."""
    last = body[-1]
    for element in elements:
        last.addprevious(element)


def _control(tag: str, paragraphs: Sequence[BaseOxmlElement], *, locked: bool) -> BaseOxmlElement:
    control, properties, content = (OxmlElement(name) for name in ("w:sdt", "w:sdtPr", "w:sdtContent"))
    marked = OxmlElement("w:tag")
    marked.set(qn("w:val"), tag)
    lock = OxmlElement("w:lock")
    lock.set(qn("w:val"), "sdtContentLocked" if locked else "sdtLocked")
    properties.extend([marked, lock])
    content.extend(list(paragraphs) or [_paragraph([])])
    control.extend([properties, content])
    return control


def _paragraph(
    runs: Sequence[BaseOxmlElement],
    style: str | None = None,
    *,
    ended: BaseOxmlElement | None = None,
    italic: bool = False,
) -> BaseOxmlElement:
    paragraph, properties = OxmlElement("w:p"), OxmlElement("w:pPr")
    if style is not None:
        styled = OxmlElement("w:pStyle")
        styled.set(qn("w:val"), style.replace(" ", ""))
        properties.append(styled)
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


def _run(said: str, *, deleted: bool = False) -> BaseOxmlElement:
    run, words = OxmlElement("w:r"), OxmlElement("w:delText" if deleted else "w:t")
    words.text = said
    words.set(qn("xml:space"), "preserve")
    run.append(words)
    return run

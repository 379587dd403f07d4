"""The face of this package: from a context to documents in words.

context = drafting.build_context(kind, facts=..., organization=..., fields=..., requirements=...)
composed = service.compose(kind, context)
report = elements.check_text(composed.text, requirements, facts)
pdf = engines.engine("plutoprint").render(composed.html)
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

import msgspec

from notices.catalog import Kind, kind_named
from notices.context import (
    CaliforniaAgContext,
    Context,
    DocumentContext,
    HhsWorksheetContext,
    IllinoisAgContext,
    IllinoisBasis,
    LetterContext,
    LetterVariant,
    Organization,
)
from notices.document import build_document
from notices.environment import environment, tidy
from notices.layout import said_by
from notices.letters import layout_for, placeholder_recipient, render_body, render_letter
from notices.paper import Document, page_document
from notices.papers import PAPERS
from notices.plain import plain_text
from notices.worksheet import Worksheet, california_worksheet, hhs_worksheet

SPECIMEN_LABEL: Final = "Reference «reference»"


class Composed(msgspec.Struct, frozen=True, kw_only=True):
    """A notice in words. A letter has one document per variant, a filing its worksheet and what goes with it.

    `content_sha256` covers every document with merge fields in place of persons and mailing date: what an approval
    is bound to.
    """

    kind: str
    documents: tuple[Document, ...]
    content_sha256: str

    @property
    def html(self) -> str:
        """The first document as HTML."""
        return self.documents[0].html

    @property
    def text(self) -> str:
        """The first document as plain text."""
        return self.documents[0].text


def compose(kind: str, context: DocumentContext) -> Composed:
    """Write the documents of a notice, with merge fields where a letter names its recipient.

    Raises:
        KeyError: if there is no such kind.
        TypeError: if the context is not one for this kind.
    """
    entry = kind_named(kind)
    documents = _documents(entry, context)
    canonical = _without_mailing_date(context)
    hashed = documents if canonical is context else _documents(entry, canonical)
    return Composed(kind=kind, documents=documents, content_sha256=_content_hash(entry, hashed))


def _without_mailing_date(context: DocumentContext) -> DocumentContext:
    """The context that is hashed: the mailing date of a letter is a merge field, that of a report is content."""
    match context:
        case LetterContext(notice_date=day) if day is not None:
            return msgspec.structs.replace(context, notice_date=None)
        case CaliforniaAgContext(sample=LetterContext(notice_date=day)) if day is not None:
            return msgspec.structs.replace(context, sample=msgspec.structs.replace(context.sample, notice_date=None))
        case _:
            return context


def _documents(kind: Kind, context: DocumentContext) -> tuple[Document, ...]:
    if kind.name in PAPERS and isinstance(context, PAPERS[kind.name].context):
        return PAPERS[kind.name].write(context)
    match kind.name, context:
        case "individual_letter", LetterContext():
            return tuple(letter_document(context, variant) for variant in context.variants)
        case "hhs_report" | "part2_report", HhsWorksheetContext() if context.part2 == (kind.name == "part2_report"):
            return (_worksheet(context.organization, hhs_worksheet(context), exercise=context.exercise),)
        case "il_ag_notice", IllinoisAgContext():
            return (_illinois(context),)
        case "ca_ag_submission", CaliforniaAgContext():
            sheet = _worksheet(context.organization, california_worksheet(context), exercise=context.exercise)
            sample = (letter_document(context.sample, variant) for variant in context.sample.variants)
            return (sheet, *(msgspec.structs.replace(each, name=f"sample.{each.name}") for each in sample))
        case _:
            raise TypeError(f"{kind.name} is not written from a {type(context).__name__}")


class WorksheetPage(Context, frozen=True, kw_only=True):
    """Everything that the worksheet template may read."""

    organization: Organization
    sheet: Worksheet
    exercise: bool


def _footer_label(title: str) -> str:
    """What a footer says of a form: its title without the explanation behind it, as far as a footer has room."""
    return re.sub(r"[^\w .,:()/-]", "", title.rpartition(":")[0])[:80]


def _worksheet(organization: Organization, sheet: Worksheet, *, exercise: bool) -> Document:
    """A form to be typed off. Its boxes are drawn by two templates, as signs in text and as type on paper."""
    page = WorksheetPage(organization=organization, sheet=sheet, exercise=exercise)
    template, label = "regulator/worksheet", _footer_label(sheet.title)
    text = environment().get_template(f"{template}.txt.j2").render(msgspec.structs.asdict(page))
    document = page_document("worksheet", sheet.title, f"{template}.html.j2", page, label=label, missing=sheet.missing)
    return msgspec.structs.replace(document, text=tidy(text, "txt"))


_ILLINOIS_10E: Final = ("il.ag.nature", "il.ag.residents", "il.ag.steps")
"""What section 10(e) wants said; section 50 lists no contents."""


def _illinois(context: IllinoisAgContext) -> Document:
    label = "Notice to the Illinois Attorney General"
    return page_document(
        "il_ag_notice",
        f"{label} - {context.organization.name}",
        "regulator/il_ag.html.j2",
        context,
        label=label,
        required=_ILLINOIS_10E if context.basis is IllinoisBasis.SECTION_10E else (),
        said=frozenset(_ILLINOIS_10E),
    )


def letter_document(context: LetterContext, variant: LetterVariant) -> Document:
    """The specimen of one variant of a letter."""
    recipient = placeholder_recipient(variant)
    page = render_letter(context, recipient, render_body(context, variant, "html"), "html")
    title = f"Notice of Data Breach - {context.organization.name}"
    return Document(
        name=variant.key,
        title=title,
        html=build_document(
            title,
            [page],
            stylesheet=context.stylesheet,
            label=SPECIMEN_LABEL,
            language=variant.language,
            own_style=context.own_style,
        ),
        text=plain_text(page),
        to_people=True,
        language=variant.language,
        required=variant.elements,
        said=said_by(layout_for(context, variant)),
    )


def _content_hash(kind: Kind, documents: tuple[Document, ...]) -> str:
    content = {
        "kind": kind.name,
        "templates": kind.templates,
        "documents": [[document.name, document.html, document.text] for document in documents],
    }
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()

"""The face of this package: compose a document from its context, check it, render it.

composed = compose("individual_letter", context)
report = check(composed, facts, rulebook)
pdf = engine("plutoprint").render(composed.html)
"""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

from notices.catalog import Kind, kind_named
from notices.context import DocumentContext, LetterContext, LetterVariant
from notices.document import build_document
from notices.layout import said_by
from notices.letters import layout_for, placeholder_recipient, render_body, render_letter

SPECIMEN_LABEL: Final = "Reference «reference»"


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One text of a composed notice. `required` are the element ids it has to say, `said` those it was built to say."""

    name: str
    title: str
    html: str
    text: str
    required: tuple[str, ...] = ()
    said: frozenset[str] = frozenset()


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
    canonical = documents
    if isinstance(context, LetterContext) and context.notice_date is not None:
        canonical = _documents(entry, msgspec.structs.replace(context, notice_date=None))
    return Composed(kind=kind, documents=documents, content_sha256=_content_hash(entry, canonical))


def _documents(kind: Kind, context: DocumentContext) -> tuple[Document, ...]:
    match kind.name, context:
        case "individual_letter", LetterContext():
            return tuple(letter_document(context, variant) for variant in context.variants)
        case _:
            raise TypeError(f"{kind.name} is not written from a {type(context).__name__}")


def letter_document(context: LetterContext, variant: LetterVariant) -> Document:
    """The specimen of one variant of a letter."""
    recipient = placeholder_recipient(variant)
    page = render_letter(context, recipient, render_body(context, variant, "html"), "html")
    title = f"Notice of Data Breach - {context.organization.name}"
    return Document(
        name=variant.key,
        title=title,
        html=build_document(
            title, [page], stylesheet="css/letter.css", label=SPECIMEN_LABEL, language=variant.language
        ),
        text=render_letter(context, recipient, render_body(context, variant, "txt"), "txt"),
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

"""From one template to a document in both forms, and what is told of a kind whose documents are made so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from markupsafe import Markup

from jurisdictions.content import ContentRequirement
from jurisdictions.facts import BreachFacts
from jurisdictions.obligations import Assessment
from notices.context import Context, House, Organization, PaperContext
from notices.document import build_document
from notices.environment import environment
from notices.fields import Fields
from notices.kind import Kind
from notices.plain import plain_text


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One text of a composed notice.

    `required` are the element ids that the text has to say, `said` those it was built to say; `missing` are the labels
    of what has no value yet and is not left out. `to_people` marks a text that people outside the organization's trade
    read or hear: it is held to plain language, and to what must not be said to them.
    `language` is that of its words. `on_screen`: it goes out as a web page or an email, so its page and its text are
    kept beside its PDF.
    """

    name: str
    title: str
    html: str
    text: str
    required: tuple[str, ...] = ()
    said: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()
    to_people: bool = False
    language: str = "en"
    on_screen: bool = False


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """What a context is built on, beside the words that were typed. `house` are the organization's own templates."""

    facts: BreachFacts
    organization: Organization
    requirements: Sequence[ContentRequirement] = ()
    exercise: bool = False
    house: House | None = None


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """What the words of a form can start from. `risk` is a recorded four-factor assessment: factor, rating, reason."""

    facts: BreachFacts
    organization: Organization
    assessment: Assessment | None = None
    risk: Sequence[tuple[str, int, str]] = ()

    def raised(self, prefix: str) -> tuple[str, ...]:
        """The ids of the duties of that prefix that arise; none where nothing was assessed."""
        owed = ("due", "asap", "waits", "overdue", "met", "met_late")
        found = self.assessment.obligations if self.assessment is not None else ()
        return tuple(each.id for each in found if each.id.startswith(prefix) and each.status in owed)


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A kind with its own context. `content` are the obligations whose elements its documents are checked for.

    With empty `content` they are those of a letter to individuals. `prints_agencies`: it prints dated contact details.
    `fits` tells whether the facts allow it at all; `bars_sending` why it may not go out by a way of sending (one of
    `incident.notice.METHODS`), or nothing.
    """

    kind: Kind
    context: type[PaperContext]
    build: Callable[[Fields, Ground], PaperContext]
    write: Callable[[Any], tuple[Document, ...]]
    start: Callable[[Start], Mapping[str, str]]
    content: tuple[str, ...] = ()
    prints_agencies: bool = False
    fits: Callable[[BreachFacts], bool] = lambda facts: True
    bars_sending: Callable[[Any, str], str] = lambda context, method: ""


def page_document(
    name: str,
    title: str,
    template: str,
    page: Context,
    *,
    label: str,
    stylesheet: str = "css/report.css",
    language: str = "en",
    own_style: str = "",
    **more: Any,  # noqa: ANN401 - further fields of Document
) -> Document:
    """A document from one template; its text is read off the HTML. `label` stands in the footer of each sheet."""
    values = {field: getattr(page, field) for field in page.__struct_fields__}
    html = environment().get_template(template).render(values)
    whole = build_document(
        title,
        [Markup(html)],  # noqa: S704 - our own escaped template
        stylesheet=stylesheet,
        label=label,
        language=language,
        own_style=own_style,
    )
    return Document(name=name, title=title, html=whole, text=plain_text(html), language=language, **more)


def absent(**values: object) -> tuple[str, ...]:
    """The labels of what is not known yet: `absent(Date_of_posting=day)`."""
    return tuple(name.replace("_", " ") for name, value in values.items() if value in (None, "", ()))

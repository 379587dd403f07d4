"""From a letter context and a recipient to the words on paper.

The text under the salutation is the same for everybody who gets the same variant: it is rendered once, and each
letter wraps it in the recipient's own window, salutation and reference.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import msgspec
from markupsafe import Markup

from notices.context import (
    Agency,
    Context,
    IncidentText,
    LetterContext,
    Letterhead,
    LetterVariant,
    Organization,
    Recipient,
    Signature,
)
from notices.environment import environment
from notices.layout import Part, letter_layout
from notices.plain import plain_text
from notices.words import Words, greeting, words_for


class LetterBody(Context, frozen=True, kw_only=True):
    """Everything that the body templates may read."""

    organization: Organization
    incident: IncidentText
    bureaus: tuple[Agency, ...]
    ftc: Agency
    words: Words
    layout: tuple[Part, ...]
    signature: Signature


class LetterPage(Context, frozen=True, kw_only=True):
    """Everything that the page around a body may read. `body` is the rendered body."""

    organization: Organization
    letterhead: Letterhead
    recipient: Recipient
    body: str
    notice_date: date | None
    exercise: bool


PLACEHOLDER_DATE: Final = "«date of mailing»"


def placeholder_recipient(variant: LetterVariant) -> Recipient:
    """The recipient that stands in a specimen: merge fields, no person."""
    return Recipient(
        row=0,
        name_lines=("«recipient name»",),
        address_lines=("«address line 1»", "«address line 2»"),
        salutation=greeting("«recipient name»", variant.language),
        code="«reference»",
        audience=variant.audience,
        state=variant.state,
        language=variant.language,
    )


def layout_for(context: LetterContext, variant: LetterVariant) -> tuple[Part, ...]:
    """The parts of this variant's letter."""
    return letter_layout(variant.elements, with_services=context.incident.services is not None)


def render_body(context: LetterContext, variant: LetterVariant, form: str) -> str:
    """The text under the salutation; `form` is "html" or "txt"."""
    body = LetterBody(
        organization=context.organization,
        incident=context.incident_in(variant.language),
        bureaus=context.bureaus,
        ftc=context.ftc,
        words=words_for(variant.audience, variant.language),
        layout=layout_for(context, variant),
        signature=context.signature,
    )
    template = environment(context.own_sections).get_template(f"individual/body.{variant.language}.html.j2")
    html = _unbroken(template.render(msgspec.structs.asdict(body)))
    return html if form == "html" else plain_text(html)


_TAGS: Final = re.compile(r"(<[^>]*>)")
_TELEPHONE: Final = re.compile(r"(?<![\w-])(?:1-)?\d{3}-\d{3}-\d{4}(?![\w-])")


def _unbroken(html: str) -> str:
    """The page with each telephone number kept on one line: broken at a hyphen it is dialed wrong."""
    return "".join(
        piece if piece.startswith("<") else _TELEPHONE.sub(r'<span class="whole">\g<0></span>', piece)
        for piece in _TAGS.split(html)
    )


def render_letter(context: LetterContext, recipient: Recipient, body: str, form: str) -> str:
    """One letter around the HTML of its body, without the document skeleton; `form` is "html" or "txt"."""
    page = LetterPage(
        organization=context.organization,
        letterhead=context.letterhead,
        recipient=recipient,
        body=Markup(body),  # noqa: S704 - our own rendered, escaped template
        notice_date=context.notice_date,
        exercise=context.exercise,
    )
    template = environment(context.own_sections).get_template("individual/letter.html.j2")
    html = template.render(msgspec.structs.asdict(page))
    return html if form == "html" else plain_text(html)

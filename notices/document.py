"""The HTML document around one or many pages, with the footer that names and numbers every sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec
from markupsafe import Markup

from notices.context import Context
from notices.environment import environment

_LABEL: Final = re.compile(r"[\w .,:()«»·/-]{0,80}")
"""What a footer label may hold: it goes into a style sheet, where quotes and backslashes have a meaning."""


class DocumentPage(Context, frozen=True, kw_only=True):
    """Everything that the document skeleton may read. `footer` is markup, `own_style` a style sheet; or empty."""

    title: str
    language: str
    stylesheet: str
    own_style: str
    footer: str
    pages: tuple[str, ...]


class Numbering(msgspec.Struct, frozen=True):
    """The label of one letter in a batch and the number of its pages."""

    label: str
    pages: int


def page_label(label: str, page: int, of: int) -> str:
    """The footer of one sheet."""
    return f"{label} - Page {page} of {of}"


def _checked(label: str) -> str:
    if not _LABEL.fullmatch(label):
        raise ValueError(f"{label!r} cannot stand in a page footer: letters, digits, spaces and .,:()·/- only")
    return label


def _footer(label: str) -> str:
    """The footer of a document that is one letter or report. The meta element tells engines without page boxes."""
    label = _checked(label)
    return (
        f'<meta name="page-label" content="{label}">'
        f'<style>@page {{ @bottom-center {{ content: "{label} - Page " counter(page) " of " counter(pages); '
        'font: 10pt "Noto Sans"; } }</style>'
    )


def _batch_footer(letters: Sequence[Numbering]) -> str:
    """The footer of many letters in one document: a counter style spells out each sheet's label.

    Page counters run through the whole document and cannot be reset per letter; the n-th symbol of a fixed counter
    style is printed for the n-th page.
    """
    labels = (
        page_label(_checked(letter.label), page, letter.pages)
        for letter in letters
        for page in range(1, letter.pages + 1)
    )
    symbols = " ".join(f'"{label}"' for label in labels)
    return (
        f"<style>@counter-style sheet {{ system: fixed 1; symbols: {symbols}; }} "
        '@page { @bottom-center { content: counter(page, sheet); font: 10pt "Noto Sans"; } }</style>'
    )


def build_document(
    title: str,
    pages: Sequence[str],
    *,
    stylesheet: str,
    label: str | Sequence[Numbering],
    language: str = "en",
    own_style: str = "",
) -> str:
    """A whole HTML document from rendered pages. `own_style` is a checked style sheet that wins over `stylesheet`.

    `label` names the document in its footer, or numbers each of the letters in `pages`.

    Raises:
        ValueError: if a label holds a character that cannot stand in a footer.
    """
    page = DocumentPage(
        title=title,
        language=language,
        stylesheet=stylesheet,
        own_style=Markup(own_style),  # noqa: S704 - written by `notices.house.style` from a closed list
        footer=Markup(_footer(label) if isinstance(label, str) else _batch_footer(label)),  # noqa: S704 - checked above
        pages=tuple(Markup(rendered) for rendered in pages),  # noqa: S704 - our own rendered, escaped templates
    )
    return environment().get_template("base/document.html.j2").render(msgspec.structs.asdict(page))

"""What a PDF engine is: HTML in, PDF bytes out, and nothing fetched on the way."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from re import DOTALL, IGNORECASE
from re import compile as regex
from typing import Final, Protocol

from incident.errors import Refusal

FONTS: Final = Path(__file__).parent.parent / "fonts"
"""The shipped faces and the fontconfig file that shows the engines these and no others."""

DETERMINISTIC: Final = "deterministic"
"""The same HTML gives the same bytes."""
TAGGED: Final = "tagged"
"""The structure of the text is told to screen readers (PDF/UA)."""
BATCHES: Final = "batches"
"""Many letters can be numbered within one document."""


class EngineError(Refusal):
    """The engine could not make the document; the message says why and what to do."""


class PdfEngine(Protocol):
    """One way to make a PDF."""

    @property
    def name(self) -> str:
        """Short name, as recorded with what it made."""

    @property
    def version(self) -> str:
        """Version of the renderer behind it."""

    @property
    def capabilities(self) -> frozenset[str]:
        """Of `DETERMINISTIC`, `BATCHES` and `TAGGED`, those that hold."""

    def render(self, html: str) -> bytes:
        """The document as PDF.

        Raises:
            EngineError: if it refers to anything outside itself, or cannot be rendered.
        """


_TAGS: Final = frozenset(
    ["html", "head", "meta", "title", "style", "body", "div", "p", "span", "h1", "h2", "h3", "h4", "b", "i", "em",
     "strong", "br", "hr", "img", "ul", "ol", "li", "table", "colgroup", "col", "thead", "tbody", "tr", "td", "th"]
)  # fmt: skip
_ATTRIBUTES: Final = frozenset(
    [
        "class",
        "id",
        "lang",
        "dir",
        "charset",
        "name",
        "content",
        "colspan",
        "rowspan",
        "scope",
        "data-element",
        "alt",
        "width",
        "height",
    ]
)
PICTURE: Final = r"data:image/(?:png|jpeg|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}"
"""A picture that the document carries in itself. Only `notices.house` writes one, from a file that it has checked."""
_PICTURE: Final = regex(PICTURE)
_CSS_FETCH: Final = regex(r"url\s*\(|@import|image-set\s*\(|\\", IGNORECASE)
"""Ways to fetch from CSS, and the backslash that could spell one."""


class _Inspector(HTMLParser):
    """Finds every tag and attribute that a letter has no use for; one of them could fetch or run something."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: set[str] = set()
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        if tag not in _TAGS:
            self.found.add(f"<{tag}>")
        self.found.update(
            f"{name}= in <{tag}>"
            for name, value in attrs
            if name not in _ATTRIBUTES and not (tag == "img" and name == "src" and _PICTURE.fullmatch(value or ""))
        )
        if tag == "meta":
            self.found.update(
                f"<meta name={value!r}>" for name, value in attrs if name == "name" and value != "page-label"
            )

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style and _CSS_FETCH.search(data):
            self.found.add("a style sheet that fetches")


_KNOWN_TAG: Final = regex(
    rf'</?(?:{"|".join(_TAGS - {"img"})})(?:\s+(?:{"|".join(_ATTRIBUTES)})="[^"<>]*")*\s*/?>'
    rf'|<img src="{PICTURE}" alt="[^"<>]*" width="\d+" height="\d+">'
)
_STYLE: Final = regex(r"<style>(.*?)</style>", DOTALL)
_OTHER_META: Final = regex(r'<meta[^>]*\sname="(?!page-label")')
_DOCTYPE: Final = "<!DOCTYPE html>"


def _plainly_harmless(html: str) -> bool:
    """Whether every "<" begins a tag we know, written the way our templates write it. Quick; unsure is False."""
    tags = html.count("<") - html.count(_DOCTYPE)
    if tags != sum(1 for _ in _KNOWN_TAG.finditer(html)) or html.count("<style") != html.count("<style>"):
        return False
    if _OTHER_META.search(html):
        return False
    return not any(_CSS_FETCH.search(style.group(1)) for style in _STYLE.finditer(html))


def refuse_references(html: str) -> None:
    """Stop a document that could refer to something outside itself, before any engine sees it.

    Our templates never do; this guards against templates of other hands, whatever the engine's own guards.

    Raises:
        EngineError: naming what was found.
    """
    if _plainly_harmless(html):
        return
    inspector = _Inspector()
    inspector.feed(html)
    inspector.close()
    if inspector.found:
        raise EngineError(f"the document holds what no letter needs: {', '.join(sorted(inspector.found))}")

"""The plain text of a page of ours, read off its HTML, so that the two cannot say different things."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

_APART: Final = frozenset(["p", "ul", "ol", "table", "h1", "h2", "h3"])
"""Elements with a blank line before and after them."""
_OWN_LINE: Final = frozenset(["div", "li", "tr"])
_RULES: Final = {"h1": "=", "h2": "-"}


class _Page(HTMLParser):
    """Writes lines as it reads. `_gap` counts the line ends owed before the next word."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self._gap = 0
        self._indent = ""
        self._heading = ""
        self._heading_from = 0
        self._cells_apart = False
        self._label = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        if tag in _APART or "apart" in classes:
            self._owe(2)
        elif tag in _OWN_LINE:
            self._owe(1)
        if tag == "table":
            self._cells_apart = "agencies" in classes
        if tag == "td":
            self._label = "label" in classes
            if self._cells_apart:
                self._owe(2)
                self._indent = "  "
        if tag in _RULES:
            self._heading, self._heading_from = tag, -1
        if tag == "br":
            self._owe(1)
        if tag == "li":
            self._write("  * ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _APART:
            if tag == self._heading:
                self._underline()
            self._owe(2)
        elif tag in _OWN_LINE:
            self._owe(1)
        if tag == "td":
            self._indent = ""
            if not self._cells_apart:
                self.text += ": " if self._label else " "

    def handle_data(self, data: str) -> None:
        words = re.sub(r"\s+", " ", data)
        if self._gap or not self.text or self.text.endswith(("\n", " ")):
            words = words.lstrip()
        if words:
            self._write(words)

    def _owe(self, lines: int) -> None:
        self._gap = max(self._gap, lines)

    def _write(self, words: str) -> None:
        if self._gap and self.text:
            self.text = self.text.rstrip(" ") + "\n" * self._gap
        if self._gap or not self.text:
            self.text += self._indent
        self._gap = 0
        if self._heading and self._heading_from < 0:
            self._heading_from = len(self.text)
        self.text += words

    def _underline(self) -> None:
        last = self.text[self._heading_from :].rsplit("\n", 1)[-1].strip()
        self.text = self.text.rstrip() + "\n" + _RULES[self._heading] * len(last)
        self._heading = ""


def plain_text(html: str) -> str:
    """The words of rendered markup: headings underlined, list entries starred, a row of a table on a line."""
    page = _Page()
    page.feed(html)
    page.close()
    return re.sub(r"\n{3,}", "\n\n", page.text).strip() + "\n"

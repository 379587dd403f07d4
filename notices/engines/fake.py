"""An engine for tests of everything around engines: a real, tiny PDF that carries the text of the document."""

from __future__ import annotations

import io
from html.parser import HTMLParser

import pikepdf

from notices.engines.base import DETERMINISTIC, refuse_references


class _Text(HTMLParser):
    """The text of the body."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._skipping = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skipping = tag in ("style", "title")

    def handle_endtag(self, tag: str) -> None:
        self._skipping = False

    def handle_data(self, data: str) -> None:
        if not self._skipping and data.strip():
            self.lines.append(" ".join(data.split()))


class FakeEngine:
    """One page per document, one line per piece of text, Latin letters only. `rendered` counts the calls."""

    name = "fake"
    version = "1"
    capabilities = frozenset([DETERMINISTIC])

    def __init__(self) -> None:
        self.rendered = 0

    def render(self, html: str) -> bytes:
        """See `PdfEngine.render`."""
        refuse_references(html)
        self.rendered += 1
        reader = _Text()
        reader.feed(html)
        lines = " T* ".join(
            pikepdf.String(line.encode("cp1252", "replace").decode("latin-1")).unparse().decode("latin-1") + " Tj"
            for line in reader.lines
        )
        with pikepdf.new() as document:
            page = document.add_blank_page(page_size=(612, 792))
            font = pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name.Helvetica,
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
            name = page.add_resource(font, pikepdf.Name.Font)
            content = f"BT {name} 8 Tf 9 TL 36 760 Td {lines} ET".encode("latin-1")
            page.contents_add(content)
            out = io.BytesIO()
            document.save(out, static_id=True, deterministic_id=False)
        return out.getvalue()

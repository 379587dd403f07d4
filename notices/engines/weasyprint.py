"""WeasyPrint, for copies that a screen reader can read: tagged PDF/UA (ISO 14289-1). An extra, to be installed.

It lays out some hundred times slower than the engine that ships, and needs Pango on the machine.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Final

from notices.engines.base import DETERMINISTIC, FONTS, TAGGED, EngineError, refuse_references

_MISSING: Final = (
    "WeasyPrint is not installed, and the weasyprint engine needs it, with Pango. Install it "
    "(pip install 'breach-response-toolkit[accessible]'; Debian, Ubuntu: apt install libpango-1.0-0 libpangoft2-1.0-0) "
    "or use the plutoprint engine, which needs nothing."
)


class WeasyprintEngine:
    """Renders with WeasyPrint, tagged."""

    name = "weasyprint"
    capabilities = frozenset([DETERMINISTIC, TAGGED])

    def __init__(self) -> None:
        # Read once, when Pango first looks for a font in this process.
        os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")
        # What it writes into embedded fonts as their last change; when it was rendered stands in the log.
        os.environ.setdefault("SOURCE_DATE_EPOCH", "946684800")
        try:
            import weasyprint  # noqa: PLC0415 - an extra
        except (ImportError, OSError):
            raise EngineError(_MISSING) from None
        self._html = weasyprint.HTML
        self.version = str(weasyprint.__version__)

    def render(self, html: str) -> bytes:
        """See `PdfEngine.render`."""
        refuse_references(html)
        try:
            document = self._html(string=html, url_fetcher=_refuse, base_url=None)
            return bytes(document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=b"breach", full_fonts=False))
        except _Refused as error:
            raise EngineError(f"weasyprint could not render the document: {error}") from None


class _Refused(Exception):  # noqa: N818 - it never leaves this module
    """Something asked for a resource."""


def _refuse(url: str, *_args: object, **_kwargs: object) -> Mapping[str, Any]:
    raise _Refused(f"refused to fetch {url[:80]!r}")

"""WeasyPrint, for copies that a screen reader can read: tagged PDF/UA (ISO 14289-1). An extra, to be installed.

It lays out some hundred times slower than the engine that ships, and needs Pango on the machine.
"""

from __future__ import annotations

import os
import re
from typing import Any, Final

from notices.engines.artifacts import footers_as_artifacts
from notices.engines.base import DETERMINISTIC, FONTS, PICTURE, TAGGED, EngineError, refuse_references

_MISSING: Final = (
    "WeasyPrint is not installed, and the weasyprint engine needs it, with Pango. Install it "
    "(pip install 'breach-response-toolkit[accessible]'; Debian, Ubuntu: apt install libpango-1.0-0 libpangoft2-1.0-0) "
    "or use the plutoprint engine, which needs nothing."
)


_PICTURE: Final = re.compile(PICTURE)


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
        self._fetcher, self._refused = _closed_fetcher()
        self.version = str(weasyprint.__version__)

    def render(self, html: str) -> bytes:
        """See `PdfEngine.render`."""
        refuse_references(html)
        try:
            document = self._html(string=html, url_fetcher=self._fetcher, base_url=None)
            made = bytes(
                document.write_pdf(
                    pdf_variant="pdf/ua-1", pdf_identifier=b"breach", full_fonts=False, presentational_hints=True
                )
            )
        except self._refused as error:
            raise EngineError(f"weasyprint could not render the document: {error}") from None
        return footers_as_artifacts(made)


def _closed_fetcher() -> tuple[Any, type[BaseException]]:
    """What fetches nothing but a picture that the document carries in itself, and what it raises."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher  # noqa: PLC0415 - an extra

    class Closed(URLFetcher):  # type: ignore[misc] # the library is not typed
        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ANN401
            if not _PICTURE.fullmatch(url):
                raise FatalURLFetchingError(f"refused to fetch {url[:80]!r}")
            return super().fetch(url, headers)

    # A picture that cannot be read stops the rendering too: it would be missing without a word.
    return Closed(allowed_protocols=["data"], fail_on_errors=True), FatalURLFetchingError

"""The embedded default engine: one wheel, no system packages, no network, no files but the shipped fonts."""

from __future__ import annotations

import io
from functools import cache
from threading import Lock

import plutoprint

from notices.engines.base import BATCHES, DETERMINISTIC, FONTS, EngineError, refuse_references

_CREATED = "2000-01-01T00:00:00Z"
"""The same for every file, so that the same text gives the same bytes; when it was rendered stands in the log."""

_ONE_AT_A_TIME = Lock()


class _Refuse(plutoprint.ResourceFetcher):
    """Serves nothing. The fonts come from fontconfig, which is shown the shipped folder only."""

    def fetch_url(self, url: str) -> plutoprint.ResourceData:
        raise plutoprint.Error(f"refused to fetch {url[:80]!r}")


@cache
def _use_shipped_fonts() -> None:
    """Must come before the first book of the process."""
    plutoprint.plutobook_set_fontconfig_path(FONTS)


class PlutoprintEngine:
    """Renders with PlutoBook."""

    name = "plutoprint"
    version = str(plutoprint.__version__)
    capabilities = frozenset([BATCHES, DETERMINISTIC])

    def render(self, html: str) -> bytes:
        """See `PdfEngine.render`."""
        refuse_references(html)
        with _ONE_AT_A_TIME:
            _use_shipped_fonts()
            book = plutoprint.Book(size=plutoprint.PAGE_SIZE_LETTER)
            book.custom_resource_fetcher = _Refuse()
            out = io.BytesIO()
            try:
                book.load_html(html)
                book.set_metadata(plutoprint.PDF_METADATA_CREATION_DATE, _CREATED)
                book.set_metadata(plutoprint.PDF_METADATA_MODIFICATION_DATE, _CREATED)
                book.write_to_pdf_stream(out)
            except plutoprint.Error as error:
                raise EngineError(f"plutoprint could not render the document: {error}") from None
        return out.getvalue()

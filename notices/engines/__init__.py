"""The PDF engines by name. Each is imported when it is asked for: one may be missing without hurting the others."""

from notices.engines.base import EngineError, PdfEngine

DEFAULT = "plutoprint"
NAMES = ("plutoprint", "pdfkit", "weasyprint")


def engine(name: str = DEFAULT) -> PdfEngine:
    """The engine of that name, ready to render.

    Raises:
        EngineError: if there is none of that name, or what it needs is not installed.
    """
    match name:
        case "plutoprint":
            from notices.engines.plutoprint import PlutoprintEngine  # noqa: PLC0415

            return PlutoprintEngine()
        case "pdfkit":
            from notices.engines.pdfkit import PdfkitEngine  # noqa: PLC0415

            return PdfkitEngine()
        case "weasyprint":
            from notices.engines.weasyprint import WeasyprintEngine  # noqa: PLC0415

            return WeasyprintEngine()
        case _:
            raise EngineError(f"there is no PDF engine {name!r}; there are {', '.join(NAMES)}")

"""Finding in a text what the law wants it to say. An element is found where the text itself says it."""

from notices.elements.readability import Readability
from notices.elements.report import ElementFinding, ElementReport, ForbiddenFinding, check_text

__all__ = ["ElementFinding", "ElementReport", "ForbiddenFinding", "Readability", "check_text"]

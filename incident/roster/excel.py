"""What a spreadsheet did to a cell, as far as the text that it left shows it."""

import re

ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
"""What is shown for a cell that could not be computed."""

_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+\d{1,3}\Z", re.IGNORECASE | re.ASCII)
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_DATE = re.compile(
    rf"(?:\d{{1,2}}-{_MONTH}(?:-\d{{2,4}})?|{_MONTH}-\d{{2}}|(?:19|20)\d\d-\d\d-\d\d(?: 00:00:00)?)\Z",
    re.IGNORECASE | re.ASCII,
)


def is_scientific(text: str) -> bool:
    """Whether a number is written as 1.23457E+11: digits were lost, so two different ones may look alike."""
    return "+" in text and _SCIENTIFIC.match(text) is not None


def is_date(text: str) -> bool:
    """Whether the text is a date such as a spreadsheet makes of the unit `3-4` or the house number `5-10`."""
    return "-" in text and _DATE.match(text) is not None

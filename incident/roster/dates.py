"""Dates as rosters write them: only forms that mean one day are read. Nothing is guessed."""

import re
from datetime import date, timedelta

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][0-9:.]+(?:Z|[+-]\d\d:?\d\d)?)?\Z", re.ASCII)
_COMPACT = re.compile(r"((?:18|19|20)\d\d)(\d\d)(\d\d)\Z", re.ASCII)
_US = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?: 0?0:00(?::00)?(?: ?AM)?| 12:00(?::00)? ?AM)?\Z", re.IGNORECASE | re.ASCII
)
_TWO_DIGIT_YEAR = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}\Z", re.ASCII)
_SERIAL = re.compile(r"[1-7]\d{4}(?:\.0+)?\Z", re.ASCII)

DAY_0_OF_1900 = date(1899, 12, 30)
"""Day 0 of a spreadsheet's 1900 system for every day from 1900-03-01 on; five-digit numbers start in 1927."""
DAY_0_OF_1904 = date(1904, 1, 1)
"""Day 0 of the 1904 system, which old Macintosh workbooks use."""


def read_date(text: str, day_0: date = DAY_0_OF_1900) -> tuple[date | None, str]:
    """The day a cell means and how it was found: '' plainly, 'excel_serial', 'two_digit_year' or 'unreadable' (None).

    `day_0` is the day from which the file counts days that are plain numbers.

    Read: 1990-02-28 (with or without a time), 19900228, 2/28/1990 with / - or . (month first, as in the United States).
    A day-first date such as 28/2/1990 is no month-first date and stays unread.
    """
    if len(text) == 10 and text[4] == text[7] == "-":  # as nearly all are
        return _plain(text)
    if match := _ISO.match(text) or _COMPACT.match(text):
        return _day(match[1], match[2], match[3])
    if match := _US.match(text):
        return _day(match[4], match[1], match[3])
    if _SERIAL.match(text):
        return day_0 + timedelta(days=int(text[:5])), "excel_serial"
    if _TWO_DIGIT_YEAR.match(text):
        return None, "two_digit_year"
    return None, "unreadable"


def _plain(text: str) -> tuple[date | None, str]:
    try:
        return date.fromisoformat(text), ""
    except ValueError:
        return None, "unreadable"


def _day(year: str, month: str, day: str) -> tuple[date | None, str]:
    try:
        return date(int(year), int(month), int(day)), ""
    except ValueError:
        return None, "unreadable"

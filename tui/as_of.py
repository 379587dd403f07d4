"""As of when: an event number, a day or a moment, the same words on the command line and behind `@`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from incident.errors import InvalidInput
from tui.entry import read_day, read_moment
from tui.presenters import end_of

FORMS = "57, 2026-11-20 or 2026-11-20T16:10-06:00"
_NUMBER = re.compile(r"#?(\d{1,18})")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def read_as_of(text: str, now: datetime, zone: ZoneInfo) -> int | datetime:
    """An event number, or a past moment, aware.

    `57` and `#57` are event numbers. `2026-11-20` is the end of that day in `zone`, for today what is known by now.
    A moment has its offset from UTC (`2026-11-20T16:10-06:00`) or is meant in `zone` (`16:40`, `-2d 9:15`).

    Raises:
        InvalidInput: it is none of these, or lies in the future.
    """
    words = text.strip()
    if number := _NUMBER.fullmatch(words):
        return int(number[1])
    if _DAY.fullmatch(words):
        day = read_day(words)
        if day > now.astimezone(zone).date():
            raise InvalidInput(f"as of: {day} lies in the future")
        return min(end_of(day, zone) - timedelta(microseconds=1), now)
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        found = None
    try:
        if found is None or found.tzinfo is None:
            return read_moment(words, now, zone)
    except InvalidInput as refusal:
        raise InvalidInput(f"as of: {text!r}: {refusal} (or {FORMS})") from None
    if found > now:
        raise InvalidInput(f"as of: {text} lies in the future")
    return found

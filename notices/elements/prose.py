"""A text cut into sentences, lines and dates, every piece with its place in the original."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Final

import msgspec

_SAME_LENGTH: Final = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u201c": '"', "\u201d": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
        "\u00a0": " ", "\u2007": " ", "\u202f": " ", "\u2009": " ", "\t": " ", "\r": " ", "\f": "\n",
        "\u2022": "*", "\u25cf": "*", "\u00b7": "*",
    }
)  # fmt: skip
"""Typographic signs to plain ones, one for one, so that offsets stay those of the original."""

_ABBREVIATIONS: Final = frozenset(
    ["Mr", "Mrs", "Ms", "Dr", "St", "Inc", "Corp", "Co", "Ltd", "LLC", "No", "Nos", "vs", "etc", "approx", "Jan", "Feb",
     "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec", "Ave", "Blvd", "Rd", "Ste", "Apt", "Dept",
     "U.S", "U.S.C", "P.O", "a.m", "p.m", "e.g", "i.e", "Jr", "Sr", "D.C", "N.W"]
)  # fmt: skip
_END: Final = re.compile(r"[.!?][\"')\]]*(?=\s)|\n[ ]*\n|\n(?=[ ]*[*-] )|\n(?=[ ]*\d+[.)] )")

_INITIALS: Final = re.compile(r"[A-Z](?:\.[A-Z])*")
"""One capital, or several with stops between: L.A., J. R."""

_SHORT: Final = 0.6
"""A line shorter than this part of a usual one ends before the margin: it was not broken there by layout."""

_LONGEST_SENTENCE: Final = 1_500
"""Characters; what runs on without a stop is cut here, so that no text can make the search for verbs slow."""

_NEAR: Final = 300
"""Characters before a date among which the words that govern it are looked for."""

_MONTH_NAMES: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH: Final = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
)
_WEEKDAY: Final = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?"
_DATE: Final = re.compile(
    rf"""{_WEEKDAY}(?:
      \b(?P<m1>{_MONTH}),?\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*(?:of\s+)?|\s+)(?P<y1>(?:19|20)\d\d)\b
    | \b(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<m2>{_MONTH}),?\s+(?P<y2>(?:19|20)\d\d)\b
    | \b(?P<m3>\d{{1,2}})[/-](?P<d3>\d{{1,2}})[/-](?P<y3>(?:19|20)\d\d)\b
    | \b(?P<y4>(?:19|20)\d\d)-(?P<m4>\d\d)-(?P<d4>\d\d)\b
    | \b(?P<m5>{_MONTH})\s+(?P<d5>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*,?\s*\d)
    | \b(?P<m6>{_MONTH})(?:,|\s+of)?\s+(?P<y6>(?:19|20)\d\d)\b
    )""",
    re.VERBOSE,
)


_YEAR: Final = r"(?:19|20)\d\d"
_PARTS: Final[dict[str, tuple[int, int]]] = {
    "early": (1, 5), "beginning": (1, 5), "start": (1, 5), "first half": (1, 6), "spring": (3, 6),
    "mid": (4, 9), "middle": (4, 9), "summer": (6, 9), "fall": (9, 12), "autumn": (9, 12),
    "second half": (7, 12), "late": (8, 12), "end": (10, 12), "winter": (1, 12),
    "first quarter": (1, 3), "second quarter": (4, 6), "third quarter": (7, 9), "fourth quarter": (10, 12),
}  # fmt: skip
"""The months that such a part of a year may mean, by nobody's narrow reading."""
_PERIOD: Final = re.compile(
    rf"""\b(?P<part>{"|".join(name.replace(" ", "[ ]") for name in _PARTS)})
         (?:[ ]part)?(?:[ -]+(?:of|in))?(?:[ -]+the)?(?:[ -]+(?P<season>spring|summer|fall|autumn|winter))?
         [ -]+(?:year[ ])?(?P<y1>{_YEAR})\b
     | \b(?:in|since|during|throughout|between|from(?=[^.;]{{1,30}}?\d[ ]*(?:and|to|through|until|-)[ ]))\s+
         (?:(?:or|about|around|approximately|at\s+least)\s+)*
         (?P<y2>{_YEAR})\b(?![ ]*[-/]\d)(?!\s+(?:(?-i:[A-Z])|tax|calendar|enrol|fiscal|school|plan))
     | (?<=\d)[ ]*(?:and|to|through|until|-)[ ]*(?P<y3>{_YEAR})\b(?![ ]*[-/]\d)(?!\s+(?:tax|calendar|fiscal))
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""A year, or a part of one, as the time at which something was; "the 2015 tax year" is none."""


class Span(msgspec.Struct, frozen=True, order=True):
    """A place in the text: start and end offsets in characters."""

    start: int
    end: int


class Mention(msgspec.Struct, frozen=True):
    """A date in the text. `year`, `month` or `day` is None where the text does not give it.

    `months` are the first and last that a part of a year ("late 2014") may mean.
    """

    span: Span
    year: int | None
    month: int | None
    day: int | None
    months: tuple[int, int] = (1, 12)

    def may_be(self, day: date) -> bool:
        """Whether this mention can mean that day; what the text leaves out cannot contradict."""
        return (
            (self.year is None or self.year == day.year)
            and (self.month is None or self.month == day.month)
            and self.months[0] <= day.month <= self.months[1]
            and (self.day is None or self.day == day.day)
        )


class Prose:
    """The text of a notice. `plain` has the same length as the original, with typographic signs made plain."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = text.translate(_SAME_LENGTH)

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Sentences, list entries and headings, in order; they end at a full stop, a blank line or a bullet."""
        stops = {
            end.end()
            for end in _END.finditer(self.plain)
            if not (end.group().startswith(".") and self._abbreviated(end.start()))
        }
        bounds = [0, *sorted(stops | self._short_line_ends()), len(self.plain)]
        found = (
            self._trimmed(piece, min(piece + _LONGEST_SENTENCE, end))
            for start, end in pairwise(bounds)
            for piece in range(start, end, _LONGEST_SENTENCE)
        )
        return tuple(span for span in found if span.start < span.end)

    def _short_line_ends(self) -> set[int]:
        """Where a line ends well before the others do and the next begins with a capital: a heading or a last line."""
        lengths = sorted(len(line) for line in self.plain.split("\n") if line.strip())
        if not lengths:
            return set()
        short = _SHORT * lengths[len(lengths) * 9 // 10]
        return {
            match.end()
            for match in re.finditer(r"^([^\n]+)\n(?=[ ]*[A-Z])", self.plain, re.MULTILINE)
            if len(match.group(1)) < short
        }

    @cached_property
    def dates(self) -> tuple[Mention, ...]:
        """Every date in the text, in order."""
        return tuple(mention for match in _DATE.finditer(self.plain) if (mention := _mention(match)) is not None)

    def times_in(self, span: Span) -> tuple[Mention, ...]:
        """The dates within a place, and the years and parts of a year that stand for one."""
        dates = self.dates_in(span)
        return tuple(sorted((*dates, *self._periods_in(span, dates)), key=lambda each: each.span))

    def _periods_in(self, span: Span, dates: tuple[Mention, ...]) -> Iterator[Mention]:
        for match in _PERIOD.finditer(self.plain, span.start, span.end):
            part = match.group("part")
            group = "y1" if part is not None else "y2" if match.group("y2") is not None else "y3"
            place = Span(match.start() if part is not None else match.start(group), match.end())
            if not any(each.span.start < place.end and place.start < each.span.end for each in dates):
                # Of "late spring" the season tells the months; which part of it is not read more narrowly.
                named = match.group("season") or part
                months = _PARTS[named.lower()] if named is not None else (1, 12)
                yield Mention(place, int(match.group(group)), None, None, months)

    @cached_property
    def lines(self) -> tuple[Span, ...]:
        """Lines that hold anything."""
        return tuple(Span(m.start(), m.end()) for m in re.finditer(r"[^\s][^\n]*", self.plain))

    @cached_property
    def paragraphs(self) -> tuple[Span, ...]:
        """Runs of lines without a blank line between them."""
        return tuple(Span(m.start(), m.end()) for m in re.finditer(r"\S(?:[^\n]|\n(?![ ]*\n))*", self.plain))

    def of(self, span: Span) -> str:
        """The plain text of a place."""
        return self.plain[span.start : span.end]

    def original(self, span: Span) -> str:
        """The original text of a place, on one line."""
        return " ".join(self.text[span.start : span.end].split())

    def find(self, pattern: re.Pattern[str], within: Span | None = None) -> Iterator[Span]:
        """Where a pattern occurs, in the whole text or in one place of it."""
        scope = within or Span(0, len(self.plain))
        for match in pattern.finditer(self.plain, scope.start, scope.end):
            yield Span(match.start(), match.end())

    def before(self, sentence: Span, mention: Mention) -> str:
        """The words of a sentence that lead to a date, the nearest few dozen of them."""
        return self.plain[max(sentence.start, mention.span.start - _NEAR) : mention.span.start]

    def dates_in(self, span: Span) -> tuple[Mention, ...]:
        """The dates within a place."""
        first = bisect_left(self._date_starts, span.start)
        last = bisect_left(self._date_starts, span.end)
        return tuple(each for each in self.dates[first:last] if each.span.end <= span.end)

    @cached_property
    def _date_starts(self) -> list[int]:
        return [each.span.start for each in self.dates]

    def _abbreviated(self, stop: int) -> bool:
        word = re.search(r"[\w.]+$", self.plain[max(0, stop - 12) : stop])
        if word is None:
            return False
        last = word.group()
        return last in _ABBREVIATIONS or _INITIALS.fullmatch(last) is not None

    def _trimmed(self, start: int, end: int) -> Span:
        while start < end and self.plain[start] in " \n*-":
            start += 1
        while end > start and self.plain[end - 1] in " \n":
            end -= 1
        return Span(start, end)


def _mention(match: re.Match[str]) -> Mention | None:
    part = {name.rstrip("123456"): value for name, value in match.groupdict().items() if value is not None}
    month = int(part["m"]) if part["m"].isdigit() else _month_number(part["m"])
    day = int(part["d"]) if "d" in part else None
    year = int(part["y"]) if "y" in part else None
    try:
        date(year or 2024, month, day or 1)
    except ValueError:
        return None
    return Mention(Span(match.start(), match.end()), year, month, day)


def _month_number(name: str) -> int:
    return next(i for i, full in enumerate(_MONTH_NAMES, start=1) if full.startswith(name.rstrip(".").lower()[:3]))

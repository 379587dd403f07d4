"""The yearly report of small breaches, 45 CFR 164.408(c): which year a breach belongs to, and when that year's is due.

"Not later than 60 days after the end of each calendar year … for breaches discovered during the preceding calendar
year": the year is that of discovery, and the days are counted from 31 December, so that the last one is 1 March, or 29
February where the year after has one. No rule of Subpart D moves it off a weekend.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from jurisdictions.anchors import imputed
from jurisdictions.case import Case
from jurisdictions.counting import end_of_year_plus
from jurisdictions.facts import BreachFacts
from jurisdictions.rulebook import Rulebook

_PROVISION = "us.hipaa.hhs.yearly"
_THRESHOLD = "us.hipaa.hhs.threshold"


class YearDue(msgspec.Struct, frozen=True, kw_only=True):
    """When the reports of a calendar year of discovery are due; `fewer_than` so many individuals each."""

    year: int
    due: date
    fewer_than: int
    citation: str
    why: tuple[str, ...]


class DiscoveryDay(msgspec.Struct, frozen=True):
    """A day on which a breach can be taken to be discovered, and by which reading."""

    day: date
    reading: str


def due_of_year(year: int, rulebook: Rulebook) -> YearDue | None:
    """When the reports on breaches discovered in a year are due; None for a year before the rule."""
    end = date(year, 12, 31)
    days, threshold = rulebook.version(_PROVISION, end), rulebook.version(_THRESHOLD, end)
    if days is None or days.days is None or threshold is None or threshold.at_least is None:
        return None
    counted = end_of_year_plus(end, days.days)
    rule = f"{days.citation}, in force from {days.since}: {days.days} days after the end of the calendar year."
    return YearDue(
        year=year,
        due=counted.day,
        fewer_than=threshold.at_least,
        citation=days.citation,
        why=(rule, *counted.lines, "No weekend or holiday roll."),
    )


def discovery_days(facts: BreachFacts, rulebook: Rulebook, as_of: datetime) -> tuple[DiscoveryDay, ...]:
    """Every day that can be discovery on these facts, the adopted one first (164.404(a)(2))."""
    case = Case(facts, rulebook, as_of=as_of, law_as_of=None)
    return tuple(DiscoveryDay(anchor.day, anchor.reading) for anchor in imputed(case))

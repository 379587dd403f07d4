"""Business-day calendars computed from reviewed holiday rules, each with the statute that names it.

Holiday packages are not used: they add observances that these statutes do not have and omit days that they do.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from dateutil.easter import easter
from dateutil.relativedelta import FR, MO, TH, TU, WE, relativedelta

from jurisdictions.schema import CalendarFile, CalendarHead, Holiday

_WEEKDAYS: Final = {"monday": MO, "tuesday": TU, "wednesday": WE, "thursday": TH, "friday": FR}
_SATURDAY: Final = 5
_SUNDAY: Final = 6
_ONE_DAY: Final = timedelta(days=1)


class Calendar:
    """One statute's business days. Immutable; years are computed once, when first asked for."""

    def __init__(self, file: CalendarFile) -> None:
        self.head: CalendarHead = file.calendar
        self.holidays: tuple[Holiday, ...] = file.holiday
        self._years: dict[int, dict[date, str]] = {}

    def holiday(self, day: date) -> str | None:
        """The name of the holiday on a day, or None."""
        return self.year(day.year).get(day)

    def not_business(self, day: date) -> str | None:
        """Why a day is no business day ("Saturday", a holiday's name), or None if it is one."""
        if day.weekday() >= _SATURDAY:
            return f"{day:%A}"
        return self.holiday(day)

    def year(self, year: int) -> dict[date, str]:
        """Every holiday of a year, weekends included, in order."""
        if year not in self._years:
            found: dict[date, str] = {}
            # A day can be observed in the year before or after its own.
            for each in (year - 1, year, year + 1):
                for rule in self.holidays:
                    for day in observed(rule, each):
                        if day.year == year:
                            found.setdefault(day, rule.name)
            self._years[year] = dict(sorted(found.items()))
        return self._years[year]

    def caveats(self, start: date, end: date) -> tuple[str, ...]:
        """What a person must know about a count from ``start`` to ``end`` on this calendar."""
        found = [self.head.caveat] if self.head.caveat else []
        if start.year < self.head.first_year or end.year > self.head.last_year:
            found.append(
                f"{self.head.citation}: holidays were reviewed for {self.head.first_year} to {self.head.last_year} only"
            )
        for rule in self.holidays:
            if rule.unlisted is not None and _crosses_window(rule, start, end):
                found.append(f"{rule.name} ({rule.citation}) falls in this period; its date is not in the data")
            elif rule.caveat and any(
                start < day <= end for year in range(start.year, end.year + 1) for day in observed(rule, year)
            ):
                found.append(rule.caveat)
        return tuple(found)


def nominal(rule: Holiday, year: int) -> tuple[date, ...]:
    """The days of a holiday in a year before any observance shift."""
    if rule.fixed is not None:
        month, day = map(int, rule.fixed.split("-"))
        return (date(year, month, day),)
    if rule.weekday is not None and rule.month is not None and rule.nth is not None:
        weekday = _WEEKDAYS[rule.weekday]
        if rule.nth > 0:
            found = date(year, rule.month, 1) + relativedelta(weekday=weekday(rule.nth))
        else:
            found = date(year, rule.month, 1) + relativedelta(day=31, weekday=weekday(rule.nth))
        return (found + timedelta(days=rule.after),)
    if rule.easter is not None:
        return (easter(year) + timedelta(days=rule.easter),)
    if rule.election:
        return (date(year, 11, 1) + relativedelta(weekday=MO(1)) + _ONE_DAY,) if year % 2 == 0 else ()
    if rule.days is not None:
        return tuple(day for day in rule.days if day.year == year)
    return ()


def observed(rule: Holiday, year: int) -> tuple[date, ...]:
    """The days on which a holiday is kept: in force on the day itself, then shifted as its own statute says."""
    found = []
    for day in nominal(rule, year):
        if (rule.since and day < rule.since) or (rule.until and day >= rule.until):
            continue
        if day.weekday() == _SUNDAY and rule.sunday:
            found.append(day + _ONE_DAY)
        elif day.weekday() == _SATURDAY and rule.saturday:
            found.append(day - _ONE_DAY)
        else:
            found.append(day)
    return tuple(found)


def _crosses_window(rule: Holiday, start: date, end: date) -> bool:
    assert rule.unlisted is not None
    first, last = rule.unlisted.split("/")
    for year in range(start.year, end.year + 1):
        opens = date(year, *map(int, first.split("-")))
        closes = date(year, *map(int, last.split("-")))
        in_law = (rule.since is None or closes >= rule.since) and (rule.until is None or opens < rule.until)
        if in_law and opens <= end and closes > start:
            return True
    return False

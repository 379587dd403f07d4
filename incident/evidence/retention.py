"""How long the record of an incident is kept: six years from its last event."""

from datetime import date

YEARS = 6
RULE = "45 CFR 164.530(j)(2): six years from creation or the date when it last was in effect, whichever is later"


def keep_until(last_event: date) -> date:
    """The day until which the record is kept, counted from its last event; each later event moves it.

    Six years after a 29 February is a 1 March: where the law leaves a choice, the longer keeping is the safe one.
    """
    year = last_event.year + YEARS
    try:
        return last_event.replace(year=year)
    except ValueError:
        return date(year, 3, 1)

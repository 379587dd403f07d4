"""The strict shape of the data files. An unknown key is an error, so a misspelt value cannot hide."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

Mark = Literal["verified", "secondary", "knowledge", "unverified"]
"""How a value was checked.

``verified``: read in a copy of the text. ``secondary``: read in a summary by somebody else. ``knowledge``: not read
again. ``unverified``: known to be doubtful. All but ``verified`` reach the user as a caveat.
"""

Basis = Literal["occurrence", "discovery", "performance", "trigger"]
"""Which day selects the version: of occurrence, of discovery, of performing the duty, or of its own trigger."""


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of everything read from a data file."""


class Source(Strict, frozen=True, kw_only=True):
    """Where a value was read; ``address`` as recorded when it was."""

    id: str
    address: str


class Version(Strict, frozen=True, rename={"since": "from"}, kw_only=True):
    """One value of a provision and the days on which it is law.

    Exactly one of ``days`` (calendar), ``business_days``, ``more_than``, ``at_least``, ``elements``, ``amount``
    (dollars), ``says`` (a rule in words) and ``no_number`` (a duty to which the law sets no number) is set.
    """

    since: date
    until: date | None = None
    gap: str | None = None
    enacted: date | None = None
    law: str | None = None
    days: int | None = None
    business_days: int | None = None
    more_than: int | None = None
    at_least: int | None = None
    elements: tuple[str, ...] | None = None
    amount: tuple[int, ...] | None = None
    says: str | None = None
    no_number: bool | None = None
    citation: str
    quote: str | None = None
    mark: Mark
    sources: tuple[str, ...] = ()
    caveat: str | None = None

    @property
    def value(self) -> str:
        """The value in words."""
        for text, got in (
            ("{} calendar days", self.days),
            ("{} business days", self.business_days),
            ("more than {:,}", self.more_than),
            ("{:,} or more", self.at_least),
        ):
            if got is not None:
                return text.format(got)
        if self.elements is not None:
            return ", ".join(self.elements)
        if self.amount is not None:
            return " to ".join(f"${each:,}" for each in self.amount)
        return self.says or "no number of days"


def caveats_of(*versions: Version | None) -> tuple[str, ...]:
    """What a user must be told of how well these values were checked."""
    found = []
    for each in versions:
        if each is None:
            continue
        if each.mark in ("knowledge", "unverified"):
            found.append(f"{each.citation}: not verified against primary text: ask counsel.")
        elif each.mark == "secondary":
            found.append(f"{each.citation}: read in a summary, not in the enacted text: ask counsel.")
        if each.caveat:
            found.append(each.caveat)
    return tuple(dict.fromkeys(found))


VALUES = ("days", "business_days", "more_than", "at_least", "elements", "amount", "says", "no_number")


class Provision(Strict, frozen=True, kw_only=True):
    """One provision and its values over time, oldest first."""

    id: str
    summary: str
    basis: Basis = "discovery"
    obligation: str | None = None
    version: tuple[Version, ...]


class Element(Strict, frozen=True, kw_only=True):
    """One thing that a notice must say, or must not; versions say since when."""

    id: str
    obligation: str
    summary: str
    required: bool = True
    forbidden: bool = False
    verbatim: str | None = None
    version: tuple[Version, ...]


class Information(Strict, frozen=True, rename={"since": "from"}, kw_only=True):
    """What goes with an obligation without changing its date: method, substitute notice, penalty, burden of proof."""

    id: str
    kind: Literal["method", "substitute", "penalty", "burden", "records", "note"]
    obligation: str
    text: str
    citation: str
    mark: Mark
    sources: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


class Instrument(Strict, frozen=True, kw_only=True):
    """One statute or rule."""

    id: str
    title: str
    citation: str
    jurisdiction: str
    checked_on: date


class InstrumentFile(Strict, frozen=True, kw_only=True):
    """A data file of law."""

    instrument: Instrument
    provision: tuple[Provision, ...] = ()
    element: tuple[Element, ...] = ()
    information: tuple[Information, ...] = ()


class Holiday(Strict, frozen=True, rename={"since": "from"}, kw_only=True):
    """One holiday of a calendar, by exactly one rule.

    ``fixed``: MM-DD. ``weekday`` with ``month`` and ``nth`` (-1: last; ``after`` shifts the result by days).
    ``easter``: days from Western Easter Sunday. ``election``: Tuesday after the first Monday of November in even
    years. ``days``: listed dates. ``unlisted``: a window MM-DD/MM-DD in which a day falls that nobody has published
    yet for this data; it is not skipped, but a count that crosses the window carries a caveat.
    """

    name: str
    since: date | None = None
    until: date | None = None
    fixed: str | None = None
    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday"] | None = None
    month: int | None = None
    nth: int | None = None
    after: int = 0
    easter: int | None = None
    election: bool | None = None
    days: tuple[date, ...] | None = None
    unlisted: str | None = None
    saturday: Literal["friday"] | None = None
    sunday: Literal["monday"] | None = None
    citation: str | None = None
    mark: Mark = "verified"
    sources: tuple[str, ...] = ()
    caveat: str | None = None


class CalendarHead(Strict, frozen=True, kw_only=True):
    """Which days are no business days, under which statute, for which years."""

    id: str
    title: str
    citation: str
    jurisdiction: str
    first_year: int
    last_year: int
    checked_on: date
    observance: str
    caveat: str | None = None


class CalendarFile(Strict, frozen=True, kw_only=True):
    """A data file of one business-day calendar. Saturdays and Sundays are never business days."""

    calendar: CalendarHead
    holiday: tuple[Holiday, ...]


class SourcesFile(Strict, frozen=True, kw_only=True):
    """The sources that every other file names by id."""

    source: tuple[Source, ...]

"""One case under assessment: the facts in the terms that the statutes use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from jurisdictions.calendars import Calendar
from jurisdictions.conditions import Bounds, Finding
from jurisdictions.facts import BreachFacts, Count, CountRange, Hold
from jurisdictions.obligation_ids import matches
from jurisdictions.obligations import Obligation
from jurisdictions.rulebook import Rulebook
from jurisdictions.schema import Version
from jurisdictions.vocabulary import USPS


class Case:
    """Facts, rulebook and the obligations already settled, which later duties may wait on.

    ``consulted`` collects every provision that was asked for, with the day its version began (None: not yet law).
    ``worked_out`` keeps what many rules ask for again, such as the day of discovery.
    """

    def __init__(self, facts: BreachFacts, rulebook: Rulebook, *, as_of: datetime, law_as_of: date | None) -> None:
        self.facts = facts
        self.rulebook = rulebook
        self.zone = ZoneInfo(facts.organization.time_zone)
        self.as_of_day = as_of.astimezone(self.zone).date()
        self.law_as_of = law_as_of
        self.settled: dict[str, Obligation] = {}
        self.consulted: set[tuple[str, date | None]] = set()
        self.worked_out: dict[str, Any] = {}

    # ---- days

    def local(self, moment: datetime) -> date:
        """The civil date of a moment where the organization keeps its dates; never the date in UTC."""
        return moment.astimezone(self.zone).date()

    def moment_line(self, what: str, moment: datetime) -> str:
        """A moment and the civil date that it belongs to."""
        day = self.local(moment)
        return f"{what} {moment.isoformat(timespec='minutes')}, which is {day:%A} {day} in {self.zone.key}."

    @cached_property
    def discovered(self) -> date:
        """The local civil date of ``incident.discovered_at``."""
        return self.local(self.facts.incident.discovered_at)

    @cached_property
    def occurred(self) -> date:
        """The last known day of the breach; the day of discovery if none is known."""
        incident = self.facts.incident
        return incident.occurred_to or incident.occurred_from or self.discovered

    def given(self, *obligations: str) -> date | None:
        """The earliest recorded date on which any of the duties was done."""
        days = [self.facts.given[each] for each in obligations if each in self.facts.given]
        return min(days) if days else None

    # ---- law

    def law(self, provision: str, basis: date) -> Version | None:
        """The version of a provision on its basis date, or on the date that the user fixed."""
        version = self.rulebook.version(provision, self.law_as_of or basis)
        self.consulted.add((provision, version.since if version is not None else None))
        return version

    def calendar(self, name: str) -> Calendar:
        """A business-day calendar of the rulebook."""
        return self.rulebook.calendars[name]

    def holds(self, obligation: str) -> tuple[tuple[int, Hold], ...]:
        """The law-enforcement holds that reach an obligation, by day of the request, with their place in the list."""
        found = [
            (index, hold)
            for index, hold in enumerate(self.facts.law_enforcement_holds)
            if hold.scope is None or any(matches(pattern, obligation) for pattern in hold.scope)
        ]
        return tuple(sorted(found, key=lambda each: (each[1].stated_on, each[0])))

    # ---- people

    @cached_property
    def states(self) -> tuple[str, ...]:
        """The States listed in the facts, in the order of their codes."""
        return tuple(sorted(self.facts.affected.by_state or ()))

    @cached_property
    def adds_up(self) -> str | None:
        """What to say where the States add up to more than the stated total; the larger number counts."""
        total = self.facts.affected.total
        high = _high(total)
        listed = sum(_low(each) for each in (self.facts.affected.by_state or {}).values())
        if high is None or listed <= high:
            return None
        return f"The States add up to {listed:,}, more than the recorded total of {high:,}: the larger number is used."

    @cached_property
    def total(self) -> Bounds:
        """Everybody affected: the stated total, and never fewer than the States add up to."""
        listed = sum(_low(each) for each in (self.facts.affected.by_state or {}).values())
        total = self.facts.affected.total
        if total is None:
            return Bounds(listed, None)
        high = _high(total)
        return Bounds(max(_low_exact(total), listed), None if high is None else max(high, listed))

    def residents(self, state: str) -> Bounds:
        """Affected residents of a State: unknown until States are recorded, none if they are and it is not among them.

        A listed State without a number has at least one. People of the total whom no State accounts for are
        ``unplaced``.
        """
        by_state = self.facts.affected.by_state
        if by_state is None:
            return Bounds(0, self.total.high)
        return self._bounded(by_state, state) if state in by_state else Bounds(0, 0)

    def must_notify(self, state: str) -> Bounds:
        """The residents whom the State's own definition covers, where fewer than all are recorded."""
        narrower = self.facts.affected.must_notify_by_state
        everyone = self.residents(state)
        if narrower is None or state not in narrower:
            return everyone
        count = narrower[state]
        if count is None:
            return Bounds(min(1, everyone.low), everyone.high)
        high = _high(count)
        return Bounds(_low_exact(count), high)

    def affected_finding(self, state: str) -> Finding:
        """Whether any resident of a State is affected, whatever that State's own definition covers."""
        people = self.residents(state)
        name = USPS[state]
        if people.high == 0:
            rest = f" {self.unplaced} people are in no recorded State yet." if self.unplaced.low else ""
            return Finding(truth=False, line=f"No resident of {name} is recorded as affected.{rest}")
        if people.low:
            listed = (self.facts.affected.by_state or {}).get(state)
            said = str(people) if listed is not None else f"some, count unknown ({people})"
            return Finding(truth=True, line=f"Residents of {name} affected: {said}.")
        line = f"Not known whether residents of {name} are affected."
        return Finding(truth=None, line=line, needs=(self.people_path(state),))

    def residents_finding(self, state: str) -> Finding:
        """Whether any resident of a State must be told under its own definition."""
        affected = self.affected_finding(state)
        people = self.must_notify(state)
        if affected.truth is not False and people.high == 0:
            line = f"No affected resident of {USPS[state]} is covered by that State's own definition."
            return Finding(truth=False, line=line)
        if affected.truth and not people.low:
            line = f"Not known whether any affected resident of {USPS[state]} is covered by its own definition."
            return Finding(truth=None, line=line, needs=(self.people_path(state),))
        return affected

    def people_path(self, state: str) -> str:
        """The path of the fact that would settle a State's count."""
        narrower = self.facts.affected.must_notify_by_state or {}
        if state in narrower:
            return f"affected.must_notify_by_state.{state}"
        return "affected.by_state" if self.facts.affected.by_state is None else f"affected.by_state.{state}"

    @cached_property
    def unplaced(self) -> Bounds:
        """People of the total whom no listed State accounts for."""
        by_state = self.facts.affected.by_state
        if by_state is None:
            return Bounds(0, self.total.high)
        total = self.facts.affected.total
        highs = [_high(each) for each in by_state.values()]
        if total is None or any(each is None for each in highs):
            return Bounds(0, 0)
        low = max(0, _low_exact(total) - sum(each for each in highs if each is not None))
        if not low:
            return Bounds(0, 0)
        high = _high(total)
        return Bounds(low, None if high is None else high - sum(map(_low, by_state.values())))

    def _bounded(self, by_state: Mapping[str, Count], state: str) -> Bounds:
        count = by_state[state]
        if count is not None:
            return Bounds(_low_exact(count), _high(count))
        high = _high(self.facts.affected.total)
        if high is None:
            return Bounds(1, None)
        others = sum(_low(each) for name, each in by_state.items() if name != state)
        return Bounds(1, max(1, high - others))


def _low_exact(count: int | CountRange) -> int:
    return count.min if isinstance(count, CountRange) else count


def _low(count: Count) -> int:
    """The fewest people in a listed State; a State without a number was listed because somebody lives there."""
    return 1 if count is None else _low_exact(count)


def _high(count: Count) -> int | None:
    return count.max if isinstance(count, CountRange) else count


def bounds_of(count: Count) -> Bounds:
    """The bounds of a count that stands alone; unknown is anything from 0."""
    return Bounds(0, None) if count is None else Bounds(_low_exact(count), _high(count))

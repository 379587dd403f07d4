"""What documents need to know of the facts, in civil days."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from jurisdictions.facts import BreachFacts


def discovery_days(facts: BreachFacts) -> list[date]:
    """The local civil days on which somebody first knew, by any of the recorded accounts; the earliest first."""
    zone = ZoneInfo(facts.organization.time_zone)
    moments = (facts.incident.discovered_at, facts.discovery.workforce_knew_at)
    return sorted({moment.astimezone(zone).date() for moment in moments if moment is not None})


def discovery_day(facts: BreachFacts) -> date:
    """The first of them: the day that a notice gives as the day of discovery (45 CFR 164.404(a)(2))."""
    return discovery_days(facts)[0]

"""The day from which a period runs: who knew first, and which readings of that the facts leave open."""

from __future__ import annotations

from datetime import date

import msgspec

from jurisdictions.case import Case
from jurisdictions.conditions import before


class Anchor(msgspec.Struct, frozen=True):
    """A possible day 0, with the line that says why."""

    id: str
    day: date
    reading: str
    why: tuple[str, ...]


def imputed(case: Case, *, any_associate: bool = False) -> tuple[Anchor, ...]:
    """Discovery where knowledge of workforce and agents, and reasonable diligence, count; the adopted day first.

    The adopted day is the earliest; later days that the facts leave defensible follow. ``any_associate`` imputes the
    knowledge of every business associate, as 22 CCR 79901 is read to do. Source: 45 CFR 164.404(a)(2), 164.410(a)(2).
    """
    key = f"imputed {any_associate}"
    if key not in case.worked_out:
        case.worked_out[key] = _imputed(case, any_associate=any_associate)
    found: tuple[Anchor, ...] = case.worked_out[key]
    return found


def _imputed(case: Case, *, any_associate: bool) -> tuple[Anchor, ...]:
    known = actual(case)
    discovery = case.facts.discovery
    anchors = [known]
    if discovery.should_have_known_at is not None:
        day = case.local(discovery.should_have_known_at)
        if before(day, known.day):
            line = case.moment_line(
                "With reasonable diligence it would have been known at", discovery.should_have_known_at
            )
            why: tuple[str, ...] = (
                line,
                "Discovery is the first day known, or that would have been known with reasonable diligence.",
            )
            anchors.append(Anchor("discovery.constructive", day, f"constructive knowledge on {day}", why))
    associate = discovery.business_associate
    if associate is not None and associate.discovered_at is not None:
        day = case.local(associate.discovered_at)
        agent = associate.is_agent is not False or any_associate
        if agent and before(day, known.day):
            why = (case.moment_line("The business associate discovered it at", associate.discovered_at),)
            if associate.is_agent:
                why += ("An agent's knowledge is the organization's own (federal common law of agency).",)
                return _ordered([Anchor("discovery.agent", day, f"the agent's discovery on {day}", why), *anchors[1:]])
            why += ("Not settled whether the business associate's knowledge counts; the earlier day is used.",)
            anchors.append(Anchor("discovery.agent", day, f"the business associate's discovery on {day}", why))
    return _ordered(anchors)


def actual(case: Case) -> Anchor:
    """Actual knowledge: the first day on which anybody in the organization, or telling it, knew."""
    if "actual" not in case.worked_out:
        case.worked_out["actual"] = _actual(case)
    found: Anchor = case.worked_out["actual"]
    return found


def _actual(case: Case) -> Anchor:
    moments = [("Discovered at", case.facts.incident.discovered_at, "discovery.recorded")]
    workforce = case.facts.discovery.workforce_knew_at
    if workforce is not None:
        moments.append(("A member of the workforce, not the wrongdoer, knew at", workforce, "discovery.workforce"))
    associate = case.facts.discovery.business_associate
    if associate is not None and associate.notified_us_at is not None:
        moments.append(("The business associate told the organization at", associate.notified_us_at, "discovery.told"))
    what, moment, name = min(moments, key=lambda each: (case.local(each[1]), each[1]))
    day = case.local(moment)
    why: tuple[str, ...] = (case.moment_line(what, moment),)
    if before(day, case.discovered):
        why += (f"That is before the recorded discovery on {case.discovered}, and it counts.",)
    return Anchor(name, day, f"actual knowledge on {day}", why)


def _ordered(anchors: list[Anchor]) -> tuple[Anchor, ...]:
    return tuple(sorted(anchors, key=lambda each: each.day))

"""California Civil Code 1798.82: residents, Attorney General, owner of the data, in the order of the section."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Final

from msgspec.structs import replace

from jurisdictions.anchors import Anchor, actual
from jurisdictions.case import Case
from jurisdictions.conditions import Finding, after, before, later_of, on_or_after
from jurisdictions.counting import calendar_days, shown
from jurisdictions.duties import Duty, Option
from jurisdictions.elements import computerized, personal_information, unencrypted
from jurisdictions.facts import Hold
from jurisdictions.holds import Span, delayed, described
from jurisdictions.obligations import NoNumber, On
from jurisdictions.rolls import rolls
from jurisdictions.schema import Version, caveats_of
from jurisdictions.vocabulary import RiskAssessment

INDIVIDUALS: Final = "ca.civ1798_82.individuals"
ATTORNEY_GENERAL: Final = "ca.civ1798_82.attorney_general"
DATA_OWNER: Final = "ca.civ1798_82.data_owner"
HIPAA_INDIVIDUALS: Final = "us.hipaa.individuals"
LIMIT: Final = "ca.civ1798_82.individuals.limit"
CIVIL: Final = "Civ. Code 1798.82"


# ---- the trigger, (a)(1), (g), (h)


def breach_gates(case: Case, basis: date) -> tuple[Finding, ...]:
    """(a)(1): unencrypted computerized personal information of a resident, acquired by an unauthorised person."""
    return (
        in_force(case, basis),
        _not_an_agency(case),
        case.residents_finding("CA"),
        computerized(case, CIVIL),
        personal_information(case, "ca.civ1798_82", basis),
        unencrypted(case, "ca.civ1798_82", basis, f"{CIVIL}(a)"),
        acquisition(case),
    )


def in_force(case: Case, basis: date) -> Finding:
    """The section is in force."""
    version = case.law(LIMIT, basis)
    if version is None:
        first = case.rulebook.provisions[LIMIT].version[0]
        return Finding(truth=False, line=f"{CIVIL} is in force from {first.since}; basis date {basis}.")
    return Finding(truth=True, line=f"{CIVIL}, version in force on {basis} (from {version.since}).")


def _not_an_agency(case: Case) -> Finding:
    if case.facts.organization.state_agency:
        return Finding(truth=False, line="State agencies follow Civ. Code 1798.29, which is not modelled.")
    return Finding(truth=True, line="Not recorded as a State agency: 1798.82, not 1798.29.")


def acquisition(case: Case) -> Finding:
    """No risk-of-harm threshold; good-faith acquisition by an employee or agent is not a breach (g)."""
    if case.facts.incident.risk_assessment is RiskAssessment.EXCEPTION_WORKFORCE:
        line = f"Good-faith acquisition by an employee or agent for its purposes is not a breach ({CIVIL}(g))."
        return Finding(truth=False, line=line)
    return Finding(
        truth=True, line=f"No risk-of-harm threshold: reasonable belief of acquisition is enough ({CIVIL}(a))."
    )


def _owner(case: Case) -> Finding:
    owner = case.facts.organization.data_owner
    if owner is False:
        return Finding(
            truth=False, line="It maintains data that it does not own: the owner tells residents ((a), (b))."
        )
    if owner is None:
        line = "Not recorded whether it owns or licenses the data, or only maintains it for someone else ((a), (b))."
        return Finding(truth=None, line=line, needs=("organization.data_owner",))
    return Finding(truth=True, line="It owns or licenses the data (a).")


# ---- (a)(2) and (c): residents


def basis_of_individuals(case: Case) -> date:
    """The date whose version of the duty to residents applies: when they were told, else when they had to be."""
    return case.given(INDIVIDUALS) or _performance(case)


def individuals(case: Case) -> Iterator[Duty]:
    """(a): residents; within 30 calendar days of discovery or notification since 2026, before that no number."""
    basis = basis_of_individuals(case)
    version = case.law(LIMIT, basis)
    yield Duty(
        id=INDIVIDUALS,
        recipient="Affected California residents",
        jurisdiction="CA",
        standard=version.value if version else "not yet law",
        gates=(*breach_gates(case, basis), _owner(case)),
        options=partial(_residents_options, case, version),
        citations=(f"{CIVIL}(a)",),
        version=version.since if version else None,
        caveats=caveats_of(version),
    )


def _anchors(case: Case) -> tuple[Anchor, ...]:
    """Discovery or notification of the breach: the first actual knowledge, or the day recorded as discovery."""
    known = actual(case)
    if not before(known.day, case.discovered):
        return (known,)
    recorded = Anchor(
        "discovery.recorded",
        case.discovered,
        f"the recorded discovery on {case.discovered}",
        (case.moment_line("Discovered at", case.facts.incident.discovered_at),),
    )
    return (known, recorded)


def _performance(case: Case) -> date:
    """When the duty was to be performed: its last day where a number applies by then, else the day of discovery."""
    anchor = actual(case).day
    for version in case.rulebook.provisions[LIMIT].version:
        if version.days is not None:
            last = calendar_days(anchor, version.days).day
            if on_or_after(last, version.since):
                return last
    return anchor


def _residents_options(case: Case, version: Version | None) -> Iterator[Option]:
    if version is None:
        return
    first, *others = _anchors(case)
    if version.days is None:
        yield _no_number(case, first, version)
    else:
        yield from _numbered(case, first, version)
        for anchor in others:
            yield next(_numbered(case, anchor, version))
        old = case.rulebook.version(LIMIT, case.discovered)
        if old is not None and old.days is None and case.law_as_of is None:
            reading = "law at discovery: no fixed days"
            yield replace(_no_number(case, first, old), id="law-at-discovery", reading=reading)
    yield from _from_effect(case)


def _no_number(case: Case, anchor: Anchor, version: Version) -> Option:
    """No number of days; with holds of any kind, promptly after the last of them ends (c)."""
    holds = [hold for _, hold in case.holds(INDIVIDUALS)]
    asap = Option(
        id="expedient",
        deadline=NoNumber(),
        reading="as soon as possible; no number of days",
        citation=version.citation,
        why=(
            *anchor.why,
            f"{version.citation}, in force from {version.since}: {version.value}.",
            *map(_promptly, holds),
        ),
        version=version.since,
    )
    ends = [hold.until for hold in holds if hold.until is not None]
    if not ends or len(ends) != len(holds) or not after(later_of(*ends), anchor.day):
        return asap
    end = later_of(*ends)
    return replace(
        asap,
        id="hold.released",
        deadline=On(end),
        reading=f"promptly after the hold ends on {end}; no further period",
        citation=f"{CIVIL}(c)",
        why=(*asap.why, f"The hold ends on {shown(end)}; notice is due then, with no number of days added."),
    )


def _promptly(hold: Hold) -> str:
    return f"{described(hold)}: written or not, notice promptly after it ends ({CIVIL}(c))."


def _from_effect(case: Case) -> Iterator[Option]:
    """A duty still unperformed when a number of days came into force, counted from that day."""
    given = case.given(INDIVIDUALS)
    for version in case.rulebook.later_versions(LIMIT, case.discovered):
        still_open = given is None or on_or_after(given, version.since)
        if (
            case.law_as_of is None
            and version.days is not None
            and still_open
            and on_or_after(case.as_of_day, version.since)
        ):
            counted = calendar_days(version.since, version.days)
            yield Option(
                id="days-from-effect",
                deadline=On(counted.day),
                reading=f"{version.days} days from {version.since}, the notice being unsent then",
                citation=version.citation,
                why=counted.lines,
                version=version.since,
            )


def _numbered(case: Case, anchor: Anchor, version: Version) -> Iterator[Option]:
    """(a)(2)(A) with the delays of (a)(2)(B) and (c): the number of days, holds, rolls, scope."""
    assert version.days is not None
    counted = calendar_days(anchor.day, version.days)
    holds = [hold for _, hold in case.holds(INDIVIDUALS)]
    result = delayed(counted.day, anchor.day, [Span(each.stated_on, each.until, _promptly(each)) for each in holds])
    lines = [
        *anchor.why,
        f"{version.citation}, in force from {version.since}: within {version.value} of discovery or notification.",
        *counted.lines,
        *result.lines,
    ]
    if case.facts.scope_determination_ongoing:
        lines.append(
            "Scope is still being determined: the section lets notice wait as necessary ((a)(2)(B)); each day past "
            f"{shown(result.day)} needs a recorded reason."
        )
    plain = Option(
        id=anchor.id,
        deadline=On(counted.day),
        reading=f"{version.value} from {anchor.day}",
        citation=version.citation,
        why=tuple(lines),
        version=version.since,
    )
    if result.open:
        reading = "promptly after the agency says that notice will not compromise the investigation"
        yield replace(plain, id="hold.open", deadline=NoNumber(), reading=reading, citation=f"{CIVIL}(c)")
        yield replace(plain, id="hold.none", reading=f"{version.value} from {anchor.day}, without the hold")
        return
    if result.controls is not None:
        reading = f"promptly after the hold ends on {result.controls}; no further period"
        plain = replace(plain, id="hold.released", deadline=On(result.day), reading=reading, citation=f"{CIVIL}(c)")
    yield plain
    if after(result.tolled, counted.day):
        days = (result.tolled - counted.day).days
        yield replace(
            plain,
            id="hold.resumed",
            deadline=On(result.tolled),
            reading=f"the unused days of the {version.days} resume after release",
            citation=f"{CIVIL}(a)(2), (c)",
            why=(*plain.why, f"{shown(counted.day)} + {days} days of hold = {shown(result.tolled)}."),
        )
    if result.controls is None:
        yield from rolls(case, result.day, plain)
    if case.facts.scope_determination_ongoing:
        reading = "delay documented as necessary to determine scope and restore integrity: no fixed outer date"
        yield replace(plain, id="scope-delay", deadline=NoNumber(), reading=reading, citation=f"{CIVIL}(a)(2)(B)")


# ---- (b): the owner of the data


def data_owner(case: Case) -> Iterator[Duty]:
    """(b): who maintains data it does not own tells the owner immediately following discovery."""
    basis = case.given(DATA_OWNER) or case.discovered
    version = case.law("ca.civ1798_82.data_owner.limit", basis)
    owner = case.facts.organization.data_owner
    if owner is None:
        line = "Not recorded whether the data belongs to someone else."
        keeper = Finding(truth=None, line=line, needs=("organization.data_owner",))
    else:
        words = {True: "It owns or licenses the data itself (b).", False: "It maintains data that it does not own (b)."}
        keeper = Finding(truth=not owner, line=words[owner])
    immediately = Option(
        id="immediately",
        deadline=NoNumber(),
        reading="immediately following discovery",
        citation=f"{CIVIL}(b)",
        why=(*actual(case).why, f"{CIVIL}(b): immediately following discovery."),
        version=version.since if version else None,
    )
    yield Duty(
        id=DATA_OWNER,
        recipient="Owner or licensee of the data",
        jurisdiction="CA",
        standard="immediately following discovery",
        gates=(keeper, *breach_gates(case, basis)),
        options=lambda: (immediately,),
        citations=(f"{CIVIL}(b)",),
        version=version.since if version else None,
        caveats=caveats_of(version),
    )


RULES: Final = (individuals, data_owner)

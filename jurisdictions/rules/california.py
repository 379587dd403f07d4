"""California Civil Code 1798.82: residents, Attorney General, owner of the data, in the order of the section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from msgspec.structs import replace

from jurisdictions.anchors import Anchor, actual
from jurisdictions.case import Case
from jurisdictions.conditions import Finding, after, before, later_of, more_than, on_or_after
from jurisdictions.counting import calendar_days, rolled_forward, shown
from jurisdictions.duties import Duty, Option, caveats_of
from jurisdictions.elements import computerized, personal_information, unencrypted
from jurisdictions.holds import Span, delayed, described
from jurisdictions.obligations import Deadline, NoNumber, Obligation, On, Status, Waits
from jurisdictions.schema import Version
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


def individuals(case: Case) -> Iterator[Duty]:
    """(a): residents; within 30 calendar days of discovery or notification since 2026, before that no number."""
    given = case.given(INDIVIDUALS)
    basis = given or _performance(case)
    version = case.law(LIMIT, basis)
    yield Duty(
        id=INDIVIDUALS,
        recipient="Affected California residents",
        jurisdiction="CA",
        standard=version.value if version else "not yet law",
        gates=(*breach_gates(case, basis), _owner(case)),
        options=_residents_options(case, version),
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


def _residents_options(case: Case, version: Version | None) -> tuple[Option, ...]:
    if version is None:
        return ()
    anchors = _anchors(case)
    if version.days is None:
        asap = _no_number(case, anchors[0], version)
        return (asap, *_from_effect(case))
    found: list[Option] = []
    for place, anchor in enumerate(anchors):
        options = _numbered(case, anchor, version)
        found.extend(options if place == 0 else options[:1])
    if case.law_as_of is None and before(case.discovered, version.since):
        old = case.rulebook.version(LIMIT, case.discovered)
        if old is not None:
            found.append(
                replace(
                    _no_number(case, anchors[0], old), id="law-at-discovery", reading="law at discovery: no fixed days"
                )
            )
        found.extend(_from_effect(case))
    return tuple(found)


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
            *(f"{described(hold)}: notice promptly after it ends ({CIVIL}(c))." for hold in holds),
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


def _from_effect(case: Case) -> tuple[Option, ...]:
    """A duty still unperformed when a number of days came into force, counted from that day."""
    given = case.given(INDIVIDUALS)
    if case.law_as_of is not None:
        return ()
    for version in case.rulebook.provisions[LIMIT].version:
        open_then = given is None or on_or_after(given, version.since)
        if (
            version.days is not None
            and before(case.discovered, version.since)
            and open_then
            and on_or_after(case.today, version.since)
        ):
            counted = calendar_days(version.since, version.days)
            return (
                Option(
                    id="days-from-effect",
                    deadline=On(counted.day),
                    reading=f"{version.days} days from {version.since}, the notice being unsent then",
                    citation=version.citation,
                    why=counted.lines,
                    version=version.since,
                ),
            )
    return ()


def _numbered(case: Case, anchor: Anchor, version: Version) -> list[Option]:
    assert version.days is not None
    counted = calendar_days(anchor.day, version.days)
    base = counted.day
    spans = [
        Span(hold.stated_on, hold.until, f"{described(hold)}: notice promptly after it ends ({CIVIL}(c)).")
        for _, hold in case.holds(INDIVIDUALS)
    ]
    result = delayed(base, anchor.day, spans)
    why = (
        *anchor.why,
        f"{version.citation}, in force from {version.since}: within {version.days} calendar days of discovery or notification.",
        *counted.lines,
        *result.lines,
    )
    plain = Option(
        id=anchor.id,
        deadline=On(result.day),
        reading=f"{version.days} calendar days from {anchor.day}",
        citation=version.citation,
        why=why,
        version=version.since,
    )
    if result.open:
        waiting = replace(
            plain,
            id="hold.open",
            deadline=NoNumber(),
            reading="promptly after the agency says that notice will not compromise the investigation",
            citation=f"{CIVIL}(c)",
        )
        return [
            waiting,
            replace(plain, id="hold.none", reading=f"{version.days} days without the hold", deadline=On(base)),
        ]
    if result.controls is not None:
        plain = replace(
            plain,
            id="hold.released",
            reading=f"promptly after the hold ends on {result.controls}; no further period",
            citation=f"{CIVIL}(c)",
        )
    found = [plain]
    if after(result.tolled, base):
        found.append(
            replace(
                plain,
                id="hold.resumed",
                deadline=On(result.tolled),
                reading=f"the unused days of the {version.days} resume after release",
                citation=f"{CIVIL}(a)(2), (c)",
            )
        )
    found.extend(rolls(case, result.day, plain))
    if case.facts.scope_determination_ongoing:
        found.append(
            replace(
                plain,
                id="scope-delay",
                deadline=NoNumber(),
                reading="delay documented as necessary to determine scope and restore integrity: no fixed outer date",
                citation=f"{CIVIL}(a)(2)(B)",
            )
        )
        reason = (
            f"Scope is still being determined: the section lets notice wait as necessary ((a)(2)(B)); each day past "
            f"{shown(result.day)} needs a recorded reason."
        )
        found = [replace(each, why=(*each.why, reason)) for each in found]
    return found


def rolls(case: Case, day: date, option: Option) -> Iterator[Option]:
    """The outer readings of a last day that is closed under CCP 12a or under Civil Code 7 to 11. Never the safe date."""
    courts = case.calendar("ca.ccp_135")
    statutory = case.calendar("ca.gov_6700")

    def code_of_civil_procedure(each: date) -> str | None:
        return courts.not_business(each)

    def civil_code(each: date) -> str | None:
        return "Sunday" if each.isoweekday() == 7 else statutory.holiday(each)

    for key, closed, reading, citation, calendar in (
        ("roll.ccp_12a", code_of_civil_procedure,
         "CCP 12a(a)-(b) roll: the last day is a Saturday, a Sunday or a judicial holiday of CCP 135", "CCP 12a, 135", courts),
        ("roll.civil_code", civil_code,
         "Civil Code 7, 10, 11 roll: the last day is a Sunday or a holiday of Gov. Code 6700", "Civ. Code 7, 10, 11", statutory),
    ):  # fmt: skip
        rolled = rolled_forward(day, closed)
        if rolled.day != day:
            yield replace(
                option,
                id=key,
                deadline=On(rolled.day),
                reading=reading,
                citation=citation,
                why=(*option.why, *rolled.lines),
                caveats=(*option.caveats, *calendar.caveats(day, rolled.day),
                         "Whether a limit in calendar days leaves room for a roll is not decided: plan by the unrolled date."),
            )  # fmt: skip


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
    yield Duty(
        id=DATA_OWNER,
        recipient="Owner or licensee of the data",
        jurisdiction="CA",
        standard="immediately following discovery",
        gates=(keeper, *breach_gates(case, basis)),
        options=(
            Option(
                id="immediately",
                deadline=NoNumber(),
                reading="immediately following discovery",
                citation=f"{CIVIL}(b)",
                why=(*actual(case).why, f"{CIVIL}(b): immediately following discovery."),
                version=version.since if version else None,
            ),
        ),
        citations=(f"{CIVIL}(b)",),
        version=version.since if version else None,
        caveats=caveats_of(version),
    )


# ---- (f): the Attorney General


def attorney_general(case: Case) -> Iterator[Duty]:
    """(f): more than 500 residents; a sample copy, within 15 calendar days of telling them since 2026."""
    told = case.given(INDIVIDUALS)
    residents = case.settled[INDIVIDUALS]
    basis = told or residents.due or case.discovered
    threshold = case.law("ca.civ1798_82.attorney_general.threshold", basis)
    if threshold is None:
        first = case.rulebook.provisions["ca.civ1798_82.attorney_general.threshold"].version[0]
        line = f"The duty to the Attorney General is law from {first.since} ({first.law}); basis date {basis}."
        gates: tuple[Finding, ...] = (Finding(truth=False, line=line),)
        limit = first.more_than or 0
    else:
        limit = threshold.more_than or 0
        gates = (_from_individuals(residents), _above(case, limit))
    version = case.law("ca.civ1798_82.attorney_general.limit", basis)
    yield Duty(
        id=ATTORNEY_GENERAL,
        recipient="California Attorney General",
        jurisdiction="CA",
        standard=f"more than {limit} California residents: {version.value if version else 'not yet law'}",
        gates=gates,
        options=_sample_copy(case, told, version) if version else (),
        citations=(f"{CIVIL}(f)",),
        version=version.since if version else None,
        caveats=caveats_of(version, threshold),
        notes=("It runs from the notice to residents, not from discovery.",),
    )


def _from_individuals(residents: Obligation) -> Finding:
    if residents.status is Status.NOT_REQUIRED:
        return Finding(truth=False, line=f"No notice to residents is required: {residents.why[0]}")
    if residents.status is Status.NEEDS_FACT:
        return Finding(truth=None, line="Not known whether residents must be told.", needs=residents.needs)
    return Finding(truth=True, line="Residents must be told (a).")


def _above(case: Case, limit: int) -> Finding:
    people = case.must_notify("CA")
    truth = more_than(limit, people)
    words = {True: "more than", False: "not more than", None: "not known whether more than"}[truth]
    line = f"California residents who must be told: {people}; {words} {limit} ({CIVIL}(f))."
    likely = truth is None and people.high is not None
    return Finding(truth=truth, line=line, needs=(case.people_path("CA"),), likely=likely)


def _sample_copy(case: Case, told: date | None, version: Version) -> tuple[Option, ...]:
    head = f"{version.citation}, in force from {version.since}: {version.value}."
    if version.days is None:
        deadline: Deadline = NoNumber() if told is not None else Waits(INDIVIDUALS)
        plain = Option(
            id="no-number",
            deadline=deadline,
            reading="no number of days",
            citation=version.citation,
            why=(head, f"Residents were told on {shown(told)}." if told else "Residents have not been told yet."),
            version=version.since,
        )
        return (plain, *_counted_into_new_law(case, told))
    if told is None:
        return (*_waiting(case, version, head),)
    counted = calendar_days(told, version.days)
    plain = Option(
        id="after-residents",
        deadline=On(counted.day),
        reading=f"{version.days} calendar days after residents were told on {told}",
        citation=version.citation,
        why=(head, f"Residents were told on {shown(told)}.", *counted.lines),
        version=version.since,
    )
    found: list[Option] = [plain, *rolls(case, counted.day, plain)]
    if case.law_as_of is None and before(case.discovered, version.since):
        old = replace(
            plain, id="law-at-discovery", deadline=NoNumber(), reading="old law: no fixed days", citation=f"{CIVIL}(f)"
        )
        found.append(old)
    return tuple(found)


def _counted_into_new_law(case: Case, told: date | None) -> tuple[Option, ...]:
    if told is None or case.law_as_of is not None:
        return ()
    for later in case.rulebook.later_versions("ca.civ1798_82.attorney_general.limit", told):
        if later.days is None:
            continue
        counted = calendar_days(told, later.days)
        if on_or_after(counted.day, later.since):
            return (
                Option(
                    id="counted-into-new-law",
                    deadline=On(counted.day),
                    reading=f"{later.days} days after residents were told, counted into the law of {later.since}",
                    citation=later.citation,
                    why=counted.lines,
                    version=later.since,
                ),
            )
    return ()


def _waiting(case: Case, version: Version, head: str) -> Sequence[Option]:
    assert version.days is not None
    residents = case.settled[INDIVIDUALS]
    last = residents.due
    latest = calendar_days(last, version.days).day if last is not None else None
    if_last = (
        f"If they are told on the last day, {shown(last)}: {shown(latest)}." if last and latest else "No last day."
    )
    waits = Option(
        id="after-residents",
        deadline=Waits(INDIVIDUALS, latest),
        reading=f"{version.days} calendar days after residents are told",
        citation=version.citation,
        why=(head, "Residents have not been told yet.", if_last),
        version=version.since,
    )
    letters = case.given(HIPAA_INDIVIDUALS)
    if letters is None:
        return (waits,)
    counted = calendar_days(letters, version.days)
    from_letters = replace(
        waits,
        id="after-hipaa-letters",
        deadline=On(counted.day),
        reading=f"if the HIPAA letters of {letters} were the notice to residents",
        why=(head, f"HIPAA letters went out on {shown(letters)}.", *counted.lines),
    )
    return (waits, from_letters)


RULES: Final = (individuals, data_owner, attorney_general)

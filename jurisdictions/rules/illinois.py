"""Illinois Personal Information Protection Act, 815 ILCS 530: sections 5, 10 and 12 in their order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Final

from jurisdictions.anchors import actual
from jurisdictions.case import Case
from jurisdictions.conditions import Finding, after, earlier_of, later_of, more_than
from jurisdictions.counting import calendar_days, shown
from jurisdictions.duties import Duty, Option, law_at_discovery
from jurisdictions.elements import computerized, personal_information, unencrypted
from jurisdictions.holds import described
from jurisdictions.obligations import NoNumber, Obligation, On, Status, Waits
from jurisdictions.schema import Version, caveats_of
from jurisdictions.vocabulary import HipaaRole, HoldKind, Medium, RiskAssessment

INDIVIDUALS: Final = "il.pipa.individuals"
ATTORNEY_GENERAL: Final = "il.pipa.attorney_general"
DATA_OWNER: Final = "il.pipa.data_owner"
HIPAA_ATTORNEY_GENERAL: Final = "il.pipa.hipaa_attorney_general"
HIPAA_INDIVIDUALS: Final = "us.hipaa.individuals"
PRIVATE: Final = "il.pipa.attorney_general.threshold"
STATE_AGENCY: Final = "organization.state_agency"
AGENCY: Final = "il.pipa.agency.attorney_general.threshold"
AGENCY_LIMIT: Final = "il.pipa.agency.attorney_general.limit"


# ---- section 5: definitions


def in_force(case: Case, basis: date) -> Finding:
    """The Act is in force."""
    version = case.law("il.pipa.individuals.limit", basis)
    if version is None:
        first = case.rulebook.provisions["il.pipa.individuals.limit"].version[0]
        line = f"The Act is in force from {first.since} ({first.citation}); basis date {basis}."
        return Finding(truth=False, line=line)
    return Finding(truth=True, line=f"The Act is in force on {basis} (from {version.since}).")


def acquisition(case: Case) -> Finding:
    """Unauthorised acquisition; good-faith acquisition by an employee or agent is not a breach (section 5)."""
    if case.facts.incident.risk_assessment is RiskAssessment.EXCEPTION_WORKFORCE:
        line = "Good-faith acquisition by an employee or agent is not a breach (815 ILCS 530/5)."
        return Finding(truth=False, line=line)
    return Finding(truth=True, line="Illinois has no risk-of-harm test: acquisition is enough (815 ILCS 530/5).")


def medium(case: Case) -> Finding:
    """Computerized data; for a State agency also written material (section 12)."""
    agency = case.facts.organization.state_agency
    if agency and case.facts.incident.medium is Medium.PAPER:
        return Finding(truth=True, line="A State agency answers for written material too (815 ILCS 530/12).")
    if agency is None and case.facts.incident.medium is Medium.PAPER:
        line = "Paper counts for a State agency (815 ILCS 530/12) and for nobody else; not recorded whether it is one."
        return Finding(truth=None, line=line, needs=(STATE_AGENCY,))
    return computerized(case, "815 ILCS 530/5")


def breach_gates(case: Case, basis: date) -> tuple[Finding, ...]:
    """Section 5: a breach of personal information of Illinois residents."""
    return (
        in_force(case, basis),
        case.residents_finding("IL"),
        medium(case),
        personal_information(case, "il.pipa", basis),
        unencrypted(case, "il.pipa", basis, "815 ILCS 530/5"),
        acquisition(case),
    )


# ---- section 50, as far as it stands in the place of section 10


def compliance_lost(case: Case) -> bool:
    """Whether the section 50 notice is recorded as given late, so that deemed compliance falls away."""
    return case.settled[HIPAA_ATTORNEY_GENERAL].status is Status.MET_LATE


def not_deemed_compliant(case: Case, basis: date) -> Finding:
    """True where section 10 applies by itself, because section 50 does not stand in its place."""
    role = case.facts.organization.hipaa_role
    if case.law("il.pipa.section50.limit", basis) is None:
        return Finding(truth=True, line=f"No section 50 on {basis}: section 10 applies to HIPAA entities too.")
    if role is HipaaRole.NONE:
        return Finding(truth=True, line="Not a HIPAA entity: section 50 does not stand in the place of section 10.")
    if role is None:
        line = "A HIPAA entity in compliance is deemed compliant (section 50); not recorded whether this is one."
        return Finding(truth=None, line=line, needs=("organization.hipaa_role",))
    if compliance_lost(case):
        line = "The section 50 notice was late: deemed compliance is lost and section 10 applies again."
        return Finding(truth=True, line=line)
    line = (
        "A HIPAA entity in compliance with HIPAA is deemed compliant with the Act (815 ILCS 530/50), provided that the "
        "Attorney General is told within 5 business days of every report to the Secretary: the HIPAA letter is the "
        "notice."
    )
    return Finding(truth=False, line=line)


def _told(case: Case) -> date | None:
    """When residents were told; once deemed compliance is lost, the HIPAA letter is what told them."""
    return case.given(INDIVIDUALS, HIPAA_INDIVIDUALS) if compliance_lost(case) else case.given(INDIVIDUALS)


def _overdue_section_50(case: Case) -> tuple[str, ...]:
    notice = case.settled[HIPAA_ATTORNEY_GENERAL]
    if notice.status is not Status.OVERDUE:
        return ()
    return (
        f"The section 50 notice was due on {notice.due} and is not recorded: if it is late, deemed compliance is "
        "arguably lost, and sections 10(a) and 10(e) come back.",
    )


# ---- section 10(a) and 12(a): residents


def basis_of_individuals(case: Case) -> date:
    """The date whose version of the duty to residents applies: when they were told, else the day of discovery."""
    return case.given(INDIVIDUALS) or case.discovered


def individuals(case: Case) -> Iterator[Duty]:
    """Most expedient time possible and without unreasonable delay; no number of days."""
    basis = basis_of_individuals(case)
    version = case.law("il.pipa.individuals.limit", basis)
    agency = case.facts.organization.state_agency
    yield Duty(
        id=INDIVIDUALS,
        recipient="Affected Illinois residents",
        jurisdiction="IL",
        standard="most expedient time possible and without unreasonable delay; no number of days",
        gates=(*breach_gates(case, basis), _owner(case), not_deemed_compliant(case, basis)),
        options=partial(_expedient, case, version),
        citations=("815 ILCS 530/12(a)",) if agency else ("815 ILCS 530/10(a)",),
        version=version.since if version else None,
        caveats=(*caveats_of(version), *(_AGENCY_CAVEATS if agency else ())),
        given=_told(case),
        notes=_overdue_section_50(case),
    )


_AGENCY_CAVEATS: Final = (
    "815 ILCS 530/12 (State agencies) is from memory and summaries: ask counsel, also about its 72 hours for some "
    "cyber events and its consumer reporting agencies above 1,000 people.",
)


def _owner(case: Case) -> Finding:
    owner = case.facts.organization.data_owner
    if owner is False:
        return Finding(truth=False, line="It maintains data that it does not own: the owner tells residents (10(b)).")
    if owner is None:
        line = "Not recorded whether it owns or licenses the data, or only keeps it for someone else (10(a), (b))."
        return Finding(truth=None, line=line, needs=("organization.data_owner",))
    return Finding(truth=True, line="It owns or licenses the data (10(a)).")


def _expedient(case: Case, version: Version | None) -> Iterator[Option]:
    """No number of days; a written law-enforcement request delays until it ends, an oral one does not (10(b-5))."""
    if version is None:
        return
    anchor = actual(case)
    why = [*anchor.why, f"{version.citation}, in force from {version.since}: {version.value}."]
    if case.facts.scope_determination_ongoing:
        why.append("Measures to determine scope and restore integrity may run first; record why each day is needed.")
    ends: list[date] = []
    running = False
    for index, hold in case.holds(INDIVIDUALS):
        if hold.kind is HoldKind.ORAL:
            why.append(f"{described(hold)}: an Illinois delay needs a written request, so it delays nothing.")
        elif hold.until is None:
            running = True
            ask = f"ask for a date [law_enforcement_holds.{index}.until]"
            why.append(f"{described(hold)}: notify as soon as it no longer interferes with the investigation; {ask}.")
        elif case.law("il.pipa.hold.written", hold.stated_on) is not None:
            ends.append(hold.until)
            why.append(f"{described(hold)}: honoured, being in writing; notify as soon as it no longer interferes.")
    if running or not ends or not after(later_of(*ends), anchor.day):
        yield Option(
            id="expedient",
            deadline=NoNumber(),
            reading="as soon as possible; the Act sets no number of days",
            citation=version.citation,
            why=tuple(why),
            version=version.since,
        )
        return
    end = later_of(*ends)
    yield Option(
        id="hold.released",
        deadline=On(end),
        reading=f"as soon as the written request ends, {end}; no further period",
        citation="815 ILCS 530/10(b-5)",
        why=(*why, f"The request ends on {shown(end)}; notice is due then, with no number of days added."),
        version=version.since,
    )


# ---- section 10(b): the owner of the data


def data_owner(case: Case) -> Iterator[Duty]:
    """10(b): who maintains or stores data it does not own tells the owner immediately following discovery."""
    basis = case.given(DATA_OWNER) or case.discovered
    version = case.law("il.pipa.data_owner.limit", basis)
    owner = case.facts.organization.data_owner
    if owner is None:
        line = "Not recorded whether the data belongs to someone else."
        keeper = Finding(truth=None, line=line, needs=("organization.data_owner",))
    else:
        words = {True: "It owns or licenses the data itself (10(b)).", False: "It keeps data for someone else (10(b))."}
        keeper = Finding(truth=not owner, line=words[owner])
    immediately = Option(
        id="immediately",
        deadline=NoNumber(),
        reading="immediately following discovery",
        citation="815 ILCS 530/10(b)",
        why=(
            *actual(case).why,
            "815 ILCS 530/10(b): immediately following discovery; maintaining or storing is enough.",
        ),
        version=version.since if version else None,
    )
    yield Duty(
        id=DATA_OWNER,
        recipient="Owner or licensee of the data",
        jurisdiction="IL",
        standard="immediately following discovery",
        gates=(keeper, *breach_gates(case, basis), not_deemed_compliant(case, basis)),
        options=lambda: (immediately,),
        citations=("815 ILCS 530/10(b)",),
        version=version.since if version else None,
        caveats=caveats_of(version),
    )


# ---- section 10(e), and 12 for State agencies: the Attorney General


def attorney_general(case: Case) -> Iterator[Duty]:
    """10(e): more than 500 Illinois residents, no later than when they are told. 12: more than 250, 45 days at most."""
    provision = AGENCY if case.facts.organization.state_agency else PRIVATE
    told = _told(case)
    basis = told or case.discovered
    version = case.law(provision, basis)
    first = case.rulebook.provisions[provision].version[0]
    limit = (version or first).more_than or 0
    if version is None:
        line = f"The duty to the Attorney General is law from {first.since} ({first.law}); basis date {basis}."
        gates: tuple[Finding, ...] = (Finding(truth=False, line=line),)
    else:
        gates = (_from_individuals(case.settled[INDIVIDUALS]), _above(case, limit, _other_limit(case, basis)))
    cap = ", and at most 45 days from discovery" if provision == AGENCY else ""
    yield Duty(
        id=ATTORNEY_GENERAL,
        recipient="Illinois Attorney General",
        jurisdiction="IL",
        standard=f"more than {limit} Illinois residents: no later than when they are told{cap}",
        gates=gates,
        options=partial(_no_later_than_residents, case, provision, version),
        citations=(first.citation,),
        version=version.since if version else None,
        caveats=(
            *caveats_of(version),
            "No channel to the Illinois Attorney General for these notices is verified: counsel must confirm it.",
        ),
        given=case.given(ATTORNEY_GENERAL, HIPAA_ATTORNEY_GENERAL) if compliance_lost(case) else None,
        notes=_overdue_section_50(case),
    )


def _from_individuals(residents: Obligation) -> Finding:
    if residents.status is Status.NOT_REQUIRED:
        return Finding(truth=False, line=f"No notice to residents is required: {residents.why[0]}")
    if residents.status is Status.NEEDS_FACT:
        return Finding(truth=None, line="Not known whether residents must be told.", needs=residents.needs)
    return Finding(truth=True, line="Residents must be told (10(a)).")


def _other_limit(case: Case, basis: date) -> int | None:
    """The number that would count for a State agency, while it is not recorded whether the organization is one."""
    if case.facts.organization.state_agency is not None:
        return None
    version = case.law(AGENCY, basis)
    return version.more_than if version is not None else None


def _above(case: Case, limit: int, agency_limit: int | None) -> Finding:
    people = case.must_notify("IL")
    truth = more_than(limit, people)
    if agency_limit is not None and truth is not more_than(agency_limit, people):
        line = (
            f"Illinois residents who must be told: {people}; more than {limit} count for a private organization, "
            f"more than {agency_limit} for a State agency (815 ILCS 530/12), and it is not recorded which it is."
        )
        needs = (STATE_AGENCY,) if truth is not None else (case.people_path("IL"), STATE_AGENCY)
        return Finding(truth=None, line=line, needs=needs)
    words = {True: "more than", False: "not more than", None: "not known whether more than"}[truth]
    line = f"Illinois residents who must be told: {people}; {words} {limit}."
    likely = truth is None and people.high is not None
    return Finding(truth=truth, line=line, needs=(case.people_path("IL"),), likely=likely)


def _no_later_than_residents(case: Case, provision: str, version: Version | None) -> Iterator[Option]:
    if version is None:
        return
    told = _told(case)
    cite = version.citation
    head = f"{cite}, in force from {version.since}: at the latest when residents are told."
    cap = case.law(AGENCY_LIMIT, case.discovered) if provision == AGENCY else None
    if cap is not None and cap.days is not None:
        yield _agency(case, told, cap, head)
        return
    if told is None:
        yield Option(
            id="with-residents",
            deadline=Waits(INDIVIDUALS, case.settled[INDIVIDUALS].due),
            reading="at or before the notice to residents",
            citation=cite,
            why=(head, "Residents have not been told yet; the notice to them sets the last day."),
            version=version.since,
        )
        return
    yield Option(
        id="with-residents",
        deadline=On(told),
        reading=f"at or before the notice to residents of {told}",
        citation=cite,
        why=(head, f"Residents were told on {shown(told)}: last day {shown(told)}."),
        version=version.since,
    )
    notice = case.settled[HIPAA_ATTORNEY_GENERAL]
    if compliance_lost(case) and notice.due is not None:
        yield Option(
            id="section-50-still-governs",
            deadline=On(notice.due),
            reading="section 50 still governs; the notice is merely late",
            citation="815 ILCS 530/50",
            why=(f"Section 50 gave until {shown(notice.due)}.",),
        )
    if case.law_as_of is None and case.law(provision, case.discovered) is None:
        yield law_at_discovery(cite)


def _agency(case: Case, told: date | None, cap: Version, head: str) -> Option:
    """Section 12: within 45 days of discovery, or when residents are told if that is sooner."""
    assert cap.days is not None
    counted = calendar_days(actual(case).day, cap.days)
    day = counted.day if told is None else earlier_of(counted.day, told)
    lines = (*counted.lines, f"Residents were told on {shown(told)}: the earlier day is {shown(day)}.") if told else ()
    return Option(
        id="agency.sooner",
        deadline=On(day),
        reading=f"{cap.days} days from discovery, or the notice to residents if sooner",
        citation=cap.citation,
        why=(head, *actual(case).why, *(lines or counted.lines)),
        version=cap.since,
        caveats=(*caveats_of(cap), *_AGENCY_CAVEATS),
    )


RULES: Final = (individuals, data_owner, attorney_general)

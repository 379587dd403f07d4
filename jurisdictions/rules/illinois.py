"""Illinois Personal Information Protection Act, 815 ILCS 530, sections 5, 10 and 50 in their order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from jurisdictions.anchors import actual
from jurisdictions.case import Case
from jurisdictions.conditions import Finding, after, later_of, more_than
from jurisdictions.counting import business_days, shown
from jurisdictions.duties import Duty, Option, caveats_of
from jurisdictions.elements import computerized, personal_information, unencrypted
from jurisdictions.holds import described
from jurisdictions.obligations import NoNumber, NotOwed, Obligation, On, Status, Waits
from jurisdictions.schema import Version
from jurisdictions.vocabulary import HipaaRole, HoldKind, RiskAssessment

INDIVIDUALS: Final = "il.pipa.individuals"
ATTORNEY_GENERAL: Final = "il.pipa.attorney_general"
HIPAA_ATTORNEY_GENERAL: Final = "il.pipa.hipaa_attorney_general"
DATA_OWNER: Final = "il.pipa.data_owner"
HIPAA_HHS: Final = "us.hipaa.hhs"
HIPAA_INDIVIDUALS: Final = "us.hipaa.individuals"

_INTAKE: Final = "No intake channel of the Illinois Attorney General for these notices is verified: counsel must confirm the address."


# ---- section 5: definitions


def in_force(case: Case, basis: date) -> Finding:
    """The Act is in force."""
    version = case.law("il.pipa.individuals.limit", basis)
    if version is None:
        first = case.rulebook.provisions["il.pipa.individuals.limit"].version[0]
        return Finding(
            truth=False, line=f"The Act is in force from {first.since} ({first.citation}); basis date {basis}."
        )
    return Finding(truth=True, line=f"The Act is in force on {basis} (from {version.since}).")


def acquisition(case: Case) -> Finding:
    """Unauthorised acquisition; good-faith acquisition by an employee or agent is not a breach (section 5)."""
    if case.facts.incident.risk_assessment is RiskAssessment.EXCEPTION_WORKFORCE:
        line = "Good-faith acquisition by an employee or agent is not a breach (815 ILCS 530/5)."
        return Finding(truth=False, line=line)
    return Finding(truth=True, line="Illinois has no risk-of-harm test: acquisition is enough (815 ILCS 530/5).")


def breach_gates(case: Case, basis: date) -> tuple[Finding, ...]:
    """Section 5: a breach of computerized personal information of Illinois residents."""
    return (
        in_force(case, basis),
        case.residents_finding("IL"),
        computerized(case, "815 ILCS 530/5"),
        personal_information(case, "il.pipa", basis),
        unencrypted(case, "il.pipa", basis, "815 ILCS 530/5"),
        acquisition(case),
    )


# ---- section 50: entities under HIPAA


def section_50(case: Case, basis: date) -> Version | None:
    """The provision that deems HIPAA entities compliant, where it was law."""
    return case.law("il.pipa.section50.limit", basis)


def compliance_lost(case: Case) -> bool:
    """Whether the section 50 notice is recorded as given late, so that deemed compliance falls away."""
    notice = case.settled.get(HIPAA_ATTORNEY_GENERAL)
    return notice is not None and notice.status is Status.MET_LATE


def not_deemed_compliant(case: Case, basis: date) -> Finding:
    """True where section 10 applies by itself, because section 50 does not stand in its place."""
    role = case.facts.organization.hipaa_role
    if section_50(case, basis) is None:
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
        "Attorney General is told within 5 business days of every report to the Secretary; the HIPAA letter is the notice."
    )
    return Finding(truth=False, line=line)


def _federal_report(case: Case) -> Finding:
    report = case.settled[HIPAA_HHS]
    if report.given is not None:
        return Finding(truth=True, line=f"The Secretary was notified on {report.given}.")
    if report.status is Status.NOT_REQUIRED:
        return Finding(truth=False, line="No report to the Secretary is required, so section 50 asks for none either.")
    if report.status is Status.NEEDS_FACT and report.needs != ("affected.total",):
        needs = tuple(each for each in report.needs if each != "affected.total")
        return Finding(truth=None, line="Not known whether the Secretary must be notified.", needs=needs)
    return Finding(truth=True, line="The Secretary must be notified (45 CFR 164.408).")


def hipaa_attorney_general(case: Case) -> Iterator[Duty]:
    """Section 50: the Attorney General within 5 business days of notifying the Secretary; no floor of residents."""
    report = case.settled[HIPAA_HHS]
    basis = report.given or report.due or report.safest or case.discovered
    version = section_50(case, basis)
    role = case.facts.organization.hipaa_role
    if role is HipaaRole.NONE:
        entity = Finding(truth=False, line="Not a HIPAA entity: section 10(e) governs the Attorney General.")
    elif role is None:
        line = "Not recorded whether the organization is a HIPAA entity."
        entity = Finding(truth=None, line=line, needs=("organization.hipaa_role",))
    elif role is HipaaRole.BUSINESS_ASSOCIATE and report.given is None:
        entity = Finding(
            truth=False, line="A business associate does not itself notify the Secretary; the covered entity does."
        )
    else:
        entity = Finding(truth=True, line="A HIPAA entity (815 ILCS 530/50).")
    if version is None:
        first = case.rulebook.provisions["il.pipa.section50.limit"].version[0]
        law = Finding(truth=False, line=f"Section 50 is law from {first.since} ({first.law}); basis date {basis}.")
    else:
        law = Finding(truth=True, line=f"Section 50 is law on {basis} (from {version.since}, {version.law}).")
    options = _five_business_days(case, report, version) if version is not None else ()
    if version is not None and case.law_as_of is None and section_50(case, case.discovered) is None:
        options += (_law_at_discovery("815 ILCS 530/50"),)
    gates = (law, entity, _federal_report(case), case.residents_finding("IL"))
    notes: tuple[str, ...] = (
        "It runs from the report to the Secretary, not from discovery, and has no 500-resident floor.",
    )
    if gates[-1].truth is False:
        notes += ("The text of section 50 has no resident count; that nothing is owed without an Illinois resident is "
                  "the common view, not settled.",)  # fmt: skip
    yield Duty(
        id=HIPAA_ATTORNEY_GENERAL,
        recipient="Illinois Attorney General",
        jurisdiction="IL",
        standard="within 5 business days of notifying the Secretary",
        gates=gates,
        options=options,
        citations=("815 ILCS 530/50",),
        version=version.since if version else None,
        caveats=(*caveats_of(version), _INTAKE) if version else (),
        notes=notes,
    )


def _five_business_days(case: Case, report: Obligation, version: Version) -> tuple[Option, ...]:
    days = version.business_days
    assert days is not None
    start = report.given
    last = start or (report.due if report.due is not None else _latest(report))
    found = []
    for key, reading, calendar in (
        ("il.205_ilcs_630_17", "legal holidays of 205 ILCS 630/17", case.calendar("il.205_ilcs_630_17")),
        (
            "il.state_offices",
            "State-office holidays in the manner of 30 ILCS 500/15-45",
            case.calendar("il.state_offices"),
        ),
        ("weekdays", "plain Monday-Friday count, no holidays left out (safest)", None),
    ):
        counted = business_days(last, days, calendar) if last is not None else None
        head = f"{version.citation}: within {days} business days of notifying the Secretary; the Act defines no business day."
        caveats = calendar.caveats(last, counted.day) if calendar and counted and last else ()
        if start is not None and counted is not None:
            deadline: On | Waits = On(counted.day)
            why: tuple[str, ...] = (head, f"The Secretary was notified on {shown(start)}.", *counted.lines)
        elif counted is not None and last is not None:
            deadline = Waits(HIPAA_HHS, counted.day)
            why = (head, f"If the Secretary is notified on the last day, {shown(last)}:", *counted.lines)
        else:
            deadline, why = Waits(HIPAA_HHS), (head,)
        found.append(
            Option(
                id=f"calendar.{key}",
                deadline=deadline,
                reading=reading,
                citation=calendar.head.citation if calendar else "815 ILCS 530/50",
                why=why,
                version=version.since,
                caveats=caveats,
            )
        )
    return tuple(found)


def _latest(report: Obligation) -> date | None:
    days = [each.due for each in report.readings if each.due is not None]
    return later_of(*days) if days else None


def _law_at_discovery(citation: str) -> Option:
    return Option(
        id="law-at-discovery",
        deadline=NotOwed(),
        reading="law at discovery governs: no duty",
        citation=citation,
    )


# ---- section 10(a): residents


def individuals(case: Case) -> Iterator[Duty]:
    """10(a): most expedient time possible and without unreasonable delay; no number of days."""
    lost = compliance_lost(case)
    given = case.given(INDIVIDUALS, HIPAA_INDIVIDUALS) if lost else case.given(INDIVIDUALS)
    basis = case.given(INDIVIDUALS) or case.discovered
    version = case.law("il.pipa.individuals.limit", basis)
    yield Duty(
        id=INDIVIDUALS,
        recipient="Affected Illinois residents",
        jurisdiction="IL",
        standard="most expedient time possible and without unreasonable delay; no number of days",
        gates=(*breach_gates(case, basis), _not_an_agency(case), _owner(case), not_deemed_compliant(case, basis)),
        options=_expedient(case, version),
        citations=("815 ILCS 530/10(a)",),
        version=version.since if version else None,
        caveats=caveats_of(version),
        given=given,
        notes=_overdue_section_50(case),
    )


def _overdue_section_50(case: Case) -> tuple[str, ...]:
    notice = case.settled.get(HIPAA_ATTORNEY_GENERAL)
    if notice is None or notice.status is not Status.OVERDUE:
        return ()
    return (f"The section 50 notice was due on {notice.due} and is not recorded: if it is late, deemed compliance is "
            "arguably lost, and sections 10(a) and 10(e) come back.",)  # fmt: skip


def _not_an_agency(case: Case) -> Finding:
    if case.facts.organization.state_agency:
        return Finding(truth=False, line="State agencies follow section 12, which is not modelled (815 ILCS 530/12).")
    return Finding(truth=True, line="Not recorded as a State agency: section 10, not section 12.")


def _owner(case: Case) -> Finding:
    if case.facts.organization.data_owner is False:
        return Finding(truth=False, line="It maintains data that it does not own: the owner tells residents (10(b)).")
    if case.facts.organization.data_owner is None:
        line = "Not recorded whether it owns or licenses the data, or only keeps it for someone else (10(a), (b))."
        return Finding(truth=None, line=line, needs=("organization.data_owner",))
    return Finding(truth=True, line="It owns or licenses the data (10(a)).")


def _expedient(case: Case, version: Version | None) -> tuple[Option, ...]:
    """No number of days; a written law-enforcement request delays until it ends, an oral one does not (10(b-5))."""
    if version is None:
        return ()
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
            why.append(
                f"{described(hold)}: notify as soon as it no longer interferes with the investigation; ask for a date "
                f"(law_enforcement_holds.{index}.until)."
            )
        else:
            ends.append(hold.until)
            why.append(f"{described(hold)}: honoured, being in writing; notify as soon as it no longer interferes.")
    asap = Option(
        id="expedient",
        deadline=NoNumber(),
        reading="as soon as possible; the Act sets no number of days",
        citation=version.citation,
        why=tuple(why),
        version=version.since,
    )
    if not ends or running:
        return (asap,)
    end = later_of(*ends)
    if not after(end, anchor.day):
        return (asap,)
    released = Option(
        id="hold.released",
        deadline=On(end),
        reading=f"as soon as the written request ends, {end}; no further period",
        citation="815 ILCS 530/10(b-5)",
        why=(*why, f"The request ends on {shown(end)}; notice is due then, with no number of days added."),
        version=version.since,
    )
    return (released,)


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
        words = {
            True: "It owns or licenses the data itself (10(b)).",
            False: "It keeps the data for someone else (10(b)).",
        }
        keeper = Finding(truth=not owner, line=words[owner])
    why = (*actual(case).why, f"{version.citation}: {version.value}." if version else "")
    yield Duty(
        id=DATA_OWNER,
        recipient="Owner or licensee of the data",
        jurisdiction="IL",
        standard="immediately following discovery",
        gates=(keeper, *breach_gates(case, basis), not_deemed_compliant(case, basis)),
        options=(
            Option(
                id="immediately",
                deadline=NoNumber(),
                reading="immediately following discovery",
                citation="815 ILCS 530/10(b)",
                why=why,
                version=version.since if version else None,
            ),
        ),
        citations=("815 ILCS 530/10(b)",),
        version=version.since if version else None,
        caveats=caveats_of(version),
    )


# ---- section 10(e): the Attorney General


def attorney_general(case: Case) -> Iterator[Duty]:
    """10(e): more than 500 Illinois residents; no later than when they are told."""
    lost = compliance_lost(case)
    told = case.given(INDIVIDUALS, HIPAA_INDIVIDUALS) if lost else case.given(INDIVIDUALS)
    basis = told or case.discovered
    version = case.law("il.pipa.attorney_general.threshold", basis)
    residents = case.settled[INDIVIDUALS]
    if version is None:
        first = case.rulebook.provisions["il.pipa.attorney_general.threshold"].version[0]
        line = f"Section 10(e) is law from {first.since} ({first.law}); basis date {basis}."
        gates: tuple[Finding, ...] = (Finding(truth=False, line=line),)
        limit = first.more_than or 0
    else:
        limit = version.more_than or 0
        gates = (_from_individuals(residents), _above(case, limit))
    yield Duty(
        id=ATTORNEY_GENERAL,
        recipient="Illinois Attorney General",
        jurisdiction="IL",
        standard=f"more than {limit} Illinois residents: no later than when they are told",
        gates=gates,
        options=_with_the_residents(case, told, version, lost=lost) if version else (),
        citations=("815 ILCS 530/10(e)",),
        version=version.since if version else None,
        caveats=(*caveats_of(version), _INTAKE) if version else (),
        given=case.given(ATTORNEY_GENERAL, HIPAA_ATTORNEY_GENERAL) if lost else None,
        notes=_overdue_section_50(case),
    )


def _from_individuals(residents: Obligation) -> Finding:
    if residents.status is Status.NOT_REQUIRED:
        return Finding(truth=False, line=f"No notice to residents is required under section 10: {residents.why[0]}")
    if residents.status is Status.NEEDS_FACT:
        line = "Not known whether residents must be told under section 10."
        return Finding(truth=None, line=line, needs=residents.needs)
    return Finding(truth=True, line="Residents must be told under section 10.")


def _above(case: Case, limit: int) -> Finding:
    people = case.must_notify("IL")
    truth = more_than(limit, people)
    words = {True: "more than", False: "not more than", None: "not known whether more than"}[truth]
    line = f"Illinois residents who must be told: {people}; {words} {limit} (10(e))."
    likely = truth is None and people.high is not None
    return Finding(truth=truth, line=line, needs=(case.people_path("IL"),), likely=likely)


def _with_the_residents(case: Case, told: date | None, version: Version, *, lost: bool) -> tuple[Option, ...]:
    cite = version.citation
    head = f"{cite}, in force from {version.since}: at the latest when residents are told."
    if told is None:
        residents = case.settled[INDIVIDUALS]
        waits = Option(
            id="with-residents",
            deadline=Waits(INDIVIDUALS, residents.due),
            reading="at or before the notice to residents",
            citation=cite,
            why=(head, "Residents have not been told yet; the notice to them sets the last day."),
            version=version.since,
        )
        return (waits,)
    found = [
        Option(
            id="with-residents",
            deadline=On(told),
            reading=f"at or before the notice to residents of {told}",
            citation=cite,
            why=(head, f"Residents were told on {shown(told)}: last day {shown(told)}."),
            version=version.since,
        )
    ]
    if lost:
        notice = case.settled[HIPAA_ATTORNEY_GENERAL]
        if notice.due is not None:
            found.append(
                Option(
                    id="section-50-still-governs",
                    deadline=On(notice.due),
                    reading="section 50 still governs; the notice is merely late",
                    citation="815 ILCS 530/50",
                    why=(f"Section 50 gave until {shown(notice.due)}.",),
                )
            )
    if case.law_as_of is None and case.law("il.pipa.attorney_general.threshold", case.discovered) is None:
        found.append(_law_at_discovery(cite))
    return tuple(found)


RULES: Final = (hipaa_attorney_general, individuals, data_owner, attorney_general)

"""Illinois Personal Information Protection Act, section 50: entities under HIPAA, 815 ILCS 530/50."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Final

from msgspec.structs import replace

from jurisdictions.case import Case
from jurisdictions.conditions import Finding, later_of
from jurisdictions.counting import business_days, shown
from jurisdictions.duties import Duty, Option, law_at_discovery
from jurisdictions.obligations import Deadline, NotOwed, Obligation, On, Status, Waits
from jurisdictions.schema import Version, caveats_of
from jurisdictions.vocabulary import HipaaRole, Medium

HIPAA_ATTORNEY_GENERAL: Final = "il.pipa.hipaa_attorney_general"
LIMIT: Final = "il.pipa.section50.limit"
HHS: Final = "us.hipaa.hhs"
CITATION: Final = "815 ILCS 530/50"


def hipaa_attorney_general(case: Case) -> Iterator[Duty]:
    """The Attorney General within 5 business days of notifying the Secretary; no floor of residents.

    The basis date is that of the report to the Secretary: made, or else due, because only that report starts it.
    """
    report = case.settled[HHS]
    basis = report.given or report.due or report.safest or case.discovered
    version = case.law(LIMIT, basis)
    first = case.rulebook.provisions[LIMIT].version[0]
    if version is None:
        law = Finding(truth=False, line=f"Section 50 is law from {first.since} ({first.law}); basis date {basis}.")
    else:
        law = Finding(truth=True, line=f"Section 50 is law on {basis} (from {version.since}, {version.law}).")
    residents = case.affected_finding("IL")
    if residents.truth is False:
        doubt = "Section 50 has no resident count; that nothing is owed without one is the common view, not settled."
        residents = replace(residents, line=f"{residents.line} {doubt}")
    yield Duty(
        id=HIPAA_ATTORNEY_GENERAL,
        recipient="Illinois Attorney General",
        jurisdiction="IL",
        standard="within 5 business days of notifying the Secretary",
        gates=(law, _entity(case, report), _reported(report), residents),
        options=partial(_options, case, report, version),
        citations=(CITATION,),
        version=version.since if version else None,
        caveats=(
            *caveats_of(version),
            "No channel to the Illinois Attorney General for these notices is verified: counsel must confirm it.",
        ),
        notes=("It runs from the report to the Secretary, not from discovery, and has no 500-resident floor.",),
    )


def _entity(case: Case, report: Obligation) -> Finding:
    match case.facts.organization.hipaa_role:
        case HipaaRole.NONE:
            return Finding(truth=False, line="Not a HIPAA entity: section 10(e) governs the Attorney General.")
        case None:
            line = "Not recorded whether the organization is a HIPAA entity."
            return Finding(truth=None, line=line, needs=("organization.hipaa_role",))
        case HipaaRole.BUSINESS_ASSOCIATE if report.given is None:
            line = "A business associate does not itself notify the Secretary; the covered entity does."
            return Finding(truth=False, line=line)
        case _:
            return Finding(truth=True, line=f"A HIPAA entity ({CITATION}).")


def _reported(report: Obligation) -> Finding:
    if report.given is not None:
        return Finding(truth=True, line=f"The Secretary was notified on {report.given}.")
    if report.status is Status.NOT_REQUIRED:
        return Finding(truth=False, line="No report to the Secretary is required, so section 50 asks for none either.")
    needs = tuple(each for each in report.needs if each != "affected.total")
    if needs:
        return Finding(truth=None, line="Not known whether the Secretary must be notified.", needs=needs)
    return Finding(truth=True, line="The Secretary must be notified (45 CFR 164.408).")


def _options(case: Case, report: Obligation, version: Version | None) -> Iterator[Option]:
    """The Act does not define business day: each candidate calendar is a reading."""
    if version is None or version.business_days is None:
        return
    last = report.given or report.due or _latest(report)
    for key, reading, calendar in (
        ("il.205_ilcs_630_17", "legal holidays of 205 ILCS 630/17", case.calendar("il.205_ilcs_630_17")),
        (
            "il.state_offices",
            "State-office holidays in the manner of 30 ILCS 500/15-45",
            case.calendar("il.state_offices"),
        ),
        ("weekdays", "plain Monday-Friday count, no holidays left out (safest)", None),
    ):
        why = [
            f"{version.citation}: within {version.value} of notifying the Secretary; the Act defines no business day."
        ]
        deadline: Deadline = Waits(HHS)
        caveats: tuple[str, ...] = ()
        if last is not None:
            counted = business_days(last, version.business_days, calendar)
            caveats = calendar.caveats(last, counted.day) if calendar else ()
            deadline = Waits(HHS, counted.day) if report.given is None else On(counted.day)
            start = "If the Secretary is notified on the last day" if report.given is None else "Secretary notified on"
            why += [f"{start}: {shown(last)}.", *counted.lines]
        yield Option(
            id=f"calendar.{key}",
            deadline=deadline,
            reading=reading,
            citation=calendar.head.citation if calendar else CITATION,
            why=tuple(why),
            version=version.since,
            caveats=caveats,
        )
    if case.facts.incident.medium in (Medium.PAPER, Medium.ORAL):
        yield Option(
            id="computerized-only",
            deadline=NotOwed(),
            reading="the Act's breach is one of computerized data, so there is nothing to be deemed compliant with",
            citation="815 ILCS 530/5",
        )
    if case.law_as_of is None and case.law(LIMIT, case.discovered) is None:
        yield law_at_discovery(CITATION)


def _latest(report: Obligation) -> date | None:
    days = [each.due for each in report.readings if each.due is not None]
    return later_of(*days) if days else None


RULES: Final = (hipaa_attorney_general,)

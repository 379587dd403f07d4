"""California Civil Code 1798.82(f): the Attorney General."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import Final

from msgspec.structs import replace

from jurisdictions.case import Case
from jurisdictions.conditions import Finding, before, more_than, on_or_after
from jurisdictions.counting import calendar_days, shown
from jurisdictions.duties import Duty, Option
from jurisdictions.obligations import Deadline, NoNumber, Obligation, On, Status, Waits
from jurisdictions.rolls import rolls
from jurisdictions.schema import Version, caveats_of

INDIVIDUALS: Final = "ca.civ1798_82.individuals"
ATTORNEY_GENERAL: Final = "ca.civ1798_82.attorney_general"
HIPAA_INDIVIDUALS: Final = "us.hipaa.individuals"
CIVIL: Final = "Civ. Code 1798.82"


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
        options=partial(_sample_copy, case, told, version),
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


def _sample_copy(case: Case, told: date | None, version: Version | None) -> tuple[Option, ...]:
    if version is None:
        return ()
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


RULES: Final = (attorney_general,)

"""HIPAA Breach Notification Rule, 45 CFR 164.404-410, in the order of the rule; and 42 CFR Part 2 through it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from msgspec.structs import replace

from jurisdictions.anchors import Anchor, imputed
from jurisdictions.case import Case, bounds_of
from jurisdictions.conditions import Bounds, Finding, at_least, before, more_than
from jurisdictions.counting import shown
from jurisdictions.duties import Duty, Option
from jurisdictions.federal import HIPAA, period, yearly
from jurisdictions.hipaa_breach import anybody, breach_gates, harm_standard_escape, in_force, is_breach, unsecured
from jurisdictions.obligations import NotOwed, On
from jurisdictions.schema import caveats_of
from jurisdictions.vocabulary import USPS, HipaaRole

INDIVIDUALS: Final = "us.hipaa.individuals"
SUBSTITUTE: Final = "us.hipaa.substitute"
HHS: Final = "us.hipaa.hhs"
COVERED_ENTITY: Final = "us.hipaa.covered_entity"
PART2_HHS: Final = "us.part2.hhs"
PART2_INDIVIDUALS: Final = "us.part2.individuals"


def _limit(case: Case, duty: str, provision: str) -> tuple[Option, ...]:
    return (*harm_standard_escape(case), *period(case, duty, provision, imputed(case), HIPAA))


# ---- 164.404: individuals


def individuals(case: Case) -> Iterator[Duty]:
    """164.404(a)-(b): each individual, without unreasonable delay, at most 60 calendar days from discovery."""
    yield Duty(
        id=INDIVIDUALS,
        recipient="Each affected individual",
        jurisdiction="US",
        standard="without unreasonable delay, at most 60 calendar days from discovery",
        gates=breach_gates(case),
        options=partial(_limit, case, INDIVIDUALS, "us.hipaa.individuals.limit"),
        citations=("45 CFR 164.404", "45 CFR 164.402"),
        notes=("60 days is an outer limit: waiting for the last day can itself be unreasonable delay.",),
    )


def substitute(case: Case) -> Iterator[Duty]:
    """164.404(d)(2): people whose contact details are insufficient; the form depends on how many."""
    people = bounds_of(case.facts.affected.insufficient_contact)
    if people.high == 0:
        some = Finding(truth=False, line="Nobody living is recorded as unreachable in writing.")
    elif people.low:
        some = Finding(truth=True, line=f"Living people with insufficient contact details: {people}.")
    else:
        path = "affected.insufficient_contact"
        some = Finding(truth=None, line="Not known how many people cannot be reached in writing.", needs=(path,))
    yield Duty(
        id=SUBSTITUTE,
        recipient="Individuals who cannot be reached in writing",
        jurisdiction="US",
        standard="part of the individual notice: the same outer limit of 60 calendar days",
        gates=(*breach_gates(case), some),
        options=partial(_limit, case, SUBSTITUTE, "us.hipaa.individuals.limit"),
        citations=("45 CFR 164.404(d)(2)",),
        notes=_substitute_form(case, people),
        caveats=(
            "That substitute notice shares the 60 days is the common reading; HHS commentary on it was not read.",
        ),
    )


def _substitute_form(case: Case, people: Bounds) -> tuple[str, ...]:
    threshold = case.law("us.hipaa.substitute.threshold", case.discovered)
    if threshold is None or threshold.at_least is None:
        return ()
    ten = threshold.at_least
    small = f"Fewer than {ten}: another written form, telephone, or other means (164.404(d)(2)(i))."
    large = (
        f"{ten} or more: home page for 90 days or major print or broadcast media where they likely live, and a "
        "toll-free number for at least 90 days (164.404(d)(2)(ii))."
    )
    form = {True: large, False: small, None: f"The number decides the form. {small} {large}"}[at_least(ten, people)]
    kin = bounds_of(case.facts.affected.next_of_kin_insufficient_contact)
    if not kin.low:
        return (form,)
    return (form, f"No substitute notice is owed for next of kin or representatives: {kin} (164.404(d)(1)(ii)).")


# ---- 164.406: media


def media(case: Case) -> Iterator[Duty]:
    """164.406: more than 500 residents of one State or jurisdiction; one duty per State."""
    yield from _media(case, "us.hipaa.media", breach_gates(case), ("45 CFR 164.406",))


def _media(case: Case, stem: str, gates: tuple[Finding, ...], citations: tuple[str, ...]) -> Iterator[Duty]:
    """One duty per listed State, and one without a State for people who are not placed yet."""
    threshold = case.law("us.hipaa.media.threshold", imputed(case)[0].day)
    limit = threshold.more_than if threshold is not None and threshold.more_than is not None else 0

    def duty(name: str, where: str, count: Finding) -> Duty:
        return Duty(
            id=name,
            recipient=f"Prominent media outlets serving {where}",
            jurisdiction="US",
            standard=f"more than {limit} residents of one State: at most 60 calendar days from discovery",
            gates=(*gates, count),
            options=partial(_limit, case, name, "us.hipaa.media.limit"),
            citations=citations,
            caveats=caveats_of(threshold),
        )

    def finding(people: Bounds, whose: str, path: str) -> Finding:
        truth = more_than(limit, people)
        words = {True: "more than", False: "not more than", None: "not known whether more than"}[truth]
        line = f"{whose}: {people}; {words} {limit} (45 CFR 164.406(a))."
        return Finding(truth=truth, line=line, needs=(path,), likely=truth is None and people.high is not None)

    for state in case.states:
        path = f"affected.by_state.{state}"
        count = finding(case.residents(state), f"Residents of {USPS[state]}", path)
        yield duty(f"{stem}:{state}", USPS[state], count)
    if case.unplaced.high != 0:
        count = finding(case.unplaced, "People in no recorded State", "affected.by_state")
        if count.truth:
            # More than the limit in all is not more than the limit in one State.
            count = replace(count, truth=None)
        yield duty(stem, "States not yet known", count)


# ---- 164.408: the Secretary


def hhs(case: Case) -> Iterator[Duty]:
    """164.408: 500 or more contemporaneously with the individuals; fewer, yearly."""
    yield _secretary(case, HHS, breach_gates(case), "Secretary of HHS (OCR breach portal)", "45 CFR 164.408")


def _secretary(case: Case, name: str, gates: tuple[Finding, ...], recipient: str, citation: str) -> Duty:
    """The report to the Secretary, large or yearly by the number of individuals in all States together."""
    threshold = case.law("us.hipaa.hhs.threshold", imputed(case)[0].day)
    limit = threshold.at_least if threshold is not None and threshold.at_least is not None else 0
    many = at_least(limit, case.total)
    with_individuals = f"{limit} or more: with the individual notice, at most 60 calendar days from discovery"
    small = f"fewer than {limit}: 60 days after the end of the calendar year of discovery"
    words = {
        True: f"{limit} or more (164.408(b)).",
        False: f"fewer than {limit} (164.408(c)).",
        None: f"not known whether {limit} or more, which decides the date (164.408).",
    }
    likely = many is None and case.total.high is not None
    count = Finding(
        truth=None if many is None else True,
        line=f"Individuals in all: {case.total}; {words[many]}",
        needs=("affected.total",),
        likely=likely,
    )
    notes: tuple[str, ...] = ()
    if case.given(name) is not None:
        notes = ("If the number or another reported fact changes, file an addendum under the tracking number.",)
    return Duty(
        id=name,
        recipient=recipient,
        jurisdiction="US",
        standard={True: with_individuals, False: small, None: f"{with_individuals}; {small}"}[many],
        gates=(*gates, count),
        options=partial(_secretary_options, case, name, many),
        citations=(citation,),
        caveats=caveats_of(threshold),
        notes=notes,
    )


def _secretary_options(case: Case, name: str, many: bool | None) -> tuple[Option, ...]:  # noqa: FBT001
    large = () if many is False else _large_report(case, name)
    small = () if many is True else tuple(yearly(case, name, "us.hipaa.hhs.yearly", imputed(case), HIPAA))
    return (*harm_standard_escape(case), *large, *small)


def _large_report(case: Case, name: str) -> tuple[Option, ...]:
    statute = "The statute says immediately (42 U.S.C. 17932(e)(3)); 60 days is the outer limit that HHS chose."
    outer = tuple(
        replace(each, why=(*each.why, statute))
        for each in period(case, name, "us.hipaa.hhs.limit", imputed(case), HIPAA)
    )
    told = case.given(INDIVIDUALS) if name == HHS else case.given(INDIVIDUALS, PART2_INDIVIDUALS)
    if told is None or not outer or not isinstance(outer[0].deadline, On) or not before(told, outer[0].deadline.day):
        return outer
    together = replace(
        outer[0],
        id="hhs.contemporaneous",
        deadline=On(told),
        reading=f"contemporaneous with the individual notice of {told}",
        why=(
            *outer[0].why,
            f"Individuals were told on {shown(told)}, and the report goes contemporaneously with that: {shown(told)}.",
        ),
    )
    hard_stop = replace(
        outer[0], id="hhs.outer-limit", reading="outer limit only, as the portal's instructions phrase it"
    )
    return (together, hard_stop, *outer[1:])


# ---- 164.410: business associate to covered entity


def business_associate(case: Case) -> Iterator[Duty]:
    """164.410: the business associate tells the covered entity, at most 60 calendar days from its own discovery."""
    role = case.facts.organization.hipaa_role
    associate = case.facts.discovery.business_associate
    anchors = imputed(case)
    given = case.given(COVERED_ENTITY)
    recipient = "The covered entity"
    if role is HipaaRole.BUSINESS_ASSOCIATE:
        who = Finding(truth=True, line="The organization is a business associate (164.410).")
    elif associate is not None:
        recipient = "The organization, from its business associate"
        who, anchors = _associates_own(case)
        if given is None and associate.notified_us_at is not None:
            given = case.local(associate.notified_us_at)
    elif role is None:
        line = "Not recorded whether the organization is a business associate."
        who = Finding(truth=None, line=line, needs=("organization.hipaa_role",))
    else:
        who = Finding(truth=False, line="No business associate is recorded in this breach (164.410).")
    limit = partial(period, case, COVERED_ENTITY, "us.hipaa.covered_entity.limit", anchors, HIPAA)
    yield Duty(
        id=COVERED_ENTITY,
        recipient=recipient,
        jurisdiction="US",
        standard="without unreasonable delay, at most 60 calendar days from the business associate's discovery",
        gates=(who, in_force(case), is_breach(case), unsecured(case), anybody(case)),
        options=lambda: (*harm_standard_escape(case), *limit()),
        citations=("45 CFR 164.410",),
        given=given,
        notes=("A contract usually sets a far shorter time: keep it as a clock of its own.",),
    )


def _associates_own(case: Case) -> tuple[Finding, tuple[Anchor, ...]]:
    associate = case.facts.discovery.business_associate
    if associate is None or associate.discovered_at is None:
        path = "discovery.business_associate.discovered_at"
        return Finding(truth=None, line="Not recorded when the business associate discovered it.", needs=(path,)), ()
    day = case.local(associate.discovered_at)
    why = (case.moment_line("The business associate discovered it at", associate.discovered_at),)
    line = "The breach came through a business associate, which owes this notice (164.410)."
    anchor = Anchor("discovery.associate", day, f"the associate's own discovery on {day}", why)
    return Finding(truth=True, line=line), (anchor,)


# ---- 42 CFR 2.16(b): the same rule for Part 2 records


def part2(case: Case) -> Iterator[Duty]:
    """42 CFR 2.16(b): the breach rule for records of a Part 2 program, reported on OCR's separate form.

    Where the program is no covered entity, individuals and media are told in the same manner under this rule alone.
    """
    involved = case.facts.organization.part2_program
    first = case.rulebook.provisions["us.part2.applies"].version[0]
    version = case.law("us.part2.applies", imputed(case)[0].day)
    if involved is None:
        line = "Not recorded whether records of a Part 2 program are involved."
        program = Finding(truth=None, line=line, needs=("organization.part2_program",))
    elif involved:
        program = Finding(truth=True, line="Records of a federally assisted Part 2 program are involved.")
    else:
        program = Finding(truth=False, line="No records of a Part 2 program are involved (42 CFR 2.11).")
    line = f"The breach rule reaches Part 2 records from {first.since} ({first.citation})."
    law = Finding(truth=version is not None, line=line)
    gates = (program, law, is_breach(case), unsecured(case, "record"), anybody(case))
    report = _secretary(case, PART2_HHS, gates, "Secretary of HHS (OCR's separate Part 2 form)", "42 CFR 2.16(b)")
    separate = "OCR asks for a separate report on the Part 2 form, even where a HIPAA report is filed."
    yield replace(
        report,
        options=partial(_part2_options, case, report),
        notes=(*report.notes, separate),
        caveats=(*report.caveats, *caveats_of(version)),
    )
    if involved and case.facts.organization.hipaa_role is not HipaaRole.COVERED_ENTITY:
        yield Duty(
            id=PART2_INDIVIDUALS,
            recipient="Each affected patient of the Part 2 program",
            jurisdiction="US",
            standard="without unreasonable delay, at most 60 calendar days from discovery",
            gates=gates,
            options=partial(_limit, case, PART2_INDIVIDUALS, "us.hipaa.individuals.limit"),
            citations=("42 CFR 2.16(b)", "45 CFR 164.404"),
            caveats=caveats_of(version),
        )
        yield from _media(case, "us.part2.media", gates, ("42 CFR 2.16(b)", "45 CFR 164.406"))


def _part2_options(case: Case, report: Duty) -> tuple[Option, ...]:
    options = tuple(report.options())
    first = case.rulebook.provisions["us.part2.applies"].version[0]
    occurred = case.facts.incident.occurred_to or case.facts.incident.occurred_from
    if occurred is None or case.law_as_of is not None or not before(occurred, first.since):
        return options
    by_occurrence = Option(
        id="part2.occurrence",
        deadline=NotOwed(),
        reading=f"only breaches occurring on or after {first.since} are reached, as in 45 CFR 164.400",
        citation="42 CFR 2.16(b)",
    )
    return (*options, by_occurrence)


RULES: Final = (individuals, substitute, media, hhs, business_associate, part2)

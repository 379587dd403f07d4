"""HIPAA Breach Notification Rule, 45 CFR 164.400-414, in the order of the rule; and 42 CFR Part 2 through it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from msgspec.structs import replace

from jurisdictions.anchors import Anchor, imputed
from jurisdictions.case import Case, bounds_of
from jurisdictions.conditions import (
    Bounds,
    Finding,
    after,
    at_least,
    before,
    more_than,
)
from jurisdictions.counting import calendar_days, end_of_next_year_plus, shown
from jurisdictions.duties import Duty, Option, caveats_of
from jurisdictions.facts import Hold
from jurisdictions.holds import Span, capped, delayed, described
from jurisdictions.obligations import NotOwed, On
from jurisdictions.vocabulary import USPS, HarmAssessment, HipaaRole, HoldKind, RiskAssessment

ORAL_DAYS: Final = "us.hipaa.hold.oral"
INDIVIDUALS: Final = "us.hipaa.individuals"
HHS: Final = "us.hipaa.hhs"


# ---- 160.103 and 164.400-402: who, since when, and what a breach is


def covered_entity(case: Case) -> Finding:
    """Whether the duties of a covered entity are the organization's own (160.103)."""
    match case.facts.organization.hipaa_role:
        case HipaaRole.COVERED_ENTITY:
            return Finding(truth=True, line="The organization is a HIPAA covered entity (45 CFR 160.103).")
        case HipaaRole.BUSINESS_ASSOCIATE:
            line = "A business associate owes notice to the covered entity (164.410), not this one."
            return Finding(truth=False, line=line)
        case HipaaRole.NONE:
            line = (
                "Recorded as neither covered entity nor business associate: a provider that sends no standard "
                "electronic transaction is not covered (45 CFR 160.103). That is counsel's decision to record."
            )
            return Finding(truth=False, line=line)
        case None:
            line = "Not recorded whether the organization is a covered entity."
            return Finding(truth=None, line=line, needs=("organization.hipaa_role",))


def in_force(case: Case) -> Finding:
    """The rule reaches breaches occurring on or after its date (164.400)."""
    version = case.law("us.hipaa.applies", case.occurred)
    known = case.facts.incident.occurred_to or case.facts.incident.occurred_from
    what = (
        f"The breach occurred on {case.occurred}" if known else f"Date of occurrence unknown; taken as {case.occurred}"
    )
    if version is None:
        first = case.rulebook.provisions["us.hipaa.applies"].version[0]
        line = f"{what}; the rule reaches breaches occurring on or after {first.since} ({first.citation})."
        return Finding(truth=False, line=line)
    return Finding(truth=True, line=f"{what}, when the rule was in force (from {version.since}, {version.citation}).")


_EXCEPTIONS: Final = {
    RiskAssessment.EXCEPTION_WORKFORCE: "good-faith access by the workforce within its authority, 164.402(1)(i)",
    RiskAssessment.EXCEPTION_INADVERTENT: "inadvertent disclosure between authorised persons, 164.402(1)(ii)",
    RiskAssessment.EXCEPTION_NOT_RETAINED: "the recipient could not reasonably have retained it, 164.402(1)(iii)",
}


def is_breach(case: Case) -> Finding:
    """The definition of breach as of the date of occurrence (164.402): exceptions, presumption, or the 2009 harm test."""
    incident = case.facts.incident
    outcome, harm = incident.risk_assessment, incident.harm_assessment
    if outcome in _EXCEPTIONS:
        line = (
            f"Excluded from the definition of breach: {_EXCEPTIONS[outcome]}. Keep the record, 164.414(b), 164.530(j)."
        )
        return Finding(truth=False, line=line)
    presumption = case.law("us.hipaa.presumption", case.occurred)
    if presumption is not None and outcome is RiskAssessment.LOW_PROBABILITY:
        line = (
            "The presumption of breach is rebutted: the four-factor assessment found a low probability of compromise "
            "(164.402(2)). Keep it six years, 164.414(b), 164.530(j)."
        )
        return Finding(truth=False, line=line)
    if presumption is not None:
        if outcome is RiskAssessment.BREACH:
            return Finding(truth=True, line="The risk assessment found a breach (164.402).")
        line = "Presumed to be a breach: no low probability of compromise has been demonstrated (164.402(2))."
        return Finding(truth=True, line=line)
    if harm is HarmAssessment.NO_SIGNIFICANT_RISK:
        line = "Under the rule of 2009 a breach needs a significant risk of harm, and none was found (164.402)."
        return Finding(truth=False, line=line)
    if harm is HarmAssessment.SIGNIFICANT_RISK or outcome is RiskAssessment.BREACH:
        return Finding(truth=True, line="A breach under the rule of 2009: significant risk of harm (164.402).")
    line = "Under the rule of 2009 it depends on whether there was a significant risk of harm (164.402)."
    return Finding(truth=None, line=line, needs=("incident.harm_assessment",))


def harm_standard_escape(case: Case) -> tuple[Option, ...]:
    """Between the effective and the compliance date of the 2013 rule an entity could still use the harm test."""
    harm = case.law("us.hipaa.harm_standard", case.occurred)
    presumption = case.law("us.hipaa.presumption", case.occurred)
    if harm is None or presumption is None:
        return ()
    if case.facts.incident.harm_assessment is not HarmAssessment.NO_SIGNIFICANT_RISK:
        return ()
    why = (
        f"The breach occurred on {case.occurred}, between the effective date {presumption.since} of the 2013 rule and "
        f"the compliance date {harm.until}: the harm test of 2009 could still be used, and it found no significant risk.",
        "If the entity had already adopted the 2013 standard, the other reading applies.",
    )
    return (
        Option(
            id="definition.harm-standard",
            deadline=NotOwed(),
            reading=f"the 2009 harm standard, usable until {harm.until}",
            citation=harm.citation,
            why=why,
            version=harm.since,
        ),
    )


def unsecured(case: Case, what: str = "PHI") -> Finding:
    """Unsecured: not made unreadable by a method of the HHS guidance; encryption counts only if the key is safe."""
    incident = case.facts.incident
    if incident.encrypted is False:
        return Finding(truth=True, line=f"The {what} was unsecured: not encrypted (164.402).")
    if incident.encrypted is None:
        line = f"Not recorded whether the {what} was encrypted."
        return Finding(truth=None, line=line, needs=("incident.encrypted",))
    if incident.key_compromised is None:
        line = "Encrypted, but not recorded whether the key or process was breached too."
        return Finding(truth=None, line=line, needs=("incident.key_compromised",))
    if incident.key_compromised:
        return Finding(truth=True, line=f"The {what} was encrypted, but the key was breached with it: unsecured.")
    line = f"The {what} was encrypted and the key was not breached: it is not unsecured (164.402, HHS guidance)."
    return Finding(truth=False, line=line)


def anybody(case: Case) -> Finding:
    """At least one individual is affected; an unknown number is some."""
    if case.total.high == 0:
        return Finding(truth=False, line="Nobody is recorded as affected.")
    return Finding(truth=True, line=f"Individuals affected in all: {case.total}.")


def breach_gates(case: Case) -> tuple[Finding, ...]:
    """164.400 to 164.402 in their order, for a covered entity."""
    return (covered_entity(case), in_force(case), is_breach(case), unsecured(case), anybody(case))


# ---- 164.412: law-enforcement delay


def _span(case: Case, index: int, hold: Hold) -> Span:
    oral = case.law(ORAL_DAYS, hold.stated_on)
    days = oral.days if oral is not None and oral.days is not None else 0
    text = described(hold)
    if hold.kind is HoldKind.WRITTEN and hold.until is not None:
        return Span(hold.stated_on, hold.until, f"{text}: delay for the time specified (164.412(a)).")
    end = capped(hold, days)
    rule = f"at most {days} days from the statement (164.412(b))"
    if hold.kind is HoldKind.WRITTEN:
        line = (
            f"{text}: it specifies no time, so it is treated like an oral one, {rule}: ends {shown(end)}. "
            f"Ask for a date (law_enforcement_holds.{index}.until)."
        )
        return Span(hold.stated_on, end, line)
    return Span(hold.stated_on, end, f"{text}: {rule}: ends {shown(end)}.")


def _option(case: Case, duty: str, anchor: Anchor, base: date, why: tuple[str, ...], **given: str) -> list[Option]:
    """The readings of one last day once holds are applied, the adopted one first (164.412)."""
    result = delayed(base, anchor.day, [_span(case, index, hold) for index, hold in case.holds(duty)])
    lines = (*anchor.why, *why, *result.lines)
    cite = "45 CFR 164.412"
    found = [Option(deadline=On(result.day), why=lines, **given)]  # type: ignore[arg-type]
    if after(result.tolled, base):
        days = (result.tolled - base).days
        found.append(
            Option(
                id="hold.tolling",
                deadline=On(result.tolled),
                reading=f"tolling: the {days} days of hold are added to {base}",
                citation=cite,
                why=(*lines, f"Tolling reading: {shown(base)} + {days} days of hold = {shown(result.tolled)}."),
                caveats=("HHS's own view of tolling (74 FR 42755, 78 FR 5657) is not verified: ask counsel.",),
            )
        )
    if result.controls is not None:
        next_day = calendar_days(result.controls, 1).day
        found.append(
            Option(
                id="hold.inclusive",
                deadline=On(next_day),
                reading=f"the hold covers the whole of {result.controls}; notice on the next day",
                citation=cite,
                why=(*lines, f"If the official meant {shown(result.controls)} to be held too: {shown(next_day)}."),
            )
        )
    return found


# ---- 164.404: individuals


def period_options(
    case: Case, duty: str, provision: str, anchors: Sequence[Anchor], citation: str
) -> tuple[Option, ...]:
    """The outer limit in calendar days from discovery, for each day that can be discovery, and with holds."""
    found: list[Option] = []
    for place, anchor in enumerate(anchors):
        version = case.law(provision, anchor.day)
        if version is None or version.days is None:
            continue
        counted = calendar_days(anchor.day, version.days)
        why = (
            f"{version.citation}, in force from {version.since}: without unreasonable delay, "
            f"at most {version.days} calendar days from discovery.",
            *counted.lines,
            "No weekend or holiday roll: the rule has none.",
        )
        options = _option(case, duty, anchor, counted.day, why, id=anchor.id, reading=anchor.reading, citation=citation)
        found.extend(
            replace(each, version=version.since, caveats=(*caveats_of(version), *each.caveats))
            for each in (options if place == 0 else options[:1])
        )
    return tuple(found)


def individuals(case: Case) -> Iterator[Duty]:
    """164.404(a)-(b): each individual, without unreasonable delay, at most 60 calendar days from discovery."""
    options = period_options(case, INDIVIDUALS, "us.hipaa.individuals.limit", imputed(case), "45 CFR 164.404(b)")
    yield Duty(
        id=INDIVIDUALS,
        recipient="Each affected individual",
        jurisdiction="US",
        standard="without unreasonable delay, at most 60 calendar days from discovery",
        gates=breach_gates(case),
        options=(*harm_standard_escape(case), *options),
        citations=("45 CFR 164.404", "45 CFR 164.402"),
        notes=("60 days is an outer limit: waiting for the last day can itself be unreasonable delay.",),
    )


def substitute(case: Case) -> Iterator[Duty]:
    """164.404(d)(2): people whose contact details are insufficient; the form depends on how many."""
    people = bounds_of(case.facts.affected.insufficient_contact)
    threshold = case.law("us.hipaa.substitute.threshold", case.discovered)
    ten = threshold.at_least if threshold is not None and threshold.at_least is not None else 0
    if people.high == 0:
        some = Finding(truth=False, line="Nobody living is recorded as unreachable in writing.")
    elif people.low:
        some = Finding(truth=True, line=f"Living people with insufficient contact details: {people}.")
    else:
        path = "affected.insufficient_contact"
        some = Finding(truth=None, line="Not known how many people cannot be reached in writing.", needs=(path,))
    small = f"Fewer than {ten}: another written form, telephone, or other means (164.404(d)(2)(i))."
    large = (
        f"{ten} or more: home page for 90 days or major print or broadcast media where they likely live, and a "
        "toll-free number for at least 90 days (164.404(d)(2)(ii))."
    )
    match at_least(ten, people):
        case True:
            notes = [large]
        case False:
            notes = [small]
        case None:
            notes = [f"The number decides the form. {small} {large}"]
    kin = bounds_of(case.facts.affected.next_of_kin_insufficient_contact)
    if kin.low:
        notes.append(f"No substitute notice is owed for next of kin or representatives: {kin} (164.404(d)(1)(ii)).")
    options = period_options(
        case, "us.hipaa.substitute", "us.hipaa.individuals.limit", imputed(case), "45 CFR 164.404(d)(2)"
    )
    yield Duty(
        id="us.hipaa.substitute",
        recipient="Individuals who cannot be reached in writing",
        jurisdiction="US",
        standard="part of the individual notice: the same outer limit of 60 calendar days",
        gates=(*breach_gates(case), some),
        options=(*harm_standard_escape(case), *options),
        citations=("45 CFR 164.404(d)(2)",),
        notes=tuple(notes),
        caveats=("That substitute notice shares the 60 days is the common reading; HHS commentary was not read.",),
    )


# ---- 164.406: media


def media(case: Case) -> Iterator[Duty]:
    """164.406: more than 500 residents of one State or jurisdiction; one duty per State."""
    yield from media_duties(case, "us.hipaa.media", "us.hipaa", breach_gates(case), "45 CFR 164.406")


def media_duties(case: Case, stem: str, law: str, gates: tuple[Finding, ...], citation: str) -> Iterator[Duty]:
    """One media duty per listed State, and one without a State for people who are not placed yet."""
    anchors = imputed(case)
    threshold = case.law(f"{law}.media.threshold", anchors[0].day)
    limit = threshold.more_than if threshold is not None and threshold.more_than is not None else 0

    def finding(people: Bounds, whose: str, path: str) -> Finding:
        truth = more_than(limit, people)
        words = {True: "more than", False: "not more than", None: "not known whether more than"}[truth]
        line = f"{whose}: {people}; {words} {limit} ({citation}(a))."
        return Finding(truth=truth, line=line, needs=(path,), likely=truth is None and people.high is not None)

    for state in case.states:
        name = f"{stem}:{state}"
        path = f"affected.by_state.{state}"
        yield Duty(
            id=name,
            recipient=f"Prominent media outlets serving {USPS[state]}",
            jurisdiction="US",
            standard=f"more than {limit} residents of one State: at most 60 calendar days from discovery",
            gates=(*gates, finding(case.residents(state), f"Residents of {USPS[state]}", path)),
            options=(
                *harm_standard_escape(case),
                *period_options(case, name, f"{law}.media.limit", anchors, f"{citation}(b)"),
            ),
            citations=(citation,),
            caveats=caveats_of(threshold),
        )
    if case.unplaced.high != 0:
        path = "affected.by_state" if not case.states else "affected.total"
        yield Duty(
            id=stem,
            recipient="Prominent media outlets, States not yet known",
            jurisdiction="US",
            standard=f"more than {limit} residents of one State: at most 60 calendar days from discovery",
            gates=(*gates, _unplaced(finding(case.unplaced, "People in no recorded State", "affected.by_state"))),
            options=(
                *harm_standard_escape(case),
                *period_options(case, stem, f"{law}.media.limit", anchors, f"{citation}(b)"),
            ),
            citations=(citation,),
            caveats=caveats_of(threshold),
        )


def _unplaced(finding: Finding) -> Finding:
    """More than the limit in all does not mean more than the limit in one State."""
    if finding.truth is False:
        return finding
    return Finding(truth=None, line=finding.line, needs=("affected.by_state",))


# ---- 164.408: the Secretary


def hhs(case: Case) -> Iterator[Duty]:
    """164.408: 500 or more contemporaneously with the individuals; fewer, yearly."""
    yield secretary_duty(case, HHS, breach_gates(case), "Secretary of HHS (OCR breach portal)", "45 CFR 164.408")


def secretary_duty(case: Case, name: str, gates: tuple[Finding, ...], recipient: str, citation: str) -> Duty:
    """The report to the Secretary, large or yearly by the number of individuals in all States together."""
    anchors = imputed(case)
    threshold = case.law("us.hipaa.hhs.threshold", anchors[0].day)
    limit = threshold.at_least if threshold is not None and threshold.at_least is not None else 0
    many = at_least(limit, case.total)
    large = _large_report(case, name, anchors)
    small = _yearly_report(case, name, anchors)
    with_individuals = f"{limit} or more: with the individual notice, at most 60 calendar days from discovery"
    yearly = f"fewer than {limit}: 60 days after the end of the calendar year of discovery"
    standard = {True: with_individuals, False: yearly, None: f"{with_individuals}; {yearly}"}[many]
    match many:
        case True:
            count, options = Finding(truth=True, line=f"{case.total} individuals: {limit} or more (164.408(b))."), large
        case False:
            count = Finding(truth=True, line=f"{case.total} individuals: fewer than {limit} (164.408(c)).")
            options = small
        case None:
            line = f"{case.total} individuals: not known whether {limit} or more, which decides the date (164.408)."
            likely = case.total.high is not None
            count = Finding(truth=None, line=line, needs=("affected.total",), likely=likely)
            options = (*large, *small)
    return Duty(
        id=name,
        recipient=recipient,
        jurisdiction="US",
        standard=standard,
        gates=(*gates, count),
        options=(*harm_standard_escape(case), *options),
        citations=(citation,),
        caveats=caveats_of(threshold),
        notes=_addendum(case, name),
    )


def _addendum(case: Case, name: str) -> tuple[str, ...]:
    if case.given(name) is None:
        return ()
    return ("If the number or another reported fact changes, file an addendum under the tracking number.",)


def _large_report(case: Case, name: str, anchors: Sequence[Anchor]) -> tuple[Option, ...]:
    outer = period_options(case, name, "us.hipaa.hhs.limit", anchors, "45 CFR 164.408(b)")
    statute = "The statute says immediately (42 U.S.C. 17932(e)(3)); 60 days is the outer limit that HHS chose."
    told = case.given(INDIVIDUALS) if name == HHS else case.given(INDIVIDUALS, "us.part2.individuals")
    outer = tuple(replace(each, why=(*each.why, statute)) for each in outer)
    if told is None or not outer or not isinstance(outer[0].deadline, On):
        return outer
    if not before(told, outer[0].deadline.day):
        return outer
    together = Option(
        id="hhs.contemporaneous",
        deadline=On(told),
        reading=f"contemporaneous with the individual notice of {told}",
        citation="45 CFR 164.408(b)",
        why=(
            *outer[0].why,
            f"Individuals were told on {shown(told)}, and the report goes contemporaneously with that: {shown(told)}.",
        ),
        version=outer[0].version,
        caveats=outer[0].caveats,
    )
    hard_stop = replace(
        outer[0], id="hhs.outer-limit", reading="outer limit only, as the portal's instructions phrase it"
    )
    return (together, hard_stop, *outer[1:])


def _yearly_report(case: Case, name: str, anchors: Sequence[Anchor]) -> tuple[Option, ...]:
    found: list[Option] = []
    for place, anchor in enumerate(anchors):
        version = case.law("us.hipaa.hhs.yearly", anchor.day)
        if version is None or version.days is None:
            continue
        counted = end_of_next_year_plus(anchor.day, version.days)
        why = (
            f"{version.citation}, in force from {version.since}: {version.days} days after the end of the calendar "
            "year of discovery.",
            *counted.lines,
            "No weekend or holiday roll: the rule has none.",
        )
        options = _option(
            case,
            name,
            anchor,
            counted.day,
            why,
            id=f"yearly.{anchor.id}",
            reading=f"yearly report, {anchor.reading}",
            citation="45 CFR 164.408(c)",
        )
        if place == 0 and isinstance(options[0].deadline, On) and after(options[0].deadline.day, counted.day):
            options.append(
                Option(
                    id="hold.not-yearly",
                    deadline=On(counted.day),
                    reading="a hold does not reach the yearly report: file on time unless the request names it",
                    citation="45 CFR 164.408(c)",
                    why=(*anchor.why, *why),
                )
            )
        found.extend(
            replace(each, version=version.since, caveats=(*caveats_of(version), *each.caveats))
            for each in (options if place == 0 else options[:1])
        )
    return tuple(found)


# ---- 164.410: business associate to covered entity


def business_associate(case: Case) -> Iterator[Duty]:
    """164.410: the business associate tells the covered entity, at most 60 calendar days from its own discovery."""
    role = case.facts.organization.hipaa_role
    associate = case.facts.discovery.business_associate
    name, cite = "us.hipaa.covered_entity", "45 CFR 164.410(b)"
    anchors: tuple[Anchor, ...] = ()
    given = case.given(name)
    recipient = "The covered entity"
    if role is HipaaRole.BUSINESS_ASSOCIATE:
        who = Finding(truth=True, line="The organization is a business associate (164.410).")
        anchors = imputed(case)
    elif associate is not None:
        who = Finding(
            truth=True, line="The breach came through a business associate, which owes this notice (164.410)."
        )
        recipient = "The organization, from its business associate"
        if associate.discovered_at is None:
            path = "discovery.business_associate.discovered_at"
            who = Finding(truth=None, line="Not recorded when the business associate discovered it.", needs=(path,))
        else:
            day = case.local(associate.discovered_at)
            why = (case.moment_line("The business associate discovered it at", associate.discovered_at),)
            anchors = (Anchor("discovery.associate", day, f"the associate's own discovery on {day}", why),)
        if given is None and associate.notified_us_at is not None:
            given = case.local(associate.notified_us_at)
    elif role is None:
        line = "Not recorded whether the organization is a business associate."
        who = Finding(truth=None, line=line, needs=("organization.hipaa_role",))
        anchors = imputed(case)
    else:
        who = Finding(truth=False, line="No business associate is recorded in this breach (164.410).")
    yield Duty(
        id=name,
        recipient=recipient,
        jurisdiction="US",
        standard="without unreasonable delay, at most 60 calendar days from the business associate's discovery",
        gates=(who, in_force(case), is_breach(case), unsecured(case), anybody(case)),
        options=(
            *harm_standard_escape(case),
            *period_options(case, name, "us.hipaa.covered_entity.limit", anchors, cite),
        ),
        citations=("45 CFR 164.410",),
        given=given,
        notes=("A contract usually sets a far shorter time: keep it as a clock of its own.",),
    )


# ---- 42 CFR 2.16(b): the same rule for Part 2 records


def part2(case: Case) -> Iterator[Duty]:
    """42 CFR 2.16(b): the breach rule for records of a Part 2 program, reported on OCR's separate form."""
    involved = case.facts.organization.part2_program
    anchors = imputed(case)
    version = case.law("us.part2.applies", anchors[0].day)
    if involved is None:
        line = "Not recorded whether records of a Part 2 program are involved."
        program = Finding(truth=None, line=line, needs=("organization.part2_program",))
    elif involved:
        program = Finding(truth=True, line="Records of a federally assisted Part 2 program are involved.")
    else:
        program = Finding(truth=False, line="No records of a Part 2 program are involved (42 CFR 2.11).")
    first = case.rulebook.provisions["us.part2.applies"].version[0]
    if version is None:
        law = Finding(
            truth=False, line=f"The breach rule reaches Part 2 records from {first.since} ({first.citation})."
        )
    else:
        law = Finding(truth=True, line=f"The breach rule reaches Part 2 records from {first.since} ({first.citation}).")
    gates = (program, law, is_breach(case), unsecured(case, "record"), anybody(case))
    report = secretary_duty(
        case, "us.part2.hhs", gates, "Secretary of HHS (OCR's separate Part 2 form)", "42 CFR 2.16(b)"
    )
    notes = (*report.notes, "OCR asks for a separate report on the Part 2 form, even where a HIPAA report is filed.")
    occurred = case.facts.incident.occurred_to or case.facts.incident.occurred_from
    options = report.options
    if version is not None and occurred is not None and before(occurred, first.since):
        options += (
            Option(
                id="part2.occurrence",
                deadline=NotOwed(),
                reading=f"only breaches occurring on or after {first.since} are reached, as in 45 CFR 164.400",
                citation="42 CFR 2.16(b)",
            ),
        )
    yield replace(report, notes=notes, options=options, caveats=(*report.caveats, *caveats_of(version)))
    if involved and case.facts.organization.hipaa_role is not HipaaRole.COVERED_ENTITY:
        yield Duty(
            id="us.part2.individuals",
            recipient="Each affected patient of the Part 2 program",
            jurisdiction="US",
            standard="without unreasonable delay, at most 60 calendar days from discovery",
            gates=gates,
            options=period_options(
                case, "us.part2.individuals", "us.hipaa.individuals.limit", anchors, "42 CFR 2.16(b)"
            ),
            citations=("42 CFR 2.16(b)", "45 CFR 164.404"),
            caveats=caveats_of(version),
        )
        yield from media_duties(case, "us.part2.media", "us.hipaa", gates, "45 CFR 164.406")


RULES: Final = (individuals, substitute, media, hhs, business_associate, part2)

"""FTC Health Breach Notification Rule, 16 CFR 318: vendors of personal health records outside HIPAA."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from msgspec.structs import replace

from jurisdictions.anchors import Anchor, imputed
from jurisdictions.case import Case
from jurisdictions.conditions import Bounds, Finding, at_least, before
from jurisdictions.counting import business_days, calendar_days, end_of_next_year_plus, shown
from jurisdictions.duties import Duty, Option, caveats_of
from jurisdictions.facts import Hold
from jurisdictions.holds import Span, capped, delayed, described
from jurisdictions.obligations import On
from jurisdictions.schema import Version
from jurisdictions.vocabulary import USPS, HipaaRole, HoldKind

INDIVIDUALS: Final = "us.ftc_hbnr.individuals"


def vendor(case: Case) -> Finding:
    """A vendor of personal health records, a related entity, or their provider, and not under HIPAA (318.1, 318.2)."""
    organization = case.facts.organization
    if organization.hipaa_role is HipaaRole.COVERED_ENTITY or organization.hipaa_role is HipaaRole.BUSINESS_ASSOCIATE:
        return Finding(
            truth=False, line="HIPAA covered entities and business associates are outside 16 CFR 318 (318.1)."
        )
    if organization.phr_vendor is False:
        return Finding(truth=False, line="Not a vendor of personal health records or related entity (16 CFR 318.2).")
    if organization.phr_vendor is None:
        line = "Not recorded whether the organization offers personal health records."
        return Finding(truth=None, line=line, needs=("organization.phr_vendor",))
    if organization.hipaa_role is None:
        line = "A vendor of personal health records, but not recorded whether HIPAA covers it."
        return Finding(truth=None, line=line, needs=("organization.hipaa_role",))
    return Finding(truth=True, line="A vendor of personal health records or related entity outside HIPAA (318.2).")


def in_force(case: Case, day: date) -> Finding:
    """The rule reaches breaches discovered on or after its date."""
    version = case.law("us.ftc_hbnr.applies", day)
    if version is None:
        first = case.rulebook.provisions["us.ftc_hbnr.applies"].version[0]
        line = f"Discovered on {day}; the rule reaches breaches discovered on or after {first.since}."
        return Finding(truth=False, line=line)
    return Finding(truth=True, line=f"Discovered on {day}, when the rule was in force (from {version.since}).")


def unsecured(case: Case) -> Finding:
    """Unsecured PHR identifiable health information (318.2)."""
    incident = case.facts.incident
    if incident.encrypted is False:
        return Finding(truth=True, line="The health information was not encrypted (318.2).")
    if incident.encrypted is None:
        line = "Not recorded whether the health information was encrypted."
        return Finding(truth=None, line=line, needs=("incident.encrypted",))
    if incident.key_compromised is None:
        line = "Encrypted, but not recorded whether the key was taken too."
        return Finding(truth=None, line=line, needs=("incident.key_compromised",))
    if incident.key_compromised:
        return Finding(truth=True, line="The health information was encrypted, but the key was taken with it (318.2).")
    return Finding(truth=False, line="The health information was encrypted and the key was not taken (318.2).")


def gates(case: Case, day: date) -> tuple[Finding, ...]:
    """318.1 to 318.3."""
    somebody = Finding(truth=case.total.high != 0, line=f"Individuals affected in all: {case.total}.")
    return (vendor(case), in_force(case, day), unsecured(case), somebody)


def _span(case: Case, hold: Hold) -> Span:
    oral = case.law("us.ftc_hbnr.hold.oral", hold.stated_on)
    days = oral.days if oral is not None and oral.days is not None else 0
    if hold.kind is HoldKind.WRITTEN and hold.until is not None:
        return Span(hold.stated_on, hold.until, f"{described(hold)}: delay for the time specified (318.4(d)).")
    end = capped(hold, days)
    return Span(hold.stated_on, end, f"{described(hold)}: at most {days} days (318.4(d)): ends {shown(end)}.")


def dated(
    case: Case, duty: str, anchor: Anchor, version: Version, base: date, lines: Sequence[str], **named: str
) -> Option:
    """One last day with holds applied (318.4(d), which follows 45 CFR 164.528(a)(2))."""
    result = delayed(base, anchor.day, [_span(case, hold) for _, hold in case.holds(duty)])
    return Option(
        deadline=On(result.day),
        why=(*anchor.why, *lines, *result.lines),
        version=version.since,
        caveats=caveats_of(version),
        citation=version.citation,
        **named,  # type: ignore[arg-type]
    )


def outer_limit(case: Case, duty: str, provision: str, anchors: Sequence[Anchor]) -> tuple[Option, ...]:
    """60 calendar days from each day that can be discovery."""
    found = []
    for anchor in anchors:
        version = case.law(provision, anchor.day)
        if version is None or version.days is None:
            continue
        counted = calendar_days(anchor.day, version.days)
        lines = (f"{version.citation}: at most {version.days} calendar days after discovery.", *counted.lines)
        found.append(dated(case, duty, anchor, version, counted.day, lines, id=anchor.id, reading=anchor.reading))
    return tuple(found)


def individuals(case: Case) -> Iterator[Duty]:
    """318.4(a): without unreasonable delay, at most 60 calendar days after discovery."""
    anchors = imputed(case)
    yield Duty(
        id=INDIVIDUALS,
        recipient="Each affected individual",
        jurisdiction="US",
        standard="without unreasonable delay, at most 60 calendar days from discovery",
        gates=gates(case, anchors[0].day),
        options=outer_limit(case, INDIVIDUALS, "us.ftc_hbnr.individuals.limit", anchors),
        citations=("16 CFR 318.4(a)",),
    )


def commission(case: Case) -> Iterator[Duty]:
    """318.5(c): the FTC, by the number of individuals, under the rule of 2009 or as amended in 2024."""
    name = "us.ftc_hbnr.ftc"
    anchors = imputed(case)
    threshold = case.law("us.ftc_hbnr.ftc.threshold", anchors[0].day)
    limit = threshold.at_least if threshold is not None and threshold.at_least is not None else 0
    large = _large(case, name, anchors)
    small = _yearly(case, name, anchors)
    match at_least(limit, case.total):
        case True:
            count, options = Finding(truth=True, line=f"{case.total} individuals: {limit} or more (318.5(c))."), large
        case False:
            count = Finding(truth=True, line=f"{case.total} individuals: fewer than {limit}: yearly log (318.5(c)).")
            options = small
        case None:
            line = f"{case.total} individuals: not known whether {limit} or more, which decides the date."
            likely = case.total.high is not None
            count = Finding(truth=None, line=line, needs=("affected.total",), likely=likely)
            options = (*large, *small)
    yield Duty(
        id=name,
        recipient="Federal Trade Commission",
        jurisdiction="US",
        standard=f"{limit} or more: with the individual notice, at most 60 calendar days "
        "(before 2024-07-29: 10 business days); fewer: yearly log",
        gates=(*gates(case, anchors[0].day), count),
        options=options,
        citations=("16 CFR 318.5(c)",),
        caveats=caveats_of(threshold),
    )


def _large(case: Case, name: str, anchors: Sequence[Anchor]) -> tuple[Option, ...]:
    found: list[Option] = []
    for anchor in anchors:
        version = case.law("us.ftc_hbnr.ftc.limit", anchor.day)
        if version is None:
            continue
        if version.business_days is not None:
            found.extend(_ten_business_days(case, name, anchor, version))
            found.extend(_amended_meanwhile(case, name, anchor, found[-1]))
        elif version.days is not None:
            found.extend(_with_individuals(case, name, anchor, version))
    return tuple(found)


def _ten_business_days(case: Case, name: str, anchor: Anchor, version: Version) -> Iterator[Option]:
    assert version.business_days is not None
    head = f"{version.citation}: as soon as possible, at most {version.business_days} business days after discovery."
    for key, reading, calendar in (
        ("federal", "federal holidays of 5 U.S.C. 6103 left out", case.calendar("us.federal")),
        ("weekdays", "plain Monday-Friday count, no holidays left out (safest)", None),
    ):
        counted = business_days(anchor.day, version.business_days, calendar)
        yield dated(
            case, name, anchor, version, counted.day, (head, *counted.lines), id=f"{anchor.id}.{key}", reading=reading
        )


def _amended_meanwhile(case: Case, name: str, anchor: Anchor, old: Option) -> Iterator[Option]:
    """The duty was still open when the longer limit came into force."""
    assert isinstance(old.deadline, On)
    later = case.rulebook.later_versions("us.ftc_hbnr.ftc.limit", anchor.day)
    if case.law_as_of is not None or not later or later[0].days is None or before(old.deadline.day, later[0].since):
        return
    counted = calendar_days(anchor.day, later[0].days)
    reading = f"{later[0].days} calendar days, because the duty was still open on {later[0].since}"
    yield dated(case, name, anchor, later[0], counted.day, counted.lines, id=f"{anchor.id}.amended", reading=reading)


def _with_individuals(case: Case, name: str, anchor: Anchor, version: Version) -> Iterator[Option]:
    assert version.days is not None
    counted = calendar_days(anchor.day, version.days)
    head = (
        f"{version.citation}, in force from {version.since}: with the individual notice, at most {version.days} "
        "calendar days after discovery."
    )
    outer = dated(
        case, name, anchor, version, counted.day, (head, *counted.lines), id=anchor.id, reading=anchor.reading
    )
    told = case.given(INDIVIDUALS)
    if told is not None and isinstance(outer.deadline, On) and before(told, outer.deadline.day):
        line = f"Individuals were told on {shown(told)}; the FTC is told at the same time: {shown(told)}."
        reading = f"with the individual notice of {told}"
        yield replace(outer, id="ftc.contemporaneous", deadline=On(told), reading=reading, why=(*outer.why, line))
        outer = replace(outer, id="ftc.outer-limit", reading="outer limit only")
    yield outer


def _yearly(case: Case, name: str, anchors: Sequence[Anchor]) -> tuple[Option, ...]:
    found = []
    for anchor in anchors:
        version = case.law("us.ftc_hbnr.ftc.yearly", anchor.day)
        if version is None or version.days is None:
            continue
        counted = end_of_next_year_plus(anchor.day, version.days)
        lines = (f"{version.citation}: log within {version.days} days after the end of the calendar year.",)
        found.append(
            dated(
                case,
                name,
                anchor,
                version,
                counted.day,
                (*lines, *counted.lines),
                id=f"yearly.{anchor.id}",
                reading=f"yearly log, {anchor.reading}",
            )
        )
    return tuple(found)


def media(case: Case) -> Iterator[Duty]:
    """318.5(b): 500 or more residents of one State, not "more than 500" as in HIPAA."""
    anchors = imputed(case)
    threshold = case.law("us.ftc_hbnr.media.threshold", anchors[0].day)
    limit = threshold.at_least if threshold is not None and threshold.at_least is not None else 0

    def duty(name: str, where: str, people: Bounds, path: str, *, placed: bool) -> Duty:
        truth = at_least(limit, people)
        words = {True: f"{limit} or more", False: f"fewer than {limit}", None: f"not known whether {limit} or more"}
        line = f"Residents of {where}: {people}; {words[truth]} (318.5(b))."
        if not placed and truth is True:
            truth = None
        count = Finding(truth=truth, line=line, needs=(path,), likely=truth is None and people.high is not None)
        return Duty(
            id=name,
            recipient=f"Prominent media outlets serving {where}",
            jurisdiction="US",
            standard=f"{limit} or more residents of one State: at most 60 calendar days from discovery",
            gates=(*gates(case, anchors[0].day), count),
            options=outer_limit(case, name, "us.ftc_hbnr.media.limit", anchors),
            citations=("16 CFR 318.5(b)",),
            caveats=caveats_of(threshold),
        )

    for state in case.states:
        path = f"affected.by_state.{state}"
        yield duty(f"us.ftc_hbnr.media:{state}", USPS[state], case.residents(state), path, placed=True)
    if case.unplaced.high != 0:
        yield duty("us.ftc_hbnr.media", "States not yet known", case.unplaced, "affected.by_state", placed=False)


RULES: Final = (individuals, commission, media)

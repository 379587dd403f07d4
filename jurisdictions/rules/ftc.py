"""FTC Health Breach Notification Rule, 16 CFR 318: vendors of personal health records outside HIPAA."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Final

from msgspec.structs import replace

from jurisdictions.anchors import Anchor, imputed
from jurisdictions.case import Case
from jurisdictions.conditions import Bounds, Finding, at_least, before
from jurisdictions.counting import business_days, calendar_days, shown
from jurisdictions.duties import Duty, Option
from jurisdictions.federal import FTC, held, period, yearly
from jurisdictions.obligations import On
from jurisdictions.schema import Version, caveats_of
from jurisdictions.vocabulary import USPS, HipaaRole

INDIVIDUALS: Final = "us.ftc_hbnr.individuals"
COMMISSION: Final = "us.ftc_hbnr.ftc"
LIMIT: Final = "us.ftc_hbnr.ftc.limit"


# ---- 318.1 to 318.3: who, since when, and what


def vendor(case: Case) -> Finding:
    """A vendor of personal health records, a related entity, or their provider, and not under HIPAA (318.1, 318.2)."""
    organization = case.facts.organization
    if organization.hipaa_role in (HipaaRole.COVERED_ENTITY, HipaaRole.BUSINESS_ASSOCIATE):
        line = "HIPAA covered entities and business associates are outside 16 CFR 318 (318.1)."
        return Finding(truth=False, line=line)
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


def gates(case: Case) -> tuple[Finding, ...]:
    """318.1 to 318.3. The rule has no risk test of its own: a HIPAA risk assessment does not count here."""
    somebody = Finding(truth=case.total.high != 0, line=f"Individuals affected in all: {case.total}.")
    return (vendor(case), in_force(case, imputed(case)[0].day), unsecured(case), somebody)


# ---- 318.4, 318.5(a): individuals


def individuals(case: Case) -> Iterator[Duty]:
    """318.4(a): without unreasonable delay, at most 60 calendar days after discovery."""
    yield Duty(
        id=INDIVIDUALS,
        recipient="Each affected individual",
        jurisdiction="US",
        standard="without unreasonable delay, at most 60 calendar days from discovery",
        gates=gates(case),
        options=partial(period, case, INDIVIDUALS, "us.ftc_hbnr.individuals.limit", imputed(case), FTC),
        citations=("16 CFR 318.4(a)",),
    )


# ---- 318.5(b): media


def media(case: Case) -> Iterator[Duty]:
    """318.5(b): 500 or more residents of one State, not "more than 500" as in HIPAA."""
    threshold = case.law("us.ftc_hbnr.media.threshold", imputed(case)[0].day)
    limit = threshold.at_least if threshold is not None and threshold.at_least is not None else 0

    def duty(name: str, where: str, count: Finding) -> Duty:
        return Duty(
            id=name,
            recipient=f"Prominent media outlets serving {where}",
            jurisdiction="US",
            standard=f"{limit} or more residents of one State: at most 60 calendar days from discovery",
            gates=(*gates(case), count),
            options=partial(period, case, name, "us.ftc_hbnr.media.limit", imputed(case), FTC),
            citations=("16 CFR 318.5(b)",),
            caveats=caveats_of(threshold),
        )

    def finding(people: Bounds, whose: str, path: str) -> Finding:
        truth = at_least(limit, people)
        words = {True: f"{limit} or more", False: f"fewer than {limit}", None: f"not known whether {limit} or more"}
        line = f"{whose}: {people}; {words[truth]} (318.5(b))."
        return Finding(truth=truth, line=line, needs=(path,), likely=truth is None and people.high is not None)

    for state in case.states:
        path = f"affected.by_state.{state}"
        count = finding(case.residents(state), f"Residents of {USPS[state]}", path)
        yield duty(f"us.ftc_hbnr.media:{state}", USPS[state], count)
    if case.unplaced.high != 0:
        count = finding(case.unplaced, "People in no recorded State", "affected.by_state")
        if count.truth:
            # The limit reached in all is not the limit reached in one State.
            count = replace(count, truth=None)
        yield duty("us.ftc_hbnr.media", "States not yet known", count)


# ---- 318.5(c): the Commission


def commission(case: Case) -> Iterator[Duty]:
    """318.5(c): the FTC, by the number of individuals, under the rule of 2009 or as amended in 2024."""
    threshold = case.law("us.ftc_hbnr.ftc.threshold", imputed(case)[0].day)
    limit = threshold.at_least if threshold is not None and threshold.at_least is not None else 0
    many = at_least(limit, case.total)
    words = {
        True: f"{limit} or more (318.5(c)).",
        False: f"fewer than {limit}: yearly log (318.5(c)).",
        None: f"not known whether {limit} or more, which decides the date (318.5(c)).",
    }
    count = Finding(
        truth=None if many is None else True,
        line=f"Individuals in all: {case.total}; {words[many]}",
        needs=("affected.total",),
        likely=many is None and case.total.high is not None,
    )
    version = case.law(LIMIT, imputed(case)[0].day)
    at_once = f"{limit} or more: {version.value if version else 'not yet law'} from discovery"
    if version is not None and version.days is not None:
        at_once = f"{limit} or more: with the individual notice, at most {version.days} calendar days from discovery"
    log = f"fewer than {limit}: log within 60 days after the end of the calendar year"
    yield Duty(
        id=COMMISSION,
        recipient="Federal Trade Commission",
        jurisdiction="US",
        standard={True: at_once, False: log, None: f"{at_once}; {log}"}[many],
        gates=(*gates(case), count),
        options=partial(_commission_options, case, many),
        citations=("16 CFR 318.5(c)",),
        caveats=caveats_of(threshold),
    )


def _commission_options(case: Case, many: bool | None) -> Iterator[Option]:  # noqa: FBT001
    anchors = imputed(case)
    if many is not False:
        for anchor in anchors:
            version = case.law(LIMIT, anchor.day)
            if version is not None and version.business_days is not None:
                yield from _business_days(case, anchor, version)
            elif version is not None:
                yield from _with_individuals(case, anchor)
    if many is not True:
        yield from yearly(case, COMMISSION, "us.ftc_hbnr.ftc.yearly", anchors, FTC)


def _business_days(case: Case, anchor: Anchor, version: Version) -> Iterator[Option]:
    """The rule of 2009; and, where the duty was still open when the longer limit came, that one too."""
    assert version.business_days is not None
    head = Option(
        id="",
        deadline=On(anchor.day),
        reading="",
        citation=version.citation,
        why=(f"{version.citation}: as soon as possible, at most {version.value} after discovery.",),
        version=version.since,
        caveats=caveats_of(version),
    )
    last = anchor.day
    for key, reading, calendar in (
        ("federal", "federal holidays of 5 U.S.C. 6103 left out", case.calendar("us.federal")),
        ("weekdays", "plain Monday-Friday count, no holidays left out (safest)", None),
    ):
        counted = business_days(anchor.day, version.business_days, calendar)
        caveats = (*head.caveats, *(calendar.caveats(anchor.day, counted.day) if calendar else ()))
        named = replace(head, id=f"{anchor.id}.{key}", reading=reading, caveats=caveats)
        option, *_ = held(case, COMMISSION, anchor, counted, rule=FTC, option=named)
        if isinstance(option.deadline, On) and calendar is not None:
            last = option.deadline.day
        yield option
    if case.law_as_of is not None:
        return
    for later in case.rulebook.later_versions(LIMIT, anchor.day):
        if later.days is not None and not before(last, later.since):
            longer = calendar_days(anchor.day, later.days)
            reading = f"{later.days} calendar days, because the duty was still open on {later.since}"
            named = replace(
                head,
                id=f"{anchor.id}.amended",
                reading=reading,
                citation=later.citation,
                version=later.since,
                why=(f"{later.citation}, in force from {later.since}: at most {later.value} from discovery.",),
                caveats=caveats_of(later),
            )
            yield next(held(case, COMMISSION, anchor, longer, rule=FTC, option=named))


def _with_individuals(case: Case, anchor: Anchor) -> Iterator[Option]:
    """As amended: with the individual notice, at most 60 calendar days after discovery."""
    outer, *others = period(case, COMMISSION, LIMIT, (anchor,), FTC)
    told = case.given(INDIVIDUALS)
    if told is not None and isinstance(outer.deadline, On) and before(told, outer.deadline.day):
        line = f"Individuals were told on {shown(told)}; the FTC is told at the same time: {shown(told)}."
        reading = f"with the individual notice of {told}"
        yield replace(outer, id="ftc.contemporaneous", deadline=On(told), reading=reading, why=(*outer.why, line))
        outer = replace(outer, id="ftc.outer-limit", reading="outer limit only")
    yield outer
    yield from others


RULES: Final = (individuals, commission, media)

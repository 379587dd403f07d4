"""California Health & Safety Code 1280.15 with 22 CCR 79900-79905: licensed clinics and facilities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final

import msgspec
from msgspec.structs import replace

from jurisdictions.anchors import Anchor, actual, imputed
from jurisdictions.calendars import Calendar
from jurisdictions.case import Case
from jurisdictions.conditions import Finding, after, on_or_after
from jurisdictions.counting import business_days, calendar_days, rolled_forward, shown
from jurisdictions.duties import Duty, Option
from jurisdictions.facts import Hold
from jurisdictions.holds import capped, described
from jurisdictions.obligations import On
from jurisdictions.schema import Version, caveats_of
from jurisdictions.vocabulary import HoldKind, RiskAssessment

CDPH: Final = "ca.hsc1280_15.cdph"
PATIENTS: Final = "ca.hsc1280_15.patients"
LIMIT: Final = "ca.hsc1280_15.limit"
EXCLUSIONS: Final = "ca.hsc1280_15.exclusions"
DETECTION: Final = "detection"
DELAY_END: Final = "the end of the delay"
SECTION: Final = "Health & Safety Code 1280.15"


# ---- (a): who and what


def licensed(case: Case) -> Finding:
    """A clinic, health facility, home health agency or hospice licensed under 1204, 1250, 1725 or 1745."""
    organization = case.facts.organization
    if organization.licenses:
        held = ", ".join(organization.licenses)
        return Finding(truth=True, line=f"Licensed in California: {held} ({SECTION}(a)).")
    if organization.licenses is not None:
        line = (
            "Not licensed under H&S 1204, 1250, 1725 or 1745: a place that licensed practitioners own and use as their "
            "office is exempt from clinic licensure (H&S 1206(a))."
        )
        return Finding(truth=False, line=line)
    line = "Not recorded whether any facility holds a California licence."
    return Finding(truth=None, line=line, needs=("organization.licenses",))


def medical_information(case: Case) -> Finding:
    """Unlawful or unauthorized access to, use or disclosure of medical information, in any medium."""
    elements = case.facts.incident.data_elements
    if elements is None:
        return Finding(truth=None, line="Not recorded which data was involved.", needs=("incident.data_elements",))
    if "medical_information" in elements or "photos" in elements:
        return Finding(truth=True, line="Medical information of patients, in any medium; access is enough.")
    return Finding(
        truth=False, line=f"No medical information is recorded among the data: {', '.join(elements) or 'none'}."
    )


_OUTSIDE: Final = {
    RiskAssessment.EXCEPTION_INADVERTENT: "internal inadvertent access in the same facility",
    RiskAssessment.EXCEPTION_NOT_RETAINED: "the recipient could not have retained it",
    RiskAssessment.LOW_PROBABILITY: "a documented low probability of compromise",
}


def not_excluded(case: Case, day: date) -> Finding:
    """The exclusions of 22 CCR 79901, which exist since the regulations do."""
    outcome = case.facts.incident.risk_assessment
    regulation = case.law(EXCLUSIONS, day)
    internal = outcome is RiskAssessment.EXCEPTION_INADVERTENT
    if internal and regulation is None:
        return Finding(
            truth=False, line=f"Internal misdirected transmission in coordinating care is outside {SECTION}(a)."
        )
    if regulation is None:
        return Finding(truth=True, line=f"Detected on {day}, before the exclusions of 22 CCR 79901.")
    if outcome in _OUTSIDE:
        return Finding(truth=False, line=f"Excluded by 22 CCR 79901: {_OUTSIDE[outcome]}.")
    return Finding(truth=True, line="No exclusion of 22 CCR 79901 is recorded.")


def unencrypted(case: Case, day: date) -> Finding:
    """Lost or stolen encrypted data is excluded by 22 CCR 79901; before it, encrypted data was not accessed."""
    incident = case.facts.incident
    if incident.encrypted is False:
        return Finding(truth=True, line="The data was not encrypted.")
    if incident.encrypted is None:
        return Finding(truth=None, line="Not recorded whether the data was encrypted.", needs=("incident.encrypted",))
    if incident.key_compromised is None:
        line = "Encrypted, but not recorded whether the key was taken too."
        return Finding(truth=None, line=line, needs=("incident.key_compromised",))
    if incident.key_compromised:
        return Finding(truth=True, line="The data was encrypted, but the key was taken with it.")
    return Finding(truth=False, line="The data was encrypted and the key was not taken (22 CCR 79901).")


def in_force(case: Case, day: date) -> Finding:
    """The section is law on the day of detection."""
    version = case.law(LIMIT, day)
    if version is None:
        first = case.rulebook.provisions[LIMIT].version[0]
        return Finding(truth=False, line=f"{SECTION} is law from {first.since}; detected on {day}.")
    return Finding(truth=True, line=f"{SECTION}, version in force on {day} (from {version.since}).")


def gates(case: Case, day: date) -> tuple[Finding, ...]:
    """Everything but the clock."""
    somebody = Finding(truth=case.total.high != 0, line=f"Patients affected: {case.total}.")
    return (
        licensed(case),
        in_force(case, day),
        medical_information(case),
        not_excluded(case, day),
        unencrypted(case, day),
        somebody,
    )


# ---- when: detection


def detection(case: Case) -> tuple[Anchor, ...]:
    """The day of detection: knowledge of workforce and agents, and under 22 CCR 79901 of business associates."""
    regulation = case.law(EXCLUSIONS, case.discovered)
    return imputed(case, any_associate=True) if regulation is not None else (actual(case),)


class Candidate(msgspec.Struct, frozen=True):
    """A meaning that "business day" may have here; the section does not say."""

    id: str
    reading: str
    calendar: Calendar | None


def candidates(case: Case) -> tuple[Candidate, ...]:
    """The adopted meaning first."""
    return (
        Candidate("ca.gov_19853", "State-office holidays of Gov. Code 19853 left out", case.calendar("ca.gov_19853")),
        Candidate(
            "ca.gov_6700",
            "all holidays of Gov. Code 6700 left out, State-office extra days not",
            case.calendar("ca.gov_6700"),
        ),
        Candidate("ca.ccp_135", "judicial holidays of CCP 135 left out", case.calendar("ca.ccp_135")),
        Candidate("weekdays", "plain Monday-Friday count, no holidays left out (safest)", None),
    )


def counted_option(anchor: Anchor, day: date, version: Version, candidate: Candidate, what: str) -> Option:
    """The last day counted from ``day``, under one meaning of business day."""
    calendar = candidate.calendar
    if version.business_days is not None:
        counted = business_days(day, version.business_days, calendar)
    else:
        assert version.days is not None
        counted, calendar = calendar_days(day, version.days), None
    head = f"{version.citation}, in force from {version.since}: {version.value} after {what}."
    return Option(
        id=f"calendar.{candidate.id}",
        deadline=On(counted.day),
        reading=candidate.reading,
        citation=calendar.head.citation if calendar else version.citation,
        why=(*anchor.why, head, *counted.lines),
        version=version.since,
        caveats=calendar.caveats(day, counted.day) if calendar else (),
    )


def period(case: Case, anchors: Sequence[Anchor], what: str) -> tuple[Option, ...]:
    """Every reading: meanings of business day, other days of detection, the version of the day of performance."""
    found: list[Option] = []
    for anchor in anchors:
        version = case.law(LIMIT, anchor.day)
        if version is None:
            continue
        options = [counted_option(anchor, anchor.day, version, each, what) for each in candidates(case)]
        if version.business_days is None:
            options = [replace(options[0], id=anchor.id, reading=f"{version.value} after {what}")]
        if anchor is not anchors[0]:
            found.append(replace(options[0], id=anchor.id, reading=f"{version.value} after {anchor.reading}"))
            continue
        found += [*options, *_later_law(case, anchor, options[0], what)]
        if what == DETECTION:
            found.extend(_first_business_day(case, anchor, version))
    return tuple(found)


def _later_law(case: Case, anchor: Anchor, option: Option, what: str) -> Iterator[Option]:
    """The duty was still open when another number of days came into force."""
    if case.law_as_of is not None or not isinstance(option.deadline, On):
        return
    for later in case.rulebook.later_versions(LIMIT, anchor.day):
        if on_or_after(option.deadline.day, later.since):
            because = f"because the duty was still open when {later.law} took effect on {later.since}"
            yield replace(
                counted_option(anchor, anchor.day, later, candidates(case)[0], what),
                id=f"law-of.{later.since}",
                reading=f"{later.value}, {because}",
                citation=later.citation,
            )


def _first_business_day(case: Case, anchor: Anchor, version: Version) -> Iterator[Option]:
    """22 CCR 79901 may treat a detection on a closed day as one of the first business day."""
    calendar = case.calendar("ca.gov_19853")
    if case.law(EXCLUSIONS, anchor.day) is None or calendar.not_business(anchor.day) is None:
        return
    day = rolled_forward(anchor.day, calendar.not_business).day
    option = counted_option(anchor, day, version, candidates(case)[0], DETECTION)
    yield replace(
        option,
        id="detected.first-business-day",
        reading=f"detected as of the first business day, {day}",
        citation="22 CCR 79901",
        caveats=(*option.caveats, "That 22 CCR 79901 says first business day is not verified: ask counsel."),
    )


def _standard(version: Version | None) -> str:
    return f"{version.value} after detection" if version else "not yet law"


# ---- (a) to CDPH, (b) to patients, (c) delay of the latter


def cdph(case: Case) -> Iterator[Duty]:
    """The report to the Department of Public Health; no law-enforcement delay reaches it (c)."""
    anchors = detection(case)
    version = case.law(LIMIT, anchors[0].day)
    notes: tuple[str, ...] = ()
    if case.holds(CDPH):
        notes = (f"A law-enforcement hold delays the report to patients only; this one stands ({SECTION}(c)).",)
    yield Duty(
        id=CDPH,
        recipient="California Department of Public Health",
        jurisdiction="CA",
        standard=_standard(version),
        gates=gates(case, anchors[0].day),
        options=partial(period, case, anchors, DETECTION),
        citations=("H&S 1280.15(b)", "22 CCR 79902"),
        version=version.since if version else None,
        caveats=_undefined(version),
        notes=notes,
    )


def patients(case: Case) -> Iterator[Duty]:
    """The report to the patient or representative, delayed by a hold within its caps (c)."""
    anchors = detection(case)
    version = case.law(LIMIT, anchors[0].day)
    yield Duty(
        id=PATIENTS,
        recipient="Affected patients or their representatives",
        jurisdiction="CA",
        standard=_standard(version),
        gates=gates(case, anchors[0].day),
        options=partial(_patient_options, case, anchors),
        citations=("H&S 1280.15(b)", "H&S 1280.15(c)"),
        version=version.since if version else None,
        caveats=_undefined(version),
    )


def _undefined(version: Version | None) -> tuple[str, ...]:
    if version is None or version.business_days is None:
        return caveats_of(version)
    return (*caveats_of(version), "No definition of business day was found for this section: every candidate is shown.")


def _patient_options(case: Case, anchors: Sequence[Anchor]) -> tuple[Option, ...]:
    """The period from detection, or anew from the end of the delay that a timely request gives."""
    plain = period(case, anchors, DETECTION)
    holds = [hold for _, hold in case.holds(PATIENTS)]
    if not holds or not plain:
        return plain
    last, end, lines, ending = plain[0].deadline, None, list[str](), holds[0]
    assert isinstance(last, On)
    for hold in holds:
        cap = _cap(case, hold)
        if cap is None:
            lines.append(f"{described(hold)}: the section knew no delay for law enforcement then.")
        elif after(hold.stated_on, last.day):
            lines.append(f"{described(hold)}: made after the last day {shown(last.day)}; it does not reach back.")
        else:
            stop = capped(hold, cap)
            lines.append(f"{described(hold)}: at most {cap} days from the request ({SECTION}(c)); ends {shown(stop)}.")
            if end is None or after(stop, end):
                end, ending = stop, hold
                released = _released(anchors[0], end, lines)
                last = period(case, (released,), DELAY_END)[0].deadline
                assert isinstance(last, On)
    if end is None:
        return tuple(replace(each, why=(*each.why, *lines)) for each in plain)
    released = _released(anchors[0], end, lines)
    found = [*period(case, (released,), DELAY_END)]
    if ending.until is None or after(ending.until, end):
        found.extend(_extended(case, ending, end, released))
    if ending.until is None:
        found.append(replace(plain[0], id="hold.undated", reading="a request without an end date delays nothing"))
    return tuple(found)


def _released(anchor: Anchor, end: date, lines: Sequence[str]) -> Anchor:
    return Anchor("hold.released", end, f"the end of the delay on {end}", (*anchor.why, *lines))


def _cap(case: Case, hold: Hold) -> int | None:
    version = case.law(f"ca.hsc1280_15.hold.{hold.kind.value}", hold.stated_on)
    return version.days if version is not None else None


def _extended(case: Case, hold: Hold, end: date, released: Anchor) -> Iterator[Option]:
    extension = case.law("ca.hsc1280_15.hold.extension", hold.stated_on)
    version = case.law(LIMIT, end)
    if hold.kind is not HoldKind.WRITTEN or extension is None or extension.days is None or version is None:
        return
    longest = end + timedelta(days=extension.days)
    until = longest if hold.until is None or after(hold.until, longest) else hold.until
    what = f"the end of an extended delay on {until}"
    option = counted_option(released, until, version, candidates(case)[0], what)
    yield replace(
        option,
        id="hold.extended",
        reading=f"a valid extension declaration adds up to {extension.days} more days",
        citation=extension.citation,
        caveats=(*option.caveats, *caveats_of(extension)),
    )


RULES: Final = (cdph, patients)

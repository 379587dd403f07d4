"""What a notice must say, and must not: the element ids that templates and checks share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from jurisdictions.assess import assess
from jurisdictions.dated import in_force
from jurisdictions.elements import effective
from jurisdictions.facts import BreachFacts
from jurisdictions.obligations import Assessment, Status
from jurisdictions.rulebook import Rulebook
from jurisdictions.schema import Element
from jurisdictions.vocabulary import HipaaRole

HIPAA: Final = "us.hipaa.individuals"
PART2: Final = "us.part2.individuals"
FTC: Final = "us.ftc_hbnr.individuals"
ILLINOIS: Final = "il.pipa.individuals"
CALIFORNIA: Final = "ca.civ1798_82.individuals"
NOTICES_TO_INDIVIDUALS: Final = (HIPAA, FTC, ILLINOIS, CALIFORNIA)
SAME_CONTENT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "us.hipaa.media": HIPAA,
        "us.hipaa.substitute": HIPAA,
        PART2: HIPAA,
        "us.part2.media": HIPAA,
        "us.ftc_hbnr.media": FTC,
    }
)
"""Notices that must say what another notice must say: 164.404(d)(2), 164.406(c), 42 CFR 2.16(b), 16 CFR 318.6."""


class ContentRequirement(msgspec.Struct, frozen=True, kw_only=True):
    """One element of one notice. ``verbatim`` are words that must appear exactly; ``why`` says why it is asked here."""

    id: str
    obligation: str
    citation: str
    summary: str
    required: bool
    forbidden: bool
    verbatim: str | None
    why: str
    quote: str | None


class _Asked(msgspec.Struct, frozen=True):
    """Whether an element's own condition holds on the facts, with the reason."""

    required: bool
    why: str


def content_requirements(
    facts: BreachFacts, rulebook: Rulebook, *, for_ids: Sequence[str] | None = None
) -> tuple[ContentRequirement, ...]:
    """The elements that the law in force asks of a notice, in the order of the rulebook.

    Without ``for_ids``: of a notice to an individual under every rule that applies, or may apply, on the facts.
    With ``for_ids`` (obligation ids): of those notices, as if each is to be given. Elements that are not required on
    these facts are listed with ``required`` false and the reason, so that a template can still use them.
    """
    assessment = assess(facts, rulebook, as_of=facts.incident.discovered_at)
    found = []
    for element in rulebook.elements:
        asked = _asked(element, facts, assessment, for_ids)
        if asked is None:
            continue
        version = in_force(element.version, _basis(element.obligation, facts, assessment))
        if version is None:
            continue
        own = _CONDITIONS.get(element.id, _always)(facts)
        required = element.required and asked.required and own.required
        found.append(
            ContentRequirement(
                id=element.id,
                obligation=element.obligation,
                citation=version.citation,
                summary=element.summary,
                required=required,
                forbidden=element.forbidden,
                verbatim=element.verbatim,
                why=" ".join(filter(None, (asked.why, own.why))),
                quote=version.quote,
            )
        )
    return tuple(found)


def _asked(
    element: Element, facts: BreachFacts, assessment: Assessment, for_ids: Sequence[str] | None
) -> _Asked | None:
    """Whether the notice that an element belongs to is wanted; None leaves the element out altogether."""
    if for_ids is not None:
        named = {SAME_CONTENT.get(each, each) for each in (name.partition(":")[0] for name in for_ids)}
        return _Asked(required=True, why="") if element.obligation in named else None
    if element.obligation not in NOTICES_TO_INDIVIDUALS:
        return None
    if element.obligation == HIPAA and _applies(assessment, PART2):
        return _Asked(required=True, why="")
    if _applies(assessment, element.obligation):
        return _california(facts) if element.obligation == CALIFORNIA else _Asked(required=True, why="")
    if element.obligation == ILLINOIS and _deemed_compliant(assessment):
        why = (
            "A HIPAA entity in compliance is deemed compliant (815 ILCS 530/50); kept because section 10 comes back if "
            "that is lost."
        )
        return _Asked(required=False, why=why)
    return None


def _applies(assessment: Assessment, obligation: str) -> bool:
    """Whether a duty applies, or may: a missing fact does not take an element away."""
    found = assessment.get(obligation)
    return found is not None and found.status is not Status.NOT_REQUIRED


def _california(facts: BreachFacts) -> _Asked:
    if facts.organization.hipaa_role is HipaaRole.COVERED_ENTITY:
        why = (
            "A covered entity that complies completely with HITECH 13402(f) is deemed to comply with (d), "
            "Civ. Code 1798.82(e); the form is still the safe one."
        )
        return _Asked(required=False, why=why)
    return _Asked(required=True, why="")


def _deemed_compliant(assessment: Assessment) -> bool:
    """Whether section 50, and not the lack of a breach, is what lifts section 10 here."""
    obligation = assessment.get(ILLINOIS)
    return obligation is not None and len(obligation.why) > 0 and "deemed compliant" in obligation.why[0]


def _basis(obligation: str, facts: BreachFacts, assessment: Assessment) -> date:
    """The day on which the notice was given, or else is due, or else the day of discovery."""
    given = facts.given.get(obligation)
    settled = assessment.get(obligation)
    due = settled.due if settled is not None else None
    zone = ZoneInfo(facts.organization.time_zone)
    return given or due or facts.incident.discovered_at.astimezone(zone).date()


# ---- conditions of single elements


def _exposed(facts: BreachFacts, *elements: str) -> bool | None:
    """Whether any of the elements was involved; None where the data is unknown."""
    if facts.incident.data_elements is None:
        return None
    return bool(set(elements) & set(effective(facts.incident.data_elements)))


def _always(facts: BreachFacts) -> _Asked:
    del facts
    return _Asked(required=True, why="")


def _date_known(facts: BreachFacts) -> _Asked:
    known = facts.incident.occurred_from is not None or facts.incident.occurred_to is not None
    return _Asked(required=known, why="" if known else "The date of the breach is not known.")


def _numbers(facts: BreachFacts) -> _Asked:
    exposed = _exposed(facts, "ssn", "drivers_license", "state_id")
    return _when(exposed, "Social Security, driver's license or California identification numbers exposed")


def _identity_services(facts: BreachFacts) -> _Asked:
    identifiers = ["ssn", "drivers_license", "state_id", "tax_id", "passport", "military_id", "other_government_id"]
    asked = _when(_exposed(facts, *identifiers), "Social Security or government identification numbers exposed")
    if facts.discovery.business_associate is not None:
        return _Asked(
            required=False, why="The breach came through a business associate: the notifier was not its source."
        )
    if not asked.required:
        return asked
    return _Asked(
        required=True,
        why=f'{asked.why} The duty is to offer services "if any": whether it binds is debated; most offer.',
    )


def _when(exposed: bool | None, what: str) -> _Asked:  # noqa: FBT001
    words = {True: f"{what}.", False: f"Not required: no {what}.", None: f"Kept: not known whether {what}."}
    return _Asked(required=exposed is not False, why=words[exposed])


def _held(facts: BreachFacts) -> _Asked:
    if facts.law_enforcement_holds:
        return _Asked(required=True, why="A law-enforcement request for delay is recorded.")
    return _Asked(required=False, why="No delay for law enforcement is recorded.")


_CATEGORY_1: Final = (
    "ssn", "drivers_license", "state_id", "financial_account", "payment_card", "financial_account_with_code",
    "payment_card_with_code", "medical_information", "photos", "health_insurance", "biometric",
)  # fmt: skip


def _illinois_first(facts: BreachFacts) -> _Asked:
    return _when(_exposed(facts, *_CATEGORY_1), "name with a listed element exposed")


def _illinois_credentials(facts: BreachFacts) -> _Asked:
    return _when(_exposed(facts, "online_credentials"), "user name or e-mail address with password exposed")


_CONDITIONS: Final[Mapping[str, Callable[[BreachFacts], _Asked]]] = MappingProxyType(
    {
        "hipaa.date_of_breach": _date_known,
        "ftc.date_of_breach": _date_known,
        "ca.breach_date": _date_known,
        "ca.cra_contacts": _numbers,
        "ca.identity_services": _identity_services,
        "ca.law_enforcement_delay": _held,
        "il.cra_contacts": _illinois_first,
        "il.ftc_contact": _illinois_first,
        "il.fraud_alert_statement": _illinois_first,
        "il.credentials_direction": _illinois_credentials,
    }
)

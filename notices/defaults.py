"""The words that a form starts with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from jurisdictions.facts import BreachFacts
from jurisdictions.obligations import Assessment, Status
from jurisdictions.vocabulary import HipaaRole
from notices.catalog import kind_named
from notices.context import Organization
from notices.data_types import phrases
from notices.hhs import FOR_COVERED_ENTITIES, FOR_ITSELF, HHS_REPORT, PART2_REPORT
from notices.paper import Start
from notices.papers import PAPERS

_RAISED: Final = (Status.DUE, Status.ASAP, Status.OVERDUE, Status.MET, Status.MET_LATE)


def default_fields(
    kind: str,
    *,
    facts: BreachFacts,
    organization: Organization,
    assessment: Assessment | None = None,
    risk: Sequence[tuple[str, int, str]] = (),
) -> dict[str, str]:
    """The words that a form starts with; a drafter changes them. Only what the facts or the assessment say is stated.

    `risk` is a recorded four-factor assessment: factor, rating, reason.

    Raises:
        NoticeError: if there is no such kind.
    """
    entry = kind_named(kind)
    found = {field.name: field.default for field in entry.fields if field.default}
    elements = facts.incident.data_elements or ()
    names = {field.name for field in entry.fields}
    offered = {
        "data_types": "\n".join(phrases(elements)),
        "data_types_es": "\n".join(phrases(elements, "es")),
        "what_you_can_do": _steps_for(elements),
        "what_you_can_do_es": _steps_for(elements, "es"),
        "contact_name": organization.privacy_officer or organization.signatory_name or "",
        "contact_email": organization.email or "",
        "contact_phone": organization.phone or organization.toll_free or "",
    }
    if entry.name in (HHS_REPORT.name, PART2_REPORT.name):
        offered |= _hhs_defaults(facts, assessment)
    if entry.name == "il_ag_notice" and facts.organization.hipaa_role in (None, HipaaRole.NONE):
        offered["basis"] = "section_10e"
    if entry.name in PAPERS:
        start = Start(facts=facts, organization=organization, assessment=assessment, risk=risk)
        offered |= PAPERS[entry.name].start(start)
    return found | {name: value for name, value in offered.items() if value and name in names}


_PHI: Final = {
    "name": "Demographic: Name",
    "address": "Demographic: Address/ZIP",
    "date_of_birth": "Demographic: Date of Birth",
    "drivers_license": "Demographic: Driver's License",
    "ssn": "Demographic: SSN",
    "state_id": "Demographic: Other Identifier",
    "passport": "Demographic: Other Identifier",
    "email": "Demographic: Other Identifier",
    "phone": "Demographic: Other Identifier",
    "photos": "Demographic: Other Identifier",
    "biometric": "Demographic: Other Identifier",
    "health_insurance": "Financial: Claims Information",
    "payment_card": "Financial: Credit Card/Bank Acct #",
    "payment_card_with_code": "Financial: Credit Card/Bank Acct #",
    "financial_account": "Financial: Credit Card/Bank Acct #",
    "financial_account_with_code": "Financial: Credit Card/Bank Acct #",
    "medical_information": "Clinical: Other Treatment Information",
}


def _hhs_defaults(facts: BreachFacts, assessment: Assessment | None) -> dict[str, str]:
    found = {"phi_types": "\n".join(dict.fromkeys(_PHI[e] for e in facts.incident.data_elements or () if e in _PHI))}
    match facts.organization.hipaa_role:
        case HipaaRole.COVERED_ENTITY:
            found["filer_role"] = FOR_ITSELF
        case HipaaRole.BUSINESS_ASSOCIATE:
            found["filer_role"] = FOR_COVERED_ENTITIES
        case _:
            pass
    # What a business associate does not owe itself says nothing of the covered entities it files for.
    if assessment is not None and facts.organization.hipaa_role is HipaaRole.COVERED_ENTITY:
        media = [each for each in assessment.obligations if each.id.startswith("us.hipaa.media:")]
        raised = [each.id.partition(":")[2] for each in media if each.status in _RAISED]
        if raised or (media and all(each.status is Status.NOT_REQUIRED for each in media)):
            found["media_required"] = "yes" if raised else "no"
            found["media_states"] = "\n".join(raised)
        substitute = assessment.get("us.hipaa.substitute")
        if substitute is not None and substitute.status is not Status.NEEDS_FACT:
            found["substitute_required"] = "no" if substitute.status is Status.NOT_REQUIRED else "yes"
    return found


_HEALTH: Final = frozenset(["medical_information", "health_insurance", "genetic"])
_MONEY: Final = frozenset(
    ["ssn", "drivers_license", "state_id", "tax_id", "passport", "financial_account", "financial_account_with_code"]
)
_CARDS: Final = frozenset(["payment_card", "payment_card_with_code"])


_STEPS: Final = {
    "en": (
        "Look closely at each statement that you get from a health plan or a doctor. "
        "If it lists care that was not received, call the sender right away.",
        "Check bank statements and credit reports for accounts and charges that you do not know. "
        "You can order free credit reports at www.annualcreditreport.com or at 1-877-322-8228.",
        "Look at each card statement. If you see a charge that is not yours, call the bank on the card.",
        "Be careful with people who call or write and say that they are from us. Do not give them personal details.",
    ),
    "es": (
        "Revise bien cada estado de cuenta que reciba de un plan de salud o de un médico. "
        "Si incluye atención que nadie recibió, llame de inmediato a quien lo envió.",
        "Revise los estados de cuenta del banco y los informes de crédito, y busque cuentas y cargos que no conozca. "
        "Puede pedir informes de crédito gratis en www.annualcreditreport.com o en el 1-877-322-8228.",
        "Revise cada estado de cuenta de la tarjeta. Si ve un cargo que no es suyo, llame al banco de la tarjeta.",
        "Tenga cuidado con quienes llamen o escriban y digan que son de nuestra parte. No les dé datos personales.",
    ),
}
"""By language: health data, money and identity, cards, and what always fits."""


def _steps_for(elements: Iterable[str], language: str = "en") -> str:
    """Protective steps that fit the data, as a first draft."""
    involved = set(elements)
    health, money, cards, always = _STEPS[language]
    chosen = [step for kinds, step in ((_HEALTH, health), (_MONEY, money), (_CARDS, cards)) if involved & kinds]
    return "\n\n".join([*chosen, always])

"""The paths of the facts and the plain question that asks for each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from jurisdictions.vocabulary import USPS

FACT_PATHS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "organization.name": "What is the organization called?",
        "organization.state": "In which State is the organization established?",
        "organization.time_zone": "In which time zone does the organization keep its dates?",
        "organization.hipaa_role": "Is the organization a HIPAA covered entity, a business associate, or neither?",
        "organization.entity_type": "Is it a health care provider, a health plan, a clearinghouse, or something else?",
        "organization.licenses": "Does any of its facilities hold a California licence "
        "(Health & Safety Code 1204, 1250, 1725 or 1745)?",
        "organization.data_owner": "Does the organization own or license the data, or only keep it for someone else?",
        "organization.phr_vendor": "Does it offer an app or service that keeps personal health records (16 CFR 318)?",
        "organization.part2_program": "Are records of a federally assisted substance use disorder program involved "
        "(42 CFR Part 2)?",
        "organization.state_agency": "Is the organization a State agency?",
        "incident.occurred_from": "When did the breach begin?",
        "incident.occurred_to": "When did the breach end?",
        "incident.discovered_at": "When was the breach first known to anyone in the organization?",
        "incident.medium": "Was the data electronic, on paper, or spoken?",
        "incident.data_elements": "Which kinds of data were involved?",
        "incident.encrypted": "Was the data encrypted?",
        "incident.key_compromised": "Was the key, or another way to read the encrypted data, taken too?",
        "incident.risk_assessment": "What did the four-factor risk assessment conclude?",
        "incident.harm_assessment": "Was there a significant risk of financial, reputational or other harm "
        "(breaches before 2013-09-23)?",
        "incident.misuse_likely": "Has misuse of the data happened, or is it reasonably likely?",
        "discovery.workforce_knew_at": "When did any member of the workforce, other than the wrongdoer, first know?",
        "discovery.should_have_known_at": "When would it have been known with reasonable diligence?",
        "discovery.determined_at": "When was it determined that a breach had occurred?",
        "discovery.scope_identified_at": "When was it known whose data was involved?",
        "discovery.business_associate": "Did the breach come through a business associate?",
        "discovery.business_associate.is_agent": "Is the business associate the organization's agent, "
        "or an independent contractor?",
        "discovery.business_associate.discovered_at": "When did the business associate discover the breach?",
        "discovery.business_associate.notified_us_at": "When did the business associate tell the organization?",
        "affected.total": "How many people are affected in all?",
        "affected.by_state": "In which States do the affected people live, and how many in each?",
        "affected.by_state.XX": "How many residents of XX are affected?",
        "affected.must_notify_by_state": "In which States must fewer people be told than were affected?",
        "affected.must_notify_by_state.XX": "How many residents of XX must be told under that State's own definition?",
        "affected.insufficient_contact": "How many living people cannot be reached in writing?",
        "affected.next_of_kin_insufficient_contact": "For how many of the deceased is no address of next of kin "
        "or representative known?",
        "law_enforcement_holds": "Has a law-enforcement official asked for delay: how, and until when?",
        "given": "Which notices have been given, and when?",
        "scope_determination_ongoing": "Is the scope of the breach still being determined, "
        "or the system's integrity being restored?",
    }
)
"""Path to question. ``XX`` stands for a USPS code; ``question_for`` fills it in."""


def question_for(path: str) -> str:
    """The question that asks for the fact at ``path``.

    Raises:
        KeyError: if there is no such path.
    """
    if path in FACT_PATHS:
        return FACT_PATHS[path]
    stem, _, code = path.rpartition(".")
    if code in USPS:
        return FACT_PATHS[f"{stem}.XX"].replace("XX", USPS[code])
    if path.startswith("given."):
        return f"When was {path.removeprefix('given.')} done?"
    if path.startswith("law_enforcement_holds."):
        return "Until when did the official ask for delay?"
    raise KeyError(path)

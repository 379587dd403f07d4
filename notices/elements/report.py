"""The report on a text: each element that is asked for, where it is, and what must not be there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from jurisdictions.content import ContentRequirement
from jurisdictions.facts import BreachFacts
from notices.elements import california, data, days, filings, forbidden, hipaa, illinois, spanish
from notices.elements.located import Located, missing
from notices.elements.prose import Prose, Span
from notices.elements.readability import Readability, readability

Locator = Callable[[Prose, BreachFacts], Located]

LOCATORS: Final[Mapping[str, Locator]] = {
    "hipaa.description": hipaa.description,
    "hipaa.date_of_breach": days.date_of_breach,
    "hipaa.date_of_discovery": days.date_of_discovery,
    "hipaa.phi_types": data.information_involved,
    "hipaa.protective_steps": hipaa.protective_steps,
    "hipaa.entity_actions": hipaa.entity_actions,
    "hipaa.contact": hipaa.contact_procedures,
    "il.cra_contacts": illinois.bureau_contacts,
    "il.ftc_contact": illinois.ftc_contact,
    "il.fraud_alert_statement": illinois.fraud_alert_statement,
    "il.credentials_direction": illinois.credentials_direction,
    "ca.title": california.title,
    **california.heading,
    "ca.entity_contact": california.entity_contact,
    "ca.pi_types": data.information_involved,
    "ca.breach_date": days.date_of_breach,
    "ca.notice_date": california.notice_date,
    "ca.description": hipaa.description,
    "ca.law_enforcement_delay": california.law_enforcement_delay,
    "ca.cra_contacts": illinois.bureau_contacts,
    "ca.identity_services": california.identity_services,
    "ftc.description": hipaa.description,
    "ftc.date_of_breach": days.date_of_breach,
    "ftc.date_of_discovery": days.date_of_discovery,
    "ftc.third_parties": hipaa.third_parties,
    "ftc.types": data.information_involved,
    "ftc.steps": hipaa.protective_steps,
    "ftc.actions": hipaa.entity_actions,
    "ftc.contact": hipaa.contact_procedures,
    "il.ag.nature": hipaa.description,
    "il.ag.residents": forbidden.residents_told,
    "il.ag.steps": hipaa.entity_actions,
    "il.ag.breach_date": days.date_of_breach,
    "ca.ag.sample": filings.sample_without_personal_data,
    "ba.individuals": filings.individuals_identified,
    "ba.content": filings.facts_for_the_owner,
    "cdph.facility": filings.facility,
    "cdph.breach_time": filings.breach_time,
    "cdph.detection_time": filings.detection_time,
    "cdph.patients": filings.patient_names,
    "cdph.information": filings.medical_information,
    "cdph.events": hipaa.description,
    "cdph.people": filings.persons,
    "cdph.patient_notice": filings.patient_notice,
}
"""How each element is found. One that is not here is reported as missing: a person has to look for it."""

FORBIDDEN: Final = {"il.resident_count": forbidden.resident_counts}


class ElementFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One element. `where` are offsets in the text; `contradicts` marks words that disagree with the facts."""

    id: str
    citation: str
    required: bool
    found: bool
    where: tuple[int, int] | None
    why: str
    contradicts: bool = False


class ForbiddenFinding(msgspec.Struct, frozen=True, kw_only=True):
    """Words that must not be in the notice."""

    id: str
    citation: str
    where: tuple[int, int]
    text: str


class ElementReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a text says of what it must say."""

    elements: tuple[ElementFinding, ...]
    forbidden: tuple[ForbiddenFinding, ...]
    readability: Readability

    @property
    def problems(self) -> tuple[str, ...]:
        """One line for each thing that bars the notice: missing, contradicting the facts, or forbidden."""
        absent = (
            f"{each.id}: {each.why} ({each.citation})" for each in self.elements if each.required and not each.found
        )
        wrong = (
            f"{each.id}: {each.why} ({each.citation})" for each in self.elements if each.found and each.contradicts
        )
        barred = (f"{each.id}: must not say {each.text!r} ({each.citation})" for each in self.forbidden)
        return (*absent, *wrong, *barred)

    @property
    def complete(self) -> bool:
        """Whether nothing is missing, wrong or forbidden."""
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """The report as the notice -> elements contract gives it."""
        listed = ("id", "citation", "required", "found", "where", "why")
        return {
            "elements": [{name: msgspec.to_builtins(getattr(each, name)) for name in listed} for each in self.elements],
            "forbidden": msgspec.to_builtins(self.forbidden),
            "readability": msgspec.to_builtins(self.readability),
        }


_BY_LANGUAGE: Final = {
    "en": (LOCATORS, FORBIDDEN),
    "es": (spanish.LOCATORS, {"il.resident_count": spanish.resident_counts}),
}


def check_text(
    text: str, requirements: Sequence[ContentRequirement], facts: BreachFacts, language: str = "en"
) -> ElementReport:
    """Look in `text`, of English or Spanish ("es") words, for every element of `requirements`, and what they forbid."""
    locators, forbids = _BY_LANGUAGE[language]
    prose = Prose(text)
    answers: dict[Locator, Located] = {}
    findings = []
    barred = []
    for requirement in requirements:
        if requirement.forbidden:
            spans: Sequence[Span] = tuple(forbids[requirement.id](prose, facts))
            barred += [
                ForbiddenFinding(
                    id=requirement.id,
                    citation=requirement.citation,
                    where=(span.start, span.end),
                    text=prose.original(span),
                )
                for span in spans
            ]
            continue
        locator = locators.get(requirement.id)
        if locator is None:
            located = missing("this program cannot look for this element: read the text yourself")
        else:
            located = answers.setdefault(locator, locator(prose, facts)) if locator not in answers else answers[locator]
        findings.append(_finding(requirement, located))
    return ElementReport(elements=tuple(findings), forbidden=tuple(barred), readability=readability(prose))


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}." if words else ""


def _finding(requirement: ContentRequirement, located: Located) -> ElementFinding:
    span = located.span
    return ElementFinding(
        id=requirement.id,
        citation=requirement.citation,
        required=requirement.required,
        found=span is not None,
        where=(span.start, span.end) if span is not None else None,
        why=" ".join(filter(None, (_sentence(located.why), requirement.why))),
        contradicts=located.contradicts,
    )

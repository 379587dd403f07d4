"""From what is recorded and what a drafter typed to a typed context.

Dates, numbers and data elements come from the facts; only words are typed. A fault names its field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from jurisdictions.content import ContentRequirement, content_requirements
from jurisdictions.facts import BreachFacts
from jurisdictions.rulebook import Rulebook
from notices.catalog import kind_named
from notices.context import (
    Audience,
    CaliforniaAgContext,
    DocumentContext,
    House,
    IllinoisAgContext,
    IllinoisBasis,
    Organization,
    Partner,
    PostalAddress,
)
from notices.errors import NoticeError
from notices.facts import discovery_day
from notices.fields import Fields
from notices.glyphs import described, missing_glyphs
from notices.hhs import HHS_REPORT, PART2_REPORT, report_context
from notices.paper import Ground
from notices.papers import PAPERS
from notices.variants import letter_context


def organization_from_contact(name: str, contact: Mapping[str, str]) -> Organization:
    """The organization as notices print it, from its recorded name and contact details.

    Raises:
        NoticeError: naming each missing part of the postal address.
    """
    needed = ("street", "city", "state", "zip")
    faults = [f"organization.contact.{part}: needed for every notice" for part in needed if not contact.get(part)]
    if not name.strip():
        faults.append("organization.name: needed for every notice")
    if faults:
        raise NoticeError(*faults)
    return Organization(
        name=name,
        address=PostalAddress(
            street1=contact["street"],
            street2=contact.get("street2") or None,
            city=contact["city"],
            state=contact["state"],
            zip=contact["zip"],
        ),
        phone=contact.get("phone") or None,
        toll_free=contact.get("toll_free") or None,
        email=contact.get("email") or None,
        website=contact.get("website") or None,
        privacy_officer=contact.get("privacy_officer") or None,
        signatory_name=contact.get("signatory_name") or None,
        signatory_title=contact.get("signatory_title") or None,
    )


def letter_requirements(facts: BreachFacts, rulebook: Rulebook) -> tuple[ContentRequirement, ...]:
    """What a letter to individuals says on these facts: the elements of every law that is in play.

    Elements that a law would ask for are said even where it is deemed satisfied otherwise (815 ILCS 530/50, Cal. Civ.
    Code 1798.82(e)): the deeming can be lost, and then the letter is still right.
    """
    in_play = dict.fromkeys(each.obligation for each in content_requirements(facts, rulebook))
    return content_requirements(facts, rulebook, for_ids=tuple(in_play))


_OF_OTHERS: Final = {
    "ca_ag_submission": ("ca.civ1798_82.individuals", "ca.civ1798_82.attorney_general"),
    "il_ag_notice": ("il.pipa.attorney_general",),
}
"""Kinds of our own forms that are held to the contents of other notices than a letter."""


def requirements_for(kind: str, facts: BreachFacts, rulebook: Rulebook) -> tuple[ContentRequirement, ...]:
    """What the documents of a kind are checked for.

    Raises:
        NoticeError: if there is no such kind.
    """
    entry = kind_named(kind)
    content = PAPERS[kind].content if kind in PAPERS else _OF_OTHERS.get(entry.name, ())
    if content:
        return content_requirements(facts, rulebook, for_ids=content)
    return letter_requirements(facts, rulebook)


def build_context(
    kind: str,
    *,
    facts: BreachFacts,
    organization: Organization,
    fields: Mapping[str, str],
    requirements: Sequence[ContentRequirement] = (),
    exercise: bool = False,
    house: House | None = None,
    entities: Sequence[Partner] = (),
) -> DocumentContext:
    """The context of a notice of that kind.

    `requirements` are those of `letter_requirements`; letters print a section for each. `house` are the organization's
    own templates, which letters are written with. `entities` are the covered entities of a business associate's
    incident.

    Raises:
        NoticeError: with one `field: message` line per fault.
    """
    entry = kind_named(kind)
    read = Fields(entry, fields)
    read.faults += _unprintable(organization)
    context: DocumentContext
    ground = Ground(facts=facts, organization=organization, requirements=requirements, exercise=exercise, house=house)
    if entry.name in PAPERS:
        context = PAPERS[entry.name].build(read, ground)
        read.refuse_faults()
        return context
    match entry.name:
        case "individual_letter":
            context = letter_context(read, ground)
        case HHS_REPORT.name | PART2_REPORT.name:
            part2 = entry.name == PART2_REPORT.name
            context = report_context(read, facts, organization, entities, part2=part2, exercise=exercise)
        case "il_ag_notice":
            context = _illinois(read, facts, organization, exercise=exercise)
        case _:
            context = _california(read, ground)
    read.refuse_faults()
    return context


def _unprintable(organization: Organization) -> list[str]:
    """A fault for each of the organization's details that the fonts cannot print."""
    details = msgspec.to_builtins(organization)
    details |= {f"address.{part}": value for part, value in details.pop("address").items()}
    return [
        f"organization.{name}: the fonts cannot print {described(missing)}"
        for name, value in details.items()
        if value and (missing := missing_glyphs(value))
    ]


def _residents(facts: BreachFacts, state: str) -> int | None:
    number = (facts.affected.by_state or {}).get(state)
    return number if isinstance(number, int) else None


def _illinois(read: Fields, facts: BreachFacts, organization: Organization, *, exercise: bool) -> IllinoisAgContext:
    basis = read.text("basis")
    return IllinoisAgContext(
        organization=organization,
        basis=IllinoisBasis(basis) if basis in list(IllinoisBasis) else IllinoisBasis.SECTION_50,
        nature=read.text("nature"),
        steps=read.text("steps"),
        data_types=read.lines("data_types"),
        illinois_residents=_residents(facts, "IL"),
        breach_from=facts.incident.occurred_from,
        breach_to=facts.incident.occurred_to,
        discovered=discovery_day(facts),
        hhs_notified=facts.given.get("us.hipaa.hhs"),
        hhs_tracking=read.line("hhs_tracking"),
        consumers_notified=_letters_sent(facts, "il.pipa.individuals"),
        contact_name=read.line("contact_name"),
        notice_date=read.date("notice_date"),
        exercise=exercise,
    )


def _letters_sent(facts: BreachFacts, own: str) -> date | None:
    """When the residents were told: the State's own notice, or the HIPAA letter that serves as it."""
    return facts.given.get(own) or facts.given.get("us.hipaa.individuals")


def _california(read: Fields, ground: Ground) -> CaliforniaAgContext:
    facts = ground.facts
    letter = letter_context(read, ground)
    californian = [each for each in letter.variants if each.state == "CA" and each.audience is Audience.ADULT]
    if not californian:
        read.faults.append("requirements: no content requirement of California applies on these facts")
    sample = msgspec.structs.replace(letter, variants=(*californian, *letter.variants)[:1])
    return CaliforniaAgContext(
        organization=ground.organization,
        data_types=sample.incident.data_types,
        breach_type=read.text("breach_type"),
        sample=sample,
        breach_from=facts.incident.occurred_from,
        breach_to=facts.incident.occurred_to,
        discovered=discovery_day(facts),
        consumers_notified=_letters_sent(facts, "ca.civ1798_82.individuals"),
        california_residents=_residents(facts, "CA"),
        delayed_by_law_enforcement=bool(facts.law_enforcement_holds) or None,
        contact_name=read.line("contact_name"),
        contact_email=read.line("contact_email"),
        contact_phone=read.line("contact_phone"),
        exercise=ground.exercise,
    )

"""Letters to others than people affected and regulators: owners of the data, consumer reporting agencies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from jurisdictions.vocabulary import USPS, HipaaRole
from notices.context import Agency, Context, Organization, PaperContext
from notices.facts import discovery_day
from notices.fields import Fields
from notices.kind import Field, FieldType, Kind
from notices.paper import Document, Ground, Paper, Start, absent, page_document
from notices.reference import agencies
from notices.telling import DATA_TYPES, WHAT_HAPPENED, WHAT_WE_ARE_DOING, WHAT_YOU_CAN_DO

CONTACT_NAME: Final = Field(
    name="contact_name", label="Contact", help="Whom the recipient may ask.", type=FieldType.LINE, max_length=200
)
DATE_OF_LETTER: Final = Field(
    name="notice_date",
    label="Date of the letter",
    help="The day on which it is sent.",
    type=FieldType.DATE,
    max_length=10,
)
FORMAL: Final = ("base/document.html.j2", "css/report.css", "formal/head.html.j2", "formal/close.html.j2")
"""The templates around every formal letter."""


def contact_start(words: Start) -> Mapping[str, str]:
    """The contact of the organization."""
    return {"contact_name": words.organization.privacy_officer or words.organization.signatory_name or ""}


# ---- 45 CFR 164.410, 815 ILCS 530/10(b), Cal. Civ. Code 1798.82(b): to the owner of the data

_IDENTIFIED: Final = (
    "A list that identifies each individual involved goes with this letter, by a secure way.",
    "A list that identifies the individuals known so far goes with this letter. The others follow as we identify them.",
    "We have not yet identified the individuals involved. We will send you a list as soon as we have.",
)


class OwnerContext(PaperContext, frozen=True, kw_only=True):
    """A notice to the covered entity, or to whoever owns the data that the organization keeps."""

    owner_name: str
    individuals: str
    what_happened: str
    data_types: tuple[str, ...]
    what_we_are_doing: str
    what_you_can_do: str
    under_hipaa: bool
    held: bool
    required: tuple[str, ...]
    owner_address: tuple[str, ...] = ()
    agreement: str | None = None
    breach_from: date | None = None
    breach_to: date | None = None
    discovered: date | None = None
    contact_name: str | None = None
    notice_date: date | None = None


def _owner(read: Fields, ground: Ground) -> OwnerContext:
    facts = ground.facts
    hipaa = facts.organization.hipaa_role is HipaaRole.BUSINESS_ASSOCIATE
    return OwnerContext(
        organization=ground.organization,
        exercise=ground.exercise,
        owner_name=read.text("owner_name"),
        owner_address=read.lines("owner_address"),
        agreement=read.line("agreement"),
        individuals=read.text("individuals"),
        what_happened=read.text("what_happened"),
        data_types=read.lines("data_types"),
        what_we_are_doing=read.text("what_we_are_doing"),
        what_you_can_do=read.text("what_you_can_do"),
        under_hipaa=hipaa,
        held=bool(facts.law_enforcement_holds),
        required=tuple(each.id for each in ground.requirements if each.required and not each.forbidden),
        breach_from=facts.incident.occurred_from,
        breach_to=facts.incident.occurred_to,
        discovered=discovery_day(facts),
        contact_name=read.line("contact_name"),
        notice_date=read.date("notice_date"),
    )


def _owner_documents(context: OwnerContext) -> tuple[Document, ...]:
    return (
        page_document(
            "owner_notice",
            f"Notice to the owner of the data - {context.organization.name}",
            "formal/owner.html.j2",
            context,
            label="Notice of a breach to the owner of the data",
            required=context.required,
            said=frozenset(["ba.individuals", "ba.content"]),
            missing=absent(Date_of_the_letter=context.notice_date),
        ),
    )


OWNER: Final = Paper(
    kind=Kind(
        name="owner_notice",
        title="Notice to the covered entity or owner of the data",
        obligations=("us.hipaa.covered_entity", "il.pipa.data_owner", "ca.civ1798_82.data_owner", "*.data_owner"),
        templates=(*FORMAL, "formal/dates.html.j2", "formal/owner.html.j2"),
        fields=(
            Field(
                name="owner_name",
                label="Covered entity or owner",
                help="To whom the notice goes. One notice for each.",
                type=FieldType.LINE,
                required=True,
                max_length=200,
            ),
            Field(
                name="owner_address",
                label="Address of the owner",
                help="One line of the address per line.",
                type=FieldType.LIST,
                max_length=400,
            ),
            Field(
                name="agreement",
                label="Agreement",
                help='To follow "under": "the business associate agreement of March 1, 2024".',
                type=FieldType.LINE,
                max_length=200,
            ),
            Field(
                name="individuals",
                label="Who is involved",
                help="Identification of each individual, to the extent possible (45 CFR 164.410(c)(1)).",
                type=FieldType.CHOICE,
                required=True,
                default=_IDENTIFIED[0],
                options=_IDENTIFIED,
            ),
            *(WHAT_HAPPENED, DATA_TYPES, WHAT_WE_ARE_DOING, WHAT_YOU_CAN_DO, CONTACT_NAME, DATE_OF_LETTER),
        ),
        cautions=(
            "Contracts mostly give far less time than the law: check the agreement for its hours or days.",
            "The list of individuals is protected health information: send it by a secure way, apart from this letter.",
        ),
    ),
    context=OwnerContext,
    build=_owner,
    write=_owner_documents,
    start=contact_start,
    content=("us.hipaa.covered_entity",),
)


# ---- consumer reporting agencies


class BureausContext(PaperContext, frozen=True, kw_only=True):
    """A notice to the consumer reporting agencies; it names no person."""

    bureaus: tuple[Agency, ...]
    states: tuple[str, ...]
    distribution: str
    data_types: tuple[str, ...]
    number: int | None = None
    individuals_notified: date | None = None
    contact_name: str | None = None
    notice_date: date | None = None


class BureauPage(Context, frozen=True, kw_only=True):
    """One letter of them. `agency` is the name of the consumer reporting agency."""

    organization: Organization
    agency: str
    states: tuple[str, ...]
    distribution: str
    data_types: tuple[str, ...]
    number: int | None
    individuals_notified: date | None
    contact_name: str | None
    notice_date: date | None
    exercise: bool


def _bureaus(read: Fields, ground: Ground) -> BureausContext:
    codes = read.lines("states")
    read.faults += [f"states: {each!r} is not the USPS code of a State" for each in codes if each not in USPS]
    return BureausContext(
        organization=ground.organization,
        exercise=ground.exercise,
        bureaus=agencies().bureau,
        states=tuple(USPS[each] for each in codes if each in USPS),
        distribution=read.text("distribution"),
        data_types=read.lines("data_types"),
        number=read.number("number"),
        individuals_notified=read.date("individuals_notified"),
        contact_name=read.line("contact_name"),
        notice_date=read.date("notice_date"),
    )


def _bureau_documents(context: BureausContext) -> tuple[Document, ...]:
    missing = absent(
        Number_of_people_notified=context.number,
        Date_of_the_notices_to_individuals=context.individuals_notified,
        Date_of_the_letter=context.notice_date,
    )
    return tuple(
        page_document(
            bureau.name.lower(),
            f"Notice to {bureau.name} - {context.organization.name}",
            "formal/bureaus.html.j2",
            BureauPage(
                organization=context.organization,
                agency=bureau.name,
                states=context.states,
                distribution=context.distribution,
                data_types=context.data_types,
                number=context.number,
                individuals_notified=context.individuals_notified,
                contact_name=context.contact_name,
                notice_date=context.notice_date,
                exercise=context.exercise,
            ),
            label=f"Notice to {bureau.name}",
            missing=missing,
        )
        for bureau in context.bureaus
    )


def _bureau_start(words: Start) -> Mapping[str, str]:
    raised = [each for each in words.raised("") if each.endswith(".consumer_reporting_agencies")]
    total = words.facts.affected.total
    given = words.facts.given.get("us.hipaa.individuals")
    return {
        **contact_start(words),
        "states": "\n".join(each.split(".", 1)[0].upper() for each in raised),
        "number": str(total) if isinstance(total, int) else "",
        "individuals_notified": given.isoformat() if given else "",
    }


BUREAUS: Final = Paper(
    kind=Kind(
        name="consumer_reporting_agencies",
        title="Notice to the consumer reporting agencies",
        obligations=("*.consumer_reporting_agencies",),
        templates=(*FORMAL, "formal/bureaus.html.j2"),
        fields=(
            Field(
                name="states",
                label="States whose law asks for it",
                help="One per line, by USPS code.",
                type=FieldType.LIST,
                required=True,
                max_length=400,
            ),
            Field(
                name="individuals_notified",
                label="Date of the notices to individuals",
                help="The day on which the letters go out.",
                type=FieldType.DATE,
                max_length=10,
            ),
            Field(
                name="distribution",
                label="How they are distributed",
                help="Such as: by first-class mail.",
                type=FieldType.LINE,
                required=True,
                default="By first-class mail to the last known address of each person",
                max_length=300,
            ),
            Field(
                name="number",
                label="Number of people notified",
                help="The number of people to whom notices go.",
                type=FieldType.NUMBER,
                max_length=9,
            ),
            *(DATA_TYPES, CONTACT_NAME, DATE_OF_LETTER),
        ),
        cautions=(
            "No address of the agencies for these notices was verified; those on the letters to people are for "
            "security freezes. Counsel must confirm where to send it, and what the law of each State wants said.",
        ),
    ),
    context=BureausContext,
    build=_bureaus,
    write=_bureau_documents,
    start=_bureau_start,
)

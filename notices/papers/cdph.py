"""The report to the California Department of Public Health: Health & Safety Code 1280.15, 22 CCR 79902(a)(1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from notices.context import PaperContext
from notices.environment import long_date
from notices.fields import Fields
from notices.kind import Field, FieldType, Kind
from notices.paper import Document, Ground, Paper, Start, absent, page_document
from notices.papers.partners import CONTACT_NAME, DATE_OF_LETTER, FORMAL, contact_start
from notices.telling import DATA_TYPES

_ELEMENTS: Final = (
    *("cdph.facility", "cdph.breach_time", "cdph.detection_time", "cdph.patients"),
    *("cdph.information", "cdph.events", "cdph.people", "cdph.patient_notice"),
)


class CdphContext(PaperContext, frozen=True, kw_only=True):
    """The items of 79902(a)(1) in their order; times are words, as they are often known roughly."""

    facility_name: str
    facility_address: tuple[str, ...]
    breach_times: tuple[str, ...]
    detected: tuple[str, ...]
    patients: str
    data_types: tuple[str, ...]
    extent: str
    what_happened: str
    people: str
    patient_notice: str
    required: tuple[str, ...]
    corrective_action: str | None = None
    earlier_events: str | None = None
    contact_name: str | None = None
    notice_date: date | None = None


def _build(read: Fields, ground: Ground) -> CdphContext:
    organization = ground.organization
    return CdphContext(
        organization=organization,
        exercise=ground.exercise,
        facility_name=read.line("facility_name") or organization.name,
        facility_address=read.lines("facility_address") or organization.address.lines,
        breach_times=read.lines("breach_times"),
        detected=read.lines("detected"),
        patients=read.text("patients"),
        data_types=read.lines("data_types"),
        extent=read.text("extent"),
        what_happened=read.text("what_happened"),
        people=read.text("people"),
        patient_notice=read.text("patient_notice"),
        required=tuple(each.id for each in ground.requirements if each.required and not each.forbidden),
        corrective_action=read.line("corrective_action"),
        earlier_events=read.line("earlier_events"),
        contact_name=read.line("contact_name"),
        notice_date=read.date("notice_date"),
    )


def _write(context: CdphContext) -> tuple[Document, ...]:
    return (
        page_document(
            "cdph_report",
            f"Report to the California Department of Public Health - {context.facility_name}",
            "formal/cdph.html.j2",
            context,
            label="Report to the California Department of Public Health",
            required=context.required,
            said=frozenset(_ELEMENTS),
            missing=absent(Date_of_the_letter=context.notice_date),
        ),
    )


def clock_time(moment: datetime) -> str:
    """9:15 a.m."""
    hour = moment.hour % 12 or 12
    return f"{hour}:{moment.minute:02} {'a.m.' if moment.hour < 12 else 'p.m.'}"


def _start(words: Start) -> Mapping[str, str]:
    facts, organization = words.facts, words.organization
    zone = ZoneInfo(facts.organization.time_zone)
    found = facts.incident.discovered_at.astimezone(zone)
    days = dict.fromkeys(day for day in (facts.incident.occurred_from, facts.incident.occurred_to) if day is not None)
    told = facts.given.get("ca.hsc1280_15.patients")
    return {
        **contact_start(words),
        "facility_name": organization.name,
        "facility_address": "\n".join(organization.address.lines),
        "breach_times": "\n".join(f"{long_date(day)}, time not known" for day in days),
        "detected": f"{long_date(found.date())}, {clock_time(found)} ({zone.key})",
        "patients": "The names of the patients are in the list that goes with this report by a secure way.",
        "patient_notice": f"The patients were told by letter on {long_date(told)}." if told else "",
    }


CDPH: Final = Paper(
    kind=Kind(
        name="cdph_report",
        title="Report to the California Department of Public Health",
        names_people=True,
        obligations=("ca.hsc1280_15.cdph",),
        templates=(*FORMAL[:-1], "formal/cdph.html.j2"),
        fields=(
            Field(
                name="facility_name",
                label="(A) Facility",
                help="The licensed facility; empty: the organization.",
                type=FieldType.LINE,
                max_length=200,
            ),
            Field(
                name="facility_address",
                label="(A) Its address",
                help="One line of the address per line; empty: that of the organization.",
                type=FieldType.LIST,
                max_length=400,
            ),
            Field(
                name="breach_times",
                label="(B) Date and time of each breach",
                help="One breach per line, with its time or that it is not known.",
                type=FieldType.LIST,
                required=True,
                max_length=2000,
            ),
            Field(
                name="detected",
                label="(C) Date and time detected",
                help="One per line. Detected when known to any workforce member or agent (22 CCR 79901).",
                type=FieldType.LIST,
                required=True,
                max_length=2000,
            ),
            Field(
                name="patients",
                label="(D) Names of the patients",
                help="The names, or that a list of them goes with the report. Names typed here stay in the log.",
                required=True,
            ),
            DATA_TYPES,
            Field(
                name="extent",
                label="(E) Nature and extent",
                help="Nature and extent of the information, identifiers in it, likelihood of re-identification.",
                required=True,
            ),
            Field(
                name="what_happened",
                label="(F) Events",
                help="What happened, in order.",
                required=True,
            ),
            Field(
                name="people",
                label="(G) Persons",
                help="Names and contact details of who did it, of witnesses, of unauthorized recipients; or that they "
                "are not known. Names typed here stay in the log.",
                required=True,
            ),
            Field(
                name="patient_notice",
                label="(H) Notice to the patients",
                help="The date on which each patient was told, was tried to be told, or will be told.",
                required=True,
            ),
            Field(name="corrective_action", label="Corrective action", help="Not verified: see the caution."),
            Field(name="earlier_events", label="Earlier events of this kind", help="Not verified: see the caution."),
            *(CONTACT_NAME, DATE_OF_LETTER),
        ),
        cautions=(
            "22 CCR 79902(a)(1)(I) onward was not read: counsel must compare the further items with the regulation. "
            "It goes by email, telephone, fax, first-class mail or the Department's web site; no address was verified. "
            "No hold of law enforcement delays this report (Health & Safety Code 1280.15(c)).",
        ),
    ),
    context=CdphContext,
    build=_build,
    write=_write,
    start=_start,
    content=("ca.hsc1280_15.cdph",),
)

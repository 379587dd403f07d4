"""Reports to the Secretary of HHS: OCR's portal form for HIPAA, and its twin for records under 42 CFR Part 2.

OCR asks for a breach that is both to be reported separately on each form. A business associate that files on behalf of
covered entities names each of them on one form; the number is then that of their individuals together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from jurisdictions.facts import BreachFacts, Count, CountRange
from jurisdictions.vocabulary import EntityType
from notices.context import HhsWorksheetContext, Organization, Partner, PostalAddress
from notices.facts import discovery_day
from notices.fields import Fields
from notices.kind import Field, FieldType, Kind
from notices.worksheet import HHS_FORM, PART2_FORM, form

ROLES: Final = form(HHS_FORM).options("filer_role")
"""A covered entity for itself; a business associate for covered entities; a covered entity because of its associate."""
FOR_ITSELF, FOR_COVERED_ENTITIES, BECAUSE_OF_ASSOCIATE = ROLES


def _of_form(
    name: str, label: str, help_: str, type_: FieldType, *, required: bool = False, default: str = ""
) -> Field:
    """A field of the portal, with the portal's own options and limit."""
    blank = form(HHS_FORM).field(name)
    return Field(
        name=name,
        label=label,
        help=help_,
        type=type_,
        required=required,
        default=default,
        max_length=blank.limit or 4000,
        options=blank.options,
    )


_LINE = FieldType.LINE
_GENERAL: Final = (
    _of_form(
        "report_type",
        "Report type",
        "An addendum corrects a report that was filed before.",
        FieldType.CHOICE,
        default=form(HHS_FORM).options("report_type")[0],
    ),
    _of_form(
        "tracking_known",
        "Valid breach tracking number?",
        "Addendum only: whether the number of the earlier report is at hand.",
        FieldType.CHOICE,
    ),
    _of_form("previous_tracking_number", "Tracking number", "Of the earlier report; addendum only.", _LINE),
    _of_form("filer_role", "Who files", "For whom the report is filed, and where the breach was.", FieldType.CHOICE),
    _of_form("contact_first_name", "Contact: first name", "Whom HHS may ask.", _LINE),
    _of_form("contact_last_name", "Contact: last name", "Whom HHS may ask.", _LINE),
    _of_form("contact_email", "Contact: email", "Where HHS writes to.", _LINE),
    _of_form("contact_phone", "Contact: phone", "With area code.", _LINE),
    _of_form("contact_phone_usage", "Contact: phone usage", "Whose line it is.", FieldType.CHOICE, default="Work"),
)
_ENTITIES: Final = Field(
    name="covered_entities",
    label="Covered entities",
    help="Where you file on their behalf: their numbers in this incident, one per line. One report may name several.",
    type=FieldType.LIST,
    max_length=4000,
)


def _partner_field(name: str, label: str, length: int = 200) -> Field:
    help_ = "Only where the breach was at your business associate."
    return Field(
        name=f"partner_{name}", label=f"Business associate: {label}", help=help_, type=_LINE, max_length=length
    )


_PARTNER: Final = (
    _partner_field("name", "name"),
    _partner_field("street1", "street"),
    _partner_field("street2", "street, second line"),
    _partner_field("city", "city"),
    _partner_field("state", "State", 2),
    _partner_field("zip", "ZIP", 10),
    _partner_field("contact", "contact"),
    _partner_field("email", "email"),
    _partner_field("phone", "phone", 40),
)
_BREACH: Final = (
    _of_form("breach_types", "Type of breach", "One or more.", FieldType.CHOICES),
    _of_form("locations", "Location of the information", "One or more.", FieldType.CHOICES),
    _of_form("phi_types", "Types of PHI", "One or more.", FieldType.CHOICES),
    _of_form("phi_other", "Other type of PHI", "In words.", _LINE),
    _of_form(
        "description",
        "Description",
        "Where, how, which kind of breach, media and information. No personal data: HHS publishes large reports.",
        FieldType.TEXT,
    ),
    _of_form("safeguards", "Safeguards before the breach", "One or more.", FieldType.CHOICES),
    _of_form(
        "notice_start", "Individual notice: first day", "When the first letter was or will be sent.", FieldType.DATE
    ),
    _of_form("notice_end", "Individual notice: last day", "Projected or actual.", FieldType.DATE),
    _of_form("substitute_required", "Substitute notice required", "45 CFR 164.404(d)(2).", FieldType.YES_NO),
    _of_form("substitute_size", "Substitute notice: people", "If required.", FieldType.CHOICE),
    _of_form("media_required", "Media notice required", "45 CFR 164.406.", FieldType.YES_NO),
    _of_form("media_states", "Media notice: States", "One per line, by USPS code.", FieldType.LIST),
    _of_form("actions", "Actions taken", "One or more.", FieldType.CHOICES),
    _of_form("other_actions", "Other actions", "In words.", FieldType.TEXT),
    _of_form("attested_by", "Attested by", "Who vouches for the report.", _LINE),
    _of_form("attested_on", "Attested on", "The date of the attestation.", FieldType.DATE),
)
_TEMPLATES: Final = (
    *("base/document.html.j2", "css/report.css", "regulator/worksheet.html.j2", "regulator/worksheet.txt.j2"),
)
_COMPARE: Final = "The option lists marked [not verified] were not read on the live portal: compare them as you type."

HHS_REPORT: Final = Kind(
    name="hhs_report",
    title="Report to the Secretary of HHS: portal worksheet",
    cautions=(_COMPARE,),
    obligations=("us.hipaa.hhs",),
    templates=_TEMPLATES,
    fields=(*_GENERAL, _ENTITIES, *_PARTNER, *_BREACH),
)
PART2_REPORT: Final = Kind(
    name="part2_report",
    title="Report on 42 CFR Part 2 records to HHS: OCR's separate form",
    cautions=(
        _COMPARE,
        "OCR asks for a report of its own on the Part 2 form, beside the HIPAA report. Only the general screen and the "
        "roles were read on that form; the rest follows the HIPAA form.",
    ),
    obligations=("us.part2.hhs",),
    templates=_TEMPLATES,
    fields=(
        *_GENERAL,
        _ENTITIES,
        *_PARTNER,
        Field(
            name="individuals",
            label="Patients with Part 2 records",
            help="How many patients' Part 2 records are involved: the case counts only everybody.",
            type=FieldType.NUMBER,
            max_length=9,
        ),
        *_BREACH,
    ),
)


def report_context(
    read: Fields,
    facts: BreachFacts,
    organization: Organization,
    entities: Sequence[Partner],
    *,
    part2: bool,
    exercise: bool,
) -> HhsWorksheetContext:
    """The values of a report. `entities` are the covered entities of the incident, of which the words name some."""
    role = read.line("filer_role")
    chosen = _chosen(read, entities) if role == FOR_COVERED_ENTITIES else ()
    people = _together(chosen) if chosen else facts.affected.total
    individuals = read.number("individuals") if part2 else people if isinstance(people, int) else None
    discovered = discovery_day(facts)
    return HhsWorksheetContext(
        organization=organization,
        part2=part2,
        report_type=read.line("report_type"),
        tracking_known=read.line("tracking_known"),
        previous_tracking_number=read.line("previous_tracking_number"),
        filer_role=role,
        entity_type=portal_type(facts.organization.entity_type),
        entities=chosen,
        contact_first_name=read.line("contact_first_name"),
        contact_last_name=read.line("contact_last_name"),
        contact_email=read.line("contact_email"),
        contact_phone=read.line("contact_phone"),
        contact_phone_usage=read.line("contact_phone_usage"),
        partner=_partner(read) if role == BECAUSE_OF_ASSOCIATE else None,
        individuals=individuals,
        individuals_note=_note(people, part2=part2),
        breach_start=facts.incident.occurred_from,
        breach_end=facts.incident.occurred_to,
        discovery_start=discovered,
        discovery_end=discovered,
        breach_types=read.lines("breach_types"),
        locations=read.lines("locations"),
        phi_types=read.lines("phi_types"),
        phi_other=read.line("phi_other"),
        description=read.line("description"),
        safeguards=read.lines("safeguards"),
        notice_start=read.date("notice_start"),
        notice_end=read.date("notice_end"),
        substitute_required=read.yes_no("substitute_required"),
        substitute_size=read.line("substitute_size"),
        media_required=read.yes_no("media_required"),
        media_states=read.lines("media_states"),
        actions=read.lines("actions"),
        other_actions=read.line("other_actions"),
        attested_by=read.line("attested_by"),
        attested_on=read.date("attested_on"),
        exercise=exercise,
    )


def portal_type(entity: EntityType | None) -> str | None:
    """The kind of covered entity as the portal calls it."""
    plan, clearinghouse, provider = form(HHS_FORM).options("entity_type")
    match entity:
        case EntityType.HEALTH_PLAN:
            return plan
        case EntityType.HEALTHCARE_CLEARINGHOUSE:
            return clearinghouse
        case EntityType.HEALTHCARE_PROVIDER:
            return provider
        case _:
            return None


def _chosen(read: Fields, entities: Sequence[Partner]) -> tuple[Partner, ...]:
    known = {str(each.number): each for each in entities}
    named = read.lines("covered_entities")
    there = ", ".join(known) or "none"
    read.faults += [
        f"covered_entities: {each!r} is not the number of a covered entity of this incident (there are: {there})"
        for each in named
        if each not in known
    ]
    return tuple(known[each] for each in dict.fromkeys(named) if each in known)


def _partner(read: Fields) -> Partner | None:
    name = read.line("partner_name")
    if name is None:
        return None
    parts = {part: read.line(f"partner_{part}") for part in ("street1", "street2", "city", "state", "zip")}
    street1, city, state, code = parts["street1"], parts["city"], parts["state"], parts["zip"]
    address = None
    if street1 and city and state and code:
        address = PostalAddress(street1=street1, street2=parts["street2"], city=city, state=state, zip=code)
    elif any(parts.values()):
        absent = [part for part in ("street1", "city", "state", "zip") if not parts[part]]
        read.faults += [f"partner_{part}: an address needs it" for part in absent]
    return Partner(
        name=name,
        address=address,
        contact_name=read.line("partner_contact"),
        contact_email=read.line("partner_email"),
        contact_phone=read.line("partner_phone"),
    )


def _together(entities: Sequence[Partner]) -> Count:
    """The individuals of all of them; unknown where one is."""
    low = high = 0
    for entity in entities:
        match entity.individuals:
            case int() as number:
                low, high = low + number, high + number
            case CountRange(min=least, max=most):
                low, high = low + least, high + most
            case None:
                return None
    return low if low == high else CountRange(min=low, max=high)


def _note(people: Count, *, part2: bool) -> str | None:
    match people:
        case CountRange(min=low, max=high):
            known = f"Estimated at {low:,} to {high:,}"
            settle = "Settle the number; a later correction is an addendum."
        case int():
            known, settle = f"{people:,}", ""
        case None:
            known, settle = "Not known yet", ""
    if part2:
        return f"Everybody affected: {known}. This report is about the patients whose Part 2 records are involved."
    return f"{known}. {settle}" if settle else None


__all__ = ["HHS_REPORT", "PART2_FORM", "PART2_REPORT", "portal_type", "report_context"]

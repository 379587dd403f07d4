"""The kinds of documents: what each serves, which words a drafter gives, which templates print it."""

from __future__ import annotations

from typing import Final

from notices.errors import NoticeError
from notices.kind import Field, FieldType, Kind
from notices.papers import PAPERS
from notices.telling import DATA_TYPES, PRINT_SIZE, SPANISH, TOLD
from notices.worksheet import HHS_FORM, form

__all__ = ["KINDS", "Field", "FieldType", "Kind", "kind_named"]

NOTICE_DATE: Final = Field(
    name="notice_date",
    label="Date of mailing",
    help="The day on which the letters go out, as printed on them. A merge field: the approval holds for any day.",
    type=FieldType.DATE,
    max_length=10,
)

INDIVIDUAL_LETTER: Final = Kind(
    name="individual_letter",
    title="Letter to affected individuals",
    names_people=True,
    obligations=(
        "us.hipaa.individuals",
        "il.pipa.individuals",
        "ca.civ1798_82.individuals",
        "ca.hsc1280_15.patients",
    ),
    templates=(
        "base/document.html.j2",
        "css/letter.css",
        "css/letter_large.css",
        "individual/letter.html.j2",
        "individual/body.en.html.j2",
        "individual/body.es.html.j2",
    ),
    fields=(
        *TOLD,
        *SPANISH,
        PRINT_SIZE,
        NOTICE_DATE,
    ),
)


def _hhs(name: str, label: str, help_: str, type_: FieldType, *, required: bool = False, default: str = "") -> Field:
    """A field of the HHS portal, with the portal's own options and limit."""
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


HHS_REPORT: Final = Kind(
    name="hhs_report",
    title="Report to the Secretary of HHS: portal worksheet",
    cautions=("The option lists marked [not verified] were not read on the live portal: compare them as you type.",),
    obligations=("us.hipaa.hhs",),
    templates=("base/document.html.j2", "css/report.css", "regulator/worksheet.html.j2", "regulator/worksheet.txt.j2"),
    fields=(
        _hhs(
            "report_type",
            "Report type",
            "An addendum corrects a report that was filed before.",
            FieldType.CHOICE,
            default=form(HHS_FORM).options("report_type")[0],
        ),
        _hhs("previous_tracking_number", "Tracking number", "Of the earlier report; addendum only.", FieldType.LINE),
        _hhs("filer_role", "Who files", "For whom the report is filed, and where the breach was.", FieldType.CHOICE),
        _hhs("contact_first_name", "Contact: first name", "Whom HHS may ask.", FieldType.LINE),
        _hhs("contact_last_name", "Contact: last name", "Whom HHS may ask.", FieldType.LINE),
        _hhs("contact_email", "Contact: email", "Where HHS writes to.", FieldType.LINE),
        _hhs("contact_phone", "Contact: phone", "With area code.", FieldType.LINE),
        _hhs("contact_phone_usage", "Contact: phone usage", "Whose line it is.", FieldType.CHOICE, default="Work"),
        Field(
            name="partner_name",
            label="Business associate or covered entity",
            help="Only where the breach was at a business associate, or one files for a covered entity.",
            type=FieldType.LINE,
            max_length=200,
        ),
        _hhs("breach_types", "Type of breach", "One or more.", FieldType.CHOICES),
        _hhs("locations", "Location of the information", "One or more.", FieldType.CHOICES),
        _hhs("phi_types", "Types of PHI", "One or more.", FieldType.CHOICES),
        _hhs("phi_other", "Other type of PHI", "In words.", FieldType.LINE),
        _hhs(
            "description",
            "Description",
            "Where, how, which kind of breach, media and information. No personal data: HHS publishes large reports.",
            FieldType.TEXT,
        ),
        _hhs("safeguards", "Safeguards before the breach", "One or more.", FieldType.CHOICES),
        _hhs(
            "notice_start", "Individual notice: first day", "When the first letter was or will be sent.", FieldType.DATE
        ),
        _hhs("notice_end", "Individual notice: last day", "Projected or actual.", FieldType.DATE),
        _hhs("substitute_required", "Substitute notice required", "45 CFR 164.404(d)(2).", FieldType.YES_NO),
        _hhs("substitute_size", "Substitute notice: people", "If required.", FieldType.CHOICE),
        _hhs("media_required", "Media notice required", "45 CFR 164.406.", FieldType.YES_NO),
        _hhs("media_states", "Media notice: States", "One per line, by USPS code.", FieldType.LIST),
        _hhs("actions", "Actions taken", "One or more.", FieldType.CHOICES),
        _hhs("other_actions", "Other actions", "In words.", FieldType.TEXT),
        _hhs("attested_by", "Attested by", "Who vouches for the report.", FieldType.LINE),
        _hhs("attested_on", "Attested on", "The date of the attestation.", FieldType.DATE),
    ),
)

_NATURE: Final = Field(
    name="nature",
    label="Nature of the breach",
    help="What happened, in a few sentences. No personal data.",
    required=True,
)
_STEPS: Final = Field(
    name="steps",
    label="Steps taken or planned",
    help="What has been done and will be done about the breach (815 ILCS 530/10(e)).",
    required=True,
)
_CONTACT: Final = Field(
    name="contact_name",
    label="Contact",
    help="Whom the regulator may ask.",
    type=FieldType.LINE,
    max_length=200,
)

ILLINOIS_AG: Final = Kind(
    name="il_ag_notice",
    title="Notice to the Illinois Attorney General",
    cautions=(
        "No address, form or email of the Illinois Attorney General for these notices was verified: counsel must "
        "confirm where to send it. The wording of 815 ILCS 530/50 was read in summaries only.",
    ),
    obligations=("il.pipa.hipaa_attorney_general", "il.pipa.attorney_general"),
    templates=("base/document.html.j2", "css/report.css", "regulator/il_ag.html.j2"),
    fields=(
        Field(
            name="basis",
            label="Provision",
            help="Section 50: a HIPAA entity after its report to HHS. Section 10(e): everybody else, more than 500.",
            type=FieldType.CHOICE,
            required=True,
            default="section_50",
            options=("section_50", "section_10e"),
        ),
        _NATURE,
        DATA_TYPES,
        _STEPS,
        Field(
            name="hhs_tracking",
            label="HHS tracking number",
            help="As the portal gave it (section 50 only).",
            type=FieldType.LINE,
            max_length=60,
        ),
        _CONTACT,
        Field(
            name="notice_date",
            label="Date of the notice",
            help="The day on which it is sent.",
            type=FieldType.DATE,
            max_length=10,
        ),
    ),
)

CALIFORNIA_AG: Final = Kind(
    name="ca_ag_submission",
    title="Submission to the California Attorney General, with the sample letter",
    cautions=("The labels marked [not verified] were not read on the live web form. The sample is published online.",),
    obligations=("ca.civ1798_82.attorney_general",),
    templates=(
        *("base/document.html.j2", "css/report.css", "regulator/worksheet.html.j2", "regulator/worksheet.txt.j2"),
        *INDIVIDUAL_LETTER.templates[1:],
    ),
    fields=(
        Field(
            name="breach_type",
            label="Type of breach",
            help="In a few words, such as: unauthorized access to an email account.",
            type=FieldType.LINE,
            required=True,
            max_length=200,
        ),
        _CONTACT,
        Field(name="contact_email", label="Contact: email", help="Optional.", type=FieldType.LINE, max_length=200),
        Field(name="contact_phone", label="Contact: telephone", help="Optional.", type=FieldType.LINE, max_length=40),
        *INDIVIDUAL_LETTER.fields,
    ),
)

KINDS: Final[dict[str, Kind]] = {
    kind.name: kind
    for kind in (
        *(INDIVIDUAL_LETTER, HHS_REPORT, ILLINOIS_AG, CALIFORNIA_AG),
        *(paper.kind for paper in PAPERS.values()),
    )
}
"""Every kind by name."""


def kind_named(name: str) -> Kind:
    """The kind of that name.

    Raises:
        NoticeError: if there is none.
    """
    if name not in KINDS:
        raise NoticeError(f"kind: {name!r} is not one of {', '.join(KINDS)}")
    return KINDS[name]

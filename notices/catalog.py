"""The kinds of documents: what each serves, which words a drafter gives, which templates print it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from notices.errors import NoticeError
from notices.worksheet import HHS_FORM, form


class FieldType(StrEnum):
    """How a field is asked for. Values travel as strings; choices as one option per line, dates as ISO dates."""

    LINE = "line"
    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    LIST = "list"


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that the drafter fills in. `options` names the option list of a choice."""

    name: str
    label: str
    help: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    default: str = ""
    max_length: int = 4000
    options: tuple[str, ...] = ()


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of document. `obligations` are ids of the obligations that it fulfils when sent; `*` ends a prefix.

    `cautions` are what is not verified about it; a person has to be told.
    """

    name: str
    title: str
    obligations: tuple[str, ...]
    templates: tuple[str, ...]
    fields: tuple[Field, ...]
    cautions: tuple[str, ...] = ()


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
    obligations=(
        "us.hipaa.individuals",
        "il.pipa.individuals",
        "ca.civ1798_82.individuals",
        "ca.hsc1280_15.patients",
    ),
    templates=(
        "base/document.html.j2",
        "css/letter.css",
        "individual/letter.html.j2",
        "individual/letter.txt.j2",
        "individual/body.en.html.j2",
        "individual/body.en.txt.j2",
    ),
    fields=(
        Field(
            name="what_happened",
            label="What happened",
            help="Two or three short sentences: who did what, to which system or paper. The dates are added from the "
            "facts. Never the number of Illinois residents (815 ILCS 530/10(a)).",
            required=True,
        ),
        Field(
            name="data_types",
            label="Information involved",
            help="One kind of information per line, such as: date of birth.",
            type=FieldType.LIST,
            required=True,
            max_length=2000,
        ),
        Field(
            name="acquired_by",
            label="Who acquired the information",
            help='By name or description, where known, to follow "The information was acquired by": 16 CFR 318.6(a).',
            type=FieldType.LINE,
            max_length=200,
        ),
        Field(
            name="what_we_are_doing",
            label="What we are doing",
            help="What you do to investigate, to limit harm, and to prevent it from happening again "
            "(45 CFR 164.404(c)(1)(D)). Say only what is true.",
            required=True,
        ),
        Field(
            name="what_you_can_do",
            label="What you can do",
            help="The steps people should take to protect themselves (45 CFR 164.404(c)(1)(C)).",
            required=True,
        ),
        Field(
            name="services_provider",
            label="Protection services: provider",
            help="Leave empty where none are offered. California: free, for at least 12 months, where Social Security, "
            "driver's license or similar numbers were exposed (Civ. Code 1798.82(d)(2)(G)).",
            type=FieldType.LINE,
            max_length=120,
        ),
        Field(
            name="services_months",
            label="Protection services: months",
            help="A whole number of months, free of charge.",
            type=FieldType.NUMBER,
            max_length=3,
        ),
        Field(
            name="services_how_to_enroll",
            label="Protection services: how to enroll",
            help='All that a person needs, as sentences: "To enroll, go to ... or call ... and give the code ...".',
            max_length=600,
        ),
        Field(
            name="services_enroll_by",
            label="Protection services: enroll by",
            help="Last day to enroll, where there is one.",
            type=FieldType.DATE,
            max_length=10,
        ),
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
_DATA_TYPES: Final = Field(
    name="data_types",
    label="Information involved",
    help="One kind of information per line.",
    type=FieldType.LIST,
    required=True,
    max_length=2000,
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
    templates=("base/document.html.j2", "css/report.css", "regulator/il_ag.html.j2", "regulator/il_ag.txt.j2"),
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
        _DATA_TYPES,
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
    kind.name: kind for kind in (INDIVIDUAL_LETTER, HHS_REPORT, ILLINOIS_AG, CALIFORNIA_AG)
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

"""The kinds of documents: what each serves, which words a drafter gives, which templates print it."""

from __future__ import annotations

from typing import Final

from notices.errors import NoticeError
from notices.hhs import HHS_REPORT, PART2_REPORT
from notices.kind import Field, FieldType, Kind
from notices.papers import PAPERS
from notices.telling import DATA_TYPES, PRINT_SIZE, SPANISH, TOLD

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
        *(INDIVIDUAL_LETTER, HHS_REPORT, PART2_REPORT, ILLINOIS_AG, CALIFORNIA_AG),
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

"""The kinds of documents: what each serves, which words a drafter gives, which templates print it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec


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
    """A kind of document. `obligations` are ids of the obligations that it fulfils when sent; `*` ends a prefix."""

    name: str
    title: str
    obligations: tuple[str, ...]
    templates: tuple[str, ...]
    fields: tuple[Field, ...]


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

KINDS: Final[dict[str, Kind]] = {kind.name: kind for kind in (INDIVIDUAL_LETTER,)}
"""Every kind by name."""


def kind_named(name: str) -> Kind:
    """The kind of that name.

    Raises:
        KeyError: if there is none.
    """
    return KINDS[name]

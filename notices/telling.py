"""The incident in the drafter's words and the dates of the facts: what every notice to people is made of."""

from __future__ import annotations

from typing import Final

import msgspec

from jurisdictions.facts import BreachFacts
from notices.context import IncidentText, ProtectiveServices
from notices.facts import discovery_day
from notices.fields import Fields
from notices.kind import Field, FieldType

WHAT_HAPPENED: Final = Field(
    name="what_happened",
    label="What happened",
    help="Two or three short sentences: who did what, to which system or paper. The dates are added from the "
    "facts. Never the number of Illinois residents (815 ILCS 530/10(a)).",
    required=True,
)
DATA_TYPES: Final = Field(
    name="data_types",
    label="Information involved",
    help="One kind of information per line, such as: date of birth.",
    type=FieldType.LIST,
    required=True,
    max_length=2000,
)
ACQUIRED_BY: Final = Field(
    name="acquired_by",
    label="Who acquired the information",
    help='By name or description, where known, to follow "The information was acquired by": 16 CFR 318.6(a).',
    type=FieldType.LINE,
    max_length=200,
)
WHAT_WE_ARE_DOING: Final = Field(
    name="what_we_are_doing",
    label="What we are doing",
    help="What you do to investigate, to limit harm, and to prevent it from happening again "
    "(45 CFR 164.404(c)(1)(D)). Say only what is true.",
    required=True,
)
WHAT_YOU_CAN_DO: Final = Field(
    name="what_you_can_do",
    label="What you can do",
    help="The steps people should take to protect themselves (45 CFR 164.404(c)(1)(C)).",
    required=True,
)
SERVICES: Final = (
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
    Field(
        name="services_none",
        label="Protection services: there are none",
        help='Why none are offered, where a law asks for services "if any" (Cal. Civ. Code 1798.82(d)(2)(G)). It is '
        "recorded with the notice and counsel sees it; the letter then offers none. Whether the duty binds is debated.",
        max_length=600,
    ),
)
TOLD: Final = (WHAT_HAPPENED, DATA_TYPES, ACQUIRED_BY, WHAT_WE_ARE_DOING, WHAT_YOU_CAN_DO, *SERVICES)
"""The fields of a notice that tells people all that a letter does."""

IF_ANY: Final = "ca.identity_services"
"""The element that a law asks for "if any": a drafter may state, with the reason, that there are none."""


SPANISH: Final = (
    Field(
        name="what_happened_es",
        label="Spanish: what happened",
        help="The same in Spanish, by a translator. With it the letter is also written in Spanish, for people whose "
        "language is es; without it they get it in English.",
    ),
    Field(
        name="data_types_es",
        label="Spanish: information involved",
        help="One kind of information per line, as in English and in the same order.",
        type=FieldType.LIST,
        max_length=2000,
    ),
    Field(name="what_we_are_doing_es", label="Spanish: what we are doing", help="The same in Spanish."),
    Field(name="what_you_can_do_es", label="Spanish: what you can do", help="The same in Spanish."),
    Field(
        name="services_how_to_enroll_es",
        label="Spanish: how to enroll",
        help="The same in Spanish, where services are offered.",
        max_length=600,
    ),
)
"""The words of the drafter in Spanish; the rest of the letter is written already."""


def spanish_text(read: Fields, english: IncidentText) -> IncidentText | None:
    """The incident in Spanish; None where the drafter wrote none. A part that lacks is a fault."""
    if read.line("what_happened_es") is None and read.line("what_we_are_doing_es") is None:
        return None
    needed = ["what_happened_es", "data_types_es", "what_we_are_doing_es", "what_you_can_do_es"]
    if english.services is not None:
        needed.append("services_how_to_enroll_es")
    read.faults += [f"{name}: needed where the letter is written in Spanish" for name in needed if not read.line(name)]
    kinds = read.lines("data_types_es")
    if kinds and len(kinds) != len(english.data_types):
        read.faults.append(
            f"data_types_es: {len(kinds)} kinds of information; in English there are {len(english.data_types)}"
        )
    services = english.services
    if services is not None:
        services = msgspec.structs.replace(services, how_to_enroll=read.text("services_how_to_enroll_es"))
    return msgspec.structs.replace(
        english,
        what_happened=read.text("what_happened_es"),
        data_types=kinds,
        what_we_are_doing=read.text("what_we_are_doing_es"),
        what_you_can_do=read.text("what_you_can_do_es"),
        services=services,
    )


LARGE: Final = "large"
PRINT_SIZE: Final = Field(
    name="print_size",
    label="Print",
    help="standard: 10.5 points (California wants at least 10, Civ. Code 1798.82(d)(1)(C)), and 18 points for those of "
    "whom a list says that they asked for large print. large: 18 points for everybody.",
    type=FieldType.CHOICE,
    default="standard",
    options=("standard", LARGE),
)


def incident_text(read: Fields, facts: BreachFacts) -> IncidentText:
    """What the drafter typed with the dates of the facts; faults are collected in `read`."""
    return IncidentText(
        what_happened=read.text("what_happened"),
        data_types=read.lines("data_types"),
        what_we_are_doing=read.text("what_we_are_doing"),
        what_you_can_do=read.text("what_you_can_do"),
        breach_from=facts.incident.occurred_from,
        breach_to=facts.incident.occurred_to,
        discovered=discovery_day(facts),
        services=_services(read),
        acquired_by=read.line("acquired_by"),
    )


def _services(read: Fields) -> ProtectiveServices | None:
    provider, months, how = (
        read.line("services_provider"),
        read.number("services_months"),
        read.line("services_how_to_enroll"),
    )
    if provider is None and months is None and how is None:
        return None
    for name, value in (("services_provider", provider), ("services_months", months), ("services_how_to_enroll", how)):
        if value is None:
            read.faults.append(f"{name}: needed where protection services are offered")
    if read.line("services_none") is not None:
        read.faults.append("services_none: services are offered above; leave this empty, or leave those empty")
    return ProtectiveServices(
        provider=provider or "",
        months=months or 0,
        how_to_enroll=how or "",
        enroll_by=read.date("services_enroll_by"),
    )

"""The answer to a law-enforcement request for delay: 45 CFR 164.412, and what State law adds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from jurisdictions.facts import BreachFacts
from jurisdictions.vocabulary import HoldKind
from notices.context import PaperContext
from notices.fields import Fields
from notices.kind import Field, FieldType, Kind
from notices.paper import Document, Ground, Paper, absent, page_document
from notices.papers.partners import CONTACT_NAME, DATE_OF_LETTER, FORMAL, contact_start

ORAL_DAYS: Final = 30
"""45 CFR 164.412(b): "no longer than 30 days from the date of the oral statement"."""


class HoldContext(PaperContext, frozen=True, kw_only=True):
    """The answer to a request for delay. `ends` is the day until which it delays under 164.412."""

    oral: bool
    stated_on: date
    ends: date
    scope: tuple[str, ...]
    state_law: tuple[str, ...]
    until: date | None = None
    agency: str | None = None
    official: str | None = None
    official_contact: str | None = None
    case_number: str | None = None
    contact_name: str | None = None
    notice_date: date | None = None


def _hold(read: Fields, ground: Ground) -> HoldContext:
    holds = ground.facts.law_enforcement_holds
    number = read.number("request") or 1
    if not holds:
        read.faults.append("request: no law-enforcement request for delay is recorded in the facts")
    elif number > len(holds):
        read.faults.append(f"request: {len(holds)} recorded; there is no number {number}")
    read.refuse_faults()
    hold = holds[number - 1]
    oral = hold.kind is HoldKind.ORAL
    capped = hold.stated_on + timedelta(days=ORAL_DAYS)
    # A writing that names no time is not within (a): the safe reading is that of an oral statement.
    ends = hold.until if hold.until is not None and not oral else min(capped, hold.until or capped)
    return HoldContext(
        organization=ground.organization,
        exercise=ground.exercise,
        oral=oral,
        stated_on=hold.stated_on,
        until=hold.until,
        ends=ends,
        agency=hold.agency,
        scope=hold.scope or (),
        state_law=_state_law(ground.facts),
        official=read.line("official"),
        official_contact=read.line("official_contact"),
        case_number=read.line("case_number"),
        contact_name=read.line("contact_name"),
        notice_date=read.date("notice_date"),
    )


def _state_law(facts: BreachFacts) -> tuple[str, ...]:
    states = set(facts.affected.by_state or ())
    found = []
    if "IL" in states:
        found.append(
            "Illinois: notice to residents is delayed only on a written request that it will interfere with a criminal "
            "investigation (815 ILCS 530/10). A request by word of mouth does not delay it."
        )
    if "CA" in states:
        found.append(
            "California: notice to residents is delayed while a law enforcement agency determines that it will impede "
            "a criminal investigation, and is made promptly after that (Civ. Code 1798.82(c)). Please tell us if so."
        )
    if facts.organization.licenses:
        found.append(
            "California licensed facilities: only the report to the patient is delayed, not the one to the Department "
            "of Public Health; at most 60 days on a written and 30 on an oral request (Health & Safety Code "
            "1280.15(c))."
        )
    return tuple(found)


def _hold_documents(context: HoldContext) -> tuple[Document, ...]:
    return (
        page_document(
            "law_enforcement_hold",
            f"Answer to a request for delay - {context.organization.name}",
            "formal/hold.html.j2",
            context,
            label="Answer to a request for delay",
            missing=absent(
                Law_enforcement_agency=context.agency,
                Official_who_asked=context.official,
                Date_of_the_letter=context.notice_date,
            ),
        ),
    )


HOLD: Final = Paper(
    kind=Kind(
        name="law_enforcement_hold",
        title="Letter to law enforcement on a request for delay",
        obligations=(),
        templates=(*FORMAL, "formal/hold.html.j2"),
        fields=(
            Field(
                name="request",
                label="Number of the request",
                help="1 for the first that is recorded in the facts, 2 for the second.",
                type=FieldType.NUMBER,
                default="1",
                max_length=3,
            ),
            Field(
                name="official",
                label="Official who asked",
                help="Name and rank: 164.412(b) wants the identity of the agency or official documented.",
                type=FieldType.LINE,
                max_length=200,
            ),
            Field(
                name="official_contact",
                label="How to reach the official",
                help="Address, email or telephone.",
                type=FieldType.LINE,
                max_length=200,
            ),
            Field(
                name="case_number",
                label="Their reference",
                help="The case number of the agency.",
                type=FieldType.LINE,
                max_length=80,
            ),
            *(CONTACT_NAME, DATE_OF_LETTER),
        ),
        cautions=(
            "Whether days of a hold are added to the 60 days is not settled: the board shows each reading. Plan by the "
            "earlier day, and give notice at once when the hold ends.",
        ),
    ),
    context=HoldContext,
    build=_hold,
    write=_hold_documents,
    start=contact_start,
)

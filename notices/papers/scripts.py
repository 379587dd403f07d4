"""Words to be spoken: answers for a call centre, and the telephone script for urgent cases (45 CFR 164.404(d)(3))."""

from __future__ import annotations

from typing import Final

import msgspec

from notices.context import Agency, IncidentText, PaperContext
from notices.fields import Fields
from notices.kind import Field, FieldType, Kind
from notices.paper import Document, Ground, Paper, absent, page_document
from notices.papers.public import LINE_HOURS, TOLL_FREE_LINE, public_context, start
from notices.telling import DATA_TYPES, TOLD, WHAT_HAPPENED

_SECTIONS: Final = "sections/en/"


class AnswersContext(PaperContext, frozen=True, kw_only=True):
    """What the people who answer calls may say. None is a gap that is shown as one."""

    incident: IncidentText
    bureaus: tuple[Agency, ...]
    ftc: Agency
    toll_free_line: str
    line_hours: str | None
    held: bool
    misuse: str | None = None
    why_now: str | None = None
    no_services: str | None = None


def _answers(read: Fields, ground: Ground) -> AnswersContext:
    public = public_context(read, ground, (), ())
    return AnswersContext(
        organization=public.organization,
        exercise=public.exercise,
        incident=public.incident,
        bureaus=public.bureaus,
        ftc=public.ftc,
        toll_free_line=public.toll_free_line,
        line_hours=public.line_hours,
        held=bool(ground.facts.law_enforcement_holds),
        misuse=read.line("misuse"),
        why_now=read.line("why_now"),
        no_services=read.line("services_none"),
    )


def _answers_documents(context: AnswersContext) -> tuple[Document, ...]:
    return (
        page_document(
            "call_center_faq",
            f"Questions and answers - {context.organization.name}",
            "scripts/faq.html.j2",
            context,
            label="Questions and answers for callers",
            to_people=True,
            missing=absent(
                What_is_known_of_misuse=context.misuse,
                Why_people_hear_of_it_now=context.why_now,
                Whether_protection_services_are_offered=context.incident.services or context.no_services,
            ),
        ),
    )


ANSWERS: Final = Paper(
    kind=Kind(
        name="call_center_faq",
        title="Questions and answers for a call center",
        obligations=(),
        templates=("base/document.html.j2", "css/report.css", "scripts/faq.html.j2"),
        fields=(
            *TOLD,
            Field(
                name="misuse",
                label="What is known of misuse",
                help='As an answer: "We do not know of any misuse so far." Only if it is so.',
                max_length=600,
            ),
            Field(
                name="why_now",
                label="Why people hear of it now",
                help="As an answer, in a few short sentences: what took the time since the discovery.",
                max_length=600,
            ),
            *(TOLL_FREE_LINE, LINE_HOURS),
        ),
    ),
    context=AnswersContext,
    build=_answers,
    write=_answers_documents,
    start=start,
    prints_agencies=True,
)


# ---- urgent cases


class CallContext(PaperContext, frozen=True, kw_only=True):
    """A call to somebody whose information may be misused at any moment; the letter follows all the same."""

    what_happened: str
    data_types: tuple[str, ...]
    danger: str
    what_you_can_do: str
    toll_free_line: str


def _call(read: Fields, ground: Ground) -> CallContext:
    return CallContext(
        organization=ground.organization,
        exercise=ground.exercise,
        what_happened=read.text("what_happened"),
        data_types=read.lines("data_types"),
        danger=read.text("danger"),
        what_you_can_do=read.text("what_you_can_do"),
        toll_free_line=read.text("toll_free_line"),
    )


def _call_documents(context: CallContext) -> tuple[Document, ...]:
    return (
        page_document(
            "telephone_script",
            f"Urgent call - {context.organization.name}",
            "scripts/urgent_call.html.j2",
            context,
            label="Script for urgent calls",
            to_people=True,
        ),
    )


CALL: Final = Paper(
    kind=Kind(
        name="telephone_script",
        title="Telephone script for urgent cases",
        obligations=(),
        templates=("base/document.html.j2", "css/report.css", "scripts/urgent_call.html.j2"),
        fields=(
            *(WHAT_HAPPENED, DATA_TYPES),
            Field(
                name="danger",
                label="Why it is urgent",
                help="In one or two short sentences, what may happen soon: possible imminent misuse.",
                required=True,
                max_length=600,
            ),
            Field(
                name="what_you_can_do",
                label="What to do today",
                help="The steps to take at once, in order.",
                required=True,
            ),
            msgspec.structs.replace(
                TOLL_FREE_LINE,
                label="Number to call back",
                help="A number that the person can check on your website or on an old bill.",
                type=FieldType.LINE,
            ),
        ),
        cautions=(
            "A call is in addition to the written notice, never instead of it (45 CFR 164.404(d)(3)). Honor requests "
            "for confidential communications (45 CFR 164.522(b)): call only the number that the person chose.",
        ),
    ),
    context=CallContext,
    build=_call,
    write=_call_documents,
    start=start,
)

"""Notices to people who cannot be reached one by one: substitute notice (45 CFR 164.404(d)(2)), media notice (164.406).

Both say what a letter says. Nothing here gives a number of residents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

from jurisdictions.content import ContentRequirement
from jurisdictions.vocabulary import USPS
from notices.context import Agency, Context, IncidentText, Organization, PaperContext
from notices.elements.contacts import TOLL_FREE
from notices.fields import Fields
from notices.kind import Field, FieldType, Kind
from notices.layout import Part, letter_layout, said_by
from notices.paper import Document, Ground, Paper, Start, absent, page_document
from notices.reference import agencies
from notices.telling import IF_ANY, TOLD, incident_text

DAYS_POSTED: Final = 90
"""45 CFR 164.404(d)(2)(ii): "for a period of 90 days"; the toll-free number "for at least 90 days"."""

TOLL_FREE_LINE: Final = Field(
    name="toll_free_line",
    label="Toll-free number",
    help="A toll-free number, live for at least 90 days, where a caller learns whether they may be affected "
    "(45 CFR 164.404(d)(2)(ii)).",
    type=FieldType.LINE,
    required=True,
    max_length=40,
)
LINE_HOURS: Final = Field(
    name="line_hours",
    label="Hours of the number",
    help='When it is answered, to follow the number: "Monday to Friday, 8 a.m. to 6 p.m. Central Time".',
    type=FieldType.LINE,
    max_length=120,
)


class PublicContext(PaperContext, frozen=True, kw_only=True):
    """What a notice to the public says. `elements` are the ids that it has to say for the places it serves."""

    incident: IncidentText
    bureaus: tuple[Agency, ...]
    ftc: Agency
    elements: tuple[str, ...]
    toll_free_line: str
    line_hours: str | None = None
    notice_date: date | None = None
    places: tuple[str, ...] = ()


class PublicPage(Context, frozen=True, kw_only=True):
    """Everything that the templates of public notices may read. `posted` is for the web, `place` a State.

    `take_down` is the first day on which a posting may come down.
    """

    organization: Organization
    incident: IncidentText
    bureaus: tuple[Agency, ...]
    ftc: Agency
    layout: tuple[Part, ...]
    toll_free_line: str
    line_hours: str | None
    notice_date: date | None
    take_down: date | None
    posted: bool
    place: str
    exercise: bool


def page(context: PublicContext, *, posted: bool = False, place: str = "") -> PublicPage:
    """The page of a public notice."""
    day = context.notice_date
    return PublicPage(
        organization=context.organization,
        incident=context.incident,
        bureaus=context.bureaus,
        ftc=context.ftc,
        layout=letter_layout(context.elements, with_services=context.incident.services is not None),
        toll_free_line=context.toll_free_line,
        line_hours=context.line_hours,
        notice_date=day,
        take_down=day + timedelta(days=DAYS_POSTED) if day is not None else None,
        posted=posted,
        place=place,
        exercise=context.exercise,
    )


def elements_for(
    requirements: Iterable[ContentRequirement], places: Iterable[str] | None = None, *, no_services: bool = False
) -> tuple[str, ...]:
    """The ids that a notice serving those States has to say; with None, those of every State in play."""
    wanted = None if places is None else {"us", *(place.lower() for place in places)}
    return tuple(
        dict.fromkeys(
            each.id
            for each in requirements
            if each.required
            and not each.forbidden
            and not (no_services and each.id == IF_ANY)
            and (wanted is None or each.obligation.split(".", 1)[0] in wanted)
        )
    )


def toll_free(read: Fields, name: str = "toll_free_line") -> str:
    """The number, which has to be one that is free to call."""
    number = read.text(name)
    if number and not TOLL_FREE.search(number):
        read.faults.append(f"{name}: {number!r} is not a toll-free number (800, 833, 844, 855, 866, 877 or 888)")
    return number


def public_context(read: Fields, ground: Ground, elements: tuple[str, ...], places: tuple[str, ...]) -> PublicContext:
    """The context of a notice to the public from its fields."""
    contacts = agencies()
    return PublicContext(
        organization=ground.organization,
        incident=incident_text(read, ground.facts),
        bureaus=contacts.bureau,
        ftc=contacts.ftc,
        elements=elements,
        toll_free_line=toll_free(read),
        line_hours=read.line("line_hours"),
        notice_date=read.date("notice_date"),
        places=places,
        exercise=ground.exercise,
    )


def start(words: Start) -> Mapping[str, str]:
    """The toll-free number of the organization, and the States whose media are to be told."""
    raised = (*words.raised("us.hipaa.media:"), *words.raised("us.ftc_hbnr.media:"))
    states = dict.fromkeys(each.partition(":")[2] for each in raised)
    return {"toll_free_line": words.organization.toll_free or "", "states": "\n".join(states)}


# ---- substitute notice


def _substitute(read: Fields, ground: Ground) -> PublicContext:
    return public_context(
        read, ground, elements_for(ground.requirements, no_services=read.line("services_none") is not None), ()
    )


def _substitute_documents(context: PublicContext) -> tuple[Document, ...]:
    """The posting, the text for print, the words to be spoken, the script of the number, and what has to be done."""
    name = context.organization.name
    asked = context.elements
    missing = absent(Date_of_posting=context.notice_date)
    web = page(context, posted=True)
    said = said_by(web.layout)
    title = f"Notice of Data Breach - {name}"

    def written(document: str, of: PublicPage, label: str, *, on_screen: bool = False) -> Document:
        return page_document(
            document,
            title,
            "public/notice.html.j2",
            of,
            label=label,
            stylesheet="css/public.css",
            required=asked,
            said=said,
            missing=missing,
            to_people=True,
            on_screen=on_screen,
        )

    posting = written("web_posting", web, "Notice of Data Breach", on_screen=True)
    printed = written("print_notice", page(context), "Notice of Data Breach: for publication in print")
    spoken = page_document(
        "broadcast",
        f"Broadcast text - {name}",
        "public/broadcast.html.j2",
        page(context),
        label="Notice of a data breach: to be read on the air",
        required=tuple(each for each in asked if each.startswith(("hipaa.", "ftc."))),
        said=said,
        to_people=True,
    )
    script = page_document(
        "toll_free_script",
        f"Script for the toll-free number - {name}",
        "public/toll_free_script.html.j2",
        page(context),
        label="Script for the toll-free number",
        to_people=True,
    )
    sheet = page_document(
        "what_to_do",
        f"Substitute notice: what to do - {name}",
        "public/what_to_do.html.j2",
        web,
        label="Substitute notice: what to do",
        missing=missing,
    )
    return posting, printed, spoken, script, sheet


SUBSTITUTE: Final = Paper(
    kind=Kind(
        name="substitute_notice",
        title="Substitute notice (web, print, broadcast, toll-free)",
        obligations=("us.hipaa.substitute",),
        templates=(
            *("base/document.html.j2", "css/public.css", "css/report.css", "public/notice.html.j2"),
            *("public/broadcast.html.j2", "public/toll_free_script.html.j2", "public/what_to_do.html.j2"),
        ),
        fields=(
            *TOLD,
            TOLL_FREE_LINE,
            LINE_HOURS,
            Field(
                name="notice_date",
                label="Date of posting",
                help="The first day on the home page. It may come down 90 days later (45 CFR 164.404(d)(2)(ii)).",
                type=FieldType.DATE,
                max_length=10,
            ),
        ),
        cautions=(
            "Substitute notice is for people whose contact details are insufficient or out of date, and has the same "
            "last day as the letters. There is none for the next of kin of the deceased (45 CFR 164.404(d)(2)). "
            "Whether the law of a State lets a web posting stand for a letter is for counsel.",
        ),
    ),
    context=PublicContext,
    build=_substitute,
    write=_substitute_documents,
    start=start,
    prints_agencies=True,
)


# ---- media notice


def _media(read: Fields, ground: Ground) -> PublicContext:
    states = read.lines("states")
    read.faults += [f"states: {each!r} is not the USPS code of a State" for each in states if each not in USPS]
    return public_context(read, ground, elements_for(ground.requirements, states), states)


def _media_documents(context: PublicContext) -> tuple[Document, ...]:
    """One release for the media of each State."""
    federal = tuple(each for each in context.elements if each.startswith(("hipaa.", "ftc.")))
    return tuple(
        page_document(
            f"media.{place.lower()}",
            f"Notice to the media: {USPS[place]} - {context.organization.name}",
            "public/media.html.j2",
            (release := page(context, place=USPS[place])),
            stylesheet="css/public.css",
            label=re.sub(r"[^\w .,:()/-]", "", f"Notice to the media: {USPS[place]}"),
            required=federal,
            said=said_by(release.layout),
            missing=absent(Date_of_release=context.notice_date),
            to_people=True,
        )
        for place in context.places
    )


MEDIA: Final = Paper(
    kind=Kind(
        name="media_notice",
        title="Notice to the media, for each State",
        obligations=("us.hipaa.media:*", "us.ftc_hbnr.media:*", "us.part2.media:*"),
        templates=("base/document.html.j2", "css/public.css", "public/media.html.j2"),
        fields=(
            Field(
                name="states",
                label="States",
                help="One per line, by USPS code: each where more than 500 residents are affected (45 CFR 164.406).",
                type=FieldType.LIST,
                required=True,
                max_length=400,
            ),
            *TOLD,
            TOLL_FREE_LINE,
            LINE_HOURS,
            Field(
                name="notice_date",
                label="Date of release",
                help="The day on which it goes to the media.",
                type=FieldType.DATE,
                max_length=10,
            ),
        ),
        cautions=(
            "It goes to prominent media outlets that serve the State. A posting on your own site is not notice to the "
            "media, and it supplements the letters, never replaces them (45 CFR 164.406; 78 FR 5653, not re-read).",
        ),
    ),
    context=PublicContext,
    build=_media,
    write=_media_documents,
    start=start,
    prints_agencies=True,
)

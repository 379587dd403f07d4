"""Electronic forms of the letter: email for those who agreed to it, and the notice where only credentials are lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import msgspec
from markupsafe import Markup

from jurisdictions.facts import BreachFacts
from notices.context import (
    Context,
    IncidentText,
    LetterContext,
    LetterVariant,
    Organization,
    PaperContext,
    Recipient,
)
from notices.fields import Fields
from notices.kind import Field, FieldType, Kind
from notices.layout import Part, letter_layout, said_by
from notices.letters import layout_for, placeholder_recipient, render_body
from notices.paper import Document, Ground, Paper, Start, absent, page_document
from notices.papers.public import elements_for
from notices.telling import DATA_TYPES, SPANISH, TOLD, WHAT_HAPPENED, WHAT_WE_ARE_DOING, WHAT_YOU_CAN_DO, incident_text
from notices.variants import letter_context

SENDING: Final = Field(
    name="notice_date",
    label="Date of sending",
    help="The day on which it goes out, as it is printed.",
    type=FieldType.DATE,
    max_length=10,
)


_SUBJECTS: Final = {
    "en": "Notice of Data Breach from {name}",
    "es": "Aviso de filtración de datos de {name}",
}


class EmailContext(PaperContext, frozen=True, kw_only=True):
    """The letter in all its variants, as emails."""

    letter: LetterContext

    def subject(self, language: str) -> str:
        """The subject line."""
        return _SUBJECTS[language].format(name=self.organization.name)


class EmailPage(Context, frozen=True, kw_only=True):
    """Everything that the email template may read. `body` is the rendered text of the letter.

    Of a specimen the lines of the head are shown, which a mail program shows by itself.
    """

    organization: Organization
    subject: str
    specimen: bool
    code: str
    salutation: str
    body: str
    footer: str
    language: str
    notice_date: date | None
    exercise: bool


_FOOTER: Final = {
    "en": "You get this by email because you agreed to it. You may change that at any time: call or write to us.",
    "es": "Recibe este mensaje por correo electrónico porque así lo aceptó. Puede cambiarlo cuando quiera: llámenos o "
    "escríbanos.",
}


def _email(read: Fields, ground: Ground) -> EmailContext:
    if "email_credentials_issued_by_us" in _involved(ground.facts):
        read.faults.append(
            "incident.data_elements: passwords of email accounts that you issued are lost; whoever has them reads what "
            "is sent there (Cal. Civ. Code 1798.82(j)): use the letter"
        )
    return EmailContext(
        organization=ground.organization,
        exercise=ground.exercise,
        letter=letter_context(read, _without_pictures(ground)),
    )


def _without_pictures(ground: Ground) -> Ground:
    """Mail programs hide pictures, or warn of them; the words of an email say everything."""
    house = ground.house
    if house is None or house.signature is None:
        return ground
    signature = msgspec.structs.replace(house.signature, picture=None)
    return msgspec.structs.replace(ground, house=msgspec.structs.replace(house, signature=signature))


def _email_documents(context: EmailContext) -> tuple[Document, ...]:
    return tuple(
        email_document(context, variant, placeholder_recipient(variant)) for variant in context.letter.variants
    )


def email_document(
    context: EmailContext, variant: LetterVariant, person: Recipient, *, specimen: bool = True
) -> Document:
    """The email of a variant to a person; with `specimen` it shows the head that a mail program shows by itself."""
    letter = context.letter
    return page_document(
        f"email.{variant.key}",
        f"Notice of Data Breach by email - {context.organization.name}",
        "electronic/email.html.j2",
        EmailPage(
            organization=context.organization,
            subject=context.subject(variant.language),
            specimen=specimen,
            code=person.code,
            salutation=person.salutation,
            body=Markup(render_body(letter, variant, "html")),  # noqa: S704 - our own rendered, escaped template
            footer=_FOOTER[variant.language],
            language=variant.language,
            notice_date=letter.notice_date,
            exercise=context.exercise,
        ),
        label="Notice of Data Breach by email",
        stylesheet="css/public.css",
        language=variant.language,
        required=variant.elements,
        said=said_by(layout_for(letter, variant)),
        missing=absent(Date_of_sending=letter.notice_date),
        to_people=True,
        on_screen=True,
        own_style=letter.own_style,
    )


def _no_start(words: Start) -> Mapping[str, str]:
    del words
    return {}


EMAIL: Final = Paper(
    kind=Kind(
        name="email_notice",
        title="Email to individuals who agreed to it",
        names_people=True,
        # Sent to some, it does not fulfil the duty to all: the letters do, or a person records it as done.
        obligations=(),
        templates=("base/document.html.j2", "css/public.css", "electronic/email.html.j2"),
        fields=(*TOLD, *SPANISH, SENDING),
        cautions=(
            "Only for people who agreed to electronic notice and have not withdrawn it (45 CFR 164.404(d)(1)(i)); "
            "under Illinois and California law also as the E-SIGN Act wants it (15 U.S.C. 7001). "
            "All others get the letter.",
        ),
    ),
    context=EmailContext,
    build=_email,
    write=_email_documents,
    start=_no_start,
    prints_agencies=True,
)


# ---- user names and passwords only

_HARMLESS: Final = frozenset(["name", "email", "phone", "address", "date_of_birth"])
"""What may be lost beside credentials and is no personal information of Cal. Civ. Code 1798.82(h)(1)."""
_CREDENTIALS: Final = frozenset(["online_credentials", "email_credentials_issued_by_us"])
_WAYS: Final = (
    "By mail",
    "By email to an address that is not the account itself",
    "On the screen, when the person signs in from a place and device they usually use",
)


class CredentialsContext(PaperContext, frozen=True, kw_only=True):
    """Notice that only user names or email addresses with passwords or security answers were lost."""

    incident: IncidentText
    elements: tuple[str, ...]
    way: str
    notice_date: date | None = None


class CredentialsPage(Context, frozen=True, kw_only=True):
    """Everything that its template may read."""

    organization: Organization
    incident: IncidentText
    layout: tuple[Part, ...]
    at_sign_in: bool
    notice_date: date | None
    exercise: bool


def _involved(facts: BreachFacts) -> set[str]:
    return set(facts.incident.data_elements or ())


def _only_credentials(facts: BreachFacts) -> bool:
    involved = _involved(facts)
    return bool(involved & _CREDENTIALS) and involved <= _CREDENTIALS | _HARMLESS


def _credentials(read: Fields, ground: Ground) -> CredentialsContext:
    involved = _involved(ground.facts)
    if not involved & _CREDENTIALS:
        read.faults.append("incident.data_elements: no user name or email address with a password is recorded as lost")
    if other := sorted(involved - _CREDENTIALS - _HARMLESS):
        read.faults.append(
            f"incident.data_elements: {', '.join(other)} are lost too; then this short notice is not enough "
            "(Cal. Civ. Code 1798.82(d)(4)): use the letter"
        )
    way = read.text("way")
    return CredentialsContext(
        organization=ground.organization,
        exercise=ground.exercise,
        incident=incident_text(read, ground.facts),
        elements=("il.credentials_direction", *elements_for(ground.requirements)),
        way=way,
        notice_date=read.date("notice_date"),
    )


def _credentials_documents(context: CredentialsContext) -> tuple[Document, ...]:
    page = CredentialsPage(
        organization=context.organization,
        incident=context.incident,
        layout=letter_layout(context.elements),
        at_sign_in=context.way == _WAYS[2],
        notice_date=context.notice_date,
        exercise=context.exercise,
    )
    return (
        page_document(
            "credentials",
            f"Notice of Data Breach: user name and password - {context.organization.name}",
            "electronic/credentials.html.j2",
            page,
            label="Notice of Data Breach",
            stylesheet="css/public.css",
            required=tuple(dict.fromkeys(context.elements)),
            said=said_by(page.layout),
            missing=absent(Date_of_sending=context.notice_date),
            to_people=True,
            on_screen=True,
        ),
    )


_METHODS: Final = dict(zip(_WAYS, ("first_class_mail", "email", "web_posting"), strict=True))


def _other_way(context: CredentialsContext, method: str) -> str:
    """It goes by the way it was approved for: an email may be read by whoever has the password."""
    if method == _METHODS[context.way]:
        return ""
    return (
        f"it was approved to go {context.way[0].lower()}{context.way[1:]} (Cal. Civ. Code 1798.82(j)); revise it first"
    )


CREDENTIALS: Final = Paper(
    kind=Kind(
        name="credentials_notice",
        title="Notice that only user names and passwords were lost",
        obligations=("il.pipa.individuals", "ca.civ1798_82.individuals"),
        templates=(
            *("base/document.html.j2", "css/public.css", "electronic/credentials.html.j2"),
            "electronic/contact.html.j2",
        ),
        fields=(
            *(WHAT_HAPPENED, DATA_TYPES, WHAT_WE_ARE_DOING),
            msgspec.structs.replace(
                WHAT_YOU_CAN_DO, help="Further steps. The direction to change passwords is printed by itself."
            ),
            Field(
                name="way",
                label="How it reaches the person",
                help="Never by email to the account whose password is lost (Cal. Civ. Code 1798.82(j)).",
                type=FieldType.CHOICE,
                required=True,
                options=_WAYS,
            ),
            SENDING,
        ),
        cautions=(
            "Never send it to the email account whose password is lost. Where you issued that account, use another "
            "way, or show it on the screen when the person signs in from a usual place (Cal. Civ. Code 1798.82(j)).",
        ),
    ),
    context=CredentialsContext,
    build=_credentials,
    write=_credentials_documents,
    start=_no_start,
    fits=_only_credentials,
    bars_sending=_other_way,
)

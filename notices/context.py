"""What a document may say, and nothing else: the frozen, typed input of every template.

A context holds values that are printed; it is never a mapping, so that nothing unexpected can travel in it, and
its dates are dates, so that no template parses one. Whatever it can hold, all the way down, is a plain value or a type
of this package or of the law: no type of the record fits in, and so none that tells of counsel's advice.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

from jurisdictions.facts import Count


class Context(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that a template may read."""


class Audience(StrEnum):
    """Whom a letter addresses (45 CFR 164.404(d)(1); 164.502(g) for those who act for another)."""

    ADULT = "adult"
    PARENT_OF_MINOR = "parent_of_minor"
    NEXT_OF_KIN = "next_of_kin"
    PERSONAL_REPRESENTATIVE = "personal_representative"


class PostalAddress(Context, frozen=True, kw_only=True):
    """A US postal address, one part per field as the filing portals ask for it."""

    street1: str
    street2: str | None = None
    city: str
    state: str
    zip: str

    @property
    def lines(self) -> tuple[str, ...]:
        """The address as it is printed, one line each."""
        last = f"{self.city}, {self.state} {self.zip}"
        return tuple(line for line in (self.street1, self.street2, last) if line)


class Organization(Context, frozen=True, kw_only=True):
    """The organization that gives the notice, as its letters print it."""

    name: str
    address: PostalAddress
    phone: str | None = None
    toll_free: str | None = None
    email: str | None = None
    website: str | None = None
    privacy_officer: str | None = None
    signatory_name: str | None = None
    signatory_title: str | None = None


class Picture(Context, frozen=True, kw_only=True):
    """A picture that is printed. `src` holds all of it (`engines.base.PICTURE`); sizes in CSS pixels, 96 to an inch."""

    src: str
    alt: str
    width: int
    height: int


class Letterhead(Context, frozen=True, kw_only=True):
    """What stands at the top of a letter: a picture, a name in large type, lines under it; each may be absent."""

    picture: Picture | None = None
    name: str | None = None
    lines: tuple[str, ...] = ()


class Signature(Context, frozen=True, kw_only=True):
    """Who signs a letter; the organization's name always stands below."""

    picture: Picture | None = None
    name: str | None = None
    title: str | None = None


class House(Context, frozen=True, kw_only=True):
    """The organization's own templates, checked; see `notices.house`. What is None is as shipped.

    `sections` are names (`sections/en/hipaa.contact.html.j2`) with their sources, `style` and `style_large` style
    sheets for normal and large print; `sha256` covers all of it.
    """

    title: str
    sha256: str
    letterhead: Letterhead | None = None
    signature: Signature | None = None
    sections: tuple[tuple[str, str], ...] = ()
    style: str = ""
    style_large: str = ""


class ProtectiveServices(Context, frozen=True, kw_only=True):
    """Identity theft prevention and mitigation services, offered free (Cal. Civ. Code 1798.82(d)(2)(G))."""

    provider: str
    months: int
    how_to_enroll: str
    enroll_by: date | None = None


class IncidentText(Context, frozen=True, kw_only=True):
    """The incident in the words of the notice.

    `breach_from` and `breach_to` are the first and last known day of the breach; None is "not known". `data_types`
    are plain-language phrases without an article, such as "date of birth".
    """

    what_happened: str
    data_types: tuple[str, ...]
    what_we_are_doing: str
    what_you_can_do: str
    breach_from: date | None = None
    breach_to: date | None = None
    discovered: date | None = None
    services: ProtectiveServices | None = None
    acquired_by: str | None = None


class Agency(Context, frozen=True, kw_only=True):
    """How to reach a consumer reporting agency or a public authority. `checked_on` is when `source` was read."""

    name: str
    toll_free: str
    address: tuple[str, ...]
    website: str
    source: str
    checked_on: date


class Recipient(Context, frozen=True, kw_only=True):
    """One addressee. `row` is the line of the roster, `code` the reference printed on the letter.

    `name_lines` and `address_lines` are the lines of the envelope window; `salutation` is the greeting
    without its closing colon, such as "Dear Ana Díaz". `large_print` is what the person asked for.
    """

    row: int
    name_lines: tuple[str, ...]
    address_lines: tuple[str, ...]
    salutation: str
    code: str
    audience: Audience = Audience.ADULT
    state: str | None = None
    language: str = "en"
    large_print: bool = False


class LetterVariant(Context, frozen=True, kw_only=True):
    """One text of a letter: for an audience, in a language, with the elements the law of a State asks for.

    `state` is a USPS code whose law adds something for its residents; None serves everybody else.
    """

    audience: Audience
    elements: tuple[str, ...]
    state: str | None = None
    language: str = "en"

    @property
    def key(self) -> str:
        """Short name of the variant, such as `ca.parent_of_minor.en`."""
        return f"{(self.state or 'us').lower()}.{self.audience}.{self.language}"


class LetterContext(Context, frozen=True, kw_only=True):
    """A letter to affected individuals in all its variants. `notice_date` is the day it is mailed, when known.

    `bureaus` are the major consumer reporting agencies; `ftc` the Federal Trade Commission. `large_print` prints at
    18 points. `spanish` is the incident in Spanish, where the drafter wrote it; `without_services` why none are
    offered, where a law asks for services "if any". It is not printed.
    """

    organization: Organization
    incident: IncidentText
    bureaus: tuple[Agency, ...]
    ftc: Agency
    variants: tuple[LetterVariant, ...]
    notice_date: date | None = None
    large_print: bool = False
    spanish: IncidentText | None = None
    without_services: str | None = None
    exercise: bool = False
    house: House | None = None

    def incident_in(self, language: str) -> IncidentText:
        """The incident in the language of a variant."""
        return self.spanish if language == "es" and self.spanish is not None else self.incident

    @property
    def stylesheet(self) -> str:
        """The style sheet that it is printed with."""
        return "css/letter_large.css" if self.large_print else "css/letter.css"

    @property
    def own_style(self) -> str:
        """The organization's own style sheet for that print; empty where there is none."""
        if self.house is None:
            return ""
        return self.house.style_large if self.large_print else self.house.style

    @property
    def own_sections(self) -> tuple[tuple[str, str], ...]:
        """The organization's own sections, as `environment` takes them."""
        return self.house.sections if self.house is not None else ()

    @property
    def letterhead(self) -> Letterhead:
        """The organization's own letterhead, or its name and address."""
        if self.house is not None and self.house.letterhead is not None:
            return self.house.letterhead
        return Letterhead(name=self.organization.name, lines=self.organization.address.lines)

    @property
    def signature(self) -> Signature:
        """Who signs: of the own templates what they say, else the organization's signatory."""
        own = self.house.signature if self.house is not None else None
        if own is not None and own.name is not None:
            return own
        return Signature(
            picture=own.picture if own is not None else None,
            name=self.organization.signatory_name,
            title=self.organization.signatory_title,
        )


class Partner(Context, frozen=True, kw_only=True):
    """The business associate, or a covered entity it files for, in a report to HHS.

    A covered entity has its `number` in the incident, its type as the portal calls it, and its individuals.
    """

    name: str
    number: int | None = None
    entity_type: str | None = None
    individuals: Count = None
    address: PostalAddress | None = None
    contact_name: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None


class HhsWorksheetContext(Context, frozen=True, kw_only=True):
    """Values for the HHS breach portal, in the order of its screens. None or () is "not yet filled in".

    Choices hold the portal's own option texts. `individuals` is the approximate number the portal asks for; `entities`
    are the covered entities on whose behalf a business associate files; `part2`: the report goes on the Part 2 form.
    """

    organization: Organization
    part2: bool = False
    report_type: str | None = None
    tracking_known: str | None = None
    previous_tracking_number: str | None = None
    filer_role: str | None = None
    entity_type: str | None = None
    entities: tuple[Partner, ...] = ()
    contact_first_name: str | None = None
    contact_last_name: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None
    contact_phone_usage: str | None = None
    partner: Partner | None = None
    individuals: int | None = None
    individuals_note: str | None = None
    breach_start: date | None = None
    breach_end: date | None = None
    discovery_start: date | None = None
    discovery_end: date | None = None
    breach_types: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    phi_types: tuple[str, ...] = ()
    phi_other: str | None = None
    description: str | None = None
    safeguards: tuple[str, ...] = ()
    notice_start: date | None = None
    notice_end: date | None = None
    substitute_required: bool | None = None
    substitute_size: str | None = None
    media_required: bool | None = None
    media_states: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    other_actions: str | None = None
    attested_by: str | None = None
    attested_on: date | None = None
    exercise: bool = False


class IllinoisBasis(StrEnum):
    """The provision under which the Illinois Attorney General is told."""

    SECTION_50 = "section_50"
    SECTION_10E = "section_10e"


class IllinoisAgContext(Context, frozen=True, kw_only=True):
    """Notice to the Illinois Attorney General: 815 ILCS 530/50 after a report to HHS, or 530/10(e).

    `illinois_residents` is the number affected at the time of the notice; None is "not yet known".
    """

    organization: Organization
    basis: IllinoisBasis
    nature: str
    steps: str
    data_types: tuple[str, ...]
    illinois_residents: int | None = None
    breach_from: date | None = None
    breach_to: date | None = None
    discovered: date | None = None
    hhs_notified: date | None = None
    hhs_tracking: str | None = None
    consumers_notified: date | None = None
    contact_name: str | None = None
    notice_date: date | None = None
    exercise: bool = False


class CaliforniaAgContext(Context, frozen=True, kw_only=True):
    """Values for the California Attorney General's web form, and the sample letter (Civ. Code 1798.82(f)).

    No personal data: `sample` is printed with placeholders where a letter names its recipient.
    """

    organization: Organization
    data_types: tuple[str, ...]
    breach_type: str
    sample: LetterContext
    breach_from: date | None = None
    breach_to: date | None = None
    discovered: date | None = None
    consumers_notified: date | None = None
    california_residents: int | None = None
    delayed_by_law_enforcement: bool | None = None
    contact_name: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None
    exercise: bool = False


class PaperContext(Context, frozen=True, kw_only=True):
    """Base of the contexts of the other documents: who gives it, and whether it is only played."""

    organization: Organization
    exercise: bool = False


DocumentContext = LetterContext | HhsWorksheetContext | IllinoisAgContext | CaliforniaAgContext | PaperContext
"""Everything that `service.compose` accepts."""

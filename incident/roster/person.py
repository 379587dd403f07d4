"""One affected person, and how a letter to or about that person is addressed.

Law: 45 CFR 164.404(d)(1) (first-class mail to the individual at the last known address; where the individual is known
to be deceased, to the next of kin or personal representative if that address is known), 164.502(g) (personal
representatives; (g)(3) parents of unemancipated minors), 164.522(b) (a request for confidential communications at an
alternative address). Whether State law sets majority above 18 is not modelled (45 CFR 164.502(g)(3) leaves it to State
law; see `MAJORITY_NOT_MODELLED`).
"""

from datetime import date
from enum import StrEnum

import msgspec

AGE_OF_MAJORITY = 18

MAJORITY_NOT_MODELLED: dict[str, int] = {"AL": 19, "NE": 19, "MS": 21}
"""States commonly said to set majority above 18. Not verified against primary text, so nobody is treated by it:
people between 18 and this age are flagged for counsel."""


class Audience(StrEnum):
    """Who reads the letter."""

    ADULT = "adult"
    PARENT_OF_MINOR = "parent_of_minor"
    NEXT_OF_KIN = "next_of_kin"
    PERSONAL_REPRESENTATIVE = "personal_representative"


class Address(msgspec.Struct, frozen=True, array_like=True):
    """A postal address as it is printed. `state` is a USPS code, or a province abroad; `country` empty for the US."""

    lines: tuple[str, ...] = ()
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""

    @property
    def given(self) -> bool:
        """Whether anything at all is stated."""
        return self is not NOWHERE and bool(self.lines or self.city or self.state or self.zip or self.country)

    @property
    def sufficient(self) -> bool:
        """Whether a carrier can find it: a street or box line, and the post office by city and State or by ZIP.

        Abroad a line and the country are all that can be asked for.
        """
        if not self.lines:
            return False
        return bool(self.country or self.zip or (self.city and self.state))

    @property
    def block(self) -> tuple[str, ...]:
        """The lines as they go on an envelope."""
        last = (
            f"{self.city}, {self.state} {self.zip}"
            if self.city and self.state
            else f"{self.city} {self.state} {self.zip}"
        )
        last = " ".join(last.split())
        return (*self.lines, *((last,) if last else ()), *((self.country.upper(),) if self.country else ()))


NOWHERE = Address()


class Contact(msgspec.Struct, frozen=True, array_like=True):
    """Somebody who reads a letter in the person's place."""

    name: str = ""
    address: Address = NOWHERE

    @property
    def given(self) -> bool:
        """Whether anything at all is stated."""
        return bool(self.name) or self.address.given


NOBODY = Contact()


class Person(msgspec.Struct, frozen=True, array_like=True):
    """One affected person. Sealed as an array, so fields are only ever appended, each with a default.

    An empty string means that the roster does not say. `deceased` and `email_consent` are None where it does not say:
    silence is neither consent nor death. `full_name` is the name as one string where the roster gives it so.
    `data_elements` are names of the facts contract, this person's own share of the exposed data. `state` is the State
    of residence by USPS code, empty where it is not known or abroad. `format` is `formats.LARGE_PRINT`, or another form
    in which the person asked for notices.
    """

    given_name: str = ""
    middle_name: str = ""
    family_name: str = ""
    suffix: str = ""
    full_name: str = ""
    honorific: str = ""
    address: Address = NOWHERE
    state: str = ""
    date_of_birth: date | None = None
    deceased: bool | None = None
    date_of_death: date | None = None
    guardian_name: str = ""
    next_of_kin: Contact = NOBODY
    representative: Contact = NOBODY
    confidential_address: Address = NOWHERE
    language: str = ""
    email: str = ""
    email_consent: bool | None = None
    phone: str = ""
    data_elements: tuple[str, ...] = ()
    patient_id: str = ""
    format: str = ""

    @property
    def name(self) -> str:
        """The name as it is written on an envelope, without honorific."""
        if self.given_name or self.family_name:
            parts = (self.given_name, self.middle_name, self.family_name)
            name = " ".join(part for part in parts if part)
        else:
            name = self.full_name
        return f"{name} {self.suffix}" if self.suffix else name

    @property
    def reachable_by_email(self) -> bool:
        """Whether the person agreed to notice by e-mail (45 CFR 164.404(d)(1)(i)) and an address is known."""
        return bool(self.email) and self.email_consent is True


class Addressee(msgspec.Struct, frozen=True):
    """To whom and where a letter goes. `salutation` is what follows "Dear"; `basis` is the rule that decided.

    `country` is empty for the United States.
    """

    name_lines: tuple[str, ...]
    address_lines: tuple[str, ...]
    salutation: str
    audience: Audience
    basis: str
    country: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The whole address block."""
        return (*self.name_lines, *self.address_lines)


class NoLetter(msgspec.Struct, frozen=True):
    """No letter can be sent, and why. `code` names the kind for counting, `reason` is for people."""

    code: str
    reason: str


INSUFFICIENT_ADDRESS = NoLetter(
    "insufficient_address",
    "no sufficient address is known: substitute notice (45 CFR 164.404(d)(2))",
)
CONFIDENTIAL_INCOMPLETE = NoLetter(
    "confidential_address_incomplete",
    "the confidential-communication address is incomplete, and the ordinary one must not be used "
    "(45 CFR 164.522(b)): substitute notice (45 CFR 164.404(d)(2))",
)
DECEASED_NO_NEXT_OF_KIN = NoLetter(
    "deceased_without_next_of_kin_address",
    "deceased, and no address of next of kin or personal representative is known: "
    "no letter and no substitute notice (45 CFR 164.404(d)(1)(ii), (d)(2))",
)
BY_EMAIL = NoLetter(
    "by_email",
    "no sufficient postal address, but the person agreed to electronic notice: send it by e-mail "
    "(45 CFR 164.404(d)(1)(i))",
)


def age_on(date_of_birth: date, on: date) -> int:
    """Completed years. Who was born on 29 February completes a year on 1 March of a common year."""
    return on.year - date_of_birth.year - ((on.month, on.day) < (date_of_birth.month, date_of_birth.day))


def is_minor(person: Person, on: date) -> bool | None:
    """Whether the person is under 18 on that date; None where the date of birth is not known."""
    if person.date_of_birth is None:
        return None
    return age_on(person.date_of_birth, on) < AGE_OF_MAJORITY


def is_deceased(person: Person) -> bool:
    """Whether the roster says that the person has died; nobody is taken for dead on silence."""
    return person.deceased is True or person.date_of_death is not None


def email_for(person: Person, on: date) -> str:
    """Where notice may go by e-mail on that date; empty where it may not (45 CFR 164.404(d)(1)(i)).

    The consent is the individual's own: for a minor, somebody who has died or is represented, nobody knows who reads
    there. Nor does it override a request to be reached elsewhere (164.522(b)).
    """
    own = not is_deceased(person) and not person.representative.given and not person.confidential_address.given
    minor = is_minor(person, on)
    grown = minor is False or (minor is None and not person.guardian_name)
    return person.email if person.reachable_by_email and own and grown else ""


class Route(msgspec.Struct, frozen=True):
    """Who reads the letter and where it goes. `reader` is empty where the person reads it or the name is not known."""

    audience: Audience
    address: Address
    basis: str
    reader: str = ""


_TO_THE_PERSON = "45 CFR 164.404(d)(1)(i)"


def route(person: Person, on: date) -> Route | NoLetter:
    """Who reads the letter about this person on that date, and where it goes.

    In order: a deceased person's personal representative, else next of kin (164.404(d)(1)(ii)); a living person's
    personal representative (164.502(g)); a minor's parent or guardian (164.502(g)(3)); the person. For the living the
    confidential-communication address, where one was asked for, is the only one used (164.522(b)).
    """
    if is_deceased(person):
        return _for_the_deceased(person)
    place = _place(person)
    if isinstance(place, NoLetter):
        return BY_EMAIL if email_for(person, on) else place
    confidential = " with 164.522(b)" if person.confidential_address.given else ""
    if person.representative.name:
        own = person.representative.address
        if own.sufficient and not confidential:
            place = own
        basis = f"45 CFR 164.502(g)(2){confidential}"
        return Route(Audience.PERSONAL_REPRESENTATIVE, place, basis, person.representative.name)
    minor = is_minor(person, on)
    # A guardian on file of somebody whose age is unknown is the only sign of minority there is.
    if minor or (minor is None and person.guardian_name):
        return Route(Audience.PARENT_OF_MINOR, place, f"45 CFR 164.502(g)(3){confidential}", person.guardian_name)
    return Route(Audience.ADULT, place, _TO_THE_PERSON + confidential)


def _place(person: Person) -> Address | NoLetter:
    if person.confidential_address.given:
        return person.confidential_address if person.confidential_address.sufficient else CONFIDENTIAL_INCOMPLETE
    if person.address.sufficient:
        return person.address
    own = person.representative
    return own.address if own.name and own.address.sufficient else INSUFFICIENT_ADDRESS


def _for_the_deceased(person: Person) -> Route | NoLetter:
    for contact, audience in (
        (person.representative, Audience.PERSONAL_REPRESENTATIVE),
        (person.next_of_kin, Audience.NEXT_OF_KIN),
    ):
        if contact.address.sufficient:
            return Route(audience, contact.address, "45 CFR 164.404(d)(1)(ii)", contact.name)
    return DECEASED_NO_NEXT_OF_KIN


_ROLES = {
    Audience.PARENT_OF_MINOR: "parent or guardian",
    Audience.NEXT_OF_KIN: "next of kin",
    Audience.PERSONAL_REPRESENTATIVE: "personal representative",
}


def addressee(person: Person, on: date) -> Addressee | NoLetter:
    """The address block and salutation of the letter about this person on that date; see `route` for who gets it."""
    way = route(person, on)
    if isinstance(way, NoLetter):
        return way
    block, audience = way.address.block, way.audience
    by = audience, way.basis, way.address.country
    if audience is Audience.ADULT:
        return Addressee((person.name,), block, person.name, *by)
    role = f"{_ROLES[audience]} of {person.name}"
    if not way.reader:
        return Addressee((f"To the {role}",), block, role, *by)
    return Addressee((way.reader, role[0].upper() + role[1:]), block, way.reader, *by)

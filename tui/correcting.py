"""Correcting an accepted person: what the form starts with, and the checks of an import on what was changed. Pure."""

from collections.abc import Mapping
from datetime import date

import msgspec

from incident.errors import InvalidInput
from incident.roster.mapping import FIELDS
from incident.roster.person import Address, Contact, Person
from incident.roster.reasons import sets_aside
from jurisdictions.vocabulary import USPS
from tui.mending import mended, named

RESIDENCE = "residence"
"""The State of residence, which an address usually tells and sometimes does not: a newer address, a military one."""

CORRECTED: tuple[str, ...] = (*(field for field in FIELDS if field != "street_number"), RESIDENCE)
"""What can be corrected, in the order of the form."""

_NAME = ("full_name", "honorific", "given_name", "middle_name", "family_name", "suffix")
_HOME = ("address1", "address2", "city", "state", "zip", "country")
_GROUPS: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = (
    (frozenset(_NAME), _NAME),
    (frozenset(_HOME), ("address",)),
    *(
        (frozenset(field for field in FIELDS if field.startswith(f"{part}_")), (attribute,))
        for part, attribute in (
            ("next_of_kin", "next_of_kin"),
            ("representative", "representative"),
            ("confidential", "confidential_address"),
        )
    ),
)
"""Fields that are read together -> the attributes of a person that they make; every other field is its own."""


def person_values(person: Person) -> dict[str, str]:
    """Field -> what is known, as a form or a file would have it; every field of `CORRECTED`."""
    values = {
        **{name: getattr(person, name) for name in _NAME},
        **_address_values("", person.address),
        "country": person.address.country,
        "date_of_birth": str(person.date_of_birth or ""),
        "deceased": _yes_no(person.deceased),
        "date_of_death": str(person.date_of_death or ""),
        "guardian_name": person.guardian_name,
        **_contact_values("next_of_kin", person.next_of_kin),
        **_contact_values("representative", person.representative),
        **_address_values("confidential_", person.confidential_address),
        "language": person.language,
        "format": person.format,
        "email": person.email,
        "email_consent": _yes_no(person.email_consent),
        "phone": person.phone,
        "data_elements": "; ".join(person.data_elements),
        "patient_id": person.patient_id,
        RESIDENCE: person.state,
    }
    return {field: values[field] for field in CORRECTED}


def _address_values(part: str, address: Address) -> dict[str, str]:
    first, *rest = address.lines or ("",)
    return {
        f"{part}address1": first,
        f"{part}address2": ", ".join(rest),
        f"{part}city": address.city,
        f"{part}state": address.state,
        f"{part}zip": address.zip,
    }


def _contact_values(part: str, contact: Contact) -> dict[str, str]:
    return {f"{part}_name": contact.name, **_address_values(f"{part}_", contact.address)}


def _yes_no(answer: bool | None) -> str:  # noqa: FBT001 - one value, three meanings
    return {True: "yes", False: "no", None: ""}[answer]


def corrected(
    person: Person, typed: Mapping[str, str], row: int, on: date, *, moved: bool = False
) -> tuple[Person, tuple[str, ...]]:
    """The person with what was typed, and what would set such a row aside, one line each.

    Only what was changed is read anew, through the checks of an import. A corrected address tells the State of
    residence; with `moved` it is a newer address, and the State at the time of the breach stays unless it is typed.

    Raises:
        InvalidInput: with one `field: message` line per fault.
    """
    known = person_values(person)
    unknown = sorted(typed.keys() - known.keys())
    if unknown:
        raise InvalidInput(*(f"{field}: no field of a person" for field in unknown))
    changed = {field for field, text in typed.items() if text.strip() != known[field]}
    residence = typed.get(RESIDENCE, "").strip().upper()
    if RESIDENCE in changed and residence and residence not in USPS:
        raise InvalidInput(f"{RESIDENCE}: {residence!r} is not the USPS code of a State or territory")
    values = {**known, **{field: typed[field].strip() for field in changed}}
    del values[RESIDENCE]
    checked = mended(values, row, on)
    assert checked.person is not None
    attributes = {field for field in changed if field != RESIDENCE}
    for fields, made in _GROUPS:
        if fields & attributes:
            attributes = (attributes - fields) | {*made}
    new = {name: getattr(checked.person, name) for name in attributes}
    if "address" in new and not moved:
        new["state"] = checked.person.state
    if RESIDENCE in changed:
        new["state"] = residence
    doubts = {code for code in checked.findings if sets_aside((code,))}
    if new.get("state", person.state):
        doubts.discard("residence_missing")
    return msgspec.structs.replace(person, **new), tuple(named(code) for code in sorted(doubts))

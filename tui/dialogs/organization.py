"""The organization: its standing facts and what notices print; how they are asked for, and changed later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from incident.errors import InvalidInput
from jurisdictions.facts import check_fact
from tui.answers import ENTITY_TYPES, HIPAA_ROLES, YES_NO, Choices, letter_of
from tui.dialogs.form import Field, FormDialog, Values
from tui.questions import LICENSES, read_licenses
from tui.session import Command, Session

_CHOSEN: Mapping[str, tuple[str, Choices]] = {
    "hipaa_role": ("HIPAA role", HIPAA_ROLES),
    "entity_type": ("Type", ENTITY_TYPES),
}
_STANDING: Mapping[str, str] = {
    "data_owner": "Owns its data",
    "phr_vendor": "Health-record app",
    "part2_program": "Part 2 program",
    "state_agency": "State agency",
}
"""Facts that several rules turn on; answered once here, they are not asked in the first hour."""

CONTACT: Mapping[str, str] = {
    "street": "Street",
    "street2": "Street, line 2",
    "city": "City",
    "zip": "ZIP",
    "phone": "Phone",
    "toll_free": "Toll-free phone",
    "email": "E-mail",
    "website": "Website",
    "privacy_officer": "Privacy officer",
    "signatory_name": "Signs letters",
    "signatory_title": "Their title",
}
"""What notices print (45 CFR 164.404(c)(1)(E) asks for contact procedures); it may be completed later."""


def organization_fields(facts: Mapping[str, Any], contact: Mapping[str, str]) -> list[Field]:
    """The fields, filled in with what is known."""
    known = {path.removeprefix("organization."): value for path, value in facts.items()}
    licenses = known.get("licenses")
    held = None if licenses is None else " ".join(key for key, value in LICENSES.items() if value in licenses) or "none"
    return [
        Field("name", "Organization", known.get("name") or "", required=True),
        Field("state", "State", known.get("state") or "", required=True, hint="IL", check=_state),
        Field(
            "time_zone",
            "Time zone",
            known.get("time_zone") or "America/Chicago",
            required=True,
            hint="America/Chicago",
            check=lambda text: _fact("organization.time_zone", text),
        ),
        *(
            Field(
                name, label, _letter(choices, known.get(name)), required=True, hint=_hint(choices), check=_of(choices)
            )
            for name, (label, choices) in _CHOSEN.items()
        ),
        Field(
            "licenses",
            "California licences",
            held or "",
            hint="none, or any of " + " ".join(LICENSES),
            check=lambda text: " ".join(read_licenses(text)) or "none",
        ),
        *(
            Field(name, label, _letter(YES_NO, known.get(name)), hint="y, n; empty: asked later", check=_of(YES_NO))
            for name, label in _STANDING.items()
        ),
        *(Field(name, label, contact.get(name) or "", hint="may wait") for name, label in CONTACT.items()),
    ]


def organization_of(values: Values) -> tuple[dict[str, Any], dict[str, str]]:
    """Standing facts by contract path, and contact details, from a filled-in form."""
    state = values["state"].upper()
    facts: dict[str, Any] = {
        "organization.name": values["name"],
        "organization.state": state,
        "organization.time_zone": values["time_zone"],
    }
    for name, (_, choices) in _CHOSEN.items():
        facts[f"organization.{name}"] = _choice(choices, values[name])[1]
    if values["licenses"]:
        facts["organization.licenses"] = read_licenses(values["licenses"])
    facts |= {f"organization.{name}": _choice(YES_NO, values[name])[1] for name in _STANDING if values[name]}
    return facts, {name: values[name] for name in CONTACT if values[name]} | {"state": state}


def organization_form(session: Session) -> FormDialog:
    """Change what is known of the organization; incidents taken up before keep theirs."""
    case = session.case

    def command(values: Values) -> Command:
        facts, contact = organization_of(values)
        return lambda service: service.case.describe({**case.facts, **facts}, {**case.contact, **contact})

    note = "Incidents taken up before keep their facts; their notices print the new contact details."
    return FormDialog("Organization", organization_fields(case.facts, case.contact), note=note, command=command)


def _state(text: str) -> str:
    return _fact("organization.state", text.upper())


def _fact(path: str, value: str) -> str:
    if faults := check_fact(path, value):
        raise InvalidInput("; ".join(fault.message for fault in faults))
    return value


def _letter(choices: Choices, value: object) -> str:
    return letter_of(choices, value) or ""


def _hint(choices: Choices) -> str:
    return ", ".join(f"{letter} {words}" for letter, words in choices.options)


def _of(choices: Choices) -> Callable[[str], str]:
    return lambda text: _choice(choices, text)[0]


def _choice(choices: Choices, text: str) -> tuple[str, Any]:
    letter = text.strip().lower()
    if letter not in choices.by_letter:
        raise InvalidInput(_hint(choices))
    return choices.by_letter[letter]

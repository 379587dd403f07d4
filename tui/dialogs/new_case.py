"""The wizard for a new case file: an organization, its standing facts, and the first people who may open it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from incident.errors import InvalidInput
from jurisdictions.facts import check_fact
from tui import recent
from tui.answers import ENTITY_TYPES, HIPAA_ROLES, YES_NO, Choices
from tui.dialogs.form import Field, FormDialog, Values

_STANDING = (
    ("data_owner", "Owns its data"),
    ("phr_vendor", "Health-record app"),
    ("part2_program", "Part 2 program"),
    ("state_agency", "State agency"),
)
"""Facts about the organization that several rules turn on; answered once here, they are not asked in the first hour."""

_CONTACT = (
    ("street", "Street"),
    ("city", "City"),
    ("zip", "ZIP"),
    ("phone", "Toll-free phone"),
    ("email", "E-mail"),
    ("website", "Website"),
    ("privacy_officer", "Privacy officer"),
)
"""What notices print (45 CFR 164.404(c)(1)(E) asks for contact procedures); may be completed later."""


if TYPE_CHECKING:
    from tui.compose import Workspace


def new_case_form() -> FormDialog:
    """The form; its answer is the open workspace."""
    fields = [
        Field("folder", "Folder", str(Path("~/breach-case")), required=True, hint="a new folder", check=_new_folder),
        Field("name", "Organization", required=True),
        Field("state", "State", required=True, hint="IL", check=lambda text: _fact("organization.state", text.upper())),
        Field(
            "time_zone",
            "Time zone",
            "America/Chicago",
            required=True,
            hint="America/Chicago",
            check=lambda text: _fact("organization.time_zone", text),
        ),
        Field(
            "hipaa_role",
            "HIPAA role",
            required=True,
            hint="c covered entity, b business associate, n neither",
            check=lambda text: _choice(HIPAA_ROLES, text)[0],
        ),
        Field(
            "entity_type",
            "Type",
            required=True,
            hint="p provider, h plan, l clearinghouse, o other",
            check=lambda text: _choice(ENTITY_TYPES, text)[0],
        ),
        *(Field(name, label, hint="y, n; empty: asked when it matters", check=_yes_no) for name, label in _STANDING),
        *(Field(name, label, hint="may wait" if name != "state" else "") for name, label in _CONTACT),
        Field("user", "Your user name", required=True, hint="dana"),
        Field("person", "Your name", required=True),
        Field("passphrase", "Passphrase", required=True, secret=True, hint="12 characters or more; four words do"),
        Field("again", "Again", required=True, secret=True),
        Field("counsel", "Counsel's user", hint="who approves notices; may wait"),
        Field("counsel_name", "Counsel's name"),
        Field("counsel_passphrase", "Their passphrase", secret=True),
    ]
    note = "Everything in the folder is encrypted with the passphrase. Nobody can recover it: write it down safely."
    return FormDialog("New case", fields, note=note, job=_create, commit="make the case")


def _create(values: Values) -> Workspace:
    # The stores are loaded in the thread that makes the case, not before the first screen.
    from tui.compose import Person, create_workspace  # noqa: PLC0415

    if values["passphrase"] != values["again"]:
        raise InvalidInput("again: the two passphrases are not the same")
    people = [Person(user=values["user"], name=values["person"], role="incident_lead", passphrase=values["passphrase"])]
    if values["counsel"]:
        if not values["counsel_passphrase"]:
            raise InvalidInput("counsel_passphrase: counsel needs a passphrase of their own")
        people.append(
            Person(
                user=values["counsel"],
                name=values["counsel_name"] or values["counsel"],
                role="counsel",
                passphrase=values["counsel_passphrase"],
            )
        )
    state = values["state"].upper()
    facts: dict[str, Any] = {
        "organization.name": values["name"],
        "organization.state": state,
        "organization.time_zone": values["time_zone"],
        "organization.hipaa_role": _choice(HIPAA_ROLES, values["hipaa_role"])[1],
        "organization.entity_type": _choice(ENTITY_TYPES, values["entity_type"])[1],
    }
    facts |= {f"organization.{name}": _choice(YES_NO, values[name])[1] for name, _ in _STANDING if values[name]}
    contact = {name: values[name] for name, _ in _CONTACT if values[name]} | {"state": state}
    folder = Path(values["folder"]).expanduser()
    workspace = create_workspace(folder, name=values["name"], facts=facts, contact=contact, people=people)
    recent.remember(folder)
    return workspace


def _yes_no(text: str) -> str:
    return _choice(YES_NO, text)[0]


def _new_folder(text: str) -> str:
    path = Path(text).expanduser()
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise InvalidInput(f"{path} exists already; choose another place")
    return str(path.absolute())


def _fact(path: str, value: str) -> str:
    if faults := check_fact(path, value):
        raise InvalidInput("; ".join(fault.message for fault in faults))
    return value


def _choice(choices: Choices, text: str) -> tuple[str, Any]:
    letter = text.strip().lower()
    if letter not in choices.by_letter:
        raise InvalidInput(", ".join(f"{each} {words}" for each, words in choices.options))
    return choices.by_letter[letter]

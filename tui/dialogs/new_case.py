"""The wizard for a new case file: the organization, and the first people who may open it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from incident.errors import InvalidInput
from incident.stores.naming import read_place
from tui import recent
from tui.dialogs.form import Field, FormDialog, Values
from tui.dialogs.organization import organization_fields, organization_of

if TYPE_CHECKING:
    from tui.compose import Workspace


def new_case_form() -> FormDialog:
    """The form; its answer is the open workspace."""
    fields = [
        Field("folder", "Folder or URL", str(Path("~/breach-case")), required=True, hint="a new one", check=_new_place),
        *organization_fields({}, {}),
        Field("user", "Your user name", required=True, hint="dana"),
        Field("person", "Your name", required=True),
        Field("passphrase", "Passphrase", required=True, secret=True, hint="12 characters or more; four words do"),
        Field("again", "Again", required=True, secret=True),
        Field("counsel", "Counsel's user", hint="who approves notices; may wait"),
        Field("counsel_name", "Counsel's name"),
        Field("counsel_passphrase", "Their passphrase", secret=True),
    ]
    note = "Everything in it is encrypted. A recovery code is shown once, in case that a passphrase is lost."
    return FormDialog("New case", fields, note=note, job=_create, commit="make the case")


def _create(values: Values) -> Workspace:
    # The stores are loaded in the thread that makes the case, not before the first screen.
    from tui.compose import create_workspace  # noqa: PLC0415
    from tui.logins import Person  # noqa: PLC0415

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
    facts, contact = organization_of(values)
    place = read_place(values["folder"])
    workspace = create_workspace(place, name=values["name"], facts=facts, contact=contact, people=people, recovery=True)
    recent.remember(place)
    return workspace


def _new_place(text: str) -> str:
    path = read_place(text)
    if not isinstance(path, Path):
        return str(path)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise InvalidInput(f"{path} exists already; choose another place")
    return str(path.absolute())

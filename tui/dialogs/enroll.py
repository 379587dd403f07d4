"""Letting another person open the case: a user name, a role, and a passphrase of their own."""

from __future__ import annotations

from incident.access.secrets import SecretText
from incident.errors import InvalidInput
from incident.service import Receipt, Service
from tui.dialogs.form import Field, FormDialog, Values
from tui.session import Command, Session

_ROLES = {"l": "incident_lead", "c": "counsel", "f": "facilitator", "e": "examiner"}


def enroll_form(session: Session) -> FormDialog:
    """The form; what it recorded comes with the user's name and their recovery code, to be shown this once."""
    taken = {row.user.casefold() for row in session.queries.users()}

    def user(text: str) -> str:
        if text.casefold() in taken:
            raise InvalidInput(f"{text} may open the case already")
        return text

    def role(text: str) -> str:
        if text.strip().lower() not in _ROLES:
            raise InvalidInput("l incident lead, c counsel, f facilitator, e examiner (reads only)")
        return _ROLES[text.strip().lower()].replace("_", " ")

    def command(values: Values) -> Command:
        if values["passphrase"] != values["again"]:
            raise InvalidInput("again: the two passphrases are not the same")

        def enroll(service: Service) -> tuple[tuple[str, SecretText | None], Receipt]:
            role = _ROLES[values["role"].lower()]
            code, receipt = service.access.enroll(values["user"], values["name"], role, values["passphrase"])
            return (values["user"], code), receipt

        return enroll

    fields = [
        Field("user", "User name", required=True, hint="kim", check=user),
        Field("name", "Name", required=True),
        Field("role", "Role", required=True, hint="l lead, c counsel, f facilitator, e examiner", check=role),
        Field("passphrase", "Passphrase", required=True, secret=True, hint="12 characters or more"),
        Field("again", "Again", required=True, secret=True),
    ]
    people = ", ".join(f"{row.name} ({row.role.replace('_', ' ')})" for row in session.queries.users())
    return FormDialog("Who else may open this case?", fields, note=f"So far: {people}", command=command)

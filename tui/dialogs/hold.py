"""A law-enforcement delay (45 CFR 164.412; State laws): who asked, how, when, until when."""

from typing import Any
from uuid import UUID

from incident.errors import InvalidInput
from tui.dialogs.form import Field, FormDialog, Values
from tui.entry import read_day
from tui.session import Command, Session

_KINDS = {"o": "oral", "w": "written"}


def hold_form(session: Session, incident_id: UUID) -> FormDialog:
    """The form; it adds a hold to those already recorded."""

    def day(text: str) -> str:
        return read_day(text).isoformat()

    def kind(text: str) -> str:
        if text.lower() not in _KINDS:
            raise InvalidInput("o oral, w written")
        return _KINDS[text.lower()]

    def command(values: Values) -> Command:
        hold: dict[str, Any] = {
            "agency": values["agency"],
            "kind": kind(values["kind"]),
            "stated_on": day(values["stated_on"]),
            "until": day(values["until"]) if values["until"] else None,
            "scope": None,
        }
        fact = session.queries.facts(incident_id).get("law_enforcement_holds")
        holds = [*((fact.value if fact is not None else None) or []), hold]
        return lambda service: service.incidents.record_facts(
            incident_id, {"law_enforcement_holds": holds}, source=values["agency"], because=values["because"]
        )

    return FormDialog(
        "Law-enforcement delay",
        [
            Field("agency", "Agency", required=True, hint="FBI Chicago"),
            Field("kind", "Oral or written", required=True, hint="o oral, w written", check=kind),
            Field("stated_on", "Asked on", required=True, hint="2026-11-20", check=day),
            Field("until", "Until", hint="the day stated in writing; empty: none stated", check=day),
            Field("because", "Who said what", required=True, hint="name and office of the official"),
        ],
        note="An oral statement delays for 30 days at most unless a written one follows (45 CFR 164.412(b)).",
        command=command,
    )

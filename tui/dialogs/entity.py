"""What is asked of a covered entity, and when it was told."""

from uuid import UUID

from incident.entities import DETAILS
from incident.errors import InvalidInput
from incident.events import JsonValue
from incident.views.entities import EntityRow
from jurisdictions.vocabulary import EntityType
from tui import documents
from tui.dialogs.form import Field, FormDialog, Values
from tui.presenters import day
from tui.session import Command, Session

_SAID = {"y": True, "yes": True, "n": False, "no": False, "?": None, "": None}
_LABELS = {
    "type": "Type",
    "street1": "Street",
    "street2": "Second line",
    "city": "City",
    "state": "State",
    "zip": "ZIP",
    "contact_name": "Contact",
    "contact_email": "Contact email",
    "contact_phone": "Contact phone",
}


def entity_form(incident_id: UUID, row: EntityRow | None) -> FormDialog:
    """Name a covered entity, or correct one."""

    def command(values: Values) -> Command:
        known = {
            "individuals": read_people(values["individuals"]),
            "agent": read_said("agent", values["agent"]),
            "delegated": read_said("delegated", values["delegated"]),
            "details": {name: values[name] for name in DETAILS},
        }
        number = row.number if row is not None else None
        because = values.get("because")
        return lambda service: service.entities.record(
            incident_id, values["name"], number=number, because=because, **known
        )

    people = "" if row is None else _typed(row.individuals)
    fields = [
        Field("name", "Covered entity", row.name if row is not None else "", required=True),
        Field("individuals", "Individuals", people, hint="a number, 400-450, or ? for unknown", check=_people_words),
        Field("agent", "You its agent?", _said(row, "agent"), hint="y or n, by federal common law; ? open"),
        Field(
            "delegated", "You file for it?", _said(row, "delegated"), hint="y: you file with HHS; n: it does; ? open"
        ),
        *(
            Field(name, _LABELS[name], row.details.get(name, "") if row is not None else "", hint=_hint(name))
            for name in DETAILS
        ),
    ]
    if row is not None:
        fields.append(Field("because", "Why corrected", required=True))
    note = "What its report to HHS prints. Its own number of individuals decides between 164.408(b) and (c)."
    return FormDialog("Covered entity" if row is None else f"Correct {row.name}", fields, note=note, command=command)


def told_form(session: Session, incident_id: UUID, row: EntityRow) -> FormDialog:
    """When and how a covered entity was told."""
    today = session.now().astimezone(session.zone(incident_id)).date()

    def check(text: str) -> str:
        return day(documents.past_day(text, today))

    def command(values: Values) -> Command:
        on = documents.past_day(values["on"], today)
        return lambda service: service.entities.record_told(incident_id, row.number, on, values["how"])

    fields = [
        Field("on", "Told on", today.isoformat(), required=True, hint="YYYY-MM-DD", check=check),
        Field("how", "How", "letter", required=True, hint="letter, e-mail, telephone"),
    ]
    note = f"{row.name}. The duty of 45 CFR 164.410 is met when each covered entity has been told."
    return FormDialog("Record as told", fields, note=note, command=command)


def read_people(text: str) -> JsonValue:
    """An integer, a range, or None for unknown.

    Raises:
        InvalidInput: neither of these.
    """
    words = text.replace(",", "").replace(" ", "").strip()
    if words in {"", "?"}:
        return None
    low, dash, high = words.partition("-")
    if low.isascii() and low.isdigit() and (not dash or (high.isascii() and high.isdigit())):
        return {"min": int(low), "max": int(high)} if dash else int(low)
    raise InvalidInput("individuals: a whole number, a range such as 400-450, or ?")


def read_said(name: str, text: str) -> bool | None:
    """Yes, no, or None for open.

    Raises:
        InvalidInput: neither of these.
    """
    if (said := text.strip().lower()) not in _SAID:
        raise InvalidInput(f"{name}: y, n or ?")
    return _SAID[said]


def _people_words(text: str) -> str:
    match read_people(text):
        case None:
            return "unknown"
        case {"min": low, "max": high}:
            return f"{low:,} to {high:,} individuals"
        case number:
            return f"{number:,} individuals"


def _typed(people: JsonValue) -> str:
    match people:
        case None:
            return "?"
        case {"min": low, "max": high}:
            return f"{low}-{high}"
        case _:
            return str(people)


def _said(row: EntityRow | None, name: str) -> str:
    value = getattr(row, name) if row is not None else None
    return {True: "y", False: "n", None: ""}[value]


def _hint(name: str) -> str:
    return ", ".join(EntityType) if name == "type" else ""

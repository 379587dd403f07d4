"""What is asked when a report or an addendum was filed."""

from datetime import date
from pathlib import Path
from uuid import UUID

from incident.errors import InvalidInput
from incident.views.queries import FilingRow
from tui import documents
from tui.dialogs.form import Field, FormDialog, Values
from tui.dialogs.paths import PathFormDialog, existing_file
from tui.presenters import day
from tui.session import Command, Session


def filing_form(session: Session, incident_id: UUID, filing: FilingRow, known: int | None) -> FormDialog:
    """What is asked when a report was filed."""
    workspace, today = session.workspace, _today(session, incident_id)

    def command(values: Values) -> Command:
        on, count = documents.past_day(values["on"], today), read_count(values["count"])
        receipt = Path(values["receipt"]).expanduser() if values["receipt"] else None
        return lambda service: workspace.documents.submit_filing(
            filing.id,
            on=on,
            channel=values["channel"],
            tracking=values["tracking"] or None,
            count=count,
            receipt=receipt.read_bytes() if receipt is not None else None,
        )

    fields = [
        _day_field("Filed on", today),
        Field("channel", "How", "portal", required=True, hint="portal, e-mail, mail"),
        Field("tracking", "Tracking number", hint="as the regulator gave it; may follow in an addendum"),
        Field("count", "People reported", f"{known}" if known is not None else "", check=_count_words),
        Field("receipt", "Receipt", hint="a file to keep, encrypted", check=existing_file),
    ]
    note = f"{filing.recipient}. The duty is met on that day, and what waits on it starts."
    return PathFormDialog("Record as filed", fields, paths=["receipt"], note=note, command=command)


def addendum_form(session: Session, incident_id: UUID, filing: FilingRow, known: int | None) -> FormDialog:
    """What is asked when an addendum was filed."""
    today = _today(session, incident_id)

    def command(values: Values) -> Command:
        on, count = documents.past_day(values["on"], today), read_count(values["count"])
        return lambda service: service.filings.file_addendum(
            filing.id, on=on, tracking=values["tracking"] or None, count=count
        )

    fields = [
        _day_field("Filed on", today),
        Field("tracking", "Tracking number"),
        Field("count", "People reported", f"{known}" if known is not None else "", check=_count_words),
    ]
    told = f"{filing.count:,} people were told before." if filing.count is not None else "No number was told before."
    note = f"{filing.recipient}. {told} The first date of filing stands."
    return FormDialog("Record an addendum", fields, note=note, command=command)


def read_count(text: str) -> int | None:
    """A number of people, or nothing.

    Raises:
        InvalidInput: it is no whole number.
    """
    digits = text.replace(",", "").strip()
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit()):
        raise InvalidInput("count: a whole number of people, or empty")
    return int(digits)


def _count_words(text: str) -> str:
    return f"{read_count(text):,} people"


def _day_field(label: str, today: date) -> Field:
    def check(text: str) -> str:
        return day(documents.past_day(text, today))

    return Field("on", label, today.isoformat(), required=True, hint="YYYY-MM-DD", check=check)


def _today(session: Session, incident_id: UUID) -> date:
    return session.now().astimezone(session.zone(incident_id)).date()

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
        on, count, estimated = _told(values, today)
        return lambda service: workspace.documents.submit_filing(
            filing.id,
            on=on,
            channel=values["channel"],
            tracking=values["tracking"] or None,
            count=count,
            estimated=estimated,
            receipt=_content(values["receipt"]),
        )

    fields = [
        _day_field("Filed on", today),
        Field("channel", "How", "portal", required=True, hint="portal, e-mail, mail"),
        Field("tracking", "Tracking number", hint="as the regulator gave it; r records it later"),
        *_count_fields(known),
        _RECEIPT,
    ]
    note = f"{filing.recipient}. The duty is met on that day, and what waits on it starts."
    return PathFormDialog("Record as filed", fields, paths=["receipt"], note=note, command=command)


def addendum_form(session: Session, incident_id: UUID, filing: FilingRow, known: int | None) -> FormDialog:
    """What is asked when an addendum was filed."""
    workspace, today = session.workspace, _today(session, incident_id)

    def command(values: Values) -> Command:
        on, count, estimated = _told(values, today)
        return lambda service: workspace.documents.file_addendum(
            filing.id,
            on=on,
            channel=values["channel"],
            tracking=values["tracking"] or None,
            count=count,
            estimated=estimated,
            receipt=_content(values["receipt"]),
        )

    fields = [
        _day_field("Filed on", today),
        Field("channel", "How", filing.channel or "portal", required=True, hint="portal, e-mail, mail"),
        Field("tracking", "Tracking number", hint="of the addendum, where it has one of its own"),
        *_count_fields(known),
        _RECEIPT,
    ]
    told = f"{filing.count:,} people were told before." if filing.count is not None else "No number was told before."
    note = f"{filing.recipient}. {told} The first date of filing stands."
    return PathFormDialog("Record an addendum", fields, paths=["receipt"], note=note, command=command)


def receipt_form(filing: FilingRow) -> FormDialog:
    """What is asked when the regulator answered after the filing."""

    def command(values: Values) -> Command:
        return lambda service: service.filings.record_receipt(
            filing.id, values["tracking"] or None, _content(values["receipt"])
        )

    fields = [Field("tracking", "Tracking number", hint="as the regulator gave it"), _RECEIPT]
    return PathFormDialog("Record what came back", fields, paths=["receipt"], note=filing.recipient, command=command)


_RECEIPT = Field("receipt", "Receipt", hint="a file to keep, encrypted", check=existing_file)
_SAID = {"y": True, "yes": True, "n": False, "no": False, "": None}


def _count_fields(known: int | None) -> tuple[Field, ...]:
    return (
        Field("count", "People reported", f"{known}" if known is not None else "", check=_count_words),
        Field("estimated", "An estimate?", hint="y: an estimate or placeholder, such as 501", check=_estimate_words),
    )


def _told(values: Values, today: date) -> tuple[date, int | None, bool | None]:
    """The day, the number, and whether it was an estimate."""
    return documents.past_day(values["on"], today), read_count(values["count"]), read_estimate(values["estimated"])


def _content(path: str) -> bytes | None:
    return Path(path).expanduser().read_bytes() if path else None


def read_estimate(text: str) -> bool | None:
    """Whether a reported number was an estimate; None where nothing was said.

    Raises:
        InvalidInput: neither yes nor no.
    """
    if (said := text.strip().lower()) not in _SAID:
        raise InvalidInput("estimated: y or n, or empty")
    return _SAID[said]


def _estimate_words(text: str) -> str:
    return {True: "an estimate or a placeholder", False: "counted", None: "not said"}[read_estimate(text)]


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

"""The accounting of disclosures of one person, and the form that says who received the information."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from incident.errors import InvalidInput
from tui.accounting import lines_of
from tui.dialogs.form import Field, FormDialog, Values
from tui.dialogs.lines import LinesDialog

if TYPE_CHECKING:
    from tui.screens.base import CaseScreen
    from tui.session import Command

_ANSWERS = {"y": True, "n": False, "?": None}


def show_accounting(screen: CaseScreen, incident_id: UUID, code: str) -> None:
    """Show the line of a person; d goes on to say who received the information."""
    session = screen.session
    on = session.now().astimezone(session.zone(incident_id)).date()
    line = session.service.accounting.of_person(code, on, session.queries)

    def chosen(key: str | None) -> None:
        if key == "d":
            screen.ask_form("describe", describe_form(incident_id))

    more = [("d", "say who received it")] if session.viewpoint is None else []
    screen.app.push_screen(LinesDialog("Accounting of disclosures", lines_of(line), more), chosen)


def describe_form(incident_id: UUID) -> FormDialog:
    """Whether it left the organization, and who received it."""

    def command(values: Values) -> Command:
        _read(values["outside"])
        return lambda service: service.accounting.describe(
            incident_id,
            outside=_read(values["outside"]),
            recipient=values["recipient"],
            address=values["address"],
            described=values["described"],
            purpose=values["purpose"],
        )

    return FormDialog(
        "Who received the information?",
        [
            Field("outside", "Left us", required=True, hint="y it left the organization, n it did not, ? not known",
                  check=lambda text: {True: "yes", False: "no", None: "not known"}[_read(text)]),
            Field("recipient", "Received by", hint="a person or an organization; empty: not known"),
            Field("address", "Their address", hint="if known"),
            Field("described", "What", hint="empty: the kinds of data of the record"),
            Field("purpose", "Basis", hint="empty: not permitted by the Privacy Rule"),
        ],
        note="For the accounting of disclosures of everybody in this incident. It goes into the log: name none of the "
        "people affected.",
        command=command,
    )  # fmt: skip


def _read(text: str) -> bool | None:
    if text.strip().lower() not in _ANSWERS:
        raise InvalidInput("outside: y, n or ?")
    return _ANSWERS[text.strip().lower()]

"""Hand-over: what is new since somebody last read, what is due, what waits; giving a shift and taking it."""

from typing import Any, ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.binding import Binding

from incident.access.roles import MAY_RECORD
from incident.errors import InvalidInput
from incident.service import Receipt
from incident.views.queries import Queries
from incident.views.shifts import Shift, shift_of
from tui import shifts
from tui.dialogs.form import Field, FormDialog, Values
from tui.screens.base import IncidentScreen
from tui.session import Command
from tui.widgets.panel import Panel


class HandoverScreen(IncidentScreen):
    """Opened by H from any screen of the incident."""

    TITLE_WORDS = "Hand-over"
    HELP = "Everything somebody needs who goes on. m says that you have read it; t takes what was handed to you."
    BINDINGS: ClassVar = [
        Binding("g", "give", "Give", tooltip="Hand over to somebody, with a note"),
        Binding("t", "take", "Take", tooltip="Take the hand-over that is addressed to you"),
        Binding("m", "mark", "Mark read", tooltip="Say that you have read the log up to now"),
        Binding("down,j", "scroll(1)", "Down", show=False),
        Binding("up,k", "scroll(-1)", "Up", show=False),
        Binding("pagedown,space", "scroll(10)", "Page down", show=False),
        Binding("pageup", "scroll(-10)", "Page up", show=False),
    ]

    def __init__(self, incident_id: UUID) -> None:
        super().__init__(incident_id)
        self._shift: Shift | None = None

    def compose_body(self) -> ComposeResult:
        """One page of text."""
        yield Panel(id="shift")

    def load(self) -> None:
        """Read what is new, as of the moment in view."""
        user, now, zone = self.session.person.user, self.session.now(), self.session.zone(self.incident_id)

        def query(queries: Queries) -> Shift:
            return shift_of(queries, self.incident_id, user, now=now, zone=zone)

        self.read("shift", query)

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The page."""
        if what != "shift":
            return
        self._shift = value
        lines = shifts.shift_lines(value, self.session.now(), self.session.zone(self.incident_id))
        self.query_one("#shift", Panel).show(*lines)

    def action_scroll(self, lines: int) -> None:
        """Move the text."""
        self.query_one("#shift", Panel).scroll_relative(y=lines, animate=False)

    def action_give(self) -> None:
        """g: to whom, and what they need to know first."""
        incident_id, me = self.incident_id, self.session.person.user
        takers = MAY_RECORD["handover.acknowledged"].roles
        users = self.session.queries.users()
        others = {row.user: row.name for row in users if row.user != me and row.role in takers}

        def known(text: str) -> str:
            if text not in others:
                raise InvalidInput(f"there are {', '.join(others) or 'no others'}")
            return others[text]

        def command(values: Values) -> Command:
            return lambda service: service.shifts.give(incident_id, values["to"], values["note"])

        only = next(iter(others)) if len(others) == 1 else ""
        form = FormDialog(
            "Hand over",
            [
                Field("to", "To", only, required=True, hint=" ".join(others), check=known),
                Field("note", "Note", required=True, hint="what they need to know first"),
            ],
            note="The note is readable to all who work on the case: keep advice out of it.",
            command=command,
            commit="hand over",
        )
        self.ask_form("give", form)

    def action_take(self) -> None:
        """t: take over what was handed over."""
        self._record("take", lambda service: service.shifts.take(self.incident_id))

    def action_mark(self) -> None:
        """m: all of it was read."""
        position = self._shift.position if self._shift is not None else None
        self._record("mark", lambda service: service.shifts.mark_read(self.incident_id, position))

    def _record(self, act: str, command: Command) -> None:
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
        else:
            self.perform(act, command)

    def performed(self, act: str, receipt: Receipt, result: Any) -> None:  # noqa: ANN401
        """Say it where nothing was left to be read."""
        del result
        if act == "mark" and not receipt.events:
            self.status.say("You had read all of it.")

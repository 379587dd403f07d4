"""Calls about the incident: the newest first, found by any of their words, recorded with three fields."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Input

from incident.calls import LETTERS, counts
from incident.commands.calls import HeardCall
from incident.errors import InvalidInput
from incident.service import Service
from incident.views.queries import Queries
from tui import calls
from tui.dialogs.form import Field, FormDialog, Values
from tui.entry import read_moment
from tui.presenters import moment
from tui.screens.base import IncidentScreen
from tui.session import Command
from tui.widgets.frame import Line
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable

_EMPTY = (
    "No calls yet.",
    "",
    "r records a call that was received, m one that was made: who, what was asked, what was answered.",
    "The words are sealed; they go with the person when the person is erased.",
)
SHOWN = 500


class CallsScreen(IncidentScreen):
    """Opened by T from any screen of the incident, with the form for a call over it."""

    TITLE_WORDS = "Calls"
    HELP = "Who, about what, and what was promised. / finds a call by any of its words."
    BINDINGS: ClassVar = [
        Binding("r", "received", "Received", tooltip="Record a call that was received"),
        Binding("m", "made", "Made", tooltip="Record a call that was made"),
        Binding("f", "follow_up", "Followed up", tooltip="Record that what was promised in this call was done"),
        Binding("slash", "search", "Find", tooltip="Find calls by any of their words", key_display="/"),
        Binding("E", "erase", "Erase", show=False, tooltip="Erase the words of the call under the cursor"),
    ]

    def __init__(self, incident_id: UUID) -> None:
        super().__init__(incident_id)
        self._heard: dict[str, HeardCall] = {}
        self._wanted = ""

    def compose_head(self) -> ComposeResult:
        """Sections, and the counts."""
        yield from super().compose_head()
        yield Line(id="summary")

    def compose_body(self) -> ComposeResult:
        """The calls, the one under the cursor in full, and the line to find by."""
        yield RecordTable(
            [
                Column("#", 6), Column("WHEN", 12), Column("WAY", 4), Column("WHO", 10, 1), Column("ABOUT", 11),
                Column("WHAT WAS ASKED", 16, 3), Column("FOLLOW UP", 16),
            ],
            id="calls",
        )  # fmt: skip
        yield Panel(id="about")
        yield Panel(id="empty")
        yield Input(placeholder="any words of the call; Enter shows them, empty shows all", id="find", compact=True)

    def on_mount(self) -> None:
        """Straight to the form, for a call is coming in; Esc shows all calls."""
        self.query_one("#find", Input).display = False
        if self.session.viewpoint is None and self.forbidden("received") is None:
            self.call_after_refresh(self.action_received)

    @property
    def _today(self) -> date:
        return self.session.now().astimezone(self.session.zone(self.incident_id)).date()

    def load(self) -> None:
        """Read the calls as of the moment in view."""
        session, incident_id, wanted = self.session, self.incident_id, self._wanted

        def query(queries: Queries) -> tuple[HeardCall, ...]:
            return session.service.calls.heard(incident_id, wanted, queries)

        self.read("calls", query)

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The calls that were found."""
        zone = self.session.zone(self.incident_id)
        self._heard = {str(each.call.position): each for each in value[:SHOWN]}
        found = counts((each.call for each in value), zone, self._today)
        words = calls.count_line(found, self._today) if value or not self._wanted else "No call has these words."
        only = f"With {self._wanted!r}: " if self._wanted else ""
        self.query_one("#summary", Line).show(f"{only}{words}")
        table = self.query_one(RecordTable)
        table.show_rows({key: calls.call_cells(each, zone, self._today) for key, each in self._heard.items()})
        table.display = bool(self._heard)
        about, empty = self.query_one("#about", Panel), self.query_one("#empty", Panel)
        about.display, empty.display = bool(self._heard), not self._heard
        if not self._heard:
            empty.show(*_EMPTY)
        elif self.focused is None:
            table.focus()
        self._show_about()

    @on(RecordTable.RowHighlighted)
    def _show_about(self) -> None:
        heard = self._current
        if heard is not None:
            self.query_one("#about", Panel).show(*calls.call_lines(heard, self.session.zone(self.incident_id)))

    @property
    def _current(self) -> HeardCall | None:
        return self._heard.get(self.query_one(RecordTable).current_key or "")

    def action_received(self) -> None:
        """r: somebody called."""
        self._ask("received")

    def action_made(self) -> None:
        """m: somebody was called."""
        self._ask("made")

    def _ask(self, direction: str) -> None:
        incident_id, today, zone = self.incident_id, self._today, self.session.zone(self.incident_id)
        session, reference = self.session, self.incident.reference

        def when(text: str) -> str:
            return moment(read_moment(text, session.now(), zone), zone)

        def command(values: Values) -> Command:
            words, row = calls.read_words(values, reference), calls.read_row(values["who"], reference)
            topic = calls.read_topic(values["topic"]) if values["topic"] else "other"
            follow_up = calls.read_follow_up(values["follow_up"], today) if values["follow_up"] else None
            at = read_moment(values["at"], session.now(), zone) if values["at"] else None

            def record(service: Service) -> Any:  # noqa: ANN401 - a receipt with the call
                person = calls.person_named(service.queries, incident_id, row) if row is not None else None
                return service.calls.log(
                    incident_id, words, direction=direction, topic=topic, person=person, follow_up=follow_up, at=at
                )

            return record

        topics = ", ".join(f"{letter} {name}" for letter, name in LETTERS.items())
        fields = [
            Field("asked", "Asked", required=True, hint="what the call was about"),
            Field("answered", "Answered", hint="what was said"),
            Field("who", "Who", hint="row or code on the letter; or a name; empty: unknown"),
            Field("topic", "Topic", hint="a letter of those above; empty: other", check=calls.read_topic),
            Field(
                "follow_up", "Follow up by", hint="2026-11-25, or +2; empty: nothing promised",
                check=lambda text: f"{calls.read_follow_up(text, today):%a %Y-%m-%d}",
            ),
            Field("at", "When", hint="now; or 16:40, -2d 9:15", check=when),
        ]  # fmt: skip
        note = f"Only what was asked is needed. The words are sealed and go with the person. Topics: {topics}."
        self.ask_form("call", FormDialog(f"Call {direction}", fields, note=note, command=command))

    def action_follow_up(self) -> None:
        """f: what was promised was done."""
        heard = self._current
        if heard is None or heard.call.open_follow_up is None:
            self.status.refuse("Nothing is to be followed up in this call.")
            return
        call = heard.call

        form = FormDialog(
            f"Followed up: #{call.position}",
            [Field("done", "Done", required=True, hint="what was done")],
            command=lambda values: lambda service: service.calls.follow_up(call.id, values["done"]),
        )
        self.ask_form("follow_up", form)

    def action_erase(self) -> None:
        """E: the words of a call, with the ground."""
        heard = self._current
        if heard is None or heard.words is None:
            self.status.refuse("There are no words to erase.")
            return
        call = heard.call

        def same(text: str) -> str:
            if text.removeprefix("#") != str(call.position):
                raise InvalidInput(f"type {call.position} to erase its words")
            return "this call"

        form = FormDialog(
            f"Erase the words of #{call.position}?",
            [
                Field("number", "Number", required=True, hint=str(call.position), check=same),
                Field("because", "Ground", required=True),
            ],
            note="The key of the words is destroyed: nobody can read them again. That there was a call stays. "
            "Copies in backups are not reached.",
            command=lambda values: lambda service: service.calls.erase(call.id, values["because"]),
            commit="erase",
        )
        self.ask_form("erase", form)

    def action_search(self) -> None:
        """/: find by words."""
        line = self.query_one("#find", Input)
        line.display = True
        line.value = self._wanted
        line.focus()

    @on(Input.Submitted, "#find")
    def _find(self, event: Input.Submitted) -> None:
        self._wanted = event.value.strip()
        self._leave_search()
        self.load()

    def _leave_search(self) -> None:
        self.query_one("#find", Input).display = False
        table = self.query_one(RecordTable)
        if table.display:
            table.focus()
        else:
            self.set_focus(None)

    def go_back(self) -> None:
        """Esc leaves the line to find by first, then what was found, then the screen."""
        if self.query_one("#find", Input).display:
            self._leave_search()
        elif self._wanted:
            self._wanted = ""
            self.load()
        else:
            super().go_back()

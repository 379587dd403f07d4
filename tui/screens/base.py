"""What every screen of an open case has: title, watermark, sections, status line, keys, and its way to the service."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Footer

from incident.errors import RecordedMeanwhile
from tui import permissions, presenters, work
from tui.dialogs.choice import confirm
from tui.dialogs.form import FormDialog
from tui.screens import SECTION_NAMES, SECTIONS
from tui.widgets.frame import Line, SectionLine, StatusLine, TitleLine
from tui.work import Loaded, Performed, Refused

if TYPE_CHECKING:
    from incident.service import Receipt
    from incident.views.queries import IncidentRow, Queries, TimelineRow
    from tui.session import Command, Session


LOOK_EVERY = 3
"""Seconds between looks at what others recorded: one small query."""
_NEWER = "newer"


class CaseScreen(Screen[None]):
    """A screen of an open case.

    A subclass gives `compose_body`, `load` (ask for what it shows; called when it appears and after every command)
    and `show` (put what came back into widgets). It may give `tick`, called every second.
    """

    TITLE_WORDS: ClassVar[str] = ""
    HELP: ClassVar[str] = ""
    BINDINGS: ClassVar = [Binding("escape", "back", "Back", show=False)]

    def compose(self) -> ComposeResult:
        """Frame what `compose_body` gives."""
        yield TitleLine(id="title")
        yield Line(id="watermark")
        yield from self.compose_head()
        with Container(id="body"):
            yield from self.compose_body()
        yield StatusLine(id="status")
        yield Footer(compact=True, show_command_palette=False)

    def compose_head(self) -> ComposeResult:
        """Lines between the title and the body."""
        yield from ()

    def compose_body(self) -> ComposeResult:
        """The screen itself."""
        yield from ()

    _ticker: Timer | None = None
    _ticks: int = 0
    _cut_off: bool = False
    first_words: str = ""
    """A receipt to show when the screen appears."""

    # --- What a screen may use

    @property
    def session(self) -> Session:
        """The open case, the moment in view, and the way to record."""
        return work.program(self).session

    @property
    def status(self) -> StatusLine:
        """The line for receipts, refusals and hints."""
        return self.query_one("#status", StatusLine)

    def perform(self, act: str, command: Command) -> None:
        """Carry out `command(service)` in a thread; ends in a receipt on the status line and `performed(act, …)`."""
        work.perform(self, act, command)

    def read(self, what: str, query: Callable[[Queries], Any]) -> None:
        """Ask `query(queries)` in a thread, as of the moment in view; ends in `show(what, value)`."""
        work.read(self, what, query)

    def background(self, what: str, job: Callable[[], Any]) -> None:
        """Do a slow thing that is neither command nor read in a thread; ends in `show(what, value)`."""
        work.background(self, what, job)

    def ask_form(self, act: str, form: FormDialog) -> None:
        """Show a form whose command records; what it recorded is answered like that of `perform`."""

        def recorded(answer: object) -> None:
            if isinstance(answer, Performed):
                self.post_message(Performed(act, answer.receipt, answer.result))
            elif answer is not None:
                self.post_message(Loaded(act, answer))

        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
        else:
            self.app.push_screen(form, recorded)

    def refuse_while_looking_back(self) -> None:
        """Say that the past cannot be changed."""
        viewpoint = self.session.viewpoint
        assert viewpoint is not None
        self.status.refuse(f"Read-only: this is the record as of #{viewpoint.position}. Esc returns to now.")

    # --- What a subclass gives

    def load(self) -> None:
        """Ask for what the screen shows."""

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401 - each screen knows what it asked for
        """Put an answer of `read` or `background` into the widgets."""

    def performed(self, act: str, receipt: Receipt, result: Any) -> None:  # noqa: ANN401
        """A command was recorded. The screen is loaded again by itself."""

    def tick(self) -> None:
        """A second passed."""

    # --- What the role of the person forbids

    def forbidden(self, action: str) -> str | None:
        """Why the person at work may not do this here, and who may; None where they may."""
        session = work.program(self).maybe_session
        return None if session is None else permissions.forbidden(type(self), action, session.standing)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Show what the role forbids as unavailable; the program says why when it is asked for."""
        del parameters
        return None if self.forbidden(action) else True

    @property
    def dirty(self) -> bool:
        """Whether something was typed that Esc would lose."""
        return False

    def title_words(self) -> str:
        """The left side of the title line."""
        return self.TITLE_WORDS

    # --- The frame

    def on_mount(self) -> None:
        """Start the one ticker of the screen."""
        if self.first_words:
            self.status.confirm(self.first_words)
        if self._ticker is None:
            self._ticker = self.set_interval(1, self._tick)

    def on_screen_resume(self) -> None:
        """Show what is true now: something may have been recorded on a screen above."""
        self.reload()

    def reload(self) -> None:
        """Show everything anew."""
        self._show_frame()
        self.load()

    def on_resize(self) -> None:
        """Share the new width."""
        self.set_class(self.size.width >= presenters.WIDE, "-wide")
        self.call_after_refresh(self._show_frame)

    def _tick(self) -> None:
        if self.is_current:
            self._show_frame()
            self._look_for_newer()
            self.tick()

    def _look_for_newer(self) -> None:
        """Every few seconds: what did others record? Not while the past is in view, nor in a case that is closing."""
        self._ticks += 1
        session = work.program(self).maybe_session
        in_front = self.app.screen is self  # what a screen below would take in, the one above would never show
        if in_front and session is not None and session.viewpoint is None and self._ticks % LOOK_EVERY == 0:
            self.background(_NEWER, session.newer)

    def _show_newer(self, rows: tuple[TimelineRow, ...]) -> None:
        if self._cut_off:
            self._cut_off = False
            self.status.say("The store of the case can be reached again.")
        if rows:
            self.status.say(presenters.newer_words(rows))
            if not self.dirty:
                self.reload()

    def _show_frame(self) -> None:
        session = work.program(self).maybe_session
        if session is None or not self.is_mounted:
            return
        self.query_one(TitleLine).show_sides(
            self.title_words(),
            self.news_words() + presenters.corner(session.person, session.now(), self._zone(session)),
        )
        zone = self._zone(session)
        words = presenters.watermark(session.case.exercise_of, session.viewpoint, zone, session.clock_words())
        mark = self.query_one("#watermark", Line)
        mark.display = bool(words)
        mark.show(Text(words, style="bold reverse"))

    def news_words(self) -> str:
        """What is new to the person at work, in front of their name; empty for nothing."""
        return ""

    def _zone(self, session: Session) -> Any:  # noqa: ANN401
        return session.zone()

    @on(Performed)
    def _say_receipt(self, message: Performed) -> None:
        message.stop()
        self._cut_off = False
        self.status.confirm(presenters.receipt_words(message.receipt, self._zone(self.session)))
        if message.receipt.changes:
            self.session.changes = (message.receipt.position, message.receipt.changes)
        self.performed(message.act, message.receipt, message.result)
        self.reload()

    @on(Refused)
    def _say_refusal(self, message: Refused) -> None:
        message.stop()
        if message.act == _NEWER:
            if not self._cut_off:  # said once, not every few seconds
                self.status.refuse(str(message.refusal))
            self._cut_off = True
            return
        if isinstance(message.refusal, RecordedMeanwhile):
            self.status.refuse(f"{message.refusal} The screen shows it now.")
            self.reload()
        else:
            self.status.refuse(f"Refused: {message.refusal}")
        self.refused(message.act)

    def refused(self, act: str) -> None:
        """A command or read was refused; the status line says why."""

    @on(Loaded)
    def _show_answer(self, message: Loaded) -> None:
        message.stop()
        if message.what == _NEWER:
            self._show_newer(message.value)
        else:
            self.show(message.what, message.value)

    def action_back(self) -> None:
        """Esc: go back, and ask first where something typed would be lost."""
        if not self.dirty:
            self.go_back()
            return

        def answered(answer: str | None) -> None:
            if answer == "y":
                self.go_back()

        self.app.push_screen(confirm("Discard what you typed?", "discard it", "keep typing"), answered)

    def go_back(self) -> None:
        """To the screen below."""
        self.app.pop_screen()


class IncidentScreen(CaseScreen):
    """A screen of one incident: its reference in the title, sections by digit, time travel."""

    SECTION: ClassVar[str | None] = None
    BINDINGS: ClassVar = [
        *[
            Binding(str(digit), f"section('{name}')", name.capitalize(), show=False)
            for digit, name in enumerate(SECTION_NAMES, start=1)
        ],
        Binding("at", "look_back", "As of an event, a day or a moment (time travel)", show=False, key_display="@"),
        Binding("H", "handover", "Hand-over: what is new, due and waiting; give a shift, take it", show=False),
        Binding("T", "calls", "Telephone: record a call; Esc shows them all, to find or follow up", show=False),
        Binding("P", "advice", "Advice of counsel: notes to the privileged stream, and the privilege log", show=False),
    ]

    def __init__(self, incident_id: UUID) -> None:
        super().__init__()
        self.incident_id = incident_id
        self._incident: IncidentRow | None = None
        self._news: tuple[tuple[int, str], int] | None = None

    @property
    def incident(self) -> IncidentRow:
        """The incident as of the moment in view."""
        return self.session.queries.incident(self.incident_id)

    def compose_head(self) -> ComposeResult:
        """The sections by digit."""
        yield SectionLine(id="sections")

    def title_words(self) -> str:
        """Reference, title, and what this screen is."""
        row = self.incident
        closed = " (closed)" if row.closed else ""
        return f"{row.reference}{closed} {row.title}" + (f" · {self.TITLE_WORDS}" if self.TITLE_WORDS else "")

    def news_words(self) -> str:
        """How many entries others recorded since the person said what they had read."""
        session = self.session
        seen = (session.queries.position, session.person.user)
        if self._news is None or self._news[0] != seen:
            from incident.views.shifts import news  # noqa: PLC0415 - loads the views; the start screen does without

            self._news = seen, len(news(session.queries, self.incident_id, session.person.user))
        return f"{self._news[1]:,} new · " if self._news[1] else ""

    def _zone(self, session: Session) -> Any:  # noqa: ANN401
        return session.zone(self.incident_id)

    def _show_frame(self) -> None:
        super()._show_frame()
        if self.is_mounted:
            self.query_one(SectionLine).show_sections(self.SECTION)

    def action_section(self, name: str) -> None:
        """A digit: go to a section of this incident, from wherever we are in it."""
        if name == self.SECTION:
            return
        if name not in SECTIONS:
            self.status.say(f"{name.capitalize()} is not available here yet.")
            return
        if not self.dirty:
            work.program(self).open_section(name, self.incident_id)
            return

        def answered(answer: str | None) -> None:
            if answer == "y":
                work.program(self).open_section(name, self.incident_id)

        self.app.push_screen(confirm("Discard what you typed?", "discard it", "keep typing"), answered)

    @property
    def advice_subject(self) -> str:
        """What advice written from here is about: `notice:ID` and the like, empty for the incident."""
        return ""

    def action_advice(self) -> None:
        """P: what counsel advised, and the way to advise."""
        from tui.screens.advice import AdviceScreen  # noqa: PLC0415 - it is one of these screens itself

        self.app.push_screen(AdviceScreen(self.incident_id, self.advice_subject))

    def action_handover(self) -> None:
        """H: what somebody needs who goes on."""
        from tui.screens.handover import HandoverScreen  # noqa: PLC0415 - it is one of these screens itself

        if not isinstance(self, HandoverScreen):
            self.app.push_screen(HandoverScreen(self.incident_id))

    def action_calls(self) -> None:
        """T: the calls about the incident."""
        from tui.screens.calls import CallsScreen  # noqa: PLC0415 - it is one of these screens itself

        if not isinstance(self, CallsScreen):
            self.app.push_screen(CallsScreen(self.incident_id))

    def action_look_back(self) -> None:
        """@: show the record as it stood then."""
        work.program(self).ask_viewpoint()


class SectionScreen(IncidentScreen):
    """A section of an incident, opened by its digit. Esc leaves a past moment first, then goes home."""

    def go_back(self) -> None:
        """To now, or to the home screen."""
        if self.session.viewpoint is not None:
            work.program(self).return_to_now()
        else:
            super().go_back()


def section_class(name: str) -> type[SectionScreen]:
    """The screen of a section, imported when it is first opened."""
    module, _, class_name = SECTIONS[name].partition(":")
    found: type[SectionScreen] = getattr(importlib.import_module(module), class_name)
    return found

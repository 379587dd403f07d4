"""Exercise: in a real case those that were begun beside it; in an exercise its clock and what the players were told."""

from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from incident.exercise.replay import Delivered, Replay
from incident.service import Receipt, Service
from incident.system import VirtualClock
from tui import exercises
from tui.compose import Workspace, exercise_folder, exercises_beside
from tui.dialogs.choice import confirm
from tui.dialogs.exercise import begin_form, scenario_options
from tui.dialogs.form import Field
from tui.dialogs.lines import LinesDialog
from tui.dialogs.opening import ask_to_open
from tui.dialogs.pick import PickDialog
from tui.injects import Injected
from tui.screens.base import CaseScreen, SectionScreen
from tui.screens.reveal import RevealScreen
from tui.widgets.frame import Line
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable
from tui.work import program

_EMPTY = (
    "No exercise yet.",
    "",
    "Press n to begin one: a past incident, its future hidden, on a virtual clock.",
    "It gets a case folder of its own beside this one, with its own passphrase.",
    "Its screens and documents say EXERCISE; nothing of it reaches this record.",
)
_IN_EXERCISE = frozenset({"pause", "faster", "slower", "next", "record", "reveal"})
_IN_REAL_CASE = frozenset({"begin"})


class ExerciseBody(CaseScreen):
    """What both ways to the section share: home leads here with 8, and so does every screen of an incident."""

    TITLE_WORDS = "Exercise"
    TELLS_INJECTS = True
    HELP = "The future stays hidden until its moment comes. Injects arrive on whatever screen is open."
    BINDINGS: ClassVar = [
        Binding("enter", "open", "Open", tooltip="The inject in full; in a real case, go on with this exercise"),
        Binding("n", "begin", "Begin", tooltip="Begin an exercise from a scenario pack"),
        Binding("space", "pause", "Pause", tooltip="Stop the clock, or let it run"),
        Binding("plus,equals_sign", "faster", "Faster", tooltip="Twice as fast", key_display="+"),
        Binding("minus", "slower", "Slower", tooltip="Half as fast", key_display="-"),
        Binding("right_square_bracket", "next", "Next inject", tooltip="Next inject now", key_display="]"),
        Binding("x", "record", "Record", tooltip="Record the facts that this inject tells"),
        Binding("R", "reveal", "Reveal", tooltip="Reveal what really happened; the exercise is over then"),
    ]

    def compose_head(self) -> ComposeResult:
        """The clock in words."""
        yield from super().compose_head()
        yield Line(id="summary")

    def compose_body(self) -> ComposeResult:
        """The injects, or the exercises; what is under the cursor in full."""
        if self._replay is not None:
            columns = [Column("#", 4), Column("WHEN", 26), Column("INJECT", 30, 1)]
        else:
            columns = [Column("EXERCISE", 30, 1), Column("FOLDER", 30, 2)]
        yield RecordTable(columns, id="rows")
        yield Panel(id="about")
        yield Panel(id="empty")

    def on_mount(self) -> None:
        """Nothing under the cursor yet."""
        self._rows: dict[str, Any] = {}

    @property
    def _replay(self) -> Replay | None:
        return self.session.workspace.replay

    @property
    def _clock(self) -> VirtualClock:
        clock = self.session.workspace.clock
        assert clock is not None
        return clock

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what makes sense in this kind of case is offered."""
        del parameters
        if action in _IN_EXERCISE:
            return self._replay is not None
        if action in _IN_REAL_CASE:
            return self._replay is None
        return True

    # --- What is shown

    def load(self) -> None:
        """The injects that were delivered, or the exercises beside this case."""
        replay, folder = self._replay, self.session.workspace.place
        if replay is not None:
            self.background("injects", replay.delivered)
        else:
            self.background("exercises", lambda: exercises_beside(folder))

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """Injects or folders; the scenarios to choose from; what was delivered before its time."""
        if what == "scenarios":
            self._ask_scenario(value)
            return
        if what == "next":
            if value:
                program(self).post_message(Injected(value))
            else:
                self.status.say("There are no more injects.")
            return
        table, empty = self.query_one(RecordTable), self.query_one("#empty", Panel)
        zone = self.session.zone()
        known = len(self._rows)
        if what == "injects":
            self._rows = {str(each.number): each for each in value}
            cells = {key: exercises.inject_cells(each, zone) for key, each in self._rows.items()}
        else:
            self._rows = {str(path): path for path in value}
            cells = {key: (Text(path.name), Text(str(path), style="dim")) for key, path in self._rows.items()}
            self.query_one("#summary", Line).show("Exercises beside this case")
        table.show_rows(cells)
        if what == "injects" and len(self._rows) > known:
            table.move_cursor(row=len(self._rows) - 1)
        table.display = bool(self._rows)
        self.query_one("#about", Panel).display = bool(self._rows)
        empty.display = not self._rows
        if not self._rows:
            waits = ("Nothing was told yet. space starts the clock.",)
            empty.show(*(waits if self._replay is not None else _EMPTY))
        elif self.focused is None:
            table.focus()
        self.tick()
        self._show_about()

    def tick(self) -> None:
        """The clock runs."""
        replay = self._replay
        if replay is None:
            return
        delivered = tuple(self._rows.values())
        ended = self._clock.now() >= replay.scenario.ends_at
        words = exercises.exercise_summary(delivered, running=self._clock.running, speed=self._clock.speed, ended=ended)
        self.query_one("#summary", Line).show(words)

    @on(RecordTable.RowHighlighted)
    def _show_about(self) -> None:
        row = self._current
        panel = self.query_one("#about", Panel)
        if isinstance(row, Delivered):
            panel.show(*exercises.inject_panel(row, self.session.zone()))
        elif row is not None:
            panel.show(Text(row.name, style="bold"), "Enter goes on with it, with the passphrase of its players.")

    @property
    def _current(self) -> Any:  # noqa: ANN401 - an inject or a folder
        return self._rows.get(self.query_one(RecordTable).current_key or "")

    # --- In a real case

    def action_open(self) -> None:
        """Enter: the inject in full; or go on with an exercise, where it was left, paused."""
        row = self._current
        if isinstance(row, Delivered):
            self.app.push_screen(LinesDialog(f"Inject {row.number}", exercises.inject_panel(row, self.session.zone())))
        elif row is not None:
            self._go_on(row)

    def _go_on(self, path: Path) -> None:
        ask_to_open(
            self.app,
            path.name,
            [Field("user", "User", required=True)],
            place=lambda _: path,
            opened=self._opened,
            note="This case is closed meanwhile. The clock goes on, paused, at the newest entry.",
            commit="go on",
        )

    def action_begin(self) -> None:
        """n: choose a scenario, then say who plays."""
        self.background("scenarios", scenario_options)

    def _ask_scenario(self, options: dict[str, str]) -> None:
        folder = exercise_folder(self.session.workspace.place)

        def chosen(key: str | None) -> None:
            if key is not None:
                self.app.push_screen(begin_form(key, folder, self.session.now()), self._opened)

        self.app.push_screen(PickDialog("Which scenario?", options), chosen)

    def _opened(self, answer: object) -> None:
        if isinstance(answer, Workspace):
            program(self).opened(answer)

    # --- In an exercise

    def action_pause(self) -> None:
        """space: stop the clock, or let it run."""
        if self._clock.running:
            self._clock.pause()
        else:
            self._clock.resume()
        self._say_clock()

    def action_faster(self) -> None:
        """+: twice as fast."""
        self._clock.set_speed(exercises.faster(self._clock.speed))
        self._say_clock()

    def action_slower(self) -> None:
        """-: half as fast."""
        self._clock.set_speed(exercises.slower(self._clock.speed))
        self._say_clock()

    def _say_clock(self) -> None:
        words = exercises.clock_words(running=self._clock.running, speed=self._clock.speed)
        self.status.say(f"{words[0].upper()}{words[1:]}.")
        self._show_frame()
        self.tick()

    def action_next(self) -> None:
        """]: the next inject before its time."""
        session, replay = self.session, self._replay
        if replay is None:
            return
        self.background("next", lambda: session.one_at_a_time(replay.deliver_next))

    def action_record(self) -> None:
        """x: what this inject tells becomes facts of the incident."""
        inject = self._current
        if not isinstance(inject, Delivered):
            return
        if not inject.inject.facts:
            self.status.say("This inject tells no fact that the law asks for.")
            return
        source = f"inject {inject.number}: {inject.inject.title}"

        def record(incident_id: UUID) -> None:
            def command(service: Service) -> Receipt:
                return service.incidents.record_facts(incident_id, inject.inject.facts, source=source)

            self.perform("facts", command)

        self._with_incident(record)

    def action_reveal(self) -> None:
        """R: law, past and players side by side, once it is sure that nobody plays on."""
        note = "The players will see what really happened. The log keeps that it was revealed."

        def reveal(incident_id: UUID) -> None:
            def sure(answer: str | None) -> None:
                if answer == "y":
                    self._clock.pause()
                    self.app.push_screen(RevealScreen(incident_id))

            question = confirm("Reveal the past? The exercise is over then.", "reveal it", "play on", note)
            self.app.push_screen(question, sure)

        self._with_incident(reveal)

    def _with_incident(self, act: Any) -> None:  # noqa: ANN401
        """Do something with the incident the players took up; ask which where there are several."""
        known = self.session.service.queries.incidents()
        if not known:
            self.status.refuse("Nobody has taken up an incident yet: Esc, then n on the home screen.")
        elif len(known) == 1:
            act(known[0].id)
        else:
            options: dict[str, str | Text] = {str(row.id): f"{row.reference} {row.title}" for row in known}

            def chosen(key: str | None) -> None:
                if key is not None:
                    act(UUID(key))

            self.app.push_screen(PickDialog("In which incident?", options), chosen)


class ExerciseScreen(ExerciseBody, SectionScreen):
    """Section 8."""

    SECTION = "exercise"


class ExerciseHomeScreen(ExerciseBody):
    """The same from the home screen, where no incident may have been taken up yet."""

"""Home: the open incidents with what is next in each, and whether log, law and review queue are in order."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding

from incident.service import Receipt
from incident.views.queries import Queries
from incident.views.shifts import news
from tui.access import refused_words
from tui.dialogs.enroll import enroll_form
from tui.dialogs.organization import organization_form
from tui.dialogs.recovery import RecoveryCodeDialog
from tui.home import HomeState, home_cells, home_incident, home_summary
from tui.screens.base import CaseScreen
from tui.session import Session
from tui.widgets.frame import Line
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable
from tui.work import program

_EMPTY = (
    "No incident yet.",
    "",
    "Press n to take one up. A minute is enough: what happened, when it was discovered, which data, who.",
    "Whatever you do not know yet stays unknown: type ? and the board shows what it waits for.",
    "",
    "? lists the keys of any screen, : finds an action by its name.",
)


class HomeScreen(CaseScreen):
    """All incidents of the case."""

    HELP = "Every incident of this case, with the next date to plan by."
    BINDINGS: ClassVar = [
        Binding("enter", "open", "Open"),
        Binding("n", "new_incident", "New", tooltip="New incident"),
        Binding(
            "o", "organization", "Organization", show=False, tooltip="Organization: standing facts, contact details"
        ),
        Binding("e", "enroll", "Enroll", show=False, tooltip="Enroll: who else may open this case"),
        Binding("a", "access", "Access", show=False, tooltip="Access: users, second factors, recovery codes, keys"),
        Binding("y", "yearly", "Year", show=False, tooltip="The yearly log of breaches of fewer than 500"),
        Binding("v", "verify", "Verify", tooltip="Verify the log"),
        Binding("8", "exercise", "Exercise", show=False, tooltip="Exercises: begin one, go on with one, the injects"),
        Binding("at", "look_back", "As of an event, a day or a moment (time travel)", show=False, key_display="@"),
        Binding("u", "change_user", "Change user", tooltip="Close the case; open it as somebody else"),
        Binding("q", "quit", "Quit"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._state: HomeState | None = None
        self._verified: tuple[bool, str] | None = None

    def compose_head(self) -> ComposeResult:
        """One line on log, law and queue."""
        yield Line(id="summary")

    def compose_body(self) -> ComposeResult:
        """The table, or what to do where it would be empty."""
        yield RecordTable(
            [
                Column("REF", 9),
                Column("INCIDENT", 24, 2),
                Column("NEXT", 15),
                Column("LEFT", 8),
                Column("TO WHOM", 18, 2),
                Column("OPEN", 5),
            ],
            id="incidents",
        )
        yield Panel(id="empty")

    def on_mount(self) -> None:
        """Look at the log while the incidents are read; say who tried to get in."""
        self.action_verify()
        if refused := refused_words(self.session.workspace.refused, self.session):
            self.status.refuse(refused)

    def title_words(self) -> str:
        """The organization."""
        return self.session.case.name

    def load(self) -> None:
        """Read the incidents with their boards."""
        session = self.session
        now = session.now()
        self.read("home", lambda queries: _home(session, queries, now))

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """Incidents, or the verdict on the log."""
        if what == "log":
            self._verified = value
            if not value[0]:
                self.status.refuse(f"The log is not intact: {value[1]}")
        else:
            self._state = value
        self._show_state()

    def tick(self) -> None:
        """Days and hours run."""
        self._show_state()

    def _show_state(self) -> None:
        if self._state is None:
            return
        now = self.session.now()
        today = now.astimezone(self.session.zone()).date()
        words = home_summary(self._state, self._verified, today)
        intact = self._verified is None or self._verified[0]
        self.query_one("#summary", Line).show(Text(words, style="" if intact else "bold"))
        table = self.query_one(RecordTable)
        table.show_rows({str(line.row.id): home_cells(line, now) for line in self._state.incidents})
        table.display = bool(self._state.incidents)
        empty = self.query_one("#empty", Panel)
        if not self._state.incidents and empty.is_blank:
            empty.show(*_EMPTY)
        empty.display = not self._state.incidents
        if table.display and self.focused is None:
            table.focus()

    def go_back(self) -> None:
        """Esc on the home screen only leaves a past moment."""
        if self.session.viewpoint is not None:
            program(self).return_to_now()
        else:
            self.status.say("This is home: q quits, u closes the case.")

    def action_open(self) -> None:
        """Open the board of the incident under the cursor."""
        key = self.query_one(RecordTable).current_key
        if key is not None:
            program(self).open_section("board", UUID(key))

    def action_new_incident(self) -> None:
        """Take up a new incident."""
        from tui.screens.new_incident import NewIncidentScreen  # noqa: PLC0415 - loaded when first needed

        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
        else:
            self.app.push_screen(NewIncidentScreen())

    def action_exercise(self) -> None:
        """8: the exercise that is open, or those of this case."""
        from tui.screens.exercise import ExerciseHomeScreen  # noqa: PLC0415 - loaded when first needed

        self.app.push_screen(ExerciseHomeScreen())

    def action_yearly(self) -> None:
        """y: the log of small breaches of all incidents."""
        from tui.screens.yearly import YearlyScreen  # noqa: PLC0415 - loaded when first needed

        self.app.push_screen(YearlyScreen())

    def action_verify(self) -> None:
        """Recompute the chain and open every entry."""
        self._verified = None
        workspace = self.session.workspace
        self.background("log", lambda: _verdict(workspace.verify()))

    def action_organization(self) -> None:
        """Change what is known of the organization."""
        self.ask_form("organization", organization_form(self.session))

    def action_enroll(self) -> None:
        """Let another person open the case."""
        self.ask_form("enroll", enroll_form(self.session))

    def action_access(self) -> None:
        """a: who may open the case, and how."""
        from tui.screens.access import AccessScreen  # noqa: PLC0415 - loaded when first needed

        self.app.push_screen(AccessScreen())

    def performed(self, act: str, receipt: Receipt, result: Any) -> None:  # noqa: ANN401
        """Show the recovery code of somebody who was enrolled, this once."""
        del receipt
        if act == "enroll" and result is not None:
            user, code = result
            if code is not None:
                self.app.push_screen(RecoveryCodeDialog(user, code))

    def action_look_back(self) -> None:
        """@: the whole case as it stood then."""
        program(self).ask_viewpoint()

    def action_change_user(self) -> None:
        """Close the case; somebody else may open it."""
        program(self).close_case()

    def action_quit(self) -> None:
        """Leave the program: everything committed is on the disk."""
        self.app.exit()


def _home(session: Session, queries: Queries, now: datetime) -> HomeState:
    return HomeState(
        tuple(
            home_incident(
                queries.board(row.id, now), session.zone(row.id), len(news(queries, row.id, session.person.user))
            )
            for row in queries.incidents()
        ),
        queries.rulebook.checked_on,
        sum(notice.status == "in review" for notice in queries.notices()),
    )


def _verdict(problems: tuple[str, ...]) -> tuple[bool, str]:
    return not problems, problems[0] if problems else "verified OK"

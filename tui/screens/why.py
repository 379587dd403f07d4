"""Why a duty is due when it is: rule, version, citation, anchor, arithmetic, readings, needs, caveats."""

from typing import Any, ClassVar
from uuid import UUID

from textual.app import ComposeResult
from textual.binding import Binding

from incident.views.queries import Board, FactRow, Queries
from jurisdictions.assess import LAW_AS_OF
from jurisdictions.obligations import NotModelled, Obligation
from tui.board import explain, explain_gap, reading_words
from tui.dialogs.choice import ChoiceDialog
from tui.dialogs.form import Field, FormDialog, Values
from tui.screens.base import IncidentScreen
from tui.session import Command
from tui.widgets.panel import Panel


class WhyScreen(IncidentScreen):
    """The explanation of one duty; counsel may adopt one of its readings here."""

    TITLE_WORDS = "Why"
    HELP = "Everything needed to recompute the date by hand."
    BINDINGS: ClassVar = [
        Binding("a", "adopt", "Adopt a reading", tooltip="Adopt one of the readings, with a reason"),
        Binding("down,j", "scroll(1)", "Down", show=False),
        Binding("up,k", "scroll(-1)", "Up", show=False),
        Binding("pagedown,space", "scroll(10)", "Page down", show=False),
        Binding("pageup", "scroll(-10)", "Page up", show=False),
    ]

    def __init__(self, incident_id: UUID, duty_id: str) -> None:
        super().__init__(incident_id)
        self._duty_id = duty_id
        self._duty: Obligation | None = None

    def compose_body(self) -> ComposeResult:
        """One long text."""
        yield Panel(id="explanation")

    def load(self) -> None:
        """Ask the law again: an answer elsewhere may have moved the date."""
        now = self.session.now()

        def query(queries: Queries) -> tuple[Board, dict[str, FactRow]]:
            return queries.board(self.incident_id, now), queries.facts(self.incident_id)

        self.read("board", query)

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """Explain what came back."""
        board, facts = value
        panel = self.query_one("#explanation", Panel)
        found = _find(board, self._duty_id)
        self._duty = found if isinstance(found, Obligation) else None
        match found:
            case Obligation():
                zone = self.session.zone(self.incident_id)
                panel.show(*explain(found, facts, self.session.now(), zone))
            case NotModelled():
                panel.show(*explain_gap(found))
            case None:
                panel.show(f"{self._duty_id} is not considered on these facts.")

    def action_scroll(self, lines: int) -> None:
        """Move the text."""
        self.query_one("#explanation", Panel).scroll_relative(y=lines, animate=False)

    def action_adopt(self) -> None:
        """Choose a reading, then give the reason."""
        duty = self._duty
        if duty is None:
            return
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
            return
        options = [(str(number), reading_words(number, each)[4:]) for number, each in enumerate(duty.readings, start=1)]
        options = [*options[:9], ("l", "the law of another date, for this duty")]

        def chosen(key: str | None) -> None:
            if key == "l":
                self._adopt("Adopt the law of a date", [Field("on", "Law as of", hint="YYYY-MM-DD", required=True)])
            elif key is not None:
                reading = duty.readings[int(key) - 1]
                self._adopt(f"Adopt: {reading.reading}", [], reading.id)

        self.app.push_screen(ChoiceDialog("Which reading is adopted for this incident?", options), chosen)

    def _adopt(self, title: str, fields: list[Field], reading_id: str | None = None) -> None:
        """Ask for the reason, and record the choice."""
        duty = self._duty
        assert duty is not None

        def command(values: Values) -> Command:
            chosen = reading_id if reading_id is not None else f"{LAW_AS_OF}{values['on'].strip()}"
            return lambda service: service.incidents.adopt_reading(self.incident_id, duty.id, chosen, values["because"])

        form = FormDialog(title, [*fields, Field("because", "Because", required=True)], command=command)
        self.ask_form("adopt", form)


def _find(board: Board, duty_id: str) -> Obligation | NotModelled | None:
    if board.assessment is None:
        return None
    gap = next((each for each in board.assessment.not_modelled if each.id == duty_id), None)
    return board.assessment.get(duty_id) or gap

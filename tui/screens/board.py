"""The board: every duty of an incident, when it is due, to whom, why, and where it stands. The clocks run."""

from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical

from incident.errors import InvalidInput
from incident.evidence.brief import Brief, situation
from incident.views.delivery import delivery_lines, delivery_of
from incident.views.ledger import ledger
from incident.views.queries import Board, FactRow, Queries
from tui.board import BoardRow, board_note, board_rows, change_lines, explain, explain_gap, heading
from tui.briefing import brief_file, brief_text, calendar_of, calendar_words, write_new
from tui.dialogs.form import Field, FormDialog, Values
from tui.dialogs.hold import hold_form
from tui.dialogs.lines import LinesDialog
from tui.dialogs.paths import PathFormDialog
from tui.filings import ledger_note
from tui.questions import question
from tui.screens.base import SectionScreen
from tui.screens.facts import FactsScreen
from tui.screens.gaps import GapsScreen
from tui.screens.what_if import WhatIfScreen
from tui.screens.why import WhyScreen
from tui.session import Command
from tui.widgets.frame import Line
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable

_PEEK_LINES = 4


class BoardScreen(SectionScreen):
    """Section 1."""

    SECTION = "board"
    HELP = "Sorted by the earliest date any defensible reading gives. Rows that are not due say why."
    BINDINGS: ClassVar = [
        Binding("enter", "why", "Why", tooltip="Why: rule, citation, arithmetic, readings"),
        Binding("g", "gaps", "Gaps", tooltip="Gaps: the questions that could move a date"),
        Binding("w", "what_if", "What if", tooltip="What if: change facts in memory and see what would move"),
        Binding("f", "facts", "Facts", tooltip="Facts: everything known, with event numbers"),
        Binding("d", "done", "Done", tooltip="Record that this duty was done, outside this program"),
        Binding("h", "hold", "Hold", show=False, tooltip="A law-enforcement official asked for delay"),
        Binding("C", "close", "Close", show=False, tooltip="Close the incident, once no duty is open"),
        Binding("b", "brief", "Brief", show=False, tooltip="Brief: the situation on one page, to read or to hand out"),
        Binding("E", "calendar", "Calendar", show=False, tooltip="Export the deadlines as a calendar file with alarms"),
        Binding("r", "fold", "Fold", tooltip="Show or fold the duties that do not arise"),
    ]

    def __init__(self, *args: Any) -> None:  # noqa: ANN401
        super().__init__(*args)
        self._board: Board | None = None
        self._facts: dict[str, FactRow] = {}
        self._stands: tuple[str, ...] = ()
        self._rows: dict[str, BoardRow] = {}
        self._folded = False
        self._day: date | None = None

    def compose_body(self) -> ComposeResult:
        """Table and note; beside or below them what the row under the cursor says in full."""
        with Container(id="panes"):
            with Vertical(id="main-pane"):
                yield RecordTable(
                    [
                        Column("DUE", 15),
                        Column("LEFT", 8),
                        Column("TO WHOM", 28, 2),
                        Column("WHY", 14, 5),
                        Column("STATE", 14),
                    ],
                    id="duties",
                )
                yield Panel(id="problems")
                yield Line(id="note")
                yield Line(id="stands")
            yield Panel(id="peek")
        yield Panel(id="changes")

    # --- Reading

    def load(self) -> None:
        """Ask the law again, with the facts of the moment in view."""
        now = self.session.now()
        self._day = now.astimezone(self.session.zone(self.incident_id)).date()

        today = self._day

        def query(queries: Queries) -> tuple[Board, dict[str, FactRow], tuple[str, ...]]:
            told = ledger_note(ledger(queries, self.incident_id))
            stands = (*filter(None, [told]), *delivery_lines(delivery_of(queries, self.incident_id), today))
            return queries.board(self.incident_id, now), queries.facts(self.incident_id), stands

        self.read("board", query)

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The board came back, or the brief."""
        if what == "brief":
            self._show_brief(value)
            return
        self._board, self._facts, self._stands = value
        self._show_board()

    def tick(self) -> None:
        """The clocks run; on a new day the law is asked again."""
        now = self.session.now()
        if self._day is not None and now.astimezone(self.session.zone(self.incident_id)).date() != self._day:
            self.load()
        else:
            self._show_rows()

    def _show_board(self) -> None:
        board = self._board
        assert board is not None
        table, problems = self.query_one("#duties", RecordTable), self.query_one("#problems", Panel)
        computed = board.assessment is not None
        table.display, problems.display = computed, not computed
        if not computed:
            problems.show(
                heading("The board cannot be computed yet"),
                "",
                *board.problems,
                "",
                "f lists the facts; Enter answers.",
            )
        self._show_rows()
        self.query_one("#note", Line).show(board_note(board, folded=self._folded))
        stands = self.query_one("#stands", Line)
        stands.display = bool(self._stands)
        stands.show(Text("  ".join(self._stands), style="bold"))
        self._show_peek()
        self._show_changes()
        if computed and self.focused is None:
            table.focus()

    def _show_rows(self) -> None:
        if self._board is None or self._board.assessment is None:
            return
        zone = self.session.zone(self.incident_id)
        rows = board_rows(
            self._board.assessment,
            self._facts,
            self.session.now(),
            zone,
            folded=self._folded,
            wide=self.has_class("-wide"),
        )
        self._rows = {row.key: row for row in rows}
        self.query_one("#duties", RecordTable).show_rows({row.key: row.cells for row in rows})

    @on(RecordTable.RowHighlighted)
    def _show_peek(self) -> None:
        row = self._current
        peek = self.query_one("#peek", Panel)
        peek.display = row is not None
        if row is None:
            return
        if self.has_class("-wide"):
            peek.show(*self._explanation(row))
        elif row.duty is not None:
            duty = row.duty
            peek.show(
                Text.assemble((duty.recipient, "bold"), f" · {duty.citations[0] if duty.citations else duty.id}"),
                duty.why[0] if row.duty.status.value == "not_required" and duty.why else duty.standard,
                *(f"? {question(path).words}" for path in duty.needs[:1]),
            )
        elif row.gap is not None:
            peek.show(*row.gap.why[:2])

    def _explanation(self, row: BoardRow) -> tuple[Text, ...]:
        if row.duty is not None:
            return explain(row.duty, self._facts, self.session.now(), self.session.zone(self.incident_id))
        assert row.gap is not None
        return explain_gap(row.gap)

    def on_resize(self) -> None:
        """The pane beside the table shows more than the one below it."""
        self.call_after_refresh(self._show_peek)

    @property
    def _current(self) -> BoardRow | None:
        key = self.query_one("#duties", RecordTable).current_key
        return self._rows.get(key) if key is not None else None

    # --- What changed

    def _show_changes(self) -> None:
        changes = self.session.changes if self.session.viewpoint is None else None
        panel = self.query_one("#changes", Panel)
        panel.display = changes is not None
        if changes is not None:
            position, lines = changes
            panel.show(heading(f"Changed by #{position} (Esc hides this)"), *change_lines(lines))

    def go_back(self) -> None:
        """Esc hides the list of changes first."""
        if self.session.changes is not None and self.session.viewpoint is None:
            self.session.changes = None
            self._show_changes()
        else:
            super().go_back()

    # --- Keys

    def action_why(self) -> None:
        """Explain the row under the cursor."""
        row = self._current
        if row is not None:
            self.app.push_screen(WhyScreen(self.incident_id, row.key))

    def action_gaps(self) -> None:
        """The questions that could move a date."""
        self.app.push_screen(GapsScreen(self.incident_id))

    def action_what_if(self) -> None:
        """Suppose other facts."""
        self.app.push_screen(WhatIfScreen(self.incident_id))

    def action_facts(self) -> None:
        """Everything known."""
        self.app.push_screen(FactsScreen(self.incident_id))

    def action_fold(self) -> None:
        """Show or fold what does not arise."""
        self._folded = not self._folded
        if self._board is not None:
            self._show_board()

    def action_brief(self) -> None:
        """b: read it; w writes it to a file."""
        now, zone = self.session.now(), self.session.zone(self.incident_id)
        self.read("brief", lambda queries: situation(queries, self.incident, now=now, zone=zone))

    def _show_brief(self, brief: Brief) -> None:
        def chosen(key: str | None) -> None:
            if key == "w":
                form = PathFormDialog(
                    "Write the brief to a file",
                    [Field("file", "File", required=True, hint=f"brief-{brief.reference}.pdf")],
                    paths=["file"],
                    note="The ending says how: .pdf, .txt or .json. It is confidential, and not encrypted there.",
                    job=lambda values: write_new(Path(values["file"]), brief_file(brief, values["file"])),
                    commit="write",
                )
                self.app.push_screen(form, self._written)

        lines = brief_text(brief).splitlines()
        self.app.push_screen(LinesDialog(lines[0], lines[2:], [("w", "write to a file")]), chosen)

    def action_calendar(self) -> None:
        """E: as of the moment in view."""
        queries, now, zone = self.session.queries, self.session.now(), self.session.zone(self.incident_id)

        def write(values: Values) -> tuple[str, ...]:
            found = calendar_of(queries, self.incident_id, now, zone)
            return calendar_words(found, write_new(Path(values["file"]), found.content))

        form = PathFormDialog(
            "Export the deadlines as a calendar",
            [Field("file", "File", required=True, hint=f"deadlines-{self.incident.reference}.ics")],
            paths=["file"],
            note="Alarms at 50, 80 and 95 % of each period. No personal data. Import it again when the board changes.",
            job=write,
            commit="export",
        )
        self.app.push_screen(form, self._written)

    def _written(self, answer: object) -> None:
        if isinstance(answer, Path):
            self.status.say(f"Written to {answer}")
        elif isinstance(answer, tuple):
            self.app.push_screen(LinesDialog("Exported", answer))

    def action_close(self) -> None:
        """End the work; the reference is typed, because it cannot be taken back."""
        reference = self.incident.reference

        def same(text: str) -> str:
            if text != reference:
                raise InvalidInput(f"type {reference} to close it")
            return "this incident"

        form = FormDialog(
            f"Close {reference}?",
            [
                Field("reference", "Reference", required=True, hint=reference, check=same),
                Field("reason", "Reason", required=True, hint="why nothing is left to do"),
            ],
            note="Nothing can be recorded in it afterwards. It is refused while a duty is open.",
            command=lambda values: lambda service: service.incidents.close(self.incident_id, values["reason"]),
            commit="close",
        )
        self.ask_form("close", form)

    def action_hold(self) -> None:
        """Record a law-enforcement delay."""
        self.ask_form("hold", hold_form(self.session, self.incident_id))

    def action_done(self) -> None:
        """Record that the duty under the cursor was done."""
        row = self._current
        if row is None or row.duty is None:
            return
        path = f"given.{row.duty.id}"
        asked = question(path)
        zone = self.session.zone(self.incident_id)

        def check(text: str) -> str:
            day = date.fromisoformat(asked.read(text, self.session.now(), zone).values[path])
            if day > self.session.now().astimezone(zone).date():
                raise InvalidInput("that day lies in the future; record it when it is done")
            return f"{day:%a %Y-%m-%d}"

        def command(values: Values) -> Command:
            check(values["on"])
            answer = asked.read(values["on"], self.session.now(), zone)
            return lambda service: service.incidents.record_facts(
                self.incident_id, answer.values, source="recorded by hand", because=values["because"]
            )

        form = FormDialog(
            f"Done: {row.duty.recipient}",
            [
                Field("on", "On which day", required=True, hint="2026-11-20", check=check),
                Field("because", "How, and by whom", required=True),
            ],
            note="For what was done outside this program; letters and filings made here are recorded there.",
            command=command,
        )
        self.ask_form("done", form)

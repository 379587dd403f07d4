"""Quarantine: rows that could not be addressed or counted safely. Each is put right and accepted, or excluded."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container

from incident.roster.record import Row
from incident.roster.vault import Vault
from incident.service import Receipt, Service
from incident.views.queries import Queries
from tui import board, mending, persons, rosters
from tui.dialogs.choice import confirm
from tui.dialogs.form import Field, FormDialog, Values
from tui.dialogs.lines import LinesDialog
from tui.screens.base import IncidentScreen
from tui.session import Command
from tui.widgets.frame import Line
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable

MOST = 1_000
"""Rows shown at once; the others follow when these are decided."""


class Held(msgspec.Struct, frozen=True):
    """A row in quarantine with the list it came from and the columns it was read by."""

    roster: UUID
    mapping: dict[str, str]
    row: Row

    @property
    def key(self) -> str:
        """What names it in the table."""
        return f"{self.roster}/{self.row.row}"


class QuarantineScreen(IncidentScreen):
    """Every row of the incident that waits for a decision."""

    TITLE_WORDS = "Quarantine"
    HELP = "Rows that could not be addressed or counted safely. Nothing of them reaches a letter or a count."
    BINDINGS: ClassVar = [
        Binding("enter", "mend", "Fix", tooltip="Put the row right and accept it"),
        Binding("x", "exclude", "Exclude", tooltip="Exclude the row for good, with the reason"),
    ]

    def __init__(self, incident_id: UUID) -> None:
        super().__init__(incident_id)
        self._held: dict[str, Held] = {}

    def compose_head(self) -> ComposeResult:
        """Sections, and how many."""
        yield from super().compose_head()
        yield Line(id="summary")

    def compose_body(self) -> ComposeResult:
        """The rows; below or beside them the one under the cursor."""
        with Container(id="split"):
            yield RecordTable([Column("ROW", 8), Column("WHO", 20, 2), Column("WHY", 30, 3)], id="held")
            yield Panel(id="row")

    def load(self) -> None:
        """Read the rows of every list."""
        vault, service = self.session.workspace.vault, self.session.service
        self.read("held", lambda queries: _held(queries, vault, service, self.incident_id))

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The rows."""
        found, more = value
        self._held = {held.key: held for held in found}
        count = len(self._held)
        words = f"{count:,} row{'' if count == 1 else 's'} to decide" if count else "Nothing waits for a decision."
        self.query_one("#summary", Line).show(words + (f"; these are the first {MOST:,}" if more else ""))
        table = self.query_one(RecordTable)
        table.show_rows({key: persons.quarantine_cells(held.row) for key, held in self._held.items()})
        table.display = bool(self._held)
        if self._held and self.focused is None:
            table.focus()
        self._show_row()

    @on(RecordTable.RowHighlighted)
    def _show_row(self) -> None:
        held = self._current()
        panel = self.query_one("#row", Panel)
        if held is None:
            panel.show("Every row is accepted, merged or excluded. Esc goes back.")
        else:
            panel.show(*persons.held_lines(held.row))

    def _current(self) -> Held | None:
        return self._held.get(self.query_one(RecordTable).current_key or "")

    def _today(self) -> date:
        return self.session.now().astimezone(self.session.zone(self.incident_id)).date()

    # --- Deciding

    def action_mend(self) -> None:
        """Enter: a form with what was read; what is typed goes through the same checks as an import."""
        held = self._current()
        if held is None:
            return
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
            return
        today = self._today()
        fields = [
            Field(name, rosters.field_words(name), value)
            for name, value in mending.start_values(held.row, held.mapping).items()
        ]
        reason = Field("because", "Reason", required=True, hint="where the right value comes from")
        lines = [Text(f"✗ {words}", style="bold") for words in persons.quarantine_reasons(held.row)]

        def answered(answer: object) -> None:
            if not isinstance(answer, dict):
                return
            self._accept(held, answer)

        self.app.push_screen(
            _MendDialog(
                f"Row {held.row.row:,}: put it right",
                [*fields, reason],
                today,
                begin=mending.doubtful_field(held.row, [field.name for field in fields]),
                note=Text("\n").join(lines),
            ),
            answered,
        )

    def _accept(self, held: Held, values: Values) -> None:
        checked = mending.mended({k: v for k, v in values.items() if k != "because"}, held.row.row, self._today())
        doubts = mending.still_doubtful(checked)

        def command(service: Service) -> Receipt:
            return service.rosters.resolve_quarantine(
                held.roster, held.row.row, accept=True, because=values["because"], person=checked.person
            )

        if not doubts:
            self.perform("accept", command)
            return

        def sure(answer: str | None) -> None:
            if answer == "y":
                self.perform("accept", command)

        question = confirm("Accept it although doubt remains?", "accept it so", note="\n".join(doubts))
        self.app.push_screen(question, sure)

    def action_exclude(self) -> None:
        """x: never a letter; the row stays in the count of the list."""
        held = self._current()
        if held is None:
            return

        def command(values: Values) -> Command:
            return lambda service: service.rosters.resolve_quarantine(
                held.roster, held.row.row, accept=False, because=values["because"]
            )

        form = FormDialog(
            f"Exclude row {held.row.row:,} for good",
            [Field("because", "Reason", required=True, hint="a test record; a company; counted in row 17")],
            note="The row gets no letter and counts for no State. It stays on record with this reason.",
            command=command,
            commit="exclude",
        )
        self.ask_form("exclude", form)

    def performed(self, act: str, receipt: Receipt, result: Any) -> None:  # noqa: ANN401
        """Show what an accepted row changed on the board."""
        if receipt.changes:
            self.app.push_screen(LinesDialog("Accepted", board.change_lines(receipt.changes)))


class _MendDialog(FormDialog):
    """The form of one row: refused while no person can be made of it."""

    def __init__(self, title: str, fields: list[Field], today: date, *, begin: str | None, note: Text) -> None:
        super().__init__(title, fields, note=note, commit="accept")
        self._today = today
        self._begin = begin

    def on_mount(self) -> None:
        """Begin in the field that set the row aside."""
        if self._begin is not None:
            # After the form itself has put the focus somewhere.
            self.call_after_refresh(self.query_one(f"#field-{self._begin}").focus)

    def _go(self, values: Values) -> None:
        mending.mended({name: text for name, text in values.items() if name != "because"}, 0, self._today)
        super()._go(values)


def _held(queries: Queries, vault: Vault, service: Service, incident_id: UUID) -> tuple[tuple[Held, ...], bool]:
    found: list[Held] = []
    for roster in queries.rosters(incident_id):
        mapping = service.rosters.mapping(roster.id)
        rows = vault.quarantine(roster.id, limit=MOST + 1 - len(found))
        found.extend(Held(roster.id, mapping, row) for row in rows)
    return tuple(found[:MOST]), len(found) > MOST

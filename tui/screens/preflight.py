"""Before anything is printed: what would be, for whom not and why, and the letters that a person should look at."""

from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container

from incident.service import Receipt, Service
from notices.outliers import Outlier, Preflight
from notices.sight import page_words
from tui import flight
from tui.dialogs.form import Field, Values
from tui.dialogs.paths import PathFormDialog
from tui.flight import FlightRow
from tui.screens.base import IncidentScreen
from tui.session import Command
from tui.sheets import save_sheet
from tui.widgets.document_pane import DocumentPane
from tui.widgets.frame import Line
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable


class PreflightScreen(IncidentScreen):
    """Rows = letters + excluded, and what stands out among them."""

    TITLE_WORDS = "Preflight"
    HELP = (
        "What printing would make now. ✗ rows without a letter, with the reason; ! letters that stand out: the longest "
        "names, minors, the dead, names that are not plain ASCII. Enter opens a group, then a letter as it would be."
    )
    BINDINGS: ClassVar = [
        Binding("enter", "open", "Open", tooltip="Open or close the group; read the letter under the cursor"),
        Binding("o", "save", "Outlier sheet", tooltip="Write the letters that stand out to one PDF"),
        Binding("f", "again", "Look again", show=False, tooltip="Look at all rows again"),
    ]

    def __init__(self, incident_id: UUID, notice_id: UUID) -> None:
        super().__init__(incident_id)
        self._notice_id = notice_id
        self._found: Preflight | None = None
        self._seen = 0
        self._rows: dict[str, FlightRow] = {}
        self._opened: set[str] = set()

    def compose_head(self) -> ComposeResult:
        """The sum, and the sheet."""
        yield from super().compose_head()
        yield Line(id="sum")
        yield Line(id="sheet")

    def compose_body(self) -> ComposeResult:
        """The list, and the row under the cursor in full."""
        with Container(id="panes"):
            with Container(id="main-pane"):
                yield RecordTable([Column("", 2), Column("ROWS", 8), Column("WHAT", 40, 1)], id="flight")
            yield Panel(id="peek")

    def load(self) -> None:
        """Look at every row, where something was recorded since."""
        position = self.session.queries.position
        if position == self._seen:
            return
        self._seen = position
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
            return
        if self._found is None:
            self.query_one("#sum", Line).show("Looking at every row…")
        workspace, notice_id = self.session.workspace, self._notice_id
        self.background("flight", lambda: workspace.documents.preflight(notice_id))

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The answer, or a letter to read."""
        if what == "flight":
            self._found = value
            self.query_one("#sum", Line).show(flight.head_words(value))
            self.query_one("#sheet", Line).show(flight.sheet_words(value))
            self._show_rows()
            if self.focused is None:
                self.query_one("#flight").focus()
        elif what == "letter":
            outlier, pdf = value
            self.status.say("")
            self.app.push_screen(LetterScreen(self.incident_id, self._notice_id, outlier, pdf))

    def _show_rows(self) -> None:
        assert self._found is not None
        self._rows = {row.key: row for row in flight.rows(self._found, self._opened)}
        self.query_one("#flight", RecordTable).show_rows({key: row.cells for key, row in self._rows.items()})
        self._show_row()

    @property
    def _current(self) -> FlightRow | None:
        return self._rows.get(self.query_one("#flight", RecordTable).current_key or "")

    @on(RecordTable.RowHighlighted)
    def _show_row(self) -> None:
        row = self._current
        self.query_one("#peek", Panel).show(*(row.words.split("\n") if row is not None else ()))

    # --- Keys

    def action_open(self) -> None:
        """Enter: open or close a group; lay out the letter of a row."""
        row = self._current
        if row is None:
            return
        if row.outlier is not None:
            self.status.say("Laying out the letter…")
            workspace, notice_id, outlier = self.session.workspace, self._notice_id, row.outlier
            self.background("letter", lambda: (outlier, workspace.documents.outlier_sheet(notice_id, [outlier])))
        elif row.members:
            self._opened ^= {row.key}
            self._show_rows()

    def action_again(self) -> None:
        """f: nothing of the earlier look is kept."""
        self._seen = 0
        self.load()

    def action_save(self) -> None:
        """o: the letters that stand out as one PDF; it names people and leaves the protection of the case."""
        if self._found is None or not self._found.sheet:
            self.status.refuse("There is no letter to lay out.")
            return
        ask_to_save(self, self._notice_id, self._found.sheet, "Save the outlier sheet", "~/outliers.pdf")


class LetterScreen(IncidentScreen):
    """One letter as it would be printed."""

    TITLE_WORDS = "Letter, not printed for release"
    HELP = "The letter as it would be printed for this row: laid out now, read back from its PDF."
    BINDINGS: ClassVar = [Binding("o", "save", "Save PDF", tooltip="Write this letter to a PDF")]

    def __init__(self, incident_id: UUID, notice_id: UUID, outlier: Outlier, pdf: bytes) -> None:
        super().__init__(incident_id)
        self._notice_id, self._outlier, self._pdf = notice_id, outlier, pdf

    def compose_head(self) -> ComposeResult:
        """Whose letter it is, and why it stands out."""
        yield from super().compose_head()
        yield Line(id="about")

    def compose_body(self) -> ComposeResult:
        """The text of its pages."""
        yield DocumentPane(id="letter")

    def load(self) -> None:
        """What was laid out is shown as it is."""
        each = self._outlier
        self.query_one("#about", Line).show(" · ".join(filter(None, (each.code, each.letter.variant.key, each.why))))
        text = page_words(self._pdf).replace("\f", "─" * 20 + " next sheet\n")
        self.query_one("#letter", DocumentPane).show_text(text, (), None)
        self.query_one("#letter").focus()

    def action_save(self) -> None:
        """o: this letter as a PDF."""
        ask_to_save(self, self._notice_id, [self._outlier], "Save this letter", f"~/{self._outlier.code}.pdf")


def ask_to_save(
    screen: IncidentScreen, notice_id: UUID, letters: tuple[Outlier, ...] | list[Outlier], title: str, hint: str
) -> None:
    """Ask for a file, lay the letters out into it, and log that they left the case."""
    workspace, incident_id = screen.session.workspace, screen.incident_id
    what = f"Preflight of {len(letters)} letter{'' if len(letters) == 1 else 's'}"

    def command(values: Values) -> Command:
        def save(service: Service) -> Receipt:
            pdf = workspace.documents.outlier_sheet(notice_id, letters)
            return save_sheet(service, incident_id, Path(values["file"]), pdf, what)

        return save

    form = PathFormDialog(
        title,
        [Field("file", "File", required=True, hint=hint)],
        paths=["file"],
        note="It names people, in clear text. Delete it when it was read; the log says that it was made.",
        command=command,
        commit="save",
    )
    screen.ask_form("save", form)

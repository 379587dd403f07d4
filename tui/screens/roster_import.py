"""A file on its way in: the first rows as they will be read, which column is which, then the import with its bar."""

from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from incident.roster.mapping import names_a_person
from incident.roster.report import Preview, Progress
from incident.service import Receipt, Service
from tui import rosters
from tui.dialogs.pick import PickDialog
from tui.dialogs.progress import Advance, Cancelled, ProgressDialog, Shown
from tui.screens.base import IncidentScreen
from tui.session import Command
from tui.widgets.frame import Line
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable
from tui.work import Performed, Refused

_LEAVE_OUT = "(none: leave this field out)"


class ImportScreen(IncidentScreen):
    """The preview of one file. Nothing is imported before Enter."""

    HELP = "The first rows as they will be read. m shows which column is read into which field, and changes it."
    BINDINGS: ClassVar = [
        Binding("enter", "confirm", "Import", tooltip="Import the file, or change the column of the field"),
        Binding("m", "mapping", "Columns", tooltip="Which column is read into which field"),
    ]

    def __init__(self, incident_id: UUID, path: Path, preview: Preview) -> None:
        super().__init__(incident_id)
        self._path = path
        self._preview = preview
        self._corrections: dict[str, str | None] = {}

    def title_words(self) -> str:
        """The incident, and the file."""
        return f"{self.incident.reference} · Import {self._path.name}"

    def compose_head(self) -> ComposeResult:
        """Sections, and what the file turned out to be."""
        yield from super().compose_head()
        yield Line(id="file")
        yield Static("", id="problem", markup=False)

    def compose_body(self) -> ComposeResult:
        """The rows with the one under the cursor in full; the columns."""
        with Vertical(id="rows"):
            yield RecordTable(
                [
                    Column("ROW", 5),
                    Column("STATUS", 12),
                    Column("NAME", 14, 2),
                    Column("ADDRESS", 10, 2),
                    Column("ST", 4),
                    Column("ZIP", 8),
                    Column("BORN", 11),
                    Column("FINDINGS", 10, 3),
                ],
                id="preview",
            )
            yield Panel(id="row")
        with Vertical(id="columns"):
            yield RecordTable(
                [Column("FIELD", 26), Column("COLUMN", 20, 1), Column("FIRST VALUES", 20, 3)], id="fields"
            )

    def on_mount(self) -> None:
        """Show the rows; straight to the columns where the file names nobody."""
        self._show_preview()
        nameless = not names_a_person(self._preview.mapping)
        self._show_columns(shown=nameless)
        if nameless:
            self.query_one("#fields", RecordTable).select("full_name")

    @property
    def dirty(self) -> bool:
        """Whether columns were changed."""
        return bool(self._corrections)

    @property
    def _in_columns(self) -> bool:
        return bool(self.query_one("#columns").display)

    def _show_columns(self, *, shown: bool) -> None:
        self.query_one("#columns").display = shown
        self.query_one("#rows").display = not shown
        self.query_one("#fields" if shown else "#preview", RecordTable).focus()
        columns = "Enter changes the column of a field; Esc shows the rows."
        self.status.say(columns if shown else "Enter imports the file.")

    def _show_preview(self) -> None:
        preview = self._preview
        self.query_one("#file", Line).show(rosters.preview_summary(preview))
        problem = self.query_one("#problem", Static)
        problem.display = bool(preview.problems)
        problem.update(Text("! " + "; ".join(preview.problems), style="bold"))
        rows = {str(row.row): rosters.preview_cells(row) for row in preview.rows}
        self.query_one("#preview", RecordTable).show_rows(rows)
        self.query_one("#fields", RecordTable).show_rows(rosters.mapping_rows(preview))
        self._show_row()

    @on(RecordTable.RowHighlighted, "#preview")
    def _show_row(self) -> None:
        key = self.query_one("#preview", RecordTable).current_key
        row = next((row for row in self._preview.rows if str(row.row) == key), None)
        panel = self.query_one("#row", Panel)
        panel.display = row is not None
        if row is not None:
            panel.show(*rosters.preview_panel(row))

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The file under the corrected columns."""
        self._preview = value
        self._show_preview()
        self.status.say("Read again with this column." if not value.problems else "")

    # --- Columns

    def action_mapping(self) -> None:
        """To the columns, or back to the rows."""
        self._show_columns(shown=not self._in_columns)

    def go_back(self) -> None:
        """From the columns to the rows, then out."""
        if self._in_columns and names_a_person(self._preview.mapping):
            self._show_columns(shown=False)
        else:
            super().go_back()

    def action_back(self) -> None:
        """Esc in the columns loses nothing."""
        if self._in_columns and names_a_person(self._preview.mapping):
            self.go_back()
        else:
            super().action_back()

    def _change_column(self) -> None:
        field = self.query_one("#fields", RecordTable).current_key
        if field is None:
            return
        headings = {heading: heading for heading in self._preview.headings if heading}

        def chosen(heading: str | None) -> None:
            if heading is None:
                return
            self._corrections[field] = heading
            corrections = dict(self._corrections)
            service, path = self.session.service, self._path
            self.background("preview", lambda: service.rosters.preview(self.incident_id, path, corrections))

        self.app.push_screen(
            PickDialog(
                f"Which column is {rosters.field_words(field).lower()}?",
                {"": _LEAVE_OUT, **headings},
                self._preview.mapping.get(field, ""),
            ),
            chosen,
        )

    # --- Import

    def action_confirm(self) -> None:
        """Enter: in the columns change one; in the rows import."""
        if self._in_columns:
            self._change_column()
        elif not names_a_person(self._preview.mapping):
            self._show_columns(shown=True)
            self.status.refuse(self._preview.problems[-1])
        elif self.session.viewpoint is not None:
            self.refuse_while_looking_back()
        else:
            self._import()

    def _import(self) -> None:
        incident_id, path, mapping = self.incident_id, self._path, dict(self._corrections)

        def make(advance: Advance, cancelled: Cancelled) -> Command:
            def command(service: Service) -> tuple[object, Receipt]:
                return service.rosters.import_file(
                    incident_id, path, mapping=mapping, progress=advance, cancelled=cancelled
                )

            return command

        def shown(progress: Progress, seconds: float) -> Shown:
            part = progress.bytes_read / progress.bytes_total if progress.bytes_total else 0.0
            return part, (rosters.progress_words(progress, seconds), rosters.progress_counts(progress))

        dialog = ProgressDialog(f"Importing {path.name}", "import", make, shown)

        def done(answer: Performed | Refused | None) -> None:
            if isinstance(answer, Performed):
                # The receipt belongs to the lists below, where the people now are.
                below = self.app.screen_stack[-2]
                self.app.pop_screen()
                below.post_message(answer)
            elif dialog.stopped:
                self.status.say("Stopped; nothing was imported.")
            elif answer is not None:
                self.post_message(answer)

        self.app.push_screen(dialog, done)

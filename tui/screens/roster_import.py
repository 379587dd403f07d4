"""A file on its way in: the first rows as they will be read, which column is which, then the import with its bar.

What was guessed (encoding, separator, sheet, columns) is shown, and each guess can be changed; how a list is read can
be kept by name, and is offered for the next list with the same headings.
"""

from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from incident.roster.layout import AS_GUESSED, Layout
from incident.roster.mapping import names_a_person
from incident.roster.report import Preview, Progress
from incident.service import Receipt, Service
from tui import rosters
from tui.dialogs.form import Field, FormDialog, Values
from tui.dialogs.pick import PickDialog
from tui.dialogs.progress import Advance, Cancelled, Ended, ProgressDialog, Shown
from tui.screens.base import IncidentScreen
from tui.session import Command
from tui.widgets.frame import Line
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable
from tui.work import Performed

_LEAVE_OUT = "(none: leave this field out)"
_GUESS = "(find it out)"
_ENCODINGS = {
    "utf-8": "utf-8, as nearly all programs write today",
    "cp1252": "cp1252, Windows in Western Europe and America",
    "cp1250": "cp1250, Windows in Central Europe",
    "cp1251": "cp1251, Windows, Cyrillic",
    "utf-16": "utf-16, Unicode text of Excel",
    "mac_roman": "mac_roman, old Macintosh",
    "cp437": "cp437, DOS",
    "latin-1": "latin-1",
    "shift_jis": "shift_jis, Japanese",
    "gb18030": "gb18030, Chinese",
    "big5": "big5, Chinese in Taiwan",
    "euc_kr": "euc_kr, Korean",
}
_SEPARATORS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar", "^": "caret", "~": "tilde"}


class ImportScreen(IncidentScreen):
    """The preview of one file. Nothing is imported before Enter."""

    HELP = "The first rows as they will be read. m shows which column is read into which field, and changes it."
    BINDINGS: ClassVar = [
        Binding("enter", "confirm", "Import", tooltip="Import the file, or change the column of the field"),
        Binding("m", "mapping", "Columns", tooltip="Which column is read into which field"),
        Binding("e", "encoding", "Encoding", tooltip="How the letters are encoded"),
        Binding("t", "separator", "Separator", tooltip="What separates the cells"),
        Binding("s", "sheet", "Sheet", tooltip="Which sheet of the workbook"),
        Binding("p", "profile", "Profile", tooltip="Read the file as a list was read before"),
        Binding("w", "save_profile", "Keep profile", tooltip="Keep by name how this list is read"),
    ]

    def __init__(self, incident_id: UUID, path: Path, preview: Preview) -> None:
        super().__init__(incident_id)
        self._path = path
        self._preview = preview
        self._layout = AS_GUESSED
        self._wanted = AS_GUESSED
        self._kept = AS_GUESSED

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
                    Column("", 2),
                    Column("NAME", 14, 2),
                    Column("ADDRESS", 18, 2),
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
        self._show_columns(shown=self._unclear)
        if self._unclear:
            self.query_one("#fields", RecordTable).select(next(iter(self._preview.undecided), "full_name"))
        service, headings = self.session.service, self._preview.headings
        self.background("offered", lambda: service.profiles.offered(headings))

    @property
    def dirty(self) -> bool:
        """Whether columns were changed; the rest is chosen again with two keys."""
        return bool(self._layout.mapping) and self._layout != self._kept

    @property
    def _unclear(self) -> bool:
        """Whether a column has to be chosen before anything can be imported."""
        return bool(self._preview.undecided) or not names_a_person(self._preview.mapping)

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
        """The file as it is read now; the profile that fits it, or all of them."""
        if what == "preview":
            same_columns = self._layout.mapping == self._wanted.mapping
            self._layout = self._wanted
            self._preview = value
            self._show_preview()
            if self._in_columns and same_columns and not self._unclear:
                self._show_columns(shown=False)
            self.status.say("Read again.")
        elif what == "offered" and value is not None:
            self.status.say(f"The headings fit the profile {value!r}: p reads the list so.")
        elif what == "profiles":
            self._pick_profile(*value)

    def _read_with(self, layout: Layout) -> None:
        """Read the beginning of the file so; a way that the file refuses changes nothing."""
        self._wanted = layout
        service, path = self.session.service, self._path
        self.background("preview", lambda: service.rosters.preview(self.incident_id, path, layout))

    # --- How the file is read

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A workbook has sheets, a text file an encoding and a separator."""
        if action in {"encoding", "separator"}:
            return not self._preview.sheet
        if action == "sheet":
            return bool(self._preview.sheet)
        return super().check_action(action, parameters)

    def _pick(self, title: str, part: str, options: dict[str, str], current: str) -> None:
        if current and current not in options:
            options = {current: current, **options}

        def chosen(key: str | None) -> None:
            if key is not None:
                self._read_with(msgspec.structs.replace(self._layout, **{part: key or None}))

        self.app.push_screen(PickDialog(title, options, current), chosen)

    def action_encoding(self) -> None:
        """Choose how the letters are encoded."""
        self._pick("How are the letters encoded?", "encoding", {"": _GUESS, **_ENCODINGS}, self._preview.encoding)

    def action_separator(self) -> None:
        """Choose what separates the cells."""
        self._pick("What separates the cells?", "delimiter", {"": _GUESS, **_SEPARATORS}, self._preview.delimiter)

    def action_sheet(self) -> None:
        """Choose the sheet of a workbook."""
        sheets = {sheet: rosters.visible(sheet) for sheet in self._preview.sheets}
        self._pick("Which sheet?", "sheet", sheets, self._preview.sheet)

    def action_profile(self) -> None:
        """Read the file as a list was read before."""
        service, headings = self.session.service, self._preview.headings
        self.background("profiles", lambda: (service.profiles.all(), service.profiles.offered(headings)))

    def _pick_profile(self, profiles: dict[str, Layout], fitting: str | None) -> None:
        if not profiles:
            self.status.refuse("No way of reading a list is kept yet: w keeps this one.")
            return
        words = {name: f"{name} (fits these headings)" if name == fitting else name for name in profiles}

        def chosen(name: str | None) -> None:
            if name is not None:
                self._kept = profiles[name]
                self._read_with(profiles[name])

        self.app.push_screen(PickDialog("Read the list as which?", words, fitting or ""), chosen)

    def action_save_profile(self) -> None:
        """Keep by name how this list is read."""
        layout, mapping = self._layout, dict(self._preview.mapping)
        self._kept = layout

        def command(values: Values) -> Command:
            return lambda service: service.profiles.save(values["name"], layout, mapping)

        note = "Columns, encoding, separator and sheet are kept in the case; nothing of what the list says."
        fields = [Field("name", "Name", required=True, hint="such as the program that wrote the list")]
        self.ask_form("save_profile", FormDialog("Keep how this list is read", fields, note=note, command=command))

    # --- Columns

    def action_mapping(self) -> None:
        """To the columns, or back to the rows."""
        self._show_columns(shown=not self._in_columns)

    def go_back(self) -> None:
        """From the columns to the rows, then out."""
        if self._in_columns and not self._unclear:
            self._show_columns(shown=False)
        else:
            super().go_back()

    def action_back(self) -> None:
        """Esc in the columns loses nothing."""
        if self._in_columns and not self._unclear:
            self.go_back()
        else:
            super().action_back()

    def _change_column(self) -> None:
        field = self.query_one("#fields", RecordTable).current_key
        if field is None:
            return
        asked = self._preview.undecided.get(field, ())
        headings = {heading: heading for heading in (*asked, *self._preview.headings) if heading}

        def chosen(heading: str | None) -> None:
            if heading is None:
                return
            self._read_with(msgspec.structs.replace(self._layout, mapping={**self._layout.mapping, field: heading}))

        self.app.push_screen(
            PickDialog(
                f"Which column is {rosters.field_words(field).lower()}?",
                {"": _LEAVE_OUT, **headings},
                self._preview.mapping.get(field, asked[0] if asked else ""),
            ),
            chosen,
        )

    # --- Import

    def action_confirm(self) -> None:
        """Enter: in the columns change one; in the rows import."""
        if self._in_columns:
            self._change_column()
        elif self._unclear:
            self._show_columns(shown=True)
            self.status.refuse(self._preview.problems[-1])
        elif self.session.viewpoint is not None:
            self.refuse_while_looking_back()
        else:
            self._import()

    def _import(self) -> None:
        incident_id, path, layout = self.incident_id, self._path, self._layout

        def make(advance: Advance, cancelled: Cancelled) -> Command:
            def command(service: Service) -> tuple[object, Receipt]:
                return service.rosters.import_file(
                    incident_id, path, layout=layout, progress=advance, cancelled=cancelled
                )

            return command

        def shown(progress: Progress, seconds: float) -> Shown:
            part = progress.bytes_read / progress.bytes_total if progress.bytes_total else 0.0
            return part, (rosters.progress_words(progress, seconds), rosters.progress_counts(progress))

        dialog = ProgressDialog(f"Importing {path.name}", "import", make, shown)

        def done(answer: Ended | None) -> None:
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

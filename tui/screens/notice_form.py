"""The form of a notice: its fields in a list, each edited in a dialog; nothing is recorded before d."""

from typing import Any, ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container

from incident.service import Receipt, Service
from notices.catalog import Field, kind_named
from notices.errors import NoticeError
from tui import drafting
from tui.dialogs.field import FieldDialog, Left
from tui.presenters import receipt_words
from tui.screens.base import IncidentScreen
from tui.screens.notice import NoticeScreen
from tui.screens.reading import PreviewScreen
from tui.widgets.frame import Line
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable
from tui.work import Refused


class NoticeFormScreen(IncidentScreen):
    """A new notice of a kind, or with `notice_id` other words for one."""

    HELP = "Enter edits a field, Tab in it goes on to the next. d records the draft; until then nothing is recorded."
    BINDINGS: ClassVar = [
        Binding("enter", "edit", "Edit", tooltip="Edit the field"),
        Binding("p", "preview", "Preview", tooltip="Read it as it would be sent, with its required elements"),
        Binding("d", "record", "Record", tooltip="Record the draft"),
    ]

    def __init__(self, incident_id: UUID, kind: str, values: dict[str, str], *, notice_id: UUID | None = None) -> None:
        super().__init__(incident_id)
        self._kind = kind_named(kind)
        self._notice_id = notice_id
        self._before = dict(values)
        self._values = dict(values)
        self._refused: dict[str, str] = {}

    def title_words(self) -> str:
        """The incident and the kind."""
        return f"{self.incident.reference} · {'Revise' if self._notice_id else 'Draft'}: {self._kind.title}"

    def compose_head(self) -> ComposeResult:
        """Sections, and how far the form is."""
        yield from super().compose_head()
        yield Line(id="summary")

    def compose_body(self) -> ComposeResult:
        """The fields, and the one under the cursor."""
        with Container(id="split"):
            yield RecordTable([Column("FIELD", 30, 1), Column("VALUE", 30, 2), Column("", 9)], id="fields")
            yield Panel(id="field")

    def on_mount(self) -> None:
        """Begin in the first field that is open."""
        self._show_fields()
        table = self.query_one(RecordTable)
        table.focus()
        table.select(drafting.first_open(self._kind, self._values))

    @property
    def dirty(self) -> bool:
        """Whether a field was changed."""
        return self._values != self._before

    # --- The fields

    def _faults(self) -> dict[str, str]:
        return self._refused | drafting.faults(self._kind, self._values)

    def _show_fields(self) -> None:
        faults, asked = self._faults(), drafting.asked_by_form(self._kind)
        self.query_one("#summary", Line).show(drafting.form_words(self._kind, self._values))
        rows = {
            field.name: drafting.field_cells(
                field,
                self._values.get(field.name, ""),
                faults.get(field.name, ""),
                asked=field.name in asked,
            )
            for field in self._kind.fields
        }
        self.query_one(RecordTable).show_rows(rows)
        self._show_field()

    @on(RecordTable.RowHighlighted)
    def _show_field(self) -> None:
        field = self._field
        if field is not None:
            fault = self._faults().get(field.name, "")
            panel = drafting.field_panel(field, self._values.get(field.name, ""), fault)
            self.query_one("#field", Panel).show(*panel)

    @property
    def _field(self) -> Field | None:
        key = self.query_one(RecordTable).current_key
        return next((field for field in self._kind.fields if field.name == key), None)

    def action_edit(self) -> None:
        """Enter: the field in a dialog; Tab in it opens the next one."""
        field = self._field
        if field is None:
            return

        def check(value: str) -> str:
            fault = drafting.faults(self._kind, self._values | {field.name: value}).get(field.name, "")
            return fault if value else ""

        def left(answer: Left | None) -> None:
            if answer is None:
                return
            value, way = answer
            if value:
                self._values[field.name] = value
            else:
                self._values.pop(field.name, None)
            self._refused.pop(field.name, None)
            self._show_fields()
            names = [each.name for each in self._kind.fields]
            place = names.index(field.name) + way
            if way and 0 <= place < len(names):
                self.query_one(RecordTable).select(names[place])
                self.call_after_refresh(self.action_edit)

        self.app.push_screen(FieldDialog(field, self._values.get(field.name, ""), check), left)

    # --- Preview and record

    def action_preview(self) -> None:
        """The notice as it would be sent with these words."""
        workspace, kind, values = self.session.workspace, self._kind.name, dict(self._values)
        self.status.say("Writing and checking…")
        self.background("look", lambda: workspace.documents.look(self.incident_id, kind, values))

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The preview is ready."""
        self.status.say("")
        self._refused = {}
        self._show_fields()
        self.app.push_screen(PreviewScreen(self.incident_id, value))

    def action_record(self) -> None:
        """d: record the draft, or the revision."""
        workspace, notice_id = self.session.workspace, self._notice_id
        kind, values = self._kind.name, dict(self._values)
        faults = self._faults()
        if faults:
            name = next(field for field in self._kind.fields if field.name in faults)
            self.query_one(RecordTable).select(name.name)
            self.status.refuse(f"{name.label}: {faults[name.name]}")
            return

        def command(service: Service) -> Receipt | tuple[object, Receipt]:
            del service  # the desk records through the same service, after composing what the hash covers
            if notice_id is not None:
                return workspace.documents.revise(notice_id, values)
            return workspace.documents.draft(self.incident_id, kind, values)

        self.status.say("Writing, checking and recording…")
        self.perform("record", command)

    def performed(self, act: str, receipt: Receipt, result: Any) -> None:  # noqa: ANN401
        """On to the notice that was recorded."""
        self._before = dict(self._values)
        notice = NoticeScreen(self.incident_id, result if self._notice_id is None else self._notice_id)
        notice.first_words = receipt_words(receipt, self.session.zone(self.incident_id))
        if self._notice_id is None:
            self.app.switch_screen(notice)
        else:
            # The notice itself lies below.
            self.app.pop_screen()

    @on(Refused)
    def _point_at_faults(self, message: Refused) -> None:
        """A refusal that names fields is shown beside them; the status line says it too."""
        if isinstance(message.refusal, NoticeError):
            names = {field.name for field in self._kind.fields}
            self._refused = {name: why for name, why in drafting.named(message.refusal.faults).items() if name in names}
            self._show_fields()
            first = next((field.name for field in self._kind.fields if field.name in self._refused), None)
            if first is not None:
                self.query_one(RecordTable).select(first)

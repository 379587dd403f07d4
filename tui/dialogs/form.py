"""A form: fields one under the other, the error beside the field it is about, nothing lost on a refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widgets import Input, Static

from incident.errors import InvalidInput, Refusal
from tui.dialogs.base import Dialog
from tui.dialogs.choice import confirm
from tui.session import Command
from tui.work import Loaded, Performed, Refused, background, perform


class Field(NamedTuple):
    """One line to fill in.

    `check` takes what is typed and answers with how it is read ("Fri 2026-11-20 16:10 CST"), or raises InvalidInput;
    it is asked at every change. An empty optional field is not checked.
    """

    name: str
    label: str
    value: str = ""
    required: bool = False
    secret: bool = False
    hint: str = ""
    check: Callable[[str], str] | None = None


Values = Mapping[str, str]


class FormDialog(Dialog[object]):
    """Ask for several lines.

    With `command` the values are recorded while the form is still open, and the answer is the `Performed` message;
    with `job` the answer is what the job returns; with neither, the values themselves. A refusal is shown in the form.
    """

    BINDINGS: ClassVar = [
        Binding("down", "app.focus_next", "Next field", show=False),
        Binding("up", "app.focus_previous", "Previous field", show=False),
    ]

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        *,
        note: str | Text = "",
        command: Callable[[Values], Command] | None = None,
        job: Callable[[Values], object] | None = None,
        commit: str = "record",
    ) -> None:
        super().__init__(title, note)
        self._fields = tuple(fields)
        self._command = command
        self._job = job
        self._commit = commit
        self.busy = False

    def compose_body(self) -> ComposeResult:
        """A label, an input and a line of echo for each field."""
        for field in self._fields:
            with Horizontal(classes="field"):
                yield Static(Text(field.label), classes="field-label")
                yield Input(
                    field.value,
                    placeholder=field.hint,
                    password=field.secret,
                    id=f"field-{field.name}",
                    compact=True,
                    select_on_focus=False,
                )
            yield Static("", id=f"echo-{field.name}", classes="field-echo", markup=False)

    def keys_line(self) -> str:
        """The keys that work here."""
        return f"Enter {self._commit} · Tab next field · Esc back"

    def on_mount(self) -> None:
        """Begin in the first field that is empty."""
        empty = next((field for field in self._fields if not field.value), self._fields[0])
        self._input(empty.name).focus()
        for field in self._fields:
            if field.value:
                self._echo(field)

    @property
    def values(self) -> dict[str, str]:
        """What is typed now, without surrounding spaces; secrets exactly as typed."""
        return {
            field.name: self._input(field.name).value if field.secret else self._input(field.name).value.strip()
            for field in self._fields
        }

    @property
    def dirty(self) -> bool:
        """Whether something was typed."""
        return any(self._input(field.name).value != field.value for field in self._fields)

    @on(Input.Changed)
    def show_reading(self, event: Input.Changed) -> None:
        """Say at once how the field is read."""
        self.refuse("")
        field = next(field for field in self._fields if f"field-{field.name}" == event.input.id)
        self._echo(field)

    @on(Input.Submitted)
    def submit(self) -> None:
        """Commit where everything needed is there; else go to what is missing."""
        if self.busy:
            return
        values = self.values
        for field in self._fields:
            value = values[field.name]
            if field.required and not value:
                self._input(field.name).focus()
                self.refuse(f"{field.label}: needed")
                return
            if value and field.check is not None and self._echo(field):
                # The fault stands beside the field already.
                self._input(field.name).focus()
                return
        try:
            self._go(values)
        except Refusal as refusal:
            self.refuse(str(refusal))

    def _go(self, values: Values) -> None:
        if self._command is not None:
            command = self._command(values)
            self._set_busy(busy=True)
            perform(self, "form", command)
        elif self._job is not None:
            job = self._job
            self._set_busy(busy=True)
            background(self, "form", lambda: job(values))
        else:
            self.dismiss(values)

    @on(Performed)
    def recorded(self, message: Performed) -> None:
        """Done: the receipt is the answer."""
        message.stop()
        self.dismiss(message)

    @on(Loaded)
    def finished(self, message: Loaded) -> None:
        """Done: what the job made is the answer."""
        message.stop()
        self.dismiss(message.value)

    @on(Refused)
    def refused(self, message: Refused) -> None:
        """Say why near the fields, and go to the field that the refusal names."""
        message.stop()
        self._set_busy(busy=False)
        self.refuse(str(message.refusal))
        named = str(message.refusal).partition(":")[0]
        for field in self._fields:
            if field.name == named:
                self._input(field.name).focus()

    def action_back(self) -> None:
        """Leave; ask first where something was typed."""
        if self.busy:
            self.refuse("one moment: this is being recorded")
        elif self.dirty:
            self.app.push_screen(confirm("Discard what you typed?", "discard it", "keep typing"), self._discard)
        else:
            self.dismiss(None)

    def _discard(self, answer: str | None) -> None:
        if answer == "y":
            self.dismiss(None)

    def _set_busy(self, *, busy: bool) -> None:
        self.busy = busy
        self.set_class(busy, "-busy")

    def _input(self, name: str) -> Input:
        return self.query_one(f"#field-{name}", Input)

    def _echo(self, field: Field) -> str:
        """Show how the field is read; answers with the fault, or nothing."""
        line = self.query_one(f"#echo-{field.name}", Static)
        value = self._input(field.name).value.strip()
        if field.check is None or not value:
            line.set_classes("field-echo")
            return ""
        try:
            line.update(Text(field.check(value)))
            line.set_classes("field-echo -shown")
        except InvalidInput as refusal:
            line.update(Text(str(refusal)))
            line.set_classes("field-echo -shown -fault")
            return str(refusal)
        return ""

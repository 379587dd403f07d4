"""One field of a notice, asked for in the way that suits its type. What is typed is kept whichever way one leaves."""

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Input, OptionList, SelectionList, Static, TextArea
from textual.widgets.option_list import Option

from notices.catalog import Field, FieldType
from tui.dialogs.base import Dialog
from tui.drafting import LONG, length_words

Left = tuple[str, int]
"""The value, and where to go: 1 the next field, -1 the one before, 0 the list."""

_YES_NO = ("yes", "no")
_OPEN = "(not answered)"


class FieldDialog(Dialog[Left]):
    """`check` says what is wrong with a value, or nothing; it is asked at every change."""

    BINDINGS: ClassVar = [
        Binding("escape", "leave(0)", "To the list", priority=True),
        Binding("tab", "leave(1)", "Next field", priority=True),
        Binding("shift+tab", "leave(-1)", "Field before", priority=True),
    ]

    def __init__(self, field: Field, value: str, check: Callable[[str], str]) -> None:
        super().__init__(field.label + (" *" if field.required else ""), field.help)
        self._field = field
        self._value = value
        self._check = check

    def compose_body(self) -> ComposeResult:
        """The widget of the type."""
        field = self._field
        if field.type in LONG:
            area = TextArea(self._value, soft_wrap=True, tab_behavior="focus", show_line_numbers=False, id="text")
            yield area
            yield Static("", id="length", markup=False)
        elif field.type is FieldType.CHOICES:
            chosen = set(self._value.splitlines())
            yield SelectionList[str](
                *((Text(option), option, option in chosen) for option in field.options), id="many", compact=True
            )
        elif field.type in {FieldType.CHOICE, FieldType.YES_NO}:
            options = self._options
            listed = OptionList(*(Option(Text(words)) for words in (_OPEN, *options)), id="one", compact=True)
            listed.highlighted = options.index(self._value) + 1 if self._value in options else 0
            yield listed
        else:
            hint = {FieldType.DATE: "YYYY-MM-DD", FieldType.NUMBER: "a whole number"}.get(field.type, "")
            yield Input(self._value, placeholder=hint, compact=True, select_on_focus=False, id="line")

    @property
    def _options(self) -> tuple[str, ...]:
        return _YES_NO if self._field.type is FieldType.YES_NO else self._field.options

    def keys_line(self) -> str:
        """The keys that work here."""
        own = {
            FieldType.CHOICES: "Space marks · ",
            FieldType.CHOICE: "Enter chooses · ",
            FieldType.YES_NO: "Enter chooses · ",
        }
        return f"{own.get(self._field.type, '')}Tab next · Shift+Tab before · Esc list, all kept"

    def on_mount(self) -> None:
        """The cursor behind what is there."""
        widget = self.query_one("#text, #many, #one, #line")
        widget.focus()
        if isinstance(widget, TextArea):
            widget.move_cursor(widget.document.end)
        self._look()

    @property
    def value(self) -> str:
        """What is there now."""
        field = self._field
        if field.type in LONG:
            return self.query_one("#text", TextArea).text.strip()
        if field.type is FieldType.CHOICES:
            marked = set(self.query_one("#many", SelectionList).selected)
            return "\n".join(option for option in field.options if option in marked)
        if field.type in {FieldType.CHOICE, FieldType.YES_NO}:
            place = self.query_one("#one", OptionList).highlighted or 0
            return self._options[place - 1] if place else ""
        return self.query_one("#line", Input).value.strip()

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(SelectionList.SelectedChanged)
    def _look(self) -> None:
        self.refuse(self._check(self.value))
        if self._field.type in LONG:
            self.query_one("#length", Static).update(Text(length_words(self._field, self.value)))

    @on(Input.Submitted)
    @on(OptionList.OptionSelected, "#one")
    def _enter(self) -> None:
        self.action_leave(1)

    def action_leave(self, way: int) -> None:
        """Keep what is there and go on."""
        self.dismiss((self.value, way))

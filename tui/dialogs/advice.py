"""Counsel writes advice: the words over several lines, then what the privilege log will tell of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static, TextArea

from incident.advice import BASES, DESCRIPTION
from incident.errors import InvalidInput
from tui.advice import LABEL
from tui.dialogs.form import Field, FormDialog, Values
from tui.session import Command

_LETTERS = {"a": "attorney_client", "w": "work_product", "b": "both"}


class AdviceDialog(FormDialog):
    """Words first; Enter in one of the lines below them records. `who_reads` is said before anything is written.

    `command(text, recipients, basis, description)` records them.
    """

    BINDINGS: ClassVar = [Binding("escape", "back", "Back", priority=True)]

    def __init__(
        self,
        title: str,
        who_reads: str,
        command: Callable[[str, list[str], str, str], Command],
        *,
        words: str = "",
        recipients: str = "",
        basis: str = "attorney_client",
        description: str = "",
    ) -> None:
        self._words = words
        letter = next((letter for letter, name in _LETTERS.items() if name == basis), "a")

        def made(values: Values) -> Command:
            to = [name.strip() for name in values["recipients"].split(";")]
            return command(self._area.text.strip(), to, _LETTERS[values["basis"].lower()], values["description"])

        fields = [
            Field("recipients", "To", recipients, required=True, hint="names, between semicolons"),
            Field("basis", "Basis", letter, required=True, hint="a, w or b", check=_basis),
            Field("description", "Described as", description, hint=DESCRIPTION),
        ]
        note = Text.assemble((who_reads, "bold"), "\n", LABEL)
        super().__init__(title, fields, note=note, command=made)

    @property
    def _area(self) -> TextArea:
        return self.query_one("#advice-words", TextArea)

    def compose_body(self) -> ComposeResult:
        """The words, then the lines of the privilege log."""
        yield TextArea(self._words, soft_wrap=True, tab_behavior="focus", show_line_numbers=False, id="advice-words")
        yield Static(Text("In the clear, for the privilege log:", style="dim"))
        yield from super().compose_body()

    def keys_line(self) -> str:
        """The keys that work here."""
        return "Tab from the words to the lines below · Enter there records · Esc back"

    def on_mount(self) -> None:
        """Begin with the words; the form would begin in its first empty line."""
        self._area.move_cursor(self._area.document.end)
        self.call_after_refresh(self._area.focus)

    @property
    def dirty(self) -> bool:
        """Whether something was typed."""
        return super().dirty or self._area.text != self._words


def _basis(text: str) -> str:
    name = _LETTERS.get(text.strip().lower())
    if name is None:
        raise InvalidInput("a attorney-client privilege, w work product, b both")
    return BASES[name]

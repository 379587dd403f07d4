"""Pick one line of a list: arrows or the beginning of its words, then Enter."""

from collections.abc import Mapping
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.dialogs.base import Dialog


class PickDialog(Dialog[str]):
    """`options` are key -> words; the answer is the key. Typing goes to the next line that begins so."""

    BINDINGS: ClassVar = [Binding("escape", "back", "Back", show=False)]

    def __init__(self, title: str, options: Mapping[str, str | Text], current: str = "", note: str = "") -> None:
        super().__init__(title, note)
        self._options = dict(options)
        self._current = current
        self._typed = ""

    def compose_body(self) -> ComposeResult:
        """The lines."""
        options = OptionList(
            *(Option(Text(words) if isinstance(words, str) else words) for words in self._options.values()),
            id="options",
            markup=False,
            compact=True,
        )
        keys = list(self._options)
        # Set before it is shown: keys typed ahead may find another line at once.
        options.highlighted = keys.index(self._current) if self._current in keys else 0
        yield options

    def keys_line(self) -> str:
        """The keys that work here."""
        return "Enter choose · type to find · Esc back"

    def on_mount(self) -> None:
        """The list has the keys."""
        self.query_one(OptionList).focus()

    def on_key(self, event: events.Key) -> None:
        """Letters find a line."""
        if event.key == "backspace":
            self._typed = ""
        elif event.character and event.is_printable and event.character != " ":
            self._typed += event.character.lower()
            if not self._find():
                self._typed = event.character.lower()
                self._find()
            event.stop()

    def _find(self) -> bool:
        for place, words in enumerate(self._options.values()):
            text = words if isinstance(words, str) else words.plain
            if text.lower().startswith(self._typed):
                self.query_one(OptionList).highlighted = place
                return True
        return False

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter."""
        event.stop()
        self.dismiss(list(self._options)[event.option_index])

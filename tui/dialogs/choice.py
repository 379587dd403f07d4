"""Choose one of a few things by a single letter."""

from collections.abc import Sequence

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.widgets import Static

from tui.dialogs.base import Dialog


class ChoiceDialog(Dialog[str]):
    """Options are (letter, words); the answer is the letter."""

    def __init__(self, title: str, options: Sequence[tuple[str, str]], note: str | Text = "") -> None:
        super().__init__(title, note)
        self._options = tuple(options)

    def compose_body(self) -> ComposeResult:
        """One line an option."""
        for letter, words in self._options:
            yield Static(Text.assemble((f" {letter} ", "bold reverse"), "  ", words), classes="choice")

    def keys_line(self) -> str:
        """The keys that work here."""
        return "press the letter · Esc back"

    def on_key(self, event: events.Key) -> None:
        """A letter is the answer."""
        letters = {letter for letter, _ in self._options}
        typed = event.character or ""
        if typed in letters:
            event.stop()
            self.dismiss(typed)
        elif typed.lower() in letters:
            event.stop()
            self.dismiss(typed.lower())


def confirm(question: str, yes: str = "yes", no: str = "no, go back", note: str | Text = "") -> ChoiceDialog:
    """A question that takes y or n."""
    return ChoiceDialog(question, (("y", yes), ("n", no)), note)

"""The keys that work on the screen below, from its bindings."""

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from tui.commands import KeyHelp
from tui.dialogs.base import Dialog


class HelpDialog(Dialog[None]):
    """One line a key; any listed key may be pressed after Esc."""

    BINDINGS: ClassVar = [Binding("question_mark", "back", "Back", show=False)]

    def __init__(self, title: str, keys: Sequence[KeyHelp], words: str = "") -> None:
        super().__init__(title, words)
        self.keys = tuple(keys)

    def compose_body(self) -> ComposeResult:
        """The keys, in the order the screen declares them."""
        for each in self.keys:
            yield Static(Text.assemble((f"{each.key:>7}", "bold"), "  ", each.words), classes="choice")

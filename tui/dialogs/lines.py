"""Something to read: a result, a list of changes. Any of Enter and Esc closes it."""

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.dialogs.base import Dialog


class LinesDialog(Dialog[str]):
    """Lines of read-only text. `more` are further keys, (key, words); the answer is the key that closed it."""

    BINDINGS: ClassVar = [
        Binding("enter", "back", "Close", show=False),
        Binding("down,j", "scroll(1)", "Down", show=False),
        Binding("up,k", "scroll(-1)", "Up", show=False),
        Binding("pagedown,space", "scroll(10)", "Page down", show=False),
        Binding("pageup", "scroll(-10)", "Page up", show=False),
    ]

    def __init__(self, title: str, lines: Sequence[str | Text], more: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(title)
        self.lines = tuple(lines)
        self._more = dict(more)

    def compose_body(self) -> ComposeResult:
        """One static a line, so that a long text is laid out once."""
        for each in self.lines:
            yield Static(Text(each) if isinstance(each, str) else each, markup=False)

    def keys_line(self) -> str:
        """The keys that work here."""
        return " · ".join([*(f"{key} {words}" for key, words in self._more.items()), "Up Down scroll", "Esc close"])

    def on_key(self, event: events.Key) -> None:
        """One of the further keys is the answer."""
        if event.character in self._more:
            event.stop()
            self.dismiss(event.character)

    def action_scroll(self, lines: int) -> None:
        """Move the text."""
        self.query_one(".dialog-body", VerticalScroll).scroll_relative(y=lines, animate=False)

"""A long command at work: how far it has come, and Esc to stop it with nothing kept."""

import threading
import time
from collections.abc import Callable
from typing import Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.widgets import Static

from tui.dialogs.base import Dialog
from tui.session import Command
from tui.work import Performed, Refused, perform

_EVERY = 0.1
"""Seconds between two reports; more would only keep a slow line busy."""
_WIDTH = 50

Advance = Callable[[Any], None]
Cancelled = Callable[[], bool]
Shown = tuple[float, tuple[str, ...]]
"""How far it is, 0 to 1, and what to say about it."""


class Advanced(Message):
    """The command has come this far."""

    def __init__(self, progress: object) -> None:
        super().__init__()
        self.progress = progress


class ProgressDialog(Dialog[Performed | Refused]):
    """Runs a command with a bar; the answer is its receipt or its refusal.

    `command(advance, cancelled)` makes the command; `shown(progress, seconds)` puts its reports into words.
    """

    BINDINGS: ClassVar = [Binding("escape", "back", "Stop", show=False)]

    def __init__(
        self,
        title: str,
        act: str,
        command: Callable[[Advance, Cancelled], Command],
        shown: Callable[[Any, float], Shown],
    ) -> None:
        super().__init__(title)
        self._act = act
        self._make = command
        self._shown = shown
        self._stop = threading.Event()
        self._began = 0.0
        self._told = 0.0

    @property
    def stopped(self) -> bool:
        """Whether the person asked to stop."""
        return self._stop.is_set()

    def compose_body(self) -> ComposeResult:
        """The bar, and words below it."""
        yield Static(bar(0.0), id="bar")
        yield Static("", id="progress", markup=False)

    def keys_line(self) -> str:
        """The keys that work here."""
        return "Esc stop; nothing is kept"

    def on_mount(self) -> None:
        """Begin."""
        self._began = time.monotonic()
        perform(self, self._act, self._make(self._advance, self._stop.is_set))

    def _advance(self, progress: object) -> None:
        """Called in the thread of the command."""
        now = time.monotonic()
        if now - self._told >= _EVERY:
            self._told = now
            self.post_message(Advanced(progress))

    @on(Advanced)
    def _show(self, message: Advanced) -> None:
        part, words = self._shown(message.progress, time.monotonic() - self._began)
        self.query_one("#bar", Static).update(bar(part))
        self.query_one("#progress", Static).update(Text("\n".join(words)))

    @on(Performed)
    @on(Refused)
    def _done(self, message: Performed | Refused) -> None:
        message.stop()
        self.dismiss(message)

    def action_back(self) -> None:
        """Ask the command to stop; it answers when it has."""
        self._stop.set()
        self.refuse("Stopping…")


def bar(part: float) -> Text:
    """A bar with its percentage beside it."""
    full = round(min(max(part, 0.0), 1.0) * _WIDTH)
    return Text.assemble(("█" * full, "bold"), ("░" * (_WIDTH - full), "dim"), f" {part:4.0%}")

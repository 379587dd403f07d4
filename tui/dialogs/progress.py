"""A long command at work: how far it has come, and Esc to stop it."""

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

from incident.errors import Refusal
from tui.dialogs.base import Dialog
from tui.session import Command
from tui.work import Loaded, Performed, Refused, background, perform

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


Ended = Performed | Loaded | Refused
"""How a long work ends."""


class _BarDialog(Dialog[Ended]):
    """A bar, and words below it: `shown(progress, seconds)` says how far it is, `kept` what Esc leaves."""

    BINDINGS: ClassVar = [Binding("escape", "back", "Stop", show=False)]

    def __init__(self, title: str, shown: Callable[[Any, float], Shown], kept: str = "nothing is kept") -> None:
        super().__init__(title)
        self._kept = kept
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
        return f"Esc stop; {self._kept}"

    def on_mount(self) -> None:
        """Begin."""
        self._began = time.monotonic()
        self.begin()

    def begin(self) -> None:
        """Start the work in a thread."""
        raise NotImplementedError

    def advance(self, progress: object) -> None:
        """Called in the thread of the work."""
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
    @on(Loaded)
    @on(Refused)
    def _done(self, message: Ended) -> None:
        message.stop()
        self.dismiss(message)

    def action_back(self) -> None:
        """Ask the work to stop; it answers when it has."""
        self._stop.set()
        self.refuse("Stopping…")


class ProgressDialog(_BarDialog):
    """Runs a command; the answer is its receipt or its refusal. `command(advance, cancelled)` makes the command."""

    def __init__(
        self,
        title: str,
        act: str,
        command: Callable[[Advance, Cancelled], Command],
        shown: Callable[[Any, float], Shown],
        *,
        kept: str = "nothing is kept",
    ) -> None:
        super().__init__(title, shown, kept)
        self._act = act
        self._make = command

    def begin(self) -> None:
        """Carry out the command in a thread."""
        perform(self, self._act, self._make(self.advance, self._stop.is_set))


class StoppedError(Refusal):
    """Whoever started it stopped it."""


class JobDialog(_BarDialog):
    """Runs a long job that is no command of the record; the answer is `Loaded` with what it made, or its refusal.

    `job(advance)` reports by `advance`, which ends it where the person pressed Esc.
    """

    def __init__(
        self, title: str, what: str, job: Callable[[Advance], Any], shown: Callable[[Any, float], Shown]
    ) -> None:
        super().__init__(title, shown)
        self._what = what
        self._job = job

    def begin(self) -> None:
        """Do the job in a thread."""
        background(self, self._what, lambda: self._job(self._report))

    def _report(self, progress: object) -> None:
        if self.stopped:
            raise StoppedError("stopped; nothing was kept")
        self.advance(progress)


def bar(part: float) -> Text:
    """A bar with its percentage beside it."""
    full = round(min(max(part, 0.0), 1.0) * _WIDTH)
    return Text.assemble(("█" * full, "bold"), ("░" * (_WIDTH - full), "dim"), f" {part:4.0%}")

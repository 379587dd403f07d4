"""The frame of all dialogs: a title, a body, one line for a refusal, Esc to go back."""

from typing import ClassVar, TypeVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

T = TypeVar("T")


class Dialog(ModalScreen[T | None]):
    """Ask something; the answer is None where the person went back."""

    BINDINGS: ClassVar = [Binding("escape", "back", "Back")]

    def __init__(self, title: str, note: str | Text = "") -> None:
        super().__init__()
        self._title = title
        self._note = note

    def compose(self) -> ComposeResult:
        """Frame what `compose_body` gives."""
        with Vertical(classes="dialog"):
            yield Static(Text(self._title), classes="dialog-title")
            if self._note:
                yield Static(Text(self._note) if isinstance(self._note, str) else self._note, classes="dialog-note")
            with VerticalScroll(classes="dialog-body", can_focus=False):
                yield from self.compose_body()
            yield Static("", classes="dialog-error", markup=False)
            yield Static(Text(self.keys_line()), classes="dialog-keys")

    def compose_body(self) -> ComposeResult:
        """What the dialog asks."""
        yield from ()

    def keys_line(self) -> str:
        """The keys that work here."""
        return "Esc back"

    def on_resize(self) -> None:
        """Let a long body scroll, so that errors and keys stay in sight on a small terminal."""
        used = sum(
            self.query_one(f".dialog-{part}").outer_size.height
            for part in ("title", "error", "keys", *(["note"] if self._note else []))
        )
        self.query_one(".dialog-body").styles.max_height = max(self.size.height - used - 4, 4)

    def refuse(self, message: str) -> None:
        """Show one clear line; what was typed stays."""
        self.query_one(".dialog-error", Static).update(Text(message))

    def action_back(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)

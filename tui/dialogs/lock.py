"""The lock: after idle time the program shows nothing until the passphrase is given again."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Input

from incident.access.secrets import SecretText
from tui.dialogs.base import Dialog
from tui.work import Loaded, Refused, background, program


class LockDialog(Dialog[None]):
    """Covers everything. There is no way back but the passphrase; nothing typed below is lost."""

    BINDINGS: ClassVar = [Binding("escape", "back", "Stay locked", show=False)]

    def __init__(self, user: str, why: str, *, needs_code: bool = False) -> None:
        super().__init__(f"Locked. Passphrase of {user}?", why)
        self._needs_code = needs_code

    def compose_body(self) -> ComposeResult:
        """One secret line, and one for the code where there is a second factor."""
        yield Input(password=True, id="passphrase", compact=True)
        if self._needs_code:
            yield Input(placeholder="code of your authenticator", id="code", compact=True)

    def keys_line(self) -> str:
        """The keys that work here."""
        return "Enter unlock"

    @on(Input.Submitted)
    def check(self, event: Input.Submitted) -> None:
        """Try the passphrase in a thread: it is slow on purpose."""
        workspace = program(self).session.workspace
        passphrase = SecretText(self.query_one("#passphrase", Input).value)
        code = None
        if self._needs_code:
            code = self.query_one("#code", Input).value
            if event.input.id == "passphrase" and not code:
                self.query_one("#code", Input).focus()
                return
        self.refuse("checking…")
        background(self, "unlock", lambda: workspace.unlocks(passphrase, code))

    @on(Loaded)
    def unlocked(self, message: Loaded) -> None:
        """Show the screens again."""
        message.stop()
        self.dismiss(None)

    @on(Refused)
    def still_locked(self, message: Refused) -> None:
        """One clear message, and an empty line to try again."""
        message.stop()
        for line in self.query(Input):
            line.value = ""
        self.query_one("#passphrase", Input).focus()
        self.refuse(str(message.refusal))

    def action_back(self) -> None:
        """Esc opens nothing."""

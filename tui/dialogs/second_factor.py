"""Setting up the second factor: a QR code, the secret as text, and a code that shows both came through."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from incident.access.totp import new_secret, typed, uri
from tui.access import qr_lines
from tui.session import Session
from tui.work import Performed, Refused, perform


class SecondFactorDialog(ModalScreen[Performed | None]):
    """Fills the screen: the QR code must be seen whole, on a terminal of 80 by 24 too."""

    DEFAULT_CSS = """
    SecondFactorDialog { align: center middle; background: $background; }
    SecondFactorDialog Horizontal { width: auto; height: auto; max-width: 78; }
    SecondFactorDialog #qr { width: auto; height: auto; color: white; background: black; }
    SecondFactorDialog Vertical { width: 40; height: auto; padding: 0 1; }
    SecondFactorDialog Input { margin: 1 0 0 0; }
    SecondFactorDialog #error { color: $error; height: auto; }
    SecondFactorDialog #keys { color: $text-muted; }
    """
    BINDINGS: ClassVar = [Binding("escape", "back", "Back")]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._service = session.service.access
        self._user = session.service.user
        self._secret = new_secret()

    def compose(self) -> ComposeResult:
        """The QR code, and beside it the secret and the line for the code."""
        with Horizontal():
            yield Static(Text("\n".join(qr_lines(uri(self._secret, self._user)))), id="qr")
            with Vertical():
                yield Static(Text("Second factor", style="bold"))
                yield Static("Scan this with your authenticator, or type the secret:\n", markup=False)
                yield Static(Text(str(typed(self._secret)), style="bold"), id="secret")
                yield Static("\nFrom then on its code is asked for after the passphrase.", markup=False)
                yield Input(placeholder="code it shows now", id="code", compact=True)
                yield Static("", id="error", markup=False)
                yield Static("Enter switch it on · Esc back", id="keys", markup=False)

    def on_mount(self) -> None:
        """The code comes next."""
        self.query_one("#code", Input).focus()

    @on(Input.Submitted)
    def switch_on(self, event: Input.Submitted) -> None:
        """Take the code; nothing is kept before it fits."""
        event.stop()
        code, secret, service = event.value, self._secret, self._service
        perform(self, "second factor", lambda _: service.turn_totp_on(secret, code))

    @on(Performed)
    def switched(self, message: Performed) -> None:
        """It is on."""
        message.stop()
        self.dismiss(message)

    @on(Refused)
    def refused(self, message: Refused) -> None:
        """Say why, and take another code."""
        message.stop()
        self.query_one("#code", Input).value = ""
        self.query_one("#error", Static).update(Text(str(message.refusal)))

    def action_back(self) -> None:
        """Leave everything as it was."""
        self.dismiss(None)

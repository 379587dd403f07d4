"""Showing a recovery code, this once, until it is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from incident.errors import InvalidInput
from tui.dialogs.choice import confirm
from tui.dialogs.form import Field, FormDialog

if TYPE_CHECKING:
    from incident.access.secrets import SecretText


class RecoveryCodeDialog(FormDialog):
    """Shows the code, and asks for its end, which only somebody who has it in front of them can type."""

    def __init__(self, user: str, code: SecretText) -> None:
        groups = str(code).split("-")

        def ends(text: str) -> str:
            if text.strip().upper() != groups[-1]:
                raise InvalidInput("that is not what the code ends in")
            return "that is its end"

        note = Text.assemble(
            ("\n   " + "-".join(groups[:4]) + "-\n   " + "-".join(groups[4:]) + "\n\n", "bold"),
            "It replaces a lost passphrase, and a lost second factor. It is shown this once, and kept nowhere: "
            "write it down, and keep the paper away from this machine.",
        )
        end = Field("end", "Its last five", required=True, hint="from the paper", check=ends)
        super().__init__(f"Recovery code of {user}", [end], note=note, commit="it is written down")

    def action_back(self) -> None:
        """Nobody leaves by accident."""
        question = "Leave without having written it down?"
        note = "Another one can be made later. Without one, a lost passphrase is lost for good."
        self.app.push_screen(confirm(question, "leave", "back to the code", note=note), self._leave)

    def _leave(self, answer: str | None) -> None:
        if answer == "y":
            self.dismiss(None)

"""Opening a case from a form: user and passphrase, and after them a code where the user has a second factor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from rich.text import Text
from textual.app import App

from tui.dialogs.form import Field, FormDialog, Values

if TYPE_CHECKING:
    from incident.access.admission import Admission
    from incident.ports import Clock
    from incident.stores.naming import Place
    from tui.compose import Workspace

PASSPHRASE = Field("passphrase", "Passphrase", required=True, secret=True)


def ask_to_open(
    app: App[Any],
    title: str,
    fields: Sequence[Field],
    *,
    place: Callable[[Values], Place],
    opened: Callable[[Workspace], None],
    note: str | Text = "",
    commit: str = "open",
    clock: Clock | None = None,
) -> None:
    """Ask for `fields`, among them `user`, and the passphrase; then for the code. `opened` gets the workspace."""

    def begin(values: Values) -> Admission | Workspace:
        from tui.compose import begin_workspace, enter_workspace  # noqa: PLC0415 - loads the stores, in this thread

        admission = begin_workspace(place(values), values["user"], values["passphrase"], clock=clock)
        return admission if admission.needs_code else enter_workspace(admission, clock=clock)

    def begun(answer: object) -> None:
        if answer is None:
            return
        if hasattr(answer, "needs_code"):
            _ask_code(app, cast("Admission", answer), opened, clock)
        else:
            opened(cast("Workspace", answer))

    app.push_screen(FormDialog(title, [*fields, PASSPHRASE], note=note, job=begin, commit=commit), begun)


def _ask_code(app: App[Any], admission: Admission, opened: Callable[[Workspace], None], clock: Clock | None) -> None:
    def enter(values: Values) -> Workspace:
        from tui.compose import enter_workspace  # noqa: PLC0415 - loaded by now

        return enter_workspace(admission, values["code"], clock=clock)

    def entered(answer: object) -> None:
        if answer is None:
            admission.store.close()
        else:
            opened(cast("Workspace", answer))

    code = Field("code", "Code", required=True, hint="six digits")
    note = "The passphrase is right. Which code does your authenticator show?"
    app.push_screen(FormDialog("Second factor", [code], note=note, job=enter, commit="open"), entered)

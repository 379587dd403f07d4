"""Who may open the case: users, second factors, recovery codes, and the keys that each one holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding

from incident.access.held import ADVICE, SIGNING
from incident.errors import InvalidInput
from incident.views.queries import UserRow
from tui.dialogs.choice import confirm
from tui.dialogs.enroll import enroll_form
from tui.dialogs.form import Field, FormDialog, Values
from tui.dialogs.recovery import RecoveryCodeDialog
from tui.dialogs.second_factor import SecondFactorDialog
from tui.presenters import moment
from tui.screens.base import CaseScreen
from tui.session import Command, Session
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable
from tui.work import Performed

if TYPE_CHECKING:
    from incident.access.secrets import SecretText
    from incident.service import Receipt


class _Line(msgspec.Struct, frozen=True):
    row: UserRow
    can_open: bool
    reads_advice: bool
    signs: bool


class AccessScreen(CaseScreen):
    """Everybody who may open the case. What concerns one's own way in works for oneself only."""

    TITLE_WORDS = "Who may open this case"
    HELP = "Users and their keys. A user who is removed keeps what they know: rotate the keys for what comes next."
    BINDINGS: ClassVar = [
        Binding("n", "enroll", "Enroll", tooltip="Enroll: who else may open this case"),
        Binding("x", "remove", "Remove", tooltip="Remove: this user can open the case no longer"),
        Binding(
            "t", "second_factor", "2nd factor", tooltip="Your second factor: a code after the passphrase, on or off"
        ),
        Binding("p", "passphrase", "Passphrase", tooltip="Another passphrase of your own"),
        Binding("r", "recovery_code", "Recovery", tooltip="Another recovery code of your own, shown once"),
        Binding("s", "share", "Share advice", tooltip="Let this user read counsel's advice"),
        Binding(
            "S", "unshare", "Unshare", show=False, tooltip="Seal advice from now on so that this user cannot read it"
        ),
        Binding("k", "rotate", "Rotate", tooltip="Rotate the keys: what comes next is sealed with new ones"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._lines: dict[str, _Line] = {}

    def compose_body(self) -> ComposeResult:
        """The users, and all that is known of the one under the cursor."""
        columns = [
            Column("USER", 10, 1),
            Column("NAME", 14, 2),
            Column("ROLE", 14),
            Column("2ND", 4),
            Column("RECOVERY", 11),
            Column("ADVICE", 7),
            Column("SIGNS", 6),
            Column("CHANGED", 11),
        ]
        yield RecordTable(columns, id="users")
        yield Panel(id="about")

    # --- Reading

    def load(self) -> None:
        """Read who is enrolled, and which keys they hold now."""
        case = self.session.workspace.case
        self.read(
            "users",
            lambda queries: [
                _Line(row, case.can_open(row.user), case.holds(row.user, ADVICE), case.holds(row.user, SIGNING))
                for row in queries.users()
            ],
        )

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The users."""
        if what != "users":
            return
        self._lines = {line.row.user: line for line in value}
        zone = self.session.zone()
        table = self.query_one(RecordTable)
        table.show_rows({user: [Text(cell) for cell in _cells(line, zone)] for user, line in self._lines.items()})
        if self.focused is None:
            table.focus()
        self._show_about()

    def on_data_table_row_highlighted(self) -> None:
        """Another user is under the cursor."""
        self._show_about()

    def _show_about(self) -> None:
        line = self._current
        if line is not None:
            self.query_one("#about", Panel).show(*_about(line, self.session))

    @property
    def _current(self) -> _Line | None:
        return self._lines.get(self.query_one(RecordTable).current_key or "")

    # --- Users

    def action_enroll(self) -> None:
        """Let another person open the case."""
        self.ask_form("enroll", enroll_form(self.session))

    def action_remove(self) -> None:
        """Let the user under the cursor open the case no longer."""
        line = self._current
        if line is None or self._looks_back():
            return
        user = line.row.user

        note = "Their name stays in the record. Nothing is encrypted anew; what they know, they still know."
        self._ask(
            "remove", f"Remove {line.row.name}?", "remove", lambda service: service.access.remove(user), note=note
        )

    # --- One's own way in

    def action_second_factor(self) -> None:
        """Switch one's own second factor on or off."""
        if self._looks_back():
            return
        if not self.session.workspace.case.has_second_factor:
            self.app.push_screen(SecondFactorDialog(self.session), self._recorded)
            return

        self._ask(
            "second factor",
            "Open the case with the passphrase alone from now on?",
            "switch it off",
            lambda service: service.access.turn_totp_off(),
        )

    def action_passphrase(self) -> None:
        """Another passphrase of one's own."""
        self.ask_form("passphrase", _passphrase_form())

    def action_recovery_code(self) -> None:
        """Another recovery code of one's own."""
        if self._looks_back():
            return

        note = "One that you have already opens nothing any more."
        self._ask(
            "recovery code",
            "Make another recovery code for yourself?",
            "make it",
            lambda service: service.access.new_recovery_code(),
            note=note,
        )

    # --- Keys

    def action_share(self) -> None:
        """Let the user under the cursor read counsel's advice."""
        line = self._current
        if line is None or self._looks_back():
            return
        user = line.row.user

        note = "All of it, what was given and what will be. Sharing may end a privilege: that is for counsel to judge."
        self._ask(
            "share",
            f"Let {line.row.name} read counsel's advice?",
            "share it",
            lambda service: service.access.share_advice(user),
            note=note,
        )

    def action_unshare(self) -> None:
        """Close the advice that comes to the user under the cursor."""
        line = self._current
        if line is None or self._looks_back():
            return
        user = line.row.user

        note = "What was readable stays readable to whoever kept a copy of it, or of the key."
        self._ask(
            "unshare",
            f"Seal advice from now on so that {line.row.name} cannot read it?",
            "seal it",
            lambda service: service.access.unshare_advice(user),
            note=note,
        )

    def action_rotate(self) -> None:
        """New keys for what comes next."""
        if not self._looks_back():
            self._ask_to_rotate("Rotate the keys?")

    def _ask_to_rotate(self, question: str) -> None:
        note = "What is recorded from now on needs the new keys. What is there already stays as it is, and readable."
        self._ask("rotate", question, "rotate", lambda service: service.access.rotate(), note=note)

    def _ask(self, act: str, question: str, verb: str, command: Command, *, note: str = "") -> None:
        """Do it once the person has said yes."""

        def answered(answer: str | None) -> None:
            if answer == "y":
                self.perform(act, command)

        self.app.push_screen(confirm(question, verb, note=note), answered)

    # --- What was recorded

    def performed(self, act: str, receipt: Receipt, result: Any) -> None:  # noqa: ANN401
        """Show a code this once; propose what belongs to it."""
        del receipt
        if act in {"enroll", "recovery code"} and result is not None:
            user, code = result if act == "enroll" else (self.session.service.user, result)
            show_recovery_code(self, user, code)
        elif act == "remove":
            self._ask_to_rotate("Removed. Rotate the keys now, too?")

    def _recorded(self, answer: Performed | None) -> None:
        if answer is not None:
            self.post_message(Performed("second factor", answer.receipt, answer.result))

    def _looks_back(self) -> bool:
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
            return True
        return False


def show_recovery_code(screen: CaseScreen, user: str, code: SecretText) -> None:
    """Show a recovery code until it is written down."""
    screen.app.push_screen(RecoveryCodeDialog(user, code))


def _passphrase_form() -> FormDialog:
    def command(values: Values) -> Command:
        if values["new"] != values["again"]:
            raise InvalidInput("again: the two passphrases are not the same")
        return lambda service: service.access.change_passphrase(values["old"], values["new"])

    fields = [
        Field("old", "Present one", required=True, secret=True),
        Field("new", "New one", required=True, secret=True, hint="12 characters or more; four words do"),
        Field("again", "Again", required=True, secret=True),
    ]
    return FormDialog("Another passphrase", fields, command=command, commit="change it")


def _cells(line: _Line, zone: Any) -> tuple[str, ...]:  # noqa: ANN401
    row = line.row
    made = row.recovery_code_at
    return (
        row.user,
        row.name,
        row.role.replace("_", " "),
        "on" if row.second_factor else "off",
        f"{made.astimezone(zone):%Y-%m-%d}" if made is not None else "none",
        "reads" if line.reads_advice else "sealed",
        "yes" if line.signs else "no",
        f"{row.changed_at.astimezone(zone):%Y-%m-%d}",
    )


def _about(line: _Line, session: Session) -> list[str]:
    row, zone = line.row, session.zone()
    made = row.recovery_code_at
    words = [f"{row.name} ({row.user}), {row.role.replace('_', ' ')}", ""]
    if not line.can_open:
        words += ["In the record as a user, and without keys: the enrollment broke off. Enroll them again.", ""]
    return [
        *words,
        "Opens the case with a passphrase"
        + (
            " and a code of an authenticator."
            if row.second_factor
            else " alone; t sets up a second factor for oneself."
        ),
        f"Recovery code made on {moment(made, zone)}." if made is not None else "Has no recovery code.",
        "Holds the key of counsel's advice." if line.reads_advice else "Counsel's advice is sealed for this user.",
        "Signs checkpoints and packs." if line.signs else "Reads and verifies; signs nothing.",
        f"Last change: {moment(row.changed_at, zone)}.",
    ]

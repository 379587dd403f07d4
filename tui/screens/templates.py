"""The organization's own templates: what letters are written with, and how other ones are taken in."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding

from incident.errors import InvalidInput
from incident.own_templates import OwnTemplates
from incident.service import Receipt, Service
from notices.house.intake import Intake, check_folder, take_in
from tui import templates
from tui.dialogs.form import Field, FormDialog, Values
from tui.dialogs.lines import LinesDialog
from tui.dialogs.paths import PathFormDialog
from tui.screens.base import CaseScreen
from tui.session import Command
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable


class TemplatesScreen(CaseScreen):
    """Letterhead, signature, style and sections of the organization's own."""

    TITLE_WORDS = "Own templates"
    HELP = "What letters are written with besides the shipped templates. Any change voids the approvals of their texts."
    BINDINGS: ClassVar = [
        Binding("i", "take_in", "Take in", tooltip="Check a folder of templates and keep it in the case"),
        Binding("c", "check", "Check", tooltip="Check a folder of templates; nothing is recorded"),
        Binding("x", "remove", "Remove", tooltip="Go back to the shipped templates"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._sets: tuple[OwnTemplates, ...] = ()

    def compose_body(self) -> ComposeResult:
        """The files of the set in force, and every set there was."""
        yield RecordTable(
            [Column("FILE", 43, 2), Column("FOR", 13), Column("BYTES", 7), Column(" SHA-256", 13)], id="files"
        )
        yield Panel(id="about")

    def load(self) -> None:
        """Read the sets as of the moment in view."""
        session = self.session
        self.background("sets", lambda: session.own_templates)

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The sets, or what a check found."""
        if what == "checked":
            self.status.say("")
            self.app.push_screen(LinesDialog("Checked; nothing was recorded", templates.check_lines(value)))
            return
        self._sets = value
        current = value[-1] if value and value[-1].removed_at is None else None
        table = self.query_one(RecordTable)
        table.show_rows({name: templates.file_cells(name, *rest) for name, *rest in current.files} if current else {})
        table.display = current is not None
        lines = templates.history_lines(value, self.session.zone())
        self.query_one("#about", Panel).show(*(lines if current is not None else (*templates.EMPTY, "", *lines)))
        if current is not None and self.focused is None:
            table.focus()

    def action_check(self) -> None:
        """c: check a folder."""
        rulebook = self.session.queries.rulebook

        def job(values: Values) -> Intake:
            return check_folder(Path(values["folder"]).expanduser(), rulebook)

        def checked(answer: object) -> None:
            if isinstance(answer, Intake):
                self.show("checked", answer)

        form = PathFormDialog("Check a folder of templates", _fields(), paths=["folder"], job=job, commit="check")
        self.app.push_screen(form, checked)

    def action_take_in(self) -> None:
        """i: check a folder, and keep it."""
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
            return

        def command(values: Values) -> Command:
            folder = Path(values["folder"]).expanduser()

            def take(service: Service) -> Receipt:
                intake = check_folder(folder, service.queries.rulebook)
                if len(intake.faults) > 1:
                    raise InvalidInput(f"{len(intake.faults)} faults; Esc and c list them all. {intake.faults[0]}")
                return take_in(service, intake)

            return take

        form = PathFormDialog(
            "Take templates in",
            _fields(),
            paths=["folder"],
            note="Letters are written with them from now on; approvals of texts that they change are void.",
            command=command,
            commit="take in",
        )
        self.ask_form("take_in", form)

    def action_remove(self) -> None:
        """x: back to the shipped templates."""
        if not self._sets or self._sets[-1].removed_at is not None:
            self.status.refuse("No templates of your own are in force.")
            return

        def command(values: Values) -> Command:
            return lambda service: service.templates.remove(values["reason"])

        fields = [Field("reason", "Reason", required=True)]
        note = "What was taken in stays in the record. Approvals of texts that change are void."
        self.ask_form("remove", FormDialog("Remove own templates", fields, note=note, command=command, commit="remove"))

    def performed(self, act: str, receipt: Receipt, result: Any) -> None:  # noqa: ANN401
        """Nothing more to show than the receipt."""


def _fields() -> list[Field]:
    return [Field("folder", "Folder", required=True, hint="~/templates")]

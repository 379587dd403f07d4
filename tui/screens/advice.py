"""Advice of counsel in an incident: that there is advice, for everybody; the words, for who holds the key."""

from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from incident.errors import InvalidInput
from incident.evidence.privilege import PrivilegeRow, called, privilege_csv, privilege_log, subject_words
from incident.files import write_durably
from incident.views.queries import AdviceRow, Queries
from tui import advice
from tui.dialogs.advice import AdviceDialog
from tui.dialogs.form import Field, Values
from tui.dialogs.lines import LinesDialog
from tui.dialogs.paths import PathFormDialog
from tui.screens.base import IncidentScreen
from tui.session import Command, Session
from tui.widgets.frame import Line
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable


class _View(msgspec.Struct, frozen=True):
    rows: tuple[AdviceRow, ...]
    names: dict[str, str]
    kinds: dict[str, str]
    lead: str
    can_read: bool


class AdviceScreen(IncidentScreen):
    """The advice of an incident; opened from a notice, new advice is about that notice."""

    TITLE_WORDS = "Advice of counsel"
    HELP = "Advice is sealed with a key of its own. That it was given, when, to whom and on what ground, all can see."
    BINDINGS: ClassVar = [
        Binding("enter", "read", "Read", tooltip="Read the words, where you hold the advice key"),
        Binding("n", "new", "New", tooltip="Give advice: a note to the privileged stream, sealed"),
        Binding("c", "correct", "Correct", tooltip="Put other words in their place; the earlier ones stay, sealed"),
        Binding("v", "log", "Privilege log", tooltip="Privilege log: what is withheld, without what it says"),
        Binding("x", "export", "Export log", tooltip="Write the privilege log to a CSV file"),
    ]

    def __init__(self, incident_id: UUID, subject: str = "") -> None:
        super().__init__(incident_id)
        self._subject = subject
        self._view: _View | None = None

    def compose_head(self) -> ComposeResult:
        """Sections, and that a label is no privilege."""
        yield from super().compose_head()
        yield Line(id="label")

    def compose_body(self) -> ComposeResult:
        """The list, and what stands in the clear about the advice under the cursor."""
        columns = [
            Column("EVENT", 7),
            Column("DATE", 11),
            Column("BY", 12, 1),
            Column("TO", 12, 1),
            Column("ABOUT", 14, 2),
            Column("DESCRIPTION", 14, 3),
        ]
        yield RecordTable(columns, id="advice")
        yield Panel(id="about")

    # --- Reading

    def load(self) -> None:
        """Read what was given as of the moment in view; never the words."""
        self.query_one("#label", Line).show(Text(advice.LABEL, style="bold"))
        incident_id, can_read = self.incident_id, self.session.service.advice

        def query(queries: Queries) -> _View:
            users = queries.users()
            return _View(
                rows=queries.advice(incident_id),
                names=called(users),
                kinds=advice.kinds_of(queries.notices(incident_id)),
                lead=next((user.name for user in users if user.role == "incident_lead"), ""),
                can_read=can_read.can_read,
            )

        self.read("advice", query)

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The list, or the words that were asked for."""
        match what:
            case "advice":
                self._view = value
                zone = self.session.zone(self.incident_id)
                table = self.query_one(RecordTable)
                table.show_rows(
                    {str(row.id): advice.advice_cells(row, value.names, value.kinds, zone) for row in value.rows}
                )
                table.display = bool(value.rows)
                if value.rows and self.focused is None:
                    table.focus()
                self._show_about()
            case "words":
                row, text = value
                head = advice.advice_head(row, self._names, self._kinds, self.session.zone(self.incident_id))
                above = [Text(line, style="dim") for line in head]
                self.app.push_screen(LinesDialog("Advice of counsel", [*above, "", *text.splitlines()]))
            case "to correct":
                self._correct(*value)
            case "log":
                lines = advice.log_lines(value, self.session.queries.position)
                self.app.push_screen(LinesDialog("Privilege log", lines))

    @property
    def _names(self) -> dict[str, str]:
        return self._view.names if self._view is not None else {}

    @property
    def _kinds(self) -> dict[str, str]:
        return self._view.kinds if self._view is not None else {}

    @property
    def _row(self) -> AdviceRow | None:
        key = self.query_one(RecordTable).current_key
        rows = self._view.rows if self._view is not None else ()
        return next((row for row in rows if str(row.id) == key), None)

    @on(RecordTable.RowHighlighted)
    def _show_about(self) -> None:
        if self._view is None:
            return
        row = self._row
        lines: list[str | Text] = []
        if row is None:
            lines = ["No advice was recorded in this incident.", ""]
            lines += [advice.WHO_READS]
        else:
            lines += advice.advice_head(row, self._names, self._kinds, self.session.zone(self.incident_id))
            lines += ["", "Enter opens the words." if self._view.can_read else advice.SEALED]
        self.query_one("#about", Panel).show(*lines)

    def action_read(self) -> None:
        """Enter: open the words, for this moment only."""
        row = self._row
        if row is not None:
            service = self.session.service
            self.background("words", lambda: (row, service.advice.read(row.id, row.version)))

    def action_log(self) -> None:
        """v: the privilege log as of the moment in view."""
        session, incident_id = self.session, self.incident_id
        self.background("log", lambda: _log(session, incident_id))

    # --- Writing

    def action_new(self) -> None:
        """n: advice about the notice that this was opened from, or about the incident."""
        incident_id, subject, view = self.incident_id, self._subject, self._view
        if view is None:
            return

        def command(text: str, recipients: list[str], basis: str, description: str) -> Command:
            return lambda service: service.advice.give(
                incident_id, text, recipients=recipients, basis=basis, description=description, subject=subject
            )

        title = "Advice " + (subject_words(subject, view.kinds) or "on the incident")
        self.ask_form("new", AdviceDialog(title, self._who_reads(), command, recipients=view.lead))

    def action_correct(self) -> None:
        """c: begin with the present words; they have to be opened for that."""
        row = self._row
        if row is None:
            return
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
            return
        service = self.session.service
        self.background("to correct", lambda: (row, service.advice.read(row.id, row.version)))

    def _correct(self, row: AdviceRow, text: str) -> None:
        def command(words: str, recipients: list[str], basis: str, description: str) -> Command:
            return lambda service: service.advice.correct(
                row.id, words, recipients=recipients, basis=basis, description=description
            )

        dialog = AdviceDialog(
            f"Correct the advice of #{row.position}",
            self._who_reads(),
            command,
            words=text,
            recipients="; ".join(row.recipients),
            basis=row.basis,
            description=row.description,
        )
        self.ask_form("correct", dialog)

    def _who_reads(self) -> str:
        """Who can read the words, said before they are written."""
        workspace = self.session.workspace
        readers = [user.name for user in self.session.queries.users() if workspace.case.holds(user.user, "advice")]
        return f"Sealed. Readable by {', '.join(readers) or 'nobody yet'}, and by nobody else."

    def action_export(self) -> None:
        """x: the log as a table; it names no words."""
        session, incident_id = self.session, self.incident_id

        def job(values: Values) -> tuple[str, int]:
            path = Path(values["file"]).expanduser()
            if path.exists():
                raise InvalidInput(f"file: {path} is there already")
            rows = _log(session, incident_id)
            write_durably(path, privilege_csv(rows))
            return str(path), len(rows)

        form = PathFormDialog(
            "Export the privilege log",
            [Field("file", "File", required=True, hint="~/privilege-log.csv")],
            paths=["file"],
            note="A CSV file with date, author, recipients, description and ground of all that is withheld.",
            job=job,
            commit="write",
        )

        def written(answer: object) -> None:
            if isinstance(answer, tuple):
                self.status.say(f"{answer[1]} entries written to {answer[0]}")

        self.app.push_screen(form, written)

    def action_advice(self) -> None:
        """P: here already."""


def _log(session: Session, incident_id: UUID) -> tuple[PrivilegeRow, ...]:
    log = session.workspace.case.log
    return privilege_log(session.queries, log.read(), incident_id, session.zone(incident_id))

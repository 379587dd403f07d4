"""The log: what happened and when it was recorded; nothing is deleted, corrections stand beside what they correct."""

from pathlib import Path
from typing import Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from incident.errors import InvalidInput
from incident.service import Receipt, Service
from incident.views.queries import Queries, TimelineRow
from incident.views.shifts import news
from tui.dialogs.form import Field, FormDialog, Values
from tui.dialogs.lines import LinesDialog
from tui.dialogs.paths import PathFormDialog, existing_file
from tui.entry import read_moment
from tui.presenters import moment
from tui.record import entry_cells, entry_panel
from tui.screens.base import SectionScreen
from tui.screens.facts import FactsScreen
from tui.session import Command
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable

_ACTION = "incident.action_logged"
PAGE = 1000
"""Entries in the table at once."""


class LogScreen(SectionScreen):
    """Section 2."""

    SECTION = "log"
    HELP = "HAPPENED is when it took place, RECORDED when it was written down; = where they are the same minute."
    BINDINGS: ClassVar = [
        Binding("a", "add", "Add", tooltip="Add an entry: what was done or seen, and when"),
        Binding("c", "correct", "Correct", tooltip="Correct the wording of an entry, with the reason"),
        Binding("e", "attach", "Evidence", tooltip="Attach a file as evidence"),
        Binding("f", "facts", "Facts", tooltip="Facts: everything known, with event numbers"),
        Binding("left_square_bracket", "page(-1)", "Older", show=False, tooltip="Older entries, a page at a time"),
        Binding("right_square_bracket", "page(1)", "Newer", show=False, tooltip="Newer entries, a page at a time"),
        Binding("m", "mark_read", "Mark read", show=False, tooltip="Say that you have read the log; what comes is •"),
        Binding("enter", "open", "Read", tooltip="Read the whole entry"),
    ]

    def __init__(self, *args: Any) -> None:  # noqa: ANN401
        super().__init__(*args)
        self._timeline: tuple[TimelineRow, ...] = ()
        self._entries: dict[str, TimelineRow] = {}
        self._new: frozenset[int] = frozenset()
        self._page = 0
        """Pages back from the newest."""

    def compose_body(self) -> ComposeResult:
        """The entries, oldest first, and the whole of the one under the cursor."""
        columns = [
            Column("#", 6),
            Column("HAPPENED", 17),
            Column("RECORDED", 13),
            Column("BY", 9),
            Column("WHAT", 30, 1),
        ]
        yield RecordTable(columns, id="entries")
        yield Panel(id="entry")

    def load(self) -> None:
        """Read the timeline as of the moment in view."""
        user = self.session.person.user

        def query(queries: Queries) -> tuple[tuple[TimelineRow, ...], frozenset[int]]:
            return queries.timeline(self.incident_id), news(queries, self.incident_id, user)

        self.read("timeline", query)

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The timeline; the cursor follows the newest entry."""
        if what != "timeline":
            return
        timeline, self._new = value
        grew = len(timeline) != len(self._timeline)
        self._timeline = timeline
        if grew:
            self._page = 0
        self._show_page(to_the_end=grew)

    def _show_page(self, *, to_the_end: bool) -> None:
        """A page of the timeline: a table of every entry of a long incident would freeze the screen."""
        end = len(self._timeline) - self._page * PAGE
        zone = self.session.zone(self.incident_id)
        self._entries = {str(row.position): row for row in self._timeline[max(end - PAGE, 0) : end]}
        table = self.query_one("#entries", RecordTable)
        table.show_rows(
            {key: entry_cells(row, zone, new=row.position in self._new) for key, row in self._entries.items()}
        )
        if to_the_end:
            table.move_cursor(row=len(self._entries) - 1)
        if self.focused is None:
            table.focus()
        if len(self._timeline) > PAGE and not self.status.has_class("-receipt"):
            first, last = max(end - PAGE, 0) + 1, end
            self.status.say(f"Entries {first:,} to {last:,} of {len(self._timeline):,}: [ older, ] newer.")
        self._show_entry()

    def action_page(self, step: int) -> None:
        """Older (-1) or newer (1) entries."""
        page = self._page - step
        if 0 <= page * PAGE < max(len(self._timeline), 1):
            self._page = page
            self._show_page(to_the_end=True)

    @on(RecordTable.RowHighlighted)
    def _show_entry(self) -> None:
        row = self._current
        if row is not None:
            self.query_one("#entry", Panel).show(*entry_panel(row, self.session.zone(self.incident_id)))

    @property
    def _current(self) -> TimelineRow | None:
        key = self.query_one("#entries", RecordTable).current_key
        return self._entries.get(key) if key is not None else None

    def action_open(self) -> None:
        """The whole entry."""
        row = self._current
        if row is not None:
            lines = entry_panel(row, self.session.zone(self.incident_id))
            self.app.push_screen(LinesDialog(f"Event #{row.position}", lines))

    def action_mark_read(self) -> None:
        """m: everything up to the newest entry was read."""
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
            return
        upto = self._timeline[-1].position if self._timeline else None
        self.perform("mark", lambda service: service.shifts.mark_read(self.incident_id, upto))

    def action_facts(self) -> None:
        """Everything known."""
        self.app.push_screen(FactsScreen(self.incident_id))

    def action_add(self) -> None:
        """A line in the responder's words, with the time it happened where that is not now."""
        zone = self.session.zone(self.incident_id)

        def command(values: Values) -> Command:
            when = read_moment(values["when"], self.session.now(), zone) if values["when"] else None
            return lambda service: service.incidents.log_action(self.incident_id, values["text"], when)

        fields = [
            Field("text", "What", required=True, hint="what was done or seen"),
            Field(
                "when",
                "When",
                hint="now; or 16:40, -2d 9:15, 2026-11-20 16:10",
                check=lambda text: moment(read_moment(text, self.session.now(), zone), zone),
            ),
        ]
        self.ask_form("add", FormDialog("Log entry", fields, command=command))

    def action_correct(self) -> None:
        """Other words for the entry under the cursor; both stay visible."""
        row = self._current
        if row is None or row.topic != _ACTION:
            self.status.say("Only log entries have words to correct; a fact is corrected on the facts list (f).")
            return

        def command(values: Values) -> Command:
            if values["text"] == row.text:
                raise InvalidInput("text: the wording is unchanged")
            return lambda service: service.incidents.correct_action(
                self.incident_id, row.version, values["text"], values["because"]
            )

        fields = [
            Field("text", "Corrected", row.text, required=True),
            Field("because", "Because", required=True, hint="why it was wrong"),
        ]
        self.ask_form("correct", FormDialog(f"Correct #{row.position}", fields, command=command))

    def action_attach(self) -> None:
        """Take a file into the encrypted store; its SHA-256 goes to the log."""

        def command(values: Values) -> Command:
            path = Path(values["path"]).expanduser()

            def attach(service: Service) -> tuple[Any, Receipt]:
                sha256, receipt = service.incidents.attach_evidence(self.incident_id, path.name, path.read_bytes())
                return (path.name, sha256), receipt

            return attach

        fields = [Field("path", "File", required=True, hint="~/mailbox-audit.csv", check=existing_file)]
        note = "The file is copied, encrypted, into the case; the original stays where it is."
        form = PathFormDialog("Attach evidence", fields, paths=["path"], note=note, command=command, commit="attach")
        self.ask_form("attach", form)

    def performed(self, act: str, receipt: Receipt, result: Any) -> None:  # noqa: ANN401
        """A file that was attached shows its whole hash, to be read aloud or copied."""
        if act == "attach":
            name, sha256 = result
            lines = [Text(f"#{receipt.position} {name}"), Text(""), Text("SHA-256"), Text(sha256, style="bold")]
            self.app.push_screen(LinesDialog("Evidence attached", lines))

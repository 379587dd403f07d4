"""People: the lists of an incident by numbers. Names stand on the screens behind it."""

from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from incident.commands.exporting import ExportProgress
from incident.errors import InvalidInput
from incident.roster.export import WARNING, Manifest
from incident.roster.report import Preview, RosterReport
from incident.roster.returned import ReturnedReport
from incident.service import Receipt
from incident.views.queries import RosterRow
from tui import board, persons, rosters
from tui.dialogs.form import Field, Values
from tui.dialogs.lines import LinesDialog
from tui.dialogs.paths import PathFormDialog, existing_file
from tui.dialogs.progress import Advance, Cancelled, Ended, ProgressDialog, Shown
from tui.screens.base import SectionScreen
from tui.screens.duplicates import DuplicatesScreen
from tui.screens.quarantine import QuarantineScreen
from tui.screens.roster import RosterScreen
from tui.screens.roster_import import ImportScreen
from tui.session import Command
from tui.widgets.frame import Line
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable

_ACROSS = "across"
_EMPTY = (
    "No list of people yet.",
    "",
    "Press i to import one: a CSV or Excel file as a practice-management or billing system writes it.",
    "Every row becomes an accepted person, waits in quarantine with its reason, or is merged into its double:",
    "in = accepted + quarantined + merged, always. The counts by State go straight to the board.",
    "",
    "Names and addresses are encrypted under a key of their own per person and never reach the log.",
)


class PeopleScreen(SectionScreen):
    """The lists of an incident."""

    SECTION = "people"
    HELP = "The lists of affected people. What they count goes to the board by itself."
    BINDINGS: ClassVar = [
        Binding("enter", "open", "People", tooltip="Show the people of this list"),
        Binding("i", "import", "Import", tooltip="Import a list of people"),
        Binding("q", "quarantine", "Quarantine", tooltip="Rows that wait for a decision"),
        Binding("d", "duplicates", "Doubles", tooltip="Rows that may be one person"),
        Binding("r", "returned", "Returned mail", tooltip="Take in a file of letters that came back"),
        Binding("X", "export", "Export", tooltip="Addresses for a mail house, in clear text"),
    ]

    def compose_head(self) -> ComposeResult:
        """Sections, and all lists in one line."""
        yield from super().compose_head()
        yield Line(id="summary")

    def compose_body(self) -> ComposeResult:
        """A table of lists, and the one under the cursor in full."""
        yield RecordTable(
            [
                Column("FILE", 14, 1),
                Column("IN", 9),
                Column("ACCEPTED", 9),
                Column("QUARANT.", 9),
                Column("MERGED", 7),
                Column("MINORS", 7),
                Column("DECEASED", 9),
                Column("NO ADDR.", 9),
            ],
            id="rosters",
        )
        yield Panel(id="about")
        yield Panel(id="empty")

    def __init__(self, incident_id: UUID) -> None:
        super().__init__(incident_id)
        self._rosters: dict[str, RosterRow] = {}
        self._law: list[str | Text] = []
        self._pairs: dict[str, int] = {}

    def load(self) -> None:
        """Read the lists, and what they come to for the law."""
        self.read("rosters", lambda queries: (queries.rosters(self.incident_id), queries.facts(self.incident_id)))
        if self.session.viewpoint is None:
            service = self.session.service
            self.read(
                "pairs",
                lambda queries: {
                    **{
                        str(row.id): len(service.duplicates.waiting(row.id))
                        for row in queries.rosters(self.incident_id)
                    },
                    _ACROSS: len(service.across.waiting(self.incident_id)),
                },
            )

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The lists, or a file that was looked at."""
        if what == "preview":
            path, preview = value
            self.app.push_screen(ImportScreen(self.incident_id, path, preview))
            return
        if what == "look":
            self._confirm_returned(*value)
            return
        if what == "export":
            return
        if what == "pairs":
            self._pairs = value
            self._show_about()
            return
        found, facts = value
        self._law = rosters.law_lines(facts) if found else []
        self._rosters = {str(row.id): row for row in found}
        self.query_one("#summary", Line).show(rosters.total_words(found))
        table = self.query_one(RecordTable)
        table.show_rows({key: rosters.roster_cells(row) for key, row in self._rosters.items()})
        table.display = bool(self._rosters)
        about, empty = self.query_one("#about", Panel), self.query_one("#empty", Panel)
        about.display, empty.display = bool(self._rosters), not self._rosters
        if self._rosters:
            if self.focused is None:
                table.focus()
            self._show_about()
        else:
            empty.show(*_EMPTY)

    def performed(self, act: str, receipt: Receipt, result: Any) -> None:  # noqa: ANN401
        """Show what was recorded came to, over the lists as they are now."""
        if act == "returned":
            done: ReturnedReport = result
            words = [*persons.returned_words(done), "", *board.change_lines(receipt.changes)]
            self.app.push_screen(LinesDialog("Returned mail", words))
            return
        if act == "export":
            manifest: Manifest = result
            self.app.push_screen(LinesDialog("Exported in clear text", persons.export_lines(manifest)))
            return
        if act != "import":
            return
        report: RosterReport = result
        more = [("q", "quarantine")] if report.quarantined else []
        more += [("d", "possible duplicates")] if report.review or report.across else []

        def answered(key: str | None) -> None:
            if key == "q":
                self.action_quarantine()
            elif key == "d":
                self.action_duplicates()

        dialog = LinesDialog("Imported", rosters.outcome_lines(report, receipt), more)
        self.app.push_screen(dialog, answered)

    @on(RecordTable.RowHighlighted)
    def _show_about(self) -> None:
        """The list under the cursor in full."""
        row = self._current()
        if row is not None:
            pairs = (
                *rosters.pairs_words(self._pairs.get(str(row.id), 0)),
                *rosters.across_words(self._pairs.get(_ACROSS, 0)),
            )
            self.query_one("#about", Panel).show(*rosters.roster_panel(row), *pairs, "", *self._law)

    def _current(self) -> RosterRow | None:
        return self._rosters.get(self.query_one(RecordTable).current_key or "")

    def action_open(self) -> None:
        """Enter: the people of the list."""
        row = self._current()
        if row is None:
            self.status.say("No list yet: i imports one.")
        else:
            self.app.push_screen(RosterScreen(self.incident_id, row.id))

    def action_duplicates(self) -> None:
        """Pairs of rows that may be one person."""
        if not self._rosters:
            self.status.say("No list yet: i imports one.")
        else:
            self.app.push_screen(DuplicatesScreen(self.incident_id))

    def action_quarantine(self) -> None:
        """The rows that wait for a decision."""
        if not self._rosters:
            self.status.say("No list yet: i imports one.")
        else:
            self.app.push_screen(QuarantineScreen(self.incident_id))

    def action_import(self) -> None:
        """Ask for a file and look at it; nothing is imported yet."""
        service = self.session.service

        def job(values: Values) -> tuple[Path, Preview]:
            path = Path(values["path"]).expanduser()
            return path, service.rosters.preview(self.incident_id, path)

        form = PathFormDialog(
            "Import a list of people",
            [Field("path", "File", required=True, hint="~/export.csv", check=existing_file)],
            paths=["path"],
            endings=(".csv", ".tsv", ".txt", ".xlsx", ".xlsm"),
            note="Its first rows are shown with the columns as understood. Nothing is imported before you say so.",
            job=job,
            commit="look at it",
        )
        self.ask_form("preview", form)

    # --- What comes back, and what goes out

    def action_returned(self) -> None:
        """r: ask for a file of returned mail and look at it; nothing is recorded yet."""
        if not self._rosters:
            self.status.say("No list yet: i imports one.")
            return
        mail = self.session.service.returned_mail

        def job(values: Values) -> tuple[Path, ReturnedReport]:
            path = Path(values["path"]).expanduser()
            return path, mail.look(self.incident_id, path)

        form = PathFormDialog(
            "Returned mail",
            [Field("path", "File", required=True, hint="~/returned.csv", check=existing_file)],
            paths=["path"],
            endings=(".csv", ".tsv", ".txt", ".xlsx"),
            note="The reference codes printed on the letters, one a line or under a heading 'code'; or names with ZIP "
            "codes. Also read: reason, date, new_address, new_city, new_state, new_zip.",
            job=job,
            commit="look at it",
        )
        self.ask_form("look", form)

    def _confirm_returned(self, path: Path, seen: ReturnedReport) -> None:
        def answered(key: str | None) -> None:
            if key == "r":
                self.perform("returned", lambda service: service.returned_mail.record(self.incident_id, path))

        more = [("r", "record it")] if seen.lines_in > seen.already else []
        self.app.push_screen(
            LinesDialog("Returned mail: nothing is recorded yet", persons.returned_words(seen), more), answered
        )

    def action_export(self) -> None:
        """X: addresses in clear text, after saying what that means."""
        if not self._rosters:
            self.status.say("No list yet: i imports one.")
            return

        def free(text: str) -> str:
            if Path(text).expanduser().exists():
                raise InvalidInput("is there already; nothing is written over")
            return "readable for you alone"

        def yes(text: str) -> str:
            if text.lower() != "clear text":
                raise InvalidInput("type: clear text")
            return "the addresses leave the vault"

        form = PathFormDialog(
            "Export addresses for a mail house",
            [
                Field("path", "To file", required=True, hint="~/mailing.csv", check=free),
                Field("because", "Reason", required=True, hint="letters printed by …, under contract"),
                Field("confirm", "Confirm", required=True, hint="type: clear text", check=yes),
            ],
            paths=["path"],
            note=WARNING,
            commit="export",
        )

        def answered(answer: object) -> None:
            if isinstance(answer, dict):
                self._export(Path(answer["path"]).expanduser(), answer["because"])

        self.app.push_screen(form, answered)

    def _export(self, path: Path, because: str) -> None:
        """Write the addresses under a bar; Esc leaves no file."""
        incident_id = self.incident_id

        def make(advance: Advance, cancelled: Cancelled) -> Command:
            return lambda service: service.exports.addresses(
                incident_id, path, because, progress=advance, cancelled=cancelled
            )

        def shown(progress: ExportProgress, seconds: float) -> Shown:
            part = progress.done / progress.people if progress.people else 0.0
            left = f" · {seconds * (1 - part) / part:,.0f} s left" if part and seconds > 0.5 else ""
            return part, (f"{progress.done:,} of {progress.people:,} people{left}",)

        def done(answer: Ended | None) -> None:
            if answer is not None:
                self.post_message(answer)

        self.app.push_screen(ProgressDialog(f"Exporting to {path.name}", "export", make, shown), done)

"""A Word file that came back: each change accepted or rejected by a key, then all recorded in one go."""

from typing import Any, ClassVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from incident.service import Receipt, Service
from notices.word.desk import WordDesk
from notices.word.intake import Change, Markup
from tui import documents
from tui import markup as words
from tui.dialogs.choice import ChoiceDialog
from tui.dialogs.form import Field, FormDialog
from tui.dialogs.lines import LinesDialog
from tui.presenters import receipt_words
from tui.screens.base import CaseScreen, IncidentScreen
from tui.session import Command
from tui.widgets.frame import Line
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable


class MarkupScreen(IncidentScreen):
    """Esc leaves with nothing recorded."""

    TITLE_WORDS = "Changes of a Word file"
    HELP = "a accepts a change, r rejects it with a reason; once each is decided, Enter records all of them at once."
    BINDINGS: ClassVar = [
        Binding("a", "accept", "Accept", tooltip="Accept the change under the cursor"),
        Binding("r", "reject", "Reject", tooltip="Reject the change under the cursor, with the reason"),
        Binding("A", "accept_all", "All", tooltip="Accept every change that is not decided yet"),
        Binding("u", "undo", "Undecide", show=False, tooltip="Take the decision on this change back"),
        Binding("m", "comments", "Comments", tooltip="What reviewers wrote beside the text, and what is not taken"),
        Binding("enter", "record", "Record", tooltip="Record what was decided, and revise the notice in one go"),
    ]

    def __init__(self, incident_id: UUID, notice_id: UUID, name: str, data: bytes, found: Markup) -> None:
        super().__init__(incident_id)
        self._notice_id = notice_id
        self._file_name = name
        self._data = data
        self._markup = found
        self._decided: dict[int, bool] = {}
        self._reasons: dict[int, str] = {}

    @property
    def _rows(self) -> tuple[Change, ...]:
        """Changes to be decided on, then those that are blocked."""
        return (*self._markup.changes, *self._markup.blocked)

    def title_words(self) -> str:
        """The incident, this screen, and the kind of notice."""
        kind = self.session.service.queries.notice(self._notice_id).kind
        return f"{self.incident.reference} · {self.TITLE_WORDS} · {documents.kind_title(kind)}"

    def compose_head(self) -> ComposeResult:
        """Sections, and what was found."""
        yield from super().compose_head()
        yield Line(id="found")

    def compose_body(self) -> ComposeResult:
        """The changes, and the one under the cursor in its place."""
        columns = [
            Column("#", 4),
            Column("WHERE", 14, 2),
            Column("CHANGE", 24, 4),
            Column("BY", 10, 1),
            Column("WHEN", 17),
            Column("DECISION", 10),
        ]
        yield RecordTable(columns, id="changes-found")
        yield Panel(id="about")

    def load(self) -> None:
        """Everything is here already."""
        self._draw()
        if self.focused is None:
            self.query_one(RecordTable).focus()

    def _draw(self) -> None:
        zone = self.session.zone(self.incident_id)
        self.query_one("#found", Line).show(f"{self._file_name}: {words.found_words(self._markup)}")
        self.query_one(RecordTable).show_rows(
            {
                str(place): words.change_cells(place + 1, each, zone, decision=self._decided.get(place))
                for place, each in enumerate(self._rows)
            }
        )
        self._show_about()

    @on(RecordTable.RowHighlighted)
    def _show_about(self) -> None:
        place = self._place
        if place is None:
            self.query_one("#about", Panel).show("The file holds no change to the words of the notice.")
            return
        zone = self.session.zone(self.incident_id)
        self.query_one("#about", Panel).show(*words.change_panel(self._rows[place], self._reasons.get(place, ""), zone))

    @property
    def _place(self) -> int | None:
        key = self.query_one(RecordTable).current_key
        return int(key) if key is not None else None

    @property
    def dirty(self) -> bool:
        """Whether decisions would be lost."""
        return bool(self._decided)

    # --- Deciding

    def _decide(self, place: int, *, accepted: bool, reason: str = "") -> None:
        self._decided[place] = accepted
        self._reasons.pop(place, None)
        if reason:
            self._reasons[place] = reason
        self._draw()
        left = [each for each in range(len(self._markup.changes)) if each not in self._decided]
        if left:
            table = self.query_one(RecordTable)
            table.select(str(next((each for each in left if each > place), left[0])))
            self.status.say(f"{len(left)} to decide.")
        else:
            self.status.say("Each change is decided: Enter records them and revises the notice.")

    def _open(self) -> int | None:
        """The change under the cursor, where it can be decided on; else the status line says why not."""
        place = self._place
        if place is None:
            self.status.say("There is no change to decide on.")
        elif self._rows[place].blocked:
            self.status.refuse(f"Blocked: {self._rows[place].blocked}.")
        else:
            return place
        return None

    def action_accept(self) -> None:
        """a: take the change."""
        place = self._open()
        if place is not None:
            self._decide(place, accepted=True)

    def action_reject(self) -> None:
        """r: leave it, and say why."""
        place = self._open()
        if place is None:
            return

        def asked(values: object) -> None:
            if isinstance(values, dict):
                self._decide(place, accepted=False, reason=values["reason"])

        field = Field("reason", "Why not", self._reasons.get(place, ""), required=True)
        note = "The reason goes into the log, beside the change."
        self.app.push_screen(FormDialog("Reject this change", [field], note=note, commit="reject"), asked)

    def action_accept_all(self) -> None:
        """A: take every change that is not decided yet; what was rejected stays so."""
        for place in range(len(self._markup.changes)):
            self._decided.setdefault(place, True)
        self._draw()
        if self._markup.changes:
            self.status.say("Each change is decided: Enter records them and revises the notice.")
        else:
            self.status.say("There is no change to decide on.")

    def action_undo(self) -> None:
        """u: not decided after all."""
        place = self._place
        if place is not None and self._decided.pop(place, None) is not None:
            self._reasons.pop(place, None)
            self._draw()

    def action_comments(self) -> None:
        """m: what stands beside the text."""
        lines = [*words.comment_lines(self._markup), *words.not_taken(self._markup)]
        self.app.push_screen(LinesDialog("Beside the text", lines or ["No comments; nothing else was changed."]))

    # --- Recording

    def action_record(self) -> None:
        """Enter: everything in one go."""
        count = len(self._markup.changes)
        left = count - len(self._decided)
        if not count:
            self.status.refuse("The file holds no change to the words of the notice; there is nothing to record.")
            return
        if left:
            self.status.refuse(f"{left} of {count} changes are not decided yet: a accepts, r rejects, A accepts all.")
            return
        workspace, notice_id, name, data = self.session.workspace, self._notice_id, self._file_name, self._data
        accepted, reasons = [self._decided[place] for place in range(count)], dict(self._reasons)

        def command() -> Command:
            def decide(service: Service) -> tuple[object, Receipt]:
                return WordDesk(service, workspace.documents).decide(notice_id, data, name, accepted, reasons)

            return decide

        def answered(answer: str | None) -> None:
            if answer == "y":
                self.perform("markup", command())

        taken = sum(accepted)
        options = [("y", "record it and revise the notice"), ("n", "not yet")]
        note = "The notice goes back to draft; an approval of its earlier words is void. The file is kept in the case."
        self.app.push_screen(ChoiceDialog(f"{taken} accepted, {count - taken} rejected", options, note=note), answered)

    def performed(self, act: str, receipt: Receipt, result: Any) -> None:  # noqa: ANN401
        """Back to the notice, as it reads now, with the receipt."""
        del act, result
        self._decided.clear()
        words = receipt_words(receipt, self.session.zone(self.incident_id))

        def back() -> None:
            self.go_back()
            if isinstance(self.app.screen, CaseScreen):
                self.app.screen.status.confirm(words)

        self.call_after_refresh(back)

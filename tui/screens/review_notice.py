"""Review of one notice: its words out as a Word file and back, redline, files for counsel, reported approval."""

from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from textual.binding import Binding

from incident.errors import InvalidInput
from incident.files import write_durably
from incident.review import CHANNELS, read_code
from incident.service import Receipt, Service
from notices.comparison import SameChange, same_changes, take_same
from notices.word.desk import WordDesk
from notices.word.intake import Markup
from notices.word.package import LARGEST_FILE
from tui import documents
from tui.dialogs.choice import ChoiceDialog
from tui.dialogs.form import Field, FormDialog, Values
from tui.dialogs.lines import LinesDialog
from tui.dialogs.paths import PathFormDialog, existing_file
from tui.entry import read_moment
from tui.presenters import moment
from tui.reviewing import send_to_counsel
from tui.screens.markup import MarkupScreen
from tui.screens.recorded import RecordedNoticeScreen
from tui.screens.review_redline import RedlineScreen
from tui.session import Command

_LETTERS = dict(zip("temi", CHANNELS, strict=True))


class ReviewNoticeScreen(RecordedNoticeScreen):
    """What a reviewer does, and what the lead does for a reviewer who is not at the keyboard."""

    HELP = "Review: ] [ elements, W what each rule wants, f facts, d redline, x and i Word file; A, c or R decides."
    BINDINGS: ClassVar = [
        Binding("d", "redline", "Redline", tooltip="What changed, against the text last approved or another one"),
        Binding("x", "word", "Word", tooltip="Save it as a Word file, to be changed with tracking"),
        Binding("i", "take_in", "Take in", tooltip="Take a Word file back in, change by change"),
        Binding("equals_sign", "same", "Same", show=False, tooltip="Same changes in other notices", key_display="="),
        Binding("s", "send", "Send", show=False, tooltip="Files for counsel without a terminal, with an approval code"),
        Binding("C", "code", "Code", show=False, tooltip="Report an approval of counsel's, by the code of the files"),
    ]

    def action_redline(self) -> None:
        """d: insertions and deletions."""
        self.app.push_screen(RedlineScreen(self.incident_id, self._notice_id))

    def action_variant(self, by: int) -> None:
        """The next text; where other notices still have the earlier words, = offers them the same changes."""
        super().action_variant(by)
        if self._view is not None and self._view.same:
            count = self._view.same
            others = f"{count} other notice{'' if count == 1 else 's'}"
            self.status.say(f"= offers the same changes to {others} with the earlier words.")

    # --- Word file

    def action_word(self) -> None:
        """x: out to be changed."""
        workspace, notice_id = self.session.workspace, self._notice_id
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
            return
        row = self.session.queries.notice(notice_id)
        name = f"{self.incident.reference}-{row.kind.replace('_', '-')}.docx"

        def job(values: Values) -> str:
            path = Path(values["file"]).expanduser()
            if path.exists():
                raise InvalidInput(f"file: {path} is there already")
            if path.suffix.lower() != ".docx":
                raise InvalidInput("file: the name ends in .docx")
            write_durably(path, WordDesk(workspace.service, workspace.documents).for_review(notice_id))
            return str(path)

        form = PathFormDialog(
            "Save as a Word file for review",
            [Field("file", "File", f"~/{name}", required=True)],
            paths=["file"],
            note="Every change is tracked; merge fields and fixed wording are locked. i takes the file back in.",
            job=job,
            commit="save",
        )

        def written(answer: object) -> None:
            if isinstance(answer, str):
                self.status.say(f"{answer} saved; i takes it back in.")

        self.app.push_screen(form, written)

    def action_take_in(self) -> None:
        """i: which file; then every change of it, one by one. Nothing is recorded until all are decided."""
        workspace, notice_id = self.session.workspace, self._notice_id
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
            return

        def job(values: Values) -> tuple[str, bytes, Markup]:
            path = Path(values["file"]).expanduser()
            with path.open("rb") as file:
                data = file.read(LARGEST_FILE + 1)
            desk = WordDesk(workspace.service, workspace.documents)
            return path.name, data, desk.read(notice_id, data, path.name)

        form = PathFormDialog(
            "Take a Word file in",
            [Field("file", "File", required=True, hint="~/review.docx", check=existing_file)],
            paths=["file"],
            endings=[".docx"],
            note="Its changes are shown first; nothing is recorded until you have decided on each.",
            job=job,
            commit="open",
        )

        def read(answer: object) -> None:
            if isinstance(answer, tuple):
                name, data, markup = answer
                self.app.push_screen(MarkupScreen(self.incident_id, notice_id, name, data, markup))

        self.app.push_screen(form, read)

    # --- The same changes elsewhere

    def action_same(self) -> None:
        """=: other notices that still have the earlier words."""
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
            return
        service, notice_id = self.session.service, self._notice_id
        self.background("same", lambda: same_changes(service, notice_id))

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The notice, or where the same changes could be made."""
        if what == "same":
            self._offer(value)
        else:
            super().show(what, value)

    def _offer(self, changes: tuple[SameChange, ...]) -> None:
        if not changes:
            self.status.say("No other notice of this incident has earlier words of this one.")
            return
        desk = self.session.workspace.documents
        told: dict[str, list[str]] = {}
        for change in changes:
            told.setdefault(f"{documents.kind_title(change.kind)} ({change.status})", []).append(
                change.field.replace("_", " ")
            )
        lines = [f"{notice}: {', '.join(fields)}" for notice, fields in told.items()]
        note = "These still have the earlier words. Taking the change voids an approval of them:\n" + "\n".join(lines)

        def answered(answer: str | None) -> None:
            if answer == "y":
                self.perform("same", lambda service: take_same(desk, service, changes))

        options = [("y", "take the changed words there too"), ("n", "leave them as they are")]
        self.app.push_screen(ChoiceDialog("The same changes", options, note=note), answered)

    # --- Counsel without a terminal

    def action_send(self) -> None:
        """s: files for counsel, with a code to approve by."""
        session, notice_id = self.session, self._notice_id
        counsel = next((row.name for row in session.queries.users() if row.role == "counsel"), "")

        def command(values: Values) -> Command:
            folder = Path(values["folder"]).expanduser()

            def send(service: Service) -> tuple[object, Receipt]:
                del service  # recorded through the same service
                return send_to_counsel(session, notice_id, folder, values["counsel"])

            return send

        fields = [
            Field("counsel", "To", counsel, required=True, hint="a user, or a name"),
            Field("folder", "Folder", required=True, hint="~/for-counsel"),
        ]
        note = (
            "A signed cover sheet with the approval code, the notice as a Word file, its facts, and why each date is "
            "what it is. They leave the encrypted case: hand them over safely. They name nobody who is affected."
        )
        form = PathFormDialog("Files for counsel", fields, paths=["folder"], note=note, command=command, commit="write")
        self.ask_form("send", form)

    def action_code(self) -> None:
        """C: counsel said yes by telephone or mail; the code shows to what."""
        view, notice_id = self._view, self._notice_id
        if view is None or view.look is None:
            return
        documents_, zone = self.session.workspace.documents, self.session.zone(self.incident_id)

        def when(text: str) -> datetime:
            return read_moment(text, self.session.now(), zone)

        def command(values: Values) -> Command:
            at = when(values["at"]) if values["at"] else None
            channel = _channel(values["channel"])

            def report(service: Service) -> Receipt:
                look = documents_.preview(notice_id)
                return service.reviews.report_approval(
                    notice_id,
                    look.content_sha256,
                    code=values["code"],
                    channel=channel,
                    problems=look.problems,
                    at=at,
                )

            return report

        fields = [
            Field("code", "Code", required=True, hint="7Q2KM-9F3AX-K4M2P", check=read_code),
            Field("channel", "How", "t", required=True, hint="t, e, m or i", check=_how),
            Field("at", "When", hint="now; or 16:40, -2d 9:15", check=lambda text: moment(when(text), zone)),
        ]
        note = (
            "You report that counsel approved what the code stands for. It is recorded as REPORTED, in your name, and "
            "ranks below an approval that counsel records; what leaves under it says so."
        )
        self.ask_form("code", FormDialog("Approval of counsel, reported", fields, note=note, command=command))

    def performed(self, act: str, receipt: Receipt, result: Any) -> None:  # noqa: ANN401
        """Where the files for counsel are."""
        super().performed(act, receipt, result)
        if act == "send":
            lines = [str(path) for path in result]
            more = "When counsel approves: C, with the code of the cover sheet."
            self.app.push_screen(LinesDialog("Files for counsel", [*lines, "", more]))


def _channel(text: str) -> str:
    found = _LETTERS.get(text.strip().lower()[:1])
    if found is None:
        raise InvalidInput("t by telephone, e by e-mail, m by letter, i in person")
    return found[0]


def _how(text: str) -> str:
    return dict(CHANNELS)[_channel(text)]

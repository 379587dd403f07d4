"""One notice: read it, hand it to counsel, approve it, render it, record it as sent. Nothing leaves unapproved."""

from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from rich.text import Text
from textual.binding import Binding

from incident.delivery import Batch
from incident.notice import LETTERS, METHODS, sample_problems
from incident.service import Receipt, Service
from notices.rerender import Rerendering, rerender
from tui import documents, rendering
from tui.dialogs.form import Field, FormDialog, Values
from tui.dialogs.lines import LinesDialog
from tui.dialogs.paths import PathFormDialog
from tui.dialogs.pick import PickDialog
from tui.dialogs.progress import Advance, Ended, JobDialog
from tui.dialogs.sending import batch_form
from tui.rerendering import rerender_lines, rerender_progress
from tui.screens.preflight import PreflightScreen
from tui.screens.recorded import RecordedNoticeScreen
from tui.screens.review_notice import ReviewNoticeScreen
from tui.screens.sample import SampleScreen
from tui.session import Command
from tui.work import Loaded, Refused


class NoticeScreen(RecordedNoticeScreen):
    """A recorded notice."""

    HELP = "The notice as it would leave now. ] and [ go from element to element; what is amiss comes first."
    BINDINGS: ClassVar = [
        Binding(
            "e", "revise", "Revise", show=False, tooltip="Change the words; an approval of the earlier text is void"
        ),
        Binding("s", "submit", "Submit", tooltip="Submit to counsel for review"),
        Binding("o", "review", "Review", tooltip="Review: facts, redline, Word file out and back, reported approval"),
        Binding(
            "p", "preflight", "Check", tooltip="Preflight: what would be printed, for whom not, and what stands out"
        ),
        Binding("r", "render", "Render", tooltip="Render the approved notice as PDF"),
        Binding("S", "sample", "Sample", show=False, tooltip="Read the random sample of the letters, and sign it"),
        Binding("x", "export", "Export", show=False, tooltip="Write the PDFs to a folder for mailing"),
        Binding(
            "b",
            "rerender",
            "Bytes",
            show=False,
            tooltip="Make the PDFs of then again: the same bytes?",
        ),
        Binding("d", "dispatch", "Sent", tooltip="Record that it was sent"),
        Binding("w", "withdraw", "Withdraw", show=False, tooltip="Withdraw the notice before it is sent"),
        Binding("i", "record", "Record", show=False, tooltip="What the record says: hashes, files, sendings"),
    ]

    # --- Words

    def action_revise(self) -> None:
        """e: the form with the words as they are."""
        from tui.screens.notice_form import NoticeFormScreen  # noqa: PLC0415 - it leads back here

        view = self._view
        if view is None:
            return
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
            return
        if view.state.status in {"partly sent", "dispatched", "withdrawn"}:
            self.status.refuse(f"It is {view.state.status}; draft a new notice instead.")
            return
        # A rejected notice is not to be used; its words may begin another one.
        again = self._notice_id if view.state.status != "rejected" else None
        self.app.push_screen(NoticeFormScreen(self.incident_id, view.state.kind, view.state.fields, notice_id=again))

    def action_submit(self) -> None:
        """s: hand it to counsel; once more where its approval is void."""
        notice_id, look = self._notice_id, self._view.look if self._view is not None else None
        content = look.content_sha256 if look is not None else None
        self.perform("submit", lambda service: service.notices.submit(notice_id, content))

    def action_review(self) -> None:
        """o: what a reviewer does."""
        self.app.push_screen(ReviewNoticeScreen(self.incident_id, self._notice_id))

    def action_withdraw(self) -> None:
        """w: take it out of use."""
        notice_id = self._notice_id

        def command(values: Values) -> Command:
            return lambda service: service.notices.withdraw(notice_id, values["reason"])

        fields = [Field("reason", "Reason", required=True)]
        self.ask_form("withdraw", FormDialog("Withdraw this notice", fields, command=command, commit="withdraw"))

    # --- Release

    def action_render(self) -> None:
        """r: choose an engine, then make the documents."""
        view = self._view
        if view is None:
            return
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
            return
        if view.state.status not in {"approved", "rendered"} or view.void:
            why = "; ".join(view.void) or f"it is {view.state.status}"
            self.status.refuse(f"Nothing may be rendered for release: {why}.")
            return
        people = view.people if view.state.kind in LETTERS else 0
        rendering.ask_to_render(self, self._notice_id, people)

    def performed(self, act: str, receipt: Receipt, result: Any) -> None:  # noqa: ANN401
        """Show what a rendering made, and what a sending changed on the board."""
        super().performed(act, receipt, result)
        if act == "render":
            self.app.push_screen(LinesDialog("Rendered", documents.manifest_lines(result)))
        elif act == "export":
            lines = [f"{len(result)} files written to {result[0].parent}", "", *(path.name for path in result)]
            self.app.push_screen(LinesDialog("Exported: protect and delete this folder", lines))
        elif receipt.changes:
            self.app.push_screen(LinesDialog("Changed on the board", documents.change_lines(receipt)))

    def action_rerender(self) -> None:
        """b: make the last rendering again on the record of then, and compare it with the log."""
        view, session, notice_id = self._view, self.session, self._notice_id
        if view is None or view.state.rendered is None:
            self.status.refuse("Nothing was rendered yet.")
            return

        def job(advance: Advance) -> Rerendering:
            return rerender(session.service, notice_id, until=session.queries, progress=advance)

        def done(answer: Ended | None) -> None:
            if isinstance(answer, Loaded):
                lines = rerender_lines(answer.value, session.zone(self.incident_id))
                self.app.push_screen(LinesDialog("Made again", lines))
            elif isinstance(answer, Refused):
                self.status.refuse(str(answer.refusal))

        self.app.push_screen(JobDialog("Making the PDFs of then again", "rerender", job, rerender_progress), done)

    def action_preflight(self) -> None:
        """p: look at every row before anything is printed."""
        view = self._view
        if view is None:
            return
        if view.state.kind not in LETTERS:
            self.status.say("Preflight is for letters to people; this notice names nobody.")
        else:
            self.app.push_screen(PreflightScreen(self.incident_id, self._notice_id))

    def action_sample(self) -> None:
        """S: letters that nobody chose, to be read before any leaves."""
        view = self._view
        if view is None:
            return
        if view.state.kind not in LETTERS:
            self.status.say("A sample is drawn from letters to people only.")
        elif view.state.rendered is None:
            self.status.refuse("Nothing was rendered yet; a sample is drawn from printed letters.")
        else:
            self.app.push_screen(SampleScreen(self.incident_id, self._notice_id))

    def action_export(self) -> None:
        """x: the files leave the protection of the case; the log keeps that they did."""
        view = self._view
        if view is None or view.state.rendered is None:
            self.status.refuse("Nothing was rendered yet.")
            return
        if unread := sample_problems(view.state):
            self.status.refuse(f"Nothing may leave: {'; '.join(unread)}: S.")
            return
        workspace, notice_id, incident_id = self.session.workspace, self._notice_id, self.incident_id
        count, kind = len(view.state.rendered.files), documents.kind_title(view.state.kind)

        def command(values: Values) -> Command:
            folder = Path(values["folder"]).expanduser()

            def export(service: Service) -> tuple[object, Receipt]:
                written = workspace.documents.export(notice_id, folder)
                words = f"Exported {len(written)} files of {kind} to {folder.absolute()}"
                return written, service.incidents.log_action(incident_id, words)

            return export

        form = PathFormDialog(
            "Export the PDFs",
            [Field("folder", "Folder", required=True, hint="~/mailing")],
            paths=["folder"],
            note=Text(
                f"{count} files with names and addresses leave the encrypted case. Choose an encrypted disk, hand them "
                "over safely, delete them afterwards. The log records that they were exported, and to where.",
                style="bold",
            ),
            command=command,
            commit="export",
        )
        self.ask_form("export", form)

    def action_dispatch(self) -> None:
        """d: on which day, and how."""
        view = self._view
        if view is None:
            return
        if view.state.status not in {"rendered", "partly sent"} or view.void:
            why = "; ".join(view.void) or f"it is {view.state.status}; render it first"
            self.status.refuse(f"Nothing may leave: {why}.")
            return
        if unread := sample_problems(view.state):
            self.status.refuse(f"Nothing may leave: {'; '.join(unread)}: S.")
            return
        notice_id, workspace, unsent = self._notice_id, self.session.workspace, view.state.unsent
        today = self.session.now().astimezone(self.session.zone(self.incident_id)).date()

        def chosen(method: str | None) -> None:
            def send(on: date, batch: Batch, proof: tuple[str, bytes] | None) -> Command:
                assert method is not None
                return lambda _: workspace.documents.record_dispatch(notice_id, on, method, batch=batch, proof=proof)

            if method is not None:
                self.ask_form("dispatch", batch_form(method, today, unsent, send))

        self.app.push_screen(PickDialog("Sent how?", dict(METHODS)), chosen)

    def action_record(self) -> None:
        """i: what the record says."""
        if self._view is not None:
            lines = documents.record_lines(self._view.state, self._view.look)
            self.app.push_screen(LinesDialog("What the record says", lines))

"""The random sample of printed letters: read, then signed or refused. Nothing leaves before."""

from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding

from incident.service import Receipt, Service
from notices.sample import sample_sheet
from tui import sampling
from tui.dialogs.form import Field, FormDialog, Values
from tui.dialogs.lines import LinesDialog
from tui.dialogs.paths import PathFormDialog
from tui.sampling import Drawn
from tui.screens.base import IncidentScreen
from tui.session import Command
from tui.sheets import save_sheet
from tui.widgets.document_pane import DocumentPane
from tui.widgets.frame import Line


class SampleScreen(IncidentScreen):
    """The letters of the sample, three at a time, as they stand in the files for the printer."""

    TITLE_WORDS = "Sample of the letters"
    HELP = (
        "Letters drawn by chance from those that were printed. Read them: is the name right, the text, the address? "
        "Sign when all were on the screen, or refuse with the reason; before that no letter may leave."
    )
    BINDINGS: ClassVar = [
        Binding("n", "turn(1)", "Next letters", tooltip="The next letters of the sample"),
        Binding("N", "turn(-1)", "Letters before", show=False, tooltip="The letters before"),
        Binding("S", "sign", "Sign", tooltip="Sign that these letters were read and are right"),
        Binding("R", "refuse", "Refuse", tooltip="Say what is wrong: nothing of this rendering may leave"),
        Binding("o", "save", "Save PDF", tooltip="Write the sample to a PDF, to be read on paper"),
        Binding("i", "about", "About", tooltip="How the sample was drawn, and how to draw it again"),
    ]

    def __init__(self, incident_id: UUID, notice_id: UUID) -> None:
        super().__init__(incident_id)
        self._notice_id = notice_id
        self._drawn: Drawn | None = None
        self._turn = 0
        self._seen: set[int] = set()

    def compose_head(self) -> ComposeResult:
        """What was drawn, and how it was answered."""
        yield from super().compose_head()
        yield Line(id="drawn")
        yield Line(id="answer")

    def compose_body(self) -> ComposeResult:
        """The letters."""
        yield DocumentPane(id="letters")

    def load(self) -> None:
        """Draw and read the sample."""
        if self._drawn is None:
            self.query_one("#drawn", Line).show("Drawing and reading the letters…")
        session, notice_id = self.session, self._notice_id
        self.background("drawn", lambda: sampling.drawn(session, notice_id))

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The letters as they were printed; a new rendering is read from its start."""
        if what != "drawn":
            return
        if self._drawn is not None and self._drawn[1].manifest_sha256 != value[1].manifest_sha256:
            self._turn, self._seen = 0, set()
        self._drawn = value
        self._show_turn()
        self.query_one("#letters").focus()

    def _show_turn(self) -> None:
        assert self._drawn is not None
        state, sample = self._drawn
        self._seen.add(self._turn)
        turns = sampling.turns(sample)
        left = turns - len(self._seen)
        unseen = f", {left} not seen yet" if left else ""
        where = f"Screen {self._turn + 1} of {turns}{unseen} · " if turns > 1 else ""
        self.query_one("#drawn", Line).show(Text(f"{where}{sample.why}", style="bold"))
        self.query_one("#answer", Line).show(sampling.answer_words(state))
        self.query_one("#letters", DocumentPane).show_text(sampling.laid_out(sample, self._turn), (), None)

    # --- Keys

    def action_turn(self, by: int) -> None:
        """N and N: the next letters, or those before."""
        if self._drawn is None:
            return
        turn = self._turn + by
        if not 0 <= turn < sampling.turns(self._drawn[1]):
            self.status.say("That was the last of them; S signs, R refuses." if by > 0 else "These are the first.")
            return
        self._turn = turn
        self._show_turn()

    def action_sign(self) -> None:
        """S: once every letter was on the screen."""
        if self._drawn is None:
            return
        left = sampling.turns(self._drawn[1]) - len(self._seen)
        if left:
            self.status.refuse(f"{left} screen{'s' if left > 1 else ''} of letters not seen yet: n goes on.")
            return
        workspace, notice_id, manifest = self.session.workspace, self._notice_id, self._drawn[1].manifest_sha256
        self.perform("sign", lambda service: workspace.documents.sign_sample(notice_id, manifest))

    def action_refuse(self) -> None:
        """R: with the reason, and the letters where it is a matter of single ones."""
        if self._drawn is None:
            return
        workspace, notice_id, manifest = self.session.workspace, self._notice_id, self._drawn[1].manifest_sha256

        def command(values: Values) -> Command:
            faulty = values["faulty"].replace(",", " ").split()

            def refuse(service: Service) -> Receipt:
                del service  # the desk records through the same service
                return workspace.documents.refuse_sample(notice_id, manifest, reason=values["reason"], faulty=faulty)

            return refuse

        fields = [
            Field("reason", "What is wrong", required=True),
            Field("faulty", "In which letters", hint="references, where it is single ones"),
        ]
        note = "Nothing of this rendering may leave. Mend it, then render again: the new letters have a new sample."
        self.ask_form("refuse", FormDialog("Refuse the sample", fields, note=note, command=command, commit="refuse"))

    def action_save(self) -> None:
        """o: the sample as a PDF; it names people and leaves the protection of the case."""
        if self._drawn is None:
            return
        incident_id, sample = self.incident_id, self._drawn[1]

        def command(values: Values) -> Command:
            path = Path(values["file"])

            def save(service: Service) -> Receipt:
                pdf = sample_sheet(service.blobs.get, sample.manifest_sha256, sample.codes)
                return save_sheet(service, incident_id, path, pdf, f"Sample of {len(sample.codes)} letters")

            return save

        form = PathFormDialog(
            "Save the sample as a PDF",
            [Field("file", "File", required=True, hint="~/sample.pdf")],
            paths=["file"],
            note="It names people, in clear text. Delete it when it was read; the log says that it was made.",
            command=command,
            commit="save",
        )
        self.ask_form("save", form)

    def action_about(self) -> None:
        """i: how it was drawn."""
        if self._drawn is not None:
            self.app.push_screen(LinesDialog("The sample", sampling.sample_lines(*self._drawn)))

"""Safekeeping: the checkpoint to keep outside, verifying, evidence packs, the burden of proof, backups."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding

from incident.backup import back_up
from incident.errors import InvalidInput
from incident.evidence.pack import Choices
from incident.log.chain import Checkpoint
from incident.verification import verify_case
from tui import safekeeping
from tui.dialogs.form import Field, Values
from tui.dialogs.lines import LinesDialog
from tui.dialogs.paths import PathFormDialog
from tui.dialogs.pick import PickDialog
from tui.dialogs.progress import Advance, Ended, JobDialog, Shown, StoppedError
from tui.screens.base import CaseScreen
from tui.widgets.panel import Panel
from tui.work import Loaded, Refused

_LETTERS = "n"


class SafekeepingScreen(CaseScreen):
    """What tells, later and outside, that this record is whole; and what others need to check it."""

    TITLE_WORDS = "Safekeeping"
    HELP = (
        "Give counsel the code when an incident is opened and at each decision: what was rewritten before shows then."
    )
    BINDINGS: ClassVar = [
        Binding("y", "copy", "Copy code", tooltip="Copy the checkpoint code to the clipboard of your terminal"),
        Binding(
            "w", "checkpoint", "Checkpoint", tooltip="Take a checkpoint: write it, signed, to a file to keep elsewhere"
        ),
        Binding("v", "verify", "Verify", tooltip="Verify all of the case, against a checkpoint code or file"),
        Binding("e", "export", "Evidence", tooltip="Export the evidence pack of an incident, with its verifier"),
        Binding("p", "burden", "Proof", tooltip="Write the burden-of-proof file of an incident (45 CFR 164.414(b))"),
        Binding("b", "backup", "Backup", tooltip="Back up the case into one file"),
        Binding("r", "restore", "Restore", show=False, tooltip="How to restore a backup"),
    ]

    def __init__(self, incident_id: UUID | None = None) -> None:
        super().__init__()
        self._incident_id = incident_id
        self._head: Checkpoint | None = None

    def compose_body(self) -> ComposeResult:
        """The code, and what can be done."""
        yield Panel(id="code")

    def load(self) -> None:
        """Read where the log ends now."""
        log = self.session.workspace.case.log
        self.background("checkpoint", log.checkpoint)

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The code, large."""
        if what != "checkpoint":
            return
        self._head = value
        self.query_one("#code", Panel).show(*_code_lines(value))

    # --- The checkpoint

    def action_copy(self) -> None:
        """y: by OSC 52, which works over SSH."""
        if self._head is not None:
            self.app.copy_to_clipboard(self._head.code)
            self.status.confirm(f"Copied: {self._head.code}")

    def action_checkpoint(self) -> None:
        """w: the signed checkpoint, to be kept where whoever could change the case cannot."""
        workspace = self.session.workspace

        def job(values: Values) -> safekeeping.Kept:
            root = Path(values["root"]).expanduser() if values["root"] else None
            return safekeeping.keep_checkpoint(
                workspace, Path(values["out"]).expanduser(), tsa=values["tsa"] or None, tsa_root=root
            )

        fields = [
            Field("out", "File or folder", required=True, hint="another disk, a stick, a folder of counsel's"),
            Field("tsa", "Time stamp", hint="URL of a server (RFC 3161); empty: none. It gets a hash, nothing else"),
            Field("root", "Its certificate", hint="PEM file to check the stamp with"),
        ]
        form = PathFormDialog(
            "Take a checkpoint", fields, paths=["out", "root"], job=job, commit="write",
            note="Keep it where whoever could change the case cannot: with counsel, on another disk, in a letter.",
        )  # fmt: skip

        def answered(answer: object) -> None:
            if isinstance(answer, safekeeping.Kept):
                self.app.push_screen(LinesDialog("Checkpoint taken", safekeeping.kept_lines(answer)))

        self.app.push_screen(form, answered)

    # --- Verifying

    def action_verify(self) -> None:
        """v: everything, people included, against what somebody kept."""
        session = self.session

        def read(text: str) -> str:
            return "a file" if Path(text).expanduser().is_file() else "a code"

        form = PathFormDialog(
            "Verify the case",
            [Field("kept", "Checkpoint", hint="code or file; empty: compare with none", check=read)],
            paths=["kept"],
            commit="verify",
            note="A code that was read aloud or mailed, or a signed file. Without one, a cut end or an older copy "
            "does not show.",
        )

        def answered(values: object) -> None:
            if not isinstance(values, dict):
                return
            kept = safekeeping.read_kept(values["kept"]) if values["kept"] else None
            total = session.service.queries.position

            def job(advance: Advance) -> Any:  # noqa: ANN401 - Verification
                return verify_case(session.workspace.case, kept, progress=advance)

            def shown(position: int, _seconds: float) -> Shown:
                words = f"{position:,} of {total:,} entries" if position < total else "people, keys and documents"
                return min(position / max(total, 1), 1.0), (words,)

            self._run("Verifying", job, shown, partial(self._verified, compared=kept is not None))

        self.app.push_screen(form, answered)

    def _verified(self, found: Any, *, compared: bool) -> None:  # noqa: ANN401
        title = "The case is whole" if found.ok else "NOT INTACT"
        self.app.push_screen(LinesDialog(title, safekeeping.verification_lines(found, compared=compared)))

    # --- What goes to others

    def action_export(self) -> None:
        """e: an incident, a folder, then the pack; it ends with the command that checks it."""
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
            return
        self._pick("Evidence pack of which incident?", self._ask_export)

    def _ask_export(self, incident_id: UUID) -> None:
        workspace = self.session.workspace
        reference = self.session.queries.incident(incident_id).reference
        fields = [
            Field("out", "New folder", f"~/evidence-{reference}", required=True, check=_free),
            Field(
                "letters",
                "Letters too?",
                _LETTERS,
                required=True,
                hint="y puts in the letters to individuals",
                check=_yes_no,
            ),
        ]
        note = "The folder is readable by whoever has it. Privileged entries are withheld, with a privilege log."
        form = PathFormDialog(f"Evidence pack of {reference}", fields, paths=["out"], note=note, commit="export")

        def answered(values: object) -> None:
            if not isinstance(values, dict):
                return
            out, choices = Path(values["out"]).expanduser(), Choices(letters=values["letters"].lower() == "y")
            steps: list[str] = []

            def job(advance: Advance) -> Any:  # noqa: ANN401 - report, and where it is recorded
                def tell(words: str) -> None:
                    steps.append(words)
                    advance(tuple(steps))

                return self.session.one_at_a_time(
                    lambda: safekeeping.export_evidence(workspace, incident_id, out, choices=choices, progress=tell)
                )

            self._run("Writing the evidence pack", job, _steps(7), self._exported)

        self.app.push_screen(form, answered)

    def _exported(self, made: Any) -> None:  # noqa: ANN401
        report, recorded = made
        self.app.push_screen(LinesDialog("Evidence pack", safekeeping.pack_lines(report, recorded)))
        self.reload()

    def action_burden(self) -> None:
        """p: the file of 45 CFR 164.414(b), as of the moment in view."""
        self._pick("Burden-of-proof file of which incident?", self._ask_burden)

    def _ask_burden(self, incident_id: UUID) -> None:
        session = self.session
        reference = session.queries.incident(incident_id).reference

        def job(values: Values) -> tuple[str, str]:
            out = Path(values["out"]).expanduser()
            file = safekeeping.burden_file(session, incident_id)
            safekeeping.write_burden(file, out)
            return str(out), file.in_words

        fields = [Field("out", "File", f"~/burden-of-proof-{reference}.pdf", required=True, check=_free)]
        form = PathFormDialog(
            f"Burden of proof, {reference}", fields, paths=["out"], job=job, commit="write",
            note=".pdf, .txt or .json. It says for each duty what the record shows, and what it does not.",
        )  # fmt: skip

        def answered(answer: object) -> None:
            if isinstance(answer, tuple):
                self.app.push_screen(LinesDialog("Burden-of-proof file", [f"{answer[0]}: {answer[1]}"]))

        self.app.push_screen(form, answered)

    # --- Backups

    def action_backup(self) -> None:
        """b: everything into one file, sealed as the case is."""
        workspace = self.session.workspace
        at = safekeeping.now(workspace)
        fields = [Field("file", "New file", f"~/backup-{at:%Y-%m-%d}.breach", required=True, check=_free)]
        note = "Opens with the same passphrases. It keeps what is erased later: keep it no longer than it is needed."
        form = PathFormDialog("Back up the case", fields, paths=["file"], note=note, commit="back up")

        def answered(values: object) -> None:
            if not isinstance(values, dict):
                return
            file = Path(values["file"]).expanduser()

            def job(advance: Advance) -> Any:  # noqa: ANN401 - Backup
                return back_up(workspace.case, file, at, advance)

            def shown(words: str, _seconds: float) -> Shown:
                return 0.5, (words,)

            self._run("Backing up", job, shown, lambda made: self._backed_up(made, file))

        self.app.push_screen(form, answered)

    def _backed_up(self, made: Any, file: Path) -> None:  # noqa: ANN401
        lines = [*safekeeping.backup_lines(made, str(file), "written"), "", *_restore_lines(str(file))]
        self.app.push_screen(LinesDialog("Backup written", lines))

    def action_restore(self) -> None:
        """r: a backup is put back from the command line, where no case is open."""
        self.app.push_screen(LinesDialog("Restoring a backup", _restore_lines("FILE")))

    # --- What these have in common

    def _pick(self, title: str, then: Callable[[UUID], None]) -> None:
        """Ask for an incident; the one we came from, or the only one, needs no asking."""
        rows = self.session.queries.incidents()
        if not rows:
            self.status.say("No incident yet.")
            return
        options = {str(row.id): f"{row.reference} {row.title}" for row in rows}
        current = str(self._incident_id) if self._incident_id is not None else ""

        def answered(chosen: str | None) -> None:
            if chosen is not None:
                then(UUID(chosen))

        if len(rows) == 1:
            then(rows[0].id)
        else:
            self.app.push_screen(PickDialog(title, options, current), answered)

    def _run(
        self,
        title: str,
        job: Callable[[Advance], Any],
        shown: Callable[[Any, float], Shown],
        then: Callable[[Any], None],
    ) -> None:
        def done(answer: Ended | None) -> None:
            if isinstance(answer, Loaded):
                then(answer.value)
            elif isinstance(answer, Refused) and isinstance(answer.refusal, StoppedError):
                self.status.say("Stopped; nothing was kept.")
            elif isinstance(answer, Refused):
                self.app.push_screen(LinesDialog("Refused", [str(answer.refusal)]))

        self.app.push_screen(JobDialog(title, title, job, shown), done)


def _code_lines(kept: Checkpoint) -> list[str | Text]:
    """The code in large groups, with what it is for."""
    groups = kept.code.split("-")
    large = [
        Text("   ").join(Text(f" {' '.join(group)} ", style="bold reverse") for group in part)
        for part in (groups[:4], groups[4:])
    ]
    return [
        Text("The checkpoint of this log, to read aloud or mail to counsel:"),
        Text(""),
        large[0],
        Text(""),
        large[1],
        Text(""),
        Text(kept.code, style="bold"),
        Text(f"{kept.count:,} events, head {kept.head.hex()[:16]}…"),
        Text(""),
        Text(
            "y copies it. w writes it, signed, to a file to keep elsewhere. v compares the case with one kept before: "
            "a log that was cut, rolled back or rewritten since does not match."
        ),
        Text(""),
        Text("e evidence pack · p burden of proof · b backup · r how to restore"),
    ]


def _restore_lines(file: str) -> list[str]:
    return [
        "To put it back, where no case is open:",
        f"  breach restore {file} FOLDER --checkpoint CODE",
        "FOLDER is new. With a checkpoint that was kept outside it says whether anything newer was lost.",
    ]


def _steps(count: int) -> Callable[[tuple[str, ...], float], Shown]:
    def shown(steps: tuple[str, ...], _seconds: float) -> Shown:
        return min(len(steps) / (count + 1), 1.0), (f"Now: {steps[-1]}",)

    return shown


def _free(text: str) -> str:
    path = Path(text).expanduser()
    if path.exists():
        raise InvalidInput(f"{path} is there already")
    if not path.parent.is_dir():
        raise InvalidInput(f"{path.parent} is not a folder")
    return str(path)


def _yes_no(text: str) -> str:
    if text.lower() not in {"y", "n"}:
        raise InvalidInput("y or n")
    return "yes, they name the people affected" if text.lower() == "y" else "no"

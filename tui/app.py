"""The program: which screens are open, on which case, as of when, and whether it is locked."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import resource_tracker
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from rich.text import Text
from textual import events, on
from textual.actions import ActionParseResult, parse
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import ModalScreen
from textual.worker import WorkerFailed

from tui import presenters
from tui.as_of import read_as_of
from tui.commands import KeyCommands, key_help
from tui.dialogs.form import Field, FormDialog
from tui.dialogs.help import HelpDialog
from tui.dialogs.lock import LockDialog
from tui.dialogs.opening import ask_to_open
from tui.dialogs.recovery import RecoveryCodeDialog
from tui.injects import InjectDelivery, Injected
from tui.screens.base import CaseScreen, IncidentScreen, SectionScreen, section_class
from tui.screens.start import Samples, StartScreen
from tui.session import Session, Viewpoint
from tui.typeahead import TypeAhead
from tui.work import Performed, Refused

if TYPE_CHECKING:
    from tui.compose import Workspace

IDLE_SECONDS = 600.0


class BreachApp(TypeAhead, inherit_bindings=False):
    """The screens of the toolkit.

    Begins at home where a workspace is given, else at the start screen with the cases that may be opened; `samples`
    makes the sample cases ready and names them. With `review` a case opens on the queue of its reviewers.
    `seconds` tells elapsed time for the idle lock; it runs on while an exercise's clock stands still.
    """

    TITLE = "breach"
    CSS_PATH = "tui.tcss"
    COMMANDS: ClassVar = {KeyCommands}
    BINDINGS: ClassVar = [
        Binding("question_mark,f1", "app.help", "Keys", tooltip="Keys that work here", key_display="?"),
        Binding("colon,ctrl+p", "app.command_palette", "Command palette", show=False),
        Binding("ctrl+l", "app.lock", "Lock now", show=False),
        Binding(
            "K",
            "app.checkpoint",
            "Safekeeping: checkpoint code, verify, evidence pack, burden of proof, backup",
            show=False,
        ),
        Binding("U", "app.work_as", "Work as somebody else, on this very screen", show=False),
    ]

    def __init__(
        self,
        workspace: Workspace | None = None,
        *,
        samples: Samples | None = None,
        review: bool = False,
        idle_seconds: float = IDLE_SECONDS,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        # It looks after helper processes and starts with the first of them; by then Textual has put in the place of
        # standard error something without a file number, on which it would break.
        resource_tracker.ensure_running()
        self.samples = samples
        self._review = review
        self._session = Session(workspace) if workspace is not None else None
        self._idle_seconds = idle_seconds
        self._seconds = seconds
        self._last_key = seconds()
        self._injects = InjectDelivery(self)

    # --- The open case

    @property
    def session(self) -> Session:
        """The open case. Only screens that need one ask for it."""
        assert self._session is not None
        return self._session

    @property
    def maybe_session(self) -> Session | None:
        """The open case, where one is open."""
        return self._session

    def on_mount(self) -> None:
        """Show the first screen."""
        self.set_interval(1, self._lock_when_idle)
        self.set_interval(1, self._injects.deliver)
        self.theme = "textual-dark"
        self._begin()

    def _begin(self) -> None:
        if self._session is None:
            self.push_screen(StartScreen(self.samples))
        else:
            self._go_home()

    def _go_home(self) -> None:
        if self._review:
            from tui.screens.review import QueueScreen  # noqa: PLC0415

            self.push_screen(QueueScreen())
            return
        from tui.screens.home import HomeScreen  # noqa: PLC0415 - loads the stores; the start screen does without

        self.push_screen(HomeScreen())
        if self.session.workspace.replay is not None:
            from tui.screens.exercise import ExerciseHomeScreen  # noqa: PLC0415

            self.push_screen(ExerciseHomeScreen())

    def opened(self, workspace: Workspace) -> None:
        """A case was opened: show its home screen in place of everything else."""
        if self._session is not None:
            self.run_worker(self._session.close, thread=True)
        self._session = Session(workspace)
        self._close_all_screens()
        self._go_home()
        for user, code in reversed(workspace.recovery_codes.items()):
            self.push_screen(RecoveryCodeDialog(user, code))
        workspace.recovery_codes.clear()

    def action_work_as(self) -> None:
        """U: somebody else goes on where this person is, with a passphrase of their own."""
        if self._session is None or isinstance(self.screen, ModalScreen):
            return
        session = self._session
        ask_to_open(
            self,
            "Work as somebody else",
            [Field("user", "User", required=True)],
            place=lambda _: session.workspace.place,
            opened=self._work_as,
            note=f"{session.person.name} steps back; what is recorded from now on carries the other name.",
            commit="go on",
            clock=session.service.clock,
        )

    def _work_as(self, workspace: Workspace) -> None:
        left = self.session
        self._session = Session(workspace)
        # What the person who left still records is finished first.
        self.run_worker(left.close, thread=True)
        if isinstance(self.screen, CaseScreen):
            self.screen.status.say(f"Now at work: {self.session.person.name}.")
            self.screen.reload()

    def close_case(self) -> None:
        """Close the case and go back to the start screen."""
        if self._session is not None:
            self._close_all_screens()
            left, self._session = self._session, None
            left.close()
            self._begin()

    def _close_all_screens(self) -> None:
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def open_section(self, name: str, incident_id: UUID) -> None:
        """Show a section of an incident in place of the section that is open."""
        while isinstance(self.screen, IncidentScreen) and not isinstance(self.screen, SectionScreen):
            self.pop_screen()
        screen = section_class(name)(incident_id)
        if isinstance(self.screen, SectionScreen):
            self.switch_screen(screen)
        else:
            self.push_screen(screen)

    def replace_with_section(self, name: str, incident_id: UUID, words: str) -> None:
        """Show a section where the present screen was, with the receipt that led there."""
        screen = section_class(name)(incident_id)
        screen.first_words = words
        self.switch_screen(screen)

    # --- Time travel

    def ask_viewpoint(self) -> None:
        """Ask as of when, and show the record as it stood then."""
        session = self.session
        last = session.service.queries.position

        def read(text: str) -> str:
            when = read_as_of(text, session.service.clock.now(), session.zone())
            return f"#{when}" if isinstance(when, int) else presenters.moment(when, session.zone())

        form = FormDialog(
            "Show the record as of when?",
            [Field("when", "As of", required=True, hint=f"#1 to #{last}, 2026-11-20, -2d 9:15, 16:40", check=read)],
            note="An event number, a day (its end) or a moment. Everything is shown as it stood then, read-only.",
            job=lambda values: session.look_back(values["when"]),
            commit="show",
        )

        def answered(answer: object) -> None:
            if isinstance(answer, Viewpoint):
                self._show_as_of(answer)

        self.push_screen(form, answered)

    def return_to_now(self) -> None:
        """Leave the past."""
        self._show_as_of(None)

    def _show_as_of(self, viewpoint: Viewpoint | None) -> None:
        screen = self.screen
        if isinstance(screen, IncidentScreen) and viewpoint is not None:
            known = {row.id for row in viewpoint.queries.incidents()}
            if screen.incident_id not in known:
                screen.status.refuse(f"This incident did not exist yet at #{viewpoint.position}.")
                return
        self.session.viewpoint = viewpoint
        if isinstance(screen, CaseScreen):
            screen.status.say("" if viewpoint is not None else "This is now.")
            screen.reload()

    # --- Help, lock, what arrives late

    def action_help(self) -> None:
        """List the keys that work here."""
        if isinstance(self.screen, HelpDialog):
            return
        words = self.screen.HELP if isinstance(self.screen, CaseScreen) else ""
        self.push_screen(HelpDialog("Keys that work here", key_help(self.screen), words))

    def action_checkpoint(self) -> None:
        """K: the code that tells, later and outside, whether this log was cut or rewritten; and what goes with it."""
        from tui.screens.safekeeping import SafekeepingScreen  # noqa: PLC0415 - loaded when first needed

        if self._session is None or isinstance(self.screen, ModalScreen | SafekeepingScreen):
            return
        incident = self.screen.incident_id if isinstance(self.screen, IncidentScreen) else None
        self.push_screen(SafekeepingScreen(incident))

    def action_lock(self) -> None:
        """Hide everything until the passphrase is given again."""
        self._lock("locked by hand")

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Carry out an action; one that the role of the person forbids is answered with the reason."""
        if isinstance(action, str) and isinstance(default_namespace, CaseScreen):
            destination, name, _ = parse(action)
            why = default_namespace.forbidden(name) if not destination else None
            if why is not None:
                default_namespace.status.refuse(why)
                return True
        return await super().run_action(action, default_namespace, namespaces)

    async def on_event(self, event: events.Event) -> None:
        """Every key and mouse event counts as being there."""
        if isinstance(event, events.Key | events.MouseEvent | events.Paste):
            self._last_key = self._seconds()
        await super().on_event(event)

    def _lock_when_idle(self) -> None:
        if self._seconds() - self._last_key >= self._idle_seconds:
            self._lock(f"nothing was typed for {presenters.idle_words(self._idle_seconds)}")

    def _lock(self, why: str) -> None:
        if self._session is not None and not any(isinstance(screen, LockDialog) for screen in self.screen_stack):
            needs_code = self._session.workspace.case.has_second_factor
            self.push_screen(LockDialog(self._session.person.name, why, needs_code=needs_code))

    @on(Injected)
    def _tell_injects(self, message: Injected) -> None:
        if not self.screen_stack:
            return  # the program is closing; the inject is recorded all the same
        if isinstance(self.screen, CaseScreen) and not self.screen.dirty:
            self.screen.reload()
        if getattr(self.screen, "TELLS_INJECTS", False):
            return
        for each in message.delivered:
            # One line only: it must not cover what somebody is typing.
            self.notify(f"8 tells inject {each.number}: {each.inject.title}", timeout=10, markup=False)

    @on(Performed)
    def _receipt_of_a_closed_screen(self, message: Performed) -> None:
        zone = self.session.zone()
        self.notify(presenters.receipt_words(message.receipt, zone), markup=False)

    @on(Refused)
    def _refusal_of_a_closed_screen(self, message: Refused) -> None:
        self.notify(f"Refused: {message.refusal}", severity="error", markup=False)

    def _fatal_error(self) -> None:
        """A bug of ours, in one line. The library's own report prints local variables, and those hold people's data."""
        error = self._exception
        cause = error.error if isinstance(error, WorkerFailed) else error
        place = ""
        if cause is not None and (frames := traceback.extract_tb(cause.__traceback__)):
            place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}"
        self._exit_renderables.append(
            Text(
                f"breach stopped on an error of its own ({type(cause).__name__}{place}). "
                "Whatever was answered with an event number is recorded; open the case again."
            )
        )
        self._close_messages_no_wait()

    def get_system_commands(self, screen: object) -> Sequence[object]:  # type: ignore[override]
        """None: the palette holds our own commands only."""
        return ()

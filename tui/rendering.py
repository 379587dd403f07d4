"""Rendering from a screen: which engine, whether to go on from a rendering that was stopped, and the bar meanwhile."""

from __future__ import annotations

from uuid import UUID

from incident.errors import Refusal
from incident.service import Receipt, Service
from incident.unfinished import Unfinished
from notices.engines import NAMES
from notices.production import ProductionProgress
from tui import documents
from tui.dialogs.choice import ChoiceDialog
from tui.dialogs.progress import Advance, Cancelled, Ended, ProgressDialog, Shown
from tui.presenters import moment
from tui.screens.base import IncidentScreen
from tui.session import Command
from tui.work import Refused

ENGINES = (
    ("p", "plutoprint", "plutoprint: fast, built in, the same bytes every time"),
    ("w", "pdfkit", "pdfkit: wkhtmltopdf, where it is installed"),
)
"""Letter, engine, words."""


def ask_to_render(screen: IncidentScreen, notice_id: UUID, people: int) -> None:
    """Choose, then make the documents; `people` are the rows that letters are made of, 0 for other documents."""
    unfinished = screen.session.workspace.documents.unfinished(notice_id)
    if unfinished is None:
        _ask_engine(screen, notice_id, people, anew=False)
    else:
        _ask_to_go_on(screen, notice_id, people, unfinished)


def _ask_to_go_on(screen: IncidentScreen, notice_id: UUID, people: int, unfinished: Unfinished) -> None:
    name = unfinished.engine.partition(" ")[0]
    done = "1 letter is" if unfinished.letters == 1 else f"{unfinished.letters:,} letters are"
    options = [
        ("c", f"continue with {name}: {done} finished"),
        ("n", "begin anew; the finished ones are taken away"),
        ("d", "drop it; the finished ones are taken away, nothing is rendered"),
    ]
    since = moment(unfinished.begun_at, screen.session.zone(screen.incident_id))
    note = f"Begun {since} by {unfinished.by}. What has changed since is made again whichever you choose."

    def chosen(letter: str | None) -> None:
        if letter == "c" and name in NAMES:
            _produce(screen, notice_id, name, people, anew=False)
        elif letter in {"c", "n"}:
            _ask_engine(screen, notice_id, people, anew=letter == "n")
        elif letter == "d":
            _drop(screen, notice_id)

    screen.app.push_screen(ChoiceDialog("A rendering was stopped before its end", options, note), chosen)


def _drop(screen: IncidentScreen, notice_id: UUID) -> None:
    desk = screen.session.workspace.documents
    try:
        left = screen.session.one_at_a_time(lambda: desk.drop_unfinished(notice_id))
    except Refusal as refusal:
        screen.status.refuse(f"Refused: {refusal}")
    else:
        screen.status.say(f"Dropped; {left:,} files were taken away. Nothing was recorded.")


def _ask_engine(screen: IncidentScreen, notice_id: UUID, people: int, *, anew: bool) -> None:
    engines = {letter: name for letter, name, _ in ENGINES}

    def chosen(letter: str | None) -> None:
        if letter is not None:
            _produce(screen, notice_id, engines[letter], people, anew=anew)

    options = [(letter, words) for letter, _, words in ENGINES]
    screen.app.push_screen(ChoiceDialog("Render with which engine?", options), chosen)


def _produce(screen: IncidentScreen, notice_id: UUID, engine: str, people: int, *, anew: bool) -> None:
    workspace = screen.session.workspace

    def make(advance: Advance, cancelled: Cancelled) -> Command:
        def command(service: Service) -> tuple[object, Receipt]:
            del service  # the desk records through the same service
            return workspace.documents.render(notice_id, engine, anew=anew, progress=advance, cancelled=cancelled)

        return command

    def shown(progress: ProductionProgress, seconds: float) -> Shown:
        return documents.rendering_progress(progress, people, seconds)

    dialog = ProgressDialog(f"Rendering with {engine}", "render", make, shown, kept="finished letters are kept")

    def done(answer: Ended | None) -> None:
        if isinstance(answer, Refused) and dialog.stopped:
            found = workspace.documents.unfinished(notice_id)
            kept = (
                f" {found.letters:,} finished letters are kept: r goes on or drops them." if found is not None else ""
            )
            screen.status.say(f"Stopped; nothing was recorded.{kept}")
        elif answer is not None:
            screen.post_message(answer)

    screen.app.push_screen(dialog, done)

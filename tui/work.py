"""Commands and slow reads in threads. What comes of them reaches a screen as a message, never by touching a widget."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from textual.app import App
from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from incident.errors import CaseUnusable, RecordedMeanwhile, Refusal
from tui.session import Command

if TYPE_CHECKING:
    from incident.service import Receipt
    from incident.views.queries import Queries
    from tui.app import BreachApp


class Performed(Message):
    """A command was recorded. `result` is what it made (an id, a hash), or None."""

    def __init__(self, act: str, receipt: Receipt, result: object = None) -> None:
        super().__init__()
        self.act = act
        self.receipt = receipt
        self.result = result


class Refused(Message):
    """A command or read was refused; nothing was recorded."""

    def __init__(self, act: str, refusal: Refusal) -> None:
        super().__init__()
        self.act = act
        self.refusal = refusal


class Loaded(Message):
    """A read came back."""

    def __init__(self, what: str, value: Any) -> None:  # noqa: ANN401 - each screen knows what it asked for
        super().__init__()
        self.what = what
        self.value = value


def program(node: Widget) -> BreachApp:
    """The running program, typed."""
    return cast("BreachApp", node.app)


def _answer(node: Widget, app: App[object], message: Message) -> None:
    """Hand a message to the node; where it has gone meanwhile, to the program, so that no receipt is lost."""
    if not node.post_message(message):
        app.post_message(message)


def perform(node: Widget, act: str, command: Command) -> None:
    """Carry out a command in a thread; `node` gets `Performed` or `Refused` with the same `act`."""
    session = program(node).session
    app = node.app

    def work() -> None:
        try:
            result, receipt = session.run(command)
        except Refusal as refusal:
            if isinstance(refusal, RecordedMeanwhile):
                session.service.refresh()
            _answer(node, app, Refused(act, refusal))
        except OSError as error:
            _answer(
                node, app, Refused(act, CaseUnusable(f"{error.strerror or error}: {error.filename or 'the case file'}"))
            )
        else:
            _answer(node, app, Performed(act, receipt, result))

    # The program owns the thread: leaving a screen must not cancel what was asked of it.
    app.run_worker(work, name=act, group="commands", thread=True)


def read(node: Widget, what: str, query: Callable[[Queries], Any]) -> None:
    """Read in a thread; `node` gets `Loaded` or `Refused` with the same `what`. Only the newest answer arrives."""
    queries = program(node).session.queries
    background(node, what, lambda: query(queries))


def background(node: Widget, what: str, job: Callable[[], Any]) -> None:
    """Do any slow thing in a thread; `node` gets `Loaded` or `Refused` with the same `what`."""

    def work() -> None:
        worker = get_current_worker()
        message: Message
        try:
            message = Loaded(what, job())
        except Refusal as refusal:
            message = Refused(what, refusal)
        except OSError as error:
            message = Refused(what, _disk_refusal(error))
        # Cancelling only sets a flag: a late answer must not overwrite a fresh one.
        if not worker.is_cancelled:
            node.post_message(message)

    node.run_worker(work, name=what, group=what, exclusive=True, thread=True)


def _disk_refusal(error: OSError) -> CaseUnusable:
    return CaseUnusable(f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error))

"""Handing out the injects of an exercise when their moment comes, on whatever screen is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from incident.access.roles import refusal
from incident.errors import Refusal
from incident.events import InjectDelivered
from tui.work import Refused

if TYPE_CHECKING:
    from incident.exercise.replay import Delivered, Replay
    from tui.app import BreachApp
    from tui.session import Session


class Injected(Message):
    """The players were told something."""

    def __init__(self, delivered: tuple[Delivered, ...]) -> None:
        super().__init__()
        self.delivered = delivered


class InjectDelivery:
    """Looks every second whether an inject is due in the exercise that is open, and records that it was told."""

    def __init__(self, app: BreachApp) -> None:
        self._app = app
        self._busy = False
        self._given_up: Session | None = None

    def deliver(self) -> None:
        """Called every second by the program."""
        session = self._app.maybe_session
        replay = session.workspace.replay if session is not None else None
        if session is None or replay is None or self._busy or session is self._given_up:
            return
        if refusal(session.standing, InjectDelivered.TOPIC) is not None:
            return  # who only reads waits until a player or the facilitator is told
        self._busy = True
        self._app.run_worker(lambda: self._deliver(session, replay), group="injects", thread=True)

    def _deliver(self, session: Session, replay: Replay) -> None:
        def due() -> tuple[Delivered, ...]:
            # The case may have been closed while this waited for its turn.
            return replay.deliver_due() if self._app.maybe_session is session else ()

        try:
            delivered = session.one_at_a_time(due)
            if delivered:
                self._app.post_message(Injected(delivered))
        except Refusal as refusal:
            # Said once, not every second; opening the exercise anew tries again.
            self._given_up = session
            self._app.post_message(Refused("inject", refusal))
        finally:
            self._busy = False

"""One key at a time: a key is delivered only when everything the key before it set in motion has settled.

Over a slow line many keys arrive in one packet. Textual would hand them all to the widget that has the focus at that
moment, before the Enter among them has moved it; the answer to one question would end in the field of another.
"""

import asyncio
from contextlib import suppress

from textual import events
from textual.app import App
from textual.message_pump import MessagePump

_PATIENCE = 0.5
"""Seconds to wait for a widget that is busy with something else, before the next key is delivered all the same."""

_COMMIT_PATIENCE = 5.0
"""Seconds to hold keys while a form is being recorded."""


class TypeAhead(App[None], inherit_bindings=False):
    """An app that takes keys in order, each after the one before it has had its full effect."""

    def __init__(self) -> None:
        super().__init__()
        self._typed: asyncio.Queue[events.Key] = asyncio.Queue()
        self._taking: asyncio.Task[None] | None = None

    async def on_event(self, event: events.Event) -> None:
        """Keys go to the queue; everything else takes its usual way."""
        if isinstance(event, events.Key) and not event.is_forwarded and self._taking is not None:
            for key in _as_typed(event):
                self._typed.put_nowait(key)
        else:
            await super().on_event(event)

    def on_mount(self) -> None:
        """Begin to take keys."""
        self._taking = asyncio.create_task(self._take())

    def on_unmount(self) -> None:
        """No more keys."""
        if self._taking is not None:
            self._taking.cancel()

    async def _take(self) -> None:
        while True:
            event = await self._typed.get()
            try:
                began_at = self.focused or self.screen
                await super().on_event(event)
                await self._settle(began_at)
            except Exception as error:
                # Ends the app, as an error in any handler would.
                self._handle_exception(error)

    async def _settle(self, began_at: MessagePump) -> None:
        """Wait until the widget that got the key, and all above it, have handled it, and a new screen stands."""
        node: MessagePump | None = began_at
        while node is not None:
            await _handled(node)
            node = node._parent
        screen = self.screen
        with suppress(TimeoutError):
            await asyncio.wait_for(screen._mounted_event.wait(), _PATIENCE)
        await _handled(screen)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._committed(), _COMMIT_PATIENCE)

    async def _committed(self) -> None:
        while getattr(self.screen, "busy", False):
            await asyncio.sleep(0.01)


def _as_typed(event: events.Key) -> tuple[events.Key, ...]:
    """The keys that were pressed: Esc and a letter in one packet look like Alt and that letter, which nothing binds."""
    letter = event.key.removeprefix("alt+")
    if letter != event.key and len(letter) == 1:
        return events.Key("escape", None), events.Key(letter, letter)
    return (event,)


async def _handled(node: MessagePump) -> None:
    """Wait until a widget has handled everything that was sent to it before now."""
    reached = asyncio.Event()
    if node.call_later(reached.set):
        with suppress(TimeoutError):
            await asyncio.wait_for(reached.wait(), _PATIENCE)

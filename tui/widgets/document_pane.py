"""A pane with the text of a document, its elements marked in the margin. It scrolls to what is asked for."""

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.margin import Target, line_of, marked_text


class DocumentPane(VerticalScroll, can_focus=True, inherit_bindings=False):
    """Arrow keys move the text; the screen moves between elements."""

    BINDINGS: ClassVar = [
        Binding("up,k", "scroll_up", "Up", show=False),
        Binding("down,j", "scroll_down", "Down", show=False),
        Binding("pageup", "page_up", "Page up", show=False),
        Binding("pagedown,space", "page_down", "Page down", show=False),
        Binding("home", "scroll_home", "To the top", show=False),
        Binding("end", "scroll_end", "To the end", show=False),
    ]

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._document = ""
        self._targets: Sequence[Target] = ()
        self._current: int | None = None

    def compose(self) -> ComposeResult:
        """One static."""
        yield Static("", markup=False)

    def show_text(self, text: str, targets: Sequence[Target], current: int | None) -> None:
        """Show a text; with a current target, scroll to it."""
        fresh = text != self._document
        self._document, self._targets, self._current = text, targets, current
        self._draw()
        where = targets[current].where if current is not None else None
        if where is not None:
            # A few lines above it stay in sight.
            self.scroll_to(y=max(line_of(text, where, self._width) - 4, 0), animate=False)
        elif fresh:
            self.scroll_home(animate=False)

    def on_resize(self, event: events.Resize) -> None:
        """Break the lines anew."""
        self._draw()

    @property
    def _width(self) -> int:
        return max(self.scrollable_content_region.width, 20)

    def _draw(self) -> None:
        lines = marked_text(self._document, self._targets, self._current, self._width)
        self.query_one(Static).update(Text("\n", end="").join(lines))

"""Two texts of a notice compared: beside each other where there is room, else one above the other."""

from typing import ClassVar
from uuid import UUID

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Static

from notices.desk import Preview
from notices.side_by_side import Pair, side_by_side
from tui import comparing
from tui.screens.base import IncidentScreen
from tui.widgets.frame import Line


class _Pane(VerticalScroll, can_focus=True, inherit_bindings=False):
    """Arrow keys move the texts."""

    BINDINGS: ClassVar = [
        Binding("up,k", "scroll_up", "Up", show=False),
        Binding("down,j", "scroll_down", "Down", show=False),
        Binding("pageup", "page_up", "Page up", show=False),
        Binding("pagedown,space", "page_down", "Page down", show=False),
        Binding("home", "scroll_home", "To the top", show=False),
        Binding("end", "scroll_end", "To the end", show=False),
    ]


class VariantsScreen(IncidentScreen):
    """Two texts of one notice, with what differs."""

    TITLE_WORDS = "Texts compared"
    HELP = (
        "‹ stands for the left text, › for the right one; ≠ marks a line that differs. Differing words are underlined."
    )
    BINDINGS: ClassVar = [
        Binding("right_square_bracket", "jump(1)", "Next difference", tooltip="Next difference", key_display="]"),
        Binding("left_square_bracket", "jump(-1)", "Before", show=False, tooltip="Difference before", key_display="["),
        Binding("n", "turn(1, 1)", "Right text", tooltip="Another text on the right"),
        Binding("N", "turn(1, -1)", "Right before", show=False, tooltip="The text before on the right"),
        Binding("p", "turn(0, 1)", "Left text", tooltip="Another text on the left"),
        Binding("P", "turn(0, -1)", "Left before", show=False, tooltip="The text before on the left"),
        Binding("s", "swap", "Swap", tooltip="Left and right change places"),
    ]

    def __init__(self, incident_id: UUID, look: Preview, place: int) -> None:
        super().__init__(incident_id)
        self._texts = [each.document for each in look.documents]
        self._places = [place, (place + 1) % len(self._texts)]
        self._pairs: tuple[Pair, ...] = ()
        self._starts: tuple[int, ...] = ()

    def compose_head(self) -> ComposeResult:
        """Sections, and which texts these are."""
        yield from super().compose_head()
        yield Line(id="compared")

    def compose_body(self) -> ComposeResult:
        """Both texts, scrolled as one."""
        with _Pane(id="comparison"):
            yield Static("", markup=False)

    def on_mount(self) -> None:
        """Compare what was in hand with the next text."""
        self._compare()
        self.query_one("#comparison").focus()

    def on_resize(self) -> None:
        """Break the lines anew."""
        self.call_after_refresh(self._draw)

    def _compare(self) -> None:
        left, right = (self._texts[place] for place in self._places)
        self._pairs = side_by_side(left.text, right.text)
        self.query_one("#compared", Line).show(comparing.comparison_words(left.name, right.name, self._pairs))
        self._draw()
        self.query_one("#comparison", _Pane).scroll_home(animate=False)

    def _draw(self) -> None:
        pane = self.query_one("#comparison", _Pane)
        width = max((pane.scrollable_content_region.width or self.size.width) - 1, 20)
        lines, self._starts = comparing.lines_of(self._pairs, width)
        pane.query_one(Static).update(Text("\n", end="").join(lines))

    def action_jump(self, by: int) -> None:
        """] and [: the next difference, or the one before."""
        pane = self.query_one("#comparison", _Pane)
        at = round(pane.scroll_y)
        ahead = [start for start in self._starts if start > at] if by > 0 else []
        behind = [start for start in self._starts if start < at] if by < 0 else []
        if ahead or behind:
            pane.scroll_to(y=ahead[0] if ahead else behind[-1], animate=False)
        else:
            self.status.say("No further difference that way." if self._starts else "The texts are the same.")

    def action_turn(self, side: int, by: int) -> None:
        """Another text on one side; never the one that stands on the other."""
        if len(self._texts) < 3:
            self.status.say("There are two texts only; s swaps them.")
            return
        place = (self._places[side] + by) % len(self._texts)
        if place == self._places[1 - side]:
            place = (place + by) % len(self._texts)
        self._places[side] = place
        self._compare()

    def action_swap(self) -> None:
        """s: left and right change places."""
        self._places.reverse()
        self._compare()

"""A table over a list of any length: it draws the lines in sight and asks for the pages they are on, nothing more."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from incident.roster.record import Row
from tui.widgets.record_table import Column, shared_widths

PAGE = 100
"""Rows that are read at once."""
_KEPT = 60
"""Pages that stay in memory: about 6,000 people, whatever the list holds."""


class PeopleTable(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows of a roster by their place. It posts `Wanted` for the pages in sight and is given them with `put`."""

    COMPONENT_CLASSES: ClassVar = {"people-table--header", "people-table--cursor"}
    BINDINGS: ClassVar = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "end(0)", "First row", show=False),
        Binding("end", "end(1)", "Last row", show=False),
    ]

    class Wanted(Message):
        """Pages that are in sight and not at hand. `generation` goes back with the answer."""

        def __init__(self, generation: int, pages: tuple[int, ...]) -> None:
            super().__init__()
            self.generation = generation
            self.pages = pages

    class Moved(Message):
        """The cursor stands on another row, or the row under it arrived."""

    def __init__(self, columns: Sequence[Column], cells: Callable[[Row], Sequence[Text]], *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._cells = cells
        self._pages: dict[int, tuple[Row, ...]] = {}
        self._asked: tuple[int, ...] = ()
        self._generation = 0
        self._style = Style()
        self._widths: Sequence[int] = ()
        self.total = 0
        self.cursor = 0

    @property
    def current(self) -> Row | None:
        """The row under the cursor, where it is at hand."""
        return self._row(self.cursor)

    def open(self, total: int) -> None:
        """Show another list of `total` rows from its beginning, or the same one read anew."""
        self._begin(total, {})

    def show_all(self, rows: Sequence[Row]) -> None:
        """Show these few rows, which are all there are."""
        pages = {page: tuple(rows[page * PAGE : (page + 1) * PAGE]) for page in range(-(-len(rows) // PAGE))}
        self._begin(len(rows), pages)
        self.post_message(self.Moved())

    def _begin(self, total: int, pages: dict[int, tuple[Row, ...]]) -> None:
        self.total = total
        self.cursor = min(self.cursor, max(total - 1, 0))
        self._generation += 1
        self._pages = pages
        self._asked = ()
        # One line more than rows: the headings stay on top.
        self.virtual_size = Size(self.size.width, total + 1)
        self._keep_in_sight()
        self._ask()
        self.refresh()

    def put(self, generation: int, pages: dict[int, tuple[Row, ...]]) -> None:
        """The pages that were asked for. An answer for a list that was left meanwhile is dropped."""
        if generation != self._generation:
            return
        self._pages |= pages
        while len(self._pages) > _KEPT:
            farthest = max(self._pages, key=lambda page: abs(page - self.cursor // PAGE))
            del self._pages[farthest]
        self._asked = ()
        self._ask()
        self.refresh()
        if self.cursor // PAGE in pages:
            self.post_message(self.Moved())

    def last_row_before(self, page: int) -> int | None:
        """The row number with which the page before ends, where that page is at hand."""
        before = self._pages.get(page - 1)
        return before[-1].row if before else None

    def move_to(self, place: int) -> None:
        """Put the cursor on a place, counted from 0."""
        place = min(max(place, 0), max(self.total - 1, 0))
        if place == self.cursor:
            return
        self.cursor = place
        self._keep_in_sight()
        self._ask()
        self.refresh()
        self.post_message(self.Moved())

    def _keep_in_sight(self) -> None:
        lines = max(self.size.height - 1, 1)
        top = min(self.scroll_offset.y, self.cursor)
        top = max(top, self.cursor - lines + 1)
        self.scroll_to(y=top, animate=False, force=True, immediate=True)

    def action_move(self, by: int) -> None:
        """A row up or down."""
        self.move_to(self.cursor + by)

    def action_page(self, by: int) -> None:
        """A screenful up or down."""
        self.move_to(self.cursor + by * max(self.size.height - 2, 1))

    def action_end(self, last: int) -> None:
        """The first row, or the last."""
        self.move_to(self.total - 1 if last else 0)

    def on_click(self, event: events.Click) -> None:
        """The row that was clicked."""
        if event.y > 0:
            self.move_to(self.scroll_offset.y + event.y - 1)

    def on_resize(self, event: events.Resize) -> None:
        """Share the new width."""
        self.virtual_size = Size(event.size.width, self.total + 1)
        self._ask()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for what came into sight."""
        super().watch_scroll_y(old_value, new_value)
        self._ask()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines in sight. Style and widths are worked out once: that takes longer than to draw a line."""
        self._style = self.rich_style
        self._widths = shared_widths(self._columns, self.size.width)
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """The headings, then a row a line."""
        width = self.size.width
        if y == 0:
            titles = [Text(column.title) for column in self._columns]
            return self._strip(titles, width, self.get_component_rich_style("people-table--header"))
        place = self.scroll_offset.y + y - 1
        if place >= self.total:
            return Strip.blank(width, self._style)
        row = self._row(place)
        cells = self._cells(row) if row is not None else (Text(), Text("…", style="dim"))
        at_cursor = place == self.cursor and self.has_focus
        style = self.get_component_rich_style("people-table--cursor") if at_cursor else self._style
        return self._strip(cells, width, style)

    def _strip(self, cells: Sequence[Text], width: int, style: Style) -> Strip:
        segments: list[Segment] = []
        for cell, room in zip(cells, self._widths, strict=False):
            segments += self._cell(cell, max(room - 1, 1), style)
            segments.append(Segment(" ", style))
        return Strip(segments).adjust_cell_length(width, style)

    def _cell(self, cell: Text, room: int, style: Style) -> list[Segment]:
        """One cell in so many columns. Text of one style, as most is, goes without the layout of Rich: that is slow."""
        plain = " ".join(cell.plain.split())
        if cell.spans and plain == cell.plain:
            shown = Text(no_wrap=True, end="").join([cell])
            shown.truncate(room, overflow="ellipsis")
            shown.append(" " * max(room - shown.cell_len, 0))
            return list(Segment.apply_style(shown.render(self.app.console), style))
        wide = cell_len(plain)
        if wide > room:
            text = set_cell_size(plain, room - 1) + "…"
        elif cell.justify == "right":
            text = " " * (room - wide) + plain
        else:
            text = plain + " " * (room - wide)
        own = Style.parse(cell.style) if isinstance(cell.style, str) else cell.style
        return [Segment(text, style + own)]

    def _row(self, place: int) -> Row | None:
        page = self._pages.get(place // PAGE)
        return page[place % PAGE] if page is not None and place % PAGE < len(page) else None

    def _ask(self) -> None:
        """Ask for the pages in sight that are missing; only the newest question counts."""
        if not self.total or not self.size.height:
            return
        top = self.scroll_offset.y
        last = min(top + self.size.height - 1, self.total - 1)
        sight = range(top // PAGE, last // PAGE + 1)
        missing = tuple(page for page in sight if page not in self._pages)
        if missing and missing != self._asked:
            self._asked = missing
            self.post_message(self.Wanted(self._generation, missing))

    def on_focus(self) -> None:
        """The cursor shows."""
        self.refresh(Region(0, 0, *self.size))

    def on_blur(self) -> None:
        """The cursor hides."""
        self.refresh(Region(0, 0, *self.size))

"""A table of records: cells are `Text`, columns share the width, rows keep their key and the cursor its row."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.coordinate import Coordinate
from textual.widgets import DataTable


class Column(NamedTuple):
    """A column: its heading, its smallest width, and its share of what is left over (0: fixed)."""

    title: str
    width: int
    share: int = 0


def shared_widths(columns: Sequence[Column], room: int) -> tuple[int, ...]:
    """The widths of the columns in a room of so many characters; one stays free for the scroll bar."""
    fixed = sum(column.width for column in columns)
    shares = sum(column.share for column in columns)
    free = max(room - fixed - 1, 0)
    return tuple(column.width + (free * column.share // shares if shares and column.share else 0) for column in columns)


Rows = Mapping[str, Sequence[Text]]
"""Row key -> cells, in order."""


class RecordTable(DataTable[Text], inherit_bindings=False):
    """Up to some 2,000 rows; Enter is left to the screen. User data arrives as Text, never as markup."""

    BINDINGS: ClassVar = [
        Binding("up,k", "cursor_up", "Up", show=False),
        Binding("down,j", "cursor_down", "Down", show=False),
        Binding("pageup", "page_up", "Page up", show=False),
        Binding("pagedown", "page_down", "Page down", show=False),
        Binding("home", "scroll_top", "First row", show=False),
        Binding("end", "scroll_bottom", "Last row", show=False),
    ]

    def __init__(self, columns: Sequence[Column], *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, cursor_type="row", cell_padding=0, zebra_stripes=False)
        self._record_columns = tuple(columns)
        self._rows: dict[str, tuple[Text, ...]] = {}
        self._widths: tuple[int, ...] = ()

    @property
    def current_key(self) -> str | None:
        """The key of the row under the cursor."""
        keys = list(self._rows)
        return keys[self.cursor_row] if 0 <= self.cursor_row < len(keys) else None

    def show_rows(self, rows: Rows) -> None:
        """Show these rows. The cursor stays on its row; where that is gone, on the one that stood behind it."""
        fresh = {key: tuple(cells) for key, cells in rows.items()}
        if list(fresh) == list(self._rows) and self._widths:
            self._change_cells(fresh)
        else:
            here = self.current_key
            if here is not None and here not in fresh:
                before = list(self._rows)
                behind = before[before.index(here) + 1 :] if here in self._rows else []
                here = next((key for key in behind if key in fresh), next(reversed(fresh), None))
            self._rows = fresh
            self._fill(here)

    def select(self, key: str) -> None:
        """Put the cursor on a row."""
        if key in self._rows:
            self.move_cursor(row=list(self._rows).index(key))

    def on_resize(self, event: events.Resize) -> None:
        """Share the new width."""
        if self._share(event.size.width) != self._widths:
            self._fill(self.current_key)

    def _change_cells(self, fresh: dict[str, tuple[Text, ...]]) -> None:
        for row, (key, cells) in enumerate(fresh.items()):
            for column, cell in enumerate(cells):
                if cell != self._rows[key][column]:
                    self.update_cell_at(Coordinate(row, column), self._fit(cell, column))
        self._rows = fresh

    def _fill(self, here: str | None) -> None:
        self._widths = self._share(self.size.width)
        self.clear(columns=True)
        for column, width in zip(self._record_columns, self._widths, strict=True):
            self.add_column(Text(column.title, style="bold"), width=width)
        for key, cells in self._rows.items():
            self.add_row(*(self._fit(cell, number) for number, cell in enumerate(cells)), key=key)
        if here is not None:
            self.select(here)

    def _share(self, room: int) -> tuple[int, ...]:
        return shared_widths(self._record_columns, room)

    def _fit(self, cell: Text, column: int) -> Text:
        shown = cell.copy()
        shown.no_wrap = True
        shown.truncate(max(self._widths[column] - 1, 1), overflow="ellipsis")
        return shown

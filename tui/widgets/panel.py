"""A pane of read-only text: an explanation, a preview, a summary. Never markup."""

import re

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from textual.containers import VerticalScroll
from textual.widgets import Static

_MARK = re.compile(r" *(?:\d+\.|[-?!±]|#\d+) ")


class Panel(VerticalScroll, can_focus=False):
    """Scrolls when the text is longer than the pane."""

    is_blank = True

    def compose(self):  # type: ignore[no-untyped-def]  # noqa: ANN201
        """One static."""
        yield Static("", markup=False)

    def show(self, *lines: str | Text) -> None:
        """Replace the text, one argument a paragraph."""
        self.is_blank = not lines
        content = Group(*(_hanging(Text(line) if isinstance(line, str) else line) for line in lines))
        self.query_one(Static).update(content)
        self.scroll_home(animate=False)


def _hanging(line: Text) -> RenderableType:
    """A line that begins with a number or a mark goes on under its words, not under the mark."""
    mark = _MARK.match(line.plain)
    if mark is None:
        return line
    first, rest = line.divide([mark.end()])
    grid = Table.grid()
    grid.add_column(width=mark.end(), no_wrap=True)
    grid.add_column(ratio=1)
    grid.add_row(first, rest)
    return grid

"""A pane of read-only text: an explanation, a preview, a summary. Never markup."""

from rich.console import Group
from rich.text import Text
from textual.containers import VerticalScroll
from textual.widgets import Static


class Panel(VerticalScroll, can_focus=False):
    """Scrolls when the text is longer than the pane."""

    is_blank = True

    def compose(self):  # type: ignore[no-untyped-def]  # noqa: ANN201
        """One static."""
        yield Static("", markup=False)

    def show(self, *lines: str | Text) -> None:
        """Replace the text, one argument a paragraph."""
        self.is_blank = not lines
        content = Group(*(Text(line) if isinstance(line, str) else line for line in lines))
        self.query_one(Static).update(content)
        self.scroll_home(animate=False)

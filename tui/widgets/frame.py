"""What frames every screen: the title line, the watermark, the section line and the status line."""

from rich.text import Text
from textual.widgets import Static

from tui.screens import SECTION_NAMES, SECTIONS


class Line(Static):
    """One line of text that is never read as markup."""

    DEFAULT_CSS = "Line { height: 1; width: 100%; }"

    def show(self, *parts: str | Text) -> None:
        """Replace the line; parts that do not fit are cut at the right."""
        self.update(Text.assemble(*parts, no_wrap=True, overflow="ellipsis"))


class TitleLine(Line):
    """What is open at the left; who works and what time it is at the right."""

    def show_sides(self, left: str, right: str) -> None:
        """Both sides; where they do not fit side by side, the left one gives way."""
        # Before the first layout the line has no size yet, and the terminal has.
        room = max(self.size.width or self.app.size.width, 20)
        free = room - len(right) - 2
        text = Text(left, no_wrap=True, style="bold")
        text.truncate(max(free, 8), overflow="ellipsis", pad=True)
        self.show(text, "  ", right)


class SectionLine(Line):
    """The sections by digit; the one that is open stands in brackets, those not available are dim."""

    def show_sections(self, current: str | None) -> None:
        """Show which section is open."""
        line = Text(no_wrap=True)
        for digit, name in enumerate(SECTION_NAMES, start=1):
            label = f"{digit} {name.capitalize()}"
            if name == current:
                line.append(f"[{label}]", style="bold reverse")
            else:
                line.append(f" {label} ", style="" if name in SECTIONS else "dim")
        self.update(line)


class StatusLine(Line):
    """The last answer: a receipt, a refusal, or a hint. It stays until the next one."""

    def say(self, text: str) -> None:
        """Something to know."""
        self.set_classes("-note")
        self.show(text)

    def confirm(self, text: str) -> None:
        """A receipt."""
        self.set_classes("-receipt")
        self.show(text)

    def refuse(self, text: str) -> None:
        """A refusal; the word says it, not only the colour."""
        self.set_classes("-refusal")
        self.show(text)

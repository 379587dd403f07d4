"""Answers by single letters: one of a few, or any number of many."""

from collections.abc import Mapping, Sequence

from rich.text import Text
from textual import events
from textual.message import Message
from textual.widgets import Static


class Answered(Message):
    """The field has its answer; the form may go on. Enter on an empty field leaves it unknown."""

    def __init__(self, field: "LetterField | ChipsField") -> None:
        super().__init__()
        self.field = field

    @property
    def control(self) -> "LetterField | ChipsField":
        """The field, for `@on` selectors."""
        return self.field


def _typed(event: events.Key) -> str:
    return event.character if event.character and event.is_printable else ""


class LetterField(Static, can_focus=True):
    """One of a few answers. A letter answers and goes on; Enter keeps what is shown."""

    def __init__(self, options: Sequence[tuple[str, str]], value: str | None = None, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id, classes="letters", markup=False)
        self.options = tuple(options)
        self.value = value

    def on_mount(self) -> None:
        """Show the options."""
        self._show()

    def answer(self, value: str | None) -> None:
        """Show an answer that follows from others, to be confirmed or changed."""
        self.value = value
        self._show()

    @property
    def words(self) -> str:
        """The answer in words; empty while there is none."""
        return dict(self.options).get(self.value or "", "")

    def on_key(self, event: events.Key) -> None:
        """A letter of an option, or Enter."""
        letters = [letter for letter, _ in self.options]
        typed = _typed(event)
        chosen = next((each for each in (typed, typed.lower()) if each in letters), None)
        if chosen is not None:
            self.value = chosen
            self._show()
        elif event.key == "backspace":
            self.value = None
            self._show()
        if chosen is not None or event.key == "enter":
            self.post_message(Answered(self))
        if typed or event.key in {"enter", "backspace"}:
            event.stop()
            event.prevent_default()

    def _show(self) -> None:
        line = Text(no_wrap=True, overflow="ellipsis")
        for letter, words in self.options:
            if letter == self.value:
                line.append(f"[{letter} {words}]", style="bold reverse")
            else:
                line.append(f" {letter} ", style="bold").append(f"{words} ", style="dim")
        self.update(line)


class ChipsField(Static, can_focus=True):
    """Any of many. A letter lights its chip or puts it out; Enter goes on; ? says that it is not known."""

    def __init__(self, keys: Mapping[str, str], words: Mapping[str, str], *, id: str) -> None:  # noqa: A002
        super().__init__(id=id, classes="letters", markup=False)
        self._keys = keys
        self._words = words
        self.values: list[str] = []

    def on_mount(self) -> None:
        """Show that nothing is lit."""
        self._show()

    def on_key(self, event: events.Key) -> None:
        """A letter, Backspace, or Enter."""
        typed = _typed(event)
        if typed in self._keys:
            value = self._keys[typed]
            if value in self.values:
                self.values.remove(value)
            else:
                self.values.append(value)
        elif typed == "?":
            self.values.clear()
        elif event.key == "backspace" and self.values:
            self.values.pop()
        if typed or event.key in {"enter", "backspace"}:
            event.stop()
            event.prevent_default()
            self._show()
        if event.key == "enter" or typed == "?":
            self.post_message(Answered(self))

    def _show(self) -> None:
        line = Text()
        for value in self.values:
            line.append(f" {self._words[value]} ", style="bold reverse").append(" ")
        self.update(line if self.values else Text("unknown", style="dim"))

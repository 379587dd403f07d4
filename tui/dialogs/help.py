"""The keys that work on the screen below, from its bindings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding

from tui.commands import KeyHelp
from tui.dialogs.lines import LinesDialog


class HelpDialog(LinesDialog):
    """One line a key, those of the screen itself first; any may be pressed after Esc."""

    BINDINGS: ClassVar = [Binding("question_mark,f1", "back", "Back", show=False)]

    def __init__(self, title: str, keys: Sequence[KeyHelp], words: str = "") -> None:
        lines = [_line(each) for each in keys]
        super().__init__(title, [*([Text(words), Text("")] if words else []), *lines])
        self.keys = tuple(keys)


def _line(each: KeyHelp) -> Text:
    if each.why_not:
        return Text(f"{each.key:>7}  {each.words}: unavailable. {each.why_not}", style="dim")
    return Text.assemble((f"{each.key:>7}", "bold"), "  ", each.words)

"""The start screen: the cases that may be opened, a new one, or one by its path."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Footer

from incident.stores.naming import Place, read_place
from tui import recent
from tui.dialogs.form import Field
from tui.dialogs.opening import ask_to_open
from tui.presenters import StartCase, login_lines, start_cells, start_panel
from tui.widgets.frame import Line, StatusLine
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable
from tui.work import Loaded, Refused, background, program

Samples = Callable[[], tuple[StartCase, ...]]
"""Makes the sample cases where they are missing, and names them."""


class StartScreen(Screen[None]):
    """Nothing is open yet. Samples show their passphrases; real cases never do."""

    BINDINGS: ClassVar = [
        Binding("enter", "open", "Open"),
        Binding("n", "new_case", "New case"),
        Binding("o", "open_path", "Open by path"),
        Binding("q", "quit", "Quit"),
    ]

    def __init__(self, samples: Samples | None = None) -> None:
        super().__init__()
        self._samples = samples
        self._cases: dict[str, StartCase] = {}

    def compose(self) -> ComposeResult:
        """A list of cases, and who can open the one under the cursor."""
        yield Line("breach · incident response and notification", id="title", markup=False)
        with Container(id="body"):
            yield RecordTable([Column("CASE", 22, 1), Column("WHERE", 20, 2)], id="cases")
            yield Panel(id="about")
        yield StatusLine(id="status")
        yield Footer(compact=True, show_command_palette=False)

    @property
    def status(self) -> StatusLine:
        """The line for answers."""
        return self.query_one("#status", StatusLine)

    def on_mount(self) -> None:
        """List what there is; make the samples where they are asked for and missing."""
        self._list_cases(())
        if self._samples is not None:
            self.status.say("Making ready the sample cases…")
            background(self, "samples", self._samples)
        else:
            self._load_what_comes_next()

    def _load_what_comes_next(self) -> None:
        """While the person looks at the list and types a passphrase."""
        background(self, "preload", lambda: importlib.import_module("tui.screens.home"))

    def _list_cases(self, samples: tuple[StartCase, ...]) -> None:
        known = {str(recent.full(each.path)) for each in samples}
        others = [
            StartCase(place.name, place) for place in recent.recent_cases() if str(recent.full(place)) not in known
        ]
        self._cases = {str(each.path): each for each in (*samples, *others)}
        table = self.query_one(RecordTable)
        table.show_rows({key: start_cells(each) for key, each in self._cases.items()})
        table.display = bool(self._cases)
        if self._cases:
            table.focus()
        self._show_about()

    @on(RecordTable.RowHighlighted)
    def _show_about(self) -> None:
        key = self.query_one(RecordTable).current_key
        self.query_one("#about", Panel).show(*start_panel(self._cases.get(key or "")))

    @on(Loaded)
    def _loaded(self, message: Loaded) -> None:
        message.stop()
        if message.what == "samples":
            self.status.say("")
            self._list_cases(message.value)
            self.query_one(RecordTable).move_cursor(row=0)
            self._load_what_comes_next()

    @on(Refused)
    def _refused(self, message: Refused) -> None:
        message.stop()
        self.status.refuse(f"Refused: {message.refusal}")

    def action_open(self) -> None:
        """Ask for the passphrase of the case under the cursor."""
        key = self.query_one(RecordTable).current_key
        if key is not None:
            case = self._cases[key]
            user = case.people[0].user if case.people else ""
            note = Text("\n").join(login_lines(case))
            self._unlock(case.name, [Field("user", "User", user, required=True)], case.path, note)

    def action_open_path(self) -> None:
        """Open a case that is not in the list."""

        def is_case(text: str) -> str:
            place = read_place(text)
            if isinstance(place, Path) and not (place / "case.json").exists():
                return f"{place}: no case here (yet)"
            return str(place)

        path = Field("path", "Folder or URL", required=True, hint="~/cases/lakeshore", check=is_case)
        self._unlock("Open a case", [path, Field("user", "User", required=True)], None)

    def _unlock(self, title: str, fields: list[Field], place: Place | None, note: str | Text = "") -> None:
        ask_to_open(
            self.app,
            title,
            fields,
            place=lambda values: place if place is not None else read_place(values["path"]),
            opened=self._opened,
            note=note,
        )

    def action_new_case(self) -> None:
        """Make a case file for an organization."""
        from tui.dialogs.new_case import new_case_form  # noqa: PLC0415 - the first screen does without

        self.app.push_screen(new_case_form(), self._opened)

    def _opened(self, answer: Any) -> None:  # noqa: ANN401
        if answer is not None:
            recent.remember(answer.place)
            program(self).opened(answer)

    def action_quit(self) -> None:
        """Leave the program."""
        self.app.exit()

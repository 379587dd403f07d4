"""The people of one list: a window on the vault that reads only what is in sight."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal

from incident.errors import InvalidInput
from incident.roster.contact import UNREACHABLE
from incident.roster.reasons import Flag
from incident.roster.record import Row, Status
from incident.roster.vault import Vault
from jurisdictions.vocabulary import USPS
from tui import persons
from tui.dialogs.form import Field, FormDialog, Values
from tui.dialogs.pick import PickDialog
from tui.screens.base import IncidentScreen
from tui.screens.person import PersonScreen
from tui.widgets.frame import Line
from tui.widgets.panel import Panel
from tui.widgets.people_table import PAGE, PeopleTable
from tui.widgets.record_table import Column

MOST_FOUND = 500
"""Search results shown; more are found by a longer name."""


class Filter(msgspec.Struct, frozen=True):
    """Which rows are shown."""

    status: Status | None = None
    flag: Flag | None = None
    state: str | None = None
    name: str = ""

    @property
    def words(self) -> str:
        """The filter in words; empty where everybody is shown."""
        state = None if self.state is None else USPS.get(self.state, "State not known")
        flag = None
        if self.flag is not None:
            flag = "unreachable" if self.flag == UNREACHABLE else persons.FLAG_WORDS[self.flag]
        name = f"name: {self.name}" if self.name else None
        return " · ".join(str(part) for part in (self.status, flag, state, name) if part is not None)


class RosterScreen(IncidentScreen):
    """Any number of people: filter, search, and one in full."""

    HELP = "The people of this list as they are known now, in the order of the file."
    BINDINGS: ClassVar = [
        Binding("enter", "person", "Person", tooltip="This person in full"),
        Binding("slash", "search", "Search", tooltip="Search by name, e-mail or street", key_display="/"),
        Binding("f", "filter", "Filter", tooltip="Filter by status or by what was found"),
        Binding("t", "state", "State", tooltip="Filter by State of residence"),
        Binding("g", "go_to", "Row", tooltip="Go to a row number", show=False),
    ]

    def __init__(self, incident_id: UUID, roster_id: UUID) -> None:
        super().__init__(incident_id)
        self._roster_id = roster_id
        self._filter = Filter()

    def title_words(self) -> str:
        """The incident, and the list."""
        return f"{self.incident.reference} · {self.session.queries.roster(self._roster_id).source_name}"

    def compose_head(self) -> ComposeResult:
        """Sections, and what is shown."""
        yield from super().compose_head()
        yield Line(id="summary")

    def compose_body(self) -> ComposeResult:
        """The table; at the right the person under the cursor, where there is room."""
        columns = [
            Column("ROW", 10),
            Column("NAME", 18, 2),
            Column("PLACE", 12, 1),
            Column("ST", 4),
            Column("BORN", 11),
            Column("NOTES", 16, 3),
        ]
        with Horizontal():
            yield PeopleTable(columns, persons.person_cells, id="people")
            yield Panel(id="person")

    def on_mount(self) -> None:
        """The table has the keys."""
        self.query_one(PeopleTable).focus()

    # --- Reading

    @property
    def _vault(self) -> Vault:
        return self.session.workspace.vault

    def load(self) -> None:
        """Count what the filter lets through; the rows follow when they come into sight."""
        vault, roster, chosen = self._vault, self._roster_id, self._filter
        if chosen.name:
            find = self.session.service.people.find
            self.status.say("Searching …")
            self.background("found", lambda: find(roster, chosen.name, limit=MOST_FOUND + 1))
        elif chosen == Filter():
            # No need to count: the log knows how many rows the file had.
            self.show("count", self.session.service.queries.roster(roster).rows_in)
        else:
            self.background(
                "count", lambda: vault.count(roster, state=chosen.state, status=chosen.status, flag=chosen.flag)
            )

    @on(PeopleTable.Wanted)
    def _read_pages(self, message: PeopleTable.Wanted) -> None:
        vault, roster, chosen = self._vault, self._roster_id, self._filter
        table = self.query_one(PeopleTable)
        before = {page: table.last_row_before(page) for page in message.pages}

        def job() -> tuple[int, dict[int, tuple[Row, ...]]]:
            pages: dict[int, tuple[Row, ...]] = {}
            for page in message.pages:
                after = before[page] or (pages[page - 1][-1].row if pages.get(page - 1) else None)
                if after is None and page:
                    after = vault.row_at(
                        roster, page * PAGE - 1, state=chosen.state, status=chosen.status, flag=chosen.flag
                    )
                pages[page] = vault.people(
                    roster,
                    after_row=after or 0,
                    limit=PAGE,
                    state=chosen.state,
                    status=chosen.status,
                    flag=chosen.flag,
                )
            return message.generation, pages

        self.background("pages", job)

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """A count, pages, or what a search found."""
        table = self.query_one(PeopleTable)
        if what == "pages":
            table.put(*value)
        elif what == "count":
            self._say_what_is_shown(value)
            table.open(value)
        else:
            self._show_found(value)
        self._show_person()

    def _show_found(self, found: Sequence[Row]) -> None:
        self.status.say("")
        table = self.query_one(PeopleTable)
        shown = found[:MOST_FOUND]
        self._say_what_is_shown(len(shown), more=len(found) > MOST_FOUND)
        table.show_all(shown)

    def _say_what_is_shown(self, count: int, *, more: bool = False) -> None:
        words = f"{'The first ' if more else ''}{count:,} row{'' if count == 1 else 's'}"
        if self._filter.words:
            words += f" · {self._filter.words} · Esc shows all"
        if self.session.viewpoint is not None:
            words += " · people are shown as they are known now, not as of then"
        self.query_one("#summary", Line).show(words)

    # --- One person

    @on(PeopleTable.Moved)
    def _show_person(self) -> None:
        row = self.query_one(PeopleTable).current
        panel = self.query_one("#person", Panel)
        if row is None or not panel.display:
            panel.show()
        else:
            panel.show(*persons.person_lines(row, self._today()))

    def _today(self) -> date:
        return self.session.now().astimezone(self.session.zone(self.incident_id)).date()

    def action_person(self) -> None:
        """Enter: the person in full."""
        row = self.query_one(PeopleTable).current
        if row is not None:
            self.app.push_screen(PersonScreen(self.incident_id, self._roster_id, row.row))

    # --- What is shown

    def go_back(self) -> None:
        """Esc: to everybody first, then back to the lists."""
        if self._filter != Filter():
            self._show_only(Filter())
        else:
            super().go_back()

    def _show_only(self, chosen: Filter) -> None:
        self._filter = chosen
        self.query_one(PeopleTable).cursor = 0
        self.status.say("")
        self.load()

    def action_filter(self) -> None:
        """By status, or by what was found."""
        options: dict[str, str | Text] = {"": "everybody"}
        options |= {f"status {status}": str(status) for status in Status}
        options[f"flag {int(UNREACHABLE)}"] = "unreachable: no address, no next of kin, or came back"
        options |= {f"flag {int(flag)}": words for flag, words in persons.FLAG_WORDS.items()}

        def chosen(key: str | None) -> None:
            if key is None:
                return
            kind, _, value = key.partition(" ")
            self._show_only(
                msgspec.structs.replace(
                    self._filter,
                    name="",
                    status=Status(value) if kind == "status" else None,
                    flag=Flag(int(value)) if kind == "flag" else None,
                )
            )

        self.app.push_screen(PickDialog("Show", options), chosen)

    def action_state(self) -> None:
        """By State of residence."""
        row = self.session.queries.roster(self._roster_id)
        counts = {code: count for code, count in sorted(row.by_state.items(), key=lambda each: -each[1]) if count}
        options: dict[str, str | Text] = {"*": "every State"}
        options |= {code: f"{USPS.get(code, 'State not known')} ({count:,} accepted)" for code, count in counts.items()}

        def chosen(code: str | None) -> None:
            if code is not None:
                state = None if code == "*" else code
                self._show_only(msgspec.structs.replace(self._filter, name="", state=state))

        self.app.push_screen(PickDialog("Residents of", options), chosen)

    def action_search(self) -> None:
        """By words of the name or their beginnings, the e-mail address, or number and street."""
        field = Field("name", "Name", self._filter.name, hint="díaz ana · kowal* · 12 Main")
        note = (
            "Words of a name, an e-mail address, or number and street; accents and case do not matter. Where no whole "
            "words match, beginnings of names do: the first such search of a long list reads all of it."
        )

        def chosen(answer: object) -> None:
            if isinstance(answer, dict):
                self._show_only(Filter(name=answer["name"]))

        self.app.push_screen(FormDialog("Search", [field], note=note, commit="search"), chosen)

    def action_go_to(self) -> None:
        """To the row with a number, or the next one that is shown."""

        def number(text: str) -> str:
            if not (text.isascii() and text.isdigit()):
                raise InvalidInput("a row number of the file")
            return text

        def job(values: Values) -> int:
            chosen = self._filter
            return self._vault.place_of(
                self._roster_id, int(values["row"]), state=chosen.state, status=chosen.status, flag=chosen.flag
            )

        def arrived(place: object) -> None:
            if isinstance(place, int):
                self.query_one(PeopleTable).move_to(place)

        if self._filter.name:
            self.status.say("These are search results: Esc shows the whole list.")
            return
        form = FormDialog("Go to row", [Field("row", "Row", required=True, check=number)], job=job, commit="go")
        self.app.push_screen(form, arrived)

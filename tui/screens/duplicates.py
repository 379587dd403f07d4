"""Possible duplicates: two rows side by side, likeliest first. One person or two is for a person to say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from rich.console import Group
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.widgets import Static

from incident.errors import InvalidInput
from incident.roster.duplicates import Waiting
from incident.roster.record import Row
from incident.roster.vault import Vault
from incident.service import Receipt, Service
from incident.views.queries import Queries
from notices.mailed import PersonLetter, letters_of
from tui import board, duplicates
from tui.dialogs.choice import confirm
from tui.dialogs.form import Field, FormDialog, Values
from tui.dialogs.lines import LinesDialog
from tui.screens.base import IncidentScreen
from tui.session import Command
from tui.widgets.frame import Line
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable

Undo = tuple[str, Callable[[Service, str], Any]]
"""What was decided, and what takes it back for a reason."""

MOST = 500
"""Pairs shown at once; the others follow when these are decided."""


class Pair(msgspec.Struct, frozen=True):
    """A pair with its list and its two rows."""

    roster: UUID
    waiting: Waiting
    rows: tuple[Row, Row]

    @property
    def key(self) -> str:
        """What names it in the table."""
        return f"{self.roster}/{self.waiting.rows[0]}/{self.waiting.rows[1]}"


class DuplicatesScreen(IncidentScreen):
    """Every pair of rows of the incident that may be one person."""

    TITLE_WORDS = "Possible duplicates"
    HELP = (
        "Rows that may be one person. A missed pair costs a stamp; a wrong merge costs somebody the letter: "
        "when in doubt, keep them apart. Every decision can be taken back."
    )
    BINDINGS: ClassVar = [
        Binding("l", "merge_left", "Keep left", tooltip="One person: the left row stays, the right one goes into it"),
        Binding("r", "merge_right", "Keep right", tooltip="One person: the right row stays, the left one goes into it"),
        Binding("a", "apart", "Apart", tooltip="Two people: keep them apart"),
        Binding("s", "skip", "Skip", tooltip="Decide later: show the next pair"),
        Binding("u", "undo", "Undo", tooltip="Take the last decision back"),
        Binding("b", "below", "All below…", tooltip="Keep all pairs apart that score below a limit"),
    ]

    def __init__(self, incident_id: UUID) -> None:
        super().__init__(incident_id)
        self._pairs: dict[str, Pair] = {}
        self._waiting = 0
        self._skipped: set[str] = set()
        self._done: list[Undo] = []
        self._pending: Undo | None = None

    def compose_head(self) -> ComposeResult:
        """Sections, and how many."""
        yield from super().compose_head()
        yield Line(id="summary")

    def compose_body(self) -> ComposeResult:
        """The pairs; below or beside them the one under the cursor."""
        with Container(id="split"):
            yield RecordTable(
                [Column("SCORE", 7), Column("ROWS", 16), Column("WHO", 20, 2), Column("WHY", 18, 2)], id="pairs"
            )
            yield Panel(id="pair")

    def load(self) -> None:
        """Read the pairs of every list."""
        vault, service = self.session.workspace.vault, self.session.service
        self.read("pairs", lambda queries: _pairs(queries, vault, service, self.incident_id))

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The pairs, those that were skipped last; or how many score below a limit."""
        if what == "below":
            self._keep_below(*value)
            return
        if what == "letters":
            self._ask_merge(*value)
            return
        found, self._waiting = value
        self._pairs = {pair.key: pair for pair in sorted(found, key=lambda each: each.key in self._skipped)}
        table = self.query_one(RecordTable)
        table.show_rows({key: duplicates.pair_cells(pair.waiting, pair.rows) for key, pair in self._pairs.items()})
        table.display = bool(self._pairs)
        if self._pairs and self.focused is None:
            table.focus()
        self._show_summary()
        self._show_pair()

    def _show_summary(self) -> None:
        count, skipped = self._waiting, len(self._skipped & self._pairs.keys())
        words = f"{count:,} pair{'' if count == 1 else 's'} to decide" if count else "No pair waits for a decision."
        words += f", {skipped:,} skipped" if skipped else ""
        words += f"; these are the likeliest {MOST:,}" if count > MOST else ""
        self.query_one("#summary", Line).show(words)

    @on(RecordTable.RowHighlighted)
    def _show_pair(self) -> None:
        pair, panel = self._current(), self.query_one("#pair", Panel)
        if pair is None:
            panel.show("Every pair was merged or kept apart. u takes the last decision back, Esc goes back.")
            return
        why = f"{duplicates.score_words(pair.waiting.score)}: {duplicates.reason_words(pair.waiting.reasons)}"
        panel.query_one(Static).update(Group(Text(why, style="bold"), duplicates.side_by_side(pair.rows)))
        panel.scroll_home(animate=False)

    def _current(self) -> Pair | None:
        return self._pairs.get(self.query_one(RecordTable).current_key or "")

    # --- Deciding

    def action_merge_left(self) -> None:
        """l: the left row stays."""
        self._merge(stays=0)

    def action_merge_right(self) -> None:
        """r: the right row stays."""
        self._merge(stays=1)

    def _merge(self, stays: int) -> None:
        pair = self._current()
        if pair is None:
            return
        get, rows = self.session.service.blobs.get, pair.waiting.rows
        self.read("letters", lambda queries: (pair, stays, letters_of(queries, get, pair.roster, rows)))

    def _ask_merge(self, pair: Pair, stays: int, letters: Sequence[PersonLetter]) -> None:
        kept, gone = pair.rows[stays], pair.rows[1 - stays]
        sides = ("left", "right")
        fields = [Field("because", "Reason", required=True, hint="same chart; asked the front desk")]
        two = kept.person is not None and gone.person is not None and kept.person.address != gone.person.address
        if two and gone.person is not None and gone.person.address.given:
            block = {side: ", ".join(row.person.address.block) for side, row in zip(sides, pair.rows, strict=True)
                     if row.person is not None}  # fmt: skip

            def told(text: str) -> str:
                return f"{_side(text)}: {block[_side(text)]}"

            fields.append(
                Field("address", "Whose address", sides[stays], required=True, hint="left or right", check=told)
            )

        def command(values: Values) -> Command:
            other = _side(values.get("address", sides[stays])) != sides[stays]
            roster, row, into = pair.roster, gone.row, kept.row
            return lambda service: service.duplicates.merge(roster, row, into, values["because"], take_address=other)

        form = FormDialog(
            f"One person: row {gone.row:,} goes into row {kept.row:,}",
            fields,
            note=" ".join(
                (
                    f"{duplicates.name_of(kept)} (row {kept.row:,}) gets one letter; the row that goes is kept and "
                    "can be taken out again.",
                    *duplicates.letters_of_both(letters),
                )
            ),
            command=command,
            commit="merge",
        )
        words = f"row {gone.row:,} went into row {kept.row:,}"
        self._pending = words, lambda service, because: service.duplicates.unmerge(pair.roster, gone.row, because)
        self.ask_form("decide", form)

    def action_apart(self) -> None:
        """a: two people."""
        pair = self._current()
        if pair is None:
            return
        one, other = pair.waiting.rows

        def command(values: Values) -> Command:
            return lambda service: service.duplicates.keep_apart(pair.roster, [(one, other)], values["because"])

        form = FormDialog(
            f"Two people: rows {one:,} and {other:,}",
            [Field("because", "Reason", required=True, hint="twins; father and son; two dates of birth")],
            command=command,
            commit="keep apart",
        )
        listed = pair.waiting.listed
        self._pending = (
            f"rows {one:,} and {other:,} were kept apart",
            lambda service, because: service.duplicates.reopen(pair.roster, [listed], because),
        )
        self.ask_form("decide", form)

    def action_skip(self) -> None:
        """s: the next pair; this one goes to the end."""
        pair = self._current()
        if pair is not None:
            self._skipped.add(pair.key)
            self.show("pairs", (list(self._pairs.values()), self._waiting))
            self.query_one(RecordTable).select(next(iter(self._pairs)))

    def action_undo(self) -> None:
        """u: the last decision made here is taken back, with a reason."""
        if not self._done:
            self.status.say("Nothing was decided here yet. Earlier decisions: breach roster unmerge, roster apart.")
            return
        words, undo = self._done[-1]

        def command(values: Values) -> Command:
            return lambda service: undo(service, values["because"])

        form = FormDialog(
            "Take the last decision back",
            [Field("because", "Reason", required=True, hint="pressed the wrong key")],
            note=f"{words[0].upper()}{words[1:]}.",
            command=command,
            commit="take back",
        )
        self.ask_form("undo", form)

    def action_below(self) -> None:
        """b: everything under a limit is two people each, after a look at how many that is."""
        if not self._pairs:
            return
        service = self.session.service

        def count(values: Values) -> object:
            limit = _limit(values["below"])
            found = {
                roster: sum(pair.score < limit for pair in service.duplicates.waiting(roster))
                for roster in {pair.roster for pair in self._pairs.values()}
            }
            if not sum(found.values()):
                raise InvalidInput(f"below: no pair scores below {limit:.2f}")
            return limit, values["because"], {roster: many for roster, many in found.items() if many}

        form = FormDialog(
            "Keep all pairs apart that score below a limit",
            [
                Field("below", "Limit", required=True, hint="0.50", check=lambda text: f"below {_limit(text):.2f}"),
                Field("because", "Reason", required=True, hint="looked through, all families"),
            ],
            job=count,
            commit="count them",
        )
        self.ask_form("below", form)

    def _keep_below(self, limit: float, because: str, found: dict[UUID, int]) -> None:
        def answered(answer: str | None) -> None:
            for roster in found if answer == "y" else ():
                self._keep_list_below(roster, limit, because)

        many = sum(found.values())
        question = f"{many:,} pair{'' if many == 1 else 's'} score below {limit:.2f}: two people each?"
        self.app.push_screen(confirm(question, "keep them all apart"), answered)

    def _keep_list_below(self, roster: UUID, limit: float, because: str) -> None:
        listed = [pair.listed for pair in self.session.service.duplicates.waiting(roster) if pair.score < limit]
        self._pending = (
            f"{len(listed):,} pairs were kept apart",
            lambda service, reason: service.duplicates.reopen(roster, listed, reason),
        )
        self.perform("decide", lambda service: service.duplicates.keep_apart_below(roster, limit, because))

    def performed(self, act: str, receipt: Receipt, result: Any) -> None:  # noqa: ANN401
        """Remember how to take it back; show what it changed on the board and what is left to do."""
        if act == "decide" and self._pending is not None:
            self._done.append(self._pending)
        elif act == "undo":
            self._done.pop()
        left = [Text(f"! {words}", style="bold") for words in result or ()]
        if left or receipt.changes:
            self.app.push_screen(LinesDialog("Recorded", [*left, *board.change_lines(receipt.changes)]))


def _side(text: str) -> str:
    side = {"l": "left", "r": "right"}.get(text.strip().casefold()[:1])
    if side is None:
        raise InvalidInput("address: left or right")
    return side


def _limit(text: str) -> float:
    try:
        limit = float(text)
    except ValueError:
        limit = -1.0
    if not 0 < limit <= 1:
        raise InvalidInput("below: a score between 0 and 1, such as 0.50")
    return limit


def _pairs(queries: Queries, vault: Vault, service: Service, incident_id: UUID) -> tuple[list[Pair], int]:
    """The likeliest pairs of all lists with their rows, and how many there are."""
    found = [
        (roster.id, waiting)
        for roster in queries.rosters(incident_id)
        for waiting in service.duplicates.waiting(roster.id)
    ]
    shown = sorted(found, key=lambda each: -each[1].score)[:MOST]
    rows = {
        roster: vault.some(roster, {row for owner, pair in shown if owner == roster for row in pair.rows})
        for roster in {owner for owner, _ in shown}
    }
    return [
        Pair(roster, pair, (rows[roster][pair.rows[0]], rows[roster][pair.rows[1]])) for roster, pair in shown
    ], len(found)

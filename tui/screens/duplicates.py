"""Possible duplicates: two rows side by side, likeliest first. One person or two is for a person to say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar
from uuid import UUID

from rich.console import Group
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.widgets import Static

from incident.errors import InvalidInput
from incident.roster.across import AcrossWaiting
from incident.service import Receipt, Service
from notices.mailed import PersonLetter, letters_of
from tui import board, duplicates
from tui.dialogs.choice import confirm
from tui.dialogs.form import Field, FormDialog, Values
from tui.dialogs.lines import LinesDialog
from tui.pairs import Pair, apart, pairs_of
from tui.screens.base import IncidentScreen
from tui.session import Command
from tui.widgets.frame import Line
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable

Undo = tuple[str, Callable[[Service, str], Any]]
"""What was decided, and what takes it back for a reason."""

MOST = 500
"""Pairs shown at once; the others follow when these are decided."""


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
        Binding("A", "identical", "Same…", tooltip="Link whoever says the same on two lists: one letter each"),
        Binding("b", "below", "Below…", tooltip="Keep all pairs apart that score below a limit"),
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
                [Column("SCORE", 7), Column("ROWS", 18), Column("WHO", 20, 2), Column("WHY", 18, 2)], id="pairs"
            )
            yield Panel(id="pair")

    def load(self) -> None:
        """Read the pairs of every list."""
        vault, service = self.session.workspace.vault, self.session.service
        self.read("pairs", lambda queries: pairs_of(queries, vault, service, self.incident_id, MOST))

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The pairs, those that were skipped last; or how many score below a limit."""
        if what == "below":
            self._keep_below(*value)
            return
        if what == "identical":
            self._link_identical(value)
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
        panel.query_one(Static).update(Group(Text(why, style="bold"), duplicates.side_by_side(pair.rows, pair.names)))
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
        get = self.session.service.blobs.get
        self.read(
            "letters",
            lambda queries: (
                pair,
                stays,
                [each for roster, row in pair.keys for each in letters_of(queries, get, roster, [row])],
            ),
        )

    def _ask_merge(self, pair: Pair, stays: int, letters: Sequence[PersonLetter]) -> None:
        kept, gone = pair.rows[stays], pair.rows[1 - stays]
        sides = ("left", "right")
        fields = [Field("because", "Reason", required=True, hint="same chart; asked the front desk")]
        two = kept.person is not None and gone.person is not None and kept.person.address != gone.person.address
        across = isinstance(pair.waiting, AcrossWaiting)
        if two and not across and gone.person is not None and gone.person.address.given:
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
            if across:
                return lambda service: service.across.link(pair.keys[1 - stays], pair.keys[stays], values["because"])
            return lambda service: service.duplicates.merge(roster, row, into, values["because"], take_address=other)

        form = FormDialog(
            f"One person: {pair.titles[1 - stays]} goes into {pair.titles[stays]}",
            fields,
            note=" ".join(
                (
                    f"{duplicates.name_of(kept)} ({pair.titles[stays]}) gets one letter; the row that goes is kept and "
                    "can be taken out again.",
                    *(["The address stays: correct it first where the other is right."] if across and two else []),
                    *duplicates.letters_of_both(letters),
                )
            ),
            command=command,
            commit="merge",
        )
        words = f"{pair.titles[1 - stays]} went into {pair.titles[stays]}"
        key = pair.keys[1 - stays]
        self._pending = (
            words,
            lambda service, because: (
                service.across.unlink(key, because) if across else service.duplicates.unmerge(*key, because)
            ),
        )
        self.ask_form("decide", form)

    def action_apart(self) -> None:
        """a: two people."""
        pair = self._current()
        if pair is None:
            return
        keep, reopen = apart(self.incident_id, pair)

        def command(values: Values) -> Command:
            return lambda service: keep(service, values["because"])

        one, other = pair.titles
        form = FormDialog(
            f"Two people: {one} and {other}",
            [Field("because", "Reason", required=True, hint="twins; father and son; two dates of birth")],
            command=command,
            commit="keep apart",
        )
        self._pending = (f"{one} and {other} were kept apart", reopen)
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
            found: dict[UUID | None, int] = {
                roster.id: sum(pair.score < limit for pair in service.duplicates.waiting(roster.id))
                for roster in service.queries.rosters(self.incident_id)
            }
            found[None] = sum(pair.score < limit for pair in service.across.waiting(self.incident_id))
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

    def action_identical(self) -> None:
        """A: whoever says the same on two lists is one person, after a look at how many that is."""
        service, incident = self.session.service, self.incident_id
        self.background("identical", lambda: len(service.across.identical(incident)))

    def _link_identical(self, many: int) -> None:
        if not many:
            self.status.say("Nobody stands on two lists with the same name, date of birth and address.")
            return
        incident = self.incident_id

        def command(values: Values) -> Command:
            return lambda service: service.across.link_identical(incident, values["because"])

        form = FormDialog(
            f"{many:,} stand on two lists and say the same on both: one person each",
            [Field("because", "Reason", required=True, hint="two exports of one system")],
            note="The same name, date of birth, address, and reader of the letter. The row of the older list stays; it "
            "has the kinds of data of both. Each can be taken out again: breach roster unmerge.",
            command=command,
            commit="link them",
        )
        self._pending = None
        self.ask_form("identical", form)

    def _keep_below(self, limit: float, because: str, found: dict[UUID | None, int]) -> None:
        def answered(answer: str | None) -> None:
            for roster in found if answer == "y" else ():
                if roster is None:
                    self._keep_across_below(limit, because)
                else:
                    self._keep_list_below(roster, limit, because)

        many = sum(found.values())
        question = f"{many:,} pair{'' if many == 1 else 's'} score below {limit:.2f}: two people each?"
        self.app.push_screen(confirm(question, "keep them all apart"), answered)

    def _keep_across_below(self, limit: float, because: str) -> None:
        incident = self.incident_id
        listed = [pair.listed for pair in self.session.service.across.waiting(incident) if pair.score < limit]
        self._pending = (
            f"{len(listed):,} pairs of two lists were kept apart",
            lambda service, reason: service.across.reopen(incident, listed, reason),
        )
        self.perform("decide", lambda service: service.across.keep_apart(incident, listed, because))

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
        left = [Text(f"! {words}", style="bold") for words in (result if isinstance(result, tuple) else ())]
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

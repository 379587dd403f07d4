"""One person in full: who it is, who gets the letter, what was found, and everything the log has of the row."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll

from incident.errors import InvalidInput, Refusal
from incident.roster.contact import ENDORSEMENTS, Kind, read_endorsement
from incident.roster.record import Row, Status
from incident.service import Receipt
from incident.views.mailings import person_entries
from incident.views.queries import TimelineRow
from notices.mailed import letters_of
from tui import board, correcting, persons, rosters
from tui.dialogs.accounting import show_accounting
from tui.dialogs.choice import confirm
from tui.dialogs.form import Field, FormDialog, Values
from tui.dialogs.lines import LinesDialog
from tui.dialogs.pick import PickDialog
from tui.entry import read_day
from tui.screens.base import IncidentScreen
from tui.session import Command
from tui.widgets.panel import Panel

PARTS: dict[str, tuple[str, ...]] = {
    "Name": ("full_name", "honorific", "given_name", "middle_name", "family_name", "suffix"),
    "Address": ("address1", "address2", "city", "state", "zip", "country", correcting.RESIDENCE),
    "Birth and death": ("date_of_birth", "deceased", "date_of_death"),
    "Guardian, representative": ("guardian_name", *(f for f in correcting.CORRECTED if f.startswith("representative"))),
    "Next of kin": tuple(f for f in correcting.CORRECTED if f.startswith("next_of_kin")),
    "Confidential address": tuple(f for f in correcting.CORRECTED if f.startswith("confidential")),
    "Language, e-mail, phone": ("language", "email", "email_consent", "phone"),
    "Kinds of data, account number": ("data_elements", "patient_id"),
}
"""What is corrected together, a few fields at a time."""

OUTCOMES: dict[str, str] = {
    Kind.MAIL_RETURNED: "The letter came back",
    Kind.ADDRESS_INSUFFICIENT: "The address was found insufficient",
    "found": "A newer address was found",
    Kind.MAILED_AGAIN: "Mailed again to the newer address",
    Kind.CALLED: "Called by telephone",
    Kind.EMAIL_BOUNCED: "The e-mail bounced",
}
"""Outcomes in the words of the list they are picked from."""


class PersonScreen(IncidentScreen):
    """One person of a list."""

    HELP = "This person as they are known now, and what the log has of them."
    BINDINGS: ClassVar = [
        Binding("c", "correct", "Correct", tooltip="Put right what is known; the counts follow"),
        Binding("o", "outcome", "Outcome", tooltip="What became of a letter, an e-mail or a call"),
        Binding("a", "accounting", "Accounting", show=False, tooltip="Accounting of disclosures (45 CFR 164.528)"),
        Binding("E", "erase", "Erase", tooltip="Destroy what is known of this person, for good"),
        Binding("down,j", "turn(1)", "Down", show=False),
        Binding("up,k", "turn(-1)", "Up", show=False),
        Binding("pagedown,space", "turn(10)", "Page down", show=False),
        Binding("pageup", "turn(-10)", "Page up", show=False),
    ]

    def __init__(self, incident_id: UUID, roster_id: UUID, row: int) -> None:
        super().__init__(incident_id)
        self._roster_id = roster_id
        self._row = row
        self._held: Row | None = None

    def title_words(self) -> str:
        """The incident, the list, the row."""
        name = self.session.queries.roster(self._roster_id).source_name
        return f"{self.incident.reference} · {name} · row {self._row:,}"

    def compose_body(self) -> ComposeResult:
        """The person; beside or below, the history."""
        with VerticalScroll(id="person-view", can_focus=True):
            yield Panel(id="person-full")
            yield Panel(id="letters")
            yield Panel(id="history")

    def load(self) -> None:
        """Read the row and its history; the manifests of long renderings take longer and follow."""
        vault, roster, row = self.session.workspace.vault, self._roster_id, self._row
        get = self.session.service.blobs.get
        self.read("person", lambda queries: (vault.person(roster, row), person_entries(queries, roster, row)))
        self.read("letters", lambda queries: letters_of(queries, get, roster, [row]))

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The row and its history."""
        if what == "letters":
            lines = persons.letter_lines(value, self.session.zone(self.incident_id))
            panel = self.query_one("#letters", Panel)
            panel.display = bool(lines)
            panel.show(*lines)
            return
        held: Row
        entries: tuple[TimelineRow, ...]
        held, entries = value
        self._held = held
        zone = self.session.zone(self.incident_id)
        self.query_one("#person-full", Panel).show(*persons.person_lines(held, self._today()))
        self.query_one("#history", Panel).show(*persons.history_lines(entries, zone))

    def _today(self) -> date:
        return self.session.now().astimezone(self.session.zone(self.incident_id)).date()

    def action_accounting(self) -> None:
        """a: what this incident adds to the accounting of disclosures of the person."""
        lists = [row.id for row in self.session.queries.rosters(self.incident_id)]
        if self._roster_id not in lists:
            self.status.refuse("At the moment in view this list was not there yet.")
            return
        code = f"{self.incident.reference}-{lists.index(self._roster_id) + 1}-{self._row:06}"
        try:
            show_accounting(self, self.incident_id, code)
        except Refusal as refusal:
            self.status.refuse(str(refusal))

    def action_turn(self, by: int) -> None:
        """Up and down."""
        self.query_one("#person-view", VerticalScroll).scroll_relative(y=by, animate=False)

    def _living(self) -> Row | None:
        """The row, where something can be recorded about it; else the status line says why not."""
        held = self._held
        if held is None:
            return None
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
            return None
        if held.status is not Status.ACCEPTED:
            what = {
                Status.QUARANTINED: "it waits in quarantine: q on the lists opens it",
                Status.MERGED: f"it was merged into row {held.merged_into}"
                if held.merged_into is not None
                else "it is a person of another list: the history says who",
                Status.ERASED: "it was erased",
            }.get(held.status, f"it is {held.status}")
            self.status.say(f"Row {held.row:,}: {what}.")
            return None
        return held

    # --- Correcting

    def action_correct(self) -> None:
        """c: pick what is wrong, then type what is right."""
        held = self._living()
        if held is None:
            return

        def picked(part: str | None) -> None:
            if part is not None:
                self._correct(held, part)

        self.app.push_screen(PickDialog("What is wrong?", {part: part for part in PARTS}), picked)

    def _correct(self, held: Row, part: str) -> None:
        assert held.person is not None
        known = correcting.person_values(held.person)
        person, today, row = held.person, self._today(), held.row
        fields = [Field(name, rosters.field_words(name), known[name]) for name in PARTS[part]]
        reason = Field("because", "Reason", required=True, hint="where the right value comes from")

        def answered(answer: object) -> None:
            if not isinstance(answer, dict):
                return
            typed = {name: text for name, text in answer.items() if name != "because"}
            corrected, doubts = correcting.corrected(person, typed, row, today)

            def command(service: Any) -> Receipt:  # noqa: ANN401
                return service.people.correct(self._roster_id, row, corrected, answer["because"])  # type: ignore[no-any-return]

            self._when_sure(doubts, "correct", command)

        form = _CheckedForm(f"Correct: {part.lower()}", [*fields, reason], person, row, today)
        self.app.push_screen(form, answered)

    def _when_sure(self, doubts: tuple[str, ...], act: str, command: Command) -> None:
        if not doubts:
            self.perform(act, command)
            return

        def sure(answer: str | None) -> None:
            if answer == "y":
                self.perform(act, command)

        self.app.push_screen(confirm("Record it although doubt remains?", "record it so", note="\n".join(doubts)), sure)

    # --- Outcomes

    def action_outcome(self) -> None:
        """o: what became of an attempt to reach the person."""
        held = self._living()
        if held is None:
            return

        def picked(kind: str | None) -> None:
            if kind == "found":
                self._found(held)
            elif kind is not None:
                self._outcome(held, kind)

        self.app.push_screen(PickDialog("What became of it?", dict(OUTCOMES)), picked)

    def _outcome(self, held: Row, kind: str) -> None:
        today = self._today()
        fields = [Field("on", "On", str(today), required=True, check=_day)]
        if kind == Kind.MAIL_RETURNED:
            fields.append(Field("reason", "Endorsement", hint="ANK, IA, MLNA, UTF, refused …", check=_endorsement))
        if kind == Kind.CALLED:
            fields.append(Field("reached", "Reached? (y/n)", required=True, check=_yes_no))
            fields.append(Field("caller", "Who called", self.session.person.name, required=True))
        fields.append(Field("because", "Remark"))

        def command(values: Values) -> Command:
            return lambda service: service.people.outcome(
                self._roster_id,
                held.row,
                kind,
                read_day(values["on"]),
                reason=read_endorsement(values.get("reason", "")) or "",
                reached=values["reached"].lower().startswith("y") if kind == Kind.CALLED else None,
                caller=values.get("caller", ""),
                because=values["because"] or None,
            )

        self.ask_form("outcome", FormDialog(OUTCOMES[kind], fields, command=command, note=_NOTES.get(kind, "")))

    def _found(self, held: Row) -> None:
        assert held.person is not None
        known, person, today, row = correcting.person_values(held.person), held.person, self._today(), held.row
        home = [name for name in PARTS["Address"] if name != correcting.RESIDENCE]
        fields = [Field(name, rosters.field_words(name), known[name]) for name in home]
        source = Field("because", "Source", required=True, hint="the change-of-address service; the person called")

        def command(values: Values) -> Command:
            typed = {name: text for name, text in values.items() if name != "because"}
            newer, _ = correcting.corrected(person, typed, row, today, moved=True)
            return lambda service: service.people.found(self._roster_id, row, newer, values["because"])

        note = (
            "The State of residence at the time of the breach stays as it is. Record the letter that goes there as "
            "'mailed again': until then it is open whether the person can be reached in writing."
        )
        self.ask_form("outcome", FormDialog(OUTCOMES["found"], [*fields, source], command=command, note=note))

    # --- Erasing

    def action_erase(self) -> None:
        """E: destroy, after saying what that does and does not; the row number is typed to confirm."""
        held = self._held
        if held is None:
            return
        if held.status is Status.ERASED:
            self.status.say(f"Row {held.row:,}: it was erased.")
            return
        row = held.row

        def same(text: str) -> str:
            if text != str(row):
                raise InvalidInput(f"type {row} to erase it")
            return "this is the row"

        form = FormDialog(
            f"Erase row {row:,} for good",
            [
                Field("because", "Ground", required=True, hint="the person asked for it; retention has ended"),
                Field("confirm", "Row number", required=True, hint=f"type {row}", check=same),
            ],
            note=Text("\n").join(
                each if isinstance(each, Text) else Text(each) for each in persons.erasure_lines(held)
            ),
            command=lambda values: lambda service: service.people.erase(self._roster_id, row, values["because"]),
            commit="erase",
        )
        self.ask_form("erase", form)

    def performed(self, act: str, receipt: Receipt, result: Any) -> None:  # noqa: ANN401
        """Show what it changed on the board."""
        if receipt.changes:
            words = {"correct": "Corrected", "erase": "Erased"}.get(act, "Recorded")
            self.app.push_screen(LinesDialog(words, board.change_lines(receipt.changes)))


class _CheckedForm(FormDialog):
    """The form of a correction: refused while what is typed fails the checks of an import."""

    def __init__(self, title: str, fields: list[Field], person: Any, row: int, today: date) -> None:  # noqa: ANN401
        super().__init__(title, fields, note="Only what you change is read anew.", commit="correct")
        self._person = person
        self._row = row
        self._today = today

    def _go(self, values: Values) -> None:
        typed = {name: text for name, text in values.items() if name != "because"}
        corrected, _ = correcting.corrected(self._person, typed, self._row, self._today)
        if corrected == self._person:
            raise InvalidInput("nothing differs from what is known")
        super()._go(values)


_NOTES: dict[str, str] = {
    Kind.MAIL_RETURNED: "The endorsement of the postal service decides whether the address is out of date; "
    "empty: returned without one. A newer address is an outcome of its own.",
    Kind.CALLED: "A call is a form of substitute notice (45 CFR 164.404(d)(2)(i)); it does not change how many people "
    "cannot be reached in writing.",
}


def _day(text: str) -> str:
    return f"{read_day(text):%a %Y-%m-%d}"


def _endorsement(text: str) -> str:
    code = read_endorsement(text)
    if code is None:
        raise InvalidInput(
            f"none that is known: {', '.join(each.words for each in ENDORSEMENTS.values() if each.code)}"
        )
    meaning = {True: "out of date", False: "the address stands", None: "left open"}[ENDORSEMENTS[code].out_of_date]
    return f"{ENDORSEMENTS[code].words}: {meaning}"


def _yes_no(text: str) -> str:
    if text.lower() not in {"y", "yes", "n", "no"}:
        raise InvalidInput("y or n")
    return "reached" if text.lower().startswith("y") else "not reached"

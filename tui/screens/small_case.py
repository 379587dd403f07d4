"""A small case in a minute: something went to one wrong recipient. A key or a line an answer, one Enter at the end."""

from datetime import date, datetime
from typing import Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.events import DescendantFocus
from textual.widget import Widget
from textual.widgets import Input, Static

from incident.errors import InvalidInput
from incident.incident import FACTORS, suggested_outcome
from incident.service import Receipt
from tui import presenters, small_case
from tui.dialogs.lines import LinesDialog
from tui.entry import ELEMENT_KEYS, ELEMENT_WORDS, read_day, read_moment
from tui.record import element_legend
from tui.screens.base import CaseScreen
from tui.small_case import FINDINGS, KINDS, Recorded, SmallCase
from tui.widgets.letters import Answered, ChipsField, LetterField
from tui.widgets.panel import Panel
from tui.work import program

_YES = (("y", "yes"), ("n", "no, or not known"))
_MEDIUM = (("p", "paper"), ("e", "electronic, could be read"), ("o", "spoken"), ("?", "unknown"))
_MEDIA = {"p": "paper", "e": "electronic", "o": "oral"}
_RATINGS = (("1", "low"), ("2", ""), ("3", ""), ("4", "high"))
_OUTCOMES = (("l", "low probability: no notice"), ("b", "breach: notify"))
_OUTCOME = {"l": "low_probability", "b": "breach"}
_FACTOR = {f"factor{number}": factor for number, (factor, _) in enumerate(FACTORS, start=1)}
_LABELS = {"factor1": "1 Information", "factor2": "2 Recipient", "factor3": "3 Acquired", "factor4": "4 Mitigated"}

_HELP: dict[str, tuple[str, ...]] = {
    "kind": (
        "What went to a wrong recipient, or did somebody of the own workforce look without need?",
        "One person is affected. For more leave with Esc and press n.",
    ),
    "discovered": (
        "When was it discovered?",
        "Enter keeps what stands here; -2d 16:10 · today 9:15 · 2026-11-20 16:10",
    ),
    "known": ("Was that when it was first known to any workforce member or agent, other than the wrongdoer?",),
    "happened": ("On which day did it happen?", "2026-11-20, today or -1d. Enter alone: not known."),
    "person": ("Who is affected? The name as it goes on a letter.", "It is sealed in the vault and is in no log."),
    "address": (
        "Where do they live?",
        "12 Oak St, Chicago IL 60601: a letter can go there.   il: the State alone.",
    ),
    "born": ("Date of birth", "1980-01-31. Enter alone: not known; a letter about a minor goes to the parent."),
    "recipient": (
        "Who received it, as far as known?",
        "For the accounting of disclosures. It goes into the log: name no affected person. Enter alone: not known.",
    ),
    "elements": ("Which data? Each letter lights a chip, again puts it out. Enter goes on.",),
    "medium": ("On paper, electronic, or spoken?", "Enter keeps what stands here."),
    "follows": (
        "What follows? A breach is presumed unless a low probability is demonstrated (45 CFR 164.402(2)).",
        "Enter keeps what the four answers suggest; the regulation sets no score, and you decide.",
    ),
    "reason": ("Why? The reason of the decision (45 CFR 164.414(b)). Enter keeps it, records everything and drafts.",),
}
_ORDER = (
    "kind", "discovered", "known", "happened", "person", "address", "born", "recipient", "elements", "medium",
    *_FACTOR, "follows", "reason",
)  # fmt: skip
_ECHOED = ("discovered", "happened", "address")


class SmallCaseScreen(CaseScreen):
    """One form. Nothing is recorded before the last Enter."""

    TITLE_WORDS = "Small case"
    HELP = "Enter goes on, Up and Down move, Esc leaves. The last Enter records everything and drafts the documents."
    BINDINGS: ClassVar = [
        Binding("down", "app.focus_next", "Next answer", show=False),
        Binding("up", "app.focus_previous", "Answer before", show=False),
    ]

    busy = False
    """Keys wait while the case is being recorded."""

    def compose_body(self) -> ComposeResult:
        """A row an answer, and what the answer in hand means."""
        with VerticalScroll(id="answers", can_focus=False):
            yield from _row("kind", "What happened", LetterField([(k, v.words) for k, v in KINDS.items()], id="kind"))
            yield from _row(
                "discovered", "Discovered", Input("now", compact=True, id="discovered", select_on_focus=True)
            )
            yield from _row("known", "First known then", LetterField(_YES, id="known"))
            yield from _row("happened", "Happened on", Input(compact=True, id="happened"))
            yield from _row("person", "Person", Input(compact=True, id="person"))
            yield from _row("address", "Address or State", Input(compact=True, id="address"))
            yield from _row("born", "Born", Input(compact=True, id="born"))
            yield from _row("recipient", "Received by", Input(compact=True, id="recipient"))
            yield from _row("elements", "Data", ChipsField(ELEMENT_KEYS, ELEMENT_WORDS, id="elements"))
            yield from _row("medium", "Medium", LetterField(_MEDIUM, id="medium"))
            for name in _FACTOR:
                yield from _row(name, _LABELS[name], LetterField(_RATINGS, id=name))
            yield from _row("follows", "Outcome", LetterField(_OUTCOMES, id="follows"))
            yield from _row("reason", "Because", Input(compact=True, id="reason"))
        yield Panel(id="hints")

    def on_mount(self) -> None:
        """Begin with what happened."""
        self.query_one("#kind").focus()

    @property
    def dirty(self) -> bool:
        """Whether something was typed."""
        return bool(self._letter("kind")) or any(self._text(name) for name in ("person", "address"))

    # --- What is typed, read

    def _text(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    def _letter(self, name: str) -> str:
        return self.query_one(f"#{name}", LetterField).value or ""

    def _discovered(self) -> datetime:
        return read_moment(self._text("discovered"), self.session.now(), self.session.zone())

    def _happened(self) -> date | None:
        typed = self._text("happened").lower()
        if not typed:
            return None
        today = self.session.now().astimezone(self.session.zone()).date()
        if typed == "today":
            return today
        if typed.startswith("-") and typed.endswith("d") and typed[1:-1].isdecimal():
            days = int(typed[1:-1])
            if days >= today.toordinal():
                raise InvalidInput(f"{days:,} days ago: there is no such day")
            return date.fromordinal(today.toordinal() - days)
        day = read_day(typed)
        if day > today:
            raise InvalidInput(f"{day} lies in the future")
        return day

    def _ratings(self) -> tuple[int, int, int, int] | None:
        typed = [self._letter(name) for name in _FACTOR]
        if not all(typed):
            return None
        one, two, three, four = (int(each) for each in typed)
        return one, two, three, four

    def _reading(self, name: str) -> str:
        if name == "discovered":
            return presenters.moment(self._discovered(), self.session.zone())
        if name == "happened":
            return presenters.day(self._happened() or date.max)
        person = small_case.read_person("x", self._text("address"))
        return (
            "the State alone: no letter can go out"
            if "address1" not in person
            else " · ".join(person[part] for part in ("address1", "city", "state", "zip"))
        )

    def _case(self) -> SmallCase:
        ratings = self._ratings()
        assert ratings is not None
        medium = _MEDIA.get(self._letter("medium"))
        return SmallCase(
            kind=self._letter("kind"),
            discovered=self._discovered(),
            known_then=self._letter("known") == "y",
            happened_on=self._happened(),
            person=small_case.read_person(self._text("person"), self._text("address"), self._text("born")),
            elements=tuple(self.query_one(ChipsField).values),
            medium=medium,
            # Paper and speech are read as they are; of electronic data it was said that they could be.
            encrypted=False if medium is not None else None,
            ratings=ratings,
            outcome=_OUTCOME[self._letter("follows")],
            reason=self._text("reason"),
            recipient=self._text("recipient"),
        )

    # --- Going from answer to answer

    @on(DescendantFocus)
    def _explain(self, event: DescendantFocus) -> None:
        name = event.widget.id or ""
        if name not in _ORDER:
            return
        for row in self.query(".entry"):
            row.set_class(row.id == f"row-{name}", "-current")
        if name in _FACTOR:
            factor = _FACTOR[name]
            lines: list[str | Text] = [Text(dict(FACTORS)[factor] + "?", style="bold")]
            lines += [f"{number}. {words}" for number, words in enumerate(FINDINGS[factor], start=1)]
            self.query_one("#hints", Panel).show(*lines, "The sentence that you choose is recorded as the reason.")
            return
        question, *more = _HELP[name]
        lines = [Text(question, style="bold"), *more]
        if name == "elements":
            lines.extend(element_legend(max(self.size.width, 40)))
        if name == "reason":
            lines.append(f"Drafts: {self._will_draft()}.")
        self.query_one("#hints", Panel).show(*lines)

    def _will_draft(self) -> str:
        if self._letter("follows") == "l":
            return "the memo of the assessment, and the memo of the decision not to notify"
        return "the memo of the assessment, and the letter"

    @on(Input.Changed)
    def _echo(self, event: Input.Changed) -> None:
        if event.input.id in _ECHOED:
            self._fault(event.input.id)

    def _fault(self, name: str) -> str:
        """Say on the status line how a line is read; answers with the fault, or nothing."""
        if not self._text(name):
            self.status.say("")
            return ""
        try:
            self.status.say(f"{_NAMES[name]}: {self._reading(name)}")
        except InvalidInput as refusal:
            self.status.refuse(str(refusal))
            return str(refusal)
        return ""

    @on(Answered)
    def _answered(self, message: Answered) -> None:
        name = message.field.id or ""
        if isinstance(message.field, LetterField) and not message.field.value:
            self.status.refuse("A letter, please.")
            return
        self.status.say("")
        if name == "kind":
            medium = KINDS[self._letter("kind")].medium
            field = self.query_one("#medium", LetterField)
            field.answer(next((letter for letter, each in _MEDIA.items() if each == medium), None))
        ratings = self._ratings()
        if name == "factor4" and ratings is not None:
            suggested = suggested_outcome(small_case.findings(ratings))
            self.query_one("#follows", LetterField).answer("l" if suggested == "low_probability" else "b")
        if name == "follows" and ratings is not None:
            reason = small_case.default_reason(_OUTCOME[self._letter("follows")], ratings)
            self.query_one("#reason", Input).value = reason
        self._go_on(name)

    def _go_on(self, name: str) -> None:
        following = _ORDER.index(name) + 1
        if following < len(_ORDER):
            self.set_focus(self.query_one(f"#{_ORDER[following]}"))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        name = event.input.id or ""
        if name == "person" and not self._text("person"):
            self.status.refuse("Who is affected? The name is needed.")
        elif name in _ECHOED and (fault := self._fault(name)):
            self.status.refuse(fault)
        elif name == "reason":
            self._record()
        else:
            self._go_on(name)

    def _record(self) -> None:
        missing = next((name for name in ("kind", "known", *_FACTOR, "follows") if not self._letter(name)), None)
        missing = missing or next((name for name in ("discovered", "person", "reason") if not self._text(name)), None)
        if missing is not None:
            self.set_focus(self.query_one(f"#{missing}"))
            self.status.refuse("This answer is needed.")
            return
        try:
            case = self._case()
        except InvalidInput as refusal:
            self.status.refuse(str(refusal))
            return
        workspace = self.session.workspace
        self.busy = True
        self.status.say("Recording…")
        self.perform("small", lambda _: small_case.record(workspace, case))

    def refused(self, act: str) -> None:
        """Everything typed is still there."""
        self.busy = False

    def performed(self, act: str, receipt: Receipt, result: Any) -> None:  # noqa: ANN401
        """To the board, with what was made on top of it."""
        made: Recorded = result
        self.session.changes = None
        words = presenters.receipt_words(receipt, self.session.zone())
        app = self.app
        program(self).replace_with_section("board", made.incident, words)
        app.push_screen(LinesDialog(f"Recorded: {made.reference}", small_case.recorded_lines(made)))


_NAMES = {"discovered": "Discovered", "happened": "Happened on", "address": "Address"}


def _row(name: str, label: str, field: Widget) -> ComposeResult:
    yield Horizontal(Static(label, classes="field-label"), field, id=f"row-{name}", classes="entry")

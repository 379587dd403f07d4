"""A new incident in a minute: from a few quick answers to the full deadline board. What is skipped stays unknown."""

from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import msgspec
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.events import DescendantFocus
from textual.widget import Widget
from textual.widgets import Input, Static

from incident.errors import InvalidInput
from incident.service import Receipt, Service
from tui import presenters
from tui.answers import ENTITY_TYPES, HIPAA_ROLES, letter_of, value_of
from tui.entry import (
    ELEMENT_KEYS,
    ELEMENT_WORDS,
    Affected,
    affected_words,
    read_affected,
    read_moment,
)
from tui.record import element_legend
from tui.screens.base import CaseScreen
from tui.widgets.letters import Answered, ChipsField, LetterField
from tui.widgets.panel import Panel
from tui.work import program

_KNOWN = (("y", "yes"), ("n", "no, somebody knew earlier"), ("?", "unknown"))
_CARRIER = (("n", "no"), ("y", "yes"), ("p", "paper"), ("o", "spoken"), ("?", "unknown"))
_KEY_TAKEN = (("n", "no"), ("y", "yes"), ("?", "unknown"))

_HELP = {
    "title": (
        "What happened, in a few words? F2: a small case, one person and one wrong recipient.",
        "People will see this line for years: no names of people affected.",
    ),
    "discovered": (
        "When was it discovered?",
        "-2d 16:10 · today 9:15 · yesterday 8:00 · -3h · 2026-11-20 16:10",
        "The day counts for every deadline. If it is disputed, take the earliest day you cannot rule out.",
    ),
    "known": (
        "Was that when it was first known to any workforce member or agent, other than the wrongdoer?",
        "A breach is discovered on the first day on which it is known to anyone there (45 CFR 164.404(a)(2)).",
    ),
    "since": ("Since when did somebody know?", "As above; ? if that is not known yet."),
    "role": ("What is the organization under HIPAA?", "Enter keeps what the case file says."),
    "type": ("What kind of organization is it?", "Enter keeps what the case file says."),
    "elements": ("Which data? Each letter lights a chip, again puts it out. Enter goes on; ? not known yet.",),
    "carrier": (
        "Was the data encrypted?",
        "n: electronic, and could be read. y: electronic, and encrypted. p, o: on paper, or spoken.",
    ),
    "key": ("Was the key, or another way to read it, taken too?",),
    "affected": (
        "Who is affected, by State of residence?",
        "il 1000-1300 ca ~60 in ?   ·   all 1231   ·   ? alone: not known",
        "~60 is an estimate: recorded as 48 to 72 (20 % either way). ? stays unknown; it is never counted as 0.",
        "Enter opens the board.",
    ),
}


_ORDER = tuple(_HELP)


class NewIncidentScreen(CaseScreen):
    """One form; every answer is one key where it can be. Nothing is recorded before the last Enter."""

    TITLE_WORDS = "New incident"
    HELP = "Enter goes on, Up and Down move, Esc leaves. The last Enter records and opens the board."
    BINDINGS: ClassVar = [
        Binding("f2", "small_case", "Small case", tooltip="Small case: one person, from fact to decision in a minute"),
        Binding("down", "app.focus_next", "Next answer", show=False),
        Binding("up", "app.focus_previous", "Answer before", show=False),
    ]

    busy = False
    """Keys wait while the incident is being recorded."""

    def action_small_case(self) -> None:
        """F2: the form for something that went to one wrong recipient."""
        from tui.screens.small_case import SmallCaseScreen  # noqa: PLC0415 - loaded when first needed

        if self.dirty:
            self.status.refuse("Something is typed here already; Esc leaves it.")
        else:
            self.app.switch_screen(SmallCaseScreen())

    def compose_body(self) -> ComposeResult:
        """A row an answer, and what the answer in hand means."""
        facts = self.session.case.facts
        yield from self._row("title", "What happened", Input(compact=True, id="title-field"))
        yield from self._row("discovered", "Discovered", Input(compact=True, id="discovered"), echo=True)
        yield from self._row("known", "First known then", LetterField(_KNOWN, id="known"))
        yield from self._row("since", "Known since", Input(compact=True, id="since"), echo=True, hidden=True)
        role = letter_of(HIPAA_ROLES, facts.get("organization.hipaa_role"))
        yield from self._row("role", "HIPAA role", LetterField(HIPAA_ROLES.options, role, id="role"))
        kind = letter_of(ENTITY_TYPES, facts.get("organization.entity_type"))
        yield from self._row("type", "Type", LetterField(ENTITY_TYPES.options, kind, id="type"))
        yield from self._row("elements", "Data", ChipsField(ELEMENT_KEYS, ELEMENT_WORDS, id="elements"))
        yield from self._row("carrier", "Encrypted", LetterField(_CARRIER, id="carrier"))
        yield from self._row("key", "Key taken too", LetterField(_KEY_TAKEN, id="key"), hidden=True)
        yield from self._row("affected", "Affected", Input(compact=True, id="affected"), echo=True)
        yield Panel(id="hints")

    def _row(self, name: str, label: str, field: Widget, *, echo: bool = False, hidden: bool = False) -> ComposeResult:
        row = Horizontal(Static(label, classes="field-label"), field, id=f"row-{name}", classes="entry")
        row.display = not hidden
        yield row
        if echo:
            yield Static("", id=f"echo-{name}", classes="field-echo", markup=False)

    def on_mount(self) -> None:
        """Begin with what happened."""
        self.query_one("#title-field").focus()

    # --- What is typed, read

    @property
    def dirty(self) -> bool:
        """Whether something was typed."""
        typed = any(field.value.strip() for field in self.query(Input))
        return typed or bool(self.query_one(ChipsField).values)

    def _text(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    def _letter(self, name: str) -> str | None:
        return self.query_one(f"#{name}", LetterField).value

    def _moment(self, name: str) -> datetime:
        zone: ZoneInfo = self.session.zone()
        return read_moment(self._text(name), self.session.now(), zone)

    def _since(self) -> datetime | None:
        """When somebody first knew, where that was earlier; None where it is not known."""
        if self._text("since") in {"", "?"}:
            return None
        since = self._moment("since")
        if since > self._moment("discovered"):
            raise InvalidInput("that is after the discovery above: the earlier of the two is the discovery")
        return since

    def _affected(self) -> Affected:
        return read_affected(self._text("affected"))

    def _facts(self) -> dict[str, Any]:
        """The facts by contract path. What was not answered is not there: it is unknown."""
        discovered = self._moment("discovered")
        facts: dict[str, Any] = {"incident.discovered_at": discovered.isoformat()}
        first_known = {"y": discovered, "n": self._since()}.get(self._letter("known") or "")
        if first_known is not None:
            facts["discovery.workforce_knew_at"] = first_known.isoformat()
        for field, path, choices in (
            ("role", "organization.hipaa_role", HIPAA_ROLES),
            ("type", "organization.entity_type", ENTITY_TYPES),
        ):
            if (letter := self._letter(field)) is not None:
                facts[path] = value_of(choices, letter)
        if elements := self.query_one(ChipsField).values:
            facts["incident.data_elements"] = list(elements)
        carrier = self._letter("carrier")
        if carrier in {"n", "y"}:
            facts |= {"incident.medium": "electronic", "incident.encrypted": carrier == "y"}
        elif carrier in {"p", "o"}:
            facts["incident.medium"] = {"p": "paper", "o": "oral"}[carrier]
        if carrier == "y" and self._letter("key") in {"y", "n"}:
            facts["incident.key_compromised"] = self._letter("key") == "y"
        return facts | self._affected().values

    # --- Going from answer to answer

    @on(DescendantFocus)
    def _explain(self, event: DescendantFocus) -> None:
        name = (event.widget.id or "").removesuffix("-field")
        if name not in _HELP:
            return
        for row in self.query(".entry"):
            row.set_class(row.id == f"row-{name}", "-current")
        question, *more = _HELP[name]
        lines: list[str | Text] = [Text(question, style="bold"), *more]
        if name == "elements":
            lines.extend(element_legend(max(self.size.width, 40)))
        self.query_one("#hints", Panel).show(*lines)

    @on(Input.Changed)
    def _echo(self, event: Input.Changed) -> None:
        name = event.input.id or ""
        if name in {"discovered", "since", "affected"}:
            self._fault(name)

    def _fault(self, name: str) -> str:
        """Show how a line is read; answers with the fault, or nothing."""
        line = self.query_one(f"#echo-{name}", Static)
        if not self._text(name):
            line.set_classes("field-echo")
            return ""
        try:
            words = self._reading(name)
        except InvalidInput as refusal:
            line.update(Text(str(refusal)))
            line.set_classes("field-echo -shown -fault")
            return str(refusal)
        line.update(Text(words))
        line.set_classes("field-echo -shown")
        return ""

    def _reading(self, name: str) -> str:
        if name == "affected":
            return affected_words(self._affected())
        if name == "since" and self._text("since") == "?":
            return "not known yet"
        zone = self.session.zone()
        read = self._since() if name == "since" else self._moment(name)
        assert read is not None
        return f"{presenters.moment(read, zone)} ({zone.key})"

    def _go_on(self, name: str) -> None:
        """To the next answer that is asked for."""
        for following in _ORDER[_ORDER.index(name.removesuffix("-field")) + 1 :]:
            if self.query_one(f"#row-{following}").display:
                self.set_focus(self.query_one("#title-field" if following == "title" else f"#{following}"))
                return

    @on(Answered)
    def _answered(self, message: Answered) -> None:
        name = message.field.id
        if name == "known":
            self.query_one("#row-since").display = self._letter("known") == "n"
        if name == "carrier":
            self.query_one("#row-key").display = self._letter("carrier") == "y"
        self._go_on(name or "")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        name = event.input.id or ""
        if name == "title-field" and not event.value.strip():
            self.status.refuse("What happened? A few words; it can be corrected later.")
        elif name == "discovered" and not event.value.strip():
            self.status.refuse("When was it discovered? Without it no date can be counted.")
        elif name in {"discovered", "since", "affected"} and (fault := self._fault(name)):
            self.status.refuse(fault)
        elif name == "affected":
            self._record()
        else:
            self.status.say("")
            self._go_on(name)

    def _record(self) -> None:
        for name, words in (("title-field", "What happened?"), ("discovered", "When was it discovered?")):
            if not self._text(name):
                self.query_one(f"#{name}").focus()
                self.status.refuse(words)
                return
        try:
            facts, estimates = self._facts(), self._affected().estimates
        except InvalidInput as refusal:
            self.status.refuse(str(refusal))
            return
        title = self._text("title-field")
        sources = {path: f"estimate {source}" for path, source in estimates.items()}

        def command(service: Service) -> tuple[object, Receipt]:
            return service.incidents.open(title, facts, sources=sources)

        self.busy = True
        self.status.say("Recording…")
        self.perform("open", command)

    def refused(self, act: str) -> None:
        """Everything typed is still there."""
        self.busy = False

    def performed(self, act: str, receipt: Receipt, result: Any) -> None:  # noqa: ANN401
        """Straight to the board."""
        words = presenters.receipt_words(msgspec.structs.replace(receipt, changes=()), self.session.zone())
        # A first board has nothing to be compared with.
        self.session.changes = None
        program(self).replace_with_section("board", result, words)

"""What changed in a notice: each text with what went and what came, against the text last approved or another one."""

from typing import Any, ClassVar
from uuid import UUID

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding

from incident.errors import InvalidInput, NotFound
from notices.comparison import Comparison, against_approved, against_default, against_event
from tui import documents, margin, review
from tui.dialogs.form import Field, FormDialog
from tui.margin import Target
from tui.screens.base import IncidentScreen
from tui.session import Session
from tui.widgets.document_pane import DocumentPane
from tui.widgets.frame import Line
from tui.widgets.panel import Panel

APPROVED, DEFAULT = "approved", "default"


class RedlineScreen(IncidentScreen):
    """[+ what came +] and [- what went -], by sign and by style."""

    TITLE_WORDS = "Redline"
    HELP = "[+ +] came, [- -] went. Against the text last approved, the default text, or any event."
    BINDINGS: ClassVar = [
        Binding("right_square_bracket", "jump(1)", "Next change", tooltip="Next change", key_display="]"),
        Binding(
            "left_square_bracket", "jump(-1)", "Change before", show=False, tooltip="Change before", key_display="["
        ),
        Binding("n", "variant(1)", "Text", tooltip="Next text: another audience, State or language"),
        Binding("N", "variant(-1)", "Text before", show=False, tooltip="Text before"),
        Binding("a", "against('approved')", "Approved", tooltip="Against the text that was approved last"),
        Binding("t", "against('default')", "Default", tooltip="Against the default text of the template"),
        Binding("e", "event", "Event", tooltip="Against the notice as it stood at an event"),
    ]

    def __init__(self, incident_id: UUID, notice_id: UUID) -> None:
        super().__init__(incident_id)
        self._notice_id = notice_id
        self._against: str | int | None = None
        self._comparison: Comparison | None = None
        self._place = 0
        self._target: int | None = None

    def title_words(self) -> str:
        """The incident, this screen, and the kind of notice."""
        kind = self.session.service.queries.notice(self._notice_id).kind
        return f"{self.incident.reference} · {self.TITLE_WORDS} · {documents.kind_title(kind)}"

    def compose_head(self) -> ComposeResult:
        """Sections, and what is compared with what."""
        yield from super().compose_head()
        yield Line(id="compared")

    def compose_body(self) -> ComposeResult:
        """The text, and the change in hand."""
        yield DocumentPane(id="redline")
        yield Panel(id="element")

    def load(self) -> None:
        """Write both texts and compare them."""
        session, incident_id, notice_id, against = self.session, self.incident_id, self._notice_id, self._against
        if self._comparison is None:
            self.query_one("#compared", Line).show("Comparing…")
        self.background("comparison", lambda: compared(session, incident_id, notice_id, against))

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The redline, from the text in hand on."""
        del what
        self._comparison = value
        self._place = min(self._place, len(value.pairs) - 1)
        self._target = None
        changed = [place for place, pair in enumerate(value.pairs) if pair.before != pair.now]
        if changed and self._place not in changed:
            self._place = changed[0]
        self._draw()
        if self.focused is None:
            self.query_one(DocumentPane).focus()
        if not changed:
            self.status.say(f"No text differs from {value.against}.")

    def _draw(self) -> None:
        if self._comparison is None:
            return
        text, found = review.redline(self._comparison.pairs[self._place])
        line = review.comparison_line(self._comparison, self._place, len(found))
        self.query_one("#compared", Line).show(line)
        self.query_one(DocumentPane).show_text(text, found, self._target)
        self._show_change(found)

    def _show_change(self, found: tuple[Target, ...]) -> None:
        panel = self.query_one("#element", Panel)
        if self._target is None:
            panel.show(Text("] goes to the changes; n to the next text." if found else "Nothing changed in this text."))
        else:
            panel.show(margin.target_words(found[self._target], self._target + 1, len(found)))

    def action_jump(self, by: int) -> None:
        """] and [: the next change, or the one before."""
        if self._comparison is None:
            return
        _, found = review.redline(self._comparison.pairs[self._place])
        if found:
            start = -1 if by > 0 else 0
            self._target = ((self._target if self._target is not None else start) + by) % len(found)
            self._draw()

    def action_variant(self, by: int) -> None:
        """The next text, n, or the one before, N."""
        if self._comparison is not None:
            self._place = (self._place + by) % len(self._comparison.pairs)
            self._target = None
            self._draw()

    def action_against(self, what: str) -> None:
        """Against the text that was approved last, a, or the default text, t."""
        self._against = what
        self.load()

    def action_event(self) -> None:
        """e: against the notice as it stood at an event."""

        def check(text: str) -> str:
            if not text.strip().lstrip("#").isdigit():
                raise InvalidInput("an event number, such as 57")
            return f"as of #{int(text.strip().lstrip('#'))}"

        def asked(values: object) -> None:
            if isinstance(values, dict):
                self._against = int(values["event"].lstrip("#"))
                self.load()

        last = self.session.queries.position
        field = Field("event", "Event", required=True, hint=f"#1 to #{last}", check=check)
        self.app.push_screen(FormDialog("Compare with which event?", [field], commit="compare"), asked)


def compared(session: Session, incident_id: UUID, notice_id: UUID, against: str | int | None) -> Comparison:
    """The notice in view against the text last approved, the default text, or an event; None: what there is of these.

    Raises:
        NotFound: it was never approved, or did not exist then.
        NoticeError: one of the texts cannot be written.
    """
    service, queries = session.service, session.queries
    state = (session.past or service.desk).notice(notice_id)
    now = session.documents.look(incident_id, state.kind, state.fields)
    if isinstance(against, int):
        return against_event(service, notice_id, now, against)
    if against != DEFAULT:
        try:
            return against_approved(service, queries, notice_id, now)
        except NotFound:
            if against == APPROVED:
                raise
    return against_default(session.documents, incident_id, now)

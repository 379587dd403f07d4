"""Reading a notice: its texts one by one, each with its required elements in the margin and a key to jump to them."""

from typing import ClassVar
from uuid import UUID

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical

from notices.desk import Preview
from notices.lint import lint_text
from tui import margin, plain_language
from tui.dialogs.lines import LinesDialog
from tui.margin import Target
from tui.screens.base import IncidentScreen
from tui.screens.variants import VariantsScreen
from tui.widgets.document_pane import DocumentPane
from tui.widgets.frame import Line
from tui.widgets.panel import Panel


class ReadingScreen(IncidentScreen):
    """The texts of a notice. A subclass gives `look` and calls `show_look` when it is there."""

    BINDINGS: ClassVar = [
        Binding("right_square_bracket", "jump(1)", "Element", tooltip="Next required element", key_display="]"),
        Binding(
            "left_square_bracket", "jump(-1)", "Element before", show=False, tooltip="Element before", key_display="["
        ),
        Binding("n", "variant(1)", "Variant", tooltip="Next text: another audience, State or language"),
        Binding("N", "variant(-1)", "Text before", show=False, tooltip="Text before"),
        Binding("v", "beside", "Compare", show=False, tooltip="Two texts side by side, with what differs"),
        Binding("L", "lint", "Lint", show=False, tooltip="How hard the text is to read, and what makes it so"),
        Binding("m", "problems", "Problems", show=False, tooltip="What is missing or forbidden, and what to know"),
    ]

    def __init__(self, incident_id: UUID) -> None:
        super().__init__(incident_id)
        self.look: Preview | None = None
        self._place = 0
        self._target: int | None = None

    def compose_body(self) -> ComposeResult:
        """The text; beside it its elements, below it the element in hand."""
        with Horizontal(id="texts"):
            with Vertical(id="left"):
                yield Line(id="left-name")
                yield DocumentPane(id="left-text")
            yield Panel(id="elements")
        yield Panel(id="element")

    def on_mount(self) -> None:
        """Nothing to read yet."""
        self.query_one("#texts").display = self.look is not None

    def show_look(self, look: Preview) -> None:
        """Show a notice."""
        self.look = look
        self.query_one("#texts").display = True
        self._place = min(self._place, len(look.documents) - 1)
        if self._target is not None and self._target >= len(self._targets(self._place)):
            self._target = None
        self._show_texts()
        if self.focused is None:
            self.query_one("#left-text").focus()

    def _targets(self, place: int) -> tuple[Target, ...]:
        assert self.look is not None
        return margin.targets(self.look.documents[place])

    def _same_target(self, place: int) -> int | None:
        """The element in hand, in another text."""
        if self._target is None:
            return None
        held = self._targets(self._place)[self._target].name
        return next((number for number, each in enumerate(self._targets(place)) if each.name == held), None)

    def _show_texts(self) -> None:
        if self.look is None:
            return
        self.query_one("#elements").display = self.has_class("-wide")
        self._show_text()
        found = self._targets(self._place)
        self.query_one("#elements", Panel).show(*margin.target_list(found, self._target))
        self._show_element(found)

    def _show_text(self) -> None:
        assert self.look is not None
        checked = self.look.documents[self._place]
        name = margin.variant_words(checked, self._place + 1, len(self.look.documents))
        self.query_one("#left-name", Line).show(name)
        self.query_one("#left-text", DocumentPane).show_text(
            checked.document.text, self._targets(self._place), self._target
        )

    def _show_element(self, found: tuple[Target, ...]) -> None:
        panel = self.query_one("#element", Panel)
        if self._target is None:
            amiss = sum(each.state in margin.AMISS for each in found)
            words = f"{len(found)} elements" if found else "This document has no elements that the law fixes."
            panel.show(Text(words + (f", {amiss} to mend" if amiss else "") + ("; ] goes to them." if found else "")))
            return
        target = found[self._target]
        panel.show(margin.target_words(target, self._target + 1, len(found)), Text(target.why, style="dim"))

    def on_resize(self) -> None:
        """What stands beside the text depends on the width."""
        self.call_after_refresh(self._show_texts)

    # --- Keys

    def action_jump(self, by: int) -> None:
        """] and [: the next element, or the one before; what is amiss comes first."""
        if self.look is None:
            return
        found = self._targets(self._place)
        if not found:
            self.status.say("This document has no elements that the law fixes.")
            return
        if self._target is None:
            self._target = 0 if by > 0 else len(found) - 1
        else:
            self._target = (self._target + by) % len(found)
        self._show_texts()

    def action_variant(self, by: int) -> None:
        """The next text of this notice; the element in hand is looked for in it too."""
        if self.look is None:
            return
        if len(self.look.documents) == 1:
            self.status.say("This notice has one text only.")
            return
        place = (self._place + by) % len(self.look.documents)
        self._place, self._target = place, self._same_target(place)
        self._show_texts()

    def action_beside(self) -> None:
        """v: this text and the next one, with what differs."""
        if self.look is None:
            return
        if len(self.look.documents) < 2:
            self.status.say("There is no second text to put beside this one.")
        else:
            self.app.push_screen(VariantsScreen(self.incident_id, self.look, self._place))

    def action_lint(self) -> None:
        """L: plain language, of the text in hand."""
        if self.look is not None:
            document = self.look.documents[self._place].document
            report = lint_text(document.text, document.language)
            self.app.push_screen(LinesDialog(f"Plain language: {document.name}", plain_language.lint_lines(report)))

    def action_problems(self) -> None:
        """What bars the notice."""
        if self.look is not None:
            fine = ["Nothing required is missing, nothing forbidden is said."]
            problems = [f"✗ {each}" for each in self.look.problems]
            told = [f"! {each}" for each in self.look.cautions]
            self.app.push_screen(LinesDialog("What bars this notice, and what to know", (problems or fine) + told))


class PreviewScreen(ReadingScreen):
    """A notice that is not recorded yet."""

    TITLE_WORDS = "Preview, not recorded"
    HELP = "The notice as it would be sent with these words. Esc goes back to the form."

    def __init__(self, incident_id: UUID, look: Preview) -> None:
        super().__init__(incident_id)
        self.look = look

    def load(self) -> None:
        """What was composed is shown as it is."""
        if self.look is not None:
            self.show_look(self.look)

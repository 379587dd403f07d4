"""The four-factor risk assessment of 45 CFR 164.402(2), its outcome, and the decision to notify."""

from typing import Any, ClassVar

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widgets import Input, Static

from incident.events import FactorFinding, RiskAssessed
from incident.incident import FACTORS, OUTCOMES, suggested_outcome
from incident.service import Receipt
from tui.dialogs.choice import ChoiceDialog
from tui.dialogs.form import Field, FormDialog
from tui.record import assessment_panel, factor_cells
from tui.risk import recorded_risk
from tui.screens.base import SectionScreen
from tui.session import Session
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable
from tui.work import program


class Draft(msgspec.Struct):
    """What is rated so far, and not yet recorded."""

    ratings: dict[str, int]
    reasons: dict[str, str]

    @property
    def complete(self) -> bool:
        """Whether all four factors have a rating and a reason."""
        return all(self.ratings.get(factor) and self.reasons.get(factor, "").strip() for factor, _ in FACTORS)

    def findings(self) -> tuple[FactorFinding, ...]:
        """The factors in statutory order."""
        return tuple(
            FactorFinding(factor=factor, rating=self.ratings[factor], reason=self.reasons[factor].strip())
            for factor, _ in FACTORS
        )


class AssessScreen(SectionScreen):
    """Section 3. Here the digits 1 to 4 rate a factor; Esc goes to the board."""

    SECTION = "assess"
    HELP = "1 low to 4 high probability of compromise, each with its reason. Esc goes back to the board."
    BINDINGS: ClassVar = [
        Binding("1", "rate(1)", "1 low", show=False, tooltip="Rate the factor 1 (low probability of compromise)"),
        Binding("2", "rate(2)", "2", show=False, tooltip="Rate the factor 2"),
        Binding("3", "rate(3)", "3", show=False, tooltip="Rate the factor 3"),
        Binding("4", "rate(4)", "4 high", show=False, tooltip="Rate the factor 4 (high probability of compromise)"),
        Binding("e", "edit", "Reason", tooltip="Write the reason for the factor under the cursor"),
        Binding("enter", "record", "Record", tooltip="Record the assessment, choosing its outcome"),
        Binding("x", "exception", "Exception", tooltip="Record an exception to the definition of breach instead"),
        Binding("D", "decide", "Decide", tooltip="Decide to notify or not, with the reason"),
    ]

    def __init__(self, *args: Any) -> None:  # noqa: ANN401
        super().__init__(*args)
        self._recorded: RiskAssessed | None = None
        self._draft = Draft({}, {})
        self._touched = False

    def compose_body(self) -> ComposeResult:
        """The factors, a line for the reason, and what follows from the ratings."""
        yield RecordTable([Column("FACTOR", 34, 2), Column("RATING", 8), Column("REASON", 24, 3)], id="factors")
        yield Horizontal(Static("Reason", classes="field-label"), Input(compact=True, id="reason"), id="reason-row")
        yield Panel(id="outcome")

    def load(self) -> None:
        """Read the assessment that is recorded as of the moment in view."""
        self.query_one("#reason-row").display = False
        session: Session = self.session
        self.background("risk", lambda: recorded_risk(session, self.incident_id))

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """What is recorded; a draft that was begun stays."""
        self._recorded = value
        if not self._touched and value is not None:
            self._draft = Draft(
                {finding.factor: finding.rating for finding in value.factors},
                {finding.factor: finding.reason for finding in value.factors},
            )
        self._show_draft()

    def _show_draft(self) -> None:
        table = self.query_one("#factors", RecordTable)
        table.show_rows(
            {
                factor: factor_cells(
                    number, words, self._draft.ratings.get(factor), self._draft.reasons.get(factor, "")
                )
                for number, (factor, words) in enumerate(FACTORS, start=1)
            }
        )
        if self.focused is None:
            table.focus()
        self._show_outcome()

    @on(RecordTable.RowHighlighted)
    def _show_outcome(self) -> None:
        suggestion = suggested_outcome(self._draft.findings()) if self._draft.complete else None
        factor = dict(FACTORS)[self._factor]
        self.query_one("#outcome", Panel).show(
            *assessment_panel(factor, self._recorded, self.incident.decision, suggestion, changed=self._touched)
        )

    @property
    def dirty(self) -> bool:
        """Whether ratings or reasons were typed and not recorded."""
        return self._touched

    def go_back(self) -> None:
        """To now, or to the board."""
        if self.session.viewpoint is not None:
            super().go_back()
        else:
            program(self).open_section("board", self.incident_id)

    # --- Rating

    @property
    def _factor(self) -> str:
        return self.query_one("#factors", RecordTable).current_key or FACTORS[0][0]

    def action_rate(self, rating: int) -> None:
        """Rate the factor under the cursor, then ask why."""
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
            return
        self._draft.ratings[self._factor] = rating
        self._touched = True
        self._show_draft()
        self.action_edit()

    def action_edit(self) -> None:
        """Write the reason of the factor under the cursor."""
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
            return
        line = self.query_one("#reason", Input)
        line.value = self._draft.reasons.get(self._factor, "")
        self.query_one("#reason-row").display = True
        line.focus()
        self.status.say("Why? Enter keeps the reason and goes to the next factor.")

    @on(Input.Submitted)
    def _keep_reason(self, event: Input.Submitted) -> None:
        if not event.value.strip():
            self.status.refuse("Say why; an assessment without reasons proves nothing (45 CFR 164.414(b)).")
            return
        self._draft.reasons[self._factor] = event.value.strip()
        self._touched = True
        self._close_reason()
        table = self.query_one("#factors", RecordTable)
        table.move_cursor(row=min(table.cursor_row + 1, len(FACTORS) - 1))
        self.status.say("All four are rated: Enter records." if self._draft.complete else "")

    def _close_reason(self) -> None:
        self.query_one("#reason-row").display = False
        self.query_one("#factors", RecordTable).focus()
        self._show_draft()

    def action_back(self) -> None:
        """Esc leaves the line of the reason first."""
        if self.query_one("#reason", Input).has_focus:
            self._close_reason()
        else:
            super().action_back()

    # --- Recording

    def action_record(self) -> None:
        """Choose the outcome; one that differs from what the ratings suggest needs its reason."""
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
            return
        if not self._draft.complete:
            missing = next(
                words
                for factor, words in FACTORS
                if not (self._draft.ratings.get(factor) and self._draft.reasons.get(factor, "").strip())
            )
            self.status.refuse(f"All four factors need a rating and a reason (45 CFR 164.402(2)): {missing}")
            return
        findings = self._draft.findings()
        suggestion = suggested_outcome(findings)
        options = [
            (str(number), words + (" - suggested by the ratings" if outcome == suggestion else ""))
            for number, (outcome, words) in enumerate(OUTCOMES, start=1)
        ]

        def chosen(digit: str | None) -> None:
            if digit is None:
                return
            outcome = OUTCOMES[int(digit) - 1][0]
            if outcome == suggestion:
                self.perform(
                    "assess", lambda service: service.incidents.assess_risk(self.incident_id, findings, outcome)
                )
            else:
                self.ask_form("assess", self._departure_form(findings, outcome))

        note = "The regulation sets no score: a person concludes, and a breach is presumed unless shown otherwise."
        self.app.push_screen(ChoiceDialog("What does the assessment conclude?", options, note), chosen)

    def _departure_form(self, findings: tuple[FactorFinding, ...], outcome: str) -> FormDialog:
        return FormDialog(
            f"Conclude: {outcome.replace('_', ' ')}",
            [Field("because", "Because", required=True)],
            note="This is not what the ratings suggest; the record needs the reason (45 CFR 164.414(b)).",
            command=lambda values: (
                lambda service: service.incidents.assess_risk(
                    self.incident_id, findings, outcome, because=values["because"]
                )
            ),
        )

    def action_exception(self) -> None:
        """One of the three exceptions of 164.402(1), with its reason and without factors."""
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
            return
        exceptions = [(outcome, words) for outcome, words in OUTCOMES if outcome.startswith("exception_")]

        def chosen(digit: str | None) -> None:
            if digit is not None:
                self.ask_form("assess", self._exception_form(exceptions[int(digit) - 1][0]))

        options = [(str(number), words) for number, (_, words) in enumerate(exceptions, start=1)]
        self.app.push_screen(ChoiceDialog("Which exception applies?", options), chosen)

    def _exception_form(self, outcome: str) -> FormDialog:
        return FormDialog(
            f"Conclude: {outcome.replace('_', ' ')}",
            [Field("because", "Because", required=True)],
            note="No factors are weighed; the record needs the facts that make it an exception (45 CFR 164.414(b)).",
            command=lambda values: (
                lambda service: service.incidents.assess_risk(self.incident_id, (), outcome, because=values["because"])
            ),
        )

    def performed(self, act: str, receipt: Receipt, result: Any) -> None:  # noqa: ANN401
        """What was rated is recorded now."""
        if act == "assess":
            self._touched = False

    def action_decide(self) -> None:
        """Notify, or not."""
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
            return

        def chosen(letter: str | None) -> None:
            if letter is None:
                return
            decision = {"n": "notify", "d": "do_not_notify"}[letter]
            form = FormDialog(
                f"Decision: {decision.replace('_', ' ')}",
                [Field("reason", "Reason", required=True)],
                note="The burden of proof asks for the reason (45 CFR 164.414(b)).",
                command=lambda values: (
                    lambda service: service.incidents.decide(self.incident_id, decision, values["reason"])
                ),
            )
            self.ask_form("decide", form)

        options = (("n", "notify"), ("d", "do not notify"))
        self.app.push_screen(ChoiceDialog("What is decided?", options), chosen)

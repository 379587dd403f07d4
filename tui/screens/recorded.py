"""A notice of the record: where it stands, what its approval covers or what voids it, and counsel's decisions on it."""

from typing import Any, ClassVar
from uuid import UUID

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding

from incident.errors import ApprovalVoid, InvalidInput
from incident.service import Receipt, Service
from tui import documents, review
from tui.dialogs.form import Field, FormDialog, Values
from tui.dialogs.lines import LinesDialog
from tui.presenters import receipt_words
from tui.reviewing import View, notice_view
from tui.screens.reading import ReadingScreen
from tui.screens.review_facts import ReviewFactsScreen
from tui.session import Command
from tui.widgets.frame import Line

_COMMENT = "The comment goes into the log, where all can read it. Advice belongs in the privileged stream: P."


class RecordedNoticeScreen(ReadingScreen):
    """A recorded notice: read it, look at its facts, decide on it as counsel."""

    BINDINGS: ClassVar = [
        Binding("A", "approve", "Approve", tooltip="Approve exactly this text, as counsel"),
        Binding("c", "request_changes", "Send back", show=False, tooltip="Ask the drafter for changes, as counsel"),
        Binding("R", "reject", "Reject", show=False, tooltip="Reject it, as counsel: it is not to be used at all"),
        Binding("f", "facts", "Facts", show=False, tooltip="The facts it rests on, each with its event number"),
        Binding("W", "demands", "Wanted", show=False, tooltip="Which rule wants which sentence, and what meets it"),
    ]

    def __init__(self, incident_id: UUID, notice_id: UUID) -> None:
        super().__init__(incident_id)
        self._notice_id = notice_id
        self._view: View | None = None
        self._seen: tuple[int, Any] | None = None

    @property
    def advice_subject(self) -> str:
        """Advice written from here is about this notice."""
        return f"notice:{self._notice_id}"

    def title_words(self) -> str:
        """The incident and the kind."""
        kind = self.session.service.queries.notice(self._notice_id).kind
        return f"{self.incident.reference} · {documents.kind_title(kind)}"

    def compose_head(self) -> ComposeResult:
        """Sections, where it stands, what its approval covers, which rules want what."""
        yield from super().compose_head()
        yield Line(id="standing")
        yield Line(id="approval")
        yield Line(id="rules")

    def load(self) -> None:
        """Write and check the notice anew where something was recorded since."""
        seen = (self.session.queries.position, self.session.viewpoint)
        if seen == self._seen:
            return
        self._seen = seen
        if self._view is None:
            self.query_one("#standing", Line).show("Writing and checking…")
        session, incident_id, notice_id = self.session, self.incident_id, self._notice_id
        self.background("view", lambda: notice_view(session, incident_id, notice_id))

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """The notice as it stands."""
        if what != "view":
            return
        self._view = value
        self.query_one("#standing", Line).show(review.standing_line(value))
        fault = Text(f"✗ {value.fault}", style="bold red")
        self.query_one("#approval", Line).show(review.approval_line(value) if value.look else fault)
        rules = self.query_one("#rules", Line)
        rules.display = value.look is not None
        if value.look is not None:
            rules.show(review.rule_line(value.look))
            self.show_look(value.look)

    def refused(self, act: str) -> None:
        """After a refusal the notice is read again: what it says may be out of date."""
        if act == "view":
            self._seen = None

    # --- Looking closer

    def action_facts(self) -> None:
        """f: the facts, those it rests on first."""
        self.app.push_screen(ReviewFactsScreen(self.incident_id, self._notice_id))

    def action_demands(self) -> None:
        """W: every element under its rule, with the sentence that meets it."""
        if self.look is not None:
            checked = self.look.documents[self._place]
            lines = review.demand_lines(checked.document.text, self._targets(self._place))
            self.app.push_screen(LinesDialog(f"What the law wants of {checked.document.name}", lines))

    def action_problems(self) -> None:
        """m: what bars it; where an approval is void, why, and what that touches."""
        view = self._view
        if view is not None and view.voided is not None:
            lines = review.void_lines(view.voided, view.state, view.people)
            self.app.push_screen(LinesDialog("The approval is void", lines))
        else:
            super().action_problems()

    # --- Deciding, as counsel

    def action_approve(self) -> None:
        """A: sign for exactly this text, on these facts, under this rulebook."""
        view = self._view
        if view is None or view.look is None:
            return
        look, notice_id, person = view.look, self._notice_id, self.session.person
        state = view.state
        signable = state.status == "in review" or state.reported_by is not None
        if person.role != "counsel" or person.user in state.drafters | state.amended_by or not signable:
            # The record says why not, in its own words.
            self.perform("approve", lambda service: service.notices.approve(notice_id, look.content_sha256, ()))
            return
        if look.problems:
            self.status.refuse(f"It cannot be approved: {look.problems[0]}" + _more(len(look.problems) - 1))
            return
        workspace, signs = self.session.workspace, documents.initials(person.name)

        def check(text: str) -> str:
            if text.strip().upper() != signs:
                raise InvalidInput(f"the initials of {person.name}")
            return f"{person.name} signs"

        def command(values: Values) -> Command:
            def approve(service: Service) -> Receipt:
                workspace.unlocks(values["passphrase"], values.get("code") or None)
                now = workspace.documents.preview(notice_id)
                if now.content_sha256 != look.content_sha256:
                    raise ApprovalVoid("the text changed while you read it; read it again")
                return service.notices.approve(notice_id, now.content_sha256, now.problems)

            return approve

        note = review.approval_note(view, self.session.queries.rulebook.hash)
        fields = [
            Field("initials", "Your initials", required=True, hint=signs, check=check),
            Field("passphrase", "Your passphrase", required=True, secret=True),
        ]
        if workspace.case.has_second_factor:
            fields.append(Field("code", "Code", required=True, hint="of your authenticator"))
        self.ask_form("approve", FormDialog("Approve", fields, note=note, command=command, commit="approve"))

    def action_request_changes(self) -> None:
        """c: send it back with a comment."""
        notice_id = self._notice_id

        def command(values: Values) -> Command:
            return lambda service: service.notices.request_changes(notice_id, values["comment"])

        fields = [Field("comment", "What has to change", required=True)]
        self.ask_form("changes", FormDialog("Send back", fields, note=_COMMENT, command=command, commit="send back"))

    def action_reject(self) -> None:
        """R: not to be used at all; whoever needs a notice drafts anew."""
        notice_id = self._notice_id

        def command(values: Values) -> Command:
            return lambda service: service.reviews.reject(notice_id, values["comment"])

        fields = [Field("comment", "Why", required=True)]
        note = f"Rejected, it can never be approved or sent; the drafter may draft anew. {_COMMENT}"
        self.ask_form("reject", FormDialog("Reject this notice", fields, note=note, command=command, commit="reject"))

    def performed(self, act: str, receipt: Receipt, result: Any) -> None:  # noqa: ANN401
        """Say what an approval is of, and what it unlocks."""
        del result
        if act == "approve" and self._view is not None and self._view.look is not None:
            words = receipt_words(receipt, self.session.zone(self.incident_id))
            self.status.confirm(words + review.approved_receipt(self._view))


def _more(count: int) -> str:
    return f" (and {count} more; m lists them)" if count > 0 else ""

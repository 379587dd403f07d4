"""Delivery: batches with their proof, letters mailed again, and substitute notices with the day they have to stay."""

from datetime import date
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from incident.delivery import Batch
from incident.notice import METHODS
from incident.posting import FORMS
from incident.service import Receipt, Service
from incident.views.delivery import Delivery, NoticeDelivery, delivery_of
from tui import deliveries, documents
from tui.dialogs.choice import ChoiceDialog
from tui.dialogs.form import Field, FormDialog, Values
from tui.dialogs.lines import LinesDialog
from tui.dialogs.paths import PathFormDialog, existing_file
from tui.dialogs.pick import PickDialog
from tui.dialogs.sending import batch_form
from tui.presenters import day
from tui.screens.base import IncidentScreen
from tui.session import Command
from tui.widgets.panel import Panel
from tui.widgets.record_table import Column, RecordTable

_EMPTY = (
    "Nothing went out yet, and nothing stands posted.",
    "",
    "A notice that was rendered appears here: s records a batch of it, with the day, the carrier and the certificate.",
    "Letters that came back are taken in on the people screen; a prints them anew for newer addresses.",
    "o records a substitute notice: until when it has to stay is counted for you, and watched.",
)


class DeliveryScreen(IncidentScreen):
    """Opened from the notices."""

    TITLE_WORDS = "Delivery"
    HELP = "letters = sent in batches + not yet sent. The last batch fulfils a duty, on its day."
    BINDINGS: ClassVar = [
        Binding("s", "send", "Send", tooltip="Record a batch of the notice under the cursor as sent"),
        Binding("a", "again", "Again", tooltip="Print letters anew for newer addresses, and write them to a folder"),
        Binding("d", "again_sent", "Mailed", tooltip="Record that the letters printed anew went out"),
        Binding("o", "post", "Post", tooltip="Record a substitute notice: posted, or published"),
        Binding("x", "end", "End", tooltip="Record that the posting or number under the cursor ended"),
        Binding("p", "people", "People", tooltip="How each person stands, by the reference on their letter"),
    ]

    def __init__(self, incident_id: UUID) -> None:
        super().__init__(incident_id)
        self._found: Delivery | None = None

    def compose_body(self) -> ComposeResult:
        """A row for each notice, batch and posting, and the one under the cursor in full."""
        yield RecordTable(
            [Column("WHAT", 22, 1), Column("ON", 11), Column("HOW MANY", 9), Column("STATE OR PROOF", 36, 1)],
            id="delivery",
        )
        yield Panel(id="about")
        yield Panel(id="empty")

    @property
    def _today(self) -> date:
        return self.session.now().astimezone(self.session.zone(self.incident_id)).date()

    def load(self) -> None:
        """Read what went out as of the moment in view."""
        self.read("delivery", lambda queries: delivery_of(queries, self.incident_id))

    def show(self, what: str, value: Any) -> None:  # noqa: ANN401
        """Delivery, or how each person stands."""
        if what == "people":
            people = value
            lines = [
                *deliveries.standing_lines(people),
                "",
                *(
                    f"{each.code}  {each.status}{f'  {each.on}' if each.on else ''}  {each.words}"
                    for each in people[:500]
                ),
            ]
            if len(people) > 500:
                lines.append(f"and {len(people) - 500:,} more: breach delivery people {self.incident.reference}")
            self.app.push_screen(LinesDialog("How each person stands, from the log alone", lines))
            return
        self._found = value
        rows = deliveries.delivery_rows(value, self._today)
        table = self.query_one(RecordTable)
        table.show_rows(rows)
        table.display = bool(rows)
        about, empty = self.query_one("#about", Panel), self.query_one("#empty", Panel)
        about.display, empty.display = bool(rows), not rows
        if not rows:
            empty.show(*_EMPTY)
        elif self.focused is None:
            table.focus()
        self._show_about()

    @on(RecordTable.RowHighlighted)
    def _show_about(self) -> None:
        key = self.query_one(RecordTable).current_key
        if self._found is not None and key is not None:
            lines = deliveries.row_lines(self._found, key, self._today)
            self.query_one("#about", Panel).show(*lines, *(Text(f"! {each}") for each in self._found.warnings))

    @property
    def _notice(self) -> NoticeDelivery | None:
        """The notice of the row under the cursor; the only one where there is one."""
        key = self.query_one(RecordTable).current_key or ""
        found = self._found.notices if self._found is not None else ()
        for each in found:
            keys = {f"notice {each.notice.id}", f"again {each.notice.id}"}
            if key in keys | {f"batch {batch.position}" for batch in each.batches}:
                return each
        return found[0] if len(found) == 1 else None

    # --- Sending

    def action_send(self) -> None:
        """s: a batch of the notice under the cursor."""
        each = self._notice
        if each is None or not each.unsent:
            why = "All of it went out." if each is not None else "Put the cursor on a notice that was rendered."
            self.status.refuse(why)
            return
        documents_desk, notice_id, today = self.session.documents, each.notice.id, self._today
        unsent = each.unsent

        def chosen(method: str | None) -> None:
            def send(on: date, batch: Batch, proof: tuple[str, bytes] | None) -> Command:
                assert method is not None
                return lambda _: documents_desk.record_dispatch(notice_id, on, method, batch=batch, proof=proof)

            if method is not None:
                self.ask_form("send", batch_form(method, today, unsent, send))

        self._ask_method(chosen)

    def _ask_method(self, chosen: Any) -> None:  # noqa: ANN401 - what a pick dialog answers to
        if self.session.viewpoint is not None:
            self.refuse_while_looking_back()
        else:
            self.app.push_screen(PickDialog("Sent how?", dict(METHODS)), chosen)

    def action_again(self) -> None:
        """a: letters for newer addresses, printed and written to a folder in one go."""
        from notices.remail import print_anew, write_out  # noqa: PLC0415 - the engines load when they are needed

        each = self._notice
        if each is None or each.notice.kind != "individual_letter" or not each.sent:
            self.status.refuse("Put the cursor on letters that were sent.")
            return
        workspace, notice_id, incident_id = self.session.workspace, each.notice.id, self.incident_id

        def command(values: Values) -> Command:
            folder = Path(values["folder"]).expanduser()

            def act(service: Service) -> tuple[object, Receipt]:
                manifest, _ = print_anew(service, workspace.documents, notice_id)
                written = write_out(service, notice_id, folder)
                words = f"Wrote {len(written)} files of letters printed anew to {folder.absolute()}"
                return manifest, service.incidents.log_action(incident_id, words)

            return act

        form = PathFormDialog(
            "Print letters anew for newer addresses",
            [Field("folder", "Folder", required=True, hint="~/mailing")],
            paths=["folder"],
            note="For whoever has a newer address since their letter came back, in the approved words. The files name "
            "people and leave the encrypted case: protect and delete them.",
            command=command,
            commit="print",
        )
        self.ask_form("again", form)

    def action_again_sent(self) -> None:
        """d: the letters printed anew went out."""
        each = self._notice
        if each is None or not each.remail_waiting:
            self.status.refuse("No letters were printed anew that wait to be mailed: a prints them.")
            return
        workspace, notice_id, today, count = self.session.workspace, each.notice.id, self._today, each.remail_waiting

        def chosen(method: str | None) -> None:
            def send(on: date, batch: Batch, proof: tuple[str, bytes] | None) -> Command:
                assert method is not None

                def act(service: Service) -> Receipt:
                    content = workspace.documents.preview(notice_id).content_sha256
                    return service.delivery.record_remail(notice_id, content, on, method, batch=batch, proof=proof)

                return act

            if method is not None:
                self.ask_form("again_sent", batch_form(method, today, count, send, again=True))

        self._ask_method(chosen)

    # --- Substitute notice

    def action_post(self) -> None:
        """o: where it stands, since when, by which law."""
        today = self._today

        def chosen(form: str | None) -> None:
            if form is not None:
                self._ask_posting({"w": "web", "m": "media"}[form], today)

        self.app.push_screen(
            ChoiceDialog("Substitute notice: which form?", [("w", FORMS["web"]), ("m", FORMS["media"])]), chosen
        )

    def _ask_posting(self, form: str, today: date) -> None:
        incident_id = self.incident_id

        def past(text: str) -> str:
            return day(documents.past_day(text, today))

        def command(values: Values) -> Command:
            on = documents.past_day(values["on"], today)
            number = values["phone"]
            return lambda service: service.delivery.begin_posting(
                incident_id,
                form=form,
                place=values["place"],
                on=on,
                laws=deliveries.read_laws(values["laws"]),
                phone=number,
                phone_on=documents.past_day(values["phone_on"] or values["on"], today) if number else None,
                proof=deliveries.scan_of(values["proof"]),
            )

        fields = [
            Field("place", "Where", required=True, hint="https://…" if form == "web" else "the outlets"),
            Field("on", "Since" if form == "web" else "Ran on", today.isoformat(), required=True, check=past),
            Field(
                "laws", "Laws", "hipaa", required=True, hint="hipaa ftc california",
                check=lambda text: ", ".join(deliveries.read_laws(text)),
            ),
            Field("phone", "Toll-free", hint="1-888-… that tells a caller whether they may be affected"),
            Field("phone_on", "Answers since", hint="the same day", check=past),
            Field("proof", "Picture of it", hint="~/homepage.png", check=existing_file),
        ]  # fmt: skip
        note = (
            "10 or more people: 90 days on the home page, or major media; and a toll-free number for at least 90 days."
        )
        self.ask_form(
            "post",
            PathFormDialog(
                FORMS[form], fields, paths=["proof"], note=f"{note} (45 CFR 164.404(d)(2)(ii))", command=command
            ),
        )

    def action_end(self) -> None:
        """x: the posting or the number under the cursor ended."""
        kind, _, name = (self.query_one(RecordTable).current_key or "").partition(" ")
        if kind not in {"posting", "phone"}:
            self.status.refuse("Put the cursor on a posting or its number.")
            return
        today, posting = self._today, UUID(name)
        watch = (
            next((w for w in self._found.watches if w.posting == posting and w.what == kind), None)
            if self._found is not None
            else None
        )

        def past(text: str) -> str:
            on = documents.past_day(text, today)
            if watch is not None and on <= watch.until:
                return f"{day(on)}: TOO EARLY, it has to stay until {watch.until} ({watch.citation})"
            return day(on)

        def command(values: Values) -> Command:
            on = documents.past_day(values["on"], today)
            return lambda service: service.delivery.end_posting(posting, kind, on, values["because"])

        fields = [
            Field("on", "Ended on", today.isoformat(), required=True, check=past),
            Field("because", "Because", required=True, hint="its time is over"),
        ]
        self.ask_form(
            "end", FormDialog(f"End of the {'number' if kind == 'phone' else 'posting'}", fields, command=command)
        )

    # --- People

    def action_people(self) -> None:
        """p: from the manifests, the batches and what came back."""
        from tui.standing import people_of  # noqa: PLC0415 - loaded when it is asked for

        session, incident_id = self.session, self.incident_id
        self.background("people", lambda: people_of(session, incident_id))

"""What the review of a notice does and reads, alike for the screens and the command line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from incident.errors import InvalidInput, Refusal
from incident.evidence.checkpoints import sign_text
from incident.facts import facts_sha256
from incident.files import write_durably
from incident.notice import Notice, require_status
from incident.past import PastRecord
from notices.bundle import Particulars, bundle
from notices.comparison import as_of, last_approval, same_changes
from notices.dependence import Use, facts_used
from notices.desk import DocumentDesk, Preview
from notices.word.desk import WordDesk

if TYPE_CHECKING:
    from incident.service import Receipt
    from incident.views.queries import FactRow, Queries
    from jurisdictions.obligations import Obligation
    from tui.session import Session

_GIVEN = "given."


class Voided(msgspec.Struct, frozen=True, kw_only=True):
    """Why an approval no longer covers a notice, and what that touches.

    `position` is the event number of the approval, `facts` those recorded since, `texts` the names of texts that read
    otherwise now (None: they cannot be compared).
    """

    reasons: tuple[str, ...]
    position: int | None
    facts: tuple[FactRow, ...]
    texts: tuple[str, ...] | None


class View(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as it stands: its record, how it would leave now (or why it cannot be written), what voids its approval.

    `people` are the accepted people of the incident, `duties` those that it serves, `same` how many other notices still
    have words that this one has changed.
    """

    state: Notice
    look: Preview | None
    fault: str
    voided: Voided | None
    people: int
    facts_position: int
    duties: tuple[Obligation, ...]
    same: int

    @property
    def void(self) -> tuple[str, ...]:
        """Why the approval no longer covers it; empty where it does, or where there is none."""
        return self.voided.reasons if self.voided is not None else ()


def notice_view(session: Session, incident_id: UUID, notice_id: UUID) -> View:
    """A notice as of the moment in view."""
    service, queries, then = session.service, session.queries, session.past
    desk, state = session.documents, (then or service.desk).notice(notice_id)
    look: Preview | None = None
    fault, voided = "", None
    try:
        look = desk.look(incident_id, state.kind, state.fields)
    except Refusal as refusal:
        fault = str(refusal)
    if look is not None and then is None and state.approval is not None and state.status not in {"dispatched"}:
        reasons = service.notices.approval_problems(notice_id, look.content_sha256)
        voided = _voided(session, notice_id, look, reasons) if reasons else None
    facts = queries.facts(incident_id)
    return View(
        state=state,
        look=look,
        fault=fault,
        voided=voided,
        people=sum(row.accepted for row in queries.rosters(incident_id)),
        facts_position=max((fact.position for fact in facts.values()), default=0),
        duties=duties_of(queries, incident_id, state, session.now()),
        same=len({change.notice for change in same_changes(service, notice_id)}) if then is None else 0,
    )


def duties_of(queries: Queries, incident_id: UUID, state: Notice, now: datetime) -> tuple[Obligation, ...]:
    """The duties that a notice serves, as they stand, earliest date first."""
    assessment = queries.board(incident_id, now).assessment
    if assessment is None:
        return ()
    return tuple(duty for duty in assessment.obligations if duty.id in state.obligations)


def voided(session: Session, notice_id: UUID) -> Voided | None:
    """What voids the approval of a notice now; None where it was not approved, or the approval covers it."""
    look = session.documents.preview(notice_id)
    if session.service.desk.notice(notice_id).approval is None:
        return None
    reasons = session.service.notices.approval_problems(notice_id, look.content_sha256)
    return _voided(session, notice_id, look, reasons) if reasons else None


def _voided(session: Session, notice_id: UUID, look: Preview, reasons: tuple[str, ...]) -> Voided:
    queries = session.queries
    position = last_approval(queries, notice_id)
    facts = queries.facts(queries.notice(notice_id).incident)
    since = [row for path, row in facts.items() if not path.startswith(_GIVEN) and row.position > (position or 0)]
    texts: tuple[str, ...] | None = None
    if position is not None:
        try:
            before = as_of(session.service, notice_id, position)
            then = {each.document.name: each.document.text for each in before.documents}
            here = {each.document.name: each.document.text for each in look.documents}
            texts = tuple(name for name in dict.fromkeys((*here, *then)) if here.get(name) != then.get(name))
        except Refusal:
            texts = None
    return Voided(reasons=reasons, position=position, facts=tuple(since), texts=texts)


def uses(session: Session, incident_id: UUID, notice_id: UUID) -> dict[str, Use]:
    """What a notice has of each fact, as of the moment in view."""
    service, queries = session.service, session.queries
    state = (session.past or service.desk).notice(notice_id)
    exercise = queries.case().exercise_of is not None

    def desk_on(other: Queries) -> DocumentDesk:
        record = PastRecord(service.desk.log, other, session.now(), service.blobs)
        return DocumentDesk(record, exercise=exercise)  # type: ignore[arg-type]  # it only reads

    return facts_used(queries, incident_id, state.kind, state.fields, desk_on)


# --- Files for counsel


def send_to_counsel(session: Session, notice_id: UUID, folder: Path, counsel: str) -> tuple[tuple[Path, ...], Receipt]:
    """Write the files for counsel into a new folder, and record that they were made for them.

    Raises:
        InvalidInput: there is something at the place already.
        NotAllowed: it is not for the person at work, or counsel who is named drafted the notice.
    """
    service, workspace = session.service, session.workspace
    service.require("notice.review_sent")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InvalidInput(f"folder: {folder} is there already, and not empty")
    queries, state = service.queries, service.desk.notice(notice_id)
    assert state.incident_id is not None
    require_status(state, "send to counsel", {"in review"})
    name, _ = service.reviews.counsel_named(counsel)
    look = workspace.documents.preview(notice_id)
    names = {row.user: row.name for row in queries.everybody()}
    told = Particulars(
        organization=queries.case().name,
        counsel=name,
        sender=f"{session.person.name}, {session.person.role.replace('_', ' ')}",
        incident=queries.incident(state.incident_id),
        look=look,
        drafters=tuple(names.get(user, user) for user in sorted(state.drafters)),
        facts=queries.facts(state.incident_id),
        uses=uses(session, state.incident_id, notice_id),
        duties=duties_of(queries, state.incident_id, state, session.now()),
        facts_sha256=facts_sha256(service.desk.incident(state.incident_id).facts),
        rulebook_hash=queries.rulebook.hash,
        code=service.reviews.code(notice_id, look.content_sha256),
        position=queries.position,
        now=session.now(),
        zone=session.zone(state.incident_id),
    )
    word = WordDesk(service, workspace.documents).for_review(notice_id)
    files = bundle(told, word, lambda text: sign_text(workspace.case, text))
    written = []
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for file, content in files:
            write_durably(folder / file, content)
            written.append(folder / file)
        receipt = service.reviews.send(notice_id, look.content_sha256, counsel=counsel, files=files)
    except BaseException:
        # Files whose code the record does not know would be sent in vain.
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return tuple(written), receipt

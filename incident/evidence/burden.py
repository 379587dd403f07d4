"""The burden-of-proof file of 45 CFR 164.414(b): that all notifications were made, or that there was no breach.

It gathers what the record holds for each duty and says what it does not hold. Whether that meets the burden is for
counsel and whoever judges it; nothing here concludes more than the record does.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from incident.delivery import NO_CERTIFICATE
from incident.errors import InvalidInput
from incident.events import (
    ApprovalReported,
    DecisionMade,
    Entry,
    NoticeApproved,
    NoticeDispatched,
    NoticeRendered,
    RiskAssessed,
)
from incident.evidence.paper import Paper, Section
from incident.evidence.retention import RULE, keep_until
from incident.incident import FACTORS, OUTCOMES
from incident.notice import Covered
from incident.views.queries import Board, FilingRow, NoticeRow, Queries, TimelineRow
from jurisdictions.obligations import Obligation, Status

RULES = (
    "45 CFR 164.414(b): the covered entity or business associate has the burden of demonstrating that all "
    "notifications were made as required, or that the use or disclosure did not constitute a breach.",
    f"{RULE}.",
)
_HIPAA = "us.hipaa."
_TO_INDIVIDUALS = (".individuals", ".patients")
_STEPS = (
    "notice.approved",
    "notice.approval_reported",
    "notice.rendered",
    "notice.sample_",
    "notice.dispatched",
    "notice.remail",
    "notice.withdrawn",
    "filing.",
)
"""Topics that show a notification on its way; drafts and comments prove nothing."""


class DutyProof(msgspec.Struct, frozen=True, kw_only=True):
    """What the record shows of one duty; `gaps` are what it does not show, `late` that it was done after its day.

    `weak` is what it shows on the word of somebody else only: an approval that was reported, and not counsel's own.
    """

    id: str
    recipient: str
    standard: str
    citations: tuple[str, ...]
    status: str
    due: date | None
    given: date | None
    late: bool
    shown_by: tuple[str, ...]
    gaps: tuple[str, ...]
    weak: tuple[str, ...] = ()


class BurdenOfProof(msgspec.Struct, frozen=True, kw_only=True):
    """The file; `position` is where the record stood.

    `shows` is `notifications` (all made), `late` (all made, some after their day), `no_breach` (assessed so),
    `none_due` (the law asks for none on these facts) or `incomplete`.
    """

    organization: str
    reference: str
    title: str
    as_of: datetime
    position: int
    shows: str
    in_words: str
    rulebook: str
    risk_assessment: tuple[str, ...]
    decisions: tuple[str, ...]
    duties: tuple[DutyProof, ...]
    other_laws: tuple[DutyProof, ...]
    not_required: tuple[str, ...]
    last_event: date
    keep_until: date


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What the file is made of: the board, the log lines of the incident, its notices and filings, their entries.

    `affected` is how many people are known to be affected, None where that is no single number. `withheld` are
    positions that may not be shown.
    """

    organization: str
    board: Board
    timeline: tuple[TimelineRow, ...]
    notices: tuple[NoticeRow, ...]
    filings: tuple[FilingRow, ...]
    entries: tuple[Entry, ...]
    zone: ZoneInfo
    position: int
    affected: int | None = None
    withheld: Collection[int] = frozenset()

    @property
    def last_event(self) -> date:
        """The civil day of the last thing that was recorded."""
        return max(row.recorded_at for row in self.timeline).astimezone(self.zone).date()


def read_record(
    queries: Queries, entries: Iterable[Entry], incident_id: UUID, now: datetime, withheld: Collection[int] = ()
) -> Record:
    """Everything of one incident that the file is made of, as of now."""
    facts = queries.facts(incident_id)
    zone, total = facts.get("organization.time_zone"), facts.get("affected.total")
    notices = queries.notices(incident_id)
    streams = {incident_id, *(notice.id for notice in notices)}
    return Record(
        organization=queries.case().name,
        board=queries.board(incident_id, now),
        timeline=queries.timeline(incident_id),
        notices=notices,
        filings=queries.filings(incident_id),
        entries=tuple(entry for entry in entries if entry.originator_id in streams),
        zone=ZoneInfo(zone.value if zone is not None and zone.value else "UTC"),
        position=queries.position,
        affected=total.value if total is not None and isinstance(total.value, int) else None,
        withheld=frozenset(withheld),
    )


def burden_of_proof(record: Record) -> BurdenOfProof:
    """Gather the file from the record.

    Raises:
        InvalidInput: the duties cannot be worked out yet; one line for each missing fact.
    """
    board = record.board
    if board.assessment is None:
        raise InvalidInput(*board.problems)
    owed = [duty for duty in board.assessment.obligations if duty.status is not Status.NOT_REQUIRED]
    proofs = {duty.id: _proof(duty, record) for duty in owed}
    hipaa = tuple(proof for name, proof in proofs.items() if name.startswith(_HIPAA))
    others = tuple(proof for name, proof in proofs.items() if not name.startswith(_HIPAA))
    risk = _risk(record)
    shows, in_words = _conclusion(hipaa, risk)
    return BurdenOfProof(
        organization=record.organization,
        reference=board.incident.reference,
        title=board.incident.title,
        as_of=board.assessment.as_of,
        position=record.position,
        shows=shows,
        in_words=in_words,
        rulebook=board.assessment.rulebook_hash,
        risk_assessment=_risk_lines(risk, record),
        decisions=_decisions(record),
        duties=hipaa,
        other_laws=others,
        not_required=tuple(
            f"{duty.id}: {' '.join(duty.why[:2]) or duty.standard}"
            for duty in board.assessment.obligations
            if duty.status is Status.NOT_REQUIRED
        ),
        last_event=record.last_event,
        keep_until=keep_until(record.last_event),
    )


def _conclusion(hipaa: tuple[DutyProof, ...], risk: RiskAssessed | None) -> tuple[str, str]:
    unshown = [proof.id for proof in hipaa if proof.gaps]
    late = [f"{proof.id} ({proof.given}, last lawful day {proof.due})" for proof in hipaa if proof.late]
    if unshown:
        return "incomplete", "The record does not show yet: " + ", ".join(unshown) + "."
    if late:
        return "late", "The record shows each notification; made after the last lawful day: " + ", ".join(late) + "."
    if hipaa:
        return "notifications", "The record shows that each notification of 45 CFR 164.404 to 164.410 was made."
    if risk is not None and risk.outcome != "breach":
        return "no_breach", f"The record shows why this was no breach: {dict(OUTCOMES)[risk.outcome]}."
    return "none_due", "On the recorded facts no notification under HIPAA is due; the reasons stand below."


def _proof(duty: Obligation, record: Record) -> DutyProof:
    notices = {notice.id for notice in record.notices if duty.id in notice.obligations}
    filings = {filing.id for filing in record.filings if filing.obligation_id == duty.id}
    prepared_from = {filing.notice for filing in record.filings if filing.id in filings}
    streams = notices | filings | prepared_from
    shown = [row for row in record.timeline if row.stream in streams and row.topic.startswith(_STEPS)]
    shown += [row for row in record.timeline if row.text.startswith(f"given.{duty.id} ")]
    lines = tuple(
        _line(row, record.zone) for row in sorted(shown, key=lambda row: row.position)
        if row.position not in record.withheld
    )  # fmt: skip
    return DutyProof(
        id=duty.id,
        recipient=duty.recipient,
        standard=duty.standard,
        citations=duty.citations,
        status=str(duty.status),
        due=duty.due,
        given=duty.given,
        late=duty.status is Status.MET_LATE,
        shown_by=lines,
        gaps=(*_gaps(duty, shown), *_unsent(duty, record), *_uncovered(duty, record)),
        weak=tuple(line for stream in sorted(notices | prepared_from) for line in _reported(stream, record)),
    )


def _gaps(duty: Obligation, shown: list[TimelineRow]) -> list[str]:
    gaps = []
    if duty.given is None:
        gaps.append(f"no date on which it was done is recorded (status: {str(duty.status).replace('_', ' ')})")
    elif not any(row.topic in {"notice.dispatched", "filing.submitted"} for row in shown):
        gaps.append(
            "a date is recorded, and no sending or filing in this record shows it: keep the proof with this file"
        )
    return gaps


def _unsent(duty: Obligation, record: Record) -> list[str]:
    """Batches of the notices of a duty: what did not go out, and what nothing but this record shows."""
    notices = {notice.id for notice in record.notices if duty.id in notice.obligations}
    batches: dict[UUID, list[NoticeDispatched]] = {}
    for entry in record.entries:
        if entry.originator_id in notices and isinstance(entry.event, NoticeDispatched):
            batches.setdefault(entry.originator_id, []).append(entry.event)
    gaps = [
        f"{sent[-1].remaining:,} of the documents had not gone out: the duty is owed to each individual"
        for sent in batches.values()
        if sent[-1].remaining
    ]
    bare = [batch for sent in batches.values() for batch in sent if not batch.certificate]
    if bare:
        days = ", ".join(sorted({batch.on.isoformat() for batch in bare}))
        gaps.append(f"no certificate of mailing is recorded of what went out on {days}: {NO_CERTIFICATE}")
    return gaps


def _reported(stream: UUID, record: Record) -> list[str]:
    """That a notice rests, or left, on an approval which was only reported, and whether counsel recorded their own."""
    approvals = [
        entry
        for entry in record.entries
        if entry.originator_id == stream and isinstance(entry.event, NoticeApproved | ApprovalReported)
    ]
    lines = []
    for number, entry in enumerate(approvals):
        event = entry.event
        if not isinstance(event, ApprovalReported):
            continue
        own = next((each for each in approvals[number + 1 :] if _same(each.event, event)), None)
        later = (
            f"; recorded by {own.by} themselves on {own.recorded_at.astimezone(record.zone):%Y-%m-%d}" if own else ""
        )
        lines.append(
            f"approval of {event.counsel} REPORTED by {entry.by} ({event.channel.replace('_', ' ')}, "
            f"{entry.occurred_at.astimezone(record.zone):%Y-%m-%d %H:%M}, code {event.code})"
            + (later or "; counsel's own is not in the record")
        )
    return lines


def _same(own: object, reported: ApprovalReported) -> bool:
    return isinstance(own, NoticeApproved) and Covered.by(own) == Covered.by(reported)


def _uncovered(duty: Obligation, record: Record) -> list[str]:
    """People whom the letters of a duty to individuals did not reach, as far as they were sent."""
    if not duty.id.endswith(_TO_INDIVIDUALS) or duty.given is None:
        return []
    sent = {notice.id for notice in record.notices if duty.id in notice.obligations and notice.sent_on is not None}
    last = {
        entry.originator_id: entry.event
        for entry in record.entries
        if entry.originator_id in sent and isinstance(entry.event, NoticeRendered)
    }
    gaps = []
    reasons: Counter[str] = Counter()
    for rendered in last.values():
        reasons.update({row.reason: row.count for row in rendered.excluded})
    if reasons.total():
        why = ", ".join(f"{reason}: {count:,}" for reason, count in sorted(reasons.items()))
        gaps.append(
            f"{reasons.total():,} {'person' if reasons.total() == 1 else 'people'} got no letter ({why}): "
            "how they were told is not shown by it (45 CFR 164.404(d)(2))"
        )
    rows = sum(rendered.rows for rendered in last.values())
    if last and record.affected is not None and rows < record.affected:
        gaps.append(
            f"{record.affected:,} people are recorded as affected, and the letters were made from {rows:,} rows"
        )
    return gaps


def _risk(record: Record) -> RiskAssessed | None:
    found = [entry.event for entry in record.entries if isinstance(entry.event, RiskAssessed)]
    return found[-1] if found else None


def _risk_lines(risk: RiskAssessed | None, record: Record) -> tuple[str, ...]:
    if risk is None:
        return ("No assessment of the four factors of 45 CFR 164.402(2) is recorded.",)
    titles = dict(FACTORS)
    row = next(row for row in reversed(record.timeline) if row.topic == RiskAssessed.TOPIC)
    if row.position in record.withheld:
        return (f"#{row.position}: an assessment is recorded and withheld.",)
    lines = [f"{titles.get(each.factor, each.factor)}: {each.rating} of 4. {each.reason}" for each in risk.factors]
    return (*lines, f"#{row.position}, {row.by}: {dict(OUTCOMES).get(risk.outcome, risk.outcome)}")


def _decisions(record: Record) -> tuple[str, ...]:
    return tuple(
        _line(row, record.zone)
        for row in record.timeline
        if row.topic == DecisionMade.TOPIC and row.position not in record.withheld
    )


def _line(row: TimelineRow, zone: ZoneInfo) -> str:
    why = f" Reason: {row.because}" if row.because else ""
    return f"#{row.position}, {row.recorded_at.astimezone(zone):%Y-%m-%d}, {row.by}: {row.text}.{why}"


# --- As a document ---


def as_paper(file: BurdenOfProof) -> Paper:
    """The file to read and to print."""
    sections = [
        Section(
            lines=(
                f"{file.organization}: {file.reference} {file.title}",
                f"As of {file.as_of:%Y-%m-%d %H:%M %z}, entry #{file.position} of the log, "
                f"rulebook {file.rulebook[:12]}.",
                file.in_words,
                f"Last event {file.last_event}; keep until {file.keep_until}. A later event moves this day.",
                *RULES,
                "This file gathers what the record holds. It is not legal advice.",
            )
        ),
        Section(heading="Risk assessment, 45 CFR 164.402(2)", lines=file.risk_assessment),
        Section(heading="Decisions", lines=file.decisions or ("None is recorded.",)),
    ]
    sections += [_duty_section(duty) for duty in file.duties]
    if file.other_laws:
        sections.append(Section(heading="Duties under other laws", lines=("For the same incident:",)))
        sections += [_duty_section(duty) for duty in file.other_laws]
    if file.not_required:
        sections.append(Section(heading="Duties that do not arise, and why", lines=file.not_required))
    return Paper(title=f"Burden of proof, 45 CFR 164.414(b): {file.reference}", sections=tuple(sections))


def _duty_section(duty: DutyProof) -> Section:
    dates: Mapping[str, date | None] = {"last lawful day": duty.due, "done on": duty.given}
    known = [f"{name} {day}" for name, day in dates.items() if day is not None]
    return Section(
        heading=f"{duty.recipient} ({duty.id})",
        lines=(
            f"{duty.standard} [{', '.join(duty.citations)}]",
            f"Status: {duty.status.replace('_', ' ')}" + (f"; {', '.join(known)}" if known else ""),
            *(f"Shown by {line}" for line in duty.shown_by),
            *(f"ON REPORT ONLY: {line}" for line in duty.weak),
            *(f"NOT SHOWN: {gap}" for gap in duty.gaps),
        ),
    )

"""The situation on one page: what is known, what is due next, what stands open. For whoever has to be told at once."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from incident.calls import counts
from incident.events import JsonValue
from incident.evidence.paper import Paper, Section
from incident.views.calls import calls_of
from incident.views.delivery import delivery_lines, delivery_of
from incident.views.ledger import LedgerLine, Standing, ledger
from incident.views.queries import FactRow, FilingRow, IncidentRow, NoticeRow, Queries, TimelineRow
from incident.views.wording import value_words
from jurisdictions.obligations import Assessment, Obligation, Status, in_words

_DUTIES, _QUESTIONS, _ENTRIES, _DOCUMENTS = 9, 4, 4, 6
"""How many of each go on the page; where there are more, the page says how many."""
_LONG = 110
_DELIVERY = 4

_TOLD = (
    ("incident.discovered_at", "Discovered"),
    ("incident.occurred_from", "Began"),
    ("incident.occurred_to", "Ended"),
    ("incident.data_elements", "Kinds of data"),
    ("incident.risk_assessment", "Risk assessment"),
    ("affected.total", "People affected"),
)
_STATES = "affected.by_state."
_SETTLED = frozenset({Status.MET, Status.MET_LATE, Status.NOT_REQUIRED})


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """One page on an incident as of an event number. What did not fit is counted in its own line."""

    organization: str
    reference: str
    title: str
    exercise: bool
    as_of: datetime
    position: int
    decision: str
    known: tuple[tuple[str, str], ...]
    due: tuple[tuple[str, str, str], ...]
    more_due: int
    problems: tuple[str, ...]
    needed: tuple[str, ...]
    more_needed: int
    documents: tuple[tuple[str, str], ...]
    more_documents: int
    latest: tuple[tuple[str, str], ...]
    delivery: tuple[str, ...] = ()
    calls: str = ""


def situation(queries: Queries, incident: IncidentRow, *, now: datetime, zone: ZoneInfo) -> Brief:
    """The brief of an incident at a moment."""
    case = queries.case()
    board = queries.board(incident.id, now)
    duties = _open(board.assessment)
    needed = tuple(dict.fromkeys(path for duty in duties for path in duty.needs))
    documents = _documents(queries.notices(incident.id), queries.filings(incident.id), ledger(queries, incident.id))
    return Brief(
        organization=case.name,
        reference=incident.reference,
        title=incident.title,
        exercise=case.exercise_of is not None,
        as_of=now.astimezone(zone),
        position=queries.position,
        decision=(incident.decision or "not made").replace("_", " ") + ("; incident closed" if incident.closed else ""),
        known=_known(queries.facts(incident.id), zone),
        due=tuple(_due(duty, now.astimezone(zone).date()) for duty in duties[:_DUTIES]),
        more_due=max(0, len(duties) - _DUTIES),
        problems=board.problems,
        needed=needed[:_QUESTIONS],
        more_needed=max(0, len(needed) - _QUESTIONS),
        documents=documents[:_DOCUMENTS],
        more_documents=max(0, len(documents) - _DOCUMENTS),
        latest=_latest(queries.timeline(incident.id), zone),
        delivery=_delivery(queries, incident.id, now.astimezone(zone).date()),
        calls=_calls(queries, incident.id, zone, now.astimezone(zone).date()),
    )


def as_paper(brief: Brief) -> Paper:
    """The brief as a document of one page."""
    mark = "EXERCISE. NOTHING HERE IS REAL. " if brief.exercise else ""
    head = (
        f"{brief.organization} · as of #{brief.position}, {brief.as_of:%a %Y-%m-%d %H:%M %Z} · confidential",
        f"Decision: {brief.decision}",
        *(f"{name}: {words}" for name, words in brief.known),
    )
    due = Section(
        heading="Due next, by the earliest date any defensible reading gives",
        headings=("PLAN BY", "TO WHOM", "STATE"),
        rows=brief.due,
        lines=(*brief.problems, *(() if brief.due or brief.problems else ("Nothing is open.",))),
    )
    more = (Section(lines=(f"And {brief.more_due} more.",)),) if brief.more_due else ()
    needed = (*brief.needed, *((f"And {brief.more_needed} more.",) if brief.more_needed else ()))
    documents = tuple(f"{what}: {state}" for what, state in brief.documents) or ("None yet.",)
    if brief.more_documents:
        documents += (f"And {brief.more_documents} more.",)
    stands = (*brief.delivery, *((f"Calls: {brief.calls}",) if brief.calls else ()))
    delivery = (Section(heading="Delivery and calls", lines=stands),) if stands else ()
    return Paper(
        title=f"{mark}Situation brief {brief.reference}: {_short(brief.title)}",
        sections=(
            Section(lines=head),
            due,
            *more,
            Section(heading="Facts that are needed", lines=needed or ("None.",)),
            Section(heading="Notices and filings", lines=documents),
            *delivery,
            Section(heading="Recorded last", lines=tuple(f"{when} {words}" for when, words in brief.latest)),
        ),
    )


def _open(assessment: Assessment | None) -> Sequence[Obligation]:
    """What is still to be done, by the date to plan by; what has no date comes last."""
    found = assessment.obligations if assessment is not None else ()
    return [duty for duty in found if duty.status not in _SETTLED and duty.given is None]


def _due(duty: Obligation, today: date) -> tuple[str, str, str]:
    days = (duty.safest - today).days if duty.safest is not None else None
    left = "" if days is None else f" ({days} days)" if days >= 0 else f" ({-days} days late)"
    return (f"{duty.safest or 'no date'}{left}", f"{duty.recipient} ({duty.id})", in_words(duty))


def _known(facts: dict[str, FactRow], zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    told = [(name, _words(facts[path].value, zone) if path in facts else "unknown") for path, name in _TOLD]
    states = {path.removeprefix(_STATES): row.value for path, row in facts.items() if path.startswith(_STATES)}
    if states:
        told.append(("By State", ", ".join(f"{state} {value_words(count)}" for state, count in sorted(states.items()))))
    return tuple(told)


def _words(value: JsonValue, zone: ZoneInfo) -> str:
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return value.replace("_", " ")
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}" if moment.tzinfo is not None else value
    return value_words(value)


def _documents(
    notices: Sequence[NoticeRow], filings: Sequence[FilingRow], lines: Sequence[LedgerLine]
) -> tuple[tuple[str, str], ...]:
    """Notices and filings with where they stand; regulators who were told another number than is known come first."""
    differing = {line.filing: line.words for line in lines if line.standing is Standing.DIFFERS}
    told = [
        (f"Notice {notice.kind.replace('_', ' ')}", f"sent {notice.sent_on}" if notice.sent_on else notice.status)
        for notice in notices
        if notice.status not in {"withdrawn", "rejected"}
    ]
    told += [
        (f"Filing to {filing.recipient}", f"filed {filing.filed_on}" if filing.filed_on else "prepared")
        for filing in filings
        if filing.id not in differing
    ]
    first = [(f"Filing to {each.recipient}", differing[each.id]) for each in filings if each.id in differing]
    return (*first, *told)


def _delivery(queries: Queries, incident_id: UUID, today: date) -> tuple[str, ...]:
    lines = delivery_lines(delivery_of(queries, incident_id), today)
    more = (f"and {len(lines) - _DELIVERY} more",) if len(lines) > _DELIVERY else ()
    return tuple(_short(line) for line in lines[:_DELIVERY]) + more


def _calls(queries: Queries, incident_id: UUID, zone: ZoneInfo, today: date) -> str:
    told = counts(calls_of(queries, incident_id), zone, today)
    if not told.total:
        return ""
    topics = ", ".join(f"{topic} {count:,}" for topic, count in told.by_topic.items())
    return (
        f"{told.total:,}, of them {told.by_day.get(today.isoformat(), 0):,} today ({topics}); "
        f"{told.follow_ups_open:,} to follow up, {told.follow_ups_late:,} late"
    )


def _latest(rows: Sequence[TimelineRow], zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    return tuple(
        (f"#{row.position} {row.recorded_at.astimezone(zone):%m-%d %H:%M}", f"{row.by}: {_short(row.text)}")
        for row in rows[-_ENTRIES:]
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"

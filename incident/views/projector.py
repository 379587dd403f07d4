"""Keeps the read models up with the log. Handlers are idempotent by position: an entry is applied once."""

import threading
from typing import Any, assert_never
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Row, Table, bindparam, delete, insert, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.sql import Select

from incident.events import (
    ActionCorrected,
    AddendumFiled,
    AddendumPrepared,
    AdviceCorrected,
    AdviceGiven,
    ApprovalReported,
    CallLogged,
    CaseOpened,
    ChangesRequested,
    ContactOutcome,
    CoveredEntityRecorded,
    CoveredEntityTold,
    DecisionMade,
    DisclosureDescribed,
    EntriesRead,
    Entry,
    Event,
    FactCorrected,
    FactRecorded,
    FilingPrepared,
    FilingSubmitted,
    HandoverGiven,
    IncidentClosed,
    IncidentOpened,
    KindsCounted,
    MarkupDecided,
    NoticeApproved,
    NoticeDispatched,
    NoticeDrafted,
    NoticeRejected,
    NoticeRendered,
    NoticeRevised,
    NoticeSubmitted,
    NoticeWithdrawn,
    OrganizationDescribed,
    PassphraseChanged,
    PersonCorrected,
    PostingBegun,
    QuarantineResolved,
    ReadingAdopted,
    ReceiptRecorded,
    RecoveryCodeMade,
    ReviewSent,
    RosterClosed,
    RosterOpened,
    RowLinked,
    RowMerged,
    RowUnlinked,
    RowUnmerged,
    SampleRefused,
    SampleSigned,
    SecondFactorChanged,
    UserEnrolled,
    UserRemoved,
)
from incident.ports import EventLog
from incident.roster.counts import Tally, tally_after
from incident.views import schema
from incident.views.entities import add_entity
from incident.views.filing_history import add_step
from incident.views.kept import Kept
from incident.views.wording import sentence

_OWNED = (
    NoticeDrafted, FilingPrepared, RosterOpened, AdviceGiven, PostingBegun, CallLogged, HandoverGiven, EntriesRead,
    DisclosureDescribed,
)  # fmt: skip
"""Events that tie another stream to its incident."""
_CORRECTING = (FactCorrected, ActionCorrected, AdviceCorrected, CoveredEntityRecorded)
"""Events that may point at the one that they correct."""
_ROWS = ("row", "into", "out_of")
"""Fields of events of a list that name a row of it."""


class Projection:
    """The read models as of one position of the log; grows by `catch_up`."""

    def __init__(self) -> None:
        self.engine: Engine = schema.empty_views()
        self.position = 0
        self.kept = Kept()
        self._incident_of: dict[UUID, UUID] = {}
        self._lock = threading.Lock()

    def catch_up(self, log: EventLog, until: int | None = None) -> None:
        """Apply everything recorded since, up to and including position `until`."""
        with self._lock, self.engine.begin() as connection:
            rows, reached = _Rows(connection), self.position
            for position, entry in log.read(after=self.position):
                if until is not None and position > until:
                    break
                self._apply(connection, rows, position, entry)
                reached = position
            rows.write()
            self.position = reached

    def rows(self, query: Select[Any]) -> list[Row[Any]]:
        """Answer a query; the one connection is shared by all threads, so they take turns."""
        with self._lock, self.engine.connect() as connection:
            return list(connection.execute(query))

    def _apply(self, connection: Connection, rows: "_Rows", position: int, entry: Entry) -> None:
        event, stream = entry.event, entry.originator_id
        if isinstance(event, IncidentOpened):
            self._incident_of[stream] = stream
        elif isinstance(event, _OWNED):
            self._incident_of[stream] = event.incident_id
        incident = self._incident_of.get(stream)
        times = {"occurred_at": entry.occurred_at.isoformat(), "recorded_at": entry.recorded_at.isoformat()}
        _add_entry(rows, position, entry, incident, times)
        self.kept.take(position, entry, incident)
        match event:
            case FactRecorded() | FactCorrected():
                _add_fact(rows, position, entry, event, times)
            case _:
                _change_row(connection, position, entry, event)
                add_step(connection, position, entry)
        if incident is not None:
            rows.worked_on[incident] = position


_worked_on = (
    update(schema.incidents).where(schema.incidents.c.id == bindparam("of")).values(last_position=bindparam("at"))
)
_corrected = (
    update(schema.entries)
    .where(schema.entries.c.stream == bindparam("of"), schema.entries.c.version == bindparam("which"))
    .values(corrected_at_position=bindparam("at"))
)


class _Rows:
    """What most entries add, held back to be written together: row by row, a long log takes seconds to open."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: dict[Table, list[dict[str, object]]] = {}
        self.worked_on: dict[UUID, int] = {}
        """Incident -> the position of its newest entry."""
        self.corrected: list[dict[str, object]] = []
        """Stream and version of what was corrected, and where; for `_corrected`."""

    def add(self, table: Table, **values: object) -> None:
        """A row to insert; those of a table name the same columns."""
        self._waiting.setdefault(table, []).append(values)

    def write(self) -> None:
        """Write it all, in an order in which nothing changes a row before it is there."""
        for table, rows in self._waiting.items():
            self._connection.execute(insert(table), rows)
        worked_on = [{"of": incident, "at": position} for incident, position in self.worked_on.items()]
        for change, rows in ((_corrected, self.corrected), (_worked_on, worked_on)):
            if rows:
                self._connection.execute(change, rows)


def _add_entry(rows: _Rows, position: int, entry: Entry, incident: UUID | None, times: dict[str, str]) -> None:
    event = entry.event
    corrects = event.corrects if isinstance(event, _CORRECTING) else None
    rows.add(
        schema.entries,
        position=position,
        stream=entry.originator_id,
        version=entry.originator_version,
        incident=incident,
        topic=event.TOPIC,
        by=entry.by,
        because=entry.because,
        text=sentence(event),
        corrects=corrects,
        **times,
    )
    for row in {getattr(event, name, None) for name in _ROWS} - {None}:
        rows.add(schema.mentions, roster=entry.originator_id, row=row, position=position)
    if corrects is not None:
        rows.corrected.append({"of": entry.originator_id, "which": corrects, "at": position})


def _add_fact(
    rows: _Rows, position: int, entry: Entry, event: FactRecorded | FactCorrected, times: dict[str, str]
) -> None:
    rows.add(
        schema.facts,
        incident=entry.originator_id,
        version=entry.originator_version,
        position=position,
        path=event.path,
        value=event.value,
        by=entry.by,
        source=event.source,
        **times,
    )


def _change_user(
    connection: Connection,
    at: str,
    event: UserEnrolled | UserRemoved | PassphraseChanged | RecoveryCodeMade | SecondFactorChanged,
) -> None:
    users, values = schema.users, {"changed_at": at}
    match event:
        case UserEnrolled():
            # Whoever comes back begins anew.
            connection.execute(delete(users).where(users.c.user == event.user))
            begun = {"removed": False, "second_factor": False, "recovery_code_at": None}
            _insert(connection, users, user=event.user, name=event.name, role=event.role, **begun, **values)
            return
        case UserRemoved():
            change: dict[str, object] = {"removed": True, "second_factor": False, "recovery_code_at": None}
        case RecoveryCodeMade():
            change = {"recovery_code_at": at}
        case SecondFactorChanged():
            change = {"second_factor": event.on}
        case PassphraseChanged():
            change = {}
        case _:
            assert_never(event)
    connection.execute(update(users).where(users.c.user == event.user).values(**change, **values))


def _change_row(connection: Connection, position: int, entry: Entry, event: Event) -> None:  # noqa: PLR0912, PLR0915
    stream = entry.originator_id
    match event:
        case CaseOpened():
            _insert(
                connection,
                schema.case_file,
                stream=stream,
                name=event.name,
                exercise_of=event.exercise_of,
                facts={},
                contact={},
            )
        case OrganizationDescribed():
            connection.execute(
                update(schema.case_file)
                .where(schema.case_file.c.stream == stream)
                .values(facts=event.facts, contact=event.contact)
            )
        case UserEnrolled() | UserRemoved() | PassphraseChanged() | RecoveryCodeMade() | SecondFactorChanged():
            _change_user(connection, entry.recorded_at.isoformat(), event)
        case IncidentOpened():
            _insert(
                connection,
                schema.incidents,
                id=stream,
                reference=event.reference,
                title=event.title,
                opened_at=entry.recorded_at.isoformat(),
                closed=False,
                last_position=position,
            )
        case DecisionMade():
            _set(connection, schema.incidents, stream, decision=event.decision)
        case IncidentClosed():
            _set(connection, schema.incidents, stream, closed=True)
        case ReadingAdopted():
            connection.execute(
                insert(schema.readings)
                .prefix_with("OR REPLACE")
                .values(incident=stream, obligation_id=event.obligation_id, reading_id=event.reading_id)
            )
        case NoticeDrafted():
            _insert(
                connection,
                schema.notices,
                id=stream,
                incident=event.incident_id,
                kind=event.kind,
                status="draft",
                obligations=list(event.obligations),
                drafted_by=entry.by,
                last_position=position,
            )
        case NoticeRevised():
            _notice(connection, position, stream, status="draft", approved_by=None, documents=None)
        case MarkupDecided() | SampleSigned() | SampleRefused() | ReviewSent():
            _notice(connection, position, stream)
        case NoticeSubmitted():
            _notice(connection, position, stream, status="in review", approved_by=None, documents=None)
        case ChangesRequested():
            _notice(connection, position, stream, status="changes requested", approved_by=None)
        case NoticeRejected():
            _notice(connection, position, stream, status="rejected", approved_by=None)
        case NoticeApproved():
            before = connection.execute(select(schema.notices.c.status).where(schema.notices.c.id == stream)).scalar()
            # Counsel's own approval after a reported one changes nothing about what was made or sent under that one.
            status = "approved" if before == "in review" else before
            _notice(connection, position, stream, status=status, approved_by=entry.by)
        case ApprovalReported():
            who = f"{event.counsel} (reported by {entry.by})"
            _notice(connection, position, stream, status="approved", approved_by=who)
        case NoticeRendered():
            _notice(connection, position, stream, status="rendered", documents=event.documents)
        case NoticeDispatched():
            # What is partly sent was not sent: the day is that of the last batch.
            sent = {"status": "partly sent"} if event.remaining else {"status": "dispatched", "sent_on": event.on}
            _notice(connection, position, stream, **sent)
        case NoticeWithdrawn():
            _notice(connection, position, stream, status="withdrawn")
        case FilingPrepared():
            _insert(
                connection,
                schema.filings,
                id=stream,
                incident=event.incident_id,
                notice=event.notice_id,
                obligation_id=event.obligation_id,
                recipient=event.recipient,
                entities=list(event.entities),
                addendum_ready=False,
                last_position=position,
            )
        case FilingSubmitted():
            _set(
                connection,
                schema.filings,
                stream,
                filed_on=event.on,
                channel=event.channel,
                tracking=event.tracking,
                count=event.count,
                estimated=event.estimated,
                last_position=position,
            )
        case ReceiptRecorded():
            number = {"tracking": event.tracking} if event.tracking is not None else {}
            _set(connection, schema.filings, stream, last_position=position, **number)
        case AddendumPrepared():
            _set(
                connection, schema.filings, stream, notice=event.notice_id, addendum_ready=True, last_position=position
            )
        case AddendumFiled():
            told = {"count": event.count, "estimated": event.estimated} if event.count is not None else {}
            _set(connection, schema.filings, stream, addendum_ready=False, last_position=position, **told)
        case AdviceGiven():
            _insert(
                connection,
                schema.advice,
                id=stream,
                incident=event.incident_id,
                position=position,
                given_at=entry.occurred_at.isoformat(),
                by=entry.by,
                subject=event.subject,
                **_described(entry, event),
            )
        case AdviceCorrected():
            _set(connection, schema.advice, stream, **_described(entry, event))
        case RosterOpened():
            _insert(
                connection,
                schema.rosters,
                id=stream,
                incident=event.incident_id,
                source_name=event.source_name,
                opened_position=position,
                closed=False,
                by_state={},
                **msgspec.structs.asdict(Tally()),
            )
        case (
            RosterClosed()
            | KindsCounted()
            | QuarantineResolved()
            | PersonCorrected()
            | ContactOutcome()
            | RowMerged()
            | RowUnmerged()
            | RowLinked()
            | RowUnlinked()
        ):
            _count(connection, stream, event)
        case CoveredEntityRecorded() | CoveredEntityTold():
            add_entity(connection, entry)
        case _:
            pass  # shown in the timeline only


def _count(connection: Connection, roster: UUID, event: Event) -> None:
    table = schema.rosters
    row = connection.execute(select(table).where(table.c.id == roster)).one()._mapping
    before = Tally(**{name: row[name] for name in Tally.__struct_fields__})
    after = tally_after(before, event)
    closed = row["closed"] or isinstance(event, RosterClosed)
    _set(connection, table, roster, closed=closed, by_state=after.by_state, **msgspec.structs.asdict(after))


def _described(entry: Entry, event: AdviceGiven | AdviceCorrected) -> dict[str, object]:
    return {
        "version": entry.originator_version,
        "recipients": list(event.recipients),
        "basis": event.basis,
        "description": event.description,
    }


def _insert(connection: Connection, table: Table, **values: object) -> None:
    connection.execute(insert(table).values(**values))


def _set(connection: Connection, table: Table, row_id: UUID, **values: object) -> None:
    connection.execute(update(table).where(table.c.id == row_id).values(**values))


def _notice(connection: Connection, position: int, notice_id: UUID, **values: object) -> None:
    _set(connection, schema.notices, notice_id, last_position=position, **values)

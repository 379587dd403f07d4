"""What screens, notices and the command line may read: typed rows, as of the position of their projection."""

from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Row, Table, and_, func, or_, select
from sqlalchemy.sql import Select

from incident import facts as fact_sheets
from incident.errors import InvalidInput, NotFound
from incident.events import JsonValue
from incident.facts import KnownFact
from incident.views import schema
from incident.views.entities import EntityRow, entities_of
from incident.views.filing_history import FilingStep, filing_steps
from incident.views.kept import Kept
from incident.views.projector import Projection
from jurisdictions.assess import assess
from jurisdictions.facts import BreachFacts
from jurisdictions.obligations import Assessment
from jurisdictions.rulebook import Rulebook

ANCHOR_FACTS = ("organization.time_zone", "incident.discovered_at")
"""Without these two nothing can be counted (facts contract)."""


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all rows."""


T = TypeVar("T", bound=_Row)


class CaseRow(_Row, frozen=True, kw_only=True):
    """The organization whose case file this is. `facts` are contract paths, `contact` what notices print."""

    stream: UUID
    name: str
    exercise_of: str | None
    facts: dict[str, JsonValue]
    contact: dict[str, str]


class UserRow(_Row, frozen=True, kw_only=True):
    """A person who may open the case, or was `removed`.

    `recovery_code_at` is when the recovery code that is valid was made; None where there is none.
    """

    user: str
    name: str
    role: str
    removed: bool
    second_factor: bool
    recovery_code_at: datetime | None
    changed_at: datetime


class IncidentRow(_Row, frozen=True, kw_only=True):
    """An incident on the home screen."""

    id: UUID
    reference: str
    title: str
    opened_at: datetime
    closed: bool
    decision: str | None
    last_position: int


class TimelineRow(_Row, frozen=True, kw_only=True):
    """One line of the log. `corrected_at_position` is set where a later entry corrects this one."""

    position: int
    stream: UUID
    version: int
    incident: UUID | None
    topic: str
    occurred_at: datetime
    recorded_at: datetime
    by: str
    because: str | None
    text: str
    corrects: int | None
    corrected_at_position: int | None


class FactRow(_Row, frozen=True, kw_only=True):
    """What is known of one path, with the event number that says so."""

    incident: UUID
    version: int
    position: int
    path: str
    value: JsonValue
    occurred_at: datetime
    recorded_at: datetime
    by: str
    source: str | None


class NoticeRow(_Row, frozen=True, kw_only=True):
    """A notice in the list of an incident."""

    id: UUID
    incident: UUID
    kind: str
    status: str
    obligations: tuple[str, ...]
    drafted_by: str
    approved_by: str | None
    documents: int | None
    sent_on: date | None
    last_position: int


class FilingRow(_Row, frozen=True, kw_only=True):
    """A filing in the list of an incident. `count` is what the regulator was last told, `notice` its newest document.

    `entities` are the covered entities that it is filed for; `addendum_ready` while an addendum waits to be filed.
    """

    id: UUID
    incident: UUID
    notice: UUID
    obligation_id: str
    recipient: str
    filed_on: date | None
    channel: str | None
    tracking: str | None
    count: int | None
    last_position: int
    estimated: bool | None = None
    entities: tuple[int, ...] = ()
    addendum_ready: bool = False


class AdviceRow(_Row, frozen=True, kw_only=True):
    """Advice of counsel as a privilege log tells of it; `position` is its event number, the words are not here.

    `version` is the newest of its stream, whose words stand; `subject` is `notice:ID`, `duty:ID`, `entry:N` or empty.
    """

    id: UUID
    incident: UUID
    position: int
    version: int
    given_at: datetime
    by: str
    subject: str
    recipients: tuple[str, ...]
    basis: str
    description: str


class RosterRow(_Row, frozen=True, kw_only=True):
    """An imported list of people, by numbers: rows_in = accepted + quarantined + merged.

    Rows excluded for good are counted in `quarantined` as well as in `excluded`. `by_state` and `kinds` (State ->
    kinds of data joined by commas -> people) count the accepted; `contact_open` and `next_of_kin_open` are people of
    whom it is not settled whether they can be reached in writing.
    """

    id: UUID
    incident: UUID
    source_name: str
    opened_position: int
    closed: bool
    rows_in: int
    accepted: int
    quarantined: int
    merged: int
    excluded: int
    minors: int
    deceased: int
    insufficient_contact: int
    next_of_kin_insufficient_contact: int
    by_state: dict[str, int]
    contact_open: int = 0
    next_of_kin_open: int = 0
    kinds: dict[str, dict[str, int]] = {}


class LetterRow(_Row, frozen=True, kw_only=True):
    """One accepted person as a letter needs them: how to address it, or (`excluded`) why there is none.

    `row` is the line of the roster file, `code` the reference printed on the letter, `audience` who reads it
    (adult, parent_of_minor, next_of_kin, personal_representative), `state` the State of residence or "", `basis` the
    rule by which it goes there, `abroad` whether that is outside the United States. `email` is where to write to
    somebody who agreed to electronic notice, else empty; they have a salutation even where no letter can go.
    """

    roster: UUID
    row: int
    code: str
    state: str
    language: str
    name_lines: tuple[str, ...] = ()
    address_lines: tuple[str, ...] = ()
    salutation: str = ""
    audience: str = ""
    excluded: str | None = None
    large_print: bool = False
    email: str = ""
    basis: str = ""
    abroad: bool = False


class Board(_Row, frozen=True, kw_only=True):
    """The duties of an incident at a moment, or what must be answered before anything can be counted."""

    incident: IncidentRow
    assessment: Assessment | None
    problems: tuple[str, ...]


class Queries:
    """Reads of one projection. Cheap to make; safe to use from several threads."""

    def __init__(self, projection: Projection, rulebook: Rulebook) -> None:
        self._projection = projection
        self._rulebook = rulebook

    @property
    def position(self) -> int:
        """The event number up to which these answers hold."""
        return self._projection.position

    @property
    def kept(self) -> Kept:
        """Entries that are kept whole: batches, postings, calls, shifts."""
        return self._projection.kept

    @property
    def rulebook(self) -> Rulebook:
        """The law by which boards are computed."""
        return self._rulebook

    def case(self) -> CaseRow:
        """The organization. Raises NotFound in a log without a case."""
        rows = self._rows(select(schema.case_file))
        if not rows:
            raise NotFound("this log holds no case")
        return _typed(CaseRow, rows[0])

    def users(self) -> tuple[UserRow, ...]:
        """Everybody who may open the case, by user name."""
        return tuple(row for row in self.everybody() if not row.removed)

    def everybody(self) -> tuple[UserRow, ...]:
        """Everybody who was ever enrolled, by user name."""
        return tuple(_typed(UserRow, row) for row in self._rows(select(schema.users).order_by(schema.users.c.user)))

    def user(self, name: str) -> UserRow:
        """One person; those who were removed keep their name in the record."""
        rows = self._rows(select(schema.users).where(schema.users.c.user == name))
        if not rows:
            raise NotFound(f"nobody is enrolled as {name!r}")
        return _typed(UserRow, rows[0])

    def incidents(self) -> tuple[IncidentRow, ...]:
        """All incidents, the latest worked on first."""
        newest_first = select(schema.incidents).order_by(schema.incidents.c.last_position.desc())
        return tuple(_typed(IncidentRow, row) for row in self._rows(newest_first))

    def incident(self, incident_id: UUID) -> IncidentRow:
        """One incident."""
        return _typed(IncidentRow, self._one(schema.incidents, incident_id, "incident"))

    def incident_by_reference(self, reference: str) -> IncidentRow:
        """The incident people call by this reference, such as 2026-014."""
        rows = self._rows(select(schema.incidents).where(schema.incidents.c.reference == reference))
        if not rows:
            known = ", ".join(row.reference for row in self.incidents()) or "none yet"
            raise NotFound(f"no incident {reference!r} (there are: {known})")
        return _typed(IncidentRow, rows[0])

    def timeline(self, incident_id: UUID | None = None, after: int = 0) -> tuple[TimelineRow, ...]:
        """The log in order: one incident with its notices, filings and rosters, or everything."""
        table = schema.entries
        query = select(table).where(table.c.position > after).order_by(table.c.position)
        if incident_id is not None:
            query = query.where(table.c.incident == incident_id)
        return tuple(_typed(TimelineRow, row) for row in self._rows(query))

    def person_history(self, roster_id: UUID, row: int) -> tuple[TimelineRow, ...]:
        """What the log has of one person: the import, every entry that speaks of the row, and letters that went out.

        Letters are those of the incident since the import; whether there was one for the person, its proof tells.
        """
        entries, mentions = schema.entries, schema.mentions
        roster = self.roster(roster_id)
        of_row = select(mentions.c.position).where(mentions.c.roster == roster_id, mentions.c.row == row)
        whole = entries.c.stream == roster_id
        imported = and_(whole, entries.c.topic.in_(("roster.opened", "roster.closed", "roster.exported")))
        letters = and_(
            entries.c.incident == roster.incident,
            entries.c.position > roster.opened_position,
            entries.c.topic.in_(("notice.rendered", "notice.dispatched")),
            entries.c.stream.in_(select(schema.notices.c.id).where(schema.notices.c.kind == "individual_letter")),
        )
        query = select(entries).where(or_(entries.c.position.in_(of_row), imported, letters))
        return tuple(_typed(TimelineRow, found) for found in self._rows(query.order_by(entries.c.position)))

    def version(self, stream: UUID) -> int:
        """How many entries a stream has; 0 for one that did not begin yet."""
        table = schema.entries
        (row,) = self._rows(select(func.count().label("entries")).where(table.c.stream == stream))
        return int(row.entries)

    def position_of(self, stream: UUID, version: int) -> int:
        """The event number of an entry of a stream. Raises NotFound where it was not recorded yet."""
        table = schema.entries
        rows = self._rows(select(table.c.position).where(table.c.stream == stream, table.c.version == version))
        if not rows:
            raise NotFound(f"no entry {version} of {stream}")
        return int(rows[0].position)

    def recorded_by(self, moment: datetime) -> int:
        """The last event number that was recorded by a moment; 0 for none. The order is that of the numbers."""
        table = schema.entries
        newest_first = select(table.c.position, table.c.recorded_at).order_by(table.c.position.desc())
        recorded = ((int(row.position), datetime.fromisoformat(row.recorded_at)) for row in self._rows(newest_first))
        return next((position for position, recorded_at in recorded if recorded_at <= moment), 0)

    def facts(self, incident_id: UUID) -> dict[str, FactRow]:
        """What is known now, by path."""
        table = schema.facts
        rows = self._rows(select(table).where(table.c.incident == incident_id).order_by(table.c.version))
        return {row.path: row for row in (_typed(FactRow, row) for row in rows)}

    def fact_sheet(self, incident_id: UUID) -> dict[str, KnownFact]:
        """What is known now, in the domain's own form."""
        return {
            path: KnownFact(
                path=path,
                value=row.value,
                version=row.version,
                occurred_at=row.occurred_at,
                recorded_at=row.recorded_at,
                by=row.by,
                source=row.source,
            )
            for path, row in self.facts(incident_id).items()
        }

    def breach_facts(self, incident_id: UUID) -> BreachFacts:
        """What is known now, in the engine's types. Raises InvalidInput where it cannot be assessed yet."""
        return fact_sheets.breach_facts(self.fact_sheet(incident_id))

    def adopted_readings(self, incident_id: UUID) -> dict[str, str]:
        """Obligation id -> the reading counsel adopted."""
        table = schema.readings
        rows = self._rows(select(table).where(table.c.incident == incident_id))
        return {row.obligation_id: row.reading_id for row in rows}

    def board(self, incident_id: UUID, now: datetime, law_as_of: date | None = None) -> Board:
        """The duties as of these facts and that moment."""
        incident = self.incident(incident_id)
        sheet = self.fact_sheet(incident_id)
        missing = tuple(
            f"{path}: needed before any date can be counted" for path in ANCHOR_FACTS if not _is_known(sheet, path)
        )
        if missing:
            return Board(incident=incident, assessment=None, problems=missing)
        try:
            facts = fact_sheets.breach_facts(sheet)
        except InvalidInput as error:
            return Board(incident=incident, assessment=None, problems=error.faults)
        assessment = assess(
            facts, self._rulebook, as_of=now, law_as_of=law_as_of, adopted=self.adopted_readings(incident_id)
        )
        return Board(incident=incident, assessment=assessment, problems=())

    def notices(self, incident_id: UUID | None = None) -> tuple[NoticeRow, ...]:
        """Notices, oldest first; of one incident or of all."""
        return tuple(_typed(NoticeRow, row) for row in self._of_incident(schema.notices, incident_id))

    def notice(self, notice_id: UUID) -> NoticeRow:
        """One notice."""
        return _typed(NoticeRow, self._one(schema.notices, notice_id, "notice"))

    def filings(self, incident_id: UUID | None = None) -> tuple[FilingRow, ...]:
        """Filings, oldest first; of one incident or of all."""
        return tuple(_typed(FilingRow, row) for row in self._of_incident(schema.filings, incident_id))

    def filing(self, filing_id: UUID) -> FilingRow:
        """One filing."""
        return _typed(FilingRow, self._one(schema.filings, filing_id, "filing"))

    def filing_steps(self, filing_id: UUID) -> tuple[FilingStep, ...]:
        """What was done to one filing, in its order."""
        return filing_steps(self._projection, filing_id)

    def covered_entities(self, incident_id: UUID) -> tuple[EntityRow, ...]:
        """The covered entities of an incident of a business associate, by number."""
        return entities_of(self._projection, incident_id)

    def advice(self, incident_id: UUID | None = None) -> tuple[AdviceRow, ...]:
        """Advice of counsel in the order it was recorded, without its words; of one incident or of all."""
        query = select(schema.advice).order_by(schema.advice.c.position)
        if incident_id is not None:
            query = query.where(schema.advice.c.incident == incident_id)
        return tuple(_typed(AdviceRow, row) for row in self._rows(query))

    def rosters(self, incident_id: UUID) -> tuple[RosterRow, ...]:
        """Imported lists of one incident, oldest first."""
        table = schema.rosters
        query = select(table).where(table.c.incident == incident_id).order_by(table.c.opened_position)
        return tuple(_typed(RosterRow, row) for row in self._rows(query))

    def roster(self, roster_id: UUID) -> RosterRow:
        """One imported list."""
        return _typed(RosterRow, self._one(schema.rosters, roster_id, "roster"))

    def _of_incident(self, table: Table, incident_id: UUID | None) -> list[Row[Any]]:
        query = select(table).order_by(table.c.last_position)
        if incident_id is not None:
            query = query.where(table.c.incident == incident_id)
        return self._rows(query)

    def _one(self, table: Table, row_id: UUID, what: str) -> Row[Any]:
        rows = self._rows(select(table).where(table.c.id == row_id))
        if not rows:
            raise NotFound(f"no {what} {row_id}")
        return rows[0]

    def _rows(self, query: Select[Any]) -> list[Row[Any]]:
        return self._projection.rows(query)


def _is_known(sheet: dict[str, KnownFact], path: str) -> bool:
    return path in sheet and sheet[path].value is not None


def _typed(row_type: type[T], row: Row[Any]) -> T:
    # Column names are a subclass of str, which msgspec does not take as keys.
    return msgspec.convert({str(column): value for column, value in row._mapping.items()}, row_type)

"""The log of small breaches of a calendar year: 45 CFR 164.408(c), over all incidents of a case.

No incident is dropped: one whose number is unknown or reaches across 500 is shown as such, one that was not a breach as
a documented decision, and one without a day of discovery apart from all years.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from incident.entities import facts_of_entity
from incident.events import JsonValue
from incident.incident import OUTCOMES
from incident.views.entities import EntityRow
from incident.views.entity_duties import WAITS, entity_of
from incident.views.ledger import HHS, PART2
from incident.views.queries import FilingRow, IncidentRow, NoticeRow, Queries
from jurisdictions.assess import assess
from jurisdictions.conditions import Bounds, at_least, fewer_than
from jurisdictions.facts import BreachFacts, Count, CountRange
from jurisdictions.obligations import Obligation, Status
from jurisdictions.yearly import YearDue, discovery_days, due_of_year

_NOT_A_BREACH = {name: words for name, words in OUTCOMES if name != "breach"}
_DECISIONS = frozenset({"incident.risk_assessed", "incident.decision_made"})
_KINDS = {HHS: "hhs_report", PART2: "part2_report"}


class Place(StrEnum):
    """Where an incident stands in the log of a year."""

    SMALL = "small"
    COUNT_OPEN = "count_open"
    LARGE = "large"
    NOT_A_BREACH = "not_a_breach"
    NOT_OWED = "not_owed"
    NO_DATE = "no_date"


class YearlyEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One report of one incident; a covered entity or a Part 2 form makes a further one.

    `individuals` is a number, a range or None (unknown). `why` says what puts it where it stands; `needs` are facts
    that could move it. `filing` is the newest of the report and `notice` its document; `drafts` are notices of its
    kind with their status, oldest first.
    """

    incident: UUID
    reference: str
    title: str
    obligation_id: str
    place: Place
    individuals: JsonValue
    entity: int | None = None
    entity_name: str | None = None
    discovered: date | None = None
    other_reading: str | None = None
    due: date | None = None
    status: str = ""
    why: str = ""
    needs: tuple[str, ...] = ()
    drafts: tuple[tuple[UUID, str], ...] = ()
    notice: UUID | None = None
    filing: UUID | None = None
    filed_on: date | None = None
    tracking: str | None = None

    @property
    def key(self) -> str:
        """What tells it from the others of the log."""
        return f"{self.incident} {self.obligation_id} {self.entity or ''}".strip()

    @property
    def kind(self) -> str:
        """The kind of report that it takes."""
        return _KINDS[self.obligation_id]


class YearlyLog(msgspec.Struct, frozen=True, kw_only=True):
    """The log of one calendar year of discovery as of an event number; `rule` is None for a year before the law."""

    organization: str
    exercise: bool
    year: int
    rule: YearDue | None
    as_of: datetime
    position: int
    entries: tuple[YearlyEntry, ...]

    def of(self, *places: Place) -> tuple[YearlyEntry, ...]:
        """The entries that stand there."""
        return tuple(entry for entry in self.entries if entry.place in places)


def year_in_work(queries: Queries, today: date) -> int:
    """The year whose log is worked on: the one before, until its day is over; then the present one."""
    before = due_of_year(today.year - 1, queries.rulebook)
    return today.year - 1 if before is not None and today <= before.due else today.year


def yearly_log(queries: Queries, year: int, now: datetime) -> YearlyLog:
    """The log of a calendar year of discovery, by reference."""
    case = queries.case()
    of_year = _Year(queries, year, now)
    found: list[YearlyEntry] = []
    for incident in sorted(queries.incidents(), key=lambda row: row.reference):
        found += of_year.entries(incident)
    return YearlyLog(
        organization=case.name,
        exercise=case.exercise_of is not None,
        year=year,
        rule=due_of_year(year, queries.rulebook),
        as_of=now,
        position=queries.position,
        entries=tuple(found),
    )


class _Year:
    """One calendar year, looked for in each incident."""

    def __init__(self, queries: Queries, year: int, now: datetime) -> None:
        self._queries = queries
        self._year = year
        self._now = now
        rule = due_of_year(year, queries.rulebook)
        self._limit = rule.fewer_than if rule is not None else 0

    def entries(self, incident: IncidentRow) -> Iterator[YearlyEntry]:
        """The reports of an incident that belong to the year, or may."""
        queries = self._queries
        board = queries.board(incident.id, self._now)
        if board.assessment is None:
            total = queries.facts(incident.id).get("affected.total")
            people = total.value if total is not None else None
            yield _without_date(incident, people, "; ".join(board.problems))
            return
        facts = queries.breach_facts(incident.id)
        duties = {duty.id: duty for duty in board.assessment.obligations}
        delegating = [row for row in queries.covered_entities(incident.id) if row.delegated is not False]
        if not delegating:
            yield from self._reports(incident, facts, duties)
        for row in delegating:
            yield from self._of_entity(incident, facts, row)

    def _of_entity(self, incident: IncidentRow, facts: BreachFacts, row: EntityRow) -> Iterator[YearlyEntry]:
        filings = [filing for filing in self._queries.filings(incident.id) if row.number in filing.entities]
        given = {filing.obligation_id: filing.filed_on for filing in filings if filing.filed_on is not None}
        theirs = facts_of_entity(facts, entity_of(row), given)
        if theirs is None:
            yield _without_date(incident, row.individuals, WAITS, row)
            return
        assessment = assess(theirs, self._queries.rulebook, as_of=self._now)
        yield from self._reports(incident, theirs, {duty.id: duty for duty in assessment.obligations}, row)

    def _reports(
        self,
        incident: IncidentRow,
        facts: BreachFacts,
        duties: Mapping[str, Obligation],
        entity: EntityRow | None = None,
    ) -> Iterator[YearlyEntry]:
        days = discovery_days(facts, self._queries.rulebook, self._now)
        in_year = [each for each in days if each.day.year == self._year]
        if not in_year:
            return
        elsewhere = [each for each in days if each.day.year != self._year]
        for name in (HHS, PART2) if facts.organization.part2_program is True else (HHS,):
            duty = duties[name]
            people = _part2_people(facts.affected.total) if name == PART2 else facts.affected.total
            place, why = self._placed(incident, duty, facts, people)
            filing = self._filing(incident.id, name, entity)
            yield YearlyEntry(
                incident=incident.id,
                reference=incident.reference,
                title=incident.title,
                obligation_id=name,
                place=place,
                individuals=_plain(people),
                entity=entity.number if entity is not None else None,
                entity_name=entity.name if entity is not None else None,
                discovered=in_year[0].day,
                other_reading="; ".join(f"{each.day}: {each.reading}" for each in elsewhere) or None,
                due=duty.due or duty.safest,
                status=str(duty.status),
                why=why,
                needs=duty.needs,
                drafts=tuple((row.id, row.status) for row in self._notices(incident.id, name)),
                notice=filing.notice if filing is not None else None,
                filing=filing.id if filing is not None else None,
                filed_on=filing.filed_on if filing is not None else duty.given,
                tracking=filing.tracking if filing is not None else None,
            )

    def _placed(self, incident: IncidentRow, duty: Obligation, facts: BreachFacts, people: Count) -> tuple[Place, str]:
        outcome = facts.incident.risk_assessment
        if outcome in _NOT_A_BREACH:
            return Place.NOT_A_BREACH, f"{_NOT_A_BREACH[outcome]}. {self._documented(incident.id)}"
        if duty.status is Status.NOT_REQUIRED:
            return Place.NOT_OWED, " ".join(duty.why[:2])
        low, high = _bounds(people)
        if at_least(self._limit, Bounds(low, high)):
            words = f"{self._limit} or more (164.408(b)): reported with the notice to individuals, not in this log."
            return Place.LARGE, words
        if fewer_than(self._limit, Bounds(low, high)):
            return Place.SMALL, f"Fewer than {self._limit} (164.408(c))."
        known = "not known" if high is None else f"{low:,} to {high:,}"
        words = f"The number is {known}: not settled whether fewer than {self._limit}. Plan by the earlier date."
        return Place.COUNT_OPEN, words

    def _documented(self, incident_id: UUID) -> str:
        """The entries that document the decision, as 45 CFR 164.414(b) asks for."""
        rows = [row for row in self._queries.timeline(incident_id) if row.topic in _DECISIONS]
        if not rows:
            return "No assessment is in the record: the fact alone does not meet the burden of proof (164.414(b))."
        return "; ".join(f"#{row.position} {row.text}{f': {row.because}' if row.because else ''}" for row in rows) + "."

    def _notices(self, incident_id: UUID, name: str) -> list[NoticeRow]:
        rows = self._queries.notices(incident_id)
        return [row for row in rows if row.kind == _KINDS[name] and row.status not in {"withdrawn", "rejected"}]

    def _filing(self, incident_id: UUID, name: str, entity: EntityRow | None) -> FilingRow | None:
        own = [filing for filing in self._queries.filings(incident_id) if filing.obligation_id == name]
        found = [each for each in own if (entity.number in each.entities if entity is not None else not each.entities)]
        return found[-1] if found else None


def _without_date(incident: IncidentRow, people: JsonValue, why: str, entity: EntityRow | None = None) -> YearlyEntry:
    return YearlyEntry(
        incident=incident.id,
        reference=incident.reference,
        title=incident.title,
        obligation_id=HHS,
        place=Place.NO_DATE,
        individuals=people,
        entity=entity.number if entity is not None else None,
        entity_name=entity.name if entity is not None else None,
        why=why,
    )


def _part2_people(people: Count) -> Count:
    """Some of all: the record counts patients with Part 2 records not apart."""
    _, high = _bounds(people)
    return None if high is None else CountRange(min=min(1, high), max=high)


def _bounds(people: Count) -> tuple[int, int | None]:
    match people:
        case None:
            return 0, None
        case int():
            return people, people
        case CountRange():
            return people.min, people.max


def _plain(people: Count) -> JsonValue:
    return {"min": people.min, "max": people.max} if isinstance(people, CountRange) else people

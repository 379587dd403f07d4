"""Reports to regulators in words: duties with their filings, what was told beside what is known, the history. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from rich.text import Text

from incident.views.entities import EntityRow
from incident.views.entity_duties import WAITS, EntityDuties, entity_duties
from incident.views.filing_history import FilingStep
from incident.views.ledger import HHS, LedgerLine, Standing, known_people, ledger
from incident.views.queries import FactRow, FilingRow, NoticeRow, Queries
from incident.views.wording import value_words
from jurisdictions.obligations import Obligation, Status
from tui.board import short_recipient, state_words
from tui.presenters import day, left, moment

Facts = Mapping[str, FactRow]

APPROVED = frozenset({"approved", "rendered", "dispatched"})
"""States of a notice from which a report may be filed."""


def to_regulator(obligation_id: str) -> bool:
    """Whether a duty is owed to a public authority, which takes a report."""
    stem, _, tail = obligation_id.partition(":")
    return stem.rpartition(".")[2] in {"hhs", "ftc", "cdph", "attorney_general", "hipaa_attorney_general"} or (
        stem.endswith(".regulator") and bool(tail)
    )


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A duty to report, with the latest filing made for it; either may be missing.

    `entity` is the covered entity for which a business associate reports; `waits` while that has discovered nothing.
    `line` compares what was told with what is known; `known` is that where it is one number.
    """

    obligation_id: str
    duty: Obligation | None = None
    filing: FilingRow | None = None
    line: LedgerLine | None = None
    known: int | None = None
    entity: EntityRow | None = None
    waits: bool = False

    @property
    def key(self) -> str:
        """What tells it from the other reports of its incident."""
        return self.obligation_id if self.entity is None else f"{self.obligation_id} {self.entity.number}"

    @property
    def addendum_due(self) -> bool:
        """Whether HHS was told another number than is known now."""
        return self.line is not None and self.line.addendum_due

    @property
    def differs(self) -> bool:
        """Whether the regulator was told another number than is known now."""
        return self.line is not None and self.line.standing is Standing.DIFFERS

    @property
    def whom(self) -> str:
        """The recipient in few words, and for whom it is."""
        name = short_recipient(self.obligation_id, self.filing.recipient if self.filing is not None else "")
        return name if self.entity is None else f"{name} for {self.entity.name}"


def reports(queries: Queries, incident_id: UUID, now: datetime) -> tuple[Report, ...]:
    """Every duty to report that is owed or was acted on, in the order of the board; what does not arise stays there.

    Those of the covered entities for which a business associate files come last.
    """
    assessment = queries.board(incident_id, now).assessment
    facts = queries.facts(incident_id)
    lines = {line.filing: line for line in ledger(queries, incident_id)}
    own = {row.obligation_id: row for row in queries.filings(incident_id) if not row.entities}
    duties = {duty.id: duty for duty in assessment.obligations} if assessment is not None else {}
    shown = [
        name
        for name, duty in duties.items()
        if to_regulator(name) and (duty.status is not Status.NOT_REQUIRED or name in own)
    ]
    shown += [name for name in own if name not in duties]
    found = [
        Report(
            obligation_id=name,
            duty=duties.get(name),
            filing=own.get(name),
            line=lines.get(own[name].id) if name in own else None,
            known=_number(known_people(name, facts)),
        )
        for name in shown
    ]
    return (*found, *_of_entities(entity_duties(queries, incident_id, now), lines))


def _of_entities(found: Sequence[EntityDuties], lines: Mapping[UUID, LedgerLine]) -> list[Report]:
    """The reports on behalf of covered entities, but for those that file themselves."""
    rows = [each.entity for each in found]
    made = []
    for each in found:
        latest = {row.obligation_id: row for row in each.filings}
        duties: dict[str, Obligation | None] = {duty.id: duty for duty in each.reports}
        if each.waits:
            duties = {HHS: None}
        if each.entity.delegated is not False or latest:
            for name in dict.fromkeys([*duties, *latest]):
                filing = latest.get(name)
                of = filing.entities if filing is not None else (each.entity.number,)
                made.append(
                    Report(
                        obligation_id=name,
                        duty=duties.get(name),
                        filing=filing,
                        line=lines.get(filing.id) if filing is not None else None,
                        known=_number(known_people(name, {}, rows, of)),
                        entity=each.entity,
                        waits=each.waits,
                    )
                )
    return made


def _number(people: object) -> int | None:
    return people if isinstance(people, int) else None


def report_cells(report: Report, now: datetime, zone: ZoneInfo) -> Sequence[Text]:
    """DUE, LEFT, TO WHOM, STATE, FILED, NUMBER."""
    duty, filing = report.duty, report.filing
    due = remaining = state = ""
    if report.waits:
        due, state = "waits on notice", "dependent"
    if duty is not None:
        state = state_words(duty)
        if duty.status is Status.WAITS:
            due = f"waits on {short_recipient(duty.waits_on or '')}"
        elif duty.safest is not None:
            due = day(duty.safest)
            if duty.status not in {Status.MET, Status.MET_LATE}:
                remaining = left(duty.safest, now, zone)
    if filing is None:
        filed = "who files?" if report.entity is not None and report.entity.delegated is None else ""
    elif filing.filed_on is None:
        filed = "prepared"
    else:
        filed = f"{filing.filed_on}"
    if report.differs:
        state = "ADDENDUM DUE" if report.addendum_due else "NUMBER DIFFERS"
    return (
        Text(due),
        Text(remaining, style="bold" if remaining.endswith(("late", "m", "h")) else ""),
        Text(report.whom),
        Text(state, style="bold" if report.differs else ""),
        Text(filed),
        Text(filing.tracking or "" if filing is not None else ""),
    )


def report_panel(report: Report) -> tuple[str | Text, ...]:
    """One report in full, and what comes next."""
    lines: list[str | Text] = [Text(report.whom, style="bold")]
    if report.duty is not None:
        lines.append(f"{report.duty.recipient} · {report.duty.standard} ({'; '.join(report.duty.citations)})")
    if report.waits:
        lines.append(WAITS)
    if report.entity is not None:
        lines.append(entity_words(report.entity))
    filing = report.filing
    if filing is None:
        lines.append("n prepares the report from an approved notice.")
    elif filing.filed_on is None:
        lines.append("Prepared. Enter opens the worksheet, f records it as filed.")
    else:
        number = f", number {filing.tracking}" if filing.tracking else ", no tracking number yet: r records it"
        lines.append(f"Filed on {filing.filed_on} by {filing.channel}{number}.")
    if report.line is not None:
        lines.append(Text(report.line.words, style="bold" if report.differs else ""))
        if report.line.standing is not Standing.AGREES:
            lines.append(report.line.rule)
    if filing is not None and filing.addendum_ready:
        lines.append("An addendum is prepared: Enter opens its worksheet, a records it as filed.")
    elif report.addendum_due:
        lines.append("Draft the addendum (5, then n: it starts with the words of the report), then n here prepares it.")
    return tuple(lines)


def entity_words(entity: EntityRow) -> str:
    """Covered entity 2, 450 individuals, told 2026-11-22; files through you."""
    told = f"told on {entity.told_on} ({entity.told_how})" if entity.told_on is not None else "not told yet"
    files = {True: "you file for it", False: "it files itself", None: "who files is not settled"}[entity.delegated]
    people = "number of individuals unknown" if entity.individuals is None else f"{_people(entity)} individuals"
    return f"Covered entity {entity.number}: {people}; {told} (45 CFR 164.410); {files}."


def _people(entity: EntityRow) -> str:
    return value_words(entity.individuals)


def entities_hint(queries: Queries, incident_id: UUID) -> str:
    """What a business associate has to do first; empty once a covered entity is named, and for everybody else."""
    role = queries.facts(incident_id).get("organization.hipaa_role")
    if role is None or role.value != "business_associate" or queries.covered_entities(incident_id):
        return ""
    return "You are the business associate here: e names the covered entities that are told and reported for."


def entity_cells(entity: EntityRow) -> Sequence[Text]:
    """NO, COVERED ENTITY, INDIVIDUALS, AGENT, FILES, TOLD."""
    said = {True: "yes", False: "no", None: "?"}
    files = {True: "we file", False: "itself", None: "?"}[entity.delegated]
    return (
        Text(f"{entity.number}"),
        Text(entity.name),
        Text("?" if entity.individuals is None else _people(entity)),
        Text(said[entity.agent]),
        Text(files),
        Text(f"{entity.told_on}" if entity.told_on is not None else "not yet", style="" if entity.told_on else "bold"),
    )


def history_lines(steps: Sequence[FilingStep], zone: ZoneInfo) -> tuple[Text, ...]:
    """Each step of a filing with its event number, who recorded it, and when."""
    lines = []
    for step in steps:
        kept = f", receipt kept (SHA-256 {step.receipt_sha256[:12]}…)" if step.receipt_sha256 else ""
        when = moment(step.recorded_at, zone)
        lines.append(Text.assemble((f"#{step.position} ", "bold"), f"{step.words}{kept} · {step.by}, {when}"))
    return tuple(lines)


def ledger_lines(found: Sequence[LedgerLine]) -> tuple[Text, ...]:
    """What each regulator was last told, and what is known now."""
    lines = []
    for line in found:
        whom = short_recipient(line.obligation_id, line.recipient)
        of = f" for {', '.join(line.entities)}" if line.entities else ""
        strong = "bold" if line.standing is Standing.DIFFERS else ""
        lines.append(Text.assemble((f"{whom}{of}", "bold"), f", filed {line.filed_on}"))
        lines.append(Text(f"  {line.words}", style=strong))
        lines.append(Text(f"  {line.rule}", style="dim"))
    return tuple(lines)


def ledger_note(found: Sequence[LedgerLine]) -> str:
    """For the board: 1 addendum due (HHS told 501, known now 1,240)."""
    told = [
        f"{short_recipient(line.obligation_id, line.recipient)} told {line.told:,}, known now {value_words(line.known)}"
        for line in found
        if line.standing is Standing.DIFFERS
    ]
    due = sum(line.addendum_due for line in found)
    name = f"{due} addend{'um' if due == 1 else 'a'} due" if due else "number differs"
    return f"{name}: {'; '.join(told)} (6)" if told else ""


def sources(notices: Sequence[NoticeRow], report: Report) -> tuple[NoticeRow, ...]:
    """The notices from which this report may be made: they serve the duty and are approved.

    An addendum is made of what was approved since the report was filed.
    """
    filing = report.filing
    since = filing.last_position if filing is not None and filing.filed_on is not None else 0
    served = (row for row in notices if report.obligation_id in row.obligations and row.status in APPROVED)
    return tuple(row for row in served if row.last_position > since)


def no_source(notices: Sequence[NoticeRow], report: Report) -> str:
    """Why there is none, and what to do."""
    if report.filing is not None and report.filing.filed_on is not None:
        return "No addendum was approved since: 5, then n drafts it with the words of the report; counsel approves it."
    waiting = [
        row
        for row in notices
        if report.obligation_id in row.obligations and row.status not in {"withdrawn", "rejected"}
    ]
    if waiting:
        return f"The notice for {report.whom} is {waiting[-1].status}; it has to be approved first."
    return f"No notice serves {report.whom} yet: 5, then n drafts it."

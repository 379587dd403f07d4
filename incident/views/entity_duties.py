"""The duties of a business associate's incident for each of its covered entities, each on its own number and dates."""

from datetime import datetime
from uuid import UUID

import msgspec

from incident import facts as fact_sheets
from incident.entities import CoveredEntity, facts_of_entity
from incident.errors import InvalidInput
from incident.events import CoveredEntityTold
from incident.views.entities import EntityRow
from incident.views.ledger import HHS, PART2
from incident.views.queries import FilingRow, Queries
from jurisdictions.assess import assess
from jurisdictions.facts import BreachFacts
from jurisdictions.obligations import Obligation, Status

WAITS = "It has discovered nothing yet: it was not told, and the organization is not its agent (45 CFR 164.404(a)(2))."


class EntityDuties(msgspec.Struct, frozen=True, kw_only=True):
    """One covered entity: whether it was told, and its reports to HHS.

    `reports` are its duties under 45 CFR 164.408 and, for Part 2 records, 42 CFR 2.16(b), as far as they arise; none
    while it has not discovered the breach (`waits`). `filings` are reports that were prepared or filed on its behalf.
    """

    entity: EntityRow
    reports: tuple[Obligation, ...]
    waits: bool
    filings: tuple[FilingRow, ...]


def entity_duties(queries: Queries, incident_id: UUID, now: datetime) -> tuple[EntityDuties, ...]:
    """The covered entities of an incident with their duties at a moment; none before dates can be counted."""
    rows = queries.covered_entities(incident_id)
    if not rows:
        return ()
    try:
        facts = fact_sheets.breach_facts(queries.fact_sheet(incident_id))
    except InvalidInput:
        return ()
    filings = queries.filings(incident_id)
    found = []
    for row in rows:
        own = tuple(filing for filing in filings if row.number in filing.entities)
        given = {filing.obligation_id: filing.filed_on for filing in own if filing.filed_on is not None}
        theirs = facts_of_entity(facts, entity_of(row), given)
        duties: tuple[Obligation, ...] = ()
        if theirs is not None:
            assessment = assess(theirs, queries.rulebook, as_of=now)
            reports = (assessment.get(name) for name in (HHS, PART2))
            duties = tuple(each for each in reports if each is not None and _arises(each, facts))
        found.append(EntityDuties(entity=row, reports=duties, waits=theirs is None, filings=own))
    return tuple(found)


def _arises(duty: Obligation, facts: BreachFacts) -> bool:
    """A Part 2 report is asked for only where Part 2 records are known to be involved."""
    return duty.status is not Status.NOT_REQUIRED and (duty.id == HHS or facts.organization.part2_program is True)


def entity_of(row: EntityRow) -> CoveredEntity:
    """The covered entity in the domain's own form."""
    told = None
    if row.told_on is not None:
        told = CoveredEntityTold(number=row.number, on=row.told_on, how=row.told_how or "", notice_id=row.told_notice)
    return CoveredEntity(
        number=row.number,
        name=row.name,
        version=row.version,
        individuals=row.individuals,
        agent=row.agent,
        delegated=row.delegated,
        details=row.details,
        told=told,
    )

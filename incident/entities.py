"""The covered entities of a business associate's incident: who they are, who was told, who files for whom.

To each of them the breach rule applies on its own: its own number of individuals decides between 45 CFR 164.408(b) and
(c), and its own discovery starts its clocks. HHS's commentary on that (78 FR 5653 and following) was not re-read.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import msgspec

from incident.errors import InvalidInput, NotFound, OutOfOrder
from incident.events import CoveredEntityRecorded, CoveredEntityTold, Entry, Event, JsonValue
from jurisdictions.facts import Affected, BreachFacts, BusinessAssociate, CountRange, Discovery, check_fact
from jurisdictions.vocabulary import EntityType, HipaaRole

COVERED_ENTITY = "us.hipaa.covered_entity"
"""The duty of 45 CFR 164.410, met when each covered entity has been told."""

NAMED_IN = "owner_name"
"""The field of a notice to a covered entity that names it."""

DETAILS = (
    *("type", "street1", "street2", "city", "state", "zip"),
    *("contact_name", "contact_email", "contact_phone"),
)
"""What forms print of a covered entity; `type` is an entity type of the facts contract."""


class CoveredEntity(msgspec.Struct, frozen=True, kw_only=True):
    """One covered entity; `version` is the entry that says so, `told` the first time it was told."""

    number: int
    name: str
    version: int
    individuals: JsonValue = None
    agent: bool | None = None
    delegated: bool | None = None
    details: dict[str, str] = {}
    told: CoveredEntityTold | None = None


Entities = Mapping[int, CoveredEntity]
"""By number."""


def evolve_entities(known: Entities, entry: Entry) -> dict[int, CoveredEntity]:
    """The covered entities after one more entry of the incident."""
    match entry.event:
        case CoveredEntityRecorded() as event:
            before = known.get(event.number)
            entity = CoveredEntity(
                number=event.number,
                name=event.name,
                version=entry.originator_version,
                individuals=event.individuals,
                agent=event.agent,
                delegated=event.delegated,
                details=event.details,
                told=before.told if before is not None else None,
            )
        case CoveredEntityTold() as event:
            entity = known[event.number]
            if entity.told is None or event.on < entity.told.on:
                entity = msgspec.structs.replace(entity, told=event)
        case _:
            return dict(known)
    return {**known, entity.number: entity}


def decide_entity(
    known: Entities,
    role: JsonValue,
    *,
    name: str,
    individuals: JsonValue,
    agent: bool | None,
    delegated: bool | None,
    details: Mapping[str, str],
    number: int | None = None,
) -> list[Event]:
    """Name a covered entity, or (`number`) correct what is known of one; the same again records nothing.

    Raises:
        OutOfOrder: the organization is not recorded as a business associate (`role`).
    """
    if role != HipaaRole.BUSINESS_ASSOCIATE:
        raise OutOfOrder(
            "covered entities are named where the organization is a business associate: "
            "record organization.hipaa_role = business_associate first (45 CFR 160.103)"
        )
    kept = {key: words.strip() for key, words in details.items() if words.strip()}
    faults = [f"{key}: no such detail; there are {', '.join(DETAILS)}" for key in kept if key not in DETAILS]
    faults += [f"individuals: {fault.message}" for fault in check_fact("affected.total", individuals)]
    if "type" in kept and kept["type"] not in set(EntityType):
        faults.append(f"type: {kept['type']!r} is not one of {', '.join(EntityType)}")
    faults += [f"state: {fault.message}" for fault in check_fact("organization.state", kept.get("state"))]
    if not name.strip():
        faults.append("name: which covered entity?")
    twin = next((each for each in known.values() if _same(each.name, name) and each.number != number), None)
    if twin is not None:
        faults.append(f"name: {twin.name} is covered entity {twin.number} already")
    if faults:
        raise InvalidInput(*faults)
    before = None if number is None else entity_numbered(known, number)
    event = CoveredEntityRecorded(
        number=number or max(known, default=0) + 1,
        name=name.strip(),
        individuals=individuals,
        agent=agent,
        delegated=delegated,
        details=kept,
        corrects=before.version if before is not None else None,
    )
    if before is not None and _recorded(before) == (event.name, individuals, agent, delegated, kept):
        return []
    return [event]


def decide_told(known: Entities, told: CoveredEntityTold, today: date) -> list[Event]:
    """Record that a covered entity was told."""
    entity_numbered(known, told.number)
    if told.on > today:
        raise InvalidInput(f"on: {told.on} lies in the future (today is {today})")
    if not told.how.strip():
        raise InvalidInput("how: say how it was told (letter, e-mail, telephone)")
    return [told]


def entity_numbered(known: Entities, number: int) -> CoveredEntity:
    """The covered entity of that number.

    Raises:
        NotFound: there is none.
    """
    if number not in known:
        raise NotFound(f"covered entity {number}: there is none; there are {', '.join(map(str, known)) or 'none'}")
    return known[number]


def entity_named(known: Entities, name: str) -> CoveredEntity | None:
    """The covered entity that a notice names."""
    return next((each for each in known.values() if _same(each.name, name)), None)


def all_told_on(known: Entities) -> date | None:
    """The day on which the last of them was told; None while one is not. 45 CFR 164.410(a)(1) is owed to each."""
    days = [each.told.on for each in known.values() if each.told is not None]
    return max(days) if known and len(days) == len(known) else None


def facts_of_entity(facts: BreachFacts, entity: CoveredEntity, given: Mapping[str, date]) -> BreachFacts | None:
    """The breach as it is the covered entity's own; `given` is what was done for it.

    None while it has not discovered anything: it was not told, and the organization is not its agent. The discovery of
    an agent is its own (164.404(a)(2)); where it is not settled who is one, both readings follow and the earlier leads.
    """
    ours = facts.incident.discovered_at
    told = _noon(entity.told.on, facts.organization.time_zone) if entity.told is not None else None
    if told is None and entity.agent is False:
        return None
    organization = msgspec.structs.replace(
        facts.organization,
        name=entity.name,
        state=entity.details.get("state"),
        hipaa_role=HipaaRole.COVERED_ENTITY,
        entity_type=EntityType(entity.details["type"]) if entity.details.get("type") else None,
    )
    associate = BusinessAssociate(is_agent=entity.agent, discovered_at=ours, notified_us_at=told)
    return msgspec.structs.replace(
        facts,
        organization=organization,
        incident=msgspec.structs.replace(facts.incident, discovered_at=told or ours),
        discovery=Discovery(business_associate=associate),
        affected=Affected(total=count_of(entity.individuals)),
        given=dict(given),
    )


def count_of(individuals: JsonValue) -> int | CountRange | None:
    """A number of people in the engine's type."""
    if isinstance(individuals, dict):
        return CountRange(min=individuals["min"], max=individuals["max"])
    return individuals if isinstance(individuals, int) else None


def _noon(day: date, zone: str) -> datetime:
    """A moment on a civil date; only its day counts."""
    return datetime.combine(day, time(12), tzinfo=ZoneInfo(zone))


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _recorded(entity: CoveredEntity) -> tuple[object, ...]:
    return entity.name, entity.individuals, entity.agent, entity.delegated, entity.details

"""The incident: its state, how entries change it, and what may be decided in it. No I/O and no clock.

`decide_*` functions take the state and a wish and return the events to record, or raise a named refusal.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import assert_never
from uuid import UUID

import msgspec

from incident import facts as fact_sheets
from incident.entities import CoveredEntity, evolve_entities
from incident.errors import InvalidInput, NotFound, OutOfOrder
from incident.events import (
    ActionCorrected,
    ActionLogged,
    AssessedDuty,
    AssessmentMade,
    CoveredEntityRecorded,
    CoveredEntityTold,
    DecisionMade,
    Entry,
    Event,
    EvidenceAttached,
    FactCorrected,
    FactorFinding,
    FactRecorded,
    IncidentClosed,
    IncidentOpened,
    JsonValue,
    ReadingAdopted,
    RiskAssessed,
)
from incident.facts import KnownFact
from jurisdictions.assess import LAW_AS_OF
from jurisdictions.facts import check_fact
from jurisdictions.obligations import Assessment, diff_assessments

IncidentEvent = (
    IncidentOpened
    | FactRecorded
    | FactCorrected
    | ActionLogged
    | ActionCorrected
    | EvidenceAttached
    | RiskAssessed
    | DecisionMade
    | ReadingAdopted
    | AssessmentMade
    | CoveredEntityRecorded
    | CoveredEntityTold
    | IncidentClosed
)

FACTORS: tuple[tuple[str, str], ...] = (
    ("nature_and_extent", "Nature and extent of the PHI, identifiers, likelihood of re-identification"),
    ("unauthorized_person", "Who used the PHI or to whom it was disclosed"),
    ("acquired_or_viewed", "Whether the PHI was actually acquired or viewed"),
    ("mitigated", "The extent to which the risk has been mitigated"),
)
"""The four factors of 45 CFR 164.402, definition of breach, paragraph (2)(i)-(iv), in statutory order."""

OUTCOMES: tuple[tuple[str, str], ...] = (
    ("breach", "A low probability of compromise cannot be shown: notify (45 CFR 164.402(2))"),
    ("low_probability", "A low probability of compromise is demonstrated (45 CFR 164.402(2))"),
    ("exception_workforce", "Unintentional good-faith access within scope of authority (164.402(1)(i))"),
    ("exception_inadvertent", "Inadvertent disclosure between authorized persons (164.402(1)(ii))"),
    ("exception_not_retained", "Recipient could not reasonably have retained it (164.402(1)(iii))"),
)
_NOT_A_BREACH = frozenset(outcome for outcome, _ in OUTCOMES if outcome != "breach")
_RATINGS = range(1, 5)


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one incident after `version` entries."""

    id: UUID
    version: int = 0
    reference: str = ""
    title: str = ""
    facts: dict[str, KnownFact] = {}
    actions: dict[int, str] = {}
    evidence: tuple[EvidenceAttached, ...] = ()
    risk: RiskAssessed | None = None
    decision: str | None = None
    adopted: dict[str, str] = {}
    assessed: AssessmentMade | None = None
    entities: dict[int, CoveredEntity] = {}
    closed: bool = False


def evolve(state: Incident, entry: Entry) -> Incident:
    """The state after one more entry."""
    event: IncidentEvent = entry.event  # type: ignore[assignment]  # the stream holds only these
    version = entry.originator_version
    changed: Incident
    match event:
        case IncidentOpened():
            changed = msgspec.structs.replace(state, reference=event.reference, title=event.title)
        case FactRecorded() | FactCorrected():
            changed = msgspec.structs.replace(state, facts={**state.facts, **fact_sheets.fold((entry,))})
        case ActionLogged():
            changed = msgspec.structs.replace(state, actions={**state.actions, version: event.text})
        case ActionCorrected():
            changed = msgspec.structs.replace(state, actions={**state.actions, event.corrects: event.text})
        case EvidenceAttached():
            changed = msgspec.structs.replace(state, evidence=(*state.evidence, event))
        case RiskAssessed():
            changed = msgspec.structs.replace(state, risk=event)
        case DecisionMade():
            changed = msgspec.structs.replace(state, decision=event.decision)
        case ReadingAdopted():
            changed = msgspec.structs.replace(state, adopted={**state.adopted, event.obligation_id: event.reading_id})
        case AssessmentMade():
            changed = msgspec.structs.replace(state, assessed=event)
        case CoveredEntityRecorded() | CoveredEntityTold():
            changed = msgspec.structs.replace(state, entities=evolve_entities(state.entities, entry))
        case IncidentClosed():
            changed = msgspec.structs.replace(state, closed=True)
        case _:
            assert_never(event)
    return msgspec.structs.replace(changed, version=version)


def replay(incident_id: UUID, entries: Iterable[Entry]) -> Incident:
    """The state after all entries of the stream."""
    state = Incident(id=incident_id)
    for entry in entries:
        state = evolve(state, entry)
    return state


def decide_open(
    reference: str, title: str, values: Mapping[str, JsonValue], sources: Mapping[str, str] = MappingProxyType({})
) -> list[Event]:
    """Take up an incident with what is known of it so far; `sources` tell where the value of a path comes from."""
    if not title.strip():
        raise InvalidInput("title: say in a few words what happened")
    state = Incident(id=UUID(int=0))
    first = [event for path in values for event in decide_facts(state, {path: values[path]}, sources.get(path))]
    return [IncidentOpened(reference=reference, title=title.strip()), *first]


def decide_facts(state: Incident, values: Mapping[str, JsonValue], source: str | None = None) -> list[Event]:
    """Record facts; a path that already has a value is corrected, the same value again records nothing."""
    _require_open(state)
    faults = [f"{fault.path}: {fault.message}" for path, value in values.items() for fault in check_fact(path, value)]
    if faults:
        raise InvalidInput(*faults)
    events: list[Event] = []
    for path, value in values.items():
        known = state.facts.get(path)
        if known is None:
            events.append(FactRecorded(path=path, value=value, source=source))
        elif known.value != value:
            events.append(FactCorrected(path=path, value=value, corrects=known.version, source=source))
    return events


def decide_action(state: Incident, text: str) -> list[Event]:
    """Write a line into the incident log."""
    _require_open(state)
    if not text.strip():
        raise InvalidInput("text: the log entry is empty")
    return [ActionLogged(text=text.strip())]


def decide_action_correction(state: Incident, version: int, text: str) -> list[Event]:
    """Correct the wording of a log entry; both versions stay visible."""
    _require_open(state)
    if version not in state.actions:
        raise NotFound(f"entry {version} of this incident is not a log entry that can be corrected")
    if not text.strip():
        raise InvalidInput("text: the corrected entry is empty")
    return [ActionCorrected(text=text.strip(), corrects=version)]


def decide_risk(
    state: Incident, factors: Sequence[FactorFinding], outcome: str, because: str | None = None
) -> list[Event]:
    """Record the four-factor assessment, or one of the exceptions, and the fact that follows from it.

    An exception takes the incident out of the definition of breach (45 CFR 164.402, paragraph (1)) before any factor
    is weighed: it needs its reason and no factors.
    """
    _require_open(state)
    expected = [factor for factor, _ in FACTORS]
    faults = []
    if outcome.startswith("exception_") and not factors:
        if not (because or "").strip():
            faults.append("because: an exception is recorded with the facts that make it one (45 CFR 164.414(b))")
    elif [finding.factor for finding in factors] != expected:
        faults.append(f"factors: all four are needed, in the order {', '.join(expected)} (45 CFR 164.402(2))")
    for finding in factors:
        if finding.rating not in _RATINGS:
            faults.append(f"{finding.factor}: the rating is 1 (low) to 4 (high), not {finding.rating}")
        if not finding.reason.strip():
            faults.append(f"{finding.factor}: say why; an assessment without reasons proves nothing")
    if outcome not in {name for name, _ in OUTCOMES}:
        faults.append(f"outcome: {outcome!r} is not one of {', '.join(name for name, _ in OUTCOMES)}")
    if faults:
        raise InvalidInput(*faults)
    assessed = RiskAssessed(factors=tuple(factors), outcome=outcome)
    return [assessed, *decide_facts(state, {"incident.risk_assessment": outcome}, "risk assessment")]


def suggested_outcome(factors: Sequence[FactorFinding]) -> str:
    """What the ratings suggest: a breach is presumed unless every factor is rated 1 (45 CFR 164.402(2)).

    The regulation sets no score; a person decides and may decide otherwise with a reason.
    """
    return "low_probability" if all(finding.rating == 1 for finding in factors) else "breach"


def decide_decision(state: Incident, decision: str, reason: str) -> list[Event]:
    """Decide to notify or not; the burden of proof asks for the reason (45 CFR 164.414(b))."""
    _require_open(state)
    if decision not in {"notify", "do_not_notify"}:
        raise InvalidInput("decision: notify or do_not_notify")
    if not reason.strip():
        raise InvalidInput("reason: a decision is recorded with its reason (45 CFR 164.414(b))")
    outcome = state.facts.get("incident.risk_assessment")
    if decision == "do_not_notify" and (outcome is None or outcome.value not in _NOT_A_BREACH):
        raise OutOfOrder(
            "a breach is presumed: record a risk assessment that shows a low probability of compromise, "
            "or an exception, before deciding not to notify (45 CFR 164.402(2))"
        )
    return [DecisionMade(decision=decision)]


def decide_reading(state: Incident, obligation_id: str, reading_id: str, readings: Iterable[str]) -> list[Event]:
    """Adopt one defensible reading of a rule, or fix the law of a date for it (`law-as-of:YYYY-MM-DD`)."""
    _require_open(state)
    offered = list(readings)
    if reading_id.startswith(LAW_AS_OF):
        try:
            date.fromisoformat(reading_id.removeprefix(LAW_AS_OF))
        except ValueError:
            raise InvalidInput(f"reading: {reading_id!r} is not {LAW_AS_OF}YYYY-MM-DD") from None
    elif reading_id not in offered:
        raise NotFound(
            f"{obligation_id}: no reading {reading_id!r}; there are {', '.join(offered) or 'none'}, and {LAW_AS_OF}DATE"
        )
    return [ReadingAdopted(obligation_id=obligation_id, reading_id=reading_id)]


def decide_assessment(state: Incident, before: Assessment | None, after: Assessment) -> list[Event]:
    """Pin what the law asks for now; nothing where it is what was pinned last."""
    duties = tuple(
        AssessedDuty(
            id=duty.id,
            status=str(duty.status),
            due=duty.due,
            safest=duty.safest,
            latest_possible=duty.latest_possible,
        )
        for duty in after.obligations
    )
    facts_sha256 = fact_sheets.facts_sha256(state.facts)
    last = state.assessed
    if last is not None and (last.duties, last.rulebook_hash) == (duties, after.rulebook_hash):
        return []
    return [
        AssessmentMade(
            rulebook_hash=after.rulebook_hash,
            facts_sha256=facts_sha256,
            duties=duties,
            changes=diff_assessments(before, after) if before is not None else (),
        )
    ]


def decide_close(state: Incident, open_duties: Sequence[str], reason: str) -> list[Event]:
    """End the work on the incident."""
    _require_open(state)
    if not reason.strip():
        raise InvalidInput("reason: say why the incident can be closed")
    if open_duties:
        raise OutOfOrder("duties are still open: " + ", ".join(open_duties))
    return [IncidentClosed()]


def _require_open(state: Incident) -> None:
    if state.closed:
        raise OutOfOrder(f"incident {state.reference} is closed")

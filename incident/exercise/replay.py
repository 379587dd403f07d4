"""A replay: the players work on a watermarked case of their own while a virtual clock brings the injects.

The future stays hidden: a replay hands out an inject only when its moment has come. What was delivered is in the log,
so an exercise that was left can be taken up where it stopped.
"""

from datetime import date, datetime
from uuid import UUID

import msgspec

from incident.commands.desk import Desk, Receipt
from incident.errors import InvalidInput, OutOfOrder
from incident.events import CaseOpened, ExerciseStarted, InjectDelivered, OrganizationDescribed
from incident.exercise.scenario import Inject, RecordedAct, Scenario


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """An inject the players know of. `number` is its place in the scenario, counted from 1."""

    number: int
    inject: Inject
    delivered_at: datetime


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """One duty: the last lawful date on the players' board, what was really done, and what the players did."""

    obligation_id: str
    recipient: str
    due: date | None
    real: RecordedAct | None
    players: date | None


class Replay:
    """One exercise on one open, watermarked case."""

    def __init__(self, desk: Desk, scenario: Scenario) -> None:
        self._desk = desk
        self.scenario = scenario

    def start(self, case_id: UUID) -> Receipt:
        """Make the players' case: the organization of the scenario, and nothing of what is to come."""
        if self._desk.log.position():
            raise OutOfOrder("the exercise has begun already")
        scenario = self.scenario
        return self._desk.record(
            case_id,
            0,
            [
                CaseOpened(name=scenario.organization, exercise_of=scenario.title),
                OrganizationDescribed(facts=scenario.organization_facts, contact=scenario.contact),
                ExerciseStarted(
                    scenario=scenario.name,
                    scenario_sha256=scenario.sha256,
                    starts_at=scenario.starts_at,
                    speed=scenario.speed,
                ),
            ],
        )

    def resume_at(self) -> datetime:
        """The virtual moment at which an exercise that was left goes on: its newest entry."""
        entries = [entry for _, entry in self._desk.log.read()]
        started = next((entry.event for entry in entries if isinstance(entry.event, ExerciseStarted)), None)
        if started is None:
            raise OutOfOrder("this case is not an exercise")
        if started.scenario_sha256 != self.scenario.sha256:
            raise InvalidInput(f"scenario: this exercise was begun with another version of {started.scenario!r}")
        return max(started.starts_at, entries[-1].recorded_at)

    def deliver_due(self) -> tuple[Delivered, ...]:
        """Hand out every inject whose moment has come and that the players do not know yet; record that they do."""
        now = self._desk.clock.now()
        known = len(self.delivered())
        due = [inject for inject in self.scenario.injects[known:] if inject.at <= now]
        return self._deliver(known, due)

    def deliver_next(self) -> tuple[Delivered, ...]:
        """Hand out the next inject before its time, as the facilitator does when the players are idle."""
        known = len(self.delivered())
        return self._deliver(known, list(self.scenario.injects[known : known + 1]))

    def next_at(self) -> datetime | None:
        """The virtual moment of the next inject, for the facilitator's clock; None after the last."""
        known = len(self.delivered())
        return self.scenario.injects[known].at if known < len(self.scenario.injects) else None

    def delivered(self) -> tuple[Delivered, ...]:
        """What the players know, in order."""
        return tuple(
            Delivered(
                number=entry.event.number,
                inject=self.scenario.injects[entry.event.number - 1],
                delivered_at=entry.recorded_at,
            )
            for entry in self._desk.log.stream(self._case())
            if isinstance(entry.event, InjectDelivered)
        )

    def comparison(self, incident_id: UUID) -> tuple[Comparison, ...]:
        """Duty by duty: the law, the real incident and the players. Only for after the exercise."""
        assessment = self._desk.assessment(self._desk.incident(incident_id))
        real = {act.obligation_id: act for act in self.scenario.record}
        duties = {duty.id: duty for duty in assessment.obligations} if assessment is not None else {}
        shown = [name for name, duty in duties.items() if str(duty.status) != "not_required" or name in real]
        return tuple(
            Comparison(
                obligation_id=name,
                recipient=duties[name].recipient if name in duties else name,
                due=duties[name].due if name in duties else None,
                real=real.get(name),
                players=duties[name].given if name in duties else None,
            )
            for name in [*shown, *(name for name in real if name not in duties)]
        )

    def _deliver(self, known: int, injects: list[Inject]) -> tuple[Delivered, ...]:
        if not injects:
            return ()
        case = self._case()
        events = [
            InjectDelivered(number=number, title=inject.title, text=inject.text)
            for number, inject in enumerate(injects, start=known + 1)
        ]
        receipt = self._desk.record(case, self._desk.version(case), events)
        return tuple(
            Delivered(number=number, inject=inject, delivered_at=receipt.recorded_at)
            for number, inject in enumerate(injects, start=known + 1)
        )

    def _case(self) -> UUID:
        return self._desk.queries.case().stream

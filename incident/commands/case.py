"""Commands on the case file: the organization and the people who work on it."""

from collections.abc import Mapping
from uuid import UUID

from incident.commands.desk import Desk, Receipt
from incident.errors import InvalidInput
from incident.events import CaseOpened, Event, JsonValue, OrganizationDescribed, UserEnrolled
from jurisdictions.facts import check_fact

ROLES: tuple[str, ...] = ("incident_lead", "counsel", "facilitator", "examiner")


class CaseCommands:
    """What can be done to the case file itself."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def open(
        self,
        case_id: UUID,
        name: str,
        facts: Mapping[str, JsonValue],
        contact: Mapping[str, str],
        exercise_of: str | None = None,
    ) -> Receipt:
        """Begin the record of an organization. `facts` are contract paths under `organization.`."""
        if not name.strip():
            raise InvalidInput("name: the organization needs a name")
        _check(facts)
        events: list[Event] = [
            CaseOpened(name=name.strip(), exercise_of=exercise_of),
            OrganizationDescribed(facts=dict(facts), contact=dict(contact)),
        ]
        return self._desk.record(case_id, 0, events)

    def describe(self, facts: Mapping[str, JsonValue], contact: Mapping[str, str]) -> Receipt:
        """Change the organization's standing facts; incidents taken up before keep theirs."""
        _check(facts)
        case = self._desk.queries.case().stream
        event = OrganizationDescribed(facts=dict(facts), contact=dict(contact))
        return self._desk.record(case, self._desk.version(case), [event])

    def enroll(self, user: str, name: str, role: str) -> Receipt:
        """Let a person work on the case in a role."""
        if role not in ROLES:
            raise InvalidInput(f"role: {role!r} is not one of {', '.join(ROLES)}")
        if any(row.user == user for row in self._desk.queries.users()):
            raise InvalidInput(f"user: {user!r} is enrolled already")
        case = self._desk.queries.case().stream
        return self._desk.record(case, self._desk.version(case), [UserEnrolled(user=user, name=name, role=role)])


def _check(facts: Mapping[str, JsonValue]) -> None:
    faults = [f"{fault.path}: {fault.message}" for path, value in facts.items() for fault in check_fact(path, value)]
    if faults:
        raise InvalidInput(*faults)

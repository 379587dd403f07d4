"""Commands on the case file: the organization and the people who work on it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from incident.access.roles import Role
from incident.commands.desk import Desk, Receipt
from incident.errors import InvalidInput
from incident.events import CaseOpened, Entry, Event, JsonValue, OrganizationDescribed, UserEnrolled
from jurisdictions.facts import check_fact

ROLES: tuple[str, ...] = tuple(role.value for role in Role)


def opening_entries(
    *,
    case: UUID,
    at: datetime,
    name: str,
    facts: Mapping[str, JsonValue],
    contact: Mapping[str, str],
    lead: UserEnrolled,
    exercise_of: str | None = None,
) -> list[Entry]:
    """The first entries of a case: the organization and the person who opens it, to be recorded with its making.

    Raises:
        InvalidInput: the organization has no name, or a fact cannot be used.
    """
    if not name.strip():
        raise InvalidInput("name: the organization needs a name")
    _check(facts)
    events: list[Event] = [
        CaseOpened(name=name.strip(), exercise_of=exercise_of),
        OrganizationDescribed(facts=dict(facts), contact=dict(contact)),
        lead,
    ]
    return [
        Entry(
            originator_id=case,
            originator_version=version,
            event=event,
            occurred_at=at,
            recorded_at=at,
            by=lead.user,
        )
        for version, event in enumerate(events, start=1)
    ]


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
        """Let a person work on the case in a role. One who was removed may be enrolled again, in any role."""
        self._desk.require(UserEnrolled.TOPIC)
        if self._is_enrolled(user, name, role):
            # An enrollment that broke off before the user could open the case can be repeated.
            return self._desk.append([])
        case = self._desk.queries.case().stream
        return self._desk.record(case, self._desk.version(case), [UserEnrolled(user=user, name=name, role=role)])

    def check_enrollment(self, user: str, name: str, role: str) -> None:
        """See that a person can be enrolled, before anything is done.

        Raises:
            NotAllowed: it is not for the role of the person at work.
            InvalidInput: there is no such role, or another person is enrolled by this user name.
        """
        self._desk.require(UserEnrolled.TOPIC)
        self._is_enrolled(user, name, role)

    def _is_enrolled(self, user: str, name: str, role: str) -> bool:
        if role not in ROLES:
            raise InvalidInput(f"role: {role!r} is not one of {', '.join(ROLES)}")
        for row in self._desk.queries.users():
            if row.user.casefold() == user.casefold() and (row.user, row.name, row.role) != (user, name, role):
                raise InvalidInput(f"user: {row.user!r} is enrolled already, as {row.name}, {row.role}")
            if row.user == user:
                return True
        return False


def _check(facts: Mapping[str, JsonValue]) -> None:
    faults = [f"{fault.path}: {fault.message}" for path, value in facts.items() for fault in check_fact(path, value)]
    if faults:
        raise InvalidInput(*faults)

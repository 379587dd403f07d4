"""Whether those who can open a case are those whom its log says may; a difference is named."""

from typing import TYPE_CHECKING

import msgspec

from incident.access.held import ADVICE
from incident.access.names import label
from incident.access.roles import Role
from incident.events import AdviceShared, AdviceUnshared, Entry, UserEnrolled, UserRemoved

if TYPE_CHECKING:
    from incident.access.users import CaseUsers


class _Told(msgspec.Struct, kw_only=True):
    """What the log says of a user last, and the event number that says so."""

    user: str
    role: str
    position: int
    removed: bool = False
    shared: bool = False


class LogOfUsers:
    """The users of a case as its log tells of them; upper and lower case are the same user."""

    def __init__(self) -> None:
        self._told: dict[str, _Told] = {}

    def observe(self, position: int, entry: Entry) -> None:
        """Take in the next entry."""
        match entry.event:
            case UserEnrolled() as event:
                self._told[event.user.casefold()] = _Told(user=event.user, role=event.role, position=position)
            case UserRemoved(user=user) if (told := self._told.get(user.casefold())) is not None:
                told.removed, told.shared, told.position = True, False, position
            case AdviceShared(user=user) if (told := self._told.get(user.casefold())) is not None:
                told.shared = True
            case AdviceUnshared(user=user) if (told := self._told.get(user.casefold())) is not None:
                told.shared = False
            case _:
                pass

    def compare(self, case: "CaseUsers") -> tuple[list[str], list[str]]:
        """What is wrong, and what is worth knowing: an enrollment that broke off can be given again.

        Where the log enrolls nobody, its record was never begun, and there is nothing to compare.

        Raises:
            CaseUnusable: the case document cannot be read.
        """
        if not self._told:
            return [], []
        told = {label(case.case_id, each.user): each for each in self._told.values()}
        keys = case.users()
        problems = [
            f"case.json: somebody can open the case whom the log does not know (user {each[:8]}…)"
            for each in sorted(keys - set(told))
        ]
        notes = []
        for name, each in sorted(told.items(), key=lambda item: item[1].position):
            if each.removed and name in keys:
                problems.append(f"case.json: {each.user} was removed (#{each.position}) and can still open the case")
            if not each.removed and name not in keys:
                notes.append(
                    f"case.json: {each.user} is enrolled (#{each.position}) and has no key: enrolling broke off, or "
                    "the key was taken away outside of the record"
                )
            counsel = each.role == Role.COUNSEL and not each.removed
            if name in keys and not counsel and not each.shared and case.holds(each.user, ADVICE):
                problems.append(
                    f"case.json: {each.user} holds the key of counsel's advice, and the log does not say who shared it"
                )
        return problems, notes

    def __len__(self) -> int:
        return sum(not each.removed for each in self._told.values())

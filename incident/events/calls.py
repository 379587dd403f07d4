"""Events of telephone calls about an incident: when, which way, about what. The words are sealed.

`sealed` is Base64, because an entry holds JSON values. It opens only with the key of its call, which lies in the vault
beside the people and is destroyed with the person it is about (`incident.roster.call_keys`).
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from incident.events.base import Event


class CallLogged(Event, frozen=True, kw_only=True):
    """Somebody called, or was called (the time in `occurred_at`). Its stream holds this call alone.

    `direction` is received or made, `topic` one of `incident.calls.TOPICS`. `roster` and `row` say who it was; None
    where that is not known. `follow_up` is the day by which something was promised.
    """

    TOPIC: ClassVar[str] = "call.logged"
    incident_id: UUID
    direction: str
    topic: str
    roster: UUID | None
    row: int | None
    sealed: str
    follow_up: date | None = None


class CallFollowedUp(Event, frozen=True, kw_only=True):
    """What was promised was done; the words of it are sealed with those of the call."""

    TOPIC: ClassVar[str] = "call.followed_up"
    sealed: str


class CallErased(Event, frozen=True, kw_only=True):
    """The key of the words of a call was destroyed (the ground in `because`): nobody can read them any more."""

    TOPIC: ClassVar[str] = "call.erased"

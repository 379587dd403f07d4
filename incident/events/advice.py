"""Events of counsel's advice: who advised whom, when, about what and on what ground. The words themselves are sealed.

What stands in the clear here is what a privilege log tells (Fed. R. Civ. P. 26(b)(5)(A)): enough to assess the claim,
and nothing of what was said. `sealed` is Base64, because an entry holds JSON values; it opens only with the advice key
(`incident.access.advice`), bound to the stream and version of its entry.
"""

from typing import ClassVar
from uuid import UUID

from incident.events.base import Event


class AdviceGiven(Event, frozen=True, kw_only=True):
    """Counsel gave advice; its stream holds this advice alone.

    `subject` is `notice:ID`, `duty:ID` or `entry:N`, empty for the incident as a whole. `recipients` are names,
    `basis` a name of `incident.advice.BASES`, `description` what kind of communication it is.
    """

    TOPIC: ClassVar[str] = "advice.given"
    incident_id: UUID
    subject: str
    recipients: tuple[str, ...]
    basis: str
    description: str
    sealed: str


class AdviceCorrected(Event, frozen=True, kw_only=True):
    """These words, recipients, basis and description stand in the place of those of the version it corrects."""

    TOPIC: ClassVar[str] = "advice.corrected"
    recipients: tuple[str, ...]
    basis: str
    description: str
    sealed: str
    corrects: int

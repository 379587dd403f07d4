"""Events of what an accounting of disclosures tells of an incident."""

from typing import ClassVar
from uuid import UUID

from incident.events.base import Event


class DisclosureDescribed(Event, frozen=True, kw_only=True):
    """Who received the information and why, for the accounting of disclosures; a later one stands in its place.

    `outside` says whether it left the organization; None while that is not known. Empty words are not known.
    """

    TOPIC: ClassVar[str] = "disclosure.described"
    incident_id: UUID
    outside: bool | None
    recipient: str = ""
    address: str = ""
    described: str = ""
    purpose: str = ""

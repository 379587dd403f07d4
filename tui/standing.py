"""How each person of an incident stands, as of the moment that a session has in view."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from incident.views.delivery import delivery_of
from notices.standing import PersonStanding, standings

if TYPE_CHECKING:
    from tui.session import Session


def people_of(session: Session, incident_id: UUID) -> list[PersonStanding]:
    """Everybody with a letter or the reason for none."""
    queries = session.queries
    found = delivery_of(queries, incident_id)
    outcomes = session.service.delivery.outcomes(incident_id, queries)
    since = min((each.begun.on for each in found.postings if each.begun is not None), default=None)
    return list(standings(found, outcomes, session.service.blobs.get, since))

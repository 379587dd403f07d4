"""The risk assessment that stands as of the moment in view."""

from uuid import UUID

from incident import incident as incidents
from incident.events import RiskAssessed
from tui.session import Session


def recorded_risk(session: Session, incident_id: UUID) -> RiskAssessed | None:
    """The newest four-factor assessment recorded up to the moment in view; None where there is none."""
    versions = [row.version for row in session.queries.timeline(incident_id) if row.topic == RiskAssessed.TOPIC]
    if not versions:
        return None
    stream = session.service.desk.log.stream(incident_id)
    return incidents.replay(incident_id, stream[: versions[-1]]).risk

"""The calls of an incident as of the position of some queries; their words are not here."""

from uuid import UUID

from incident import calls
from incident.calls import Call
from incident.errors import NotFound
from incident.events import CallErased, CallFollowedUp, CallLogged
from incident.views.queries import Queries


def calls_of(queries: Queries, incident_id: UUID) -> tuple[Call, ...]:
    """All calls, oldest first."""
    streams = queries.kept.streams(incident_id, CallLogged, CallFollowedUp, CallErased)
    return tuple(
        calls.replay(stream, [each.entry for each in kept], kept[0].position) for stream, kept in streams.items()
    )


def call_of(queries: Queries, incident_id: UUID, position: int) -> Call:
    """The call that was recorded as an event number."""
    for call in calls_of(queries, incident_id):
        if call.position == position:
            return call
    raise NotFound(f"#{position} is no call of this incident")

"""Commands of people who take turns: what they have read, handing over, taking over."""

from uuid import UUID

from incident.access.roles import MAY_RECORD
from incident.commands.desk import Desk, Receipt, insistent
from incident.errors import InvalidInput, NotAllowed, NotFound, OutOfOrder
from incident.events import EntriesRead, HandoverAcknowledged, HandoverGiven
from incident.views.shifts import HandoverRow, handovers, read_upto


class ShiftCommands:
    """What can be done at the end and at the beginning of a shift."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @insistent
    def mark_read(self, incident_id: UUID, upto: int | None = None) -> Receipt:
        """Record that the person at work has read the log of an incident up to an event number, or all of it.

        Up to where they have read already, nothing is recorded.

        Raises:
            NotFound: there is no such incident or event.
        """
        queries, user = self._desk.queries, self._desk.user
        queries.incident(incident_id)
        upto = queries.position if upto is None else upto
        if not 0 < upto <= queries.position:
            raise NotFound(f"there is no event #{upto}; the record holds #1 to #{queries.position}")
        if upto <= read_upto(queries, incident_id, user):
            return self._desk.append([])
        mine = [each.entry for each in queries.kept.of(incident_id, EntriesRead) if each.entry.by == user]
        stream = mine[0].originator_id if mine else self._desk.ids.new()
        version = mine[-1].originator_version if mine else 0
        return self._desk.record(stream, version, [EntriesRead(incident_id=incident_id, upto=upto)])

    @insistent
    def give(self, incident_id: UUID, to: str, note: str) -> tuple[UUID, Receipt]:
        """Hand the shift over to another user, with a note that everybody may read.

        Raises:
            InvalidInput: nobody is enrolled by that name, it is the giver, or the note is empty.
        """
        self._desk.require(HandoverGiven.TOPIC)
        queries = self._desk.queries
        queries.incident(incident_id)
        takers = MAY_RECORD[HandoverAcknowledged.TOPIC].roles
        users = {row.user for row in queries.users() if row.role in takers}
        faults = []
        if to not in users:
            faults.append(f"to: nobody is enrolled as {to!r} who could take it; there are {', '.join(sorted(users))}")
        if to == self._desk.user:
            faults.append("to: that is yourself")
        if not note.strip():
            faults.append("note: say what the other one has to know first")
        if faults:
            raise InvalidInput(*faults)
        before = [row for row in handovers(queries, incident_id) if row.to == self._desk.user and row.taken_at]
        event = HandoverGiven(
            incident_id=incident_id,
            to=to,
            since=before[-1].upto if before else 0,
            upto=queries.position,
            note=note.strip(),
        )
        handover_id = self._desk.ids.new()
        return handover_id, self._desk.record(handover_id, 0, [event])

    @insistent
    def take(self, incident_id: UUID) -> Receipt:
        """Take the newest hand-over that is addressed to the person at work and not taken yet.

        Raises:
            OutOfOrder: there is none.
            NotAllowed: it is addressed to somebody else.
        """
        waiting = [row for row in handovers(self._desk.queries, incident_id) if row.taken_at is None]
        mine = [row for row in waiting if row.to == self._desk.user]
        if not mine and waiting:
            raise NotAllowed(f"hand-over #{waiting[-1].position} is addressed to {waiting[-1].to}")
        if not mine:
            raise OutOfOrder("no hand-over waits to be taken")
        return self._taken(mine)

    def _taken(self, waiting: list[HandoverRow]) -> Receipt:
        """With the newest the earlier ones are taken too: nobody can be left holding an older one."""
        entries = [
            entry for row in waiting for entry in self._desk.entries(row.id, row.version, [HandoverAcknowledged()])
        ]
        return self._desk.append(entries)

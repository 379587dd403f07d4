"""People typed by hand, one at a time: for a case too small for a list."""

from collections.abc import Mapping
from uuid import UUID

from incident.commands.desk import Desk, Receipt
from incident.commands.headcount import Headcount
from incident.events import RosterOpened
from incident.roster.by_hand import SOURCE, check_typed, seal_typed
from incident.roster.vault import Vault


class ByHandCommands:
    """What can be done with a person who is typed."""

    def __init__(self, desk: Desk, vault: Vault) -> None:
        self._desk = desk
        self._vault = vault
        self._headcount = Headcount(desk, vault)

    def check(self, incident_id: UUID | None, values: Mapping[str, str]) -> None:
        """See that a person can be taken in, before anything is recorded; None for an incident that is not open yet.

        Raises:
            InvalidInput: why not.
            NotAllowed: it is not for the person at work.
        """
        self._desk.require(RosterOpened.TOPIC)
        incident = self._desk.incident(incident_id) if incident_id is not None else None
        on = self._desk.today(incident) if incident is not None else self._desk.clock.now().date()
        check_typed(values, on)

    def add(self, incident_id: UUID, values: Mapping[str, str]) -> tuple[UUID, Receipt]:
        """Take a person in as a list of one; the counts of the incident follow. Answers with the list.

        Raises:
            InvalidInput: the person cannot be taken in.
            OutOfOrder: the incident is closed.
        """
        self._desk.require(RosterOpened.TOPIC)
        incident = self._headcount.open_incident(incident_id)
        roster_id = self._desk.ids.new()
        with self._vault.importing():
            try:
                events = seal_typed(
                    values, vault=self._vault, incident_id=incident_id, roster_id=roster_id,
                    on=self._desk.today(incident),
                )  # fmt: skip
                entries = self._desk.entries(roster_id, 0, events)
                receipt = self._desk.insist(
                    lambda: self._headcount.record(
                        self._headcount.open_incident(incident_id), {roster_id: entries}, f"roster {SOURCE}"
                    )
                )
            except BaseException:
                if not self._desk.log.stream(roster_id):
                    self._vault.discard(roster_id)
                raise
        return roster_id, receipt

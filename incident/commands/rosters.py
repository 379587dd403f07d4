"""Commands on the lists of affected people: people go to the vault, their numbers to the log and the facts."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from uuid import UUID

import msgspec

from incident import incident as incidents
from incident.commands.desk import Desk, Receipt
from incident.errors import InvalidInput, OutOfOrder
from incident.events import Event, JsonValue, QuarantineResolved, RecipientErased, RosterOpened
from incident.incident import Incident
from incident.roster.counts import BY_STATE, affected_facts
from incident.roster.importer import import_roster, preview
from incident.roster.languages import language_code
from incident.roster.person import Addressee, NoLetter, Person, addressee
from incident.roster.reasons import Flag
from incident.roster.record import Row, Status
from incident.roster.report import Preview, Progress, RosterReport
from incident.roster.vault import Vault
from incident.views.queries import LetterRow, RosterRow


class RosterCommands:
    """What can be done with the people of an incident."""

    def __init__(self, desk: Desk, vault: Vault) -> None:
        self._desk = desk
        self.vault = vault

    def preview(self, incident_id: UUID, path: Path, mapping: Mapping[str, str | None] | None = None) -> Preview:
        """What the file looks like under the guessed mapping with the corrections on top."""
        return preview(path, mapping, on=self._desk.today(self._desk.incident(incident_id)))

    def import_file(
        self,
        incident_id: UUID,
        path: Path,
        *,
        mapping: Mapping[str, str | None] | None = None,
        progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> tuple[RosterReport, Receipt]:
        """Import a list; the counts of all lists of the incident become its facts.

        Raises:
            InvalidInput: the file cannot be used, or the same file was imported for this incident before.
        """
        self._desk.require(RosterOpened.TOPIC)
        with self.vault.importing():
            self._collect_garbage()
            return self._import(incident_id, path, mapping, progress, cancelled)

    def _import(
        self,
        incident_id: UUID,
        path: Path,
        mapping: Mapping[str, str | None] | None,
        progress: Callable[[Progress], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> tuple[RosterReport, Receipt]:
        state = self._desk.incident(incident_id)
        if state.closed:
            raise OutOfOrder(f"incident {state.reference} is closed")
        roster_id = self._desk.ids.new()
        result = import_roster(
            path,
            mapping=mapping,
            vault=self.vault,
            incident_id=incident_id,
            roster_id=roster_id,
            on=self._desk.today(state),
            progress=progress,
            cancelled=cancelled,
        )
        try:
            self._refuse_twice(incident_id, result.events[0])
            report = result.report
            facts = self._facts(
                state,
                {roster_id: report.by_state},
                report.insufficient_contact,
                report.next_of_kin_insufficient_contact,
            )
            events = incidents.decide_facts(state, facts, f"roster {path.name}")
            entries = self._desk.entries(roster_id, 0, result.events)
            receipt = self._desk.record_on_incident(state, events, also=entries)
        except BaseException:
            # Whatever went wrong after the log took the roster, its people must stay.
            if not self._desk.log.stream(roster_id):
                self.vault.discard(roster_id)
            raise
        return report, receipt

    def resolve_quarantine(
        self, roster_id: UUID, row: int, *, accept: bool, because: str, person: Person | None = None
    ) -> Receipt:
        """Accept a quarantined row, corrected or as it is, or exclude it for good; with the reason.

        Given again after it broke off between vault and log, it records what the vault has.
        """
        if not because.strip():
            raise InvalidInput("because: say why the row is accepted or excluded")
        self._desk.require(QuarantineResolved.TOPIC)
        roster = self._roster(roster_id)
        state = self._desk.incident(roster.incident)
        on = self._desk.today(state)
        held = self._unrecorded(roster_id, row, accept=accept)
        if held is None:
            held = self.vault.resolve_quarantine(
                roster_id, row, accept=accept, person=person, on=on if accept else None
            )
        elif accept and person is not None and person != held.person:
            held = self.vault.correct(roster_id, row, person, on=on)
        event: Event = QuarantineResolved(
            row=row, outcome="accepted" if accept else "excluded", state=held.state if accept else None
        )
        entries = self._desk.entries(roster_id, self._desk.version(roster_id), [event], because=because)
        flags = held.flags if accept else Flag(0)
        facts = self._facts(
            state,
            {roster_id: {held.state: 1}} if accept else {},
            int(Flag.INSUFFICIENT_ADDRESS in flags),
            int(Flag.NEXT_OF_KIN_INSUFFICIENT in flags),
        )
        events = incidents.decide_facts(state, facts, f"roster {roster.source_name}, row {row}")
        return self._desk.record_on_incident(state, events, also=entries)

    def _unrecorded(self, roster_id: UUID, row: int, *, accept: bool) -> Row | None:
        """The row as a command left it that broke off before the log had it; None where there was none."""
        held = self.vault.person(roster_id, row)
        # A row that was set aside keeps its cells; once accepted, it has lost the findings of its import.
        accepted = held.status is Status.ACCEPTED and bool(held.original) and Flag.REPAIRED not in held.flags
        if not (accepted if accept else held.status is Status.EXCLUDED):
            return None
        recorded = any(
            isinstance(entry.event, QuarantineResolved) and entry.event.row == row
            for entry in self._desk.log.stream(roster_id)
        )
        return None if recorded else held

    def erase(self, roster_id: UUID, row: int, because: str) -> Receipt:
        """Destroy a person's key and data beyond recovery; the log keeps that it was done, and why."""
        if not because.strip():
            raise InvalidInput("because: an erasure is recorded with its ground")
        self._desk.require(RecipientErased.TOPIC)
        erased = self.vault.erase(roster_id, row)
        events = [RecipientErased(row=each) for each in erased]
        return self._desk.record(roster_id, self._desk.version(roster_id), events, because=because)

    def rows(
        self, roster_id: UUID, *, after_row: int = 0, limit: int = 100, status: Status | None = None
    ) -> tuple[Row, ...]:
        """A page of the roster in file order."""
        return self.vault.people(roster_id, after_row=after_row, limit=limit, status=status)

    def mapping(self, roster_id: UUID) -> dict[str, str]:
        """Field -> heading, as the list was read in."""
        opening = self._desk.log.stream(self._roster(roster_id).id)[0].event
        assert isinstance(opening, RosterOpened)
        return opening.mapping

    def letters(self, incident_id: UUID, on: date) -> Iterator[LetterRow]:
        """Every accepted person of the incident, as a letter of that day needs them."""
        reference = self._desk.queries.incident(incident_id).reference
        for number, roster in enumerate(self._desk.queries.rosters(incident_id), start=1):
            for held in self.vault.iterate(roster.id, status=Status.ACCEPTED):
                assert held.person is not None
                code = f"{reference}-{number}-{held.row:06}"
                yield _letter_row(roster.id, held, held.person, code, on)

    def _facts(
        self, state: Incident, new: Mapping[UUID, Mapping[str, int]], unreachable: int, kin_unreachable: int
    ) -> dict[str, JsonValue]:
        """The facts of all lists together, `new` people by roster and State included; the vault knows who waits."""
        rosters = self._desk.queries.rosters(state.id)
        accepted, waiting = Counter[str](), Counter[str]()
        for counts in (*(roster.by_state for roster in rosters), *new.values()):
            accepted.update(counts)
        for roster_id in {*(roster.id for roster in rosters), *new}:
            waiting.update(self.vault.by_state(roster_id, status=Status.QUARANTINED))
        known = [path.removeprefix(BY_STATE) for path in state.facts if path.startswith(BY_STATE)]
        facts = affected_facts(known, accepted, waiting)
        for name, more in (
            ("insufficient_contact", unreachable),
            ("next_of_kin_insufficient_contact", kin_unreachable),
        ):
            before = state.facts.get(f"affected.{name}")
            if not rosters:
                facts[f"affected.{name}"] = more
            elif before is not None and isinstance(before.value, int):
                facts[f"affected.{name}"] = before.value + more
            # Else somebody recorded since that the number is not known; a further list does not make it known.
        return facts

    def _refuse_twice(self, incident_id: UUID, opening: Event) -> None:
        """The same file twice would double every count."""
        sha256 = getattr(opening, "source_sha256", None)
        for roster in self._desk.queries.rosters(incident_id):
            first = self._desk.log.stream(roster.id)[0].event
            if getattr(first, "source_sha256", None) == sha256:
                raise InvalidInput(
                    f"{roster.source_name}: this very file was imported already (#{roster.opened_position})"
                )

    def _collect_garbage(self) -> None:
        """Imports that broke off before they reached the log belong to nobody."""
        known = [
            roster.id
            for incident in self._desk.queries.incidents()
            for roster in self._desk.queries.rosters(incident.id)
        ]
        self.vault.keep_only(known)

    def _roster(self, roster_id: UUID) -> RosterRow:
        return self._desk.queries.roster(roster_id)


def _letter_row(roster: UUID, held: Row, person: Person, code: str, on: date) -> LetterRow:
    row = LetterRow(roster=roster, row=held.row, code=code, state=held.state, language=language_code(person.language))
    match addressee(person, on):
        case Addressee() as to:
            return msgspec.structs.replace(
                row,
                name_lines=to.name_lines,
                address_lines=to.address_lines,
                salutation=to.salutation,
                audience=str(to.audience),
            )
        case NoLetter(reason=reason):
            return msgspec.structs.replace(row, excluded=reason)

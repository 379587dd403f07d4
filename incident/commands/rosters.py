"""Commands on the lists of affected people: people go to the vault, their numbers to the log and the facts."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from hashlib import file_digest
from pathlib import Path
from uuid import UUID

import msgspec

from incident.commands.desk import Desk, Receipt, insistent
from incident.commands.headcount import Headcount
from incident.commands.people import PeopleCommands
from incident.errors import InvalidInput
from incident.events import KindsCounted, PairsAcrossSuggested, QuarantineResolved, RosterOpened
from incident.files import shown_name
from incident.roster.across import Across, digest
from incident.roster.changing import Change
from incident.roster.contact import counted
from incident.roster.formats import LARGE_PRINT
from incident.roster.importer import import_roster, preview
from incident.roster.languages import language_code
from incident.roster.layout import AS_GUESSED, Layout
from incident.roster.occurrences import Occurrence, Words
from incident.roster.person import Addressee, NoLetter, Person, addressee, email_for
from incident.roster.reading import inspect
from incident.roster.record import Row, Status
from incident.roster.report import Preview, Progress, RosterReport
from incident.roster.sorting import ImportCancelled
from incident.roster.told import IMPORTED
from incident.roster.vault import Vault
from incident.views.queries import LetterRow, RosterRow


class RosterCommands:
    """What can be done with the people of an incident."""

    def __init__(self, desk: Desk, vault: Vault) -> None:
        self._desk = desk
        self._headcount = Headcount(desk, vault)
        self._people = PeopleCommands(desk, vault)
        self._across = Across(vault)
        self.vault = vault

    def preview(self, incident_id: UUID, path: Path, layout: Layout = AS_GUESSED) -> Preview:
        """What the file looks like as it is guessed to be, with the corrections on top.

        That this very file was imported for the incident already is the first of its problems.
        """
        on = self._desk.today(self._desk.incident(incident_id))
        look = preview(
            path, layout.mapping, on=on, encoding=layout.encoding, delimiter=layout.delimiter, sheet=layout.sheet
        )
        before = self._imported_before(incident_id, path, layout)
        return msgspec.structs.replace(look, problems=(before, *look.problems)) if before else look

    def import_file(
        self,
        incident_id: UUID,
        path: Path,
        *,
        layout: Layout = AS_GUESSED,
        progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> tuple[RosterReport, Receipt]:
        """Import a list; the counts of all lists of the incident become its facts.

        Raises:
            InvalidInput: the file cannot be used, or the same file was imported for this incident before.
        """
        self._desk.require(RosterOpened.TOPIC)
        with self.vault.importing():
            return self._import(incident_id, path, layout, progress, cancelled)

    def _import(
        self,
        incident_id: UUID,
        path: Path,
        layout: Layout,
        progress: Callable[[Progress], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> tuple[RosterReport, Receipt]:
        state = self._headcount.open_incident(incident_id)
        self._desk.projection.catch_up(self._desk.log)  # nobody else imports from here on
        if before := self._imported_before(incident_id, path, layout):
            raise InvalidInput(before)
        result = import_roster(
            path,
            mapping=layout.mapping,
            encoding=layout.encoding,
            delimiter=layout.delimiter,
            sheet=layout.sheet,
            vault=self.vault,
            incident_id=incident_id,
            roster_id=self._desk.ids.new(),
            on=self._desk.today(state),
            progress=progress,
            cancelled=cancelled,
            unfinished=lambda import_sha256: self._unfinished(incident_id, import_sha256),
        )
        roster_id = result.roster_id
        try:
            across, unsaid = self._compare(incident_id, roster_id, cancelled)
            told = result.report
            report = msgspec.structs.replace(
                told, across=sum(each.pairs for each in across), problems=(*told.problems, *unsaid)
            )
            kinds = self.vault.kinds(roster_id)
            said = any(of for counts in kinds.values() for of in counts)
            events = (*result.events, *([KindsCounted(by_state=kinds)] if said else ()), *across)
            entries = self._desk.entries(roster_id, 0, events)
            receipt = self._desk.insist(
                lambda: self._headcount.record(
                    self._headcount.open_incident(incident_id), {roster_id: entries}, f"roster {shown_name(path)}"
                )
            )
        except BaseException:
            # Whatever went wrong after the log took the roster, its people must stay.
            if not self._desk.log.stream(roster_id):
                self.vault.discard(roster_id)
            raise
        return report, receipt

    def _compare(
        self, incident_id: UUID, roster_id: UUID, cancelled: Callable[[], bool] | None
    ) -> tuple[tuple[PairsAcrossSuggested, ...], tuple[str, ...]]:
        """Whoever may stand on an older list too, as the log has it, and what a person should know of it."""
        older = [row.id for row in self._desk.queries.rosters(incident_id)]
        if not older:
            return (), ()

        def go_on() -> None:
            if cancelled is not None and cancelled():
                raise ImportCancelled("the import was stopped; nothing of it was kept")

        found, told = self._across.compare(roster_id, older, go_on)
        if not found:
            return (), told
        return (PairsAcrossSuggested(pairs=len(found), digest=digest(found)),), told

    @insistent
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
        state = self._headcount.open_incident(roster.incident)
        on = self._desk.today(state)
        change = self._decided(roster_id, row, accept=accept)
        if change is None:
            self.vault.resolve_quarantine(roster_id, row, accept=accept, person=person, on=on if accept else None)
        elif accept and person is not None and person != change.after.person:
            self.vault.correct(roster_id, row, person, on=on)
        change = self.vault.unrecorded(roster_id, row)
        assert change is not None
        event = QuarantineResolved(
            row=row,
            outcome=str(change.after.status),
            state=change.after.state if accept else None,
            counted=counted(change.after),
            revision=change.after.revision if accept else None,
            commitment=change.commitment if accept else "",
        )
        entries = self._desk.entries(roster_id, self._desk.version(roster_id), [event], because=because)
        receipt = self._headcount.record(state, {roster_id: entries}, f"roster {roster.source_name}, row {row}")
        self.vault.recorded(roster_id, [row])
        return receipt

    def _decided(self, roster_id: UUID, row: int, *, accept: bool) -> Change | None:
        """What a command made of a quarantined row that broke off before the log had it; None where there was none."""
        told = self._people.told(roster_id).get(row, IMPORTED)
        change = self._people.settled(roster_id, row, told)
        if change is None or change.before.status is not Status.QUARANTINED:
            return None
        return change if (change.after.status is Status.ACCEPTED) == accept else None

    def erase(self, roster_id: UUID, row: int, because: str) -> Receipt:
        """Destroy a person's key and data beyond recovery; see `PeopleCommands.erase`."""
        return self._people.erase(roster_id, row, because)

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

    def letters(
        self, incident_id: UUID, on: date, *, only: Mapping[UUID, Collection[int]] | None = None
    ) -> Iterator[LetterRow]:
        """Every accepted person of the incident, as a letter of that day needs them; or `only` these rows of lists."""
        reference = self._desk.queries.incident(incident_id).reference
        for number, roster in enumerate(self._desk.queries.rosters(incident_id), start=1):
            for held in self._accepted(roster.id, None if only is None else only.get(roster.id, ())):
                assert held.person is not None
                code = f"{reference}-{number}-{held.row:06}"
                yield _letter_row(roster.id, held, held.person, code, on)

    def occurrences(self, incident_id: UUID, text: str, ours: Collection[str]) -> tuple[Occurrence, ...]:
        """What of the people of any row of the incident's lists stands in a text, but for the organization's words."""
        reference = self._desk.queries.incident(incident_id).reference
        words = Words(text, ours)
        return tuple(
            found
            for number, roster in enumerate(self._desk.queries.rosters(incident_id), start=1)
            for held in self.vault.iterate(roster.id, status=None)
            if held.person is not None
            for found in words.find(held.row, f"{reference}-{number}-{held.row:06}", held.person)
        )

    def _accepted(self, roster_id: UUID, only: Collection[int] | None) -> Iterator[Row]:
        if only is None:
            yield from self.vault.iterate(roster_id, status=Status.ACCEPTED)
            return
        found = self.vault.some(roster_id, only)
        yield from (found[row] for row in sorted(found) if found[row].status is Status.ACCEPTED)

    def _imported_before(self, incident_id: UUID, path: Path, layout: Layout) -> str:
        """That this very file was imported for the incident; empty where it was not. Only one of its size is read."""
        size = path.stat().st_size if path.is_file() else -1
        openings = [each for each in self._openings(incident_id) if each[1].size == size]
        if not openings:
            return ""
        with path.open("rb") as file:
            sha256 = file_digest(file, "sha256").hexdigest()
        if all(opening.source_sha256 != sha256 for _, opening in openings):
            return ""
        sheet = inspect(path, sheet=layout.sheet).sheet
        for roster, opening in openings:
            if (opening.source_sha256, opening.sheet) == (sha256, sheet):
                of = f", sheet {sheet!r}" if sheet else ""
                return f"{roster.source_name}{of}: this very file was imported already (#{roster.opened_position})"
        return ""

    def _openings(self, incident_id: UUID) -> Iterator[tuple[RosterRow, RosterOpened]]:
        for roster in self._desk.queries.rosters(incident_id):
            opening = self._desk.log.stream(roster.id)[0].event
            assert isinstance(opening, RosterOpened)
            yield roster, opening

    def _unfinished(self, incident_id: UUID, import_sha256: str) -> UUID | None:
        """The roster of this very import where it broke off before; others that broke off belong to nobody and go.

        Others may have imported since the views were brought up to date: nobody does while this is called.
        """
        self._desk.projection.catch_up(self._desk.log)
        known = [
            roster.id
            for incident in self._desk.queries.incidents()
            for roster in self._desk.queries.rosters(incident.id)
        ]
        found = self.vault.begun(incident_id, import_sha256, but=known)
        self.vault.keep_only([*known, *([found] if found is not None else [])])
        return found

    def _roster(self, roster_id: UUID) -> RosterRow:
        return self._desk.queries.roster(roster_id)


def _letter_row(roster: UUID, held: Row, person: Person, code: str, on: date) -> LetterRow:
    row = LetterRow(
        roster=roster,
        row=held.row,
        code=code,
        state=held.state,
        language=language_code(person.language),
        large_print=person.format == LARGE_PRINT,
        email=email_for(person, on),
        salutation=person.name,
    )
    match addressee(person, on):
        case Addressee() as to:
            return msgspec.structs.replace(
                row,
                name_lines=to.name_lines,
                address_lines=to.address_lines,
                salutation=to.salutation,
                audience=str(to.audience),
                basis=to.basis,
                abroad=bool(to.country),
            )
        case NoLetter(reason=reason):
            return msgspec.structs.replace(row, excluded=reason)

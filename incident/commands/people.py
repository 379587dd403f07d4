"""Commands on single people of the lists: correct, erase, and record what became of an attempt to reach them."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from incident.commands.desk import Desk, Receipt, insistent
from incident.commands.headcount import Headcount
from incident.errors import InvalidInput, OutOfOrder
from incident.events import ContactOutcome, Entry, PersonCorrected, RecipientErased
from incident.roster.changing import Change, changed_fields
from incident.roster.contact import ADDRESSES, out_of_date
from incident.roster.finding import Finder
from incident.roster.outcomes import decide_correction, decide_erasure, decide_outcome
from incident.roster.person import Person
from incident.roster.record import Row, Status
from incident.roster.told import IMPORTED, RowTold, rows_told
from incident.roster.vault import Vault
from incident.views.queries import RosterRow


class PeopleCommands:
    """What can be done with one person."""

    def __init__(self, desk: Desk, vault: Vault) -> None:
        self._desk = desk
        self._headcount = Headcount(desk, vault)
        self._finder = Finder(vault)
        self.vault = vault

    # --- what is known

    def find(self, roster_id: UUID, text: str, *, after_row: int = 0, limit: int = 100) -> tuple[Row, ...]:
        """Rows by whole words of a name, e-mail address or street, else by beginnings of names; see `Finder.search`."""
        return self._finder.search(roster_id, text, after_row=after_row, limit=limit)

    def told(self, roster_id: UUID) -> dict[int, RowTold]:
        """Row -> what the log says of it, of every row that it mentions since the import."""
        return rows_told(self._desk.log.stream(roster_id))

    def history(self, roster_id: UUID, row: int) -> tuple[Entry, ...]:
        """The entries of the log about a row, oldest first; the import is the first."""
        stream = self._desk.log.stream(roster_id)
        return (*stream[:1], *(entry for entry in stream if getattr(entry.event, "row", None) == row))

    def settled(self, roster_id: UUID, row: int, told: RowTold) -> Change | None:
        """The change of a row that the log does not have yet, because its command broke off; None where there is none.

        What the log has is put in order beside it: what the row was before is forgotten, its flag follows.
        """
        change = self.vault.unrecorded(roster_id, row)
        if change is None:
            return None
        now = change.after
        if told.status == now.status and told.revision in {None, now.revision}:
            self.done(roster_id, {row: told})
            return None
        return change

    def done(self, roster_id: UUID, told: Mapping[int, RowTold]) -> None:
        """The log has what was decided on these rows: bring what stands beside it in the vault in order."""
        self.vault.recorded(roster_id, tuple(told))
        self.vault.mark_out_of_date(
            roster_id, {row: out_of_date(each.reach) for row, each in told.items() if each.status != Status.ERASED}
        )

    # --- correcting

    @insistent
    def correct(self, roster_id: UUID, row: int, person: Person, because: str) -> Receipt:
        """Put right what is known of an accepted person; the counts that the law uses follow at once.

        Given again after it broke off between vault and log, it records what the vault has.

        Raises:
            OutOfOrder: the row is not accepted, or the incident is closed.
            InvalidInput: no reason, no name, or nothing differs.
        """
        if not because.strip():
            raise InvalidInput("because: a correction is recorded with its reason")
        self._desk.require(PersonCorrected.TOPIC)
        roster = self._desk.queries.roster(roster_id)
        state = self._headcount.open_incident(roster.incident)
        event, told = self._corrected(roster, row, person, self._desk.today(state))
        entries = self._desk.entries(roster_id, self._desk.version(roster_id), [event], because=because)
        receipt = self._headcount.record(state, {roster_id: entries}, f"roster {roster.source_name}, row {row}")
        self.done(roster_id, {row: told})
        return receipt

    def _corrected(self, roster: RosterRow, row: int, person: Person, on: date) -> tuple[PersonCorrected, RowTold]:
        """The event of a correction, once the vault has it, and what is told of the row after it."""
        told = self.told(roster.id).get(row, IMPORTED)
        change = self.settled(roster.id, row, told)
        held = self.vault.person(roster.id, row)
        if change is not None and change.before.status is not Status.ACCEPTED:
            raise OutOfOrder(f"row {row}: a decision on it broke off before it was recorded; give that again first")
        if held.status is not Status.ACCEPTED:
            raise OutOfOrder(f"row {row}: not accepted but {held.status}")
        if person != held.person:
            self.vault.correct(roster.id, row, person, on=on)
            change = self.vault.unrecorded(roster.id, row)
        elif change is None:
            raise InvalidInput(f"row {row}: nothing differs from what is known of the person")
        assert change is not None
        return decide_correction(change, told)

    # --- erasing

    @insistent
    def erase(self, roster_id: UUID, row: int, because: str) -> Receipt:
        """Destroy a person's key and data beyond recovery; the log keeps that it was done, and why.

        Every count stays: the person was affected. Rows merged with the person are erased with them, and so are rows of
        other lists that are the person's.

        Raises:
            InvalidInput: no ground is given.
        """
        if not because.strip():
            raise InvalidInput("because: an erasure is recorded with its ground")
        self._desk.require(RecipientErased.TOPIC)
        incident = self._desk.queries.roster(roster_id).incident
        told = {each.id: self.told(each.id) for each in self._desk.queries.rosters(incident)}
        erased = self._erase_all(roster_id, row, told)
        entries: list[Entry] = []
        for roster, rows in erased.items():
            before = self.vault.unrecorded_rows(roster)
            events = [
                decide_erasure(each, before.get(each), told[roster].get(each, IMPORTED))
                for each in sorted(rows)
                if told[roster].get(each, IMPORTED).status != Status.ERASED
            ]
            entries += self._desk.entries(roster, self._desk.version(roster), events, because=because)
        receipt = self._desk.append(entries)
        for roster, rows in erased.items():
            self.vault.recorded(roster, tuple(rows))
        return receipt

    def _erase_all(self, roster_id: UUID, row: int, told: Mapping[UUID, Mapping[int, RowTold]]) -> dict[UUID, set[int]]:
        """Erase a person in the vault, on every list; the rows by list."""
        linked = {
            (roster, each): said.elsewhere
            for roster, rows in told.items()
            for each, said in rows.items()
            if said.elsewhere is not None
        }
        erased: dict[UUID, set[int]] = {}
        waiting = [(roster_id, row)]
        while waiting:
            roster, each = waiting.pop()
            if each in erased.get(roster, ()):
                continue
            family = set(self.vault.erase(roster, each)) | {each}
            erased.setdefault(roster, set()).update(family)
            keys = {(roster, one) for one in family}
            waiting += [to for key, to in linked.items() if key in keys]
            waiting += [key for key, to in linked.items() if to in keys]
        return erased

    # --- outcomes

    @insistent
    def outcome(
        self,
        roster_id: UUID,
        row: int,
        kind: str,
        on: date,
        *,
        reason: str = "",
        reached: bool | None = None,
        caller: str = "",
        because: str | None = None,
    ) -> Receipt:
        """Record what became of an attempt to reach an accepted person; the number of unreachable people follows.

        Raises:
            InvalidInput: the kind, the date or what belongs to the kind is not given rightly.
            OutOfOrder: the row is not accepted, or the outcome cannot follow on what is recorded.
        """
        self._desk.require(ContactOutcome.TOPIC)
        roster = self._desk.queries.roster(roster_id)
        state = self._headcount.open_incident(roster.incident)
        told = self.told(roster_id).get(row, IMPORTED)
        self.require_settled(roster_id, row, told)
        event, after = decide_outcome(
            self.vault.person(roster_id, row), told, kind, on, self._desk.today(state),
            reason=reason, reached=reached, caller=caller,
        )  # fmt: skip
        entries = self._desk.entries(roster_id, self._desk.version(roster_id), [event], because=because)
        receipt = self._headcount.record(state, {roster_id: entries}, f"roster {roster.source_name}, row {row}")
        self.done(roster_id, {row: after})
        return receipt

    def require_settled(self, roster_id: UUID, row: int, told: RowTold) -> None:
        """Refuse to go on with a row whose last change broke off before it was recorded."""
        if self.settled(roster_id, row, told) is not None:
            raise OutOfOrder(f"row {row}: a change broke off before it was recorded; give that command again first")

    def found(self, roster_id: UUID, row: int, person: Person, source: str) -> Receipt:
        """A newer address was found: correct it, with where it comes from; a letter that goes to it is an outcome."""
        if not source.strip():
            raise InvalidInput("source: say where the newer address comes from")
        held = self.vault.person(roster_id, row)
        if not (ADDRESSES | {"email"}) & {*changed_fields(held.person, person)}:
            raise InvalidInput("address: it is the one that is known already")
        return self.correct(roster_id, row, person, f"address found: {source.strip()}")

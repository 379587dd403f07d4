"""Returned mail: a file of letters that came back becomes outcomes of the people they were sent to."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from uuid import UUID

import msgspec

from incident.commands.desk import Desk, Receipt, insistent
from incident.commands.headcount import Headcount
from incident.commands.people import PeopleCommands
from incident.errors import Refusal
from incident.events import ActionLogged, ContactOutcome, Event
from incident.files import shown_name
from incident.incident import Incident
from incident.roster.contact import Kind
from incident.roster.outcomes import decide_correction, decide_outcome
from incident.roster.record import Row, Status
from incident.roster.returned import (
    Returned,
    ReturnedReport,
    Way,
    goes_to_home_address,
    parse_code,
    read_returned,
    report,
    same_person,
)
from incident.roster.told import IMPORTED, RowTold, rows_told
from incident.roster.vault import Vault
from incident.views.queries import RosterRow

_SEARCHED = 50
"""People of one name that are looked at for a ZIP code; more make the line ambiguous."""


class _List(msgspec.Struct):
    """One list of the incident while a file is gone through."""

    roster: RosterRow
    told: dict[int, RowTold]
    unsettled: dict[int, Row]


class _Match(msgspec.Struct):
    """A line that is about one person: the letter that came back."""

    of: _List
    returned: Returned
    held: Row
    event: ContactOutcome
    after: RowTold
    forwards: bool


class ReturnedMail:
    """What comes back from the post."""

    def __init__(self, desk: Desk, vault: Vault, people: PeopleCommands) -> None:
        self._desk = desk
        self._vault = vault
        self._people = people
        self._headcount = Headcount(desk, vault)

    def look(self, incident_id: UUID, path: Path, on: date | None = None) -> ReturnedReport:
        """What recording the file would do; nothing is kept. `on` is the day for lines that give none.

        Raises:
            InvalidInput: the file cannot be used.
        """
        state = self._desk.incident(incident_id)
        return self._sorted(state, path, on).report

    @insistent
    def record(self, incident_id: UUID, path: Path, on: date | None = None) -> tuple[ReturnedReport, Receipt]:
        """Record a file of returned mail: who can no longer be reached in writing follows by itself.

        Lines that are recorded already are passed over, so that a file may be given again, also after it broke off. A
        forwarding address replaces the home address it was returned from; any other address is for a person to decide.

        Raises:
            InvalidInput: the file cannot be used.
            OutOfOrder: the incident is closed.
        """
        self._desk.require(ContactOutcome.TOPIC)
        state = self._headcount.open_incident(incident_id)
        sorting = self._sorted(state, path, on)
        done = sorting.report
        if done.lines_in == done.already:
            return done, self._desk.append([])
        events: dict[UUID, list[Event]] = defaultdict(list)
        after: dict[UUID, dict[int, RowTold]] = defaultdict(dict)
        today = self._desk.today(state)
        for match in sorting.matches:
            roster, row = match.of.roster.id, match.held.row
            events[roster].append(match.event)
            after[roster][row] = match.after
            if match.forwards:
                event, after[roster][row] = self._forward(match, today)
                events[roster].append(event)
        name = shown_name(path)
        source = f"returned mail, {name}"
        entries = {
            roster: self._desk.entries(roster, self._desk.version(roster), some, because=source)
            for roster, some in events.items()
        }
        text = (
            f"Returned mail of {name}: {done.lines_in:,} in = {done.matched:,} matched + {done.ambiguous:,} "
            f"ambiguous + {done.unknown:,} unknown + {done.already:,} already"
        )
        receipt = self._headcount.record(state, entries, source, more=[ActionLogged(text=text)])
        for roster, told in after.items():
            self._people.done(roster, told)
        return done, receipt

    def _sorted(self, state: Incident, path: Path, on: date | None) -> "_Sorting":
        sorting = _Sorting(self._desk, self._vault, state, on or self._desk.today(state))
        sorting.sort(list(read_returned(path)))
        return sorting

    def _forward(self, match: _Match, today: date) -> tuple[Event, RowTold]:
        roster, held = match.of.roster.id, match.held
        assert held.person is not None
        assert match.returned.forwarding is not None
        if held.person.address != match.returned.forwarding:
            person = msgspec.structs.replace(held.person, address=match.returned.forwarding)
            self._vault.correct(roster, held.row, person, on=today)
        change = self._vault.unrecorded(roster, held.row)
        assert change is not None
        return decide_correction(change, match.after)


class _Sorting:
    """Sends every line of a file one of four ways."""

    def __init__(self, desk: Desk, vault: Vault, state: Incident, on: date) -> None:
        self._vault = vault
        self._reference = state.reference
        self._on = on
        self._today = desk.today(state)
        self._lists = {
            number: _List(roster, rows_told(desk.log.stream(roster.id)), vault.unrecorded_rows(roster.id))
            for number, roster in enumerate(desk.queries.rosters(state.id), start=1)
        }
        self._people: dict[tuple[int, int], Row] = {}
        self._seen: set[tuple[int, int]] = set()
        self.ways: list[Way] = []
        self.matches: list[_Match] = []

    @property
    def report(self) -> ReturnedReport:
        """The tally so far."""
        return report(self.ways, sum(match.forwards for match in self.matches))

    def sort(self, lines: Sequence[Returned]) -> None:
        """Sort the lines of a file, in order."""
        wanted: dict[int, set[int]] = defaultdict(set)
        for returned in lines:
            code = parse_code(returned.code, self._reference)
            if code is not None and code[0] in self._lists:
                wanted[code[0]].add(code[1])
        for number, rows in wanted.items():
            found = self._vault.some(self._lists[number].roster.id, rows)
            self._people |= {(number, row): held for row, held in found.items()}
        for returned in lines:
            self.ways.append(self._way(returned))

    def _way(self, returned: Returned) -> Way:
        if returned.fault:
            return Way(returned.line, "unknown", (), returned.fault)
        candidates, why = self._candidates(returned)
        if len(candidates) != 1:
            return Way(returned.line, "ambiguous" if candidates else "unknown", tuple(sorted(candidates)), why)
        ((where, held),) = candidates.items()
        of = self._lists[where[0]]
        told = of.told.get(held.row, IMPORTED)
        if where in self._seen or _known(returned, told):
            return Way(returned.line, "already", (where,), "recorded as returned")
        before = of.unsettled.get(held.row)
        if before is not None and (held.person is None or held.person.address != returned.forwarding):
            why = "a change of the row broke off before it was recorded; give that command again first"
            return Way(returned.line, "unknown", (where,), why)
        try:
            event, after = decide_outcome(
                before or held, told, Kind.MAIL_RETURNED, returned.on or self._on, self._today,
                reason=returned.reason, forwarding=returned.forwarding is not None,
            )  # fmt: skip
        except Refusal as refusal:
            return Way(returned.line, "unknown", (where,), str(refusal))
        self._seen.add(where)
        forwards = _forwards(returned, held, begun=before is not None)
        self.matches.append(_Match(of, returned, held, event, after, forwards))
        note = returned.note
        if returned.forwarding is not None and not forwards:
            not_taken = "a newer address is given and was not taken: the letter went elsewhere, or it is incomplete"
            note = "; ".join(filter(None, (note, not_taken)))
        return Way(returned.line, "matched", (where,), note)

    def _candidates(self, returned: Returned) -> tuple[dict[tuple[int, int], Row], str]:
        """The people whom a line may be about, or why there is none."""
        if returned.code:
            return self._of_code(returned.code)
        if not returned.name or not returned.zip:
            return {}, "neither a code nor a name with a ZIP code"
        found: dict[tuple[int, int], Row] = {}
        for number, of in self._lists.items():
            for row in self._vault.search(of.roster.id, returned.name, limit=_SEARCHED):
                if row.status is Status.ACCEPTED and row.person is not None and same_person(row.person, returned):
                    found[number, row.row] = row
        return found, "several people of that name and ZIP code" if found else "nobody of that name and ZIP code"

    def _of_code(self, text: str) -> tuple[dict[tuple[int, int], Row], str]:
        code = parse_code(text, self._reference)
        if code is None:
            return {}, f"not the code of a letter of {self._reference}"
        held = self._people.get(code)
        if held is None:
            return {}, "no such letter"
        return dict([self._stands_for(code[0], held)]), ""

    def _stands_for(self, number: int, held: Row) -> tuple[tuple[int, int], Row]:
        """Where the person of a row stands now: the letter was printed before it was found to be another's double."""
        numbers = {of.roster.id: number for number, of in self._lists.items()}
        while held.status is Status.MERGED:
            elsewhere = self._lists[number].told.get(held.row, IMPORTED).elsewhere
            if held.merged_into is not None:
                held = self._vault.person(self._lists[number].roster.id, held.merged_into)
            elif elsewhere is not None:
                number, held = numbers[elsewhere[0]], self._vault.person(*elsewhere)
            else:
                break  # linked, and the log does not have it yet
        return (number, held.row), held


def _known(returned: Returned, told: RowTold) -> bool:
    """Whether the letter is one that is recorded as returned: nothing was mailed since, as far as the log knows.

    A letter that came back after a newer address was found must have gone there.
    """
    if told.reach.post == "found" and returned.on is not None and told.on is not None:
        return returned.on <= told.on
    return bool(told.reach.post)


def _forwards(returned: Returned, held: Row, *, begun: bool) -> bool:
    """Whether the newer address of a returned letter replaces the one it was sent to; `begun`: it did, unrecorded."""
    forwarding = returned.forwarding
    if forwarding is None or not forwarding.sufficient or not goes_to_home_address(held):
        return False
    return begun or (held.person is not None and held.person.address != forwarding)

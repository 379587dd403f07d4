"""Accountings of disclosures from the incidents of a case: by person, under the reference on their letter."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from incident import accounting
from incident.accounting import AccountingLine, Disclosure
from incident.commands.desk import Desk, Receipt, insistent
from incident.errors import InvalidInput, NotFound
from incident.events import DisclosureDescribed
from incident.roster.record import Row, Status
from incident.roster.returned import parse_code
from incident.roster.vault import Vault
from incident.views.kept import event_of
from incident.views.queries import IncidentRow, Queries


class AccountingCommands:
    """What can be asked and said about disclosures."""

    def __init__(self, desk: Desk, vault: Vault) -> None:
        self._desk = desk
        self._vault = vault

    @insistent
    def describe(
        self,
        incident_id: UUID,
        *,
        outside: bool | None,
        recipient: str = "",
        address: str = "",
        described: str = "",
        purpose: str = "",
    ) -> Receipt:
        """Say whether the information left the organization, and who received it; it stands in place of what was said.

        Raises:
            InvalidInput: nothing is said, or what is said contradicts itself.
        """
        self._desk.require(DisclosureDescribed.TOPIC)
        self._desk.incident(incident_id)
        kept = self._desk.queries.kept.of(incident_id, DisclosureDescribed)
        event = DisclosureDescribed(
            incident_id=incident_id, outside=outside, recipient=recipient.strip(), address=address.strip(),
            described=described.strip(), purpose=purpose.strip(),
        )  # fmt: skip
        events = accounting.decide_describe(event, event_of(kept[-1], DisclosureDescribed) if kept else None)
        stream = kept[-1].entry.originator_id if kept else self._desk.ids.new()
        return self._desk.record(stream, kept[-1].entry.originator_version if kept else 0, events)

    def disclosure(self, incident: IncidentRow, requested_on: date, queries: Queries | None = None) -> Disclosure:
        """What an incident adds to an accounting asked for on a day."""
        queries = queries or self._desk.queries
        kept = queries.kept.of(incident.id, DisclosureDescribed)
        told = event_of(kept[-1], DisclosureDescribed) if kept else None
        facts = {path: row.value for path, row in queries.facts(incident.id).items()}
        return accounting.disclosure_of(
            accounting.Incident(reference=incident.reference, title=incident.title, facts=facts, described=told),
            requested_on,
        )

    def of_person(self, code: str, requested_on: date, queries: Queries | None = None) -> AccountingLine:
        """The line of one person, by the reference on their letter.

        Raises:
            InvalidInput: that is no reference. NotFound: nobody has it.
        """
        queries = queries or self._desk.queries
        reference = code.rsplit("-", 2)[0]
        incident = next((row for row in queries.incidents() if row.reference.casefold() == reference.casefold()), None)
        parsed = parse_code(code, reference) if incident is not None else None
        if incident is None or parsed is None:
            raise InvalidInput(f"person: {code!r} is not a reference such as 2026-001-1-000012")
        number, row = parsed
        lists = queries.rosters(incident.id)
        if not 1 <= number <= len(lists):
            raise NotFound(f"there is no list {number} in {reference}")
        held = self._vault.person(lists[number - 1].id, row)
        if held.status is not Status.ACCEPTED:
            raise NotFound(f"row {row}: not accepted but {held.status}")
        return self._line(code, self.disclosure(incident, requested_on, queries), queries, incident, held)

    def everybody(
        self, incident: IncidentRow, requested_on: date, queries: Queries | None = None
    ) -> Iterator[AccountingLine]:
        """A line for each accepted person of an incident, in the order of the lists."""
        queries = queries or self._desk.queries
        disclosure = self.disclosure(incident, requested_on, queries)
        for number, roster in enumerate(queries.rosters(incident.id), start=1):
            for held in self._vault.iterate(roster.id, status=Status.ACCEPTED):
                code = f"{incident.reference}-{number}-{held.row:06}"
                yield self._line(code, disclosure, queries, incident, held)

    def _line(
        self, code: str, disclosure: Disclosure, queries: Queries, incident: IncidentRow, held: Row
    ) -> AccountingLine:
        kept = queries.kept.of(incident.id, DisclosureDescribed)
        own_words = bool(kept) and bool(event_of(kept[-1], DisclosureDescribed).described)
        return AccountingLine(
            code=code, disclosure=disclosure if own_words else accounting.for_person(disclosure, tuple(held.elements))
        )

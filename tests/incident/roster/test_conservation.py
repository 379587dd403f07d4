"""Whatever is decided about people, and in whatever order: counts in the log == counts in the vault == facts."""

from collections import Counter
from datetime import date
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from incident.errors import InvalidInput, OutOfOrder
from incident.incident import replay
from incident.roster.audit import audit
from incident.roster.contact import ENDORSEMENTS, Kind, counted
from incident.roster.counts import Tally, moved
from incident.roster.person import Address, Person
from incident.roster.record import Status
from incident.roster.told import LogOfRosters
from incident.service import Service
from jurisdictions.vocabulary import USPS
from tests.incident.conftest import CASE, CHICAGO, World

HEADINGS = "First Name,Last Name,DOB,Address,City,State,Zip,Deceased,Email,Email Consent,Data Elements\n"
PEOPLE = (
    "Ana,Kowalczyk,1980-02-03,12 Elm St,Chicago,IL,60614,,ana@example.org,yes,name; ssn\n"
    "Ben,Okafor,1975-07-09,9 Oak Ave,Evanston,IL,60201,,,,name; medical\n"
    "Ben,Okafor,1975-07-09,9 Oak Ave,Evanston,IL,60201,,,,name; ssn\n"
    "Cleo,Marsh,2015-01-01,4 Pine Rd,Gary,IN,46402,,,,name; photos\n"
    "Dee,Novak,1960-05-05,,,IL,,,,,name; email\n"
    "Eli,Stone,1950-05-05,5 Hill St,Los Angeles,CA,90012,yes,,,name; ssn\n"
    "Fay,Reed,1990-05-05,6 Bay St,San Diego,CA,92101,,,,\n"
    ",,1990-01-01,7 Low St,Chicago,IL,60614,,,,name; ssn\n"
    ",,1991-01-01,8 Low St,Fresno,CA,93701,,,,\n"
)
ROWS = range(2, 2 + PEOPLE.count("\n"))
TODAY = date(2026, 11, 22)
ADDRESSES = (
    Address(),
    Address(("1 New St",), "Joliet", "IL", "60432"),
    Address(("2 New St",), "Oakland", "CA", "94601"),
    Address(("3 Far Rd",), "Gary", "IN", "46402"),
)
FACTS = {
    "incident.discovered_at": "2026-11-20T16:10:00-06:00",
    "incident.data_elements": ["name", "ssn", "medical_information"],
}


def begun(folder: Path) -> tuple[World, Service, UUID, UUID]:
    world = World(folder)
    lead = world.as_user("lead")
    lead.case.open(CASE, "Lakeshore Aesthetics", CHICAGO, {"phone": "312-555-0142"})
    lead.case.enroll("lead", "Dana Reyes", "incident_lead")
    incident_id, _ = lead.incidents.open("Phished billing mailbox", FACTS)
    path = folder / "export.csv"
    path.write_text(HEADINGS + PEOPLE, encoding="utf-8")
    lead.rosters.import_file(incident_id, path)
    return world, lead, incident_id, lead.queries.rosters(incident_id)[0].id


def low(value: object) -> int:
    assert isinstance(value, int | dict)
    return value["min"] if isinstance(value, dict) else value


class Decisions(RuleBasedStateMachine):
    """Random decisions by one person, looked at after each of them."""

    folder: Path

    @initialize()
    def begin(self) -> None:
        Decisions.number = getattr(Decisions, "number", 0) + 1
        folder = self.folder / str(Decisions.number)
        folder.mkdir()
        self.world, self.lead, self.incident_id, self.roster = begun(folder)
        self.outcomes = Counter[str]()

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.vault.close()

    def held(self, row: int):
        return self.world.vault.person(self.roster, row)

    @rule(row=st.sampled_from(ROWS), accept=st.booleans(), address=st.sampled_from(ADDRESSES))
    def resolve(self, row: int, accept: bool, address: Address) -> None:
        person = Person(given_name="Gus", family_name=f"Lane{row}", address=address, state=address.state)
        try:
            self.lead.rosters.resolve_quarantine(
                self.roster, row, accept=accept, because="looked up", person=person if accept else None
            )
        except OutOfOrder:
            assert self.held(row).status is not Status.QUARANTINED

    @rule(
        row=st.sampled_from(ROWS),
        address=st.sampled_from(ADDRESSES),
        state=st.sampled_from(("IL", "CA", "IN", "")),
        deceased=st.sampled_from((None, True, False)),
        born=st.sampled_from((None, date(1980, 1, 1), date(2014, 1, 1))),
        elements=st.sampled_from(((), ("name", "ssn"), ("name", "email"))),
    )
    def correct(self, row: int, address: Address, state: str, deceased, born, elements) -> None:
        person = self.held(row).person
        if person is None:
            return
        other = msgspec.structs.replace(
            person, address=address, state=state, deceased=deceased, date_of_birth=born, data_elements=elements
        )
        try:
            self.lead.people.correct(self.roster, row, other, "the chart says so")
        except OutOfOrder:
            assert self.held(row).status is not Status.ACCEPTED
        except InvalidInput:
            assert other == person

    @rule(
        row=st.sampled_from(ROWS),
        kind=st.sampled_from([*Kind]),
        reason=st.sampled_from([*ENDORSEMENTS]),
        reached=st.booleans(),
    )
    def follow_up(self, row: int, kind: Kind, reason: str, reached: bool) -> None:
        try:
            self.lead.people.outcome(
                self.roster, row, kind, TODAY, reason=reason, reached=reached, caller="Dana", because=None
            )
        except OutOfOrder:
            self.outcomes["refused"] += 1
        else:
            self.outcomes[kind] += 1

    @precondition(lambda self: hasattr(self, "lead"))
    @rule(row=st.sampled_from((2, 3, 6, 8)))
    def erase(self, row: int) -> None:
        self.lead.people.erase(self.roster, row, "the person asked for it")

    @invariant()
    def everything_agrees(self) -> None:
        if not hasattr(self, "lead"):
            return
        log = LogOfRosters()
        for position, entry in self.world.log.read():
            log.observe(position, entry)
        assert audit(self.world.vault, log.told) == []

        row = self.lead.queries.roster(self.roster)
        tally = log.told[self.roster].tally
        assert row.rows_in == row.accepted + row.quarantined + row.merged == len(ROWS)
        assert row.by_state == tally.by_state
        assert sum(row.by_state.values()) == row.accepted

        # The vault, person by person, with those who are erased as the log says that they counted.
        told = self.lead.people.told(self.roster)
        held = Tally()
        for one in self.world.vault.iterate(self.roster, status=None):
            said = told.get(one.row)
            erased = one.status is Status.ERASED
            counts = said.counted if erased and said else counted(one, said.reach) if said else counted(one)
            held = moved(held, None, counts)
        numbers = ("minors", "deceased", "insufficient_contact", "contact_open", "next_of_kin_insufficient_contact")
        assert {name: getattr(held, name) for name in numbers} == {name: getattr(row, name) for name in numbers}
        assert held.kinds == row.kinds

        facts = replay(self.incident_id, self.world.log.stream(self.incident_id)).facts
        value = {path: fact.value for path, fact in facts.items()}
        assert low(value["affected.total"]) == row.accepted
        for state in USPS:
            assert low(value.get(f"affected.by_state.{state}", 0)) == row.by_state.get(state, 0)
        possible = row.contact_open + row.quarantined - row.excluded
        assert value["affected.insufficient_contact"] == (
            {"min": row.insufficient_contact, "max": row.insufficient_contact + possible}
            if possible
            else row.insufficient_contact
        )
        assert low(value["affected.next_of_kin_insufficient_contact"]) == row.next_of_kin_insufficient_contact


def test_the_log_the_vault_and_the_facts_agree_after_any_decisions(tmp_path_factory: pytest.TempPathFactory) -> None:
    Decisions.folder = tmp_path_factory.mktemp("decisions")
    Decisions.TestCase.settings = settings(
        max_examples=12,
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=[*HealthCheck],
        phases=[Phase.generate],  # shrinking a sequence of decisions takes minutes
    )
    Decisions.TestCase("runTest").runTest()

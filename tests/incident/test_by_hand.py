"""One person typed by hand is a list of one: checked, sealed, counted and erased like any other."""

from uuid import UUID

import msgspec
import pytest

from incident.errors import InvalidInput, NotAllowed, NotFound
from incident.events import RosterOpened, SegmentSealed
from incident.roster.record import Status
from incident.service import Service

ANN = {"full_name": "Ann Lee", "address1": "12 Oak St", "city": "Chicago", "state": "IL", "zip": "60601"}
BOB = {"full_name": "Bob Marsh", "state": "CA"}


@pytest.fixture
def incident_id(lead: Service) -> UUID:
    return lead.incidents.open("Misdirected fax", {"incident.discovered_at": "2026-11-20T16:10:00-06:00"})[0]


def affected(lead: Service, incident_id: UUID) -> dict[str, object]:
    facts = lead.queries.facts(incident_id)
    return {path.removeprefix("affected."): row.value for path, row in facts.items() if path.startswith("affected.")}


def test_who_is_typed_is_counted_and_can_be_written_to(lead: Service, incident_id: UUID) -> None:
    roster, _ = lead.by_hand.add(incident_id, ANN)
    assert affected(lead, incident_id)["total"] == 1
    assert affected(lead, incident_id)["by_state.IL"] == 1
    assert affected(lead, incident_id)["insufficient_contact"] == 0
    (row,) = lead.queries.rosters(incident_id)
    assert row.rows_in == row.accepted + row.quarantined + row.merged == 1
    (letter,) = lead.rosters.letters(incident_id, lead.desk.today(lead.desk.incident(incident_id)))
    assert (letter.code, letter.name_lines) == ("2026-001-1-000001", ("Ann Lee",))
    sealed = [entry.event for entry in lead.desk.log.stream(roster) if isinstance(entry.event, SegmentSealed)]
    assert lead.rosters.vault.check(roster, {each.number: each.merkle_root for each in sealed}) == ()


def test_without_an_address_nobody_can_be_written_to(lead: Service, incident_id: UUID) -> None:
    lead.by_hand.add(incident_id, ANN)
    lead.by_hand.add(incident_id, BOB)
    found = affected(lead, incident_id)
    assert (found["total"], found["by_state.CA"], found["insufficient_contact"]) == (2, 1, 1)


def test_nothing_of_the_person_is_in_the_log(lead: Service, world, incident_id: UUID) -> None:
    roster, _ = lead.by_hand.add(incident_id, ANN)
    stored = msgspec.json.encode(list(world.log.entries)).decode()
    assert "Ann" not in stored
    assert "Oak" not in stored
    other, _ = lead.by_hand.add(incident_id, ANN)
    marks = [
        entry.event.source_sha256
        for each in (roster, other)
        for entry in lead.desk.log.stream(each)
        if isinstance(entry.event, RosterOpened)
    ]
    # The same words give another mark: nobody can find them by trying names.
    assert len(set(marks)) == 2


def test_who_is_typed_can_be_erased(lead: Service, incident_id: UUID) -> None:
    roster, _ = lead.by_hand.add(incident_id, ANN)
    lead.people.erase(roster, 1, "asked for")
    assert lead.rosters.vault.person(roster, 1).status is Status.ERASED
    assert affected(lead, incident_id)["total"] == 1


@pytest.mark.parametrize(
    "wrong",
    [{"full_name": "Test Patient"}, {"full_name": "12345"}, {**ANN, "state": "ZZ", "zip": "1"}],
)
def test_whom_a_list_would_set_aside_is_refused_with_the_reason(
    lead: Service, incident_id: UUID, wrong: dict[str, str]
) -> None:
    before = lead.queries.position
    with pytest.raises(InvalidInput, match=r"^person: "):
        lead.by_hand.add(incident_id, wrong)
    assert lead.queries.position == before
    assert lead.queries.rosters(incident_id) == ()


def test_a_role_that_may_not_leaves_nothing_in_the_vault(lead: Service, world, incident_id: UUID) -> None:
    counsel = world.as_user("counsel")
    with pytest.raises(NotAllowed):
        counsel.by_hand.add(incident_id, ANN)
    with pytest.raises(NotAllowed):
        counsel.by_hand.check(None, ANN)
    with pytest.raises(NotFound):
        lead.rosters.vault.people(UUID(int=world.ids.last))

"""Correcting and erasing people: every number of the law follows, and every row stays provable."""

from datetime import date
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from incident.errors import InvalidInput, OutOfOrder
from incident.events import PersonCorrected
from incident.roster.audit import audit
from incident.roster.commitments import leaf_hash
from incident.roster.contact import Kind
from incident.roster.person import Address, Person
from incident.roster.record import Status
from incident.roster.told import LogOfRosters
from incident.service import Service

HEADINGS = "First Name,Last Name,DOB,Address,City,State,Zip,Data Elements\n"
ROWS = (
    "Ana,Kowalczyk,1980-02-03,12 Elm St,Chicago,IL,60614,ssn\n"
    "Ben,Okafor,1975-07-09,9 Oak Ave,Evanston,IL,60201,medical\n"
    "Cleo,Marsh,1985-01-01,4 Pine Rd,Joliet,IL,60432,email\n"
    "Dee,Novak,1960-05-05,1 Hill St,Peoria,IL,61602,\n"
    "Eli,Stone,1950-05-05,5 Bay St,Los Angeles,CA,90012,email\n"
    "Fay,Reed,1990-05-05,6 Bay St,Gary,IN,46402,ssn\n"
)


def facts_of(elements: list[str] | None) -> dict[str, object]:
    facts: dict[str, object] = {"incident.discovered_at": "2026-11-20T16:10:00-06:00"}
    return facts if elements is None else {**facts, "incident.data_elements": elements}


def imported(lead: Service, tmp_path: Path, elements: list[str] | None, rows: str = ROWS) -> tuple[UUID, UUID]:
    incident_id, _ = lead.incidents.open("Phished billing mailbox", facts_of(elements))
    path = tmp_path / "export.csv"
    path.write_text(HEADINGS + rows, encoding="utf-8")
    lead.rosters.import_file(incident_id, path)
    return incident_id, lead.queries.rosters(incident_id)[0].id


@pytest.fixture
def ids(lead: Service, tmp_path: Path) -> tuple[UUID, UUID]:
    return imported(lead, tmp_path, ["name", "ssn", "medical_information", "email"])


def values(lead: Service, incident_id: UUID) -> dict[str, object]:
    return {path: row.value for path, row in lead.queries.facts(incident_id).items()}


def must_notify(lead: Service, incident_id: UUID) -> dict[str, object]:
    stem = "affected.must_notify_by_state."
    return {
        path.removeprefix(stem): value for path, value in values(lead, incident_id).items() if path.startswith(stem)
    }


def person(lead: Service, roster: UUID, row: int) -> Person:
    found = lead.rosters.vault.person(roster, row).person
    assert found is not None
    return found


def change(lead: Service, roster: UUID, row: int, **fields: object) -> None:
    changed = msgspec.structs.replace(person(lead, roster, row), **fields)
    lead.people.correct(roster, row, changed, "the chart says so")


def faults(world) -> list[str]:
    log = LogOfRosters()
    for position, entry in world.log.read():
        log.observe(position, entry)
    return audit(world.vault, log.told)


# --- Whom a State's own definition covers


def test_only_whom_the_definition_covers_must_be_told_and_the_unknown_are_a_range(
    lead: Service, ids: tuple[UUID, UUID]
) -> None:
    # 815 ILCS 530/5: a name with a Social Security number or medical information; an e-mail address alone is neither.
    assert must_notify(lead, ids[0]) == {"IL": {"min": 2, "max": 3}, "CA": 0}
    assert values(lead, ids[0])["affected.by_state.IL"] == 4
    row = lead.queries.facts(ids[0])["affected.must_notify_by_state.IL"]
    assert row.source is not None
    assert "815 ILCS 530/5" in row.source


def test_the_numbers_by_kinds_of_data_are_in_the_log_and_name_nobody(
    lead: Service, ids: tuple[UUID, UUID], world
) -> None:
    (told,) = [entry.event for entry in world.log.entries if entry.event.TOPIC == "roster.kinds_counted"]
    assert told.by_state["IL"] == {"": 1, "email": 1, "medical_information": 1, "ssn": 1}
    assert lead.queries.roster(ids[1]).kinds == told.by_state


def test_every_decision_keeps_them_right(lead: Service, ids: tuple[UUID, UUID]) -> None:
    incident_id, roster = ids
    change(lead, roster, 5, data_elements=("ssn",))
    assert must_notify(lead, incident_id)["IL"] == 3
    change(lead, roster, 2, data_elements=("email",))
    assert must_notify(lead, incident_id)["IL"] == 2
    change(lead, roster, 2, state="CA")
    assert must_notify(lead, incident_id) == {"IL": 2, "CA": 0}
    lead.people.erase(roster, 3, "the person asked for it")
    assert must_notify(lead, incident_id)["IL"] == 2, "whoever is erased was affected all the same"


def test_a_row_in_quarantine_may_be_covered(lead: Service, tmp_path: Path) -> None:
    rows = ROWS + ",,1990-01-01,7 Low St,Chicago,IL,60614,ssn\n"
    incident_id, _ = imported(lead, tmp_path, ["name", "ssn"], rows)
    assert must_notify(lead, incident_id)["IL"] == {"min": 2, "max": 4}


def test_without_kinds_of_data_in_the_list_the_definition_goes_by_the_breach(lead: Service, tmp_path: Path) -> None:
    rows = "".join(line.rpartition(",")[0] + ",\n" for line in ROWS.splitlines())
    incident_id, _ = imported(lead, tmp_path, ["name", "ssn"], rows)
    assert must_notify(lead, incident_id) == {}


def test_whether_names_were_exposed_decides_where_the_list_leaves_them_out(lead: Service, tmp_path: Path) -> None:
    incident_id, _ = imported(lead, tmp_path, None)
    # Not recorded which data was involved: with a name they would be covered, without one they would not.
    assert must_notify(lead, incident_id)["IL"] == {"min": 0, "max": 3}


# --- Corrections


def test_a_correction_is_an_event_without_names_and_the_counts_follow(
    lead: Service, ids: tuple[UUID, UUID], world
) -> None:
    incident_id, roster = ids
    change(lead, roster, 2, family_name="Kowalska", state="CA", date_of_birth=date(2015, 1, 1))
    row = lead.queries.roster(roster)
    assert (row.by_state, row.minors) == ({"IL": 3, "CA": 2, "IN": 1}, 1)
    found = values(lead, incident_id)
    assert (found["affected.by_state.IL"], found["affected.by_state.CA"], found["affected.total"]) == (3, 2, 6)
    (entry,) = [entry for entry in world.log.entries if isinstance(entry.event, PersonCorrected)]
    assert isinstance(entry.event, PersonCorrected)
    assert entry.event.fields == ("family_name", "state", "date_of_birth")
    assert (entry.event.before.state, entry.event.after.state, entry.event.after.minor) == ("IL", "CA", True)
    assert b"Kowalska" not in msgspec.json.encode(entry.event)
    assert lead.rosters.vault.search(roster, "kowalska")[0].row == 2
    assert lead.rosters.vault.search(roster, "kowalczyk") == ()


def test_a_corrected_row_is_provable_again(lead: Service, ids: tuple[UUID, UUID], world) -> None:
    _, roster = ids
    change(lead, roster, 2, family_name="Kowalska")
    assert faults(world) == []
    with world.vault._engine.begin() as connection:
        (envelope,) = connection.exec_driver_sql("SELECT envelope FROM sealed ORDER BY id LIMIT 1").one()
        (event,) = [entry.event for entry in world.log.entries if isinstance(entry.event, PersonCorrected)]
        assert leaf_hash(envelope).hex() == event.commitment
        forged = envelope[:-1] + bytes([envelope[-1] ^ 1])
        connection.exec_driver_sql("UPDATE sealed SET envelope = ? WHERE id = (SELECT min(id) FROM sealed)", (forged,))
    assert any("not the one that the log has of its last change" in fault for fault in faults(world))


PLANTED = {
    "revision = revision + 1": "sealed anew, and the log does not say so",
    "flags = flags | 524288": "whether it can be reached is not what the log says",
    "flags = flags | 1": "it counts as something else than the log says",
    "state = 'WI'": "it counts as something else than the log says",
    "elements = 3": "it counts as something else than the log says",
    "status = 'excluded'": "its status is excluded, which is not what the log says",
}


@pytest.mark.parametrize("planted", PLANTED)
def test_each_planted_disagreement_is_named(lead: Service, ids: tuple[UUID, UUID], world, planted: str) -> None:
    change(lead, ids[1], 2, family_name="Kowalska")
    with world.vault._engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE people SET {planted} WHERE id = (SELECT min(id) FROM people)")
    assert any("row 2" in fault and PLANTED[planted] in fault for fault in faults(world)), faults(world)


def test_numbers_of_the_log_are_held_against_the_people(lead: Service, ids: tuple[UUID, UUID], world) -> None:
    # A row that no entry speaks of: only the totals can tell.
    with world.vault._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE people SET flags = flags | 3 WHERE id = (SELECT max(id) FROM people)")
    found = " ".join(faults(world))
    assert "its minors are 1, and the log counts 0" in found
    assert "its deceased people are 1, and the log counts 0" in found


def test_what_cannot_be_corrected_says_why(lead: Service, ids: tuple[UUID, UUID]) -> None:
    _, roster = ids
    known = person(lead, roster, 2)
    with pytest.raises(InvalidInput, match="because"):
        lead.people.correct(roster, 2, known, " ")
    with pytest.raises(InvalidInput, match="nothing differs"):
        lead.people.correct(roster, 2, known, "the chart")
    with pytest.raises(InvalidInput, match="without a name"):
        lead.people.correct(roster, 2, Person(address=Address(("1 St",), "Chicago", "IL", "60614")), "the chart")
    lead.people.erase(roster, 2, "asked")
    with pytest.raises(OutOfOrder, match="not accepted but erased"):
        lead.people.correct(roster, 2, known, "the chart")


class Cut(Exception):
    """The lights went out."""


def cut(*_: object) -> None:
    raise Cut


@pytest.mark.parametrize("again", [False, True])
def test_a_correction_that_broke_off_between_vault_and_log_is_taken_up_again(
    lead: Service, ids: tuple[UUID, UUID], world, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    incident_id, roster = ids
    with monkeypatch.context() as patch:
        patch.setattr(lead.desk.log, "append", cut)
        with pytest.raises(Cut):
            change(lead, roster, 2, state="CA")
    assert any("the log does not say so" in fault for fault in faults(world))
    with pytest.raises(OutOfOrder, match="broke off"):
        lead.people.outcome(roster, 2, Kind.MAIL_RETURNED, date(2026, 11, 22))
    # The same again, or something else: either way the log learns what the person counted as before.
    if again:
        lead.people.correct(roster, 2, person(lead, roster, 2), "the chart says so")
    else:
        change(lead, roster, 2, state="WI")
    expected = "CA" if again else "WI"
    assert faults(world) == []
    found = values(lead, incident_id)
    assert (found["affected.by_state.IL"], found[f"affected.by_state.{expected}"]) == (3, 2 if again else 1)
    assert world.vault.unrecorded_rows(roster) == {}


def test_a_correction_that_the_log_has_is_not_taken_up_again(
    lead: Service, ids: tuple[UUID, UUID], world, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, roster = ids
    with monkeypatch.context() as patch:
        patch.setattr(lead.people, "done", cut)
        with pytest.raises(Cut):
            change(lead, roster, 2, state="CA")
    assert 2 in world.vault.unrecorded_rows(roster)
    change(lead, roster, 2, state="WI")
    assert lead.queries.roster(roster).by_state == {"IL": 3, "CA": 1, "IN": 1, "WI": 1}
    assert faults(world) == []


# --- Erasure


def test_an_erasure_says_what_it_was_and_changes_no_count(lead: Service, ids: tuple[UUID, UUID], world) -> None:
    incident_id, roster = ids
    before = values(lead, incident_id)
    lead.people.erase(roster, 2, "the person asked for it")
    assert lead.rosters.vault.person(roster, 2).status is Status.ERASED
    assert values(lead, incident_id) == before
    event = world.log.entries[-1].event
    assert (event.was, event.counted.state, event.counted.elements) == ("accepted", "IL", ("ssn",))
    assert lead.people.erase(roster, 2, "once more").events == 0
    assert faults(world) == []


# --- History


def test_the_history_of_a_person_is_what_the_log_has_of_the_row(lead: Service, ids: tuple[UUID, UUID]) -> None:
    _, roster = ids
    change(lead, roster, 2, family_name="Kowalska")
    change(lead, roster, 3, family_name="Other")
    lead.people.outcome(roster, 2, Kind.MAIL_RETURNED, date(2026, 11, 22), reason="moved")
    told = [entry.text for entry in lead.queries.person_history(roster, 2)]
    assert [text.partition(":")[0] for text in told] == [
        "Roster import of export.csv (" + told[0].partition("(")[2],
        "Roster",
        "Person of row 2 corrected",
        "Row 2",
    ]
    assert told[-1].endswith("Moved, Left No Address")

"""A list of people becomes counts on the board; the people themselves stay in the vault."""

from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from openpyxl import Workbook

from incident.errors import CaseUnusable, InvalidInput, NotFound, OutOfOrder
from incident.roster.layout import Layout
from incident.roster.record import Status
from incident.service import Service

HEADINGS = "First Name,Last Name,DOB,Address,City,State,Zip\n"
ROWS = (
    "Ana,Kowalczyk,1980-02-03,12 Elm St,Chicago,IL,60614\n"
    "Ben,Okafor,1975-07-09,9 Oak Ave,Evanston,IL,60201\n"
    "Ben,Okafor,1975-07-09,9 Oak Ave,Evanston,IL,60201\n"
    "Cleo,Marsh,2015-01-01,4 Pine Rd,Gary,IN,46402\n"
    ",,1990-01-01,7 Low St,Chicago,IL,60614\n"
)


@pytest.fixture
def roster_file(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(HEADINGS + ROWS, encoding="utf-8")
    return path


@pytest.fixture
def incident_id(lead: Service) -> UUID:
    facts = {
        "incident.discovered_at": "2026-11-20T16:10:00-06:00",
        "affected.by_state.IL": {"min": 1, "max": 5},
        "affected.by_state.WI": None,
    }
    return lead.incidents.open("Phished billing mailbox", facts)[0]


def values(lead: Service, incident_id: UUID) -> dict[str, object]:
    return {path: row.value for path, row in lead.queries.facts(incident_id).items() if path.startswith("affected.")}


def duty(lead: Service, incident_id: UUID, name: str) -> str:
    board = lead.queries.board(incident_id, lead.clock.now()).assessment
    assert board is not None
    found = board.get(name)
    assert found is not None
    return str(found.status)


def decide_quarantine(lead: Service, incident_id: UUID) -> None:
    for roster in lead.queries.rosters(incident_id):
        for held in lead.rosters.rows(roster.id, status=Status.QUARANTINED):
            lead.rosters.resolve_quarantine(roster.id, held.row, accept=False, because="test record of the vendor")


def test_what_comes_in_is_accepted_quarantined_or_merged(lead: Service, incident_id: UUID, roster_file: Path) -> None:
    report, receipt = lead.rosters.import_file(incident_id, roster_file)
    assert (report.rows_in, report.accepted, report.quarantined, report.merged) == (5, 3, 1, 1)
    roster = lead.queries.rosters(incident_id)[0]
    assert roster.rows_in == roster.accepted + roster.quarantined + roster.merged
    assert receipt.events > 0


def test_the_counts_become_facts_and_a_state_nobody_lives_in_has_nobody(
    lead: Service, incident_id: UUID, roster_file: Path
) -> None:
    lead.rosters.import_file(incident_id, roster_file)
    decide_quarantine(lead, incident_id)
    found = values(lead, incident_id)
    assert found["affected.by_state.IL"] == 2
    assert found["affected.by_state.IN"] == 1
    assert found["affected.by_state.WI"] == 0
    assert found["affected.total"] == 3


def test_a_row_in_quarantine_may_be_one_person_more(lead: Service, incident_id: UUID, roster_file: Path) -> None:
    lead.rosters.import_file(incident_id, roster_file)
    found = values(lead, incident_id)
    assert found["affected.by_state.IL"] == {"min": 2, "max": 3}
    assert found["affected.by_state.IN"] == 1
    assert found["affected.total"] == {"min": 3, "max": 4}


def test_a_threshold_within_reach_of_the_quarantine_stays_open(lead: Service, tmp_path: Path) -> None:
    incident_id, _ = lead.incidents.open(
        "Phished billing mailbox",
        {
            "incident.discovered_at": "2026-11-20T16:10:00-06:00",
            "incident.encrypted": False,
            "incident.risk_assessment": "breach",
        },
    )
    path = tmp_path / "many.csv"
    people = "".join(f"Pat{n},Lee,1980-02-03,{n} Elm St,Chicago,IL,60614\n" for n in range(1, 501))
    path.write_text(HEADINGS + people + ",,1990-01-01,7 Low St,Chicago,IL,60614\n", encoding="utf-8")
    lead.rosters.import_file(incident_id, path)
    # 500 residents are not more than 500 (45 CFR 164.406(a)); with the row in quarantine they would be.
    assert duty(lead, incident_id, "us.hipaa.media:IL") == "needs_fact"
    decide_quarantine(lead, incident_id)
    assert duty(lead, incident_id, "us.hipaa.media:IL") == "not_required"


def test_no_name_reaches_the_log(lead: Service, incident_id: UUID, roster_file: Path, world) -> None:
    lead.rosters.import_file(incident_id, roster_file)
    told = msgspec.json.encode([entry.event for entry in world.log.entries]).decode()
    assert not [name for name in ("Kowalczyk", "Okafor", "Marsh", "Elm St") if name in told]


def test_the_same_file_is_not_counted_twice(lead: Service, incident_id: UUID, roster_file: Path) -> None:
    lead.rosters.import_file(incident_id, roster_file)
    before = values(lead, incident_id)
    with pytest.raises(InvalidInput, match="imported already"):
        lead.rosters.import_file(incident_id, roster_file)
    assert values(lead, incident_id) == before
    assert len(lead.queries.rosters(incident_id)) == 1


def test_that_a_file_was_imported_already_is_told_before_a_row_is_read(
    lead: Service, incident_id: UUID, roster_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead.rosters.import_file(incident_id, roster_file)
    told = "export.csv: this very file was imported already (#"
    assert lead.rosters.preview(incident_id, roster_file).problems[0].startswith(told)
    renamed = roster_file.rename(roster_file.with_name("again.csv"))

    def read(*_: object, **__: object) -> None:
        raise AssertionError("the file was read")

    monkeypatch.setattr("incident.commands.rosters.import_roster", read)
    with pytest.raises(InvalidInput, match=r"export\.csv: this very file was imported already"):
        lead.rosters.import_file(incident_id, renamed)
    elsewhere = lead.incidents.open("Lost laptop", {})[0]
    assert lead.rosters.preview(elsewhere, renamed).problems == (), "another incident counts by itself"


def test_each_sheet_of_a_workbook_is_a_list_of_its_own(lead: Service, incident_id: UUID, tmp_path: Path) -> None:
    book = Workbook()
    for name, people in (("2025", ("Ana Kowalczyk",)), ("2026", ("Ben Okafor", "Cleo Marsh"))):
        sheet = book.create_sheet(name)
        sheet.append(["Name", "Address", "City", "State", "Zip"])
        for person in people:
            sheet.append([person, "12 Elm St", "Chicago", "IL", "60614"])
    del book["Sheet"]
    path = tmp_path / "patients.xlsx"
    book.save(path)
    lead.rosters.import_file(incident_id, path)
    assert lead.rosters.preview(incident_id, path, Layout(sheet="2026")).problems[0].startswith("sheet '2026' is read")
    lead.rosters.import_file(incident_id, path, layout=Layout(sheet="2026"))
    assert [roster.accepted for roster in lead.queries.rosters(incident_id)] == [1, 2]
    for layout in (Layout(), Layout(sheet="2025"), Layout(sheet="2026")):
        with pytest.raises(InvalidInput, match=r"patients\.xlsx, sheet '202\d': this very file was imported already"):
            lead.rosters.import_file(incident_id, path, layout=layout)


def test_a_second_list_adds_to_the_counts(lead: Service, incident_id: UUID, roster_file: Path, tmp_path: Path) -> None:
    lead.rosters.import_file(incident_id, roster_file)
    second = tmp_path / "more.csv"
    second.write_text(HEADINGS + "Dee,Novak,1960-05-05,1 Hill St,Joliet,IL,60432\n", encoding="utf-8")
    lead.rosters.import_file(incident_id, second)
    decide_quarantine(lead, incident_id)
    found = values(lead, incident_id)
    assert (found["affected.by_state.IL"], found["affected.total"]) == (3, 4)


def test_a_list_without_names_changes_nothing(lead: Service, incident_id: UUID, tmp_path: Path, world) -> None:
    bad = tmp_path / "no-names.csv"
    bad.write_text("Zip,State\n60614,IL\n", encoding="utf-8")
    before = world.log.position()
    with pytest.raises(InvalidInput, match="name"):
        lead.rosters.import_file(incident_id, bad)
    assert world.log.position() == before


def test_a_quarantined_row_is_fixed_and_counted_or_excluded_with_a_reason(
    lead: Service, incident_id: UUID, roster_file: Path
) -> None:
    lead.rosters.import_file(incident_id, roster_file)
    roster = lead.queries.rosters(incident_id)[0]
    (held,) = lead.rosters.rows(roster.id, status=Status.QUARANTINED)
    with pytest.raises(InvalidInput, match="because"):
        lead.rosters.resolve_quarantine(roster.id, held.row, accept=False, because=" ")
    assert held.person is not None
    fixed = msgspec.structs.replace(held.person, given_name="Eli", family_name="Stone", full_name="")
    lead.rosters.resolve_quarantine(roster.id, held.row, accept=True, person=fixed, because="name found in the chart")
    after = lead.queries.rosters(incident_id)[0]
    assert (after.accepted, after.quarantined, after.rows_in) == (4, 0, 5)
    assert values(lead, incident_id)["affected.by_state.IL"] == 3
    with pytest.raises(OutOfOrder, match="not in quarantine"):
        lead.rosters.resolve_quarantine(roster.id, held.row, accept=False, because="again")


def test_an_excluded_row_stays_in_the_sum(lead: Service, incident_id: UUID, roster_file: Path) -> None:
    lead.rosters.import_file(incident_id, roster_file)
    roster = lead.queries.rosters(incident_id)[0]
    (held,) = lead.rosters.rows(roster.id, status=Status.QUARANTINED)
    lead.rosters.resolve_quarantine(roster.id, held.row, accept=False, because="test record of the vendor")
    after = lead.queries.rosters(incident_id)[0]
    assert (after.accepted, after.quarantined, after.excluded, after.merged) == (3, 1, 1, 1)


def test_letters_go_to_people_and_say_who_gets_none(lead: Service, incident_id: UUID, roster_file: Path) -> None:
    lead.rosters.import_file(incident_id, roster_file)
    on = lead.clock.now().date()
    letters = {row.row: row for row in lead.rosters.letters(incident_id, on)}
    assert len(letters) == 3
    assert letters[2].name_lines == ("Ana Kowalczyk",)
    assert letters[5].audience == "parent_of_minor"
    assert len({row.code for row in letters.values()}) == 3


def test_one_import_at_a_time_and_a_broken_one_leaves_nothing(
    lead: Service, incident_id: UUID, roster_file: Path, world
) -> None:
    with world.vault.importing(), pytest.raises(CaseUnusable, match="another import"):
        lead.rosters.import_file(incident_id, roster_file)
    stray = UUID(int=77)
    world.vault.begin(stray, incident_id, "0" * 64)
    lead.rosters.import_file(incident_id, roster_file)
    with pytest.raises(NotFound):
        world.vault.count(stray)


def test_a_further_list_does_not_make_an_unknown_number_known(
    lead: Service, incident_id: UUID, roster_file: Path, tmp_path: Path
) -> None:
    lead.rosters.import_file(incident_id, roster_file)
    lead.incidents.record_facts(incident_id, {"affected.insufficient_contact": None}, because="mail is coming back")
    second = tmp_path / "more.csv"
    second.write_text(HEADINGS + "Dee,Novak,1960-05-05,1 Hill St,Joliet,IL,60432\n", encoding="utf-8")
    lead.rosters.import_file(incident_id, second)
    assert values(lead, incident_id)["affected.insufficient_contact"] is None

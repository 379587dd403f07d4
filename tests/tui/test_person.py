"""One person on the screen and on the command line: corrected, followed up, erased; mail back in, addresses out."""

import csv
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from incident.errors import InvalidInput
from incident.roster.person import Address, Person
from incident.roster.record import Status
from tests.tui.conftest import DANA
from tests.tui.test_cli_documents import Breach, breach, reference, told
from tui import correcting
from tui.app import BreachApp
from tui.compose import Workspace

__all__ = ["breach", "reference"]

HEADINGS = "MRN,First Name,Last Name,DOB,Street,City,State,Zip,Deceased\n"
ROWS = (
    "1,Ana,Díaz,1980-02-28,12 Main St,Chicago,IL,60614,n\n"
    "2,Zoë,O'Neil,2015-06-01,9 Elm St,Chicago,IL,60601,n\n"
    "3,=Bob,Smith,1970-01-01,1 Oak St,Gary,IN,46402,n\n"
)
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(HEADINGS + ROWS, encoding="utf-8")
    return path


async def to_person(driver: Any) -> None:
    await driver.reads("Phished billing")
    await driver.press("enter", "4")
    await driver.on("PeopleScreen")
    await driver.reads("3 in")
    await driver.press("enter")
    await driver.reads("Ana Díaz")
    await driver.press("enter")
    await driver.on("PersonScreen")
    await driver.reads("12 Main St")


async def test_a_person_is_corrected_followed_up_and_erased_on_the_screen(
    workspace: Workspace, incident_id: UUID, people: Path, run: Any
) -> None:
    workspace.service.rosters.import_file(incident_id, people)
    (roster,) = workspace.service.queries.rosters(incident_id)
    async with run(BreachApp(workspace)) as driver:
        await to_person(driver)

        await driver.press("c")
        await driver.on("PickDialog")
        await driver.press(*"addr", "enter")
        await driver.on("_CheckedForm")
        await driver.reads("Resides in (State)")
        await driver.press("enter")
        await driver.reads("Reason: needed")
        await driver.type("moved in October")
        await driver.press("enter")
        await driver.reads("nothing differs")
        await driver.press("tab", *["shift+tab"] * 2, "ctrl+u")
        await driver.type("WI")
        await driver.press("enter")
        await driver.on("PersonScreen")
        await driver.reads("Residence Wisconsin")
        await driver.reads("Person of row 2 corrected: state (moved in October)")
        assert workspace.service.queries.roster(roster.id).by_state == {"IL": 1, "IN": 1, "WI": 1}

        await driver.press("o")
        await driver.on("PickDialog")
        await driver.press("enter")
        await driver.reads("The letter came back")
        await driver.type("eaten by a dog")
        await driver.reads("none that is known")
        await driver.press("ctrl+u")
        await driver.type("mlna")
        await driver.reads("Moved, Left No Address: out of date")
        await driver.press("enter")
        await driver.reads("Unreachable people due")
        await driver.press("escape")
        await driver.reads("What was sent came back")
        assert workspace.service.queries.roster(roster.id).insufficient_contact == 1

        await driver.press("E")
        await driver.reads("There is no undo")
        await driver.type("the person asked for it")
        await driver.press("tab")
        await driver.type("3")
        await driver.press("enter")
        await driver.reads("type 2 to erase it")
        assert workspace.vault.person(roster.id, 2).status is Status.ACCEPTED
        await driver.press("ctrl+u")
        await driver.type("2")
        await driver.press("enter")
        await driver.reads("Row 2: erased")
        await driver.reads("Person of row 2 erased (the person asked for it)")
        await driver.press("c")
        await driver.reads("Row 2: it was erased.")


async def test_returned_mail_is_looked_at_before_it_is_recorded(
    workspace: Workspace, incident_id: UUID, people: Path, run: Any, tmp_path: Path
) -> None:
    workspace.service.rosters.import_file(incident_id, people)
    (roster,) = workspace.service.queries.rosters(incident_id)
    code = f"{workspace.service.queries.incident(incident_id).reference}-1-000002"
    (tmp_path / "back.csv").write_text(f"code,reason\n{code},ANK\nnothing,ANK\n", encoding="utf-8")
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("Phished billing")
        await driver.press("enter", "4")
        await driver.reads("3 in")
        await driver.press("r")
        await driver.on("PathFormDialog")
        await driver.type("back.csv")
        await driver.press("enter")
        await driver.reads("nothing is recorded yet")
        await driver.reads("2 in = 1 matched + 0 ambiguous + 1 unknown + 0 already")
        assert workspace.service.queries.roster(roster.id).insufficient_contact == 0
        await driver.press("r")
        await driver.wait(
            lambda: workspace.service.queries.roster(roster.id).insufficient_contact == 1, "the letter is recorded"
        )
        await driver.on("LinesDialog")
        await driver.press("escape")
        await driver.reads("cannot be reached in writing 1")


async def test_addresses_leave_only_after_it_was_said_what_that_means(
    workspace: Workspace, incident_id: UUID, people: Path, run: Any, tmp_path: Path
) -> None:
    workspace.service.rosters.import_file(incident_id, people)
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("Phished billing")
        await driver.press("enter", "4")
        await driver.reads("3 in")
        await driver.press("X")
        await driver.reads("protected health information")
        await driver.type("mailing.csv")
        await driver.press("tab")
        await driver.type("letters by the mail house")
        await driver.press("tab")
        await driver.type("yes")
        await driver.press("enter")
        await driver.reads("type: clear text")
        assert not (tmp_path / "mailing.csv").exists()
        await driver.press("ctrl+u")
        await driver.type("clear text")
        await driver.press("enter")
        await driver.reads("3 people = 3 lines + 0 left out")
    assert len((tmp_path / "mailing.csv").read_text(encoding="utf-8").splitlines()) == 4


def test_the_same_on_the_command_line(breach: Breach, reference: str, people: Path, tmp_path: Path) -> None:
    told(breach(DANA, "roster", "import", reference, str(people), "--json"))
    told(breach(DANA, "roster", "correct", reference, "2", "--set", "residence=WI", "--because", "moved", "--json"))
    wrong = breach(DANA, "roster", "correct", reference, "2", "--set", "residence=XX", "--because", "moved")
    assert (wrong.exit_code, "residence: 'XX'" in wrong.stderr) == (2, True)

    codes = tmp_path / "codes.txt"
    codes.write_text(f"{reference}-1-000002\n{reference}-1-000003\n", encoding="utf-8")
    assert told(breach(DANA, "roster", "returned", reference, str(codes), "--try", "--json"))["matched"] == 2
    done = told(breach(DANA, "roster", "returned", reference, str(codes), "--json"))["returned"]
    assert (done["in"], done["matched"], done["ambiguous"], done["unknown"], done["already"]) == (2, 2, 0, 0, 0)
    found = ("--set", "address1=1 New St", "--set", "city=Gary", "--set", "state=IN", "--set", "zip=46402")
    told(breach(DANA, "roster", "outcome", reference, "2", "address_found", *found, "--because", "called", "--json"))
    told(breach(DANA, "roster", "outcome", reference, "2", "mailed_again", "--json"))
    call = breach(DANA, "roster", "outcome", reference, "3", "called")
    assert (call.exit_code, "reached: say" in call.stderr) == (2, True)
    told(breach(DANA, "roster", "outcome", reference, "3", "called", "--not-reached", "--json"))

    stats = told(breach(DANA, "roster", "stats", reference, "--json"))
    assert stats["unreachable"] == 1
    assert stats["rosters"][0]["by_status"] == {"accepted": 3, "quarantined": 0, "merged": 0, "excluded": 0}
    assert stats["rosters"][0]["by_flag"]["out_of_date"] == 1
    assert stats["rosters"][0]["by_state"] == {"IL": 1, "IN": 1, "WI": 1}, "a newer address moves nobody"

    found_again = told(breach(DANA, "roster", "find", reference, "--flag", "unreachable", "--json"))["people"]
    assert [each["row"] for each in found_again] == [3]

    to = tmp_path / "mailing.csv"
    manifest = told(
        breach(DANA, "roster", "export", reference, "--to", str(to), "--because", "letters", "--yes", "--json")
    )["manifest"]
    assert (manifest["people"], manifest["exported"]) == (3, 3)
    lines = {line["code"][-6:]: line for line in csv.DictReader(to.open(encoding="utf-8", newline=""))}
    assert lines["000004"]["name1"] == "'=Bob Smith"
    assert lines["000002"]["address1"] == "1 New St"

    told(breach(DANA, "roster", "erase", reference, "3", "--because", "asked", "--yes", "--json"))
    again = breach(DANA, "roster", "history", reference, "3").stdout
    assert [words in again for words in ("letter returned", "not reached", "erased (asked)", "O'Neil")] == [
        True, True, True, False,
    ]  # fmt: skip


# --- Corrections, read anew


KNOWN = Person(
    given_name="Ana",
    family_name="Díaz",
    address=Address(("12 Main St", "Apt 4"), "Chicago", "IL", "60614"),
    state="IL",
    date_of_birth=date(1980, 2, 28),
    language="Spanish",
    email_consent=True,
    email="ana@example.org",
    data_elements=("ssn",),
)


def corrected(**typed: str) -> Person:
    return correcting.corrected(KNOWN, typed, 2, TODAY)[0]


def test_the_form_begins_with_what_is_known_and_changes_nothing_by_itself() -> None:
    assert corrected(**correcting.person_values(KNOWN)) == KNOWN


def test_only_what_was_changed_is_read_anew() -> None:
    assert corrected(email_consent="").email_consent is None
    assert corrected(date_of_birth="1981-03-01").date_of_birth == date(1981, 3, 1)
    moved = corrected(city="Gary", state="IN", zip="46402")
    assert (moved.address.city, moved.state, moved.family_name) == ("Gary", "IN", "Díaz")
    newer, _ = correcting.corrected(KNOWN, {"city": "Gary", "state": "IN", "zip": "46402"}, 2, TODAY, moved=True)
    assert (newer.address.city, newer.state) == ("Gary", "IL")
    assert corrected(residence="wi").state == "WI"


@pytest.mark.parametrize(
    ("typed", "named"),
    [({"residence": "XX"}, "residence: 'XX'"), ({"shoe_size": "9"}, "shoe_size: no field"),
     ({"given_name": "", "family_name": ""}, "name: no name")],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_its_field(typed: dict[str, str], named: str) -> None:
    with pytest.raises(InvalidInput, match=named):
        correcting.corrected(KNOWN, typed, 2, TODAY)


def test_what_would_set_a_row_aside_is_said() -> None:
    _, doubts = correcting.corrected(KNOWN, {"date_of_birth": "2031-01-01"}, 2, TODAY)
    assert any("in the future" in doubt for doubt in doubts)

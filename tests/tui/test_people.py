"""People come in from a file, are looked at a page at a time, and wait in quarantine for a decision."""

from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context, resource_tracker
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from openpyxl import Workbook

from incident.roster.layout import Layout
from incident.roster.record import Status
from incident.views.queries import RosterRow
from tui import mending, persons, rosters
from tui.app import BreachApp
from tui.compose import Workspace
from tui.dialogs.paths import complete
from tui.screens.roster import RosterScreen
from tui.widgets.people_table import PAGE, PeopleTable
from tui.widgets.record_table import RecordTable

HEADINGS = "MRN,First Name,Last Name,DOB,Street,City,State,Zip,Deceased"
ROWS = (
    "1,Ana,Díaz,1980-02-28,12 Main St,Chicago,IL,60614,n",
    "2,Ana,Díaz,1980-02-28,12 Main St,Chicago,IL,60614,n",
    "3,Zoë,O'Neil,2015-06-01,9 Elm St,Chicago,IL,60601,n",
    "4,Bob,Smith,1970-01-01,1 Oak St,Gary,,,n",
    "5,Test,Patient,1970-01-01,1 Oak St,Gary,IN,46402,n",
    "6,Ivo,Novák,1941-05-05,,Los Angeles,CA,90012,n",
)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text("\n".join((HEADINGS, *ROWS)) + "\n", encoding="utf-8")
    return path


def the_roster(workspace: Workspace, incident_id: UUID) -> RosterRow:
    (roster,) = workspace.service.queries.rosters(incident_id)
    return roster


async def to_people(driver: Any) -> None:
    await driver.reads("Phished billing")
    await driver.press("enter", "4")
    await driver.on("PeopleScreen")


async def look_at(driver: Any, path: Path) -> None:
    await driver.press("i")
    await driver.on("PathFormDialog")
    await driver.type(path.name)
    await driver.press("enter")


async def test_a_file_is_previewed_imported_and_counted_on_the_board(
    workspace: Workspace, incident_id: UUID, export: Path, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await to_people(driver)
        await driver.reads("No list of people yet")
        await look_at(driver, export)
        await driver.on("ImportScreen")
        assert "utf-8 · comma · 9 of 9 columns read" in driver.text
        assert workspace.service.queries.rosters(incident_id) == (), "looking imports nothing"
        await driver.press("enter")
        await driver.reads("6 in = 3 accepted + 2 quarantined + 1 merged")
        await driver.reads("Changed on the board")
        await driver.press("escape")
        await driver.on("PeopleScreen")

        roster = the_roster(workspace, incident_id)
        assert (roster.rows_in, roster.accepted, roster.quarantined, roster.merged) == (6, 3, 2, 1)
        assert roster.by_state == {"CA": 1, "IL": 2}
        assert roster.minors == 1
        facts = workspace.service.queries.facts(incident_id)
        # Two rows wait for a decision; one of them may be of any State.
        assert facts["affected.total"].value == {"min": 3, "max": 5}
        assert facts["affected.by_state.IL"].value == {"min": 2, "max": 3}


async def test_helper_processes_of_a_large_import_can_start_while_the_screen_has_the_terminal(
    workspace: Workspace, incident_id: UUID, run: Any
) -> None:
    resource_tracker._resource_tracker._stop()  # as in a program that has just started
    answers = []

    def job() -> None:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            answers.append(pool.submit(len, "helped").result())

    async with run(BreachApp(workspace)) as driver:
        await to_people(driver)
        driver.app.run_worker(job, thread=True)
        await driver.wait(lambda: answers, "a helper process answers")
    assert answers == [6]


async def test_a_file_without_a_name_is_refused_beside_its_columns_and_imported_once_one_is_given(
    workspace: Workspace, incident_id: UUID, tmp_path: Path, run: Any
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text('Kunde;Region;Plz\n"Díaz, Ana";IL;60614\n', encoding="utf-8")
    async with run(BreachApp(workspace)) as driver:
        await to_people(driver)
        await look_at(driver, path)
        await driver.on("ImportScreen")
        await driver.reads("no column holds the name")
        await driver.press("enter")
        await driver.on("PickDialog")
        await driver.press(*"kun")
        await driver.press("enter")
        await driver.reads("Read again")
        await driver.press("m", "enter")
        await driver.reads("1 in = 1 accepted")
        assert the_roster(workspace, incident_id).accepted == 1


async def test_of_two_columns_of_one_heading_a_person_says_which_is_meant(
    workspace: Workspace, incident_id: UUID, tmp_path: Path, run: Any
) -> None:
    path = tmp_path / "twice.csv"
    path.write_text("Name,Address,Zip,Address\nAna Sol,1 Rookery Ct,60614,22 Larch Rd\n")
    async with run(BreachApp(workspace)) as driver:
        await to_people(driver)
        await look_at(driver, path)
        await driver.on("ImportScreen")
        await driver.reads("address1: which column is it, 'Address (column 2)' or 'Address (column 4)'")
        await driver.press("enter")
        await driver.on("PickDialog")
        await driver.press("down", "enter")
        await driver.reads("Read again")
        await driver.wait(lambda: "22 Larch Rd" in driver.text, "the chosen column is shown")
        await driver.press("m", "enter")
        await driver.reads("1 in = 1 accepted")
        (row,) = workspace.vault.people(the_roster(workspace, incident_id).id)
        assert row.person is not None
        assert row.person.address.lines == ("22 Larch Rd",)
        await driver.press("escape")
        await look_at(driver, path)
        await driver.on("ImportScreen")
        await driver.reads("this very file was imported already")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.csv", b"", "the file is empty"),
        ("book.csv", b"PK\x03\x04rest", "a damaged Excel"),
    ],
)
async def test_a_file_that_is_no_roster_gets_one_clear_line_where_it_was_typed(
    workspace: Workspace, incident_id: UUID, tmp_path: Path, run: Any, name: str, content: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    async with run(BreachApp(workspace)) as driver:
        await to_people(driver)
        await look_at(driver, path)
        await driver.reads(words)
        await driver.on("PathFormDialog")
        assert workspace.service.queries.rosters(incident_id) == ()


async def test_each_guess_about_a_file_can_be_changed_and_kept_for_the_next(
    workspace: Workspace, incident_id: UUID, tmp_path: Path, run: Any
) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes("Name^State^Zip\nJosé Díaz^IL^60614\n".encode("mac_roman"))
    async with run(BreachApp(workspace)) as driver:
        await to_people(driver)
        await look_at(driver, path)
        await driver.on("ImportScreen")
        await driver.press("t")
        await driver.on("PickDialog")
        await driver.press(*"car", "enter")
        await driver.reads("3 of 3 columns read")
        await driver.press("e")
        await driver.on("PickDialog")
        await driver.press(*"mac", "enter")
        await driver.reads("José Díaz")
        await driver.press("w")
        await driver.on("FormDialog")
        await driver.type("Front desk")
        await driver.press("enter")
        await driver.on("ImportScreen")
        await driver.press("enter")
        await driver.reads("1 in = 1 accepted")
    kept = workspace.service.profiles.get("Front desk")
    assert (kept.encoding, kept.delimiter) == ("mac_roman", "^")
    assert workspace.service.profiles.offered(["Name", "State", "Zip"]) == "Front desk"


async def test_of_a_workbook_the_sheet_can_be_changed_and_a_profile_that_fits_is_offered(
    workspace: Workspace, incident_id: UUID, tmp_path: Path, run: Any
) -> None:
    book = Workbook()
    for title, name in (("Current", "Ana Sol"), ("Former", "Bo Tate")):
        sheet = book.create_sheet(title)
        sheet.append(["Name", "State", "Zip"])
        sheet.append([name, "IL", "60614"])
    path = tmp_path / "book.xlsx"
    book.save(path)
    workspace.service.profiles.save("Books", Layout(), {"full_name": "Name", "state": "State"})
    async with run(BreachApp(workspace)) as driver:
        await to_people(driver)
        await look_at(driver, path)
        await driver.on("ImportScreen")
        await driver.reads("sheet Current (2 of 3)")
        await driver.reads("The headings fit the profile 'Books'")
        await driver.press("s")
        await driver.on("PickDialog")
        await driver.press(*"for", "enter")
        await driver.reads("Bo Tate")
        await driver.press("p")
        await driver.on("PickDialog")
        await driver.press("enter")
        await driver.reads("2 of 3 columns read")
        assert "not read: Zip" in driver.text


async def test_an_import_that_is_stopped_leaves_nothing(
    workspace: Workspace, incident_id: UUID, tmp_path: Path, run: Any
) -> None:
    path = tmp_path / "many.csv"
    rows = (f"{n},Ana,Díaz{n},1980-02-28,{n} Main St,Chicago,IL,60614,n" for n in range(60_000))
    path.write_text("\n".join((HEADINGS, *rows)), encoding="utf-8")
    position = workspace.service.queries.position
    async with run(BreachApp(workspace)) as driver:
        await to_people(driver)
        await look_at(driver, path)
        await driver.on("ImportScreen")
        await driver.press("enter", "escape")
        await driver.reads("nothing was imported")
        await driver.on("ImportScreen")
        assert workspace.service.queries.position == position
        assert workspace.vault.keep_only([]) == 0, "the vault holds nobody"


async def test_a_quarantined_row_is_put_right_by_the_checks_of_an_import(
    workspace: Workspace, incident_id: UUID, export: Path, run: Any
) -> None:
    workspace.service.rosters.import_file(incident_id, export)
    roster = the_roster(workspace, incident_id)
    async with run(BreachApp(workspace)) as driver:
        await to_people(driver)
        await driver.press("q")
        await driver.reads("2 rows to decide")
        await driver.reads("neither State nor ZIP code")
        await driver.press("enter")
        await driver.wait(
            lambda: driver.app.focused is not None and driver.app.focused.id == "field-state", "begins in the State"
        )
        await driver.type("Indiana")
        await driver.press("enter")
        await driver.reads("Reason: needed")
        await driver.type("asked the front desk")
        await driver.press("enter")
        await driver.reads("1 row to decide")
        mended = workspace.vault.person(roster.id, 5)
        assert (mended.status, mended.state) == (Status.ACCEPTED, "IN")
        assert the_roster(workspace, incident_id).by_state["IN"] == 1
        assert workspace.service.queries.facts(incident_id)["affected.by_state.IN"].value == {"min": 1, "max": 2}
        entry = workspace.service.queries.timeline(incident_id)
        assert any(row.because == "asked the front desk" for row in entry)


async def test_a_row_in_doubt_is_accepted_only_knowingly_and_another_is_excluded_with_its_reason(
    workspace: Workspace, incident_id: UUID, export: Path, run: Any
) -> None:
    workspace.service.rosters.import_file(incident_id, export)
    roster = the_roster(workspace, incident_id)
    async with run(BreachApp(workspace)) as driver:
        await to_people(driver)
        await driver.press("q")
        await driver.reads("2 rows to decide")
        await driver.press("enter")
        await driver.on("_MendDialog")
        for _ in range(20):
            if driver.app.focused is not None and driver.app.focused.id == "field-because":
                break
            await driver.press("tab")
        await driver.type("nobody knows")
        await driver.press("enter")
        await driver.reads("Accept it although doubt remains?")
        await driver.press("n")
        assert workspace.vault.person(roster.id, 5).status is Status.QUARANTINED
        await driver.on("QuarantineScreen")
        await driver.press("down", "x")
        await driver.type("a test record")
        await driver.press("enter")
        await driver.reads("1 row to decide")
        assert workspace.vault.person(roster.id, 6).status is Status.EXCLUDED
        row = the_roster(workspace, incident_id)
        assert (row.rows_in, row.accepted, row.quarantined, row.excluded, row.merged) == (6, 3, 2, 1, 1)


async def test_a_long_list_is_read_in_pages_filtered_and_searched(
    workspace: Workspace, incident_id: UUID, tmp_path: Path, run: Any
) -> None:
    path = tmp_path / "long.csv"
    rows = [
        f"{n},Ana,Díaz{n},{'2015-06-01' if n % 50 == 0 else '1980-02-28'},{n} Main St,Chicago,IL,60614,n"
        for n in range(1, 1001)
    ]
    path.write_text("\n".join((HEADINGS, *rows, "x,Zoë,O'Neil,1980-01-01,9 Elm St,Gary,IN,46402,n")), encoding="utf-8")
    workspace.service.rosters.import_file(incident_id, path)
    async with run(BreachApp(workspace)) as driver:
        await to_people(driver)
        await driver.reads("1,001 in")
        await driver.press("enter")
        await driver.reads("Díaz1 ")
        table = driver.screen.query_one(PeopleTable)
        await driver.press("end")
        await driver.reads("Zoë O'Neil")
        assert len(table._pages) * PAGE < table.total, "only what came into sight was read"

        await driver.press("f")
        await driver.press(*"minor")
        await driver.press("enter")
        await driver.reads("20 rows · minor")
        await driver.reads("Díaz850")
        assert table.total == 20

        await driver.press("escape", "slash")
        await driver.type("oneil")
        await driver.press("enter")
        await driver.wait(lambda: table.total in {0, 1}, "the search answered")
        await driver.press("slash", "ctrl+u")
        await driver.type("zoe")
        await driver.press("enter")
        await driver.reads("1 row · name: zoe")
        await driver.press("enter")
        await driver.reads("9 Elm St")
        await driver.press("escape", "escape")
        await driver.reads("1,001 rows")
        await driver.on("RosterScreen")
        assert isinstance(driver.screen, RosterScreen)


async def test_names_are_shown_as_text_never_as_markup(
    workspace: Workspace, incident_id: UUID, tmp_path: Path, run: Any
) -> None:
    path = tmp_path / "markup.csv"
    path.write_text(f"{HEADINGS}\n1,[red]Ana[/red],[@click=quit]Díaz,1980-02-28,1 Main St,Chicago,IL,60614,n\n")
    workspace.service.rosters.import_file(incident_id, path)
    async with run(BreachApp(workspace), (160, 50)) as driver:
        await to_people(driver)
        await driver.press("enter")
        await driver.reads("[red]Ana[/red] [@click=quit]Díaz")


async def test_addresses_are_exported_under_a_bar_and_nothing_is_written_over(
    workspace: Workspace, incident_id: UUID, export: Path, run: Any, tmp_path: Path
) -> None:
    workspace.service.rosters.import_file(incident_id, export)
    out = tmp_path / "mailing.csv"
    async with run(BreachApp(workspace)) as driver:
        await to_people(driver)
        await driver.reads("3 accepted")
        await driver.press("X")
        await driver.on("PathFormDialog")
        await driver.type(str(export))
        await driver.reads("nothing is written over")
        await driver.press("ctrl+u")
        await driver.type(str(out))
        await driver.press("tab")
        await driver.type("letters by the mail house")
        await driver.press("tab")
        await driver.type("clear text")
        await driver.press("enter")
        await driver.reads("Exported in clear text")
        await driver.reads("3 people = 2 lines + 1 left out")
    assert out.read_text(encoding="utf-8").count("\n") == 3


async def test_the_cursor_stays_beside_a_row_that_was_decided(
    workspace: Workspace, incident_id: UUID, run: Any, tmp_path: Path
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("\n".join((HEADINGS, *(f"{n},Test,Patient,,{n} Elm St,Gary,IN,46402,n" for n in range(5)))) + "\n")
    workspace.service.rosters.import_file(incident_id, path)
    async with run(BreachApp(workspace)) as driver:
        await to_people(driver)
        await driver.press("q")
        await driver.reads("5 rows to decide")
        await driver.press("down", "down", "x")
        await driver.on("FormDialog")
        await driver.type("a test record")
        await driver.press("enter")
        await driver.reads("4 rows to decide")
        table = driver.screen.query_one("#held", RecordTable)
        await driver.wait(lambda: str(table.current_key).endswith("/5"), "the next row is under the cursor")


async def test_the_past_is_read_only(workspace: Workspace, incident_id: UUID, export: Path, run: Any) -> None:
    workspace.service.rosters.import_file(incident_id, export)
    before = workspace.service.queries.position
    workspace.service.incidents.log_action(incident_id, "called the carrier")
    async with run(BreachApp(workspace)) as driver:
        await to_people(driver)
        await driver.press("at")
        await driver.type(str(before))
        await driver.press("enter")
        await driver.reads(f"AS OF #{before}")
        await driver.press("q", "enter")
        await driver.reads("Read-only")


def test_cells_of_a_file_reach_no_terminal_as_commands(tmp_path: Path, workspace: Workspace, incident_id: UUID) -> None:
    path = tmp_path / "escape.csv"
    path.write_text(f'{HEADINGS}\n1,Ana,Díaz,1980-02-28,"1 \x1b]52;c;YQ==\x07Main\nApt 2",Gary,,,n\n', encoding="utf-8")
    preview = workspace.service.rosters.preview(incident_id, path)
    workspace.service.rosters.import_file(incident_id, path)
    (held,) = workspace.vault.quarantine(the_roster(workspace, incident_id).id)
    assert "\x1b" in "".join(held.original.values()), "the vault keeps what was read"
    mapping = workspace.service.rosters.mapping(the_roster(workspace, incident_id).id)
    shown = [
        *rosters.preview_cells(preview.rows[0]),
        *rosters.preview_panel(preview.rows[0]),
        *rosters.mapping_rows(preview)["address1"],
        *persons.quarantine_cells(held),
        *persons.held_lines(held),
        *persons.person_lines(held, date(2026, 11, 22)),
        *mending.start_values(held, mapping).values(),
    ]
    assert not any(char in str(each) for each in shown for char in "\x1b\x07\n")


def test_a_path_is_completed_from_the_disk(tmp_path: Path) -> None:
    (tmp_path / "export.csv").touch()
    (tmp_path / "explain.pdf").touch()
    (tmp_path / "exports").mkdir()
    assert complete(f"{tmp_path}/expl") == f"{tmp_path}/explain.pdf"
    assert complete(f"{tmp_path}/exp", [".csv"]) == f"{tmp_path}/export.csv"
    assert complete(f"{tmp_path}/exports") == f"{tmp_path}/exports/"
    assert complete(f"{tmp_path}/nothing") is None
    assert complete("/no/such/folder/x") is None

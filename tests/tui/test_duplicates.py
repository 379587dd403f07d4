"""Possible duplicates on the screen and on the command line: side by side, merged, kept apart, taken back."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from incident.roster.duplicates import Waiting
from incident.roster.person import Person
from incident.roster.reasons import Flag
from incident.roster.record import Row, Status
from tui import duplicates
from tui.app import BreachApp
from tui.cli import main
from tui.compose import Workspace
from tui.screens.duplicates import DuplicatesScreen

LIST = (
    "MRN,First Name,Last Name,DOB,Street,City,State,Zip,Deceased\n"
    "1,Jonathan,Kowalczyk,1980-02-03,12 Elmbrook St,Chicago,IL,60614,\n"  # 2
    "2,Jonathon,Kowalczyk,1980-02-03,12 Elmbrook St Apt 4,Chicago,IL,60614,\n"  # 3
    "3,Edith,Oakhaven,1931-01-05,9 Larkfield Ave,Evanston,IL,60201,N\n"  # 4
    "4,Edith,Oakhaven,1931-05-01,9 Larkfield Ave,Evanston,IL,60201,Y\n"  # 5
    "5,Cleo,Marshwood,1975-07-09,4 Pinecrest Rd,Gary,IN,46402,\n"  # 6
    "6,Cleo,Marshwood,1957-07-09,4 Pinecrest Rd,Gary,IN,46402,\n"  # 7
)


def row(number: int, person: Person, status: Status = Status.ACCEPTED) -> Row:
    return Row(
        row=number, status=status, state=person.state, flags=Flag(0), audience=None, elements=(), merged_into=None,
        person=person, findings=(), original={},
    )  # fmt: skip


@pytest.fixture
def listed(workspace: Workspace, incident_id: UUID, tmp_path: Path) -> UUID:
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-8")
    workspace.service.rosters.import_file(incident_id, path)
    return workspace.service.queries.rosters(incident_id)[0].id


def pairs(workspace: Workspace, roster: UUID) -> list[tuple[int, int]]:
    workspace.service.refresh()
    return [pair.rows for pair in workspace.service.duplicates.waiting(roster)]


# --- words


def test_only_the_letters_that_differ_are_marked() -> None:
    left, right = duplicates.marked("Jonathan", "Jonathon")
    assert [(span.start, span.end) for span in left.spans] == [(6, 7)]
    assert [(span.start, span.end) for span in right.spans] == [(6, 7)]
    same, _ = duplicates.marked("KOWALCZYK", "Kowalczyk")
    assert same.spans == []


def test_a_name_is_never_markup() -> None:
    one = row(2, Person(full_name="[bold]Ana[/bold]"))
    other = row(3, Person(full_name="[bold]Ana"))
    pair = Waiting((2, 3), (2, 3), 0.97, ("same_birth_date", "close_given_name"))
    cells = [cell.plain for cell in duplicates.pair_cells(pair, (one, other))]
    assert cells == ["0.97", "2 · 3", "[bold]Ana[/bold] / [bold]Ana", "same date of birth; given names alike"]


def test_the_score_is_never_certain() -> None:
    assert [duplicates.score_words(score) for score in (0.5, 0.994, 0.999)] == ["0.50", "0.99", ">.99"]


# --- the screen


async def opened(driver: Any, incident_id: UUID) -> DuplicatesScreen:
    await driver.reads("Phished billing mailbox")
    screen = DuplicatesScreen(incident_id)
    driver.app.push_screen(screen)
    await driver.reads("to decide")
    return screen


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_two_rows_stand_side_by_side(
    workspace: Workspace, incident_id: UUID, listed: UUID, run: Any, size: tuple[int, int]
) -> None:
    async with run(BreachApp(workspace), size=size) as driver:
        await opened(driver, incident_id)
        for words in ("3 pairs to decide", "Row 4", "Row 5", "9 Larkfield Ave", "≠ Born", "≠ Deceased"):
            await driver.reads(words)


async def test_a_pair_is_merged_with_the_other_address_and_taken_back(
    workspace: Workspace, incident_id: UUID, listed: UUID, run: Any
) -> None:
    vault = workspace.vault
    async with run(BreachApp(workspace)) as driver:
        await opened(driver, incident_id)
        await driver.press("s")
        await driver.reads("3 pairs to decide, 1 skipped")
        await driver.reads("Row 2")
        await driver.press("l")
        await driver.on("FormDialog")
        await driver.type("one chart")
        await driver.press("tab", "ctrl+u")
        await driver.type("right")
        await driver.press("enter")
        await driver.wait(lambda: vault.person(listed, 3).status is Status.MERGED, "the right row is merged")
        await driver.reads("2 pairs to decide, 1 skipped")
        person = vault.person(listed, 2).person
        assert person is not None
        assert (person.given_name, person.address.lines) == ("Jonathan", ("12 Elmbrook St Apt 4",))
        while type(driver.screen).__name__ == "LinesDialog":
            await driver.press("escape")
            await driver.on("DuplicatesScreen")
        await driver.press("u")
        await driver.on("FormDialog")
        await driver.type("pressed the wrong key")
        await driver.press("enter")
        await driver.wait(lambda: vault.person(listed, 3).status is Status.ACCEPTED, "it stands on its own again")
        await driver.reads("3 pairs to decide")
    again = vault.person(listed, 2).person
    assert again is not None
    assert again.address.lines == ("12 Elmbrook St",)


async def test_the_dead_are_not_merged_with_the_living(
    workspace: Workspace, incident_id: UUID, listed: UUID, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await opened(driver, incident_id)
        await driver.press("r")
        await driver.on("FormDialog")
        await driver.type("I am sure")
        await driver.press("enter")
        await driver.reads("one is deceased and the other is not")
    assert workspace.vault.count(listed, status=Status.MERGED) == 0


async def test_all_pairs_below_a_limit_are_kept_apart_once_counted(
    workspace: Workspace, incident_id: UUID, listed: UUID, run: Any
) -> None:
    scores = [pair.score for pair in workspace.service.duplicates.waiting(listed)]
    limit = f"{scores[0] - 0.0005:.4f}"
    below = sum(score < float(limit) for score in scores)
    assert 0 < below < 3
    async with run(BreachApp(workspace)) as driver:
        await opened(driver, incident_id)
        await driver.press("b")
        await driver.on("FormDialog")
        await driver.type(limit)
        await driver.press("tab")
        await driver.type("looked through")
        await driver.press("enter")
        await driver.on("ChoiceDialog")
        await driver.reads(f"{below} pair")
        await driver.press("y")
        await driver.wait(lambda: len(workspace.service.duplicates.apart(listed)) == below, "they are kept apart")


# --- the command line


@pytest.fixture
def breach(workspace: Workspace, case_path: Path, tmp_path: Path, listed: UUID) -> Any:
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("correct horse battery staple\n", encoding="utf-8")

    def run(*arguments: str) -> Result:
        environment = {"BREACH_CASE": str(case_path), "BREACH_USER": "dana"}
        words = ["roster", *arguments, "--passphrase-file", str(passphrase)]
        return CliRunner().invoke(main, words, env=environment, catch_exceptions=False)

    return run


def test_from_the_command_line(workspace: Workspace, incident_id: UUID, listed: UUID, breach: Any) -> None:
    reference = workspace.service.queries.incident(incident_id).reference
    told = json.loads(breach("pairs", reference, "--json").stdout)
    assert (told["waiting"], told["pairs"][0]["rows"], told["apart"]) == (3, [4, 5], [])
    assert "given names alike" in told["pairs"][1]["reasons"]
    assert "Jonathan Kowalczyk / Jonathon Kowalczyk" in breach("pairs", reference).stdout
    merged = breach("merge", reference, "3", "--into", "2", "--because", "one chart", "--json")
    assert json.loads(merged.stdout)["position"] > 0
    assert pairs(workspace, listed) == [(4, 5), (6, 7)]
    assert json.loads(breach("stats", reference, "--json").stdout)["rosters"][0]["pairs_waiting"] == 2
    assert "2 pairs of rows may be one person" in breach("stats", reference).stdout
    assert breach("unmerge", reference, "3", "--because", "two charts", "--json").exit_code == 0
    assert (2, 3) in pairs(workspace, listed)
    assert breach("apart", reference, "7", "6", "--because", "mother and daughter").exit_code == 0
    assert (6, 7) not in pairs(workspace, listed)
    assert breach("apart", reference, "7", "6", "--reopen", "--because", "not sure").exit_code == 0
    assert (6, 7) in pairs(workspace, listed)
    assert breach("apart", reference, "--below", "0.9999", "--because", "all of them").exit_code == 0
    assert pairs(workspace, listed) == []
    refused = breach("merge", reference, "5", "--into", "4", "--because", "sure")
    assert (refused.exit_code, "one is deceased" in refused.stderr) == (2, True)
    assert breach("apart", reference, "4", "--because", "one row is no pair").exit_code == 2


# --- two lists

SECOND = (
    "MRN,First Name,Last Name,DOB,Street,City,State,Zip,Deceased\n"
    "9,Ulrike,Vandermeer,1966-06-06,77 Sable Way,Joliet,IL,60432,\n"  # 2
    "1,Jonathan,Kowalczyk,1980-02-03,12 Elmbrook St,Chicago,IL,60614,\n"  # 3: row 2 of the first
)


@pytest.fixture
def both(workspace: Workspace, incident_id: UUID, listed: UUID, tmp_path: Path) -> tuple[UUID, UUID]:
    """Two lists with one person on both; the pairs within the first are decided."""
    workspace.service.duplicates.keep_apart_below(listed, 1.0, "decided before")
    path = tmp_path / "second.csv"
    path.write_text(SECOND, encoding="utf-8")
    workspace.service.rosters.import_file(incident_id, path)
    workspace.service.across.keep_apart(
        incident_id,
        [pair.people for pair in workspace.service.across.waiting(incident_id) if pair.people[0][1] == 3],
        "his brother",
    )
    return listed, workspace.service.queries.rosters(incident_id)[1].id


def across(workspace: Workspace, incident_id: UUID) -> list[tuple[int, int]]:
    workspace.service.refresh()
    return [(old[1], new[1]) for old, new in (pair.people for pair in workspace.service.across.waiting(incident_id))]


async def test_a_person_on_two_lists_is_decided_on_beside_the_others(
    workspace: Workspace, incident_id: UUID, both: tuple[UUID, UUID], run: Any
) -> None:
    vault = workspace.vault
    async with run(BreachApp(workspace)) as driver:
        await opened(driver, incident_id)
        await driver.reads("1 pair to decide")
        await driver.reads("Row 2 of list.csv")
        await driver.reads("Row 3 of second.csv")
        await driver.press("l")
        await driver.on("FormDialog")
        await driver.reads("One person: row 3 of second.csv goes into row 2 of list.csv")
        await driver.type("one chart number")
        await driver.press("enter")
        await driver.wait(lambda: vault.person(both[1], 3).status is Status.MERGED, "it is linked")
        await driver.reads("No pair waits")
        while type(driver.screen).__name__ != "DuplicatesScreen":
            await driver.press("escape")
        await driver.press("u")
        await driver.on("FormDialog")
        await driver.type("pressed the wrong key")
        await driver.press("enter")
        await driver.wait(lambda: vault.person(both[1], 3).status is Status.ACCEPTED, "it is taken back")
        assert across(workspace, incident_id) == [(2, 3)]


async def test_everybody_who_says_the_same_on_two_lists_is_linked_at_once(
    workspace: Workspace, incident_id: UUID, both: tuple[UUID, UUID], run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await opened(driver, incident_id)
        await driver.reads("1 pair to decide")
        await driver.press("A")
        await driver.on("FormDialog")
        await driver.reads("1 stand on two lists and say the same on both")
        await driver.type("two exports of one system")
        await driver.press("enter")
        await driver.wait(lambda: workspace.vault.person(both[1], 3).status is Status.MERGED, "it is linked")


def test_two_lists_from_the_command_line(
    workspace: Workspace, incident_id: UUID, both: tuple[UUID, UUID], breach: Any
) -> None:
    reference = workspace.service.queries.incident(incident_id).reference
    told = json.loads(breach("pairs", reference, "--across", "--json").stdout)
    assert told["waiting"] == 1
    assert told["pairs"][0]["rows"] == [{"list": "list.csv", "row": 2}, {"list": "second.csv", "row": 3}]
    assert "list.csv · second.csv" in breach("pairs", reference, "--across").stdout
    assert json.loads(breach("stats", reference, "--json").stdout)["pairs_across_waiting"] == 1
    assert "1 pair of rows of two lists may be one person" in breach("stats", reference).stdout
    where = ("--list", "second.csv", "--other-list", "list.csv")
    assert breach("merge", reference, "3", "--into", "2", *where, "--because", "one chart").exit_code == 0
    assert across(workspace, incident_id) == []
    history = breach("history", reference, "2", "--list", "list.csv").stdout
    assert "Row 3 is the person of row 2 of another list" in history, "the person that stays is told of it"
    assert breach("unmerge", reference, "3", "--list", "second.csv", "--because", "two charts").exit_code == 0
    assert across(workspace, incident_id) == [(2, 3)]
    assert breach("apart", reference, "3", "2", *where, "--because", "father and son").exit_code == 0
    assert across(workspace, incident_id) == []
    assert breach("apart", reference, "3", "2", *where, "--reopen", "--because", "not sure").exit_code == 0
    assert across(workspace, incident_id) == [(2, 3)]
    linked = json.loads(breach("link", reference, "--because", "two exports of one system", "--json").stdout)
    assert (linked["linked"], across(workspace, incident_id)) == (1, [])
    assert breach("link", reference, "--because", "again").exit_code == 2
    refused = breach("merge", reference, "3", "--into", "2", *where, "--take-address", "--because", "x")
    assert (refused.exit_code, "--take-address" in refused.stderr) == (2, True)

"""Every key of the people, notice, filing, review and exercise screens is in help and palette; footers fit."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from textual.widgets import Footer

from tests.tui.conftest import FACTS
from tests.tui.test_exercise import DISCOVERED, PACK, PLAYER
from tests.tui.test_keys import TAKEN_BY_TERMINALS
from tui.app import BreachApp
from tui.commands import KeyCommands, key_help
from tui.compose import Workspace, start_exercise
from tui.screens.base import CaseScreen
from tui.screens.duplicates import DuplicatesScreen
from tui.screens.entities import EntitiesScreen
from tui.screens.exercise import ExerciseHomeScreen
from tui.screens.filings import FilingsScreen
from tui.screens.notice import NoticeScreen
from tui.screens.notice_form import NoticeFormScreen
from tui.screens.quarantine import QuarantineScreen
from tui.screens.reading import PreviewScreen
from tui.screens.reveal import RevealScreen
from tui.screens.roster import RosterScreen
from tui.screens.roster_import import ImportScreen
from tui.screens.worksheet import WorksheetScreen
from tui.screens.yearly import YearlyScreen

CONTACT = {"street": "100 N Lake Shore Dr", "city": "Chicago", "state": "IL", "zip": "60611", "phone": "312-555-0142"}
WORDS = {"nature": "A mailbox was read.", "steps": "We closed it."}
Make = Callable[[Workspace, UUID, Path], CaseScreen]


def _list(workspace: Workspace, incident_id: UUID, folder: Path) -> UUID:
    path = folder / "people.csv"
    path.write_text("Name,State\nAna Díaz,IL\nTest Patient,IL\n", encoding="utf-8")
    workspace.service.rosters.import_file(incident_id, path)
    return workspace.service.queries.rosters(incident_id)[0].id


def _notice(workspace: Workspace, incident_id: UUID) -> UUID:
    fields = workspace.documents.defaults(incident_id, "il_ag_notice") | WORDS
    return workspace.documents.draft(incident_id, "il_ag_notice", fields)[0]


def _importing(workspace: Workspace, incident_id: UUID, folder: Path) -> CaseScreen:
    path = folder / "people.csv"
    path.write_text("Name,State\nAna Díaz,IL\n", encoding="utf-8")
    return ImportScreen(incident_id, path, workspace.service.rosters.preview(incident_id, path))


def _worksheet(workspace: Workspace, incident_id: UUID, folder: Path) -> CaseScreen:
    del folder
    notice_id = _notice(workspace, incident_id)
    filing_id, _ = workspace.service.filings.prepare(notice_id, "il.pipa.hipaa_attorney_general", "Attorney General")
    return WorksheetScreen(incident_id, filing_id)


SCREENS: dict[str, Make] = {
    "import": _importing,
    "roster": lambda workspace, incident, folder: RosterScreen(incident, _list(workspace, incident, folder)),
    "duplicates": lambda workspace, incident, folder: DuplicatesScreen(incident),
    "quarantine": lambda workspace, incident, folder: QuarantineScreen(incident),
    "form": lambda workspace, incident, folder: NoticeFormScreen(incident, "hhs_report", {}),
    "notice": lambda workspace, incident, folder: NoticeScreen(incident, _notice(workspace, incident)),
    "preview": lambda workspace, incident, folder: PreviewScreen(
        incident,
        workspace.documents.look(incident, "il_ag_notice", WORDS | {"data_types": "name", "basis": "section_50"}),
    ),
    "worksheet": _worksheet,
    "filings": lambda workspace, incident, folder: FilingsScreen(incident),
    "entities": lambda workspace, incident, folder: EntitiesScreen(incident),
    "yearly": lambda workspace, incident, folder: YearlyScreen(),
    "exercises": lambda workspace, incident, folder: ExerciseHomeScreen(),
}


async def check_keys(driver: Any) -> None:
    """Help, palette and footer of the screen in front."""
    screen = driver.screen
    listed = {each.action: each for each in key_help(screen)}
    own = {
        (binding.key, binding.action)
        for cls in type(screen).__mro__
        for binding in getattr(cls, "BINDINGS", ())
        if binding.description and screen.check_action(binding.action.partition("(")[0], ()) is not False
    }
    wanted = {action for key, action in own if not action.startswith(("app.focus", "screen.copy"))}
    assert wanted <= set(listed), "every key is in the help"
    assert not {key for key, _ in own} & TAKEN_BY_TERMINALS
    hits = {hit.text async for hit in KeyCommands(screen).discover()}
    assert {each.words for each in listed.values()} == hits, "and in the palette"
    assert screen.HELP, "the help says what the screen is about"
    footer = screen.query_one(Footer)
    shown = sum(child.outer_size.width for child in footer.children if child.display)
    assert shown <= 80, f"the footer needs {shown} columns"


@pytest.mark.parametrize("name", list(SCREENS))
async def test_every_key_is_in_help_and_palette(
    name: str, workspace: Workspace, incident_id: UUID, tmp_path: Path, run: Any
) -> None:
    workspace.service.case.describe(FACTS, CONTACT)
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("Phished billing mailbox")
        screen = SCREENS[name](workspace, incident_id, tmp_path)
        driver.app.push_screen(screen)
        await driver.wait(lambda: driver.screen is screen, "the screen is shown")
        await check_keys(driver)


@pytest.mark.parametrize("section", ["people", "notices", "filings", "review", "exercise"])
async def test_every_key_of_a_section_is_in_help_and_palette(
    section: str, workspace: Workspace, incident_id: UUID, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("Phished billing mailbox")
        driver.app.open_section(section, incident_id)
        await driver.wait(lambda: getattr(driver.screen, "SECTION", None) == section, "the section is shown")
        await check_keys(driver)


async def test_every_key_of_an_exercise_is_in_help_and_palette(tmp_path: Path, run: Any) -> None:
    with start_exercise(tmp_path / "play", PACK, [PLAYER]) as workspace:
        incident_id, _ = workspace.service.incidents.open("Schedules missing", DISCOVERED)
        async with run(BreachApp(workspace)) as driver:
            await driver.on("ExerciseHomeScreen")
            await check_keys(driver)
            driver.app.push_screen(RevealScreen(incident_id))
            await driver.on("RevealScreen")
            await check_keys(driver)

"""Letters on their way out: looked at before they are printed, gone on with after a stop, a sample refused."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from incident.verification import verify_case
from notices import production
from notices.production import ProductionCancelled, ProductionProgress
from tests.tui.conftest import KIM
from tests.tui.test_notices import letter, open_letter, ready
from tui import documents, flight
from tui.app import BreachApp
from tui.compose import Workspace, open_workspace

__all__ = ["letter", "ready"]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # Each letter is a file and a unit of its own.
    monkeypatch.setattr(production, "BATCH", 1)
    monkeypatch.setattr(production, "UNIT_LETTERS", 1)


@pytest.fixture
def approved(workspace: Workspace, letter: UUID, case_path: Path, clock: Any) -> UUID:
    with open_workspace(case_path, KIM.user, KIM.passphrase, clock=clock) as counsel:
        counsel.documents.approve(letter)
    workspace.service.refresh()
    return letter


def stop_after_one(workspace: Workspace, notice_id: UUID) -> None:
    reached: list[ProductionProgress] = []
    with pytest.raises(ProductionCancelled, match="nothing of it was recorded"):
        workspace.documents.render(
            notice_id, progress=reached.append, cancelled=lambda: bool(reached) and reached[-1].documents > 1
        )
    assert workspace.documents.unfinished(notice_id).letters == 1


async def test_rows_are_looked_at_before_they_are_printed(workspace: Workspace, approved: UUID, run: Any) -> None:
    async with run(BreachApp(workspace)) as driver:
        await open_letter(driver)
        await driver.press("p")
        await driver.on("PreflightScreen")
        await driver.reads("3 rows = 2 letters + 1 excluded")
        await driver.reads("No letter: no sufficient address")
        await driver.press("enter")
        await driver.reads("-000004")
        await driver.reads("Letters to parents of minors")
        screen = driver.screen
        screen.query_one("#flight").select("group parent_of_minor")
        await driver.press("enter")
        await driver.reads("To the parent or guardian of Zoë O'Neil")
        await driver.press("down", "enter")
        await driver.on("LetterScreen")
        await driver.reads("il.parent_of_minor.en")
        await driver.press("o")
        await driver.type("one.pdf")
        await driver.press("enter")
        await driver.reads("recorded")
        await driver.press("escape", "o")
        await driver.type("sheet.pdf")
        await driver.press("enter")
        await driver.reads("recorded")
    for name in ("one.pdf", "sheet.pdf"):
        assert Path(name).read_bytes().startswith(b"%PDF")
        assert Path(name).stat().st_mode & 0o077 == 0
    log = [row.text for row in workspace.service.queries.timeline()]
    assert any("Preflight of 1 letter exported in clear text to" in line for line in log)
    assert the_status(workspace, approved) == "approved", "nothing was rendered for release"


def the_status(workspace: Workspace, notice_id: UUID) -> str:
    return workspace.service.queries.notice(notice_id).status


async def test_a_stopped_rendering_is_gone_on_with(workspace: Workspace, approved: UUID, run: Any) -> None:
    stop_after_one(workspace, approved)
    async with run(BreachApp(workspace)) as driver:
        await open_letter(driver)
        await driver.press("r")
        await driver.reads("A rendering was stopped before its end")
        await driver.reads("continue with plutoprint: 1 letter is finished")
        await driver.press("c")
        await driver.reads("3 rows = 2 letters + 1 excluded")
    assert the_status(workspace, approved) == "rendered"
    assert workspace.documents.unfinished(approved) is None
    found = verify_case(workspace.case)
    assert (found.problems, [note for note in found.notes if "blobs" in note]) == ((), [])


async def test_a_stopped_rendering_is_dropped_and_leaves_nothing(
    workspace: Workspace, approved: UUID, run: Any
) -> None:
    before = sum(1 for _ in workspace.case.store.shelf.names())
    stop_after_one(workspace, approved)
    (note,) = [note for note in verify_case(workspace.case).notes if "blobs" in note]
    assert "has a rendering that was not finished (1 letter done)" in note
    async with run(BreachApp(workspace)) as driver:
        await open_letter(driver)
        await driver.press("r", "d")
        await driver.reads("Dropped;")
        await driver.press("r")
        await driver.reads("Render with which engine?")
    assert sum(1 for _ in workspace.case.store.shelf.names()) == before
    assert the_status(workspace, approved) == "approved"


async def test_a_sample_is_refused_with_its_reason(workspace: Workspace, approved: UUID, run: Any) -> None:
    workspace.documents.render(approved)
    code = workspace.documents.sample(approved).codes[1]
    async with run(BreachApp(workspace)) as driver:
        await open_letter(driver)
        await driver.press("S")
        await driver.reads("all 2 letters")
        await driver.press("i")
        await driver.reads("sha256sum")
        await driver.press("escape", "R")
        await driver.on("FormDialog")
        await driver.type("the date is cut off")
        await driver.press("tab")
        await driver.type("2026-001-9-000001")
        await driver.press("enter")
        await driver.reads("is not in the sample")
        await driver.press("ctrl+u")
        await driver.type(code)
        await driver.press("enter")
        await driver.reads("✗ Refused: the date is cut off")
        await driver.press("escape", "d")
        await driver.reads("Nothing may leave: the sample of these letters was refused")
    state = workspace.service.desk.notice(approved)
    assert state.sample.faulty == (code,)


# --- Words


def test_rate_and_time_left_go_by_what_this_run_made() -> None:
    part, words = documents.rendering_progress(ProductionProgress(6_000, 5_900, 100, 4_000), 10_000, 20.0)
    assert part == 0.6
    assert words == (
        "5,900 letters · 100 a second · 40 s left",
        "6,000 rows = 5,900 letters + 100 excluded",
        "4,000 rows were finished before and are not made again",
    )
    assert documents.rendering_progress(ProductionProgress(5, 5, 0), 10_000, 9.0)[1][0] == "5 letters"
    assert "2 h 46 min left" in documents.rendering_progress(ProductionProgress(100, 100, 0), 100_100, 10.0)[1][0]
    assert "1 min 40 s left" in documents.rendering_progress(ProductionProgress(100, 100, 0), 1_100, 10.0)[1][0]


def test_the_list_of_a_preflight_says_what_it_keeps(workspace: Workspace, letter: UUID) -> None:
    found = workspace.documents.preflight(letter)
    closed = list(flight.rows(found, ()))
    assert closed[0].cells[0].plain == "✗"
    assert all(row.outlier is None for row in closed)
    told = flight.lines(found)
    assert told[0] == "3 rows = 2 letters + 1 excluded"
    assert any("Zoë O'Neil" in line for line in told)

"""Safekeeping from the screen: the code, verifying against one, evidence packs, burden of proof, backups."""

import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from click.testing import CliRunner

from incident.backup import restore
from incident.system import FixedClock
from tui.app import BreachApp
from tui.cli import main
from tui.compose import Workspace
from tui.screens.safekeeping import SafekeepingScreen


async def to_safekeeping(driver: Any) -> None:
    await driver.reads("Phished billing")
    await driver.press("K")
    await driver.on("SafekeepingScreen")
    await driver.reads("to read aloud or mail to counsel")


async def test_the_code_is_shown_copied_and_written_signed(
    workspace: Workspace, incident_id: UUID, tmp_path: Path, run: Any, monkeypatch: Any
) -> None:
    code = workspace.case.log.checkpoint().code
    copied: list[str] = []
    monkeypatch.setattr(BreachApp, "copy_to_clipboard", lambda _app, text: copied.append(text))
    async with run(BreachApp(workspace)) as driver:
        await to_safekeeping(driver)
        await driver.reads(code)
        await driver.reads(" ".join(code[:4]))
        await driver.press("y")
        await driver.reads(f"Copied: {code}")
        assert copied == [code]
        await driver.press("w")
        await driver.type(str(tmp_path))
        await driver.press("enter")
        await driver.reads("Checkpoint taken")
    (file,) = tmp_path.glob("checkpoint-*.txt")
    assert file.read_text().startswith("breach-case/")


async def test_a_case_is_verified_against_a_code_and_faults_are_named_one_a_line(
    workspace: Workspace, incident_id: UUID, run: Any
) -> None:
    kept = workspace.case.log.checkpoint().code
    workspace.service.incidents.log_action(incident_id, "called the carrier")
    async with run(BreachApp(workspace), (160, 50)) as driver:
        await to_safekeeping(driver)
        await driver.press("v")
        await driver.type(kept)
        await driver.press("enter")
        await driver.reads("The case is whole")
        await driver.reads("Checked: this is the log that the checkpoint was taken of")
        await driver.press("escape")
        with workspace.case.log.recorder.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE entries SET topic = 'incident.closed' WHERE position IN (3, 5)")
        await driver.press("v", "enter")
        await driver.reads("NOT INTACT: ")
        await driver.reads("#3: the chain is broken here")
        await driver.reads("#5: the chain is broken here")
        await driver.reads("nothing kept outside was compared")


async def test_a_mistyped_code_is_told_and_nothing_is_verified(
    workspace: Workspace, incident_id: UUID, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await to_safekeeping(driver)
        await driver.press("v")
        await driver.type("7Q2K")
        await driver.press("enter")
        await driver.reads("a code has 28 letters and digits")


async def test_a_pack_is_exported_recorded_and_checked_by_the_command_it_ends_with(
    workspace: Workspace, incident_id: UUID, clock: FixedClock, tmp_path: Path, run: Any
) -> None:
    pack = tmp_path / "pack"
    async with run(BreachApp(workspace), (160, 50)) as driver:
        await to_safekeeping(driver)
        await driver.press("e")
        await driver.reads("Evidence pack of 2026-001")
        await driver.press("ctrl+u")
        await driver.type(str(pack))
        await driver.press("enter")
        await driver.reads("recorded in the incident")
        await driver.reads("--checkpoint CODE --key KEY")
    done = subprocess.run(
        [sys.executable, str(pack / "verify_evidence.py"), str(pack)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert any("Evidence pack exported" in row.text for row in workspace.service.queries.timeline(incident_id))


async def test_a_taken_folder_is_refused_beside_its_field(
    workspace: Workspace, incident_id: UUID, tmp_path: Path, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await to_safekeeping(driver)
        await driver.press("e")
        await driver.reads("Evidence pack of")
        await driver.press("ctrl+u")
        await driver.type(str(tmp_path))
        await driver.reads("is there already")


async def test_the_burden_of_proof_file_and_a_backup_are_written(
    workspace: Workspace, incident_id: UUID, tmp_path: Path, run: Any
) -> None:
    proof, backup = tmp_path / "proof.txt", tmp_path / "case.backup"
    async with run(BreachApp(workspace), (160, 50)) as driver:
        await to_safekeeping(driver)
        await driver.press("p")
        await driver.reads("Burden of proof, 2026-001")
        await driver.press("ctrl+u")
        await driver.type(str(proof))
        await driver.press("enter")
        await driver.reads("Burden-of-proof file")
        await driver.press("escape", "b")
        await driver.reads("Back up the case")
        await driver.press("ctrl+u")
        await driver.type(str(backup))
        await driver.press("enter")
        await driver.reads("Backup written")
        await driver.reads("breach restore")
    assert "164.414" in proof.read_text()
    made, problems = restore(backup, tmp_path / "again", None)
    assert made.count == workspace.case.log.checkpoint().count
    assert problems == ()


async def test_a_verification_is_stopped_by_esc(workspace: Workspace, incident_id: UUID, run: Any) -> None:
    for number in range(400):
        workspace.service.incidents.log_action(incident_id, f"call {number}")
    async with run(BreachApp(workspace)) as driver:
        await to_safekeeping(driver)
        await driver.press("v", "enter")
        await driver.wait(lambda: type(driver.screen).__name__ != "PathFormDialog", "it began")
        await driver.press("escape")
        await driver.wait(
            lambda: isinstance(driver.screen, SafekeepingScreen) or "The case is whole" in driver.words, "it ended"
        )


def test_every_key_is_also_a_command() -> None:
    commands = {
        "copy": "checkpoint",
        "checkpoint": "checkpoint",
        "verify": "verify",
        "export": "export-evidence",
        "burden": "evidence burden",
        "backup": "backup",
        "restore": "restore",
    }
    assert {binding.action for binding in SafekeepingScreen.__dict__["BINDINGS"]} == set(commands)
    for words in commands.values():
        assert CliRunner().invoke(main, [*words.split(), "--help"]).exit_code == 0, words


async def test_nothing_is_exported_from_the_past(workspace: Workspace, incident_id: UUID, run: Any) -> None:
    app = BreachApp(workspace)
    async with run(app) as driver:
        await driver.reads("Phished billing")
        app.session.viewpoint = app.session.look_back("6")
        await driver.press("K")
        await driver.reads("PAST")
        await driver.press("e")
        await driver.reads("Read-only")

"""Opening a case: samples, a new one, one by its path; and the lock that falls after idle time."""

import re
import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from textual.widgets import Input

from incident.access.recovery import read_code
from tui import recent
from tui.app import BreachApp
from tui.compose import Person, Workspace
from tui.presenters import StartCase

PASSPHRASE = "correct horse battery staple"


def fill(driver: Any, **values: str) -> None:
    for name, value in values.items():
        driver.screen.query_one(f"#field-{name}", Input).value = value


async def test_a_wrong_passphrase_gets_one_clear_message_and_the_right_one_opens(case_path: Path, run: Any) -> None:
    recent.remember(case_path)
    async with run(BreachApp()) as driver:
        await driver.reads("lakeshore")
        await driver.press("enter")
        await driver.on("FormDialog")
        fill(driver, user="dana", passphrase="not the passphrase")
        await driver.press("enter")
        await driver.reads("The user name or the passphrase is wrong.")
        assert "not the passphrase" not in driver.text
        fill(driver, passphrase=PASSPHRASE)
        await driver.press("enter")
        await driver.on("HomeScreen")
        await driver.reads("Lakeshore Aesthetics")
        await driver.press("u")
        await driver.on("StartScreen")
        assert driver.app.maybe_session is None


async def test_a_folder_that_is_no_case_is_refused(tmp_path: Path, run: Any) -> None:
    async with run(BreachApp()) as driver:
        await driver.reads("No case on this machine yet")
        await driver.press("o")
        await driver.on("FormDialog")
        fill(driver, path=str(tmp_path / "nothing"), user="dana", passphrase=PASSPHRASE)
        await driver.press("enter")
        await driver.reads("is not there")


async def test_only_samples_show_their_passphrases(case_path: Path, tmp_path: Path, run: Any) -> None:
    sample = Path(shutil.copytree(case_path, tmp_path / "sample"))
    recent.remember(case_path)
    people = (Person(user="dana", name="Dana Ruiz", role="incident_lead", passphrase=PASSPHRASE),)
    cases = (StartCase("Quillmere", sample, people, tmp_path / "people.csv"),)
    async with run(BreachApp(samples=lambda: cases)) as driver:
        await driver.reads(PASSPHRASE)
        # A long path is broken over lines.
        assert "people.csv" in "".join(driver.text.split())
        await driver.press("down")
        await driver.reads("with your user name and passphrase")
        assert PASSPHRASE not in driver.text
        await driver.press("up", "enter")
        await driver.on("FormDialog")
        assert driver.screen.query_one("#field-user", Input).value == "dana"


async def test_a_new_case_is_made_with_its_people_and_opens(tmp_path: Path, run: Any) -> None:
    folder = tmp_path / "new case"
    async with run(BreachApp()) as driver:
        await driver.reads("No case on this machine yet")
        await driver.press("n")
        await driver.on("FormDialog")
        fill(
            driver,
            folder=str(folder),
            name="Harbor Glow Med Spa",
            state="ca",
            time_zone="America/Los_Angeles",
            hipaa_role="n",
            entity_type="o",
            data_owner="y",
            user="ana",
            person="Ana Prieto",
            passphrase="short",
            again="short",
            counsel="kim",
            counsel_passphrase="lighthouse marble violin",
        )
        await driver.press("enter")
        await driver.reads("use at least 12")
        assert not folder.exists(), "a refused case leaves nothing behind"
        fill(driver, passphrase="marble violin ocean", again="marble violin oceam")
        await driver.press("enter")
        await driver.reads("not the same")
        fill(driver, again="marble violin ocean")
        await driver.press("enter")
        for user in ("ana", "kim"):
            await driver.on("RecoveryCodeDialog")
            await driver.reads(f"Recovery code of {user}")
            code = re.search(r"(\w{5}-){4}[\s│]+(\w{5}-){2}\w{5}", driver.text)
            assert code is not None, driver.text
            fill(driver, end="WRONG")
            await driver.press("enter")
            await driver.reads("not what the code ends in")
            fill(driver, end=code[0][-5:].lower())
            await driver.press("enter")
            assert read_code("".join(code[0].replace("│", "").split()))
        await driver.on("HomeScreen")
        queries = driver.app.session.queries
        assert queries.case().facts == {
            "organization.name": "Harbor Glow Med Spa",
            "organization.state": "CA",
            "organization.time_zone": "America/Los_Angeles",
            "organization.hipaa_role": "none",
            "organization.entity_type": "other",
            "organization.data_owner": True,
        }
        assert {(row.user, row.role) for row in queries.users()} == {("ana", "incident_lead"), ("kim", "counsel")}
        assert recent.recent_cases() == (folder,)


async def test_the_program_locks_after_idle_time_and_loses_nothing(
    workspace: Workspace, incident_id: UUID, run: Any
) -> None:
    seconds = [0.0]
    async with run(BreachApp(workspace, idle_seconds=600, seconds=lambda: seconds[0])) as driver:
        await driver.reads("Phished billing mailbox")
        await driver.press("enter", "2", "a")
        await driver.on("FormDialog")
        await driver.type("half a sent")
        seconds[0] = 599.0
        await driver.press("e")
        seconds[0] = 1198.0
        await driver.pilot.pause(1.2)
        assert type(driver.screen).__name__ == "FormDialog"
        seconds[0] = 1200.0
        await driver.on("LockDialog")
        assert "half a sent" not in driver.text
        assert "Phished" not in driver.text
        await driver.press("escape")
        await driver.type("not the passphrase")
        await driver.press("enter")
        await driver.reads("passphrase is wrong")
        await driver.type(PASSPHRASE)
        await driver.press("enter")
        await driver.on("FormDialog")
        assert driver.screen.query_one("#field-text", Input).value == "half a sente"


@pytest.mark.parametrize("content", [b"", b"{", b'{"a": 1}', b"\xff"])
def test_a_damaged_list_of_recent_cases_counts_as_empty(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "recent.json").write_bytes(content)
    assert recent.recent_cases() == ()

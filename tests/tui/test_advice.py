"""Advice on the screens: counsel writes and reads it, everybody else sees that it is there and not what it says."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from textual.widgets import TextArea

from incident.system import FixedClock
from tests.tui.conftest import DANA, FACTS, KIM
from tests.tui.test_keys_of_documents import CONTACT, check_keys
from tui.app import BreachApp
from tui.compose import Workspace, open_workspace
from tui.screens.advice import AdviceScreen

WORDS = "The Zanzibar clause may bar our claim.\nSay nothing of it to the vendor."


@pytest.fixture
def counsel(workspace: Workspace, case_path: Path, incident_id: UUID, clock: FixedClock) -> Iterator[Workspace]:
    with open_workspace(case_path, KIM.user, KIM.passphrase, clock=clock) as opened:
        yield opened


def drafted(workspace: Workspace, incident_id: UUID) -> UUID:
    workspace.service.refresh()
    workspace.service.case.describe(FACTS, CONTACT)
    words = {"nature": "A mailbox was read.", "steps": "We closed it."}
    fields = workspace.documents.defaults(incident_id, "il_ag_notice") | words
    return workspace.documents.draft(incident_id, "il_ag_notice", fields)[0]


async def open_board(driver: Any) -> None:
    await driver.reads("Phished billing mailbox")
    await driver.press("enter")
    await driver.on("BoardScreen")


async def test_counsel_writes_a_note_from_a_notice_and_reads_it_again(
    workspace: Workspace, counsel: Workspace, incident_id: UUID, run: Any, tmp_path: Path
) -> None:
    notice = drafted(workspace, incident_id)
    counsel.service.refresh()
    async with run(BreachApp(counsel)) as driver:
        await open_board(driver)
        await driver.press("5")
        await driver.on("NoticesScreen")
        await driver.press("enter")
        await driver.on("NoticeScreen")
        await driver.press("P")
        await driver.on("AdviceScreen")
        await driver.reads("No advice was recorded")
        await driver.reads("A label does not make a communication privileged")
        await driver.press("n")
        await driver.on("AdviceDialog")
        await driver.wait(lambda: isinstance(driver.screen.focused, TextArea), "the words come first")
        await driver.reads("Readable by Kim Osei, and by nobody else")
        await driver.type(WORDS)
        assert driver.screen.query_one(TextArea).text == WORDS
        await driver.press("tab", "enter")
        await driver.on("AdviceScreen")
        await driver.reads("recorded 16:24:07")
        assert "Zanzibar" not in driver.text, "the list tells no words"
        await driver.press("enter")
        await driver.reads("The Zanzibar clause may bar our claim.")
        await driver.reads("on the notice il ag notice")
        await driver.press("escape")
        await driver.press("v")
        await driver.reads("to Dana Ruiz: Communication with counsel for the purpose of legal advice")
        await driver.press("escape")
        await driver.press("x")
        await driver.type(str(tmp_path / "log.csv"))
        await driver.press("enter")
        await driver.reads("1 entries written")
    (row,) = counsel.service.queries.advice(incident_id)
    assert (row.subject, row.recipients, row.by) == (f"notice:{notice}", ("Dana Ruiz",), "kim")
    assert counsel.service.advice.read(row.id) == WORDS
    (line,) = csv.DictReader((tmp_path / "log.csv").read_text("utf-8-sig").splitlines())
    assert line["recipients"] == "Dana Ruiz"


async def test_a_correction_begins_with_the_present_words_and_time_travel_shows_the_earlier(
    counsel: Workspace, incident_id: UUID, run: Any
) -> None:
    _, receipt = counsel.service.advice.give(incident_id, WORDS, recipients=["Dana Ruiz"])
    async with run(BreachApp(counsel)) as driver:
        await open_board(driver)
        await driver.press("P")
        await driver.reads(f"#{receipt.position}")
        await driver.press("c")
        await driver.on("AdviceDialog")
        await driver.wait(lambda: isinstance(driver.screen.focused, TextArea), "the words come first")
        assert driver.screen.query_one(TextArea).text == WORDS
        await driver.type(" More.")
        await driver.press("tab", "tab")
        await driver.press("backspace", "w")
        await driver.reads("work product")
        await driver.press("enter")
        await driver.reads("recorded 16:24:07")
        await driver.reads("version 2")
        await driver.press("enter")
        await driver.reads("to the vendor. More.")
        await driver.press("escape", "at")
        await driver.type(str(receipt.position))
        await driver.press("enter")
        await driver.reads("AS OF #")
        await driver.press("enter")
        await driver.reads("Say nothing of it to the vendor.")
        assert "More." not in driver.text
        await driver.press("escape", "v")
        await driver.reads(f"Complete up to #{receipt.position}")


async def test_the_lead_sees_that_there_is_advice_and_not_what_it_says(
    workspace: Workspace, counsel: Workspace, incident_id: UUID, run: Any
) -> None:
    counsel.service.advice.give(incident_id, WORDS, recipients=["Dana Ruiz"], description="On the vendor contract")
    workspace.service.refresh()
    async with run(BreachApp(workspace)) as driver:
        await open_board(driver)
        await driver.press("P")
        await driver.reads("On the vendor contract")
        await driver.reads("Sealed for counsel")
        await driver.press("enter")
        await driver.reads("sealed for counsel; ask counsel to share it")
        await driver.on("AdviceScreen")
        await driver.press("n")
        await driver.reads("only counsel may give advice")
        assert "Zanzibar" not in driver.text
        counsel.case.share_advice(DANA.user)
        await driver.press("enter")
        await driver.reads("The Zanzibar clause may bar our claim.")


async def test_nothing_typed_is_lost_without_asking(counsel: Workspace, incident_id: UUID, run: Any) -> None:
    async with run(BreachApp(counsel)) as driver:
        await open_board(driver)
        await driver.press("P")
        await driver.reads("No advice was recorded")
        await driver.press("n")
        await driver.on("AdviceDialog")
        await driver.wait(lambda: isinstance(driver.screen.focused, TextArea), "the words come first")
        await driver.type("half a thought")
        await driver.press("escape")
        await driver.reads("Discard what you typed?")
        await driver.press("escape")
        await driver.on("AdviceDialog")
        driver.screen.query_one(TextArea).clear()
        await driver.press("tab", "enter")
        await driver.reads("text: the advice is empty")
    assert counsel.service.queries.advice() == ()


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_every_key_is_in_help_and_palette_and_the_footer_fits(
    counsel: Workspace, incident_id: UUID, run: Any, size: tuple[int, int]
) -> None:
    counsel.service.advice.give(incident_id, WORDS, recipients=["Dana Ruiz"])
    async with run(BreachApp(counsel), size=size) as driver:
        await driver.reads("Phished billing mailbox")
        await driver.app.push_screen(AdviceScreen(incident_id))
        await driver.reads("Dana Ruiz")
        await check_keys(driver)

"""Delivery, calls and shifts on the screens: what the keys record is what the log says."""

from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner

from incident.access.roles import MAY_RECORD
from incident.calls import LETTERS, TOPICS
from incident.errors import InvalidInput
from incident.views.calls import calls_of
from incident.views.delivery import delivery_of
from incident.views.shifts import handovers, read_upto
from tests.tui.conftest import KIM
from tui import calls, deliveries
from tui.app import BreachApp
from tui.cli import main
from tui.compose import Workspace, open_workspace
from tui.permissions import RECORDS
from tui.screens.calls import CallsScreen
from tui.screens.delivery import DeliveryScreen
from tui.screens.handover import HandoverScreen

ON_THE_COMMAND_LINE = {
    "DeliveryScreen.send": "delivery batch",
    "DeliveryScreen.again": "delivery again",
    "DeliveryScreen.again_sent": "delivery again-sent",
    "DeliveryScreen.post": "delivery post",
    "DeliveryScreen.end": "delivery end",
    "DeliveryScreen.people": "delivery people",
    "CallsScreen.received": "calls log",
    "CallsScreen.made": "calls log",
    "CallsScreen.follow_up": "calls follow-up",
    "CallsScreen.search": "calls list",
    "CallsScreen.erase": "calls erase",
    "HandoverScreen.give": "handover give",
    "HandoverScreen.take": "handover take",
    "HandoverScreen.mark": "handover read",
}


def test_every_action_of_these_screens_is_also_a_command() -> None:
    actions = {
        f"{screen.__name__}.{binding.action}"
        for screen in (DeliveryScreen, CallsScreen, HandoverScreen)
        for binding in screen.BINDINGS
        if not binding.action.startswith("scroll")
    }
    assert actions == set(ON_THE_COMMAND_LINE)
    for words in set(ON_THE_COMMAND_LINE.values()):
        assert CliRunner().invoke(main, [*words.split(), "--help"]).exit_code == 0, words
    for action in actions - {"DeliveryScreen.people", "CallsScreen.search"}:
        assert RECORDS[action].topic in MAY_RECORD


async def to_board(driver: Any) -> None:
    await driver.reads("Phished")
    await driver.press("enter")
    await driver.on("BoardScreen")


async def test_a_call_is_three_fields_and_is_found_by_its_words(
    run: Any, workspace: Workspace, incident_id: UUID
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await to_board(driver)
        await driver.press("T")
        await driver.on("CallsScreen")
        await driver.reads("No calls yet.")
        await driver.press("r")
        await driver.on("FormDialog")
        await driver.type("which scan was it")
        await driver.press("tab")
        await driver.type("the one of May")
        await driver.press("tab", "tab", "a", "tab", "plus", "2", "enter")
        await driver.on("CallsScreen")
        await driver.reads("1 call, 1 received (1 today); affected 1; 1 to follow up")
        (call,) = calls_of(workspace.service.queries, incident_id)
        assert (call.logged.topic, str(call.logged.follow_up)) == ("affected", "2026-11-24")
        await driver.press("slash")
        await driver.type("scan may")
        await driver.press("enter")
        await driver.reads("With 'scan may': 1 call")
        await driver.press("slash")
        await driver.type(" nowhere")
        await driver.press("enter")
        await driver.reads("No call has these words.")
        await driver.press("escape")
        await driver.reads("which scan was it")
        await driver.press("f")
        await driver.on("FormDialog")
        await driver.type("sent it")
        await driver.press("enter")
        await driver.on("CallsScreen")
        await driver.reads("done")
        assert calls_of(workspace.service.queries, incident_id)[0].followed_up is not None


async def test_a_shift_goes_from_one_to_the_other(
    run: Any, workspace: Workspace, incident_id: UUID, case_path: Any, clock: Any
) -> None:
    async with run(BreachApp(workspace), size=(100, 40)) as driver:
        await to_board(driver)
        await driver.press("H")
        await driver.on("HandoverScreen")
        await driver.reads("New since the beginning")
        await driver.press("m")
        await driver.reads("recorded")
        await driver.press("g")
        await driver.on("FormDialog")
        await driver.type("Letters at nine")
        await driver.press("enter")
        await driver.on("HandoverScreen")
        await driver.reads("Letters at nine")
        await driver.reads("waits for kim to take it")
    with open_workspace(case_path, KIM.user, KIM.passphrase, clock=clock) as theirs:
        async with run(BreachApp(theirs), size=(100, 40)) as driver:
            await to_board(driver)
            await driver.press("H")
            await driver.on("HandoverScreen")
            await driver.reads("NOT TAKEN YET")
            await driver.press("t")
            await driver.reads("taken Sun")
            (row,) = handovers(theirs.service.queries, incident_id)
            assert row.taken_at is not None
            assert read_upto(theirs.service.queries, incident_id, "kim") == row.upto


async def test_what_is_new_is_counted_and_marked(
    run: Any, workspace: Workspace, incident_id: UUID, case_path: Any, clock: Any
) -> None:
    workspace.service.shifts.mark_read(incident_id)
    with open_workspace(case_path, KIM.user, KIM.passphrase, clock=clock) as theirs:
        theirs.service.incidents.log_action(incident_id, "Called the insurer")
    workspace.service.refresh()
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("•1 Phished")
        await to_board(driver)
        await driver.reads("1 new · dana")
        await driver.press("2")
        await driver.on("LogScreen")
        await driver.reads("• Called the insurer")
        await driver.press("m")
        await driver.wait(lambda: "• Called" not in driver.text, "the dot is gone")
        assert "1 new" not in driver.text


async def test_a_posting_is_recorded_watched_and_ended_early(run: Any, workspace: Workspace, incident_id: UUID) -> None:
    async with run(BreachApp(workspace)) as driver:
        await to_board(driver)
        await driver.press("5")
        await driver.on("NoticesScreen")
        await driver.press("d")
        await driver.on("DeliveryScreen")
        await driver.reads("Nothing went out yet")
        await driver.press("o", "w")
        await driver.on("PathFormDialog")
        await driver.type("https://lakeshore.example")
        await driver.press("tab", "tab", "tab")
        await driver.type("888-555-0142")
        await driver.press("enter")
        await driver.on("DeliveryScreen")
        await driver.reads("keep until 2027-02-20 (day 0 of 90)")
        assert [each.what for each in delivery_of(workspace.service.queries, incident_id).watches] == [
            "posting",
            "phone",
        ]
        await driver.press("x")
        await driver.on("FormDialog")
        await driver.reads("TOO EARLY, it has to stay until")
        await driver.type("site moved")
        await driver.press("enter")
        await driver.on("DeliveryScreen")
        await driver.reads("TAKEN DOWN EARLY")


def test_topics_have_a_letter_each_and_are_read() -> None:
    assert sorted(LETTERS.values()) == sorted(TOPICS)
    for letter, topic in LETTERS.items():
        assert calls.read_topic(letter) == topic
    assert calls.read_topic("compl") == "complaint"
    with pytest.raises(InvalidInput, match="a affected"):
        calls.read_topic("weather")


@pytest.mark.parametrize(
    ("typed", "row"),
    [("12", (1, 12)), ("2026-001-2-000045", (2, 45)), ("Ada Marsh", None), ("", None), ("312-555-0142", None)],
)
def test_who_called_is_a_row_a_code_or_a_name(typed: str, row: object) -> None:
    assert calls.read_row(typed) == row


def test_a_batch_is_typed_as_a_number_or_as_runs() -> None:
    assert deliveries.read_batch({"which": "1,200"}).count == 1200
    assert deliveries.read_batch({"which": "1-500,507"}).letters == ((1, 500), (507, 507))
    assert deliveries.read_batch({"which": ""}).count is None
    assert deliveries.read_batch({"which": "", "certificate": "3606"}).certificate == "ps3606"
    with pytest.raises(InvalidInput, match="none of"):
        deliveries.read_batch({"certificate": "4711"})
    assert deliveries.read_laws("hip, cal") == ("hipaa", "california")

"""Delivery, calls and shifts on the screens: what the keys record is what the log says."""

from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from click.testing import CliRunner

from incident.access.roles import MAY_RECORD
from incident.calls import LETTERS, TOPICS
from incident.errors import InvalidInput
from incident.roster.contact import Kind
from incident.roster.person import Address
from incident.views.calls import calls_of
from incident.views.delivery import delivery_of
from incident.views.shifts import handovers, read_upto
from tests.tui.conftest import KIM
from tests.tui.test_notices import letter, ready
from tui import calls, deliveries
from tui.app import BreachApp
from tui.cli import main
from tui.compose import Workspace, open_workspace
from tui.permissions import RECORDS
from tui.screens.calls import CallsScreen
from tui.screens.delivery import DeliveryScreen
from tui.screens.handover import HandoverScreen

__all__ = ["letter", "ready"]

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
        await driver.on("FormDialog")
        await driver.press("escape")
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
    for key, topic in LETTERS.items():
        assert calls.read_topic(key) == topic
    assert calls.read_topic("compl") == "complaint"
    with pytest.raises(InvalidInput, match="a affected"):
        calls.read_topic("weather")


@pytest.mark.parametrize(
    ("typed", "row"),
    [("12", (1, 12)), ("2026-001-2-000045", (2, 45)), ("Ada Marsh", None), ("", None), ("312-555-0142", None)],
)
def test_who_called_is_a_row_a_code_or_a_name(typed: str, row: object) -> None:
    assert calls.read_row(typed, "2026-001") == row


def test_a_batch_is_typed_as_a_number_or_as_runs() -> None:
    assert deliveries.read_batch({"which": "1,200"}).count == 1200
    assert deliveries.read_batch({"which": "1-500,507"}).letters == ((1, 500), (507, 507))
    assert deliveries.read_batch({"which": ""}).count is None
    assert deliveries.read_batch({"which": "", "certificate": "3606"}).certificate == "ps3606"
    with pytest.raises(InvalidInput, match="none of"):
        deliveries.read_batch({"certificate": "4711"})
    assert deliveries.read_laws("hip, cal") == ("hipaa", "california")


@pytest.fixture
def rendered(workspace: Workspace, letter: UUID, case_path: Path, clock: Any) -> UUID:
    """Letters to two of three people, approved, printed, their sample signed."""
    with open_workspace(case_path, KIM.user, KIM.passphrase, clock=clock) as theirs:
        theirs.documents.approve(letter)
    workspace.service.refresh()
    workspace.documents.render(letter)
    sample = workspace.documents.sample(letter)
    workspace.service.notices.sign_sample(letter, sample.manifest_sha256, sample.codes)
    return letter


async def test_letters_go_out_in_batches_come_back_and_go_again(
    run: Any, workspace: Workspace, ready: UUID, rendered: UUID, tmp_path: Path
) -> None:
    service = workspace.service
    (tmp_path / "3817.pdf").write_bytes(b"%PDF-1.7 postmarked")
    async with run(BreachApp(workspace)) as driver:
        await to_board(driver)
        await driver.press("5")
        await driver.on("NoticesScreen")
        await driver.press("d")
        await driver.on("DeliveryScreen")
        await driver.reads("2 NOT YET SENT")
        await driver.press("s")
        await driver.on("PickDialog")
        await driver.press("enter")
        await driver.on("PathFormDialog")
        await driver.reads("all 2 not yet sent")
        await driver.type("1")
        await driver.reads("1 of 2 not yet sent")
        await driver.press("tab")
        await driver.type("USPS")
        await driver.press("tab")
        await driver.type("3817")
        await driver.reads("not verified against the Domestic Mail Manual")
        await driver.press("tab")
        await driver.type(str(tmp_path / "3817.pdf"))
        await driver.press("enter")
        await driver.on("DeliveryScreen")
        await driver.reads("1 of 2")
        await driver.reads("A part does not fulfil the duty")
        assert "given.us.hipaa.individuals" not in service.queries.facts(ready)
        await driver.press("1")
        await driver.on("BoardScreen")
        await driver.reads("PARTLY SENT: 2 = 1 sent + 1 not yet")
        await driver.press("5", "d")
        await driver.on("DeliveryScreen")
        await driver.reads("1 NOT YET SENT")
        await driver.press("p")
        await driver.reads("only the count is known")
        await driver.press("escape", "s")
        await driver.on("PickDialog")
        await driver.press("enter")
        await driver.on("PathFormDialog")
        await driver.press("enter")
        await driver.on("DeliveryScreen")
        await driver.reads("all sent")
        assert service.queries.facts(ready)["given.us.hipaa.individuals"].value == "2026-11-22"

        (roster,) = service.queries.rosters(ready)
        today = service.desk.today(service.desk.incident(ready))
        service.people.outcome(roster.id, 2, Kind.MAIL_RETURNED, today, reason="moved")
        held = workspace.vault.person(roster.id, 2).person
        assert held is not None
        moved = msgspec.structs.replace(held, address=Address(("9 New St",), "Chicago", "IL", "60614"))
        service.people.found(roster.id, 2, moved, "she called")
        await driver.press("escape", "d")
        await driver.on("DeliveryScreen")
        await driver.press("d")
        await driver.reads("No letters were printed anew")
        await driver.press("a")
        await driver.on("PathFormDialog")
        await driver.type(str(tmp_path / "again"))
        await driver.press("enter")
        await driver.reads("NOT YET MAILED")
        assert [path.suffix for path in sorted((tmp_path / "again").iterdir())] == [".pdf", ".json"]
        await driver.press("d")
        await driver.on("PickDialog")
        await driver.press("enter")
        await driver.on("PathFormDialog")
        await driver.press("enter")
        await driver.on("DeliveryScreen")
        await driver.reads("mailed again")
    (again,) = service.desk.notice(rendered).remailed
    assert again.people == ((roster.id, 2),)
    assert service.delivery.outcomes(ready)[1, 2].status == "mailed_again"

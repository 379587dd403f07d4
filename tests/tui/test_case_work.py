"""Work on the case itself: organization, people, closing, checkpoint, palette."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from textual.widgets import Input

from incident.system import FixedClock
from incident.verification import verify_case
from tui.app import BreachApp
from tui.compose import Workspace, open_workspace


def fill(driver: Any, **values: str) -> None:
    for name, value in values.items():
        driver.screen.query_one(f"#field-{name}", Input).value = value


async def test_the_organization_is_described_anew_and_incidents_keep_their_facts(
    workspace: Workspace, incident_id: UUID, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("Phished billing mailbox")
        await driver.press("o")
        await driver.on("FormDialog")
        assert driver.screen.query_one("#field-hipaa_role", Input).value == "c"
        fill(driver, licenses="1204", street="1 Lake St", data_owner="y")
        await driver.press("enter")
        await driver.on("HomeScreen")
        await driver.reads("recorded 16:24:07")
    case = workspace.service.queries.case()
    assert case.facts["organization.licenses"] == ["ca_hsc_1204"]
    assert case.facts["organization.data_owner"] is True
    assert case.contact == {"state": "IL", "city": "Chicago", "street": "1 Lake St"}
    assert "organization.licenses" not in workspace.service.queries.facts(incident_id)


async def test_somebody_is_enrolled_and_can_open_the_case(
    workspace: Workspace, case_path: Path, clock: FixedClock, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("No incident yet")
        await driver.press("e")
        await driver.on("FormDialog")
        fill(driver, user="kim", name="Kim", role="c", passphrase="marble violin ocean", again="marble violin ocean")
        await driver.press("enter")
        await driver.reads("kim may open the case already")
        fill(driver, user="eve", role="e")
        await driver.press("enter")
        await driver.on("RecoveryCodeDialog")
        await driver.press("escape")
        await driver.reads("Leave without having written it down?")
        await driver.press("y")
        await driver.on("HomeScreen")
        await driver.reads("recorded 16:24:07")
    with open_workspace(case_path, "eve", "marble violin ocean", clock=clock) as other:
        assert other.service.queries.user("eve").role == "examiner"


async def test_an_incident_is_closed_only_by_its_reference_and_only_when_nothing_is_open(
    workspace: Workspace, incident_id: UUID, clock: FixedClock, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("Phished billing mailbox")
        await driver.press("enter")
        await driver.on("BoardScreen")
        await driver.press("C")
        await driver.on("FormDialog")
        fill(driver, reference="2026-002", reason="all is done")
        await driver.press("enter")
        await driver.reads("type 2026-001 to close it")
        fill(driver, reference="2026-001")
        await driver.press("enter")
        await driver.reads("duties are still open")
        await driver.press("escape", "y")
        await driver.on("BoardScreen")
        service = workspace.service
        service.incidents.record_facts(
            incident_id,
            {
                "affected.by_state.IL": 0,
                "affected.by_state.CA": 0,
                "affected.by_state.IN": 0,
                "affected.total": 0,
                "organization.licenses": [],
                "organization.data_owner": True,
                "organization.part2_program": False,
                "organization.phr_vendor": False,
                "incident.risk_assessment": "exception_not_retained",
            },
            because="the mailbox was empty",
        )
        clock.advance(timedelta(seconds=1))
        await driver.press("C")
        await driver.on("FormDialog")
        fill(driver, reference="2026-001", reason="nobody was affected")
        await driver.press("enter")
        await driver.on("BoardScreen")
        await driver.reads("(closed)")
        await driver.press("2", "a")
        await driver.on("FormDialog")
        await driver.type("one more thing")
        await driver.press("enter")
        await driver.reads("incident 2026-001 is closed")


async def test_the_checkpoint_code_is_the_one_that_verifies(workspace: Workspace, incident_id: UUID, run: Any) -> None:
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("Phished billing mailbox")
        await driver.press("K")
        await driver.on("SafekeepingScreen")
        await driver.reads("The checkpoint of this log")
        code = workspace.case.log.checkpoint().code
        assert code in driver.text
    assert verify_case(workspace.case, code).ok


async def test_the_home_screen_says_so_when_the_log_was_changed(
    workspace: Workspace, incident_id: UUID, run: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(workspace, "verify", lambda: ("#7: the entry was changed",))
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("LOG NOT INTACT: #7: the entry was changed")
        await driver.reads("The log is not intact")


async def test_the_whole_case_as_of_an_event_number(workspace: Workspace, incident_id: UUID, run: Any) -> None:
    workspace.service.incidents.open("Lost laptop", {"incident.discovered_at": "2026-11-21T09:00:00-06:00"})
    before = workspace.service.queries.incident(incident_id).last_position
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("Lost laptop")
        await driver.press("at")
        await driver.on("FormDialog")
        await driver.type(str(before))
        await driver.press("enter")
        await driver.reads(f"AS OF #{before}")
        await driver.wait(lambda: "Lost laptop" not in driver.text, "the later incident is gone")
        await driver.press("n")
        await driver.reads("Read-only")
        await driver.press("escape")
        await driver.reads("Lost laptop")

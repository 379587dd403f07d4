"""The first hour on the screens: what is pressed ends up in the record."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from textual.widgets import Input

from incident.system import FixedClock
from tests.tui.conftest import KIM
from tui.app import BreachApp
from tui.compose import Workspace, open_workspace
from tui.widgets.record_table import RecordTable


def last(workspace: Workspace, incident_id: UUID) -> Any:
    """The newest entry that is not the pinned assessment."""
    rows = [row for row in workspace.service.queries.timeline(incident_id) if row.topic != "incident.assessment_made"]
    return rows[-1]


async def open_board(driver: Any) -> None:
    await driver.reads("Phished billing mailbox")
    await driver.press("enter")
    await driver.on("BoardScreen")
    await driver.reads("California residents")


async def test_every_deadline_explains_itself_with_one_key(workspace: Workspace, incident_id: UUID, run: Any) -> None:
    async with run(BreachApp(workspace)) as driver:
        await open_board(driver)
        driver.screen.query_one("#duties", RecordTable).select("us.hipaa.individuals")
        await driver.press("enter")
        await driver.reads("60 calendar days = 2027-01-19")
        assert "45 CFR 164.404" in driver.text
        assert "Rule version in force from" in driver.text
        await driver.press("escape")
        await driver.on("BoardScreen")


async def test_a_gap_is_answered_in_place_and_the_board_says_what_changed(
    workspace: Workspace, incident_id: UUID, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await open_board(driver)
        await driver.press("g")
        await driver.reads("questions could move a date")
        table = driver.screen.query_one("#gaps", RecordTable)
        assert table.current_key == "organization.licenses", "the biggest mover comes first"
        await driver.press("1")
        await driver.on("FormDialog")
        await driver.type("none")
        await driver.press("enter")
        await driver.on("GapsScreen")
        await driver.reads("changes on the board")
        fact = workspace.service.queries.facts(incident_id)["organization.licenses"]
        assert fact.value == []
        await driver.press("escape")
        await driver.reads("Changed by #")
        await driver.press("escape")
        await driver.wait(lambda: "Changed by #" not in driver.text, "the changes are hidden")
        assert type(driver.screen).__name__ == "BoardScreen"


async def test_what_if_changes_nothing_but_the_picture(workspace: Workspace, incident_id: UUID, run: Any) -> None:
    before = workspace.service.queries.position
    async with run(BreachApp(workspace)) as driver:
        await open_board(driver)
        await driver.press("w")
        await driver.reads("Enter supposes")
        driver.screen.query_one("#facts", RecordTable).select("affected.by_state.CA")
        await driver.press("enter")
        await driver.on("FormDialog")
        await driver.type("600")
        await driver.press("enter")
        await driver.reads("Media, California due 2027-01-19")
        await driver.press("escape")
        await driver.on("BoardScreen")
    assert workspace.service.queries.position == before


async def test_a_log_entry_keeps_when_it_happened_and_a_correction_keeps_both_wordings(
    workspace: Workspace, incident_id: UUID, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await open_board(driver)
        await driver.press("2", "a")
        await driver.on("FormDialog")
        await driver.type("mailbox tokens revoked")
        await driver.press("tab")
        await driver.type("15:40")
        await driver.press("enter")
        await driver.on("LogScreen")
        await driver.reads("mailbox tokens revoked")
        entry = last(workspace, incident_id)
        assert entry.text == "mailbox tokens revoked"
        assert entry.occurred_at.isoformat() == "2026-11-22T15:40:00-06:00"
        assert entry.recorded_at == workspace.service.clock.now()
        assert f"#{entry.position} recorded 16:24:07" in driver.text

        await driver.press("c")
        await driver.on("FormDialog")
        driver.screen.query_one("#field-text", Input).value = "all mailbox tokens revoked"
        await driver.press("enter")
        await driver.reads("Because: needed")
        await driver.type("one mailbox was missing")
        await driver.press("enter")
        await driver.on("LogScreen")
        await driver.reads("(corrected by #")
        rows = {row.position: row for row in workspace.service.queries.timeline(incident_id)}
        correction = last(workspace, incident_id)
        assert (correction.text, correction.because) == ("all mailbox tokens revoked", "one mailbox was missing")
        assert rows[entry.position].corrected_at_position == correction.position
        assert rows[entry.position].text == "mailbox tokens revoked"


async def test_evidence_is_kept_encrypted_and_its_whole_hash_is_shown(
    workspace: Workspace, incident_id: UUID, run: Any, tmp_path: Path
) -> None:
    audit = tmp_path / "audit.csv"
    audit.write_bytes(b"when,who\n2026-11-20,attacker\n")
    async with run(BreachApp(workspace)) as driver:
        await open_board(driver)
        await driver.press("2", "e")
        await driver.on("PathFormDialog")
        driver.screen.query_one("#field-path", Input).value = str(audit)
        await driver.press("enter")
        await driver.on("LinesDialog")
        sha256 = workspace.service.desk.incident(incident_id).evidence[0].sha256
        assert sha256 in driver.text
        assert workspace.service.blobs.get(sha256) == audit.read_bytes()


async def test_a_refused_file_leaves_the_form_and_the_record_as_they_were(
    workspace: Workspace, incident_id: UUID, run: Any, tmp_path: Path
) -> None:
    before = workspace.service.queries.position
    async with run(BreachApp(workspace)) as driver:
        await open_board(driver)
        await driver.press("2", "e")
        await driver.on("PathFormDialog")
        driver.screen.query_one("#field-path", Input).value = str(tmp_path / "missing.csv")
        await driver.press("enter")
        await driver.reads("no such file")
        assert type(driver.screen).__name__ == "PathFormDialog"
        await driver.press("escape")
        await driver.reads("Discard what you typed?")
        await driver.press("y")
        await driver.on("LogScreen")
    assert workspace.service.queries.position == before


async def test_the_four_factors_an_outcome_and_the_decision_are_recorded_with_their_reasons(
    workspace: Workspace, incident_id: UUID, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await open_board(driver)
        await driver.press("3")
        await driver.on("AssessScreen")
        await driver.press("enter")
        await driver.reads("All four factors need a rating")
        reasons = ("names with diagnoses", "unknown attacker", "mailbox synced", "reset")
        for rating, reason in zip("4432", reasons, strict=True):
            await driver.press(rating)
            await driver.type(reason)
            await driver.press("enter")
        await driver.reads("The ratings suggest: A low probability of compromise cannot be shown")
        await driver.press("enter")
        await driver.on("ChoiceDialog")
        await driver.press("1")
        await driver.reads("Recorded: A low probability")
        risk = workspace.service.desk.incident(incident_id).risk
        assert risk is not None
        assert [(finding.rating, finding.reason) for finding in risk.factors] == [
            (4, "names with diagnoses"),
            (4, "unknown attacker"),
            (3, "mailbox synced"),
            (2, "reset"),
        ]
        assert risk.outcome == "breach"
        assert workspace.service.queries.facts(incident_id)["incident.risk_assessment"].value == "breach"

        await driver.press("D", "n")
        await driver.on("FormDialog")
        await driver.type("presumption not rebutted")
        await driver.press("enter")
        await driver.reads("Decision: notify")
        decision = last(workspace, incident_id)
        assert (decision.topic, decision.because) == ("incident.decision_made", "presumption not rebutted")


async def test_not_to_notify_is_refused_while_a_breach_is_presumed(
    workspace: Workspace, incident_id: UUID, run: Any
) -> None:
    before = workspace.service.queries.position
    async with run(BreachApp(workspace)) as driver:
        await open_board(driver)
        await driver.press("3", "D", "d")
        await driver.on("FormDialog")
        await driver.type("nothing happened")
        await driver.press("enter")
        await driver.reads("a breach is presumed")
        assert driver.screen.query_one("#field-reason", Input).value == "nothing happened"
    assert workspace.service.queries.position == before


async def test_a_fact_is_corrected_with_a_reason_and_unknown_takes_a_value_back(
    workspace: Workspace, incident_id: UUID, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await open_board(driver)
        await driver.press("f")
        await driver.reads("affected.by_state.CA")
        driver.screen.query_one("#facts", RecordTable).select("affected.by_state.CA")
        await driver.press("enter")
        await driver.on("FormDialog")
        await driver.type("61")
        await driver.press("enter")
        await driver.reads("Reason: needed")
        await driver.type("export of the mailbox")
        await driver.press("enter")
        await driver.on("FactsScreen")
        await driver.reads("recorded 16:24:07")
        assert workspace.service.queries.facts(incident_id)["affected.by_state.CA"].value == 61
        await driver.press("enter")
        await driver.on("FormDialog")
        await driver.type("?")
        await driver.press("tab", "tab")
        await driver.type("the export was of another mailbox")
        await driver.press("enter")
        await driver.on("FactsScreen")
        await driver.wait(
            lambda: workspace.service.queries.facts(incident_id)["affected.by_state.CA"].value is None, "unknown again"
        )


async def test_time_travel_shows_every_screen_as_it_stood_and_refuses_to_write(
    workspace: Workspace, incident_id: UUID, clock: FixedClock, run: Any
) -> None:
    early = workspace.service.queries.position
    workspace.service.incidents.record_facts(incident_id, {"affected.by_state.CA": 700}, because="counted")
    workspace.service.incidents.log_action(incident_id, "counted the mailbox")
    position = workspace.service.queries.position
    async with run(BreachApp(workspace)) as driver:
        await open_board(driver)
        await driver.reads("California residents (700)")
        await driver.press("at")
        await driver.on("FormDialog")
        await driver.type("99999")
        await driver.press("enter")
        await driver.reads("there is no event #99999")
        await driver.press("ctrl+u")
        await driver.type(str(early))
        await driver.press("enter")
        await driver.reads(f"AS OF #{early}")
        await driver.reads("California residents (48-7")
        await driver.press("2")
        await driver.on("LogScreen")
        await driver.reads(f"AS OF #{early}")
        assert "counted the mailbox" not in driver.text
        await driver.press("a")
        await driver.reads("Read-only: this is the record as of")
        assert type(driver.screen).__name__ == "LogScreen"
        await driver.press("escape")
        await driver.reads("counted the mailbox")
        assert "AS OF" not in driver.text
    assert workspace.service.queries.position == position


async def test_what_somebody_else_recorded_meanwhile_is_shown_and_nothing_is_overwritten(
    workspace: Workspace, case_path: Path, incident_id: UUID, clock: FixedClock, run: Any
) -> None:
    other = open_workspace(case_path, "kim", "lighthouse marble violin ocean", clock=clock)
    async with run(BreachApp(workspace)) as driver:
        await open_board(driver)
        other.service.incidents.log_action(incident_id, "counsel called the insurer")
        await driver.press("2", "a")
        await driver.on("FormDialog")
        await driver.type("tokens revoked")
        await driver.press("enter")
        await driver.on("LogScreen")
        await driver.reads("tokens revoked")
        await driver.reads("counsel called the insurer")
    other.close()


async def test_a_duty_done_outside_the_program_is_met_from_that_day(
    workspace: Workspace, incident_id: UUID, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await open_board(driver)
        driver.screen.query_one("#duties", RecordTable).select("us.hipaa.hhs")
        await driver.press("d")
        await driver.on("FormDialog")
        await driver.type("2026-11-23")
        await driver.press("tab")
        await driver.type("portal, by Dana")
        await driver.press("enter")
        await driver.reads("lies in the future")
        await driver.press("ctrl+u")
        await driver.type("2026-11-22")
        await driver.press("enter")
        await driver.on("BoardScreen")
        await driver.reads("on 2026-11-22")
        await driver.reads("HHS met on 2026-11-22")
        await driver.reads("Illinois AG (after HHS) due 2026-11-30 (was waits on HHS")
        fact = workspace.service.queries.facts(incident_id)["given.us.hipaa.hhs"]
        assert (fact.value, fact.source) == ("2026-11-22", "recorded by hand")


async def test_a_law_enforcement_hold_is_added_to_those_before_it(
    workspace: Workspace, incident_id: UUID, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await open_board(driver)
        await driver.press("h")
        await driver.on("FormDialog")
        for text in ("FBI Chicago", "o", "2026-11-21", ""):
            await driver.type(text)
            await driver.press("tab")
        await driver.type("SA Doe by telephone")
        await driver.press("enter")
        await driver.on("BoardScreen")
        await driver.wait(
            lambda: "law_enforcement_holds" in workspace.service.queries.facts(incident_id), "the hold is recorded"
        )
        (hold,) = workspace.service.queries.facts(incident_id)["law_enforcement_holds"].value
        expected = {"agency": "FBI Chicago", "kind": "oral", "stated_on": "2026-11-21"}
        assert hold == {**expected, "until": None, "scope": None}


async def test_the_clocks_run_and_a_new_day_asks_the_law_again(
    workspace: Workspace, incident_id: UUID, clock: FixedClock, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await open_board(driver)
        await driver.reads("58d")
        clock.advance(timedelta(days=57))
        await driver.reads("1d 07h")
        clock.advance(timedelta(days=3))
        await driver.reads("OVERDUE")


async def test_a_long_log_is_shown_a_page_at_a_time(
    workspace: Workspace, incident_id: UUID, run: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("tui.screens.log.PAGE", 10)
    for number in range(15):
        workspace.service.incidents.log_action(incident_id, f"step {number}")
    timeline = workspace.service.queries.timeline(incident_id)
    async with run(BreachApp(workspace)) as driver:
        await open_board(driver)
        await driver.press("2")
        await driver.reads(f"of {len(timeline)}: [ older, ] newer")
        await driver.reads("step 14")
        assert "step 4" not in driver.text
        await driver.press("left_square_bracket")
        await driver.reads("step 4")
        assert "step 14" not in driver.text
        for _ in range(5):
            await driver.press("left_square_bracket")
        await driver.reads(f"#{timeline[0].position}")
        for _ in range(5):
            await driver.press("right_square_bracket")
        await driver.reads("step 14")


async def test_counsel_adopts_a_reading_with_a_reason(
    workspace: Workspace, incident_id: UUID, case_path: Path, clock: FixedClock, run: Any
) -> None:
    workspace.service.incidents.record_facts(incident_id, {"organization.licenses": ["ca_hsc_1204"]})
    with open_workspace(case_path, KIM.user, KIM.passphrase, clock=clock) as counsel:
        await _adopt(counsel, incident_id, run)


async def _adopt(workspace: Workspace, incident_id: UUID, run: Any) -> None:
    async with run(BreachApp(workspace)) as driver:
        await open_board(driver)
        driver.screen.query_one("#duties", RecordTable).select("ca.hsc1280_15.cdph")
        await driver.press("enter")
        await driver.reads("line by line")
        await driver.press("a")
        await driver.on("ChoiceDialog")
        await driver.press("3")
        await driver.on("FormDialog")
        await driver.press("enter")
        await driver.reads("Because: needed")
        await driver.type("the safest count")
        await driver.press("enter")
        await driver.on("WhyScreen")
        await driver.reads("recorded 16:24:07")
        readings = workspace.service.queries.adopted_readings(incident_id)
        assert set(readings) == {"ca.hsc1280_15.cdph"}
        assert last(workspace, incident_id).because == "the safest count"


async def test_markup_in_what_people_typed_is_shown_as_it_is(workspace: Workspace, run: Any) -> None:
    workspace.service.incidents.open(
        "[bold]x[/] [link=http://evil]y[/link]",
        {
            "incident.discovered_at": "2026-11-20T16:10:00-06:00",
        },
    )
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("[bold]x[/] [link")
        await driver.press("enter", "2")
        await driver.on("LogScreen")
        await driver.reads("[bold]x[/] [link")

"""A past incident is played on the real screens, on a case and a clock of its own, with its future hidden."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from incident.errors import InvalidInput
from incident.exercise.replay import Comparison
from incident.exercise.scenario import RecordedAct
from incident.system import FixedClock
from tests.tui.conftest import FACTS
from tui import exercises
from tui.app import BreachApp
from tui.compose import Person, Workspace, exercises_beside, open_workspace, start_exercise

PACK = """
name = "missing-schedules"
title = "Missing schedules"
summary = "Paper schedules cannot be found."
starts_at = 2013-10-22T09:00:00-05:00
ends_at = 2014-02-10T17:00:00-06:00
speed = 96
organization = "Prairie Crossing Hospital"
sources = ["public settlement"]

[organization_facts]
"organization.name" = "Prairie Crossing Hospital"
"organization.state" = "IL"
"organization.time_zone" = "America/Chicago"
"organization.hipaa_role" = "covered_entity"
"organization.entity_type" = "healthcare_provider"

[contact]
street = "1 Main St"
city = "Joliet"
state = "IL"
zip = "60435"
phone = "815-555-0100"

[[injects]]
at = 2013-10-22T09:00:00-05:00
title = "A call"
text = "The schedules for the surgery center are gone."

[[injects]]
at = 2013-10-24T10:00:00-05:00
title = "A count"
text = "Materials management has counted 836 patients."
facts = { "affected.total" = 836, "affected.by_state.IL" = 836 }

[[record]]
obligation_id = "us.hipaa.hhs"
on = 2014-01-31
text = "Filed with OCR on day 101."
"""
PLAYER = Person(user="player", name="Pat Lee", role="incident_lead", passphrase="harbour piano velvet moon")
MACHINE = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DISCOVERED = {
    "incident.discovered_at": "2013-10-22T09:00:00-05:00",
    "incident.occurred_from": "2013-10-22",
    "incident.medium": "paper",
    "incident.data_elements": ["name", "medical_information"],
    "incident.encrypted": False,
    "incident.risk_assessment": "breach",
}


@pytest.fixture
def machine() -> FixedClock:
    return FixedClock(MACHINE)


@pytest.fixture
def exercise(tmp_path: Path, machine: FixedClock) -> Any:
    workspace = start_exercise(tmp_path / "exercises" / "one", PACK, [PLAYER], clock=machine)
    yield workspace
    workspace.close()


async def test_an_exercise_begins_from_a_real_case_on_a_folder_of_its_own(
    workspace: Workspace, case_path: Path, tmp_path: Path, run: Any
) -> None:
    pack = tmp_path / "pack.toml"
    pack.write_text(PACK, encoding="utf-8")
    before = workspace.service.queries.position
    app = BreachApp(workspace)
    async with run(app) as driver:
        await driver.reads("No incident yet")
        await driver.press("8")
        await driver.reads("No exercise yet")
        await driver.press("n")
        await driver.reads("Which scenario?")
        await driver.press("end", "enter")
        await driver.reads("Begin an exercise")
        for name, value in {
            "pack": str(pack),
            "user": "player",
            "name": "Pat Lee",
            "passphrase": PLAYER.passphrase,
            "again": PLAYER.passphrase,
        }.items():
            driver.screen.query_one(f"#field-{name}").value = value
        await driver.press("enter")
        await driver.on("ExerciseHomeScreen")
        await driver.reads("EXERCISE, nothing here is real · CLOCK PAUSED")
        await driver.reads("A call")
        assert "Tue 2013-10-22 09:00" in driver.text
        (folder,) = exercises_beside(case_path)
        opened = app.session.workspace
        assert opened.place == folder
        assert opened.service.queries.case().exercise_of == "Missing schedules"
        opened.close()
    assert b"counted 836 patients" not in b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file()), (
        "the future hides"
    )
    with open_workspace(case_path, "dana", "correct horse battery staple") as real:
        assert real.service.queries.position == before, "nothing of it reaches the real record"


async def test_injects_arrive_on_whatever_screen_is_open_and_become_facts(
    exercise: Workspace, machine: FixedClock, run: Any
) -> None:
    app = BreachApp(exercise)
    async with run(app) as driver:
        await driver.reads("A call")
        await driver.press("enter")
        await driver.on("LinesDialog")
        await driver.press("escape", "x")
        await driver.reads("tells no fact")
        incident_id, _ = exercise.service.incidents.open("Schedules missing", DISCOVERED)
        await driver.press("space")
        await driver.reads("Running")
        await driver.press("escape", "enter")
        await driver.on("BoardScreen")
        assert "EXERCISE" in driver.text
        machine.advance(timedelta(minutes=31))
        await driver.wait(
            lambda: "8 tells inject 2: A count" in [each.message for each in app._notifications], "the players are told"
        )
        await driver.press("8")
        await driver.on("ExerciseScreen")
        await driver.reads("counted 836 patients")
        await driver.press("x")
        await driver.wait(
            lambda: "affected.total" in exercise.service.queries.facts(incident_id), "the count became a fact"
        )
        fact = exercise.service.queries.facts(incident_id)["affected.total"]
        assert (fact.value, fact.source) == (836, "inject 2: A count")


async def test_the_clock_is_paused_sped_up_and_an_inject_called_early(
    exercise: Workspace, machine: FixedClock, run: Any
) -> None:
    clock = exercise.clock
    assert clock is not None
    async with run(BreachApp(exercise)) as driver:
        await driver.reads("A call")
        machine.advance(timedelta(hours=1))
        assert clock.now() == datetime(2013, 10, 22, 14, 0, tzinfo=UTC), "time stands still until it is let run"
        await driver.press("plus")
        assert clock.speed == 192
        await driver.press("minus", "minus")
        assert clock.speed == 48
        await driver.press("right_square_bracket")
        await driver.reads("A count")
        await driver.press("right_square_bracket")
        await driver.reads("There are no more injects")
        assert exercise.replay is not None
        assert [each.number for each in exercise.replay.delivered()] == [1, 2]


async def test_the_past_is_revealed_only_after_a_question_and_the_log_keeps_that(
    exercise: Workspace, machine: FixedClock, run: Any
) -> None:
    async with run(BreachApp(exercise)) as driver:
        await driver.reads("A call")
        await driver.press("R")
        await driver.reads("Nobody has taken up an incident yet")
        incident_id, _ = exercise.service.incidents.open(
            "Schedules missing", DISCOVERED | {"affected.total": 836, "affected.by_state.IL": 836}
        )
        await driver.press("R")
        await driver.reads("Reveal the past?")
        assert "101" not in driver.text
        await driver.press("n")
        await driver.on("ExerciseHomeScreen")
        await driver.press("R", "y")
        await driver.on("RevealScreen")
        await driver.reads("2014-01-31, 41 d late")
        driver.screen.query_one("#duties").select("us.hipaa.hhs")
        await driver.reads("Filed with OCR on day 101")
        log = [row.text for row in exercise.service.queries.timeline(incident_id)]
        assert sum("was revealed" in text for text in log) == 1


async def test_an_exercise_that_was_left_goes_on_where_it_stopped(
    exercise: Workspace, machine: FixedClock, run: Any
) -> None:
    async with run(BreachApp(exercise)) as driver:
        await driver.reads("A call")
        await driver.press("right_square_bracket")
        await driver.reads("A count")
    left_at = exercise.service.queries.timeline()[-1].recorded_at
    machine.advance(timedelta(days=2))
    with open_workspace(exercise.place, PLAYER.user, PLAYER.passphrase, clock=machine) as again:
        assert again.clock is not None
        assert not again.clock.running
        assert again.service.clock.now() == left_at
        async with run(BreachApp(again)) as driver:
            await driver.reads("A count")
            await driver.reads("CLOCK PAUSED")


def test_every_document_of_an_exercise_says_so(exercise: Workspace) -> None:
    service = exercise.service
    incident_id, _ = service.incidents.open("Schedules missing", DISCOVERED | {"affected.by_state.IL": 836})
    words = {"nature": "Schedules are gone.", "steps": "We look for them."}
    fields = exercise.documents.defaults(incident_id, "il_ag_notice") | words
    look = exercise.documents.look(incident_id, "il_ag_notice", fields)
    assert "EXERCISE" in look.documents[0].document.text
    assert "EXERCISE" in look.documents[0].document.html


def test_a_faulty_pack_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="speed"):
        start_exercise(tmp_path / "one", PACK.replace("speed = 96", "speed = 0"), [PLAYER])
    assert not (tmp_path / "one").exists()


def test_a_real_case_has_neither_replay_nor_virtual_clock(workspace: Workspace) -> None:
    assert workspace.replay is None
    assert workspace.clock is None
    assert workspace.service.queries.case().facts["organization.name"] == FACTS["organization.name"]


# --- Presenters


@pytest.mark.parametrize(
    ("speed", "words"),
    [
        (1, "real time"),
        (60, "1 minute = 1 h"),
        (96, "1 minute = 1 h 36 min"),
        (1740, "1 minute = 1 d 5 h"),
        (86_400, "1 minute = 60 d"),
    ],
)
def test_a_speed_is_told_by_what_a_minute_comes_to(speed: float, words: str) -> None:
    assert exercises.speed_words(speed) == words


def test_speeds_stay_between_real_time_and_a_day_a_second() -> None:
    assert exercises.slower(1) == 1
    assert exercises.slower(1.5) == 1
    assert exercises.faster(86_000) == 86_400


@pytest.mark.parametrize(
    ("due", "done", "words"),
    [
        (date(2013, 12, 21), date(2013, 12, 21), "2013-12-21, in time"),
        (date(2013, 12, 21), date(2013, 12, 22), "2013-12-22, 1 d late"),
        (date(2013, 12, 21), None, "not done"),
        (None, date(2013, 12, 22), "2013-12-22"),
    ],
)
def test_an_act_is_judged_by_the_last_lawful_day(due: date | None, done: date | None, words: str) -> None:
    act = RecordedAct(obligation_id="us.hipaa.hhs", on=done, text="Filed.") if done else None
    row = Comparison(obligation_id="us.hipaa.hhs", recipient="Secretary of HHS", due=due, real=act, players=done)
    cells = [cell.plain for cell in exercises.comparison_cells(row)]
    assert cells[2:] == [words, words]


def test_what_an_inject_tells_is_read_in_the_zone_of_the_organization(exercise: Workspace) -> None:
    assert exercise.replay is not None
    delivered = exercise.replay.deliver_next() + exercise.replay.deliver_next()
    lines = [str(line) for line in exercises.inject_panel(delivered[1], ZoneInfo("America/Chicago"))]
    assert "Thu 2013-10-24 10:00 CDT" in lines
    assert any(line.startswith("· How many") and line.endswith("836") for line in lines)


def test_an_incident_of_the_exercise_is_its_own(exercise: Workspace) -> None:
    incident_id, _ = exercise.service.incidents.open("Schedules missing", DISCOVERED)
    assert isinstance(incident_id, UUID)
    assert exercise.service.queries.incident(incident_id).reference == "2013-001"

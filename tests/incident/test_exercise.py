"""A replay plays a past incident on its own case, with the future hidden."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from incident.errors import InvalidInput, OutOfOrder
from incident.exercise.replay import Replay
from incident.exercise.scenario import parse_scenario
from incident.service import Service
from incident.system import FixedClock, SequentialIds, VirtualClock
from jurisdictions.rulebook import load_rulebook

PACK = """
name = "missing-schedules"
title = "Missing operating-room schedules"
summary = "Paper schedules cannot be found."
starts_at = 2013-10-22T09:00:00-05:00
ends_at = 2014-02-10T17:00:00-06:00
speed = 96
organization = "Prairie Crossing Hospital"
sources = ["public settlement"]

[organization_facts]
"organization.state" = "IL"
"organization.time_zone" = "America/Chicago"
"organization.hipaa_role" = "covered_entity"
"organization.entity_type" = "healthcare_provider"

[contact]
phone = "815-555-0100"

[[injects]]
at = 2013-10-24T10:00:00-05:00
title = "A count"
text = "Materials management has counted 836 patients."
facts = { "affected.total" = 836 }

[[injects]]
at = 2013-10-22T09:00:00-05:00
title = "A call"
text = "The schedules for the surgery centre are gone."

[[record]]
obligation_id = "us.hipaa.hhs"
on = 2014-01-31
text = "Filed with OCR, 101 days after discovery."
"""


@pytest.fixture
def machine_clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 22, 12, 0, tzinfo=UTC))


@pytest.fixture
def player(world, machine_clock: FixedClock) -> tuple[Service, Replay]:
    scenario = parse_scenario(PACK)
    world.log.entries.clear()
    clock = VirtualClock(scenario.starts_at, base=machine_clock, speed=scenario.speed, running=True)
    service = Service(
        log=world.log,
        blobs=world.blobs,
        vault=world.vault,
        clock=clock,
        ids=SequentialIds(),
        rulebook=load_rulebook(),
        user="player",
    )
    replay = Replay(service.desk, scenario)
    replay.start(UUID(int=5))
    service.case.enroll("player", "Pat Lee", "incident_lead")
    return service, replay


def test_injects_come_in_the_order_of_their_time() -> None:
    assert [inject.title for inject in parse_scenario(PACK).injects] == ["A call", "A count"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("speed = 96", "speed = 96\nspede = 1", "spede"),
        ("2013-10-22T09:00:00-05:00\nends_at", "2013-10-22T09:00:00\nends_at", "starts_at: a time needs its offset"),
        ("at = 2013-10-24T10:00:00-05:00", "at = 2015-10-24T10:00:00-05:00", "outside the exercise"),
        ("speed = 96", "speed = 0", "speed"),
        ("name =", "name", "not TOML"),
    ],
)
def test_a_faulty_pack_is_refused_with_the_fault_named(old: str, new: str, fault: str) -> None:
    with pytest.raises(InvalidInput, match=fault):
        parse_scenario(PACK.replace(old, new))


def test_the_future_stays_hidden_until_its_moment(player: tuple[Service, Replay], machine_clock: FixedClock) -> None:
    _, replay = player
    assert [delivered.inject.title for delivered in replay.deliver_due()] == ["A call"]
    assert replay.deliver_due() == ()
    machine_clock.advance(timedelta(minutes=20))  # 32 virtual hours: still the day before
    assert replay.deliver_due() == ()
    machine_clock.advance(timedelta(minutes=11))
    assert [delivered.number for delivered in replay.deliver_due()] == [2]
    assert replay.next_at() is None


def test_the_players_case_is_watermarked_and_tells_nothing_of_the_record(player: tuple[Service, Replay], world) -> None:
    service, replay = player
    replay.deliver_due()
    assert service.queries.case().exercise_of == "Missing operating-room schedules"
    told = repr(world.log.entries)
    assert "2014-01-31" not in told
    assert "836" not in told


def test_an_exercise_that_was_left_goes_on_where_it_stopped(
    player: tuple[Service, Replay], machine_clock: FixedClock
) -> None:
    service, replay = player
    machine_clock.advance(timedelta(minutes=40))
    replay.deliver_due()
    left_at = service.clock.now()
    again = Replay(service.desk, parse_scenario(PACK))
    assert again.resume_at() == left_at
    assert [delivered.number for delivered in again.delivered()] == [1, 2]
    with pytest.raises(InvalidInput, match="another version"):
        Replay(service.desk, parse_scenario(PACK.replace("A count", "A tally"))).resume_at()
    with pytest.raises(OutOfOrder, match="begun"):
        again.start(UUID(int=6))


def test_the_comparison_sets_the_law_the_past_and_the_players_side_by_side(
    player: tuple[Service, Replay], machine_clock: FixedClock
) -> None:
    service, replay = player
    machine_clock.advance(timedelta(minutes=40))
    incident_id, _ = service.incidents.open(
        "Schedules missing",
        {
            "incident.discovered_at": "2013-10-22T09:00:00-05:00",
            "incident.occurred_from": "2013-10-22",
            "incident.occurred_to": "2013-10-22",
            "incident.medium": "paper",
            "incident.data_elements": ["name", "medical_information"],
            "incident.encrypted": False,
            "incident.risk_assessment": "breach",
            "affected.total": 836,
            "affected.by_state.IL": 836,
            "given.us.hipaa.hhs": "2013-10-25",
        },
    )
    rows = {row.obligation_id: row for row in replay.comparison(incident_id)}
    hhs = rows["us.hipaa.hhs"]
    assert hhs.due is not None
    assert hhs.due.isoformat() == "2013-12-21"
    assert hhs.real is not None
    assert (hhs.real.on.isoformat(), hhs.players.isoformat() if hhs.players else None) == ("2014-01-31", "2013-10-25")

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from incident.system import FixedClock, SequentialIds, SystemClock, SystemIds, VirtualClock

START = datetime(2013, 10, 1, 8, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_the_system_clock_gives_the_present_in_utc():
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


def test_system_ids_are_random():
    ids = SystemIds()
    assert ids.new() != ids.new()
    assert ids.new().version == 4


def test_sequential_ids_count_up():
    ids = SequentialIds(first=5)
    assert [ids.new(), ids.new()] == [UUID(int=5), UUID(int=6)]


def test_a_fixed_clock_moves_only_when_told():
    clock = FixedClock(datetime(2026, 11, 22, 3, 0, tzinfo=timezone(timedelta(hours=-6))))
    assert clock.now() == clock.now() == NOW
    assert clock.now().tzinfo is UTC
    clock.advance(timedelta(minutes=5))
    assert clock.now() == NOW + timedelta(minutes=5)
    clock.set(START)
    assert clock.now() == START


@pytest.mark.parametrize("make", [FixedClock, lambda moment: VirtualClock(moment, base=FixedClock(NOW))])
def test_a_clock_needs_an_offset(make):
    with pytest.raises(ValueError, match="offset"):
        make(START.replace(tzinfo=None))


@pytest.fixture
def base():
    return FixedClock(NOW)


def test_a_virtual_clock_stands_still_until_it_is_resumed(base):
    clock = VirtualClock(START, base=base, speed=96)
    base.advance(timedelta(hours=1))
    assert clock.now() == START
    clock.resume()
    base.advance(timedelta(hours=1))
    assert clock.now() == START + timedelta(days=4)


def test_an_hour_at_four_days_an_hour_paused_in_between(base):
    clock = VirtualClock(START, base=base, speed=96, running=True)
    base.advance(timedelta(minutes=30))
    clock.pause()
    assert not clock.running
    base.advance(timedelta(hours=5))
    assert clock.now() == START + timedelta(days=2)
    clock.resume()
    base.advance(timedelta(minutes=30))
    assert clock.now() == START + timedelta(days=4)


def test_a_new_speed_counts_from_now_on(base):
    clock = VirtualClock(START, base=base, running=True)
    base.advance(timedelta(minutes=1))
    clock.set_speed(60)
    assert clock.speed == 60
    base.advance(timedelta(minutes=1))
    assert clock.now() == START + timedelta(minutes=61)


def test_a_jump_goes_forward_only(base):
    clock = VirtualClock(START, base=base, running=True)
    clock.jump(START + timedelta(days=2))
    base.advance(timedelta(minutes=1))
    assert clock.now() == START + timedelta(days=2, minutes=1)
    with pytest.raises(ValueError, match="cannot go back"):
        clock.jump(START)


def test_a_base_clock_that_jumps_back_takes_no_time_back(base):
    clock = VirtualClock(START, base=base, running=True)
    base.advance(timedelta(minutes=5))
    assert clock.now() == START + timedelta(minutes=5)
    base.set(NOW - timedelta(days=1))
    assert clock.now() == START + timedelta(minutes=5)
    base.advance(timedelta(minutes=1))
    assert clock.now() == START + timedelta(minutes=6)


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
def test_a_speed_is_more_than_zero(base, speed):
    with pytest.raises(ValueError, match="more than 0"):
        VirtualClock(START, base=base, speed=speed)

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident.access.attempts import LONGEST, Attempts, Tries, read_attempts, write_attempts

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
DANA, KIM = "d" * 32, "k" * 32


def after(failures, label=DANA):
    attempts = Attempts()
    for _ in range(failures):
        attempts = attempts.failed(label, NOW, {DANA, KIM})
    return attempts


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (1, 0), (2, 0), (3, 2), (4, 4), (5, 8), (9, 128), (10, 256), (11, 300), (12, 300), (10**6, 300)],
)
def test_the_wait_doubles_up_to_five_minutes(failures, seconds):
    attempts = Attempts(users={DANA: Tries(failures=failures, last=NOW)})
    assert attempts.wait(DANA, NOW) == seconds
    assert attempts.wait(KIM, NOW) == 0


def test_the_wait_passes():
    attempts = after(5)
    assert attempts.wait(DANA, NOW + timedelta(seconds=7.5)) == 1
    assert attempts.wait(DANA, NOW + timedelta(seconds=8)) == 0
    assert attempts.wait(DANA, NOW + timedelta(days=9)) == 0


@given(st.integers(3, 30), st.floats(0, 1e9))
def test_a_clock_set_back_opens_nothing_early_and_locks_nobody_out(failures, back):
    attempts = Attempts(users={DANA: Tries(failures=failures, last=NOW)})
    earlier = NOW - timedelta(seconds=back)
    whole = attempts.wait(DANA, NOW)
    assert attempts.wait(DANA, earlier) == whole
    told = attempts.told_to_wait(DANA, earlier)
    assert told.wait(DANA, earlier) == whole
    assert told.wait(DANA, earlier + timedelta(seconds=whole)) == 0
    assert told.wait(DANA, earlier + timedelta(seconds=whole - 1)) == 1


def test_being_told_to_wait_again_and_again_does_not_make_it_longer():
    attempts = after(5)
    for second in range(1, 8):
        attempts = attempts.told_to_wait(DANA, NOW + timedelta(seconds=second))
    assert attempts.wait(DANA, NOW + timedelta(seconds=8)) == 0


def test_an_opening_clears_the_wait_of_this_user_and_keeps_what_has_to_be_told():
    attempts = after(4).failed(KIM, NOW, {DANA, KIM}).opened(DANA, 17)
    assert attempts.wait(DANA, NOW) == 0
    assert attempts.of(DANA).step == 17
    assert {label: tries.unrecorded for label, tries in attempts.unrecorded().items()} == {DANA: 4, KIM: 1}
    assert attempts.opened(DANA, None).of(DANA).step == 17


def test_what_was_recorded_is_told_once_and_what_failed_meanwhile_is_told_next():
    attempts = after(4)
    told = attempts.unrecorded()
    attempts = attempts.failed(DANA, NOW + timedelta(seconds=9), {DANA}).recorded(told)
    assert attempts.unrecorded()[DANA].unrecorded == 1
    assert attempts.of(DANA).failures == 5
    later = NOW + timedelta(hours=1)
    rest = attempts.recorded(attempts.unrecorded()).failed(DANA, later, {DANA}).unrecorded()[DANA]
    assert (rest.unrecorded, rest.first, rest.last) == (1, later, later)


def test_first_and_last_moment_are_kept():
    attempts = after(1).failed(DANA, NOW + timedelta(minutes=3), {DANA})
    told = attempts.unrecorded()[DANA]
    assert (told.first, told.last) == (NOW, NOW + timedelta(minutes=3))


def test_names_that_nobody_has_do_not_push_out_those_of_users():
    attempts = after(3)
    for number in range(600):
        attempts = attempts.failed(f"{number:032}", NOW + timedelta(seconds=number), {DANA})
    assert len(attempts.users) == 256
    assert attempts.of(DANA).failures == 3
    assert f"{599:032}" in attempts.users


def test_the_document_comes_back_as_it_was():
    attempts = after(5).failed(KIM, NOW, {KIM}).opened(KIM, 3)
    assert read_attempts(write_attempts(attempts)) == attempts


@pytest.mark.parametrize(
    "content",
    [None, b"", b"[]", b"\xff", b'{"users": 3}', b'{"users": {"a": {"failures": "x"}}}',
     b'{"users": {"a": {"failures": 9, "last": "2026-11-22T14:00:00"}}}'],
)  # fmt: skip
def test_a_document_that_is_missing_or_damaged_keeps_nobody_out(content):
    assert read_attempts(content).wait("a", NOW) == 0


@given(st.builds(Tries, failures=st.integers(), unrecorded=st.integers(), last=st.datetimes(timezones=st.just(UTC))))
def test_whatever_somebody_writes_into_it_nobody_waits_longer_than_the_longest(tries):
    attempts = read_attempts(msgspec.json.encode(Attempts(users={DANA: tries})))
    assert 0 <= attempts.wait(DANA, NOW) <= LONGEST

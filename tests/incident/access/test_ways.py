from uuid import UUID

import msgspec
import pytest

from incident.access.names import check_user, label
from incident.access.recovery import new_code
from incident.access.ways import (
    MIN_PASSPHRASE,
    STRONG,
    Kdf,
    by_passphrase,
    by_recovery,
    check_passphrase,
    with_passphrase,
    with_recovery,
)
from incident.errors import CaseUnusable, InvalidInput, WrongPassphrase

CASE = UUID(int=3)
CHEAP = Kdf(iterations=1, lanes=1, memory=64)
PASSPHRASE = "copper otter ladder moon"
KEY = bytes(range(32))


def way(user="Dana Reyes", passphrase=PASSPHRASE, case=CASE):
    return by_passphrase(case, user, passphrase, KEY, CHEAP)


@pytest.mark.parametrize("typed", ["Dana Reyes", "dana reyes", " DANA REYES "])
def test_a_way_opens_with_its_passphrase_however_the_user_is_written(typed):
    assert with_passphrase(CASE, typed, PASSPHRASE, way()) == KEY


def test_a_passphrase_is_the_same_however_the_keyboard_composes_it():
    made = way("dana", "Zo\u00eb in the old lighthouse")
    assert with_passphrase(CASE, "dana", "Zoe\u0308 in the old lighthouse", made) == KEY


@pytest.mark.parametrize("typed", ["", "copper otter ladder", PASSPHRASE.upper(), PASSPHRASE + "!", "\ud800"])
def test_another_passphrase_does_not_open_it(typed):
    with pytest.raises(WrongPassphrase):
        with_passphrase(CASE, "Dana Reyes", typed, way())


def test_an_unknown_user_and_a_wrong_passphrase_sound_alike():
    with pytest.raises(WrongPassphrase) as wrong:
        with_passphrase(CASE, "Dana Reyes", "another passphrase", way())
    with pytest.raises(WrongPassphrase) as unknown:
        with_passphrase(CASE, "nobody", PASSPHRASE, None)
    assert str(wrong.value) == str(unknown.value)


def test_a_way_is_bound_to_its_case_its_user_and_its_kind():
    code = new_code()
    for case, user in ((UUID(int=4), "Dana Reyes"), (CASE, "lee")):
        with pytest.raises(WrongPassphrase):
            with_passphrase(case, user, PASSPHRASE, way())
        with pytest.raises(WrongPassphrase):
            with_recovery(case, user, code, by_recovery(CASE, "Dana Reyes", code, KEY))


def test_no_byte_of_a_wrapped_key_can_be_changed():
    mine, code = way(), new_code()
    recovery = by_recovery(CASE, "Dana Reyes", code, KEY)
    for place in range(len(mine.wrapped)):
        for made, open_it, secret in ((mine, with_passphrase, PASSPHRASE), (recovery, with_recovery, code)):
            altered = bytearray(made.wrapped)
            altered[place] ^= 1
            with pytest.raises(WrongPassphrase):
                open_it(CASE, "Dana Reyes", secret, msgspec.structs.replace(made, wrapped=bytes(altered)))


def test_two_ways_of_the_same_passphrase_have_nothing_in_common():
    one, two = way(), way()
    assert one.salt != two.salt
    assert one.wrapped != two.wrapped


@pytest.mark.parametrize(
    "kdf", [Kdf(0, 1, 64), Kdf(1, 0, 64), Kdf(1, 1, 7), Kdf(1, 8, 63), Kdf(1, 1, 1 << 40), Kdf(10**6, 1, 64)]
)
def test_a_forged_cost_is_refused_before_it_is_paid(kdf):
    with pytest.raises(CaseUnusable, match="out of bounds"):
        with_passphrase(CASE, "Dana Reyes", PASSPHRASE, msgspec.structs.replace(way(), kdf=kdf))


@pytest.mark.parametrize("changes", [{"salt": b""}, {"wrapped": bytes(20)}, {"wrapped": bytes(10**6)}])
def test_a_way_of_another_size_is_named(changes):
    with pytest.raises(CaseUnusable, match="cut short or too long"):
        with_passphrase(CASE, "Dana Reyes", PASSPHRASE, msgspec.structs.replace(way(), **changes))


def test_the_cost_is_that_of_rfc_9106():
    assert (STRONG.iterations, STRONG.lanes, STRONG.memory) == (3, 4, 64 * 1024)


def test_a_recovery_code_opens_its_way_and_no_other():
    code = new_code()
    made = by_recovery(CASE, "dana", code, KEY)
    assert with_recovery(CASE, "dana", code.lower().replace("-", " "), made) == KEY
    with pytest.raises(WrongPassphrase, match="used already"):
        with_recovery(CASE, "dana", new_code(), made)
    with pytest.raises(WrongPassphrase):
        with_recovery(CASE, "dana", code, None)
    with pytest.raises(InvalidInput, match="recovery code"):
        with_recovery(CASE, "dana", code[:-2], made)


@pytest.mark.parametrize("typed", ["", "short", "x" * (MIN_PASSPHRASE - 1), " " * 40])
def test_a_short_passphrase_is_refused_with_the_length_it_needs(typed):
    with pytest.raises(InvalidInput, match=f"passphrase: .*at least {MIN_PASSPHRASE}"):
        check_passphrase(typed)


def test_the_shortest_passphrase_that_will_do():
    check_passphrase("x" * MIN_PASSPHRASE)


@pytest.mark.parametrize("user", ["", "   ", "x" * 65, "two\nlines", "nul\0"])
def test_a_user_name_that_will_not_do_is_refused(user):
    with pytest.raises(InvalidInput, match="user: "):
        check_user(user)


def test_a_label_does_not_name_its_user_in_clear_text():
    assert "Reyes" not in label(CASE, "Dana Reyes")
    assert label(CASE, "Dana Reyes") != label(UUID(int=4), "Dana Reyes")

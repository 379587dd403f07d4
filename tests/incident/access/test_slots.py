from uuid import UUID

import msgspec
import pytest

from incident.access.slots import MIN_PASSPHRASE, STRONG, Kdf, check_passphrase, check_user, label, unwrap, wrap
from incident.errors import CaseUnusable, InvalidInput, WrongPassphrase

CASE = UUID(int=3)
CHEAP = Kdf(iterations=1, lanes=1, memory=64)
PASSPHRASE = "copper otter ladder moon"
KEYS = {"case": bytes(range(32))}


def slot(user="Dana Reyes", passphrase=PASSPHRASE, case=CASE):
    return wrap(case, user, passphrase, KEYS, kdf=CHEAP)


def test_a_slot_opens_with_its_passphrase_and_knows_its_user():
    unlocked = unwrap(CASE, "Dana Reyes", PASSPHRASE, [slot()])
    assert unlocked.user == "Dana Reyes"
    assert unlocked.keys == KEYS


@pytest.mark.parametrize("typed", ["dana reyes", " DANA REYES "])
def test_a_user_name_may_be_typed_in_any_case(typed):
    assert unwrap(CASE, typed, PASSPHRASE, [slot()]).user == "Dana Reyes"


def test_a_passphrase_is_the_same_however_the_keyboard_composes_it():
    assert unwrap(CASE, "dana", "Zoe\u0308 in the old lighthouse", [slot("dana", "Zo\u00eb in the old lighthouse")])


@pytest.mark.parametrize("typed", ["", "copper otter ladder", PASSPHRASE.upper(), PASSPHRASE + "!"])
def test_another_passphrase_does_not_open_it(typed):
    with pytest.raises(WrongPassphrase):
        unwrap(CASE, "Dana Reyes", typed, [slot()])


def test_an_unknown_user_and_a_wrong_passphrase_sound_alike():
    with pytest.raises(WrongPassphrase) as wrong:
        unwrap(CASE, "Dana Reyes", "another passphrase", [slot()])
    with pytest.raises(WrongPassphrase) as unknown:
        unwrap(CASE, "nobody", PASSPHRASE, [slot()])
    assert str(wrong.value) == str(unknown.value)


def test_a_slot_is_bound_to_its_case_and_its_user():
    mine = slot()
    with pytest.raises(WrongPassphrase):
        unwrap(
            UUID(int=4),
            "Dana Reyes",
            PASSPHRASE,
            [msgspec.structs.replace(mine, label=label(UUID(int=4), "Dana Reyes"))],
        )
    with pytest.raises(WrongPassphrase):
        unwrap(CASE, "lee", PASSPHRASE, [msgspec.structs.replace(mine, label=label(CASE, "lee"))])


def test_no_byte_of_the_wrapped_keys_can_be_changed():
    mine = slot()
    for place in range(len(mine.wrapped)):
        altered = bytearray(mine.wrapped)
        altered[place] ^= 1
        with pytest.raises(WrongPassphrase):
            unwrap(CASE, "Dana Reyes", PASSPHRASE, [msgspec.structs.replace(mine, wrapped=bytes(altered))])


def test_two_slots_of_the_same_passphrase_have_nothing_in_common():
    one, two = slot(), slot()
    assert one.salt != two.salt
    assert one.wrapped != two.wrapped


@pytest.mark.parametrize(
    "kdf", [Kdf(0, 1, 64), Kdf(1, 0, 64), Kdf(1, 1, 7), Kdf(1, 8, 63), Kdf(1, 1, 1 << 40), Kdf(10**6, 1, 64)]
)
def test_a_forged_cost_is_refused_before_it_is_paid(kdf):
    with pytest.raises(CaseUnusable, match="out of bounds"):
        unwrap(CASE, "Dana Reyes", PASSPHRASE, [msgspec.structs.replace(slot(), kdf=kdf)])


@pytest.mark.parametrize("changes", [{"salt": b""}, {"wrapped": bytes(20)}])
def test_a_slot_that_is_cut_short_is_named(changes):
    with pytest.raises(CaseUnusable, match="cut short"):
        unwrap(CASE, "Dana Reyes", PASSPHRASE, [msgspec.structs.replace(slot(), **changes)])


def test_the_cost_is_that_of_rfc_9106():
    assert (STRONG.iterations, STRONG.lanes, STRONG.memory) == (3, 4, 64 * 1024)


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


def test_a_slot_does_not_name_its_user_in_clear_text():
    assert b"Reyes" not in msgspec.json.encode(slot())
    assert label(CASE, "Dana Reyes") != label(UUID(int=4), "Dana Reyes")

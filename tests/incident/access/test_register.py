"""Users as data: whatever is added, removed, shared and rotated, each user holds exactly the keys that were meant."""

from collections.abc import Callable
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident.access import register as registers
from incident.access.names import label
from incident.access.register import Identity, Register, User
from incident.access.ways import Kdf
from incident.errors import CaseUnusable, InvalidInput, NotAllowed, NotFound, WrongPassphrase

CASE = UUID(int=3)
CHEAP = Kdf(iterations=1, lanes=1, memory=64)
PASSPHRASE = "copper otter ladder moon"
NAMES = ("ana", "ben", "cy", "dee")
KEYS = ("case", "advice")
MADE = {name: registers.new_user(CASE, name, PASSPHRASE, kdf=CHEAP) for name in NAMES}


def user(name: str) -> tuple[User, Identity]:
    return MADE[name]


def with_keys(name: str = "ana") -> tuple[Register, Identity]:
    new, who = user(name)
    register = registers.add(Register(), new, name)
    for key in KEYS:
        register, _ = registers.make_key(CASE, register, key, [new.label])
    return register, who


def held(register: Register, name: str) -> dict[str, dict[int, bytes]]:
    found = register.find(label(CASE, name))
    assert found is not None
    return {key: dict(epochs) for key, epochs in registers.granted(CASE, found, user(name)[1]).items() if epochs}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "rotate", "share", "unshare", "totp", "passphrase", "recovery"]),
        st.sampled_from(NAMES),
        st.sampled_from(KEYS),
    ),
    max_size=14,
)


@given(STEPS)
@settings(max_examples=25, deadline=None)
def test_each_user_holds_exactly_the_keys_that_were_meant_and_who_was_removed_none(steps):
    register, _ = with_keys()
    meant = {"ana": held(register, "ana")}
    newest = dict.fromkeys(KEYS, 1)
    made = {key: {1: meant["ana"][key][1]} for key in KEYS}
    for act, name, key in steps:
        wanted = label(CASE, name)
        here = register.find(wanted)
        match act:
            case "add" if here is None:
                register = registers.add(register, user(name)[0], name)
                register = registers.share(CASE, register, wanted, "case", made["case"])
                meant[name] = {"case": dict(made["case"])}
            case "remove" if here is not None:
                last = [each for each in KEYS if [n for n in meant if newest[each] in meant[n].get(each, {})] == [name]]
                if len(meant) == 1 or last:
                    with pytest.raises(NotAllowed, match="last one"):
                        registers.remove(register, wanted, name)
                else:
                    register = registers.remove(register, wanted, name)
                    del meant[name]
            case "rotate":
                holders = [n for n in meant if newest[key] in meant[n].get(key, {})]
                register, secret = registers.rotate(CASE, register, key)
                newest[key] += 1
                made[key][newest[key]] = secret
                for each in holders:
                    meant[each][key][newest[key]] = secret
            case "share" if here is not None:
                register = registers.share(CASE, register, wanted, key, made[key])
                meant[name][key] = dict(made[key])
            case "unshare" if here is not None and key == "advice" and len(meant) > 1:
                others = [n for n in meant if n != name and newest[key] in meant[n].get(key, {})]
                if others:
                    register = registers.revoke(register, wanted, key)
                    meant[name].pop(key, None)
            case "totp" if here is not None:
                register = register.replaced(registers.with_totp(CASE, here, user(name)[1], bytes(20))[0])
            case "passphrase" if here is not None:
                register = register.replaced(
                    registers.with_new_passphrase(CASE, here, user(name)[1], PASSPHRASE, kdf=CHEAP)
                )
            case "recovery" if here is not None:
                register = register.replaced(registers.with_new_recovery(CASE, here, user(name)[1])[0])
        assert {each.label for each in register.users} == {label(CASE, each) for each in meant}
        assert register.epochs == newest
    for name, keys in meant.items():
        assert held(register, name) == {key: epochs for key, epochs in keys.items() if epochs}
        assert registers.unlock(CASE, register, name, PASSPHRASE).private_key == user(name)[1].private_key
    for name in set(NAMES) - set(meant):
        assert register.find(label(CASE, name)) is None
        for left in register.users:  # nor does any grant that is left open with the key pair of who is gone
            stranger = msgspec.structs.replace(left, label=label(CASE, name))
            if left.grants:
                with pytest.raises(CaseUnusable):
                    registers.granted(CASE, stranger, user(name)[1])


def test_a_grant_opens_for_its_user_its_key_its_epoch_and_its_case_only():
    register, who = with_keys()
    (mine,) = register.users
    grant = mine.grants[0]
    for change in ({"key": "advice2"}, {"epoch": 2}, {"sealed": grant.sealed[:-1]}, {"sealed": b""}):
        changed = msgspec.structs.replace(mine, grants=(msgspec.structs.replace(grant, **change),))
        with pytest.raises(CaseUnusable, match="altered"):
            registers.granted(CASE, changed, who)
    with pytest.raises(CaseUnusable, match="altered"):
        registers.granted(UUID(int=4), mine, who)
    with pytest.raises(CaseUnusable, match="altered"):
        registers.granted(CASE, msgspec.structs.replace(mine, grants=(grant, grant)), who)


def test_a_public_key_that_is_not_the_users_own_is_refused():
    """Else what is granted to the user would be sealed to somebody else."""
    register, _ = with_keys()
    (mine,) = register.users
    other = msgspec.structs.replace(mine, public_key=user("ben")[0].public_key)
    with pytest.raises(CaseUnusable, match="altered"):
        registers.unlock(CASE, register.replaced(other), "ana", PASSPHRASE)


def test_what_is_private_of_one_user_does_not_stand_in_for_another():
    register, _ = with_keys()
    (mine,) = register.users
    ben = user("ben")[0]
    for change in ({"private": ben.private}, {"passphrase": ben.passphrase}):
        with pytest.raises((CaseUnusable, WrongPassphrase)):
            registers.unlock(CASE, register.replaced(msgspec.structs.replace(mine, **change)), "ana", PASSPHRASE)


def test_a_recovery_code_lets_in_and_the_next_one_ends_it():
    register, who = with_keys()
    one, first = registers.with_new_recovery(CASE, register.users[0], who)
    register = register.replaced(one)
    assert registers.unlock_by_recovery(CASE, register, "ANA", first).private_key == who.private_key
    two, second = registers.with_new_recovery(CASE, one, who)
    with pytest.raises(WrongPassphrase, match="used already"):
        registers.unlock_by_recovery(CASE, register.replaced(two), "ana", first)
    assert registers.unlock_by_recovery(CASE, register.replaced(two), "ana", second).user == "ana"
    with pytest.raises(WrongPassphrase):
        registers.unlock_by_recovery(CASE, register, "nobody", second)


def test_who_is_not_in_the_register_is_not_let_in():
    register, _ = with_keys()
    with pytest.raises(WrongPassphrase, match="user name or the passphrase"):
        registers.unlock(CASE, register, "ben", PASSPHRASE)


def test_the_second_factor_is_kept_with_what_is_private():
    register, who = with_keys()
    mine, _ = registers.with_totp(CASE, register.users[0], who, b"s" * 20)
    assert registers.unlock(CASE, register.replaced(mine), "ana", PASSPHRASE).totp == b"s" * 20
    assert b"s" * 20 not in msgspec.json.encode(mine)
    off, _ = registers.with_totp(CASE, mine, who, None)
    assert registers.unlock(CASE, register.replaced(off), "ana", PASSPHRASE).totp is None


@pytest.mark.parametrize(
    ("act", "refusal", "said"),
    [
        (lambda register: registers.add(register, user("ana")[0], "ana"), InvalidInput, "can open this case already"),
        (lambda register: registers.remove(register, label(CASE, "ben"), "ben"), NotFound, "ben cannot open"),
        (lambda register: registers.remove(register, label(CASE, "ana"), "ana"), NotAllowed, "add another user first"),
        (lambda register: registers.revoke(register, label(CASE, "ben"), "advice"), NotFound, "cannot open"),
    ],
)
def test_what_cannot_be_done_is_refused(act: Callable[[Register], Register], refusal: type[Exception], said: str):
    with pytest.raises(refusal, match=said):
        act(with_keys()[0])


def test_the_last_holder_of_a_key_leaves_only_where_that_is_meant():
    register, _ = with_keys()
    register = registers.add(register, user("ben")[0], "ben")
    register = registers.share(CASE, register, label(CASE, "ben"), "case", held(register, "ana")["case"])
    with pytest.raises(NotAllowed, match="last one who holds the advice key"):
        registers.remove(register, label(CASE, "ana"), "ana")
    register = registers.remove(register, label(CASE, "ana"), "ana", losing={"advice"})
    assert register.holders("advice") == ()
    again, _ = registers.make_key(CASE, register, "advice", [label(CASE, "ben")])
    assert held(again, "ben")["advice"].keys() == {2}, "a key that was lost is not taken for the one after it"


def test_nothing_shows_itself():
    _, who = with_keys()
    assert repr(who) == "Identity('ana')"
    assert b"ana" not in msgspec.json.encode(user("ana")[0])

"""Users and keys of whole cases: opening, waiting, second factor, recovery, sharing, rotation."""

import copy
import json
import os
import random
import select
import shutil
import signal
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from eventsourcing.persistence import StoredEvent

from incident.access import ways
from incident.access.advice import AdviceSeal
from incident.access.totp import code_at, new_secret
from incident.access.ways import Kdf
from incident.casefile import create_case, open_case, recover_case
from incident.errors import (
    CaseUnusable,
    CodeNeeded,
    InvalidInput,
    NotAllowed,
    NotFound,
    Refusal,
    TooManyAttempts,
    WrongPassphrase,
)
from incident.events import ActionLogged, Entry
from incident.evidence.checkpoints import take_checkpoint
from incident.log.mapper import SealedMapper, UnreadableEntryError
from incident.system import FixedClock
from incident.verification import verify_case

CHEAP = Kdf(iterations=1, lanes=1, memory=64)
PASSPHRASE = "copper otter ladder moon"
MOMENT = datetime(2026, 11, 22, 22, 24, 7, tzinfo=UTC)
STREAM, INCIDENT = UUID(int=7), UUID(int=9)


def entry(version, text="x"):
    fields = {"occurred_at": MOMENT, "recorded_at": MOMENT, "by": "dana"}
    return Entry(originator_id=STREAM, originator_version=version, event=ActionLogged(text=text), **fields)


@pytest.fixture
def clock():
    return FixedClock(MOMENT)


@pytest.fixture
def path(tmp_path):
    """A case of a lead, counsel with the advice key, and an examiner."""
    path = tmp_path / "case"
    with create_case(path, user="dana", passphrase=PASSPHRASE, kdf=CHEAP) as case:
        case.add_user("kim", PASSPHRASE, role="counsel", kdf=CHEAP)
        case.add_user("eve", PASSPHRASE, role="examiner", kdf=CHEAP)
        case.log.append([entry(1)])
    with opened(path, "kim") as case:
        assert case.make_advice_key()
    return path


def opened(path, user="dana", passphrase=PASSPHRASE, **options):
    return open_case(path, user, passphrase, **options)


def document(path):
    return json.loads((path / "case.json").read_text())


# --- Opening ---


def test_an_opening_stretches_the_passphrase_once(path, monkeypatch):
    stretched = []
    monkeypatch.setattr(ways, "_stretched", lambda *given, whole=ways._stretched: stretched.append(1) or whole(*given))
    opened(path).close()
    assert len(stretched) == 1
    with pytest.raises(WrongPassphrase):
        opened(path, "nobody")
    assert len(stretched) == 2


def test_after_three_failures_there_is_a_wait_in_which_nothing_is_tried(path, clock, monkeypatch):
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            opened(path, passphrase="wrong wrong wrong", clock=clock)
    with monkeypatch.context() as patch:
        patch.setattr(ways, "_stretched", lambda *_: pytest.fail("it was tried"))
        with pytest.raises(TooManyAttempts, match="wait 2 s"):
            opened(path, clock=clock)
    opened(path, "kim", clock=clock).close()
    clock.advance(timedelta(seconds=2))
    with pytest.raises(WrongPassphrase):
        opened(path, passphrase="wrong wrong wrong", clock=clock)
    with pytest.raises(TooManyAttempts, match="wait 4 s"):
        opened(path, clock=clock)
    clock.advance(timedelta(seconds=-3600))
    with pytest.raises(TooManyAttempts, match="wait 4 s"):
        opened(path, clock=clock)
    clock.advance(timedelta(seconds=4))
    opened(path, clock=clock).close()
    opened(path, clock=clock).close()


def test_a_document_of_attempts_that_cannot_be_written_keeps_nobody_out(path, monkeypatch, clock):
    def full(*_args):
        raise CaseUnusable("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr("incident.stores.folder.FolderStore.write", full)
        for _ in range(5):
            with pytest.raises(WrongPassphrase):
                opened(path, passphrase="wrong wrong wrong", clock=clock)
        opened(path, clock=clock).close()


def test_an_opening_without_failures_writes_nothing(path):
    before = {file: file.stat().st_mtime_ns for file in path.rglob("*.json")}
    opened(path).close()
    assert {file: file.stat().st_mtime_ns for file in path.rglob("*.json")} == before


# --- Second factor ---


def test_a_code_is_asked_for_after_the_passphrase_and_opens_once(path, clock):
    secret = new_secret()
    with opened(path, clock=clock) as case:
        with pytest.raises(InvalidInput, match="code: "):
            case.turn_totp_on(secret, "000000" if code_at(secret, MOMENT) != "000000" else "000001")
        assert not case.has_second_factor
        case.turn_totp_on(secret, code_at(secret, clock.now()))
        assert case.has_second_factor
    with pytest.raises(CodeNeeded):
        opened(path, clock=clock)
    with pytest.raises(WrongPassphrase, match="user name or the passphrase"):
        opened(path, passphrase="wrong wrong wrong", code=code_at(secret, clock.now()), clock=clock)
    opened(path, code=code_at(secret, clock.now()), clock=clock).close()
    with pytest.raises(WrongPassphrase, match="used already"):
        opened(path, code=code_at(secret, clock.now()), clock=clock)
    clock.advance(timedelta(seconds=30))
    with opened(path, code=code_at(secret, clock.now()), clock=clock) as case:
        case.turn_totp_off()
    opened(path, clock=clock).close()


def test_wrong_codes_are_slowed_as_wrong_passphrases_are(path, clock):
    secret = new_secret()
    with opened(path, clock=clock) as case:
        case.turn_totp_on(secret, code_at(secret, clock.now()))
    wrong = f"{(int(code_at(secret, clock.now())) + 1) % 10**6:06}"
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            opened(path, code=wrong, clock=clock)
    with pytest.raises(TooManyAttempts):
        opened(path, code=code_at(secret, clock.now()), clock=clock)


def test_the_lock_of_an_open_case_asks_for_both(path, clock):
    secret = new_secret()
    with opened(path, clock=clock) as case:
        case.unlocks(PASSPHRASE)
        with pytest.raises(WrongPassphrase):
            case.unlocks("wrong wrong wrong")
        case.turn_totp_on(secret, code_at(secret, clock.now()))
        with pytest.raises(CodeNeeded):
            case.unlocks(PASSPHRASE)
        case.unlocks(PASSPHRASE, code_at(secret, clock.now()))
        with pytest.raises(WrongPassphrase):
            case.unlocks(PASSPHRASE, code_at(secret, clock.now()))
        case.log.append([entry(2)])


# --- Recovery ---


def test_a_recovery_code_sets_a_new_passphrase_and_is_used_up(path, clock):
    secret = new_secret()
    with opened(path, clock=clock) as case:
        code = case.new_recovery_code()
        case.turn_totp_on(secret, code_at(secret, clock.now()))
        key = case.keyring.incident_key(INCIDENT)
    with pytest.raises(InvalidInput, match="passphrase"):
        recover_case(path, "dana", code, "short", clock=clock, kdf=CHEAP)
    case, following = recover_case(path, "dana", code, "a wholly different one", clock=clock, kdf=CHEAP)
    with case:
        assert not case.has_second_factor
        assert case.keyring.incident_key(INCIDENT) == key
    with pytest.raises(WrongPassphrase):
        opened(path, clock=clock)
    opened(path, passphrase="a wholly different one", clock=clock).close()
    with pytest.raises(WrongPassphrase, match="used already"):
        recover_case(path, "dana", code, "a wholly different one", clock=clock, kdf=CHEAP)
    recover_case(path, "dana", following, PASSPHRASE, clock=clock, kdf=CHEAP)[0].close()


def test_wrong_recovery_codes_are_slowed(path, clock):
    with opened(path) as case:
        case.new_recovery_code()
        strange = case.add_user("lee", PASSPHRASE, recovery=True, kdf=CHEAP)
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            recover_case(path, "dana", strange, "a wholly different one", clock=clock)
    with pytest.raises(TooManyAttempts):
        recover_case(path, "dana", strange, "a wholly different one", clock=clock)
    recover_case(path, "lee", strange, "a wholly different one", clock=clock, kdf=CHEAP)[0].close()


# --- Keys ---


def test_only_counsel_reads_advice_until_it_is_shared_and_what_comes_after_unsharing_is_closed(path):
    with opened(path, "kim") as kim, opened(path) as dana:
        assert not kim.make_advice_key(), "it is made once"
        first = kim.advice.seal("The Texas count is 260.", bound_to=b"1")
        assert not dana.advice.can_read
        with pytest.raises(NotAllowed, match="sealed for counsel"):
            dana.advice.open(first, bound_to=b"1")
        with pytest.raises(NotAllowed, match="not granted the advice key"):
            dana.share_advice("dana")
        kim.share_advice("DANA")
        assert dana.advice.open(first, bound_to=b"1") == "The Texas count is 260.", "without opening the case again"
        with pytest.raises(InvalidInput, match="already"):
            kim.share_advice("dana")
        assert kim.unshare_advice("dana") == 2
        second = kim.advice.seal("It is 261.", bound_to=b"2")
        assert kim.advice.open(first, bound_to=b"1")
    with opened(path) as dana:
        for sealed, place in ((first, b"1"), (second, b"2")):
            with pytest.raises(NotAllowed):
                dana.advice.open(sealed, bound_to=place)
    with opened(path, "kim") as kim:
        with pytest.raises(NotFound, match="cannot read"):
            kim.unshare_advice("dana")
        with pytest.raises(NotAllowed, match="themselves"):
            kim.unshare_advice("kim")
        kim.add_user("max", PASSPHRASE, role="counsel", kdf=CHEAP)
    with opened(path, "max") as case:
        assert case.advice.open(first, bound_to=b"1")
        assert case.advice.open(second, bound_to=b"2") == "It is 261."


def test_an_examiner_reads_and_verifies_and_signs_nothing(path):
    with opened(path, "eve") as case:
        assert verify_case(case).ok
        assert [found.event for found in case.log.stream(STREAM)] == [ActionLogged(text="x")]
        with pytest.raises(NotAllowed, match="not sign"):
            case.keyring.signing_key()
        with pytest.raises(NotAllowed, match="signing key"):
            case.rotate_keys()
        case.add_user("lee", PASSPHRASE, kdf=CHEAP)
        assert not case.holds("lee", "signing"), "nobody grants what they do not hold"


def test_after_a_rotation_everything_is_read_and_what_comes_next_is_sealed_anew(path):
    with opened(path) as case:
        old = case.blobs.put(b"before")
        key, signing = case.keyring.incident_key(INCIDENT), case.public_key
        head = case.log.checkpoint()
        assert case.rotate_keys() == {"case": 2, "signing": 2}
        case.log.append([entry(2, "after")])
        new = case.blobs.put(b"after")
        assert case.public_keys == (signing, case.public_key)
        assert signing != case.public_key
        assert verify_case(case, head.code).ok
        states = [stored.state for stored in case.log.stored(2)]
    assert [int.from_bytes(state[3:7]) for state in states] == [1, 2]
    with opened(path, "eve") as case:
        assert [found.event.text for found in case.log.stream(STREAM)] == ["x", "after"]
        assert (case.blobs.get(old), case.blobs.get(new)) == (b"before", b"after")
        assert case.keyring.incident_key(INCIDENT) == key
        assert case.blobs.put(b"before") == old, "a document is found again after a rotation"
        assert verify_case(case, head.code).ok


def test_a_checkpoint_from_before_a_rotation_is_still_one_of_this_case(path):
    with opened(path) as case:
        _, before = take_checkpoint(case, MOMENT)
        case.rotate_keys()
        _, after = take_checkpoint(case, MOMENT)
        for signed, notes in (
            (before, ("the checkpoint was signed with a key of this case from before",)),
            (after, ()),
        ):
            found = verify_case(case, signed)
            assert found.ok
            assert len(found.notes) == len(notes)
            assert all(found.notes[0].startswith(note) for note in notes)
        with opened(path, "eve") as eve:
            assert verify_case(eve, before).ok
            with pytest.raises(NotAllowed):
                take_checkpoint(eve, MOMENT)


def test_a_removed_user_who_kept_every_key_cannot_read_what_comes_after_the_rotation(path):
    with opened(path) as dana, opened(path, "eve") as eve:
        log_key, blob_key = eve.keyring.key("log"), eve.keyring.key("incident keys")
        dana.keyring.incident_key(INCIDENT)
        dana.remove_user("eve")
        dana.rotate_keys()
        dana.log.append([entry(2, "after")])
        stored = list(dana.log.stored(2))
        (wrapped,) = dana.store.keys.all().values()
        with pytest.raises(CaseUnusable):
            list(eve.log.read())
    mapper = SealedMapper(log_key)
    first, second = (StoredEvent(each.stream, each.version, each.topic, each.state) for each in stored)
    assert mapper.to_domain_event(first).event == ActionLogged(text="x")
    with pytest.raises(UnreadableEntryError):
        mapper.to_domain_event(second)
    assert int.from_bytes(wrapped[:4]) == 2
    assert blob_key not in wrapped
    with pytest.raises(WrongPassphrase):
        opened(path, "eve")


def test_who_has_the_case_open_goes_on_after_somebody_else_rotated(path):
    with opened(path) as dana, opened(path, "kim") as kim:
        dana.rotate_keys()
        dana.log.append([entry(2, "sealed anew")])
        assert [found.event.text for found in kim.log.stream(STREAM)] == ["x", "sealed anew"]
        kim.log.append([entry(3, "by kim")])
        assert [int.from_bytes(stored.state[3:7]) for stored in kim.log.stored(3)] == [1, 2, 2]
        sha256 = dana.blobs.put(b"anew")
        assert kim.blobs.get(sha256) == b"anew"


def test_two_who_change_users_at_once_lose_nothing(path):
    with opened(path) as dana, opened(path, "kim") as kim:
        dana.rotate_keys()
        kim.rotate_keys()
        kim.add_user("lee", PASSPHRASE, kdf=CHEAP)
        dana.change_passphrase(PASSPHRASE, "a wholly different one", kdf=CHEAP)
        assert kim.epoch("case") == 3
    for user, passphrase in (("dana", "a wholly different one"), ("kim", PASSPHRASE), ("lee", PASSPHRASE)):
        with opened(path, user, passphrase) as case:
            assert verify_case(case).ok
            assert case.keyring.epoch == 3


def test_the_last_counsel_leaves_only_where_the_loss_of_advice_is_meant(path):
    with opened(path) as case:
        with pytest.raises(NotAllowed, match="advice key"):
            case.remove_user("kim")
        case.remove_user("kim", losing_advice=True)


# --- Files ---


def leaves(value, place=()):
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if children is None:
        yield place
    else:
        for key, child in children:
            yield from leaves(child, (*place, key))


def altered(value):
    match value:
        case bool() | None:
            return 1
        case int():
            return value + 1
        case _:
            # Not a letter that could be the same one in the other case: that is the same UUID.
            return ("Z" if value[:1] not in ("Z", "z") else "Y") + value[1:]


def test_every_field_of_the_document_is_under_the_seal(path):
    with opened(path) as case:
        case.new_recovery_code()
        whole = document(path)
        places = list(leaves(whole))
        assert len(places) > 50
        for place in places:
            hostile = copy.deepcopy(whole)
            node = hostile
            for key in place[:-1]:
                node = node[key]
            node[place[-1]] = altered(node[place[-1]])
            (path / "case.json").write_text(json.dumps(hostile))
            with pytest.raises(Refusal):
                case.check_file()
            with pytest.raises(Refusal):
                case.add_user("lee", PASSPHRASE, kdf=CHEAP)
            with pytest.raises(Refusal):
                opened(path, "eve")
            (path / "attempts.json").unlink(missing_ok=True)
        (path / "case.json").write_text(json.dumps(whole))
        case.check_file()


def test_no_secret_stands_in_any_byte_of_the_folder(path, clock):
    secret = new_secret()
    with opened(path, clock=clock) as case:
        code = case.new_recovery_code()
        case.turn_totp_on(secret, code_at(secret, clock.now()))
        case.rotate_keys()
        keys = [bytes(key) for epochs in case._held.all.values() for key in epochs.values()]
        keys += [bytes(case._who.own_key), bytes(case._who.private_key), bytes(secret), ways.read_code(code)]
        with pytest.raises(WrongPassphrase):
            case.unlocks("wrong wrong wrong", "123456")
        content = b"".join(file.read_bytes() for file in path.rglob("*") if file.is_file())
    texts = [str(code), str(code).replace("-", ""), "dana", "kim", "wrong wrong", PASSPHRASE]
    for planted in [*keys, *(key.hex().encode() for key in keys), *(text.encode() for text in texts)]:
        assert planted not in content
        assert planted.lower() not in content.lower()


ACTS = ("passphrase", "recovery", "totp", "rotate", "share", "users", "wrong")


def change_for_ever(path, act):
    """The child: changes users and keys until it is killed."""
    with open_case(path, "kim", PASSPHRASE) as case:
        while True:
            match act:
                case "passphrase":
                    case.change_passphrase(None, PASSPHRASE, kdf=CHEAP)
                case "recovery":
                    case.new_recovery_code()
                case "totp":
                    case.turn_totp_off()
                case "rotate":
                    case.keyring.incident_key(INCIDENT)
                    case.rotate_keys()
                case "share":
                    with suppress(InvalidInput):
                        case.share_advice("dana")
                    case.unshare_advice("dana")
                case "users":
                    case.add_user("lee", PASSPHRASE, recovery=True, kdf=CHEAP)
                    case.remove_user("lee")
                case "wrong":
                    with suppress(WrongPassphrase, TooManyAttempts):
                        case.unlocks("wrong wrong wrong")
            yield


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a child of its own")
@pytest.mark.parametrize("act", ACTS)
def test_who_is_killed_in_the_middle_of_a_change_leaves_a_case_that_opens(path, act, tmp_path):
    chance = random.Random(act)
    for number in range(3):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            with suppress(BaseException):
                for _ in change_for_ever(path, act):
                    os.write(writing, b".")
            os._exit(1)
        os.close(writing)
        select.select([reading], [], [], 30)
        time.sleep(chance.random() / 20)
        os.kill(child, signal.SIGKILL)
        os.close(reading)
        os.waitpid(child, 0)
        shutil.copytree(path, tmp_path / f"left{number}")
        later = FixedClock(datetime.now(UTC) + timedelta(hours=1))
        for user in ("dana", "kim"):
            with opened(tmp_path / f"left{number}", user, clock=later) as case:
                assert verify_case(case).ok
        with suppress(WrongPassphrase, NotFound), opened(tmp_path / f"left{number}", "kim", clock=later) as case:
            case.remove_user("lee")
        with suppress(NotFound), opened(path, "kim", clock=later) as case:
            case.remove_user("lee")


def test_the_seal_of_advice_is_that_of_the_case(path):
    with opened(path, "kim") as case:
        assert isinstance(case.advice, AdviceSeal)
        assert repr(case.advice) == "AdviceSeal(epochs=[1])"
        assert repr(case) == f"OpenCase({str(path)!r}, 'kim')"
        assert "advice" in repr(case._held)

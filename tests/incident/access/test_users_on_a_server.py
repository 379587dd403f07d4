"""Users and keys of a case that is kept in PostgreSQL: the same, and seen by whoever has it open elsewhere."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from incident.access.totp import code_at, new_secret
from incident.access.ways import Kdf
from incident.casefile import create_case, open_case, recover_case
from incident.errors import NotAllowed, TooManyAttempts, WrongPassphrase
from incident.events import ActionLogged, Entry
from incident.system import FixedClock
from incident.verification import verify_case

CHEAP = Kdf(iterations=1, lanes=1, memory=64)
PASSPHRASE = "copper otter ladder moon"
MOMENT = datetime(2026, 11, 22, 22, 24, 7, tzinfo=UTC)
STREAM, INCIDENT = UUID(int=7), UUID(int=9)


def entry(version, text):
    fields = {"occurred_at": MOMENT, "recorded_at": MOMENT, "by": "dana"}
    return Entry(originator_id=STREAM, originator_version=version, event=ActionLogged(text=text), **fields)


@pytest.fixture
def url(postgres_database):
    with create_case(postgres_database, user="dana", passphrase=PASSPHRASE, kdf=CHEAP) as case:
        case.add_user("kim", PASSPHRASE, role="counsel", kdf=CHEAP)
    return postgres_database


def test_sharing_and_rotation_reach_whoever_is_at_work(url):
    with open_case(url, "dana", PASSPHRASE) as dana, open_case(url, "kim", PASSPHRASE) as kim:
        key = dana.keyring.incident_key(INCIDENT)
        assert kim.make_advice_key()
        sealed = kim.advice.seal("It is 260.", bound_to=b"1")
        with pytest.raises(NotAllowed):
            dana.advice.open(sealed, bound_to=b"1")
        kim.share_advice("dana")
        assert dana.advice.open(sealed, bound_to=b"1") == "It is 260."
        assert dana.rotate_keys() == {"advice": 2, "case": 2, "signing": 2}
        dana.log.append([entry(1, "sealed anew")])
        assert [found.event.text for found in kim.log.stream(STREAM)] == ["sealed anew"]
        assert kim.keyring.incident_key(INCIDENT) == key
        dana.remove_user("kim")
        assert verify_case(dana).ok
    with pytest.raises(WrongPassphrase):
        open_case(url, "kim", PASSPHRASE)


def test_waits_codes_and_recovery(url):
    clock, secret = FixedClock(MOMENT), new_secret()
    with open_case(url, "dana", PASSPHRASE, clock=clock) as case:
        code = case.new_recovery_code()
        case.turn_totp_on(secret, code_at(secret, MOMENT))
    open_case(url, "dana", PASSPHRASE, code=code_at(secret, MOMENT), clock=clock).close()
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            open_case(url, "dana", PASSPHRASE, code=code_at(secret, MOMENT), clock=clock)
    with pytest.raises(TooManyAttempts):
        open_case(url, "dana", PASSPHRASE, code=code_at(secret, MOMENT), clock=clock)
    clock.advance(timedelta(minutes=1))
    recover_case(url, "dana", code, "a wholly different one", clock=clock, kdf=CHEAP)[0].close()
    open_case(url, "dana", "a wholly different one", clock=clock).close()

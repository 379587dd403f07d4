import hashlib
import hmac
import sqlite3
from uuid import UUID

import pytest

from incident.access.held import HeldKeys
from incident.access.keystore import KeyStore
from incident.errors import CaseUnusable, NotFound
from incident.keyring import CaseKeyRing
from incident.log.database import open_engine, sqlite_url

CASE, INCIDENT, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)


def held(*case_keys, signing=None):
    keys = {"case": dict(enumerate(case_keys, start=1))}
    return HeldKeys(keys | ({"signing": {1: signing}} if signing else {}))


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "keys.db"
    store = KeyStore(open_engine(sqlite_url(str(path)), secure_delete=True))
    store.create()
    store.close()
    return path


def store_at(path):
    return KeyStore(open_engine(sqlite_url(str(path)), busy_timeout=0.1, secure_delete=True))


@pytest.fixture
def store(path):
    store = store_at(path)
    yield store
    store.close()


@pytest.fixture
def ring(store):
    return CaseKeyRing(held(bytes(range(32))), CASE, store)


def test_purposes_have_keys_of_their_own(ring, store):
    keys = {bytes(ring.key(purpose)) for purpose in ("log", "blobs", "blob names", "vault")}
    assert len(keys) == 4
    assert all(len(key) == 32 for key in keys)
    assert ring.key("log") == CaseKeyRing(held(bytes(range(32))), CASE, store).key("log")
    assert ring.key("log") != CaseKeyRing(held(bytes(range(32))), OTHER, store).key("log")
    assert ring.key("log") != CaseKeyRing(held(bytes(32)), CASE, store).key("log")


def test_a_subkey_is_hkdf_sha256_of_rfc_5869(ring):
    extracted = hmac.digest(CASE.bytes, bytes(range(32)), hashlib.sha256)
    expanded = hmac.digest(extracted, b"breach case key 1|log" + b"\x01", hashlib.sha256)
    assert ring.key("log") == expanded


def test_an_incident_keeps_its_key(ring, path):
    first = ring.incident_key(INCIDENT)
    assert len(first) == 32
    assert ring.incident_key(INCIDENT) == first
    assert ring.incident_key(OTHER) != first
    again = CaseKeyRing(held(bytes(range(32))), CASE, store_at(path))
    assert again.incident_key(INCIDENT) == first


def test_the_process_that_comes_second_takes_the_key_of_the_first(store):
    assert store.add(INCIDENT.bytes, b"first") == b"first"
    assert store.add(INCIDENT.bytes, b"second") == b"first"
    assert store.all() == {INCIDENT.bytes: b"first"}


def test_a_destroyed_key_stays_destroyed(ring, path):
    ring.incident_key(INCIDENT)
    kept = ring.incident_key(OTHER)
    ring.destroy_incident_key(INCIDENT)
    for each in (ring, CaseKeyRing(held(bytes(range(32))), CASE, store_at(path))):
        with pytest.raises(NotFound, match="destroyed"):
            each.incident_key(INCIDENT)
        assert each.incident_key(OTHER) == kept


def test_a_key_that_was_never_made_can_be_destroyed_and_destroyed_again(ring):
    ring.destroy_incident_key(INCIDENT)
    ring.destroy_incident_key(INCIDENT)
    with pytest.raises(NotFound):
        ring.incident_key(INCIDENT)


def test_nothing_of_a_destroyed_key_is_left_in_any_file(ring, store, path):
    ring.incident_key(INCIDENT)
    wrapped = store.all()[INCIDENT.bytes]
    files = list(path.parent.iterdir())
    assert any(wrapped in file.read_bytes() for file in files)
    ring.destroy_incident_key(INCIDENT)
    for file in path.parent.iterdir():
        content = file.read_bytes()
        for start in range(len(wrapped) - 8):
            assert wrapped[start : start + 8] not in content, file


def test_while_another_process_holds_the_journal_the_key_is_not_said_to_be_gone(ring, path):
    ring.incident_key(INCIDENT)
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM incident_key").fetchall()
    with pytest.raises(CaseUnusable, match="destroy the key again"):
        ring.destroy_incident_key(INCIDENT)
    with pytest.raises(NotFound):
        ring.incident_key(INCIDENT)
    reader.execute("ROLLBACK")
    reader.close()
    ring.destroy_incident_key(INCIDENT)


def test_an_altered_or_swapped_key_is_refused_and_named(ring, path):
    ring.incident_key(INCIDENT)
    ring.incident_key(OTHER)
    assert ring.faults() == []
    with sqlite3.connect(path) as raw:
        raw.execute(
            "UPDATE incident_key SET wrapped = (SELECT wrapped FROM incident_key WHERE incident_id = ?)", (OTHER.bytes,)
        )
    with pytest.raises(CaseUnusable, match="altered"):
        ring.incident_key(INCIDENT)
    assert ring.faults() == [f"keys.db: the key of incident {INCIDENT.hex} was altered"]


def test_keys_do_not_show_themselves(ring):
    for key in (ring.key("log"), ring.incident_key(INCIDENT)):
        assert repr(key) == str(key) == f"{key}" == "<key>"
        assert repr([key]) == "[<key>]"
    assert repr(ring) == f"CaseKeyRing({CASE})"

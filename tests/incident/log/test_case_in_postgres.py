"""A case folder whose log is kept in PostgreSQL."""

from uuid import UUID

import pytest

from incident.access.slots import Kdf
from incident.backup import back_up, restore
from incident.casefile import create_case, open_case
from incident.errors import CaseUnusable
from incident.verification import verify_case

CHEAP = Kdf(iterations=1, lanes=1, memory=64)
PASSPHRASE = "copper otter ladder moon"


def test_a_case_with_its_log_in_postgres(tmp_path, postgres_database, entry):
    secret = postgres_database.replace("tests@", "tests:hunter2@") + "&password=hunter2"
    path = tmp_path / "case"
    with create_case(path, user="d", passphrase=PASSPHRASE, kdf=CHEAP, store_url=secret) as case:
        case.log.append([entry(1)])
    assert "hunter2" not in (path / "case.json").read_text()
    assert not (path / "log.db").exists()
    for url in (None, secret):
        with open_case(path, "d", PASSPHRASE, store_url=url) as case:
            assert case.log.stream(UUID(int=7)) == (entry(1),)
            assert verify_case(case, case.log.checkpoint().code).ok


def test_a_database_that_holds_the_log_of_another_case_is_left_alone(tmp_path, postgres_database, entry):
    with create_case(tmp_path / "a", user="d", passphrase=PASSPHRASE, kdf=CHEAP, store_url=postgres_database) as case:
        case.log.append([entry(1)])
        with pytest.raises(CaseUnusable, match="already exists"):
            create_case(tmp_path / "b", user="d", passphrase=PASSPHRASE, kdf=CHEAP, store_url=postgres_database)
        assert not (tmp_path / "b").exists()
        assert case.log.position() == 1


def test_its_backup_stands_on_its_own(tmp_path, postgres_database, entry):
    """The log is copied entry by entry, its chain intact, and the restored case no longer asks for the server."""
    path = tmp_path / "case"
    with create_case(path, user="d", passphrase=PASSPHRASE, kdf=CHEAP, store_url=postgres_database) as case:
        case.log.append([entry(version) for version in range(1, 1203)])
        back_up(case, tmp_path / "backup", entry(1).recorded_at)
        kept = case.log.checkpoint()
    restore(tmp_path / "backup", tmp_path / "restored")
    assert postgres_database not in (tmp_path / "restored" / "case.json").read_text()
    with open_case(tmp_path / "restored", "d", PASSPHRASE) as case:
        assert case.log.checkpoint() == kept
        assert verify_case(case, str(kept)).ok

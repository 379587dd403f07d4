"""A case moves between a folder and a server, whole or not at all, and is the same; the old copy says where it went."""

import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from incident.backup import back_up, restore
from incident.casefile import open_case
from incident.errors import CaseUnusable, InvalidInput
from incident.evidence.checkpoints import take_checkpoint
from incident.log.chain import Checkpoint
from incident.migration import MOVED, migrate, moved_from
from incident.stores.folder import FolderStore
from incident.stores.naming import read_place
from incident.stores.places import store_at
from incident.system import FixedClock
from incident.verification import verify_case
from tests.incident.evidence.conftest import lived, path
from tests.incident.evidence.life import NAMES, NOW, PASSPHRASE, Life, opened

__all__ = ["lived", "path"]


def stored(case) -> list[object]:
    """Every entry of the log, sealed as it is."""
    return list(case.log.stored(case.log.position()))


def files(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def test_there_and_back_it_is_the_same_case(path: Path, postgres_database: str, tmp_path: Path):
    before = files(path)
    with open_case(path, "dana", PASSPHRASE) as case:
        entries, kept = stored(case), take_checkpoint(case, NOW)[1]
        told = []
        moved = migrate(case, postgres_database, NOW, lambda *each: told.append(each))
    assert {name: content for name, content in files(path).items() if name in before} == before
    assert (moved.count, moved.documents) == (len(entries), 6)
    assert moved.to == str(read_place(postgres_database))
    assert told[-1] == ("documents", 6, 6)
    assert {what for what, _, _ in told} == {"entries", "people", "documents"}
    with opened_at(postgres_database) as there:
        assert stored(there.case) == entries
        found = verify_case(there.case, kept)
        assert found.problems == found.notes == ()
        there.dana.incidents.log_action(there.incident_id, "Work goes on")
        roster = there.dana.queries.rosters(there.incident_id)[0].id
        assert there.vault.person(roster, 2).person.family_name == "Quillfeather"
        file = tmp_path / "more.csv"
        file.write_text("First Name,Last Name,DOB,Address,City,State,Zip\nAda,Byron,1990-01-01,1 A St,Gary,IN,46402\n")
        there.dana.rosters.import_file(there.incident_id, file)
        entries, kept = stored(there.case), take_checkpoint(there.case, NOW)[1]
        migrate(there.case, tmp_path / "back", NOW)
    with opened(tmp_path / "back") as back:
        assert stored(back.case) == entries
        assert verify_case(back.case, kept).problems == ()
        assert len(back.dana.queries.rosters(back.incident_id)) == 2
        back.dana.incidents.log_action(back.incident_id, "And on")


def opened_at(url: str) -> Life:
    return Life(Path("nowhere"), open_case(url, "dana", PASSPHRASE), FixedClock(NOW + timedelta(days=60)))


def test_the_old_copy_says_where_the_case_went(path: Path, postgres_database: str):
    secret = postgres_database.replace("tests@", "tests:hunter2@")
    with open_case(path, "dana", PASSPHRASE) as case:
        moved = migrate(case, secret, NOW)
        assert moved_from(case.store) == moved
    assert b"hunter2" not in (path / MOVED).read_bytes()
    there = store_at(postgres_database)
    assert moved_from(there) is None
    there.close()
    (path / MOVED).write_bytes(b"{")
    with pytest.raises(CaseUnusable, match=r"moved\.json is damaged"):
        moved_from(FolderStore(path))


def test_a_place_that_is_taken_is_left_as_it_is(path: Path, postgres_database: str, tmp_path: Path):
    (tmp_path / "mine").write_text("mine")
    with open_case(path, "dana", PASSPHRASE) as case:
        migrate(case, postgres_database, NOW)
        (path / MOVED).unlink()
        for place in (postgres_database, tmp_path / "mine", path):
            with pytest.raises(CaseUnusable, match="exists already"):
                migrate(case, place, NOW)
        with pytest.raises(InvalidInput):
            migrate(case, "mysql://u@h/db", NOW)
    assert not (path / MOVED).exists()


def test_a_broken_chain_is_not_healed(path: Path, postgres_database: str):
    with sqlite3.connect(path / "log.db") as raw:
        raw.execute("UPDATE entries SET topic = 'incident.closed' WHERE position = 9")
    with open_case(path, "dana", PASSPHRASE) as case, pytest.raises(CaseUnusable, match="chain of the log is broken"):
        migrate(case, postgres_database, NOW)
    assert_nothing_moved(path, postgres_database)


def assert_nothing_moved(path: Path, url: str) -> None:
    assert not (path / MOVED).exists()
    with psycopg.connect(url.replace("+psycopg", "")) as raw:
        assert raw.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE '%case%'").fetchone() == (0,)


def test_what_is_recorded_meanwhile_is_not_left_behind(path: Path, postgres_database: str):
    with opened(path) as life:

        def meanwhile(what: str, done: int, _whole: int) -> None:
            if (what, done) == ("documents", 1):
                life.dana.incidents.log_action(life.incident_id, "Quickly, before it goes")

        with pytest.raises(CaseUnusable, match="Somebody recorded something meanwhile; nothing was moved"):
            migrate(life.case, postgres_database, NOW, meanwhile)
        assert_nothing_moved(path, postgres_database)
        migrate(life.case, postgres_database, NOW)


@pytest.mark.parametrize("step", ["entries", "people", "documents"])
def test_whatever_fails_nothing_is_moved(path: Path, postgres_database: str, step: str):
    def fails(what: str, _done: int, _whole: int) -> None:
        if what == step:
            raise OSError(28, "No space left on device")

    with open_case(path, "dana", PASSPHRASE) as case, pytest.raises((CaseUnusable, OSError)):
        migrate(case, postgres_database, NOW, fails)
    assert_nothing_moved(path, postgres_database)


def test_a_backup_of_a_case_on_a_server_is_one_of_a_folder(path: Path, postgres_database: str, tmp_path: Path):
    with open_case(path, "dana", PASSPHRASE) as case:
        kept = case.log.checkpoint()
        migrate(case, postgres_database, NOW)
    shutil.rmtree(path)
    with open_case(postgres_database, "dana", PASSPHRASE) as case:
        back_up(case, tmp_path / "case.backup", NOW)
    content = (tmp_path / "case.backup").read_bytes()
    assert not [name for name in (*NAMES, PASSPHRASE, postgres_database) if name.encode() in content]
    told, problems = restore(tmp_path / "case.backup", tmp_path / "restored")
    assert problems == ()
    assert Checkpoint(told.count, kept.head).code == told.code == kept.code
    with open_case(tmp_path / "restored", "priya", PASSPHRASE) as case:
        assert verify_case(case, str(kept)).problems == ()

import json
import multiprocessing
import os
import shutil
import sqlite3
from pathlib import Path
from uuid import UUID

import pytest

from incident.casefile import create_case, open_case
from incident.errors import CaseUnusable, InvalidInput, NotAllowed, NotFound, WrongPassphrase
from incident.events import (
    ActionLogged,
    CaseOpened,
    EvidenceAttached,
)
from incident.system import SequentialIds
from incident.verification import verify_case
from tests.incident.cases import CHEAP, PASSPHRASE, STREAM, entry, opened


@pytest.fixture
def path(tmp_path):
    """A case with one user and one entry."""
    path = tmp_path / "case"
    opening = [entry(1, CaseOpened(name="Lakeshore Aesthetics"))]
    create_case(path, user="Dana Reyes", passphrase=PASSPHRASE, kdf=CHEAP, opening=opening).close()
    return path


def test_a_new_case_is_open_and_can_be_opened_again(tmp_path):
    with create_case(tmp_path / "case", user="Dana Reyes", passphrase=PASSPHRASE, kdf=CHEAP) as case:
        assert case.user == "Dana Reyes"
        assert case.store.where == str(tmp_path / "case")
        case.log.append([entry(1, ActionLogged(text="begun"))])
        sha256 = case.blobs.put(b"evidence")
        key = case.keyring.incident_key(STREAM)
        head = case.log.checkpoint()
    with opened(tmp_path / "case") as again:
        assert [found.event for found in again.log.stream(STREAM)] == [ActionLogged(text="begun")]
        assert again.blobs.get(sha256) == b"evidence"
        assert again.keyring.incident_key(STREAM) == key
        assert again.log.checkpoint() == head
        assert verify_case(again, head.code).ok


def test_the_opening_entries_are_there_from_the_beginning(path):
    with opened(path) as case:
        assert [found.event for _, found in case.log.read()] == [CaseOpened(name="Lakeshore Aesthetics")]


def test_identifiers_come_from_the_given_source(tmp_path):
    with create_case(
        tmp_path / "case", user="d", passphrase=PASSPHRASE, kdf=CHEAP, ids=SequentialIds(first=41)
    ) as case:
        assert case.case_id == UUID(int=41)


def test_the_folder_is_closed_to_other_users_of_the_machine(path):
    assert path.stat().st_mode & 0o077 == 0


def test_a_closed_case_leaves_no_journals(path):
    assert sorted(file.name for file in path.iterdir()) == ["blobs", "case.json", "keys.db", "log.db"]


def test_an_empty_folder_may_become_a_case(tmp_path):
    (tmp_path / "case").mkdir()
    create_case(tmp_path / "case", user="d", passphrase=PASSPHRASE, kdf=CHEAP).close()
    opened(tmp_path / "case", "d").close()


def test_a_place_that_is_taken_is_left_as_it_is(tmp_path, path):
    (tmp_path / "file").write_text("mine")
    for taken in (path, tmp_path / "file"):
        with pytest.raises(CaseUnusable, match="exists already"):
            create_case(taken, user="d", passphrase=PASSPHRASE, kdf=CHEAP)
    assert (tmp_path / "file").read_text() == "mine"
    opened(path).close()


@pytest.mark.parametrize(
    ("user", "passphrase", "said"),
    [("", PASSPHRASE, "user: "), ("d", "too short", "passphrase: "), ("d" * 65, PASSPHRASE, "user: ")],
)
def test_a_case_that_cannot_be_made_leaves_nothing_behind(tmp_path, user, passphrase, said):
    with pytest.raises(InvalidInput, match=said):
        create_case(tmp_path / "case", user=user, passphrase=passphrase, kdf=CHEAP)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_half_way_leaves_nothing_behind(tmp_path):
    gap = [entry(5, ActionLogged(text="x"))]
    with pytest.raises(ValueError, match="version"):
        create_case(tmp_path / "case", user="d", passphrase=PASSPHRASE, kdf=CHEAP, opening=gap)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_named_and_leaves_nothing_behind(tmp_path, monkeypatch):
    def fail(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(CaseUnusable, match="No space left on device"):
        create_case(tmp_path / "case", user="d", passphrase=PASSPHRASE, kdf=CHEAP)
    assert list(tmp_path.iterdir()) == []


# --- Opening ---


def test_a_wrong_passphrase_or_user_opens_nothing(path):
    for user, passphrase in (("Dana Reyes", "wrong wrong wrong"), ("nobody", PASSPHRASE), ("", "")):
        with pytest.raises(WrongPassphrase):
            opened(path, user, passphrase)


def test_a_folder_that_is_not_there_or_not_a_case_is_named(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    for name, said in (("none", "is not there"), ("empty", "has no case.json"), ("file", "not a case folder")):
        with pytest.raises(CaseUnusable, match=said):
            opened(tmp_path / name)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"format": 3}', '{"format": "one"}', "\xff", '{"format": 3, "case_id": "x", "register": {}}'],
)
def test_a_damaged_case_json_is_named(path, content):
    (path / "case.json").write_text(content, encoding="latin-1")
    with pytest.raises(CaseUnusable, match=r"case\.json is damaged"):
        opened(path)


def test_a_case_from_before_the_first_release_is_named(path):
    (path / "case.json").write_text('{"format": 1, "slots": []}')
    with pytest.raises(CaseUnusable, match="before the first release"):
        opened(path)


def test_a_newer_format_is_named_even_if_nothing_else_is_understood(path):
    (path / "case.json").write_text('{"format": 99, "anything": []}')
    with pytest.raises(CaseUnusable, match=r"newer version .*format 99"):
        opened(path)


@pytest.mark.parametrize("name", ["log.db", "keys.db", "blobs"])
def test_a_missing_part_is_named_and_not_made_anew(path, name):
    (shutil.rmtree if name == "blobs" else os.unlink)(path / name)
    with pytest.raises(CaseUnusable, match=f"{name} is missing"):
        opened(path)
    assert not (path / name).exists()


def test_the_log_of_another_case_is_refused(path, tmp_path):
    create_case(tmp_path / "other", user="d", passphrase=PASSPHRASE, kdf=CHEAP).close()
    shutil.copy(tmp_path / "other" / "log.db", path / "log.db")
    with pytest.raises(CaseUnusable, match="another case"):
        opened(path)


def test_a_busy_case_is_named(path):
    other = sqlite3.connect(path / "log.db", isolation_level=None)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(CaseUnusable, match="Another process"):
        opened(path, busy_timeout=0.1)
    other.close()
    opened(path).close()


@pytest.mark.skipif(os.name == "nt", reason="permissions of Unix")
def test_a_case_on_a_read_only_disk_is_named(path):
    """As a user who may only read: for the superuser nothing is read-only."""
    path.parent.chmod(0o755)
    for file in [path, *path.rglob("*")]:
        file.chmod(0o555 if file.is_dir() else 0o444)
    for parent in path.parents:
        if parent.stat().st_uid == os.getuid() and parent.is_relative_to("/tmp"):
            parent.chmod(parent.stat().st_mode | 0o055)

    def as_reader(answers):
        if os.geteuid() == 0:
            os.setuid(65534)
        try:
            with open_case(path, "Dana Reyes", PASSPHRASE) as case:
                case.log.append([entry(2, ActionLogged(text="x"))])
            answers.put("recorded")
        except CaseUnusable as error:
            answers.put(str(error))

    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    process = context.Process(target=as_reader, args=(answers,))
    process.start()
    process.join(30)
    answer = answers.get()
    path.chmod(0o755)
    assert "read" in answer, answer
    assert "record" not in answer or "nothing was recorded" in answer


@pytest.mark.parametrize(
    "change",
    [
        lambda file: file.update(public_keys=["A" * 43 + "="]),
        lambda file: file["register"]["users"].append(file["register"]["users"][1] | {"label": "0" * 32}),
        lambda file: file["register"]["users"].reverse(),
        lambda file: file["register"]["users"].pop(),
        lambda file: file["register"]["epochs"].update(case=2),
        lambda file: file["register"]["users"][1]["grants"].pop(),
        lambda file: file.update(seal="0" * 64),
        lambda file: file.update(seal=""),
        lambda file: file.pop("seal"),
    ],
    ids=[
        "public key",
        "user added",
        "users swapped",
        "user removed",
        "epoch",
        "recovery",
        "seal",
        "empty seal",
        "none",
    ],
)
def test_a_change_of_case_json_from_outside_is_noticed(path, change, monkeypatch):
    with opened(path) as case:
        case.add_user("lee", "another long passphrase", kdf=CHEAP)
    file = json.loads((path / "case.json").read_text())
    change(file)
    (path / "case.json").write_text(json.dumps(file))
    with pytest.raises(CaseUnusable, match="changed outside"):
        opened(path)


# --- Users ---


def test_users_come_and_go_without_touching_what_is_encrypted(path):
    with opened(path) as case:
        sha256 = case.blobs.put(b"evidence")
        before = {file: file.read_bytes() for file in (path / "blobs").rglob("*") if file.is_file()}
        head = case.log.checkpoint()
        case.add_user("Lee Ito", "another long passphrase", kdf=CHEAP)
    with opened(path, "lee ito", "another long passphrase") as case:
        assert case.user == "Lee Ito"
        assert case.log.checkpoint() == head
        assert case.blobs.get(sha256) == b"evidence"
        case.remove_user("dana reyes")
    with pytest.raises(WrongPassphrase):
        opened(path)
    assert {file: file.read_bytes() for file in before} == before


def test_the_last_user_cannot_be_removed(path):
    with opened(path) as case, pytest.raises(NotAllowed, match="last one"):
        case.remove_user("Dana Reyes")
    opened(path).close()


def test_an_unknown_user_cannot_be_removed_nor_a_known_one_added(path):
    with opened(path) as case:
        with pytest.raises(NotFound, match="nobody"):
            case.remove_user("nobody")
        with pytest.raises(InvalidInput, match="DANA REYES can open this case already"):
            case.add_user("DANA REYES", "another long passphrase", kdf=CHEAP)
        with pytest.raises(InvalidInput, match="passphrase"):
            case.add_user("lee", "short", kdf=CHEAP)
    opened(path).close()


def test_a_changed_passphrase_opens_and_the_old_one_does_not(path):
    with opened(path) as case:
        case.add_user("lee", "another long passphrase", kdf=CHEAP)
        case.change_passphrase(PASSPHRASE, "a wholly different one", kdf=CHEAP)
    with pytest.raises(WrongPassphrase):
        opened(path)
    opened(path, passphrase="a wholly different one").close()
    opened(path, "lee", "another long passphrase").close()


def test_a_passphrase_is_changed_only_by_who_knows_it(path):
    with opened(path) as case:
        with pytest.raises(WrongPassphrase):
            case.change_passphrase("not the present one", "a wholly different one", kdf=CHEAP)
        with pytest.raises(InvalidInput):
            case.change_passphrase(PASSPHRASE, "short", kdf=CHEAP)
    opened(path).close()


def test_two_open_cases_do_not_overwrite_each_others_users(path):
    with opened(path) as one, opened(path) as two:
        one.add_user("lee", "another long passphrase", kdf=CHEAP)
        two.add_user("ana", "a third long passphrase", kdf=CHEAP)
    for user, passphrase in (("lee", "another long passphrase"), ("ana", "a third long passphrase")):
        opened(path, user, passphrase).close()


def test_the_default_cost_is_paid_where_no_test_asks_for_less(tmp_path):
    create_case(tmp_path / "case", user="d", passphrase=PASSPHRASE).close()
    kdf = json.loads((tmp_path / "case" / "case.json").read_text())["register"]["users"][0]["passphrase"]["kdf"]
    assert kdf == {"iterations": 3, "lanes": 4, "memory": 65536}


# --- Verification ---


def test_a_whole_case_verifies_and_says_what_it_is(path):
    with opened(path) as case:
        found = verify_case(case)
        assert found.ok
        assert (found.count, found.head, found.code) == (
            1,
            case.log.checkpoint().head.hex(),
            case.log.checkpoint().code,
        )


def test_every_part_of_a_case_is_verified(path):
    with opened(path) as case:
        sha256 = case.blobs.put(b"evidence")
        case.log.append([entry(2, EvidenceAttached(name="a", size=8, sha256=sha256))])
        case.keyring.incident_key(STREAM)
        kept = str(case.log.checkpoint())
        assert verify_case(case, kept).ok

        (blob,) = (file for file in (path / "blobs").rglob("*") if file.is_file())
        blob.write_bytes(blob.read_bytes()[:-1])
        with sqlite3.connect(path / "keys.db") as raw:
            raw.execute("UPDATE incident_key SET wrapped = zeroblob(60)")
        file = json.loads((path / "case.json").read_text())
        file["register"]["users"][0]["passphrase"]["salt"] = "A" * 22 + "=="
        (path / "case.json").write_text(json.dumps(file))

        problems = verify_case(case, kept).problems
    assert len(problems) == 3
    assert problems[0].startswith("#2: its document cannot be used")
    assert "case.json was changed outside" in problems[1]
    assert problems[2] == f"keys.db: the key of incident {STREAM.hex} was altered"


def test_an_altered_incident_key_is_found(path):
    with opened(path) as case:
        case.keyring.incident_key(STREAM)
        with sqlite3.connect(path / "keys.db") as raw:
            raw.execute("UPDATE incident_key SET wrapped = zeroblob(60)")
        assert verify_case(case).problems == (f"keys.db: the key of incident {STREAM.hex} was altered",)


def test_a_mistyped_checkpoint_is_no_accusation(path):
    with opened(path) as case:
        code = case.log.checkpoint().code
        wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
        with pytest.raises(InvalidInput, match="read out again"):
            verify_case(case, wrong)


def test_a_restored_older_copy_is_recognized(path, tmp_path):
    shutil.copytree(path, tmp_path / "older")
    with opened(path) as case:
        case.log.append([entry(2, ActionLogged(text="later"))])
        kept = case.log.checkpoint().code
    with opened(tmp_path / "older") as case:
        assert "older copy" in verify_case(case, kept).problems[0]

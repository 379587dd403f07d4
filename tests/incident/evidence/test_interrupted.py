"""What breaks off between the stores loses nothing that was answered, is named, and can be taken up again.

The vault is written before the log, so that the log never speaks of people who are not there.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pytest

from incident.backup import back_up
from incident.casefile import open_case
from incident.errors import CaseUnusable, Refusal
from incident.roster.person import Person
from incident.roster.record import Status
from incident.verification import verify_case
from tests.incident.evidence.life import PASSPHRASE, ROSTER, Life, export, opened


@contextmanager
def no_log(life: Life) -> Iterator[None]:
    """The log cannot be written: a full disk, or a kill at this point."""
    full = CaseUnusable("The disk is full; nothing was recorded. Free some space and try again.")
    with mock.patch.object(life.case.log, "append", side_effect=full), pytest.raises(CaseUnusable, match="full"):
        yield


@pytest.fixture
def waiting(life: Life, tmp_path: Path) -> tuple[Life, object]:
    """A list with two rows in quarantine."""
    file = tmp_path / "second.csv"
    file.write_text(ROSTER.replace("12 Elm St", "14 Elm St"))
    life.dana.rosters.import_file(life.other_id, file)
    return life, life.dana.queries.rosters(life.other_id)[0].id


def problems(life: Life) -> tuple[str, ...]:
    return verify_case(life.case).problems


def test_an_import_that_broke_off_before_the_log_is_gone(life: Life, tmp_path: Path):
    file, before = tmp_path / "second.csv", life.case.log.position()
    file.write_text(ROSTER.replace("12 Elm St", "14 Elm St"))
    with no_log(life):
        life.dana.rosters.import_file(life.incident_id, file)
    assert problems(life) == ()
    assert life.case.log.position() == before
    life.dana.rosters.import_file(life.incident_id, file)
    assert problems(life) == ()


def test_rows_of_an_import_that_was_killed_are_named_until_the_next_import(life: Life, tmp_path: Path):
    file = tmp_path / "second.csv"
    file.write_text(ROSTER.replace("12 Elm St", "14 Elm St"))
    with mock.patch.object(life.vault, "discard"), no_log(life):
        life.dana.rosters.import_file(life.incident_id, file)
    assert verify_case(life.case).ok
    assert any("1 lists that are not in the log" in note for note in verify_case(life.case).notes)
    life.dana.rosters.import_file(life.incident_id, file)
    assert problems(life) == ()
    assert verify_case(life.case).notes == ()


@pytest.mark.parametrize("accept", [True, False], ids=["accepted", "excluded"])
def test_a_decision_on_a_row_that_broke_off_is_named_and_recorded_when_given_again(waiting, accept: bool):
    life, roster = waiting
    person = Person(given_name="Elke", family_name="Voss", state="IL") if accept else None
    with no_log(life):
        life.dana.rosters.resolve_quarantine(roster, 6, accept=accept, because="found", person=person)
    assert any("row 6" in problem and "give the command again if it broke off" in problem for problem in problems(life))
    life.dana.rosters.resolve_quarantine(roster, 6, accept=accept, because="found", person=person)
    assert problems(life) == ()
    with pytest.raises(Refusal, match="not in quarantine"):
        life.dana.rosters.resolve_quarantine(roster, 6, accept=accept, because="again", person=person)
    row = life.dana.queries.roster(roster)
    assert (row.accepted, row.excluded) == ((6, 0) if accept else (5, 1))


def test_a_decision_that_is_given_again_with_another_person_takes_the_later_one(waiting):
    life, roster = waiting
    first, second = (Person(given_name=name, family_name="Voss", state="IL") for name in ("Elke", "Elsa"))
    with no_log(life):
        life.dana.rosters.resolve_quarantine(roster, 6, accept=True, because="found", person=first)
    life.dana.rosters.resolve_quarantine(roster, 6, accept=True, because="found", person=second)
    assert life.vault.person(roster, 6).person.given_name == "Elsa"
    assert problems(life) == ()


def test_a_row_that_was_accepted_by_the_import_is_not_taken_for_one_that_broke_off(waiting):
    life, roster = waiting
    with pytest.raises(Refusal, match="not in quarantine but accepted"):
        life.dana.rosters.resolve_quarantine(roster, 2, accept=True, because="x")
    assert problems(life) == ()


def test_an_erasure_that_broke_off_is_named_and_recorded_when_given_again(waiting):
    life, roster = waiting
    with no_log(life):
        life.dana.rosters.erase(roster, 3, "the person asked for it")
    # The person, and the row that was merged into it.
    assert any("row 3 to row 4: it is erased, and the log does not say so; erase" in each for each in problems(life))
    for row in (3, 4):
        life.dana.rosters.erase(roster, row, "the person asked for it")
    assert problems(life) == ()
    assert life.vault.person(roster, 3).status is Status.ERASED


# --- A disk that is really full, or really cannot be written ---


def _tmpfs(folder: Path, size: str) -> None:
    """Mount a small disk; skip, in words, where that is not allowed."""
    folder.mkdir()
    reason = "a small disk cannot be mounted here (it takes root, and mount)"
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None or not sys.platform.startswith("linux"):
        pytest.skip(reason)
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, check=False
    )
    if done.returncode != 0:
        pytest.skip(f"{reason}: {done.stderr.decode().strip()}")


@pytest.fixture
def small_disk(tmp_path: Path, lived: Path) -> Iterator[Path]:
    """A case on a disk that is nearly full."""
    folder = tmp_path / "disk"
    _tmpfs(folder, "2m")
    try:
        shutil.copytree(lived, folder / "case")
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(folder: Path) -> Path:
    """Take all the space that is left."""
    file = folder / "filler"
    with file.open("wb", buffering=0) as filler:
        for size in (65536, 4096, 512, 1):
            try:
                while True:
                    filler.write(b"\0" * size)
            except OSError:
                continue
    return file


def test_a_full_disk_is_named_loses_nothing_and_is_taken_up_again(small_disk: Path):
    with opened(small_disk / "case") as life:
        before = life.case.log.checkpoint()
        roster = life.dana.queries.rosters(life.incident_id)[0].id
        filler = fill(small_disk)
        attempts = {
            "log": lambda: life.dana.incidents.log_action(life.incident_id, "x" * 200_000),
            "document": lambda: life.dana.incidents.attach_evidence(life.incident_id, "a", os.urandom(300_000)),
            "people": lambda: life.dana.rosters.erase(roster, 2, "asked for"),
        }
        for what, attempt in attempts.items():
            with pytest.raises(CaseUnusable) as refused:
                attempt()
            assert any(words in str(refused.value) for words in ("disk is full", "No space left", "disk reports")), what
        assert life.case.log.checkpoint() == before
        filler.unlink()
        assert problems(life) == ()
        assert verify_case(life.case, str(before)).ok
        life.dana.incidents.attach_evidence(life.incident_id, "a", os.urandom(30_000))
        life.dana.rosters.erase(roster, 2, "asked for")
        assert problems(life) == ()
    with opened(small_disk / "case") as again:
        assert problems(again) == ()


def test_a_full_disk_leaves_half_a_backup_and_half_a_pack_nowhere(small_disk: Path):
    with opened(small_disk / "case") as life:
        filler = fill(small_disk)
        with pytest.raises(CaseUnusable):
            back_up(life.case, small_disk / "backup", life.clock.now())
        with pytest.raises(CaseUnusable):
            export(life, small_disk / "pack")
        assert sorted(path.name for path in small_disk.iterdir()) == ["case", "filler"]
        filler.unlink()
        assert problems(life) == ()


def test_a_case_that_is_open_here_is_read_or_refused_through_a_read_only_path(small_disk: Path, tmp_path: Path):
    """As on a share that others may only read: no write gets through, and none is answered."""
    read_only = tmp_path / "read-only"
    read_only.mkdir()
    subprocess.run(["mount", "--bind", small_disk, read_only], check=True)
    subprocess.run(["mount", "-o", "remount,ro,bind", read_only], check=True)
    try:
        with opened(small_disk / "case") as life:
            life.dana.incidents.log_action(life.incident_id, "here")
            before = life.case.log.position()
            with open_case(read_only / "case", "dana", PASSPHRASE) as other:
                assert other.log.position() == before
                with pytest.raises(CaseUnusable, match="Read-only"):
                    other.blobs.put(b"new")
                with pytest.raises(CaseUnusable, match="only be read"):
                    other.keyring.incident_key(life.case.case_id)
            with pytest.raises(CaseUnusable, match="Read-only file system"):
                back_up(life.case, read_only / "backup", life.clock.now())
            with pytest.raises(CaseUnusable, match="Read-only file system"):
                export(life, read_only / "pack")
            assert life.case.log.position() == before
            assert problems(life) == ()
    finally:
        subprocess.run(["umount", "-l", read_only], check=True)


# --- Two at once ---

WRITER = """
import sys
from pathlib import Path
from uuid import UUID
from incident.casefile import open_case
with open_case(Path(sys.argv[1]), "dana", sys.argv[3]) as case:
    for number in range(20):
        case.blobs.put(f"{sys.argv[2]} {number}".encode() * 999)
        case.blobs.put(f"both {number}".encode() * 999)
        print(case.keyring.incident_key(UUID(int=number + 1)).hex())
"""


def test_two_processes_share_documents_and_keys(path: Path):
    runs = [
        subprocess.Popen([sys.executable, "-c", WRITER, path, name, PASSPHRASE], stdout=subprocess.PIPE, text=True)
        for name in ("a", "b")
    ]
    told = [run.communicate(timeout=60)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert told[0] == told[1]
    assert len(set(told[0].split())) == 20
    with opened(path) as life:
        found = verify_case(life.case)
        assert found.problems == ()
        assert any("60 files that no entry speaks of" in note for note in found.notes)

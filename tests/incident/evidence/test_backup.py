"""A backup taken while people work is a whole case; a restored older copy is told apart from a newer one."""

import io
import sqlite3
import tarfile
import threading
from datetime import UTC
from pathlib import Path

import pytest

from incident import backup as backups
from incident.backup import back_up, restore
from incident.casefile import open_case
from incident.errors import CaseUnusable, InvalidInput
from incident.events import RosterOpened
from incident.log.chain import read_checkpoint
from incident.verification import verify_case
from tests.incident.evidence.life import NAMES, PASSPHRASE, ROSTER, Life, opened


def taken(life: Life, tmp_path: Path) -> Path:
    back_up(life.case, tmp_path / "case.backup", life.clock.now())
    return tmp_path / "case.backup"


def test_what_is_put_back_is_the_case(life: Life, tmp_path: Path):
    kept = life.case.log.checkpoint()
    told, problems = restore(taken(life, tmp_path), tmp_path / "restored")
    assert problems == ()
    assert (told.count, told.code, told.taken_at) == (kept.count, kept.code, life.clock.now())
    assert told.taken_at.tzinfo is UTC
    with opened(tmp_path / "restored") as again:
        found = verify_case(again.case, str(kept))
        assert found.problems == found.notes == ()
        roster = again.dana.queries.rosters(again.incident_id)[0].id
        assert again.vault.person(roster, 2).person.family_name == "Quillfeather"
        assert again.dana.queries.timeline() == life.dana.queries.timeline()
        again.dana.incidents.log_action(again.incident_id, "Work goes on")
    open_case(tmp_path / "restored", "priya", PASSPHRASE).close()


def test_it_needs_no_passphrase_and_tells_nothing(life: Life, tmp_path: Path):
    content = taken(life, tmp_path).read_bytes()
    for word in (*NAMES, "Lakeshore", "Phished", "dana", PASSPHRASE):
        assert word.encode() not in content
    assert (tmp_path / "case.backup").stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case", "case.backup"]


def test_an_older_backup_is_recognized_as_older(life: Life, tmp_path: Path):
    file, ends = taken(life, tmp_path), life.case.log.position()
    life.dana.incidents.log_action(life.incident_id, "Later")
    kept = life.case.log.checkpoint()
    for form in (str(kept), kept.code):
        folder = tmp_path / form[:4]
        _, problems = restore(file, folder, read_checkpoint(form))
        assert len(problems) == 1
        assert f"the log ends at #{ends}: its end was cut off, or this is an older copy" in problems[0]
        with opened(folder) as older:
            assert "older copy" in verify_case(older.case, form).problems[0]


def test_a_backup_while_people_are_imported_and_entries_are_written_is_whole(life: Life, tmp_path: Path):
    stop = threading.Event()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with opened(life.path) as other:
                for number in range(1000):
                    if stop.is_set():
                        return
                    other.dana.incidents.attach_evidence(other.other_id, f"{number}.txt", str(number).encode())
                    file = tmp_path / f"{number}.csv"
                    file.write_text(ROSTER.replace("Elm St", f"Elm St {number}"))
                    other.dana.rosters.import_file(other.other_id, file)
        except BaseException as error:  # the test must hear of it
            failures.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for number in range(4):
            back_up(life.case, tmp_path / f"{number}.backup", life.clock.now())
    finally:
        stop.set()
        worker.join()
    assert failures == []
    counts = []
    for number in range(4):
        counts.append(restore(tmp_path / f"{number}.backup", tmp_path / f"r{number}")[0].count)
        with open_case(tmp_path / f"r{number}", "dana", PASSPHRASE) as case:
            assert verify_case(case).problems == ()
    assert counts == sorted(counts)
    assert any(isinstance(entry.event, RosterOpened) for _, entry in life.case.log.read(after=counts[0]))


def test_a_broken_chain_is_not_healed_by_a_backup(life: Life, tmp_path: Path):
    with sqlite3.connect(life.path / "log.db") as raw:
        raw.execute("UPDATE links SET hash = zeroblob(32) WHERE sequence = 5")
        raw.execute("UPDATE entries SET topic = 'incident.closed' WHERE position = 9")
    with pytest.raises(CaseUnusable, match="chain of the log is broken"):
        taken(life, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case"]


def test_a_place_that_is_taken_is_left_as_it_is(life: Life, tmp_path: Path):
    file = taken(life, tmp_path)
    before = file.read_bytes()
    with pytest.raises(InvalidInput, match="there already"):
        taken(life, tmp_path)
    assert file.read_bytes() == before
    with pytest.raises(InvalidInput, match="there already"):
        restore(file, life.path)
    with pytest.raises(InvalidInput, match="not a folder"):
        back_up(life.case, tmp_path / "nowhere" / "x", life.clock.now())


def members(file: Path) -> list[tuple[str, bytes]]:
    with tarfile.open(file) as tar:
        return [(member.name, tar.extractfile(member).read()) for member in tar]


def written(file: Path, content: list[tuple[str, bytes]]) -> Path:
    with tarfile.open(file, "w") as tar:
        for name, each in content:
            member = tarfile.TarInfo(name)
            member.size = len(each)
            tar.addfile(member, io.BytesIO(each))
    return file


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c[:-1], "cut short"),
        (lambda c: c[1:], "case.json missing or not as listed"),
        (lambda c: [(name, each[:-1]) if name == "keys.db" else (name, each) for name, each in c], "keys.db missing"),
        (lambda c: [("../outside", b"x"), *c], r"holds '\.\./outside'"),
        (lambda c: [("blobs/../../x", b"x"), *c], "not a backup of a case"),
        (lambda c: [("added.db", b"x"), *c], "holds 'added.db'"),
        (lambda c: [*c, ("vault.db", b"x")], "not a backup of a case"),
        (lambda c: [c[0], *c], "File exists"),
        (lambda c: [(n, e.replace(b'"format":1', b'"format":9')) for n, e in c], "newer version"),
        (lambda _: [], "cut short"),
    ],
)
def test_a_backup_that_was_changed_is_refused_and_leaves_nothing(life: Life, tmp_path: Path, change, said: str):
    content = members(taken(life, tmp_path))
    file = written(tmp_path / "changed", change(content))
    with pytest.raises(CaseUnusable, match=said):
        restore(file, tmp_path / "restored")
    assert not (tmp_path / "restored").exists()
    assert not (tmp_path / "outside").exists()


def test_what_is_no_backup_is_named(tmp_path: Path, life: Life):
    file = taken(life, tmp_path)
    (tmp_path / "short").write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    (tmp_path / "text").write_text("hello")
    for name in ("short", "text"):
        with pytest.raises(CaseUnusable, match=name):
            restore(tmp_path / name, tmp_path / "restored")
    with pytest.raises(CaseUnusable, match="cannot be restored to"):
        restore(tmp_path / "missing", tmp_path / "restored")


def test_a_log_that_is_not_the_listed_one_is_refused(life: Life, tmp_path: Path):
    """The list is not secret: somebody could write a matching one. The chain still has to hold."""
    content = dict(members(taken(life, tmp_path)))
    older = content["backup.json"].replace(b'"head":"', b'"head":"00')
    with pytest.raises(CaseUnusable, match="damaged"):
        restore(written(tmp_path / "x", [*list(content.items())[:-1], ("backup.json", older)]), tmp_path / "restored")


def test_a_full_disk_is_named_and_leaves_nothing(life: Life, tmp_path: Path, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups._Writer, "add", full)
    with pytest.raises(CaseUnusable, match="No space left on device"):
        taken(life, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case"]

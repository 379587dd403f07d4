"""A rendering that breaks off goes on from where it was, and ends as if it never had."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from incident.blobs import SealedBlobStore
from incident.unfinished import note_name, read_unfinished
from notices import production
from notices.bulk import Tally
from notices.engines import engine
from notices.manifest import Manifest, encoded, kept_files, letters, read_manifest, segments
from notices.production import ProductionCancelled, produce_letters
from tests.notices import interrupted_run
from tests.notices.interrupted_run import CONTENT, NOTICE, blobs_in, people, produce
from tests.notices.samples import letter

COUNT = 90
SCRIPT = Path(interrupted_run.__file__)


@pytest.fixture(autouse=True)
def _small_units(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(production, "UNIT_FILES", 2)
    monkeypatch.setattr(production, "BATCH", 5)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[SealedBlobStore, Manifest]:
    """The same rendering without a break."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(production, "UNIT_FILES", 2)
        patch.setattr(production, "BATCH", 5)
        blobs = blobs_in(tmp_path_factory.mktemp("whole"))
        return blobs, produce_letters(letter(), CONTENT, people(COUNT), engine(), blobs.put)


def printed_by(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The rows that are printed from now on."""
    rows: list[int] = []
    add = Tally.add

    def counted(self, printed):
        rows.extend(each.row for each in getattr(printed, "letters", ()))
        add(self, printed)

    monkeypatch.setattr(Tally, "add", counted)
    return rows


def stopped_after(rows: int):
    seen = {"rows": 0}

    def progress(reached) -> None:
        seen["rows"] = reached.rows

    return {"progress": progress, "cancelled": lambda: seen["rows"] >= rows}


def nothing_lies_about(blobs: SealedBlobStore, manifest: Manifest) -> bool:
    known = {sha256 for _, sha256, _ in kept_files(manifest, blobs.get)}
    return blobs.strays(known, [note_name(NOTICE)]) == 0


def test_the_list_of_a_long_rendering_stands_in_segments_and_a_short_one_in_the_manifest(whole) -> None:
    blobs, manifest = whole
    assert len(manifest.segments) > 5
    assert sum(each.letters for each in manifest.segments) + sum(len(each.letters) for each in manifest.files) == 85
    found = [letter.code for _, letter in letters(manifest, blobs.get)]
    left = [row.code for segment in segments(manifest, blobs.get) for row in segment.excluded]
    assert sorted(found + left) == [row.code for row in people(COUNT)]
    assert manifest.rows == manifest.documents + sum(manifest.left_out.values()) == COUNT
    assert manifest.left_out == {"no sufficient address is known": 5}
    short = produce_letters(letter(), CONTENT, people(1), engine(), blobs.put)
    assert (short.segments, sum(len(file.letters) for file in short.files)) == ((), 1)


@pytest.mark.parametrize("workers", [0, 2])
def test_finished_letters_are_not_printed_again_and_the_end_is_the_same(whole, workers, tmp_path, monkeypatch) -> None:
    blobs = blobs_in(tmp_path)
    with pytest.raises(ProductionCancelled):
        produce(blobs, letter(), people(COUNT), workers=workers, **stopped_after(45))
    finished = read_unfinished(blobs, NOTICE)
    assert finished.letters >= 30
    again, reached = printed_by(monkeypatch), []
    manifest = produce(blobs, letter(), people(COUNT), workers=workers, progress=reached.append)
    assert encoded(manifest) == encoded(whole[1])
    assert len(again) == manifest.documents - finished.letters
    assert reached[-1].rows == COUNT
    assert reached[-1].resumed == sum(part.rows for part in finished.parts)
    assert nothing_lies_about(blobs, manifest)


def test_a_row_that_changed_meanwhile_is_printed_anew_and_the_others_are_not(tmp_path_factory, monkeypatch) -> None:
    blobs, fresh = (blobs_in(tmp_path_factory.mktemp(name)) for name in ("broken", "fresh"))
    with pytest.raises(ProductionCancelled):
        produce(blobs, letter(), people(COUNT), workers=0, **stopped_after(60))
    finished = read_unfinished(blobs, NOTICE).letters
    again = printed_by(monkeypatch)
    manifest = produce(blobs, letter(), people(COUNT, moved=3), workers=0)
    assert manifest.documents - finished < len(again) <= manifest.documents - finished + 10
    expected = produce_letters(letter(), CONTENT, people(COUNT, moved=3), engine(), fresh.put)
    assert encoded(manifest) == encoded(expected)


def test_other_words_are_printed_for_everybody(tmp_path, monkeypatch) -> None:
    blobs = blobs_in(tmp_path)
    with pytest.raises(ProductionCancelled):
        produce(blobs, letter(), people(40), workers=0, **stopped_after(30))
    monkeypatch.setattr(interrupted_run, "CONTENT", "d" * 64)
    again = printed_by(monkeypatch)
    assert produce(blobs, letter(), people(40), workers=0).documents == len(again)


def test_a_finished_part_of_which_a_file_is_missing_is_printed_again(whole, tmp_path, monkeypatch) -> None:
    blobs = blobs_in(tmp_path)
    with pytest.raises(ProductionCancelled):
        produce(blobs, letter(), people(COUNT), workers=0, **stopped_after(45))
    noted = read_unfinished(blobs, NOTICE)
    gone = next(sha256 for sha256 in noted.files(blobs.get) if sha256 not in {part.sha256 for part in noted.parts})
    blobs.discard(gone)
    again = printed_by(monkeypatch)
    manifest = produce(blobs, letter(), people(COUNT), workers=0)
    assert encoded(manifest) == encoded(whole[1])
    assert len(again) > manifest.documents - noted.letters
    assert all(sha256 in blobs for _, sha256, _ in kept_files(manifest, blobs.get))


def test_a_note_that_was_altered_counts_as_none(tmp_path) -> None:
    blobs = blobs_in(tmp_path)
    with pytest.raises(ProductionCancelled):
        produce(blobs, letter(), people(40), workers=0, **stopped_after(30))
    (path,) = [each for each in tmp_path.rglob("*") if each.name == blobs._note_name(note_name(NOTICE))]
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert read_unfinished(blobs, NOTICE) is None
    assert b"dana" not in path.read_bytes()


def run(folder: Path, workers: int, *more: object) -> subprocess.Popen[str]:
    command = [sys.executable, str(SCRIPT), *map(str, (folder, COUNT, workers, *more))]
    environment = {**os.environ, "PYTHONPATH": str(SCRIPT.parents[2])}
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment
    )
    process.stdin.write(msgspec.json.encode(letter()).decode())
    process.stdin.close()
    assert process.stdout.readline() == "ready\n"
    return process


def loose_ends(blobs: SealedBlobStore, folder: Path, manifest: Manifest) -> int:
    """What lies in the store that neither the note nor, where it came to that, the manifest speaks of."""
    noted = read_unfinished(blobs, NOTICE)
    known = set(noted.files(blobs.get)) if noted is not None else set()
    known.add(hashlib.sha256(encoded(manifest)).hexdigest())
    return blobs.strays(known, [note_name(NOTICE)]) - len(list(folder.rglob("*.partial")))


def test_a_rendering_that_was_killed_goes_on_where_it_was(whole, tmp_path) -> None:
    """Killed before one write after another: every file is named whatever the moment, and the end is the same."""
    chance, blobs = random.Random(20), blobs_in(tmp_path)
    deaths = 0
    while True:
        with run(tmp_path, 0, chance.randrange(3, 20)) as process:
            said = process.stdout.read()
        assert loose_ends(blobs, tmp_path, whole[1]) == 0
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL
        deaths += 1
    assert said.endswith("done\n")
    assert deaths > 1
    manifest = read_manifest(blobs.get, hashlib.sha256(encoded(whole[1])).hexdigest())
    assert manifest == whole[1]
    assert all(sha256 in blobs for _, sha256, _ in kept_files(manifest, blobs.get))


def test_helper_processes_end_with_the_one_that_was_killed(whole, tmp_path) -> None:
    with run(tmp_path, 2) as process:
        assert any(line.strip().isdigit() for line in process.stdout)
        found = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=True
        )
        helpers = [int(each) for each in found.stdout.split()]
        assert len(helpers) >= 2
        process.send_signal(signal.SIGKILL)
    for _ in range(100):
        if not any(Path(f"/proc/{each}").exists() for each in helpers):
            break
        time.sleep(0.05)
    else:
        raise AssertionError("helper processes outlive the one that was killed")
    assert loose_ends(blobs_in(tmp_path), tmp_path, whole[1]) == 0
    assert encoded(produce(blobs_in(tmp_path), letter(), people(COUNT), workers=0)) == encoded(whole[1])

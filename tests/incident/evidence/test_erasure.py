"""An erased person is gone from every byte of the folder; log, proofs, checkpoints and packs stay valid."""

import sqlite3
from pathlib import Path

import pytest

from incident.backup import back_up, restore
from incident.evidence.checkpoints import take_checkpoint
from incident.roster.commitments import verify as proves
from incident.roster.record import Status
from incident.verification import verify_case
from tests.incident.evidence.life import Life, export
from tests.incident.evidence.test_pack import lines
from verifier.verify_evidence import examine

ROW = 2
"""Ambrosine Quillfeather."""


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def sealed_bytes(path: Path, life: Life, row: int) -> list[bytes]:
    """What is stored of a person: the envelope, the wrapped key, and the entries of the word index."""
    with sqlite3.connect(path / "vault.db") as raw:
        found = raw.execute(
            "SELECT envelope, wrapped_key FROM sealed WHERE id & ? = ?", ((1 << 40) - 1, row)
        ).fetchone()
        words = raw.execute("SELECT entries FROM word_index").fetchall()
    entries = [each[at : at + 13] for (each,) in words for at in range(0, len(each), 13)]
    return [*found, *(entry for entry in entries if int.from_bytes(entry[8:], "big") == row)]


@pytest.fixture
def roster(life: Life):
    return life.dana.queries.rosters(life.incident_id)[0].id


def test_nothing_of_the_person_is_left_in_any_file_even_while_the_case_is_open(life: Life, roster, path: Path):
    stored = sealed_bytes(path, life, ROW)
    assert len(stored) >= 5
    whole = on_disk(path)
    for each in stored:
        assert each in whole
    life.dana.rosters.erase(roster, ROW, "the person asked for it")
    left = on_disk(path)
    for each in stored:
        assert each not in left
        assert each[:12] not in left or len(each) == 13  # the nonce, too; a row number alone may stand elsewhere
    other = sealed_bytes(path, life, 3)
    assert all(each in left for each in other)


def test_everything_that_proves_goes_on_proving(life: Life, roster, tmp_path: Path):
    _, kept = take_checkpoint(life.case, life.clock.now())
    number, before = life.vault.prove(roster, ROW)
    receipt = life.dana.rosters.erase(roster, ROW, "the person asked for it")
    assert life.vault.person(roster, ROW).status is Status.ERASED
    assert verify_case(life.case, kept).problems == ()
    root = bytes.fromhex(life.vault.segments(roster)[number - 1].merkle_root)
    assert life.vault.prove(roster, ROW) == (number, before)
    assert proves(before, root)

    export(life, tmp_path / "pack")
    assert examine(tmp_path / "pack", checkpoint=kept).problems == []
    (line,) = (each for each in lines(tmp_path / "pack", "events.jsonl") if each["position"] == receipt.position)
    assert (line["topic"], line["event"]["row"], line["event"]["was"]) == ("roster.recipient_erased", ROW, "accepted")
    assert line["because"] == "the person asked for it"


def test_a_backup_made_afterwards_holds_nothing_of_the_person(life: Life, roster, path: Path, tmp_path: Path):
    stored = sealed_bytes(path, life, ROW)
    back_up(life.case, tmp_path / "before", life.clock.now())
    life.dana.rosters.erase(roster, ROW, "the person asked for it")
    back_up(life.case, tmp_path / "after", life.clock.now())
    before, after = ((tmp_path / name).read_bytes() for name in ("before", "after"))
    for each in stored:
        assert each in before  # which is why backups are to be kept no longer than they are needed
        assert each not in after
    restore(tmp_path / "after", tmp_path / "restored")


def test_a_destroyed_incident_key_leaves_the_log_whole_and_says_that_the_people_are_gone(
    life: Life, roster, tmp_path: Path
):
    """The last resort against copies of the vault: whatever holds the envelopes, nothing opens them."""
    life.case.keyring.destroy_incident_key(life.incident_id)
    problems = verify_case(life.case).problems
    assert len(problems) == 1
    assert "was destroyed: its people cannot be read" in problems[0]
    with pytest.raises(Exception, match="was destroyed"):
        life.vault.person(roster, ROW)

"""What somebody kept outside tells a cut, an older copy and a rewrite from the log they saw; nothing else does."""

import shutil
import sqlite3
from pathlib import Path

import msgspec
import pytest

from incident.errors import InvalidInput
from incident.events import DecisionMade
from incident.evidence.checkpoints import public_key, take_checkpoint
from incident.log import chain
from incident.log.checkpoints import read_signed_checkpoint, sign_note
from incident.log.mapper import SealedMapper
from incident.verification import verify_case
from tests.incident.evidence.life import Life, export, opened
from verifier.verify_evidence import CannotCheckError, examine


@pytest.fixture
def copy(lived: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(lived, tmp_path / "case"))


@pytest.fixture
def life(copy: Path):
    with opened(copy) as life:
        yield life


def kept_of(life: Life) -> dict[str, str]:
    """A checkpoint in every form in which it can be kept."""
    tree, note = take_checkpoint(life.case, life.clock.now())
    return {"file": note, "mailed": note.replace("\n", "\r\n"), "code": tree.code,
            "hex": f"{tree.count}:{tree.head.hex()}"}  # fmt: skip


def both(life: Life, pack: Path, forms: dict[str, str]) -> list[tuple[str, ...]]:
    """What `breach verify` and the verifier find against each form of a checkpoint."""
    if not pack.exists():
        export(life, pack)
    return [
        (*verify_case(life.case, kept).problems, *examine(pack, checkpoint=kept).problems) for kept in forms.values()
    ]


def test_a_log_that_grew_is_still_the_one_that_was_kept(life: Life, tmp_path: Path):
    kept = kept_of(life)
    life.dana.incidents.log_action(life.incident_id, "Later")
    assert both(life, tmp_path / "pack", kept) == [()] * 4
    assert any("this is the same log" in line for line in examine(tmp_path / "pack", checkpoint=kept["file"]).checked)


def test_an_older_copy_is_named(life: Life, copy: Path, tmp_path: Path):
    life.close()
    shutil.copytree(copy, tmp_path / "older")
    with opened(copy) as newer:
        newer.dana.incidents.log_action(newer.incident_id, "Later")
        kept = kept_of(newer)
    with opened(tmp_path / "older") as older:
        found = both(older, tmp_path / "pack", kept)
    for ours, theirs in found:
        assert "older copy" in ours
        assert "made from an older copy" in theirs


def test_a_cut_tail_is_named(life: Life, copy: Path, tmp_path: Path):
    kept = kept_of(life)
    life.close()
    with sqlite3.connect(copy / "log.db") as raw:
        (last,) = raw.execute("SELECT max(position) FROM entries").fetchone()
        raw.execute("DELETE FROM entries WHERE position > ?", (last - 2,))
        raw.execute("DELETE FROM links WHERE sequence > ?", (last - 2,))
    with opened(copy) as cut:
        assert verify_case(cut.case).problems == ()
        found = both(cut, tmp_path / "pack", kept)
    for problems in found:
        assert len(problems) == 2
        assert all("its end was cut off" in problem for problem in problems)


def rewrite(copy: Path, life: Life) -> None:
    """What somebody with the keys can do: say something else, and chain everything after it anew."""
    mapper = SealedMapper(life.case.keyring.key("log"))
    position, entry = next(row for row in life.case.log.read() if isinstance(row[1].event, DecisionMade))
    forged = mapper.to_stored_event(msgspec.structs.replace(entry, event=DecisionMade(decision="do_not_notify"))).state
    case_id = life.case.case_id
    life.close()
    with sqlite3.connect(copy / "log.db") as raw:
        raw.execute("UPDATE entries SET state = ? WHERE position = ?", (forged, position))
        raw.execute("DELETE FROM links WHERE sequence > 0")
        head = chain.start(case_id)
        query = "SELECT position, originator_id, originator_version, topic, state FROM entries ORDER BY position"
        for place, stream, version, topic, state in raw.execute(query).fetchall():
            content = chain.content_hash(topic.encode(), state)
            head = chain.link(head, place, stream=stream, version=version, content=content)
            raw.execute("INSERT INTO links VALUES (?, ?)", (place, head))


def test_a_suffix_rewritten_to_the_same_length_is_named(life: Life, copy: Path, tmp_path: Path):
    kept = kept_of(life)
    rewrite(copy, life)
    with opened(copy) as forged:
        assert verify_case(forged.case).problems == ()
        export(forged, tmp_path / "pack")
        assert examine(tmp_path / "pack").problems == []
        found = both(forged, tmp_path / "pack", kept)
    for problems in found:
        assert len(problems) == 2
        assert all("was rewritten and chained anew" in problem for problem in problems)


def test_a_checkpoint_of_another_case_or_of_nobody_is_named(life: Life, tmp_path: Path):
    _, note = take_checkpoint(life.case, life.clock.now())
    name = note.splitlines()[0]
    other = name[:-12] + "0" * 12
    text = note.rpartition("\n\n")[0] + "\n"
    strange = sign_note(text.replace(name, other), other, life.case.keyring.signing_key())
    altered = note.replace("time 20", "time 19")
    found = both(life, tmp_path / "pack", {"is of another case": strange, "not signed": altered})
    for problems, words in zip(found, ("is of another case", "not signed"), strict=True):
        assert len(problems) == 2
        assert all(words in problem for problem in problems)


def test_a_checkpoint_says_what_the_log_was(life: Life):
    tree, note = take_checkpoint(life.case, life.clock.now())
    read, signed = read_signed_checkpoint(note)
    assert read == tree
    assert (read.count, read.head) == (life.case.log.position(), life.case.log.checkpoint().head)
    assert signed.is_signed_by(f"breach-case/{life.case.case_id}", life.case.public_key)
    assert not signed.is_signed_by("breach-case/other", life.case.public_key)
    assert not signed.is_signed_by(f"breach-case/{life.case.case_id}", bytes(32))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("7Q2K", "neither a file"),
        ("0" * 28, "have it read out again"),
        ("a\nb\n", "it"),
        ("one\ntwo\n\n\u2014 name AAAA\n", "no signature"),
    ],
)
def test_a_mistyped_checkpoint_is_no_accusation(made: Path, life: Life, given: str, said: str):
    with pytest.raises(CannotCheckError, match=said):
        examine(made, checkpoint=given)
    with pytest.raises(InvalidInput):
        verify_case(life.case, given)


def test_a_key_that_is_none_is_no_accusation(made: Path, life: Life):
    for given in ("x", "a+b+c", public_key(life.case)[:-8] + "AAAAAAA="):
        with pytest.raises(CannotCheckError, match="--key"):
            examine(made, key=given)
    assert examine(made, key=public_key(life.case)).problems == []

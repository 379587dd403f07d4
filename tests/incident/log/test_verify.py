"""Every way to tamper with a stored log is found and named."""

import hashlib
import shutil
import sqlite3
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import msgspec
import psycopg
import pytest

from incident.errors import CaseUnusable, NotFound
from incident.events import ActionLogged, EvidenceAttached, FilingSubmitted, NoticeRendered, RenderedFile
from incident.events.documents import documents
from incident.log import chain
from incident.log.application import CaseLog
from incident.log.chain import read_checkpoint
from incident.log.database import sqlite_url
from incident.log.mapper import SealedMapper
from incident.log.merkle import Frontier
from incident.log.problems import Problems
from incident.log.verify import check_chain, verify

KEY = bytes(range(32))
CASE = UUID(int=99)
STREAM, OTHER = UUID(int=7), UUID(int=8)


class Blobs:
    """A blob store in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, content):
        sha256 = hashlib.sha256(content).hexdigest()
        self.kept[sha256] = content
        return sha256

    def get(self, sha256):
        if sha256 not in self.kept:
            raise NotFound("missing")
        return self.kept[sha256]

    def __contains__(self, sha256):
        return sha256 in self.kept


@pytest.fixture
def path(tmp_path, entry):
    """A log of ten entries in two streams."""
    path = tmp_path / "log.db"
    with CaseLog(sqlite_url(str(path)), key=KEY, case_id=CASE, create=True) as log:
        for version in range(1, 6):
            log.append([entry(version), entry(version, stream=OTHER)])
    return path


def verified(path, checkpoint=None, *, key=KEY, blobs=None):
    anchor = read_checkpoint(str(checkpoint)) if checkpoint else None
    with CaseLog(sqlite_url(str(path)), key=key, case_id=CASE) as log:
        return verify(log.recorder, mapper=log.mapper, blobs=blobs or Blobs(), checkpoint=anchor)


def checkpoint_of(path):
    with CaseLog(sqlite_url(str(path)), key=KEY, case_id=CASE) as log:
        return log.checkpoint()


def change(path, *statements):
    with sqlite3.connect(path) as raw:
        for statement in statements:
            raw.execute(*((statement,) if isinstance(statement, str) else statement))


def chain_anew(path):
    """What a forger does who knows how the chain is made."""
    with sqlite3.connect(path) as raw:
        raw.execute("DELETE FROM links WHERE sequence > 0")
        head = chain.start(CASE)
        query = "SELECT position, originator_id, originator_version, topic, state FROM entries ORDER BY position"
        for position, stream, version, topic, state in raw.execute(query).fetchall():
            content = chain.content_hash(topic.encode(), state)
            head = chain.link(head, position, stream=stream, version=version, content=content)
            raw.execute("INSERT INTO links VALUES (?, ?)", (position, head))


def test_a_whole_log_has_no_problem(path):
    found = verified(path, checkpoint_of(path))
    assert found.ok
    assert found.problems == ()
    assert (found.count, found.head, found.code) == (
        10,
        checkpoint_of(path).head.hex(),
        checkpoint_of(path).code,
    )


def test_an_empty_log_has_no_problem(tmp_path):
    url = sqlite_url(str(tmp_path / "log.db"))
    with CaseLog(url, key=KEY, case_id=CASE, create=True) as log:
        empty = log.checkpoint()
    assert verified(tmp_path / "log.db", empty).ok


def test_a_log_that_grew_since_the_checkpoint_has_no_problem(path, entry):
    before = checkpoint_of(path)
    with CaseLog(sqlite_url(str(path)), key=KEY, case_id=CASE) as log:
        log.append([entry(6)])
    for kept in (str(before), before.code):
        assert verified(path, kept).ok


BROKEN_AT_4 = "#4: the chain is broken here: the entry or its link was changed"


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE entries SET state = zeroblob(length(state)) WHERE position = 4", BROKEN_AT_4),
        ("UPDATE entries SET state = substr(state, 1, 40) WHERE position = 4", BROKEN_AT_4),
        ("UPDATE entries SET topic = 'incident.action_corrected' WHERE position = 4", BROKEN_AT_4),
        ("UPDATE entries SET originator_version = 9 WHERE position = 4", BROKEN_AT_4),
        (("UPDATE entries SET originator_id = ? WHERE position = 4", (bytes(16),)), BROKEN_AT_4),
        (
            ("UPDATE entries SET originator_id = ? WHERE position = 4", (OTHER.bytes + b"\0",)),
            "#4: is not stored in the",
        ),
        ("UPDATE entries SET position = 400 WHERE position = 4", "#4: missing"),
        ("UPDATE entries SET position = -4 WHERE position = 4", "#-4: stands before the beginning"),
        ("UPDATE links SET hash = zeroblob(32) WHERE sequence = 4", BROKEN_AT_4),
        ("UPDATE links SET hash = zeroblob(31) WHERE sequence = 4", BROKEN_AT_4),
        ("UPDATE links SET sequence = -4 WHERE sequence = 4", "#4: the chain is broken here: it has no link"),
        ("UPDATE links SET sequence = -4 WHERE sequence = 4", "the chain has 1 links before its beginning"),
        ("DELETE FROM links WHERE sequence = 4", "#4: the chain is broken here: it has no link"),
        ("DELETE FROM entries WHERE position = 1", "#1: missing"),
        ("DELETE FROM entries WHERE position = 4", "#4: missing"),
        ("DELETE FROM entries WHERE position BETWEEN 4 AND 6", "#4 to #6: missing"),
        ("DELETE FROM entries WHERE position > 8", "#9 to #10: missing: the chain goes on, but the entries do not"),
        ("DELETE FROM entries", "#1 to #10: missing: the chain goes on, but the entries do not"),
        (
            ("INSERT INTO entries VALUES (11, ?, 6, 'incident.action_logged', zeroblob(50))", (STREAM.bytes,)),
            "#11: the chain is broken here: it has no link",
        ),
    ],
)
def test_a_change_of_the_tables_is_found_and_named(path, statement, named):
    change(path, statement)
    problems = verified(path).problems
    assert any(named in problem for problem in problems), problems


def test_swapped_ciphertexts_are_named_at_both_places(path):
    with sqlite3.connect(path) as raw:
        one, two = (state for (state,) in raw.execute("SELECT state FROM entries WHERE position IN (3, 5)"))
    change(
        path,
        ("UPDATE entries SET state = ? WHERE position = 3", (two,)),
        ("UPDATE entries SET state = ? WHERE position = 5", (one,)),
    )
    problems = verified(path).problems
    for number in (3, 5):
        assert any(problem.startswith(f"#{number}: the chain is broken") for problem in problems)
        assert any(problem.startswith(f"#{number}: cannot be read") for problem in problems)


def test_swapped_and_chained_anew_the_entries_themselves_still_tell(path):
    with sqlite3.connect(path) as raw:
        one, two = (state for (state,) in raw.execute("SELECT state FROM entries WHERE position IN (3, 5)"))
    change(
        path,
        ("UPDATE entries SET state = ? WHERE position = 3", (two,)),
        ("UPDATE entries SET state = ? WHERE position = 5", (one,)),
    )
    chain_anew(path)
    told = "cannot be read: it was altered or moved, or sealed with another key"
    assert verified(path).problems == (f"#3: {told}", f"#5: {told}")


def test_entries_put_in_another_order_and_chained_anew_no_longer_count_up(path):
    change(
        path,
        "UPDATE entries SET position = 0 WHERE position = 3",
        "UPDATE entries SET position = 3 WHERE position = 5",
        "UPDATE entries SET position = 5 WHERE position = 0",
    )
    chain_anew(path)
    problems = verified(path).problems
    assert "#3: version 3 stands where version 2 of its stream belongs" in problems
    assert "#5: version 2 stands where version 4 of its stream belongs" in problems


def test_a_cut_tail_shows_against_a_checkpoint_only(path):
    kept = checkpoint_of(path)
    change(path, "DELETE FROM entries WHERE position > 8", "DELETE FROM links WHERE sequence > 8")
    assert verified(path).ok
    for checkpoint in (kept, kept.code):
        assert (
            "the log ends at #8: its end was cut off, or this is an older copy"
            in verified(path, checkpoint).problems[0]
        )


def test_a_log_emptied_with_its_chain_shows_against_a_checkpoint(path):
    kept = checkpoint_of(path)
    change(path, "DELETE FROM entries", "DELETE FROM links WHERE sequence > 0")
    assert "the log ends at #0" in verified(path, kept).problems[0]


def test_an_older_copy_shows_against_a_checkpoint(path, entry, tmp_path):
    shutil.copy(path, tmp_path / "older.db")
    with CaseLog(sqlite_url(str(path)), key=KEY, case_id=CASE) as log:
        log.append([entry(6)])
    assert "older copy" in verified(tmp_path / "older.db", checkpoint_of(path)).problems[0]


def test_a_suffix_rewritten_by_somebody_with_the_key_shows_against_a_checkpoint(path, entry):
    """The same length, every entry readable, the chain whole: only what was kept outside tells."""
    kept = checkpoint_of(path)
    forged = SealedMapper(KEY).to_stored_event(entry(5, text="Nothing happened")).state
    change(path, ("UPDATE entries SET state = ? WHERE position = 9", (forged,)))
    chain_anew(path)
    assert verified(path).ok
    for checkpoint in (kept, kept.code):
        problems = verified(path, checkpoint).problems
        assert len(problems) == 1
        assert "something up to #10 was rewritten and chained anew" in problems[0]


def test_a_rewritten_suffix_that_goes_on_shows_too(path, entry):
    kept = checkpoint_of(path)
    forged = SealedMapper(KEY).to_stored_event(entry(5, text="Nothing happened")).state
    change(path, ("UPDATE entries SET state = ? WHERE position = 9", (forged,)))
    chain_anew(path)
    with CaseLog(sqlite_url(str(path)), key=KEY, case_id=CASE) as log:
        log.append([entry(6)])
    assert "rewritten" in verified(path, kept).problems[0]


def test_a_checkpoint_with_a_root_holds_the_tree_to_it(path, entry):
    kept = checkpoint_of(path)
    with CaseLog(sqlite_url(str(path)), key=KEY, case_id=CASE) as log:
        root = Frontier(log.recorder.links(kept.count)).root
        log.append([entry(6)])
        for claimed, problems in ((root, 0), (bytes(32), 1)):
            anchor = replace(read_checkpoint(str(kept)), root=claimed)
            found = verify(log.recorder, mapper=log.mapper, blobs=Blobs(), checkpoint=anchor).problems
            assert len(found) == problems
            assert all("rewritten and chained anew" in problem for problem in found)


def test_a_clock_that_was_set_back_is_a_note_and_loses_nothing(path, entry):
    later = entry(1).recorded_at
    with CaseLog(sqlite_url(str(path)), key=KEY, case_id=CASE) as log:
        log.append([entry(6, recorded_at=later + timedelta(days=400))])  # the clock ran ahead
        log.append([entry(7, recorded_at=later), entry(8, recorded_at=later - timedelta(minutes=9))])
        assert [position for position, _ in log.read(after=10)] == [11, 12, 13]
    found = verified(path)
    assert found.ok
    assert len(found.notes) == 1  # a few minutes between two machines are not worth a word
    assert found.notes[0].startswith("#12 says it was recorded at 2026-11-20 22:17 UTC, before #11 at 2027-12-25 22:17")


def test_the_wrong_key_is_one_sentence_and_the_chain_holds(path):
    problems = verified(path, key=bytes(32)).problems
    assert problems == ("#1 to #10: cannot be read: it was altered or moved, or sealed with another key",)
    with CaseLog(sqlite_url(str(path)), key=bytes(32), case_id=CASE) as log:
        assert check_chain(log.recorder).ok


def test_an_unknown_topic_is_named(path, entry):
    class Later(ActionLogged, frozen=True, kw_only=True):
        TOPIC = "incident.invented_later"

    later = SealedMapper(KEY, events=[Later])
    stored = later.to_stored_event(entry(6, event=Later(text="x")))
    row = (STREAM.bytes, 6, stored.topic, stored.state)
    change(path, ("INSERT INTO entries VALUES (11, ?, ?, ?, ?)", row))
    chain_anew(path)
    assert verified(path).problems == (
        "#11: cannot be read: the topic incident.invented_later is not known to this version of the program",
    )


def test_a_topic_that_is_no_text_is_named(path):
    change(path, ("UPDATE entries SET topic = CAST(? AS TEXT) WHERE position = 4", (b"incident.\xff\xfe",)))
    problems = verified(path).problems
    assert BROKEN_AT_4 in problems
    assert any(problem.startswith("#4: cannot be read: the topic incident.") for problem in problems)


def test_a_table_without_its_types_is_named_not_stumbled_over(path):
    change(
        path,
        "CREATE TABLE loose AS SELECT * FROM entries",
        "DROP TABLE entries",
        "ALTER TABLE loose RENAME TO entries",
        "UPDATE entries SET state = 'text', originator_version = 'two' WHERE position = 4",
        "UPDATE entries SET state = NULL WHERE position = 6",
        "UPDATE entries SET originator_id = 12 WHERE position = 8",
    )
    problems = verified(path).problems
    for number in (4, 6, 8):
        assert any(p.startswith(f"#{number}: is not stored in the form of an entry") for p in problems), problems


def test_an_index_that_lies_is_found(path):
    """Streams are read by the index: one that leaves an entry out would hide it."""
    change(path, "PRAGMA journal_mode=DELETE")
    with sqlite3.connect(path) as raw:
        root, size = raw.execute(
            "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_master WHERE type = 'index'"
        ).fetchone()
    content = bytearray(path.read_bytes())
    page = slice((root - 1) * size, root * size)
    content[page] = content[page].replace(STREAM.bytes, bytes(15) + b"\x06", 1)
    path.write_bytes(content)
    assert any("the file of the log is damaged" in problem for problem in verified(path).problems)


def test_any_flipped_byte_of_the_file_is_found_or_changes_nothing(path, entry):
    """A byte in free space means nothing; any other must be named, and none may end in a traceback."""
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA journal_mode=DELETE")
    whole = path.read_bytes()
    kept = checkpoint_of(path)
    found = 0
    for place in range(0, len(whole), 211):
        altered = bytearray(whole)
        altered[place] ^= 0x41
        path.write_bytes(altered)
        for journal in ("-wal", "-shm"):
            path.with_name(path.name + journal).unlink(missing_ok=True)
        try:
            problems = verified(path, kept).problems
        except CaseUnusable:  # the log cannot even be opened, and says so
            found += 1
            continue
        if problems:
            found += 1
            continue
        with CaseLog(sqlite_url(str(path)), key=KEY, case_id=CASE) as log:
            assert log.checkpoint() == kept
            assert len(log.stream(STREAM)) == len(log.stream(OTHER)) == 5
    assert found > 10


def test_missing_and_altered_documents_are_named(path, entry):
    blobs = Blobs()
    evidence, letter, receipt = (blobs.put(content) for content in (b"evidence", b"letter", b"receipt"))
    notice, filing = UUID(int=10), UUID(int=11)
    rendered = NoticeRendered(
        content_sha256="0" * 64,
        engine="fake",
        rows=1,
        documents=1,
        excluded=(),
        files=(RenderedFile(name="a.pdf", sha256=letter, size=6),),
    )
    filed = FilingSubmitted(on=entry(1).occurred_at.date(), channel="portal", receipt_sha256=receipt)
    with CaseLog(sqlite_url(str(path)), key=KEY, case_id=CASE) as log:
        log.append(
            [
                entry(6, event=EvidenceAttached(name="a.log", size=8, sha256=evidence)),
                entry(1, stream=notice, event=rendered),
                entry(1, stream=filing, event=filed),
            ]
        )
    assert verified(path, blobs=blobs).ok
    for number, sha256 in ((11, evidence), (12, letter), (13, receipt)):
        fewer = Blobs()
        fewer.kept = {name: content for name, content in blobs.kept.items() if name != sha256}
        assert verified(path, blobs=fewer).problems == (f"#{number}: its document with SHA-256 {sha256} is missing",)


def test_only_events_with_documents_speak_of_some(entry):
    assert documents(entry(1).event) == ()
    assert documents(FilingSubmitted(on=entry(1).occurred_at.date(), channel="portal")) == ()


def test_the_same_fault_in_a_row_is_one_sentence():
    problems = Problems()
    for number in (1, 2, 3, 5, 6):
        problems.at(number, "unreadable")
    problems.at(7, "missing", 9)
    problems.add("the end")
    assert problems.all() == ("#1 to #3: unreadable", "#5 to #6: unreadable", "#7 to #9: missing", "the end")


def test_a_log_in_postgres_is_verified_the_same_way(postgres_database, entry):
    with CaseLog(postgres_database, key=KEY, case_id=CASE, create=True) as log:
        log.append([entry(version) for version in range(1, 2101)])
        kept = read_checkpoint(log.checkpoint().code)
        assert verify(log.recorder, mapper=log.mapper, blobs=Blobs(), checkpoint=kept).ok
        with psycopg.connect(postgres_database.replace("+psycopg", "")) as raw:
            raw.execute("UPDATE entries SET topic = 'a\\b' WHERE position = 2050")
            raw.execute("DELETE FROM entries WHERE position > 2098")
        problems = verify(log.recorder, mapper=log.mapper, blobs=Blobs(), checkpoint=kept).problems
    assert problems[0] == "#2050: the chain is broken here: the entry or its link was changed"
    assert "#2099 to #2100: missing: the chain goes on, but the entries do not" in problems
    assert "the log ends at #2098" in problems[-1]


def test_a_chain_is_the_same_in_both_stores(postgres_database, path):
    """A case moves between SQLite and PostgreSQL with its chain intact."""
    with CaseLog(sqlite_url(str(path)), key=KEY, case_id=CASE) as source:
        stored = source.recorder.select_notifications(None, 100)
        with CaseLog(postgres_database, key=KEY, case_id=CASE, create=True) as target:
            target.recorder.insert_events(stored)
            assert target.checkpoint() == source.checkpoint()
            assert [msgspec.structs.asdict(e) for _, e in target.read()] == [
                msgspec.structs.asdict(e) for _, e in source.read()
            ]

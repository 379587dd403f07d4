import multiprocessing
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident.errors import CaseUnusable, RecordedMeanwhile
from incident.log.application import CaseLog
from incident.log.database import sqlite_url
from incident.log.verify import check_chain

KEY = bytes(range(32))
CASE = UUID(int=99)


@pytest.fixture
def log(store_url):
    with CaseLog(store_url, key=KEY, case_id=CASE, create=True) as log:
        yield log


@pytest.fixture
def file(tmp_path):
    """The file of a log that was made and closed."""
    path = tmp_path / "log.db"
    CaseLog(sqlite_url(str(path)), key=KEY, case_id=CASE, create=True).close()
    return path


def reopened(path: Path, **options: object) -> CaseLog:
    return CaseLog(sqlite_url(str(path)), key=KEY, case_id=CASE, **options)


def test_a_new_log_is_empty(log, entry):
    assert log.position() == 0
    assert list(log.read()) == []
    assert log.stream(UUID(int=7)) == ()
    assert log.append([]) == 0
    assert log.checkpoint().count == 0


def test_positions_count_from_one_over_all_streams(log, entry):
    other = UUID(int=8)
    assert log.append([entry(1)]) == 1
    assert log.append([entry(1, stream=other), entry(2), entry(2, stream=other)]) == 4
    assert log.position() == 4
    assert log.stream(other) == (entry(1, stream=other), entry(2, stream=other))
    assert [position for position, _ in log.read()] == [1, 2, 3, 4]
    assert list(log.read(after=2)) == [(3, entry(2)), (4, entry(2, stream=other))]
    assert list(log.read(after=4)) == []


def test_a_long_log_is_read_page_by_page_in_order(log, entry):
    log.append([entry(version) for version in range(1, 2502)])
    assert [position for position, _ in log.read()] == list(range(1, 2502))
    assert [found.originator_version for found in log.stream(UUID(int=7))] == list(range(1, 2502))


def test_what_is_recorded_while_reading_is_seen(log, entry):
    log.append([entry(version) for version in range(1, 1001)])
    reading = log.read()
    next(reading)
    log.append([entry(1001)])
    assert sum(1 for _ in reading) == 1000


def test_a_version_is_taken_once_and_the_refusal_names_who_was_first(log, entry):
    log.append([entry(1, stream=UUID(int=5)), entry(1)])
    with pytest.raises(RecordedMeanwhile, match="#2 meanwhile"):
        log.append([entry(1, text="second thoughts")])
    assert log.stream(UUID(int=7)) == (entry(1),)


def test_a_refused_append_records_nothing_of_its_batch(log, entry):
    log.append([entry(1)])
    head = log.checkpoint()
    with pytest.raises(RecordedMeanwhile):
        log.append([entry(1, stream=UUID(int=8)), entry(1)])
    assert log.stream(UUID(int=8)) == ()
    assert log.checkpoint() == head
    assert log.append([entry(2)]) == 2


@pytest.mark.parametrize("versions", [[2], [1, 3], [0], [2, 1], [-1]])
def test_versions_that_do_not_count_up_one_by_one_are_refused(log, entry, versions):
    with pytest.raises(ValueError, match="version"):
        log.append([entry(version) for version in versions])
    assert log.position() == 0


def test_a_gap_after_what_is_recorded_is_refused(log, entry):
    log.append([entry(1)])
    with pytest.raises(ValueError, match="no version 2 that version 3 could follow"):
        log.append([entry(1, stream=UUID(int=8)), entry(3)])
    assert log.position() == 1


texts = st.text(max_size=20)
batches = st.lists(st.lists(st.tuples(st.integers(1, 3), texts), min_size=1, max_size=4), max_size=6)


@settings(max_examples=40, deadline=None)
@given(batches)
def test_replay_equals_what_was_appended_however_it_was_batched(entry, batches):
    versions: dict[int, int] = {}
    appended = []
    with CaseLog("sqlite://", key=KEY, case_id=CASE, create=True) as log:
        for batch in batches:
            entries = []
            for stream, text in batch:
                versions[stream] = versions.get(stream, 0) + 1
                entries.append(entry(versions[stream], stream=UUID(int=stream), text=text))
            appended += entries
            assert log.append(entries) == len(appended)
        assert list(log.read()) == list(enumerate(appended, start=1))
        for stream in versions:
            assert list(log.stream(UUID(int=stream))) == [e for e in appended if e.originator_id.int == stream]
        assert check_chain(log.recorder).ok


def test_a_log_that_was_closed_is_found_again(file, entry):
    with reopened(file) as log:
        log.append([entry(1)])
        head = log.checkpoint()
    with reopened(file) as log:
        assert list(log.read()) == [(1, entry(1))]
        assert log.checkpoint() == head


def test_a_deleted_number_is_never_given_again(file, entry):
    with reopened(file) as log:
        log.append([entry(1), entry(2)])
    with sqlite3.connect(file) as raw:
        raw.execute("DELETE FROM entries WHERE position = 2")
    with reopened(file) as log, pytest.raises(CaseUnusable, match=r"damaged: it has 1 entries, but a chain of 2"):
        log.append([entry(2, text="another second entry")])


def test_two_open_logs_see_each_other(file, entry):
    with reopened(file) as one, reopened(file) as two:
        one.append([entry(1)])
        assert two.append([entry(2)]) == 2
        with pytest.raises(RecordedMeanwhile, match="#2"):
            one.append([entry(2)])


def test_threads_record_all_they_were_told(log, entry):
    answers: list[int] = []

    def record(stream: int) -> None:
        for version in range(1, 21):
            answers.append(log.append([entry(version, stream=UUID(int=stream))]))

    threads = [threading.Thread(target=record, args=(stream,)) for stream in range(1, 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == list(range(1, 101))
    assert check_chain(log.recorder).ok


def test_processes_record_all_they_were_told(file, entry):
    def record(stream: int) -> None:
        with reopened(file, busy_timeout=30) as log:
            for version in range(1, 31):
                log.append([entry(version, stream=UUID(int=stream))])

    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=record, args=(stream,)) for stream in (1, 2, 3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    with reopened(file) as log:
        assert log.position() == 90
        assert [len(log.stream(UUID(int=stream))) for stream in (1, 2, 3)] == [30, 30, 30]
        assert check_chain(log.recorder).ok


# --- What goes wrong ---


def test_no_log_at_all_is_said_and_none_is_made(tmp_path):
    with pytest.raises(CaseUnusable, match="there is no log"):
        reopened(tmp_path / "log.db")


def test_the_log_of_another_case_is_refused(file):
    with pytest.raises(CaseUnusable, match="another case"):
        CaseLog(sqlite_url(str(file)), key=KEY, case_id=UUID(int=100))


def test_another_key_reads_nothing(file, entry):
    with reopened(file) as log:
        log.append([entry(1)])
    with CaseLog(sqlite_url(str(file)), key=bytes(32), case_id=CASE) as log:
        with pytest.raises(CaseUnusable, match=r"Entry #1 .* another key"):
            list(log.read())
        with pytest.raises(CaseUnusable, match="Entry 1 of"):
            log.stream(UUID(int=7))


def test_swapped_ciphertexts_are_refused(file, entry):
    with reopened(file) as log:
        log.append([entry(1), entry(2)])
    with sqlite3.connect(file) as raw:
        one, two = (state for (state,) in raw.execute("SELECT state FROM entries ORDER BY position"))
        raw.execute("UPDATE entries SET state = ? WHERE position = 1", (two,))
        raw.execute("UPDATE entries SET state = ? WHERE position = 2", (one,))
    with reopened(file) as log, pytest.raises(CaseUnusable, match="altered or moved"):
        log.stream(UUID(int=7))


def test_another_process_that_writes_is_named_and_nothing_is_recorded(file, entry):
    with reopened(file, busy_timeout=0.1) as log:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CaseUnusable, match="Another process"):
            log.append([entry(1)])
        assert log.position() == 0  # reading goes on
        other.execute("ROLLBACK")
        other.close()
        assert log.append([entry(1)]) == 1


def test_a_locked_file_is_named_when_it_is_opened(file):
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(CaseUnusable, match="Another process"):
        reopened(file, busy_timeout=0.1)
    other.close()


def test_a_file_that_can_only_be_read_is_named(file, entry):
    with CaseLog(f"sqlite:///file:{file}?mode=ro&uri=true", key=KEY, case_id=CASE) as log:
        assert log.position() == 0
        with pytest.raises(CaseUnusable, match="only be read"):
            log.append([entry(1)])


def test_a_full_disk_is_named_and_nothing_is_recorded(file, entry):
    with reopened(file) as log:
        log.append([entry(1)])
        head = log.checkpoint()
        with log.recorder.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(CaseUnusable, match="disk is full"):
            log.append([entry(2, text="x" * 100_000)])
        assert log.checkpoint() == head
    with reopened(file) as log:
        assert log.append([entry(2)]) == 2


def test_a_write_that_the_system_refuses_is_named_and_nothing_is_recorded(file, entry):
    """The system itself refuses to let the file grow, in the middle of a transaction."""
    script = f"""
import resource, signal, sys
from datetime import UTC, datetime
from uuid import UUID
from incident.errors import CaseUnusable
from incident.events import ActionLogged, Entry
from incident.log.application import CaseLog
def entry(version, text):
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return Entry(originator_id=UUID(int=7), originator_version=version, event=ActionLogged(text=text),
        occurred_at=moment, recorded_at=moment, by="dana")
log = CaseLog({sqlite_url(str(file))!r}, key=bytes(range(32)), case_id=UUID(int=99))
log.append([entry(1, "kept")])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
try:
    log.append([entry(2, "x" * 200_000)])
except CaseUnusable as error:
    sys.exit(f"refused: {{error}}")
"""
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
    assert "refused: The disk" in done.stderr, done.stderr
    with reopened(file) as log:
        assert log.position() == 1
        assert check_chain(log.recorder).ok
        assert log.append([entry(2)]) == 2


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "log.db").write_bytes(b"not a database at all" * 400)
    with pytest.raises(CaseUnusable, match="damaged or was replaced"):
        reopened(tmp_path / "log.db")


def test_a_server_that_is_not_there_is_named():
    with pytest.raises(CaseUnusable, match=r"cannot be reached, or refuses; nothing was recorded\. connection failed"):
        CaseLog("postgresql+psycopg://nobody@127.0.0.1:1/none", key=KEY, case_id=CASE)


def test_a_postgres_log_that_another_session_locks_is_named(postgres_database, entry):
    with CaseLog(postgres_database, key=KEY, case_id=CASE, create=True, busy_timeout=0.2) as log:
        plain = postgres_database.replace("+psycopg", "")
        with psycopg.connect(plain) as other:
            other.execute("LOCK TABLE links IN EXCLUSIVE MODE")
            with pytest.raises(CaseUnusable, match="Another process"):
                log.append([entry(1)])
            assert log.position() == 0
        assert log.append([entry(1)]) == 1


def test_the_environment_of_the_shell_changes_nothing(file, entry, monkeypatch):
    for name, value in {
        "PERSISTENCE_MODULE": "no.such.module",
        "CIPHER_TOPIC": "no.such:Cipher",
        "CIPHER_KEY": "junk",
        "COMPRESSOR_TOPIC": "zlib",
        "MAPPER_TOPIC": "no.such:Mapper",
        "IS_SNAPSHOTTING_ENABLED": "y",
        "AGGREGATE_CACHE_MAXSIZE": "junk",
    }.items():
        monkeypatch.setenv(name, value)
    with reopened(file) as log:
        log.append([entry(1)])
        assert list(log.read()) == [(1, entry(1))]


def test_every_commit_is_synced_to_the_disk(file):
    with reopened(file) as log, log.recorder.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"

"""A case in PostgreSQL is the same case: made whole, opened by its URL, and a failure is told in one sentence."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from incident import casefile
from incident.access.ways import Kdf
from incident.casefile import create_case, open_case
from incident.errors import CaseUnusable, InvalidInput, RecordedMeanwhile, WrongPassphrase
from incident.events import ActionLogged, Entry, Event, EvidenceAttached
from incident.roster.vault import Vault
from incident.stores.naming import ServerUrl, read_place
from incident.verification import verify_case

CHEAP = Kdf(iterations=1, lanes=1, memory=64)
PASSPHRASE = "copper otter ladder moon"
MOMENT = datetime(2026, 11, 22, 22, 24, 7, tzinfo=UTC)
STREAM = UUID(int=7)


def entry(version: int, event: Event | None = None, stream: UUID = STREAM) -> Entry:
    return Entry(
        originator_id=stream, originator_version=version, event=event or ActionLogged(text="Tokens revoked"),
        occurred_at=MOMENT, recorded_at=MOMENT, by="dana",
    )  # fmt: skip


def raw(url: str, **options: object) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True, **options)


def schemas(url: str) -> list[str]:
    with raw(url) as connection:
        found = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE '%case\\_%' ORDER BY 1")
        return [name for (name,) in found]


def made(url: str, **options: object) -> None:
    create_case(url, user="dana", passphrase=PASSPHRASE, kdf=CHEAP, **options).close()


@pytest.fixture
def url(postgres_database: str) -> str:
    """The URL of a case with one entry."""
    made(postgres_database, opening=[entry(1)])
    return postgres_database


def test_a_case_is_made_and_opened_by_its_url(url: str):
    with open_case(url, "dana", PASSPHRASE) as case:
        sha256 = case.blobs.put(b"evidence")
        case.log.append([entry(2, EvidenceAttached(name="a", size=8, sha256=sha256))])
        kept = case.log.checkpoint()
        case.add_user("priya", "another long passphrase", kdf=CHEAP)
    with open_case(url, "priya", "another long passphrase") as case:
        assert case.blobs.get(sha256) == b"evidence"
        assert case.log.checkpoint() == kept
        assert verify_case(case, kept.code).problems == ()
    with pytest.raises(WrongPassphrase):
        open_case(url, "dana", "something else again")


def test_notes_are_kept_and_documents_taken_away_on_a_server_too(url: str):
    with open_case(url, "dana", PASSPHRASE) as case:
        sha256 = case.blobs.put(b"a letter")
        case.blobs.write_note("rendering", b"half")
        assert (case.blobs.note("rendering"), case.blobs.strays([sha256], ["rendering"])) == (b"half", 0)
        case.blobs.discard(sha256)
        case.blobs.drop_note("rendering")
        assert (sha256 in case.blobs, case.blobs.note("rendering"), case.blobs.strays([])) == (False, None, 0)


def test_several_cases_in_one_database_know_nothing_of_each_other(url: str):
    made(f"{url}&case=lakeshore", opening=[entry(1), entry(2)])
    assert schemas(url) == ["case_lakeshore", "case_main"]
    with open_case(url, "dana", PASSPHRASE) as one, open_case(f"{url}&case=lakeshore", "dana", PASSPHRASE) as two:
        assert (one.log.position(), two.log.position()) == (1, 2)
        assert one.case_id != two.case_id
        key = two.blobs.put(b"evidence")
        assert key not in one.blobs


def test_a_name_that_is_taken_is_left_as_it_is(url: str):
    with pytest.raises(CaseUnusable, match="exists already"):
        made(url)
    with open_case(url, "dana", PASSPHRASE) as case:
        assert case.log.position() == 1
    assert schemas(url) == ["case_main"]


def test_an_empty_schema_may_become_a_case_and_one_in_use_may_not(postgres_database: str):
    with raw(postgres_database) as connection:
        connection.execute("CREATE SCHEMA case_main")
        made(postgres_database)
        connection.execute("CREATE SCHEMA case_mine")
        connection.execute("CREATE TABLE case_mine.notes (text text)")
    with pytest.raises(CaseUnusable, match="exists already"):
        made(f"{postgres_database}&case=mine")
    open_case(postgres_database, "dana", PASSPHRASE).close()


def test_a_failure_half_way_leaves_nothing_behind(postgres_database: str):
    with pytest.raises(ValueError, match="version"):
        made(postgres_database, opening=[entry(5)])
    assert schemas(postgres_database) == []
    with pytest.raises(CaseUnusable, match="There is no case at"):
        open_case(postgres_database, "dana", PASSPHRASE)


def test_two_who_make_the_same_case_at_once_make_one(postgres_database: str, monkeypatch: pytest.MonkeyPatch):
    """The other comes in between, when everything but the name is there."""
    write = casefile.write_document

    def slow(*args: object) -> object:
        monkeypatch.setattr(casefile, "write_document", write)
        made(postgres_database, opening=[entry(1)])
        return write(*args)

    monkeypatch.setattr(casefile, "write_document", slow)
    with pytest.raises(CaseUnusable, match="exists already"):
        made(postgres_database)
    assert schemas(postgres_database) == ["case_main"]
    with open_case(postgres_database, "dana", PASSPHRASE) as case:
        assert case.log.position() == 1


def test_a_password_is_neither_kept_nor_shown(postgres_database: str):
    secret = postgres_database.replace("tests@", "tests:hunter2@") + "&password=hunter2"
    made(secret)
    place = read_place(secret)
    with open_case(secret, "dana", PASSPHRASE) as case:
        shown = [repr(case), case.store.where, repr(case.store), str(place), repr(place), f"{case.store.place}"]
        with pytest.raises(CaseUnusable) as taken:
            made(secret)
        shown.append(str(taken.value))
        assert case.store.read("case.json") is not None
        assert b"hunter2" not in case.store.read("case.json")
    with pytest.raises(CaseUnusable) as none:
        open_case(f"{secret}&case=none", "dana", PASSPHRASE)
    shown.append(str(none.value))
    with pytest.raises(CaseUnusable) as away:
        open_case(secret.replace("host=", "host=/nowhere"), "dana", PASSPHRASE)
    shown.append(str(away.value))
    assert not [text for text in shown if "hunter2" in text]
    assert "hunter2" in place.engine_url()


@pytest.mark.parametrize(
    "text",
    [
        "mysql://u@h/db",
        "sqlite:///case.db",
        "postgresql://u@h",
        "postgresql://u@h/db?case=Lake%20Shore",
        "postgresql://u@h/db?case=public.x",
        "postgresql://u:pa#ss@h/db",
        "postgresql://u:secret@h:99999/db",
    ],
)
def test_a_url_that_cannot_be_used_is_refused_without_its_password(text: str):
    with pytest.raises(InvalidInput) as refused:
        read_place(text)
    assert "secret" not in str(refused.value)
    assert "pa#ss" not in str(refused.value)


def test_a_path_is_a_path_and_a_url_has_one_form():
    assert read_place("~/cases/lakeshore") == Path.home() / "cases" / "lakeshore"
    assert read_place("C:\\cases") == Path("C:\\cases")
    short, long = read_place("postgres://u@h:5433/db"), read_place("postgresql+psycopg://u@h:5433/db?case=main")
    assert str(short) == str(long) == "postgresql+psycopg://u@h:5433/db?case=main"
    assert short == long
    assert isinstance(short, ServerUrl)


@pytest.mark.parametrize("table", ["documents", "blobs", "entries", "links", "incident_key", "destroyed_key"])
def test_a_missing_table_is_named_and_not_made_anew(url: str, table: str):
    with raw(url) as connection:
        connection.execute(f"DROP TABLE case_main.{table}")
        with pytest.raises(CaseUnusable, match=rf"There is no case at|table {table} is missing"):
            open_case(url, "dana", PASSPHRASE)
        found = connection.execute("SELECT to_regclass(%s)", (f"case_main.{table}",)).fetchone()
    assert found == (None,)


def test_who_may_only_read_or_nothing_is_told_so(url: str):
    with raw(url) as connection:
        connection.execute("DROP ROLE IF EXISTS reader")
        connection.execute("CREATE ROLE reader LOGIN")
        reader = url.replace("tests@", "reader@")
        with pytest.raises(CaseUnusable, match="may see"):
            open_case(reader, "dana", PASSPHRASE)
        connection.execute("GRANT USAGE ON SCHEMA case_main TO reader")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA case_main TO reader")
        with pytest.raises(CaseUnusable, match="may not do this"), open_case(reader, "dana", PASSPHRASE) as case:
            case.log.append([entry(2)])
        connection.execute("REVOKE ALL ON ALL TABLES IN SCHEMA case_main FROM reader")
        connection.execute("REVOKE ALL ON SCHEMA case_main FROM reader")
        connection.execute("DROP ROLE reader")


def test_the_log_of_another_case_is_refused(url: str):
    made(f"{url}&case=other")
    with raw(url) as connection:
        connection.execute("TRUNCATE case_main.links, case_main.entries")
        connection.execute("INSERT INTO case_main.links SELECT * FROM case_other.links")
    with pytest.raises(CaseUnusable, match="another case"):
        open_case(url, "dana", PASSPHRASE)


def test_one_import_at_a_time_over_all_machines(url: str):
    with open_case(url, "dana", PASSPHRASE) as one, open_case(url, "dana", PASSPHRASE) as two:
        here, there = Vault(one.store.vault(), one.keyring), Vault(two.store.vault(), two.keyring)
        with here.importing(), pytest.raises(CaseUnusable, match="another import"), there.importing():
            pass
        with there.importing():
            pass


# --- The connection ---


def cut_off(url: str) -> int:
    """End every other connection to the database, as a restart of the server does."""
    ended = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = %s"
    )
    with raw(url) as connection:
        return int(connection.execute(ended, (connection.info.dbname,)).fetchone()[0])


def test_a_connection_that_broke_is_taken_up_again(url: str):
    with open_case(url, "dana", PASSPHRASE) as case:
        assert case.log.position() == 1
        assert cut_off(url) > 0
        assert case.log.append([entry(2)]) == 2
        cut_off(url)
        assert case.blobs.get(case.blobs.put(b"x")) == b"x"


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_answer_that_was_lost_is_looked_up_and_nothing_is_recorded_twice(
    url: str, when: str, monkeypatch: pytest.MonkeyPatch
):
    """The connection breaks under the commit: before the server did it, or after, before it could say so."""
    with open_case(url, "dana", PASSPHRASE) as case:
        dialect = case.log.recorder.engine.dialect
        commit = dialect.do_commit
        broken = []

        def breaks(connection: object) -> None:
            if not broken:
                broken.append(True)
                if when == "after":
                    commit(connection)
                cut_off(url)
            commit(connection)
            connection.execute("SELECT 1")

        monkeypatch.setattr(dialect, "do_commit", breaks)
        assert case.log.append([entry(2), entry(3)]) == 3
        monkeypatch.undo()
        assert broken
        assert [found.originator_version for found in case.log.stream(STREAM)] == [1, 2, 3]
        assert case.log.append([entry(4)]) == 4
        assert verify_case(case).problems == ()


def test_who_recorded_first_is_named(url: str):
    with open_case(url, "dana", PASSPHRASE) as one, open_case(url, "dana", PASSPHRASE) as two:
        one.log.append([entry(2)])
        with pytest.raises(RecordedMeanwhile, match=r"dana recorded #2 meanwhile; look at it") as refused:
            two.log.append([entry(2)])
        assert (refused.value.number, refused.value.by) == (2, "dana")

"""Flip anything that is stored of a case, delete, swap, insert, renumber: `breach verify` finds it and says where."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from incident.casefile import OpenCase, open_case
from incident.errors import CaseUnusable
from incident.roster.tables import ROW_BITS
from incident.verification import verify_case
from tests.incident.evidence.life import PASSPHRASE

DATABASES = ("log.db", "keys.db", "vault.db")
NO_EVIDENCE = {("vault.db", "rosters", "import_sha256")}
"""Only says whether a broken import may go on."""


class Tampered:
    """An open case whose files can be changed behind its back, and put back."""

    def __init__(self, path: Path, whole: Path) -> None:
        self.path = path
        self.whole = whole
        self.case: OpenCase = open_case(path, "dana", PASSPHRASE)

    def connect(self, database: str) -> sqlite3.Connection:
        return sqlite3.connect(self.path / database)

    def problems(self, database: str, *statements: tuple[str, tuple[Any, ...]] | str) -> tuple[str, ...]:
        """What is found after the statements; then everything is as it was."""
        with self.connect(database) as raw:
            for statement in statements:
                raw.execute(*((statement,) if isinstance(statement, str) else statement))
        raw.close()
        try:
            return verify_case(self.case).problems
        except CaseUnusable as error:
            return (str(error),)
        finally:
            self.restore(database)

    def restore(self, database: str) -> None:
        source, target = sqlite3.connect(self.whole / database), self.connect(database)
        source.backup(target)
        source.close()
        target.close()


@pytest.fixture(scope="module")
def tampered(lived: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tampered]:
    path = Path(shutil.copytree(lived, tmp_path_factory.mktemp("tampered") / "case"))
    tampered = Tampered(path, lived)
    assert verify_case(tampered.case).problems == ()
    yield tampered
    assert verify_case(tampered.case).problems == ()
    tampered.case.close()


def altered(value: Any) -> Any:
    """The same kind of value, another one."""
    match value:
        case bytes():
            middle = len(value) // 2
            return value[:middle] + bytes([value[middle] ^ 1]) + value[middle + 1 :]
        case int():
            return value ^ 1
        case str():
            return value[:-1] + ("b" if value[-1:] == "a" else "a")
        case _:
            return 2


def columns(lived: Path) -> Iterator[tuple[str, str, str]]:
    for database in DATABASES:
        with sqlite3.connect(lived / database) as raw:
            for (table,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                for column in raw.execute(f"SELECT name FROM pragma_table_info('{table}')").fetchall():
                    yield database, table, column[0]


def test_every_column_of_every_table_is_under_the_check(tampered: Tampered, lived: Path):
    seen = set()
    for database, table, column in columns(lived):
        key = "rowid" if table not in {"flags"} else None
        # Of a person who was sealed anew or erased, only the history that is gone would explain these two.
        which = "WHERE revision = 0 AND status <> 'erased'" if column in {"elements", "revision"} else ""
        with tampered.connect(database) as raw:
            rows = raw.execute(f"SELECT {key or 'flag, id'}, {column} FROM {table} {which}").fetchall()
        for *place, value in rows[:1] + rows[len(rows) // 2 : len(rows) // 2 + 1] + rows[-1:]:
            where = "rowid = ?" if key else "flag = ? AND id = ?"
            change = (f"UPDATE OR REPLACE {table} SET {column} = ? WHERE {where}", (altered(value), *place))
            problems = tampered.problems(database, change)
            if (database, table, column) in NO_EVIDENCE:
                continue
            assert problems, (database, table, column, place, value)
            names = ("#", "the chain does not begin with this case") if database == "log.db" else (database,)
            assert any(name in problem for problem in problems for name in names), problems
            seen.add((database, table))
    assert {table for _, table in seen} == {
        "entries", "links", "incident_key", "rosters", "segments", "people", "flags", "sealed", "word_index",
    }  # fmt: skip


def test_every_kind_of_entry_is_under_the_check(tampered: Tampered):
    with tampered.connect("log.db") as raw:
        kinds = raw.execute("SELECT min(position), topic, state FROM entries GROUP BY topic").fetchall()
    assert len(kinds) > 20
    for position, topic, state in kinds:
        flip = ("UPDATE entries SET state = ? WHERE position = ?", (altered(state), position))
        problems = tampered.problems("log.db", flip)
        assert any(problem.startswith(f"#{position}: the chain is broken here") for problem in problems), topic
        assert any(problem.startswith(f"#{position}: cannot be read") for problem in problems), topic


def row_of(tampered: Tampered, status: str) -> int:
    with tampered.connect("vault.db") as raw:
        found = raw.execute("SELECT id FROM people WHERE status = ? ORDER BY id LIMIT 1", (status,)).fetchone()
    return int(found[0])


@pytest.mark.parametrize(
    ("status", "change", "named"),
    [
        ("accepted", "status = 'quarantined'", "its rows are not as many as the log counts"),
        ("accepted", "status = 'erased'", "it is marked as erased, and something of the person is there"),
        ("accepted", "status = 'excluded'", "its status is excluded, which is not what the log says"),
        ("accepted", "state = 'CA'", "its State is not the one in its envelope"),
        ("accepted", "flags = flags | 2", "its flags are not those of its findings"),
        ("accepted", "elements = 1", "its kinds of data are not those in its envelope"),
        ("accepted", "audience = 'next_of_kin'", "who reads its letter is not what its envelope says"),
        ("accepted", "revision = 1", "it was sealed anew, and the log does not say so"),
        ("accepted", "merged_into = 3", "it is merged into another row and its status says otherwise"),
        ("merged", "merged_into = 2", "the row it is merged into is not of the same person"),
        ("merged", "merged_into = 99", "the row it is merged into is not of the same person"),
        ("merged", "status = 'accepted'", "it is merged into another row and its status says otherwise"),
        ("excluded", "status = 'accepted'", "its status is accepted, which is not what the log says"),
        ("erased", "status = 'accepted'", "its envelope is missing"),
        ("erased", "state = 'CA'", "its people by State are not those that the log counts"),
        ("erased", "audience = 'adult'", "it is marked as erased, and something of the person is there"),
    ],
)
def test_what_stands_beside_an_envelope_is_held_to_what_is_in_it(
    tampered: Tampered, status: str, change: str, named: str
):
    person = row_of(tampered, status)
    problems = tampered.problems("vault.db", (f"UPDATE people SET {change} WHERE id = ?", (person,)))
    assert any(named in problem for problem in problems), problems
    assert all(problem.startswith("vault.db, export.csv: ") for problem in problems)


DELETIONS = {
    "a person": (("DELETE FROM people WHERE id = {accepted}",), "people where 8 were sealed"),
    "an envelope": (("DELETE FROM sealed WHERE id = {accepted}",), "its envelope is missing"),
    "a whole person": (
        ("DELETE FROM people WHERE id = {accepted}", "DELETE FROM sealed WHERE id = {accepted}",
         "DELETE FROM flags WHERE id = {accepted}"),
        "holds 7 people where 8 were sealed",
    ),
    "a person passed off as erased": (
        ("DELETE FROM sealed WHERE id = {accepted}", "UPDATE people SET status = 'erased' WHERE id = {accepted}"),
        "it is erased, and the log does not say so",
    ),
    "all people": (("DELETE FROM people", "DELETE FROM sealed", "DELETE FROM flags"), "holds 0 people where 8"),
    "a segment": (("DELETE FROM segments",), "segment 1 is in the log only"),
    "a list": (("DELETE FROM rosters",), "the list is not in it"),
    "the index": (("DELETE FROM word_index",), "a search would miss some"),
    "a person too many": (
        ("INSERT INTO people SELECT id + 90, status, state, flags, elements, audience, merged_into, revision "
         "FROM people WHERE id = {accepted}",),
        "it holds people that are in no segment",
    ),
    "a person of another list": (
        ("INSERT INTO people SELECT id + 900 * (1 << 40), status, state, flags, elements, audience, merged_into, "
         "revision FROM people WHERE id = {accepted}",),
        "vault.db: it holds people of no list",
    ),
    "envelopes swapped": (
        ("UPDATE sealed SET id = -1 WHERE id = {accepted}", "UPDATE sealed SET id = {accepted} WHERE id = {merged}",
         "UPDATE sealed SET id = {merged} WHERE id = -1"),
        "its envelope is not the one that was sealed",
    ),
    "an envelope of nobody": (
        ("INSERT INTO sealed SELECT id + 90, envelope, wrapped_key FROM sealed WHERE id = {accepted}",),
        "it holds envelopes of nobody",
    ),
    "a flag of nobody": (("INSERT INTO flags VALUES (1, {accepted} + 90)",), "it holds flags of nobody"),
    "words of a segment that is none": (
        ("INSERT INTO word_index SELECT roster, bucket, 9, entries FROM word_index LIMIT 1",),
        "speaks of segments that there are not",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DELETIONS)
def test_what_is_deleted_swapped_or_inserted_in_the_vault_is_named(tampered: Tampered, name: str):
    statements, named = DELETIONS[name]
    people = {status: row_of(tampered, status) for status in ("accepted", "merged")}
    problems = tampered.problems("vault.db", *(statement.format(**people) for statement in statements))
    assert any(named in problem for problem in problems), problems


def test_a_vault_that_is_gone_or_of_another_case_is_named(tampered: Tampered, lived: Path, tmp_path: Path):
    path = Path(shutil.copytree(lived, tmp_path / "case"))
    (path / "vault.db").unlink()
    with open_case(path, "dana", PASSPHRASE) as case:
        assert "vault.db: missing; the log speaks of people in it" in verify_case(case).problems
    assert not (path / "vault.db").exists()
    with sqlite3.connect(path / "vault.db") as raw:
        raw.execute("CREATE TABLE x (y)")
    with open_case(path, "dana", PASSPHRASE) as case:
        assert any("export.csv: the list is not in it" in problem for problem in verify_case(case).problems)


def test_an_older_vault_is_named(tampered: Tampered):
    """The person who was erased since is back, and the row that was corrected is as it was."""
    erased, accepted = row_of(tampered, "erased"), row_of(tampered, "accepted")
    problems = tampered.problems(
        "vault.db",
        ("UPDATE people SET status = 'accepted' WHERE id = ?", (erased,)),
        ("INSERT INTO sealed SELECT ?, envelope, wrapped_key FROM sealed WHERE id = ?", (erased, accepted)),
    )
    row = erased & (1 << ROW_BITS) - 1
    assert any(f"row {row}: the log says that it is erased, and it is not" in problem for problem in problems)


KEYS = {
    "deleted": (("DELETE FROM incident_key",), "is missing: its people cannot be read"),
    "destroyed": (
        ("INSERT INTO destroyed_key SELECT incident_id FROM incident_key", "DELETE FROM incident_key"),
        "was destroyed: its people cannot be read",
    ),
    "both there and destroyed": (
        ("INSERT INTO destroyed_key SELECT incident_id FROM incident_key",), "is marked as destroyed and is there",
    ),
    "under another incident": (("UPDATE incident_key SET incident_id = zeroblob(16)",), "is missing"),
    "a table gone": (("DROP TABLE incident_key",), "keys.db"),
}  # fmt: skip


@pytest.mark.parametrize("name", KEYS)
def test_a_key_that_is_gone_or_moved_is_named_and_none_is_made_in_its_place(tampered: Tampered, name: str):
    statements, named = KEYS[name]
    with tampered.connect("keys.db") as raw:
        before = raw.execute("SELECT count(*) FROM incident_key").fetchone()
    problems = tampered.problems("keys.db", *statements)
    assert any(named in problem for problem in problems), problems
    with tampered.connect("keys.db") as raw:
        assert raw.execute("SELECT count(*) FROM incident_key").fetchone() == before


@pytest.mark.parametrize("bucket", [-1, 256, 1_000_003])
def test_words_in_a_bucket_that_no_word_begins_with_are_named(tampered: Tampered, bucket: int):
    move = ("UPDATE word_index SET bucket = ? WHERE rowid = (SELECT min(rowid) FROM word_index)", (bucket,))
    problems = tampered.problems("vault.db", move)
    assert any("the word index is not that of its people" in problem for problem in problems), problems


def test_documents_altered_swapped_or_gone_are_named_and_strange_ones_are_noted(tampered: Tampered):
    blobs = tampered.path / "blobs"
    files = sorted(path for path in blobs.rglob("*") if path.is_file())
    whole = {path: path.read_bytes() for path in files}
    for path in files:
        content = bytearray(whole[path])
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        problems = verify_case(tampered.case).problems
        assert len(problems) == 1
        assert "its document cannot be used" in problems[0]
        path.unlink()
        assert any("its document with SHA-256" in problem for problem in verify_case(tampered.case).problems)
        path.write_bytes(whole[path])
    files[0].write_bytes(whole[files[1]])
    files[1].write_bytes(whole[files[0]])
    assert len(verify_case(tampered.case).problems) == 2
    for path in files[:2]:
        path.write_bytes(whole[path])
    (blobs / "added").write_bytes(b"x")
    found = verify_case(tampered.case)
    (blobs / "added").unlink()
    assert found.problems == ()
    assert any("1 files that no entry speaks of" in note for note in found.notes)


@pytest.mark.parametrize("field", ["format", "case_id", "register", "public_keys", "seal"])
def test_every_field_of_the_case_file_is_under_the_check(tampered: Tampered, field: str):
    file = tampered.path / "case.json"
    whole = file.read_text()
    content = json.loads(whole)
    other = {"format": 4, "case_id": "0" * 8 + content["case_id"][8:], "register": {"users": []},
             "public_keys": ["A" * 43 + "="], "seal": "0" * 64}  # fmt: skip
    file.write_text(json.dumps({**content, field: other[field]}))
    try:
        assert any("case.json" in problem or "newer" in problem for problem in verify_case(tampered.case).problems)
    finally:
        file.write_text(whole)


def test_the_quick_check_counts_people_and_reads_none(tampered: Tampered):
    """What the first screen shows: lost rows and other counts; an altered envelope is for the whole check."""

    def quick(*statements: str) -> tuple[str, ...]:
        with tampered.connect("vault.db") as raw:
            for statement in statements:
                raw.execute(statement)
        try:
            return verify_case(tampered.case, people=False).problems
        finally:
            tampered.restore("vault.db")

    person, erased = row_of(tampered, "accepted"), row_of(tampered, "erased")
    for change in (
        f"DELETE FROM people WHERE id = {person}",
        f"DELETE FROM sealed WHERE id = {person}",
        f"UPDATE people SET status = 'quarantined' WHERE id = {person}",
        f"UPDATE people SET state = 'CA' WHERE id = {person}",
        f"UPDATE people SET status = 'accepted' WHERE id = {erased}",
        "UPDATE segments SET leaves = zeroblob(256)",
        "UPDATE segments SET root = zeroblob(32)",
        "DELETE FROM rosters",
    ):
        assert quick(change), change
    assert quick(f"UPDATE sealed SET envelope = zeroblob(99) WHERE id = {person}") == ()
    assert quick() == ()
    assert any("unopened" in line for line in verify_case(tampered.case, people=False).checked)


def test_people_whose_key_was_destroyed_are_still_held_to_the_log(tampered: Tampered):
    """Nothing opens, and an altered envelope still shows."""
    with tampered.connect("keys.db") as raw:
        raw.execute("INSERT INTO destroyed_key SELECT incident_id FROM incident_key")
        raw.execute("DELETE FROM incident_key")
    try:
        person = row_of(tampered, "accepted")
        problems = tampered.problems("vault.db", f"UPDATE sealed SET envelope = zeroblob(99) WHERE id = {person}")
        assert len(problems) == 2
        assert "its envelope is not the one that was sealed" in problems[1]
    finally:
        tampered.restore("keys.db")

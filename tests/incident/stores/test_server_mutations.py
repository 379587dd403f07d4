"""Flip anything that is stored of a case in PostgreSQL, delete it, swap it: verification finds it and says where."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from incident.casefile import OpenCase, open_case
from incident.errors import CaseUnusable
from incident.migration import migrate
from incident.verification import verify_case
from tests.incident.evidence import life as lives
from tests.incident.evidence.life import NAMES, NOW, PASSPHRASE

SCHEMA = "case_main"
NO_EVIDENCE = {("rosters", "import_sha256")}
"""Only says whether a broken import may go on."""
LOG = {"entries", "links"}
HELD = {
    "blobs", "documents", "entries", "links", "incident_key", "rosters", "segments", "people", "flags", "sealed",
    "word_index",
}  # fmt: skip
"""Tables that hold something of the case of these tests."""


class Tampered:
    """An open case whose tables can be changed behind its back, and put back."""

    def __init__(self, url: str) -> None:
        self.case: OpenCase = open_case(url, "dana", PASSPHRASE)
        self.raw = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        self.raw.execute(f"SET search_path = {SCHEMA}")
        self.raw.execute("CREATE SCHEMA whole")
        found = self.raw.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", (SCHEMA,))
        self.tables = [name for (name,) in found]
        for table in self.tables:
            self.raw.execute(f"CREATE TABLE whole.{table} AS TABLE {table}")

    def problems(self, table: str, *statements: Any) -> tuple[str, ...]:
        """What is found after the statements; then the table is as it was."""
        try:
            for statement, *values in statements:
                self.raw.execute(statement, values or None)
            return verify_case(self.case).problems
        except CaseUnusable as error:
            return (str(error),)
        finally:
            self.raw.execute(f"DELETE FROM {table}")
            self.raw.execute(f"INSERT INTO {table} SELECT * FROM whole.{table}")

    def columns(self) -> Iterator[tuple[str, str]]:
        for table in self.tables:
            found = self.raw.execute(
                "SELECT column_name FROM information_schema.columns WHERE (table_schema, table_name) = (%s, %s)",
                (SCHEMA, table),
            )
            for (column,) in found.fetchall():
                yield table, column


@pytest.fixture(scope="module")
def tampered(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tampered]:
    folder = tmp_path_factory.mktemp("life") / "case"
    lives.make(folder)
    with psycopg.connect(
        host=postgres_server.split("host=")[1], user="tests", dbname="postgres", autocommit=True
    ) as raw:
        raw.execute("CREATE DATABASE tampered")
    url = postgres_server.format(database="tampered")
    with open_case(folder, "dana", PASSPHRASE) as case:
        migrate(case, url, NOW)
    shutil.rmtree(folder)
    tampered = Tampered(url)
    assert verify_case(tampered.case).problems == ()
    yield tampered
    assert verify_case(tampered.case).problems == ()
    tampered.case.close()
    tampered.raw.close()


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
        case None:
            return 2
        case _:
            return type(value)(int=value.int ^ 1)  # an identifier


def rows_of(tampered: Tampered, table: str, column: str = "") -> list[tuple[str, Any]]:
    """Where the rows are now that have evidence for themselves, and what a column of them holds."""
    # Of a person who was sealed anew or erased, only the history that is gone would explain these two.
    which = "WHERE revision = 0 AND status <> 'erased'" if column in {"elements", "revision"} else ""
    held = f'"{column}"' if column else "NULL"
    return tampered.raw.execute(f"SELECT ctid::text, {held} FROM {table} {which} ORDER BY {table}").fetchall()


def test_every_column_of_every_table_is_under_the_check(tampered: Tampered):
    seen = set()
    for table, column in tampered.columns():
        count = len(rows_of(tampered, table, column))
        for index in sorted({0, count // 2, count - 1}) if count else []:
            at, value = rows_of(tampered, table, column)[index]
            if (table, column) in NO_EVIDENCE:
                continue
            change = f'UPDATE {table} SET "{column}" = %s WHERE ctid = %s::tid'
            try:
                problems = tampered.problems(table, (change, altered(value), at))
            except psycopg.errors.UniqueViolation:  # another row is there: move this one to where none is
                at, value = rows_of(tampered, table, column)[index]
                problems = tampered.problems(table, (change, value + 1_000_003, at))
            assert problems, (table, column, index, value)
            if table in LOG:
                assert any("#" in each or "does not begin with this case" in each for each in problems), problems
            seen.add(table)
    assert seen >= HELD


def test_rows_that_are_gone_are_missed_wherever_they_stood(tampered: Tampered):
    for table in sorted(HELD):
        count = len(rows_of(tampered, table))
        for gone in ({0}, {count // 2}, {count - 1}, set(range(count))):
            ids = [at for index, (at, _) in enumerate(rows_of(tampered, table)) if index in gone]
            problems = tampered.problems(table, (f"DELETE FROM {table} WHERE ctid = ANY(%s::tid[])", ids))
            assert problems, (table, gone)


def test_a_case_document_that_is_gone_is_named(tampered: Tampered):
    problems = tampered.problems("documents", ("DELETE FROM documents WHERE name = 'case.json'",))
    assert any("case.json" in problem for problem in problems)


SWAPS = {
    "entries": """UPDATE entries a SET state = b.state FROM entries b
        WHERE a.position IN (5, 9) AND b.position = 14 - a.position""",
    "links": """UPDATE links a SET hash = b.hash FROM links b
        WHERE a.sequence IN (5, 9) AND b.sequence = 14 - a.sequence""",
    "blobs": """WITH two AS (SELECT min(name) AS low, max(name) AS high FROM blobs)
        UPDATE blobs a SET sealed = b.sealed FROM blobs b, two
        WHERE (a.name, b.name) IN ((low, high), (high, low))""",
}


@pytest.mark.parametrize("table", SWAPS)
def test_what_was_swapped_is_named(tampered: Tampered, table: str):
    problems = tampered.problems(table, (SWAPS[table],))
    assert len(problems) >= 2, problems


def test_a_cut_end_shows_against_a_checkpoint_only(tampered: Tampered):
    kept = tampered.case.log.checkpoint().code
    tampered.raw.execute(f"DELETE FROM links WHERE sequence > {tampered.case.log.position() - 3}")
    tampered.raw.execute(f"DELETE FROM entries WHERE position > {tampered.case.log.position() - 3}")
    try:
        problems = verify_case(tampered.case, kept).problems
    finally:
        for table in ("entries", "links"):
            tampered.raw.execute(f"DELETE FROM {table}")
            tampered.raw.execute(f"INSERT INTO {table} SELECT * FROM whole.{table}")
    assert any("its end was cut off, or this is an older copy" in problem for problem in problems)


def test_no_planted_name_is_readable_in_any_file_of_the_server(tampered: Tampered, postgres_server: str):
    """Tables, their journal and what else the server writes."""
    tampered.raw.execute("CHECKPOINT")
    files = [path for path in Path(postgres_server.split("host=")[1], "data").rglob("*") if path.is_file()]
    assert len(files) > 100
    held = {path: path.read_bytes() for path in files}
    assert any(b"notice.approved" in content for content in held.values())  # topics are in clear text
    for path, content in held.items():
        for name in (*NAMES, "Phished billing", PASSPHRASE, "Priya Natarajan"):
            assert name.encode() not in content, (name, path)

"""Erasure on a server: what is gone at once, and what the server keeps until its administrator does more."""

from pathlib import Path

import psycopg

from incident.casefile import open_case
from incident.migration import migrate
from incident.verification import verify_case
from tests.incident.evidence.conftest import lived, path
from tests.incident.evidence.life import ACCEPTED, NOW, PASSPHRASE
from tests.incident.stores.test_migration import opened_at

__all__ = ["lived", "path"]


def test_an_erased_person_is_out_of_the_tables_and_after_the_recipe_out_of_their_files(
    path: Path, postgres_database: str
):
    with open_case(path, "dana", PASSPHRASE) as case:
        migrate(case, postgres_database, NOW)
    data = Path(postgres_database.split("host=")[1], "data")
    with psycopg.connect(postgres_database.replace("+psycopg", ""), autocommit=True) as raw:
        raw.execute("SET search_path = case_main")
        with opened_at(postgres_database) as life:
            roster = life.dana.queries.rosters(life.incident_id)[0].id
            person = "SELECT envelope, wrapped_key FROM sealed WHERE id & 1099511627775 = %s"
            envelope, wrapped = raw.execute(person, (ACCEPTED,)).fetchone()
            life.dana.rosters.erase(roster, ACCEPTED, "the person asked for it")
            assert raw.execute(person, (ACCEPTED,)).fetchone() is None
            assert verify_case(life.case).problems == ()

        def tables() -> list[Path]:
            raw.execute("CHECKPOINT")
            return [each for each in (data / "base").rglob("*") if each.is_file() and holds(each)]

        def holds(file: Path) -> bool:
            content = file.read_bytes()
            return envelope in content or wrapped in content

        assert tables() != []  # deleted rows stay where they were: this is what the recipe is for
        raw.execute("VACUUM FULL sealed")
        raw.execute("VACUUM FULL word_index")
        assert tables() == []
        journal = [each for each in (data / "pg_wal").iterdir() if each.is_file() and holds(each)]
        assert journal != []  # and this is why the guide speaks of the journal, replicas and backups

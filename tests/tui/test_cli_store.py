"""A case on a server from the command line and the start screen: made, worked on, backed up and moved by its URL."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result

from tests.incident.postgres import postgres_database, postgres_server
from tests.tui.conftest import DANA
from tui import recent
from tui.app import BreachApp
from tui.cli import main
from tui.compose import exercise_folder

__all__ = ["postgres_database", "postgres_server"]

Run = Callable[..., Result]


@pytest.fixture
def run_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("BREACH_STATE_DIR", str(tmp_path / "state"))
    file = tmp_path / "passphrase"
    file.write_text(DANA.passphrase)

    def run(*words: str, secret: bool = True) -> Result:
        more = ["--passphrase-file", str(file)] if secret else []
        return CliRunner().invoke(main, [*words, *more], env={"BREACH_USER": DANA.user}, catch_exceptions=False)

    return run


def new(run_: Run, *place: str) -> Result:
    return run_(
        "case", "new", *place, "--name", "Lakeshore Aesthetics", "--state", "il", "--time-zone", "America/Chicago",
        "--user", DANA.user, "--person", DANA.name,
    )  # fmt: skip


def answered(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_case_lives_on_a_server_and_moves_to_a_folder_and_back(run_: Run, postgres_database: str, tmp_path: Path):
    secret = postgres_database.replace("tests@", "tests:hunter2@")
    made = new(run_, "--store", secret)
    assert made.exit_code == 0, made.output
    assert "hunter2" not in made.output
    assert "case=main: made for Lakeshore Aesthetics" in made.output
    words = ("--title", "Phished mailbox", "--discovered", "-2d 9:15", "--json")
    opened = answered(run_("incident", "new", *words, "--case", postgres_database))
    assert opened["events"] > 0
    assert answered(run_("verify", postgres_database, "--json"))["ok"]
    backup = tmp_path / "case.backup"
    assert answered(run_("backup", postgres_database, str(backup), "--json"))["events"] > 0
    folder = tmp_path / "case"
    moved = answered(run_("migrate", secret, str(folder), "--json"))
    assert moved["to"] == str(folder)
    assert "hunter2" not in json.dumps(moved)
    listed = answered(run_("incident", "list", "--case", str(folder), "--json"))
    assert "Phished mailbox" in json.dumps(listed)
    left = run_("incident", "list", "--store", postgres_database)
    assert left.exit_code == 2
    assert f"moved to {folder}" in left.output
    there = f"{postgres_database}&case=again"
    back = run_("migrate", str(folder), there)
    assert back.exit_code == 0, back.output
    assert f"Checkpoint code: {moved['code']}" in back.output
    assert answered(run_("verify", there, "--json"))["code"] == moved["code"]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (("mysql://u:hunter2@h/db",), "a case is kept in a folder or at postgresql+psycopg"),
        (("--store", "postgresql://u:hunter2@h/db?case=No"), "the name of a case on a server"),
        ((), "give a new folder, or a server"),
        (("here", "--store", "postgresql://u:hunter2@h/db"), "give a new folder, or a server"),
        (("postgresql://u:hunter2@localhost:1/db",), "The database server cannot be reached"),
    ],
)
def test_a_place_that_will_not_do_is_refused_in_one_line(run_: Run, place: tuple[str, ...], said: str):
    result = new(run_, *place)
    assert result.exit_code == 2
    assert said in result.output
    assert "hunter2" not in result.output
    assert "Traceback" not in result.output


def test_the_recent_list_has_the_url_without_its_password(run_: Run, postgres_database: str, tmp_path: Path):
    secret = recent.read_place(postgres_database.replace("tests@", "tests:hunter2@"))
    recent.remember(secret)
    recent.remember(tmp_path)
    recent.remember(secret)
    assert "hunter2" not in (tmp_path / "state" / "recent.json").read_text()
    assert [str(place) for place in recent.recent_cases()] == [str(secret)]


async def test_a_case_is_opened_by_its_url_on_the_start_screen(run_: Run, postgres_database: str, run: Any):
    assert new(run_, "--store", postgres_database).exit_code == 0
    async with run(BreachApp(None)) as driver:
        await driver.on("StartScreen")
        await driver.press("o")
        await driver.type(postgres_database)
        await driver.press("tab")
        await driver.type(DANA.user)
        await driver.press("tab")
        await driver.type(DANA.passphrase)
        await driver.press("enter")
        await driver.reads("No incident yet")
    (place,) = recent.recent_cases()
    assert place.name == "main"


def test_a_case_that_is_not_there_is_bad_input_and_a_damaged_one_a_finding(run_: Run, postgres_database: str):
    assert new(run_, "--store", postgres_database).exit_code == 0
    none = run_("verify", f"{postgres_database}&case=none")
    assert (none.exit_code, "There is no case at" in none.output) == (2, True)
    away = run_("verify", postgres_database.replace("host=", "host=/nowhere"))
    assert (away.exit_code, "cannot be reached" in away.output) == (2, True)
    with psycopg.connect(postgres_database.replace("+psycopg", "")) as raw:
        raw.execute("DROP TABLE case_main.links")
    damaged = run_("verify", postgres_database)
    assert (damaged.exit_code, "NOT INTACT: The table links is missing" in damaged.output) == (1, True)


def test_what_needs_a_folder_says_so_and_makes_none(run_: Run, postgres_database: str, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert new(run_, "--store", postgres_database).exit_code == 0
    assert run_("backup", postgres_database, "case.backup").exit_code == 0
    result = run_("restore", "case.backup", postgres_database, secret=False)
    assert result.exit_code == 2
    assert "a backup is restored into a folder" in result.output
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("postgresql")]
    place = recent.read_place(postgres_database)
    assert exercise_folder(place) == tmp_path / "state" / "exercises"

"""Users, second factor, recovery and keys from the command line; every change is in the record."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from incident.access.totp import code_at
from tests.tui.conftest import DANA, KIM
from tui.cli import main
from tui.compose import Person, open_workspace

Breach = Any
NEW = "a wholly different one"


@pytest.fixture
def breach(case_path: Path, tmp_path: Path) -> Breach:
    """`breach(PERSON, ...)` on the case."""

    def run(person: Person, *arguments: str, totp: str = "", **more: Any) -> Result:
        passphrase = tmp_path / person.user
        passphrase.write_text(person.passphrase, encoding="utf-8")
        environment = {"BREACH_CASE": str(case_path), "BREACH_USER": person.user, "BREACH_TOTP": totp}
        words = [*arguments, "--passphrase-file", str(passphrase)]
        return CliRunner().invoke(main, words, env=environment, catch_exceptions=False, **more)

    (tmp_path / "new").write_text(NEW + "\n", encoding="utf-8")
    run.new = str(tmp_path / "new")  # type: ignore[attr-defined]
    return run


def users(breach: Breach) -> dict[str, dict[str, Any]]:
    done = breach(KIM, "access", "users", "--json")
    assert done.exit_code == 0, done.stderr
    return {row["user"]: row for row in json.loads(done.stdout)["users"]}


def log(case_path: Path) -> list[str]:
    with open_workspace(case_path, KIM.user, KIM.passphrase) as workspace:
        return [row.text for row in workspace.service.queries.timeline()]


def code_in(text: str) -> str:
    found = re.search(r"(\w{5}-){6}\w{5}", text)
    assert found is not None, text
    return found[0]


def test_a_user_is_enrolled_with_a_recovery_code_and_removed(breach: Breach, case_path: Path) -> None:
    done = breach(
        DANA, "case", "enroll", "lee", "--name", "Lee Ito", "--role", "examiner", "--new-passphrase-file", breach.new
    )
    assert done.exit_code == 0, done.stderr
    assert code_in(done.stderr)
    assert code_in(done.stderr) not in done.stdout
    found = users(breach)["lee"]
    assert (found["role"], found["keys"]) == ("examiner", {"signing": False, "advice": False})
    assert found["recovery_code_at"] is not None
    lee = Person(user="lee", name="Lee Ito", role="examiner", passphrase=NEW)
    assert breach(lee, "access", "rotate").exit_code == 1
    assert "only the incident lead or counsel may rotate the keys" in breach(lee, "access", "rotate").stderr

    gone = breach(DANA, "access", "remove", "LEE")
    assert gone.exit_code == 0, gone.stderr
    assert "breach access rotate" in gone.stdout
    assert "lee" not in users(breach)
    assert breach(lee, "access", "users").exit_code == 2
    assert "lee removed: can open the case no longer" in log(case_path)
    assert breach(DANA, "access", "remove", "dana").exit_code == 1
    back = ("case", "enroll", "lee", "--name", "Lee Ito", "--role", "counsel", "--new-passphrase-file", breach.new)
    assert breach(DANA, *back, "--no-recovery-code").exit_code == 0
    assert (users(breach)["lee"]["role"], users(breach)["lee"]["recovery_code_at"]) == ("counsel", None)


def test_a_passphrase_is_changed_and_a_lost_one_recovered(breach: Breach, case_path: Path, tmp_path: Path) -> None:
    made = breach(DANA, "access", "recovery-code", "--json")
    assert json.loads(made.stdout)["events"] == 1
    (tmp_path / "code").write_text(code_in(made.stderr), encoding="utf-8")
    assert breach(DANA, "access", "passphrase", "--new-passphrase-file", breach.new).exit_code == 0
    assert breach(DANA, "access", "users").exit_code == 2
    (tmp_path / "again").write_text(DANA.passphrase, encoding="utf-8")
    recover = ["access", "recover", str(case_path), "--user", "dana", "--recovery-code-file", str(tmp_path / "code")]
    done = CliRunner().invoke(main, [*recover, "--new-passphrase-file", str(tmp_path / "again"), "--json"])
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["second_factor"] is False
    assert code_in(done.stderr) != code_in(made.stderr)
    assert breach(DANA, "access", "users").exit_code == 0
    assert "Passphrase of dana set by recovery code" in log(case_path)
    twice = CliRunner().invoke(main, [*recover, "--new-passphrase-file", str(tmp_path / "again")])
    assert (twice.exit_code, "used already" in twice.stderr) == (2, True)


def test_a_second_factor_is_switched_on_with_a_code_and_asked_for(
    breach: Breach, case_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = b"12345678901234567890"
    monkeypatch.setattr("tui.cli.access.new_secret", lambda: secret)
    refused = breach(DANA, "access", "totp", "on", input="12\n")
    assert (refused.exit_code, "code: it does not fit" in refused.stderr) == (2, True)
    done = breach(DANA, "access", "totp", "on", input=code_at(secret, datetime.now(UTC)) + "\n")
    assert done.exit_code == 0, done.stderr
    assert "GEZD GNBV" in done.stderr
    assert "█" in done.stderr
    assert "GEZD" not in done.stdout
    assert users(breach)["dana"]["second_factor"] is True
    asked = breach(DANA, "access", "users", input=code_at(secret, datetime.now(UTC)) + "\n")
    assert asked.exit_code == 0, asked.stderr
    assert "Code of your authenticator" in asked.stderr
    again = breach(DANA, "access", "users", totp=code_at(secret, datetime.now(UTC)))
    assert (again.exit_code, "used already" in again.stderr) == (2, True)
    later = code_at(secret, datetime.now(UTC) + timedelta(seconds=30))
    assert breach(DANA, "access", "totp", "off", totp=later).exit_code == 0
    assert breach(DANA, "access", "users").exit_code == 0
    told = log(case_path)
    assert "Second factor of dana switched on" in told
    assert "Second factor of dana switched off" in told


def test_refused_attempts_are_recorded_with_the_next_opening(breach: Breach, case_path: Path) -> None:
    wrong = Person(user="dana", name="", role="", passphrase="wrong wrong wrong")
    stranger = Person(user="mallory", name="", role="", passphrase="wrong wrong wrong")
    for person in (wrong, wrong, stranger):
        assert breach(person, "access", "users").exit_code == 2
    assert breach(KIM, "access", "users").exit_code == 0
    told = [line for line in log(case_path) if line.startswith("Access refused")]
    assert sorted(told) == [
        "Access refused: 1 attempt to open the case as somebody who is no user",
        "Access refused: 2 attempts to open the case as dana",
    ]
    assert breach(wrong, "access", "users").exit_code == 2
    waiting = breach(DANA, "access", "users")
    assert (waiting.exit_code, "wait 2 s" in waiting.stderr) == (1, True)
    assert sum(line.startswith("Access refused") for line in log(case_path)) == 3


def test_advice_is_shared_and_keys_rotated(breach: Breach, case_path: Path) -> None:
    assert users(breach)["kim"]["keys"] == {"signing": True, "advice": True}, (
        "the first counsel who opens makes the key"
    )
    assert "Advice of counsel can be read by kim (key 1)" in log(case_path)
    assert breach(DANA, "access", "share", "dana").exit_code == 1
    assert breach(KIM, "access", "share", "dana").exit_code == 0
    assert users(breach)["dana"]["keys"]["advice"] is True
    assert breach(KIM, "access", "unshare", "dana").exit_code == 0
    rotated = breach(DANA, "access", "rotate", "--json")
    assert json.loads(rotated.stdout)["epochs"] == {"case": 2, "signing": 2, "advice": 2}
    assert users(breach)["dana"]["keys"]["advice"] is False
    assert log(case_path)[-3:] == [
        "Advice of counsel can be read by dana (key 1)",
        "Advice of counsel from now on is closed to dana (key 2)",
        "Keys rotated: case 2, signing 2",
    ]
    verified = CliRunner().invoke(
        main,
        ["verify", str(case_path), "--user", "kim", "--passphrase-file", "-", "--json"],
        input=KIM.passphrase + "\n",
    )
    assert json.loads(verified.stdout)["ok"] is True, verified.stdout


def test_the_list_of_users_reads_as_a_table_and_line_by_line(breach: Breach) -> None:
    table = breach(KIM, "access", "users").stdout
    assert "SECOND FACTOR" in table.splitlines()[0]
    assert "Second factor: off" in breach(KIM, "access", "users", "--plain").stdout

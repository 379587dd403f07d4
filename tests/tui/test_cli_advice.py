"""Counsel's advice from the command line: recorded and read by counsel, listed and logged for all, never in clear."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.tui.conftest import DANA, DISCOVERED, KIM
from tui.cli import main
from tui.compose import Person, open_workspace
from tui.screens.advice import AdviceScreen

WORDS = "The Zanzibar clause in the vendor contract\x1b[2J may bar our claim."
Breach = Any


@pytest.fixture
def breach(case_path: Path, tmp_path: Path) -> Breach:
    """`breach(PERSON, ...)` on the case, with an incident taken up."""
    (tmp_path / "words").write_text(WORDS, encoding="utf-8")

    def run(person: Person, *arguments: str, **more: Any) -> Result:
        passphrase = tmp_path / person.user
        passphrase.write_text(person.passphrase, encoding="utf-8")
        environment = {"BREACH_CASE": str(case_path), "BREACH_USER": person.user}
        words = [*arguments, "--passphrase-file", str(passphrase)]
        return CliRunner().invoke(main, words, env=environment, catch_exceptions=False, **more)

    with open_workspace(case_path, DANA.user, DANA.passphrase) as workspace:
        incident_id, _ = workspace.service.incidents.open("Phished mailbox", DISCOVERED)
        run.reference = workspace.service.queries.incident(incident_id).reference  # type: ignore[attr-defined]
    run.words = str(tmp_path / "words")  # type: ignore[attr-defined]
    return run


@pytest.fixture
def reference(breach: Breach) -> str:
    return str(breach.reference)


@pytest.fixture
def number(breach: Breach, reference: str) -> int:
    """The event number of advice that was given."""
    done = breach(
        KIM,
        *("advice", "add", reference, "--file", breach.words, "--to", "Dana Ruiz", "--duty", "us.hipaa.hhs"),
        *("--basis", "both", "--description", "=1+1 Memorandum on the contract", "--json"),
    )
    assert done.exit_code == 0, done.stderr
    return int(json.loads(done.stdout)["position"])


def test_counsel_records_advice_and_reads_it_again(breach: Breach, reference: str, number: int) -> None:
    read = breach(KIM, "advice", "read", str(number))
    assert "The Zanzibar clause" in read.stdout
    assert "\x1b" not in read.stdout, "what a terminal would take for a command"
    assert json.loads(breach(KIM, "advice", "read", str(number), "--json").stdout)["text"] == WORDS


def test_the_words_may_come_from_standard_input_and_never_as_an_argument(breach: Breach, reference: str) -> None:
    done = breach(KIM, "advice", "add", reference, "--file", "-", "--to", "Dana", input="Piped words\n")
    assert done.exit_code == 0, done.stderr
    assert "--text" not in breach(KIM, "advice", "add", "--help").stdout


def test_who_lacks_the_key_sees_that_there_is_advice_and_not_what_it_says(
    breach: Breach, reference: str, number: int
) -> None:
    refused = breach(DANA, "advice", "read", str(number))
    assert (refused.exit_code, "sealed for counsel" in refused.stderr) == (1, True)
    listed = json.loads(breach(DANA, "advice", "list", reference, "--json").stdout)
    assert (listed["can_read"], [row["position"] for row in listed["advice"]]) == (False, [number])
    for command in (
        ("advice", "list", reference),
        ("advice", "list", reference, "--json"),
        ("advice", "log", reference, "--json"),
        ("advice", "log", reference),
        ("log", reference, "--json"),
        ("incident", "show", reference, "--json"),
        ("board", reference, "--json"),
    ):
        shown = breach(DANA, *command)
        assert shown.exit_code == 0, shown.stderr
        assert "Zanzibar" not in shown.stdout + shown.stderr
    assert "Memorandum on the contract" in breach(DANA, "advice", "list", reference).stdout


def test_the_lead_gives_no_advice(breach: Breach, reference: str) -> None:
    refused = breach(DANA, "advice", "add", reference, "--file", breach.words, "--to", "Kim")
    assert (refused.exit_code, "only counsel may give advice" in refused.stderr) == (1, True)
    assert json.loads(breach(KIM, "advice", "list", reference, "--json").stdout)["advice"] == []


def test_what_cannot_be_recorded_is_one_line(breach: Breach, reference: str) -> None:
    for options, said in (
        (["--to", "Dana", "--notice", "abc"], "notice 'abc'"),
        (["--to", "Dana", "--duty", "us.nowhere"], "subject: there is no duty us.nowhere"),
        (["--to", "Dana", "--entry", "9999"], "subject: there is no entry 9999"),
        (["--to", "Dana", "--entry", "4", "--duty", "us.hipaa.hhs"], "about one of them"),
        ([], "recipients: say to whom"),
        (["--to", " "], "recipients: say to whom"),
    ):
        refused = breach(KIM, "advice", "add", reference, "--file", breach.words, *options)
        assert (refused.exit_code, said in refused.stderr) == (2, True), refused.stderr
        assert "Zanzibar" not in refused.output


def test_a_correction_keeps_both_and_as_of_shows_what_stood_then(
    breach: Breach, reference: str, number: int, tmp_path: Path
) -> None:
    (tmp_path / "words").write_text("Better words.", encoding="utf-8")
    done = breach(KIM, "advice", "correct", str(number), "--file", breach.words, "--json")
    assert done.exit_code == 0, done.stderr
    assert "Better words." in breach(KIM, "advice", "read", str(number)).stdout
    assert "Zanzibar" in breach(KIM, "advice", "read", str(number), "--as-of", str(number)).stdout
    assert breach(KIM, "advice", "read", str(number), "--as-of", str(number - 1)).exit_code == 2
    rows = json.loads(breach(DANA, "advice", "log", reference, "--json").stdout)["rows"]
    assert [row["version"] for row in rows] == [1, 2]
    then = json.loads(breach(DANA, "advice", "log", reference, "--json", "--as-of", str(number)).stdout)
    assert [row["position"] for row in then["rows"]] == [number]


def test_the_privilege_log_is_a_table_without_formulas_and_a_document(
    breach: Breach, reference: str, number: int, tmp_path: Path
) -> None:
    (row,) = csv.DictReader(io.StringIO(breach(DANA, "advice", "log", reference, "--csv").stdout))
    assert (row["position"], row["author_name"], row["recipients"]) == (str(number), "Kim Osei, counsel", "Dana Ruiz")
    assert row["description"] == "'=1+1 Memorandum on the contract, on the duty us.hipaa.hhs"
    assert "work product" in row["ground"]
    for name in ("log.csv", "log.txt", "log.json", "log.pdf"):
        assert breach(DANA, "advice", "log", reference, "--out", str(tmp_path / name)).exit_code == 0
        assert b"Zanzibar" not in (tmp_path / name).read_bytes()
    assert (tmp_path / "log.pdf").read_bytes().startswith(b"%PDF-")
    assert "for a court to say" in (tmp_path / "log.txt").read_text()
    again = breach(DANA, "advice", "log", reference, "--out", str(tmp_path / "log.csv"))
    assert (again.exit_code, "there already" in again.stderr) == (2, True)


def test_another_number_is_named(breach: Breach, reference: str, number: int) -> None:
    missing = breach(KIM, "advice", "read", "1")
    assert (missing.exit_code, f"there are: #{number}" in missing.stderr) == (2, True)


ON_THE_COMMAND_LINE = {"read": "read", "new": "add", "correct": "correct", "log": "log", "export": "log"}


def test_every_action_of_the_advice_screen_is_also_a_command() -> None:
    assert {binding.action for binding in AdviceScreen.__dict__["BINDINGS"]} == set(ON_THE_COMMAND_LINE)
    for words in ("list", *ON_THE_COMMAND_LINE.values()):
        assert CliRunner().invoke(main, ["advice", words, "--help"]).exit_code == 0

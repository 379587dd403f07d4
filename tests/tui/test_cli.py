"""The command line: the same commands as the screens, one-line errors, exit codes, JSON."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.tui.conftest import KIM
from tui.cli import COMMANDS, main
from tui.compose import Workspace, open_workspace
from tui.screens.access import AccessScreen
from tui.screens.assess import AssessScreen
from tui.screens.board import BoardScreen
from tui.screens.facts import FactsScreen
from tui.screens.gaps import GapsScreen
from tui.screens.home import HomeScreen
from tui.screens.log import LogScreen
from tui.screens.what_if import WhatIfScreen
from tui.screens.why import WhyScreen

PASSPHRASE = "correct horse battery staple"
Breach = Any


@pytest.fixture
def passphrase_file(tmp_path: Path) -> Path:
    path = tmp_path / "passphrase"
    path.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    return path


@pytest.fixture
def breach(case_path: Path, passphrase_file: Path) -> Breach:
    """`breach(...)` on the case as dana."""

    def run(*arguments: str, **options: Any) -> Result:
        environment = {"BREACH_CASE": str(case_path), "BREACH_USER": "dana"}
        words = [*arguments, "--passphrase-file", str(passphrase_file)]
        return CliRunner().invoke(main, words, env=environment, catch_exceptions=False, **options)

    return run


@pytest.fixture
def counsel(case_path: Path, tmp_path: Path) -> Breach:
    """`counsel(...)` on the case as kim."""
    theirs = tmp_path / "passphrase of counsel"
    theirs.write_text(KIM.passphrase, encoding="utf-8")

    def run(*arguments: str) -> Result:
        environment = {"BREACH_CASE": str(case_path), "BREACH_USER": KIM.user}
        words = [*arguments, "--passphrase-file", str(theirs)]
        return CliRunner().invoke(main, words, env=environment, catch_exceptions=False)

    return run


@pytest.fixture
def reference(breach: Breach) -> str:
    result = breach(
        *("incident", "new", "--title", "Phished mailbox", "--discovered", "-2d 16:10", "--first-known", "same"),
        *("--affected", "il 1000-1300 ca ~60 in ?", "--set", "incident.encrypted=n", "--set", "incident.medium=e"),
        *("--set", "incident.data_elements=n d m i", "--json"),
    )
    assert result.exit_code == 0, result.output
    made = json.loads(result.stdout)
    assert made["position"] > 0
    return str(made["reference"])


def reopened(case_path: Path) -> Workspace:
    return open_workspace(case_path, "dana", PASSPHRASE)


def test_an_incident_is_taken_up_with_what_is_known(breach: Breach, reference: str, case_path: Path) -> None:
    with reopened(case_path) as workspace:
        queries = workspace.service.queries
        facts = queries.facts(queries.incident_by_reference(reference).id)
    assert facts["affected.by_state.IL"].value == {"min": 1000, "max": 1300}
    assert facts["affected.by_state.CA"].source == "estimate ~60"
    assert facts["affected.by_state.IN"].value is None
    assert facts["incident.data_elements"].value == ["name", "date_of_birth", "medical_information", "health_insurance"]
    assert facts["discovery.workforce_knew_at"].value == facts["incident.discovered_at"].value


def test_list_and_show_tell_what_is_next(breach: Breach, reference: str) -> None:
    listed = json.loads(breach("incident", "list", "--json").stdout)
    assert [row["reference"] for row in listed["incidents"]] == [reference]
    assert listed["incidents"][0]["next"]["id"].startswith("ca.hsc1280_15")
    assert reference in breach("incident", "list").stdout
    assert "Decision: not decided" in breach("incident", "show", reference).stdout
    duties = json.loads(breach("incident", "show", reference, "--json").stdout)["duties"]
    assert duties["us.hipaa.hhs"]["status"] == "due"


def test_the_board_as_table_as_lines_and_as_json(breach: Breach, reference: str) -> None:
    table = breach("board", reference).stdout
    assert "California residents (~60)" in table
    assert "NOT MODELLED" in table
    lines = breach("board", reference, "--plain", "--fold").stdout.splitlines()
    assert "To whom: California residents (~60)" in lines
    assert not any("not due" in line for line in lines)
    board = json.loads(breach("board", reference, "--json").stdout)
    assert {duty["id"] for duty in board["obligations"]} >= {"us.hipaa.hhs", "il.pipa.hipaa_attorney_general"}
    assert board["as_of_event"] > 0


def test_the_board_explains_asks_and_supposes(breach: Breach, reference: str) -> None:
    assert "45 CFR 164.408" in breach("board", reference, "--why", "us.hipaa.hhs").stdout
    why = json.loads(breach("board", reference, "--why", "us.hipaa.hhs", "--json").stdout)
    assert why["citations"] == ["45 CFR 164.408"]
    gaps = json.loads(breach("board", reference, "--gaps", "--json").stdout)["gaps"]
    assert gaps[0]["path"] == "organization.licenses"
    supposed = breach("board", reference, "--suppose", "affected.by_state.CA=600")
    assert "Media, California due" in supposed.stdout
    assert "us.hipaa.media:CA" not in breach("board", reference, "--why", "us.hipaa.media:CA").stdout.splitlines()[0]
    missing = breach("board", reference, "--why", "us.hipaa.nobody")
    assert missing.exit_code == 2
    assert "no duty 'us.hipaa.nobody'" in missing.stderr


def test_the_board_as_of_an_event_number(breach: Breach, reference: str) -> None:
    before = json.loads(breach("board", reference, "--json").stdout)["as_of_event"]
    assert (
        breach("incident", "facts", reference, "--set", "affected.by_state.CA=700", "--because", "counted").exit_code
        == 0
    )
    assert "(700)" in breach("board", reference).stdout
    assert "(~60)" in breach("board", reference, "--as-of-event", str(before)).stdout
    assert breach("board", reference, "--as-of-event", "9999").exit_code == 2
    frozen = breach("incident", "facts", reference, "--set", "incident.encrypted=y", "--as-of-event", str(before))
    assert frozen.exit_code != 0


def test_facts_are_listed_corrected_with_a_reason_and_exported_for_the_engine(breach: Breach, reference: str) -> None:
    bare = breach("incident", "facts", reference, "--set", "affected.by_state.CA=61")
    assert bare.exit_code == 2
    assert "affected.by_state.CA: corrected, so --because is needed" in bare.stderr
    done = breach("incident", "facts", reference, "--set", "affected.by_state.CA=61", "--because", "export", "--json")
    assert done.exit_code == 0
    contract = json.loads(breach("incident", "facts", reference, "--json").stdout)
    assert contract["affected"]["by_state"] == {"IL": {"min": 1000, "max": 1300}, "CA": 61, "IN": None}
    bad = breach("incident", "facts", reference, "--set", "affected.by_state.ZZ=1", "--set", "incident.encrypted=maybe")
    assert bad.exit_code == 2
    assert len(bad.stderr.splitlines()) == 2


def test_the_log_is_written_corrected_and_read(breach: Breach, reference: str, tmp_path: Path) -> None:
    added = json.loads(
        breach("incident", "log", reference, "--add", "tokens revoked", "--when", "-2h", "--json").stdout
    )
    wrong = breach("incident", "log", reference, "--correct", str(added["position"]), "--text", "all tokens revoked")
    assert wrong.exit_code == 2
    corrected = breach(
        *("incident", "log", reference, "--correct", str(added["position"])),
        *("--text", "all tokens revoked", "--because", "one was missing"),
    )
    assert corrected.exit_code == 0, corrected.stderr
    evidence = tmp_path / "audit.csv"
    evidence.write_bytes(b"a,b\n")
    attached = breach("incident", "log", reference, "--attach", str(evidence))
    assert "SHA-256 " in attached.stdout
    assert breach("incident", "log", reference, "--attach", str(tmp_path / "none")).exit_code == 2
    text = breach("log", reference).stdout
    assert f"(corrected by #{added['position'] + 1}) tokens revoked" in text
    entries = json.loads(breach("log", reference, "--json").stdout)["entries"]
    assert [entry["text"] for entry in entries[-3:-1]] == ["tokens revoked", "all tokens revoked"]


def test_the_assessment_and_the_decision(breach: Breach, reference: str) -> None:
    refused = breach("incident", "decide", reference, "do_not_notify", "--reason", "nothing happened")
    assert refused.exit_code == 1
    assert "a breach is presumed" in refused.stderr
    assert "a breach is presumed" in breach("incident", "assess", reference).stdout
    factors = [word for rating in "4432" for word in ("--factor", rating, "because")]
    assert breach("incident", "assess", reference, *factors[:6]).exit_code == 2
    unfounded = breach("incident", "assess", reference, "--outcome", "exception_workforce")
    assert unfounded.exit_code == 2
    assert "because" in unfounded.stderr
    departs = breach("incident", "assess", reference, *factors, "--outcome", "low_probability")
    assert departs.exit_code == 2
    assert "--because" in departs.stderr
    done = json.loads(breach("incident", "assess", reference, *factors, "--json").stdout)
    assert done["outcome"] == "breach"
    assert "Outcome: A low probability" in breach("incident", "assess", reference).stdout
    assert breach("incident", "decide", reference, "notify", "--reason", "not rebutted").exit_code == 0
    assert "Decision: notify" in breach("incident", "show", reference).stdout


def test_a_reading_is_adopted_a_duty_done_a_hold_recorded_and_closing_refused(
    breach: Breach, counsel: Breach, reference: str
) -> None:
    breach("incident", "facts", reference, "--set", "organization.licenses=1204")
    readings = json.loads(breach("board", reference, "--why", "ca.hsc1280_15.cdph", "--json").stdout)["readings"]
    chosen = readings[-1]["id"]
    adopting = ("incident", "adopt", reference, "ca.hsc1280_15.cdph", chosen, "--because", "the safest count")
    refused = breach(*adopting)
    assert (refused.exit_code, "only counsel may adopt a reading" in refused.stderr) == (1, True)
    adopted = counsel(*adopting)
    assert adopted.exit_code == 0, adopted.stderr
    now = json.loads(breach("board", reference, "--why", "ca.hsc1280_15.cdph", "--json").stdout)["readings"]
    assert now[0]["id"] == chosen
    assert breach("incident", "done", reference, "us.hipaa.hhs", "--on", "2099-01-01", "--because", "x").exit_code == 2
    hold = breach(
        *("incident", "hold", reference, "--agency", "FBI", "--kind", "oral", "--stated-on", "2026-11-21"),
        *("--because", "SA Doe"),
    )
    assert hold.exit_code == 0, hold.stderr
    closing = breach("incident", "close", reference, "--reason", "tired")
    assert closing.exit_code == 1
    assert "duties are still open" in closing.stderr


def test_verify_tells_a_whole_case_from_one_that_was_changed(breach: Breach, reference: str, case_path: Path) -> None:
    whole = breach("verify", str(case_path), "--json")
    report = json.loads(whole.stdout)
    assert (whole.exit_code, report["ok"], report["problems"]) == (0, True, [])
    assert breach("verify", str(case_path), "--checkpoint", report["code"]).exit_code == 0
    other = breach("verify", str(case_path), "--checkpoint", "9:" + "0" * 64)
    assert other.exit_code == 1
    log = case_path / "log.db"
    content = bytearray(log.read_bytes())
    position = content.rfind(b"incident.fact_recorded")
    content[position : position + 8] = b"INCIDENT"
    log.write_bytes(bytes(content))
    changed = breach("verify", str(case_path))
    assert changed.exit_code == 1
    assert "NOT INTACT" in changed.output


def test_bad_input_is_one_line_and_exit_code_two(
    breach: Breach, reference: str, case_path: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not the passphrase", encoding="utf-8")
    for arguments in (
        ("board", "2026-999"),
        ("incident", "new", "--title", "", "--discovered", "-2d 16:10"),
        ("incident", "new", "--title", "x", "--discovered", "soon"),
        ("incident", "show", reference, "--passphrase-file", str(tmp_path / "missing")),
        ("incident", "show", reference, "--case", str(tmp_path / "nowhere")),
        ("incident", "show", reference, "--user", "nobody"),
    ):
        # Options given twice: the last one counts, so the good passphrase file stands first.
        environment = {"BREACH_CASE": str(case_path), "BREACH_USER": "dana"}
        good = ["--passphrase-file", str(tmp_path / "passphrase")]
        words = [*arguments] if "--passphrase-file" in arguments else [*arguments, *good]
        result = CliRunner().invoke(main, words, env=environment, catch_exceptions=False)
        assert result.exit_code == 2, arguments
        assert len(result.stderr.splitlines()) == 1, arguments
        assert "Traceback" not in result.output
    words = ["board", reference, "--passphrase-file", str(wrong)]
    result = CliRunner().invoke(main, words, env={"BREACH_CASE": str(case_path), "BREACH_USER": "dana"})
    assert (result.exit_code, result.stderr) == (2, "breach: The user name or the passphrase is wrong.\n")


def test_the_passphrase_may_come_from_standard_input_but_never_from_an_option(case_path: Path) -> None:
    words = ["incident", "list", "--case", str(case_path), "--user", "dana", "--passphrase-file", "-", "--json"]
    result = CliRunner().invoke(main, words, input=f"{PASSPHRASE}\n")
    assert result.exit_code == 0, result.output
    assert "--passphrase " not in CliRunner().invoke(main, ["incident", "list", "--help"]).output


def run_python(code: str) -> str:
    root = Path(__file__).parents[2]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True, env=environment
    )
    return done.stdout


def test_help_loads_neither_screens_nor_stores() -> None:
    code = (
        "import sys\nfrom tui.cli import main\ntry:\n main(['--help'])\nexcept SystemExit: pass\n"
        "print('LOADED', *{name.partition('.')[0] for name in sys.modules})"
    )
    loaded = run_python(code).partition("LOADED")[2].split()
    assert not {"textual", "sqlalchemy", "eventsourcing", "cryptography", "jurisdictions", "incident"} & set(loaded)


def test_the_first_screen_needs_no_store() -> None:
    loaded = run_python("import sys, tui.cli.program\nprint(*sys.modules)").split()
    assert "textual.app" in loaded
    assert not {"sqlalchemy", "eventsourcing", "cryptography", "jinja2"} & set(loaded)


def test_every_command_is_there_and_has_its_line_of_help() -> None:
    text = CliRunner().invoke(main, ["--help"]).output
    for name, (where, words) in COMMANDS.items():
        assert name in text
        assert words.split()[0] in text
        module = Path(__file__).parents[2] / (where.partition(":")[0].replace(".", "/") + ".py")
        assert module.exists(), f"{name} is promised and {module} is missing"
        assert CliRunner().invoke(main, [name, "--help"]).exit_code == 0


def test_help_appears_at_once() -> None:
    began = time.monotonic()
    subprocess.run(
        [sys.executable, "-c", "from tui.cli import main; main(['--help'])"], capture_output=True, check=True
    )
    # A generous factor over the second that is promised: the machine of the tests is busy with other tests.
    assert time.monotonic() - began < 5


def test_a_case_is_made_described_and_opened_to_others(tmp_path: Path, passphrase_file: Path) -> None:
    folder = tmp_path / "harbor"

    def run(*arguments: str) -> Result:
        environment = {"BREACH_CASE": str(folder), "BREACH_USER": "ana"}
        words = [*arguments, "--passphrase-file", str(passphrase_file)]
        return CliRunner().invoke(main, words, env=environment, catch_exceptions=False)

    basics = ("--name", "Harbor Glow", "--state", "ca", "--user", "ana", "--person", "Ana Prieto")
    bad = run("case", "new", str(folder), *basics, "--time-zone", "Los Angeles")
    assert bad.exit_code == 2
    assert "organization.time_zone" in bad.stderr
    assert not folder.exists()
    made = run(
        *("case", "new", str(folder), *basics, "--time-zone", "America/Los_Angeles"),
        *("--set", "organization.hipaa_role=n", "--contact", "city=Los Angeles"),
    )
    assert made.exit_code == 0, made.stderr
    assert run("case", "new", str(folder), *basics, "--time-zone", "America/Los_Angeles").exit_code == 2
    assert run("case", "describe", "--set", "incident.encrypted=y").exit_code == 2
    assert run("case", "describe", "--contact", "planet=Mars").exit_code == 2
    assert run("case", "describe", "--contact", "zip=90012", "--set", "organization.data_owner=y").exit_code == 0
    theirs = tmp_path / "kim"
    theirs.write_text("lighthouse marble violin", encoding="utf-8")
    enrolled = run(
        *("case", "enroll", "kim", "--name", "Kim Osei", "--role", "counsel", "--new-passphrase-file", str(theirs))
    )
    assert enrolled.exit_code == 0, enrolled.stderr
    shown = json.loads(run("case", "show", "--json").stdout)
    assert shown["facts"]["organization.data_owner"] is True
    assert shown["contact"] == {"state": "CA", "city": "Los Angeles", "zip": "90012"}
    assert {person["user"] for person in shown["people"]} == {"ana", "kim"}
    code = json.loads(run("case", "checkpoint", "--json").stdout)["code"]
    assert run("verify", str(folder), "--checkpoint", code).exit_code == 0
    with open_workspace(folder, "kim", "lighthouse marble violin") as workspace:
        assert workspace.service.queries.user("kim").role == "counsel"


ON_THE_COMMAND_LINE = {
    "new_incident": "incident new",
    "enroll": "case enroll",
    "access": "access users",
    "remove": "access remove",
    "second_factor": "access totp",
    "passphrase": "access passphrase",
    "recovery_code": "access recovery-code",
    "share": "access share",
    "unshare": "access unshare",
    "rotate": "access rotate",
    "organization": "case describe",
    "exception": "incident assess",
    "verify": "verify",
    "yearly": "filing yearly",
    "app.checkpoint": "case checkpoint",
    "open": "log",
    "why": "board",
    "gaps": "board",
    "what_if": "board",
    "fold": "board",
    "brief": "brief",
    "calendar": "calendar",
    "suppose": "board",
    "look_back": "board",
    "facts": "incident facts",
    "answer": "incident facts",
    "done": "incident done",
    "hold": "incident hold",
    "close": "incident close",
    "adopt": "incident adopt",
    "add": "incident log",
    "correct": "incident log",
    "attach": "incident log",
    "mark_read": "handover read",
    "record": "incident assess",
    "decide": "incident decide",
}
"""Screen action -> the command that does the same."""

NAVIGATION = {"back", "quit", "change_user", "exercise", "clear", "edit", "app.focus_next", "app.focus_previous"}
"""Actions that only move between screens or within a form."""


def test_every_action_of_a_screen_is_also_a_command() -> None:
    screens = (
        HomeScreen,
        AccessScreen,
        BoardScreen,
        WhyScreen,
        GapsScreen,
        WhatIfScreen,
        FactsScreen,
        LogScreen,
        AssessScreen,
    )
    actions = {
        binding.action
        for screen in screens
        for binding in screen.__dict__["BINDINGS"]
        if not binding.action.startswith(("scroll", "rate", "section", "page"))
    }
    assert actions - NAVIGATION <= set(ON_THE_COMMAND_LINE)
    for words in set(ON_THE_COMMAND_LINE.values()):
        assert CliRunner().invoke(main, [*words.split(), "--help"]).exit_code == 0, words

"""The main job by commands: people in, a letter out, a report filed, an exercise played."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from incident.system import SystemClock
from tests.tui.conftest import DANA, FACTS, KIM
from tests.tui.test_exercise import PACK
from tui.cli import main
from tui.compose import Person, Workspace, open_workspace
from tui.screens.duplicates import DuplicatesScreen
from tui.screens.entities import EntitiesScreen
from tui.screens.exercise import ExerciseBody
from tui.screens.filings import FilingsScreen
from tui.screens.markup import MarkupScreen
from tui.screens.notice import NoticeScreen
from tui.screens.notice_form import NoticeFormScreen
from tui.screens.notices import NoticesScreen
from tui.screens.people import PeopleScreen
from tui.screens.person import PersonScreen
from tui.screens.preflight import LetterScreen, PreflightScreen
from tui.screens.quarantine import QuarantineScreen
from tui.screens.reading import ReadingScreen
from tui.screens.recorded import RecordedNoticeScreen
from tui.screens.reveal import RevealScreen
from tui.screens.review import QueueScreen, ReviewScreen
from tui.screens.review_facts import ReviewFactsScreen
from tui.screens.review_notice import ReviewNoticeScreen
from tui.screens.review_redline import RedlineScreen
from tui.screens.roster import RosterScreen
from tui.screens.roster_import import ImportScreen
from tui.screens.sample import SampleScreen
from tui.screens.templates import TemplatesScreen
from tui.screens.variants import VariantsScreen
from tui.screens.worksheet import WorksheetScreen
from tui.screens.yearly import YearlyScreen

Breach = Callable[..., Result]
PEOPLE = """First Name,Last Name,DOB,Street,City,State,Zip
Ana,Díaz,1980-02-28,12 Main St,Chicago,IL,60614
Zoë,O'Neil,2015-06-01,9 Elm St,Chicago,IL,60601
Ivo,Novák,1941-05-05,,Chicago,IL,60612
Bob,Smith,1970-01-01,1 Oak St,Gary,,
Test,Patient,1970-01-01,1 Oak St,Gary,IN,46402
"""
CONTACT = {
    "street": "100 N Lake Shore Dr",
    "city": "Chicago",
    "state": "IL",
    "zip": "60611",
    "toll_free": "1-800-555-0142",
    "email": "privacy@lakeshore.example",
    "privacy_officer": "Dana Ruiz",
}
LETTER = """
what_happened = "A person outside our clinic got into one billing mailbox."
what_we_are_doing = "We closed the mailbox. We called a forensic firm to investigate. We train all staff anew."
notice_date = 2026-11-25
"""


@pytest.fixture
def breach(case_path: Path, tmp_path: Path) -> Breach:
    """`breach(person, ...)` on the case."""

    def run(person: Person, *arguments: str) -> Result:
        secret = tmp_path / f"{person.user}.txt"
        secret.write_text(person.passphrase, encoding="utf-8")
        environment = {"BREACH_CASE": str(case_path), "BREACH_USER": person.user}
        words = [*arguments, "--passphrase-file", str(secret)]
        return CliRunner().invoke(main, words, env=environment, catch_exceptions=False)

    return run


@pytest.fixture
def reference(case_path: Path) -> str:
    """An incident discovered lately, of an organization that can be written to."""
    with open_workspace(case_path, DANA.user, DANA.passphrase) as workspace:
        workspace.service.case.describe(FACTS, CONTACT)
        now = workspace.service.clock.now()
        incident_id, _ = workspace.service.incidents.open(
            "Phished billing mailbox",
            {
                "incident.discovered_at": now.isoformat(),
                "incident.occurred_from": now.date().isoformat(),
                "incident.occurred_to": now.date().isoformat(),
                "incident.data_elements": ["name", "medical_information"],
                "incident.medium": "electronic",
                "incident.encrypted": False,
                "incident.risk_assessment": "breach",
            },
        )
        return workspace.service.queries.incident(incident_id).reference


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    return path


def told(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def reopened(case_path: Path) -> Workspace:
    return open_workspace(case_path, DANA.user, DANA.passphrase)


def test_people_are_imported_found_and_decided_on(
    breach: Breach, reference: str, people: Path, case_path: Path
) -> None:
    made = told(breach(DANA, "roster", "import", reference, str(people), "--json"))
    assert (made["report"]["in"], made["report"]["accepted"], made["report"]["quarantined"]) == (5, 3, 2)
    assert any("us.hipaa.hhs" in change for change in made["changes"])
    again = breach(DANA, "roster", "import", reference, str(people))
    assert again.exit_code == 2
    assert "imported already" in again.stderr

    (row,) = told(breach(DANA, "roster", "stats", reference, "--json"))["rosters"]
    assert row["rows_in"] == row["accepted"] + row["quarantined"] + row["merged"]
    assert "IL 3" in breach(DANA, "roster", "stats", reference).stdout
    (found,) = told(breach(DANA, "roster", "find", reference, "--name", "zoe", "--json"))["people"]
    assert (found["row"], found["flags"]) == (3, ["minor"])
    assert "parent or guardian of Zoë O'Neil" in breach(DANA, "roster", "show", reference, "3").stdout

    held = told(breach(DANA, "roster", "quarantine", reference, "--json"))["rows"]
    assert [each["row"] for each in held] == [5, 6]
    doubtful = breach(DANA, "roster", "accept", reference, "5", "--because", "x")
    assert doubtful.exit_code == 1
    assert "doubt remains" in doubtful.stderr
    wrong = breach(DANA, "roster", "accept", reference, "5", "--set", "sate=IN", "--because", "x")
    assert (wrong.exit_code, "FIELD=VALUE" in wrong.stderr) == (2, True)
    told(breach(DANA, "roster", "accept", reference, "5", "--set", "state=in", "--because", "front desk", "--json"))
    told(breach(DANA, "roster", "exclude", reference, "6", "--because", "a test record", "--json"))
    with reopened(case_path) as workspace:
        queries = workspace.service.queries
        incident_id = queries.incident_by_reference(reference).id
        (roster,) = queries.rosters(incident_id)
        assert (roster.accepted, roster.quarantined, roster.excluded) == (4, 1, 1)
        assert queries.facts(incident_id)["affected.by_state.IN"].value == 1


def test_a_letter_is_drafted_approved_by_its_hash_rendered_exported_and_sent(
    breach: Breach, reference: str, people: Path, case_path: Path, tmp_path: Path
) -> None:
    told(breach(DANA, "roster", "import", reference, str(people), "--json"))
    words = tmp_path / "letter.toml"
    words.write_text(LETTER, encoding="utf-8")
    kinds = told(breach(DANA, "notice", "form", reference, "--json"))["kinds"]
    assert kinds[0]["obligations"], "what a duty asks for comes first"
    faulty = breach(DANA, "notice", "draft", reference, "individual_letter", "--set", "services_months=twelve")
    assert faulty.exit_code == 2
    assert "breach: what_happened: What happened is required" in faulty.stderr
    made = told(breach(DANA, "notice", "draft", reference, "individual_letter", "--fields", str(words), "--json"))
    notice = made["id"][:8]
    told(breach(DANA, "notice", "submit", notice, "--json"))
    look = told(breach(KIM, "notice", "preview", notice, "--json"))
    assert look["problems"] == []
    assert "Hash of what would be approved" in breach(KIM, "notice", "preview", notice).stdout

    refused = breach(DANA, "notice", "approve", notice, "--hash", look["content_sha256"])
    assert (refused.exit_code, "reviewed by counsel" in refused.stderr) == (1, True)
    other = breach(KIM, "notice", "approve", notice, "--hash", "0" * 12)
    assert (other.exit_code, "another hash" in other.stderr) == (1, True)
    assert breach(KIM, "notice", "approve", notice, "--hash", "0").exit_code == 2
    early = breach(DANA, "notice", "render", notice)
    assert (early.exit_code, "counsel has not approved it" in early.stderr) == (1, True)
    told(breach(KIM, "notice", "approve", notice, "--hash", look["content_sha256"][:16], "--json"))

    rendered = told(breach(DANA, "notice", "render", notice, "--json"))
    assert (rendered["rows"], rendered["documents"], rendered["excluded"]) == (3, 2, 1)
    folder = tmp_path / "mailing"
    unread = breach(DANA, "notice", "export", notice, str(folder))
    assert (unread.exit_code, "sample of the letters has to be read and signed" in unread.stderr) == (1, True)
    unread = breach(DANA, "notice", "send", notice, "--on", _today(), "--method", "first_class_mail")
    assert (unread.exit_code, "sample of the letters has to be read and signed" in unread.stderr) == (1, True)
    drawn = told(breach(KIM, "notice", "sample", notice, "--sheet", str(tmp_path / "sample.pdf"), "--json"))
    assert (drawn["letters"], drawn["why"], drawn["signed"]) == (2, "all 2 letters", None)
    assert all("NOTICE OF DATA BREACH" in each["text"].upper() for each in drawn["sampled"])
    assert (tmp_path / "sample.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "sample.pdf").stat().st_mode & 0o077 == 0
    again = breach(KIM, "notice", "sample", notice, "--sheet", str(tmp_path / "sample.pdf"))
    assert (again.exit_code, "there is a file of that name already" in again.stderr) == (2, True)
    assert drawn["sampled"][0]["code"] in breach(DANA, "notice", "sample", notice).stdout
    for wrong, why in (("0" * 12, "rendered anew"), ("0", "12 digits")):
        refused = breach(DANA, "notice", "sign-sample", notice, "--manifest", wrong)
        assert (refused.exit_code, why in refused.stderr) == (2, True)
    told(breach(DANA, "notice", "sign-sample", notice, "--manifest", drawn["manifest_sha256"][:16], "--json"))
    assert told(breach(DANA, "notice", "sample", notice, "--json"))["signed"] is True
    told(breach(DANA, "notice", "export", notice, str(folder), "--json"))
    assert any(path.read_bytes().startswith(b"%PDF") for path in folder.iterdir())
    late = breach(DANA, "notice", "send", notice, "--on", "2999-01-01", "--method", "first_class_mail")
    assert (late.exit_code, "lies in the future" in late.stderr) == (2, True)
    sent = told(breach(DANA, "notice", "send", notice, "--on", _today(), "--method", "first_class_mail", "--json"))
    assert sent["status"] == "dispatched"
    with reopened(case_path) as workspace:
        queries = workspace.service.queries
        facts = queries.facts(queries.incident_by_reference(reference).id)
        assert facts["given.us.hipaa.individuals"].value == _today()


def _today() -> str:
    return SystemClock().now().astimezone(ZoneInfo("America/Chicago")).date().isoformat()


def test_a_report_is_prepared_only_from_an_approved_notice_and_filed_once(
    breach: Breach, reference: str, people: Path, case_path: Path, tmp_path: Path
) -> None:
    told(breach(DANA, "roster", "import", reference, str(people), "--json"))
    words = ("--set", "nature=A mailbox was read.", "--set", "steps=We closed it.")
    with reopened(case_path) as workspace:
        queries = workspace.service.queries
        incident_id = queries.incident_by_reference(reference).id
        workspace.service.incidents.record_facts(incident_id, {"affected.total": 900, "affected.by_state.IL": 900})
    made = told(breach(DANA, "notice", "draft", reference, "il_ag_notice", *words, "--json"))
    notice = made["id"][:8]
    early = breach(DANA, "filing", "prepare", notice)
    assert (early.exit_code, "approved first" in early.stderr) == (1, True)
    told(breach(DANA, "notice", "submit", notice, "--json"))
    look = told(breach(KIM, "notice", "preview", notice, "--json"))
    told(breach(KIM, "notice", "approve", notice, "--hash", look["content_sha256"], "--json"))
    filing = told(breach(DANA, "filing", "prepare", notice, "--json"))["id"][:8]
    assert "A mailbox was read." in breach(DANA, "filing", "worksheet", filing).stdout
    submit = ("filing", "submit", filing, "--on", _today(), "--channel", "e-mail", "--count", "501", "--json")
    assert told(breach(DANA, *submit))["state"] == f"filed on {_today()}"
    twice = breach(DANA, *submit)
    assert (twice.exit_code, "addendum" in twice.stderr) == (1, True)
    (report,) = [
        each
        for each in told(breach(DANA, "filing", "list", reference, "--json"))["reports"]
        if each["obligation"] == "il.pipa.hipaa_attorney_general"
    ]
    assert (report["filing"]["count"], report["known_now"], report["ledger"]["standing"]) == (501, 900, "differs")
    assert not report["addendum_due"], "no rule that this regulator asks for one is held"
    assert "NUMBER DIFFERS" in breach(DANA, "filing", "list", reference).stdout
    addendum = ("filing", "addendum", filing, "--on", _today(), "--channel", "mail", "--count", "900", "--counted")
    told(breach(DANA, *addendum, "--json"))
    assert "DIFFERS" not in breach(DANA, "filing", "list", reference).stdout
    (line,) = told(breach(DANA, "filing", "ledger", reference, "--json"))["ledger"]
    assert (line["told"], line["estimated"], line["standing"], line["addenda"]) == (900, False, "agrees", 1)
    (tmp_path / "answer.pdf").write_bytes(b"%PDF-1.7 answer")
    receipt = ("filing", "receipt", filing, "--tracking", "AG-7", "--receipt", str(tmp_path / "answer.pdf"), "--json")
    told(breach(DANA, *receipt))
    history = told(breach(DANA, "filing", "history", filing, "--json"))
    assert [step["act"] for step in history["history"]] == ["prepared", "filed", "addendum_filed", "receipt"]
    assert history["filing"]["tracking"] == "AG-7"
    assert "told 900, known now 900" in breach(DANA, "filing", "ledger").stdout.lower()


def test_an_exercise_is_played_without_screens(tmp_path: Path) -> None:
    pack, folder, secret = tmp_path / "pack.toml", tmp_path / "play", tmp_path / "secret"
    pack.write_text(PACK, encoding="utf-8")
    secret.write_text("harbour piano velvet moon", encoding="utf-8")
    environment = {"BREACH_CASE": str(folder), "BREACH_USER": "player"}

    def run(*words: str) -> Result:
        arguments = [*words, "--passphrase-file", str(secret)]
        return CliRunner().invoke(main, arguments, env=environment, catch_exceptions=False)

    begun = told(run("exercise", "start", str(pack), str(folder), "--user", "player", "--json"))
    assert [each["inject"]["title"] for each in begun["delivered"]] == ["A call"]
    assert "836" not in json.dumps(begun)
    new = ("incident", "new", "--title", "Schedules missing", "--discovered", "2013-10-22 09:00")
    reference = told(run(*new, "--set", "incident.medium=p", "--json"))["reference"]
    early = run("exercise", "facts", "2", reference)
    assert (early.exit_code, "was not told yet" in early.stderr) == (2, True)
    moved = told(run("exercise", "next", "--json"))
    assert moved["now"].startswith("2013-10-24T15:00"), "time passed until then"
    told(run("exercise", "facts", "2", reference, "--json"))
    assert run("exercise", "next").exit_code == 1
    assert len(told(run("exercise", "status", "--json"))["delivered"]) == 2
    hidden = run("exercise", "reveal", reference)
    assert (hidden.exit_code, "2014" in hidden.output) == (1, False)
    rows = {
        row["obligation_id"]: row for row in told(run("exercise", "reveal", reference, "--yes", "--json"))["comparison"]
    }
    assert rows["us.hipaa.hhs"]["real"]["on"] == "2014-01-31"


def test_how_a_list_is_read_is_chosen_kept_and_used_again(breach: Breach, reference: str, tmp_path: Path) -> None:
    path = tmp_path / "kunden.csv"
    path.write_bytes('Kunde^Land^Plz\n"Żuk, Ana"^IL^60614\n'.encode("cp1250"))
    how = ["--map", "full_name=Kunde", "--map", "state=Land", "--map", "zip=Plz", "--encoding", "cp1250"]
    wrong = breach(DANA, "roster", "import", reference, str(path), *how)
    assert (wrong.exit_code, "the file has no column 'Kunde'" in wrong.output) == (2, True)
    kept = [*how, "--delimiter", "^", "--save-profile", "Front desk"]
    made = told(breach(DANA, "roster", "import", reference, str(path), *kept, "--json"))
    assert (made["report"]["accepted"], made["report"]["encoding"], made["report"]["by_state"]) == (
        1,
        "cp1250",
        {"IL": 1},
    )
    profile = told(breach(DANA, "roster", "profiles", "--json"))["profiles"]["Front desk"]
    assert (profile["encoding"], profile["delimiter"], profile["mapping"]["zip"]) == ("cp1250", "^", "Plz")
    assert "  full_name = Kunde" in breach(DANA, "roster", "profiles").stdout
    path.write_bytes('Kunde^Land^Plz\n"Łoś, Ben"^IL^60615\n'.encode("cp1250"))
    again = told(breach(DANA, "roster", "import", reference, str(path), "--profile", "Front desk", "--json"))
    assert again["report"]["mapping"] == made["report"]["mapping"]
    missing = breach(DANA, "roster", "import", reference, str(path), "--profile", "Nope")
    assert (missing.exit_code, "there are 'Front desk'" in missing.output) == (2, True)
    sheet = breach(DANA, "roster", "import", reference, str(path), "--sheet", "One")
    assert (sheet.exit_code, "is no workbook" in sheet.output) == (2, True)


def test_an_exercise_command_on_a_real_case_is_refused(breach: Breach, reference: str) -> None:
    result = breach(DANA, "exercise", "status")
    assert (result.exit_code, "a real case" in result.stderr) == (1, True)


COMMANDS = {
    PeopleScreen: {
        "open": "roster find",
        "import": "roster import",
        "quarantine": "roster quarantine",
        "duplicates": "roster pairs",
        "returned": "roster returned",
        "export": "roster export",
    },
    PersonScreen: {
        "correct": "roster correct",
        "outcome": "roster outcome",
        "erase": "roster erase",
        "accounting": "accounting list",
    },
    ImportScreen: {
        "confirm": "roster import",
        "mapping": "roster check",
        "encoding": "roster check",
        "separator": "roster check",
        "sheet": "roster check",
        "profile": "roster profiles",
        "save_profile": "roster import",
    },
    RosterScreen: {
        "person": "roster show",
        "search": "roster find",
        "filter": "roster find",
        "state": "roster find",
        "go_to": "roster find",
    },
    DuplicatesScreen: {
        "merge_left": "roster merge",
        "merge_right": "roster merge",
        "apart": "roster apart",
        "identical": "roster link",
        "skip": "roster pairs",
        "undo": "roster unmerge",
        "below": "roster apart",
    },
    QuarantineScreen: {"mend": "roster accept", "exclude": "roster exclude"},
    NoticesScreen: {
        "open": "notice preview",
        "new": "notice form",
        "delivery": "delivery list",
        "templates": "templates list",
    },
    TemplatesScreen: {"take_in": "templates take-in", "check": "templates check", "remove": "templates remove"},
    VariantsScreen: {},
    NoticeFormScreen: {"edit": "notice draft", "preview": "notice preview", "record": "notice revise"},
    NoticeScreen: {
        "revise": "notice revise",
        "submit": "notice submit",
        "review": "review show",
        "render": "notice render",
        "rerender": "notice rerender",
        "sample": "notice sample",
        "preflight": "notice preflight",
        "export": "notice export",
        "dispatch": "notice send",
        "withdraw": "notice withdraw",
        "record": "notice list",
    },
    PreflightScreen: {"open": "notice preflight", "save": "notice preflight", "again": "notice preflight"},
    LetterScreen: {"save": "notice preflight"},
    SampleScreen: {
        "sign": "notice sign-sample",
        "refuse": "notice refuse-sample",
        "save": "notice sample",
        "about": "notice sample",
    },
    ReadingScreen: {"problems": "notice preview", "lint": "notice lint", "beside": "notice variants"},
    FilingsScreen: {
        "open": "filing worksheet",
        "prepare": "filing prepare",
        "file": "filing submit",
        "addendum": "filing addendum",
        "receipt": "filing receipt",
        "history": "filing history",
        "ledger": "filing ledger",
        "entities": "filing entity list",
        "yearly": "filing yearly",
    },
    EntitiesScreen: {
        "new": "filing entity record",
        "edit": "filing entity record",
        "told": "filing entity told",
    },
    YearlyScreen: {"open": "filing list", "read_entry": "filing yearly", "export": "filing yearly"},
    WorksheetScreen: {
        "copy": "filing worksheet",
        "open": "filing worksheet",
        "file": "filing submit",
        "export": "filing worksheet",
    },
    RecordedNoticeScreen: {
        "approve": "notice approve",
        "request_changes": "notice request-changes",
        "reject": "review reject",
        "facts": "review facts",
        "demands": "review show",
    },
    ReviewNoticeScreen: {
        "redline": "review redline",
        "word": "notice word",
        "take_in": "notice take-in",
        "same": "review same",
        "send": "review bundle",
        "code": "review report",
    },
    RedlineScreen: {
        "against('approved')": "review redline",
        "against('default')": "review redline",
        "event": "review redline",
    },
    ReviewFactsScreen: {"source": "log"},
    MarkupScreen: {
        "accept": "notice take-in",
        "reject": "notice take-in",
        "accept_all": "notice take-in",
        "undo": "notice take-in",
        "comments": "notice take-in",
        "record": "notice take-in",
    },
    QueueScreen: {"open": "review show", "advice": "advice list", "home": "incident list", "quit": "review list"},
    ReviewScreen: {"open": "review list"},
    ExerciseBody: {
        "open": "exercise status",
        "begin": "exercise start",
        "next": "exercise next",
        "record": "exercise facts",
        "reveal": "exercise reveal",
    },
    RevealScreen: {"sources": "exercise reveal"},
}
"""Screen -> action -> the command that does the same."""

ON_SCREENS_ONLY = {"pause", "faster", "slower", "swap"}
"""The running clock of an exercise, and the layout of a screen."""


def test_every_action_of_a_screen_is_also_a_command() -> None:
    for screen, commands in COMMANDS.items():
        actions = {
            binding.action
            for binding in screen.__dict__["BINDINGS"]
            if not binding.action.startswith(("turn(", "jump(", "variant("))
        }
        assert actions - ON_SCREENS_ONLY == set(commands), screen.__name__
    for words in {words for commands in COMMANDS.values() for words in commands.values()}:
        assert CliRunner().invoke(main, [*words.split(), "--help"]).exit_code == 0, words


@pytest.mark.parametrize(("group", "command"), [("roster", "quarantine"), ("notice", "approve"), ("review", "bundle")])
def test_the_help_of_a_group_loads_no_store(group: str, command: str) -> None:
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom tui.cli import main\n"
        f"result = CliRunner().invoke(main, [{group!r}, '--help'])\n"
        f"assert result.exit_code == 0 and {command!r} in result.stdout, result.output\n"
        "print({'sqlalchemy', 'textual', 'jinja2'} & set(sys.modules))"
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "set()"), done.stderr

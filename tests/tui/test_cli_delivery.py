"""Delivery, calls, shifts, accountings and small cases by commands: JSON, exit codes, one line an error."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.tui.conftest import DANA, KIM
from tests.tui.test_cli_documents import LETTER, PEOPLE, breach, people, reference, told
from tui.cli import main
from tui.compose import open_workspace

__all__ = ["breach", "people", "reference"]
Breach = Callable[..., Result]


@pytest.fixture
def rendered(breach: Breach, reference: str, tmp_path: Path) -> str:
    """A letter to four people, rendered and its sample signed; its id."""
    rows = "Cal,Marsh,1950-05-05,4 Elm St,Chicago,IL,60614\nDov,Stone,1951-05-05,5 Elm St,Chicago,IL,60614\n"
    lines = PEOPLE.splitlines()
    listed = tmp_path / "four.csv"
    listed.write_text("\n".join([*lines[:4], rows]), encoding="utf-8")
    told(breach(DANA, "roster", "import", reference, str(listed), "--json"))
    words = tmp_path / "letter.toml"
    words.write_text(LETTER, encoding="utf-8")
    made = told(breach(DANA, "notice", "draft", reference, "individual_letter", "--fields", str(words), "--json"))
    notice = str(made["id"])
    told(breach(DANA, "notice", "submit", notice, "--json"))
    shown = told(breach(KIM, "notice", "preview", notice, "--json"))["content_sha256"]
    told(breach(KIM, "notice", "approve", notice, "--hash", shown[:16], "--json"))
    told(breach(DANA, "notice", "render", notice, "--json"))
    drawn = told(breach(DANA, "notice", "sample", notice, "--json"))
    told(breach(DANA, "notice", "sign-sample", notice, "--manifest", drawn["manifest_sha256"][:16], "--json"))
    return notice


def today(case_path: Path) -> str:
    with open_workspace(case_path, DANA.user, DANA.passphrase) as workspace:
        queries = workspace.service.queries
        (row,) = queries.incidents()
        return workspace.service.desk.today(workspace.service.desk.incident(row.id)).isoformat()


def test_batches_returns_and_letters_mailed_again(
    breach: Breach, reference: str, rendered: str, case_path: Path, tmp_path: Path
) -> None:
    day, scan = today(case_path), tmp_path / "3606.pdf"
    scan.write_bytes(b"%PDF-1.7 postmarked")
    sending = ("--on", day, "--method", "first_class_mail")
    first = told(
        breach(
            DANA, "delivery", "batch", rendered, *sending, "--letters", "1-2", "--certificate", "ps3606",
            "--proof", str(scan), "--json",
        )
    )  # fmt: skip
    assert (first["rendered"], first["sent"], first["unsent"]) == (4, 2, 2)
    shown = told(breach(DANA, "delivery", "list", reference, "--json"))
    (batch,) = shown["notices"][0]["batches"]
    assert "not to whom" in batch["proves"]
    assert batch["letters"] == [[1, 2]]
    assert any("PARTLY SENT: 4 = 2 sent + 2 not yet" in line for line in shown["lines"])
    for text in (breach(DANA, "brief", reference).stdout, breach(DANA, "board", reference).stdout):
        assert "PARTLY SENT" in text
    assert told(breach(DANA, "board", reference, "--json"))["delivery"] == shown["lines"]
    twice = breach(DANA, "delivery", "batch", rendered, *sending, "--letters", "2-3")
    assert (twice.exit_code, "went out in an earlier batch" in twice.stderr) == (2, True)

    statuses = told(breach(DANA, "delivery", "people", reference, "--json"))
    assert statuses["tally"]["sent"] == 2
    assert statuses["tally"]["not_sent"] == 2
    assert sum(statuses["tally"].values()) == 5  # four letters, and one without an address
    assert "Díaz" not in json.dumps(statuses, ensure_ascii=False)

    # What came back of the first batch does not hold up the second.
    told(breach(DANA, "roster", "outcome", reference, "2", "mail_returned", "--on", day, "--json"))
    told(breach(DANA, "delivery", "batch", rendered, *sending, "--json"))
    told(
        breach(
            DANA,
            "roster",
            "correct",
            reference,
            "2",
            "--set",
            "address1=9 New St",
            "--because",
            "address found",
            "--json",
        )
    )
    folder = tmp_path / "again"
    again = told(breach(DANA, "delivery", "again", rendered, "--to", str(folder), "--json"))
    assert again["documents"] == 1
    (letter,) = [path for path in folder.iterdir() if path.suffix == ".pdf"]
    assert letter.read_bytes().startswith(b"%PDF")
    told(breach(DANA, "delivery", "again-sent", rendered, *sending, "--certificate", "ps3817", "--json"))
    statuses = told(breach(DANA, "delivery", "people", reference, "--json"))
    assert statuses["tally"]["mailed_again"] == 1
    assert statuses["tally"]["sent"] == 3
    once_more = breach(DANA, "delivery", "again", rendered)
    assert (once_more.exit_code, "nobody was a newer address found" in once_more.stderr) == (1, True)


def test_a_posting_tells_until_when_it_stays(breach: Breach, reference: str, case_path: Path) -> None:
    day = today(case_path)
    made = told(
        breach(
            DANA, "delivery", "post", reference, "--place", "https://lakeshore.example", "--on", day, "--law", "hipaa",
            "--phone", "888-555-0142", "--json",
        )
    )  # fmt: skip
    assert set(made["until"]) == {"posting", "phone"}
    ended = told(
        breach(DANA, "delivery", "end", reference, made["id"][:8], "--on", day, "--because", "site moved", "--json")
    )
    assert ended["early"] is True
    assert "! " in breach(DANA, "delivery", "list", reference).stdout
    wrong = breach(DANA, "delivery", "post", reference, "--place", "x", "--on", day, "--law", "hipaa", "--phone", "312")
    assert (wrong.exit_code, "phone: '312' is not a toll-free number" in wrong.stderr) == (2, True)


def test_certificates_say_what_they_prove_without_a_case() -> None:
    found = json.loads(CliRunner().invoke(main, ["delivery", "certificates", "--json"]).stdout)["certificates"]
    assert {each["name"] for each in found} >= {"ps3817", "ps3606", "ps3877", "certified"}
    assert all(not each["verified"] for each in found if each["name"].startswith("ps"))


def test_calls_are_logged_found_followed_up_and_erased(breach: Breach, reference: str) -> None:
    made = told(
        breach(
            DANA, "calls", "log", reference, "--asked", "which scan", "--who", "Ann", "--topic", "letter",
            "--follow-up", "+1", "--json",
        )
    )  # fmt: skip
    found = told(breach(DANA, "calls", "list", reference, "--find", "SCAN ann", "--json"))
    assert found["counts"]["by_topic"] == {"letter": 1}
    (call,) = found["calls"]
    assert (call["event"], call["words"]["caller"]) == (made["position"], "Ann")
    told(breach(DANA, "calls", "follow-up", reference, f"#{call['event']}", "--done", "sent again", "--json"))
    assert told(breach(DANA, "calls", "list", reference, "--open", "--json"))["calls"] == []
    told(breach(DANA, "calls", "erase", reference, str(call["event"]), "--because", "asked for", "--json"))
    (call,) = told(breach(DANA, "calls", "list", reference, "--json"))["calls"]
    assert (call["erased"], call["words"], call["follow_up_words"]) == (True, None, "")
    nobody = breach(DANA, "calls", "log", reference, "--asked", "x", "--who", "12")
    assert (nobody.exit_code, "there is no list 1" in nobody.stderr) == (2, True)


def test_a_shift_by_commands(breach: Breach, reference: str) -> None:
    told(breach(DANA, "handover", "give", reference, "--to", "kim", "--note", "Letters at nine", "--json"))
    shown = told(breach(KIM, "handover", "show", reference, "--json"))
    assert shown["since"] == 0
    assert shown["unread"]
    assert shown["handovers"][0]["note"] == "Letters at nine"
    told(breach(KIM, "handover", "take", reference, "--json"))
    shown = told(breach(KIM, "handover", "show", reference, "--json"))
    assert shown["since"] > 0
    assert [row["text"] for row in shown["unread"]] == [
        f"Handed over to kim, with #1 to #{shown['since']}: Letters at nine"
    ]
    entries = told(breach(KIM, "log", reference, "--json"))["entries"]
    assert [row["position"] for row in entries if row["new"]] == [row["event"] for row in shown["unread"]]
    told(breach(KIM, "handover", "read", reference, "--json"))
    assert told(breach(KIM, "handover", "show", reference, "--json"))["unread"] == []
    assert breach(KIM, "handover", "take", reference).exit_code == 1


def test_an_accounting_by_person_and_as_a_table(breach: Breach, reference: str, people: Path, tmp_path: Path) -> None:
    told(breach(DANA, "roster", "import", reference, str(people), "--json"))
    asked = told(breach(DANA, "accounting", "list", reference, "--all", "--json"))
    assert asked["verified"] is False
    assert {line["included"] for line in asked["lines"]} == {None}
    told(breach(DANA, "accounting", "describe", reference, "--outside", "yes", "--recipient", "=unknown", "--json"))
    out = tmp_path / "accounting.csv"
    written = breach(DANA, "accounting", "list", "--all", "--csv", str(out))
    assert (written.exit_code, "not verified" in written.stderr) == (0, True)
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [row["included"] for row in rows] == ["yes"] * 3
    assert rows[0]["recipient"] == "'=unknown"  # no formula for a spreadsheet
    (line,) = told(breach(DANA, "accounting", "list", "--person", rows[0]["code"], "--json"))["lines"]
    assert line["recipient"] == "=unknown"
    both = breach(DANA, "accounting", "list", "--all", "--person", "x")
    assert (both.exit_code, "give the code of a person, or --all" in both.stderr) == (2, True)


def test_a_small_case_in_one_command(breach: Breach, reference: str, case_path: Path) -> None:
    case = (
        "small-case", "--kind", "fax", "--discovered", "now", "--first-known-then", "--person", "Ann Lee",
        "--address", "12 Oak St, Chicago IL 60601", "--elements", "nm", "--medium", "paper",
    )  # fmt: skip
    made = told(breach(DANA, *case, "--factors", "1,1,1,1", "--json"))
    assert set(made["documents"]) == {"risk_assessment_memo", "no_notice_memo"}
    made = told(breach(DANA, *case, "--factors", "3433", "--json"))
    assert set(made["documents"]) == {"risk_assessment_memo", "individual_letter"}
    before = len(told(breach(DANA, "incident", "list", "--json"))["incidents"])
    for wrong, why in (
        (("--factors", "1,1,1"), "--factors"),
        (("--factors", "1115"), "--factors"),
        (("--factors", "1111", "--elements", "weather"), "--elements"),
        (("--factors", "1111", "--address", "somewhere"), "address:"),
        (("--factors", "1111", "--born", "soon"), "born:"),
    ):
        refused = breach(DANA, *case, *wrong)
        assert (refused.exit_code, why in refused.stderr) == (2, True), refused.stderr
    assert len(told(breach(DANA, "incident", "list", "--json"))["incidents"]) == before
    listed = CliRunner().invoke(main, ["small-case-sentences"])
    assert "The recipient is bound to keep health information confidential." in listed.stdout

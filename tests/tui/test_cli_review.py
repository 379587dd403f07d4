"""Review from the command line: the same as on the screens, as lines and as JSON."""

import re
from pathlib import Path
from typing import Any

import pytest

from notices.word.anchors import READING
from tests.notices.test_word import edited, replace_words
from tests.tui.conftest import DANA, KIM
from tests.tui.test_cli_documents import LETTER, breach, reference, told

__all__ = ["breach", "reference"]


@pytest.fixture
def letter(breach: Any, reference: str, tmp_path: Path) -> str:
    """A letter that waits for counsel."""
    words = tmp_path / "letter.toml"
    words.write_text(LETTER, encoding="utf-8")
    made = told(breach(DANA, "notice", "draft", reference, "individual_letter", "--fields", str(words), "--json"))
    told(breach(DANA, "notice", "submit", made["id"], "--json"))
    return str(made["id"])


def test_the_queue_tells_what_waits_and_by_when(breach: Any, letter: str, reference: str) -> None:
    (row,) = told(breach(KIM, "review", "list", "--json"))["queue"]
    assert (row["id"], row["reference"], row["status"]) == (letter, reference, "in review")
    assert {each["id"] for each in row["due"]} >= {"us.hipaa.individuals"}
    assert letter[:8] in breach(KIM, "review", "list").stdout
    shown = told(breach(KIM, "review", "show", letter, "--json"))
    elements = {each["element"]: each for each in shown["texts"]["us.adult.en"]}
    assert elements["hipaa.contact"]["citation"] == "45 CFR 164.404(c)(1)(E)"
    assert elements["hipaa.entity_actions"]["sentence"]
    assert shown["void"] is None
    assert "Wanted by 45 CFR 164.404 7/7" in breach(KIM, "review", "show", letter).stdout
    used = {each["path"]: each["use"] for each in told(breach(KIM, "review", "facts", letter, "--json"))["facts"]}
    assert used["incident.occurred_to"] == "text"


def test_counsel_by_file_approves_by_a_code_that_an_old_text_does_not_have(
    breach: Any, letter: str, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    made = told(breach(DANA, "review", "bundle", letter, "--to", str(folder), "--counsel", "Ola Berg", "--json"))
    assert len(made["files"]) == 4
    again = breach(DANA, "review", "bundle", letter, "--to", str(folder), "--counsel", "Ola Berg")
    assert (again.exit_code, "is there already" in again.stderr) == (2, True)
    cover = (folder / "cover-sheet.txt").read_text(encoding="utf-8")
    (code,) = re.findall(r"^    ([0-9A-Z]{5}(?:-[0-9A-Z]{5}){2})$", cover, re.M)
    slip = breach(DANA, "review", "report", letter, "--code", "00000-00000-00000", "--by", "email")
    assert (slip.exit_code, "code: " in slip.stderr) == (2, True)
    theirs = breach(KIM, "review", "report", letter, "--code", code, "--by", "email")
    assert (theirs.exit_code, "only the incident lead may report" in theirs.stderr) == (1, True)
    done = told(breach(DANA, "review", "report", letter, "--code", code, "--by", "email", "--json"))
    assert (done["status"], done["approved_by"]) == ("approved", "Ola Berg (reported by dana)")
    listed = breach(DANA, "notice", "list", _reference(breach)).stdout
    assert "Ola Berg (reported by dana)" in listed

    told(breach(DANA, "notice", "revise", letter, "--set", "what_happened=A mailbox was read by a stranger.", "--json"))
    told(breach(DANA, "notice", "submit", letter, "--json"))
    old = breach(DANA, "review", "report", letter, "--code", code, "--by", "email")
    assert old.exit_code == 1
    assert "Ola Berg was sent, and since then the text changed" in old.stderr
    found = told(breach(KIM, "review", "redline", letter, "--variant", "us.adult.en", "--json"))
    assert found["against"].startswith("last approved, #")
    assert {each["act"] for each in found["changes"]["us.adult.en"]} == {"inserted", "deleted"}
    bad = breach(KIM, "review", "redline", letter, "--against", "yesterday")
    assert (bad.exit_code, "--against" in bad.stderr) == (2, True)


def _reference(breach: Any) -> str:
    return str(told(breach(DANA, "incident", "list", "--json"))["incidents"][0]["reference"])


def test_a_word_file_is_decided_change_by_change_with_reasons(breach: Any, letter: str, tmp_path: Path) -> None:
    out, back = tmp_path / "out.docx", tmp_path / "back.docx"
    told(breach(KIM, "notice", "word", letter, "--out", str(out), "--only", "what_happened", "--json"))

    def change(document: Any) -> None:
        replace_words(document, "what_happened", "one billing mailbox", "a billing mailbox")
        replace_words(document, READING, "reference", "number")

    back.write_bytes(edited(change, out.read_bytes()))
    seen = told(breach(DANA, "notice", "take-in", letter, str(back), "--json"))
    assert [each["act"] for each in seen["changes"]] == ["deleted", "inserted"]
    assert {each["field"] for each in seen["blocked"]} == {"merge field «reference»"}
    assert (seen["refused"], seen["comments"]) == ([], [])
    lines = breach(DANA, "notice", "take-in", letter, str(back)).stdout
    assert "BLOCKED  merge field «reference»" in lines
    wrong = breach(DANA, "notice", "take-in", letter, str(back), "--accept", "1,2", "--reason", "2=no")
    assert (wrong.exit_code, "there is no change 2 that is rejected" in wrong.stderr) == (2, True)
    done = told(
        breach(DANA, "notice", "take-in", letter, str(back), "--accept", "2", "--reason", "1=Both stay.", "--json")
    )
    assert done["accepted"] == [False, True]
    log = breach(DANA, "log", _reference(breach), "--json")
    assert "1 changes accepted, 1 rejected" in log.stdout
    unknown = breach(KIM, "notice", "word", letter, "--out", str(tmp_path / "x.docx"), "--only", "nothing")
    assert (unknown.exit_code, "has no field 'nothing'" in unknown.stderr) == (2, True)


def test_a_hostile_file_is_one_line_and_records_nothing(breach: Any, letter: str, tmp_path: Path) -> None:
    before = told(breach(DANA, "log", _reference(breach), "--json"))
    for name, content in {"not.docx": b"hello", "empty.docx": b"", "bomb.docx": b"PK" + bytes(21 << 20)}.items():
        path = tmp_path / name
        path.write_bytes(content)
        result = breach(DANA, "notice", "take-in", letter, str(path), "--accept", "all")
        assert result.exit_code in {1, 2}
        assert len(result.stderr.splitlines()) == 1, result.stderr
    assert told(breach(DANA, "log", _reference(breach), "--json")) == before


def test_a_rejected_notice_is_said_to_be_so(breach: Any, letter: str) -> None:
    theirs = breach(DANA, "review", "reject", letter, "--comment", "No.")
    assert theirs.exit_code == 1
    done = told(breach(KIM, "review", "reject", letter, "--comment", "Not ours.", "--json"))
    assert (done["status"], done["approved_by"]) == ("rejected", None)
    again = breach(DANA, "notice", "submit", letter)
    assert (again.exit_code, "the notice is rejected" in again.stderr) == (1, True)


def test_the_same_changes_are_told_and_taken_elsewhere(breach: Any, letter: str) -> None:
    other = told(breach(DANA, "notice", "draft", _reference(breach), "call_center_faq", "--json"))["id"]
    told(breach(DANA, "notice", "revise", letter, "--set", "what_happened=A mailbox was read.", "--json"))
    (change,) = told(breach(DANA, "review", "same", letter, "--json"))["changes"]
    assert (change["notice"], change["field"], change["after"]) == (other, "what_happened", "A mailbox was read.")
    told(breach(DANA, "review", "same", letter, "--take", "--json"))
    assert told(breach(DANA, "review", "same", letter, "--json"))["changes"] == []

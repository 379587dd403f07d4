"""Plain language is measured, offline, and what makes a text hard is shown in place."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from notices.catalog import KINDS
from notices.elements.readability import familiar
from notices.lint import lint_text
from notices.service import compose
from tests.notices.samples import context
from tui.cli.notice import notice

HARD = (
    "Pursuant to applicable law, and out of an abundance of caution, we are writing in order to inform you that "
    "certain information was accessed by an unauthorized third party prior to the aforementioned date."
    "\n\nPlease call us.\n"
)


def kinds(text, language="en"):
    return [each.kind for each in lint_text(text, language).findings]


def shown(text, kind):
    return [each.text.lower() for each in lint_text(text).findings if each.kind == kind]


@pytest.mark.parametrize("kind", KINDS)
def test_what_ships_for_people_is_plain_by_both_measures(kind):
    for document in compose(kind, context(kind)).documents:
        if document.to_people:
            report = lint_text(document.text, document.language)
            assert report.plain, document.name
            if document.language == "en":
                assert report.dale_chall < 7.0, f"{document.name}: {report.dale_chall}"
            assert report.count("legalese") == report.count("hedge") == 0, f"{document.name}: {report.findings}"


def test_a_hard_text_is_shown_to_be_hard_in_place():
    report = lint_text(HARD)
    assert not report.plain
    assert report.grade > 11
    assert report.dale_chall_grades in ("11 to 12", "college")
    assert shown(HARD, "legalese") == [
        "pursuant to", "in order to", "unauthorized third party", "prior to", "aforementioned",
    ]  # fmt: skip
    assert shown(HARD, "hedge") == ["out of an abundance of caution", "certain information"]
    assert shown(HARD, "passive") == ["was accessed"]
    assert report.count("long_sentence") == 1
    for each in report.findings:
        assert HARD[slice(*each.where)] == each.text
        assert each.advice


@pytest.mark.parametrize(("words", "long"), [(25, 0), (26, 1)])
def test_a_sentence_is_long_from_twenty_six_words(words, long):
    assert lint_text("word " * (words - 1) + "end.").count("long_sentence") == long


@pytest.mark.parametrize(
    ("text", "passive"),
    [
        ("The files were stolen.", True),
        ("The files have not yet been fully read.", True),
        ("Somebody stole the files.", False),
        ("We are pleased to help.", False),
        ("This service is limited.", False),
        ("What Information Was Involved", False),
    ],
)
def test_passive_voice(text, passive):
    assert ("passive" in kinds(text)) is passive


def test_familiar_words_with_their_endings():
    assert all(map(familiar, ["letter", "letters", "called", "calling", "stopped", "easily", "we", "babies", "don't"]))
    assert not any(map(familiar, ["forensic", "remediate", "credentials", "notwithstanding"]))


def test_names_do_not_make_a_text_hard():
    named, plain = lint_text("We wrote to Clybourn Aesthetics."), lint_text("We wrote to good men.")
    assert named.dale_chall == plain.dale_chall


def test_the_time_to_read_follows_the_words():
    report = lint_text("word " * 237 + "end.")
    assert (report.words, report.reading_seconds, report.aloud_seconds) == (238, 60, 78)


def test_a_text_in_another_language_is_measured_by_its_sentences_only():
    report = lint_text("Pursuant to nothing. " + "palabra " * 30 + "fin.", "es")
    assert (report.grade, report.dale_chall) == (None, None)
    assert [each.kind for each in report.findings] == ["long_sentence"]


def test_a_text_without_sentences_has_no_grade():
    report = lint_text("Equifax\nP.O. Box 105788\n")
    assert (report.grade, report.dale_chall, report.plain) == (None, None, True)


def test_it_needs_no_network():
    program = (
        "import socket\n"
        "def refuse(*a, **k): raise AssertionError('network')\n"
        "socket.socket.connect = refuse\nsocket.getaddrinfo = refuse\n"
        "from notices.lint import lint_text\n"
        "assert lint_text('We wrote you a letter about credentials.').dale_chall\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


# ---- the command


def breach_lint(*arguments):
    return CliRunner().invoke(notice, ["lint", *map(str, arguments)])


@pytest.fixture
def hard(tmp_path: Path) -> Path:
    path = tmp_path / "hard.txt"
    path.write_text(HARD, encoding="utf-8")
    return path


def test_the_command_shows_what_to_mend_and_exits_1(hard):
    result = breach_lint(hard)
    assert result.exit_code == 1
    assert "NOT PLAIN" in result.output
    assert '"Pursuant to": under' in result.output


def test_the_command_in_json(hard, tmp_path):
    result = breach_lint(hard, "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert told["plain"] is False
    assert {"kind", "where", "text", "advice"} == set(told["findings"][0])
    plain = tmp_path / "plain.txt"
    plain.write_text("We closed the account. Please call us.\n")
    assert breach_lint(plain, "--json").exit_code == 0


def test_the_command_refuses_what_it_cannot_read(tmp_path):
    result = breach_lint(tmp_path / "gone.txt")
    assert result.exit_code == 2
    assert "gone.txt: No such file or directory" in result.stderr
    assert "Traceback" not in result.output

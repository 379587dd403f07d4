"""`breach roster check`: what it prints, and that nothing a person can do to it ends in a traceback."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.incident.roster.conftest import ALICE, BRUNO, CHLOE, Write
from tui.cli.roster import roster


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(roster, ["check", *map(str, arguments)], catch_exceptions=False)


def test_json_has_what_the_contract_asks_for(write: Write) -> None:
    result = run(write([ALICE, BRUNO, CHLOE, ALICE]), "--json", "--on", "2026-11-22")
    assert result.exit_code == 0
    told = json.loads(result.output)
    counts = {"in": 4, "accepted": 3, "quarantined": 0, "merged": 1, "review": 0, "minors": 1, "deceased": 0}
    assert {name: told[name] for name in counts} == counts
    assert told["by_state"] == {"IL": 2, "TX": 1}
    assert (told["encoding"], told["delimiter"], told["mapping"]["family_name"]) == ("utf-8", ",", "Last Name")
    assert not {"rows", "pairs"} & set(told)


def test_rows_and_pairs_are_there_when_asked_for(write: Write) -> None:
    told = json.loads(run(write([ALICE, "P0,,,,,,,,,,", ALICE]), "--json", "--rows").output)
    assert [(row["row"], row["status"], row["merged_into"]) for row in told["rows"]] == [
        (2, "accepted", None), (3, "quarantined", None), (4, "merged", 2),
    ]  # fmt: skip
    assert len(told["pairs"]) == 1
    assert told["pairs"][0].items() >= {"rows": [2, 4], "score": 1.0, "action": "merged"}.items()


def test_the_day_decides_who_is_a_minor(write: Write) -> None:
    path = write([CHLOE])
    assert json.loads(run(path, "--json", "--on", "2033-05-31").output)["minors"] == 1
    assert json.loads(run(path, "--json", "--on", "2033-06-01").output)["minors"] == 0


def test_the_report_for_people_adds_up_in_words(write: Write) -> None:
    result = run(write([ALICE, BRUNO, ALICE]), "--rows")
    assert "3 in = 2 accepted + 0 quarantined + 1 merged" in result.output
    assert "row 4  merged into row 2  IL" in result.output
    assert "Alice" not in result.output


def test_a_column_can_be_named(write: Write) -> None:
    path = write("A,B\nAna Sol,60614\n")
    assert run(path).exit_code == 2
    assert run(path, "--map", "full_name=A", "--map", "zip = B").exit_code == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--map", "zip=Zap"], "mapping.zip: the file has no column 'Zap'"),
        (["--map", "shoe=Zip"], "mapping.shoe: not a field"),
        (["--map", "zip"], "write FIELD=HEADING"),
        (["--encoding", "klingon"], "encoding: 'klingon'"),
        (["--encoding", "hex"], "encoding: 'hex'"),
        (["--delimiter", "ab"], "delimiter: 'ab'"),
        (["--delimiter", '"'], "delimiter: "),
        (["--on", "22.11.2026"], "--on"),
    ],
)
def test_options_that_make_no_sense_are_refused_in_words(write: Write, options: list[str], words: str) -> None:
    result = run(write([ALICE]), *options)
    assert result.exit_code == 2
    assert words in result.output


def test_a_tab_can_be_written_as_a_word(write: Write) -> None:
    assert run(write("Name\tZip\nAna Sol\t60614\n"), "--delimiter", "tab").exit_code == 0


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"PK\x03\x04", b'Name,Zip\n"Ana,60614\nBo,60614\n'])
def test_a_file_that_cannot_be_used_gets_one_line_and_exit_code_2(write: Write, content: bytes) -> None:
    result = run(write(content))
    assert result.exit_code == 2
    assert result.output.startswith("breach: list.csv: ")
    assert result.output.count("\n") == 1


def test_a_file_that_is_not_there_gets_one_line(tmp_path: Path) -> None:
    result = run(tmp_path / "nowhere.csv")
    assert (result.exit_code, result.output) == (2, "breach: nowhere.csv: cannot be read: No such file or directory\n")


def test_hostile_headings_do_not_reach_the_terminal(write: Write) -> None:
    for content in ("Name,\x1b[2JZip\nAna Sol,60614\n", "\x1b]0;owned\x07,b\n1,2\n"):
        result = run(write(content))
        assert "\x1b" not in result.output
        assert "\x07" not in result.output

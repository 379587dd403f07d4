"""`breach deadlines` and `breach law`, as a person and as a script meet them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.jurisdictions.worked_cases import all_cases
from tui.cli.deadlines import deadlines
from tui.cli.law import law

AS_OF = "2026-11-22T09:00-06:00"


def facts(case_id: str) -> dict[str, Any]:
    return next(case.facts for case in all_cases() if case.id == case_id)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(facts("A05")), encoding="utf-8")
    return path


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(deadlines, list(arguments), input=stdin)


def test_json_has_the_obligations_of_the_case(file: Path) -> None:
    result = run(str(file), "--json", "--as-of", AS_OF)
    assert result.exit_code == 0
    tree = json.loads(result.stdout)
    assert tree["as_of"] == "2026-11-22T09:00:00-06:00"
    assert tree["law_as_of"] is None
    rows = {each["id"]: each for each in tree["obligations"]}
    assert rows["us.hipaa.hhs"]["due"] == "2026-06-13"
    assert rows["us.hipaa.media:WI"]["status"] == "not_required"
    assert rows["il.pipa.hipaa_attorney_general"]["status"] == "waits"


def test_standard_input_and_the_law_of_another_day() -> None:
    data = json.dumps(facts("A23")).encode()
    result = run("-", "--json", "--law-as-of", "2025-12-31", "--as-of", AS_OF, stdin=data)
    assert result.exit_code == 0
    tree = json.loads(result.stdout)
    assert tree["law_as_of"] == "2025-12-31"
    row = next(each for each in tree["obligations"] if each["id"] == "ca.civ1798_82.individuals")
    assert row["status"] == "asap"


def test_now_is_the_present_by_default(file: Path) -> None:
    tree = json.loads(run(str(file), "--json").stdout)
    assert tree["as_of"][-6:] in ("-06:00", "-05:00")
    assert next(each for each in tree["obligations"] if each["id"] == "us.hipaa.hhs")["status"] == "overdue"


@pytest.mark.parametrize("case_id", ["A05", "D19", "E21", "F10", "F09", "B02"])
def test_the_table_fits_eighty_columns_and_holds_every_row(case_id: str) -> None:
    result = run("-", "--as-of", AS_OF, stdin=json.dumps(facts(case_id)).encode())
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 80
    rows = json.loads(run("-", "--json", "--as-of", AS_OF, stdin=json.dumps(facts(case_id)).encode()).stdout)
    flat = " ".join(result.stdout.split())
    for each in rows["obligations"]:
        assert each["id"] in flat, each["id"]
        if each["due"]:
            assert each["due"] in flat
    for gap in rows["not_modelled"]:
        assert gap["id"] in flat


def test_the_least_facts_give_questions_and_not_silence() -> None:
    least = {
        "organization": {"time_zone": "America/Chicago"},
        "incident": {"discovered_at": "2026-10-03T09:15:00-05:00"},
    }
    result = run("-", "--as-of", AS_OF, stdin=json.dumps(least).encode())
    assert result.exit_code == 0
    assert "QUESTIONS, the one that settles most first" in result.stdout
    assert "Was the data encrypted?" in result.stdout
    assert "Wed 2026-12-02" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_why_explains_one_row(file: Path) -> None:
    result = run(str(file), "--why", "us.hipaa.hhs", "--as-of", AS_OF)
    assert result.exit_code == 0
    assert "2026-04-14 (Tue) is day 0; + 60 calendar days = 2026-06-13 (Sat)." in result.stdout
    assert "Information, not advice" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80
    refused = run(str(file), "--why", "us.hipaa.nobody")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("--why: no obligation 'us.hipaa.nobody'")


BAD: list[tuple[bytes, list[str]]] = [
    (b"", ["not JSON: Expecting value at line 1 column 1"]),
    (b"{", ["not JSON: Expecting property name enclosed in double quotes at line 1 column 2"]),
    (b"[1, 2]", ["expected a JSON object of facts, not a list"]),
    (b"null", ["expected a JSON object of facts, not null"]),
    (b'{"a": 1, "a": 2}', ['the key "a" appears twice in one object']),
    (b"\xff\xfe", ["not UTF-8 text: byte 0 is 0xff"]),
    (b'{"affected": {"total": NaN}}', ["not JSON that can be read: NaN is not a JSON number"]),
    (b"[" * 50_000, ["not JSON that can be read: nested too deeply"]),
    (
        b'{"organization": {"time_zone": "UTC"}, "incident": {"discovered_at": "2026-10-03T09:15:00Z"}, '
        b'"affected": {"by_state": {"ZZ": 3, "IL": -1}}}',
        [
            "affected.by_state.ZZ: not a US state or territory",
            "affected.by_state.IL: expected a number of people from 0 to 9,999,999,999",
        ],
    ),
    (b"{}", ["organization.time_zone: required", "incident.discovered_at: required"]),
]


@pytest.mark.parametrize(("data", "lines"), BAD, ids=[repr(data[:20]) for data, _ in BAD])
def test_bad_input_is_one_line_per_fault_and_code_2(data: bytes, lines: list[str]) -> None:
    result = run("-", stdin=data)
    assert result.exit_code == 2
    assert result.stderr.splitlines() == lines
    assert result.stdout == ""


def test_huge_numbers_and_files_are_refused(tmp_path: Path) -> None:
    result = run("-", stdin=b'{"affected": {"total": ' + b"9" * 10_000 + b"}}")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    large = tmp_path / "large.json"
    large.write_bytes(b" " * (17 * 1024 * 1024))
    result = run(str(large))
    assert result.exit_code == 2
    assert "is larger than 16 MiB" in result.stderr


def test_a_missing_file_and_a_folder_are_one_line(tmp_path: Path) -> None:
    for name in (str(tmp_path / "none.json"), str(tmp_path)):
        result = run(name)
        assert result.exit_code == 2
        assert len(result.stderr.splitlines()) == 1
        assert result.stderr.startswith(name)


@pytest.mark.parametrize(
    ("option", "value", "line"),
    [
        ("--law-as-of", "yesterday", "--law-as-of: expected a date YYYY-MM-DD, not 'yesterday'"),
        ("--law-as-of", "2026-02-30", "--law-as-of: there is no such day as 2026-02-30"),
        ("--as-of", "2026-11-22", "--as-of: expected a time with its offset, YYYY-MM-DDTHH:MM±HH:MM, not '2026-11-22'"),
    ],
)
def test_a_bad_option_is_told(file: Path, option: str, value: str, line: str) -> None:
    result = run(str(file), option, value)
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [line]


def test_what_a_hostile_file_says_cannot_move_the_cursor() -> None:
    tree = json.loads(json.dumps(facts("D14")))
    tree["law_enforcement_holds"][0]["agency"] = "FBI\x1b[2J\nus.hipaa.hhs: not required"
    result = run("-", "--why", "il.pipa.individuals", stdin=json.dumps(tree).encode())
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert not any(line.startswith("us.hipaa.hhs") for line in result.stdout.splitlines())


def test_a_plain_terminal_is_no_obstacle(file: Path) -> None:
    tree = json.loads(file.read_text())
    tree["organization"]["name"] = "Clínica Ñandú 光"
    tree["law_enforcement_holds"] = [{"kind": "oral", "stated_on": "2026-05-01", "agency": "光"}]
    file.write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
    for arguments in ([], ["--json"], ["--why", "us.hipaa.individuals"]):
        done = subprocess.run(
            [sys.executable, "-c", "from tui.cli.deadlines import deadlines; deadlines()", str(file), *arguments],
            capture_output=True,
            check=False,
            env={**os.environ, "PYTHONIOENCODING": "ascii"},
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.isascii()


def test_the_command_loads_neither_the_terminal_program_nor_a_store() -> None:
    script = (
        "import sys, io; sys.argv = ['deadlines', '-']; sys.stdin = io.TextIOWrapper(io.BytesIO(b'{}'));"
        "from tui.cli.deadlines import deadlines\n"
        "try: deadlines()\n"
        "except SystemExit: pass\n"
        "bad = sorted({m.split('.')[0] for m in sys.modules} & "
        "{'textual', 'sqlalchemy', 'eventsourcing', 'jinja2', 'pdfkit', 'plutoprint'})\n"
        "sys.exit(', '.join(bad) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# ---- breach law


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(law, list(arguments))


def test_the_rulebook_is_listed_within_eighty_columns() -> None:
    result = ask()
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 80
    for words in ("HIPAA BREACH NOTIFICATION RULE", "30 calendar days", "P.A. 101-343", "BUSINESS DAYS", "ask counsel"):
        assert words in result.stdout


def test_the_rulebook_as_json_gives_value_citation_quote_and_mark() -> None:
    tree = json.loads(ask("--json", "--only", "us.hipaa").stdout)
    assert [each["instrument"]["id"] for each in tree["instruments"]] == ["us.hipaa"]
    limits = {each["id"]: each["version"] for each in tree["instruments"][0]["provision"]}
    version = limits["us.hipaa.individuals.limit"][0]
    assert version["value"] == "60 calendar days"
    assert version["citation"] == "45 CFR 164.404(b)"
    assert version["mark"] == "verified"
    assert "60 calendar days after discovery" in version["quote"]


def test_only_what_was_law_on_a_day() -> None:
    tree = json.loads(ask("--json", "--on", "2019-12-31", "--only", "il.pipa").stdout)
    ids = {each["id"] for each in tree["instruments"][0]["provision"]}
    assert "il.pipa.attorney_general.threshold" not in ids
    assert "il.pipa.section50.limit" in ids
    assert ask("--only", "xx").exit_code == 2
    assert ask("--on", "never").stderr == "--on: expected a date YYYY-MM-DD, not 'never'\n"


def test_the_difference_between_two_days_and_what_it_does_to_a_breach(file: Path) -> None:
    file.write_text(json.dumps(facts("F10")), encoding="utf-8")
    result = ask("diff", "--from", "2025-12-31", "--to", "2026-01-01", "--facts", str(file), "--json")
    assert result.exit_code == 0
    tree = json.loads(result.stdout)
    assert {each["id"] for each in tree["changes"]} == {
        "ca.civ1798_82.individuals.limit",
        "ca.civ1798_82.attorney_general.limit",
        "ca.gov_6700",
    }
    lines = tree["touches"][str(file)]
    assert any(line.startswith("ca.civ1798_82.individuals: met on 2026-07-31 (due 2026-08-05)") for line in lines)
    nothing = ask("diff", "--from", "2026-04-01", "--to", "2026-05-01", "--facts", str(file))
    assert "Changes of law after 2026-04-01 up to 2026-05-01: 0" in nothing.stdout
    assert f"{file}: not touched" in nothing.stdout


@pytest.mark.parametrize(
    ("start", "end", "ids"),
    [
        ("2013-09-22", "2013-09-23", {"us.hipaa.harm_standard"}),
        ("2013-03-25", "2013-03-26", {"us.hipaa.presumption"}),
        ("2009-12-31", "2010-01-01", {
            "ca.hsc1280_15.limit", "ca.hsc1280_15.hold.oral", "ca.hsc1280_15.hold.written",
            "ca.hsc1280_15.hold.extension"}),
        ("2014-12-31", "2015-01-01", {"ca.hsc1280_15.limit", "ca.identity_services", "cdph.patients.method"}),
        ("2019-12-31", "2020-01-01", {
            "il.pipa.attorney_general.threshold", "ca.civ1798_82.elements", "il.ag.publishes", "ca.penalty.ccpa_base",
            "il.ag.nature", "il.ag.residents", "il.ag.steps", "il.ag.breach_date"}),
        ("2024-07-28", "2024-07-29", {
            "us.ftc_hbnr.ftc.limit", "ftc.third_parties", "ftc.method.mail", "ftc.method.electronic"}),
        ("2026-02-15", "2026-02-16", {"us.part2.applies"}),
    ],
)  # fmt: skip
def test_each_change_of_law_is_told_on_its_day(start: str, end: str, ids: set[str]) -> None:
    tree = json.loads(ask("diff", "--from", start, "--to", end, "--json").stdout)
    assert {each["id"] for each in tree["changes"]} == ids


def test_a_bad_difference_is_refused(tmp_path: Path) -> None:
    assert ask("diff", "--from", "2026-01-02", "--to", "2026-01-01").exit_code == 2
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    result = ask("diff", "--from", "2025-01-01", "--to", "2026-01-01", "--facts", str(broken))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{broken}: not JSON")
    result = ask("diff", "--from", "2025-01-01", "--to", "2026-01-01", "--facts", str(tmp_path / "none"))
    assert result.exit_code == 2

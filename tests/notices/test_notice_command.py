"""`breach notice check`, as the contract gives it."""

import csv
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from jurisdictions.facts import facts_to_json
from notices.service import compose
from tests.notices.elements_case import check as check_here
from tests.notices.elements_case import facts
from tests.notices.samples import SERVICES, SPANISH_FIELDS, SPANISH_SERVICES, SSN_FACTS, context
from tui.cli.notice import notice


@pytest.fixture
def facts_file(tmp_path) -> Path:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(facts_to_json(facts(**SSN_FACTS))))
    return path


def breach_notice(*arguments, stdin=None):
    return CliRunner().invoke(notice, ["check", *map(str, arguments)], input=stdin)


@pytest.fixture
def letter_file(tmp_path) -> Path:
    path = tmp_path / "letter.txt"
    documents = compose("individual_letter", context("individual_letter", facts(**SSN_FACTS))).documents
    path.write_text(next(each.text for each in documents if each.name == "us.adult.en"), encoding="utf-8")
    return path


def test_a_complete_letter_exits_0(letter_file, facts_file):
    result = breach_notice(letter_file, "--facts", facts_file)
    assert result.exit_code == 0, result.output
    assert result.output.rstrip().endswith("Complete.")
    assert max(map(len, result.output.splitlines())) <= 100


def test_the_json_has_the_shape_of_the_contract(letter_file, facts_file):
    result = breach_notice(letter_file, "--facts", facts_file, "--json")
    report = json.loads(result.stdout)
    assert set(report) == {"elements", "forbidden", "readability"}
    text = letter_file.read_text(encoding="utf-8")
    for element in report["elements"]:
        assert set(element) == {"id", "citation", "required", "found", "where", "why"}
        assert (element["where"] is not None) == element["found"]
    discovery = next(each for each in report["elements"] if each["id"] == "hipaa.date_of_discovery")
    assert text[slice(*discovery["where"])] == "We discovered the breach on October 3, 2026."
    assert set(report["readability"]) == {"grade", "sentences_over_25_words"}


def test_a_letter_that_lacks_something_exits_1(letter_file, facts_file):
    text = letter_file.read_text(encoding="utf-8").replace("We discovered the breach on October 3, 2026.", "")
    letter_file.write_text(text, encoding="utf-8")
    result = breach_notice(letter_file, "--facts", facts_file)
    assert result.exit_code == 1
    assert "MISSING    hipaa.date_of_discovery (45 CFR 164.404(c)(1)(A))" in result.output
    assert "NOT COMPLETE: 1 to mend." in result.output


def test_a_letter_with_the_number_of_illinois_residents_exits_1_and_shows_it(letter_file, facts_file):
    letter_file.write_text(letter_file.read_text(encoding="utf-8") + "\n\nIt affected 1,143 Illinois residents.\n")
    result = breach_notice(letter_file, "--facts", facts_file, "--json")
    assert result.exit_code == 1
    forbidden = json.loads(result.stdout)["forbidden"]
    assert [(each["id"], each["text"]) for each in forbidden] == [("il.resident_count", "1,143 Illinois residents")]
    assert set(forbidden[0]) == {"id", "citation", "where", "text"}


def test_a_date_that_contradicts_the_facts_exits_1(letter_file, facts_file):
    text = letter_file.read_text(encoding="utf-8").replace(
        "discovered the breach on October 3", "discovered it on October 8"
    )
    letter_file.write_text(text, encoding="utf-8")
    result = breach_notice(letter_file, "--facts", facts_file)
    assert result.exit_code == 1
    assert "WRONG      hipaa.date_of_discovery" in result.output


def test_for_chooses_the_notice(letter_file, facts_file):
    result = breach_notice(letter_file, "--facts", facts_file, "--for", "il.pipa.individuals", "--json")
    ids = {each["id"] for each in json.loads(result.stdout)["elements"]}
    assert ids == {"il.cra_contacts", "il.ftc_contact", "il.fraud_alert_statement", "il.credentials_direction"}
    assert result.exit_code == 1
    two = breach_notice(
        letter_file, "--facts", facts_file, "--for", "il.pipa.individuals, us.hipaa.individuals", "--json"
    )
    assert "hipaa.contact" in {each["id"] for each in json.loads(two.stdout)["elements"]}


def test_a_letter_in_spanish_is_read_as_one(tmp_path, facts_file):
    words = {**SERVICES, **SPANISH_FIELDS, **SPANISH_SERVICES}
    documents = compose("individual_letter", context("individual_letter", facts(**SSN_FACTS), **words)).documents
    path = tmp_path / "carta.txt"
    path.write_text(next(each.text for each in documents if each.name == "ca.adult.es"), encoding="utf-8")
    assert breach_notice(path, "--facts", facts_file, "--language", "es").exit_code == 0
    read_as_english = breach_notice(path, "--facts", facts_file)
    assert read_as_english.exit_code == 1
    assert "MISSING    hipaa.date_of_discovery" in read_as_english.output


def test_facts_are_read_from_standard_input(letter_file, facts_file):
    assert breach_notice(letter_file, "--facts", "-", stdin=facts_file.read_text()).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("{text}", "--facts", "gone.json"), "gone.json: No such file or directory"),
        (("gone.txt", "--facts", "{facts}"), "gone.txt: No such file or directory"),
        (("{text}", "--facts", "{facts}", "--for", "zz.none"), "--for: zz.none: contents are known for"),
        (("{text}", "--facts", "{facts}", "--for", ","), "--for: nothing"),
        (("{facts}", "--facts", "{facts}"), "facts.json: .json is not one of"),
    ],
)
def test_bad_input_exits_2_with_one_line_and_no_traceback(letter_file, facts_file, arguments, told):
    result = breach_notice(*(each.format(text=letter_file, facts=facts_file) for each in arguments))
    assert result.exit_code == 2
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.output


def test_every_fault_of_the_facts_is_told_by_its_path(letter_file, facts_file):
    tree = json.loads(facts_file.read_text())
    tree["affected"]["by_state"]["ZZ"] = 1
    tree["incident"]["occured_from"] = "2026-01-01"
    facts_file.write_text(json.dumps(tree))
    result = breach_notice(letter_file, "--facts", facts_file)
    assert result.exit_code == 2
    assert any(line.startswith("affected.by_state.ZZ: ") for line in result.stderr.splitlines())
    assert any(line.startswith("incident.occured_from: ") for line in result.stderr.splitlines())


@pytest.mark.parametrize("kind", ["individual_letter", "il_ag_notice", "hhs_report", "ca_ag_submission"])
def test_control_characters_of_a_text_do_not_reach_the_terminal(tmp_path, facts_file, kind):
    path = tmp_path / "letter.txt"
    path.write_text(
        compose(kind, context(kind)).text + "\n\nWe found out on \x1b[31mOctober 3, 2026\x1b[0m.\n", encoding="utf-8"
    )
    result = breach_notice(path, "--facts", facts_file)
    assert "\x1b" not in result.output


REAL = os.environ.get("BREACH_REAL_DATA")


@pytest.mark.skipif(REAL is None, reason="BREACH_REAL_DATA names no folder with ca_ag_notice_what_happened.csv")
def test_real_paragraphs_are_read_without_a_crash():
    with (Path(REAL) / "ca_ag_notice_what_happened.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["what_happened_text"] for row in csv.DictReader(file)]
    reports = [check_here(text) for text in texts]
    told = sum(next(e for e in report.elements if e.id == "hipaa.date_of_discovery").found for report in reports)
    assert len(texts) > 2000
    assert told > 800

"""The yearly log on the screen and on the command line, and the covered entities of a business associate."""

import csv
import io
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from tests.tui.conftest import DISCOVERED
from tui.app import BreachApp
from tui.cli import main
from tui.compose import Workspace
from tui.dialogs.entity import read_people, read_said

PASSPHRASE = "correct horse battery staple"
CONTACT = {"street": "100 N Lake Shore Dr", "city": "Chicago", "state": "IL", "zip": "60611", "phone": "312-555-0142"}
KNOWN = {path: value for path, value in DISCOVERED.items() if not path.startswith("affected.")}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def incidents(workspace: Workspace) -> dict[str, UUID]:
    """Four incidents of 2026 and one of 2025."""
    service = workspace.service
    service.case.describe(dict(service.queries.case().facts), CONTACT)
    known = {
        "=Misdirected fax": {"affected.total": 1},
        "Still counting": {"affected.total": {"min": 400, "max": 650}},
        "Large": {"affected.total": 500},
        "Colleague": {"affected.total": 1, "incident.risk_assessment": "exception_inadvertent"},
        "Shredded too late": {"affected.total": 3, "incident.discovered_at": "2025-12-31T23:30:00-06:00"}
        | {"discovery.workforce_knew_at": "2025-12-31T23:30:00-06:00"},
    }
    return {title: service.incidents.open(title, KNOWN | facts)[0] for title, facts in known.items()}


def breach(case_path: Path, tmp_path: Path, *words: str) -> Result:
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    environment = {"BREACH_CASE": str(case_path), "BREACH_USER": "dana"}
    arguments = [*words, "--passphrase-file", str(secret)]
    return CliRunner().invoke(main, arguments, env=environment, catch_exceptions=False)


async def test_the_year_is_looked_at_and_written_from_the_home_screen(
    workspace: Workspace, incidents: dict[str, UUID], tmp_path: Path, run: Any
) -> None:
    async with run(BreachApp(workspace), size=(160, 40)) as driver:
        await driver.reads("Still counting")
        await driver.press("y")
        await driver.on("YearlyScreen")
        await driver.reads("Due Mon 2027-03-01")
        await driver.reads("2 reports: 0 filed, 0 ready, 2 to do")
        await driver.reads("COUNT DECIDES")
        await driver.reads("no breach")
        await driver.reads("500 or more")
        assert "Shredded too late" not in driver.text
        await driver.press("space")
        await driver.reads("Missing: Point of contact: first name")
        await driver.press("escape", "x")
        await driver.reads("small-breaches-2026.pdf")
        await driver.press("enter")
        await driver.reads("Written:")
        assert (tmp_path / "small-breaches-2026.pdf").read_bytes().startswith(b"%PDF")
        await driver.press("left_square_bracket")
        await driver.reads("Due Sun 2026-03-01")
        await driver.reads("Shredded too late")
        await driver.press("enter")
        await driver.on("FilingsScreen")
        await driver.reads("Shredded too late")


def test_the_year_for_programs_and_for_spreadsheets(
    workspace: Workspace, incidents: dict[str, UUID], case_path: Path, tmp_path: Path
) -> None:
    told = json.loads(breach(case_path, tmp_path, "filing", "yearly", "2026", "--json").stdout)
    assert told["rule"]["due"] == "2027-03-01"
    places = {entry["title"]: entry["place"] for entry in told["entries"]}
    assert places == {
        "=Misdirected fax": "small", "Still counting": "count_open", "Large": "large", "Colleague": "not_a_breach"
    }  # fmt: skip
    done = told["progress"]
    assert done["reports"] == done["filed"] + done["ready"] + done["unready"] == 2
    written = breach(case_path, tmp_path, "filing", "yearly", "2026", "--csv", "y.csv", "--pdf", "y.pdf")
    assert written.exit_code == 0, written.output
    rows = list(csv.DictReader(io.StringIO((tmp_path / "y.csv").read_text("utf-8-sig"))))
    assert len(rows) == 4
    fax = next(row for row in rows if "fax" in row["title"])
    assert fax["title"] == "'=Misdirected fax", "no formula"
    assert (fax["individuals_min"], fax["individuals_max"]) == ("1", "1")
    counting = next(row for row in rows if row["title"] == "Still counting")
    assert (counting["individuals_min"], counting["individuals_max"]) == ("400", "650")
    again = breach(case_path, tmp_path, "filing", "yearly", "2026", "--csv", "y.csv")
    assert (again.exit_code, "is there already" in again.stderr) == (2, True)
    text = breach(case_path, tmp_path, "filing", "yearly", "2025").stdout
    assert "Shredded too late" in text
    assert "Fewer than 500: report by the day of the year" in text
    assert breach(case_path, tmp_path, "filing", "yearly", "26").exit_code == 2
    assert "was not in force" in breach(case_path, tmp_path, "filing", "yearly", "2008").stdout


async def test_covered_entities_are_named_told_and_reported_for(
    workspace: Workspace, incidents: dict[str, UUID], run: Any
) -> None:
    incident_id = incidents["Still counting"]
    workspace.service.incidents.record_facts(incident_id, {"organization.hipaa_role": "business_associate"})
    async with run(BreachApp(workspace), size=(160, 50)) as driver:
        await driver.reads("Still counting")
        await driver.press("enter", "6")
        await driver.on("FilingsScreen")
        await driver.reads("e names the covered entities that are told and reported for")
        await driver.press("e")
        await driver.on("EntitiesScreen")
        await driver.reads("No covered entity is named")
        await driver.press("n")
        await driver.reads("You file for it?")
        await driver.type("Lakeview Clinic")
        await driver.press("tab")
        await driver.type("400-450")
        await driver.reads("400 to 450 individuals")
        await driver.press("tab", "n", "tab", "y", "enter")
        await driver.reads("not yet")
        await driver.press("t")
        await driver.reads("Told on")
        await driver.press("enter")
        await driver.reads("told on 2026-11-22 (letter)")
        await driver.press("escape")
        await driver.on("FilingsScreen")
        await driver.reads("HHS for Lakeview Clinic")
        await driver.reads("Mon 2027-03-01")
    (row,) = workspace.service.queries.covered_entities(incident_id)
    assert (row.individuals, row.agent, row.delegated) == ({"min": 400, "max": 450}, False, True)


def test_covered_entities_on_the_command_line(
    workspace: Workspace, incidents: dict[str, UUID], case_path: Path, tmp_path: Path
) -> None:
    incident_id = incidents["Large"]
    reference = workspace.service.queries.incident(incident_id).reference
    record = ("filing", "entity", "record", reference)
    refused = breach(case_path, tmp_path, *record, "--name", "Lakeview Clinic")
    assert (refused.exit_code, "business associate" in refused.stderr) == (1, True)
    workspace.service.incidents.record_facts(incident_id, {"organization.hipaa_role": "business_associate"})
    more = ("--individuals", "450", "--agent", "n", "--files", "y", "--set", "city=Peoria", "--json")
    assert breach(case_path, tmp_path, *record, "--name", "Lakeview Clinic", *more).exit_code == 0
    silent = breach(case_path, tmp_path, *record, "--number", "1", "--individuals", "?")
    assert (silent.exit_code, "--because" in silent.stderr) == (2, True)
    corrected = breach(case_path, tmp_path, *record, "--number", "1", "--individuals", "?", "--because", "recount")
    assert corrected.exit_code == 0, corrected.output
    told = ("filing", "entity", "told", reference, "1", "--on", "2026-11-22", "--how", "e-mail")
    assert breach(case_path, tmp_path, *told).exit_code == 0
    listed = json.loads(breach(case_path, tmp_path, "filing", "entity", "list", reference, "--json").stdout)
    (row,) = listed["covered_entities"]
    assert (row["individuals"], row["told_on"], row["details"]) == (None, "2026-11-22", {"city": "Peoria"})
    (duties,) = listed["duties"]
    assert [duty["id"] for duty in duties["reports"]] == ["us.hipaa.hhs"]


def test_people_and_answers_are_read_as_they_are_typed() -> None:
    assert read_people("1,231") == 1231
    assert read_people("400 - 450") == {"min": 400, "max": 450}
    assert read_people("?") is None
    assert [read_said("x", text) for text in ("y", "No", "?", "")] == [True, False, None, None]
    for bad in ("~60", "4-", "-4", "many"):
        with pytest.raises(Exception, match="individuals"):
            read_people(bad)
    with pytest.raises(Exception, match="agent"):
        read_said("agent", "perhaps")

"""A report is made from an approved notice, typed off field by field, and starts what waits on it."""

import base64
import json
import re
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from incident.errors import OutOfOrder
from incident.views.small_breaches import yearly_log
from jurisdictions.obligations import Status
from notices.errors import NoticeError
from notices.yearly import lines_of
from tests.tui.conftest import FACTS, KIM
from tui.app import BreachApp
from tui.compose import Workspace, open_workspace
from tui.dialogs.filing import read_count
from tui.filings import reports, to_regulator
from tui.worksheets import entry_text, missing_words, worksheet_screens

CONTACT = {
    "street": "100 N Lake Shore Dr",
    "city": "Chicago",
    "state": "IL",
    "zip": "60611",
    "phone": "312-555-0142",
    "email": "privacy@lakeshore.example",
    "privacy_officer": "Dana Ruiz",
}
HHS = {
    "filer_role": "Covered Entity filing for itself",
    "contact_first_name": "Dana",
    "contact_last_name": "Ruiz",
    "breach_types": "Hacking/IT Incident",
    "locations": "Email",
    "description": "A false e-mail led an employee to give away the password of one billing mailbox.",
    "safeguards": "None",
    "notice_start": "2026-11-22",
    "notice_end": "2026-11-30",
    "actions": "Changed password/strengthened password requirements",
    "attested_by": "Dana Ruiz",
    "attested_on": "2026-11-22",
}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def report(workspace: Workspace, incident_id: UUID, case_path: Path, clock: Any) -> UUID:
    """An approved report to HHS on 1,231 people."""
    service, documents = workspace.service, workspace.documents
    service.case.describe(FACTS, CONTACT)
    service.incidents.record_facts(
        incident_id,
        {
            "incident.risk_assessment": "breach",
            "incident.occurred_from": "2026-11-18",
            "incident.occurred_to": "2026-11-19",
            "affected.insufficient_contact": 0,
            "affected.total": 1231,
            "affected.by_state.IL": 1143,
        },
    )
    kind = "hhs_report"
    options = {field.name: field.options for field in documents.look(incident_id, kind, {}).kind.fields}
    words = {name: value for name, value in HHS.items() if not options[name] or value in options[name]}
    words |= {name: options[name][0] for name in HHS if options[name] and HHS[name] not in options[name]}
    notice_id, _ = documents.draft(incident_id, kind, documents.defaults(incident_id, kind) | words)
    service.notices.submit(notice_id)
    with open_workspace(case_path, KIM.user, KIM.passphrase, clock=clock) as counsel:
        counsel.documents.approve(notice_id)
    service.refresh()
    return notice_id


async def to_filings(driver: Any) -> None:
    await driver.reads("Phished billing")
    await driver.press("enter", "6")
    await driver.on("FilingsScreen")


async def test_a_report_is_prepared_copied_filed_and_starts_what_waits_on_it(
    workspace: Workspace, incident_id: UUID, report: UUID, tmp_path: Path, run: Any
) -> None:
    (tmp_path / "receipt.pdf").write_bytes(b"%PDF-1.7 receipt")
    app = BreachApp(workspace)
    async with run(app) as driver:
        sent = _to_terminal(app)
        await to_filings(driver)
        await driver.reads("Illinois AG (after HHS)")
        driver.screen.query_one("#reports").select("us.hipaa.hhs")
        await driver.press("f")
        await driver.reads("Nothing is prepared yet")
        await driver.press("n")
        await driver.on("WorksheetScreen")
        await driver.reads("screen 1 of")
        await driver.press("c")
        await driver.reads("Copied")
        assert _copied(sent) == ["Initial Breach Report"], "by OSC 52, which a terminal takes over SSH too"
        await driver.reads("screen 2 of")
        await driver.reads("Lakeshore Aesthetics")
        await driver.press("down", "c")
        await driver.wait(lambda: _copied(sent)[-1] == "Lakeshore Aesthetics", "one key a value, then the next")
        await driver.press("f")
        await driver.reads("People reported")
        assert "1231" in driver.text, "the number known now is offered"
        await driver.type("2026-00731")
        await driver.press("tab", "tab", "n", "tab")
        await driver.type("receipt.pdf")
        await driver.press("enter")
        await driver.reads("Changed on the board")
        await driver.press("escape", "escape")
        await driver.on("FilingsScreen")
        await driver.reads("2026-00731")
        await driver.reads("Told 1,231, known now 1,231: agrees")
        await driver.press("h")
        await driver.reads("Filing prepared: Secretary of HHS")
        await driver.reads("receipt kept (SHA-256")

    queries = workspace.service.queries
    (filing,) = queries.filings(incident_id)
    assert (filing.filed_on, filing.channel, filing.tracking, filing.count) == (
        date(2026, 11, 22),
        "portal",
        "2026-00731",
        1231,
    )
    assessment = queries.board(incident_id, workspace.service.clock.now()).assessment
    assert assessment is not None
    illinois = assessment.get("il.pipa.hipaa_attorney_general")
    assert illinois is not None
    assert illinois.status is Status.DUE, "five business days run from the report to HHS"


async def test_a_placeholder_asks_for_an_addendum_which_is_approved_prepared_and_filed(
    workspace: Workspace, incident_id: UUID, report: UUID, case_path: Path, clock: Any, run: Any
) -> None:
    desk = workspace.documents
    filing_id, _ = desk.prepare_filing(report, "us.hipaa.hhs", "Secretary of HHS")
    desk.submit_filing(filing_id, on=date(2026, 11, 22), channel="portal", count=501, estimated=True, tracking="T-1")
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("Phished billing")
        await driver.press("enter")
        await driver.reads("1 addendum due: HHS told 501, known now 1,231 (6)")
        await driver.press("6")
        await driver.on("FilingsScreen")
        await driver.reads("ADDENDUM")
        driver.screen.query_one("#reports").select("us.hipaa.hhs")
        await driver.reads("Told 501 (an estimate), known now 1,231: addendum due")
        await driver.reads("45 CFR 164.408 sets no day for it")
        await driver.press("f")
        await driver.reads("Filed on 2026-11-22 already")
        await driver.press("a")
        await driver.reads("No addendum is prepared")
        await driver.press("n")
        await driver.reads("No addendum was approved since")
        words = desk.defaults(incident_id, "hhs_report")
        assert words["report_type"] == "Addendum to Previous Report"
        assert words["previous_tracking_number"] == "T-1"
        notice_id, _ = desk.draft(incident_id, "hhs_report", words | {"attested_on": "2026-11-22"})
        workspace.service.notices.submit(notice_id)
        with open_workspace(case_path, KIM.user, KIM.passphrase, clock=clock) as counsel:
            counsel.documents.approve(notice_id)
        workspace.service.refresh()
        await driver.press("escape", "enter", "6")
        await driver.on("FilingsScreen")
        driver.screen.query_one("#reports").select("us.hipaa.hhs")
        await driver.press("n")
        await driver.on("WorksheetScreen")
        await driver.reads("This is the addendum to it, not filed yet")
        await driver.reads("T-1")
        await driver.press("f")
        await driver.reads("501 people were told before")
        await driver.press("enter")
        await driver.wait(lambda: workspace.service.queries.filing(filing_id).count == 1231, "the addendum counts")
    assert desk.preview(notice_id).documents[0].document.title.startswith("Addendum to tracking number T-1: ")


async def test_the_initial_report_is_not_filed_again_as_an_addendum(
    workspace: Workspace, incident_id: UUID, report: UUID
) -> None:
    filing_id, _ = workspace.documents.prepare_filing(report, "us.hipaa.hhs", "Secretary of HHS")
    workspace.documents.submit_filing(filing_id, on=date(2026, 11, 22), channel="portal", count=501)
    with pytest.raises(NoticeError, match="initial report"):
        workspace.documents.file_addendum(filing_id, on=date(2026, 11, 22), count=1231)
    assert workspace.service.queries.filing(filing_id).count == 501


def _to_terminal(app: BreachApp) -> list[str]:
    """What the program writes to the terminal from now on."""
    sent: list[str] = []
    assert app._driver is not None
    app._driver.write = sent.append
    return sent


def _copied(sent: list[str]) -> list[str]:
    """The texts of OSC 52 among it."""
    found = (re.fullmatch(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\a", each) for each in sent)
    return [base64.b64decode(each[1]).decode() for each in found if each is not None]


async def test_nothing_is_prepared_from_a_notice_that_is_not_approved(
    workspace: Workspace, incident_id: UUID, report: UUID, run: Any
) -> None:
    fields = dict(workspace.documents.preview(report).fields) | {"description": "Other words."}
    workspace.documents.revise(report, fields)
    async with run(BreachApp(workspace)) as driver:
        await to_filings(driver)
        await driver.reads("HHS")
        driver.screen.query_one("#reports").select("us.hipaa.hhs")
        await driver.press("n")
        await driver.reads("is draft; it has to be approved first")
        driver.screen.query_one("#reports").select("il.pipa.hipaa_attorney_general")
        await driver.press("enter")
        await driver.reads("No notice serves Illinois AG (after HHS) yet")
        assert workspace.service.queries.filings(incident_id) == ()


async def test_counsel_finds_what_waits_in_any_incident(
    workspace: Workspace, incident_id: UUID, report: UUID, case_path: Path, clock: Any, run: Any
) -> None:
    fields = dict(workspace.documents.preview(report).fields) | {"description": "Other words."}
    workspace.documents.revise(report, fields)
    workspace.service.notices.submit(report)
    other, _ = workspace.service.incidents.open("Lost laptop", {"incident.discovered_at": "2026-11-21T09:00:00-06:00"})
    with open_workspace(case_path, KIM.user, KIM.passphrase, clock=clock) as counsel:
        async with run(BreachApp(counsel)) as driver:
            await driver.reads("Lost laptop")
            await driver.press("enter", "7")
            await driver.on("ReviewScreen")
            await driver.reads("Report to the Secretary")
            await driver.reads(counsel.service.queries.incident(incident_id).reference)
            await driver.press("enter")
            await driver.on("ReviewNoticeScreen")
            await driver.reads("in review")
            await driver.press("A")
            await driver.type("KO")
            await driver.press("tab")
            await driver.type(KIM.passphrase)
            await driver.press("enter")
            await driver.reads("Approved by kim")
            await driver.press("escape")
            await driver.reads("Nothing waits for review")
    assert other != incident_id


# --- Presenters


@pytest.mark.parametrize(
    ("duty", "expected"),
    [
        ("us.hipaa.hhs", True),
        ("us.ftc_hbnr.ftc", True),
        ("ca.hsc1280_15.cdph", True),
        ("il.pipa.hipaa_attorney_general", True),
        ("tx.breach.regulator:attorney_general", True),
        ("us.hipaa.individuals", False),
        ("us.hipaa.media:IL", False),
        ("ca.hsc1280_15.patients", False),
        ("tx.breach.consumer_reporting_agencies", False),
        ("il.pipa.data_owner", False),
    ],
)
def test_a_report_is_what_is_owed_to_an_authority(duty: str, *, expected: bool) -> None:
    assert to_regulator(duty) is expected


def test_a_count_is_a_whole_number_or_nothing() -> None:
    assert read_count("1,231") == 1231
    assert read_count(" ") is None
    with pytest.raises(Exception, match="whole number"):
        read_count("~60")


def test_the_worksheet_gives_each_value_as_it_is_typed(workspace: Workspace, report: UUID) -> None:
    screens = worksheet_screens(workspace.documents.preview(report))
    values = {entry.name: entry_text(entry) for screen in screens for entry in screen.entries}
    assert values["individuals"] == "1,231"
    assert values["breach_start"] == "11/18/2026"
    assert values["entity_zip"] == "60611"


async def test_the_form_is_written_as_pdf_and_as_json(
    workspace: Workspace, report: UUID, tmp_path: Path, run: Any
) -> None:
    workspace.documents.prepare_filing(report, "us.hipaa.hhs", "Secretary of HHS")
    async with run(BreachApp(workspace)) as driver:
        await to_filings(driver)
        driver.screen.query_one("#reports").select("us.hipaa.hhs")
        await driver.press("enter")
        await driver.on("WorksheetScreen")
        for name in ("worksheet.pdf", "form.json"):
            await driver.press("x")
            await driver.reads("Export the form")
            await driver.press("end", "ctrl+u")
            await driver.type(name)
            await driver.press("enter")
            await driver.wait(lambda name=name: (tmp_path / name).exists(), f"{name} is written")
            await driver.reads("Written:")
    assert (tmp_path / "worksheet.pdf").read_bytes().startswith(b"%PDF")
    told = json.loads((tmp_path / "form.json").read_text("utf-8"))
    assert (told["problems"], told["missing"]) == ([], [])
    assert [screen["title"][:2] for screen in told["screens"]] == ["1.", "2.", "3.", "4.", "5."]


def test_compulsory_fields_that_are_empty_bar_the_approval_by_their_names(
    workspace: Workspace, incident_id: UUID, report: UUID, case_path: Path, clock: Any
) -> None:
    words = dict(workspace.documents.preview(report).fields) | {"contact_last_name": "", "substitute_required": "yes"}
    words["substitute_size"] = ""
    workspace.documents.revise(report, words)
    workspace.service.notices.submit(report)
    with open_workspace(case_path, KIM.user, KIM.passphrase, clock=clock) as counsel:
        with pytest.raises(OutOfOrder) as refusal:
            counsel.documents.approve(report)
        assert "Point of contact: last name is not filled in" in str(refusal.value)
        assert "If yes: number of individuals is not filled in" in str(refusal.value)
    missing = missing_words(worksheet_screens(workspace.documents.preview(report)))
    assert missing == "Compulsory and empty: Point of contact: last name; If yes: number of individuals"


def test_the_number_that_hhs_gave_goes_to_illinois(workspace: Workspace, incident_id: UUID, report: UUID) -> None:
    desk = workspace.documents
    assert "hhs_tracking" not in desk.defaults(incident_id, "il_ag_notice")
    filing_id, _ = desk.prepare_filing(report, "us.hipaa.hhs", "Secretary of HHS")
    desk.submit_filing(filing_id, on=date(2026, 11, 22), channel="portal", count=1231)
    workspace.service.filings.record_receipt(filing_id, "T-00731")
    assert desk.defaults(incident_id, "il_ag_notice")["hhs_tracking"] == "T-00731"


def test_a_report_for_one_covered_entity_is_not_prepared_from_one_for_another(
    workspace: Workspace, incident_id: UUID
) -> None:
    service, desk = workspace.service, workspace.documents
    service.case.describe(FACTS, CONTACT)
    service.incidents.record_facts(incident_id, {"organization.hipaa_role": "business_associate"})
    for name in ("Lakeview Clinic", "Harbor Dental"):
        service.entities.record(incident_id, name, individuals=40, agent=True, delegated=True)
    assert desk.defaults(incident_id, "owner_notice")["owner_name"] == "Lakeview Clinic"
    service.entities.record_told(incident_id, 1, date(2026, 11, 22), "letter")
    assert desk.defaults(incident_id, "owner_notice")["owner_name"] == "Harbor Dental", "the next that was not told"
    words = desk.defaults(incident_id, "hhs_report")
    assert words["covered_entities"] == "1\n2", "those that wait for a report"
    notice, _ = desk.draft(incident_id, "hhs_report", words | {"covered_entities": "2"})
    assert service.queries.notice(notice).obligations == ("us.hipaa.hhs",)
    with pytest.raises(NoticeError, match="not for covered entity 1"):
        desk.prepare_filing(notice, "us.hipaa.hhs", "HHS", 1)
    filing, _ = desk.prepare_filing(notice, "us.hipaa.hhs", "HHS", 2)
    assert service.queries.filing(filing).entities == (2,)
    found = {each.whom: each.filing for each in reports(service.queries, incident_id, service.clock.now())}
    assert found["HHS for Lakeview Clinic"] is None
    assert found["HHS for Harbor Dental"] is not None


def test_a_report_of_the_year_is_ready_only_while_its_approval_covers_it(
    workspace: Workspace, incident_id: UUID, report: UUID, case_path: Path, clock: Any
) -> None:
    service = workspace.service
    service.incidents.record_facts(incident_id, {"affected.total": 40, "affected.by_state.IL": 40})
    words = dict(workspace.documents.preview(report).fields) | {"media_required": "no", "media_states": ""}
    workspace.documents.revise(report, words)

    def packet() -> tuple[str, bool]:
        (line,) = lines_of(workspace.documents, yearly_log(service.queries, 2026, service.clock.now()))
        return line.packet.words, line.packet.ready

    assert packet() == ("draft, complete", False)
    service.notices.submit(report)
    with open_workspace(case_path, KIM.user, KIM.passphrase, clock=clock) as counsel:
        counsel.documents.approve(report)
    service.refresh()
    assert packet() == ("approved, ready", True)
    service.incidents.record_facts(incident_id, {"affected.total": 41})
    assert packet() == ("approved, faults", False), "41 people are not the 40 that were approved"

"""A notice goes from its form to the post, and never without counsel, who reads exactly what is approved."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from rich.text import Text

from incident.notice import Notice, replay
from notices.catalog import HHS_REPORT, INDIVIDUAL_LETTER
from tests.tui.conftest import DANA, FACTS, KIM
from tui import documents, drafting, margin
from tui.app import BreachApp
from tui.compose import Person, Workspace, open_workspace

CONTACT = {
    "street": "100 N Lake Shore Dr",
    "city": "Chicago",
    "state": "IL",
    "zip": "60611",
    "toll_free": "1-800-555-0142",
    "email": "privacy@lakeshore.example",
    "privacy_officer": "Dana Ruiz",
}
WORDS = {
    "what_happened": "A person outside our clinic got into one billing mailbox. The mailbox held copies of bills.",
    "what_we_are_doing": "We closed the mailbox. We called a forensic firm to investigate. We train all staff anew.",
}
PEOPLE = """First Name,Last Name,DOB,Street,City,State,Zip
Ana,Díaz,1980-02-28,12 Main St,Chicago,IL,60614
Zoë,O'Neil,2015-06-01,9 Elm St,Chicago,IL,60601
Ivo,Novák,1941-05-05,,Chicago,IL,60612
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def ready(workspace: Workspace, incident_id: UUID, tmp_path: Path) -> UUID:
    """An incident with people, of an organization that can be written to."""
    service = workspace.service
    service.case.describe(FACTS, CONTACT)
    service.incidents.record_facts(
        incident_id, {"incident.occurred_from": "2026-11-18", "incident.occurred_to": "2026-11-19"}
    )
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    service.rosters.import_file(incident_id, path)
    return incident_id


@pytest.fixture
def letter(workspace: Workspace, ready: UUID) -> UUID:
    """A letter that was drafted and submitted."""
    fields = workspace.documents.defaults(ready, "individual_letter") | WORDS | {"notice_date": "2026-11-25"}
    notice_id, _ = workspace.documents.draft(ready, "individual_letter", fields)
    workspace.service.notices.submit(notice_id)
    return notice_id


def the_notice(workspace: Workspace, notice_id: UUID) -> Notice:
    return replay(notice_id, workspace.service.desk.log.stream(notice_id))


async def to_notices(driver: Any) -> None:
    await driver.reads("Phished billing")
    await driver.press("enter", "5")
    await driver.on("NoticesScreen")


async def open_letter(driver: Any) -> None:
    await to_notices(driver)
    await driver.reads("Letter to affected")
    await driver.press("enter")
    await driver.reads("us.adult.en")


async def become(driver: Any, person: Person) -> None:
    await driver.press("U")
    await driver.on("FormDialog")
    await driver.type(person.user)
    await driver.press("tab")
    driver.app.focused.value = person.passphrase
    await driver.press("enter")
    await driver.reads(f"Now at work: {person.name}")


async def test_a_letter_from_its_form_to_the_post(
    workspace: Workspace, ready: UUID, case_path: Path, tmp_path: Path, run: Any
) -> None:
    app = BreachApp(workspace)
    async with run(app) as driver:
        await to_notices(driver)
        await driver.press("n")
        await driver.reads("Letter to affected individuals")
        await driver.press("enter")
        await driver.on("NoticeFormScreen")
        await driver.reads("✗ needed")
        await driver.press("d")
        await driver.reads("What happened: What happened is required")

        for name, words in WORDS.items():
            driver.screen.query_one("#fields").select(name)
            await driver.press("enter")
            await driver.on("FieldDialog")
            driver.screen.query_one("#text").text = words
            await driver.press("escape")
            await driver.on("NoticeFormScreen")
        driver.screen.query_one("#fields").select("notice_date")
        await driver.press("enter")
        await driver.type("2026-13-01")
        await driver.reads("is not a date of the form")
        await driver.press("ctrl+u")
        await driver.type("2026-11-25")
        await driver.press("escape", "p")
        await driver.on("PreviewScreen")
        await driver.reads("us.adult.en (1 of")
        await driver.press("escape", "d")
        await driver.on("NoticeScreen")
        (row,) = workspace.service.queries.notices(ready)
        assert row.status == "draft"
        assert "us.hipaa.individuals" in row.obligations
        notice_id = row.id
        assert the_notice(workspace, notice_id).fields["what_happened"] == WORDS["what_happened"]

        await driver.reads("us.adult.en")
        await driver.press("s")
        await driver.reads("in review")
        await driver.press("A")
        await driver.reads("only counsel may approve a notice")

        await become(driver, KIM)
        await driver.reads("us.adult.en")
        await driver.press("A")
        await driver.reads("You approve exactly this")
        await driver.type("xx")
        await driver.press("enter")
        await driver.reads("the initials of Kim Osei")
        await driver.press("ctrl+u")
        await driver.type("ko")
        await driver.press("enter")
        await driver.reads("Your passphrase: needed")
        driver.app.focused.value = DANA.passphrase
        await driver.press("enter")
        await driver.reads("the passphrase is wrong")
        driver.app.focused.value = KIM.passphrase
        await driver.press("enter")
        await driver.reads("unlocks letters to 3; any change voids this")
        await driver.reads("Approved by kim")
        state = the_notice(app.session.workspace, notice_id)
        assert state.approved_by == "kim"
        assert state.approval is not None
        assert state.approval.content_sha256 == app.session.workspace.documents.preview(notice_id).content_sha256

        await driver.press("r")
        await driver.reads("only the incident lead may render")
        await become(driver, DANA)
        await driver.reads("us.adult.en")
        await driver.press("r", "p")
        await driver.reads("3 rows = 2 letters + 1 excluded")
        await driver.press("escape")
        await driver.reads("Read the sample: S.")
        await driver.press("x")
        await driver.reads("Nothing may leave: a random sample")
        await driver.press("d")
        await driver.reads("Nothing may leave: a random sample")
        await driver.press("S")
        await driver.on("SampleScreen")
        await driver.reads("all 2 letters")
        await driver.reads("Letter 1 of 2")
        await driver.press("S")
        await driver.reads("✓ Signed")
        await driver.press("escape")
        await driver.on("NoticeScreen")
        await driver.press("x")
        await driver.reads("leave the encrypted case")
        await driver.type("mailing")
        await driver.press("enter")
        await driver.reads("files written to")
        exported = sorted(path.name for path in (tmp_path / "mailing").iterdir())
        assert "manifest.json" in exported
        letters = tmp_path / "mailing" / exported[0]
        assert letters.read_bytes().startswith(b"%PDF")
        assert letters.stat().st_mode & 0o077 == 0, "nobody else on the machine may read them"
        await driver.press("escape", "d")
        await driver.reads("Sent how?")
        await driver.press("enter")
        await driver.reads("Sent on")
        await driver.press("enter")
        await driver.reads("Changed on the board")
        await driver.press("escape")
        await driver.reads("Sent 2026-11-22")
        queries = app.session.workspace.service.queries
        assert queries.notice(notice_id).sent_on == date(2026, 11, 22)
        assert queries.facts(ready)["given.us.hipaa.individuals"].value == "2026-11-22"
        log = [line.text for line in queries.timeline(ready)]
        assert any("Exported 2 files" in line for line in log), "the log keeps that personal data left the case"
        app.session.workspace.close()


async def test_a_change_of_facts_voids_the_approval_and_says_so(
    workspace: Workspace, letter: UUID, ready: UUID, case_path: Path, clock: Any, run: Any
) -> None:
    with open_workspace(case_path, KIM.user, KIM.passphrase, clock=clock) as counsel:
        counsel.documents.approve(letter)
    workspace.service.refresh()
    workspace.service.incidents.record_facts(ready, {"incident.occurred_to": "2026-11-20"}, because="found in the logs")
    async with run(BreachApp(workspace)) as driver:
        await open_letter(driver)
        await driver.reads("VOID: the text changed after approval")
        await driver.press("r")
        await driver.reads("Nothing may be rendered for release")
        await driver.press("d")
        await driver.reads("Nothing may leave")
        assert the_notice(workspace, letter).rendered is None


async def test_counsel_reads_what_is_missing_first_and_sends_it_back(
    workspace: Workspace, ready: UUID, case_path: Path, clock: Any, run: Any
) -> None:
    workspace.service.incidents.record_facts(ready, {"affected.by_state.CA": 700}, because="a second list")
    fields = workspace.documents.defaults(ready, "individual_letter") | WORDS
    fields |= {"what_you_can_do": "Thank you for reading this letter."}
    notice_id, _ = workspace.documents.draft(ready, "individual_letter", fields)
    workspace.service.notices.submit(notice_id)
    look = workspace.documents.preview(notice_id)
    assert any("hipaa.protective_steps" in problem for problem in look.problems)
    place = next(n for n, each in enumerate(look.documents) if each.document.name == "ca.adult.en")
    with open_workspace(case_path, KIM.user, KIM.passphrase, clock=clock) as counsel:
        async with run(BreachApp(counsel)) as driver:
            await open_letter(driver)
            for _ in range(place):
                await driver.press("n")
            await driver.reads("1 to mend")
            await driver.press("right_square_bracket")
            await driver.reads("✗ MISSING hipaa.protective_steps")
            await driver.press("right_square_bracket")
            await driver.reads("✓ found")
            await driver.press("A")
            await driver.reads("It cannot be approved")
            await driver.press("m")
            await driver.reads("What bars this notice")
            await driver.press("escape", "c")
            await driver.type("say what people can do")
            await driver.press("enter")
            await driver.reads("changes requested")
        assert the_notice(counsel, notice_id).status == "changes requested"


async def test_the_drafter_cannot_approve_even_as_counsel(
    case_path: Path, workspace: Workspace, ready: UUID, clock: Any, run: Any
) -> None:
    with open_workspace(case_path, KIM.user, KIM.passphrase, clock=clock) as counsel:
        fields = counsel.documents.defaults(ready, "individual_letter") | WORDS | {"notice_date": "2026-11-25"}
        notice_id, _ = counsel.documents.draft(ready, "individual_letter", fields)
        counsel.service.notices.submit(notice_id)
        async with run(BreachApp(counsel)) as driver:
            await open_letter(driver)
            await driver.press("A")
            await driver.reads("kim drafted this notice; another person must review it")
        assert the_notice(counsel, notice_id).approval is None


async def test_words_typed_in_a_form_are_never_lost_without_asking(workspace: Workspace, ready: UUID, run: Any) -> None:
    async with run(BreachApp(workspace)) as driver:
        await to_notices(driver)
        await driver.press("n")
        await driver.reads("Report to the Secretary")
        await driver.press("down", "enter")
        await driver.on("NoticeFormScreen")
        driver.screen.query_one("#fields").select("breach_types")
        await driver.press("enter")
        await driver.on("FieldDialog")
        await driver.press("space", "tab")
        await driver.reads("Location of the information")
        await driver.press("escape", "escape")
        await driver.reads("Discard what you typed?")
        await driver.press("n")
        await driver.on("NoticeFormScreen")
        await driver.press("d")
        await driver.on("NoticeScreen")
        (row,) = workspace.service.queries.notices(ready)
        assert the_notice(workspace, row.id).fields["breach_types"] == "Hacking/IT Incident"


async def test_a_notice_is_read_as_it_stood_then(workspace: Workspace, letter: UUID, ready: UUID, run: Any) -> None:
    before = workspace.service.queries.position
    fields = dict(the_notice(workspace, letter).fields) | {"what_happened": "Somebody else's words altogether."}
    workspace.documents.revise(letter, fields)
    async with run(BreachApp(workspace), (160, 50)) as driver:
        await open_letter(driver)
        await driver.reads("Somebody else's words")
        await driver.press("at")
        await driver.type(str(before))
        await driver.press("enter")
        await driver.reads("one billing mailbox")
        await driver.press("s")
        await driver.reads("Esc returns to now")
        assert the_notice(workspace, letter).status == "draft"


# --- Presenters


def test_every_fault_is_told_by_its_field() -> None:
    values = {"what_happened": "[to be written]", "notice_date": "25 November", "services_months": "twelve"}
    faults = drafting.faults(INDIVIDUAL_LETTER, values)
    assert "placeholder" in faults["what_happened"]
    assert "YYYY-MM-DD" in faults["notice_date"]
    assert "whole number" in faults["services_months"]
    assert faults["data_types"].endswith("is required")
    assert "services_provider" not in faults
    assert drafting.first_open(INDIVIDUAL_LETTER, values) == "what_happened"


def test_what_the_regulators_form_asks_for_is_open_until_it_is_filled_in() -> None:
    asked = drafting.asked_by_form(HHS_REPORT)
    assert {"breach_types", "description", "attested_by"} <= asked
    assert "phi_other" not in asked
    assert drafting.asked_by_form(INDIVIDUAL_LETTER) == frozenset()
    assert drafting.first_open(HHS_REPORT, {"report_type": "Initial Breach Report"}) == "filer_role"
    field = next(field for field in HHS_REPORT.fields if field.name == "breach_types")
    assert drafting.field_cells(field, "", "", asked=True)[2].plain == "○ open"
    assert "open that the form asks for" in drafting.form_words(HHS_REPORT, {})


@pytest.mark.parametrize("width", [1, 7, 12, 40])
def test_wrapping_keeps_every_character_but_the_spaces_it_breaks_at(width: int) -> None:
    text = "Notice of Data Breach\n\n  * a-very-long-word-that-has-no-space at all\nend"
    lines = margin.wrapped(text, width)
    assert all(end - start <= width for start, end in lines)
    kept = "".join(text[start:end] for start, end in lines)
    assert kept.replace(" ", "") == text.replace(" ", "").replace("\n", "")


def test_a_mark_stands_at_the_line_where_an_element_begins() -> None:
    text = "one two three\nfour five six"
    found = (margin.Target("a", "§ 1", "found", "", (14, 18)), margin.Target("b", "§ 2", "missing", "", None))
    lines = margin.marked_text(text, found, 0, 60)
    assert [line.plain for line in lines] == ["  one two three", "✓ four five six"]
    assert any(span.style == "reverse" for span in lines[1].spans)
    assert margin.line_of(text, (14, 18), 60) == 1


def test_initials_are_taken_from_the_name() -> None:
    assert documents.initials("Kim Osei") == "KO"
    assert documents.initials("Zoë van der Berg") == "ZVDB"


def test_recipients_of_a_duty_are_text_not_markup() -> None:
    assert all(isinstance(cell, Text) for cell in drafting.field_cells(INDIVIDUAL_LETTER.fields[0], "[red]x[/red]", ""))


async def test_the_plain_language_of_a_letter_is_shown(workspace: Workspace, letter: UUID, run: Any) -> None:
    app = BreachApp(workspace)
    async with run(app) as driver:
        await open_letter(driver)
        await driver.reads("grade")
        await driver.press("L")
        await driver.on("LinesDialog")
        await driver.reads("Plain language: us.adult.en")
        await driver.reads("(Flesch-Kincaid)")
        await driver.reads("passive voice")

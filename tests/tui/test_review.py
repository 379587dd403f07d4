"""Counsel reviews on the screens: reads, looks at facts and changes, takes a Word file in, decides; or by a code."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from incident.log.checkpoints import read_note
from incident.system import FixedClock
from notices.bundle import COVER, DUTIES, FACTS, WORD
from notices.dependence import Use
from notices.word.anchors import READING
from notices.word.desk import WordDesk
from tests.notices.test_word import edited, replace_words
from tests.tui.conftest import FACTS as ORGANIZATION
from tests.tui.conftest import KIM
from tests.tui.test_keys_of_documents import check_keys
from tests.tui.test_notices import CONTACT, PEOPLE, WORDS, become, the_notice
from tui import review
from tui.app import BreachApp
from tui.compose import Workspace, open_workspace
from tui.reviewing import notice_view, send_to_counsel, uses, voided
from tui.screens.review_notice import ReviewNoticeScreen
from tui.session import Session

REPORT = {"nature": "A mailbox was read.", "steps": "We closed it."}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def described(workspace: Workspace, incident_id: UUID) -> None:
    """An organization that can write, and an incident that can be written about."""
    workspace.service.case.describe(ORGANIZATION, CONTACT)
    workspace.service.incidents.record_facts(
        incident_id, {"incident.occurred_from": "2026-11-18", "incident.occurred_to": "2026-11-19"}
    )


@pytest.fixture
def letter(workspace: Workspace, incident_id: UUID, described: None, tmp_path: Path) -> UUID:
    """A letter that waits for counsel."""
    service = workspace.service
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    service.rosters.import_file(incident_id, path)
    fields = workspace.documents.defaults(incident_id, "individual_letter") | WORDS | {"notice_date": "2026-11-25"}
    notice_id, _ = workspace.documents.draft(incident_id, "individual_letter", fields)
    service.notices.submit(notice_id)
    return notice_id


@pytest.fixture
def report(workspace: Workspace, incident_id: UUID, described: None) -> UUID:
    """A short notice that waits for counsel: quicker to write than a letter."""
    fields = workspace.documents.defaults(incident_id, "il_ag_notice") | REPORT
    notice_id, _ = workspace.documents.draft(incident_id, "il_ag_notice", fields)
    workspace.service.notices.submit(notice_id)
    return notice_id


@pytest.fixture
def counsel(workspace: Workspace, case_path: Path, clock: FixedClock, described: None) -> Iterator[Workspace]:
    with open_workspace(case_path, KIM.user, KIM.passphrase, clock=clock) as opened:
        yield opened


def reviewed_file(desk: Workspace, notice: UUID, path: Path) -> Path:
    """A file that counsel changed: two words of the drafter, and a merge field."""

    def change(document: Any) -> None:
        replace_words(document, "what_happened", "A person", "Somebody")
        replace_words(document, READING, "recipient name", "patient")

    path.write_bytes(edited(change, WordDesk(desk.service, desk.documents).for_review(notice)))
    return path


async def open_review(driver: Any, notice: UUID, incident_id: UUID) -> None:
    await driver.reads("Phished billing")
    driver.app.push_screen(ReviewNoticeScreen(incident_id, notice))
    await driver.reads("· due ")


async def test_the_program_opens_on_the_queue_and_on_nothing_else(counsel: Workspace, letter: UUID, run: Any) -> None:
    counsel.service.refresh()
    async with run(BreachApp(counsel, review=True)) as driver:
        await driver.on("QueueScreen")
        await driver.reads("Letter to affected")
        await driver.reads("Fri 2026-12-11")
        await check_keys(driver)
        await driver.press("escape")
        await driver.on("QueueScreen")
        await driver.press("enter")
        await driver.on("ReviewNoticeScreen")
        await driver.reads("due Fri 2026-12-11")
        await driver.reads("Wanted by 45 CFR 164.404 7/7 · 815 ILCS 530/10 3/3")
        await driver.press("W")
        await driver.reads("What the law wants of us.adult.en")
        await driver.reads("✓ hipaa.description [45 CFR 164.404(c)(1)(A)]")
        await driver.press("escape", "escape")
        await driver.on("QueueScreen")


async def test_a_word_file_is_taken_in_change_by_change_and_escape_leaves_nothing(
    workspace: Workspace, counsel: Workspace, letter: UUID, incident_id: UUID, tmp_path: Path, run: Any
) -> None:
    counsel.service.refresh()
    back = reviewed_file(workspace, letter, tmp_path / "back.docx")
    before = counsel.service.queries.position
    app = BreachApp(counsel)
    async with run(app) as driver:
        await open_review(driver, letter, incident_id)
        await driver.press("x")
        await driver.press("ctrl+u")
        await driver.type("out.docx")
        await driver.press("enter")
        await driver.reads("saved; i takes it back in")
        assert (tmp_path / "out.docx").read_bytes().startswith(b"PK")

        for _ in range(2):
            await driver.press("i")
            await driver.type(str(back))
            await driver.press("enter")
            await driver.on("MarkupScreen")
            await driver.reads("4 changes found: 2 to the words, 2 blocked (2 touch a merge field)")
            if app.session.service.queries.position == before and not driver.screen.dirty and driver.keys < 10:
                await check_keys(driver)
                await driver.press("a", "escape")
                await driver.reads("Discard what you typed?")
                await driver.press("y")
                await driver.on("ReviewNoticeScreen")
                assert app.session.service.queries.position == before, "nothing half done"
        await driver.press("enter")
        await driver.reads("2 of 2 changes are not decided yet")
        await driver.press("a")
        await driver.reads("1 to decide")
        await driver.press("r")
        await driver.on("FormDialog")
        await driver.type("not our word")
        await driver.press("enter")
        await driver.reads("Each change is decided")
        await driver.press("down", "a")
        await driver.reads("Blocked: a merge field")
        await driver.press("enter")
        await driver.reads("1 accepted, 1 rejected")
        await driver.press("y")
        await driver.on("ReviewNoticeScreen")
        await driver.reads("recorded 16:24:07")
        await driver.reads("draft · due")
        decided = next(
            entry.event
            for entry in app.session.service.desk.log.stream(letter)
            if entry.event.TOPIC == "notice.markup_decided"
        )
        assert [(each.accepted, each.reason) for each in decided.changes] == [(True, ""), (False, "not our word")]
        assert len(decided.blocked) == 2
        assert the_notice(counsel, letter).fields["what_happened"].startswith(" outside".strip())

        await driver.press("A")
        await driver.reads("another person has to read and submit it first")
        workspace.service.refresh()
        workspace.service.notices.submit(letter)
        app.session.service.refresh()
        driver.screen.reload()
        await driver.reads("in review · due")
        await driver.press("A")
        await driver.reads("You approve exactly this")
        await driver.reads("It unlocks letters to 3 people")
        await driver.type("ko")
        await driver.press("enter")
        driver.app.focused.value = KIM.passphrase
        await driver.press("enter")
        await driver.reads("unlocks letters to 3; any change voids this")
    assert the_notice(counsel, letter).approved_by == "kim"


async def test_a_redline_is_against_the_default_the_approved_text_or_an_event(
    workspace: Workspace, counsel: Workspace, report: UUID, incident_id: UUID, run: Any
) -> None:
    drafted = workspace.service.queries.position
    counsel.service.refresh()
    counsel.documents.approve(report)
    approved = counsel.service.queries.position
    workspace.service.refresh()
    workspace.documents.revise(report, the_notice(workspace, report).fields | {"steps": "We closed it at once."})
    async with run(BreachApp(workspace)) as driver:
        await open_review(driver, report, incident_id)
        await driver.press("d")
        await driver.reads(f"against last approved, #{approved}")
        await check_keys(driver)
        await driver.press("right_square_bracket")
        await driver.reads("[+ at once+]")
        await driver.reads("+ inserted at once")
        await driver.press("e")
        await driver.type(str(drafted))
        await driver.press("enter")
        await driver.reads(f"against as of #{drafted}")
        await driver.press("t")
        await driver.reads("against the default text")
        # Words that a form gives none for are new, all of them.
        await driver.reads("[-…-]")
        await driver.press("e")
        await driver.type("1")
        await driver.press("enter")
        await driver.reads("no notice")


async def test_the_facts_of_a_notice_lead_to_the_entries_that_say_so(
    workspace: Workspace, letter: UUID, incident_id: UUID, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await open_review(driver, letter, incident_id)
        await driver.press("f")
        await driver.on("ReviewFactsScreen")
        await driver.reads("an approval covers all of them")
        await check_keys(driver)
        table = driver.screen.query_one("#uses")
        assert table.current_key == "affected.by_state.CA", "what the text rests on comes first"
        table.select("incident.occurred_to")
        row = workspace.service.queries.facts(incident_id)["incident.occurred_to"]
        await driver.press("enter")
        await driver.reads(f"Event #{row.position}")
        await driver.reads("incident.occurred_to = 2026-11-19")


def test_a_fact_is_used_where_the_notice_reads_otherwise_without_it(
    workspace: Workspace, letter: UUID, incident_id: UUID
) -> None:
    found = uses(Session(workspace), incident_id, letter)
    assert found["incident.occurred_to"] is Use.TEXT
    assert found["incident.data_elements"] is Use.TEXT
    assert found["incident.discovered_at"] is Use.NEEDED
    assert found["incident.medium"] is Use.COVERED
    known = workspace.service.queries.facts(incident_id)
    assert set(found) == {path for path in known if not path.startswith("given.")}


async def test_counsel_without_a_terminal_approves_by_a_code_and_later_themselves(
    workspace: Workspace, report: UUID, incident_id: UUID, tmp_path: Path, run: Any
) -> None:
    app = BreachApp(workspace)
    async with run(app) as driver:
        await open_review(driver, report, incident_id)
        await driver.press("s")
        await driver.reads("Files for counsel")
        await driver.press("up", "ctrl+u")
        await driver.type("Ola Berg, Berg LLP")
        await driver.press("tab")
        await driver.type("for-counsel")
        await driver.press("enter")
        await driver.reads("When counsel approves: C")
        await driver.press("escape")
        folder = tmp_path / "for-counsel"
        assert {path.name for path in folder.iterdir()} == {COVER, WORD, FACTS, DUTIES}
        cover = (folder / COVER).read_text(encoding="utf-8")
        assert read_note(cover).is_signed_by(f"breach-case/{workspace.case.case_id}", workspace.case.public_key)
        code = workspace.service.reviews.code(report, workspace.documents.preview(report).content_sha256)
        assert f"\n    {code}\n" in cover

        await driver.press("C")
        await driver.type(code[:-1] + ("0" if code[-1] != "0" else "1"))
        await driver.reads("a character is wrong")
        await driver.press("ctrl+u")
        await driver.type(code)
        await driver.press("enter")
        await driver.reads("! REPORTED approval of Ola Berg, Berg LLP by telephone (reported by dana)")
        assert the_notice(workspace, report).reported_by == "dana"
        await become(driver, KIM)
        await driver.reads("REPORTED approval")
        await driver.press("A")
        await driver.reads("You approve exactly this")
        await driver.type("ko")
        await driver.press("enter")
        driver.app.focused.value = KIM.passphrase
        await driver.press("enter")
        await driver.reads("Approved by kim")
        assert the_notice(app.session.workspace, report).reported_by is None
        app.session.workspace.close()


async def test_a_code_of_before_a_change_is_refused_in_the_form(
    workspace: Workspace, report: UUID, incident_id: UUID, tmp_path: Path, run: Any
) -> None:
    session = Session(workspace)
    send_to_counsel(session, report, tmp_path / "files", "Ola Berg")
    code = workspace.service.reviews.code(report, workspace.documents.preview(report).content_sha256)
    workspace.service.incidents.record_facts(incident_id, {"incident.occurred_to": "2026-11-20"}, because="logs")
    async with run(BreachApp(workspace)) as driver:
        await open_review(driver, report, incident_id)
        await driver.press("C")
        await driver.type(code)
        await driver.press("enter")
        await driver.reads("since then")
        await driver.reads("the facts of the incident changed")
    assert the_notice(workspace, report).approval is None


async def test_counsel_rejects_and_the_drafter_drafts_anew_with_its_words(
    workspace: Workspace, counsel: Workspace, report: UUID, incident_id: UUID, run: Any
) -> None:
    counsel.service.refresh()
    async with run(BreachApp(counsel)) as driver:
        await open_review(driver, report, incident_id)
        await driver.press("R")
        await driver.press("enter")
        await driver.reads("Why: needed")
        await driver.type("This is not ours to report.")
        await driver.press("enter")
        await driver.reads("REJECTED: not to be used")
        await driver.press("A")
        await driver.reads("the notice is rejected")
    workspace.service.refresh()
    start = workspace.documents.defaults(incident_id, "il_ag_notice")
    assert start.get("nature") != REPORT["nature"], "rejected words are not carried over by themselves"
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("Phished billing")
        await driver.press("enter", "5")
        await driver.on("NoticesScreen")
        await driver.reads("rejected")
        await driver.press("down", "enter")
        await driver.reads("REJECTED")
        await driver.press("e")
        await driver.on("NoticeFormScreen")
        await driver.press("d")
        await driver.on("NoticeScreen")
        await driver.reads("draft · due")
    rows = [row for row in workspace.service.queries.notices(incident_id) if row.kind == "il_ag_notice"]
    assert [row.status for row in rows] == ["rejected", "draft"]
    assert the_notice(workspace, rows[1].id).fields["nature"] == REPORT["nature"]


async def test_a_void_approval_says_why_and_lists_what_it_touches(
    workspace: Workspace, counsel: Workspace, letter: UUID, incident_id: UUID, run: Any
) -> None:
    counsel.service.refresh()
    counsel.documents.approve(letter)
    workspace.service.refresh()
    workspace.documents.render(letter)
    change = workspace.service.incidents.record_facts(
        incident_id, {"incident.occurred_to": "2026-11-20"}, because="found in the logs"
    )
    session = Session(workspace)
    found = voided(session, letter)
    assert found is not None
    assert found.reasons == ("the text changed after approval", "the facts of the incident changed after approval")
    assert [row.path for row in found.facts] == ["incident.occurred_to"]
    assert found.texts is not None
    assert "us.adult.en" in found.texts
    view = notice_view(session, incident_id, letter)
    lines = [str(line) for line in review.void_lines(found, view.state, view.people)]
    assert any("Rendered already: 2 documents" in line for line in lines)
    assert any(".pdf" in line for line in lines)
    assert "None of them was sent." in lines
    async with run(BreachApp(workspace)) as driver:
        await driver.reads("Phished billing")
        await driver.press("enter", "5")
        await driver.reads("VOID, rendered")
        await open_review(driver, letter, incident_id)
        await driver.reads("VOID: the text changed after approval")
        await driver.press("m")
        await driver.reads("The approval is void")
        await driver.reads(f"#{found.facts[0].position} incident.occurred_to = 2026-11-20")
        await driver.reads("Texts that read otherwise now")
    assert change.position > 0
    workspace.service.notices.submit(letter, workspace.documents.preview(letter).content_sha256)
    assert the_notice(workspace, letter).status == "in review"


async def test_looking_back_to_before_the_notice_is_refused_and_breaks_nothing(
    workspace: Workspace, report: UUID, incident_id: UUID, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await open_review(driver, report, incident_id)
        await driver.press("at")
        await driver.type(str(workspace.service.queries.position - 2))
        await driver.press("enter")
        await driver.reads("no notice")
        await driver.press("x")
        await driver.reads("Esc returns to now")


async def test_the_same_changes_are_offered_to_other_notices_by_one_key(
    workspace: Workspace, letter: UUID, incident_id: UUID, run: Any
) -> None:
    other, _ = workspace.documents.draft(
        incident_id, "call_center_faq", workspace.documents.defaults(incident_id, "call_center_faq")
    )
    workspace.documents.revise(letter, the_notice(workspace, letter).fields | {"what_happened": "A mailbox was read."})
    async with run(BreachApp(workspace)) as driver:
        await open_review(driver, letter, incident_id)
        await driver.press("n")
        await driver.reads("= offers the same changes")
        await driver.press("equals_sign")
        await driver.reads("These still have the earlier words")
        await driver.press("y")
        await driver.reads("recorded 16:24:07")
        await driver.press("equals_sign")
        await driver.reads("No other notice of this incident has earlier words")
    assert the_notice(workspace, other).fields["what_happened"] == "A mailbox was read."


async def test_every_key_of_the_review_is_in_help_and_palette(
    workspace: Workspace, report: UUID, incident_id: UUID, run: Any
) -> None:
    async with run(BreachApp(workspace)) as driver:
        await open_review(driver, report, incident_id)
        await check_keys(driver)

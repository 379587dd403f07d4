"""Notices and filings: nothing leaves without an approval that still covers it."""

from datetime import date
from uuid import UUID

import pytest

from incident.errors import ApprovalVoid, InvalidInput, NotAllowed, NotFound, OutOfOrder
from incident.service import Service

TEXT = "a" * 64
OTHER_TEXT = "b" * 64
LIST = b'{"letters": "of everybody"}'
FACTS = {
    "incident.discovered_at": "2026-11-20T16:10:00-06:00",
    "incident.data_elements": ["name", "medical_information"],
    "incident.encrypted": False,
    "incident.risk_assessment": "breach",
    "affected.by_state.IL": 612,
    "affected.total": 612,
}


@pytest.fixture
def counsel(world) -> Service:
    return world.as_user("counsel")


@pytest.fixture
def incident_id(lead: Service) -> UUID:
    return lead.incidents.open("Phished billing mailbox", FACTS)[0]


@pytest.fixture
def letter(lead: Service, incident_id: UUID) -> UUID:
    return lead.notices.draft(incident_id, "individual_letter", ["us.hipaa.individuals"], {"what": "x"}, TEXT)[0]


def approve(counsel: Service, lead: Service, notice: UUID, text: str = TEXT) -> None:
    lead.notices.submit(notice)
    counsel.refresh()
    counsel.notices.approve(notice, text, [])
    lead.refresh()


def render(lead: Service, notice: UUID, *, rows: int = 1, documents: int = 1, text: str = TEXT) -> None:
    sha256, listed = lead.blobs.put(b"%PDF-1.7 letter"), lead.blobs.put(LIST)
    lead.notices.record_rendering(
        notice,
        content_sha256=text,
        engine="fake 1",
        rows=rows,
        documents=documents,
        excluded={"no usable address": rows - documents} if rows != documents else {},
        files=[("letter.pdf", sha256, 15), ("manifest.json", listed, len(LIST))],
    )


def sign(lead: Service, notice: UUID, documents: int = 1) -> None:
    lead.notices.sign_sample(notice, lead.blobs.put(LIST), [f"2026-001-1-{row:06}" for row in range(2, 2 + documents)])


def test_the_drafter_cannot_approve(world, lead: Service, incident_id: UUID) -> None:
    counsel = world.as_user("counsel")
    own = counsel.notices.draft(incident_id, "individual_letter", ["us.hipaa.individuals"], {}, TEXT)[0]
    counsel.notices.submit(own)
    with pytest.raises(NotAllowed, match="drafted"):
        counsel.notices.approve(own, TEXT, [])


def test_only_counsel_approves(lead: Service, letter: UUID) -> None:
    lead.notices.submit(letter)
    with pytest.raises(NotAllowed, match="counsel"):
        lead.notices.approve(letter, TEXT, [])


def test_an_incomplete_notice_cannot_be_approved(lead: Service, counsel: Service, letter: UUID) -> None:
    lead.notices.submit(letter)
    counsel.refresh()
    with pytest.raises(OutOfOrder, match=r"hipaa\.contact"):
        counsel.notices.approve(letter, TEXT, ["hipaa.contact is missing"])


def test_nothing_is_rendered_without_approval(lead: Service, letter: UUID) -> None:
    lead.notices.submit(letter)
    with pytest.raises(OutOfOrder, match="in review"):
        render(lead, letter)


def test_changed_text_voids_the_approval(lead: Service, counsel: Service, letter: UUID) -> None:
    approve(counsel, lead, letter)
    with pytest.raises(ApprovalVoid, match="text changed"):
        render(lead, letter, text=OTHER_TEXT)


def test_a_revision_needs_a_new_approval(lead: Service, counsel: Service, letter: UUID) -> None:
    approve(counsel, lead, letter)
    lead.notices.revise(letter, {"what": "y"}, OTHER_TEXT)
    with pytest.raises(OutOfOrder, match="draft"):
        render(lead, letter, text=OTHER_TEXT)


def test_changed_facts_void_the_approval_and_say_so(
    lead: Service, counsel: Service, letter: UUID, incident_id: UUID
) -> None:
    approve(counsel, lead, letter)
    lead.incidents.record_facts(incident_id, {"affected.by_state.IL": 640})
    assert lead.notices.approval_problems(letter, TEXT) == ("the facts of the incident changed after approval",)
    with pytest.raises(ApprovalVoid, match="facts"):
        render(lead, letter)


def test_rows_are_letters_plus_exclusions(lead: Service, counsel: Service, letter: UUID) -> None:
    approve(counsel, lead, letter)
    sha256 = lead.blobs.put(b"pdf")
    with pytest.raises(InvalidInput, match="12 rows"):
        lead.notices.record_rendering(
            letter,
            content_sha256=TEXT,
            engine="fake 1",
            rows=12,
            documents=10,
            excluded={"no usable address": 1},
            files=[("letters.pdf", sha256, 3)],
        )


def test_a_rendering_names_only_files_that_are_kept(lead: Service, counsel: Service, letter: UUID) -> None:
    approve(counsel, lead, letter)
    with pytest.raises(NotFound, match=r"letter\.pdf"):
        lead.notices.record_rendering(
            letter,
            content_sha256=TEXT,
            engine="fake 1",
            rows=1,
            documents=1,
            excluded={},
            files=[("letter.pdf", "c" * 64, 3)],
        )


def test_sending_fulfils_the_duty_on_that_date_and_does_not_void_other_approvals(
    lead: Service, counsel: Service, letter: UUID, incident_id: UUID
) -> None:
    other = lead.notices.draft(incident_id, "hhs_report", ["us.hipaa.hhs"], {}, TEXT)[0]
    approve(counsel, lead, letter)
    approve(counsel, lead, other)
    render(lead, letter, rows=12, documents=10)
    sign(lead, letter, 10)
    lead.notices.record_dispatch(letter, TEXT, date(2026, 11, 22), "first_class_mail")
    board = lead.queries.board(incident_id, lead.clock.now()).assessment
    assert board is not None
    duty = board.get("us.hipaa.individuals")
    assert duty is not None
    assert (str(duty.status), duty.given) == ("met", date(2026, 11, 22))
    assert lead.notices.approval_problems(other, TEXT) == ()


def test_a_sending_in_the_future_is_refused(lead: Service, counsel: Service, letter: UUID) -> None:
    approve(counsel, lead, letter)
    render(lead, letter)
    sign(lead, letter)
    with pytest.raises(InvalidInput, match="future"):
        lead.notices.record_dispatch(letter, TEXT, date(2026, 11, 24), "first_class_mail")


def test_filing_with_hhs_starts_the_illinois_clock(lead: Service, counsel: Service, incident_id: UUID) -> None:
    report = lead.notices.draft(incident_id, "hhs_report", ["us.hipaa.hhs"], {}, TEXT)[0]
    approve(counsel, lead, report)
    render(lead, report)
    filing, _ = lead.filings.prepare(report, "us.hipaa.hhs", "HHS Secretary")
    before = lead.queries.board(incident_id, lead.clock.now()).assessment
    assert before is not None
    assert str(before.get("il.pipa.hipaa_attorney_general").status) == "waits"
    receipt = lead.filings.submit(filing, TEXT, on=date(2026, 11, 20), channel="portal", tracking="A-1", count=612)
    assert any("il.pipa.hipaa_attorney_general" in line for line in receipt.changes)
    after = lead.queries.board(incident_id, lead.clock.now()).assessment
    assert after is not None
    # Five business days after Friday 20 November, skipping Thanksgiving (205 ILCS 630/17): Monday 30 November.
    assert after.get("il.pipa.hipaa_attorney_general").due == date(2026, 11, 30)
    assert lead.queries.filings(incident_id)[0].tracking == "A-1"


def test_a_report_is_filed_once_and_then_amended(lead: Service, counsel: Service, incident_id: UUID) -> None:
    report = lead.notices.draft(incident_id, "hhs_report", ["us.hipaa.hhs"], {}, TEXT)[0]
    approve(counsel, lead, report)
    filing, _ = lead.filings.prepare(report, "us.hipaa.hhs", "HHS Secretary")
    with pytest.raises(OutOfOrder, match="not filed yet"):
        lead.filings.file_addendum(filing, TEXT, on=date(2026, 11, 20), count=700)
    for not_a_number in ({"min": 1_100, "max": 1_300}, "501", True, -1):
        with pytest.raises(InvalidInput, match="count: the number of people"):
            lead.filings.submit(filing, TEXT, on=date(2026, 11, 20), channel="portal", count=not_a_number)
    lead.filings.submit(filing, TEXT, on=date(2026, 11, 20), channel="portal", count=501)
    with pytest.raises(OutOfOrder, match="addendum"):
        lead.filings.submit(filing, TEXT, on=date(2026, 11, 21), channel="portal")
    lead.filings.file_addendum(filing, TEXT, on=date(2026, 11, 21), count=612)
    assert lead.queries.filings(incident_id)[0].count == 612


def test_an_unapproved_report_cannot_be_filed(lead: Service, incident_id: UUID) -> None:
    report = lead.notices.draft(incident_id, "hhs_report", ["us.hipaa.hhs"], {}, TEXT)[0]
    filing, _ = lead.filings.prepare(report, "us.hipaa.hhs", "HHS Secretary")
    with pytest.raises(ApprovalVoid, match="not approved"):
        lead.filings.submit(filing, TEXT, on=date(2026, 11, 20), channel="portal")
    assert lead.queries.filings(incident_id)[0].filed_on is None

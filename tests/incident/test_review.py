"""Rejection, approval by code, and who may approve what came back from a Word file: given, when, then."""

import contextlib
from datetime import timedelta
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident.errors import ApprovalVoid, InvalidInput, NotAllowed, OutOfOrder
from incident.events import ApprovalReported, NoticeApproved
from incident.evidence.burden import as_paper, burden_of_proof, read_record
from incident.evidence.paper import to_text
from incident.evidence.privilege import privilege
from incident.notice import Covered
from incident.review import approval_code, read_code
from incident.service import Service
from tests.incident.test_documents import FACTS, OTHER_TEXT, TEXT, render

FILES = [("cover-sheet.txt", b"sheet"), ("review.docx", b"PK")]
CHANGE = {"field": "what", "act": "inserted", "text": "y", "author": "Kim", "at": "", "accepted": True}


@pytest.fixture
def counsel(world) -> Service:
    return world.as_user("counsel")


@pytest.fixture
def incident_id(lead: Service) -> UUID:
    return lead.incidents.open("Phished billing mailbox", FACTS)[0]


@pytest.fixture
def letter(lead: Service, incident_id: UUID) -> UUID:
    """A letter that waits for counsel."""
    notice = lead.notices.draft(incident_id, "hhs_report", ["us.hipaa.hhs"], {"what": "x"}, TEXT)[0]
    lead.notices.submit(notice)
    return notice


def send(lead: Service, notice: UUID, *, counsel: str = "Ola Berg, Berg LLP", text: str = TEXT) -> str:
    lead.reviews.send(notice, text, counsel=counsel, files=FILES)
    return lead.reviews.code(notice, text)


def report(lead: Service, notice: UUID, code: str, *, text: str = TEXT, **more) -> None:
    lead.reviews.report_approval(notice, text, **({"code": code, "channel": "telephone", "problems": ()} | more))


# --- Rejection


def test_a_rejected_notice_is_never_approved_revised_or_rendered(lead: Service, counsel: Service, letter: UUID) -> None:
    counsel.refresh()
    counsel.reviews.reject(letter, "Not a breach of ours.")
    lead.refresh()
    state = lead.desk.notice(letter)
    assert (state.status, state.approval) == ("rejected", None)
    assert lead.queries.notice(letter).status == "rejected"
    with pytest.raises(OutOfOrder, match="the notice is rejected"):
        lead.notices.revise(letter, {"what": "y"}, OTHER_TEXT)
    with pytest.raises(OutOfOrder, match="the notice is rejected"):
        lead.notices.submit(letter)
    with pytest.raises(OutOfOrder, match="the notice is rejected"):
        counsel.notices.approve(letter, TEXT, [])
    with pytest.raises(OutOfOrder, match="the notice is rejected"):
        render(lead, letter)


def test_the_drafter_may_draft_anew_and_have_that_approved(
    lead: Service, counsel: Service, letter: UUID, incident_id: UUID
) -> None:
    counsel.refresh()
    counsel.reviews.reject(letter, "Begin again.")
    lead.refresh()
    again = lead.notices.draft(incident_id, "hhs_report", ["us.hipaa.hhs"], {"what": "z"}, OTHER_TEXT)[0]
    lead.notices.submit(again)
    counsel.refresh()
    counsel.notices.approve(again, OTHER_TEXT, [])
    assert [row.status for row in counsel.queries.notices(incident_id)] == ["rejected", "approved"]


def test_an_approved_or_rendered_notice_can_still_be_stopped_by_counsel(
    lead: Service, counsel: Service, letter: UUID
) -> None:
    counsel.refresh()
    counsel.notices.approve(letter, TEXT, [])
    lead.refresh()
    render(lead, letter)
    counsel.refresh()
    counsel.reviews.reject(letter, "The vendor is named.")
    assert counsel.desk.notice(letter).status == "rejected"


@pytest.mark.parametrize("comment", ["", "  \n"])
def test_a_rejection_says_why(counsel: Service, letter: UUID, comment: str) -> None:
    counsel.refresh()
    with pytest.raises(InvalidInput, match="comment: say why"):
        counsel.reviews.reject(letter, comment)


def test_only_counsel_rejects(lead: Service, letter: UUID) -> None:
    with pytest.raises(NotAllowed, match="reviewed by counsel"):
        lead.reviews.reject(letter, "No.")


# --- Approval by code


def test_a_reported_approval_names_counsel_channel_time_and_reporter(lead: Service, letter: UUID) -> None:
    code = send(lead, letter)
    said_at = lead.clock.now()
    lead.clock.moment += timedelta(hours=2)
    report(lead, letter, code.lower().replace("-", " "), at=said_at)
    state = lead.desk.notice(letter)
    assert isinstance(state.approval, ApprovalReported)
    assert (state.approval.counsel, state.approval.channel, state.approval.code) == (
        "Ola Berg, Berg LLP",
        "telephone",
        code,
    )
    assert (state.status, state.approved_by, state.reported_by) == ("approved", "Ola Berg, Berg LLP", "lead")
    assert lead.queries.notice(letter).approved_by == "Ola Berg, Berg LLP (reported by lead)"
    row = lead.queries.timeline()[-1]
    assert "Approval REPORTED, not recorded by counsel: Ola Berg, Berg LLP, by telephone" in row.text
    assert row.occurred_at == said_at
    assert lead.notices.approval_problems(letter, TEXT) == ()
    render(lead, letter)


def test_counsels_own_approval_takes_its_place_and_leaves_what_was_rendered(
    lead: Service, counsel: Service, letter: UUID
) -> None:
    report(lead, letter, send(lead, letter))
    render(lead, letter)
    counsel.refresh()
    counsel.notices.approve(letter, TEXT, [])
    state = counsel.desk.notice(letter)
    assert isinstance(state.approval, NoticeApproved)
    assert (state.status, state.approved_by, state.reported_by) == ("rendered", "counsel", None)
    assert state.rendered is not None
    row = counsel.queries.notice(letter)
    assert (row.status, row.approved_by) == ("rendered", "counsel")


def test_counsels_own_approval_of_another_text_does_not_slip_into_its_place(
    lead: Service, counsel: Service, letter: UUID
) -> None:
    report(lead, letter, send(lead, letter))
    counsel.refresh()
    with pytest.raises(OutOfOrder, match="the notice is approved"):
        counsel.notices.approve(letter, OTHER_TEXT, [])


def test_a_code_of_before_a_change_of_facts_is_refused_and_says_so(
    lead: Service, letter: UUID, incident_id: UUID
) -> None:
    code = send(lead, letter)
    lead.incidents.record_facts(incident_id, {"affected.by_state.IL": 640})
    with pytest.raises(ApprovalVoid, match="sent, and since then the facts of the incident changed"):
        report(lead, letter, code)


def test_a_code_of_an_earlier_text_is_refused_and_says_so(lead: Service, letter: UUID) -> None:
    code = send(lead, letter)
    lead.notices.revise(letter, {"what": "y"}, OTHER_TEXT)
    lead.notices.submit(letter)
    with pytest.raises(ApprovalVoid, match="the text changed"):
        report(lead, letter, code, text=OTHER_TEXT)
    assert lead.desk.notice(letter).approval is None


def test_a_code_of_another_notice_and_one_that_was_never_sent_are_refused(
    lead: Service, letter: UUID, incident_id: UUID
) -> None:
    other = lead.notices.draft(incident_id, "il_ag_notice", [], {"what": "x"}, TEXT)[0]
    lead.notices.submit(other)
    code = send(lead, other)
    with pytest.raises(InvalidInput, match="code: no files for review of this notice have it"):
        report(lead, letter, code)
    with pytest.raises(InvalidInput, match="code: no files for review"):
        report(lead, letter, lead.reviews.code(letter, TEXT))


def test_a_mistyped_code_is_told_from_a_wrong_one(lead: Service, letter: UUID) -> None:
    code = send(lead, letter)
    slip = ("1" if code[0] == "0" else "0") + code[1:]
    with pytest.raises(InvalidInput, match="a character is wrong"):
        report(lead, letter, slip)
    with pytest.raises(InvalidInput, match="15 letters and digits"):
        report(lead, letter, code[:-1])


def test_the_drafter_rule_holds_for_the_counsel_who_is_named(world, lead: Service, incident_id: UUID) -> None:
    counsel = world.as_user("counsel")
    notice = counsel.notices.draft(incident_id, "hhs_report", [], {}, TEXT)[0]
    counsel.notices.submit(notice)
    lead.refresh()
    name = lead.queries.user("counsel").name
    for named in ("counsel", name):
        with pytest.raises(NotAllowed, match="drafted this notice"):
            send(lead, notice, counsel=named)
    code = send(lead, notice, counsel=f"  {name.upper()} ")
    with pytest.raises(NotAllowed, match="drafted this notice"):
        report(lead, notice, code)


def test_only_counsel_among_the_users_is_written_to(lead: Service, letter: UUID) -> None:
    with pytest.raises(NotAllowed, match="works here as incident lead"):
        send(lead, letter, counsel="Dana Reyes")
    with pytest.raises(InvalidInput, match="counsel: a user name or a name"):
        send(lead, letter, counsel="  ")


def test_counsel_reports_nothing_and_sends_nothing(counsel: Service, lead: Service, letter: UUID) -> None:
    code = send(lead, letter)
    counsel.refresh()
    with pytest.raises(NotAllowed, match="only the incident lead may report counsel's approval"):
        report(counsel, letter, code)
    before = dict(counsel.blobs.kept)
    with pytest.raises(NotAllowed, match="only the incident lead may send a notice to counsel as files"):
        counsel.reviews.send(letter, TEXT, counsel="x", files=[("a", b"new")])
    assert counsel.blobs.kept == before


def test_an_incomplete_notice_is_not_approved_by_a_code_either(lead: Service, letter: UUID) -> None:
    code = send(lead, letter)
    with pytest.raises(ApprovalVoid, match=r"hipaa\.contact is missing"):
        report(lead, letter, code, problems=["hipaa.contact is missing"])


def test_nobody_approved_before_there_was_anything_to_approve(lead: Service, letter: UUID) -> None:
    code = send(lead, letter)
    with pytest.raises(InvalidInput, match=r"at: .* is before the files were made"):
        report(lead, letter, code, at=lead.clock.moment - timedelta(days=1))


def test_an_unknown_channel_is_refused(lead: Service, letter: UUID) -> None:
    with pytest.raises(InvalidInput, match="channel: 'pigeon'"):
        report(lead, letter, send(lead, letter), channel="pigeon")


def test_the_files_are_kept_and_withheld_as_privileged(lead: Service, letter: UUID) -> None:
    send(lead, letter)
    entry = lead.desk.log.stream(letter)[-1]
    assert {lead.blobs.get(file.sha256) for file in entry.event.files} == {content for _, content in FILES}
    assert "a draft sent to counsel" in privilege(entry.event)


HASHES = st.text("0123456789abcdef", min_size=64, max_size=64)
COVERED = st.builds(Covered, content_sha256=HASHES, facts_sha256=HASHES, rulebook_hash=HASHES)


@given(COVERED, COVERED, st.integers(0, 14), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_a_code_is_of_one_notice_and_one_text_and_shows_a_slip(
    one: Covered, other: Covered, place: int, symbol: str
) -> None:
    notice = UUID(int=7)
    code = approval_code(notice, one)
    assert read_code(code.replace("-", "").lower()) == code
    assert (code == approval_code(notice, other)) == (one == other)
    assert code != approval_code(uuid5(notice, "other"), one)
    symbols = code.replace("-", "")
    slipped = symbols[:place] + symbol + symbols[place + 1 :]
    if slipped != symbols:
        # One slip in a thousand meets the check bits; it is then another code, which no files have.
        with contextlib.suppress(InvalidInput):
            assert read_code(slipped) != code


# --- Words of a reviewed file


def take_in(service: Service, notice: UUID, *, accepted: bool = True, text: str = OTHER_TEXT) -> None:
    fields = {"what": "y"} if accepted else {"what": "x"}
    changes = [CHANGE | {"accepted": accepted, "reason": "" if accepted else "Not so."}]
    service.notices.take_markup(
        notice, fields, text if accepted else TEXT, name="review.docx", file=b"PK", changes=changes, blocked=["a field"]
    )


def test_counsel_who_took_changes_in_approves_once_another_person_has_submitted_them(
    lead: Service, counsel: Service, letter: UUID
) -> None:
    counsel.refresh()
    take_in(counsel, letter)
    with pytest.raises(NotAllowed, match="another person has to read and submit it"):
        counsel.notices.approve(letter, OTHER_TEXT, [])
    counsel.notices.submit(letter)
    with pytest.raises(NotAllowed, match="another person has to read and submit it"):
        counsel.notices.approve(letter, OTHER_TEXT, [])
    counsel.notices.request_changes(letter, "Dana, please hand it in.")
    lead.refresh()
    lead.notices.submit(letter)
    counsel.refresh()
    counsel.notices.approve(letter, OTHER_TEXT, [])
    assert counsel.desk.notice(letter).approved_by == "counsel"


def test_counsel_who_revised_in_the_form_is_a_drafter_for_good(lead: Service, counsel: Service, letter: UUID) -> None:
    counsel.refresh()
    take_in(counsel, letter, accepted=False)
    counsel.notices.revise(letter, {"what": "mine"}, OTHER_TEXT)
    lead.refresh()
    lead.notices.submit(letter)
    counsel.refresh()
    with pytest.raises(NotAllowed, match="counsel drafted this notice"):
        counsel.notices.approve(letter, OTHER_TEXT, [])


def test_changes_taken_in_by_the_lead_bar_counsel_from_nothing(lead: Service, counsel: Service, letter: UUID) -> None:
    take_in(lead, letter)
    lead.notices.submit(letter)
    counsel.refresh()
    counsel.notices.approve(letter, OTHER_TEXT, [])


def test_what_was_rejected_and_why_and_what_was_blocked_is_kept(lead: Service, letter: UUID) -> None:
    take_in(lead, letter, accepted=False)
    event = lead.desk.log.stream(letter)[-1].event
    assert (event.changes[0].accepted, event.changes[0].reason, event.blocked) == (False, "Not so.", ("a field",))
    assert lead.desk.notice(letter).status == "in review", "nothing of the words changed"


# --- Once more to counsel


def test_a_void_approval_is_submitted_again_and_a_valid_one_is_not(
    lead: Service, counsel: Service, letter: UUID, incident_id: UUID
) -> None:
    counsel.refresh()
    counsel.notices.approve(letter, TEXT, [])
    lead.refresh()
    with pytest.raises(OutOfOrder, match="the notice is approved"):
        lead.notices.submit(letter, TEXT)
    lead.incidents.record_facts(incident_id, {"affected.by_state.IL": 640})
    lead.notices.submit(letter, TEXT)
    row = lead.queries.notice(letter)
    assert (row.status, row.approved_by) == ("in review", None)
    counsel.refresh()
    counsel.notices.approve(letter, TEXT, [])
    assert counsel.notices.approval_problems(letter, TEXT) == ()


def test_the_burden_of_proof_says_what_rests_on_a_report_and_what_counsel_recorded_later(
    lead: Service, counsel: Service, letter: UUID, incident_id: UUID
) -> None:
    def weak() -> tuple[str, ...]:
        entries = [entry for _, entry in lead.desk.log.read()]
        file = burden_of_proof(read_record(lead.queries, entries, incident_id, lead.clock.now()))
        (proof,) = (each for each in file.duties if each.id == "us.hipaa.hhs")
        assert all(f"ON REPORT ONLY: {line}" in to_text(as_paper(file)).replace("\n  ", " ") for line in proof.weak)
        return proof.weak

    assert weak() == ()
    code = send(lead, letter)
    report(lead, letter, code)
    (line,) = weak()
    assert line.startswith("approval of Ola Berg, Berg LLP REPORTED by lead (telephone, ")
    assert line.endswith(f"code {code}); counsel's own is not in the record")
    counsel.refresh()
    counsel.notices.approve(letter, TEXT, [])
    lead.refresh()
    (line,) = weak()
    assert "; recorded by counsel themselves on 2026-11-22" in line


def test_the_list_of_notices_knows_which_approvals_are_void(
    lead: Service, counsel: Service, letter: UUID, incident_id: UUID
) -> None:
    counsel.refresh()
    counsel.notices.approve(letter, TEXT, [])
    lead.refresh()
    assert lead.reviews.voided(incident_id) == {}
    lead.incidents.record_facts(incident_id, {"given.us.hipaa.media:IL": "2026-11-22"})
    assert lead.reviews.voided(incident_id) == {}, "what was done voids nothing"
    lead.incidents.record_facts(incident_id, {"affected.by_state.IL": 640})
    assert lead.reviews.voided(incident_id) == {letter: ("the facts of the incident changed after approval",)}

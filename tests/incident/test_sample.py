"""The random sample: nobody chooses it, anybody can draw it again, and without it no letter leaves."""

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident.errors import InvalidInput, NotAllowed, OutOfOrder
from incident.events import Entry, NoticeDispatched, NoticeRendered, RenderedFile, SampleRefused, SampleSigned
from incident.notice import Notice, decide_dispatch, evolve, sample_problems
from incident.sample import MANIFEST, SIZE, decide_refuse, decide_sign, draw, rank, sample_size, why_so_many
from incident.service import Service
from tests.incident.test_documents import TEXT, approve, render, sign

MANIFEST_SHA256 = "a" * 64
LETTERS = [(f"2026-001-1-{row:06}", "ca.adult.en" if row % 97 == 0 else "us.adult.en") for row in range(2, 402)]


def rendered(kind: str = "individual_letter", documents: int = 3, **changes: object) -> Notice:
    files = (RenderedFile(name=MANIFEST, sha256=MANIFEST_SHA256, size=1),)
    event = NoticeRendered(
        content_sha256=TEXT, engine="fake 1", rows=documents, documents=documents, excluded=(), files=files
    )
    return Notice(id=UUID(int=1), kind=kind, status="rendered", rendered=event, **changes)


def test_59_is_the_least_that_shows_a_fault_of_one_in_twenty_with_95_percent() -> None:
    assert 0.95**SIZE <= 0.05 < 0.95 ** (SIZE - 1)
    assert [sample_size(letters) for letters in (0, 1, 58, 59, 60, 100_000)] == [0, 1, 58, 59, 59, 59]


def test_in_a_finite_batch_59_show_it_at_least_as_surely() -> None:
    for letters in (60, 200, 1_000, 50_000):
        faulty = -(-letters // 20)
        unseen = 1.0
        for drawn in range(SIZE):
            unseen *= max(letters - faulty - drawn, 0) / (letters - drawn)
        assert unseen <= 0.05


def test_the_draw_can_be_done_with_sha256sum() -> None:
    code = LETTERS[0][0]
    assert rank(MANIFEST_SHA256, code) == hashlib.sha256(f"{MANIFEST_SHA256}:{code}".encode()).hexdigest()
    lowest = sorted((code for code, _ in LETTERS), key=lambda code: rank(MANIFEST_SHA256, code))[:SIZE]
    only_one_text = [(code, "us.adult.en") for code, _ in LETTERS]
    assert draw(MANIFEST_SHA256, only_one_text) == tuple(sorted(lowest))


def test_a_text_that_few_people_get_is_read_too() -> None:
    rare = [("2026-001-1-000999", "tx.next_of_kin.es")]
    drawn = draw(MANIFEST_SHA256, LETTERS + rare)
    assert "2026-001-1-000999" in drawn
    assert SIZE <= len(drawn) <= SIZE + 2


@given(st.permutations(LETTERS[:90]), st.text("0123456789abcdef", min_size=64, max_size=64))
def test_the_order_of_the_letters_decides_nothing(letters: list[tuple[str, str]], manifest: str) -> None:
    assert draw(manifest, letters) == draw(manifest, LETTERS[:90])


def test_another_manifest_draws_other_letters() -> None:
    assert draw("b" * 64, LETTERS) != draw(MANIFEST_SHA256, LETTERS)
    assert draw(MANIFEST_SHA256, LETTERS[:20]) == tuple(code for code, _ in LETTERS[:20])


@pytest.mark.parametrize(
    ("letters", "drawn", "words"),
    [
        (1, 1, "the one letter"),
        (3, 3, "all 3 letters"),
        (1228, 59, "59 of 1,228: were one letter in twenty faulty, they show one with 95 % confidence"),
        (400, 61, "and 2 more so that each text is among them"),
    ],
)
def test_the_size_is_told_with_its_reason(letters: int, drawn: int, words: str) -> None:
    assert words in why_so_many(letters, drawn)


def test_only_letters_to_people_need_one_and_only_where_there_are_any() -> None:
    assert "read and signed" in sample_problems(rendered())[0]
    assert sample_problems(rendered("media_notice")) == ()
    assert sample_problems(rendered(documents=0)) == ()
    signed = SampleSigned(manifest_sha256=MANIFEST_SHA256, letters=3, codes=("a", "b", "c"))
    assert sample_problems(rendered(sample=signed)) == ()


@pytest.mark.parametrize(
    ("state", "manifest", "codes", "told"),
    [
        (rendered("media_notice"), MANIFEST_SHA256, "abc", "letters only"),
        (rendered(documents=0), MANIFEST_SHA256, "", "everybody was excluded"),
        (rendered(), "b" * 64, "abc", "not that of the last rendering"),
        (rendered(), MANIFEST_SHA256, "ab", "2 different letters are no sample of 3"),
        (rendered(), MANIFEST_SHA256, "aab", "2 different letters are no sample of 3"),
        (rendered(), MANIFEST_SHA256, "abcd", "4 different letters are no sample of 3"),
        (Notice(id=UUID(int=1), kind="individual_letter", status="approved"), MANIFEST_SHA256, "abc", "is approved"),
    ],
)
def test_what_is_no_sample_cannot_be_signed(state: Notice, manifest: str, codes: str, told: str) -> None:
    with pytest.raises((OutOfOrder, InvalidInput), match=told):
        decide_sign(state, manifest, list(codes))
    with pytest.raises((OutOfOrder, InvalidInput), match=told):
        decide_refuse(state, manifest, list(codes), reason="wrong")


def test_a_refusal_names_the_fault_and_the_letters_and_is_final() -> None:
    (event,) = decide_refuse(rendered(), MANIFEST_SHA256, list("abc"), reason=" blurred ", faulty=["b", "b"])
    assert event == SampleRefused(
        manifest_sha256=MANIFEST_SHA256, letters=3, codes=("a", "b", "c"), faulty=("b",), reason="blurred"
    )
    refused = rendered(sample=event)
    assert "was refused (blurred)" in sample_problems(refused)[0]
    with pytest.raises(OutOfOrder, match="refused already"):
        decide_sign(refused, MANIFEST_SHA256, list("abc"))
    with pytest.raises(OutOfOrder, match="refused already"):
        decide_refuse(refused, MANIFEST_SHA256, list("abc"), reason="again")
    with pytest.raises(InvalidInput, match="reason: say what is wrong"):
        decide_refuse(rendered(), MANIFEST_SHA256, list("abc"), reason=" ")
    with pytest.raises(InvalidInput, match="faulty: z is not in the sample"):
        decide_refuse(rendered(), MANIFEST_SHA256, list("abc"), reason="x", faulty=["z"])


# --- In a case


@pytest.fixture
def counsel(world) -> Service:
    return world.as_user("counsel")


@pytest.fixture
def letter(lead: Service, counsel: Service) -> UUID:
    incident_id, _ = lead.incidents.open(
        "Phished billing mailbox", {"incident.discovered_at": "2026-11-20T16:10-06:00"}
    )
    notice_id, _ = lead.notices.draft(incident_id, "individual_letter", ["us.hipaa.individuals"], {"what": "x"}, TEXT)
    approve(counsel, lead, notice_id)
    return notice_id


def send(lead: Service, letter: UUID) -> None:
    today = lead.desk.today(lead.desk.incident(lead.desk.notice(letter).incident_id))
    lead.notices.record_dispatch(letter, TEXT, today, "first_class_mail")


def test_letters_leave_only_with_a_signed_sample_and_each_rendering_needs_its_own(lead: Service, letter: UUID) -> None:
    render(lead, letter)
    with pytest.raises(OutOfOrder, match="nothing may leave: a random sample of the letters has to be read and signed"):
        send(lead, letter)
    sign(lead, letter)
    render(lead, letter)
    with pytest.raises(OutOfOrder, match="read and signed"):
        send(lead, letter)
    sign(lead, letter)
    with pytest.raises(OutOfOrder, match="signed already"):
        sign(lead, letter)
    send(lead, letter)
    assert isinstance(lead.desk.log.stream(letter)[-1].event, NoticeDispatched)


def test_after_a_refusal_nothing_leaves_until_it_is_rendered_again(lead: Service, letter: UUID) -> None:
    render(lead, letter)
    sign(lead, letter)
    manifest = lead.desk.notice(letter).rendered.files[-1].sha256
    lead.notices.refuse_sample(letter, manifest, ["2026-001-1-000002"], reason="a name is cut off")
    with pytest.raises(OutOfOrder, match=r"refused \(a name is cut off\); render them again"):
        send(lead, letter)
    render(lead, letter)
    sign(lead, letter)
    send(lead, letter)


def by_lead(lead: Service, counsel: Service) -> Service:
    return lead


def by_counsel(lead: Service, counsel: Service) -> Service:
    counsel.refresh()
    return counsel


@pytest.mark.parametrize("who", [by_lead, by_counsel])
def test_lead_and_counsel_may_sign(
    who: Callable[[Service, Service], Service], lead: Service, counsel: Service, letter: UUID
) -> None:
    render(lead, letter)
    sign(who(lead, counsel), letter)


def test_an_examiner_may_not(world, lead: Service, letter: UUID) -> None:
    lead.case.enroll("eve", "Eve Lund", "examiner")
    render(lead, letter)
    with pytest.raises(NotAllowed, match="only the incident lead or counsel may sign a sample of letters"):
        sign(world.as_user("eve"), letter)


def test_a_case_whose_letters_went_out_before_there_were_samples_is_read_as_it_was() -> None:
    state = rendered()
    sent = NoticeDispatched(on=date(2026, 1, 2), method="first_class_mail", count=3)
    now = datetime(2026, 1, 2, 12, tzinfo=UTC)
    entry = Entry(originator_id=state.id, originator_version=5, event=sent, occurred_at=now, recorded_at=now, by="dana")
    assert evolve(state, entry).status == "dispatched"
    with pytest.raises(OutOfOrder):
        decide_dispatch(state, on=sent.on, today=sent.on, method=sent.method, problems=())

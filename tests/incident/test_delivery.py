"""Letters go out in batches, come back, go out again; a substitute notice stands its time. Nothing is lost between."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident.delivery import CERTIFICATES, Batch, missing_runs, proves, read_runs, settled_runs
from incident.errors import ApprovalVoid, InvalidInput, NotAllowed, OutOfOrder
from incident.events import LettersRemailed
from incident.posting import LAWS
from incident.roster.contact import Kind
from incident.service import Service
from incident.views.delivery import delivery_lines, delivery_of, postings_of
from tests.incident.test_contact import found, incident_id, returned, roster, unreachable
from tests.incident.test_documents import TEXT, approve, render, sign

__all__ = ["incident_id", "roster"]

TODAY = date(2026, 11, 22)
MAIL = "first_class_mail"


@pytest.fixture
def counsel(world) -> Service:
    return world.as_user("counsel")


@pytest.fixture
def letter(lead: Service, counsel: Service, incident_id: UUID) -> UUID:
    """A letter to 18 people of whom 17 got one, rendered and its sample signed."""
    notice, _ = lead.notices.draft(incident_id, "individual_letter", ["us.hipaa.individuals"], {"what": "x"}, TEXT)
    approve(counsel, lead, notice)
    render(lead, notice, rows=18, documents=17)
    sign(lead, notice, 17)
    return notice


def send(lead: Service, letter: UUID, on: date = TODAY, **batch: object):
    proof = batch.pop("proof", None)
    return lead.notices.record_dispatch(letter, TEXT, on, MAIL, batch=Batch(**batch), proof=proof)


def given_on(lead: Service, incident_id: UUID) -> object:
    fact = lead.queries.facts(incident_id).get("given.us.hipaa.individuals")
    return fact.value if fact is not None else None


# --- Batches


def test_a_duty_is_fulfilled_by_the_last_letter_on_its_day(lead: Service, letter: UUID, incident_id: UUID) -> None:
    send(lead, letter, TODAY, count=10)
    assert given_on(lead, incident_id) is None
    row = lead.queries.notice(letter)
    assert (row.status, row.sent_on) == ("partly sent", None)
    (line,) = delivery_lines(delivery_of(lead.queries, incident_id), TODAY)
    assert "17 = 10 sent + 7 not yet" in line
    send(lead, letter, TODAY - timedelta(days=1), count=7)
    # The days of the batches decide, not the order in which they were recorded.
    assert given_on(lead, incident_id) == TODAY.isoformat()
    assert lead.queries.notice(letter).status == "dispatched"
    assert delivery_lines(delivery_of(lead.queries, incident_id), TODAY) == ()


def test_no_more_goes_out_than_was_rendered(lead: Service, letter: UUID) -> None:
    send(lead, letter, count=10)
    for count in (0, 8):
        with pytest.raises(InvalidInput, match="17 were rendered = 10 sent \\+ 7 not yet"):
            send(lead, letter, count=count)
    send(lead, letter)
    with pytest.raises(OutOfOrder, match="dispatched"):
        send(lead, letter)


def test_a_letter_goes_out_once(lead: Service, letter: UUID, incident_id: UUID) -> None:
    send(lead, letter, letters=((1, 5), (6, 9)))
    (batch,) = lead.desk.notice(letter).dispatched
    assert (batch.letters, batch.count, batch.remaining) == (((1, 9),), 9, 8)
    with pytest.raises(InvalidInput, match="8-9 went out in an earlier batch"):
        send(lead, letter, letters=((8, 12),))
    with pytest.raises(InvalidInput, match="not within 1-17"):
        send(lead, letter, letters=((10, 18),))
    with pytest.raises(InvalidInput, match="but the letters named are 8"):
        send(lead, letter, letters=((10, 17),), count=7)
    send(lead, letter, letters=((10, 0),))
    assert missing_runs(17, lead.desk.notice(letter).sent_runs) == ()


def test_what_comes_back_voids_nothing_for_the_rest_but_another_fact_does(
    lead: Service, letter: UUID, incident_id: UUID, roster: UUID
) -> None:
    send(lead, letter, count=10)
    returned(lead, roster, 2, 3)
    assert unreachable(lead, incident_id) == 2
    send(lead, letter, count=3)
    lead.incidents.record_facts(incident_id, {"incident.data_elements": ["name", "ssn"]})
    with pytest.raises(ApprovalVoid, match="facts"):
        send(lead, letter, count=4)


def test_before_the_first_batch_any_fact_voids(lead: Service, letter: UUID, roster: UUID) -> None:
    returned(lead, roster, 2)
    with pytest.raises(ApprovalVoid, match="facts"):
        send(lead, letter, count=10)


def test_the_proof_is_kept_and_counsel_may_not_leave_one(lead: Service, counsel: Service, letter: UUID) -> None:
    scan = b"%PDF-1.7 postmarked form"
    send(lead, letter, count=10, certificate="ps3606", carrier="USPS", proof=("3606.pdf", scan))
    (batch,) = lead.desk.notice(letter).dispatched
    assert batch.proof_sha256 is not None
    assert (lead.blobs.get(batch.proof_sha256), batch.carrier) == (scan, "USPS")
    counsel.refresh()
    kept = dict(lead.blobs.kept)  # type: ignore[attr-defined]
    with pytest.raises(NotAllowed):
        send(counsel, letter, count=7, proof=("other.pdf", b"another scan"))
    with pytest.raises(InvalidInput):
        send(lead, letter, count=99, proof=("other.pdf", b"another scan"))
    assert lead.blobs.kept == kept  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("certificate", "method", "why"),
    [
        ("ps3817", MAIL, "for one piece"),
        ("email_log", MAIL, "goes with email"),
        ("ps3606", "email", "not with email"),
        ("stamp", MAIL, "not one of"),
    ],
)
def test_a_certificate_goes_with_what_it_certifies(
    lead: Service, letter: UUID, certificate: str, method: str, why: str
) -> None:
    with pytest.raises(InvalidInput, match=why):
        lead.notices.record_dispatch(letter, TEXT, TODAY, method, batch=Batch(certificate=certificate))


def test_what_a_certificate_proves_is_told_as_not_verified() -> None:
    assert "not to whom" in proves("ps3606")
    assert "nothing but this record" in proves("")
    for name, each in CERTIFICATES.items():
        assert ("not verified" in proves(name)) != each.verified
    assert not CERTIFICATES["ps3606"].names_addressees
    assert CERTIFICATES["ps3877"].names_addressees


@given(st.integers(1, 60), st.lists(st.tuples(st.integers(1, 60), st.integers(1, 60)), max_size=8))
def test_letters_are_batches_plus_what_is_missing(documents: int, wanted: list[tuple[int, int]]) -> None:
    """Whatever is asked for: each letter is in one batch or missing, and in no two."""
    taken: list[tuple[int, int]] = []
    for pair in wanted:
        try:
            taken += settled_runs([pair], documents, taken)
        except InvalidInput:
            assert pair[0] > pair[1] or pair[1] > documents or any(a <= pair[1] and pair[0] <= b for a, b in taken)
    numbers = [number for first, last in [*taken, *missing_runs(documents, taken)] for number in range(first, last + 1)]
    assert sorted(numbers) == list(range(1, documents + 1))


def test_runs_are_read_as_they_are_written() -> None:
    assert read_runs("1-500, 507, 600-") == ((1, 500), (507, 507), (600, 0))
    for wrong in ("", "a-b", "1-x", "-5"):
        with pytest.raises(InvalidInput, match="not a run of letters"):
            read_runs(wrong)


# --- Mailing again


def printed_anew(lead: Service, letter: UUID, incident_id: UUID) -> None:
    people = [(roster, row) for roster, rows in lead.delivery.to_remail(incident_id).items() for row in rows]
    sha256 = lead.blobs.put(b"%PDF-1.7 again")
    lead.delivery.record_remail_printing(letter, TEXT, people=people, engine="fake 1", files=[("a.pdf", sha256, 14)])


def test_a_letter_goes_again_to_an_address_that_was_found(
    lead: Service, letter: UUID, incident_id: UUID, roster: UUID
) -> None:
    send(lead, letter)
    returned(lead, roster, 2, 3)
    assert lead.delivery.to_remail(incident_id) == {}
    found(lead, roster, 3)
    assert lead.delivery.to_remail(incident_id) == {roster: (3,)}
    printed_anew(lead, letter, incident_id)
    assert "1 letters printed anew wait" in delivery_lines(delivery_of(lead.queries, incident_id), TODAY)[0]
    lead.delivery.record_remail(letter, TEXT, TODAY, MAIL, batch=Batch(certificate="ps3817"))
    assert unreachable(lead, incident_id) == 1
    assert lead.delivery.to_remail(incident_id) == {}
    told = lead.delivery.outcomes(incident_id)
    assert {row: each.status for (_, row), each in told.items()} == {2: "returned", 3: "mailed_again"}
    # Of the letters rendered at first none went out twice.
    (delivery,) = delivery_of(lead.queries, incident_id).notices
    assert (delivery.rendered, delivery.sent, delivery.unsent) == (17, 17, 0)
    with pytest.raises(OutOfOrder, match="printed anew"):
        lead.delivery.record_remail(letter, TEXT, TODAY, MAIL)


def test_who_was_mailed_again_by_hand_meanwhile_is_not_recorded_twice(
    lead: Service, letter: UUID, incident_id: UUID, roster: UUID
) -> None:
    send(lead, letter)
    returned(lead, roster, 2, 3)
    found(lead, roster, 2)
    found(lead, roster, 3)
    printed_anew(lead, letter, incident_id)
    lead.people.outcome(roster, 2, Kind.MAILED_AGAIN, TODAY)
    lead.delivery.record_remail(letter, TEXT, TODAY, MAIL)
    (sent,) = lead.desk.notice(letter).remailed
    assert isinstance(sent, LettersRemailed)
    rows = [getattr(e.event, "row", 0) for e in lead.desk.log.stream(roster) if "MAILED" in str(e.event).upper()]
    assert sorted(rows) == [2, 3]


def test_words_that_changed_are_not_printed_anew(lead: Service, letter: UUID, incident_id: UUID, roster: UUID) -> None:
    send(lead, letter)
    returned(lead, roster, 2)
    found(lead, roster, 2)
    assert lead.delivery.remail_problems(letter, TEXT) == ()
    assert lead.delivery.remail_problems(letter, "b" * 64) == ("the text changed after approval",)


# --- Substitute notice


def post(lead: Service, incident_id: UUID, **more: object) -> UUID:
    words = {"form": "web", "place": "https://lakeshore.example", "on": TODAY, "laws": ["hipaa"]}
    return lead.delivery.begin_posting(incident_id, **words | more)[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(("law", "days"), [("hipaa", 90), ("ftc", 90), ("california", 30)])
def test_a_posting_stays_as_long_as_its_law_asks(lead: Service, incident_id: UUID, law: str, days: int) -> None:
    post(lead, incident_id, laws=[law])
    (watch,) = delivery_of(lead.queries, incident_id).watches
    assert (watch.until - watch.since).days == LAWS[law].days == days
    assert watch.state(TODAY) == f"keep until {TODAY + timedelta(days=days)} (day 0 of {days})"
    assert watch.state(watch.until).startswith("keep until")
    assert watch.state(watch.until + timedelta(days=1)).startswith("may end")


def test_of_two_laws_the_longer_time_holds(lead: Service, incident_id: UUID) -> None:
    post(lead, incident_id, laws=["california", "hipaa"])
    (watch,) = delivery_of(lead.queries, incident_id).watches
    assert (watch.until - watch.since).days == 90


def test_a_number_is_asked_for_and_watched_on_its_own(lead: Service, incident_id: UUID) -> None:
    post(lead, incident_id)
    (warning,) = delivery_of(lead.queries, incident_id).warnings
    assert "toll-free number for at least 90 days; none is recorded" in warning
    post(lead, incident_id, form="media", place="Chicago Ledger", phone="1-888-555-0142", phone_on=TODAY)
    what = [each.what for each in delivery_of(lead.queries, incident_id).watches]
    assert what == ["posting", "phone"]  # media ran once they ran
    with pytest.raises(InvalidInput, match="toll-free"):
        post(lead, incident_id, phone="312-555-0142", phone_on=TODAY)
    with pytest.raises(InvalidInput, match="since which it answers"):
        post(lead, incident_id, phone="888-555-0142")


def test_taken_down_early_is_recorded_and_warned_of(world, lead: Service, incident_id: UUID) -> None:
    posting = post(lead, incident_id, phone="888-555-0142", phone_on=TODAY)
    world.clock.moment += timedelta(days=90)
    with pytest.raises(InvalidInput, match="say why"):
        lead.delivery.end_posting(posting, "posting", TODAY + timedelta(days=90), "")
    lead.delivery.end_posting(posting, "posting", TODAY + timedelta(days=90), "site moved")
    (warning,) = delivery_of(lead.queries, incident_id).warnings
    assert "TAKEN DOWN EARLY on 2027-02-20: 1 day short" in warning
    with pytest.raises(OutOfOrder, match="recorded already"):
        lead.delivery.end_posting(posting, "posting", TODAY + timedelta(days=90), "again")
    world.clock.moment += timedelta(days=1)
    lead.delivery.end_posting(posting, "phone", TODAY + timedelta(days=91), "its time is over")
    assert len(delivery_of(lead.queries, incident_id).warnings) == 1


def test_a_posting_that_nobody_watches_is_told(lead: Service, counsel: Service, incident_id: UUID) -> None:
    notice, _ = lead.notices.draft(incident_id, "substitute_notice", ["us.hipaa.substitute"], {"what": "x"}, TEXT)
    approve(counsel, lead, notice)
    render(lead, notice)
    lead.notices.record_dispatch(notice, TEXT, TODAY, "web_posting")
    (warning,) = delivery_of(lead.queries, incident_id).warnings
    assert "record where it stands" in warning
    post(lead, incident_id, phone="888-555-0142", phone_on=TODAY)
    assert delivery_of(lead.queries, incident_id).warnings == ()


def test_a_past_moment_shows_what_stood_then(lead: Service, incident_id: UUID) -> None:
    before = lead.queries.position
    post(lead, incident_id)
    assert postings_of(lead.as_of(before), incident_id) == ()
    assert len(postings_of(lead.queries, incident_id)) == 1

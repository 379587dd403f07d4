"""A shift ends and another begins: what is new, what is due, and that somebody took it over."""

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from incident.calls import Words
from incident.errors import InvalidInput, NotAllowed, NotFound, OutOfOrder
from incident.service import Service
from incident.views.shifts import HOURS, Shift, handovers, read_upto, shift_of, unread
from tests.incident.test_documents import FACTS, TEXT

CHICAGO = ZoneInfo("America/Chicago")


@pytest.fixture
def counsel(world) -> Service:
    return world.as_user("counsel")


@pytest.fixture
def incident_id(lead: Service) -> UUID:
    return lead.incidents.open("Phished billing mailbox", FACTS)[0]


def shift(service: Service, incident_id: UUID) -> Shift:
    service.refresh()
    return shift_of(service.queries, incident_id, service.user, now=service.clock.now(), zone=CHICAGO)


def news(service: Service, incident_id: UUID) -> list[str]:
    service.refresh()
    return [row.text for row in unread(service.queries, incident_id, service.user)]


def test_what_others_recorded_is_news_until_it_is_read(lead: Service, counsel: Service, incident_id: UUID) -> None:
    counsel.refresh()
    counsel.shifts.mark_read(incident_id)
    lead.incidents.log_action(incident_id, "Revoked tokens")
    assert news(counsel, incident_id) == ["Revoked tokens"]
    counsel.incidents.log_action(incident_id, "Called the insurer")
    assert news(counsel, incident_id) == ["Revoked tokens"]  # one's own entries are no news
    counsel.shifts.mark_read(incident_id)
    assert news(counsel, incident_id) == []
    # That somebody has read is no news to anybody.
    assert all("read the log" not in text for text in news(lead, incident_id))


def test_a_mark_only_goes_forward(lead: Service, incident_id: UUID) -> None:
    lead.incidents.log_action(incident_id, "x")
    lead.shifts.mark_read(incident_id, upto=5)
    assert lead.shifts.mark_read(incident_id, upto=4).events == 0
    assert read_upto(lead.queries, incident_id, "lead") == 5
    lead.shifts.mark_read(incident_id)
    assert read_upto(lead.queries, incident_id, "lead") > 5
    for nowhere in (0, 9999):
        with pytest.raises(NotFound):
            lead.shifts.mark_read(incident_id, upto=nowhere)


def test_a_shift_is_handed_over_and_taken(lead: Service, counsel: Service, incident_id: UUID) -> None:
    lead.incidents.log_action(incident_id, "Revoked tokens")
    lead.shifts.give(incident_id, "counsel", "Letters go out at nine")
    upto = lead.queries.position - 1
    told = shift(counsel, incident_id)
    assert told.last is not None
    assert (told.last.note, told.last.by, told.last.taken_at) == ("Letters go out at nine", "lead", None)
    assert f"hand-over #{told.last.position} waits for counsel to take it" in told.waiting
    counsel.shifts.take(incident_id)
    (row,) = handovers(counsel.queries, incident_id)
    assert row.taken_at is not None
    # Whoever takes over has read what was handed over, and not what came with it or after it.
    assert read_upto(counsel.queries, incident_id, "counsel") == row.upto == upto
    with pytest.raises(OutOfOrder, match="no hand-over waits"):
        counsel.shifts.take(incident_id)


def test_nobody_is_handed_a_shift_who_could_not_take_it(lead: Service, incident_id: UUID) -> None:
    lead.case.enroll("eve", "Eve Lund", "examiner")
    with pytest.raises(InvalidInput, match="who could take it; there are counsel, lead"):
        lead.shifts.give(incident_id, "eve", "x")


def test_only_whom_it_is_addressed_to_takes_it(lead: Service, incident_id: UUID) -> None:
    lead.shifts.give(incident_id, "counsel", "x")
    with pytest.raises(NotAllowed, match="addressed to counsel"):
        lead.shifts.take(incident_id)


@pytest.mark.parametrize(
    ("to", "note", "why"), [("nobody", "x", "nobody is enrolled"), ("lead", "x", "yourself"), ("counsel", " ", "note")]
)
def test_a_faulty_hand_over_is_refused(lead: Service, incident_id: UUID, to: str, note: str, why: str) -> None:
    before = lead.queries.position
    with pytest.raises(InvalidInput, match=why):
        lead.shifts.give(incident_id, to, note)
    assert lead.queries.position == before


def test_a_hand_over_looks_three_days_ahead(world, lead: Service, incident_id: UUID) -> None:
    due = next(
        duty.safest
        for duty in lead.queries.board(incident_id, lead.clock.now()).assessment.obligations
        if duty.id == "us.hipaa.individuals"
    )
    assert due == date(2027, 1, 19)
    assert [duty.id for duty in shift(lead, incident_id).due if duty.id == "us.hipaa.individuals"] == []
    world.clock.moment += timedelta(days=(due - date(2026, 11, 22)).days, hours=-HOURS - 24)
    assert "us.hipaa.individuals" not in {duty.id for duty in shift(lead, incident_id).due}
    world.clock.moment += timedelta(hours=24)
    assert "us.hipaa.individuals" in {duty.id for duty in shift(lead, incident_id).due}
    world.clock.moment += timedelta(days=30)  # what is late is not forgotten
    assert "us.hipaa.individuals" in {duty.id for duty in shift(lead, incident_id).due}


def test_what_waits_and_what_was_promised_is_told(lead: Service, counsel: Service, incident_id: UUID) -> None:
    notice, _ = lead.notices.draft(incident_id, "individual_letter", ["us.hipaa.individuals"], {}, TEXT)
    lead.notices.submit(notice)
    tomorrow = date(2026, 11, 23)
    lead.calls.log(incident_id, Words(asked="call me back"), follow_up=tomorrow, topic="letter")
    told = shift(counsel, incident_id)
    assert "individual letter waits for counsel: to approve or send back" in told.waiting
    assert any("waits on us.hipaa.hhs" in line for line in told.waiting)
    assert [(each.topic, each.by, each.late) for each in told.promises] == [("letter", "2026-11-23", False)]
    assert told.gaps  # questions that could move a date


def test_a_past_moment_knows_nothing_of_what_was_read_later(lead: Service, incident_id: UUID) -> None:
    before = lead.queries.position
    lead.shifts.mark_read(incident_id)
    assert read_upto(lead.as_of(before), incident_id, "lead") == 0

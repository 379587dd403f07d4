"""A business associate's incident: its covered entities, who was told, who files, and each one's own clocks."""

from datetime import date
from uuid import UUID

import pytest

from incident.errors import InvalidInput, NotAllowed, NotFound, OutOfOrder
from incident.service import Service
from incident.views.entity_duties import entity_duties
from incident.views.ledger import Standing, ledger
from jurisdictions.obligations import Status
from tests.incident.test_documents import FACTS, TEXT, approve, render

TODAY = date(2026, 11, 22)
GIVEN = "given.us.hipaa.covered_entity"
ASSOCIATE = FACTS | {"organization.hipaa_role": "business_associate", "affected.total": 800}


@pytest.fixture
def counsel(world) -> Service:
    return world.as_user("counsel")


@pytest.fixture
def incident_id(lead: Service) -> UUID:
    return lead.incidents.open("Billing vendor's server copied", ASSOCIATE)[0]


def two(lead: Service, incident_id: UUID, **more) -> None:
    """Two covered entities: 450 and 350 of the 800."""
    lead.entities.record(incident_id, "Lakeview Clinic", individuals=450, agent=False, delegated=True, **more)
    lead.entities.record(incident_id, "Harbor Dental", individuals=350, agent=False, delegated=True)


def given(lead: Service, incident_id: UUID):
    fact = lead.queries.facts(incident_id).get(GIVEN)
    return fact.value if fact is not None else None


def test_they_are_named_with_what_is_known_and_corrected_with_both_versions_kept(
    lead: Service, incident_id: UUID
) -> None:
    lead.entities.record(incident_id, "Lakeview Clinic", individuals={"min": 400, "max": 450})
    lead.entities.record(incident_id, "Harbor Dental")
    receipt = lead.entities.record(
        incident_id, "Lakeview Clinic", individuals=450, delegated=True, number=1, because="counted"
    )
    first, second = lead.queries.covered_entities(incident_id)
    assert (first.individuals, first.delegated, first.agent) == (450, True, None)
    assert (second.name, second.individuals) == ("Harbor Dental", None), "unknown stays unknown"
    told = lead.queries.timeline(incident_id)
    corrected = next(row for row in told if row.text.startswith("Covered entity 1: Lakeview Clinic, 400 to 450"))
    assert corrected.corrected_at_position == receipt.position
    again = lead.entities.record(incident_id, "Lakeview Clinic", individuals=450, delegated=True, number=1)
    assert again.events == 0


def test_what_cannot_be_named_says_why(lead: Service, counsel: Service, incident_id: UUID) -> None:
    lead.entities.record(incident_id, "Lakeview Clinic")
    with pytest.raises(InvalidInput) as refusal:
        lead.entities.record(
            incident_id, "LAKEVIEW  clinic", individuals=-1, details={"fax": "1", "type": "spa", "state": "ZZ"}
        )
    assert [fault.partition(":")[0] for fault in refusal.value.faults] == [
        "fax",
        "individuals",
        "type",
        "state",
        "name",
    ]
    with pytest.raises(NotFound, match="covered entity 7"):
        lead.entities.record(incident_id, "Nobody", number=7)
    with pytest.raises(NotFound, match="covered entity 7"):
        lead.entities.record_told(incident_id, 7, TODAY, "letter")
    with pytest.raises(InvalidInput, match="future"):
        lead.entities.record_told(incident_id, 1, date(2026, 11, 23), "letter")
    counsel.refresh()
    with pytest.raises(NotAllowed):
        counsel.entities.record(incident_id, "Harbor Dental")
    own, _ = lead.incidents.open("Own breach", FACTS)
    with pytest.raises(OutOfOrder, match="business associate"):
        lead.entities.record(own, "Lakeview Clinic")


def test_the_duty_to_tell_them_is_met_when_the_last_was_told_and_open_again_when_one_more_is_named(
    lead: Service, incident_id: UUID
) -> None:
    two(lead, incident_id)
    lead.entities.record_told(incident_id, 2, date(2026, 11, 21), "letter")
    assert given(lead, incident_id) is None, "one of two is not each"
    lead.entities.record_told(incident_id, 1, TODAY, "e-mail")
    assert given(lead, incident_id) == "2026-11-22"
    assert lead.incidents.record_facts(incident_id, {}).events == 0
    lead.entities.record(incident_id, "Third Eye Care")
    assert given(lead, incident_id) is None
    board = lead.queries.board(incident_id, lead.clock.now()).assessment
    assert board is not None
    assert board.get("us.hipaa.covered_entity").status is Status.DUE


def test_a_letter_that_names_one_of_them_tells_that_one_and_no_other(
    lead: Service, counsel: Service, incident_id: UUID
) -> None:
    two(lead, incident_id)
    for name in ("Harbor  DENTAL", "Lakeview Clinic"):
        letter, _ = lead.notices.draft(
            incident_id, "owner_notice", ["us.hipaa.covered_entity"], {"owner_name": name}, TEXT
        )
        approve(counsel, lead, letter)
        render(lead, letter)
        told = [row.told_on for row in lead.queries.covered_entities(incident_id)]
        assert given(lead, incident_id) is None, told
        lead.notices.record_dispatch(letter, TEXT, TODAY, "first_class_mail")
    first, second = lead.queries.covered_entities(incident_id)
    assert (first.told_on, first.told_how) == (TODAY, "letter")
    assert second.told_notice is not None
    assert second.told_notice != first.told_notice
    assert given(lead, incident_id) == "2026-11-22"


def test_each_has_its_own_report_on_its_own_number_and_its_own_discovery(lead: Service, incident_id: UUID) -> None:
    two(lead, incident_id)
    lead.entities.record(incident_id, "Big Hospital", individuals=500, agent=True)
    first, second, big = entity_duties(lead.queries, incident_id, lead.clock.now())
    told = "not told, and we are not its agent: it has discovered nothing"
    assert (first.waits, second.waits) == (True, True), told
    assert not big.waits, "our discovery is its own"
    (report,) = big.reports
    assert report.due == date(2027, 1, 19), "60 days from our discovery on 20 November; 500 is '500 or more'"
    lead.entities.record_told(incident_id, 1, TODAY, "letter")
    first, second, _ = entity_duties(lead.queries, incident_id, lead.clock.now())
    (report,) = first.reports
    assert report.due == date(2027, 3, 1), "450 are fewer than 500, though 800 are affected in all"
    assert second.waits
    own = lead.queries.board(incident_id, lead.clock.now()).assessment
    assert own is not None
    assert own.get("us.hipaa.hhs").status is Status.NOT_REQUIRED, "it is the covered entities' duty"


def test_where_it_is_not_settled_who_is_an_agent_the_earlier_day_is_planned_by(
    lead: Service, incident_id: UUID
) -> None:
    lead.entities.record(incident_id, "Big Hospital", individuals=600, agent=None, delegated=True)
    lead.entities.record_told(incident_id, 1, TODAY, "letter")
    ((report,),) = [each.reports for each in entity_duties(lead.queries, incident_id, lead.clock.now())]
    assert {reading.due for reading in report.readings} == {date(2027, 1, 19), date(2027, 1, 21)}
    assert report.safest == date(2027, 1, 19)


def test_one_filing_for_several_meets_the_duty_of_each_and_none_of_the_associate(
    lead: Service, counsel: Service, incident_id: UUID
) -> None:
    two(lead, incident_id)
    for number in (1, 2):
        lead.entities.record_told(incident_id, number, TODAY, "letter")
    report, _ = lead.notices.draft(incident_id, "hhs_report", ["us.hipaa.hhs"], {}, TEXT)
    approve(counsel, lead, report)
    filing, _ = lead.filings.prepare(report, "us.hipaa.hhs", "HHS", (1, 2))
    lead.filings.submit(filing, TEXT, on=TODAY, channel="portal", tracking="T-1", count=800)
    for each in entity_duties(lead.queries, incident_id, lead.clock.now()):
        assert [row.tracking for row in each.filings] == ["T-1"]
        assert each.reports[0].status is Status.MET
    assert "given.us.hipaa.hhs" not in lead.queries.facts(incident_id)
    (line,) = ledger(lead.queries)
    assert (line.entities, line.known, line.standing) == (("Lakeview Clinic", "Harbor Dental"), 800, Standing.AGREES)
    lead.entities.record(
        incident_id, "Harbor Dental", individuals={"min": 351, "max": 360}, agent=False, delegated=True, number=2
    )
    (line,) = ledger(lead.queries)
    assert (line.known, line.addendum_due) == ({"min": 801, "max": 810}, True)
    lead.entities.record(incident_id, "Harbor Dental", agent=False, delegated=True, number=2)
    (line,) = ledger(lead.queries)
    assert (line.known, line.standing) == (None, Standing.OPEN), "a sum with an unknown part is unknown"

"""The read models: same answers however the log was read, and any past moment again."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from incident.errors import InvalidInput, NotFound
from incident.service import Service
from incident.views.projector import Projection
from incident.views.queries import Queries
from incident.views.wording import value_words

DISCOVERED = {"incident.discovered_at": "2026-11-20T16:10:00-06:00", "affected.by_state.IL": {"min": 1000, "max": 1300}}


def everything(queries: Queries, incident_id: UUID) -> tuple[object, ...]:
    return (
        queries.case(),
        queries.users(),
        queries.incidents(),
        queries.timeline(),
        queries.facts(incident_id),
        queries.notices(),
        queries.filings(),
        queries.rosters(incident_id),
    )


def work(lead: Service) -> UUID:
    incident_id, _ = lead.incidents.open("Lost laptop", DISCOVERED)
    lead.incidents.log_action(incident_id, "called the carrier")
    lead.incidents.record_facts(incident_id, {"incident.encrypted": False, "affected.by_state.IL": 1143})
    lead.notices.draft(incident_id, "individual_letter", ["us.hipaa.individuals"], {}, "a" * 64)
    return incident_id


def test_any_batching_gives_the_same_views(world) -> None:
    lead = world.as_user("lead")
    incident_id = work(lead)
    expected = everything(lead.queries, incident_id)

    @settings(max_examples=25, deadline=None)
    @given(cuts=st.lists(st.integers(min_value=1, max_value=world.log.position()), max_size=6))
    def check(cuts: list[int]) -> None:
        projection = Projection()
        for cut in sorted(cuts):
            projection.catch_up(world.log, until=cut)
        projection.catch_up(world.log)
        assert everything(Queries(projection, lead.queries.rulebook), incident_id) == expected

    check()


def test_a_long_log_is_opened_in_few_statements(lead: Service, world) -> None:
    """One statement an entry would take seconds."""
    incident_id, _ = lead.incidents.open("Lost laptop", DISCOVERED)
    for count in range(300):
        lead.incidents.record_facts(incident_id, {"affected.by_state.IL": count}, because="counted")
    projection, statements = Projection(), []
    event.listen(projection.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    projection.catch_up(world.log)
    assert projection.position > 300
    assert len(statements) < 20
    assert everything(Queries(projection, lead.queries.rulebook), incident_id) == everything(lead.queries, incident_id)


def test_the_past_is_shown_as_it_was(lead: Service) -> None:
    incident_id, opened = lead.incidents.open("Lost laptop", DISCOVERED)
    before = everything(lead.queries, incident_id)
    lead.incidents.record_facts(incident_id, {"affected.by_state.IL": 1143})
    assert everything(lead.as_of(opened.position), incident_id) == before
    assert lead.queries.facts(incident_id)["affected.by_state.IL"].value == 1143


def test_a_corrected_line_stays_visible_and_points_at_its_correction(lead: Service) -> None:
    incident_id = work(lead)
    action = next(row for row in lead.queries.timeline(incident_id) if row.topic == "incident.action_logged")
    receipt = lead.incidents.correct_action(
        incident_id, action.version, "called the carrier at 16:40", "time was missing"
    )
    rows = {row.position: row for row in lead.queries.timeline(incident_id)}
    assert rows[action.position].text == "called the carrier"
    assert rows[action.position].corrected_at_position == receipt.position
    assert rows[receipt.position].because == "time was missing"


def test_a_board_without_a_discovery_says_what_is_needed(lead: Service) -> None:
    incident_id, _ = lead.incidents.open("Something happened", {})
    board = lead.queries.board(incident_id, lead.clock.now())
    assert board.assessment is None
    assert board.problems == ("incident.discovered_at: needed before any date can be counted",)


def test_sixty_days_from_discovery_are_on_the_board(lead: Service) -> None:
    incident_id = work(lead)
    board = lead.queries.board(incident_id, lead.clock.now()).assessment
    assert board is not None
    duty = board.get("us.hipaa.individuals")
    assert duty is not None
    assert duty.due == date(2027, 1, 19)


def test_references_count_up_within_the_year(lead: Service) -> None:
    for _ in range(3):
        lead.incidents.open("Again", {})
    assert sorted(row.reference for row in lead.queries.incidents()) == ["2026-001", "2026-002", "2026-003"]
    assert lead.queries.incident_by_reference("2026-002").title == "Again"
    with pytest.raises(NotFound, match="2026-001"):
        lead.queries.incident_by_reference("2025-009")


def test_a_time_in_the_future_or_without_zone_is_refused(lead: Service) -> None:
    incident_id = work(lead)
    future = lead.clock.now().replace(year=2030)
    with pytest.raises(InvalidInput, match="future"):
        lead.incidents.log_action(incident_id, "done", occurred_at=future)
    with pytest.raises(InvalidInput, match="zone"):
        lead.incidents.log_action(incident_id, "done", occurred_at=future.replace(year=2026, tzinfo=None))


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "unknown"), (False, "no"), (0, "0"), ({"min": 1000, "max": 1300}, "1,000 to 1,300"), ([], "none")],
)
def test_unknown_no_and_zero_read_differently(value: object, words: str) -> None:
    assert value_words(value) == words


def test_every_entry_has_its_sentence(lead: Service) -> None:
    incident_id = work(lead)
    assert all(row.text for row in lead.queries.timeline(incident_id))


def test_the_law_of_an_earlier_date_can_be_fixed_for_one_duty(lead: Service, world) -> None:
    facts = {
        "incident.discovered_at": "2026-01-05T08:00:00-08:00",
        "organization.hipaa_role": "none",
        "organization.time_zone": "America/Los_Angeles",
        "incident.data_elements": ["name", "medical_information"],
        "incident.encrypted": False,
        "incident.medium": "electronic",
        "affected.by_state.CA": 700,
    }
    incident_id, _ = lead.incidents.open("Booking files downloaded", facts)
    receipt = world.as_user("counsel").incidents.adopt_reading(
        incident_id, "ca.civ1798_82.individuals", "law-as-of:2025-12-31", "the duty arose in December"
    )
    lead.refresh()
    assert any("ca.civ1798_82.individuals" in line for line in receipt.changes)
    board = lead.queries.board(incident_id, lead.clock.now()).assessment
    assert board is not None
    duty = board.get("ca.civ1798_82.individuals")
    assert duty is not None
    assert str(duty.status) == "asap"

"""The yearly log of 45 CFR 164.408(c): fewer than 500, by the calendar year of discovery; nothing is dropped."""

from datetime import date

import pytest

from incident.events import FactorFinding
from incident.incident import FACTORS
from incident.service import Service
from incident.views.small_breaches import Place, YearlyLog, year_in_work, yearly_log
from tests.incident.test_documents import FACTS, TEXT, approve

TODAY = date(2026, 11, 22)
NEVER = object()
"""A fact that was not recorded at all."""


def opened(lead: Service, title: str = "Misdirected fax", **facts: object):
    values = FACTS | {"affected.by_state.IL": None} | {path.replace("__", "."): value for path, value in facts.items()}
    return lead.incidents.open(title, {path: value for path, value in values.items() if value is not NEVER})[0]


def log_of(lead: Service, year: int = 2026) -> YearlyLog:
    return yearly_log(lead.queries, year, lead.clock.now())


@pytest.mark.parametrize(
    ("people", "place"),
    [
        (1, Place.SMALL),
        (499, Place.SMALL),
        (500, Place.LARGE),
        (501, Place.LARGE),
        (None, Place.COUNT_OPEN),
        ({"min": 1, "max": 499}, Place.SMALL),
        ({"min": 499, "max": 500}, Place.COUNT_OPEN),
        ({"min": 500, "max": 600}, Place.LARGE),
    ],
)
def test_fewer_than_five_hundred_is_in_the_log_and_an_open_number_is_shown_as_open(
    lead: Service, people, place
) -> None:
    opened(lead, affected__total=people)
    (entry,) = log_of(lead).entries
    assert (entry.place, entry.individuals) == (place, people)


def test_it_is_due_sixty_days_after_the_end_of_the_year_of_discovery(lead: Service) -> None:
    opened(lead, affected__total=7)
    log = log_of(lead)
    assert log.rule is not None
    assert log.rule.due == date(2027, 3, 1)
    assert [entry.due for entry in log.entries] == [date(2027, 3, 1)]
    assert log_of(lead, 2025).entries == ()
    assert log_of(lead, 2027).entries == ()


def test_the_year_is_the_civil_one_where_the_organization_is(lead: Service) -> None:
    opened(lead, affected__total=7, incident__discovered_at="2025-12-31T23:30:00-06:00")
    assert [entry.discovered for entry in log_of(lead, 2025).entries] == [date(2025, 12, 31)]
    assert log_of(lead, 2026).entries == (), "in UTC it was 2026 already"


def test_a_reading_that_puts_discovery_into_another_year_shows_it_in_both(lead: Service) -> None:
    opened(
        lead, affected__total=7, incident__discovered_at="2026-01-05T09:00:00-06:00",
        discovery__should_have_known_at="2025-12-20T09:00:00-06:00",
    )  # fmt: skip
    (earlier,), (later,) = log_of(lead, 2025).entries, log_of(lead, 2026).entries
    assert "2026-01-05" in (earlier.other_reading or "")
    assert "2025-12-20" in (later.other_reading or "")
    assert earlier.due == date(2026, 3, 1)
    assert later.due == date(2026, 3, 1), "by the earlier day, whichever year it is looked at in"


def test_an_incident_without_a_day_of_discovery_stands_in_every_year(lead: Service) -> None:
    opened(lead, affected__total=7, incident__discovered_at=NEVER)
    for year in (2020, 2026):
        (entry,) = log_of(lead, year).entries
        assert (entry.place, entry.discovered, entry.individuals) == (Place.NO_DATE, None, 7)
        assert "incident.discovered_at" in entry.why


def test_what_was_no_breach_stands_apart_as_a_documented_decision(lead: Service) -> None:
    fax = opened(lead, "Fax to a colleague", affected__total=1, incident__risk_assessment=None)
    lead.incidents.assess_risk(fax, [], "exception_inadvertent", because="Dr. Osei may see it too")
    lead.incidents.decide(fax, "do_not_notify", "no breach")
    low = opened(lead, "Letter returned unopened", affected__total=1, incident__risk_assessment=None)
    factors = [FactorFinding(factor=name, rating=1, reason="unopened") for name, _ in FACTORS]
    lead.incidents.assess_risk(low, factors, "low_probability")
    bare = opened(lead, "Only a fact", affected__total=1, incident__risk_assessment="low_probability")
    found = {entry.incident: entry for entry in log_of(lead).of(Place.NOT_A_BREACH)}
    assert set(found) == {fax, low, bare}
    assert "164.402(1)(ii)" in found[fax].why
    assert "Dr. Osei may see it too" in found[fax].why
    assert "no breach" in found[fax].why
    assert "burden of proof (164.414(b))" in found[bare].why, "a fact alone documents nothing"
    assert not log_of(lead).of(Place.SMALL)


def test_what_is_not_owed_says_why(lead: Service) -> None:
    opened(lead, affected__total=7, incident__encrypted=True, incident__key_compromised=False)
    (entry,) = log_of(lead).entries
    assert entry.place is Place.NOT_OWED
    assert entry.why


def test_a_filed_report_is_shown_with_its_number(world, lead: Service) -> None:
    incident_id = opened(lead, affected__total=7)
    notice, _ = lead.notices.draft(incident_id, "hhs_report", ["us.hipaa.hhs"], {}, TEXT)
    (entry,) = log_of(lead).entries
    assert (entry.drafts, entry.filing) == (((notice, "draft"),), None)
    approve(world.as_user("counsel"), lead, notice)
    filing, _ = lead.filings.prepare(notice, "us.hipaa.hhs", "HHS")
    lead.filings.submit(filing, TEXT, on=TODAY, channel="portal", tracking="T-9", count=7)
    (entry,) = log_of(lead).entries
    assert (entry.filed_on, entry.tracking, entry.place) == (TODAY, "T-9", Place.SMALL)


def test_part_2_records_make_a_report_of_their_own(lead: Service) -> None:
    opened(lead, affected__total=7, organization__part2_program=True)
    first, second = log_of(lead).entries
    assert (first.obligation_id, second.obligation_id) == ("us.hipaa.hhs", "us.part2.hhs")
    assert (first.kind, second.kind) == ("hhs_report", "part2_report")
    assert second.individuals == {"min": 1, "max": 7}, "how many of them is not in the record"


def test_a_business_associate_has_a_line_for_each_covered_entity_it_files_for(lead: Service) -> None:
    incident_id = opened(lead, affected__total=800, organization__hipaa_role="business_associate")
    assert [entry.place for entry in log_of(lead).entries] == [Place.NOT_OWED], "its own report is not owed"
    lead.entities.record(incident_id, "Lakeview Clinic", individuals=450, agent=False, delegated=True)
    lead.entities.record(incident_id, "Big Hospital", individuals=500, agent=True, delegated=True)
    lead.entities.record(incident_id, "Files Itself", individuals=3, agent=True, delegated=False)
    found = {entry.entity_name: entry.place for entry in log_of(lead).entries}
    assert found == {"Lakeview Clinic": Place.NO_DATE, "Big Hospital": Place.LARGE}
    lead.entities.record_told(incident_id, 1, TODAY, "letter")
    found = {entry.entity_name: entry.place for entry in log_of(lead).entries}
    assert found["Lakeview Clinic"] is Place.SMALL


def test_every_incident_of_the_case_is_somewhere(lead: Service) -> None:
    made = {opened(lead, affected__total=people) for people in (1, 499, 500, None)}
    made.add(opened(lead, incident__discovered_at=NEVER))
    log = log_of(lead)
    assert {entry.incident for entry in log.entries} == made
    assert sum(len(log.of(place)) for place in Place) == len(log.entries)


@pytest.mark.parametrize(
    ("today", "year"),
    [(date(2027, 1, 1), 2026), (date(2027, 3, 1), 2026), (date(2027, 3, 2), 2027), (date(2028, 2, 29), 2027)],
)
def test_the_year_that_is_worked_on_is_the_one_whose_day_comes_next(lead: Service, today: date, year: int) -> None:
    assert year_in_work(lead.queries, today) == year

"""Accounting of disclosures: which incidents add to it, and what each person's line says. Nothing is guessed."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from incident.accounting import NOT_VERIFIED, Incident, disclosure_of, since
from incident.errors import InvalidInput, NotAllowed, NotFound
from incident.events import DisclosureDescribed
from incident.service import Service

ASKED = date(2026, 11, 22)
FACTS = {
    "organization.hipaa_role": "covered_entity",
    "incident.occurred_from": "2026-10-01",
    "incident.occurred_to": "2026-10-02",
    "incident.data_elements": ["name", "medical_information"],
}


def incident(outside: bool | None = True, **facts: object) -> Incident:
    told = DisclosureDescribed(incident_id=UUID(int=1), outside=outside, recipient="Oak Street Dental")
    paths = {path.replace("__", "."): value for path, value in facts.items()}
    return Incident(reference="2026-001", title="Fax", facts=FACTS | paths, described=told)


def test_what_left_is_accounted_for_with_its_four_particulars() -> None:
    made = disclosure_of(incident(), ASKED)
    assert made.included is True
    assert (made.day_from, made.day_to) == (date(2026, 10, 1), date(2026, 10, 2))
    assert made.recipient == "Oak Street Dental"
    assert made.address == "not known"
    assert made.described == "name, medical information"
    assert "not permitted by the Privacy Rule" in made.purpose


def test_a_low_probability_takes_nothing_out_of_the_accounting() -> None:
    assert disclosure_of(incident(incident__risk_assessment="low_probability"), ASKED).included is True


@pytest.mark.parametrize(
    ("outside", "facts", "included", "why"),
    [
        (None, {}, None, "not settled"),
        (True, {"organization__hipaa_role": None}, None, "not settled"),
        (False, {}, False, "a use, not a disclosure"),
        (True, {"organization__hipaa_role": "none"}, False, "binds covered entities"),
        (True, {"organization__hipaa_role": "business_associate"}, True, "give it to the covered entity"),
        (True, {"incident__encrypted": True}, True, "counsel says"),
        (True, {"incident__occurred_from": None, "incident__occurred_to": None}, True, "the day is not known"),
    ],
)
def test_whether_it_is_accounted_for(
    outside: bool | None,
    facts: dict[str, object],
    included: bool | None,
    why: str,
) -> None:
    made = disclosure_of(incident(outside, **facts), ASKED)
    assert made.included is included
    assert why in made.why
    assert bool(made.needs) == (included is None)


@pytest.mark.parametrize(
    ("last", "included"), [("2020-11-21", False), ("2020-11-22", True), ("2020-11-23", True), ("2026-11-22", True)]
)
def test_six_years_before_the_request_count(last: str, included: bool) -> None:
    made = disclosure_of(incident(incident__occurred_from="2019-01-01", incident__occurred_to=last), ASKED)
    assert made.included is included


def test_six_years_before_a_leap_day_begin_on_the_first_of_march() -> None:
    assert since(date(2028, 2, 29)) == date(2022, 3, 1)
    assert since(date(2028, 2, 28)) == date(2022, 2, 28)


# --- At the desk


@pytest.fixture
def incident_id(lead: Service, tmp_path: Path) -> UUID:
    incident_id, _ = lead.incidents.open(
        "Fax to a wrong number",
        {path: value for path, value in FACTS.items() if path.startswith("incident.")}
        | {"incident.discovered_at": "2026-11-20T16:10:00-06:00"},
    )
    path = tmp_path / "people.csv"
    path.write_text(
        "First Name,Last Name,DOB,Address,City,State,Zip,Data Elements\n"
        "Ada,Marsh,1950-01-01,1 Elm St,Chicago,IL,60614,ssn; medical\n"
        "Bea,Stone,1960-01-01,2 Elm St,Chicago,IL,60614,\n",
        encoding="utf-8",
    )
    lead.rosters.import_file(incident_id, path)
    return incident_id


def test_each_person_has_a_line_with_their_own_share_of_the_data(lead: Service, incident_id: UUID) -> None:
    lead.accounting.describe(incident_id, outside=True, recipient="Oak Street Dental")
    row = lead.queries.incident(incident_id)
    one, two = lead.accounting.everybody(row, ASKED)
    assert (one.code, one.disclosure.described) == ("2026-001-1-000002", "ssn, medical information")
    assert (two.code, two.disclosure.described) == ("2026-001-1-000003", "name, medical information")
    assert lead.accounting.of_person("2026-001-1-000002", ASKED) == one
    for line in (one, two):
        assert "Ada" not in str(line)
    assert "not verified" in NOT_VERIFIED


def test_what_was_said_last_stands_and_the_same_again_is_nothing(lead: Service, incident_id: UUID) -> None:
    lead.accounting.describe(incident_id, outside=None, recipient="unknown number")
    lead.accounting.describe(incident_id, outside=True, recipient="Oak Street Dental", described="one lab result")
    assert lead.accounting.describe(
        incident_id, outside=True, recipient="Oak Street Dental", described="one lab result"
    ).events == 0  # fmt: skip
    row = lead.queries.incident(incident_id)
    assert {line.disclosure.described for line in lead.accounting.everybody(row, ASKED)} == {"one lab result"}
    assert lead.accounting.disclosure(row, ASKED, lead.as_of(lead.queries.position - 1)).included is None


def test_what_contradicts_itself_is_refused(lead: Service, world, incident_id: UUID) -> None:
    with pytest.raises(InvalidInput, match="outside: say"):
        lead.accounting.describe(incident_id, outside=None)
    with pytest.raises(InvalidInput, match="no recipient outside"):
        lead.accounting.describe(incident_id, outside=False, recipient="x")
    with pytest.raises(NotAllowed):
        world.as_user("counsel").accounting.describe(incident_id, outside=True)


@pytest.mark.parametrize(
    ("code", "error"), [("Ada Marsh", InvalidInput), ("2026-001-9-000002", NotFound), ("2026-001-1-000099", NotFound)]
)
def test_a_wrong_code_is_refused(lead: Service, incident_id: UUID, code: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        lead.accounting.of_person(code, ASKED)

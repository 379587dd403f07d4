"""Roles bind: what somebody may not record is refused, and the refusal leaves log, documents, people and keys alone."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident.access.roles import COUNSELS_FACTS, FOUNDING, MAY_RECORD, Role, Standing, check, refusal
from incident.errors import NotAllowed, Refusal
from incident.events import ALL_EVENTS, FactCorrected, FactRecorded, UserRemoved
from incident.service import Service
from tests.incident.conftest import World

TOPICS = sorted(event.TOPIC for event in ALL_EVENTS)


def standing(role: Role | None, **more) -> Standing:
    return Standing(user="sam", role=role, **more)


def test_every_event_has_a_line_and_every_line_an_event() -> None:
    assert sorted(MAY_RECORD) == TOPICS
    assert all(line.act.strip() and line.why.strip() for line in MAY_RECORD.values())


def test_an_entry_without_a_line_cannot_be_recorded_at_all() -> None:
    with pytest.raises(LookupError, match=r"incident\.invented has no line"):
        refusal(standing(Role.INCIDENT_LEAD), "incident.invented")


OWN_WAY_IN = {
    "case.access_refused",
    "case.passphrase_changed",
    "case.recovery_code_made",
    "case.second_factor_changed",
}
"""What everybody's own way into the case leaves in the record."""


@pytest.mark.parametrize("topic", TOPICS)
def test_an_examiner_records_nothing_but_their_own_way_in(topic: str) -> None:
    allowed = refusal(standing(Role.EXAMINER, exercise=True), topic) is None
    assert allowed == (topic in OWN_WAY_IN)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_facilitator_records_injects_in_exercises_and_no_more(topic: str) -> None:
    allowed = refusal(standing(Role.FACILITATOR, exercise=True), topic) is None
    assert allowed == (topic == "case.inject_delivered" or topic in OWN_WAY_IN)
    assert bool(refusal(standing(Role.FACILITATOR), topic)) == (topic not in OWN_WAY_IN)


@pytest.mark.parametrize("topic", TOPICS)
def test_somebody_who_was_removed_or_never_enrolled_records_nothing(topic: str) -> None:
    assert "was removed" in (refusal(standing(Role.INCIDENT_LEAD, removed=True, exercise=True), topic) or "")
    assert "not enrolled" in (refusal(standing(None, exercise=True), topic) or "")


@pytest.mark.parametrize("topic", TOPICS)
def test_before_anybody_is_enrolled_a_case_can_be_begun_and_nothing_more(topic: str) -> None:
    assert (refusal(standing(None, founded=False), topic) is None) == (topic in FOUNDING)


def test_nobody_both_writes_what_is_approved_and_approves_it_for_release() -> None:
    approves = MAY_RECORD["notice.approved"].roles
    assert approves == {Role.COUNSEL}
    for topic in ("notice.rendered", "notice.dispatched", "filing.submitted", "incident.decision_made"):
        assert not approves & MAY_RECORD[topic].roles, topic


@given(st.sampled_from(sorted({"given.us.hipaa.hhs", "affected.total", "incident.encrypted", *COUNSELS_FACTS})))
def test_counsel_records_holds_and_no_other_fact(path: str) -> None:
    for event in (FactRecorded(path=path, value=None), FactCorrected(path=path, value=None, corrects=1)):
        if path in COUNSELS_FACTS:
            check(standing(Role.COUNSEL), [event])
        else:
            with pytest.raises(NotAllowed, match=r"only the incident lead may .* a fact"):
                check(standing(Role.COUNSEL), [event])
        check(standing(Role.INCIDENT_LEAD), [event])


def test_a_refusal_says_who_may_and_why() -> None:
    assert refusal(standing(Role.EXAMINER), "incident.action_logged") == (
        "sam works here as examiner; only the incident lead or counsel may write into the log: "
        "the record is written by those who work on it."
    )


# --- At the desk


@pytest.fixture
def people(world: World, lead: Service) -> World:
    lead.case.enroll("eve", "Eve Lund", "examiner")
    lead.case.enroll("fay", "Fay Moss", "facilitator")
    return world


def incident(lead: Service):
    return lead.incidents.open("Phished mailbox", {"affected.by_state.IL": 3})[0]


@pytest.mark.parametrize("user", ["eve", "fay", "nobody"])
def test_what_a_role_may_not_record_is_refused_at_the_desk(people: World, lead: Service, user: str) -> None:
    incident_id = incident(lead)
    before = list(people.log.entries)
    service = people.as_user(user)
    acts = [
        lambda: service.incidents.open("x", {}),
        lambda: service.incidents.log_action(incident_id, "x"),
        lambda: service.incidents.record_facts(incident_id, {"affected.by_state.IL": 4}),
        lambda: service.incidents.attach_evidence(incident_id, "x.txt", b"x"),
        lambda: service.incidents.decide(incident_id, "notify", "x"),
        lambda: service.notices.draft(incident_id, "individual_letter", ["us.hipaa.individuals"], {}, "c" * 64),
        lambda: service.case.enroll("mallory", "Mallory", "incident_lead"),
        lambda: service.case.describe({}, {}),
        lambda: service.require("notice.rendered"),
    ]
    for act in acts:
        with pytest.raises(NotAllowed, match=user):
            act()
    assert people.log.entries == before
    assert people.blobs.kept == {}


def test_counsel_reads_facts_and_does_not_write_them(people: World, lead: Service) -> None:
    incident_id = incident(lead)
    counsel = people.as_user("counsel")
    for act in (
        lambda: counsel.incidents.record_facts(incident_id, {"affected.by_state.IL": 4}),
        lambda: counsel.incidents.decide(incident_id, "notify", "x"),
        lambda: counsel.incidents.open("x", {}),
    ):
        with pytest.raises(NotAllowed, match="only the incident lead"):
            act()
    hold = {"kind": "oral", "stated_on": "2026-11-21", "agency": "FBI"}
    assert counsel.incidents.record_facts(incident_id, {"law_enforcement_holds": [hold]}).events
    assert counsel.incidents.log_action(incident_id, "Called the insurer").events == 1


def test_a_whole_transaction_is_refused_for_one_entry_in_it(people: World, lead: Service) -> None:
    incident_id = incident(lead)
    counsel = people.as_user("counsel")
    before = people.log.position()
    state = counsel.desk.incident(incident_id)
    events = [FactRecorded(path="law_enforcement_holds", value=[]), FactRecorded(path="affected.total", value=3)]
    with pytest.raises(NotAllowed):
        counsel.desk.record_on_incident(state, events)
    assert people.log.position() == before


def test_the_last_enrollment_that_the_log_has_counts_and_not_what_was_seen_before(world: World, lead: Service) -> None:
    eve = world.as_user("eve")
    incident_id = incident(lead)
    with pytest.raises(NotAllowed, match="not enrolled"):
        eve.incidents.log_action(incident_id, "x")
    lead.case.enroll("eve", "Eve Lund", "counsel")
    assert eve.incidents.log_action(incident_id, "seen at once, without opening the case anew").events == 1


def test_somebody_removed_meanwhile_changes_nothing_and_sees_no_more_than_before(world: World, lead: Service) -> None:
    kim = world.as_user("counsel")
    seen = kim.queries.position
    case = lead.queries.case().stream
    lead.desk.record(case, lead.desk.version(case), [UserRemoved(user="counsel")])
    with pytest.raises(NotAllowed, match="was removed"):
        kim.require("incident.evidence_attached")
    assert kim.queries.position == seen, "what others decided meanwhile must not pass as seen"


def test_injects_belong_to_exercises(people: World) -> None:
    fay = people.as_user("fay")
    with pytest.raises(NotAllowed, match="not an exercise"):
        fay.require("case.inject_delivered")


ROSTER = "Name,Address,City,State,ZIP\nAda Quill,1 Elm St,Chicago,IL,60614\n,2 Elm St,Chicago,IL,60614\n"


def stored(world: World, folder: Path) -> dict[str, bytes]:
    files = {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    return files | world.blobs.kept | {"log": repr(world.log.entries).encode()}


@pytest.mark.parametrize("user", ["eve", "fay", "counsel"])
def test_a_refusal_leaves_the_stored_people_and_documents_byte_for_byte(
    people: World, lead: Service, tmp_path: Path, user: str
) -> None:
    incident_id = incident(lead)
    file = tmp_path / "people.csv"
    file.write_text(ROSTER, encoding="utf-8")
    lead.rosters.import_file(incident_id, file)
    roster = lead.queries.rosters(incident_id)[0].id
    report, _ = lead.notices.draft(incident_id, "hhs_report", ["us.hipaa.hhs"], {}, "c" * 64)
    filing, _ = lead.filings.prepare(report, "us.hipaa.hhs", "HHS")
    other = tmp_path / "more.csv"
    other.write_text(ROSTER.replace("Ada", "Bea"), encoding="utf-8")
    service = people.as_user(user)
    before = stored(people, tmp_path)
    today = (service.clock.now() - timedelta(days=1)).date()
    for act in (
        lambda: service.rosters.import_file(incident_id, other),
        lambda: service.rosters.resolve_quarantine(roster, 3, accept=True, because="x"),
        lambda: service.rosters.resolve_quarantine(roster, 3, accept=False, because="x"),
        lambda: service.rosters.erase(roster, 2, "x"),
        lambda: service.filings.submit(filing, "c" * 64, on=today, channel="portal", receipt=b"receipt"),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert isinstance(refused.value, NotAllowed), refused.value
    assert stored(people, tmp_path) == before
    assert lead.rosters.erase(roster, 2, "asked for").events == 1

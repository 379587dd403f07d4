"""Filings: prepared, filed, receipts, addenda; what regulators were told beside what is known; clocks that wait."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident.errors import ApprovalVoid, InvalidInput, NotAllowed, OutOfOrder
from incident.events import FilingSubmitted
from incident.evidence.documents import documents_of
from incident.evidence.selection import Fate, Selected
from incident.log.upcasts import upcast
from incident.service import Service
from incident.views.ledger import Standing, compare, known_people, ledger
from jurisdictions.obligations import Status
from tests.incident.test_documents import FACTS, OTHER_TEXT, TEXT, approve

TODAY = date(2026, 11, 22)


@pytest.fixture
def counsel(world) -> Service:
    return world.as_user("counsel")


@pytest.fixture
def incident_id(lead: Service) -> UUID:
    return lead.incidents.open("Phished billing mailbox", FACTS)[0]


def prepared(lead: Service, counsel: Service, incident_id: UUID, duty: str = "us.hipaa.hhs") -> UUID:
    notice, _ = lead.notices.draft(incident_id, "hhs_report", [duty], {}, TEXT)
    approve(counsel, lead, notice)
    return lead.filings.prepare(notice, duty, "HHS Secretary")[0]


def filed(lead: Service, counsel: Service, incident_id: UUID, count: int | None = 501, **told) -> UUID:
    filing = prepared(lead, counsel, incident_id)
    lead.filings.submit(filing, TEXT, on=TODAY, channel="portal", count=count, **told)
    return filing


# --- The life of a filing


def test_every_step_of_a_filing_is_in_its_history_with_who_recorded_it(
    lead: Service, counsel: Service, incident_id: UUID
) -> None:
    filing = filed(lead, counsel, incident_id, estimated=True, receipt=b"receipt")
    lead.filings.record_receipt(filing, "T-77", b"letter of HHS")
    notice = lead.queries.filing(filing).notice
    lead.filings.prepare_addendum(filing, notice)
    lead.filings.file_addendum(filing, TEXT, on=TODAY, channel="portal", count=612, estimated=False)
    steps = lead.queries.filing_steps(filing)
    assert [step.act for step in steps] == ["prepared", "filed", "receipt", "addendum_prepared", "addendum_filed"]
    assert {step.by for step in steps} == {"lead"}
    assert [(step.count, step.estimated) for step in steps if step.on] == [(501, True), (612, False)]
    assert [step.receipt_sha256 in lead.blobs for step in steps if step.receipt_sha256] == [True, True]
    row = lead.queries.filing(filing)
    assert (row.tracking, row.count, row.estimated, row.addendum_ready) == ("T-77", 612, False, False)
    told = [line.text for line in lead.queries.timeline(incident_id) if line.topic.startswith("filing.")]
    assert told[1] == "Filed on 2026-11-22 by portal, 501 people (an estimate)"
    assert told[2] == "From the regulator: tracking T-77, receipt"


def test_an_addendum_needs_an_approval_that_covers_its_document_now(
    lead: Service, counsel: Service, incident_id: UUID
) -> None:
    filing = filed(lead, counsel, incident_id)
    lead.incidents.record_facts(incident_id, {"affected.total": 1240})
    with pytest.raises(ApprovalVoid, match="facts"):
        lead.filings.file_addendum(filing, TEXT, on=TODAY, count=1240)
    addendum, _ = lead.notices.draft(incident_id, "hhs_report", ["us.hipaa.hhs"], {}, OTHER_TEXT)
    lead.filings.prepare_addendum(filing, addendum)
    with pytest.raises(ApprovalVoid):
        lead.filings.file_addendum(filing, OTHER_TEXT, on=TODAY, count=1240)
    approve(counsel, lead, addendum, OTHER_TEXT)
    lead.filings.file_addendum(filing, OTHER_TEXT, on=TODAY, count=1240)
    assert lead.queries.filing(filing).count == 1240
    assert lead.queries.filing(filing).filed_on == TODAY, "the date of the report stands"


def test_what_comes_after_a_filing_cannot_come_before_it(lead: Service, counsel: Service, incident_id: UUID) -> None:
    filing = prepared(lead, counsel, incident_id)
    notice = lead.queries.filing(filing).notice
    with pytest.raises(OutOfOrder, match="not filed yet"):
        lead.filings.record_receipt(filing, "T-1")
    with pytest.raises(OutOfOrder, match="not filed yet"):
        lead.filings.prepare_addendum(filing, notice)
    lead.filings.submit(filing, TEXT, on=TODAY, channel="portal")
    with pytest.raises(InvalidInput, match="number, or a receipt"):
        lead.filings.record_receipt(filing, " ")
    with pytest.raises(InvalidInput, match="before the report itself"):
        lead.filings.file_addendum(filing, TEXT, on=date(2026, 11, 21))
    with pytest.raises(InvalidInput, match="no number that could be an estimate"):
        lead.filings.file_addendum(filing, TEXT, on=TODAY, estimated=True)


def test_a_receipt_that_counsel_may_not_record_is_not_kept(lead: Service, counsel: Service, incident_id: UUID) -> None:
    filing = filed(lead, counsel, incident_id)
    counsel.refresh()
    before = dict(lead.blobs.kept)
    with pytest.raises(NotAllowed):
        counsel.filings.record_receipt(filing, "T-1", b"receipt")
    assert lead.blobs.kept == before


def test_an_old_entry_does_not_say_whether_its_number_was_an_estimate() -> None:
    fields = upcast("filing.submitted", {"on": TODAY, "channel": "portal", "count": 501}, stored=1, wanted=2)
    assert FilingSubmitted(**fields).estimated is None


# --- The ledger


@pytest.mark.parametrize(
    ("told", "known", "standing"),
    [
        (501, 501, Standing.AGREES),
        (501, 1240, Standing.DIFFERS),
        (501, None, Standing.OPEN),
        (501, {"min": 500, "max": 1300}, Standing.OPEN),
        (501, {"min": 501, "max": 501}, Standing.OPEN),
        (500, {"min": 501, "max": 1300}, Standing.DIFFERS),
        (1301, {"min": 501, "max": 1300}, Standing.DIFFERS),
        (0, 0, Standing.AGREES),
        (None, 612, Standing.NOT_TOLD),
    ],
)
def test_what_was_told_is_compared_and_unknown_is_never_another_number(told, known, standing) -> None:
    assert compare(told, known) is standing


def test_a_placeholder_is_in_the_ledger_until_an_addendum_tells_the_number(
    lead: Service, counsel: Service, incident_id: UUID
) -> None:
    filing = filed(lead, counsel, incident_id, estimated=True)
    (line,) = ledger(lead.queries, incident_id)
    assert (line.told, line.known, line.addendum_due) == (501, 612, True)
    assert line.words == "Told 501 (an estimate), known now 612: addendum due."
    assert "sets no day for it" in line.rule, "no date is invented"
    lead.filings.file_addendum(filing, TEXT, on=TODAY, count=612)
    (line,) = ledger(lead.queries)
    assert (line.standing, line.addendum_due, line.addenda) == (Standing.AGREES, False, 1)
    lead.incidents.record_facts(incident_id, {"affected.total": {"min": 600, "max": 640}})
    (line,) = ledger(lead.queries)
    assert line.words == "Told 612, known now 600 to 640: the count is not settled."


@pytest.mark.parametrize(("known", "crossed"), [(499, False), (500, True), (501, True)])
def test_a_small_report_that_crosses_five_hundred_says_which_clock_that_means(
    lead: Service, counsel: Service, incident_id: UUID, known: int, *, crossed: bool
) -> None:
    filed(lead, counsel, incident_id, count=40)
    lead.incidents.record_facts(incident_id, {"affected.total": known, "affected.by_state.IL": known})
    (line,) = ledger(lead.queries)
    assert ("original discovery" in line.words) is crossed


def test_other_regulators_are_compared_too_and_no_duty_to_correct_is_invented(
    lead: Service, counsel: Service, incident_id: UUID
) -> None:
    filing = prepared(lead, counsel, incident_id, "il.pipa.hipaa_attorney_general")
    lead.filings.submit(filing, TEXT, on=TODAY, channel="mail", count=600)
    (line,) = ledger(lead.queries)
    assert (line.standing, line.addendum_due) == (Standing.DIFFERS, False)
    assert "ask counsel" in line.rule


def test_the_number_of_a_report_is_that_of_its_state_and_part_2_has_none_of_its_own(
    lead: Service, incident_id: UUID
) -> None:
    facts = lead.queries.facts(incident_id)
    assert known_people("us.hipaa.hhs", facts) == 612
    assert known_people("il.pipa.attorney_general", facts) == 612
    assert known_people("ca.civ1798_82.attorney_general", facts) is None
    assert known_people("ca.hsc1280_15.cdph", facts) == 612, "patients, wherever they live"
    assert known_people("us.part2.hhs", facts) == {"min": 1, "max": 612}


ranges = st.tuples(st.integers(0, 2000), st.integers(0, 2000)).map(sorted)


@given(st.integers(0, 2000), ranges, ranges)
def test_a_range_that_narrows_settles_and_never_takes_a_difference_back(told, wide, narrow) -> None:
    low, high = max(wide[0], narrow[0]), min(wide[1], narrow[1])
    if low > high:
        return
    before = compare(told, {"min": wide[0], "max": wide[1]})
    after = compare(told, {"min": low, "max": high})
    if before is Standing.DIFFERS:
        assert after is Standing.DIFFERS
    assert after is not Standing.AGREES, "a range agrees with nothing"
    for number in {low, high}:
        settled = compare(told, number)
        assert (settled is Standing.AGREES) is (told == number)
        if after is Standing.DIFFERS:
            assert settled is Standing.DIFFERS


def test_every_receipt_is_a_document_of_the_evidence(lead: Service, counsel: Service, incident_id: UUID) -> None:
    filing = filed(lead, counsel, incident_id, receipt=b"first")
    lead.filings.record_receipt(filing, None, b"second")
    lead.filings.file_addendum(filing, TEXT, on=TODAY, count=612, receipt=b"third")
    entries = [Selected(position=n, entry=entry, fate=Fate.DISCLOSED) for n, entry in lead.desk.log.read()]
    found = [each for each in documents_of(entries, personal=lambda _: True) if each.role == "receipt"]
    assert [lead.blobs.get(each.sha256) for each in found] == [b"first", b"second", b"third"]
    assert not any(each.withheld for each in found)


# --- Clocks that wait


def duty(lead: Service, incident_id: UUID, name: str):
    board = lead.queries.board(incident_id, lead.clock.now())
    assert board.assessment is not None
    return board.assessment.get(name)


def test_filing_with_hhs_starts_the_five_business_days_of_the_illinois_attorney_general(
    lead: Service, counsel: Service, incident_id: UUID
) -> None:
    name = "il.pipa.hipaa_attorney_general"
    assert duty(lead, incident_id, name).status is Status.WAITS
    filing = prepared(lead, counsel, incident_id)
    receipt = lead.filings.submit(filing, TEXT, on=TODAY, channel="portal")
    assert duty(lead, incident_id, name).status is Status.DUE
    # Sunday 22 November is day 0; Thursday 26 is Thanksgiving.
    assert duty(lead, incident_id, name).due == date(2026, 11, 30)
    assert any(line.startswith(name) for line in receipt.changes), "the receipt tells it"


def test_telling_californians_starts_the_fifteen_days_of_their_attorney_general(
    lead: Service, counsel: Service
) -> None:
    facts = FACTS | {"affected.by_state.CA": 501, "affected.total": 1113}
    facts |= {"incident.medium": "electronic"}
    incident_id, _ = lead.incidents.open("Phished billing mailbox", facts)
    name = "ca.civ1798_82.attorney_general"
    assert (duty(lead, incident_id, name).status, duty(lead, incident_id, name).waits_on) == (
        Status.WAITS,
        "ca.civ1798_82.individuals",
    )
    lead.incidents.record_facts(incident_id, {"given.ca.civ1798_82.individuals": "2026-11-22"})
    assert duty(lead, incident_id, name).due == date(2026, 12, 7)


def test_an_addendum_starts_no_clock_a_second_time(lead: Service, counsel: Service, incident_id: UUID) -> None:
    filing = filed(lead, counsel, incident_id)
    before = duty(lead, incident_id, "il.pipa.hipaa_attorney_general").due
    receipt = lead.filings.file_addendum(filing, TEXT, on=TODAY, count=612)
    assert receipt.changes == ()
    assert duty(lead, incident_id, "il.pipa.hipaa_attorney_general").due == before


@pytest.mark.parametrize(
    "name",
    [
        "us.hipaa.hhs", "us.part2.hhs", "us.ftc_hbnr.ftc", "il.pipa.attorney_general",
        "il.pipa.hipaa_attorney_general", "ca.civ1798_82.attorney_general", "ca.hsc1280_15.cdph",
        "ny.breach.regulator:attorney_general",
    ],
)  # fmt: skip
def test_each_report_with_its_receipt_is_recorded_and_is_what_its_duty_was_met_by(
    lead: Service, counsel: Service, incident_id: UUID, name: str
) -> None:
    filing = prepared(lead, counsel, incident_id, name)
    lead.filings.submit(filing, TEXT, on=TODAY, channel="portal", tracking="T-1", count=612, receipt=name.encode())
    fact = lead.queries.facts(incident_id)[f"given.{name}"]
    assert (fact.value, fact.source) == ("2026-11-22", f"filing {filing}")
    kept = [step.receipt_sha256 for step in lead.queries.filing_steps(filing) if step.receipt_sha256]
    assert [lead.blobs.get(sha256) for sha256 in kept] == [name.encode()]

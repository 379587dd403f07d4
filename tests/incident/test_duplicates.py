"""Rows that may be one person: a person decides, the counts follow, and every decision can be taken back."""

import random
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select

from incident.errors import InvalidInput, OutOfOrder
from incident.events import PairsKeptApart, PairsSuggested, RowMerged, RowUnmerged
from incident.roster.audit import audit
from incident.roster.duplicates import Duplicates
from incident.roster.person import Address
from incident.roster.reasons import Flag
from incident.roster.record import Status
from incident.roster.tables import pairs as pairs_table
from incident.roster.told import LogOfRosters
from incident.service import Service
from incident.views.queries import RosterRow

HEADINGS = "First Name,Last Name,DOB,Address,City,State,Zip,Deceased,Data Elements\n"
ROWS = (
    "Jonathan,Kowalczyk,1980-02-03,12 Elmbrook Street,Chicago,IL,60614,,ssn\n"  # 2
    "Jonathon,Kowalczyk,1980-02-03,12 Elmbrook St,Chicago,IL,60614,,medical_information\n"  # 3
    "Cleo,Marshwood,1975-07-09,4 Pinecrest Rd,Gary,IN,46402,,\n"  # 4
    "Cleo,Marshwood,1957-07-09,4 Pinecrest Rd,Gary,IN,46402,,\n"  # 5
    "Cleo,Marshwod,1975-07-09,4 Pinecrest Rd,Gary,,,,\n"  # 6: in quarantine, no State
    "Edith,Oakhaven,1931-01-05,9 Larkfield Ave,Evanston,IL,60201,N,\n"  # 7
    "Edith,Oakhaven,1931-05-01,9 Larkfield Ave,Evanston,IL,60201,Y,\n"  # 8
    "Bruno,Fairdale,1990-04-04,1 Quimby Ct,Chicago,IL,60614,,\n"  # 9
    "Bruno,Fairdale,1990-04-04,1 Quimby Ct,Chicago,IL,60614,,\n"  # 10: merged at the import
)


@pytest.fixture
def incident_id(lead: Service) -> UUID:
    return lead.incidents.open("Phished mailbox", {"incident.discovered_at": "2026-11-20T16:10:00-06:00"})[0]


@pytest.fixture
def roster(lead: Service, incident_id: UUID, tmp_path: Path) -> RosterRow:
    path = tmp_path / "export.csv"
    path.write_text(HEADINGS + ROWS, encoding="utf-8")
    lead.rosters.import_file(incident_id, path)
    return now(lead, incident_id)


def now(lead: Service, incident_id: UUID) -> RosterRow:
    return lead.queries.rosters(incident_id)[0]


def affected(lead: Service, incident_id: UUID, what: str = "total") -> object:
    return lead.queries.facts(incident_id)[f"affected.{what}"].value


def faults(lead: Service) -> list[str]:
    log = LogOfRosters()
    for position, entry in lead.desk.log.read():
        log.observe(position, entry)
    return audit(lead.rosters.vault, log.told)


def pairs(lead: Service, roster: RosterRow) -> list[tuple[int, int]]:
    return sorted(pair.rows for pair in lead.duplicates.waiting(roster.id))


def test_pairs_wait_in_the_vault_and_are_counted_in_the_log(lead: Service, roster: RosterRow) -> None:
    assert pairs(lead, roster) == [(2, 3), (4, 5), (4, 6), (5, 6), (7, 8)]
    suggested = [e.event for e in lead.desk.log.stream(roster.id) if isinstance(e.event, PairsSuggested)]
    assert [event.pairs for event in suggested] == [5]
    marked = lead.rosters.vault.people(roster.id, flag=Flag.POSSIBLE_DUPLICATE)
    assert [row.row for row in marked] == [2, 3, 4, 5, 6, 7, 8]
    assert faults(lead) == []


def test_while_pairs_wait_the_counts_are_ranges(lead: Service, incident_id: UUID, roster: RosterRow) -> None:
    # Eight accepted, of whom 3, 5 and 8 may be others; one in quarantine without a State may live in either.
    assert (roster.accepted, roster.quarantined, roster.merged) == (7, 1, 1)
    assert affected(lead, incident_id) == {"min": 4, "max": 8}
    assert affected(lead, incident_id, "by_state.IN") == {"min": 1, "max": 3}
    lead.duplicates.merge(roster.id, 3, 2, "same person, spelled two ways")
    assert affected(lead, incident_id) == {"min": 4, "max": 7}
    lead.duplicates.keep_apart(roster.id, [(7, 8)], "husband and wife")
    assert affected(lead, incident_id) == {"min": 5, "max": 7}


def test_a_merge_leaves_one_person_with_the_data_of_both(lead: Service, incident_id: UUID, roster: RosterRow) -> None:
    lead.duplicates.merge(roster.id, 3, 2, "same person, spelled two ways")
    after = now(lead, incident_id)
    assert (after.accepted, after.merged, after.by_state) == (6, 2, {"IL": 4, "IN": 2})
    assert after.kinds["IL"] == {"": 3, "ssn,medical_information": 1}
    merged, kept = lead.rosters.vault.person(roster.id, 3), lead.rosters.vault.person(roster.id, 2)
    assert (merged.status, merged.merged_into, merged.audience) == (Status.MERGED, 2, None)
    assert kept.elements == ("ssn", "medical_information")
    event = lead.desk.log.stream(roster.id)[-1]
    assert isinstance(event.event, RowMerged)
    assert (event.event.was, event.because) == ("accepted", "same person, spelled two ways")
    letters = [letter.row for letter in lead.rosters.letters(incident_id, lead.clock.now().date())]
    assert letters == [2, 4, 5, 7, 8, 9]
    assert faults(lead) == []


def test_every_merge_can_be_taken_back(lead: Service, incident_id: UUID, roster: RosterRow) -> None:
    before = lead.rosters.vault.person(roster.id, 3), lead.rosters.vault.person(roster.id, 2)
    lead.duplicates.merge(roster.id, 3, 2, "same person")
    left, _ = lead.duplicates.unmerge(roster.id, 3, "the records office says they are brothers")
    assert left == ()
    assert (lead.rosters.vault.person(roster.id, 3), lead.rosters.vault.person(roster.id, 2)) == before
    assert now(lead, incident_id) == roster
    # A merge made at the import as well.
    lead.duplicates.unmerge(roster.id, 10, "two patients, the dates are right")
    after = now(lead, incident_id)
    assert (after.accepted, after.merged, after.by_state["IL"]) == (8, 0, 6)
    event = lead.desk.log.stream(roster.id)[-1].event
    assert isinstance(event, RowUnmerged)
    assert (event.out_of, event.becomes) == (9, "accepted")
    assert faults(lead) == []


def test_a_person_without_a_letter_is_said(world: Any, lead: Service, incident_id: UUID, roster: RosterRow) -> None:
    text = "0" * 64
    notice, _ = lead.notices.draft(incident_id, "individual_letter", ["us.hipaa.individuals"], {"what": "x"}, text)
    lead.notices.submit(notice)
    counsel = world.as_user("counsel")
    counsel.notices.approve(notice, text, [])
    lead.refresh()
    lead.notices.record_rendering(
        notice, content_sha256=text, engine="fake 1", rows=7, documents=7, excluded={},
        files=[("letters.pdf", lead.blobs.put(b"%PDF-1.7"), 8)],
    )  # fmt: skip
    left, _ = lead.duplicates.unmerge(roster.id, 10, "two patients")
    assert left == ("7 letters were printed while row 10 was merged: this person has none; render the letters again",)


def test_the_address_of_either_row_can_win_and_comes_back(lead: Service, incident_id: UUID, roster: RosterRow) -> None:
    before = lead.rosters.vault.person(roster.id, 2)
    lead.duplicates.merge(roster.id, 9, 2, "moved and changed the name", take_address=True)
    moved = lead.rosters.vault.person(roster.id, 2)
    assert moved.person is not None
    assert (moved.person.given_name, moved.person.address.lines) == ("Jonathan", ("1 Quimby Ct",))
    topics = [entry.event.TOPIC for entry in lead.desk.log.stream(roster.id)][-2:]
    assert topics == ["roster.person_corrected", "roster.row_merged"]
    assert faults(lead) == []
    lead.duplicates.unmerge(roster.id, 9, "two people after all")
    after = lead.rosters.vault.person(roster.id, 2)
    assert (after.person, after.state, after.elements) == (before.person, before.state, before.elements)
    assert now(lead, incident_id) == roster
    assert faults(lead) == []


def test_an_address_that_was_corrected_since_stays(lead: Service, roster: RosterRow) -> None:
    lead.duplicates.merge(roster.id, 9, 2, "moved", take_address=True)
    held = lead.rosters.vault.person(roster.id, 2).person
    assert held is not None
    newer = msgspec.structs.replace(held, address=Address(("7 Newbrook Way",), "Chicago", "IL", "60614"))
    lead.people.correct(roster.id, 2, newer, "moved again")
    lead.duplicates.unmerge(roster.id, 9, "two people after all")
    assert lead.rosters.vault.person(roster.id, 2).person == newer
    assert faults(lead) == []


def test_a_merge_with_an_address_that_broke_off_is_completed(lead: Service, roster: RosterRow) -> None:
    Duplicates(lead.rosters.vault).merge(roster.id, 9, 2, lead.clock.now().date(), take_address=True)
    lead.duplicates.merge(roster.id, 9, 2, "moved", take_address=True)
    assert faults(lead) == []
    lead.duplicates.unmerge(roster.id, 9, "two people after all")
    assert faults(lead) == []


def test_a_row_in_quarantine_goes_back_there(lead: Service, incident_id: UUID, roster: RosterRow) -> None:
    lead.duplicates.merge(roster.id, 6, 4, "same person, State missing")
    assert (now(lead, incident_id).quarantined, now(lead, incident_id).merged) == (0, 2)
    assert affected(lead, incident_id, "by_state.IL") == {"min": 3, "max": 5}
    lead.duplicates.unmerge(roster.id, 6, "a mistake")
    assert lead.rosters.vault.person(roster.id, 6).status is Status.QUARANTINED
    assert now(lead, incident_id) == roster
    with pytest.raises(OutOfOrder, match="row 6: it is to be the one person"):
        lead.duplicates.merge(roster.id, 4, 6, "same person")
    assert faults(lead) == []


def test_the_living_and_the_dead_are_never_merged(lead: Service, roster: RosterRow) -> None:
    for row, into in ((7, 8), (8, 7)):
        with pytest.raises(InvalidInput, match="one is deceased and the other is not"):
            lead.duplicates.merge(roster.id, row, into, "I am sure")
    assert lead.rosters.vault.person(roster.id, 8).status is Status.ACCEPTED


def test_rows_merged_into_a_merged_row_go_along(lead: Service, incident_id: UUID, roster: RosterRow) -> None:
    lead.duplicates.merge(roster.id, 6, 5, "same person")
    lead.duplicates.merge(roster.id, 5, 4, "same person, digits of the year exchanged")
    assert pairs(lead, roster) == [(2, 3), (7, 8)]
    with pytest.raises(OutOfOrder, match="row 5, which it went into, was merged into row 4"):
        lead.duplicates.unmerge(roster.id, 6, "a mistake")
    lead.duplicates.unmerge(roster.id, 5, "a mistake")
    assert pairs(lead, roster) == [(2, 3), (4, 5), (7, 8)]
    lead.duplicates.merge(roster.id, 5, 4, "no mistake")
    lead.rosters.erase(roster.id, 6, "request granted")
    gone = [row.row for row in lead.rosters.vault.people(roster.id, status=Status.ERASED)]
    assert gone == [4, 5, 6]
    with lead.rosters.vault._reading() as connection:
        kept = connection.execute(select(pairs_table.c.low, pairs_table.c.reasons).order_by(pairs_table.c.low)).all()
    assert [low for low, reasons in kept if not reasons] == [4, 4, 5], "what the erased had in common is gone"
    assert faults(lead) == []


def test_two_people_are_kept_apart_and_the_question_can_be_opened_again(
    lead: Service, incident_id: UUID, roster: RosterRow
) -> None:
    lead.duplicates.keep_apart(roster.id, [(5, 4)], "mother and daughter")
    assert (4, 5) not in pairs(lead, roster)
    assert lead.duplicates.apart(roster.id) == ((4, 5),)
    with pytest.raises(InvalidInput, match="rows 4 and 5: they are not a pair that waits"):
        lead.duplicates.keep_apart(roster.id, [(4, 5)], "again")
    lead.duplicates.reopen(roster.id, [(4, 5)], "the desk was wrong")
    assert (4, 5) in pairs(lead, roster)
    with pytest.raises(InvalidInput, match="rows 4 and 5: they were not kept apart"):
        lead.duplicates.reopen(roster.id, [(4, 5)], "again")
    assert faults(lead) == []


def test_all_pairs_below_a_score_are_kept_apart_at_once(lead: Service, roster: RosterRow) -> None:
    waiting = lead.duplicates.waiting(roster.id)
    limit = waiting[0].score
    below = {pair.rows for pair in waiting if pair.score < limit}
    assert below
    lead.duplicates.keep_apart_below(roster.id, limit, "looked through, all families")
    assert set(lead.duplicates.apart(roster.id)) == below
    event = lead.desk.log.stream(roster.id)[-1].event
    assert isinstance(event, PairsKeptApart)
    assert event.below == limit
    with pytest.raises(InvalidInput, match="below: no pair that waits"):
        lead.duplicates.keep_apart_below(roster.id, limit, "again")


def test_every_decision_asks_for_its_reason(lead: Service, roster: RosterRow) -> None:
    for act in (
        lambda: lead.duplicates.merge(roster.id, 3, 2, " "),
        lambda: lead.duplicates.unmerge(roster.id, 10, ""),
        lambda: lead.duplicates.keep_apart(roster.id, [(2, 3)], ""),
        lambda: lead.duplicates.reopen(roster.id, [(2, 3)], ""),
    ):
        with pytest.raises(InvalidInput, match="because"):
            act()


def test_what_broke_off_between_vault_and_log_is_completed_by_giving_it_again(
    lead: Service, incident_id: UUID, roster: RosterRow
) -> None:
    vault = Duplicates(lead.rosters.vault)
    on = lead.clock.now().date()
    vault.merge(roster.id, 3, 2, on)
    assert any("its rows are not as many as the log counts" in fault for fault in faults(lead))
    lead.duplicates.merge(roster.id, 3, 2, "same person")
    assert (now(lead, incident_id).merged, faults(lead)) == (2, [])
    vault.unmerge(roster.id, 3, Status.ACCEPTED, on)
    assert faults(lead) != []
    lead.duplicates.unmerge(roster.id, 3, "two people")
    assert (now(lead, incident_id), faults(lead)) == (roster, [])
    vault.set_apart(roster.id, [(4, 5)], apart=True)
    assert any("rows 4 and 5 are two people: the log does not say so" in fault for fault in faults(lead))
    lead.duplicates.keep_apart(roster.id, [(4, 5)], "mother and daughter")
    assert faults(lead) == []


def test_the_audit_notices_pairs_that_were_hidden(lead: Service, roster: RosterRow) -> None:
    Duplicates(lead.rosters.vault).keep(roster.id, [])
    assert any("its pairs of rows that may be one person" in fault for fault in faults(lead))


def test_nothing_is_lost_whatever_is_decided(lead: Service, incident_id: UUID, roster: RosterRow) -> None:
    """in = accepted + quarantined + merged, by the log and by the vault, after every decision and reversal."""
    chance = random.Random(11)
    vault = lead.rosters.vault
    done = 0
    for _ in range(60):
        rows = range(2, 11)
        try:
            match chance.choice(("merge", "merge", "unmerge", "apart", "reopen", "exclude", "accept")):
                case "merge":
                    lead.duplicates.merge(roster.id, chance.choice(rows), chance.choice(rows), "one person")
                case "unmerge":
                    lead.duplicates.unmerge(roster.id, chance.choice(rows), "two people")
                case "apart":
                    lead.duplicates.keep_apart(roster.id, [(chance.choice(rows), chance.choice(rows))], "two people")
                case "reopen":
                    lead.duplicates.reopen(roster.id, [(chance.choice(rows), chance.choice(rows))], "not sure")
                case "accept":
                    lead.rosters.resolve_quarantine(roster.id, 6, accept=True, because="State unknown")
                case _:
                    if done > 30:
                        lead.rosters.resolve_quarantine(roster.id, 6, accept=False, because="a copy")
            done += 1
        except (InvalidInput, OutOfOrder):
            pass
        after = now(lead, incident_id)
        assert after.rows_in == after.accepted + after.quarantined + after.merged == 9
        counts = {status: vault.count(roster.id, status=status) for status in Status}
        assert (counts[Status.ACCEPTED], counts[Status.MERGED]) == (after.accepted, after.merged)
        assert counts[Status.QUARANTINED] + counts[Status.EXCLUDED] == after.quarantined
        assert {state: n for state, n in vault.by_state(roster.id).items() if n} == after.by_state
        assert faults(lead) == []
    assert done > 10

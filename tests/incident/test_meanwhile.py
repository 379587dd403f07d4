"""Several people at one case: nobody decides on what they were not shown, and nobody is held up without need."""

import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from incident import verification
from incident.errors import RecordedMeanwhile
from incident.events import Entry
from incident.service import Service
from incident.verification import verify_case
from tests.incident.conftest import World
from tests.incident.evidence.conftest import lived
from tests.incident.evidence.life import opened

__all__ = ["lived"]

FACTS = {
    "incident.discovered_at": "2026-11-20T16:10:00-06:00",
    "incident.data_elements": ["name", "medical_information"],
    "incident.risk_assessment": "breach",
}
LIST = "First Name,Last Name,DOB,Address,City,State,Zip\n"
PEOPLE = "Ana,Kowalczyk,1980-02-03,{} Elm St,Chicago,IL,60614\n"


@pytest.fixture
def counsel(world: World, lead: Service) -> Service:
    return world.as_user("counsel")


def test_a_decision_without_what_somebody_recorded_is_refused_and_names_it(world: World, lead: Service):
    incident, _ = lead.incidents.open("Phished billing mailbox", FACTS)
    other = world.as_user("lead")
    fact = other.incidents.record_facts(incident, {"incident.encrypted": True})
    number = next(row.position for row in other.queries.timeline(after=fact.position - fact.events)
                  if "incident.encrypted" in row.text)  # fmt: skip
    with pytest.raises(RecordedMeanwhile) as refused:
        lead.incidents.decide(incident, "notify", "the mailbox held treatment notes")
    assert refused.value.by == "lead"
    assert refused.value.number >= number
    assert str(refused.value).startswith(f"lead recorded #{refused.value.number} (")
    assert str(refused.value).endswith("meanwhile; look at it and try again.")
    assert lead.queries.facts(incident)["incident.encrypted"].value is True  # it is shown now
    lead.incidents.decide(incident, "notify", "the mailbox held treatment notes")


def test_what_somebody_recorded_elsewhere_is_no_reason(world: World, lead: Service):
    incident, _ = lead.incidents.open("Phished billing mailbox", FACTS)
    elsewhere, _ = lead.incidents.open("Lost laptop", FACTS)
    other = world.as_user("lead")
    other.incidents.record_facts(elsewhere, {"incident.encrypted": True})
    lead.incidents.decide(incident, "notify", "the mailbox held treatment notes")


def test_a_line_for_the_log_is_never_held_up(world: World, lead: Service):
    incident, _ = lead.incidents.open("Phished billing mailbox", FACTS)
    other = world.as_user("lead")
    for number in range(3):
        other.incidents.log_action(incident, f"Call {number}")
        lead.incidents.log_action(incident, f"Answer {number}")
        lead.incidents.attach_evidence(incident, f"{number}.txt", b"x")


def test_approving_without_having_seen_a_revision_is_refused(world: World, lead: Service, counsel: Service):
    incident, _ = lead.incidents.open("Phished billing mailbox", FACTS)
    notice, _ = lead.notices.draft(incident, "individual_letter", ["us.hipaa.individuals"], {"what": "x"}, "a" * 64)
    lead.notices.submit(notice)
    counsel.refresh()
    lead.notices.revise(notice, {"what": "y"}, "b" * 64)
    lead.notices.submit(notice)
    with pytest.raises(RecordedMeanwhile, match="lead recorded"):
        counsel.notices.request_changes(notice, "Say nothing of the vendor")


def test_an_import_is_not_lost_because_somebody_records(world: World, lead: Service, tmp_path: Path):
    incident, _ = lead.incidents.open("Phished billing mailbox", FACTS)
    other = world.as_user("lead")
    file = tmp_path / "list.csv"
    file.write_text(LIST + "".join(PEOPLE.format(number) for number in range(30)))
    told = []

    def meanwhile(progress: object) -> None:
        told.append(progress)
        other.incidents.record_facts(incident, {"affected.by_state.IN": len(told)})

    lead.rosters.import_file(incident, file, progress=meanwhile)
    assert told
    facts = lead.queries.facts(incident)
    assert facts["affected.by_state.IL"].source == "roster list.csv"
    assert facts["affected.by_state.IN"].value is not None


def test_a_list_that_somebody_else_imported_is_not_swept_away(world: World, lead: Service, tmp_path: Path):
    """Whoever imports removes what broke off before: what is in the log by then has not."""
    incident, _ = lead.incidents.open("Phished billing mailbox", FACTS)
    other = world.as_user("lead")
    for number, service in enumerate((other, lead)):
        file = tmp_path / f"{number}.csv"
        file.write_text(LIST + PEOPLE.format(number))
        service.rosters.import_file(incident, file)
    assert len(lead.queries.rosters(incident)) == 2
    for roster in lead.queries.rosters(incident):
        assert world.vault.count(roster.id) == 1


# --- Decisions on people


@pytest.fixture
def pairs(lead: Service, tmp_path: Path) -> tuple[UUID, UUID]:
    """An incident with a list in which rows 2 and 3, and rows 4 and 5, may be one person each."""
    incident, _ = lead.incidents.open("Phished billing mailbox", FACTS)
    file = tmp_path / "list.csv"
    alike = "".join(f"Cleo,Marshwood,{born},4 Pinecrest Rd,Gary,IN,46402\n" for born in ("1975-07-09", "1957-07-09"))
    file.write_text(LIST + PEOPLE.format(7) + PEOPLE.replace("Ana", "Anna").format(7) + alike)
    lead.rosters.import_file(incident, file)
    (roster,) = lead.queries.rosters(incident)
    assert {pair.rows for pair in lead.duplicates.waiting(roster.id)} == {(2, 3), (4, 5)}
    return incident, roster.id


def test_returned_mail_is_taken_in_although_somebody_records(
    world: World, lead: Service, pairs: tuple[UUID, UUID], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    incident, roster = pairs
    other = world.as_user("lead")
    file = tmp_path / "returned.csv"
    reference = lead.queries.incident(incident).reference
    file.write_text(f"code,new_address,new_city,new_state,new_zip\n{reference}-1-000002,9 Elm St,Gary,IN,46402\n")
    append, others = world.log.append, [lambda: other.incidents.record_facts(incident, {"incident.encrypted": True})]

    def first_the_other(entries: Sequence[Entry]) -> int:
        if others and any(entry.originator_id == roster for entry in entries):
            others.pop()()  # between the vault and the log
        return append(entries)

    monkeypatch.setattr(world.log, "append", first_the_other)
    done, receipt = lead.returned_mail.record(incident, file)
    assert (done.matched, done.forwarded, others) == (1, 1, [])
    assert receipt.events
    held = world.vault.person(roster, 2)
    assert held.person is not None
    assert held.person.address.lines == ("9 Elm St",)
    assert world.vault.unrecorded_rows(roster) == {}


def test_decisions_on_other_rows_do_not_hold_up_one_another(world: World, lead: Service, pairs: tuple[UUID, UUID]):
    _, roster = pairs
    other = world.as_user("lead")
    other.duplicates.keep_apart(roster, [(4, 5)], "twins")
    lead.duplicates.merge(roster, 3, 2, "one person")
    other.duplicates.reopen(roster, [(4, 5)], "asked again")
    lead.duplicates.unmerge(roster, 3, "two people after all")
    other.refresh()
    assert {pair.rows for pair in other.duplicates.waiting(roster)} == {(2, 3), (4, 5)}


def test_nobody_decides_over_a_decision_on_the_same_rows_that_they_were_not_shown(
    world: World, lead: Service, pairs: tuple[UUID, UUID]
):
    _, roster = pairs
    other = world.as_user("lead")
    other.duplicates.keep_apart(roster, [(2, 3)], "sisters")
    with pytest.raises(RecordedMeanwhile, match=r"lead recorded #\d+ \(Rows 2 and 3.*\) meanwhile"):
        lead.duplicates.merge(roster, 3, 2, "one person")
    assert world.vault.unrecorded_rows(roster) == {}, "the vault is as it was"
    lead.duplicates.merge(roster, 3, 2, "one person, having seen it")
    with pytest.raises(RecordedMeanwhile):
        other.duplicates.reopen(roster, [(2, 3)], "pressed the wrong key")


# --- Verifying while others work


def test_what_somebody_is_about_to_record_is_no_fault(lived: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The vault has an erasure that the log gets a moment later; meanwhile somebody verifies."""
    path = Path(shutil.copytree(lived, tmp_path / "case"))
    with opened(path) as life, opened(path) as other:
        roster = other.dana.queries.rosters(other.incident_id)[0].id
        append, look = other.case.log.append, verification._look
        held: list[Sequence[Entry]] = []
        seen: list[tuple[str, ...]] = []

        def looks(*args: Any, **options: Any) -> Any:
            found = look(*args, **options)
            seen.append(found.problems)
            if held:  # the other one goes on just after the first look
                append(held.pop())
            return found

        def waits(entries: Sequence[Entry]) -> int:
            held.append(entries)
            assert verify_case(life.case).problems == ()
            return life.case.log.position()

        monkeypatch.setattr(verification, "_look", looks)
        monkeypatch.setattr(other.case.log, "append", waits)
        other.dana.rosters.erase(roster, 2, "the person asked for it")
        assert [bool(problems) for problems in seen] == [True, False]


def test_a_fault_that_stays_is_reported_even_while_others_work(lived: Path, tmp_path: Path):
    path = Path(shutil.copytree(lived, tmp_path / "case"))
    with opened(path) as life, opened(path) as other:
        with sqlite3.connect(path / "vault.db") as raw:
            raw.execute("UPDATE people SET state = 'CA' WHERE status = 'accepted'")
        other.dana.incidents.log_action(other.incident_id, "At work")
        assert any("State" in problem for problem in verify_case(life.case).problems)

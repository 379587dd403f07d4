"""People on two lists of one incident: found, told, decided; one letter and one count each."""

import random
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from incident.errors import InvalidInput, OutOfOrder, RecordedMeanwhile
from incident.events import PairsAcrossSuggested, RowLinked
from incident.roster.audit import audit
from incident.roster.record import Status
from incident.roster.tables import pairs_across
from incident.roster.told import LogOfRosters
from incident.service import Service

HEADINGS = "First Name,Last Name,DOB,Address,City,State,Zip,Deceased,Data Elements\n"
BILLING = (
    "Jonathan,Kowalczyk,1980-02-03,12 Elmbrook Street,Chicago,IL,60614,,ssn\n"  # 2
    "Cleo,Marshwood,1975-07-09,4 Pinecrest Rd,Gary,IN,46402,,ssn\n"  # 3
    "Bruno,Fairdale,1990-04-04,1 Quimby Ct,Chicago,IL,60614,,ssn\n"  # 4
    "Edith,Oakhaven,1931-01-05,9 Larkfield Ave,Evanston,IL,60201,N,ssn\n"  # 5
)
CHARTS = (
    "Ulrike,Vandermeer,1966-06-06,77 Sable Way,Joliet,IL,60432,,medical_information\n"  # 2
    "Jonathon,Kowalczyk,1980-02-03,12 Elmbrook St,Chicago,IL,60614,,medical_information\n"  # 3: billing 2
    "Cleo,Marshwood,1975-07-09,4 Pinecrest Rd,Gary,IN,46402,,medical_information\n"  # 4: billing 3
    "Edith,Oakhaven,1931-01-05,9 Larkfield Ave,Evanston,IL,60201,Y,medical_information\n"  # 5: billing 5, dead
)


@pytest.fixture
def incident(lead: Service) -> UUID:
    return lead.incidents.open("Phished mailbox", {"incident.discovered_at": "2026-11-20T16:10:00-06:00"})[0]


@pytest.fixture
def lists(lead: Service, incident: UUID, tmp_path: Path) -> tuple[UUID, UUID]:
    for name, rows in (("billing.csv", BILLING), ("charts.csv", CHARTS)):
        (tmp_path / name).write_text(HEADINGS + rows, encoding="utf-8")
        lead.rosters.import_file(incident, tmp_path / name)
    billing, charts = lead.queries.rosters(incident)
    return billing.id, charts.id


def affected(lead: Service, incident: UUID, what: str = "total") -> object:
    return lead.queries.facts(incident)[f"affected.{what}"].value


def pairs(lead: Service, incident: UUID) -> set[tuple[int, int]]:
    return {(old[1], new[1]) for old, new in (each.people for each in lead.across.waiting(incident))}


def letters(lead: Service, incident: UUID) -> int:
    return sum(1 for _ in lead.rosters.letters(incident, lead.clock.now().date()))


def faults(lead: Service) -> list[str]:
    log = LogOfRosters()
    for position, entry in lead.desk.log.read():
        log.observe(position, entry)
    return audit(lead.rosters.vault, log.told)


def test_whoever_may_stand_on_two_lists_is_found_and_told(lead: Service, incident: UUID, tmp_path: Path) -> None:
    for name, rows in (("billing.csv", BILLING), ("charts.csv", CHARTS)):
        (tmp_path / name).write_text(HEADINGS + rows, encoding="utf-8")
        report, _ = lead.rosters.import_file(incident, tmp_path / name)
    assert (report.review, report.across) == (0, 3)
    assert pairs(lead, incident) == {(2, 3), (3, 4), (5, 5)}
    (_, charts) = lead.queries.rosters(incident)
    told = [e.event for e in lead.desk.log.stream(charts.id) if isinstance(e.event, PairsAcrossSuggested)]
    assert [event.pairs for event in told] == [3]
    assert faults(lead) == []


def test_until_it_is_decided_the_counts_are_ranges(lead: Service, incident: UUID, lists: tuple[UUID, UUID]) -> None:
    assert affected(lead, incident) == {"min": 5, "max": 8}
    assert affected(lead, incident, "by_state.IN") == {"min": 1, "max": 2}
    billing, charts = lists
    lead.across.keep_apart(incident, [((billing, 2), (charts, 3))], "father and son")
    assert affected(lead, incident) == {"min": 6, "max": 8}
    assert pairs(lead, incident) == {(3, 4), (5, 5)}
    lead.across.reopen(incident, [((billing, 2), (charts, 3))], "pressed the wrong key")
    assert affected(lead, incident) == {"min": 5, "max": 8}
    assert faults(lead) == []


def test_one_person_gets_one_letter_counts_once_and_has_the_data_of_both(
    lead: Service, incident: UUID, lists: tuple[UUID, UUID]
) -> None:
    billing, charts = lists
    assert letters(lead, incident) == 8
    lead.across.link((charts, 4), (billing, 3), "one date of birth, one address")
    first, second = lead.queries.rosters(incident)
    assert (second.rows_in, second.accepted, second.merged) == (4, 3, 1)
    assert (first.by_state, second.by_state) == ({"IL": 3, "IN": 1}, {"IL": 3})
    assert affected(lead, incident, "by_state.IN") == 1
    assert affected(lead, incident) == {"min": 5, "max": 7}
    assert letters(lead, incident) == 7
    held = lead.rosters.vault.person(charts, 4)
    assert (held.status, held.merged_into, held.audience) == (Status.MERGED, None, None)
    assert lead.rosters.vault.person(billing, 3).elements == ("ssn", "medical_information")
    assert first.kinds["IN"] == {"ssn,medical_information": 1}
    assert pairs(lead, incident) == {(2, 3), (5, 5)}
    assert faults(lead) == []


def test_it_can_be_taken_back(lead: Service, incident: UUID, lists: tuple[UUID, UUID]) -> None:
    billing, charts = lists
    before = lead.rosters.vault.person(charts, 4)
    lead.across.link((charts, 4), (billing, 3), "one person")
    with pytest.raises(OutOfOrder, match="already"):
        lead.across.link((charts, 4), (billing, 3), "again")
    left, _ = lead.across.unlink((charts, 4), "the records office says they are cousins")
    assert left == (
        "row 3 of billing.csv keeps the kinds of data that came with the link: correct them where they are not theirs",
    )
    assert lead.rosters.vault.person(charts, 4) == before
    assert pairs(lead, incident) == {(2, 3), (3, 4), (5, 5)}
    assert affected(lead, incident) == {"min": 5, "max": 8}
    assert faults(lead) == []
    with pytest.raises(OutOfOrder, match="not the person of another list"):
        lead.across.unlink((charts, 4), "again")


def test_whoever_says_the_same_on_both_lists_is_linked_in_one_go(
    lead: Service, incident: UUID, lists: tuple[UUID, UUID]
) -> None:
    billing, charts = lists
    assert [each.people for each in lead.across.identical(incident)] == [((billing, 3), (charts, 4))]
    linked, receipt = lead.across.link_identical(incident, "the same name, date of birth and address")
    assert (linked, receipt.events > 0) == (1, True)
    assert pairs(lead, incident) == {(2, 3), (5, 5)}, "who is only alike waits for a person"
    assert lead.rosters.vault.person(billing, 3).elements == ("ssn", "medical_information")
    assert faults(lead) == []
    with pytest.raises(InvalidInput, match="nobody stands on two lists"):
        lead.across.link_identical(incident, "again")


def test_what_somebody_records_meanwhile_does_not_lose_links_that_are_begun(
    world: Any, lead: Service, incident: UUID, lists: tuple[UUID, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, charts = lists
    other, append = world.as_user("lead"), world.log.append
    others = [lambda: other.incidents.record_facts(incident, {"incident.encrypted": True})]

    def first_the_other(entries: Any) -> int:
        if others and any(entry.originator_id == charts for entry in entries):
            others.pop()()  # between the vault and the log
        return append(entries)  # type: ignore[no-any-return]

    monkeypatch.setattr(world.log, "append", first_the_other)
    linked, receipt = lead.across.link_identical(incident, "two exports")
    assert (linked, others, receipt.events > 0) == (1, [], True)
    assert faults(lead) == []
    assert affected(lead, incident, "by_state.IN") == 1


def test_three_lists_of_one_person_come_to_one_letter(lead: Service, incident: UUID, tmp_path: Path) -> None:
    for number in range(3):
        path = tmp_path / f"{number}.csv"
        path.write_text(HEADINGS + BILLING + "\n" * number, encoding="utf-8")
        lead.rosters.import_file(incident, path)
    assert letters(lead, incident) == 12
    linked, _ = lead.across.link_identical(incident, "three exports of one system")
    assert (linked, letters(lead, incident)) == (8, 4)
    assert affected(lead, incident) == 4
    assert [roster.merged for roster in lead.queries.rosters(incident)] == [0, 4, 4]
    assert faults(lead) == []


def test_the_living_are_never_made_one_with_the_dead(lead: Service, incident: UUID, lists: tuple[UUID, UUID]) -> None:
    billing, charts = lists
    with pytest.raises(InvalidInput, match="one is deceased and the other is not"):
        lead.across.link((charts, 5), (billing, 5), "one person")
    with pytest.raises(InvalidInput, match="because"):
        lead.across.link((charts, 3), (billing, 2), " ")
    with pytest.raises(InvalidInput, match="two lists"):
        lead.across.link((billing, 3), (billing, 2), "one person")
    with pytest.raises(InvalidInput, match="rows 4 and 2 of two lists: not a pair that waits"):
        lead.across.keep_apart(incident, [((billing, 4), (charts, 2))], "two people")
    assert letters(lead, incident) == 8


def test_a_pair_follows_merges_and_links(
    lead: Service, incident: UUID, lists: tuple[UUID, UUID], tmp_path: Path
) -> None:
    """A third list with the same person: once two of the three are one, one pair is left."""
    path = tmp_path / "portal.csv"
    path.write_text(HEADINGS + BILLING.splitlines(keepends=True)[1], "utf-8")
    billing, charts = lists
    lead.rosters.import_file(incident, path)
    portal = lead.queries.rosters(incident)[2].id
    about = lambda: {each.people for each in lead.across.waiting(incident) if (portal, 2) in each.people}  # noqa: E731
    assert about() == {((billing, 3), (portal, 2)), ((charts, 4), (portal, 2))}
    assert affected(lead, incident, "by_state.IN") == {"min": 1, "max": 3}
    lead.across.link((charts, 4), (billing, 3), "one person")
    assert about() == {((billing, 3), (portal, 2))}
    assert affected(lead, incident, "by_state.IN") == {"min": 1, "max": 2}
    lead.across.link((portal, 2), (billing, 3), "one person")
    assert about() == set()
    assert affected(lead, incident, "by_state.IN") == 1
    assert faults(lead) == []


def test_what_broke_off_between_vault_and_log_is_completed_by_the_same_command(
    world: Any, lead: Service, incident: UUID, lists: tuple[UUID, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    billing, charts = lists

    def dies(_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(world.log, "append", dies)
        with pytest.raises(KeyboardInterrupt):
            lead.across.link((charts, 4), (billing, 3), "one person")
    assert faults(lead) != []
    lead.across.link((charts, 4), (billing, 3), "one person")
    assert faults(lead) == []
    assert affected(lead, incident, "by_state.IN") == 1
    (event,) = (e.event for e in lead.desk.log.stream(charts) if isinstance(e.event, RowLinked))
    assert (event.was, event.counted is not None and event.counted.state) == ("accepted", "IN")


def test_nobody_decides_over_what_they_were_not_shown(
    world: Any, lead: Service, incident: UUID, lists: tuple[UUID, UUID]
) -> None:
    billing, charts = lists
    other = world.as_user("lead")
    other.across.link((charts, 4), (billing, 3), "one person")
    with pytest.raises(RecordedMeanwhile):
        lead.across.keep_apart(incident, [((billing, 3), (charts, 4))], "twins")
    other.across.keep_apart(incident, [((billing, 2), (charts, 3))], "father and son")
    lead.people.erase(charts, 2, "the person asked for it")


def test_a_pair_kept_apart_by_somebody_else_is_not_linked_over_their_head(
    world: Any, lead: Service, incident: UUID, lists: tuple[UUID, UUID]
) -> None:
    billing, charts = lists
    world.as_user("lead").across.keep_apart(incident, [((billing, 3), (charts, 4))], "twins")
    with pytest.raises(RecordedMeanwhile):
        lead.across.link((charts, 4), (billing, 3), "one person")


def test_a_row_that_also_waits_in_its_own_list_can_be_linked(lead: Service, incident: UUID, tmp_path: Path) -> None:
    headings = "First Name,Last Name,DOB,Address,City,State,Zip\n"
    cleo = "Marsh{},1975-07-09,4 Pinecrest Rd,Gary,IN,46402\n"
    for name, rows in (
        ("one.csv", "Cleo," + cleo.format("wood")),
        (
            "two.csv",
            "Cleo,"
            + cleo.format("wood")
            + "Cleo,"
            + cleo.format("wod")
            + "Bo,Fairdale,1990-04-04,1 A St,Gary,IN,46402\n",
        ),
    ):
        (tmp_path / name).write_text(headings + rows)
        lead.rosters.import_file(incident, tmp_path / name)
    one, two = (row.id for row in lead.queries.rosters(incident)[-2:])
    assert [pair.rows for pair in lead.duplicates.waiting(two)] == [(2, 3)]
    lead.across.link((two, 2), (one, 2), "the same")
    assert lead.duplicates.waiting(two) == ()
    assert [{person for _, person in pair.people} for pair in lead.across.waiting(incident)] == [{2, 3}]


def test_erasing_a_person_erases_their_rows_on_other_lists(
    lead: Service, incident: UUID, lists: tuple[UUID, UUID]
) -> None:
    billing, charts = lists
    lead.across.link((charts, 4), (billing, 3), "one person")
    lead.people.erase(charts, 4, "the person asked for it")
    vault = lead.rosters.vault
    assert {vault.person(*key).status for key in ((billing, 3), (charts, 4))} == {Status.ERASED}
    with vault._reading() as connection:
        kept = connection.execute(pairs_across.select()).all()
    assert sorted(each.score > 0 for each in kept) == [False, True, True]
    assert affected(lead, incident, "by_state.IN") == 1, "the person was affected"
    assert faults(lead) == []


def test_returned_mail_of_a_linked_row_is_about_the_person_that_stays(
    lead: Service, incident: UUID, lists: tuple[UUID, UUID], tmp_path: Path
) -> None:
    billing, charts = lists
    lead.across.link((charts, 4), (billing, 3), "one person")
    reference = lead.queries.incident(incident).reference
    path = tmp_path / "returned.csv"
    path.write_text(f"code\n{reference}-2-000004\n")
    done, _ = lead.returned_mail.record(incident, path)
    assert (done.matched, done.lines[0].rows) == (1, ((1, 3),))
    assert affected(lead, incident, "insufficient_contact") == 1


def test_pairs_hidden_from_the_review_are_found_by_the_audit(
    lead: Service, incident: UUID, lists: tuple[UUID, UUID]
) -> None:
    assert lists
    with lead.rosters.vault._writing() as connection:
        connection.execute(pairs_across.delete().where(pairs_across.c.score > 0))
    assert any("pairs of rows across lists" in fault for fault in faults(lead))


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_decided_every_row_has_one_place_and_the_counts_hold(
    lead: Service, incident: UUID, lists: tuple[UUID, UUID], seed: int
) -> None:
    """in = accepted + quarantined + merged of each list; as many letters as people; the range holds the number."""
    chance = random.Random(seed)
    vault = lead.rosters.vault
    for _ in range(25):
        rows = [(roster, row) for roster in lists for row in range(2, 6)]
        one, other = chance.sample(rows, 2)
        act = chance.choice(("link", "unlink", "apart", "reopen", "merge", "unmerge", "all"))
        with suppress(InvalidInput, OutOfOrder):
            match act:
                case "link":
                    lead.across.link(one, other, "x")
                case "unlink":
                    lead.across.unlink(one, "x")
                case "apart":
                    lead.across.keep_apart(incident, [(one, other)], "x")
                case "reopen":
                    lead.across.reopen(incident, [(one, other)], "x")
                case "merge":
                    lead.duplicates.merge(one[0], one[1], other[1], "x")
                case "unmerge":
                    lead.duplicates.unmerge(*one, "x")
                case _:
                    lead.across.link_identical(incident, "x")
        held = lead.queries.rosters(incident)
        assert all(each.rows_in == 4 == each.accepted + each.quarantined + each.merged for each in held)
        accepted = sum(vault.count(roster, status=Status.ACCEPTED) for roster in lists)
        assert accepted == sum(each.accepted for each in held) == letters(lead, incident)
        told = affected(lead, incident)
        low, high = (told["min"], told["max"]) if isinstance(told, dict) else (told, told)
        assert low <= accepted == high
    assert faults(lead) == []

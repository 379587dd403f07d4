"""Letters come back, calls are made, addresses are found: who can be reached in writing follows by itself."""

import csv
import json
from datetime import date
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from incident.commands.exporting import ExportCancelled, ExportProgress
from incident.errors import InvalidInput, OutOfOrder
from incident.roster.contact import ENDORSEMENTS, Kind, read_endorsement
from incident.roster.export import neutral, original
from incident.roster.person import Address
from incident.roster.reasons import Flag
from incident.roster.returned import read_returned
from incident.service import Service
from tests.incident.roster.test_hostile import FORMULAS, MARKUP, ORDERS, harmless

HEADINGS = "First Name,Last Name,DOB,Address,City,State,Zip,Deceased,Next of Kin Name,Next of Kin Address 1,"
HEADINGS += "Next of Kin City,Next of Kin State,Next of Kin Zip,Email,Email Consent,Guardian Name\n"
TODAY = date(2026, 11, 22)
NEWER = Address(("1 New St",), "Gary", "IN", "46402")
NAMES = (
    "Ada", "Bea", "Cal", "Dov", "Eva", "Fay", "Gil", "Hal", "Ida", "Jon", "Kay", "Lea", "Max", "Ned", "Ola",
)  # fmt: skip
UNALIKE = (
    ("Aurelio", "Abernathy"), ("Brunhilde", "Castellano"), ("Cosima", "Dimitrov"), ("Desmond", "Eisenbarth"),
    ("Ekaterina", "Fukuyama"), ("Ferdinand", "Gallagher"), ("Guadalupe", "Hjelmgaard"), ("Horatio", "Ivanchenko"),
    ("Ingeborg", "Jablonski"), ("Joaquin", "Kettlewell"), ("Kunigunde", "Lamoureux"), ("Lysander", "Mbeki"),
)  # fmt: skip


def row(given: str, family: str, *rest: str) -> str:
    return ",".join((given, family, *rest)) + "," * (15 - 1 - len(rest)) + "\n"


@pytest.fixture
def incident_id(lead: Service, tmp_path: Path) -> UUID:
    """Fifteen adults on rows 2 to 16, a deceased person on 17, and two of one name and ZIP code on 18 and 19."""
    facts = {
        "incident.discovered_at": "2026-11-20T16:10:00-06:00",
        "incident.encrypted": False,
        "incident.risk_assessment": "breach",
    }
    incident_id, _ = lead.incidents.open("Phished billing mailbox", facts)
    people = "".join(
        row(name, f"Marsh{name}", f"19{40 + place}-02-03", f"{place + 1} Elm St", "Chicago", "IL", "60614")
        for place, name in enumerate(NAMES)
    )
    people += row(
        "Old", "Stone", "1930-01-01", "4 Hill St", "Chicago", "IL", "60614", "yes", "Kin Stone", "9 Kin Rd", "Gary",
        "IN", "46402",
    )  # fmt: skip
    people += row("Pat", "Twin", "1980-01-01", "10 Oak St", "Chicago", "IL", "60614")
    people += row("Pat", "Twin", "1999-07-07", "20 Pine St", "Chicago", "IL", "60614")
    path = tmp_path / "export.csv"
    path.write_text(HEADINGS + people, encoding="utf-8")
    lead.rosters.import_file(incident_id, path)
    (roster,) = lead.queries.rosters(incident_id)
    lead.duplicates.keep_apart_below(roster.id, 0.9, "neighbours of like names")
    return incident_id


@pytest.fixture
def roster(lead: Service, incident_id: UUID) -> UUID:
    return lead.queries.rosters(incident_id)[0].id


def unreachable(lead: Service, incident_id: UUID) -> object:
    return lead.queries.facts(incident_id)["affected.insufficient_contact"].value


def returned(lead: Service, roster: UUID, *rows: int, reason: str = "attempted_not_known") -> None:
    for each in rows:
        lead.people.outcome(roster, each, Kind.MAIL_RETURNED, TODAY, reason=reason)


def found(lead: Service, roster: UUID, number: int, address: Address = NEWER) -> None:
    held = lead.rosters.vault.person(roster, number)
    assert held.person is not None
    lead.people.found(roster, number, msgspec.structs.replace(held.person, address=address), "the person called")


def substitute(lead: Service, incident_id: UUID) -> tuple[str, str]:
    board = lead.queries.board(incident_id, lead.clock.now()).assessment
    assert board is not None
    duty = board.get("us.hipaa.substitute")
    assert duty is not None
    return str(duty.status), " ".join(duty.why)


@pytest.mark.parametrize(("count", "large"), [(9, False), (10, True), (11, True)])
def test_fewer_than_ten_and_ten_or_more_ask_for_different_forms(
    lead: Service, incident_id: UUID, roster: UUID, count: int, large: bool
) -> None:
    assert substitute(lead, incident_id)[0] == "not_required"
    returned(lead, roster, *range(2, 2 + count))
    assert unreachable(lead, incident_id) == count
    status, why = substitute(lead, incident_id)
    assert status == "due"
    assert ("10 or more: home page for 90 days" in why) == large
    assert ("Fewer than 10: another written form" in why) != large


def pairs_of(lead: Service, tmp_path: Path, unreachable: int, doubles: int, reachable: int = 0) -> tuple[UUID, UUID]:
    """An incident with so many people without an address, of whom so many stand there twice as rows that are alike.

    Of `reachable` of the doubles one row has an address.
    """
    facts = {"incident.discovered_at": "2026-11-20T16:10:00-06:00", "incident.risk_assessment": "breach"}
    incident, _ = lead.incidents.open("Lost binder", facts | {"incident.encrypted": False})
    rows = [row(*name, f"19{30 + 5 * n}-{n % 9 + 1:02}-11", "", "Chicago", "IL") for n, name in enumerate(UNALIKE)]
    alike = [
        row(*name, f"19{30 + 5 * n}-11-{n % 9 + 1:02}", "7 Elm St" if n < reachable else "", "Chicago", "IL")
        for n, name in enumerate(UNALIKE)
    ]
    path = tmp_path / "binder.csv"
    path.write_text(
        HEADINGS + "".join((*rows[: unreachable - doubles + reachable], *alike[:doubles])), encoding="utf-8"
    )
    lead.rosters.import_file(incident, path)
    (roster,) = lead.queries.rosters(incident)
    assert len(lead.duplicates.waiting(roster.id)) == doubles
    assert (roster.accepted, roster.insufficient_contact) == (unreachable + reachable, unreachable)
    return incident, roster.id


@pytest.mark.parametrize(
    ("unreachable_rows", "doubles", "told", "form"),
    [
        (9, 1, {"min": 8, "max": 9}, "Fewer than 10: another"),
        (10, 1, {"min": 9, "max": 10}, "The number decides the form"),
        (11, 1, {"min": 10, "max": 11}, "10 or more: home page"),
        (11, 2, {"min": 9, "max": 11}, "The number decides the form"),
        (10, 0, 10, "10 or more: home page"),
    ],
)
def test_while_pairs_wait_the_number_that_decides_the_form_is_a_range(
    lead: Service, tmp_path: Path, unreachable_rows: int, doubles: int, told: object, form: str
) -> None:
    """45 CFR 164.404(d)(2): a row that may be another's double must decide neither for the one form nor the other."""
    incident, roster = pairs_of(lead, tmp_path, unreachable_rows, doubles)
    assert unreachable(lead, incident) == told
    assert form in substitute(lead, incident)[1]
    for pair in lead.duplicates.waiting(roster):
        lead.duplicates.keep_apart(roster, [pair.rows], "two dates of birth")
    assert unreachable(lead, incident) == unreachable_rows


def test_merging_a_pair_takes_one_off_and_keeping_it_apart_none(lead: Service, tmp_path: Path) -> None:
    incident, roster = pairs_of(lead, tmp_path, 11, 2)
    first, second = lead.duplicates.waiting(roster)
    lead.duplicates.merge(roster, first.rows[1], first.rows[0], "one chart")
    assert unreachable(lead, incident) == {"min": 9, "max": 10}
    lead.duplicates.keep_apart(roster, [second.rows], "two charts")
    assert unreachable(lead, incident) == 10
    lead.duplicates.unmerge(roster, first.rows[1], "two charts after all")
    assert unreachable(lead, incident) == {"min": 10, "max": 11}, "the pair waits again"


def test_whoever_may_be_somebody_with_an_address_may_be_reachable(lead: Service, tmp_path: Path) -> None:
    incident, roster = pairs_of(lead, tmp_path, 10, 1, reachable=1)
    assert unreachable(lead, incident) == {"min": 9, "max": 10}
    (pair,) = lead.duplicates.waiting(roster)
    lead.duplicates.merge(roster, pair.rows[0], pair.rows[1], "one chart")
    assert unreachable(lead, incident) == 9


def test_a_letter_that_comes_back_from_a_double_widens_the_range(lead: Service, tmp_path: Path) -> None:
    incident, roster = pairs_of(lead, tmp_path, 10, 1, reachable=1)
    (pair,) = lead.duplicates.waiting(roster)
    returned(lead, roster, pair.rows[1])
    assert unreachable(lead, incident) == {"min": 10, "max": 11}
    found(lead, roster, pair.rows[1])
    assert unreachable(lead, incident) == {"min": 9, "max": 11}


def test_a_number_put_right_by_hand_is_not_lowered_by_pairs_and_still_follows_the_lists(
    lead: Service, tmp_path: Path
) -> None:
    incident, roster = pairs_of(lead, tmp_path, 10, 1, reachable=1)
    lead.incidents.record_facts(incident, {"affected.insufficient_contact": 12}, source="counsel")
    (pair,) = lead.duplicates.waiting(roster)
    returned(lead, roster, pair.rows[1])
    assert unreachable(lead, incident) == 13


def test_a_found_address_leaves_the_number_open_until_a_letter_went_there(
    lead: Service, incident_id: UUID, roster: UUID
) -> None:
    returned(lead, roster, *range(2, 12))
    found(lead, roster, 2)
    assert unreachable(lead, incident_id) == {"min": 9, "max": 10}
    assert "The number decides the form" in substitute(lead, incident_id)[1]
    lead.people.outcome(roster, 2, Kind.MAILED_AGAIN, TODAY)
    assert unreachable(lead, incident_id) == 9
    returned(lead, roster, 2)
    assert unreachable(lead, incident_id) == 10


def test_a_call_reaches_the_person_and_not_the_number(lead: Service, incident_id: UUID, roster: UUID) -> None:
    returned(lead, roster, 2)
    lead.people.outcome(roster, 2, Kind.CALLED, TODAY, reached=True, caller="Dana Reyes")
    assert unreachable(lead, incident_id) == 1


@pytest.mark.parametrize(
    ("reason", "number"),
    [("refused", 0), ("postage", 0), ("unclaimed", {"min": 0, "max": 1}), ("deceased", {"min": 0, "max": 1}),
     ("moved", 1), ("", 1)],
)  # fmt: skip
def test_what_an_endorsement_shows_of_an_address(
    lead: Service, incident_id: UUID, roster: UUID, reason: str, number: object
) -> None:
    returned(lead, roster, 2, reason=reason)
    assert unreachable(lead, incident_id) == number


def test_a_letter_to_next_of_kin_that_comes_back_is_counted_apart(
    lead: Service, incident_id: UUID, roster: UUID
) -> None:
    returned(lead, roster, 17)
    facts = lead.queries.facts(incident_id)
    assert facts["affected.next_of_kin_insufficient_contact"].value == 1
    assert facts["affected.insufficient_contact"].value == 0
    assert substitute(lead, incident_id)[0] == "not_required"


def test_electronic_consent_is_written_notice_until_the_e_mail_bounces(
    lead: Service, incident_id: UUID, roster: UUID
) -> None:
    held = lead.rosters.vault.person(roster, 3)
    assert held.person is not None
    consents = msgspec.structs.replace(held.person, email="bea@example.org", email_consent=True)
    lead.people.correct(roster, 3, consents, "consent form on file")
    returned(lead, roster, 3)
    assert unreachable(lead, incident_id) == 0
    lead.people.outcome(roster, 3, Kind.EMAIL_BOUNCED, TODAY)
    assert unreachable(lead, incident_id) == 1


def test_whoever_came_back_is_found_by_a_filter(lead: Service, roster: UUID) -> None:
    returned(lead, roster, 2, 5)
    vault = lead.rosters.vault
    flag = Flag.INSUFFICIENT_ADDRESS | Flag.OUT_OF_DATE
    assert [held.row for held in vault.people(roster, flag=flag)] == [2, 5]
    assert vault.count(roster, flag=flag) == 2
    found(lead, roster, 2)
    lead.people.outcome(roster, 2, Kind.MAILED_AGAIN, TODAY)
    assert [held.row for held in vault.people(roster, flag=flag)] == [5]


@pytest.mark.parametrize(
    ("kind", "options", "named"),
    [
        ("lost", {}, "outcome: 'lost'"),
        (Kind.MAIL_RETURNED, {"reason": "eaten"}, "reason: 'eaten'"),
        (Kind.CALLED, {"caller": "Dana"}, "reached: say"),
        (Kind.CALLED, {"reached": True}, "caller: say"),
    ],
)
def test_what_is_missing_is_named(lead: Service, roster: UUID, kind: str, options: dict[str, str], named: str) -> None:
    with pytest.raises(InvalidInput, match=named):
        lead.people.outcome(roster, 2, kind, TODAY, **options)
    with pytest.raises(InvalidInput, match="lies in the future"):
        lead.people.outcome(roster, 2, Kind.MAIL_RETURNED, date(2026, 12, 1))


def test_outcomes_come_in_an_order_that_can_be(lead: Service, roster: UUID) -> None:
    with pytest.raises(OutOfOrder, match="nothing came back"):
        lead.people.outcome(roster, 2, Kind.MAILED_AGAIN, TODAY)
    returned(lead, roster, 2)
    with pytest.raises(OutOfOrder, match="returned already"):
        returned(lead, roster, 2)
    with pytest.raises(OutOfOrder, match="correct the address first"):
        lead.people.outcome(roster, 2, Kind.MAILED_AGAIN, TODAY)
    with pytest.raises(InvalidInput, match="known already"):
        found(lead, roster, 3, Address(("2 Elm St",), "Chicago", "IL", "60614"))


# --- Files of returned mail


def code(lead: Service, incident_id: UUID, number: int) -> str:
    return f"{lead.queries.incident(incident_id).reference}-1-{number:06}"


def test_every_line_goes_one_of_four_ways_and_a_second_time_none(
    lead: Service, incident_id: UUID, roster: UUID, tmp_path: Path
) -> None:
    path = tmp_path / "returned.csv"
    path.write_text(
        "Reference,Reason,Date\n"
        f"{code(lead, incident_id, 2)},ANK,11/20/2026\n"
        f"{code(lead, incident_id, 3).replace('-', chr(0x2013))},Unclaimed,\n"
        f"{code(lead, incident_id, 4)},Refused,\n"
        f"{code(lead, incident_id, 2)},ANK,\n"
        f"{code(lead, incident_id, 99)},ANK,\n"
        "2019-003-1-000004,ANK,\n"
        f"{code(lead, incident_id, 5)},ANK,31/31/2026\n"
        f"{code(lead, incident_id, 6)},ANK,12/24/2026\n",
        encoding="utf-8",
    )
    looked = lead.returned_mail.look(incident_id, path)
    assert unreachable(lead, incident_id) == 0
    done, receipt = lead.returned_mail.record(incident_id, path)
    assert looked == done
    assert receipt.events > 0
    assert [way.way for way in done.lines] == ["matched"] * 3 + ["already"] + ["unknown"] * 4
    assert done.lines_in == done.matched + done.ambiguous + done.unknown + done.already == 8
    assert unreachable(lead, incident_id) == {"min": 1, "max": 2}
    again, nothing = lead.returned_mail.record(incident_id, path)
    assert (again.matched, again.already, again.unknown) == (0, 4, 4)
    assert unreachable(lead, incident_id) == {"min": 1, "max": 2}
    assert nothing.events <= 1


def test_names_with_a_zip_code_are_matched_where_they_are_one_person(
    lead: Service, incident_id: UUID, tmp_path: Path
) -> None:
    path = tmp_path / "returned.csv"
    path.write_text(
        "Name,Zip\nADA MARSHADA,60614-1234\nPat Twin,60614\nAda Marshada,99999\nNobody Here,60614\n", encoding="utf-8"
    )
    done, _ = lead.returned_mail.record(incident_id, path)
    assert [(way.way, way.rows) for way in done.lines] == [
        ("matched", ((1, 2),)),
        ("ambiguous", ((1, 18), (1, 19))),
        ("unknown", ()),
        ("unknown", ()),
    ]
    assert unreachable(lead, incident_id) == 1


def test_a_forwarding_address_is_taken_where_the_letter_went_home(
    lead: Service, incident_id: UUID, roster: UUID, tmp_path: Path
) -> None:
    path = tmp_path / "returned.csv"
    path.write_text(
        "code,reason,date,new address,new city,new state,new zip\n"
        f"{code(lead, incident_id, 2)},MLNA,11/20/2026,1 New St,Gary,IN,46402\n"
        f"{code(lead, incident_id, 17)},MLNA,11/20/2026,1 New St,Gary,IN,46402\n",
        encoding="utf-8",
    )
    done, _ = lead.returned_mail.record(incident_id, path)
    assert (done.matched, done.forwarded) == (2, 1)
    assert "not taken" in done.lines[1].why
    held = lead.rosters.vault.person(roster, 2)
    assert held.person is not None
    assert (held.person.address, held.state) == (NEWER, "IL"), "the State at the time of the breach stays"
    assert unreachable(lead, incident_id) == {"min": 0, "max": 1}
    assert lead.returned_mail.record(incident_id, path)[0].already == 2
    # A letter that comes back on a later day had gone to the newer address.
    path.write_text(f"code,reason,date\n{code(lead, incident_id, 2)},ANK,2026-11-23\n", encoding="utf-8")
    lead.clock.moment = lead.clock.moment.replace(day=25)
    assert lead.returned_mail.record(incident_id, path)[0].matched == 1
    assert unreachable(lead, incident_id) == 1


def test_a_file_of_codes_alone_needs_no_headings(lead: Service, incident_id: UUID, tmp_path: Path) -> None:
    path = tmp_path / "scans.txt"
    path.write_text("".join(f"{code(lead, incident_id, number)}\n" for number in (2, 3, 4)), encoding="utf-8")
    assert [each.code for each in read_returned(path)] == [code(lead, incident_id, number) for number in (2, 3, 4)]
    assert lead.returned_mail.record(incident_id, path)[0].matched == 3


def test_a_file_without_codes_or_names_is_refused_with_its_headings(
    lead: Service, incident_id: UUID, tmp_path: Path
) -> None:
    path = tmp_path / "returned.csv"
    path.write_text("Weather,Mood\nsunny,good\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="the headings are: Weather, Mood"):
        lead.returned_mail.look(incident_id, path)


def test_endorsements_are_read_as_people_write_them() -> None:
    for each in ENDORSEMENTS.values():
        if each.code:
            assert {read_endorsement(text) for text in (each.code, each.words, each.words.upper(), *each.short)} == {
                each.code
            }
    assert (read_endorsement(""), read_endorsement("eaten by a dog")) == ("", None)


# --- Addresses for a mail house


def test_an_export_says_what_it_holds_and_is_in_the_log(lead: Service, incident_id: UUID, tmp_path: Path) -> None:
    held = lead.rosters.vault.person(lead.queries.rosters(incident_id)[0].id, 2)
    assert held.person is not None
    lost = msgspec.structs.replace(held.person, address=Address())
    lead.people.correct(lead.queries.rosters(incident_id)[0].id, 2, lost, "no address on file")
    path = tmp_path / "mailing.csv"
    manifest, receipt = lead.exports.addresses(incident_id, path, "letters by the mail house under contract")
    assert manifest.people == manifest.exported + sum(manifest.left_out.values()) == 18
    lines = list(csv.DictReader(path.open(encoding="utf-8", newline="")))
    assert len(lines) == manifest.exported == 17
    assert lines[-1]["code"] == code(lead, incident_id, 19)
    assert json.loads((tmp_path / "mailing.csv.manifest.json").read_text())["sha256"] == manifest.sha256
    assert {each.stat().st_mode & 0o777 for each in tmp_path.glob("mailing*")} == {0o600}
    (told,) = [entry for entry in lead.queries.timeline() if entry.position == receipt.position]
    assert (told.topic, told.by, told.because) == (
        "roster.exported",
        "lead",
        "letters by the mail house under contract",
    )
    with pytest.raises(InvalidInput, match="nothing is written over"):
        lead.exports.addresses(incident_id, path, "again")
    with pytest.raises(InvalidInput, match="because"):
        lead.exports.addresses(incident_id, tmp_path / "other.csv", " ")


def test_an_export_that_is_stopped_leaves_no_file_and_no_entry(
    lead: Service, incident_id: UUID, tmp_path: Path
) -> None:
    told: list[ExportProgress] = []
    before, files = lead.queries.position, set(tmp_path.iterdir())
    with pytest.raises(ExportCancelled, match="no file is left"):
        lead.exports.addresses(incident_id, tmp_path / "m.csv", "letters", progress=told.append, cancelled=lambda: True)
    assert (set(tmp_path.iterdir()), lead.queries.position, told) == (files, before, [])
    lead.exports.addresses(incident_id, tmp_path / "m.csv", "letters", progress=told.append)
    assert told == [ExportProgress(0, 18)]


def test_an_exported_list_of_naughty_names_is_a_table_without_formulas_and_orders(
    lead: Service, tmp_path: Path
) -> None:
    """Every text in every column that reaches an envelope: as many lines as letters, nothing that is carried out."""
    incident, _ = lead.incidents.open("Lost binder", {"incident.discovered_at": "2026-11-20T16:10:00-06:00"})
    usual = {"First Name": "Ana", "Last Name": "Sol", "Address": "1 Elm St", "City": "Chicago", "State": "IL",
             "Zip": "60614", "Guardian Name": ""}  # fmt: skip
    naughty = [*FORMULAS, *ORDERS, *MARKUP, '"', "a,b", "a\nb", "'; DROP TABLE people; --"]
    path = tmp_path / "li\x1b[2Jst.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, usual)
        writer.writeheader()
        writer.writerows(usual | {column: f"{text} x{n}"} for column in usual for n, text in enumerate(naughty))
    lead.rosters.import_file(incident, path)
    out = tmp_path / "mailing.csv"
    manifest, _ = lead.exports.addresses(incident, out, "letters")
    lines = list(csv.DictReader(out.open(encoding="utf-8", newline="")))
    assert len(lines) == manifest.exported > 100
    cells = [cell for line in lines for cell in line.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert not [cell for cell in cells if not harmless(cell)]
    told = [line.text for line in lead.queries.timeline()] + [row.source_name for row in lead.queries.rosters(incident)]
    assert not [text for text in told if not harmless(text)], "the name of the file neither"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "'=1", "''", "\t=1", "O'Neil", "", "＝1"])
def test_no_cell_of_an_export_is_a_formula_and_each_can_be_had_back(cell: str) -> None:
    assert not neutral(cell).startswith(("=", "+", "-", "@", "\t", "＝"))
    assert original(neutral(cell)) == cell

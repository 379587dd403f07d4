"""Rows that may be one person though they are written differently: found, weighed, and never merged by themselves."""

import csv
import itertools
import json
import random
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from incident.roster.matching import blocking, refining
from incident.roster.matching.likeness import Likeness, Suggestions
from incident.roster.matching.nicknames import forms_of_one
from incident.roster.matching.profile import house, profile
from incident.roster.matching.reasons import WORDS
from incident.roster.person import Address, Person
from incident.roster.reasons import Flag
from tests.incident.roster.conftest import shared
from tui.cli import main

HOME = Address(("12 North Elmbrook Street", "Apt. 3"), "Chicago", "IL", "60614")
JON = Person(given_name="Jonathan", family_name="Kowalczyk", address=HOME, state="IL", date_of_birth=date(1980, 2, 3))


def changed(person: Person, **fields: object) -> Person:
    return msgspec.structs.replace(person, **fields)


def strangers(count: int) -> list[Person]:
    """People who have nothing to do with each other, so that no name is common."""
    chance = random.Random(5)
    return [
        Person(
            given_name=f"{chance.choice('BDFGLMNPRST')}{chance.choice('aeiou')}{chance.choice('lmnrv')}{number:x}",
            family_name=f"{chance.choice('BDFGLMNPRST')}or{chance.choice('dfgkl')}{number * 7:x}",
            address=Address((f"{number} Stony{number * 3:x} Road",), "Gary", "IN", f"46{number % 1000:03}"),
            date_of_birth=date(1930 + number % 80, 1 + number % 12, 1 + number % 28),
        )
        for number in range(1, count + 1)
    ]


def found(*people: Person, flags: Iterable[int] = (), among: int = 200) -> list[Likeness]:
    """The pairs among these people, whose rows are 0, 1, 2 …, in a list with many others."""
    suggestions = Suggestions()
    raised = itertools.chain(flags, itertools.repeat(0))
    for row, person in enumerate((*people, *strangers(among))):
        suggestions.add(profile(row, person, next(raised)))
    pairs, _ = suggestions.find()
    return [pair for pair in pairs if max(pair.rows) < len(people)]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"given_name": "Jonathon"}, "close_given_name"),
        ({"given_name": "Jon"}, "given_name_form"),
        ({"given_name": "J"}, "given_initial"),
        ({"family_name": "Kowalcyzk"}, "close_family_name"),
        ({"family_name": "Marsh-Kowalczyk"}, "part_family_name"),
        ({"given_name": "Kowalczyk", "family_name": "Jonathan"}, "names_exchanged"),
        ({"date_of_birth": date(1980, 3, 2)}, "birth_date_exchanged"),
        ({"date_of_birth": date(1980, 2, 8)}, "close_birth_date"),
        ({"date_of_birth": date(1908, 2, 3)}, "close_birth_date"),
        ({"date_of_birth": None}, "birth_date_unknown"),
        ({"address": Address(("12 N. Elmbrook St. #3",), "Chicago", "IL", "60614")}, "same_address"),
        ({"address": Address(("12 N Elmbrok St", "Apt 3"), "Chicago", "IL", "60614")}, "close_address"),
        ({"address": Address(("12 N Elmbrook St", "Apt 4"), "Chicago", "IL", "60614")}, "same_house_other_unit"),
        ({"address": Address(("7 Pinecrest Rd",), "Salem", "MA", "01970")}, "addresses_differ"),
        ({"given_name": "", "family_name": "", "full_name": "Jonathan Kowalczyk"}, "same_given_name"),
    ],
)
def test_a_slip_in_one_field_is_found_and_said(fields: dict[str, Any], reason: str) -> None:
    (pair,) = found(JON, changed(JON, **fields))
    assert pair.rows == (0, 1)
    assert reason in pair.reasons
    assert 0.5 < pair.score < 1


def test_an_account_number_or_mail_address_counts_only_where_it_is_the_same() -> None:
    moved = changed(JON, family_name="Marshwood", address=Address(("7 Pinecrest Rd",), "Salem", "MA", "01970"))
    assert found(JON, moved) == []
    (pair,) = found(changed(JON, email="jk@example.org"), changed(moved, email="JK@example.org"))
    assert "same_email" in pair.reasons
    (pair,) = found(changed(JON, patient_id="A17"), changed(moved, patient_id="a17"))
    assert "same_account" in pair.reasons
    # Numbers that only look alike are two numbers, and two stays have two.
    alike = found(changed(JON, patient_id="rec-1-org"), changed(JON, patient_id="rec-1-dup-0"))
    other = found(changed(JON, patient_id="rec-1-org"), changed(JON, patient_id="9931"))
    assert alike == other


def test_families_are_left_alone() -> None:
    father = changed(JON, suffix="Sr.")
    son = changed(JON, suffix="Jr.", date_of_birth=date(2008, 7, 19))
    sister = changed(JON, given_name="Beatrice", date_of_birth=date(2011, 5, 30))
    wife = changed(JON, given_name="Magdalena", date_of_birth=date(1982, 11, 17))
    tenant = changed(JON, given_name="Oluwaseun", family_name="Adeyemi", date_of_birth=date(1991, 8, 8))
    assert found(father, son, sister, wife, tenant) == []


def test_what_decides_about_a_letter_is_said() -> None:
    twice = (JON, changed(JON, given_name="Jonathon"))
    (pair,) = found(*twice, flags=(Flag.DECEASED, 0))
    assert "one_deceased" in pair.reasons
    (pair,) = found(*twice, flags=(0, Flag.MINOR))
    assert "one_minor" in pair.reasons
    (pair,) = found(*twice, flags=(0, 1 << 30))
    assert "one_in_quarantine" in pair.reasons


def test_a_common_name_weighs_less_than_a_rare_one() -> None:
    away = Address(("7 Pinecrest Rd",), "Salem", "MA", "01970")
    rare = found(JON, changed(JON, date_of_birth=None, address=HOME), changed(JON, address=away))
    crowd = [
        changed(JON, date_of_birth=date(1940 + n, 1 + n % 12, 9), address=Address((f"{n} Way",), "Gary", "IN", "46402"))
        for n in range(60)
    ]
    common = found(JON, changed(JON, date_of_birth=None, address=HOME), changed(JON, address=away), *crowd)
    weight = {pair.rows: pair.score for pair in rare}
    among = {pair.rows: pair.score for pair in common}
    assert among.get((0, 2), 0.0) < weight[0, 2]


def test_a_block_that_is_cut_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    suggestions = Suggestions()
    for row in range(80):
        given = f"{chr(97 + row % 26)}{chr(97 + row // 26)}"
        suggestions.add(profile(row, changed(JON, given_name=given, date_of_birth=date(1980, 1, 1)), 0))
    monkeypatch.setattr(blocking, "WINDOW", 10)
    _, cut = suggestions.find()
    assert any("80 rows share their date of birth and family name with more than 10 others" in line for line in cut)


def test_every_reason_has_words_and_every_pair_is_told_once() -> None:
    pairs = found(JON, changed(JON, given_name="Jonathon"), changed(JON, given_name="Jon", email="j@example.org"))
    assert sorted(pair.rows for pair in pairs) == [(0, 1), (0, 2), (1, 2)]
    assert all(reason in WORDS for pair in pairs for reason in pair.reasons)


def test_an_address_is_taken_apart_whatever_it_is_written_like() -> None:
    for lines in (
        ("12 North Elmbrook Street, Apt. 3-B",),
        ("12 N. ELMBROOK ST # 3B",),
        ("12 N Elmbrook St", "Unit 3 B"),
    ):
        taken = house(lines)
        assert (taken.number, taken.line.words, taken.unit, taken.rest) == ("12", "n elmbrook st", "3b", "")
        assert taken.line.street == "n elmbrook"
    assert house(("PO Box 17",)).number == ""
    assert house(("12 Elm St", "c/o Bea Sol", "Rear")).rest == "c o bea sol rear"


def test_cells_that_have_run_together_cost_nothing() -> None:
    long = changed(JON, given_name="x" * 200_000, family_name="y" * 200_000, patient_id="z" * 200_000,
                   address=Address(("1 " + "w" * 200_000,), "v" * 200_000, "IL", ""))  # fmt: skip
    assert len(profile(2, long, 0)) < 1_500
    assert len(found(long, changed(long, given_name="x" * 200_001))) == 1


def test_forms_of_one_name() -> None:
    assert forms_of_one("bill", "william")
    assert forms_of_one("peggy", "margaret")
    assert not forms_of_one("mary", "marcy")
    assert not forms_of_one("xenia", "xenia b")


# --- precision and recall, as a user would run it


def _words(text: str) -> list[str]:
    return text.split()


GIVEN = _words("""
    Amara Bastien Calla Dmitri Elowen Fintan Greta Hakim Ines Jorund Kalliope Lorcan Mireille Nuri
    Odalys Pascal Quenby Rafaela Soren Thandiwe Ulrich Violetta Wendell Ximena Yusuf Zelda Anselm Brigid
    Cosmo Delphine
""")
STARTS = _words("""
    Ash Birch Cald Dray Elm Fair Gold Hart Ing Jar Kend Lock Mer Nor
    Oak Pem Quim Rad Stan Thack
""")
ENDS = _words("""
    ford ley man son ton well wood worth combe dale field gate ham hurst
    mere ridge stead
""")
TOWNS = (("Chicago", "IL", "60614"), ("Gary", "IN", "46402"), ("Houston", "TX", "77002"), ("Boston", "MA", "02108"))


def slip(word: str, chance: random.Random) -> str:
    """A typing error: a letter left out, doubled, wrong, or exchanged with its neighbour."""
    if len(word) < 3:
        return word
    at = chance.randrange(1, len(word) - 1)
    return chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + chance.choice("aeiourst") + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )


def corpus(path: Path, originals: int, seed: int) -> set[tuple[int, int]]:
    """Write people, families among them, and damaged copies of half of them; return the rows that are one person."""
    chance = random.Random(seed)
    people: list[list[str]] = []
    for number in range(originals):
        city, state, zip_code = chance.choice(TOWNS)
        row = [
            f"M{number:05}", chance.choice(GIVEN), chance.choice(STARTS) + chance.choice(ENDS),
            f"{chance.randrange(1930, 2005)}{chance.randrange(1, 13):02}{chance.randrange(1, 29):02}",
            f"{chance.randrange(1, 999)} {chance.choice(STARTS)}{chance.choice(ENDS)} Street", city, state, zip_code,
        ]  # fmt: skip
        if people and number % 10 == 3:  # of one family with the one before, and of one address
            row[1] = GIVEN[(GIVEN.index(people[-1][1]) + chance.randrange(1, 29)) % 30]
            row[2], row[4:] = people[-1][2], people[-1][4:]
        people.append(row)
    copies = []
    for row in people[::2]:
        copy = list(row)
        copy[0] = f"{row[0]}-2"
        for field in chance.sample((1, 2, 3, 4, 5), k=chance.choice((1, 1, 2))):
            match field:
                case 1 | 2:
                    copy[field] = chance.choice((slip(copy[field], chance), slip(copy[field], chance), ""))
                case 3:
                    born = copy[3]
                    wrong = born[:7] + str((int(born[7]) + 1) % 9)
                    copy[3] = chance.choice((born[:4] + born[6:] + born[4:6], wrong, ""))
                case 4:
                    moved = f"{chance.randrange(1, 999)} {chance.choice(STARTS)}brook Way"
                    copy[4] = chance.choice((slip(copy[4], chance), copy[4].replace("Street", "St"), moved))
                case _:
                    copy[5] = slip(copy[5], chance)
        if not copy[1] and not copy[2]:
            copy[2] = row[2]
        copies.append((row, copy))
    listed = [(row, row) for row in people] + [(copy, row) for row, copy in copies]
    chance.shuffle(listed)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["MRN", "First Name", "Last Name", "DOB", "Address", "City", "State", "Zip"])
        writer.writerows(row for row, _ in listed)
    first: dict[int, int] = {}
    true = set()
    for line, (_, original) in enumerate(listed, start=2):
        if id(original) in first:
            true.add((first[id(original)], line))
        first.setdefault(id(original), line)
    return true


def told(path: Path) -> dict[str, Any]:
    result = CliRunner().invoke(main, ["roster", "check", str(path), "--json", "--rows", "--on", "2026-11-22"])
    assert result.exit_code == 0, result.output
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def test_damaged_copies_are_found_and_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    true = corpus(path, 1_200, seed=3)
    report = told(path)
    pairs = {tuple(pair["rows"]) for pair in report["pairs"]}
    right = len(pairs & true)
    assert len(true) == 600
    assert right / len(pairs) >= 0.99
    assert right / len(true) >= 0.95
    merged = {tuple(pair["rows"]) for pair in report["pairs"] if pair["action"] == "merged"}
    assert merged <= true
    assert report["in"] == report["accepted"] + report["quarantined"] + report["merged"] == 1_800


def test_precision_and_recall_on_real_damage() -> None:
    """Febrl data set 1: 500 people and a damaged copy of each; the truth stands in rec_id (rec-N-org, rec-N-dup-0)."""
    path = shared("febrl_dataset1.csv")
    with path.open(encoding="utf-8", newline="") as file:
        people = [row[0].strip().split("-") for row in csv.reader(file) if row]
    lines: dict[str, list[int]] = {}
    for line, (_, person, *_) in enumerate(people[1:], start=2):
        lines.setdefault(person, []).append(line)
    true = {tuple(rows) for rows in lines.values() if len(rows) == 2}
    report = told(path)
    pairs = {tuple(pair["rows"]) for pair in report["pairs"]}
    right = len(pairs & true)
    assert len(true) == 500
    assert right / len(pairs) >= 0.99
    assert right / len(true) >= 0.95


def test_the_truth_in_the_identifiers_of_real_damage_is_not_what_finds_it(tmp_path: Path) -> None:
    source = shared("febrl_dataset1.csv").read_text(encoding="utf-8").splitlines()
    blind = tmp_path / "blind.csv"
    blind.write_text("\n".join(line.partition(", ")[2] for line in source) + "\n", encoding="utf-8")
    assert "patient_id" not in told(blind)["mapping"]
    with_names = {tuple(pair["rows"]) for pair in told(shared("febrl_dataset1.csv"))["pairs"]}
    assert {tuple(pair["rows"]) for pair in told(blind)["pairs"]} == with_names


DIFFERENT = (
    # Twins, with and without their own names.
    "A1,Ana,Marlowe,,2012-02-02,5 Oakgate Rd,Chicago,IL,60614,home@example.org,",
    "A2,Eva,Marlowe,,2012-02-02,5 Oakgate Rd,Chicago,IL,60614,home@example.org,",
    "B1,Baby Boy,Fairdale,,2026-10-02,7 Quimby Ct,Chicago,IL,60614,home2@example.org,",
    "B1,Baby Boy,Fairdale,,2026-10-02,7 Quimby Ct,Chicago,IL,60614,home2@example.org,",
    # Father and son of one name, with suffix, with dates, with neither.
    "C1,Bruno,Lockstead,Sr.,1950-05-05,9 Elmgate Ave,Gary,IN,46402,,",
    "C2,Bruno,Lockstead,Jr.,1980-06-06,9 Elmgate Ave,Gary,IN,46402,,",
    "D1,Karl,Oakhaven,,1950-05-05,3 Birch Ln,Gary,IN,46402,family@example.org,",
    "D2,Karl,Oakhaven,,1980-06-06,3 Birch Ln,Gary,IN,46402,family@example.org,",
    "E1,Ivo,Thornbury,,,4 Pinecrest Rd,Gary,IN,46402,thornbury@example.org,",
    "E2,Ivo,Thornbury,,,4 Pinecrest Rd,Gary,IN,46402,thornbury@example.org,",
    # Housemates, and neighbours of one name.
    "F1,Mina,Stanfield,,1990-01-01,12 Kendway St Apt 1,Boston,MA,02108,,",
    "F2,Odo,Merwood,,1990-01-01,12 Kendway St Apt 1,Boston,MA,02108,,",
    "G1,Lea,Radcombe,,1971-03-03,12 Kendway St Apt 1,Boston,MA,02108,,",
    "G2,Lea,Radcombe,,1971-03-03,12 Kendway St Apt 2,Boston,MA,02108,,",
    # The living and the dead.
    "H1,Edith,Quimford,,1931-01-05,1 Larkfield Ave,Salem,MA,01970,,N",
    "H1,Edith,Quimford,,1931-01-05,1 Larkfield Ave,Salem,MA,01970,,Y",
)


def test_nobody_is_merged_who_may_be_two_people(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    headings = "MRN,First Name,Last Name,Suffix,DOB,Address,City,State,Zip,Email,Deceased"
    path.write_text("\n".join((headings, *DIFFERENT)) + "\n", encoding="utf-8")
    report = told(path)
    assert (report["in"], report["accepted"], report["merged"]) == (16, 16, 0)
    reviewed = {tuple(pair["rows"]) for pair in report["pairs"]}
    assert reviewed >= {(4, 5), (10, 11), (14, 15), (16, 17)}, "what cannot be told apart is shown"
    assert not reviewed & {(2, 3), (6, 7), (12, 13)}, "and families are left alone"


def test_of_too_many_pairs_the_likeliest_are_compared_and_the_others_told(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = [JON, JON, changed(JON, given_name="Jonathon", email="j@example.org"), *strangers(200)]
    monkeypatch.setattr(refining, "MOST_COMPARED", 1)
    suggestions = Suggestions()
    for row, person in enumerate(twice):
        suggestions.add(profile(row, person, 0))

    pairs, told = suggestions.find()

    assert [pair.rows for pair in pairs] == [(0, 1)]
    assert told[-1].startswith("the 1 likeliest pairs were compared and 2 others were not")

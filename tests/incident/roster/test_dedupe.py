"""Exact duplicates: merged when certain, shown when possible, and different people kept apart."""

from datetime import date
from itertools import count

from incident.roster.dedupe import ExactDuplicates, Verdict, fingerprint
from incident.roster.person import Address, Contact, Person
from incident.roster.words import folded

HOME = Address(("12 Heronbrook Ln", "Apt 3"), "Chicago", "IL", "60614")
ANA = Person(given_name="Ana", family_name="Zúñiga", address=HOME, state="IL", date_of_birth=date(1980, 1, 1))


def changed(person: Person, **fields: object) -> Person:
    return Person(**{name: fields.get(name, getattr(person, name)) for name in person.__struct_fields__})


def verdicts(*people: Person) -> list[tuple[Verdict, int]]:
    seen, rows = ExactDuplicates(), count(2)
    return [
        seen.look(row, fingerprint(person, folded(person), b"key")) for row, person in zip(rows, people, strict=False)
    ]


def test_the_same_person_is_recognized_whatever_the_case_accents_and_punctuation() -> None:
    again = changed(ANA, given_name="ANA", family_name="zuniga", patient_id="other",
                    address=Address(("12 Heronbrook Ln.", "APT 3"), "CHICAGO", "IL", "60614-1234"))  # fmt: skip
    assert verdicts(ANA, again, again) == [(Verdict.NEW, 2), (Verdict.SAME, 2), (Verdict.SAME, 2)]


def test_twins_fathers_and_sons_and_housemates_stay_apart() -> None:
    different = [
        ANA,
        changed(ANA, given_name="Eva"),
        changed(ANA, date_of_birth=date(1950, 1, 1)),
        changed(ANA, suffix="Jr."),
        changed(ANA, address=Address(("14 Heronbrook Ln",), "Chicago", "IL", "60614")),
    ]
    assert [verdict for verdict, _ in verdicts(*different)] == [Verdict.NEW] * len(different)


def test_without_a_date_of_birth_or_an_address_the_account_must_bear_it_out() -> None:
    undated = changed(ANA, date_of_birth=None)
    assert verdicts(undated, undated)[1] == (Verdict.POSSIBLE, 2)
    known = changed(undated, patient_id="P1")
    assert verdicts(known, known)[1] == (Verdict.SAME, 2)
    assert verdicts(known, changed(undated, patient_id="P2"))[1] == (Verdict.POSSIBLE, 2)
    homeless = changed(ANA, address=Address((), "", "IL"), email="Ana@Example.org")
    assert verdicts(homeless, changed(homeless, email="ana@example.org"))[1] == (Verdict.SAME, 2)


def test_a_father_and_son_of_one_name_share_house_and_mail_and_stay_apart() -> None:
    undated = changed(ANA, date_of_birth=None, email="family@example.org")
    assert verdicts(undated, undated)[1] == (Verdict.POSSIBLE, 2)
    filled_in = changed(ANA, date_of_birth=date(1900, 1, 1), email="family@example.org")
    assert verdicts(filled_in, filled_in)[1] == (Verdict.POSSIBLE, 2)


def test_names_that_twins_share_never_merge() -> None:
    for given in ("", "A", "Baby Boy", "Twin", "Newborn"):
        one = changed(ANA, given_name=given, patient_id="P1", email="family@example.org")
        assert verdicts(one, one)[1] == (Verdict.POSSIBLE, 2), given
    full = changed(ANA, given_name="", family_name="", full_name="Ana Zúñiga")
    assert verdicts(full, full)[1] == (Verdict.SAME, 2)


def test_a_bare_name_is_compared_with_nothing() -> None:
    bare = Person(full_name="Ana Zúñiga", state="IL")
    assert verdicts(bare, bare) == [(Verdict.NEW, 2), (Verdict.NEW, 3)]


def test_rows_that_disagree_on_who_gets_the_letter_are_never_merged() -> None:
    for other in (
        changed(ANA, deceased=True),
        changed(ANA, date_of_death=date(2020, 1, 1)),
        changed(ANA, guardian_name="Eva Zúñiga"),
        changed(ANA, confidential_address=HOME),
        changed(ANA, representative=Contact("Rita", HOME)),
        changed(ANA, next_of_kin=Contact("Kim")),
        changed(ANA, email_consent=True),
    ):
        assert verdicts(ANA, other)[1] == (Verdict.DIFFERS, 2), other
        assert verdicts(other, ANA)[1] == (Verdict.DIFFERS, 2), other


def test_what_is_only_not_said_does_not_disagree() -> None:
    assert verdicts(ANA, changed(ANA, deceased=False, email_consent=False, phone="x"))[1] == (Verdict.SAME, 2)


def test_fingerprints_say_nothing_without_the_key() -> None:
    of_ana = folded(ANA)
    one, other = fingerprint(ANA, of_ana, b"key"), fingerprint(ANA, of_ana, b"another")
    assert one is not None
    assert other is not None
    assert one.who != other.who

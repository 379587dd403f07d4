"""To whom and where a letter goes: 45 CFR 164.404(d)(1), 164.502(g), 164.522(b)."""

from datetime import date

import pytest

from incident.roster.person import Address, Addressee, Audience, Contact, NoLetter, Person, addressee, age_on, is_minor

ON = date(2026, 11, 22)
HOME = Address(("12 Heronbrook Ln", "Apt 3"), "Chicago", "IL", "60614")
ELSEWHERE = Address(("PO Box 9",), "Gary", "IN", "46402")
ADULT = Person(given_name="Ana", family_name="Zúñiga", address=HOME, state="IL", date_of_birth=date(1980, 1, 1))
CHILD = Person(given_name="Leo", family_name="Zúñiga", address=HOME, state="IL", date_of_birth=date(2015, 1, 1))


def changed(person: Person, **fields: object) -> Person:
    return Person(**{name: fields.get(name, getattr(person, name)) for name in person.__struct_fields__})


def letter(person: Person) -> Addressee:
    found = addressee(person, ON)
    assert isinstance(found, Addressee)
    return found


def refused(person: Person) -> str:
    found = addressee(person, ON)
    assert isinstance(found, NoLetter)
    assert found.reason
    return found.code


def test_an_adult_is_written_to_at_the_last_known_address() -> None:
    found = letter(ADULT)
    assert found.lines == ("Ana Zúñiga", "12 Heronbrook Ln", "Apt 3", "Chicago, IL 60614")
    assert (found.salutation, found.audience, found.basis) == ("Ana Zúñiga", Audience.ADULT, "45 CFR 164.404(d)(1)(i)")


def test_a_minors_letter_goes_to_the_guardian_by_name() -> None:
    found = letter(changed(CHILD, guardian_name="Ana Zúñiga"))
    assert found.name_lines == ("Ana Zúñiga", "Parent or guardian of Leo Zúñiga")
    assert (found.salutation, found.audience) == ("Ana Zúñiga", Audience.PARENT_OF_MINOR)


def test_a_minors_letter_goes_to_the_parent_even_where_no_name_is_known() -> None:
    found = letter(CHILD)
    assert found.name_lines == ("To the parent or guardian of Leo Zúñiga",)
    assert found.salutation == "parent or guardian of Leo Zúñiga"


def test_a_guardian_on_file_of_somebody_who_has_come_of_age_is_not_written_to() -> None:
    assert letter(changed(ADULT, guardian_name="Old Guardian")).audience is Audience.ADULT


def test_a_guardian_on_file_decides_where_the_age_is_unknown() -> None:
    unknown = changed(CHILD, date_of_birth=None)
    assert letter(changed(unknown, guardian_name="Ana Zúñiga")).audience is Audience.PARENT_OF_MINOR
    assert letter(unknown).audience is Audience.ADULT


@pytest.mark.parametrize(
    ("born", "minor"),
    [(date(2008, 11, 23), True), (date(2008, 11, 22), False), (date(2008, 11, 21), False), (None, None)],
)
def test_majority_comes_on_the_eighteenth_birthday(born: date | None, minor: bool | None) -> None:
    assert is_minor(changed(ADULT, date_of_birth=born), ON) is minor


def test_who_was_born_on_leap_day_comes_of_age_on_the_first_of_march() -> None:
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18


def test_the_confidential_address_wins() -> None:
    found = letter(changed(ADULT, confidential_address=ELSEWHERE))
    assert found.address_lines == ("PO Box 9", "Gary, IN 46402")
    assert "164.522(b)" in found.basis


def test_an_incomplete_confidential_address_never_falls_back_to_the_ordinary_one() -> None:
    incomplete = Address(("c/o a friend",))
    assert refused(changed(ADULT, confidential_address=incomplete)) == "confidential_address_incomplete"


def test_the_confidential_address_binds_a_representative_too() -> None:
    person = changed(ADULT, confidential_address=ELSEWHERE, representative=Contact("Rita Sol", HOME))
    assert letter(person).address_lines == ELSEWHERE.block
    assert letter(person).audience is Audience.PERSONAL_REPRESENTATIVE


def test_a_personal_representative_stands_in_the_persons_place() -> None:
    found = letter(changed(ADULT, representative=Contact("Rita Sol", ELSEWHERE)))
    assert found.lines == ("Rita Sol", "Personal representative of Ana Zúñiga", "PO Box 9", "Gary, IN 46402")


def test_a_representative_without_an_address_is_written_to_at_the_persons() -> None:
    assert letter(changed(ADULT, representative=Contact("Rita Sol"))).address_lines == HOME.block


def test_an_emergency_contact_of_the_living_gets_no_letter() -> None:
    assert letter(changed(ADULT, next_of_kin=Contact("Kin", ELSEWHERE))).audience is Audience.ADULT


def test_the_dead_are_never_written_to() -> None:
    kin = Contact("Kim Kin", ELSEWHERE)
    found = letter(changed(ADULT, deceased=True, next_of_kin=kin))
    assert found.lines == ("Kim Kin", "Next of kin of Ana Zúñiga", "PO Box 9", "Gary, IN 46402")
    assert (found.audience, found.basis) == (Audience.NEXT_OF_KIN, "45 CFR 164.404(d)(1)(ii)")


def test_a_date_of_death_alone_means_deceased() -> None:
    assert refused(changed(ADULT, date_of_death=date(2020, 1, 1))) == "deceased_without_next_of_kin_address"


def test_the_estates_representative_comes_before_the_next_of_kin() -> None:
    person = changed(ADULT, deceased=True, next_of_kin=Contact("Kin", HOME), representative=Contact("Exec", ELSEWHERE))
    assert letter(person).audience is Audience.PERSONAL_REPRESENTATIVE


def test_next_of_kin_without_an_address_get_no_letter_and_the_confidential_address_is_not_theirs() -> None:
    person = changed(ADULT, deceased=True, next_of_kin=Contact("Kin"), confidential_address=ELSEWHERE)
    assert refused(person) == "deceased_without_next_of_kin_address"


def test_a_deceased_minor_is_a_matter_of_next_of_kin() -> None:
    person = changed(CHILD, deceased=True, guardian_name="Ana Zúñiga", next_of_kin=Contact("", ELSEWHERE))
    assert letter(person).name_lines == ("To the next of kin of Leo Zúñiga",)


@pytest.mark.parametrize(
    ("address", "sufficient"),
    [
        (HOME, True),
        (Address((), "Chicago", "IL", "60614"), False),
        (Address(("12 Heronbrook Ln",)), False),
        (Address(("12 Heronbrook Ln",), "Chicago"), False),
        (Address(("12 Heronbrook Ln",), "Chicago", "IL"), True),
        (Address(("12 Heronbrook Ln",), "", "", "60614"), True),
        (Address(("Hauptstrasse 1", "10115 Berlin"), country="Germany"), True),
    ],
)
def test_an_address_is_sufficient_when_a_carrier_can_find_it(address: Address, sufficient: bool) -> None:
    assert address.sufficient is sufficient
    if not sufficient:
        assert refused(changed(ADULT, address=address)) == "insufficient_address"


def test_who_agreed_to_electronic_notice_is_reachable_without_a_postal_address() -> None:
    lost = changed(ADULT, address=Address(), email="ana@example.org")
    assert refused(lost) == "insufficient_address"
    assert refused(changed(lost, email_consent=True)) == "by_email"
    assert refused(changed(lost, email_consent=True, email="")) == "insufficient_address"


def test_an_address_abroad_ends_with_the_country() -> None:
    assert Address(("1 Rue X",), "Lyon", "", "69001", "France").block == ("1 Rue X", "Lyon 69001", "FRANCE")


def test_a_name_is_written_as_given() -> None:
    assert Person(full_name="Nguyễn Thị Hạnh").name == "Nguyễn Thị Hạnh"
    assert Person(given_name="John", middle_name="Q", family_name="Doe", suffix="Jr.").name == "John Q Doe Jr."

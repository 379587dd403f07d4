"""From a record to a person: every check of a row, and that nothing is repaired silently."""

from datetime import date

import pytest

from incident.roster.checks import Checker, judge
from incident.roster.mapping import FIELDS
from incident.roster.person import Address, Audience, Contact, Person
from incident.roster.reasons import REASONS, Flag, Severity
from incident.roster.record import Checked, Record, Status

ON = date(2026, 11, 22)
USUAL = {
    "given_name": "Ana", "family_name": "Zúñiga", "address1": "12 Heronbrook Ln", "city": "Chicago", "state": "IL",
    "zip": "60614", "date_of_birth": "1980-01-01",
}  # fmt: skip


def check(fault: str = "", **cells: str) -> Checked:
    """One row with these cells, over a row in which nothing is remarkable."""
    row = USUAL | cells
    checker = Checker(FIELDS, {field: field for field in FIELDS}, ON)
    return checker.check(Record(7, [row.get(field, "") for field in FIELDS], fault))


def test_an_ordinary_row_has_nothing_to_say() -> None:
    found = check()
    assert (found.row, found.status, found.state) == (7, Status.ACCEPTED, "IL")
    assert (found.findings, found.flags, found.audience, found.original) == ((), Flag(0), Audience.ADULT, {})
    assert found.person == Person(
        given_name="Ana", family_name="Zúñiga", address=Address(("12 Heronbrook Ln",), "Chicago", "IL", "60614"),
        state="IL", date_of_birth=date(1980, 1, 1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"given_name": "", "family_name": ""}, "name_missing"),
        ({"given_name": "", "family_name": "12345", "middle_name": "W"}, "name_no_letters"),
        ({"given_name": "?", "family_name": "--"}, "name_no_letters"),
        ({"given_name": "Test", "middle_name": "H", "family_name": "Patient"}, "name_placeholder"),
        ({"given_name": "UNKNOWN", "family_name": ""}, "name_placeholder"),
        ({"family_name": "x" * 121}, "name_long"),
        ({"state": "", "zip": ""}, "residence_missing"),
        ({"state": "ZZ", "zip": "abc"}, "residence_missing"),
        ({"date_of_birth": "2026-11-23"}, "dob_future"),
        ({"deceased": "perhaps"}, "deceased_unreadable"),
        ({"deceased": "no", "date_of_death": "2020-01-01"}, "deceased_contradiction"),
        ({"date_of_death": "soon"}, "death_unreadable"),
        ({"date_of_death": "1979-12-31"}, "death_impossible"),
        ({"date_of_death": "2027-01-01"}, "death_impossible"),
        ({"deceased": "#N/A"}, "deceased_unreadable"),
        ({"date_of_death": "#REF!"}, "death_unreadable"),
        ({"given_name": "Estate of Ana"}, "name_deceased"),
        ({"family_name": "Zuniga (DECEASED)"}, "name_deceased"),
        ({"given_name": "", "family_name": "", "full_name": "#NAME?"}, "name_missing"),
    ],
)
def test_who_cannot_be_addressed_or_counted_safely_is_set_aside(cells: dict[str, str], code: str) -> None:
    found = check(**cells)
    assert found.status is Status.QUARANTINED
    assert code in found.findings
    assert REASONS[code].severity is Severity.QUARANTINE
    assert found.audience is None
    # Everything that was read is kept, so that the row can be put right.
    assert found.original == {field: cell for field, cell in (USUAL | cells).items() if cell}


@pytest.mark.parametrize("born", ["2026-11-22", "1980-02-29"])
def test_being_born_on_the_day_itself_is_not_the_future(born: str) -> None:
    assert check(date_of_birth=born).status is Status.ACCEPTED


@pytest.mark.parametrize("fault", ["columns_more", "bad_quotes"])
def test_a_row_of_doubtful_form_is_set_aside_with_all_its_cells(fault: str) -> None:
    checker = Checker(("Name", "State"), {"full_name": "Name", "state": "State"}, ON)
    cells = ["Doe", " Jane", "IL"] if fault == "columns_more" else []
    found = checker.check(Record(3, cells, fault))
    assert (found.status, found.findings, found.person) == (Status.QUARANTINED, (fault,), None)
    assert found.original == ({"Name": "Doe", "State": " Jane", "column 3": "IL"} if cells else {})


@pytest.mark.parametrize(
    ("cells", "code", "flag"),
    [
        ({"state": "MA", "zip": "2139"}, "zip_leading_zero", Flag.REPAIRED),
        ({"zip": "60614.0"}, "zip_number", Flag.REPAIRED),
        ({"state": ""}, "state_from_zip", Flag.REPAIRED),
        ({"date_of_birth": "29221"}, "dob_excel_serial", Flag.REPAIRED),
        ({"given_name": "A\u202ena\x00"}, "hidden_characters", Flag.REPAIRED),
        ({"zip": "#REF!"}, "spreadsheet_error", Flag.WARNING),
        ({"patient_id": "1.23457E+11"}, "account_scientific", Flag.REPAIRED),
        ({"phone": "3.12556E+09"}, "phone_scientific", Flag.REPAIRED),
    ],
)
def test_a_repair_is_flagged_and_can_be_undone(cells: dict[str, str], code: str, flag: Flag) -> None:
    found = check(**cells)
    assert code in found.findings
    assert flag in found.flags
    for field, cell in cells.items():
        assert found.original.get(field, "") == cell


@pytest.mark.parametrize(
    ("cells", "code", "flag"),
    [
        ({"zip": "90012"}, "zip_mismatch", Flag.ZIP_MISMATCH),
        ({"family_name": "Zúñiga181"}, "name_digits", Flag.WARNING),
        ({"given_name": "", "family_name": "Wakefield Holdings LLC"}, "name_company", Flag.COMPANY_NAME),
        ({"given_name": ""}, "name_single", Flag.ONE_NAME),
        ({"given_name": "", "family_name": "ana@example.org"}, "name_email", Flag.WARNING),
        ({"given_name": "JosÃ©"}, "mangled_letters", Flag.WARNING),
        ({"date_of_birth": ""}, "dob_missing", Flag.BIRTH_DATE_UNKNOWN),
        ({"date_of_birth": "13/1/1980"}, "dob_unreadable", Flag.BIRTH_DATE_UNKNOWN),
        ({"date_of_birth": "1/2/80"}, "dob_two_digit_year", Flag.BIRTH_DATE_UNKNOWN),
        ({"date_of_birth": "1900-01-01"}, "dob_long_ago", Flag.WARNING),
        ({"address1": "P.O. Box 12"}, "address_po_box", Flag.PO_BOX),
        ({"state": "AE", "zip": "09012", "city": "APO"}, "military", Flag.MILITARY),
        ({"state": "ON", "zip": "M5V 2T6", "country": "Canada"}, "foreign", Flag.FOREIGN),
        ({"language": "Polski"}, "other_language", Flag.OTHER_LANGUAGE),
        ({"email": "a@example.org", "email_consent": "Y"}, "email_consent", Flag.ELECTRONIC_CONSENT),
        ({"email": "nobody"}, "email_unreadable", Flag.WARNING),
        ({"email": "a@example.org", "email_consent": "perhaps"}, "email_consent_unreadable", Flag.WARNING),
        ({"data_elements": "ssn; shoe size"}, "elements_unknown", Flag.WARNING),
        ({"representative_name": "Rita Sol"}, "representative", Flag.REPRESENTATIVE),
        ({"date_of_birth": "2015-06-01"}, "minor", Flag.MINOR),
        ({"deceased": "Y"}, "no_next_of_kin_address", Flag.NEXT_OF_KIN_INSUFFICIENT),
        ({"address1": ""}, "no_letter_address", Flag.INSUFFICIENT_ADDRESS),
        ({"address1": "RETURNED MAIL"}, "address_placeholder", Flag.INSUFFICIENT_ADDRESS),
        ({"address2": "4-Mar"}, "address_date", Flag.WARNING),
        ({"address2": "2026-03-04"}, "address_date", Flag.WARNING),
        ({"guardian_name": "Rita Sol", "date_of_birth": ""}, "guardian_age_unknown", Flag.WARNING),
        ({"guardian_name": "Rita Sol"}, "guardian_of_adult", Flag.WARNING),
        ({"city": "APO", "state": "NY", "zip": "10001"}, "military_unsaid", Flag.MILITARY),
        ({"city": "FPO AP", "state": "", "zip": ""}, "military_unsaid", Flag.MILITARY),
        ({"confidential_address1": "PO Box 7"}, "confidential_incomplete", Flag.INSUFFICIENT_ADDRESS),
    ],
)
def test_doubt_is_told_and_the_person_still_counts(cells: dict[str, str], code: str, flag: Flag) -> None:
    found = check(**cells)
    assert found.status is Status.ACCEPTED
    assert code in found.findings
    assert flag in found.flags


def test_a_military_post_office_tells_no_state_of_residence() -> None:
    assert check(city="APO", state="NY", zip="10001").state == ""
    assert check(city="APO", state="AE", zip="09012").state == ""
    assert check(city="Apopka", state="FL", zip="32703").state == "FL"


def test_an_account_that_lost_its_digits_bears_nothing_out() -> None:
    person = check(patient_id="1.23457E+11", phone="3.12556E+09").person
    assert person is not None
    assert (person.patient_id, person.phone) == ("", "")


def test_a_guardian_of_a_minor_or_of_the_dead_is_nothing_to_remark_on() -> None:
    for cells in ({"date_of_birth": "2015-06-01"}, {"deceased": "yes", "date_of_birth": ""}):
        assert not {"guardian_of_adult", "guardian_age_unknown"} & set(
            check(guardian_name="Rita Sol", **cells).findings
        )


def test_a_name_that_says_deceased_is_settled_by_the_flag() -> None:
    found = check(given_name="Estate of Ana", deceased="Y")
    assert (found.status, "name_deceased" in found.findings) == (Status.ACCEPTED, False)
    assert "name_deceased" not in check(family_name="Decker").findings


def test_titles_and_suffixes_in_the_parts_of_a_name_are_set_apart() -> None:
    found = check(given_name="Dr. Ana Maria", family_name="Solheim Jr.")
    assert found.person is not None
    parts = (found.person.honorific, found.person.given_name, found.person.family_name, found.person.suffix)
    assert parts == ("Dr.", "Ana Maria", "Solheim", "Jr.")
    assert found.findings == ("name_suffix", "name_honorific")
    kept = check(given_name="Col Tess", family_name="De V").person
    assert kept is not None
    assert (kept.given_name, kept.family_name) == ("Col Tess", "De V"), "names in their own right"


def test_consent_without_an_address_is_told() -> None:
    assert "email_consent_alone" in check(email_consent="Y").findings


def test_silence_is_neither_death_nor_consent() -> None:
    person = check(deceased="", email_consent="", email="a@example.org").person
    assert person is not None
    assert (person.deceased, person.email_consent) == (None, None)
    person = check(deceased="unknown", email_consent="n/a").person
    assert person is not None
    assert (person.deceased, person.email_consent) == (None, None)


@pytest.mark.parametrize(
    ("text", "deceased"), [("Y", True), ("TRUE", True), ("Deceased", True), ("N", False), ("alive", False)]
)
def test_the_deceased_flag_is_read_in_its_usual_words(text: str, deceased: bool) -> None:
    person = check(deceased=text).person
    assert person is not None
    assert person.deceased is deceased


def test_a_date_of_death_with_a_silent_flag_means_deceased() -> None:
    found = check(date_of_death="2025-05-05")
    assert Flag.DECEASED in found.flags
    assert Flag.MINOR not in check(date_of_death="2025-05-05", date_of_birth="2015-01-01").flags


def test_the_dead_with_next_of_kin_are_routed_and_their_kins_address_is_checked_too() -> None:
    found = check(
        deceased="Y", next_of_kin_name="Kim Zúñiga", next_of_kin_address1="9 Rookery Ct", next_of_kin_city="Boston",
        next_of_kin_state="MA", next_of_kin_zip="2108",
    )  # fmt: skip
    assert found.audience is Audience.NEXT_OF_KIN
    assert "next_of_kin/zip_leading_zero" in found.findings
    assert found.person is not None
    assert found.person.next_of_kin.address.zip == "02108"


def test_a_confidential_address_in_another_state_does_not_move_the_residence() -> None:
    found = check(
        confidential_address1="PO Box 7", confidential_city="Gary", confidential_state="IN", confidential_zip="46402"
    )
    assert (found.state, found.audience) == ("IL", Audience.ADULT)
    assert Flag.CONFIDENTIAL_ADDRESS in found.flags


def test_a_confidential_address_without_a_state_does_not_set_the_row_aside() -> None:
    found = check(confidential_address1="PO Box 7", confidential_city="Gary")
    assert found.status is Status.ACCEPTED
    assert "confidential_incomplete" in found.findings


def test_majority_above_18_is_told_as_not_modelled() -> None:
    cells = {"state": "AL", "zip": "36104", "date_of_birth": "2008-01-01"}
    assert Flag.AGE_OF_MAJORITY in check(**cells).flags
    assert "not modelled" in REASONS["age_of_majority"].text
    assert Flag.AGE_OF_MAJORITY not in check(**cells | {"date_of_birth": "2007-01-01"}).flags
    assert Flag.AGE_OF_MAJORITY not in check(date_of_birth="2008-01-01").flags


def test_a_minor_who_asked_for_another_address_is_a_matter_for_counsel() -> None:
    found = check(
        date_of_birth="2011-01-01", confidential_address1="PO Box 7", confidential_city="Gary", confidential_state="IN"
    )
    assert "minor_confidential" in found.findings


def test_a_full_name_is_used_where_the_parts_are_missing() -> None:
    person = check(given_name="", family_name="", full_name="Dr. Zúñiga, Ana María, Jr.").person
    assert person is not None
    assert (person.name, person.honorific) == ("Ana María Zúñiga Jr.", "Dr.")
    person = check(given_name="", family_name="Zúñiga, Ana").person
    assert person is not None
    assert person.name == "Ana Zúñiga"


def test_terminal_controls_leave_nothing_behind() -> None:
    hostile = "\x1b]0;owned\x07An\x1b[31ma\x9b1m\u200b\u202e"
    found = check(given_name=hostile)
    assert found.person is not None
    assert found.person.given_name == "Ana"
    assert found.original["given_name"] == hostile


def test_lines_within_an_address_cell_become_lines_of_the_address() -> None:
    person = check(address1="c/o Rookery House\n12 Heronbrook Ln\r\n", address2="Apt 3").person
    assert person is not None
    assert person.address.lines == ("c/o Rookery House", "12 Heronbrook Ln", "Apt 3")


def test_a_house_number_in_its_own_column_comes_first() -> None:
    person = check(street_number="12", address1="Heronbrook Ln").person
    assert person is not None
    assert person.address.lines == ("12 Heronbrook Ln",)


def test_spaces_are_no_difference() -> None:
    person = check(given_name="  Ana \u00a0 María ", city="Oak   Park").person
    assert person is not None
    assert (person.given_name, person.address.city) == ("Ana María", "Oak Park")


def test_judging_a_person_again_gives_the_same_findings() -> None:
    found = check(date_of_birth="2015-06-01", email="a@example.org", email_consent="Y")
    assert found.person is not None
    again, audience = judge(found.person, ON)
    assert set(again) <= set(found.findings)
    assert audience is found.audience


def test_no_finding_quotes_a_cell() -> None:
    found = check(
        given_name="Secretname", date_of_birth="99/99/9999", state="Nowhereland", zip="77", deceased="secretly"
    )
    for code in found.findings:
        assert "ecret" not in REASONS[code.rpartition("/")[2]].line
        assert "Nowhere" not in REASONS[code.rpartition("/")[2]].line


def test_every_field_of_a_person_is_read_from_its_own_column() -> None:
    cells = {
        "honorific": "Dr.", "given_name": "Ana", "middle_name": "B", "family_name": "Sol", "suffix": "Jr.",
        "address1": "12 Heronbrook Ln", "address2": "Apt 3", "city": "Chicago", "state": "IL", "zip": "60614",
        "date_of_birth": "1980-01-01", "guardian_name": "Gil Sol", "next_of_kin_name": "Nia Sol",
        "next_of_kin_zip": "60611", "representative_name": "Rita Sol", "representative_zip": "60612",
        "confidential_zip": "60613", "language": "Polski", "email": "ana@example.org", "email_consent": "no",
        "phone": "312-555-0100", "data_elements": "ssn", "patient_id": "P1", "deceased": "yes",
        "date_of_death": "2020-02-02",
    }  # fmt: skip
    assert check(**cells).person == Person(
        honorific="Dr.", given_name="Ana", middle_name="B", family_name="Sol", suffix="Jr.",
        address=Address(("12 Heronbrook Ln", "Apt 3"), "Chicago", "IL", "60614"), state="IL",
        date_of_birth=date(1980, 1, 1), deceased=True, date_of_death=date(2020, 2, 2), guardian_name="Gil Sol",
        next_of_kin=Contact("Nia Sol", Address(zip="60611", state="IL")),
        representative=Contact("Rita Sol", Address(zip="60612", state="IL")),
        confidential_address=Address(zip="60613", state="IL"), language="Polski", email="ana@example.org",
        email_consent=False, phone="312-555-0100", data_elements=("ssn",), patient_id="P1",
    )  # fmt: skip
    name = check(full_name="Ana Sol", given_name="", family_name="").person
    assert name is not None
    assert name.full_name == "Ana Sol"

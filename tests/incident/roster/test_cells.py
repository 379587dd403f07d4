"""Single cells: dates, names, places and ZIP codes, kinds of data."""

import csv
import json
from datetime import date

import pytest

from incident.roster.dates import read_date
from incident.roster.elements import ELEMENTS, bits_of, elements_of, read_elements
from incident.roster.names import fold, is_company, is_email, is_mangled, is_placeholder, split_full, without_honorific
from incident.roster.person import Address, Person
from incident.roster.places import STATES, STATES_BY_ZIP3, postal_state, states_of_zip
from incident.roster.postal import locate, read_address
from incident.roster.reasons import REASONS, Flag, Severity, bits_of_flags, flags_of, line
from incident.roster.words import words_of, words_sought
from jurisdictions.vocabulary import DATA_ELEMENTS
from tests.incident.roster.conftest import shared

# --- dates ---


@pytest.mark.parametrize(
    ("text", "day", "how"),
    [
        ("1990-02-28", date(1990, 2, 28), ""),
        ("1990-2-8", date(1990, 2, 8), ""),
        ("1990-02-28 00:00:00", date(1990, 2, 28), ""),
        ("1990-02-28T00:00:00Z", date(1990, 2, 28), ""),
        ("19900228", date(1990, 2, 28), ""),
        ("2/28/1990", date(1990, 2, 28), ""),
        ("02-28-1990", date(1990, 2, 28), ""),
        ("2/28/1990 12:00:00 AM", date(1990, 2, 28), ""),
        ("32932", date(1990, 2, 28), "excel_serial"),
        ("32932.0", date(1990, 2, 28), "excel_serial"),
        ("28/2/1990", None, "unreadable"),
        ("2/28/90", None, "two_digit_year"),
        ("1990-02-30", None, "unreadable"),
        ("2/29/1991", None, "unreadable"),
        ("1990", None, "unreadable"),
        ("Feb 28, 1990", None, "unreadable"),
        ("2/28-1990", None, "unreadable"),
        ("02281990", None, "unreadable"),
        ("٢/٢٨/١٩٩٠", None, "unreadable"),
        ("0000-00-00", None, "unreadable"),
        ("+199-01-01", None, "unreadable"),
    ],
)
def test_only_dates_that_mean_one_day_are_read(text: str, day: date | None, how: str) -> None:
    assert read_date(text) == (day, how)


# --- names ---


@pytest.mark.parametrize(
    ("text", "name", "suffix", "inverted"),
    [
        ("John Doe", "John Doe", "", False),
        ("Doe, John", "John Doe", "", True),
        ("Doe, John A., Jr.", "John A. Doe", "Jr.", True),
        ("Doe, Jr., John", "John Doe", "Jr.", True),
        ("Smith Jr., John", "John Smith", "Jr.", True),
        ("Doe, John III", "John Doe", "III", True),
        ("John Doe, Jr", "John Doe", "Jr.", False),
        ("John Doe, M.D.", "John Doe, M.D.", "", False),
        ("de la Véña, Jüan", "Jüan de la Véña", "", True),
        ("Nguyễn, Văn Hùng", "Văn Hùng Nguyễn", "", True),
        ("Doe-Ray, John V", "John V Doe-Ray", "", True),
        ("Madrigal", "Madrigal", "", False),
        ("Roe, Jane, Account closed", "Roe, Jane, Account closed", "", False),
    ],
)
def test_family_given_is_turned_round_and_nothing_else(text: str, name: str, suffix: str, inverted: bool) -> None:
    assert split_full(text) == (name, suffix, inverted)


def test_an_honorific_is_set_apart_only_where_a_name_remains() -> None:
    assert without_honorific("Dr. Ana Zúñiga") == ("Ana Zúñiga", "Dr.")
    assert without_honorific("Miss") == ("Miss", "")
    assert without_honorific("Drew Barlow") == ("Drew Barlow", "")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("ZÚÑIGA", "zuniga"),
        ("Nguyễn Thị Đào", "nguyen thi dao"),
        ("Łukasz Żurawski", "LUKASZ ZURAWSKI"),
        ("O’Dell", "O'Dell"),
        ("O'Dell", "odell"),
        ("St. Clair", "St Clair"),
        ("Groß", "gross"),
        ("ＡＬＩＣＥ", "alice"),
        ("Αικατερίνη", "ΑΙΚΑΤΕΡΙΝΗ"),
        ("12 Larkmoor St., #3", "12 larkmoor st 3"),
    ],
)
def test_names_are_compared_without_case_accents_and_punctuation(left: str, right: str) -> None:
    assert fold(left) == fold(right) != ""


def test_different_scripts_stay_different() -> None:
    assert fold("Олена") == "олена" != fold("Олега")


@pytest.mark.parametrize("text", ["UNKNOWN", "Test Patient", "N/A", "n a", "zzTest", "Do Not Use"])
def test_text_that_stands_for_nobody_is_known(text: str) -> None:
    assert is_placeholder(fold(text))


@pytest.mark.parametrize("text", ["Nathan Null-Baker", "Tess Tester", "Ona Notgiven"])
def test_a_name_that_only_resembles_it_is_a_name(text: str) -> None:
    assert not is_placeholder(fold(text))


def test_organizations_are_told_by_their_words() -> None:
    assert is_company(fold("Wakefield Holdings, LLC"))
    assert is_company(fold("City of Evanston"))
    assert not is_company(fold("Lincoln Incavo"))


def test_mojibake_is_seen_and_true_letters_are_not() -> None:
    assert is_mangled("JosÃ© NuÃ±ez")
    assert is_mangled("Jos\ufffd")
    assert not is_mangled("José Núñez Ângela Ãrgo")


def test_an_email_address_is_told_by_its_form() -> None:
    assert is_email("a.b+c@mail.example.org")
    assert not any(map(is_email, ("a@b", "a b@example.org", "@example.org", "a@example.", "a@@example.org")))


# --- places ---


def test_every_state_of_the_rule_is_known_by_code_and_name() -> None:
    assert len(STATES) == 56
    for code, name in STATES.items():
        assert postal_state(code.lower()) == postal_state(name) == postal_state(f" {name.upper()} ") == code


@pytest.mark.parametrize(
    ("text", "code"), [("Ill.", "IL"), ("D.C.", "DC"), ("Calif", "CA"), ("N. Y.", "NY"), ("ae", "AE")]
)
def test_states_are_known_as_people_write_them(text: str, code: str) -> None:
    assert postal_state(text) == code


@pytest.mark.parametrize("text", ["ZZ", "ON", "Ontario", "60614", ""])
def test_what_is_no_state_is_none(text: str) -> None:
    assert postal_state(text) is None


def test_every_state_has_a_zip_prefix() -> None:
    assert set(STATES) <= {code for codes in STATES_BY_ZIP3.values() for code in codes}
    assert states_of_zip("96799") == ("AS",)
    assert states_of_zip("21300") == ()


@pytest.mark.parametrize(
    ("state", "zip_code", "expected_state", "expected_zip", "findings"),
    [
        ("IL", "60614", "IL", "60614", ()),
        ("il", "60614-1234", "IL", "60614-1234", ()),
        ("Illinois", "606141234", "IL", "60614-1234", ("zip_plus_four", "state_named")),
        ("MA", "2139", "MA", "02139", ("zip_leading_zero",)),
        ("PR", "901", "PR", "00901", ("zip_leading_zero",)),
        ("MA", "2139-4307", "MA", "02139-4307", ("zip_leading_zero",)),
        ("MA", "21394307", "MA", "02139-4307", ("zip_leading_zero",)),
        ("TX", "7501", "TX", "", ("zip_unusable",)),
        ("IL", "60614.0", "IL", "60614", ("zip_number",)),
        ("NJ", "7102.0", "NJ", "07102", ("zip_number", "zip_leading_zero")),
        ("IL", "6.06E+04", "IL", "", ("zip_unusable",)),
        ("MA", '="02139"', "MA", "02139", ()),
        ("MA", "'02139", "MA", "02139", ()),
        ("", "60614", "IL", "60614", ("state_from_zip",)),
        ("Chicagoland", "60614", "IL", "60614", ("state_unknown_from_zip",)),
        ("", "06390", "NY", "06390", ("state_from_zip",)),
        ("", "96799", "AS", "96799", ("state_from_zip",)),
        ("IL", "", "IL", "", ("zip_missing",)),
        ("IL", "90012", "IL", "90012", ("zip_mismatch",)),
        ("IL", "00000", "IL", "", ("zip_not_in_use",)),
    ],
)
def test_state_and_zip_are_brought_together(
    state: str, zip_code: str, expected_state: str, expected_zip: str, findings: tuple[str, ...]
) -> None:
    place = locate(state, zip_code, "")
    assert (place.state, place.zip, place.findings) == (expected_state, expected_zip, findings)
    assert place.residence == expected_state


@pytest.mark.parametrize(
    ("state", "zip_code"), [("", ""), ("ZZ", ""), ("", "2139"), ("", "00000"), ("", "83414"), ("XX", "abc")]
)
def test_without_state_and_zip_the_residence_is_unknown(state: str, zip_code: str) -> None:
    place = locate(state, zip_code, "")
    assert place.residence == ""
    assert "residence_missing" in place.findings


def test_a_military_address_tells_no_state_of_residence() -> None:
    for state, zip_code in (("AE", "09012"), ("", "09012"), ("AP", "96349")):
        place = locate(state, zip_code, "USA")
        assert (place.residence, "military" in place.findings) == ("", True)
        assert place.state in {"AE", "AP"}
    assert "military_from_zip" in locate("NY", "09012", "").findings


def test_abroad_the_address_is_printed_as_given() -> None:
    place = locate("BC", "22000", "Mexico")
    assert (place.state, place.zip, place.residence, place.foreign) == ("BC", "22000", "", True)
    assert locate("ON", "m5v 2t6", "").findings == ("foreign_from_postal_code",)
    assert locate("PW", "96940", "").residence == ""


# --- kinds of data ---


def test_the_kinds_of_data_are_those_of_the_facts_contract() -> None:
    assert set(ELEMENTS) == set(DATA_ELEMENTS)


def test_kinds_of_data_are_read_as_people_write_them() -> None:
    assert read_elements("SSN; Date of Birth | medical records") == (
        ("ssn", "date_of_birth", "medical_information"),
        True,
    )
    assert read_elements("shoe size, dob") == (("date_of_birth",), False)
    assert read_elements("") == ((), True)


def test_kinds_of_data_survive_as_bits() -> None:
    assert elements_of(bits_of(ELEMENTS)) == ELEMENTS
    assert elements_of(bits_of(("ssn", "other"))) == ("ssn", "other")


# --- findings ---


def test_every_finding_that_asks_for_action_says_what_to_do() -> None:
    for reason in REASONS.values():
        assert reason.fix or reason.severity is Severity.NOTE, reason.code
        assert (Flag.REPAIRED in reason.flag) == (reason.severity is Severity.REPAIR)
        assert "\n" not in reason.line


def test_a_finding_about_another_address_says_which() -> None:
    assert line("zip_leading_zero") == "zip: leading zero restored"
    assert line("next_of_kin/zip_leading_zero") == "next_of_kin.zip: leading zero restored"


def test_flags_are_the_union_of_what_the_findings_raise() -> None:
    flags = flags_of(("minor", "zip_leading_zero", "name_single"))
    assert flags == Flag.MINOR | Flag.REPAIRED | Flag.ONE_NAME
    assert flags.words == ["minor", "repaired", "one_name"]
    assert bits_of_flags(flags) == (1, 32, 2048)


# --- words of the index ---


def test_people_are_found_by_words_of_their_name_by_email_and_by_street() -> None:
    person = Person(
        given_name="José", middle_name="Q", family_name="Núñez-Baca", email="J.Nunez@Example.org",
        address=Address(("1420 W Heronbrook Ave", "Apt 2"), "Chicago", "IL", "60614"),
    )  # fmt: skip
    words = words_of(person)
    for text in (
        "nunez",
        "JOSÉ baca",
        "j.nunez@example.org",
        "1420 heronbrook",
        "1420 W. Heronbrook",
        "nuñez 1420 heronbrook",
    ):
        assert words_sought(text) <= words, text
    for text in ("nun", "1421 heronbrook", "jose@example.org", "maria"):
        assert not words_sought(text) <= words, text
    assert words_sought("  ,; ") == set()


# --- real data ---


def test_real_zip_codes_lie_where_the_prefixes_say() -> None:
    """42,789 ZIP codes; the eight that disagree are novelties (North Pole, Spaceport City) or errors of the list."""
    with shared("us_zip_codes.csv").open(newline="") as file:
        odd = [row["zip"] for row in csv.DictReader(file) if row["state"] not in states_of_zip(row["zip"])]
    assert odd == ["09905", "09980", "09981", "09982", "09983", "09984", "87654", "88888"]


def test_real_addresses_are_sufficient_and_in_their_state() -> None:
    lines = shared("us_addresses.jsonl").read_text("utf-8").splitlines()
    for line_ in lines:
        raw = json.loads(line_)
        address, place, findings = read_address([raw["address1"]], raw["city"], raw["state"], raw["postal_code"], "")
        assert address.sufficient
        assert place.residence == raw["state"]
        assert set(findings) <= {"zip_mismatch", "city_missing", "address_po_box"}, raw
    assert len(lines) == 3850

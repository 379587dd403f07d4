"""Ordinary rows are checked column by column; what comes of them is what checking them row by row finds."""

from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from incident.roster.checks import Checker
from incident.roster.names import plain_name
from incident.roster.naming import check_name, read_name
from incident.roster.record import Checked, Record, Status

ON = date(2026, 11, 22)
FIELDS = (
    "patient_id", "honorific", "given_name", "middle_name", "family_name", "suffix", "full_name", "street_number",
    "address1", "address2", "city", "state", "zip", "country", "date_of_birth", "deceased", "date_of_death",
    "guardian_name", "next_of_kin_name", "representative_name", "confidential_address1", "language", "email",
    "email_consent", "phone", "data_elements",
)  # fmt: skip
ANA = {
    "given_name": "Ana", "family_name": "Marlowe", "address1": "12 N Elm St", "city": "Chicago", "state": "IL",
    "zip": "60614", "date_of_birth": "1980-02-03",
}  # fmt: skip
ODD = {
    "patient_id": ("P1", "1.2E+11", "A+"),
    "honorific": ("", "Dr."),
    "given_name": ("Ana", "Mary Ann", "Dr. Ana", "J", "", "Test", "Estate", "O'Neil", "Jean-Luc", "José", "ANA",
                   "Realestate", "Al", "Baby", "Mr", "A1", "no", "Ana, Dr."),
    "middle_name": ("", "A", "A.", "Bea", "Bea Cee", "L", "9", "Test", "Jr"),
    "family_name": ("Marlowe", "De La Cruz", "Marlowe Jr.", "Marlowe, Ana", "Patient", "Ofner", "Clinic", "Ng", "X",
                    "", "name", "Void", "Smith-Jones", "v", "ii", "a@b.org", "of Troy", "Unknown", "N" * 50),
    "suffix": ("", "Jr."),
    "full_name": ("", "Someone Else"),
    "street_number": ("", "12"),
    "address1": ("12 N Elm St", "PO Box 12", "Elm St", "", "0", "000", "5-Mar", "12-Oct", "unknown", "12 Elm # 3",
                 "1 A"),
    "address2": ("", "Apt 3", "PO Box 7", "5-Mar", "c/o Bea"),
    "city": ("Chicago", "APO", "FPO AE", "Apopka", "", "St. Louis"),
    "state": ("IL", "il", "Illinois", "AL", "MS", "AE", "FM", "PR", "", "ZZ", "ON"),
    "zip": ("60614", "60614-1234", "606141234", "2108", "00000", "", "96941", "09012", "35201", "00901", "M5V 2T6"),
    "country": ("", "USA", "Canada", "United States"),
    "date_of_birth": ("1980-02-03", "2/3/1980", "1900-01-01", "2004-12-31", "2005-01-01", "2010-01-01", "2030-01-01",
                      "2007-11-22", "2008-11-22", "2008-11-23", "", "29254", "1/2/80"),
    "deceased": ("", "N", "Y", "perhaps", "unknown", "n/a"),
    "date_of_death": ("", "2020-01-01", "unknown"),
    "guardian_name": ("", "Bea Marlowe"),
    "next_of_kin_name": ("", "Bea Marlowe"),
    "representative_name": ("", "Bea Marlowe"),
    "confidential_address1": ("", "PO Box 3"),
    "language": ("", "English", "en", "Spanish"),
    "email": ("", "ana@example.org", "ana at example"),
    "email_consent": ("", "Y", "N", "perhaps"),
    "phone": ("", "312-555-0100", "3.1E+9"),
    "data_elements": ("", "ssn"),
}  # fmt: skip


def both_ways(*rows: dict[str, str]) -> tuple[list[Checked], list[Checked]]:
    """What is found of the rows when ordinary ones are set apart, and when none are."""
    checker = Checker(FIELDS, {field: field for field in FIELDS}, ON)
    records = [Record(row, [given.get(field, "") for field in FIELDS]) for row, given in enumerate(rows, start=2)]
    return checker.check_run(records), checker._check(records)


def test_a_plain_row_is_ordinary_and_an_odd_one_is_not() -> None:
    checker = Checker(FIELDS, {field: field for field in FIELDS}, ON)
    rows = (ANA, ANA | {"zip": "60614-1"}, ANA | {"suffix": "Jr."}, ANA | {"guardian_name": "Bea Marlowe"})
    records = [Record(row, [given.get(field, "") for field in FIELDS]) for row, given in enumerate(rows, start=2)]

    found = checker._ordinary.check(records)

    assert [checked is not None for checked in found] == [True, False, False, False]


def test_every_single_oddity_is_found_the_same_way() -> None:
    rows = [ANA | {field: value} for field, values in ODD.items() for value in values]

    quick, thorough = both_ways(*rows)

    assert quick == thorough
    assert {checked.status for checked in quick} == {Status.ACCEPTED, Status.QUARANTINED}


@st.composite
def odd_rows(draw: st.DrawFn) -> dict[str, str]:
    odd = draw(st.lists(st.sampled_from(sorted(ODD)), max_size=6, unique=True))
    row = ANA | {field: draw(st.sampled_from(ODD[field])) for field in odd}
    if draw(st.booleans()):
        field = draw(st.sampled_from(FIELDS))
        row[field] = draw(st.text(max_size=20))
    return row


@settings(max_examples=400, deadline=None)
@given(st.lists(odd_rows(), min_size=1, max_size=5))
@example([ANA | {"given_name": "Realestate", "family_name": "Ofner"}])
@example([ANA | {"given_name": "Na", "family_name": "Na"}])
@example([ANA | {"given_name": "Ana", "middle_name": "Ana"}])
def test_ordinary_rows_come_out_as_if_checked_one_by_one(rows: list[dict[str, str]]) -> None:
    quick, thorough = both_ways(*rows)

    assert quick == thorough


@settings(max_examples=300, deadline=None)
@given(
    *[
        st.one_of(st.sampled_from(ODD[field]), st.text("abeilmnoprstuv -'", max_size=12))
        for field in ("given_name", "family_name")
    ]
)
def test_of_two_plain_names_nothing_is_found(given_name: str, family_name: str) -> None:
    if not plain_name(given_name) or not plain_name(family_name):
        return
    findings: list[str] = []

    folded = check_name(read_name({"given_name": given_name, "family_name": family_name}, findings), findings)

    assert findings == []
    assert folded == f"{plain_name(given_name)} {plain_name(family_name)}"

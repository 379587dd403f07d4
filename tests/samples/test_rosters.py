"""The lists of people of the samples: always the same bytes, and what the importer makes of them."""

from datetime import date
from pathlib import Path

import pytest

from incident.roster.importer import check_roster
from incident.roster.report import RosterReport
from samples.generate import LISTS, main
from samples.library import FOLDER

ON = date(2026, 11, 22)


def _checked(name: str) -> RosterReport:
    return check_roster(FOLDER / name, on=ON, workers=0)


@pytest.fixture(scope="module")
def chicago() -> RosterReport:
    return _checked("people_chicago.csv")


@pytest.fixture(scope="module")
def los_angeles() -> RosterReport:
    return _checked("people_los_angeles.csv")


def test_made_again_the_lists_are_the_same_bytes(tmp_path: Path) -> None:
    main(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(LISTS)
    for name in LISTS:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name
        assert (FOLDER / name).stat().st_size < 400_000


def test_every_mail_address_and_telephone_is_reserved_for_fiction() -> None:
    for name in LISTS:
        for line in (FOLDER / name).read_text("utf-8-sig").splitlines()[1:]:
            assert line.count("555-01") == 1, line
            assert all(part.startswith(("example.com", "example.org")) for part in line.split("@")[1:]), line


def test_chicago_is_counted_as_it_was_made(chicago: RosterReport) -> None:
    assert (chicago.rows_in, chicago.accepted, chicago.quarantined, chicago.merged) == (1216, 1187, 9, 20)
    assert chicago.rows_in == chicago.accepted + chicago.quarantined + chicago.merged
    assert chicago.by_state == {
        "": 1, "CA": 41, "CT": 2, "FL": 4, "IL": 998, "IN": 61, "MA": 3, "MI": 6, "NJ": 4, "NY": 3, "PR": 1, "TX": 4,
        "WI": 59,
    }  # fmt: skip
    assert (chicago.minors, chicago.deceased, chicago.next_of_kin_insufficient_contact) == (50, 8, 3)
    assert chicago.insufficient_contact == 14
    assert chicago.birth_date_unknown == 4
    assert chicago.ignored == ("Pref Provider", "Last Visit")
    assert chicago.problems == ()


def test_chicago_holds_what_a_careless_merge_gets_wrong(chicago: RosterReport) -> None:
    found = chicago.findings
    assert found["zip: leading zero restored"] == 10
    assert found["state: military address: it does not tell the State of residence"] == 1
    assert found["confidential_address: the person's own choice of address is used"] == 6
    assert found["date_of_birth: two-digit year: the century is not guessed"] == 2
    assert found["date_of_birth: read from a spreadsheet day number"] == 2
    assert found["row: same name, date of birth and address as an earlier row"] == 20


def test_los_angeles_is_counted_as_it_was_made(los_angeles: RosterReport) -> None:
    assert (los_angeles.rows_in, los_angeles.accepted, los_angeles.quarantined, los_angeles.merged) == (
        1219, 1192, 7, 20,
    )  # fmt: skip
    assert los_angeles.rows_in == los_angeles.accepted + los_angeles.quarantined + los_angeles.merged
    assert los_angeles.by_state == {
        "AZ": 25, "CA": 1050, "CO": 7, "FL": 5, "GA": 3, "HI": 5, "IL": 6, "NV": 28, "NY": 12, "OR": 13, "TX": 16,
        "UT": 5, "WA": 17,
    }  # fmt: skip
    assert (los_angeles.minors, los_angeles.deceased, los_angeles.insufficient_contact) == (16, 3, 4)
    assert los_angeles.ignored == ("relationship",)
    assert "zip: leading zero restored" not in los_angeles.findings
    assert "data_elements: a kind of data this toolkit does not know" not in los_angeles.findings


@pytest.mark.parametrize("on", [date(2026, 9, 2), date(2027, 6, 30)])
@pytest.mark.parametrize("name", LISTS)
def test_the_counts_hold_whenever_a_sample_is_taken_up(name: str, on: date) -> None:
    now, then = _checked(name), check_roster(FOLDER / name, on=on, workers=0)
    assert (then.rows_in, then.accepted, then.quarantined, then.merged) == (
        now.rows_in, now.accepted, now.quarantined, now.merged,
    )  # fmt: skip
    assert (then.by_state, then.minors, then.insufficient_contact) == (
        now.by_state, now.minors, now.insufficient_contact,
    )  # fmt: skip

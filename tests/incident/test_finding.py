"""People are found by beginnings of their names, with nothing on disk that tells more than before."""

from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from incident.errors import InvalidInput
from incident.roster import finding
from incident.roster.record import Status
from incident.service import Service

HEADINGS = "First Name,Last Name,DOB,Address,City,State,Zip,Email\n"
ROWS = (
    "Halina,Majchrzak,1980-02-03,12 Elm St,Chicago,IL,60614,halina@example.com\n"  # 2
    "Ana,Maj,1975-07-09,9 Oak Ave,Evanston,IL,60201,\n"  # 3
    "Zoë,O'Majors,1990-01-01,7 Low St,Chicago,IL,60614,\n"  # 4
    "Anna,Kowalska-Majchrzak,1961-01-01,7 Low St,Chicago,IL,60614,\n"  # 5
    "Test,Patient,1970-01-01,1 Oak St,Gary,IN,46402,\n"  # 6: in quarantine
)


@pytest.fixture
def roster(lead: Service, tmp_path: Path) -> UUID:
    incident, _ = lead.incidents.open("Phished mailbox", {"incident.discovered_at": "2026-11-20T16:10:00-06:00"})
    path = tmp_path / "list.csv"
    path.write_text(HEADINGS + ROWS, encoding="utf-8")
    lead.rosters.import_file(incident, path)
    return lead.queries.rosters(incident)[0].id


def found(lead: Service, roster: UUID, text: str, **page: int) -> list[int]:
    return [row.row for row in lead.people.find(roster, text, **page)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("maj", [3]),  # a whole word is nearer than a beginning
        ("maj*", [2, 3, 5]),
        ("majch", [2, 5]),
        ("MÁJCHRZ an", [5]),
        ("an maj", [3, 5]),
        ("an* ma*", [3, 5]),
        ("pat", [6]),
        ("xyz", []),
        ("*", []),
        ("maj* xyz", []),
        ("halina@example.com", [2]),
        ("hal@", []),  # an e-mail address is found whole
        ("12 elm", [2]),
        ("12 el", []),
    ],
)
def test_what_is_found(lead: Service, roster: UUID, text: str, rows: list[int]) -> None:
    assert found(lead, roster, text) == rows


def test_pages_go_on_behind_a_row(lead: Service, roster: UUID) -> None:
    assert found(lead, roster, "maj*", limit=2) == [2, 3]
    assert found(lead, roster, "maj*", limit=2, after_row=3) == [5]


def test_a_narrow_second_word_is_found_behind_many_that_match_only_the_first(
    lead: Service, roster: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "_PAGE", 1)
    assert found(lead, roster, "majchrzak* kowal*", limit=1) == [5]


def test_a_corrected_and_an_erased_name_count_at_once(lead: Service, roster: UUID) -> None:
    assert found(lead, roster, "bramble*") == []
    held = lead.rosters.vault.person(roster, 2)
    assert held.person is not None
    married = msgspec.structs.replace(held.person, family_name="Bramblewood")
    lead.people.correct(roster, 2, married, "marriage certificate")
    assert found(lead, roster, "bramble") == [2]
    assert found(lead, roster, "majch") == [5]
    lead.people.erase(roster, 5, "the person asked for it")
    assert found(lead, roster, "majch") == []
    assert lead.rosters.vault.person(roster, 5).status is Status.ERASED


def test_a_beginning_of_too_many_words_is_refused_in_words(
    lead: Service, roster: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST_WORDS", 1)
    with pytest.raises(InvalidInput, match="name: more than 1 words begin so"):
        found(lead, roster, "ma*")
    assert found(lead, roster, "an* kow*") == [5], "the rarer of two beginnings is looked up"


def test_nothing_is_written_for_it(lead: Service, roster: UUID, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    found(lead, roster, "majch")
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before

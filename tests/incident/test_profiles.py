"""How a list is read is kept by name and offered again; nothing that a list says is kept with it."""

from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident.errors import InvalidInput, NotAllowed, NotFound
from incident.events import ListProfileSaved, RosterOpened
from incident.roster.layout import Layout, best_of, fits, fixed
from incident.roster.mapping import FIELDS, apply_corrections, guess_mapping
from incident.service import Service
from tests.incident.conftest import World

ODD = 'Kunde;Region;Plz;Geburt\n"Díaz, Ana";IL;60614;1980-02-03\n'
MAPPING = {"full_name": "Kunde", "state": "Region", "zip": "Plz"}


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    path = tmp_path / "odd.csv"
    path.write_bytes(ODD.encode("cp1250"))
    return path


@pytest.fixture
def incident_id(lead: Service) -> UUID:
    return lead.incidents.open("Phished billing mailbox", {"incident.discovered_at": "2026-11-20T16:10:00-06:00"})[0]


def test_a_profile_reads_the_next_list_as_the_one_before(lead: Service, incident_id: UUID, odd: Path) -> None:
    layout = Layout(mapping=MAPPING, encoding="cp1250", delimiter=";")
    seen = lead.rosters.preview(incident_id, odd, layout)
    receipt = lead.profiles.save("  Old system ", layout, seen.mapping)
    assert receipt.events == 1
    assert lead.profiles.offered(seen.headings) == "Old system"
    again = lead.rosters.preview(incident_id, odd, lead.profiles.get("Old system"))
    assert msgspec.structs.replace(again, problems=()) == msgspec.structs.replace(seen, problems=())
    report, _ = lead.rosters.import_file(incident_id, odd, layout=lead.profiles.get("Old system"))
    assert (report.accepted, report.by_state, report.encoding) == (1, {"IL": 1}, "cp1250")
    assert report.mapping == MAPPING
    opened = lead.desk.log.stream(lead.queries.rosters(incident_id)[0].id)[0].event
    assert isinstance(opened, RosterOpened)
    assert (opened.mapping, opened.sheet) == (MAPPING, "")


def test_a_profile_holds_headings_and_no_cell(lead: Service, incident_id: UUID, odd: Path) -> None:
    seen = lead.rosters.preview(incident_id, odd, Layout(mapping=MAPPING))
    lead.profiles.save("Old system", Layout(mapping=MAPPING), seen.mapping)
    (event,) = (
        entry.event
        for entry in lead.desk.log.stream(lead.queries.case().stream)
        if isinstance(entry.event, ListProfileSaved)
    )
    assert event == ListProfileSaved(name="Old system", mapping=MAPPING, encoding=None, delimiter=None, sheet=None)


def test_a_column_that_was_left_out_stays_out(lead: Service, incident_id: UUID, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Name,State,Zip,Email\nAna Díaz,IL,60614,ana@example.org\n", encoding="utf-8")
    layout = Layout(mapping={"email": ""})
    lead.profiles.save("No e-mail", layout, lead.rosters.preview(incident_id, path, layout).mapping)
    shown = lead.rosters.preview(incident_id, path, lead.profiles.get("No e-mail"))
    assert shown.ignored == ("Email",), "a guess must not bring it back"


def test_a_later_profile_takes_the_place_of_an_earlier_one(lead: Service) -> None:
    for heading in ("Name", "Patient"):
        lead.profiles.save("One", Layout(), {"full_name": heading})
    assert lead.profiles.get("One").mapping["full_name"] == "Patient"
    assert list(lead.profiles.all()) == ["One"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\x1b[2J", "a\nb"])
def test_a_name_that_cannot_be_shown_is_refused(lead: Service, name: str) -> None:
    with pytest.raises(InvalidInput, match="profile: give a name"):
        lead.profiles.save(name, Layout(), {"full_name": "Name"})
    assert lead.profiles.all() == {}


def test_a_profile_that_is_not_there_is_refused_with_those_that_are(lead: Service) -> None:
    lead.profiles.save("One", Layout(), {"full_name": "Name"})
    with pytest.raises(NotFound, match="no profile 'Two'; there are 'One'"):
        lead.profiles.get("Two")


def test_counsel_keeps_no_profile(world: World) -> None:
    counsel = world.as_user("counsel")
    with pytest.raises(NotAllowed):
        counsel.profiles.save("One", Layout(), {"full_name": "Name"})


def test_of_the_profiles_that_fit_the_one_that_reads_most_is_offered() -> None:
    layouts = {
        "names": fixed(Layout(), {"full_name": "Name"}),
        "more": fixed(Layout(), {"full_name": "NAME ", "zip": "z.i.p"}),
        "other": fixed(Layout(), {"full_name": "Name", "zip": "Zip", "city": "Town"}),
        "nothing": Layout(),
    }
    assert best_of(layouts, ["name", "ZIP", "x"]) == "more"
    assert best_of(layouts, ["Name"]) == "names"
    assert best_of(layouts, ["x"]) is None


@given(st.lists(st.sampled_from(["First Name", "Last Name", "DOB", "Zip", "State", "Note", "X1"]), unique=True))
def test_a_settled_layout_reads_a_file_exactly_as_it_was_read(headings: list[str]) -> None:
    guess = guess_mapping(headings)
    layout = fixed(Layout(), guess)
    assert apply_corrections(guess, layout.mapping, headings) == guess
    assert set(layout.mapping) == set(FIELDS)
    assert fits(layout, headings) == bool(guess)

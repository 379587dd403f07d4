"""Which letters a person has: the file and the page, or why none; when it went out; calls."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner

from incident.calls import Words
from incident.system import FixedClock
from incident.views.mailings import person_entries
from notices.mailed import PersonLetter, letters_of
from notices.manifest import MANIFEST
from notices.proof import page_texts
from tests.incident.evidence.life import CHICAGO, FACTS, NOW
from tests.notices.test_rerender import CONTACT, DANA, KIM, WORDS, _render
from tui.cli import main
from tui.compose import Workspace, create_workspace, open_workspace

ROWS = (
    "Ana,Díaz,1980-02-03,1 Oak St,Chicago,IL,60601",  # 2
    "Ben,Okafor,1975-07-09,,Chicago,IL,",  # 3: no address
    "Cleo,Marshwood,1975-07-09,4 Pinecrest Rd,Gary,IN,46402",  # 4
    "Cleo,Marshwood,1957-07-09,4 Pinecrest Rd,Gary,IN,46402",  # 5: may be row 4
    "Test,Patient,1970-01-01,1 Oak St,Gary,IN,46402",  # 6: quarantined
)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A case in which letters were rendered and are not sent yet."""
    path, clock = tmp_path_factory.mktemp("mailed") / "case", FixedClock(NOW)
    roster = path.parent / "people.csv"
    roster.write_text("\n".join(("First Name,Last Name,DOB,Street,City,State,Zip", *ROWS)), encoding="utf-8")
    with (
        create_workspace(
            path, name="Lakeshore", facts=CHICAGO, contact=CONTACT, people=[DANA, KIM], clock=clock
        ) as lead,
        open_workspace(path, KIM.user, KIM.passphrase, clock=clock) as counsel,
    ):
        incident, _ = lead.service.incidents.open("Phished billing mailbox", FACTS)
        lead.service.rosters.import_file(incident, roster)
        notice = _render(lead, counsel, incident, "individual_letter", WORDS)
        (listed,) = lead.service.queries.rosters(incident)
        position = lead.service.queries.position
    return SimpleNamespace(path=path, incident=incident, roster=listed.id, notice=notice, position=position)


@pytest.fixture
def lead(printed: SimpleNamespace, tmp_path: Path) -> Iterator[Workspace]:
    path = shutil.copytree(printed.path, tmp_path / "case")
    with open_workspace(path, DANA.user, DANA.passphrase, clock=FixedClock(NOW)) as workspace:
        yield workspace


def letters(lead: Workspace, roster: UUID, *rows: int) -> list[PersonLetter]:
    return list(letters_of(lead.service.queries, lead.service.blobs.get, roster, rows))


def test_a_letter_is_found_on_its_page_and_bears_its_reference(lead: Workspace, printed: SimpleNamespace):
    for row, name in ((2, "Ana Díaz"), (5, "Cleo Marshwood")):
        (letter,) = letters(lead, printed.roster, row)
        assert (letter.row, letter.notice, letter.why_none, letter.sent) == (row, printed.notice, "", ())
        rendered = lead.service.desk.notice(printed.notice).rendered
        assert rendered is not None
        (file,) = (each for each in rendered.files if each.name == letter.file)
        pages = list(page_texts(lead.service.blobs.get(file.sha256)))
        assert name in pages[letter.first_page - 1].content
        assert all(letter.code in page.footer for page in pages[letter.first_page - 1 : letter.last_page])


def test_who_has_no_letter_is_told_why(lead: Workspace, printed: SimpleNamespace):
    (none,) = letters(lead, printed.roster, 3)
    assert (none.file, "no sufficient address is known" in none.why_none) == ("", True)
    (set_aside,) = letters(lead, printed.roster, 6)
    assert set_aside.why_none.startswith("not among the people when these were printed")


def test_when_it_went_out_and_what_was_said_on_the_telephone_is_told(lead: Workspace, printed: SimpleNamespace):
    lead.documents.sign_sample(printed.notice, lead.documents.sample(printed.notice).manifest_sha256)
    lead.documents.record_dispatch(printed.notice, date(2026, 11, 20), "first_class_mail")
    (letter,) = letters(lead, printed.roster, 2)
    assert [(each.on, each.method) for each in letter.sent] == [(date(2026, 11, 20), "first_class_mail")]
    assert letters(lead, printed.roster, 3)[0].sent == ()
    lead.service.calls.log(printed.incident, Words(caller="Ana Díaz", asked="Is it true?"), person=(printed.roster, 2))
    topics = [each.topic for each in person_entries(lead.service.queries, printed.roster, 2)]
    assert topics[-2:] == ["notice.dispatched", "call.logged"]
    assert "call.logged" not in [each.topic for each in person_entries(lead.service.queries, printed.roster, 3)]


def test_as_of_before_there_was_none(lead: Workspace, printed: SimpleNamespace):
    queries = lead.service.as_of(printed.position - 1)
    assert letters_of(queries, lead.service.blobs.get, printed.roster, [2]) == ()


def test_a_manifest_that_cannot_be_read_is_said(lead: Workspace, printed: SimpleNamespace):
    rendered = lead.service.desk.notice(printed.notice).rendered
    assert rendered is not None
    manifest = next(file.sha256 for file in rendered.files if file.name == MANIFEST)

    def get(sha256: str) -> bytes:
        return b"{" if sha256 == manifest else lead.service.blobs.get(sha256)

    (letter,) = letters_of(lead.service.queries, get, printed.roster, [2])
    assert letter.why_none == "the manifest of this rendering cannot be read any more"


def test_from_the_command_line(lead: Workspace, printed: SimpleNamespace, tmp_path: Path):
    passphrase = tmp_path / "passphrase"
    passphrase.write_text(f"{DANA.passphrase}\n")
    reference = lead.service.queries.incident(printed.incident).reference

    def breach(*arguments: str) -> Any:
        environment = {"BREACH_CASE": str(tmp_path / "case"), "BREACH_USER": "dana"}
        words = ["roster", *arguments, "--passphrase-file", str(passphrase)]
        return CliRunner().invoke(main, words, env=environment, catch_exceptions=False)

    told = breach("history", reference, "2").stdout
    assert f"page 1 · {reference}-1-000002" in told or f"pages 1-2 · {reference}-1-000002" in told
    assert "not recorded as sent" in told
    merged = breach("merge", reference, "5", "--into", "4", "--because", "one chart")
    assert merged.exit_code == 0
    assert f"{reference}-1-000004" in merged.stderr
    assert f"{reference}-1-000005" in merged.stderr

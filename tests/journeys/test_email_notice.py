"""Email to those who agreed, in a case: rendered, kept sealed, exported, and made again byte for byte."""

import zipfile
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from incident.system import FixedClock
from notices.emails import GETS_LETTER
from notices.rerender import rerender
from tests.incident.evidence.life import CHICAGO, FACTS, NOW
from tests.notices.test_rerender import CONTACT, DANA, KIM, WORDS, _render
from tui.compose import Workspace, create_workspace, open_workspace

PEOPLE = """First Name,Last Name,DOB,Street,City,State,Zip,Email,Email Consent,Large Print
Ana,Díaz,1980-02-03,12 Oak St,Chicago,IL,60601,ana@example.org,yes,
Bo,Lee,1975-01-01,9 Elm St,Chicago,IL,60601,bo@example.org,no,yes
Cleo,Marsh,1999-01-01,,Chicago,IL,,cleo@example.org,yes,
Zoë,Young,2015-06-01,9 Elm St,Chicago,IL,60601,parent@example.org,yes,
"""


@pytest.fixture
def made(tmp_path: Path):
    path, clock = tmp_path / "case", FixedClock(NOW)
    roster = tmp_path / "people.csv"
    roster.write_text(PEOPLE, encoding="utf-8")
    with (
        create_workspace(
            path, name="Lakeshore", facts=CHICAGO, contact=CONTACT, people=[DANA, KIM], clock=clock
        ) as lead,
        open_workspace(path, KIM.user, KIM.passphrase, clock=clock) as counsel,
    ):
        incident, _ = lead.service.incidents.open("Phished billing mailbox", FACTS)
        lead.service.rosters.import_file(incident, roster)
        emails = _render(lead, counsel, incident, "email_notice", {**WORDS, "notice_date": f"{NOW:%Y-%m-%d}"})
        letters = _render(lead, counsel, incident, "individual_letter", WORDS)
        yield lead, emails, letters, path


def test_who_agreed_gets_an_email_and_everybody_is_accounted_for(made, tmp_path: Path) -> None:
    lead: Workspace
    lead, emails, letters, path = made
    rendered = lead.service.desk.notice(emails).rendered
    assert rendered is not None
    assert (rendered.rows, rendered.documents) == (4, 2)
    assert {row.reason: row.count for row in rendered.excluded} == {GETS_LETTER: 2}
    on_disk = b"".join(file.read_bytes() for file in path.rglob("*") if file.is_file())
    assert b"ana@example.org" not in on_disk

    lead.documents.export(emails, tmp_path / "out")
    with zipfile.ZipFile(tmp_path / "out" / "emails-0001.zip") as archive:
        messages = [message_from_bytes(archive.read(name), policy=policy.default) for name in archive.namelist()]
    assert [message["To"].addresses[0].addr_spec for message in messages] == ["ana@example.org", "cleo@example.org"]

    printed = lead.service.desk.notice(letters).rendered
    assert printed is not None
    # Cleo has no postal address: no letter, but the email above.
    assert (printed.rows, printed.documents) == (4, 3)
    assert any("e-mail" in row.reason for row in printed.excluded)
    assert lead.documents.preflight(letters).paper == {"US Letter": 2, "large print": 1}


def test_emails_are_made_again_byte_for_byte(made) -> None:
    lead, emails, letters, _ = made
    for notice in (emails, letters):
        again = rerender(lead.service, notice)
        assert again.identical, again

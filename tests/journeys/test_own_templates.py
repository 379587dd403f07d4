"""Own templates in a case: recorded, in force, void what was approved before, and still there for a past rendering."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from incident.errors import InvalidInput, NotAllowed, NotFound
from incident.events.documents import documents
from incident.system import FixedClock
from notices.house.intake import check_folder, take_in
from notices.rerender import rerender
from tests.incident.evidence.life import CHICAGO, FACTS, NOW
from tests.notices.test_house import SAMPLE
from tests.notices.test_rerender import CONTACT, DANA, KIM, WORDS, _render
from tests.tui.conftest import _no_animations as _no_animations  # noqa: PLC0414 - a fixture
from tests.tui.conftest import run as run  # noqa: PLC0414 - a fixture
from tui.app import BreachApp
from tui.cli import main
from tui.compose import Workspace, create_workspace, open_workspace

PEOPLE = "First Name,Last Name,DOB,Street,City,State,Zip\nAna,Díaz,1980-02-03,12 Oak St,Chicago,IL,60601\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A case with own templates, letters rendered with them, and another notice approved."""
    path, clock = tmp_path_factory.mktemp("own") / "case", FixedClock(NOW)
    roster = path.parent / "people.csv"
    roster.write_text(PEOPLE, encoding="utf-8")
    with (
        create_workspace(
            path, name="Lakeshore", facts=CHICAGO, contact=CONTACT, people=[DANA, KIM], clock=clock
        ) as lead,
        open_workspace(path, KIM.user, KIM.passphrase, clock=clock) as counsel,
    ):
        incident, _ = lead.service.incidents.open("Phished billing mailbox", FACTS)
        lead.service.rosters.import_file(incident, roster)
        receipt = take_in(lead.service, check_folder(SAMPLE, lead.service.queries.rulebook))
        letters = _render(lead, counsel, incident, "individual_letter", WORDS)
    return SimpleNamespace(path=path, incident=incident, letters=letters, taken_in=receipt.position)


@pytest.fixture
def path(made: SimpleNamespace, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made.path, tmp_path / "case"))


@pytest.fixture
def lead(path: Path) -> Iterator[Workspace]:
    with open_workspace(path, DANA.user, DANA.passphrase, clock=FixedClock(NOW)) as workspace:
        yield workspace


def test_letters_are_written_with_what_was_taken_in(lead: Workspace, made: SimpleNamespace) -> None:
    look = lead.documents.preview(made.letters)
    assert "take the time that you need" in look.documents[0].document.text
    assert "data:image/svg+xml;base64," in look.documents[0].document.html


def test_other_templates_void_an_approval(lead: Workspace, made: SimpleNamespace) -> None:
    assert lead.documents.approval_problems(made.letters) == ()
    lead.service.templates.remove("the letterhead is out of date")
    assert lead.documents.approval_problems(made.letters)
    assert "take the time that you need" not in lead.documents.preview(made.letters).documents[0].document.text


def test_a_past_rendering_is_made_with_the_templates_of_then(lead: Workspace, made: SimpleNamespace) -> None:
    lead.service.templates.remove("the letterhead is out of date")
    again = rerender(lead.service, made.letters)
    assert again.identical
    assert lead.service.queries.position > again.position


def test_each_file_is_a_document_of_the_record(lead: Workspace, made: SimpleNamespace) -> None:
    entry = next(entry for position, entry in lead.service.desk.log.read() if position == made.taken_in)
    hashes = documents(entry.event)
    own = lead.service.templates.in_force()
    assert own is not None
    assert set(hashes) == {sha256 for _, sha256, _ in own.files}
    assert len(hashes) == sum(1 for file in SAMPLE.rglob("*") if file.is_file())
    assert all(lead.service.blobs.get(each) for each in hashes)


def test_the_same_templates_are_not_taken_in_twice(lead: Workspace) -> None:
    intake = check_folder(SAMPLE, lead.service.queries.rulebook)
    with pytest.raises(InvalidInput, match="in force already"):
        take_in(lead.service, intake)
    lead.service.templates.remove("x")
    with pytest.raises(NotFound, match="no own templates"):
        lead.service.templates.remove("x")
    take_in(lead.service, intake)
    ended, now = lead.service.templates.history()
    assert (ended.removed_by, now.removed_at) == (DANA.user, None)


def test_who_approves_does_not_write_the_templates(path: Path) -> None:
    with open_workspace(path, KIM.user, KIM.passphrase, clock=FixedClock(NOW)) as counsel:
        before = counsel.service.queries.position
        with pytest.raises(NotAllowed, match="incident lead"):
            counsel.service.templates.remove("x")
        with pytest.raises(NotAllowed):
            take_in(counsel.service, check_folder(SAMPLE, counsel.service.queries.rulebook))
        assert counsel.service.queries.position == before


def breach(path: Path, *words: str) -> Result:
    secret = path.parent / "secret.txt"
    secret.write_text(DANA.passphrase, encoding="utf-8")
    environment = {"BREACH_CASE": str(path), "BREACH_USER": DANA.user}
    return CliRunner().invoke(main, ["templates", *words, "--passphrase-file", str(secret)], env=environment)


def test_the_command_line_takes_in_lists_and_removes(path: Path, tmp_path: Path, made: SimpleNamespace) -> None:
    (now,) = json.loads(breach(path, "list", "--json").stdout)
    assert [file["name"] for file in now["files"]][:2] == ["letterhead.svg", "own.css"]
    assert json.loads(breach(path, "list", "--json", "--as-of", str(made.taken_in - 1)).stdout) == []
    assert breach(path, "take-in", str(SAMPLE)).exit_code == 2

    other = Path(shutil.copytree(SAMPLE, tmp_path / "other"))
    (other / "own.css").write_text("h1 { color: #ffffff }")
    refused = breach(path, "take-in", str(other))
    assert (refused.exit_code, "own.css:1: color: too pale" in refused.stderr) == (2, True)
    (other / "own.css").unlink()
    assert json.loads(breach(path, "take-in", str(other), "--json").stdout)["events"] == 1
    assert breach(path, "remove", "--reason", "out of date").exit_code == 0
    assert len(json.loads(breach(path, "list", "--json").stdout)) == 2


def test_a_folder_is_checked_without_a_case(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["templates", "check", str(SAMPLE)]).exit_code == 0
    other = Path(shutil.copytree(SAMPLE, tmp_path / "other"))
    (other / "sections/en/hipaa.contact.html.j2").write_text("{{ secret }}")
    found = CliRunner().invoke(main, ["templates", "check", str(other), "--json"])
    assert found.exit_code == 1
    assert json.loads(found.stdout)["faults"][0].startswith("sections/en/hipaa.contact.html.j2:1: secret")


async def test_the_screen_takes_in_and_removes(lead: Workspace, made: SimpleNamespace, run) -> None:
    async with run(BreachApp(lead)) as user:
        await user.on("HomeScreen")
        user.app.open_section("notices", made.incident)
        await user.on("NoticesScreen")
        await user.press("t")
        await user.on("TemplatesScreen")
        await user.reads("letterhead.svg")
        await user.press("x")
        await user.type("out of date")
        await user.press("enter")
        await user.reads("No templates of your own")
        await user.press("i")
        await user.type(str(SAMPLE.absolute()))
        await user.press("enter")
        await user.reads("hipaa.contact")
    assert len(lead.service.templates.history()) == 2

"""A past rendering made again: the same bytes from the record of then, or what has changed since."""

import copy
import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from incident.errors import NotFound
from incident.events import NoticeRendered
from incident.system import FixedClock
from notices import production
from notices import rerender as module
from notices.desk import DocumentDesk
from notices.engines.plutoprint import PlutoprintEngine
from notices.manifest import MANIFEST
from notices.production import ProductionCancelled
from notices.rerender import rerender
from tests.incident.evidence.life import CHICAGO, FACTS, NOW
from tui.cli import main
from tui.compose import Person, Workspace, create_workspace, open_workspace

DANA = Person(user="dana", name="Dana Ruiz", role="incident_lead", passphrase="copper otter ladder moon")
KIM = Person(user="kim", name="Kim Osei", role="counsel", passphrase="lighthouse marble violin ocean")
CONTACT = {"street": "1 Lake St", "city": "Chicago", "state": "IL", "zip": "60601", "phone": "312-555-0142",
           "toll_free": "800-555-0142", "email": "privacy@example.org", "website": "www.example.org"}  # fmt: skip
WORDS = {
    "what_happened": "A mailbox was opened by a stranger.",
    "data_types": "name\nmedical information",
    "what_we_are_doing": "We closed the mailbox. We are looking into what happened.",
    "what_you_can_do": "Read the letters of your insurer and tell them of care you did not get.",
}
PEOPLE = 230
"""Three files of letters."""


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A case in which letters and a report were rendered."""
    path, clock = tmp_path_factory.mktemp("rerender") / "case", FixedClock(NOW)
    roster = path.parent / "people.csv"
    rows = (f"Ana,Díaz{n},1980-02-03,{n} Oak St,Chicago,IL,60601" for n in range(1, PEOPLE + 1))
    roster.write_text("\n".join(("First Name,Last Name,DOB,Street,City,State,Zip", *rows)), encoding="utf-8")
    with (
        create_workspace(
            path, name="Lakeshore", facts=CHICAGO, contact=CONTACT, people=[DANA, KIM], clock=clock
        ) as lead,
        open_workspace(path, KIM.user, KIM.passphrase, clock=clock) as counsel,
    ):
        incident, _ = lead.service.incidents.open("Phished billing mailbox", FACTS)
        lead.service.rosters.import_file(incident, roster)
        letters = _render(lead, counsel, incident, "individual_letter", WORDS)
        report = _render(lead, counsel, incident, "hhs_report", {})
        position = lead.service.queries.position
    return SimpleNamespace(path=path, incident=incident, letters=letters, report=report, position=position)


def _render(lead: Workspace, counsel: Workspace, incident, kind: str, words: dict[str, str]):
    desk = DocumentDesk(lead.service)
    notice, _ = desk.draft(incident, kind, {**desk.defaults(incident, kind), **words})
    lead.service.notices.submit(notice)
    counsel.service.refresh()
    counsel.service.notices.approve(notice, DocumentDesk(counsel.service).preview(notice).content_sha256, [])
    lead.service.refresh()
    with pytest.MonkeyPatch.context() as small:
        small.setattr(production, "UNIT_FILES", 2)  # so that the list of three files has a segment
        desk.render(notice)
    return notice


@pytest.fixture
def later(rendered: SimpleNamespace, tmp_path: Path) -> Iterator[Workspace]:
    """The case three days later, the facts moved on and the words revised."""
    path = shutil.copytree(rendered.path, tmp_path / "case")
    with open_workspace(path, DANA.user, DANA.passphrase, clock=FixedClock(NOW + timedelta(days=3))) as workspace:
        incidents = workspace.service.incidents
        incidents.record_facts(rendered.incident, {"incident.discovered_at": "2026-10-01T09:00:00-05:00"}, because="x")
        desk = workspace.documents
        desk.revise(rendered.letters, {**desk.preview(rendered.letters).fields, "what_happened": "A laptop was lost."})
        yield workspace


def test_letters_come_out_byte_for_byte_from_the_record_of_then(later: Workspace, rendered: SimpleNamespace):
    found = rerender(later.service, rendered.letters)
    assert found.changed == ()
    assert found.identical
    assert (len(found.files), found.of) == (3, 3)
    (made,) = (e.event for e in later.service.desk.log.stream(rendered.letters) if isinstance(e.event, NoticeRendered))
    recorded = {file.name: file.sha256 for file in made.files}
    assert {file.name: file.again for file in found.files} == {
        name: sha256 for name, sha256 in recorded.items() if name not in {MANIFEST, "manifest-0001.json"}
    }
    assert "manifest-0001.json" in recorded


def test_a_report_comes_out_byte_for_byte(later: Workspace, rendered: SimpleNamespace):
    found = rerender(later.service, rendered.report)
    assert found.identical
    assert found.changed == ()


def test_a_sample_is_spread_over_the_files(later: Workspace, rendered: SimpleNamespace):
    told = []
    found = rerender(later.service, rendered.letters, sample=2, progress=told.append)
    assert found.identical
    assert [file.name[-11:-4] for file in found.files] == ["0000101", "0000231"]
    assert found.of == 3
    assert [(each.files, each.of) for each in told] == [(1, 2), (2, 2)]


def test_an_erased_person_is_named_and_the_other_files_stay_identical(later: Workspace, rendered: SimpleNamespace):
    (roster,) = later.service.queries.rosters(rendered.incident)
    later.service.rosters.erase(roster.id, 150, "asked for")
    found = rerender(later.service, rendered.letters)
    assert not found.identical
    assert [file.identical for file in found.files] == [True, False, True]
    (why,) = found.files[1].why
    assert why.startswith("2026-001-1-000150: recipient erased by dana")
    assert found.stored == ()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("templates_sha256", lambda: "f" * 64, "templates, style sheets or fonts"),
        ("made_with", lambda: ("jinja2 9.9.9", "pikepdf 99.0"), "now pikepdf 99.0"),
    ],
)
def test_what_changed_since_is_said(
    later: Workspace, rendered: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, name: str, value, words: str
):
    monkeypatch.setattr(module, name, value)
    found = rerender(later.service, rendered.report)
    assert any(words in each for each in found.changed)
    assert found.identical, "that it changed made no difference to these bytes, and the bytes decide"


def test_another_engine_is_said_and_a_missing_one_leaves_the_stored_file(
    later: Workspace, rendered: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(PlutoprintEngine, "version", "99")
    assert "now plutoprint 99" in rerender(later.service, rendered.report).changed[0]

    def missing(_name: str) -> None:
        raise NotFound("it is not installed")

    monkeypatch.setattr(module, "engine", missing)
    found = rerender(later.service, rendered.report)
    assert [file.again for file in found.files] == [None]
    assert not found.identical
    assert found.stored == ()


def test_other_law_or_words_are_said(later: Workspace, rendered: SimpleNamespace, monkeypatch: pytest.MonkeyPatch):
    desk = later.service.desk
    other = copy.copy(desk.rulebook)
    other.hash = "e" * 64
    monkeypatch.setattr(desk, "rulebook", other)
    assert any(each.startswith("the rulebook: it was ") for each in rerender(later.service, rendered.report).changed)


def test_a_stored_file_that_is_gone_is_said(later: Workspace, rendered: SimpleNamespace, tmp_path: Path):
    for blob in (tmp_path / "case" / "blobs").rglob("*"):
        if blob.is_file():
            blob.unlink()
    found = rerender(later.service, rendered.report)
    assert found.stored
    assert not found.identical


def test_before_it_was_rendered_there_is_nothing_to_make_again(later: Workspace, rendered: SimpleNamespace):
    early = later.service.as_of(rendered.position - 1)
    with pytest.raises(NotFound, match="nothing was rendered"):
        rerender(later.service, rendered.report, until=early)


def test_it_can_be_stopped(later: Workspace, rendered: SimpleNamespace):
    with pytest.raises(ProductionCancelled):
        rerender(later.service, rendered.letters, cancelled=lambda: True)


def test_the_command_says_identical_or_what_differs(later: Workspace, rendered: SimpleNamespace, tmp_path: Path):
    secret = tmp_path / "passphrase"
    secret.write_text(DANA.passphrase, encoding="utf-8")

    def breach(*words: str) -> Result:
        options = ["--case", str(tmp_path / "case"), "--user", DANA.user, "--passphrase-file", str(secret)]
        return CliRunner().invoke(main, ["notice", "rerender", *words, *options], catch_exceptions=False)

    same = breach(str(rendered.letters)[:8], "--sample", "1")
    assert same.exit_code == 0, same.output
    assert "IDENTICAL, byte for byte" in same.stdout
    assert "1 of 1 files (a sample of 3)" in same.stdout
    (roster,) = later.service.queries.rosters(rendered.incident)
    later.service.rosters.erase(roster.id, 5, "asked for")
    other = breach(str(rendered.letters), "--sample", "1", "--json")
    assert other.exit_code == 1
    told = json.loads(other.stdout)
    assert told["identical"] is False
    assert "recipient erased" in told["files"][0]["why"][0]
    early = breach(str(rendered.letters), "--as-of", str(rendered.position - 8))
    assert early.exit_code == 2
    assert "Traceback" not in early.stderr

"""After a whole life with letters and a filing no planted name is readable, in the folder or among temporary files.

The engine is the one that ships; that of wkhtmltopdf is watched in tests/notices/test_pdfkit_in_memory.py.
"""

import os
import tempfile
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from incident.backup import back_up
from incident.system import FixedClock
from incident.verification import verify_case
from notices.desk import DocumentDesk
from notices.engines import DEFAULT
from tests.incident.evidence.life import CHICAGO, FACTS, NOW, ROSTER, Life
from tests.incident.evidence.test_pack import lines, text_of
from tui.cli import main
from tui.compose import Person, create_workspace, open_workspace
from verifier.verify_evidence import examine

DANA = Person(user="dana", name="Zebulon Thistlewood", role="incident_lead", passphrase="copper otter ladder moon")
KIM = Person(user="kim", name="Marmaduke Osei", role="counsel", passphrase="lighthouse marble violin ocean")
PLANTED = (
    "Ambrosine", "Quillfeather", "Okafor", "Zambrano", "ambrosine@example.org", "12 Elm St", "Zebulon", "Thistlewood",
    "Marmaduke", "Lakeshore", "Heliotrope", "Phished billing", "heronbrook", "1980-02-03",
    DANA.passphrase, KIM.passphrase,
)  # fmt: skip
CONTACT = {"street": "1 Lake St", "city": "Chicago", "state": "IL", "zip": "60601", "phone": "312-555-0142",
           "toll_free": "800-555-0142", "email": "privacy@example.org", "website": "www.example.org"}  # fmt: skip
WORDS = {
    "what_happened": "A heronbrook mailbox was opened by a stranger.",
    "data_types": "name\nmedical information",
    "what_we_are_doing": "We closed the mailbox. We are looking into what happened.",
    "what_you_can_do": "Read the letters of your insurer and tell them of care you did not get.",
}


class Watched:
    """Reads what appears below a folder again and again, so that a file that is gone soon is seen as well."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: set[str] = set()
        self.found: list[tuple[str, str]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def look(self) -> None:
        for path in [Path(folder, name) for folder, _, names in os.walk(self.folder) for name in names]:
            try:
                content = path.read_bytes()
            except OSError:
                continue  # gone already
            self.seen.add(path.name)
            for name in PLANTED:
                for text in (name, name.lower(), name.upper()):
                    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                        if text.encode(encoding) in content or text in path.name:
                            self.found.append((name, str(path)))

    def _watch(self) -> None:
        while not self._stop.wait(0.03):
            self.look()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()
        self.look()


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where everything temporary goes, SQLite's included."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield folder
    tempfile.tempdir = None


def test_no_planted_name_is_readable_anywhere(tmp_path: Path, temporary: Path):
    folder, outside = tmp_path / "kept", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (outside / "people.csv").write_text(ROSTER, encoding="utf-8")  # the person's own file is theirs to delete
    watched = [Watched(folder), Watched(temporary), Watched(outside)]
    try:
        _live(folder / "case", outside)
    finally:
        for each in watched:
            each.stop()
    case, others, theirs = watched
    assert case.found == others.found == []
    assert {name for name, _ in theirs.found} >= {"Ambrosine", "Zambrano"}  # it does find what can be read
    assert {"log.db", "keys.db", "vault.db", "case.json"} <= case.seen
    assert any(name.endswith(".backup") for name in case.seen)
    assert len(case.seen) > 10
    _a_pack_of_it_names_nobody(folder / "case", tmp_path)


def _a_pack_of_it_names_nobody(path: Path, tmp_path: Path) -> None:
    """Letters stay out, and their text goes in as approved, with merge fields where a person was."""
    secret, pack = tmp_path / "passphrase", tmp_path / "pack"
    secret.write_text(DANA.passphrase)
    command = ["export-evidence", str(path), "2026-001", "--out", str(pack)]
    done = CliRunner().invoke(main, [*command, "--user", DANA.user, "--passphrase-file", str(secret)])
    assert done.exit_code == 0, done.output
    assert examine(pack).problems == []
    specimens = sorted((pack / "specimens").iterdir())
    assert specimens
    text = "".join(text_of(specimens[0]))
    assert "A heronbrook mailbox was opened" in text
    assert "«" in text
    assert "specimens/" in (pack / "README.txt").read_text()
    assert any("personal data" in line.get("reason", "") for line in lines(pack, "documents.jsonl"))
    for file in [*specimens, *(pack / "stamped").iterdir()]:
        assert not any(name in "".join(text_of(file)) for name in ("Ambrosine", "Zambrano", "Okafor")), file


def _live(path: Path, outside: Path) -> None:
    clock = FixedClock(NOW)
    with (
        create_workspace(
            path, name="Lakeshore Aesthetics", facts=CHICAGO, contact=CONTACT, people=[DANA, KIM], clock=clock
        ) as lead,
        open_workspace(path, KIM.user, KIM.passphrase, clock=clock) as counsel,
    ):
        incident, _ = lead.service.incidents.open("Phished billing mailbox", FACTS)
        lead.service.incidents.log_action(incident, "Called Zebulon Thistlewood")
        lead.service.incidents.attach_evidence(incident, "Quillfeather.log", b"Ambrosine Quillfeather\n" * 5000)
        lead.service.rosters.import_file(incident, outside / "people.csv")
        roster = lead.service.queries.rosters(incident)[0].id
        assert lead.vault.search(roster, "quillfeather")
        _send(lead, counsel, incident, "individual_letter", WORDS)
        lead.service.rosters.erase(roster, 3, "asked for")
        advice, _ = counsel.service.advice.give(incident, "Heliotrope settles first", recipients=["Zebulon"])
        counsel.service.advice.correct(advice, "Heliotrope settles last")
        assert counsel.service.advice.read(advice) == "Heliotrope settles last"
        lead.service.refresh()
        filing = _report(lead, counsel, incident)
        text = DocumentDesk(lead.service).preview(lead.service.queries.filing(filing).notice).content_sha256
        lead.service.filings.file_addendum(
            filing, text, on=date(2026, 11, 22), tracking="Quillfeather-1", count=6, receipt=b"Ambrosine Quillfeather"
        )
        assert verify_case(lead.case).problems == ()
        back_up(lead.case, path.with_name("case.backup"), clock.now())
    assert os.listdir(path)


def _send(lead, counsel, incident, kind: str, words: dict[str, str]):
    desk, reviewer = DocumentDesk(lead.service), DocumentDesk(counsel.service)
    notice, _ = desk.draft(incident, kind, {**desk.defaults(incident, kind), **words})
    lead.service.notices.submit(notice)
    counsel.service.refresh()
    look = reviewer.preview(notice)
    counsel.service.notices.approve(notice, look.content_sha256, [])
    lead.service.refresh()
    desk.render(notice, DEFAULT)
    if kind == "individual_letter":
        desk.sign_sample(notice, desk.sample(notice).manifest_sha256)
        desk.record_dispatch(notice, date(2026, 11, 22), "first_class_mail")
    return notice


def _report(lead, counsel, incident):
    notice = _send(lead, counsel, incident, "hhs_report", {})
    filing, _ = lead.service.filings.prepare(notice, "us.hipaa.hhs", "Secretary of HHS")
    DocumentDesk(lead.service).submit_filing(
        filing, on=date(2026, 11, 22), channel="portal", tracking="T-1", count=5, receipt=b"Ambrosine Quillfeather"
    )
    return filing


def test_no_database_sorts_in_a_temporary_file(life: Life):
    """Such a file is deleted as soon as it is made, so that no search for names would find it."""
    engines = {
        "log": life.case.log.recorder.engine,
        "vault": life.vault._engine,
        "keys": life.case.keyring._store.engine,
        "views": life.dana.desk.projection.engine,
    }
    for name, engine in engines.items():
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA temp_store").scalar() == 2, name

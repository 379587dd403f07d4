"""The main job end to end: both samples from discovery to letters and filings, through the services of the screens."""

import hashlib
import re
from pathlib import Path

import msgspec
import pypdfium2 as pdfium
import pytest

from jurisdictions.assess import assess
from jurisdictions.facts import parse_facts
from jurisdictions.rulebook import load_rulebook
from tui.demo import TODAY, DemoManifest, run_demo

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "out"


@pytest.fixture(scope="module")
def manifest(out: Path) -> DemoManifest:
    return run_demo(out, lambda line: None, "plutoprint")


def pages(path: Path) -> list[str]:
    document = pdfium.PdfDocument(path)
    return [page.get_textpage().get_text_range() for page in document]


def test_nobody_is_lost_between_the_list_and_the_letters(manifest: DemoManifest) -> None:
    assert {incident.sample for incident in manifest.incidents} == {"chicago", "los_angeles"}
    for incident in manifest.incidents:
        assert incident.rows_in == incident.accepted + incident.quarantined + incident.merged
        assert incident.letters + incident.excluded == incident.accepted
        assert incident.letters > 1000


def test_every_file_is_in_the_manifest_with_its_hash(out: Path, manifest: DemoManifest) -> None:
    listed = {file.path: file.sha256 for incident in manifest.incidents for file in incident.files}
    left = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} - {"manifest.json"}
    assert left == set(listed)
    for path, sha256 in listed.items():
        assert hashlib.sha256((out / path).read_bytes()).hexdigest() == sha256
    assert msgspec.json.decode((out / "manifest.json").read_bytes())["taken_up_on"] == TODAY.isoformat()


def test_each_letter_of_the_manifest_is_in_its_file_once(out: Path, manifest: DemoManifest) -> None:
    for incident in manifest.incidents:
        folder = out / incident.sample / "individual_letter"
        told = msgspec.json.decode((folder / "manifest.json").read_bytes())
        parts = [msgspec.json.decode((folder / part["name"]).read_bytes()) for part in told["segments"]] + [told]
        files = [file for part in parts for file in part["files"]]
        letters = [(file["name"], letter) for file in files for letter in file["letters"]]
        assert len({letter["code"] for _, letter in letters}) == len(letters) == incident.letters
        name = files[0]["name"]
        text = pages(folder / name)
        assert len(text) == files[0]["pages"]
        for letter in (letter for file, letter in letters if file == name):
            first = text[letter["first_page"] - 1]
            assert f"Reference {letter['code']} - Page 1 of {letter['pages']}" in first


def test_no_letter_tells_the_number_of_illinois_residents(out: Path) -> None:
    facts = msgspec.json.decode((out / "chicago" / "facts.json").read_bytes())
    number = facts["affected"]["by_state"]["IL"]
    files = sorted((out / "chicago" / "individual_letter").glob("*.pdf"))
    text = "\n".join(page for path in files for page in pages(path))
    assert not re.search(rf"\b(?:{number}|{number:,})\b(?! [NSEW]\b| [A-Z][a-z]+ (?:St|Ave|Rd|Ln|Pl|Dr|Ct|Way))", text)


def test_the_facts_that_were_left_give_the_same_board_to_anybody(out: Path, manifest: DemoManifest) -> None:
    for incident in manifest.incidents:
        facts = parse_facts(msgspec.json.decode((out / incident.sample / "facts.json").read_bytes()))
        board = assess(facts, load_rulebook(), as_of=facts.incident.discovered_at.replace(year=2028))
        statuses = {duty.id: str(duty.status) for duty in board.obligations}
        performed = {name for name, status in incident.duties.items() if status == "met"}
        assert performed
        assert {name for name, status in statuses.items() if status == "met"} == performed


def test_the_california_sample_names_nobody(out: Path) -> None:
    (sample,) = (out / "los_angeles" / "ca_ag_submission").glob("sample.*.pdf")
    text = "\n".join(pages(sample))
    assert "«recipient name»" in text
    roster = msgspec.json.decode((out / "los_angeles" / "individual_letter" / "manifest.json").read_bytes())
    codes = [letter["code"] for file in roster["files"] for letter in file["letters"]]
    assert not [code for code in codes if code in text]


def test_an_output_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_bytes(b"years of work")
    with pytest.raises(Exception, match=r"thesis\.docx"):
        run_demo(tmp_path, lambda line: None, "plutoprint")
    assert (tmp_path / "thesis.docx").read_bytes() == b"years of work"

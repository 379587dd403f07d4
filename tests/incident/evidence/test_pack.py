"""What goes into an evidence pack, what stays out, and that each is accounted for."""

import csv
import hashlib
import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from incident.errors import CaseUnusable, InvalidInput, NotFound
from incident.evidence.retention import keep_until
from incident.evidence.stamps import Bates, stamp
from tests.incident.evidence.life import NAMES, REPORT, Life, export, opened

VERIFIER = Path(__file__).parents[3] / "verifier" / "verify_evidence.py"


def lines(pack: Path, name: str) -> list[dict]:
    return [json.loads(line) for line in (pack / name).read_text().splitlines()]


def verdict(pack: Path, *arguments: str, verifier: Path = VERIFIER) -> dict:
    """What the verifier says, run as the examiner runs it: alone, away from our packages."""
    command = [sys.executable, "-I", str(verifier), str(pack), "--json", *arguments]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)
    assert done.returncode == {True: 0, False: 1, None: 2}[found["ok"]], done.stderr
    return found


def text_of(pdf: Path) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range() for page in document]


def test_a_pack_holds(made: Path):
    found = verdict(made)
    assert found["problems"] == []
    assert any("nothing that you kept was compared" in note for note in found["notes"])
    assert any("of other matters" in note for note in found["notes"])


def test_the_copy_in_the_pack_says_the_same_and_imports_nothing_of_ours(pack: Path):
    assert (pack / VERIFIER.name).read_bytes() == VERIFIER.read_bytes()
    assert verdict(pack, verifier=pack / VERIFIER.name)["ok"] is True
    code = (
        f"import sys; sys.path.insert(0, {str(pack)!r}); import verify_evidence as v; from pathlib import Path; "
        f"v.examine(Path({str(pack)!r})); print(*{{name.partition('.')[0] for name in sys.modules}})"
    )
    loaded = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True, cwd="/")
    beyond = set(loaded.stdout.split()) - sys.stdlib_module_names
    ours = {"incident", "jurisdictions", "notices", "tui", "msgspec", "eventsourcing", "sqlalchemy"}
    assert "cryptography" in beyond
    assert not beyond & ours


def test_every_position_of_the_log_has_its_fate(made: Path, lived: Path):
    positions = lines(made, "positions.jsonl")
    assert [line["position"] for line in positions] == list(range(1, len(positions) + 1))
    fates = {line["position"]: line["fate"] for line in positions}
    with opened(lived) as life:
        for position, entry in life.case.log.read():
            if entry.originator_id == life.other_id:
                assert fates[position] == "other"
            elif entry.event.TOPIC in {"notice.changes_requested", "advice.given", "advice.corrected"}:
                assert fates[position] == "privileged"
            else:
                assert fates[position] == "disclosed", entry


def test_nothing_of_other_matters_and_nothing_privileged_is_readable(made: Path):
    whole = b"".join(path.read_bytes() for path in made.rglob("*") if path.is_file())
    for hidden in (b"Lost laptop", b"Nobody may see this", b"claim against it", b"Zebulon", b"indemnity"):
        assert hidden not in whole
    for name in NAMES:
        assert name.encode() not in whole, name
    assert b"All tokens revoked" in whole


def test_the_privilege_log_says_who_when_and_why_and_not_what(made: Path):
    comment, given, corrected = lines(made, "privilege-log.jsonl")
    assert {(line["author"], line["author_name"], line["date"]) for line in (comment, given, corrected)} == {
        ("priya", "Priya Natarajan, counsel", "2026-11-23")
    }
    assert comment["ground"] == "attorney-client privilege: counsel's comment on a draft"
    assert comment["description"] == "Comment of counsel on the draft of a notice"
    assert comment["recipients"] == ["Dana Reyes, incident lead"], "who drafted it"
    assert given["ground"] == "attorney-client privilege: advice of counsel"
    assert given["recipients"] == corrected["recipients"] == ["Dana Reyes"]
    assert given["description"] == (
        "Communication with counsel for the purpose of legal advice, on the notice individual letter"
    )
    assert "work product" in corrected["ground"]
    assert corrected["description"].endswith("on the notice individual letter, corrects version 1")
    chronology = (made / "chronology.txt").read_text()
    for line in (comment, given, corrected):
        assert f"#{line['position']}" in chronology
    assert chronology.count("[withheld: attorney-client privilege") == 3


def test_no_cell_of_the_privilege_log_is_a_formula(made: Path):
    rows = list(csv.DictReader(io.StringIO((made / "privilege-log.csv").read_text("utf-8-sig"))))
    assert [row["position"] for row in rows] == [str(line["position"]) for line in lines(made, "privilege-log.jsonl")]
    assert rows[2]["description"].startswith("'=HYPERLINK")
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@"]


def test_the_words_of_advice_are_not_disclosed_in_a_pack(life: Life, tmp_path: Path):
    (advice,) = (position for position, entry in life.case.log.read() if entry.event.TOPIC == "advice.given")
    with pytest.raises(InvalidInput, match=f"#{advice}: the words of advice are sealed"):
        export(life, tmp_path / "pack", disclose=frozenset({advice}))


def test_counsel_withholds_more_and_shows_what_is_privileged(life: Life, tmp_path: Path):
    positions = {entry.event.TOPIC: position for position, entry in life.case.log.read()}
    comment, risk = positions["notice.changes_requested"], positions["incident.risk_assessed"]
    export(life, tmp_path / "pack", withhold={risk: "work product"}, disclose=frozenset({comment}))
    fates = {line["position"]: line["fate"] for line in lines(tmp_path / "pack", "positions.jsonl")}
    assert (fates[comment], fates[risk]) == ("disclosed", "privileged")
    assert verdict(tmp_path / "pack")["ok"] is True
    for paper in ("chronology.txt", "burden-of-proof.txt", "burden-of-proof.json"):
        assert "mail was read" not in (tmp_path / "pack" / paper).read_text()


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"withhold": {9999: "work product"}}, "#9999: not an entry of this incident"),
        ({"withhold": {5: " "}}, "#5: say on what ground"),
        ({"withhold": {5: "x"}, "disclose": frozenset({5})}, "#5: both"),
        ({"prefix": "a b"}, "prefix"),
    ],
)
def test_choices_that_cannot_be_used_are_named_and_nothing_is_written(life: Life, tmp_path: Path, choices, said):
    with pytest.raises(InvalidInput, match=said):
        export(life, tmp_path / "pack", **choices)
    assert not [path for path in tmp_path.iterdir() if "pack" in path.name]


def test_documents_are_there_byte_for_byte_under_safe_names(made: Path, lived: Path):
    found = lines(made, "documents.jsonl")
    assert [line["role"] for line in found] == ["evidence", "evidence", "notice", "notice", "notice", "receipt"]
    with opened(lived) as life:
        for line in found:
            if line["file"] is not None:
                content = (made / line["file"]).read_bytes()
                assert hashlib.sha256(content).hexdigest() == line["sha256"]
                assert content == life.case.blobs.get(line["sha256"])
    names = [line["file"] for line in found if line["file"]]
    assert all(Path(name).parent == Path("documents") for name in names)
    assert any(name.endswith("ticket_1.pdf") for name in names)
    assert any(name.endswith("receipt.png") for name in names)


def test_letters_to_individuals_stay_out_unless_they_are_asked_for(made: Path, life: Life, tmp_path: Path):
    (letters,) = (line for line in lines(made, "documents.jsonl") if line["file"] is None)
    assert letters["name"] == "1-letters.pdf"
    assert "personal data" in letters["reason"]
    report = export(life, tmp_path / "pack", letters=True)
    assert report.documents_withheld == 0
    (stamped,) = (tmp_path / "pack" / "stamped").glob("*1-letters.pdf")
    assert "Dear Ambrosine Quillfeather" in text_of(stamped)[0]
    assert verdict(tmp_path / "pack")["ok"] is True
    assert "name them" in (tmp_path / "pack" / "README.txt").read_text()


def test_every_page_has_its_number_and_the_numbers_follow_on(made: Path):
    bates = json.loads((made / "manifest.json").read_text())["bates"]
    number = 1
    for entry in bates["ranges"]:
        assert entry["first"] == number
        if entry["file"].endswith(".pdf"):
            for text in text_of(made / entry["file"]):
                assert f"2026-001-{number:06}" in text
                number += 1
        else:
            number += 1
        assert entry["last"] == number - 1
    assert number > 8


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_the_number_stands_in_the_lower_right_corner_however_the_page_is_turned(turned: int):
    with pikepdf.Pdf.new() as document:
        document.add_blank_page(page_size=(400, 700))
        document.pages[0].obj.Rotate = turned
        document.pages[0].obj.MediaBox = pikepdf.Array([50, 60, 450, 760])
        content = io.BytesIO()
        document.save(content)
    stamped, first, last = stamp(content.getvalue(), Bates("A", 7))
    assert (first, last) == (7, 7)
    page = pypdfium2.PdfDocument(stamped)[0]
    width, height = page.get_size()
    assert (width > height) == (turned in (90, 270))
    picture = page.render(scale=1).to_pil().convert("L")
    dark = [(x, y) for x in range(picture.width) for y in range(picture.height) if picture.getpixel((x, y)) < 128]
    assert min(x for x, _ in dark) > picture.width - 80
    assert min(y for _, y in dark) > picture.height - 30


def test_what_is_no_pdf_inside_takes_one_number_and_stays_as_it_is(life: Life, tmp_path: Path):
    broken = b"%PDF-1.7 this is not one"
    life.dana.incidents.attach_evidence(life.incident_id, "broken.pdf", broken)
    export(life, tmp_path / "pack")
    line = lines(tmp_path / "pack", "documents.jsonl")[-1]
    assert line["stamped"] is None
    assert (tmp_path / "pack" / line["file"]).read_bytes() == broken
    assert verdict(tmp_path / "pack")["ok"] is True


def test_two_documents_of_one_name_are_both_there(life: Life, tmp_path: Path):
    content = [b"one", b"two"]
    notice = life.dana.queries.notices(life.incident_id)[-1]
    assert notice.status == "rendered"
    files = [("a.txt", life.case.blobs.put(each), len(each)) for each in content]
    given = life.dana.desk.incident(life.incident_id)
    assert given.facts["given.us.hipaa.hhs"].value is not None
    life.dana.notices.record_rendering(
        notice.id, content_sha256=REPORT, engine="fake 1", rows=2, documents=2, excluded={}, files=files
    )
    export(life, tmp_path / "pack")
    found = {(tmp_path / "pack" / line["file"]).read_bytes() for line in lines(tmp_path / "pack", "documents.jsonl")
             if line["file"]}  # fmt: skip
    assert set(content) <= found


def test_the_files_are_for_their_owner_only(made: Path):
    for path in made.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_the_readme_names_what_an_examiner_needs(made: Path):
    text = (made / "README.txt").read_text()
    digest = hashlib.sha256(VERIFIER.read_bytes()).hexdigest()
    manifest = json.loads((made / "manifest.json").read_text())
    for words in (digest, manifest["key"], manifest["checkpoint"]["code"], "2026-001", "164.530(j)"):
        assert words in text
    assert "{" not in text


def test_retention_is_six_years_from_the_last_event(made: Path):
    retention = json.loads((made / "manifest.json").read_text())["retention"]
    assert (retention["last_event"], retention["keep_until"]) == ("2026-11-24", "2032-11-24")
    assert keep_until(date(2024, 2, 29)) == date(2030, 3, 1)
    assert keep_until(date(2022, 2, 28)) == date(2028, 2, 28)


def test_an_incident_without_its_anchor_facts_can_be_exported(life: Life, tmp_path: Path):
    incident, _ = life.dana.incidents.open("Odd e-mail", {})
    life.dana.incidents.log_action(incident, "Reported by a patient")

    class Other(Life):
        incident_id = incident

    life.__class__ = Other
    report = export(life, tmp_path / "pack")
    assert report.disclosed > 0
    assert not (tmp_path / "pack" / "burden-of-proof.txt").exists()
    assert verdict(tmp_path / "pack")["ok"] is True


def test_a_case_that_is_not_whole_gives_no_pack(life: Life, tmp_path: Path):
    (blob, *_) = sorted(path for path in (life.path / "blobs").rglob("*") if path.is_file())
    blob.unlink()
    with pytest.raises(CaseUnusable, match=r"not whole.*missing"):
        export(life, tmp_path / "pack")
    assert not (tmp_path / "pack").exists()


def test_a_place_that_is_taken_is_left_as_it_is(life: Life, tmp_path: Path):
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "mine.txt").write_text("mine")
    with pytest.raises(InvalidInput, match="there already"):
        export(life, tmp_path / "pack")
    assert (tmp_path / "pack" / "mine.txt").read_text() == "mine"


def test_a_failure_half_way_leaves_nothing_behind(life: Life, tmp_path: Path, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(CaseUnusable, match=r"pack cannot be written .*No space left"):
        export(life, tmp_path / "pack")
    assert not [path for path in tmp_path.iterdir() if "pack" in path.name]


def test_an_unknown_incident_is_named(life: Life, tmp_path: Path):
    with pytest.raises(NotFound, match="2026-009"):
        life.dana.queries.incident_by_reference("2026-009")

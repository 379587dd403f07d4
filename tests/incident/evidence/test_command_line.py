"""checkpoint, verify, export-evidence, evidence burden, backup, restore: as somebody types them."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.incident.evidence.life import PASSPHRASE, opened
from tests.incident.evidence.test_pack import text_of, verdict
from tui.cli import main


@pytest.fixture
def breach(tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs a command as dana."""
    monkeypatch.delenv("BREACH_CASE", raising=False)
    monkeypatch.setenv("BREACH_USER", "dana")
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)

    def run(*words: object, user: str | None = None, sealed: bool = True) -> Result:
        command = [str(word) for word in words]
        if sealed:
            command += ["--passphrase-file", str(secret)]
        if user is not None:
            command += ["--user", user]
        result = CliRunner().invoke(main, command)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


def test_a_checkpoint_is_kept_and_compared(breach, path: Path, tmp_path: Path):
    kept = tmp_path / "kept.txt"
    done = breach("checkpoint", path, "--out", kept)
    assert done.exit_code == 0, done.output
    code = done.output.splitlines()[0].rpartition(" ")[2]
    assert len(code) == 34
    for given in (kept, code):
        found = breach("verify", path, "--checkpoint", given)
        assert found.exit_code == 0
        assert "this is the log that the checkpoint was taken of" in found.output
    with opened(path) as life:
        life.dana.incidents.log_action(life.incident_id, "Later")
    assert breach("verify", path, "--checkpoint", kept).exit_code == 0
    newer = tmp_path / "disk"
    newer.mkdir()
    assert breach("checkpoint", path, "--out", newer).exit_code == 0
    (file,) = newer.iterdir()
    assert file.name.startswith("checkpoint-0000")
    with sqlite3.connect(path / "log.db") as raw:
        raw.execute("DELETE FROM entries WHERE position > 70")
        raw.execute("DELETE FROM links WHERE sequence > 70")
    cut = breach("verify", path, "--checkpoint", file)
    assert cut.exit_code == 1
    assert "its end was cut off, or this is an older copy" in cut.output
    quiet = breach("verify", path)
    assert quiet.exit_code == 0  # a chain alone does not show where it was cut
    assert "nothing kept outside was compared" in quiet.output
    assert "files that no entry speaks of" in quiet.output


def test_a_checkpoint_takes_the_place_of_nothing(breach, path: Path, tmp_path: Path):
    (tmp_path / "kept.txt").write_text("mine")
    done = breach("checkpoint", path, "--out", tmp_path / "kept.txt")
    assert done.exit_code == 2
    assert (tmp_path / "kept.txt").read_text() == "mine"
    assert breach("checkpoint", path, "--tsa", "http://127.0.0.1:1").exit_code == 2
    assert breach("checkpoint", path, "--out", tmp_path / "a" / "b").exit_code == 2


def test_a_checkpoint_for_programs(breach, path: Path):
    found = json.loads(breach("checkpoint", path, "--json").stdout)
    assert found["checkpoint"].startswith("breach-case/")
    assert found["key"].startswith("breach-case/")
    verified = json.loads(breach("verify", path, "--checkpoint", found["code"], "--json").stdout)
    assert (verified["ok"], verified["head"], verified["events"]) == (True, found["head"], found["events"])


@pytest.mark.parametrize("command", ["export-evidence", "evidence export"])
def test_a_pack_by_either_name(breach, path: Path, tmp_path: Path, command: str):
    pack = tmp_path / "pack"
    done = breach(*command.split(), path, "2026-001", "--out", pack)
    assert done.exit_code == 0, done.output
    assert "recorded in the incident" in done.output
    found = verdict(pack)
    assert found["problems"] == []
    assert "%PDF" in (pack / "chronology.pdf").read_bytes()[:8].decode("latin-1")
    listed = breach("log", "2026-001", "--case", path)
    assert "Evidence pack exported" in listed.output
    again = breach(*command.split(), path, "2026-001", "--out", pack)
    assert again.exit_code == 2
    assert "there already" in again.output


def test_the_case_may_come_from_the_environment(breach, path: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("BREACH_CASE", str(path))
    assert breach("export-evidence", "2026-001", "--out", tmp_path / "pack", "--json").exit_code == 0
    assert breach("verify").exit_code == 0
    monkeypatch.delenv("BREACH_CASE")
    missing = breach("export-evidence", "2026-001", "--out", tmp_path / "other")
    assert missing.exit_code == 2
    assert "write CASE REFERENCE" in missing.output


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["2026-009"], 2, "no incident '2026-009'"),
        (["2026-001", "--withhold", "57"], 2, "write N=GROUND"),
        (["2026-001", "--withhold", "9999=x"], 2, "#9999: not an entry of this incident"),
        (["2026-001", "--disclose", "57"], 1, "for counsel to decide"),
        (["2026-001", "--bates-prefix", "a b"], 2, "prefix"),
    ],
)
def test_what_cannot_be_exported_is_one_line(breach, path: Path, tmp_path: Path, words, code: int, said: str):
    done = breach("export-evidence", path, *words, "--out", tmp_path / "pack")
    assert done.exit_code == code, done.output
    assert said in done.output
    assert not (tmp_path / "pack").exists()


def test_counsel_may_show_what_is_privileged(breach, path: Path, tmp_path: Path):
    with opened(path) as life:
        comment = next(n for n, entry in life.case.log.read() if entry.event.TOPIC == "notice.changes_requested")
    done = breach("export-evidence", path, "2026-001", "--disclose", comment, "--out", tmp_path / "pack", user="priya")
    assert done.exit_code == 0, done.output
    assert "2 withheld as privileged" in done.output
    assert verdict(tmp_path / "pack")["ok"] is True


def test_the_burden_of_proof_in_one_command(breach, path: Path, tmp_path: Path):
    told = breach("evidence", "burden", path, "2026-001")
    assert told.exit_code == 0, told.output
    for words in (
        "45 CFR 164.414(b)",
        "Sent on 2026-11-23: 3 by first class mail",
        "tracking T-1",
        "keep until 2032-11-24",
    ):
        assert words in told.output, words
    for name in ("file.txt", "file.json", "file.pdf"):
        assert breach("evidence", "burden", path, "2026-001", "--out", tmp_path / name).exit_code == 0
        assert (tmp_path / name).stat().st_size > 500
    assert breach("evidence", "burden", path, "2026-001", "--out", tmp_path / "file.txt").exit_code == 2
    assert breach("evidence", "burden", path, "2026-001", "--out", tmp_path / "file.doc").exit_code == 2
    found = json.loads(breach("evidence", "burden", path, "2026-001", "--json").stdout)
    assert found["keep_until"] == "2032-11-24"
    assert {duty["id"] for duty in found["duties"]} >= {"us.hipaa.individuals", "us.hipaa.hhs"}


@pytest.mark.skipif(shutil.which("wkhtmltopdf") is None, reason="wkhtmltopdf is not installed")
def test_the_other_engine_prints_it_too(breach, path: Path, tmp_path: Path):
    done = breach("evidence", "burden", path, "2026-001", "--out", tmp_path / "file.pdf", "--engine", "pdfkit")
    assert done.exit_code == 0, done.output
    assert "Burden of proof, 45 CFR 164.414(b)" in text_of(tmp_path / "file.pdf")[0]


def test_backup_and_restore(breach, path: Path, tmp_path: Path):
    file = tmp_path / "case.backup"
    assert breach("backup", path, file).exit_code == 0
    with opened(path) as life:
        life.dana.incidents.log_action(life.incident_id, "Later")
    assert breach("checkpoint", path, "--out", tmp_path / "kept.txt").exit_code == 0
    plain = breach("restore", file, tmp_path / "plain", sealed=False)
    assert plain.exit_code == 0
    assert "CAUTION" not in plain.output
    older = breach("restore", file, tmp_path / "older", "--checkpoint", tmp_path / "kept.txt", sealed=False)
    assert older.exit_code == 1
    assert "this is an older copy" in older.output
    assert breach("verify", tmp_path / "older").exit_code == 0
    assert breach("backup", path, file).exit_code == 2
    assert breach("restore", file, tmp_path / "older", sealed=False).exit_code == 2
    assert breach("restore", path / "log.db", tmp_path / "x", sealed=False).exit_code == 2
    assert breach("restore", tmp_path / "nothing", tmp_path / "x", sealed=False).exit_code == 2


def test_a_checkpoint_of_another_case_is_named_on_restoring(breach, path: Path, lived: Path, tmp_path: Path):
    file = tmp_path / "case.backup"
    breach("backup", path, file)
    breach("checkpoint", path, "--out", tmp_path / "kept.txt")
    text = (tmp_path / "kept.txt").read_text()
    (tmp_path / "kept.txt").write_text(text.replace("time 20", "time 19"))
    done = breach("restore", file, tmp_path / "r", "--checkpoint", tmp_path / "kept.txt", sealed=False)
    assert done.exit_code == 1
    assert "was not signed by this case" in done.output


def test_a_damaged_folder_is_a_finding_and_a_missing_one_bad_input(breach, path: Path, tmp_path: Path):
    assert breach("verify", tmp_path / "nowhere").exit_code == 2
    shutil.copytree(path, tmp_path / "other")
    (tmp_path / "other" / "log.db").unlink()
    assert breach("verify", tmp_path / "other").exit_code == 1
    assert breach("verify", path, "--checkpoint", "7Q2K").exit_code == 2

"""wkhtmltopdf copies its input into a temporary file: in memory, for its owner only, and gone afterwards."""

import os
import stat
import threading
from pathlib import Path

import pytest

from notices.engines.base import EngineError
from notices.engines.pdfkit import PdfkitEngine, memory_folder
from notices.proof import page_texts, squeezed

SECRET = "Ambrosine Quillfeather"
PAGE = "<!DOCTYPE html><html><head><title>x</title><style>@page { margin: 0.6in 1in 0.85in 1in; }</style>"
LABEL = '<meta name="page-label" content="Reference 2026-001-1-000007">'
LETTER = f"{PAGE}{LABEL}</head><body>{f'<p>{SECRET}</p>' * 400}</body></html>"


class Watched:
    """Looks for the secret below a folder again and again, and remembers where and with which rights it was seen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: set[tuple[Path, int]] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "Watched":
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.005):
            for folder, _, names in os.walk(self.folder):
                for path in (Path(folder, name) for name in names):
                    try:
                        if SECRET.encode() in path.read_bytes():
                            self.seen.add((path, stat.S_IMODE(path.parent.stat().st_mode)))
                    except OSError:
                        continue  # gone already


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "HOME"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def test_what_is_printed_is_never_on_a_disk(temporary: Path) -> None:
    memory = memory_folder()
    with Watched(temporary) as on_disk, Watched(memory) as in_memory:
        engine = PdfkitEngine()
        for _ in range(3):
            assert SECRET in next(page_texts(engine.render(LETTER))).content
    assert on_disk.seen == set()
    assert list(temporary.iterdir()) == []
    assert in_memory.seen, "the watcher does find the copy where it is"
    for path, rights in in_memory.seen:
        assert rights == 0o700
        assert not path.parent.exists()


def test_a_renderer_that_is_stopped_leaves_nothing_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BREACH_MEMORY_FOLDER", str(tmp_path))
    program = tmp_path / "wkhtmltopdf"
    program.write_text('#!/bin/sh\ncat > "$TMPDIR/copy.html"\nsleep 60\n', encoding="utf-8")
    program.chmod(0o700)
    with pytest.raises(EngineError, match="did not finish"):
        PdfkitEngine(program, time_limit=0.5)
    assert list(tmp_path.iterdir()) == [program]


def test_a_machine_without_a_folder_in_memory_is_refused_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BREACH_MEMORY_FOLDER", raising=False)
    mounts = tmp_path / "mounts"
    for text in ("", "/dev/vda1 /dev/shm ext4 rw 0 0\n", "garbage\n"):
        mounts.write_text(text, encoding="utf-8")
        with pytest.raises(EngineError, match=r"plutoprint.*BREACH_MEMORY_FOLDER"):
            memory_folder(mounts)
    with pytest.raises(EngineError, match="plutoprint"):
        memory_folder(tmp_path / "none")
    monkeypatch.setenv("BREACH_MEMORY_FOLDER", str(tmp_path))
    assert memory_folder(mounts) == tmp_path
    monkeypatch.setenv("BREACH_MEMORY_FOLDER", "ram")
    with pytest.raises(EngineError, match="BREACH_MEMORY_FOLDER"):
        memory_folder(mounts)


@pytest.mark.parametrize("higher", range(0, 18, 2))
def test_a_line_moved_to_the_next_page_is_not_read_as_its_footer(higher: int) -> None:
    """QtWebKit leaves a clipped copy of such a line below the text, wherever the break falls in it."""
    body = f'<div class="pad">&nbsp;</div>{"<p>gypsy</p>" * 60}'
    style = f"<style>.pad {{ height: {higher}pt; }} p {{ font-size: 11pt; line-height: 1.4; margin: 0; }}</style>"
    pdf = PdfkitEngine().render(f"{PAGE}{LABEL}{style}</head><body>{body}</body></html>")
    pages = list(page_texts(pdf))
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        expected = f"Reference 2026-001-1-000007 - Page {number} of {len(pages)}"
        assert squeezed(page.footer) == squeezed(expected)

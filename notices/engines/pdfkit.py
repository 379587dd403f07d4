"""wkhtmltopdf through pdfkit, for organizations that already print with it.

Hardened, because the renderer is old and no longer maintained:

* The HTML goes in through `io.StringIO`, never as a string: pdfkit reads `<meta name="pdfkit-...">` of a string as
  command-line options, so that a document could switch local file access on (CVE-2025-26240).
* No local files, no scripts, no plug-ins, no images but those that the document carries in itself, and a proxy that
  does not exist, so that nothing is fetched.
* A bare environment, and a hard time limit.
* A private folder in memory: wkhtmltopdf copies its input, in clear text, into a temporary file, and a file that was on
  a disk can be found there after it is deleted.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import pdfkit
import pikepdf
import pypdfium2 as pdfium

from notices.engines.base import DETERMINISTIC, FONTS, EngineError, refuse_references

TIME_LIMIT: Final = 60.0
"""Seconds after which the renderer is killed."""

_OPTIONS: Final = {
    "page-size": "Letter",
    "encoding": "UTF-8",
    "quiet": "",
    "disable-local-file-access": "",
    "disable-javascript": "",
    "disable-plugins": "",
    "proxy": "http://127.0.0.1:9",
}
_MARGINS: Final = re.compile(r"@page\s*\{[^}]*?margin:\s*([\d.]+)in\s+([\d.]+)in\s+([\d.]+)in\s+([\d.]+)in")
_LABEL: Final = re.compile(r'<meta name="page-label" content="([^"<>]*)">')
_MISSING: Final = (
    "wkhtmltopdf is not installed, and the pdfkit engine needs it. "
    "Install it (Debian, Ubuntu: apt install wkhtmltopdf) or use the plutoprint engine, which needs nothing."
)
_NO_MEMORY: Final = (
    "wkhtmltopdf writes what it prints, in clear text, to a temporary file; this machine has no folder in memory. "
    "Use the plutoprint engine, or name a RAM disk or an encrypted disk in BREACH_MEMORY_FOLDER."
)


def find_wkhtmltopdf() -> Path:
    """The absolute path of the binary.

    Raises:
        EngineError: if it is not installed.
    """
    found = shutil.which("wkhtmltopdf")
    if found is None:
        raise EngineError(_MISSING)
    return Path(found).resolve()


def memory_folder(mounts: Path = Path("/proc/self/mounts")) -> Path:
    """A folder whose files are kept in memory, for what must not be written to a disk in clear text.

    BREACH_MEMORY_FOLDER names one where the system has none that is known to be.

    Raises:
        EngineError: there is none.
    """
    named = os.environ.get("BREACH_MEMORY_FOLDER")
    if named:
        folder = Path(named)
        if folder.is_absolute() and os.access(folder, os.W_OK | os.X_OK):
            return folder
        raise EngineError(f"BREACH_MEMORY_FOLDER: {named} is not a folder, by its whole path, that can be written to")
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    kinds = {fields[1]: fields[2] for line in lines if len(fields := line.split()) > 2}
    for candidate in ("/dev/shm", f"/run/user/{os.getuid()}" if hasattr(os, "getuid") else ""):  # noqa: S108
        if kinds.get(candidate) in {"tmpfs", "ramfs"} and os.access(candidate, os.W_OK | os.X_OK):
            return Path(candidate)
    raise EngineError(_NO_MEMORY)


class PdfkitEngine:
    """Renders with wkhtmltopdf. Page boxes are unknown to it, so its sheets are numbered afterwards."""

    name = "pdfkit"
    capabilities = frozenset([DETERMINISTIC])

    def __init__(self, wkhtmltopdf: Path | None = None, time_limit: float = TIME_LIMIT) -> None:
        self._binary = wkhtmltopdf or find_wkhtmltopdf()
        if not self._binary.is_absolute() or not self._binary.is_file():
            raise EngineError(_MISSING)
        self._time_limit = time_limit
        self._configuration = pdfkit.configuration(wkhtmltopdf=str(self._binary))
        self.version = self._ask_version()
        self._zoom = self._calibrated_zoom()

    def render(self, html: str) -> bytes:
        """See `PdfEngine.render`."""
        refuse_references(html)
        label = _LABEL.search(html)
        zoomed = html.replace(
            "</head>",
            f"<style>html {{ zoom: {self._zoom:.4f}; }}</style></head>",
            1,
        )
        return _numbered(self._print(zoomed), label.group(1) if label else "")

    def _print(self, html: str) -> bytes:
        job = pdfkit.PDFKit(io.StringIO(html), "file", options=_options(html), configuration=self._configuration)
        done = self._run(job.command(), html)
        if not done.stdout.startswith(b"%PDF-"):
            reason = done.stderr.decode("utf-8", "replace").strip() or f"exit code {done.returncode}"
            raise EngineError(f"wkhtmltopdf could not render the document: {reason[-500:]}")
        return done.stdout

    def _run(self, command: list[str], html: str) -> subprocess.CompletedProcess[bytes]:
        with tempfile.TemporaryDirectory(prefix="notice-", dir=memory_folder()) as folder:
            environment = {
                "HOME": folder,
                "TMPDIR": folder,
                "XDG_RUNTIME_DIR": folder,
                "LANG": "C.UTF-8",
                "QT_QPA_PLATFORM": "offscreen",
                "QT_HASH_SEED": "0",  # else fonts come in another order every time
                "FONTCONFIG_FILE": str(FONTS / "fonts.conf"),
                "PATH": os.defpath,
            }
            try:
                return subprocess.run(  # noqa: S603 - absolute path, fixed options, no shell
                    command,
                    input=html.encode(),
                    capture_output=True,
                    check=False,
                    env=environment,
                    timeout=self._time_limit,
                )
            except subprocess.TimeoutExpired:
                limit = f"{self._time_limit:g} seconds"
                raise EngineError(f"wkhtmltopdf did not finish within {limit} and was stopped") from None

    def _ask_version(self) -> str:
        answer = self._run([str(self._binary), "--version"], "").stdout.decode("utf-8", "replace")
        return answer.split()[1] if len(answer.split()) > 1 else "unknown"

    def _calibrated_zoom(self) -> float:
        """The zoom at which an inch is an inch: builds of wkhtmltopdf shrink the page, each by its own factor."""
        with pdfium.PdfDocument(self._print(_RULER)) as document:
            text = document[0].get_textpage()
            lefts = [text.get_charbox(text.get_text_range().index(mark))[0] for mark in "IJ"]
        return 4 * 72 / float(lefts[1] - lefts[0])


_CREATED: Final = "D:20000101000000Z"
"""The same for every file, so that the same text gives the same bytes; when it was rendered stands in the log."""

_FOOTER_AT: Final = 27
"""Points from the foot of the sheet: below the clipped copies that QtWebKit leaves of moved lines."""

_RULER: Final = (
    "<html><head><style>@page { margin: 1in 1in 1in 1in; } body { margin: 0; }"
    "div { position: absolute; top: 0; left: 0; } div + div { left: 4in; }</style></head>"
    "<body><div>I</div><div>J</div></body></html>"
)
"""Two marks, four inches apart."""


def _options(html: str) -> dict[str, str]:
    """The fixed options with the margins that the style sheet sets for the page."""
    margins = _MARGINS.search(html)
    if margins is None:
        raise EngineError("the style sheet sets no page margins")
    sides = ("margin-top", "margin-right", "margin-bottom", "margin-left")
    pictures = {} if "<img " in html else {"no-images": ""}
    return _OPTIONS | pictures | {side: f"{size}in" for side, size in zip(sides, margins.groups(), strict=True)}


def _numbered(pdf: bytes, label: str) -> bytes:
    """The same file with its label and page number at the foot of every sheet."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        font = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name.Helvetica,
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
        )
        total = len(document.pages)
        for number, page in enumerate(document.pages, start=1):
            text = f"{label} - Page {number} of {total}" if label else f"Page {number} of {total}"
            name = page.add_resource(font, pikepdf.Name.Font, pikepdf.Name.Footer)
            # Helvetica runs to about half its size per letter; centred closely enough for a footer.
            left = float(page.mediabox[2]) / 2 - len(text) * 2.45
            shown = pikepdf.String(text.encode("cp1252", "replace").decode("latin-1")).unparse().decode("latin-1")
            stamp = f"q BT {name} 10 Tf {left:.1f} {_FOOTER_AT} Td {shown} Tj ET Q"
            page.contents_coalesce()
            page.contents_add(b"q", prepend=True)
            page.contents_add(b"Q " + stamp.encode("latin-1"))
        document.docinfo["/CreationDate"] = pikepdf.String(_CREATED)
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()

"""Reading a folder of own templates from a disk: a closed list of names, bounds, and pictures made safe."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from notices.errors import NoticeError
from notices.house.assemble import MANIFEST, STYLE, house_faults, manifest_of, written_faults
from notices.house.pictures import safe_picture
from notices.house.sections import NAME

MOST_FILES: Final = 100
LARGEST_FILE: Final = 5_000_000
"""Bytes as read; a picture is smaller when it is kept (`pictures.LARGEST`)."""
_LEFT_OUT: Final = re.compile(r"README[^/]*|.*~", re.IGNORECASE)


def read_folder(folder: Path) -> dict[str, bytes]:
    """The files of a folder by name, pictures made safe; hidden files and READMEs are left out.

    Raises:
        NoticeError: with one `file: message` line per fault, also of the words: nobody mends one thing at a time.
    """
    if not folder.is_dir():
        raise NoticeError(f"{folder}: there is no such folder")
    faults: list[str] = []
    found = _content(folder, faults)
    if MANIFEST not in found:
        raise NoticeError(f"{folder / MANIFEST}: it is missing; it names the templates and what belongs to them")
    try:
        pictures = manifest_of(found[MANIFEST]).pictures
    except NoticeError as error:
        raise NoticeError(*faults, *error.faults, *written_faults(found)) from None
    kept: dict[str, bytes] = {}
    damaged = set()
    for name, content in found.items():
        try:
            kept[name] = safe_picture(name, content) if name in pictures else content
        except NoticeError as error:
            faults += error.faults
            damaged.add(name)
        if name not in (MANIFEST, STYLE, *pictures) and not NAME.fullmatch(name):
            faults.append(
                f"{name}: own templates have no such file; there are {MANIFEST}, {STYLE}, pictures that {MANIFEST} "
                "names, and sections/<language>/<element id>.html.j2"
            )
    if faults:
        raise NoticeError(*faults, *house_faults(kept, but=damaged))
    return kept


def _content(folder: Path, faults: list[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if any(part.startswith(".") for part in Path(name).parts) or _LEFT_OUT.fullmatch(path.name):
            continue
        if path.is_symlink():
            faults.append(f"{name}: a link; own templates are files in the folder itself")
        elif path.is_file():
            if len(found) >= MOST_FILES:
                raise NoticeError(f"{folder}: more than {MOST_FILES} files")
            if path.stat().st_size > LARGEST_FILE:
                faults.append(f"{name}: {path.stat().st_size:,} bytes; at most {LARGEST_FILE:,}")
            else:
                try:
                    found[name] = path.read_bytes()
                except OSError as error:
                    faults.append(f"{name}: {error.strerror}")
    return found

"""What shapes a document besides its words: templates, style sheets, fonts, libraries. Each rendering records it."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from notices.engines.base import FONTS
from notices.environment import TEMPLATES

_LIBRARIES: Final = ("jinja2", "markupsafe", "pikepdf", "pypdfium2")
"""Those that every document goes through; the engine is recorded by itself."""


@cache
def templates_sha256() -> str:
    """SHA-256 (hex) over the name and content of every template, style sheet and font."""
    hashed = hashlib.sha256()
    for folder in (TEMPLATES, FONTS):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                content = path.read_bytes()
                name = path.relative_to(folder).as_posix()
                hashed.update(f"{folder.name}/{name}\0{len(content)}\0".encode() + content)
    return hashed.hexdigest()


@cache
def made_with() -> tuple[str, ...]:
    """The libraries with their versions, such as `pikepdf 10.1.0`."""
    return tuple(f"{name} {_version(name)}" for name in _LIBRARIES)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"

"""Files that are written whole or not at all, and survive a loss of power once written."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from incident.errors import CaseUnusable


def shown_name(path: Path) -> str:
    """The name of a file as it is recorded and shown: nothing in it that a terminal would obey."""
    return "".join(character if character.isprintable() else "\ufffd" for character in path.name)


def write_durably(path: Path, content: bytes) -> None:
    """Put a file in place at once; make the folder it stands in, where needed.

    Raises:
        CaseUnusable: it cannot be written; a file that was there before is still there, unchanged.
    """
    with whole_file(path) as file:
        file.write(content)


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to, that takes the place of `path` when everything in it is on the disk; else nothing is left.

    Raises:
        CaseUnusable: it cannot be written; a file that was there before is still there, unchanged.
    """
    partial = path.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            sync_folder(path.parent.parent)
        try:
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise CaseUnusable(f"{path.name} cannot be written: {error.strerror}; it is as it was before.") from error


@contextmanager
def whole_folder(folder: Path, failure: str) -> Iterator[Path]:
    """A folder beside `folder` that takes its place when everything in it is on the disk; else nothing is left.

    Raises:
        CaseUnusable: `failure`, where, and what the system says.
    """
    partial = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.partial")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial.mkdir(mode=0o700)
        try:
            yield partial
            sync_folder(partial)
            partial.rename(folder)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        sync_folder(folder.parent)
    except OSError as error:
        raise CaseUnusable(f"{failure} {folder}: {error.strerror}.") from error


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    if os.name == "nt":  # Windows cannot open folders, and writes their entries through
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

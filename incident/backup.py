"""Backups: a case in one file, taken while people work, and put back into a folder.

A backup is a tar archive of what the case folder holds, sealed as it is there; its last member is the list of the
others with their SHA-256, so that an archive that was cut short shows. It opens with the passphrases of the case. Keys
that were destroyed before are not in it; keys that are destroyed later still are.
"""

import hashlib
import io
import re
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO
from uuid import UUID

import msgspec

from incident.casefile import OpenCase
from incident.errors import CaseUnusable, InvalidInput
from incident.files import whole_file, whole_folder
from incident.log.application import CaseLog
from incident.log.chain import Anchor, Checkpoint
from incident.log.database import sqlite_url
from incident.log.verify import check_chain
from incident.migration import copy_records
from incident.stores.folder import BLOBS, KEYS, LOG, VAULT, FolderStore

FORMAT = 1
_LIST = "backup.json"
_CASE = "case.json"
_WHOLE = {LOG, KEYS, _CASE}
_DOCUMENT = re.compile(r"[a-z][a-z0-9-]*\.json")
_CHUNK = 1 << 20


class _File(msgspec.Struct, frozen=True):
    path: str
    size: int
    sha256: str


class _List(msgspec.Struct, frozen=True, kw_only=True):
    format: int
    case_id: UUID
    taken_at: datetime
    count: int
    head: str
    files: tuple[_File, ...]


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds: the log from #1 to `count`, as of `taken_at`. `code` is its checkpoint, `size` in bytes."""

    case_id: UUID
    taken_at: datetime
    count: int
    code: str
    files: int
    size: int


def back_up(case: OpenCase, file: Path, at: datetime, progress: Callable[[str], None] | None = None) -> Backup:
    """Write a backup of an open case; the file is there whole or not at all.

    The log is copied first and everything it speaks of after it: people, keys and documents are stored before the log
    says so. People and keys hold still for that long. `progress` hears what is copied; an exception of it stops, and
    leaves no file.

    Raises:
        InvalidInput: there is a file already.
        CaseUnusable: the chain of the log is broken, or something cannot be read or written.
    """
    if file.exists():
        raise InvalidInput(f"{file} is there already; a backup does not take the place of another file")
    if not file.parent.is_dir():
        raise InvalidInput(f"{file.parent} is not a folder")
    store, say = case.store, progress or (lambda _words: None)
    say("log, people and keys")
    with whole_file(file) as target, _staging(file.parent) as staging, tarfile.open(fileobj=target, mode="w|") as tar:
        writer = _Writer(tar)
        with FolderStore.new(staging / "case") as copy, store.quiet():
            newest = copy_records(case, copy)
        for path in sorted((staging / "case").iterdir()):
            if path.is_file():
                writer.add_file(path.name, path)
        for number, name in enumerate(store.shelf.names(), start=1):
            member = f"{BLOBS}/{name[:2]}/{name}"
            if _is_ours(member):
                say(f"document {number:,}")
                writer.add(member, store.shelf.get(name) or b"")
        writer.finish(case.case_id, newest, at)
    return Backup(
        case_id=case.case_id,
        taken_at=at,
        count=newest.count,
        code=newest.code,
        files=len(writer.files),
        size=file.stat().st_size,
    )


def restore(file: Path, folder: Path, checkpoint: Anchor | None = None) -> tuple[Backup, tuple[str, ...]]:
    """Put a backup back into a new folder, and check its chain; no passphrase is needed for that.

    `checkpoint` is one that somebody kept: what is missing or different against it comes back as problems, such as
    that the backup is older. The folder is there all the same.

    Raises:
        InvalidInput: the folder is taken.
        CaseUnusable: it is no backup, it is damaged or cut short, or the folder cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InvalidInput(f"{folder} is there already; choose another place for the case")
    with whole_folder(folder, "The case cannot be restored to") as partial:
        listed = _extract(file, partial)
        (partial / BLOBS).mkdir(mode=0o700, exist_ok=True)
        with CaseLog(sqlite_url(str(partial / LOG)), key=bytes(32), case_id=listed.case_id) as log:
            found = check_chain(log.recorder, checkpoint=checkpoint)
            whole = check_chain(log.recorder) if checkpoint is not None else found
        if whole.problems or (whole.count, whole.head) != (listed.count, listed.head):
            raise CaseUnusable(f"{file} is damaged: {'; '.join(whole.problems) or 'its log is not the one it lists'}.")
    backup = Backup(
        case_id=listed.case_id,
        taken_at=listed.taken_at,
        count=listed.count,
        code=found.code,
        files=len(listed.files),
        size=file.stat().st_size,
    )
    return backup, found.problems


class _Writer:
    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.files: list[_File] = []

    def add(self, name: str, content: bytes) -> None:
        self._add(name, io.BytesIO(content), len(content))

    def add_file(self, name: str, path: Path) -> None:
        with path.open("rb") as content:
            self._add(name, content, path.stat().st_size)

    def _add(self, name: str, content: IO[bytes], size: int) -> None:
        hashed = _Hashing(content)
        self._tar.addfile(_member(name, size), hashed)
        self.files.append(_File(name, hashed.size, hashed.sha256.hexdigest()))

    def finish(self, case_id: UUID, newest: Checkpoint, at: datetime) -> None:
        listed = _List(
            format=FORMAT,
            case_id=case_id,
            taken_at=at,
            count=newest.count,
            head=newest.head.hex(),
            files=tuple(self.files),
        )
        content = msgspec.json.encode(listed)
        self._tar.addfile(_member(_LIST, len(content)), io.BytesIO(content))


class _Hashing:
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        self.sha256.update(content)
        self.size += len(content)
        return content


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _extract(file: Path, folder: Path) -> _List:
    """Write the members into the folder; every one has to be as the list says, and none may be missing."""
    found: list[_File] = []
    listed: _List | None = None
    try:
        with tarfile.open(file, mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is None or listed is not None or not _is_ours(member.name):
                    raise CaseUnusable(f"{file} is not a backup of a case: it holds {member.name!r}.")
                if member.name == _LIST:
                    listed = msgspec.json.decode(content.read(), type=_List)
                else:
                    found.append(_write(member.name, content, folder))
    except (tarfile.TarError, msgspec.MsgspecError, EOFError) as error:
        raise CaseUnusable(f"{file} is not a backup, or it is damaged: {error}.") from error
    if listed is None:
        raise CaseUnusable(f"{file} is cut short: its list of files is missing.")
    if listed.format != FORMAT:
        raise CaseUnusable(f"{file} was made by a newer version of this program (format {listed.format}).")
    wrong = set(found) ^ set(listed.files)
    if wrong or not {each.path for each in found} >= _WHOLE:
        names = ", ".join(sorted({each.path for each in wrong})[:3]) or "a part of the case"
        raise CaseUnusable(f"{file} is damaged: {names} missing or not as listed.")
    return listed


def _is_ours(name: str) -> bool:
    """Whether a backup has a member of this name: no way leads out of the folder."""
    parts = name.split("/")
    if len(parts) == 1:
        return name in {LOG, KEYS, VAULT} or _DOCUMENT.fullmatch(name) is not None
    return len(parts) == 3 and parts[0] == BLOBS and all(part.isalnum() and part.isascii() for part in parts[1:])


def _write(name: str, content: IO[bytes], folder: Path) -> _File:
    path, hashed = folder / name, _Hashing(content)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("xb") as target:
        while chunk := hashed.read(_CHUNK):
            target.write(chunk)
    path.chmod(0o600)
    return _File(name, hashed.size, hashed.sha256.hexdigest())


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """A folder on the same disk as the backup; what is copied into it is sealed."""
    with tempfile.TemporaryDirectory(prefix=".backup-", suffix=".partial", dir=folder) as name:
        yield Path(name)

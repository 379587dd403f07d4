"""A case in a folder.

    case.json   format, case id, public keys, users and what they are granted; nothing that tells who or what
    log.db      the sealed log
    keys.db     the wrapped keys of incidents
    vault.db    the people affected (made by the roster when it first needs it)
    blobs/      sealed evidence and documents

Several processes may have it open at once.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Self

from sqlalchemy import Engine

from incident.access.keystore import KeyStore
from incident.errors import CaseUnusable
from incident.files import whole_folder, write_durably
from incident.log.database import BUSY_TIMEOUT, open_engine, sqlite_url

LOG, KEYS, VAULT, BLOBS = "log.db", "keys.db", "vault.db", "blobs"


class FolderShelf:
    """`Shelf` in a folder; the first two digits of a name are a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, sealed: bytes) -> None:
        """Keep a document durably."""
        write_durably(self._path(name), sealed)

    def get(self, name: str) -> bytes | None:
        """The document, or None where there is none."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise CaseUnusable(f"A document of the case cannot be read: {error.strerror}.") from error

    def __contains__(self, name: str) -> bool:
        return self._path(name).is_file()

    def remove(self, name: str) -> None:
        """Take a document away."""
        try:
            self._path(name).unlink(missing_ok=True)
        except OSError as error:
            raise CaseUnusable(f"A document of the case cannot be taken away: {error.strerror}.") from error

    def names(self) -> Iterator[str]:
        """What is not in its place comes with the path to it."""
        try:
            for path in sorted(self._folder.rglob("*")):
                if not path.is_dir():
                    yield path.name if path == self._path(path.name) else path.relative_to(self._folder).as_posix()
        except OSError as error:
            raise CaseUnusable(f"The folder of documents cannot be read: {error.strerror}.") from error

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name


class FolderStore:
    """`CaseStore` in a folder."""

    def __init__(self, folder: Path, *, busy_timeout: float = BUSY_TIMEOUT) -> None:
        self.place = folder
        self.where = str(folder)
        self._folder = folder
        self._busy_timeout = busy_timeout
        self.shelf = FolderShelf(folder / BLOBS)

    def __repr__(self) -> str:
        return f"FolderStore({self.where!r})"

    @classmethod
    @contextmanager
    def new(cls, folder: Path, *, busy_timeout: float = BUSY_TIMEOUT) -> Iterator[Self]:
        """A store to fill, that is at `folder` when the block ends, whole; else nothing is left.

        Raises:
            CaseUnusable: there is something at `folder`, or it cannot be written.
        """
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CaseUnusable(f"{folder} exists already; choose another place for the new case.")
        with whole_folder(folder, "The case cannot be made at") as partial:
            (partial / BLOBS).mkdir(mode=0o700)
            store = cls(partial, busy_timeout=busy_timeout)
            try:
                store.keys.create()
                yield store
            finally:
                store.close()

    @cached_property
    def keys(self) -> KeyStore:
        """The wrapped keys of incidents."""
        return KeyStore(
            open_engine(sqlite_url(str(self._folder / KEYS)), busy_timeout=self._busy_timeout, secure_delete=True)
        )

    def read(self, name: str) -> bytes | None:
        """A small document, or None where there is none."""
        if not self._folder.is_dir():
            what = "is not a case folder" if self._folder.exists() else "is not there"
            raise CaseUnusable(f"{self.where} {what}.")
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise CaseUnusable(f"{self._folder / name} cannot be read: {error.strerror}.") from error

    def write(self, name: str, content: bytes) -> None:
        """Put a small document in place durably."""
        write_durably(self._folder / name, content)

    def documents(self) -> Sequence[str]:
        """The names of the small documents."""
        return sorted(path.name for path in self._folder.glob("*.json"))

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the lock of `keys.db`."""
        with self.keys.exclusive():
            yield

    def check(self) -> None:
        """See that no file is missing."""
        for name in (KEYS, BLOBS, LOG):
            if not (self._folder / name).exists():
                raise CaseUnusable(f"{name} is missing from {self.where}; restore it from a backup.")

    def log(self) -> Engine:
        """The engine of the log."""
        return open_engine(sqlite_url(str(self._folder / LOG)), busy_timeout=self._busy_timeout)

    def holds_people(self) -> bool:
        """Whether there is a vault."""
        return (self._folder / VAULT).exists()

    def vault(self) -> Engine:
        """The engine of the people affected."""
        return open_engine(sqlite_url(str(self._folder / VAULT)), secure_delete=True)

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Hold off changes of people and keys; reading goes on."""
        with self._vault_held(), self.exclusive():
            yield

    def remove(self) -> None:
        """Delete the folder."""
        self.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def close(self) -> None:
        """Give back the file of the keys."""
        if "keys" in self.__dict__:
            self.keys.close()

    @contextmanager
    def _vault_held(self) -> Iterator[None]:
        if not self.holds_people():
            yield
            return
        connection = sqlite3.connect(self._folder / VAULT, timeout=self._busy_timeout, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield
        except sqlite3.OperationalError as error:
            raise CaseUnusable(f"The people of the case cannot be copied now: {error}. Try again.") from error
        finally:
            with suppress(sqlite3.Error):
                connection.rollback()
            connection.close()

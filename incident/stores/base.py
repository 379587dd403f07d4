"""What a case needs of the place that keeps it. A store sees sealed bytes and wrapped keys, and no name of anybody."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Engine

from incident.access.keystore import KeyStore
from incident.stores.naming import Place


class Shelf(Protocol):
    """Sealed documents by name: hexadecimal digits. Every method raises CaseUnusable where it cannot be used."""

    def put(self, name: str, sealed: bytes) -> None:
        """Keep a document durably, in the place of what was there under the name."""
        ...

    def get(self, name: str) -> bytes | None:
        """The document, or None where there is none."""
        ...

    def __contains__(self, name: str) -> bool: ...

    def remove(self, name: str) -> None:
        """Take a document away; harmless where there is none."""
        ...

    def names(self) -> Iterator[str]:
        """The name of everything that is there, also of what the case did not put there."""
        ...


class CaseStore(Protocol):
    """The place of one case, already made. Methods raise CaseUnusable where it cannot be used.

    `where` names it for people, without a password.
    """

    where: str

    @property
    def place(self) -> Place:
        """What `incident.stores.places.store_at` finds the store by; it may hold a password that it does not show."""
        ...

    @property
    def keys(self) -> KeyStore:
        """The wrapped keys of incidents."""
        ...

    @property
    def shelf(self) -> Shelf:
        """The sealed documents."""
        ...

    def read(self, name: str) -> bytes | None:
        """A small document such as `case.json`, or None where there is none."""
        ...

    def write(self, name: str, content: bytes) -> None:
        """Put a small document in place durably: the whole of it or nothing."""
        ...

    def documents(self) -> Sequence[str]:
        """The names of the small documents."""
        ...

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold the one lock by which changes of small documents and of keys take turns."""
        ...

    def check(self) -> None:
        """See that every part of the case is there, before a missing one would be made anew."""
        ...

    def log(self) -> Engine:
        """The engine of the log; whoever asks for it disposes of it."""
        ...

    def holds_people(self) -> bool:
        """Whether a vault was made here."""
        ...

    def vault(self) -> Engine:
        """The engine of the people affected; whoever asks for it disposes of it."""
        ...

    def quiet(self) -> AbstractContextManager[None]:
        """Hold off changes of people and keys while they are copied; reading goes on."""
        ...

    def remove(self) -> None:
        """Take the whole case away: one that was made and could not be finished."""
        ...

    def close(self) -> None:
        """Give back files or connections. The store can be used again."""
        ...

"""What the domain needs of the world, as protocols. The real ones are in `incident.system` and beside their stores."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from incident.events import Entry


class Clock(Protocol):
    """Tells the time. Exercises run on a virtual one."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class IdSource(Protocol):
    """Gives identifiers."""

    def new(self) -> UUID:
        """A fresh identifier."""
        ...


class KeyRing(Protocol):
    """The keys of one open case. Keys never appear in `repr`, logs or tracebacks."""

    @property
    def epoch(self) -> int:
        """The newest epoch of the case key, from 1: what is sealed now is sealed with it."""
        ...

    def key(self, purpose: str, epoch: int = 1) -> bytes:
        """32 bytes derived from the case key of an epoch for one purpose, such as `"log"` or `"blobs"`."""
        ...

    def incident_key(self, incident_id: UUID) -> bytes:
        """32 random bytes kept wrapped for one incident, made at first use.

        Raises:
            NotFound: the key was destroyed.
        """
        ...

    def destroy_incident_key(self, incident_id: UUID) -> None:
        """Destroy the incident's key beyond recovery: its people can no longer be read."""
        ...


class BlobStore(Protocol):
    """Content-addressed store of evidence and rendered documents, encrypted at rest."""

    def put(self, content: bytes) -> str:
        """Keep the content durably and return its SHA-256 in hex. Putting the same content again is harmless."""
        ...

    def get(self, sha256: str) -> bytes:
        """The content. Raises NotFound where it is missing, CaseUnusable where it was altered."""
        ...

    def __contains__(self, sha256: str) -> bool: ...

    def discard(self, sha256: str) -> None:
        """Take away content that no entry of the log speaks of; harmless where it is missing."""
        ...

    def note(self, name: str) -> bytes | None:
        """What was noted under a name, or None. Raises CaseUnusable where it was altered."""
        ...

    def write_note(self, name: str, content: bytes) -> None:
        """Note something durably in the place of what was noted before: how far a long work has come."""
        ...

    def drop_note(self, name: str) -> None:
        """Take a note away; harmless where there is none."""
        ...


class EventLog(Protocol):
    """The append-only log of one case. Positions count from 1 over all streams: the event numbers people see."""

    def append(self, entries: Sequence[Entry]) -> int:
        """Record the entries in one transaction, all or none, durably; return the position of the last.

        Raises:
            RecordedMeanwhile: an entry's version is already taken in its stream.
            CaseUnusable: the store cannot be written (full or read-only disk, another process).
        """
        ...

    def stream(self, originator_id: UUID) -> tuple[Entry, ...]:
        """All entries of one stream, oldest first; empty where there is none."""
        ...

    def read(self, after: int = 0) -> Iterator[tuple[int, Entry]]:
        """Position and entry of everything recorded after a position, in order."""
        ...

    def position(self) -> int:
        """The position of the newest entry; 0 for an empty log."""
        ...

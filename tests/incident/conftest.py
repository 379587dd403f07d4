"""Fakes of the ports: small, honest, in memory."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from incident.errors import NotFound, RecordedMeanwhile
from incident.events import Entry
from incident.roster.vault import Vault
from incident.service import Service
from jurisdictions.rulebook import load_rulebook
from tests.incident.postgres import postgres_database, postgres_server

__all__ = ["postgres_database", "postgres_server"]

START = datetime(2026, 11, 22, 22, 24, 7, tzinfo=UTC)
CASE = UUID(int=999)
CHICAGO = {
    "organization.name": "Lakeshore Aesthetics",
    "organization.state": "IL",
    "organization.time_zone": "America/Chicago",
    "organization.hipaa_role": "covered_entity",
    "organization.entity_type": "healthcare_provider",
    "organization.licenses": [],
    "organization.data_owner": True,
}


class MemoryLog:
    """An event log in a list, with the versions checked as the real one does."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def append(self, entries: Sequence[Entry]) -> int:
        taken = {(entry.originator_id, entry.originator_version) for entry in self.entries}
        for entry in entries:
            if (entry.originator_id, entry.originator_version) in taken:
                raise RecordedMeanwhile
        self.entries.extend(entries)
        return len(self.entries)

    def stream(self, originator_id: UUID) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.originator_id == originator_id)

    def read(self, after: int = 0) -> Iterator[tuple[int, Entry]]:
        yield from enumerate(self.entries[after:], start=after + 1)

    def position(self) -> int:
        return len(self.entries)


class MemoryBlobs:
    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.notes: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        self.kept[sha256] = content
        return sha256

    def get(self, sha256: str) -> bytes:
        if sha256 not in self.kept:
            raise NotFound(sha256)
        return self.kept[sha256]

    def __contains__(self, sha256: str) -> bool:
        return sha256 in self.kept

    def discard(self, sha256: str) -> None:
        self.kept.pop(sha256, None)

    def note(self, name: str) -> bytes | None:
        return self.notes.get(name)

    def write_note(self, name: str, content: bytes) -> None:
        self.notes[name] = content

    def drop_note(self, name: str) -> None:
        self.notes.pop(name, None)


class MemoryKeys:
    """Keys made from their purpose: enough for a vault that lives as long as one test."""

    epoch = 1

    def key(self, purpose: str, epoch: int = 1) -> bytes:
        return hashlib.sha256(purpose.encode()).digest()

    def incident_key(self, incident_id: UUID) -> bytes:
        return hashlib.sha256(incident_id.bytes).digest()

    def destroy_incident_key(self, incident_id: UUID) -> None:
        raise NotFound(str(incident_id))


class TickingClock:
    """Advances one second each time it is read, so that every entry has its own time."""

    def __init__(self, start: datetime = START) -> None:
        self.moment = start

    def now(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


class CountingIds:
    def __init__(self) -> None:
        self.last = 0

    def new(self) -> UUID:
        self.last += 1
        return UUID(int=self.last)


class World:
    """One case in memory that several people can work on."""

    def __init__(self, folder: Path) -> None:
        self.vault = Vault(folder / "vault.db", MemoryKeys())
        self.log = MemoryLog()
        self.blobs = MemoryBlobs()
        self.clock = TickingClock()
        self.ids = CountingIds()

    def as_user(self, user: str) -> Service:
        return Service(
            log=self.log,
            blobs=self.blobs,
            vault=self.vault,
            clock=self.clock,
            ids=self.ids,
            rulebook=load_rulebook(),
            user=user,
        )


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A case with a lead and counsel enrolled."""
    world = World(tmp_path)
    lead = world.as_user("lead")
    lead.case.open(CASE, "Lakeshore Aesthetics", CHICAGO, {"phone": "312-555-0142"})
    lead.case.enroll("lead", "Dana Reyes", "incident_lead")
    lead.case.enroll("counsel", "Priya Natarajan", "counsel")
    return world


@pytest.fixture
def lead(world: World) -> Service:
    return world.as_user("lead")

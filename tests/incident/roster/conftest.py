"""Lists, keys and vaults for the tests of the roster."""

import hashlib
import os
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from incident.errors import NotFound
from incident.roster.importer import import_roster
from incident.roster.report import ImportResult
from incident.roster.vault import Vault

ON = date(2026, 11, 22)
INCIDENT, ROSTER = UUID(int=1), UUID(int=2)
HEADINGS = "Patient ID,First Name,Last Name,DOB,Address,Apt,City,State,Zip,Email,Deceased"
ALICE = "P1,Alice,Marlowe,1984-03-02,12 Heronbrook Ln,,Chicago,IL,60614,alice@example.org,N"
BRUNO = "P2,Bruno,Zúñiga,7/9/1990,400 W Larkmoor St,Apt 3,Houston,TX,77002,,N"
CHLOE = "P3,Chloe,Marlowe,2015-06-01,12 Heronbrook Ln,,Chicago,IL,60614,,N"


class Keys:
    """The keys of a case in memory; an incident's key can be destroyed."""

    epoch = 1

    def __init__(self) -> None:
        self._incidents: dict[UUID, bytes | None] = {}

    def key(self, purpose: str, epoch: int = 1) -> bytes:
        return hashlib.sha256(purpose.encode()).digest()

    def incident_key(self, incident_id: UUID) -> bytes:
        key = self._incidents.setdefault(incident_id, os.urandom(32))
        if key is None:
            raise NotFound("the key of this incident was destroyed")
        return key

    def destroy_incident_key(self, incident_id: UUID) -> None:
        self._incidents[incident_id] = None


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def vault(tmp_path: Path, keys: Keys) -> Vault:
    return Vault(tmp_path / "vault.db", keys)


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a list and return its path."""

    def to(content: str | bytes | Iterable[str], name: str = "list.csv") -> Path:
        path = tmp_path / name
        if not isinstance(content, str | bytes):
            content = "\n".join([HEADINGS, *content]) + "\n"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return to


def imported(path: Path, vault: Vault, roster: UUID = ROSTER, **options: object) -> ImportResult:
    """Import a list without helper processes."""
    return import_roster(
        path,
        vault=vault,
        incident_id=INCIDENT,
        roster_id=roster,
        on=ON,
        workers=0,
        **{"mapping": None, **options},  # type: ignore[arg-type]
    )


SHARED = Path(__file__).parents[4] / "shared" / "data"


def shared(name: str) -> Path:
    """A file of real data that lies beside the repository; without it the test is skipped, and says so."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"real data not present: {name}")
    return path

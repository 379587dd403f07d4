"""Stores of each kind, and entries to put in them."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

import pytest

from incident.events import ActionLogged, Entry
from incident.log.database import sqlite_url

STREAM = UUID(int=7)
MOMENT = datetime(2026, 11, 20, 16, 10, 5, 250, tzinfo=timezone(timedelta(hours=-6)))


@pytest.fixture(params=["file", "memory", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store of each kind."""
    match request.param:
        case "file":
            return sqlite_url(str(tmp_path / "log.db"))
        case "memory":
            return "sqlite://"
        case _:
            return str(request.getfixturevalue("postgres_database"))


@pytest.fixture(scope="session")
def entry() -> Callable[..., Entry]:
    """Makes entries: `entry(version, stream=…, text=…)`."""

    def make(version: int, *, stream: UUID = STREAM, text: str = "Tokens revoked", **changes: object) -> Entry:
        fields = {
            "originator_id": stream,
            "originator_version": version,
            "event": ActionLogged(text=text),
            "occurred_at": MOMENT,
            "recorded_at": MOMENT + timedelta(minutes=7),
            "by": "dana",
            **changes,
        }
        return Entry(**fields)

    return make

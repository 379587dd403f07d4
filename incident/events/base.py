"""What every event has, and the entry that carries it.

An event is a frozen struct with a `TOPIC` that never changes and a `SCHEMA` number that grows when its
fields do. An `Entry` is what the log holds: an event with its place in a stream, two times, a person and a
reason. Nothing here names an affected person: personal data lives in the roster vault.

Corrections never overwrite: they carry in `corrects` the version, within the same stream, of the entry they correct.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import msgspec

JsonValue = Any
"""A JSON value as the facts contract defines it for a path."""


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all events."""

    TOPIC: ClassVar[str]
    SCHEMA: ClassVar[int] = 1


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log.

    `originator_id` and `originator_version` are the stream and the place in it, counted from 1.
    `occurred_at` is when it happened in the world, `recorded_at` when it was written down; both aware.
    """

    originator_id: UUID
    originator_version: int
    event: Event
    occurred_at: datetime
    recorded_at: datetime
    by: str
    because: str | None = None

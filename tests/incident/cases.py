"""Cases for tests: cheap to open, with a fixed clock."""

from datetime import UTC, datetime
from uuid import UUID

from incident.access.ways import Kdf
from incident.casefile import open_case
from incident.events import Entry

CHEAP = Kdf(iterations=1, lanes=1, memory=64)
PASSPHRASE = "copper otter ladder moon"
MOMENT = datetime(2026, 11, 22, 22, 24, 7, tzinfo=UTC)
STREAM = UUID(int=7)


def entry(version, event, stream=STREAM):
    return Entry(
        originator_id=stream,
        originator_version=version,
        event=event,
        occurred_at=MOMENT,
        recorded_at=MOMENT,
        by="Dana Reyes",
    )


def opened(path, user="Dana Reyes", passphrase=PASSPHRASE, **options):
    return open_case(path, user, passphrase, **options)

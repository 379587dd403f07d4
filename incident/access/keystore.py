"""The wrapped keys of incidents, apart from everything else, where a key can be destroyed beyond recovery."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Column, Engine, LargeBinary, MetaData, Table, delete, insert, select, update

from incident.errors import CaseUnusable
from incident.log.database import file_faults, refusals, writing

metadata = MetaData()
_live = Table(
    "incident_key",
    metadata,
    Column("incident_id", LargeBinary(16), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)
_destroyed = Table("destroyed_key", metadata, Column("incident_id", LargeBinary(16), primary_key=True))


class KeyStore:
    """Wrapped keys by incident; remembers which were destroyed. A SQLite engine must be one with `secure_delete`.

    Every method raises CaseUnusable where the store cannot be used.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def create(self) -> None:
        """Make the tables of an empty store."""
        with refusals(), writing(self.engine) as connection:
            metadata.create_all(connection, checkfirst=False)

    def get(self, incident_id: bytes) -> bytes | None:
        """The wrapped key, or None where there is none."""
        with refusals(), self.engine.begin() as connection:
            return connection.execute(select(_live.c.wrapped).where(_live.c.incident_id == incident_id)).scalar()

    def is_destroyed(self, incident_id: bytes) -> bool:
        """Whether the key was destroyed."""
        found = select(_destroyed.c.incident_id).where(_destroyed.c.incident_id == incident_id)
        with refusals(), self.engine.begin() as connection:
            return connection.execute(found).first() is not None

    def all(self) -> dict[bytes, bytes]:
        """The wrapped keys by incident."""
        with refusals(), self.engine.begin() as connection:
            return dict(connection.execute(select(_live.c.incident_id, _live.c.wrapped)).all())

    def file_faults(self) -> list[str]:
        """What is wrong with the file itself."""
        with refusals(), self.engine.begin() as connection:
            return file_faults(connection)

    def add(self, incident_id: bytes, wrapped: bytes) -> bytes:
        """Keep a wrapped key, unless another process was first; return the one that is kept."""
        with refusals(), writing(self.engine, _live) as connection:
            kept = connection.execute(select(_live.c.wrapped).where(_live.c.incident_id == incident_id)).scalar()
            if kept is None:
                connection.execute(insert(_live), [{"incident_id": incident_id, "wrapped": wrapped}])
            return kept or wrapped

    def replace(self, anew: Callable[[bytes, bytes], bytes]) -> None:
        """Put another wrapping in the place of each one, all or none; `anew` gets incident and wrapped key."""
        with refusals(), writing(self.engine, _live) as connection:
            for incident_id, wrapped in connection.execute(select(_live.c.incident_id, _live.c.wrapped)).all():
                fresh = anew(incident_id, wrapped)
                connection.execute(update(_live).where(_live.c.incident_id == incident_id).values(wrapped=fresh))

    def destroy(self, incident_id: bytes) -> None:
        """Delete the key; in a file, overwrite it and empty the journal that still holds the page it stood on.

        Raises:
            CaseUnusable: another process holds the journal; the key is gone from the table. Destroy it again.
        """
        with refusals(), writing(self.engine, _live) as connection:
            connection.execute(delete(_live).where(_live.c.incident_id == incident_id))
            gone = select(_destroyed.c.incident_id).where(_destroyed.c.incident_id == incident_id)
            if connection.execute(gone).first() is None:
                connection.execute(insert(_destroyed), [{"incident_id": incident_id}])
        if self.engine.dialect.name != "sqlite":
            return
        with refusals(), self.engine.connect() as connection:
            # Not within a transaction: a checkpoint cannot run in one.
            raw = connection.connection.driver_connection
            assert raw is not None
            busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise CaseUnusable(
                "The key is destroyed, but another process still holds a journal it can be read from. "
                "Close the case there and destroy the key again."
            )

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the one write lock of the store: changes of the case file take turns by it."""
        with refusals(), writing(self.engine, _live):
            yield

    def close(self) -> None:
        """Give back the file or the connections."""
        self.engine.dispose()

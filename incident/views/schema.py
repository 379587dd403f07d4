"""Tables of the read models. They live in memory and are rebuilt from the log whenever a case is opened.

Nothing derived is written to disk: what is not there cannot be read by a thief nor drift from the log, and any
past moment is shown by projecting the log up to it.
"""

import msgspec
from sqlalchemy import JSON, Boolean, Column, Date, Engine, Integer, MetaData, Table, Text, Uuid, create_engine
from sqlalchemy.pool import StaticPool

metadata = MetaData()

# One row an entry of the log. Times are ISO 8601 with their offset, as they were stated.
entries = Table(
    "entries",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("stream", Uuid, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("incident", Uuid, index=True),
    Column("topic", Text, nullable=False),
    Column("occurred_at", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("because", Text),
    Column("text", Text, nullable=False),
    Column("corrects", Integer),
    Column("corrected_at_position", Integer),
)

# Which rows of a list an entry of its stream speaks of.
mentions = Table(
    "mentions",
    metadata,
    Column("roster", Uuid, primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
)

case_file = Table(
    "case_file",
    metadata,
    Column("stream", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("exercise_of", Text),
    Column("facts", JSON, nullable=False),
    Column("contact", JSON, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("user", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("second_factor", Boolean, nullable=False),
    Column("recovery_code_at", Text),  # when the one that is valid was made
    Column("changed_at", Text, nullable=False),
)

incidents = Table(
    "incidents",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("decision", Text),
    Column("last_position", Integer, nullable=False),
)

# Every value a fact path ever had; the newest version is what is known now.
facts = Table(
    "facts",
    metadata,
    Column("incident", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("path", Text, nullable=False),
    Column("value", JSON),
    Column("occurred_at", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("source", Text),
)

readings = Table(
    "readings",
    metadata,
    Column("incident", Uuid, primary_key=True),
    Column("obligation_id", Text, primary_key=True),
    Column("reading_id", Text, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("incident", Uuid, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("obligations", JSON, nullable=False),
    Column("drafted_by", Text, nullable=False),
    Column("approved_by", Text),
    Column("documents", Integer),
    Column("sent_on", Date),
    Column("last_position", Integer, nullable=False),
)

filings = Table(
    "filings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("incident", Uuid, nullable=False, index=True),
    Column("notice", Uuid, nullable=False),
    Column("obligation_id", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("filed_on", Date),
    Column("channel", Text),
    Column("tracking", Text),
    Column("count", Integer),
    Column("estimated", Boolean),
    Column("entities", JSON, nullable=False),
    Column("addendum_ready", Boolean, nullable=False),
    Column("last_position", Integer, nullable=False),
)

# What a privilege log tells of counsel's advice; the words are sealed in the log and never here.
advice = Table(
    "advice",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("incident", Uuid, nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("given_at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("recipients", JSON, nullable=False),
    Column("basis", Text, nullable=False),
    Column("description", Text, nullable=False),
)

rosters = Table(
    "rosters",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("incident", Uuid, nullable=False, index=True),
    Column("source_name", Text, nullable=False),
    Column("opened_position", Integer, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("rows_in", Integer, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("quarantined", Integer, nullable=False),
    Column("merged", Integer, nullable=False),
    Column("excluded", Integer, nullable=False),
    Column("minors", Integer, nullable=False),
    Column("deceased", Integer, nullable=False),
    Column("insufficient_contact", Integer, nullable=False),
    Column("contact_open", Integer, nullable=False),
    Column("next_of_kin_insufficient_contact", Integer, nullable=False),
    Column("next_of_kin_open", Integer, nullable=False),
    Column("by_state", JSON, nullable=False),
    Column("kinds", JSON, nullable=False),
)


def empty_views() -> Engine:
    """A fresh in-memory database with all tables. One connection, so that every thread sees the same memory."""
    engine = create_engine(
        "sqlite://",
        poolclass=StaticPool,
        connect_args={"check_same_thread": False},
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=msgspec.json.decode,
    )
    with engine.begin() as connection:
        # A large sort would otherwise spill clear text into a temporary file.
        connection.exec_driver_sql("PRAGMA temp_store=MEMORY")
    metadata.create_all(engine)
    return engine

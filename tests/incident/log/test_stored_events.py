"""What was once stored is read for ever, and no event changes its shape unnoticed."""

import json
import runpy
from base64 import b64decode
from pathlib import Path

import msgspec
import pytest
from eventsourcing.persistence import StoredEvent

from incident.events import ALL_EVENTS
from incident.log.mapper import SealedMapper, stored_schema

FOLDER = Path(__file__).parents[2] / "fixtures" / "stored_events"
recorder = runpy.run_path(str(FOLDER / "record.py"))
FILES = sorted(FOLDER.glob("*.*.*.json"))
TYPES = {event_type.TOPIC: event_type for event_type in ALL_EVENTS}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_entry_stored_by_an_earlier_version_is_read(file):
    content = json.loads(file.read_text())
    state = b64decode(content["state"])
    stored = StoredEvent(recorder["STREAM"], 1, content["topic"], state)
    entry = SealedMapper(recorder["KEY"]).to_domain_event(stored)
    assert stored_schema(state) == content["schema"]
    assert type(entry.event) is TYPES[content["topic"]]
    expected = content["entry"]
    if content["schema"] != entry.event.SCHEMA:  # what became of older fields, the test of their upcast says
        del expected["event"]
    found = json.loads(msgspec.json.encode(entry))
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("event_type", ALL_EVENTS, ids=lambda event_type: event_type.TOPIC)
def test_an_event_does_not_change_its_shape_without_a_new_schema_number(event_type):
    topic, schema = event_type.TOPIC, event_type.SCHEMA
    shapes = json.loads((FOLDER / "shapes.json").read_text()).get(topic, {})
    told = f"{topic}: raise SCHEMA, write the upcast from {schema}, and run tests/fixtures/stored_events/record.py"
    assert str(schema) in shapes, f"{topic}.{schema} is new: run tests/fixtures/stored_events/record.py"
    assert shapes[str(schema)] == recorder["shape_hash"](event_type), told
    assert sorted(map(int, shapes)) == list(range(1, schema + 1)), "schema numbers count up one by one"


def test_each_shape_has_its_stored_entry():
    shapes = json.loads((FOLDER / "shapes.json").read_text())
    kept = {f"{topic}.{schema}" for topic, schemas in shapes.items() for schema in schemas}
    assert kept == {file.stem for file in FILES}


def test_no_topic_was_ever_taken_away():
    assert set(json.loads((FOLDER / "shapes.json").read_text())) <= set(TYPES)


def test_the_shape_sees_every_change_that_matters():
    def made(**fields):
        return msgspec.defstruct("E", list(fields.items()))

    shape_hash = recorder["shape_hash"]
    inner = msgspec.defstruct("I", [("a", int)])
    other = msgspec.defstruct("I", [("a", str)])
    variants = [made(a=int), made(a=str), made(b=int), made(a=int, b=int), made(a=int | None), made(a=inner)]
    variants += [made(a=other), made(a=tuple[inner, ...]), made(a=tuple[other, ...]), made(a=dict[str, int])]
    assert len({shape_hash(variant) for variant in variants}) == len(variants)

import hashlib
import hmac
from datetime import UTC, date, datetime, timedelta, timezone
from typing import ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.persistence import StoredEvent
from hypothesis import given, settings
from hypothesis import strategies as st

from incident.errors import CaseUnusable, InvalidInput
from incident.events import ALL_EVENTS, ActionLogged, Entry, Event, FactRecorded
from incident.log.mapper import SealedMapper, UnreadableEntryError, stored_schema

KEY = bytes(range(32))
MOMENT = datetime(2026, 11, 20, 16, 10, 5, 250, tzinfo=timezone(timedelta(hours=-6)))
mapper = SealedMapper(KEY)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
by_type = {
    bool: st.booleans(),
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False),
    str: st.text(),
    date: st.dates(),
    UUID: st.uuids(),
    datetime: st.datetimes(timezones=st.just(UTC)),
}


def values(kind: msgspec.inspect.Type) -> st.SearchStrategy:
    """Values of a field's type."""
    inspect = msgspec.inspect
    match kind:
        case inspect.AnyType():
            return json_values
        case inspect.NoneType():
            return st.none()
        case inspect.UnionType():
            return st.one_of([values(member) for member in kind.types])
        case inspect.VarTupleType():
            return st.lists(values(kind.item_type), max_size=3).map(tuple)
        case inspect.TupleType():
            return st.tuples(*map(values, kind.item_types))
        case inspect.ListType():
            return st.lists(values(kind.item_type), max_size=3)
        case inspect.DictType():
            return st.dictionaries(values(kind.key_type), values(kind.value_type), max_size=3)
        case inspect.LiteralType():
            return st.sampled_from(kind.values)
        case inspect.EnumType():
            return st.sampled_from(list(kind.cls))
        case inspect.StructType():
            return structs(kind.cls)
        case _:
            names = {f"{python.__name__.lower()}type": python for python in by_type}
            return by_type[names[type(kind).__name__.lower()]]


def structs(cls: type) -> st.SearchStrategy:
    fields = msgspec.inspect.type_info(cls).fields
    return st.builds(cls, **{field.name: values(field.type) for field in fields})


offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
first, last = datetime(1900, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001 - Hypothesis takes them without an offset
moments = st.datetimes(min_value=first, max_value=last, timezones=offsets)
entries = st.builds(
    Entry,
    originator_id=st.uuids(),
    originator_version=st.integers(1, 2**40),
    event=st.one_of([structs(event_type) for event_type in ALL_EVENTS]),
    occurred_at=moments,
    recorded_at=moments,
    by=st.text(),
    because=st.none() | st.text(),
)


@given(entries)
def test_an_entry_of_any_event_comes_back_as_it_was(entry):
    found = mapper.to_domain_event(mapper.to_stored_event(entry))
    assert found == entry
    assert type(found.event) is type(entry.event)
    assert found.occurred_at.utcoffset() == entry.occurred_at.utcoffset()
    assert found.recorded_at.utcoffset() == entry.recorded_at.utcoffset()


@pytest.mark.parametrize("event_type", ALL_EVENTS, ids=lambda event_type: event_type.TOPIC)
@settings(max_examples=5)
@given(data=st.data())
def test_every_event_type_is_found_by_its_topic(event_type, entry, data):
    stored = mapper.to_stored_event(entry(1, event=data.draw(structs(event_type))))
    assert stored.topic == event_type.TOPIC
    assert stored_schema(stored.state) == event_type.SCHEMA
    assert type(mapper.to_domain_event(stored).event) is event_type


def test_topics_are_unique():
    assert len({event_type.TOPIC for event_type in ALL_EVENTS}) == len(ALL_EVENTS)


def test_the_offset_of_a_zone_is_kept_on_both_sides_of_a_clock_change(entry):
    chicago = ZoneInfo("America/Chicago")
    for fold, hours in ((0, -5), (1, -6)):
        moment = datetime(2026, 11, 1, 1, 30, tzinfo=chicago, fold=fold)
        found = mapper.to_domain_event(mapper.to_stored_event(entry(1, occurred_at=moment)))
        assert found.occurred_at.utcoffset() == timedelta(hours=hours)
        assert found.occurred_at.astimezone(UTC) == moment.astimezone(UTC)


@pytest.mark.parametrize("field", ["occurred_at", "recorded_at"])
def test_a_moment_without_offset_is_refused(entry, field):
    with pytest.raises(ValueError, match=f"{field}: .*offset"):
        mapper.to_stored_event(entry(1, **{field: datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)}))


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (ActionLogged(text="half a character: \udcff"), "characters"),
        (FactRecorded(path="affected.total", value=2**64), "number"),
    ],
)
def test_what_cannot_be_stored_is_refused_in_words(entry, event, said):
    with pytest.raises(InvalidInput, match=said):
        mapper.to_stored_event(entry(1, event=event))


def test_what_is_no_known_event_is_refused(entry):
    class Stranger(Event, frozen=True, kw_only=True):
        TOPIC: ClassVar[str] = "incident.action_logged"

    with pytest.raises(TypeError, match="known events"):
        mapper.to_stored_event(entry(1, event=Stranger()))


def test_nothing_of_an_entry_is_readable_in_its_sealed_bytes(entry):
    sealed = mapper.to_stored_event(entry(1, text="Quillfeather", by="Ambrosine", because="Thistlewood")).state
    for word in (b"Quillfeather", b"Ambrosine", b"Thistlewood", b"2026"):
        assert word not in sealed


def test_the_same_entry_is_sealed_differently_each_time(entry):
    assert mapper.to_stored_event(entry(1)).state != mapper.to_stored_event(entry(1)).state


def _moved(stored: StoredEvent, **changes: object) -> StoredEvent:
    fields = {name: getattr(stored, name) for name in ("originator_id", "originator_version", "topic", "state")}
    return StoredEvent(**{**fields, **changes})


def test_swapped_ciphertexts_are_refused(entry):
    one, two = mapper.to_stored_event(entry(1)), mapper.to_stored_event(entry(2))
    for stored, state in ((one, two.state), (two, one.state)):
        with pytest.raises(UnreadableEntryError, match="altered or moved"):
            mapper.to_domain_event(_moved(stored, state=state))


@pytest.mark.parametrize(
    "change",
    [{"originator_id": UUID(int=8)}, {"originator_version": 2}, {"topic": "incident.action_corrected"}],
    ids=["another stream", "another version", "another topic of the same shape"],
)
def test_an_entry_that_was_moved_is_refused(entry, change):
    stored = mapper.to_stored_event(entry(1))
    with pytest.raises(UnreadableEntryError, match="altered or moved"):
        mapper.to_domain_event(_moved(stored, **change))


def test_no_byte_can_be_changed(entry):
    stored = mapper.to_stored_event(entry(1))
    for place in range(len(stored.state)):
        altered = bytearray(stored.state)
        altered[place] ^= 0x80
        with pytest.raises(UnreadableEntryError):
            mapper.to_domain_event(_moved(stored, state=bytes(altered)))


def test_no_byte_can_be_cut_off(entry):
    stored = mapper.to_stored_event(entry(1))
    for size in range(len(stored.state)):
        with pytest.raises(UnreadableEntryError):
            mapper.to_domain_event(_moved(stored, state=stored.state[:size]))


def test_a_lower_schema_number_cannot_be_claimed(entry):
    """The number stands in clear text; the associated data makes it as hard to change as the rest."""
    newer = type(
        "Newer",
        (Event,),
        {"__annotations__": {"text": str}, "TOPIC": "incident.action_logged", "SCHEMA": 2, "__module__": __name__},
        frozen=True,
        kw_only=True,
    )
    two = SealedMapper(KEY, events=[newer], upcasts={("incident.action_logged", 1): dict})
    stored = two.to_stored_event(entry(1, event=newer(text="x")))
    claimed = _moved(stored, state=stored.state[:1] + (1).to_bytes(2) + stored.state[3:])
    with pytest.raises(UnreadableEntryError, match="altered or moved"):
        two.to_domain_event(claimed)
    with pytest.raises(UnreadableEntryError, match="newer version"):
        mapper.to_domain_event(stored)


def test_an_entry_says_which_key_is_its_own(entry):
    """AES-GCM alone would let a ciphertext be made that opens under two keys; only one fits the commitment."""
    stored = mapper.to_stored_event(entry(1))
    shown = mapper.disclose(stored)
    assert stored.state[7:39] == hashlib.sha256(b"breach entry key" + shown.key).digest()
    claimed = _moved(stored, state=stored.state[:7] + hashlib.sha256(b"another").digest() + stored.state[39:])
    for read in (mapper.to_domain_event, mapper.disclose):
        with pytest.raises(UnreadableEntryError, match="altered or moved"):
            read(claimed)


def test_one_entry_can_be_disclosed_without_the_others(entry):
    stored, other = mapper.to_stored_event(entry(1, because="for the record")), mapper.to_stored_event(entry(2))
    shown = mapper.disclose(stored)
    place = f"{stored.originator_id.hex}|1|incident.action_logged|1|1".encode()
    plain = AESGCM(shown.key).decrypt(stored.state[39:51], stored.state[51:], place)
    content = [shown.occurred_at, shown.recorded_at, shown.by, shown.because, shown.event]
    assert msgspec.msgpack.decode(plain) == content
    assert content == [MOMENT.isoformat(), "2026-11-20T16:17:05.000250-06:00", "dana", "for the record",
                       {"text": "Tokens revoked"}]  # fmt: skip
    with pytest.raises(InvalidTag):
        AESGCM(shown.key).decrypt(other.state[39:51], other.state[51:], place.replace(b"|1|", b"|2|", 1))
    assert shown.key.hex() not in repr(shown)
    assert "text" not in repr(shown)


class Rotated:
    """Keys of the log by epoch, as a user holds them."""

    def __init__(self, *keys: bytes) -> None:
        self.keys = dict(enumerate(keys, start=1))

    @property
    def epoch(self) -> int:
        return max(self.keys)

    def key(self, purpose: str, epoch: int = 1) -> bytes:
        assert purpose == "log"
        if epoch not in self.keys:
            raise CaseUnusable(f"epoch {epoch} is not held")
        return self.keys[epoch]


def test_after_a_rotation_old_entries_are_read_and_new_ones_need_the_new_key(entry):
    before, after = SealedMapper(Rotated(KEY)), SealedMapper(Rotated(KEY, bytes(32)))
    old, new = before.to_stored_event(entry(1)), after.to_stored_event(entry(2))
    assert int.from_bytes(old.state[3:7]) == 1
    assert int.from_bytes(new.state[3:7]) == 2
    assert after.to_domain_event(old) == mapper.to_domain_event(old) == entry(1)
    assert after.to_domain_event(new) == entry(2)
    for removed in (before, mapper):
        with pytest.raises(UnreadableEntryError, match="sealed with another key"):
            removed.to_domain_event(new)


def test_another_epoch_cannot_be_claimed_not_even_with_the_same_key(entry):
    both = SealedMapper(Rotated(KEY, KEY))
    stored = both.to_stored_event(entry(1))
    claimed = _moved(stored, state=stored.state[:3] + (1).to_bytes(4) + stored.state[7:])
    with pytest.raises(UnreadableEntryError, match="altered or moved"):
        both.to_domain_event(claimed)


def test_an_entry_of_the_second_format_is_of_the_first_epoch(entry):
    stored = mapper.to_stored_event(entry(1))
    place = f"{stored.originator_id.hex}|1|incident.action_logged|1".encode()
    plain = AESGCM(mapper.disclose(stored).key).decrypt(stored.state[39:51], stored.state[51:], place + b"|1")
    key = hmac.digest(KEY, b"entry|" + place + b"\x01", "sha256")
    sealed = AESGCM(key).encrypt(bytes(12), plain, place)
    state = b"\x02\x00\x01" + hashlib.sha256(b"breach entry key" + key).digest() + bytes(12) + sealed
    older = _moved(stored, state=state)
    assert mapper.to_domain_event(older) == SealedMapper(Rotated(KEY, bytes(32))).to_domain_event(older) == entry(1)


def test_another_key_opens_nothing(entry):
    with pytest.raises(UnreadableEntryError, match="another key"):
        SealedMapper(bytes(32)).to_domain_event(mapper.to_stored_event(entry(1)))


def test_an_unknown_topic_is_named(entry):
    few = SealedMapper(KEY, events=[FactRecorded])
    with pytest.raises(UnreadableEntryError, match=r"incident\.action_logged is not known"):
        few.to_domain_event(mapper.to_stored_event(entry(1)))


def test_old_schemas_come_up_through_every_step_between(entry):
    def made(name: str, schema: int, fields: dict[str, type]) -> type[Event]:
        body = {"__annotations__": fields, "TOPIC": "test.moved", "SCHEMA": schema, "__module__": __name__}
        return type(name, (Event,), body, frozen=True, kw_only=True)

    first = made("First", 1, {"when": str})
    third = made("Third", 3, {"on": date, "places": tuple[str, ...]})
    upcasts = {
        ("test.moved", 1): lambda fields: {"on": fields["when"]},
        ("test.moved", 2): lambda fields: {**fields, "places": ["Chicago"]},
    }
    old = entry(1, event=first(when="2026-10-03"))
    stored = SealedMapper(KEY, events=[first]).to_stored_event(old)
    found = SealedMapper(KEY, events=[third], upcasts=upcasts).to_domain_event(stored)
    assert found == msgspec.structs.replace(old, event=third(on=date(2026, 10, 3), places=("Chicago",)))

    del upcasts["test.moved", 2]
    with pytest.raises(UnreadableEntryError, match="no way is known from schema 2"):
        SealedMapper(KEY, events=[third], upcasts=upcasts).to_domain_event(stored)


def test_fields_that_do_not_fit_the_event_are_refused_on_reading(entry):
    def made(fields: dict[str, type]) -> type[Event]:
        body = {"__annotations__": fields, "TOPIC": "test.shape", "__module__": __name__}
        return type("Shape", (Event,), body, frozen=True, kw_only=True)

    text, number = made({"value": str}), made({"value": int})
    stored = SealedMapper(KEY, events=[text]).to_stored_event(entry(1, event=text(value="many")))
    with pytest.raises(UnreadableEntryError, match="declared fields"):
        SealedMapper(KEY, events=[number]).to_domain_event(stored)

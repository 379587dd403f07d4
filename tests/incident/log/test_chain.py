import hashlib
from contextlib import suppress
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from incident.errors import InvalidInput
from incident.log.chain import Anchor, Checkpoint, content_hash, following, link, read_checkpoint, start

CASE = UUID("0f0e0d0c-0b0a-4908-8706-050403020100")
heads = st.binary(min_size=32, max_size=32)
counts = st.integers(0, 2**30 - 1)
places = st.fixed_dictionaries(
    {
        "position": st.integers(1, 2**62),
        "stream": st.binary(min_size=16, max_size=16),
        "version": st.integers(1, 2**62),
        "content": st.binary(min_size=32, max_size=32),
    }
)
contents = st.tuples(st.binary(max_size=40), st.binary(max_size=80))


def test_the_chain_is_what_its_description_says_byte_by_byte():
    first = hashlib.sha256(b"\x03breach case log 2" + CASE.bytes).digest()
    assert start(CASE) == first
    content = hashlib.sha256(b"\x04" + (6).to_bytes(4) + b"a.topi" + b"sealed").digest()
    assert content_hash(b"a.topi", b"sealed") == content
    row = first + (1).to_bytes(8) + CASE.bytes + (3).to_bytes(8) + content
    assert link(first, 1, stream=CASE.bytes, version=3, content=content) == hashlib.sha256(b"\x02" + row).digest()


@given(heads, heads, places, places)
def test_different_places_never_give_the_same_bytes_to_hash(head, other_head, one, other):
    assume((head, one) != (other_head, other))
    assert link(head, **one) != link(other_head, **other)


@given(heads, places, contents)
def test_the_step_of_a_whole_check_is_the_same_link(head, place, content):
    topic, state = content
    there = {"stream": place["stream"], "version": place["version"]}
    expected = link(head, place["position"], content=content_hash(topic, state), **there)
    assert following(head, place["position"], place["stream"], place["version"], topic, state) == expected


@given(contents, contents)
def test_topic_and_state_cannot_trade_bytes(one, other):
    assume(one != other)
    assert content_hash(*one) != content_hash(*other)
    topic, state = one
    if state:
        assert content_hash(topic + state[:1], state[1:]) != content_hash(topic, state)


@pytest.mark.parametrize("size", [0, 15, 17])
def test_the_id_of_a_stream_has_sixteen_bytes(size):
    with pytest.raises(ValueError, match="16 bytes"):
        link(bytes(32), 1, stream=bytes(size), version=1, content=bytes(32))
    with pytest.raises(ValueError, match="16 bytes"):
        following(bytes(32), 1, bytes(size), 1, b"a.topic", b"sealed")


@given(counts, heads)
def test_a_checkpoint_survives_being_read_aloud(count, head):
    checkpoint = Checkpoint(count, head)
    spoken = checkpoint.code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    anchor = read_checkpoint(spoken)
    assert anchor.count == count
    assert anchor.confirms(head)
    assert not anchor.confirms(bytes([head[0] ^ 1]) + head[1:])


@given(counts, heads)
def test_a_checkpoint_survives_being_written_down(count, head):
    anchor = read_checkpoint(f" {Checkpoint(count, head)}\n")
    assert anchor == Anchor(count, int.from_bytes(head), whole=True)
    assert anchor.confirms(head)
    assert not anchor.confirms(head[:-1] + bytes([head[-1] ^ 1]))


def test_a_code_is_seven_groups_of_four():
    assert Checkpoint(12, bytes(range(32))).code == "000G-40R4-0M30-E209-185G-0000-0CTE"


def test_every_slip_of_one_character_is_heard_or_at_least_confirms_nothing():
    head = hashlib.sha256(b"head").digest()
    code = Checkpoint(4711, head).code
    unheard = 0
    for place, symbol in enumerate(code):
        if symbol == "-":
            continue
        for wrong in set("0123456789ABCDEFGHJKMNPQRSTVWXYZ") - {symbol}:
            with suppress(InvalidInput):
                anchor = read_checkpoint(code[:place] + wrong + code[place + 1 :])
                assert (anchor.count, anchor.confirms(head)) != (4711, True)
                unheard += 1
    assert unheard <= 5  # ten check bits let about one slip in a thousand pass


@pytest.mark.parametrize("text", ["", "7Q2K", "U" * 28, "12:abc", "-1:" + "0" * 64, "x" * 29])
def test_what_is_no_checkpoint_is_refused_with_what_one_looks_like(text):
    with pytest.raises(InvalidInput, match="checkpoint: "):
        read_checkpoint(text)

import os
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident.access.advice import AdviceSeal
from incident.errors import CaseUnusable, InvalidInput, NotAllowed

KEY, OTHER = os.urandom(32), os.urandom(32)
PLACE = b"stream|3"
TEXT = "The Texas count is 260 and not 249."


@given(st.text(), st.binary(max_size=40))
def test_what_is_sealed_opens_where_it_is_bound(text, place):
    seal = AdviceSeal(KEY)
    assert seal.open(seal.seal(text, bound_to=place), bound_to=place) == text


def test_the_words_are_not_in_the_sealed_bytes_and_no_two_are_alike():
    seal = AdviceSeal(KEY)
    one, two = seal.seal(TEXT, bound_to=PLACE), seal.seal(TEXT, bound_to=PLACE)
    assert b"Texas" not in one
    assert one != two


def test_without_the_key_advice_is_neither_read_nor_written():
    sealed = AdviceSeal(KEY).seal(TEXT, bound_to=PLACE)
    lead = AdviceSeal(None)
    assert not lead.can_read
    with pytest.raises(NotAllowed, match="sealed for counsel; ask counsel to share it"):
        lead.open(sealed, bound_to=PLACE)
    with pytest.raises(NotAllowed, match="ask counsel to share it"):
        lead.seal(TEXT, bound_to=PLACE)


def test_what_comes_after_a_rotation_is_closed_to_who_has_the_earlier_key_only():
    before = AdviceSeal({1: KEY}).seal(TEXT, bound_to=PLACE)
    both = AdviceSeal({1: KEY, 2: OTHER})
    after = both.seal(TEXT, bound_to=PLACE)
    assert both.open(before, bound_to=PLACE) == both.open(after, bound_to=PLACE) == TEXT
    earlier = AdviceSeal({1: KEY})
    assert earlier.open(before, bound_to=PLACE) == TEXT
    with pytest.raises(NotAllowed):
        earlier.open(after, bound_to=PLACE)


def test_every_flipped_bit_a_cut_and_a_move_are_found():
    seal = AdviceSeal({1: KEY, 2: OTHER})
    sealed = seal.seal(TEXT, bound_to=PLACE)
    for place in range(len(sealed)):
        flipped = bytearray(sealed)
        flipped[place] ^= 1
        with pytest.raises((CaseUnusable, NotAllowed)):
            seal.open(bytes(flipped), bound_to=PLACE)
    for cut in (0, 4, 40, len(sealed) - 1):
        with pytest.raises(CaseUnusable):
            seal.open(sealed[:cut], bound_to=PLACE)
    with pytest.raises(CaseUnusable, match="altered or moved"):
        seal.open(sealed, bound_to=b"stream|4")


def test_another_key_of_the_same_epoch_opens_nothing():
    with pytest.raises(CaseUnusable):
        AdviceSeal(OTHER).open(AdviceSeal(KEY).seal(TEXT, bound_to=PLACE), bound_to=PLACE)


def test_characters_that_cannot_be_stored_are_named():
    with pytest.raises(InvalidInput, match="text: "):
        AdviceSeal(KEY).seal("\ud800", bound_to=PLACE)


def test_keys_do_not_show():
    seal = AdviceSeal(b"k" * 32)
    assert repr(seal) == "AdviceSeal(epochs=[1])"
    try:
        seal.open(b"\x01\x00\x00\x00\x01" + bytes(80), bound_to=PLACE)
    except CaseUnusable:
        shown = traceback.format_exc()
    assert "kkkk" not in shown

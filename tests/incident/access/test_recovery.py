import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident.access.recovery import new_code, read_code
from incident.errors import InvalidInput

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def test_a_code_has_seven_groups_of_five_and_no_letter_that_is_misread():
    code = str(new_code())
    groups = code.split("-")
    assert [len(group) for group in groups] == [5] * 7
    assert not set("".join(groups)) & set("ILOU")
    assert len(read_code(code)) == 20


def test_no_two_codes_are_alike_and_none_shows_itself():
    assert new_code() != new_code()
    assert repr(new_code()) == "<passphrase>"
    assert repr(read_code(new_code())) == "<key>"


def test_a_code_may_be_typed_as_it_is_heard():
    code = str(new_code())
    heard = code.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert read_code(heard) == read_code(code) == read_code(code.replace("-", ""))


@given(st.integers(0, 2**32))
def test_one_wrong_character_is_nearly_always_noticed(seed):
    chance = random.Random(seed)
    missed = 0
    for _ in range(20):
        symbols = list(str(new_code()).replace("-", ""))
        place = chance.randrange(35)
        symbols[place] = chance.choice([each for each in ALPHABET if each != symbols[place]])
        try:
            read_code("".join(symbols))
            missed += 1
        except InvalidInput:
            pass
    assert missed <= 1


@pytest.mark.parametrize("typed", ["", "ABC", "U" * 35, "0" * 34, "\u0660" * 35, "0" * 35])
def test_what_is_no_code_is_named(typed):
    with pytest.raises(InvalidInput, match="recovery code: "):
        read_code(typed)

"""Two texts compared: nothing of either is lost, and what differs is told without colour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.service import compose
from notices.side_by_side import changes, side_by_side
from tests.notices.test_house import letter
from tui import comparing

TEXTS = st.lists(st.text(alphabet="ab c.", max_size=12), max_size=8).map("\n".join)


@given(TEXTS, TEXTS)
def test_each_text_can_be_read_off_its_side(left, right):
    pairs = side_by_side(left, right)
    for text, side in ((left, "left"), (right, "right")):
        lines = [getattr(pair, side) for pair in pairs if getattr(pair, side) is not None]
        assert "\n".join("".join(words for _, words in runs) for runs in lines) == text
    assert (not changes(pairs)) == (left == right)


def test_a_changed_word_stands_beside_what_it_was():
    (pair,) = side_by_side("Your letter is here.", "Your child's letter is here.")
    assert not pair.same
    assert ("+", "child's") in [(mark, words.strip()) for mark, words in pair.right or ()]
    assert all(mark == "=" for mark, _ in pair.left or ())


@pytest.mark.parametrize("width", [60, 160])
def test_what_differs_is_marked_in_front_of_its_line_and_underlined(width):
    texts = {each.name: each.text for each in compose("individual_letter", letter()).documents}
    pairs = side_by_side(texts["il.adult.en"], texts["il.parent_of_minor.en"])
    lines, starts = comparing.lines_of(pairs, width)
    assert len(starts) == len(changes(pairs)) >= 2
    assert all(line.cell_len <= width for line in lines)
    for start in starts:
        assert {"≠", "‹", "›"} & set(lines[start].plain)
    assert any("underline" in str(span.style) for line in lines for span in line.spans)
    same = side_by_side(texts["il.adult.en"], texts["il.adult.en"])
    assert not any({"≠", "‹", "›"} & set(line.plain) for line in comparing.lines_of(same, width)[0])
